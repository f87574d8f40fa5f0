"""Tables with aligned numbers."""

from __future__ import annotations

from rich.text import Text

from labsteps.results import Cell, Column, Table
from workbench.plots.canvas import Canvas, words
from workbench.plots.style import PLAIN, Style, muted, strong
from workbench.plots.text import cells, fit, number, printable, wrap

_GAP = 2
# In the place of a column: the number of the row.
_NUMBER = -1
_NAMES = 3
_ENDS = ("from", "to", "από", "έως")


def draw_table(table: Table, width: int, style: Style) -> Text:
    """Return the table in at most `width` columns and as many lines as it takes.

    Numbers stand at the right, text at the left; an undefined cell is a dash, which the table's note explains.
    Where not all columns fit, the others follow below, each time behind those that name the rows: the first one, or as
    many as tell all rows apart, or else a number.  A value stays beside the ends of its interval.  A column that does
    not even fit beside the names is left out and named.
    """
    if width <= 0:
        return Text("", end="")
    if not table.columns:
        return words(f"{table.title or 'Table'}: nothing to show, it has no columns", width, 3, style)
    headings = [_heading(column, style) for column in table.columns]
    rows = _texts(table, style)
    widths = _widths(table, width, style)
    bands, left_out = _bands(table, rows, widths, width)
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
            numbered = i == _NUMBER
            size = len(str(len(rows))) if numbered else widths[i]
            column_of = [str(at + 1) for at in range(len(rows))] if numbered else [row[i] for row in rows]
            for line, text in enumerate(("#" if numbered else headings[i], *column_of)):
                text = fit(text, size, unicode=style.unicode)
                column = left + (size - cells(text) if numbered or right[i] else 0)
                canvas.put(top + line + (1 if line else 0), column, text, PLAIN if line else muted(style))
            rule = "─" if style.unicode else "-"
            canvas.put(top + 1, left, rule * size, muted(style))
            left += size + _GAP
    for line, text in enumerate(foot, len(title) + len(bands) * (tall + 1) - 1):
        canvas.put(line, 0, text, muted(style))
    return canvas.text()


def columns_beside(table: Table, width: int, style: Style) -> int:
    """Return how many columns stand beside each other before the others follow below, in so many cells."""
    if not table.columns or width <= 0:
        return 0
    band = _bands(table, _texts(table, style), _widths(table, width, style), width)[0][0]
    return sum(i != _NUMBER for i in band)


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


def _bands(table: Table, rows: list[list[str]], widths: list[int], width: int) -> tuple[list[list[int]], list[int]]:
    """Return the columns that stand beside each other, band below band, and those that fit beside the names in none.

    Every band begins with what names the rows; `_NUMBER` stands for their number.
    """
    if sum(widths) + _GAP * (len(widths) - 1) <= width:
        return [list(range(len(widths)))], []
    told = next((k for k in range(1, min(_NAMES, len(widths) - 1) + 1) if _tells_apart(rows, k)), 0)
    names = list(range(max(1, told)))
    named = _laid_out(table, names, widths, sum(widths[i] for i in names) + _GAP * (len(names) - 1), width)
    numbered = _laid_out(table, [_NUMBER], widths, len(str(len(rows))), width)

    def lost(bands: list[list[int]], left_out: list[int]) -> tuple[int, int]:
        # Columns that are not there, and those that stand apart from the value whose interval they end.
        ends = (band[i - 1 : i + 1] for band in bands for i in range(1, len(band)) if _is_end(table, band[i]))
        return len(left_out), sum(before + 1 != end for before, end in ends)

    better = lost(*numbered) < lost(*named) or (not told and lost(*numbered) == lost(*named))
    return numbered if better else named


def _tells_apart(rows: list[list[str]], count: int) -> bool:
    """Tell whether no two rows have the same first columns."""
    return len({tuple(row[:count]) for row in rows}) == len(rows)


def _laid_out(
    table: Table, names: list[int], widths: list[int], size: int, width: int
) -> tuple[list[list[int]], list[int]]:
    """Return bands that begin with some columns, which take so many cells, and the columns that fit in none."""
    bands: list[list[int]] = [[]]
    left_out, used = [], size
    for group in _groups(table, max(names) + 1):
        whole = sum(widths[i] + _GAP for i in group)
        # An interval that is too wide for one band is split like any other columns.
        for part in [group] if size + whole <= width else [[i] for i in group]:
            more = sum(widths[i] + _GAP for i in part)
            if size + more > width:
                left_out += part
                continue
            if used + more > width:
                bands.append([])
                used = size
            bands[-1] += part
            used += more
    return [names + band for band in bands], left_out


def _is_end(table: Table, column: int) -> bool:
    return column > 0 and table.columns[column].name in _ENDS


def _groups(table: Table, first: int) -> list[list[int]]:
    """Return the columns from `first` on, a value together with the ends of its interval."""
    groups: list[list[int]] = []
    for i in range(first, len(table.columns)):
        if groups and _is_end(table, i):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
