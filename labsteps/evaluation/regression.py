"""Scores of a regression: rank correlation and errors, each axis by itself and their mean.

Conventions
-----------
``true`` and ``predicted`` are float arrays of shape (N, A): a row a track, a column an axis, in the order of ``axes``.
Spearman's correlation is taken of 1-D columns only, and so is undefined for an axis, never for a whole table.  The
mean over axes is undefined when one of them is.  Intervals come from resampling tracks, the same ones for all axes.

References
----------
Spearman, "The proof and measurement of association between two things", 1904.
Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from labsteps.errors import DataError
from labsteps.evaluation.correlation import spearman
from labsteps.evaluation.intervals import percentile_interval
from labsteps.results import Axis, Scatter, Value, numbers

MEAN = "mean"
_CHUNK = 256


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a model said of each track of a held-out set.

    Attributes
    ----------
    ids : np.ndarray [shape=(N,), dtype=int64]
        Track ids, all different.
    true, predicted : np.ndarray [shape=(N, A), dtype=float64]
        One column an axis.
    axes
        Names of the columns.
    """

    ids: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    axes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse tables that do not fit each other.

        Raises
        ------
        ValueError
            Names the shapes; (N, 1) beside (N,) is one of the things refused.
        """
        wanted = (len(self.ids), len(self.axes))
        if self.true.shape != wanted or self.predicted.shape != wanted:
            raise ValueError(
                f"{wanted[0]} tracks and {wanted[1]} axes need tables of shape {wanted}, "
                f"not {self.true.shape} and {self.predicted.shape}"
            )
        if len(np.unique(self.ids)) != len(self.ids):
            raise ValueError("a track is there twice")

    def only(self, ids: np.ndarray) -> Predicted:
        """Return the tracks `ids` in that order."""
        order = np.argsort(self.ids)
        at = order[np.searchsorted(self.ids, ids, sorter=order)]
        return Predicted(self.ids[at], self.true[at], self.predicted[at], self.axes)


def side_by_side(parts: Sequence[Predicted]) -> Predicted:
    """Return predictions of different axes as one table, over the tracks that all of them have.

    Raises
    ------
    ValueError
        If no track is in all of them, or an axis is there twice.
    """
    shared = common_ids(parts)
    rows = [part.only(shared) for part in parts]
    axes = tuple(axis for part in rows for axis in part.axes)
    if len(set(axes)) != len(axes):
        raise ValueError(f"an axis is there twice: {', '.join(axes)}")
    true, predicted = (np.concatenate([getattr(one, name) for one in rows], axis=1) for name in ("true", "predicted"))
    return Predicted(shared, true, predicted, axes)


def common_ids(parts: Sequence[Predicted]) -> np.ndarray:
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


def evaluate(said: Predicted, *, resamples: int = 2000, seed: int = 0, prefix: str = "held_out") -> dict[str, Value]:
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
    drawn = _drawn(len(said.ids), resamples, seed)
    correlations = _resampled_spearman(said, drawn)  # (resamples, A)
    each = [spearman(said.predicted[:, i], said.true[:, i]) for i in range(len(said.axes))]
    values = {
        f"{prefix}/spearman/{axis}": _with_interval(value, correlations[:, i])
        for i, (axis, value) in enumerate(zip(said.axes, each, strict=True))
    }
    values[f"{prefix}/spearman/{MEAN}"] = _with_interval(_mean(each, said.axes), correlations.mean(axis=1))
    error = said.predicted - said.true
    for name, errors in (("mse", error**2), ("mae", np.abs(error))):
        samples = np.stack([errors[rows].mean(axis=0) for rows in drawn])  # (resamples, A)
        for i, axis in enumerate(said.axes):
            values[f"{prefix}/{name}/{axis}"] = _with_interval(Value(float(errors[:, i].mean())), samples[:, i])
        values[f"{prefix}/{name}/{MEAN}"] = _with_interval(Value(float(errors.mean())), samples.mean(axis=1))
    return values


def spearman_difference(
    first: Predicted, second: Predicted, *, resamples: int = 2000, seed: int = 0
) -> tuple[dict[str, Value], int]:
    """Return how far two models' correlations part on the tracks that both have, and how many these are.

    Tracks are resampled in pairs, each with both of its predictions.

    Returns
    -------
    tuple of dict and int
        Axis (and ``mean``) → first minus second, with its 95 % interval; number of tracks.

    Raises
    ------
    ValueError
        If the axes differ, no track is in both, or a track has not the same truth in both.
    """
    if first.axes != second.axes:
        raise ValueError(f"the axes differ: {', '.join(first.axes)} against {', '.join(second.axes)}")
    shared = common_ids([first, second])
    a, b = first.only(shared), second.only(shared)
    if not np.allclose(a.true, b.true, atol=1e-6):
        raise ValueError("some tracks have another true value in one set than in the other")
    drawn = _drawn(len(shared), resamples, seed)
    samples = _resampled_spearman(a, drawn) - _resampled_spearman(b, drawn)
    found: dict[str, Value] = {}
    pairs = []
    for i, axis in enumerate(a.axes):
        mine, theirs = spearman(a.predicted[:, i], a.true[:, i]), spearman(b.predicted[:, i], b.true[:, i])
        pairs.append(_difference(mine, theirs))
        found[axis] = _with_interval(pairs[-1], samples[:, i])
    found[MEAN] = _with_interval(_mean(pairs, a.axes), samples.mean(axis=1))
    return found, len(shared)


def scatter(said: Predicted, axis: str, *, title: str) -> Scatter:
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
    )


def to_csv(said: Predicted) -> bytes:
    """Return track id, then truth and prediction of every axis, one line a track; numbers to the last bit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", *(f"{kind}_{axis}" for axis in said.axes for kind in ("true", "predicted"))])
    table = np.stack((said.true, said.predicted), axis=2).reshape(len(said.ids), -1)
    for track, row in zip(said.ids.tolist(), table.tolist(), strict=True):
        writer.writerow([track, *map(repr, row)])
    return text.getvalue().encode()


