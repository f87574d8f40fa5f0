"""Points in the plane or in space, told apart by a letter and a colour a class."""

from __future__ import annotations

import math
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from rich.style import Style as RichStyle
from rich.text import Text

from labsteps.results import Axis, Panels, Scatter
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.plane import SMALLEST, Entry, open_plane
from workbench.plots.scale import Scale
from workbench.plots.style import PLAIN, Style, muted, series_style, strong
from workbench.plots.text import finite, fit_words

_LEGEND_SHARE: Final = 4
_PANEL_WIDTH, _PANEL_HEIGHT = 32, 10
_GAP: Final = 2
_STEPS: Final = 4  # places of the identity line that are looked at for each column


@dataclass(frozen=True, slots=True)
class Camera:
    """Which part of a scatter is seen, and from where.

    Attributes
    ----------
    zoom
        How many times larger than the whole.
    centre
        The place in the middle, as fractions of the whole seen from there; (0.5, 0.5) is its middle.
    turned, tilted
        Degrees about the vertical axis and towards the viewer, for points in space.
    picked
        Index of a point to point out.
    only
        A class to show in colour, the others as dots; empty shows all.
    """

    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    turned: float = 30.0
    tilted: float = 20.0
    picked: int | None = None
    only: str = ""


WHOLE: Final = Camera()


@dataclass(frozen=True, slots=True)
class Seen:
    """A point as the camera sees it: places across and up in the figure's units, and how near it is."""

    index: int
    across: float
    up: float
    near: float
    label: str


def draw_scatter(figure: Scatter, width: int, height: int, style: Style, camera: Camera = WHOLE) -> Text:
    """Return the points drawn in at most `width` x `height` cells.

    In the plane a cell shows the class with most points in it, in space the nearest point.
    """
    drawn = _canvas(figure, width, height, style, camera)
    return drawn.text() if isinstance(drawn, Canvas) else drawn


