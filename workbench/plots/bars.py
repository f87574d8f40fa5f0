"""Horizontal bars with their names and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style as RichStyle
from rich.text import Text

from labsteps.results import Bars, Series
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.style import Style, muted, series_style, strong
from workbench.plots.text import cells, finite, fit, fit_words, number, printable, wrap

_NARROWEST: Final = 12
_GAP: Final = 2
_MANY_ROWS: Final = 12  # a figure of more lines than this has one to give for long headings


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one series: values, texts, and the cells for text and bar."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    look: RichStyle


def draw_bars(figure: Bars, width: int, height: int, style: Style, *, first_row: int = 0) -> Text:
    """Return the bars in at most `width` x `height` cells, the series side by side on one scale.

    Parameters
    ----------
    first_row
        First category that is shown, when not all fit.
    """
    groups = [_group(series, len(figure.categories), style, i) for i, series in enumerate(figure.series)]
    known = [v for group in groups for v in group.values if v is not None]
    if not known:
        return nothing(figure.title, width, height, style)
    names = [printable(name, unicode=style.unicode) for name in figure.categories]
    name_width = min(max(map(cells, [*names, figure.x_axis.name])), max(6, width // 3))
    fitting = (width - name_width) // (_NARROWEST + _GAP)
    above = 1 if figure.title else 0
    if fitting < 1 or height - above < 3:
        return too_small(figure.title, (name_width + _NARROWEST + _GAP, above + 3), width, height, style)
    hidden, groups = groups[fitting:], groups[:fitting]
    each = (width - name_width) // len(groups)
    needed = min(len(names) + (1 if hidden else 0), _MANY_ROWS)
    most = 2 if height - above - 2 >= needed else 1
    headings = [_heading(group.name, figure.y_axis.label, each - _GAP, most, style) for group in groups]
    top = above + max(map(len, headings))
    rows = height - top
    if hidden or rows < len(names):
        rows -= 1
    start = max(0, min(first_row, len(names) - rows))
    shown = range(start, min(len(names), start + rows))
    canvas = Canvas(width, height, style)
    if figure.title:
        canvas.put(0, 0, figure.title, strong(), width=canvas.width)
    canvas.put(top - 1, 0, figure.x_axis.label, muted(style), width=name_width)
    for line, row in enumerate(shown):
        canvas.put(top + line, 0, names[row], width=name_width)
    limits = min(0.0, *known), max(0.0, *known)
    for index, group in enumerate(groups):
        left = name_width + index * each + _GAP
        for line, text in enumerate(headings[index], top - len(headings[index])):
            canvas.put(line, left, text, muted(style), width=each - _GAP)
        _draw_group(canvas, group, shown, top, (left, each - _GAP), limits)
    _tell_cut(canvas, shown, len(names), [group.name for group in hidden])
    return canvas.text()


def _heading(name: str, axis: str, width: int, most: int, style: Style) -> list[str]:
    """Return what a group of bars is called in at most so many lines."""
    text = ", ".join(part for part in (name, axis) if part)
    lines = wrap(text, width, unicode=style.unicode)
    if len(lines) <= most:
        return lines or [""]
    return [*lines[: most - 1], fit_words(" ".join(lines[most - 1 :]), width, unicode=style.unicode)]


def _group(series: Series, count: int, style: Style, index: int) -> Group:
    """Return a series' values by category: `Series.x` says which category each belongs to."""
    values: list[float | None] = [None] * count
    for raw_x, raw_y in zip(series.x, series.y, strict=False):
        x = finite(raw_x)
        if x is not None and 0 <= round(x) < count:
            values[round(x)] = finite(raw_y)
    whole = all(v is None or v.is_integer() for v in values)
    blank = "–" if style.unicode else "-"
    texts = tuple(blank if v is None else number(v, 0 if whole else 3) for v in values)
    return Group(series.name, tuple(values), texts, series_style(style, index))


def _draw_group(
    canvas: Canvas, group: Group, shown: range, top: int, place: tuple[int, int], limits: tuple[float, float]
) -> None:
    left, width = place
    numbers = min(max(map(cells, group.texts)), width - 2)
    length = width - numbers - 1
    half = limits[0] / 2
    span = (limits[1] / 2 - half) or 1.0
    zero = (0.0 - half) / span * length
    for line, row in enumerate(shown):
        canvas.put_right(top + line, left + numbers, fit(group.texts[row], numbers, unicode=canvas.style.unicode))
        value = group.values[row]
        if value is not None:
            end = (value / 2 - half) / span * length
            _draw_bar(canvas, top + line, left + numbers + 1, (zero, end), group.look)


def _draw_bar(canvas: Canvas, row: int, left: int, ends: tuple[float, float], look: RichStyle) -> None:
    """Draw from one end to the other, to half a cell; lines in place of blocks keep neighbouring bars apart."""
    halves = sorted(round(2 * end) for end in ends)
    fine = canvas.style.unicode
    for column in range((halves[0] + 1) // 2, halves[1] // 2):
        canvas.set(row, left + column, "━" if fine else "=", look)
    if halves[1] % 2 and halves[1] > halves[0]:
        canvas.set(row, left + halves[1] // 2, "╸" if fine else "-", look)
    if halves[0] % 2 and halves[1] > halves[0]:
        canvas.set(row, left + halves[0] // 2, "╺" if fine else "-", look)


def _tell_cut(canvas: Canvas, shown: range, count: int, hidden: list[str]) -> None:
    parts = []
    if len(shown) < count:
        dash = "–" if canvas.style.unicode else "-"
        parts.append(canvas.style.say(f"{shown.start + 1}{dash}{shown.stop} of {count}"))
    if hidden:
        parts.append(canvas.style.say(f"not shown: {', '.join(hidden)}"))
    if parts:
        canvas.put(canvas.height - 1, 0, ", ".join(parts), muted(canvas.style), width=canvas.width)
