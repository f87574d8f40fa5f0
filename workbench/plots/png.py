"""Figures as PNG, SVG or PDF files at print quality, drawn by matplotlib."""

from __future__ import annotations

import importlib.util
import math
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from labsteps.results import Axis, Bars, Curve, Figure, Heatmap, Image, Panels, Scatter
from workbench.plots.style import PRINTED
from workbench.plots.text import finite, fit, printable, wrap

_LINES: Final = ("-", "--", ":", "-.", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))
_MARKERS: Final = "os^DvP*Xhd<>"
_LETTERS_AN_INCH: Final = 10
_BARS_WIDTH: Final = 6.4
_HANDLE: Final = 6  # letters that a legend's sign and gaps take the space of
_PALE: Final = 0.55
_SHADES: Final = 64
_A_ROW: Final = 3
_FONT_SIZE, _SMALL_FONT_SIZE, _NARROW, _LEAST_HEIGHT = 9, 7, 4.0, 0.72
_NO_DATES: Final = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def save_png(figure: Figure, path: Path, dpi: int = 200) -> None:
    """Write a figure as a PNG file, which is whole or not there at any time.

    Parameters
    ----------
    figure
        What to draw.
    path
        The file; its folder must be there.
    dpi
        Dots per inch; 200 prints well on a page.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    save_sheet((figure,), path, dpi)


def save_sheet(figures: Sequence[Figure], path: Path, dpi: int = 200) -> None:
    """Write figures beside each other as one PNG file, which is whole or not there at any time.

    Parameters
    ----------
    figures
        At least one; three stand in a row.
    path, dpi
        As in `save_png`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    across = min(_A_ROW, len(figures))
    wide, high = (max(sides) for sides in zip(*map(_size, figures), strict=True))
    size = (wide * across, high * -(-len(figures) // across))
    _save(figures, (path,), size, across, dpi, _FONT_SIZE, titled=True)


def save_picture(figure: Figure, paths: Sequence[Path], *, width: float, height: float) -> None:
    """Write a figure without its title, for a page that has a caption; a file is whole or not there at any time.

    Parameters
    ----------
    figure
        What to draw; it is drawn and laid out once, whatever the number of files.
    paths
        The files, each of the kind that its ending names: ``.png``, ``.svg`` or ``.pdf``; their folders must be there.
    width
        In inches; letters keep their size, a narrow picture has smaller ones.
    height
        At most so many inches.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    usual = _size(figure)
    size = (width, min(height, usual[1] * max(_LEAST_HEIGHT, min(1.0, width / usual[0]))))
    font_size = _FONT_SIZE if width > _NARROW else _SMALL_FONT_SIZE
    _save((figure,), paths, size, 1, 200, font_size, titled=False)


def _save(
    figures: Sequence[Figure],
    paths: Sequence[Path],
    size: tuple[float, float],
    across: int,
    dpi: int,
    font_size: float,
    *,
    titled: bool,
) -> None:
    """Draw figures in rows of `across` on one page of `size` inches, and write it as each of the files."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Page

    settings: Any = {
        "font.family": "DejaVu Sans",
        "font.size": font_size,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "svg.hashsalt": "figure",
    }
    with rc_context(settings):
        page = Page(figsize=size, dpi=dpi, layout="constrained")
        FigureCanvasAgg(page)
        places = [page]
        if len(figures) > 1:
            places = list(page.subfigures(-(-len(figures) // across), across, squeeze=False).flat)
        for figure, place in zip(figures, places, strict=False):
            title = wrap(figure.title, round(size[0] / across * _LETTERS_AN_INCH)) if titled else []
            _draw(figure, place, "\n".join(title))
        # Laid out once, by one measure of letters: a picture is the same beside others of its figure and alone.
        page.draw_without_rendering()
        page.set_layout_engine(None)  # with any other, even "none", each file would be drawn twice
        for path in paths:
            _write(page, path)


def _write(page: Any, path: Path) -> None:
    kind = path.suffix.removeprefix(".")
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        page.savefig(temporary, format=kind, metadata=_NO_DATES[kind])
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _draw(figure: Figure, page: Any, title: str) -> None:
    """Draw a figure on a page, or on its place on a page."""
    if isinstance(figure, Scatter | Panels):
        from workbench.plots.png_scatter import draw_points

        draw_points(figure, page, title)
        return
    axes = page.add_subplot()
    axes.set_title(title, loc="left", fontsize=10)
    if isinstance(figure, Curve):
        _curve(figure, axes)
    elif isinstance(figure, Heatmap):
        _heatmap(figure, page, axes)
    elif isinstance(figure, Bars):
        _bars(figure, page, axes)
    else:
        _image(figure, page, axes)


def _size(figure: Figure) -> tuple[float, float]:
    """Return width and height in inches."""
    if isinstance(figure, Heatmap):
        columns, rows = max(1, len(figure.columns)), max(1, len(figure.rows))
        names = [0.07 * max((len(_name(n)) for n in side), default=0) for side in (figure.rows, figure.columns)]
        return min(18.0, 2.2 + names[0] + 0.46 * columns), min(18.0, 1.3 + names[1] + 0.36 * rows)
    if isinstance(figure, Bars):
        rows = -(-len(figure.series) // _legend_columns(figure, _BARS_WIDTH)) if len(figure.series) > 1 else 0
        height = 1.2 + 0.2 * rows + 0.16 * max(1, len(figure.categories)) * (1 + len(figure.series))
        return _BARS_WIDTH, min(18.0, height)
    if isinstance(figure, Panels):
        columns = max(1, min(figure.columns, len(figure.panels)))
        return min(18.0, 1.5 + 2.7 * columns), min(24.0, 0.6 + 2.5 * -(-max(1, len(figure.panels)) // columns))
    if isinstance(figure, Scatter):
        return (9.0, 5.0) if figure.solid else (5.2 if figure.identity else 6.8, 5.0)
    return 6.4, 3.4


def _text(text: str) -> str:
    return printable(text)


def _name(text: str) -> str:
    """Return the name of a row, column or category, short enough to leave space for the picture."""
    return fit(text, 30)


def _label_text(name: str) -> str:
    """Return a name for the legend, which leaves out those that begin with an underscore."""
    return f" {_text(name)}" if name.startswith("_") else _text(name)


def _numbers(values: Sequence[float | None]) -> list[float]:
    import numpy as np

    try:
        array = np.array(values, dtype=float)  # a missing one becomes NaN
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is not None:
        array[~np.isfinite(array)] = math.nan
        found: list[float] = array.tolist()
        return found
    return [math.nan if (v := finite(value)) is None else v for value in values]


def _nothing(axes: Any) -> None:
    axes.text(0.5, 0.5, "nothing to draw, there are no values yet", ha="center", va="center", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])


def _label(axes: Any, x_axis: Axis, y_axis: Axis) -> None:
    axes.set_xlabel(_text(x_axis.label))
    axes.set_ylabel(_text(y_axis.label))
    if x_axis.ticks:
        axes.set_xticks([p for p, _ in x_axis.ticks], [_text(t) for _, t in x_axis.ticks])
    if y_axis.ticks:
        axes.set_yticks([p for p, _ in y_axis.ticks], [_text(t) for _, t in y_axis.ticks])


def _curve(figure: Curve, axes: Any) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    xs: list[float] = []
    for index, series in enumerate(figure.series):
        pairs = list(zip(_numbers(series.x), _numbers(series.y), strict=False))
        pairs = [(x, y if y > 0 or not figure.log_y else math.nan) for x, y in pairs]
        drawn = [x for x, y in pairs if not math.isnan(x) and not math.isnan(y)]
        xs += drawn
        axes.plot(
            [x for x, _ in pairs],
            [y for _, y in pairs],
            color=PRINTED[index % len(PRINTED)],
            linestyle=_LINES[index % len(_LINES)],
            marker=_MARKERS[index % len(_MARKERS)] if len(drawn) <= 40 else None,
            markersize=3.5,
            linewidth=1.4,
            label=_label_text(series.name) or f"line {index + 1}",
        )
    if not xs:
        _nothing(axes)
        return
    if figure.log_y:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    if all(x.is_integer() for x in xs):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.grid(True, alpha=0.25, linewidth=0.6)
    _label(axes, figure.x_axis, figure.y_axis)
    if len(figure.series) > 1 or any(series.name for series in figure.series):
        axes.legend(frameon=False)


def _heatmap(figure: Heatmap, page: Any, axes: Any) -> None:
    """Draw the cells with their numbers; a confusion matrix is shaded by the share of each row."""
    import numpy as np
    from matplotlib import colormaps

    count = len(figure.columns)
    values = [(_numbers(row) + [math.nan] * count)[:count] for row in figure.values[: len(figure.rows)]]
    if not count or not any(v == v for row in values for v in row):
        _nothing(axes)
        return
    shades = [_shares(row) for row in values] if figure.counts else values
    limits = {"vmin": 0.0, "vmax": 1.0} if figure.counts else {}
    # Cells as shapes, so that they are as sharp as the letters in them; their own edges close the gaps between them.
    edges = [[i - 0.5 for i in range(size + 1)] for size in (count, len(shades))]
    shown = np.ma.masked_invalid(np.array(shades, float))
    picture = axes.pcolormesh(
        *edges, shown, cmap=colormaps["Blues"].resampled(_SHADES), edgecolors="face", linewidth=0.1, **limits
    )
    axes.invert_yaxis()
    shares: Any = {"label": f"% ({_text(figure.y_axis.name)})", "format": "{x:.0%}"} if figure.counts else {}
    bar = page.colorbar(picture, ax=axes, fraction=0.05, **shares)
    bar.solids.set(rasterized=False, edgecolor="face")
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            if value == value and len(figure.rows) * count <= 900:
                dark = picture.norm(shades[i][j]) > _PALE
                text = f"{value:.0f}" if figure.counts and abs(value) < 1e9 else f"{value:.2g}"
                axes.text(j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
    axes.spines[:].set_visible(False)
    axes.set_xticks(range(count), [_name(name) for name in figure.columns], rotation=45, ha="right")
    axes.set_yticks(range(len(figure.rows)), [_name(name) for name in figure.rows])
    axes.set_xlabel(_text(figure.x_axis.label))
    axes.set_ylabel(_text(figure.y_axis.label))


def _shares(row: Sequence[float]) -> list[float]:
    total = sum(v for v in row if v == v)
    return [v / total if total else 0.0 for v in row]


def _bars(figure: Bars, page: Any, axes: Any) -> None:
    count = len(figure.categories)
    thick = 0.8 / max(1, len(figure.series))
    drawn = False
    for index, series in enumerate(figure.series):
        pairs = [(finite(x), finite(y)) for x, y in zip(series.x, series.y, strict=False)]
        known = [(round(x), y) for x, y in pairs if x is not None and y is not None and 0 <= round(x) < count]
        drawn = drawn or bool(known)
        places = [x + (index + 0.5) * thick - 0.4 for x, _ in known]
        color, hatch = PRINTED[index % len(PRINTED)], ("", "///", "...", "xxx")[index % 4]
        bars = axes.barh(
            places, [y for _, y in known], thick, color=color, hatch=hatch, edgecolor="white", linewidth=0.4,
            label=_label_text(series.name) or f"series {index + 1}",
        )  # fmt: skip
        axes.bar_label(
            bars,
            [f"{y:.0f}" if y.is_integer() and abs(y) < 1e9 else f"{y:.3g}" for _, y in known],
            padding=2,
            fontsize=7,
        )
    if not drawn:
        _nothing(axes)
        return
    axes.margins(x=0.1)
    axes.set_yticks(range(count), [_name(name) for name in figure.categories])
    axes.invert_yaxis()
    axes.set_xlabel(_text(figure.y_axis.label))
    axes.set_ylabel(_text(figure.x_axis.label))
    if len(figure.series) > 1:
        # Bars fill the whole plane where there are few categories, so their legend is beside it.
        page.legend(
            frameon=False, loc="outside lower center", ncols=_legend_columns(figure, page.bbox.width / page.dpi)
        )


def _legend_columns(figure: Bars, width: float) -> int:
    """Return how many names of a legend stand in a row of a page of so many inches."""
    longest = max(len(_label_text(series.name)) for series in figure.series)
    return max(1, min(len(figure.series), round(width * _LETTERS_AN_INCH) // (longest + _HANDLE)))


def _image(figure: Image, page: Any, axes: Any) -> None:
    width = max((len(row) for row in figure.values), default=0)
    if not width:
        _nothing(axes)
        return
    values = [_numbers(row) + [math.nan] * (width - len(row)) for row in figure.values]
    limits = {"vmin": finite(figure.low), "vmax": finite(figure.high)}
    picture = _mesh(values, axes, cmap="magma", **limits)
    page.colorbar(picture, ax=axes, label=_text(figure.value_axis.label), fraction=0.05)
    if figure.light:
        _shade(figure, width, axes)
    _label(axes, figure.x_axis, figure.y_axis)


def _shade(figure: Image, width: int, axes: Any) -> None:
    """Lay black over the cells, the thicker the less light they have."""
    import numpy as np

    light = np.array([(_numbers(row) + [1.0] * width)[:width] for row in figure.light], float)
    veil = np.zeros((*light.shape, 4))
    veil[..., 3] = 1.0 - np.clip(np.nan_to_num(light, nan=1.0), 0.0, 1.0)
    extent = (-0.5, light.shape[1] - 0.5, -0.5, light.shape[0] - 0.5)
    axes.imshow(veil, extent=extent, origin="lower", aspect="auto", interpolation="nearest", zorder=2)  # above the mesh


def _mesh(values: list[list[float]], axes: Any, **settings: Any) -> Any:
    """Draw the cells by ``librosa.display.specshow``; without librosa, or without a value, as it draws them."""
    import numpy as np

    cells = np.array(values, float)
    # Edges half-way between the indices, because one row or column alone would have no width.
    across, up = (np.arange(size + 1) - 0.5 for size in cells.shape[::-1])
    if importlib.util.find_spec("librosa") is None or not np.isfinite(cells).any():
        return axes.pcolormesh(across, up, np.ma.masked_invalid(cells), rasterized=True, **settings)
    from librosa.display import specshow

    picture = specshow(cells, ax=axes, auto_aspect=False, x_coords=across, y_coords=up, **settings)
    axes.set_xlabel("")
    axes.set_ylabel("")
    return picture