def draw_panels(figure: Panels, width: int, height: int, style: Style, first_row: int = 0) -> Text:
    """Return scatters side by side under one legend, as many as fit from a row of panels on."""
    if not figure.panels:
        return nothing(figure.title, width, height, style)
    classes = sorted({label for panel in figure.panels for label in panel.labels if label})
    canvas = Canvas(width, height, style)
    top = 1 + _put_legend(canvas, 1, _legend(classes, style))
    columns = max(1, min(figure.columns, len(figure.panels), (width + _GAP) // (_PANEL_WIDTH + _GAP)))
    rows = -(-len(figure.panels) // columns)
    shown = max(1, min(rows, (height - top) // _PANEL_HEIGHT))
    first = max(0, min(first_row, rows - shown))
    wide, high = (width - _GAP * (columns - 1)) // columns, (height - top) // shown
    if wide < SMALLEST[0] or high < SMALLEST[1]:
        return too_small(figure.title, (SMALLEST[0], SMALLEST[1] + top), width, height, style)
    inside = figure.panels[first * columns : (first + shown) * columns]
    for place, panel in enumerate(inside):
        drawn = _canvas(panel, wide, high, style, WHOLE, classes)
        if isinstance(drawn, Canvas):
            canvas.paste(top + place // columns * high, place % columns * (wide + _GAP), drawn)
    more = f"+{len(figure.panels) - len(inside)} more" if len(inside) < len(figure.panels) else ""
    room = width - (len(more) + _GAP if more else 0)
    canvas.put(0, 0, fit_words(figure.title, room, unicode=style.unicode), strong())
    canvas.put_right(0, width, more, muted(style))
    return canvas.text()


def panel_rows(figure: Panels, width: int) -> int:
    """Return how many rows of panels there are in a space of this width."""
    columns = max(1, min(figure.columns, len(figure.panels), (width + _GAP) // (_PANEL_WIDTH + _GAP)))
    return -(-len(figure.panels) // columns)


def see(figure: Scatter, camera: Camera) -> list[Seen]:
    """Return the points that have all their coordinates, as the camera sees them."""
    raw = list(zip_longest(figure.x, figure.y, figure.z if figure.solid else (), figure.labels[: len(figure.x)]))
    found = []
    for index, (x, y, z, label) in enumerate(raw[: len(figure.x)]):
        numbers = [finite(v) for v in ((x, y, z) if figure.solid else (x, y))]
        known = [v for v in numbers if v is not None]
        if len(known) == len(numbers):
            found.append(Seen(index, known[0], known[1], known[2] if figure.solid else 0.0, label or ""))
    return _turn(found, camera) if figure.solid else found


def window(figure: Scatter, seen: Sequence[Seen], camera: Camera) -> tuple[Scale, Scale]:
    """Return the scales of what the camera shows of some points of a figure, at least one."""
    ends = common_ends(seen) if figure.identity else ()
    return (
        _zoomed(Scale((*(point.across for point in seen), *ends)), camera.centre[0], camera.zoom),
        _zoomed(Scale((*(point.up for point in seen), *ends)), camera.centre[1], camera.zoom),
    )


def common_ends(seen: Sequence[Seen]) -> tuple[float, float]:
    """Return the ends of two axes that measure the same: 0 and 1, or further where points lie outside."""
    places = [place for point in seen for place in (point.across, point.up)]
    return min(0.0, *places), max(1.0, *places)


def class_letters(names: Sequence[str], style: Style) -> list[str]:
    """Return one ASCII letter a class, its initial where that is free; more than 62 classes share ``*``."""
    letters: list[str] = []
    used: set[str] = set()
    for name in names:
        wanted = [ch for ch in name.upper() + name.lower() if ch in string.ascii_letters]
        free = (ch for ch in [*wanted, *string.ascii_uppercase, *string.ascii_lowercase, *string.digits])
        blank = "•" if style.unicode else "*"
        letter = next((ch for ch in free if ch not in used), "*") if name else blank
        used.add(letter)
        letters.append(letter)
    return letters


def _canvas(
    figure: Scatter, width: int, height: int, style: Style, camera: Camera, classes: Sequence[str] | None = None
) -> Canvas | Text:
    """Draw a scatter; with `classes` their legend is somebody else's."""
    points = see(figure, camera)
    if not points:
        return nothing(figure.title, width, height, style)
    names = sorted({point.label for point in points} | set(classes or ()))
    signs = dict(zip(names, class_letters(names, style), strict=True))
    styles = {label: series_style(style, index) for index, label in enumerate(names)}
    scales = window(figure, points, camera)
    legend = [] if classes is not None else [Entry(signs[label], label, styles[label]) for label in names if label]
    canvas = Canvas(width, height, style)
    axes = _solid_axes(figure, camera, style) if figure.solid else (figure.x_axis, figure.y_axis)
    plane = open_plane(figure.title, axes, scales, legend, canvas, whole=False, legend_share=_LEGEND_SHARE)
    if plane is None:
        return too_small(figure.title, SMALLEST, width, height, style)

    def place(point: Seen) -> tuple[int, int] | None:
        across, up = scales[0].fraction(point.across), scales[1].fraction(point.up)
        if not (0 <= across <= 1 and 0 <= up <= 1):
            return None
        return (
            plane.top + plane.height - 1 - round(up * (plane.height - 1)),
            plane.left + round(across * (plane.width - 1)),
        )

    dot = "·" if style.unicode else "."
    if figure.identity:
        low, high = common_ends(points)
        for step in range(_STEPS * plane.width + 1):
            both = low + (high - low) * step / (_STEPS * plane.width)
            on_line = place(Seen(-1, both, both, 0.0, ""))
            if on_line is not None:
                canvas.set(*on_line, dot, muted(style))
    inside: dict[tuple[int, int], list[Seen]] = {}
    for point in points:
        cell = place(point)
        if cell is not None:
            inside.setdefault(cell, []).append(point)
    for (row, column), there in inside.items():
        label = _winner(there, figure.solid, camera.only)
        grey = camera.only and label != camera.only
        canvas.set(row, column, dot if grey else signs[label], muted(style) if grey else styles[label])
    picked = next((point for point in points if point.index == camera.picked), None)
    cell = place(picked) if picked is not None else None
    if picked is not None and cell is not None:
        _point_out(canvas, cell, signs[picked.label], styles[picked.label], (plane.left, plane.left + plane.width))
    return canvas


def _point_out(canvas: Canvas, cell: tuple[int, int], sign: str, style: RichStyle, edges: tuple[int, int]) -> None:
    """Write the sign in reverse between brackets, so that it stands out without colour too."""
    row, column = cell
    canvas.set(row, column, sign, style + RichStyle(reverse=True, bold=True))
    if column > edges[0]:
        canvas.set(row, column - 1, "[", strong())
    if column + 1 < edges[1]:
        canvas.set(row, column + 1, "]", strong())


def _winner(there: Sequence[Seen], solid: bool, only: str) -> str:
    """Return the class that a cell shows."""
    if only and any(point.label == only for point in there):
        return only
    if solid:
        return max(there, key=lambda point: point.near).label
    counts = Counter(point.label for point in there)
    return max(counts, key=lambda name: counts[name])


def _turn(points: list[Seen], camera: Camera) -> list[Seen]:
    """Return points in space as seen from the camera, in parallel projection, all three axes on one scale."""
    if not points:
        return points
    middles, half = [], 0.0
    for values in zip(*((p.across, p.up, p.near) for p in points), strict=True):
        low, high = min(values), max(values)
        middles.append(low / 2 + high / 2)
        half = max(half, high / 2 - low / 2)
    half = half or 1.0
    turned, tilted = math.radians(camera.turned), math.radians(camera.tilted)
    cos_t, sin_t, cos_e, sin_e = math.cos(turned), math.sin(turned), math.cos(tilted), math.sin(tilted)
    found = []
    for p in points:
        # The third axis stands upright, as in matplotlib, so that both media show one picture.
        x, y, z = ((v / 2 - m / 2) / half * 2 for v, m in zip((p.across, p.up, p.near), middles, strict=True))
        across = cos_t * x - sin_t * y
        away = sin_t * x + cos_t * y
        found.append(Seen(p.index, across, cos_e * z + sin_e * away, sin_e * z - cos_e * away, p.label))
    return found


def _solid_axes(figure: Scatter, camera: Camera, style: Style) -> tuple[Axis, Axis]:
    """Return the axes beside points in space: no numbers, since no axis lies along an edge, but what is seen."""
    assert figure.z_axis is not None
    nothing_named = ((-9.9, ""),)  # a tick that is never in sight keeps the scale from writing numbers
    names = f"{figure.x_axis.label} × {figure.y_axis.label}"
    seen = style.say(f"turned {camera.turned % 360:.0f}°, tilted {camera.tilted:.0f}°")
    across = f"{names}, {seen}"
    return Axis(across, "", nothing_named), Axis(f"↑ {figure.z_axis.label}", "", nothing_named)


def _zoomed(scale: Scale, centre: float, zoom: float) -> Scale:
    """Return the part of a scale around a fraction of it."""
    if zoom <= 1:
        return scale
    span = scale.high / 2 - scale.low / 2
    middle = 2 * (scale.low / 2 + span * centre)
    return Scale((middle - span / zoom, middle + span / zoom))


def _legend(classes: Sequence[str], style: Style) -> list[Entry]:
    letters = class_letters(classes, style)
    return [
        Entry(letter, name, series_style(style, index))
        for index, (letter, name) in enumerate(zip(letters, classes, strict=True))
    ]


def _put_legend(canvas: Canvas, row: int, legend: Sequence[Entry]) -> int:
    """Write the legend from a row on, and return the lines that it took."""
    line, column = row, 0
    for entry in legend:
        size = 2 + len(entry.name)
        if column and column + size > canvas.width:
            line, column = line + 1, 0
        canvas.put(line, column, entry.sign, entry.style)
        column = canvas.put(line, column + 2, entry.name, PLAIN, width=max(0, canvas.width - column - 2)) + _GAP
    return line - row + 1 if legend else 0
