"""Matrices in words: of a confusion matrix each class's recall and what it was taken for; of others their ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from labsteps.results import Heatmap
from workbench.spoken.words import Speech, decimal, number

MOST_CONFUSIONS: Final = 5
_FEW_CELLS: Final = 120


def heatmap_lines(matrix: Heatmap, speech: Speech, *, numbers: bool = False) -> Iterator[str]:
    """Yield a matrix in lines."""
    if matrix.counts:
        yield from _confusion_lines(matrix, speech)
    else:
        yield from _ends_of(matrix, speech)
    few = not matrix.counts and len(matrix.rows) * len(matrix.columns) <= _FEW_CELLS
    if numbers or few:
        for name, row in zip(matrix.rows, matrix.values, strict=True):
            cells = zip(matrix.columns, row, strict=True)
            told = ", ".join(f"{speech.below(matrix.x_axis.name, column)} {number(value)}" for column, value in cells)
            yield f"{speech.below(matrix.y_axis.name, name)}: {told}"


def _confusion_lines(matrix: Heatmap, speech: Speech) -> Iterator[str]:
    rows = [[value or 0.0 for value in row] for row in matrix.values]
    right, count = sum(row[i] for i, row in enumerate(rows)), sum(map(sum, rows))
    share = decimal(right / count, 3) if count else "–"
    yield speech.say(
        "{}: rows are the true classes. {} of {} clips are right, {}.",
        speech.lab(matrix.title),
        number(right),
        number(count),
        share,
    )
    confusions: list[tuple[float, str, str]] = []
    for i, (name, row) in enumerate(zip(matrix.rows, rows, strict=True)):
        whole = sum(row)
        wrong = sorted(((value, j) for j, value in enumerate(row) if value and j != i), key=lambda one: -one[0])
        confusions += [(value, name, matrix.columns[j]) for value, j in wrong]
        if not whole:
            yield speech.say("{}: no clip of this class", name)
            continue
        told = speech.say(
            "{}: {} of {} right, recall {}", name, number(row[i]), number(whole), decimal(row[i] / whole, 2)
        )
        taken = ", ".join(speech.say("{} as {}", number(value), matrix.columns[j]) for value, j in wrong)
        yield speech.say("{}; {}", told, taken) if taken else told
    confusions.sort(key=lambda one: -one[0])
    if confusions:
        most = "; ".join(
            speech.say("{} taken for {}: {}", true, told, number(value))
            for value, true, told in confusions[:MOST_CONFUSIONS]
        )
        yield speech.say("Most frequent confusions: {}.", most)


def _ends_of(matrix: Heatmap, speech: Speech) -> Iterator[str]:
    found = [
        (value, row, column)
        for row, values in zip(matrix.rows, matrix.values, strict=True)
        for column, value in zip(matrix.columns, values, strict=True)
        if value is not None
    ]
    yield speech.say(
        "{}: matrix. {} rows: {}; {} columns: {}.",
        speech.lab(matrix.title),
        len(matrix.rows),
        speech.axis(matrix.y_axis),
        len(matrix.columns),
        speech.axis(matrix.x_axis),
    )
    if found:
        low, high = min(found), max(found)
        yield speech.say(
            "Lowest {}: {}, {}. Highest {}: {}, {}.",
            number(low[0]),
            speech.below(matrix.y_axis.name, low[1]),
            speech.below(matrix.x_axis.name, low[2]),
            number(high[0]),
            speech.below(matrix.y_axis.name, high[1]),
            speech.below(matrix.x_axis.name, high[2]),
        )
