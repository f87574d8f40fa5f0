"""What all spoken lines share: a language, numbers that are read out well, and places on an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import Final

from labsteps.greek import greek, in_greek_below
from labsteps.results import Axis, Cell, Column
from workbench.greek import say

_PLAIN_WHOLE: Final = 1e6


@dataclass(frozen=True, slots=True)
class Speech:
    """Puts sentences together in a language, ``en`` or ``el``."""

    language: str = "en"

    def say(self, template: str, *values: object) -> str:
        """Return a sentence of ours with its places filled."""
        return say(template, self.language).format(*values)

    def lab(self, text: str) -> str:
        """Return what a part wrote, in the language."""
        return greek(text) if self.language == "el" else text

    def below(self, heading: str, text: str) -> str:
        """Return a cell of a column, or a category of an axis; what a data set names stays as it is."""
        return in_greek_below(heading, text) if self.language == "el" else text

    def axis(self, axis: Axis) -> str:
        """Return an axis with its unit."""
        return f"{self.lab(axis.name)} ({self.lab(axis.unit)})" if axis.unit else self.lab(axis.name)

    def place(self, axis: Axis, at: float) -> str:
        """Return a place on an axis with its unit; see `place`."""
        return f"{place(axis, at)} {self.lab(axis.unit)}".rstrip()

    def cell(self, cell: Cell, column: Column) -> str:
        """Return a table's cell as it is read out."""
        if cell is None:
            return self.say("undefined")
        if isinstance(cell, bool):
            return self.say("yes" if cell else "no")
        if isinstance(cell, str):
            return self.below(column.name, cell.strip())
        return str(cell) if isinstance(cell, int) else decimal(cell, column.digits)


def decimal(value: float, digits: int) -> str:
    """Return a number with so many digits after the point; one that would be 0 so keeps four that count."""
    text = f"{value:.{digits}f}"
    return f"{value:.4g}" if value and not float(text) else text


def number(value: float | None) -> str:
    """Return a number with four digits that count, whole ones as they are, and a dash for none."""
    if value is None:
        return "–"
    if float(value).is_integer() and abs(value) < _PLAIN_WHOLE:
        return str(int(value))
    return f"{value:.4g}"


def place(axis: Axis, at: float) -> str:
    """Return a place on an axis in its own words.

    On one with named ticks that is the nearest of them; but where an axis has a unit and its ticks are evenly spaced
    numbers, such as seconds, what lies between them is known.
    """
    if not axis.ticks:
        return number(at)
    if axis.unit and (even := _even(axis)) is not None:
        begin, slope = even
        return f"{begin + slope * at:.3g}"
    return min(axis.ticks, key=lambda tick: abs(tick[0] - at))[1]


def _even(axis: Axis) -> tuple[float, float] | None:
    """Return value at 0 and slope of an axis whose ticks are evenly spaced numbers, None of another."""
    try:
        known = [(at, float(text)) for at, text in axis.ticks]
    except ValueError:
        return None
    if len(known) < 2 or known[0][0] == known[1][0]:
        return None
    (first, low), (second, high) = known[:2]
    slope = (high - low) / (second - first)
    begin = low - slope * first
    return (begin, slope) if all(isclose(begin + slope * at, value, abs_tol=1e-6) for at, value in known) else None


def ends(axis: Axis, values: Sequence[float]) -> tuple[str, str]:
    """Return the first and the last place of an axis that has values."""
    return place(axis, min(values)), place(axis, max(values))


def thinned(count: int, most: int) -> list[int]:
    """Return at most so many indices, evenly spread, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(index * (count - 1) / (most - 1)) for index in range(most)})
