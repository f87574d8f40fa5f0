"""Tables for a page: cells as text, and tables too wide for it cut into several that begin with the same column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labsteps.results import Cell, Column, Table
from workbench.plots.style import Style
from workbench.plots.table import cell_text

PAGE_LETTERS, TINY_LETTERS, SMALL_LETTERS = 130, 112, 92
GAP = 3
_CELL_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text.

    Attributes
    ----------
    numeric
        For each column, whether it holds numbers, which stand at the right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]

    @property
    def widths(self) -> list[int]:
        """Rough width of each column in letters; long cells are broken into lines."""
        longest = (max([len(name), *(len(row[i]) for row in self.rows)]) for i, name in enumerate(self.head))
        return [min(_CELL_LETTERS, letters) + GAP for letters in longest]

    @property
    def letters(self) -> int:
        """Rough width in letters."""
        return sum(self.widths)

    def columns(self, chosen: list[int]) -> Grid:
        """Return only these columns."""
        rows = tuple(tuple(row[i] for i in chosen) for row in self.rows)
        return Grid(tuple(self.head[i] for i in chosen), rows, tuple(self.numeric[i] for i in chosen))


def cells_of(table: Table) -> Grid:
    """Return a whole table as text."""
    places = range(len(table.columns))
    rows = [[row[i] if i < len(row) else None for i in places] for row in table.rows]
    return Grid(
        tuple(f"{column.name} ({column.unit})" if column.unit else column.name for column in table.columns),
        tuple(tuple(_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)) for row in rows),
        tuple(any(isinstance(row[i], int | float) for row in rows) for i in places),
    )


def grids(table: Table) -> Iterator[Grid]:
    """Yield a table as one grid, or as several where its columns do not fit beside each other on a page."""
    if table.columns:
        whole = cells_of(table)
        yield from (whole.columns(chosen) for chosen in _chunks(whole.widths))


def _chunks(widths: list[int]) -> Iterator[list[int]]:
    """Yield the columns of each part: the first again each time, and as many of the others as fit."""
    chosen = [0]
    for i in range(1, len(widths)):
        if len(chosen) > 1 and sum(widths[j] for j in chosen) + widths[i] > PAGE_LETTERS:
            yield chosen
            chosen = [0]
        chosen.append(i)
    yield chosen


def _cell(cell: Cell, column: Column) -> str:
    return cell_text(cell, column, Style("none"))
