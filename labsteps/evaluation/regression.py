"""Scores of a regression: rank correlation and errors, each axis by itself and their mean; predictions as a file.

Conventions
-----------
``true`` and ``predicted`` are float arrays of shape (N, A): a row a track, a column an axis, in the order of ``axes``.
Intervals come from resampling tracks, the same ones for all axes and scores.

References
----------
Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from labsteps.errors import DataError
from labsteps.evaluation.correlation import AxisPredictions, spearman_intervals
from labsteps.evaluation.intervals import percentile_interval, resampled_counts
from labsteps.results import Axis, Scatter, Value, numbers

MEAN = "mean"


def side_by_side(parts: Sequence[AxisPredictions]) -> AxisPredictions:
    """Return predictions of different axes as one table, over the tracks that all of them have.

    Raises
    ------
    ValueError
        If no track is in all of them, or an axis is there twice.
    """
    shared = common_ids(parts)
    rows = [only(part, shared) for part in parts]
    axes = tuple(axis for part in rows for axis in part.axes)
    if len(set(axes)) != len(axes):
        raise ValueError(f"an axis is there twice: {', '.join(axes)}")
    true, predicted = (np.concatenate([getattr(one, name) for one in rows], axis=1) for name in ("true", "predicted"))
    return AxisPredictions(shared, true, predicted, axes)


def only(said: AxisPredictions, ids: np.ndarray) -> AxisPredictions:
    """Return the tracks `ids`, shape (M,), all of which are there, in that order."""
    order = np.argsort(said.ids)
    at = order[np.searchsorted(said.ids, ids, sorter=order)]
    return replace(said, ids=said.ids[at], true=said.true[at], predicted=said.predicted[at])


def common_ids(parts: Sequence[AxisPredictions]) -> np.ndarray:
    """Return the ids that all have, ascending.

    Raises
    ------
    ValueError
        If there are none.
    """
    shared = parts[0].ids
    for part in parts[1:]:
        shared = np.intersect1d(shared, part.ids)
    if not len(shared):
        raise ValueError("no track is in all of the held-out sets")
    return np.sort(shared)


def evaluate(
    said: AxisPredictions, *, resamples: int = 2000, seed: int = 0, prefix: str = "held_out"
) -> dict[str, Value]:
    """Return every score with its 95 % interval.

    Parameters
    ----------
    said
        Predictions beside the truth.
    resamples
        Bootstrap resamples behind each interval.
    seed
        Seed of the bootstrap.
    prefix
        What the values are called before the slash.

    Returns
    -------
    dict
        ``<prefix>/spearman/<axis>``, ``…/mse/<axis>``, ``…/mae/<axis>``, and ``…/<score>/mean`` over the axes.
    """
    correlations = spearman_intervals(said, resamples=resamples, seed=seed)
    values = {f"{prefix}/spearman/{name}": value for name, value in correlations.items()}
    counts = resampled_counts(np.ones(len(said.ids), np.int64), resamples, seed)  # (resamples, N)
    error = said.predicted - said.true
    for score, errors in (("mse", error**2), ("mae", np.abs(error))):
        with_mean = np.column_stack((errors, errors.mean(axis=1)))  # (N, A + 1)
        samples = counts @ with_mean / len(said.ids)  # (resamples, A + 1)
        for i, name in enumerate((*said.axes, MEAN)):
            ends = percentile_interval(samples[:, i])
            values[f"{prefix}/{score}/{name}"] = Value(float(with_mean[:, i].mean()), *ends)
    return values


def scatter(said: AxisPredictions, axis: str, *, title: str) -> Scatter:
    """Return truth against prediction of one axis as a figure."""
    column = said.axes.index(axis)
    return Scatter(
        title,
        Axis(f"true {axis}"),
        Axis(f"predicted {axis}"),
        numbers(said.true[:, column]),
        numbers(said.predicted[:, column]),
        ("",) * len(said.ids),
        tuple(str(track) for track in said.ids),
        identity=True,
    )


def to_csv(said: AxisPredictions) -> bytes:
    """Return track id, then truth and prediction of every axis, one line a track; numbers to the last bit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", *(f"{kind}_{axis}" for axis in said.axes for kind in ("true", "predicted"))])
    table = np.stack((said.true, said.predicted), axis=2).reshape(len(said.ids), -1)
    for track, row in zip(said.ids.tolist(), table.tolist(), strict=True):
        writer.writerow([track, *map(repr, row)])
    return text.getvalue().encode()


def read_csv(path: Path) -> AxisPredictions:
    """Return what `to_csv` wrote into a file.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        axes = tuple(name.removeprefix("true_") for name in header[1::2])
        if header != ["id", *(f"{kind}_{axis}" for axis in axes for kind in ("true", "predicted"))]:
            raise ValueError(f"its first line is {header}")
        ids = np.array([int(row[0]) for row in rows], np.int64)
        table = np.array([[float(cell) for cell in row[1:]] for row in rows], np.float64)
        table = table.reshape(len(ids), len(axes), 2)
        return AxisPredictions(ids, table[:, :, 0], table[:, :, 1], axes)
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}. Run its part again with --force.") from error


def constant(said: AxisPredictions, means: np.ndarray) -> AxisPredictions:
    """Return what a model says that gives every track the training part's means, shape (A,)."""
    return replace(said, predicted=np.broadcast_to(means, said.true.shape).astype(np.float64))
