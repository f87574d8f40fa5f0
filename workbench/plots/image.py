"""Pictures of numbers, such as spectrograms, two rows of pixels to a line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich.text import Text

from labsteps.results import Axis, Image
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.scale import Scale
from workbench.plots.style import PLAIN, Style, muted, ramp, strong, two_colours
from workbench.plots.text import cells, finite, fit, printable
from workbench.plots.window import WHOLE, Window

Row = Sequence[float | None]
_INK: Final = " ░▒▓█"
_ASCII_INK: Final = " .:-=+*#%@"
_BAR: Final = 2


@dataclass(frozen=True, slots=True)
class Area:
    """Where the picture stands, in cells."""

    left: int
    top: int
    width: int
    height: int


def draw_image(figure: Image, width: int, height: int, style: Style, window: Window = WHOLE) -> Text:
    """Return the picture in at most `width` x `height` cells, with both axes and a bar of its values."""
    figure = part_of(figure, window)
    columns = max((len(row) for row in figure.values), default=0)
    if not columns:
        return nothing(figure.title, width, height, style)
    canvas = Canvas(width, height, style)
    size = len(figure.values)
    y_ticks = [(f, fit(t, width // 4, unicode=style.unicode)) for f, t in _ticks(figure.y_axis, size, height // 3)]
    limits = _limits(figure)
    bar = _bar_texts(*limits, figure.value_axis)
    labels = max((cells(text) for _, text in y_ticks), default=0)
    right = _BAR + 1 + max(map(cells, bar))
    if width - labels - 1 - right < 12:
        right = 0
    top = (1 if figure.title and height >= 8 else 0) + (1 if height >= 6 else 0)
    bottom = 1 + (1 if height >= 8 and figure.x_axis.label else 0)
    area = Area(labels + 1, top, width - labels - 1 - right, height - top - bottom)
    if area.width < 8 or area.height < 2:
        return too_small(figure.title, (labels + 9, 4), width, height, style)
    if top == 2:
        canvas.put(0, 0, figure.title, strong(), width=canvas.width)
    if top:
        canvas.put(top - 1, 0, figure.y_axis.label, muted(style), width=canvas.width - right - 1)
    _draw_pixels(figure, limits, canvas, area)
    _draw_left(canvas, area, y_ticks, size)
    _draw_bottom(figure.x_axis, columns, canvas, area)
    if right:
        _draw_bar(canvas, area, bar)
    return canvas.text()


def part_of(figure: Image, window: Window) -> Image:
    """Return what is in sight of a picture; its colours stay those of the whole."""
    count = max((len(row) for row in figure.values), default=0)
    if window.whole or not count:
        return figure
    columns, rows = _range(window.left, window.share, count), _range(window.bottom, window.share, len(figure.values))
    low, high = _limits(figure)

    def seen(values: Sequence[Row]) -> tuple[tuple[float | None, ...], ...]:
        return tuple(tuple(row[columns.start : columns.stop]) for row in values[rows.start : rows.stop])

    return replace(
        figure,
        values=seen(figure.values),
        light=seen(figure.light),
        low=low,
        high=high,
        x_axis=_axis_from(figure.x_axis, columns),
        y_axis=_axis_from(figure.y_axis, rows),
    )


def _range(begin: float, share: float, count: int) -> range:
    length = max(1, round(share * count))
    start = min(count - length, round(begin * count))
    return range(start, start + length)


def _axis_from(axis: Axis, seen: range) -> Axis:
    """Return an axis with the ticks that are in sight, counted from where that begins."""
    if not axis.ticks:
        ticks = _ticks_of_indices(axis, seen)
    else:
        ticks = [(place, text) for place, text in axis.ticks if seen.start <= place <= seen.stop - 0.5]
        if len(ticks) < 2 and (step := _even_step(axis)) is not None:
            ticks = _ticks_between(axis, step, seen)
        elif not ticks:
            ticks = [((seen.start + seen.stop - 1) / 2, _between(axis, seen))]
    return replace(axis, ticks=tuple((place - seen.start, text) for place, text in ticks))


def _between(axis: Axis, seen: range) -> str:
    """Return the names of the ticks that are nearest out of sight, below and above."""
    below = [text for place, text in axis.ticks if place < seen.start][-1:]
    return "–".join((*below, *[text for place, text in axis.ticks if place >= seen.stop - 0.5][:1]))


def _ticks_of_indices(axis: Axis, seen: range) -> list[tuple[float, str]]:
    scale = Scale((seen.start, max(seen.start + 1, seen.stop - 1)))
    return [(scale.at(f), text) for f, text in scale.ticks(axis, 8, whole=True)]


def _even_step(axis: Axis) -> tuple[float, float] | None:
    """Return value and slope of an axis whose ticks are numbers that grow evenly, None for any other."""
    try:
        known = [(place, float(text)) for place, text in axis.ticks]
    except ValueError:
        return None
    if len(known) < 2 or known[-1][0] == known[0][0]:
        return None
    slope = (known[-1][1] - known[0][1]) / (known[-1][0] - known[0][0])
    base = known[0][1] - slope * known[0][0]
    even = slope and all(abs(base + slope * place - value) < 0.02 * abs(slope) * len(known) for place, value in known)
    return (base, slope) if even else None


def _ticks_between(axis: Axis, step: tuple[float, float], seen: range) -> list[tuple[float, str]]:
    """Return ticks at round numbers between those that an even axis names."""
    base, slope = step
    scale = Scale((base + slope * seen.start, base + slope * (seen.stop - 1)))
    bare = replace(axis, ticks=())
    return [((scale.at(f) - base) / slope, text) for f, text in scale.ticks(bare, 6)]


def shrink(values: Sequence[Row], columns: int, rows: int) -> list[list[float]]:
    """Return `values` in `rows` x `columns` pixels, each the greatest of what it covers, NaN for nothing.

    A single loud bin stays visible that way, at any size.  Fewer numbers than pixels are repeated.
    """
    width = max(map(len, values))
    edges = [(i * width // columns, max(i * width // columns + 1, (i + 1) * width // columns)) for i in range(columns)]
    narrow: list[list[float]] = []
    for row in values:
        known = _known(row)
        known += [-math.inf] * (width - len(known))
        narrow.append([max(known[a:b]) for a, b in edges])
    count = len(narrow)
    out = []
    for i in range(rows):
        covered = narrow[i * count // rows : max(i * count // rows + 1, (i + 1) * count // rows)]
        merged = list(map(max, *covered)) if len(covered) > 1 else covered[0]
        out.append([v if v != -math.inf else math.nan for v in merged])
    return out


def _known(row: Row) -> list[float]:
    """Return a row with minus infinity for what is missing; the fast path is for rows without gaps."""
    try:
        whole = all(map(math.isfinite, row))  # type: ignore[arg-type]  # None is what the except is for
    except (TypeError, OverflowError):
        whole = False
    if whole:
        return list(row)  # type: ignore[arg-type]  # just checked
    numbers = map(finite, row)
    return [-math.inf if v is None else v for v in numbers]


def _draw_pixels(figure: Image, limits: tuple[float, float], canvas: Canvas, area: Area) -> None:
    colors = ramp(canvas.style)
    halves = canvas.style.unicode and bool(colors)
    levels = len(colors) or len(_ink(canvas.style))
    pixels = shrink(figure.values, area.width, area.height * (2 if halves else 1))
    rows = [[_level(v, *limits, levels) for v in row] for row in pixels]
    if figure.light:
        # The darkest of what a pixel covers, so that a thin line is seen at any size.
        dark = shrink([[-v if v is not None else None for v in row] for row in figure.light], area.width, len(rows))
        rows = [
            [
                level if level < 0 or veil != veil else round(-veil * level)
                for level, veil in zip(row, veils, strict=True)
            ]
            for row, veils in zip(rows, dark, strict=True)
        ]
    for line in range(area.height):
        row = area.top + area.height - 1 - line
        if halves:
            chars, styles = canvas.rows[row], canvas.styles[row]
            for column, (low, high) in enumerate(zip(rows[2 * line], rows[2 * line + 1], strict=True), area.left):
                if high >= 0:
                    chars[column] = "▀"
                    styles[column] = two_colours(colors[high], colors[low] if low >= 0 else None)
                elif low >= 0:
                    chars[column], styles[column] = "▄", two_colours(colors[low], None)
        else:
            for column, level in enumerate(rows[line], area.left):
                if level >= 0:
                    ink = " " if colors else _ink(canvas.style)[level]
                    canvas.set(row, column, ink, two_colours(None, colors[level]) if colors else PLAIN)


def _ink(style: Style) -> str:
    return _INK if style.unicode else _ASCII_INK


def _level(value: float, low: float, high: float, levels: int) -> int:
    """Return the index of a value's colour, or -1 for a missing value."""
    if value != value:
        return -1
    if value >= high:
        return levels - 1
    if value <= low:
        return 0
    return min(levels - 1, int((value / 2 - low / 2) / (high / 2 - low / 2) * levels))


