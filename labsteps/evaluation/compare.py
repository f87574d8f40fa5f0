"""Two classifiers on the same tracks: how far apart they are, and whether that could be chance.

Conventions
-----------
Clips are paired by track id; a difference is the first classifier's score minus the second's.  McNemar's test is
the exact one: under its hypothesis each clip that only one of the two gets right is a toss of a fair coin, whatever
the number of such clips.  The intervals come from resampling clips, each with both of its predictions.

References
----------
McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
Psychometrika 12, 1947.
Dietterich, "Approximate statistical tests for comparing supervised classification learning algorithms",
Neural Computation 10(7), 1998.
Efron and Tibshirani, "An introduction to the bootstrap", 1993.
Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from labsteps.errors import DataError
from labsteps.evaluation.classification import averages, validate
from labsteps.evaluation.intervals import percentile_interval, resampled_counts
from labsteps.results import Column, Table, Value


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a classifier said of each track of a test set.

    Attributes
    ----------
    ids : np.ndarray [shape=(N,), dtype=int64]
        Track ids, all different.
    true, predicted : np.ndarray [shape=(N,), dtype=int64]
        Class codes.
    classes
        Names in the order of the codes.
    """

    ids: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two classifiers differ on the tracks that both were tested on.

    Attributes
    ----------
    clips
        How many tracks these are.
    accuracy, macro_f1
        Differences, first minus second, with their 95 % intervals.
    only_first, only_second
        Clips that one of them alone gets right.
    p
        Of McNemar's test.
    """

    clips: int
    accuracy: Value
    macro_f1: Value
    only_first: int
    only_second: int
    p: float


def read_predictions(path: Path) -> Predictions:
    """Return what a classifier said of its test set: track id, true and predicted class, and the probabilities.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        classes = tuple(header[3:])
        code = {name: number for number, name in enumerate(classes)}
        columns = [(int(row[0]), code[row[1]], code[row[2]]) for row in rows]
    except (OSError, ValueError, KeyError, IndexError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error!r}. Run its part again with --force.") from error
    table = np.array(columns, np.int64).reshape(-1, 3)
    return Predictions(table[:, 0], table[:, 1], table[:, 2], classes)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided p value of McNemar's exact test; 1 where the two never part.

    Parameters
    ----------
    only_first, only_second
        Clips that one of the two classifiers alone gets right.
    """
    from scipy.stats import binomtest

    parted = only_first + only_second
    return float(binomtest(only_first, parted, 0.5).pvalue) if parted else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p values adjusted for their number by Holm's method, in the order given."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, position in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = highest
    return adjusted


def compare(first: Predictions, second: Predictions, *, resamples: int = 2000, seed: int = 0) -> Comparison:
    """Compare two classifiers on the tracks that both have.

    Parameters
    ----------
    first, second
        Their predictions; the order of the tracks does not matter.
    resamples
        Bootstrap resamples behind each interval.
    seed
        Seed of the bootstrap.

    Raises
    ------
    ValueError
        If the classes differ, no track is in both, or a track has not the same true class in both.
    """
    if first.classes != second.classes:
        raise ValueError(f"the classes differ: {', '.join(first.classes)} against {', '.join(second.classes)}")
    _, at_first, at_second = np.intersect1d(first.ids, second.ids, assume_unique=True, return_indices=True)
    if not len(at_first):
        raise ValueError("no track is in both test sets")
    true, a, b = first.true[at_first], first.predicted[at_first], second.predicted[at_second]
    if not np.array_equal(true, second.true[at_second]):
        raise ValueError("some tracks have another true class in one set than in the other")
    n_classes = len(first.classes)
    validate(true, a, n_classes)
    validate(true, b, n_classes)
    accuracy, macro_f1 = _differences(true, a, b, n_classes, resamples, seed)
    only_first, only_second = int(((a == true) & (b != true)).sum()), int(((b == true) & (a != true)).sum())
    return Comparison(len(true), accuracy, macro_f1, only_first, only_second, mcnemar(only_first, only_second))


def _differences(
    true: np.ndarray, a: np.ndarray, b: np.ndarray, n_classes: int, resamples: int, seed: int
) -> tuple[Value, Value]:
    """Return the differences in accuracy and macro-F1 with the intervals of the paired bootstrap.

    Drawing clips with replacement draws cells (true, a, b) of their joint table; both confusion matrices of a
    resample are sums of the same drawn cells, which is what keeps the pairs together.
    """
    cells, counts = np.unique(np.stack((true, a, b)), axis=1, return_counts=True)
    drawn = np.concatenate((counts[None], resampled_counts(counts, resamples, seed))).astype(float)  # (1 + R, cells)
    scores = []
    for predicted in (cells[1], cells[2]):
        matrix = np.zeros((len(counts), n_classes * n_classes))
        matrix[np.arange(len(counts)), cells[0] * n_classes + predicted] = 1.0
        # As floats, whose products are fast; counts of clips are exact in them.
        matrices = (drawn @ matrix).astype(np.int64)
        scores.append(averages(matrices.reshape(-1, n_classes, n_classes)))
    values = []
    for name in ("accuracy", "macro_f1"):
        difference = scores[0][name] - scores[1][name]
        values.append(Value(float(difference[0]), *percentile_interval(difference[1:])))
    return values[0], values[1]


DIFFERENCE = "difference: first minus second, with its 95 % interval from resampled clips"
PAIRS_NOTE = (
    f"{DIFFERENCE}; first alone, second alone: clips that only this one gets right; p: McNemar's exact test, then "
    "adjusted for the number of rows"
)
UNLIKE = "trained on different tracks, so no p value"


def comparison_tables(
    models: Mapping[str, Predictions],
    *,
    against: Iterable[tuple[str, str]] | None = None,
    resamples: int = 2000,
    seed: int = 0,
    title: str = "Pairs on the same test tracks",
    trained_on: Mapping[str, frozenset[int]] | None = None,
) -> tuple[Table, Table]:
    """Return the differences in accuracy with McNemar's test, and those in macro-F1; one row for each pair of models.

    Parameters
    ----------
    models
        Name → predictions.
    against
        Which pairs; every pair in the order of `models` when None.
    resamples, seed
        As in `compare`.
    title
        What the tables' titles begin with.
    trained_on
        Name → ids of the tracks that a model was trained on.  A pair that was trained on different ones has no p
        value, because it would be one of models and data together; the note names such pairs.
    """
    pairs = list(combinations(models, 2)) if against is None else list(against)
    found = [compare(models[a], models[b], resamples=resamples, seed=seed) for a, b in pairs]
    heard = trained_on or {}
    unlike = [heard.get(a) != heard.get(b) for a, b in pairs]
    tested = iter(holm([one.p for one, other in zip(found, unlike, strict=True) if not other]))
    p_values = [(None, None) if other else (one.p, next(tested)) for one, other in zip(found, unlike, strict=True)]
    apart = [f"{a} ({len(heard[a])} clips), {b} ({len(heard[b])} clips): {UNLIKE}"
             for (a, b), other in zip(pairs, unlike, strict=True) if other]  # fmt: skip
    names = (Column("first"), Column("second"))
    accuracy = Table(
        f"{title}: accuracy",
        (
            *names,
            *(Column(name) for name in ("difference", "from", "to", "p", "p, Holm")),
            *(Column(name, digits=0) for name in ("first alone", "second alone", "n")),
        ),
        tuple(
            (*pair, *_cells(one.accuracy), *p, one.only_first, one.only_second, one.clips)
            for pair, one, p in zip(pairs, found, p_values, strict=True)
        ),
        "; ".join((PAIRS_NOTE, *apart)),
    )
    macro_f1 = Table(
        f"{title}: macro-F1",
        (*names, Column("difference"), Column("from"), Column("to"), Column("n", digits=0)),
        tuple((*pair, *_cells(one.macro_f1), one.clips) for pair, one in zip(pairs, found, strict=True)),
        "; ".join((DIFFERENCE, *apart)),
    )
    return accuracy, macro_f1


def _cells(value: Value) -> tuple[float | None, float | None, float | None]:
    return value.number, value.low, value.high
