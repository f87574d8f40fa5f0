"""Any two models on the tracks that both were tested on, classifiers and regressors alike, from what they stored."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from labsteps.errors import DataError, UsageError
from labsteps.evaluation.compare import Predictions, compare, comparison_tables, read_predictions
from labsteps.evaluation.correlation import AxisPredictions, compare_spearman
from labsteps.evaluation.regression import read_csv
from labsteps.results import Column, Table, Value

TITLE = "Pairs on the same test tracks"

Said = Predictions | AxisPredictions
_Row = tuple[str, str, str, Value, int]


def read_said(path: Path) -> Said:
    """Return what a model said of its test tracks, from the file that its training wrote.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}. Run its part again with --force.") from error
    return read_predictions(path) if header[1:3] == ["true", "predicted"] else read_csv(path)


def pair_tables(
    first: Mapping[str, Said],
    second: Mapping[str, Said],
    *,
    resamples: int = 2000,
    seed: int = 0,
    trained_on: Mapping[str, frozenset[int]] | None = None,
) -> dict[str, Table]:
    """Return the differences of every model of `first` against every one of `second`, on the tracks that both have.

    Parameters
    ----------
    first, second
        Name of the model → what it said of its test tracks.
    resamples
        Bootstrap resamples behind each interval.
    seed
        Seed of the bootstrap.
    trained_on
        As in `comparison_tables`.

    Returns
    -------
    dict
        ``accuracy`` and ``macro_f1`` for classifiers, ``spearman`` for regressors.

    Raises
    ------
    UsageError
        If no two of them were tested on the same tracks, with the same classes or axes.
    """
    classifiers: list[tuple[str, str]] = []
    correlations: list[_Row] = []
    why: list[str] = []
    for a, said in first.items():
        for b, other in second.items():
            try:
                if isinstance(said, Predictions) and isinstance(other, Predictions):
                    compare(said, other, resamples=1, seed=seed)
                    classifiers.append((a, b))
                elif isinstance(said, AxisPredictions) and isinstance(other, AxisPredictions):
                    correlations += _spearman_rows(a, said, b, other, resamples, seed)
                else:
                    raise ValueError("one is a classifier and the other is not")
            except ValueError as error:
                why.append(str(error))
    if not classifiers and not correlations:
        names = f"{', '.join(first)} against {', '.join(second)}"
        raise UsageError(f"{names}: {'; '.join(dict.fromkeys(why)) or 'neither has predictions'}.")
    tables: dict[str, Table] = {}
    if classifiers:
        models = {name: said for name, said in {**first, **second}.items() if isinstance(said, Predictions)}
        pair = comparison_tables(
            models, against=classifiers, resamples=resamples, seed=seed, title=TITLE, trained_on=trained_on
        )
        tables["accuracy"], tables["macro_f1"] = pair
    if correlations:
        tables["spearman"] = _spearman_table(correlations)
    return tables


def _spearman_rows(
    a: str, said: AxisPredictions, b: str, other: AxisPredictions, resamples: int, seed: int
) -> list[_Row]:
    found = compare_spearman(said, other, resamples=resamples, seed=seed)
    several = {"mean": found.mean} if len(found.axes) > 1 else {}
    return [(a, b, axis, value, found.tracks) for axis, value in {**found.axes, **several}.items()]


def _spearman_table(rows: list[_Row]) -> Table:
    columns = (Column("first"), Column("second"), Column("axis"))
    numbers = (Column("difference"), Column("from"), Column("to"), Column("n", digits=0))
    cells = tuple((a, b, axis, value.number, value.low, value.high, n) for a, b, axis, value, n in rows)
    note = "difference: first minus second, with its 95 % interval from resampled tracks"
    undefined = dict.fromkeys(f"{a} and {b}: {value.reason}" for a, b, _, value, _ in rows if value.reason)
    if undefined:
        note += f"; a dash where it is undefined ({'; '.join(undefined)})"
    return Table(f"{TITLE}: Spearman's correlation", (*columns, *numbers), cells, note)