def _ticks(axis: Axis, size: int, count: int) -> list[tuple[float, str]]:
    """Return ticks as (pixel, text): those the axis names, or the index of rows or columns."""
    if axis.ticks:
        return [(position, text) for position, text in axis.ticks if 0 <= position <= size - 0.5]
    if size < 2:
        return []
    scale = Scale((0, size - 1))
    return [(f * (size - 1), text) for f, text in scale.ticks(axis, max(2, count), whole=True)]


def _draw_left(canvas: Canvas, area: Area, ticks: list[tuple[float, str]], size: int) -> None:
    """Write the vertical ticks, leaving out those whose line is taken."""
    taken: set[int] = set()
    for position, text in ticks:
        row = area.top + area.height - 1 - min(area.height - 1, int((position + 0.5) / size * area.height))
        if row not in taken:
            taken.add(row)
            canvas.put_right(row, area.left - 1, text, muted(canvas.style))


def _draw_bottom(axis: Axis, size: int, canvas: Canvas, area: Area) -> None:
    """Write the horizontal ticks and the axis' name, leaving out ticks that would touch the one before."""
    row, free = area.top + area.height, area.left
    for position, raw in _ticks(axis, size, area.width // 8):
        text = printable(raw, unicode=canvas.style.unicode)
        centre = area.left + min(area.width - 1, int((position + 0.5) / size * area.width))
        column = max(area.left, min(centre - cells(text) // 2, area.left + area.width - cells(text)))
        if column >= free:
            free = canvas.put(row, column, text, muted(canvas.style)) + 1
    label = fit(axis.label, area.width, unicode=canvas.style.unicode)
    canvas.put(row + 1, area.left + (area.width - cells(label)) // 2, label, muted(canvas.style))


def _bar_texts(low: float, high: float, axis: Axis) -> tuple[str, str, str]:
    """Return what stands beside the bar's top, middle and bottom."""
    middle = low / 2 + high / 2
    return (f"{high:.4g} {axis.unit}".rstrip(), f"{middle:.3g}", f"{low:.4g} {axis.unit}".rstrip())


def _draw_bar(canvas: Canvas, area: Area, texts: tuple[str, str, str]) -> None:
    """Draw the colours from low to high at the right, with the values they stand for."""
    colors, ink = ramp(canvas.style), _ink(canvas.style)
    levels = len(colors) or len(ink)
    left = area.left + area.width + 1
    for line in range(area.height):
        level = round((area.height - 1 - line) / max(1, area.height - 1) * (levels - 1))
        look = two_colours(None, colors[level]) if colors else PLAIN
        canvas.put(area.top + line, left, " " if colors else ink[level], look)
    middle = area.height // 2
    for line, text in ((0, texts[0]), (middle, texts[1]), (area.height - 1, texts[2])):
        if line != middle or area.height >= 5:
            canvas.put(area.top + line, left + _BAR, text, muted(canvas.style))


def _limits(figure: Image) -> tuple[float, float]:
    """Return the values drawn darkest and brightest, taken from the numbers where the figure has none."""
    low, high = finite(figure.low), finite(figure.high)
    if low is None or high is None:
        known = [v for row in figure.values for raw in row if (v := finite(raw)) is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
    return low, high
