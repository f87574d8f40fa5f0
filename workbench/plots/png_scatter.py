"""Points on paper: a letter and a colour a class, in the plane, in space from two sides, or in panels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from labsteps.results import Axis, Panels, Scatter
from workbench.plots.scatter import WHOLE, Seen, class_letters, common_ends, see
from workbench.plots.style import PRINTED, Style
from workbench.plots.text import printable

_SIZE, _PANEL_SIZE = 26.0, 14.0
_OTHER_SIDE: Final = 90.0
_ZOOM: Final = 0.95
_TICKS_IN_SPACE: Final = 4
_SIGNS: Final = Style("none")


def draw_points(figure: Scatter | Panels, page: Any, title: str) -> None:
    """Draw a scatter or several on a matplotlib page or a part of one; an empty title takes no space."""
    panels = (figure,) if isinstance(figure, Scatter) else figure.panels
    seen = [_points(panel) for panel in panels]
    names = sorted({point.label for points in seen for point in points})
    handles: dict[str, Any] = {}
    if isinstance(figure, Scatter) and figure.solid:
        sides = (WHOLE.turned, WHOLE.turned + _OTHER_SIDE)
        for place, turned in enumerate(sides, 1):
            axes = page.add_subplot(1, len(sides), place, projection="3d")
            _space(figure, seen[0], names, axes, turned, handles, _SIZE)
        if title:
            page.suptitle(title, x=0.01, ha="left", fontsize=10)
    elif isinstance(figure, Scatter):
        axes = page.add_subplot()
        axes.set_title(title, loc="left", fontsize=10)
        _plane(figure, seen[0], names, axes, handles, _SIZE)
    else:
        columns = max(1, min(figure.columns, len(panels)))
        rows = -(-max(1, len(panels)) // columns)
        for place, (panel, points) in enumerate(zip(panels, seen, strict=True), 1):
            axes = page.add_subplot(rows, columns, place, projection="3d" if panel.solid else None)
            if panel.solid:
                _space(panel, points, names, axes, WHOLE.turned, handles, _PANEL_SIZE)
            else:
                _plane(panel, points, names, axes, handles, _PANEL_SIZE)
            axes.set_title(printable(panel.title), loc="left", fontsize=8)
            axes.tick_params(labelsize=6)
            axes.xaxis.label.set_size(7)
            axes.yaxis.label.set_size(7)
        if not panels:
            _nothing(page.add_subplot())
        if title:
            page.suptitle(title, x=0.01, ha="left", fontsize=10)
    named = [name for name in names if name and name in handles]
    if named:
        labels = [printable(f" {name}" if name.startswith("_") else name) for name in named]
        below = isinstance(figure, Scatter) and figure.solid
        where = {"loc": "outside lower center", "ncols": 5} if below else {"loc": "outside right center"}
        legend = page.legend([handles[n] for n in named], labels, frameon=False, fontsize=9, **where)
        for handle in legend.legend_handles:
            handle.set_sizes([60.0])
            handle.set_alpha(1.0)


def _points(figure: Scatter) -> list[Seen]:
    """Return the points with their own coordinates: across is x, up is y, near is z."""
    flat = see(figure, WHOLE)
    if not figure.solid:
        return flat
    # What the camera has turned is looked up again by its index; `see` has checked that the numbers are there.
    sides = (figure.x, figure.y, figure.z)
    found = []
    for point in flat:
        x, y, z = (float(side[point.index] or 0) for side in sides)
        found.append(Seen(point.index, x, y, z, point.label))
    return found


def _plane(
    figure: Scatter, points: Sequence[Seen], names: Sequence[str], axes: Any, handles: dict[str, Any], size: float
) -> None:
    if not points:
        _nothing(axes)
        return
    for index, (name, letter) in enumerate(zip(names, class_letters(names, _SIGNS), strict=True)):
        own = [point for point in points if point.label == name]
        if own:
            handles[name] = axes.scatter(
                [point.across for point in own], [point.up for point in own], **_look(index, letter, size)
            )
    if figure.identity:
        _equal_axes(axes, common_ends(points))
    axes.grid(True, alpha=0.2, linewidth=0.5)
    axes.set_axisbelow(True)
    for side, axis in (("x", figure.x_axis), ("y", figure.y_axis)):
        _label(axes, side, axis)


def _equal_axes(axes: Any, ends: tuple[float, float]) -> None:
    """Draw both axes alike, with the line on which they are equal."""
    margin = 0.02 * (ends[1] - ends[0])
    axes.plot(ends, ends, color="0.55", linestyle="--", linewidth=0.8, zorder=0)
    axes.set(xlim=(ends[0] - margin, ends[1] + margin), ylim=(ends[0] - margin, ends[1] + margin), aspect="equal")


def _space(
    figure: Scatter,
    points: Sequence[Seen],
    names: Sequence[str],
    axes: Any,
    turned: float,
    handles: dict[str, Any],
    size: float,
) -> None:
    """Draw points in space from one side, all three axes on one scale."""
    if not points:
        axes.set_axis_off()
        axes.text2D(0.5, 0.5, _NOTHING, ha="center", va="center", transform=axes.transAxes)
        return
    for index, (name, letter) in enumerate(zip(names, class_letters(names, _SIGNS), strict=True)):
        own = [point for point in points if point.label == name]
        if own:
            handles[name] = axes.scatter(
                [point.across for point in own],
                [point.up for point in own],
                [point.near for point in own],
                **_look(index, letter, size),
            )
    sides = list(zip(*((p.across, p.up, p.near) for p in points), strict=True))
    half = max(max(side) / 2 - min(side) / 2 for side in sides) * 1.05 or 1.0
    middles = [min(side) / 2 + max(side) / 2 for side in sides]
    assert figure.z_axis is not None
    for name, middle, axis in zip("xyz", middles, (figure.x_axis, figure.y_axis, figure.z_axis), strict=True):
        getattr(axes, f"set_{name}lim")(middle - half, middle + half)
        _label(axes, name, axis)
    axes.set_proj_type("ortho")
    axes.view_init(elev=WHOLE.tilted, azim=-90.0 - turned)
    # Labels of axes in space lie outside the box that the layout knows of.
    axes.set_box_aspect((1, 1, 1), zoom=_ZOOM)
    axes.tick_params(labelsize=6, pad=-2)
    axes.locator_params(nbins=_TICKS_IN_SPACE)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.label.set_size(7)
        axis.labelpad = -6


def _look(index: int, letter: str, size: float) -> dict[str, Any]:
    """Return how a class is drawn; letters are paths, because a marker text would be read as a formula."""
    return {
        "s": size,
        "color": PRINTED[index % len(PRINTED)],
        "marker": _letter_path(letter),
        "linewidths": 0,
        "alpha": 0.85,
    }


def _letter_path(letter: str) -> Any:
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    if letter == "•":
        return "o"
    path = TextPath((0, 0), letter, size=10, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    box = path.get_extents()
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    return Path(path.vertices - middle, path.codes)


def _label(axes: Any, side: str, axis: Axis) -> None:
    getattr(axes, f"set_{side}label")(printable(axis.label))
    if axis.ticks:
        getattr(axes, f"set_{side}ticks")([p for p, _ in axis.ticks], [printable(t) for _, t in axis.ticks])


_NOTHING: Final = "nothing to draw, there are no values yet"


def _nothing(axes: Any) -> None:
    axes.text(0.5, 0.5, _NOTHING, ha="center", va="center", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
