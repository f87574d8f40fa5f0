"""The plane that curves and points are drawn in: title, legend, axes and ticks around a free area."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.style import Style as RichStyle

from labsteps.results import Axis
from workbench.plots.canvas import Canvas
from workbench.plots.scale import Scale, Tick
from workbench.plots.style import muted, strong
from workbench.plots.text import cells, clip, fit, fit_words, printable, wrap

SMALLEST: Final = (20, 6)
# The lines that the data keep where a legend is long.
_FEWEST_LINES: Final = 3
# A line more for the name of the horizontal axis, where it is long, takes a figure that is so many lines higher.
_LINES_A_NAME: Final = 4
_LINES_FOR_LONG_TITLE: Final = 14
_FILLER: Final = "\ufdd0"
_TO_ASCII: Final = str.maketrans("│┤├─┬┴└┼", "|++-++++")

# plotext keeps one figure for the whole process.
_PLOTEXT: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    sign: str
    name: str
    style: RichStyle


@dataclass(frozen=True, slots=True)
class Plane:
    """A canvas with a frame, and the free area inside it (all in cells)."""

    canvas: Canvas
    left: int
    top: int
    width: int
    height: int


def open_plane(
    title: str,
    axes: tuple[Axis, Axis],
    scales: tuple[Scale, Scale],
    legend: Sequence[Entry],
    canvas: Canvas,
    *,
    whole: bool,
    legend_share: int = 0,
) -> Plane | None:
    """Draw everything but the data, and return where the data go; None where the space is too small.

    Parameters
    ----------
    title
        Title of the figure.
    axes, scales
        Of the horizontal and the vertical direction.
    legend
        What the signs mean.
    canvas
        Empty cells.
    whole
        Whether the horizontal axis has only whole numbers, such as epochs.
    legend_share
        The legend takes one line in so many at most; 0 lets it take all but a few lines, so that each line of a curve
        has its name.  What does not fit is counted.
    """
    style = canvas.style
    if canvas.width < SMALLEST[0] or canvas.height < SMALLEST[1]:
        return None
    (x_axis, y_axis), (x_scale, y_scale) = axes, scales
    roomy = canvas.height >= 9
    top = 0
    if title and roomy:
        top = _title(canvas, title)
    heading = y_axis.label if roomy or not x_axis.label else f"{y_axis.label} / {x_axis.label}"
    names = _x_names(x_axis.label, canvas) if roomy and x_axis.label else []
    bottom = canvas.height - len(names)
    room = canvas.height // legend_share if legend_share else bottom - top - 3 - (_FEWEST_LINES if roomy else 2)
    top += _heading(canvas, top, heading, legend, max(1 + (canvas.height >= 8), room))
    y_ticks = y_scale.ticks(y_axis, max(2, (bottom - top) // 3))
    # One tick a line: where named ticks are dense, the first on a line stays.
    lines = {round(f * max(0, bottom - top - 3)): (f, text) for f, text in reversed(y_ticks)}
    y_ticks = [(f, clip(printable(text, unicode=style.unicode), canvas.width // 4)) for f, text in lines.values()]
    labels = max((cells(text) for _, text in y_ticks), default=0)
    width, height = canvas.width - labels - 1, bottom - top - 2
    if width < 8 or height < 2:
        return None
    x_ticks: list[Tick] = []
    for count in range(max(2, width // 7), 1, -1):
        x_ticks = x_scale.ticks(x_axis, count, whole=whole)
        if sum(cells(text) + 2 for _, text in x_ticks) <= width:
            break
    x_ticks = [(f, clip(printable(text, unicode=style.unicode), width // 2)) for f, text in x_ticks]
    for row, line in enumerate(_frame(labels + 1 + width, height + 2, x_ticks, y_ticks)):
        canvas.put(top + row, 0, line if style.unicode else line.translate(_TO_ASCII), muted(style))
    for row, text in enumerate(names):
        # Below the axis where it fits there, else over the whole width.
        left, room = (labels + 1, width) if cells(text) <= width else (0, canvas.width)
        canvas.put(bottom + row, left + (room - cells(text)) // 2, text, muted(style))
    return Plane(canvas, labels + 1, top, width, height)


def _title(canvas: Canvas, title: str) -> int:
    """Write the title and return its lines: two where it is long and the figure high, so that it is whole."""
    unicode = canvas.style.unicode
    lines = wrap(title, canvas.width, unicode=unicode)
    most = 2 if canvas.height >= _LINES_FOR_LONG_TITLE else 1
    if len(lines) > most:
        lines = [*lines[: most - 1], fit_words(" ".join(lines[most - 1 :]), canvas.width, unicode=unicode)]
    elif len(lines) > 1:
        lines = _evenly(title, lines, canvas)
    for row, line in enumerate(lines):
        canvas.put(row, 0, line, strong())
    return len(lines)


def _evenly(text: str, lines: list[str], canvas: Canvas) -> list[str]:
    """Return a text in the narrowest lines of that number, so that none is left with a word alone."""
    widths = range(canvas.width // max(1, len(lines)), canvas.width)
    closer = (wrap(text, width, unicode=canvas.style.unicode) for width in widths)
    return next((found for found in closer if len(found) == len(lines)), lines)


def _x_names(label: str, canvas: Canvas) -> list[str]:
    """Return the horizontal axis' name in as many lines as it takes; a low figure has one, and cuts it."""
    most = 1 + (canvas.height - SMALLEST[1]) // _LINES_A_NAME
    unicode = canvas.style.unicode
    names = wrap(label, canvas.width, unicode=unicode)
    if len(names) <= most:
        return _evenly(label, names, canvas)
    return [*names[: most - 1], fit(" ".join(names[most - 1 :]), canvas.width, unicode=unicode)]


