"""What the cells of a matrix say: counts, percents, recalls and short names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from labsteps.results import Heatmap
from workbench.plots.style import Style
from workbench.plots.text import abbreviations, cells, finite, number, printable, share

BRIEF: Final = 6
WHOLE: Final = "100"


@dataclass(frozen=True, slots=True)
class Side:
    """A column of numbers at the right of the cells."""

    heading: str
    texts: tuple[str, ...]

    @property
    def width(self) -> int:
        """Its cells, with the gap before it."""
        return max(map(cells, (self.heading, *self.texts, "999"))) + (2 if len(self.heading) > 3 else 1)


@dataclass(frozen=True, slots=True)
class Content:
    """What the cells say, before it is known how many there is space for; `of_rows`: in percent of their row."""

    names: tuple[str, ...]
    brief: tuple[str, ...]
    columns: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    percents: tuple[tuple[int, ...], ...]
    of_rows: bool
    clips: Side | None
    recall: Side | None

    def digits(self, style: Style) -> int:
        """Return the cells of the longest number, but for 100 % where colour needs no brackets around it.

        One hundred stands alone in its row, so that it may reach up to the nothing before it; not up to a name.
        """
        texts = [text for row in self.texts for text in row]
        after_name = any(row[:1] == (WHOLE,) for row in self.texts)
        if self.of_rows and style.depth != "none" and not after_name:
            texts = [text for text in texts if text != WHOLE] or texts
        return max(map(cells, texts))

    def text(self, row: int, column: int, cell: int, style: Style) -> str:
        """Return what a cell says; a nothing that 100 % reaches up to is told by a sign, as its digit would join it."""
        found, after = self.texts[row][column], self.texts[row][column + 1 : column + 2]
        joined = self.of_rows and after == (WHOLE,) and cell <= len(WHOLE) and found == "0"
        return ("·" if style.unicode else ".") if joined else found


def blank_of(style: Style) -> str:
    """Return the sign of an undefined number."""
    return "–" if style.unicode else "-"


def content_of(figure: Heatmap, style: Style, *, normalise: bool, fine: bool = False) -> Content:
    """Return what the cells of a matrix say.

    Parameters
    ----------
    normalise
        Whether percents of the rows stand in place of counts.
    fine
        Whether numbers that are no counts have more digits.
    """
    blank = blank_of(style)
    count = len(figure.columns)
    values = [[finite(v) for v in row[:count]] for row in figure.values[: len(figure.rows)]]
    values = [row + [None] * (count - len(row)) for row in values]
    values += [[None] * count for _ in range(len(figure.rows) - len(values))]
    totals = [sum(v for v in row if v is not None) for row in values]
    names = tuple(printable(name, unicode=style.unicode) for name in figure.rows)
    columns = tuple(printable(name, unicode=style.unicode) for name in figure.columns)
    brief = tuple(abbreviations(names, BRIEF))
    if not figure.counts:
        texts = tuple(tuple(blank if v is None else number(v, 4) if fine else _short(v) for v in row) for row in values)
        return Content(names, brief, columns, texts, _relative(values), False, None, None)
    parts = [
        [v / total if v is not None and 0 <= v <= total and 0 < total < math.inf else None for v in row]
        for row, total in zip(values, totals, strict=True)
    ]
    percents = tuple(tuple(round(100 * min(max(p or 0.0, 0.0), 1.0)) for p in row) for row in parts)
    if normalise:
        texts = tuple(tuple(blank if p is None else str(round(100 * p)) for p in row) for row in parts)
    else:
        texts = tuple(tuple(blank if v is None else _whole(v) for v in row) for row in values)
    clips = Side("n", tuple(_whole(total) for total in totals))
    recall = None
    if figure.rows == figure.columns:
        recalls = [row[i] for i, row in enumerate(parts)]
        recall = Side("recall", tuple(blank if r is None else share(r) for r in recalls))
    return Content(names, brief, columns, texts, percents, normalise, clips, recall)


def _whole(value: float) -> str:
    return f"{value:.0f}" if abs(value) < 1e6 and float(value).is_integer() else f"{value:.2g}"


def _short(value: float) -> str:
    """Return a number in about four characters."""
    size = abs(value)
    if size >= 1e5 or 0 < size < 0.005:
        return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")
    if size < 1:
        return f"{value:.2f}".replace("0.", ".", 1)
    return number(value, 2 if size < 10 else 1 if size < 100 else 0)


def _relative(values: Sequence[Sequence[float | None]]) -> tuple[tuple[int, ...], ...]:
    """Return each value's place between the least and the greatest, in percent."""
    known = [v for row in values for v in row if v is not None]
    if not known:
        return tuple(tuple(0 for _ in row) for row in values)
    low = min(known) / 2
    span = max(known) / 2 - low
    return tuple(
        tuple(0 if v is None or span <= 0 else round(100 * min(1.0, (v / 2 - low) / span)) for v in row)
        for row in values
    )
