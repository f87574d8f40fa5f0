"""Tables with aligned numbers."""

from __future__ import annotations

from rich.text import Text

from labsteps.results import Cell, Column, Table
from workbench.plots.canvas import Canvas, words
from workbench.plots.style import PLAIN, Style, muted, strong
from workbench.plots.text import cells, fit, number, printable, wrap

_GAP = 2


def draw_table(table: Table, width: int, style: Style) -> Text:
    """Return the table in at most `width` columns and as many lines as it takes.

    Numbers stand at the right, text at the left; an undefined cell is a dash, which the table's note explains.
    Where not all columns fit, the others follow below, each time behind the first one, which names the rows; a column
    that does not even fit beside that one is left out and named.
    """
    if width <= 0:
        return Text("", end="")
    if not table.columns:
        return words(f"{table.title or 'Table'}: nothing to show, it has no columns", width, 3, style)
    headings = [_heading(column, style) for column in table.columns]
    rows = _texts(table, style)
    widths = _widths(table, width, style)
    bands, left_out = _bands(widths, width)
    below = [table.note] if table.note else []
    if left_out:
        names = ", ".join(headings[i] for i in left_out)
        below.append(style.say(f"Not shown, for want of space: {names}."))
    if not rows:
        below.append(style.say("No rows."))
    title = wrap(table.title, width, unicode=style.unicode)
    foot = [line for text in below for line in wrap(text, width, unicode=style.unicode)]
    tall = 2 + len(rows)
    canvas = Canvas(width, len(title) + len(bands) * (tall + 1) - 1 + len(foot), style)
    for line, text in enumerate(title):
        canvas.put(line, 0, text, strong())
    right = [any(isinstance(row[i], int | float) for row in table.rows if i < len(row)) for i in range(len(headings))]
    for number_of, band in enumerate(bands):
        top, left = len(title) + number_of * (tall + 1), 0
        for i in band:
            for line, text in enumerate((headings[i], *(row[i] for row in rows))):
                text = fit(text, widths[i], unicode=style.unicode)
                column = left + (widths[i] - cells(text) if right[i] else 0)
                canvas.put(top + line + (1 if line else 0), column, text, PLAIN if line else muted(style))
            rule = "─" if style.unicode else "-"
            canvas.put(top + 1, left, rule * widths[i], muted(style))
            left += widths[i] + _GAP
    for line, text in enumerate(foot, len(title) + len(bands) * (tall + 1) - 1):
        canvas.put(line, 0, text, muted(style))
    return canvas.text()


def columns_beside(table: Table, width: int, style: Style) -> int:
    """Return how many columns stand beside each other before the others follow below, in so many cells."""
    return len(_bands(_widths(table, width, style), width)[0][0]) if table.columns and width > 0 else 0


def cell_text(cell: Cell, column: Column, style: Style) -> str:
    """Return a cell as it is written: whole numbers as they are, others with the column's digits."""
    if cell is None:
        return "–" if style.unicode else "-"
    if isinstance(cell, str):
        return printable(cell, unicode=style.unicode)
    if isinstance(cell, bool):
        return style.say("yes" if cell else "no")
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**18 else f"{cell:.2e}" if abs(cell) < 10**300 else "huge"
    return number(cell, column.digits)


def _texts(table: Table, style: Style) -> list[list[str]]:
    return [
        [cell_text(row[i] if i < len(row) else None, column, style) for i, column in enumerate(table.columns)]
        for row in table.rows
    ]


def _widths(table: Table, width: int, style: Style) -> list[int]:
    rows = _texts(table, style)
    heads = [_heading(column, style) for column in table.columns]
    widths = [max(map(cells, [heading, *(row[i] for row in rows)])) for i, heading in enumerate(heads)]
    return [min(widths[0], width), *widths[1:]]


def _heading(column: Column, style: Style) -> str:
    return printable(f"{column.name} ({column.unit})" if column.unit else column.name, unicode=style.unicode)


def _bands(widths: list[int], width: int) -> tuple[list[list[int]], list[int]]:
    """Return the columns that stand beside each other, band below band, and those that fit beside the first in none.

    Every band begins with the first column, which names the rows.
    """
    bands, left_out, used = [[0]], [], widths[0]
    for i, size in enumerate(widths[1:], 1):
        if widths[0] + _GAP + size > width:
            left_out.append(i)
        elif used + _GAP + size <= width:
            bands[-1].append(i)
            used += _GAP + size
        else:
            bands.append([0, i])
            used = widths[0] + _GAP + size
    return bands, left_out