def _heading(canvas: Canvas, row: int, label: str, legend: Sequence[Entry], most: int) -> int:
    """Write the vertical axis' name at the left and the legend after it, and return the lines that took."""
    style = canvas.style
    label = fit(label, canvas.width, unicode=style.unicode)
    canvas.put(row, 0, label, muted(style))
    names = _names(legend, canvas.width, most, unicode=style.unicode)
    widths = [cells(name) + 2 for name in names]
    total = sum(widths) + 2 * (len(widths) - 1)
    beside = cells(label) + 3 + total <= canvas.width
    line, column = (row, canvas.width - total) if beside else (row + 1, 0)
    last = row if beside else row + most
    for index, (entry, name, size) in enumerate(zip(legend, names, widths, strict=True)):
        if column and column + size > canvas.width:
            line, column = line + 1, 0
        # The last line keeps space for saying how many are missing.
        room = canvas.width - (10 if line == last and index < len(legend) - 1 else 0)
        if line > last or (line == last and not beside and column + size > room):
            more = f"+{len(legend) - index} more"
            canvas.put(
                last, min(column, canvas.width - len(more)) if line == last else canvas.width - 9, more, muted(style)
            )
            line = last
            break
        canvas.put(line, column, entry.sign, entry.style)
        canvas.put(line, column + 2, name)
        column += size + 2
    return line - row + 1 if legend else 1


def _names(legend: Sequence[Entry], width: int, most: int, *, unicode: bool) -> list[str]:
    """Return the names of a legend, as whole as so many lines hold them: two that are cut could not be told apart."""
    names: list[str] = []
    for longest in (width - 2, width // 2 - 4, width // 3):
        names = [fit(entry.name, max(8, longest), unicode=unicode) for entry in legend]
        lines, column = 1, 0
        for name in names:
            size = cells(name) + 2
            if column and column + size > width:
                lines, column = lines + 1, 0
            column += size + 2
        if lines <= most:
            break
    return names


def _frame(width: int, height: int, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick]) -> list[str]:
    """Return axes and tick labels around a free area, drawn by plotext, which drops labels that would touch."""
    import plotext

    with _PLOTEXT:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.theme("clear")
        plotext.plot_size(width, height)
        plotext.xaxes(True, False)
        plotext.yaxes(True, False)
        plotext.scatter([0], [0], marker=" ")
        plotext.xlim(0, 1)
        plotext.ylim(0, 1)
        plotext.xticks([f for f, _ in x_ticks], [_one_a_cell(text) for _, text in x_ticks])
        plotext.yticks([f for f, _ in y_ticks], [_one_a_cell(text) for _, text in y_ticks])
        drawn = str(plotext.uncolorize(plotext.build()))
        plotext.clear_figure()
    return [line.replace(_FILLER, "") for line in drawn.split("\n")[:height]]


def _one_a_cell(text: str) -> str:
    """Return `text` with as many characters as it takes cells, which is how plotext counts."""
    return "".join(ch + _FILLER * (size - 1) for ch in text if (size := cells(ch)))