def read_csv(path: Path) -> Predicted:
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
        return Predicted(ids, table[:, :, 0], table[:, :, 1], axes)
    except (OSError, ValueError, IndexError) as error:
        raise DataError(f"{path} cannot be read: {error}. Run its part again with --force.") from error


def constant(said: Predicted, means: np.ndarray) -> Predicted:
    """Return what a model says that gives every track the training part's means, shape (A,)."""
    return replace(said, predicted=np.broadcast_to(means, said.true.shape).astype(np.float64))


def _drawn(count: int, resamples: int, seed: int) -> np.ndarray:
    """Return positions of resampled tracks, shape (resamples, N)."""
    return np.random.default_rng(seed).integers(0, count, (resamples, count))


def _resampled_spearman(said: Predicted, drawn: np.ndarray) -> np.ndarray:
    """Return the correlation of each axis in each resample, shape (resamples, A), NaN where undefined."""
    from scipy.stats import rankdata

    found = np.full((len(drawn), len(said.axes)), np.nan)
    for column in range(len(said.axes)):
        for begin in range(0, len(drawn), _CHUNK):
            rows = drawn[begin : begin + _CHUNK]
            a, b = (rankdata(values[rows, column], axis=1) for values in (said.predicted, said.true))
            a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
            with np.errstate(invalid="ignore", divide="ignore"):
                norm = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
                found[begin : begin + _CHUNK, column] = (a * b).sum(axis=1) / norm
    return found


def _with_interval(value: Value, samples: np.ndarray) -> Value:
    if value.number is None or not np.isfinite(samples).any():
        return value
    return Value(value.number, *percentile_interval(samples))


def _mean(each: Sequence[Value], axes: Sequence[str]) -> Value:
    missing = [f"{axis}: {value.reason}" for axis, value in zip(axes, each, strict=True) if value.number is None]
    if missing:
        return Value(None, reason="; ".join(missing))
    return Value(float(np.mean([value.number for value in each if value.number is not None])))


def _difference(first: Value, second: Value) -> Value:
    if first.number is None or second.number is None:
        return Value(None, reason=first.reason or second.reason)
    return Value(first.number - second.number)
