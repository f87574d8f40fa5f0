"""Rank correlation for regression, its bootstrap, and two models in pairs on the same tracks.

Conventions
-----------
One axis is a 1-D array; several are the columns of a (tracks, axes) array.  An undefined correlation is a `Value`
without a number and with its reason; a mean over axes of which one is undefined is undefined.  Intervals come from
resampling tracks, each with its true values and all that was predicted of it, on every axis at once.

References
----------
Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15, 1904.
Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 8 and 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labsteps.evaluation.intervals import percentile_interval, resampled_counts
from labsteps.results import Value

_BLOCK = 2048  # resamples worked on at once, which bounds the memory


@dataclass(frozen=True, eq=False)
class AxisPredictions:
    """What a model said of each track on each axis.

    Attributes
    ----------
    ids : np.ndarray [shape=(N,), dtype=int64]
        Track ids, all different.
    true, predicted : np.ndarray [shape=(N, A)]
        One column an axis.
    axes
        Names of the columns.
    """

    ids: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    axes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse tables that do not fit each other; (N, 1) beside (N,) would be broadcast.

        Raises
        ------
        ValueError
            Names the shapes.
        """
        wanted = (len(self.ids), len(self.axes))
        if self.true.shape != wanted or self.predicted.shape != wanted:
            raise ValueError(
                f"{wanted[0]} tracks and {wanted[1]} axes need tables of shape {wanted}, "
                f"not {self.true.shape} and {self.predicted.shape}"
            )
        if len(np.unique(self.ids)) != len(self.ids):
            raise ValueError("a track is there twice")


@dataclass(frozen=True, slots=True)
class SpearmanComparison:
    """How the rank correlations of two models differ on the tracks that both have, first minus second.

    Attributes
    ----------
    tracks
        How many tracks these are.
    axes
        Axis → difference, with its 95 % interval.
    mean
        Difference of the means over the axes.
    """

    tracks: int
    axes: Mapping[str, Value]
    mean: Value


def validate(predicted: np.ndarray, true: np.ndarray) -> None:
    """Refuse anything but two 1-D arrays of one length.

    Raises
    ------
    ValueError
        Names the shapes.
    """
    if predicted.ndim != 1 or predicted.shape != true.shape:
        raise ValueError(f"correlation takes two 1-D arrays of one length, not {predicted.shape} and {true.shape}")


def spearman(predicted: np.ndarray, true: np.ndarray) -> Value:
    """Return Spearman's rank correlation; ties share their mean rank.

    Parameters
    ----------
    predicted, true : np.ndarray [shape=(N,)]
        One axis.

    Returns
    -------
    Value
        From −1 to 1; undefined, with its reason, where N < 3, one of the two is constant, or a
        prediction is not a finite number.

    Raises
    ------
    ValueError
        If they are not two 1-D arrays of one length.
    """
    validate(predicted, true)
    if len(true) < 3:
        return Value(None, reason=f"needs at least 3 tracks, there are {len(true)}")
    if not np.isfinite(predicted).all():
        return Value(None, reason="a prediction is not a finite number")
    for name, values in (("the predictions", predicted), ("the true values", true)):
        if np.all(values == values[0]):
            return Value(None, reason=f"{name} are all the same, so they have no order")
    from scipy.stats import rankdata

    a, b = rankdata(predicted), rankdata(true)
    return Value(float(np.corrcoef(a, b)[0, 1]))


def resampled_spearman(predicted: np.ndarray, true: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the rank correlation of each resampled set, NaN where it is undefined.

    A set that holds a track c times gives it and all that are equal to it one mean rank, which follows from the sums
    of the counts in the order of the values: no set is sorted.

    Parameters
    ----------
    predicted, true : np.ndarray [shape=(N,)]
        One axis.
    counts : np.ndarray [shape=(R, N), dtype=int]
        How often each set holds each track; every row has the same sum.

    Returns
    -------
    np.ndarray [shape=(R,), dtype=float64]
    """
    validate(predicted, true)
    blocks = [counts[i : i + _BLOCK] for i in range(0, len(counts), _BLOCK)]
    return np.concatenate([_spearman_of_counts(predicted, true, block) for block in blocks])


def spearman_intervals(said: AxisPredictions, *, resamples: int = 2000, seed: int = 0) -> dict[str, Value]:
    """Return axis → correlation with its 95 % interval, and under ``mean`` that of their mean."""
    counts = resampled_counts(np.ones(len(said.ids), np.int64), resamples, seed) if len(said.ids) else np.zeros((0, 0))
    each = {axis: spearman(said.predicted[:, i], said.true[:, i]) for i, axis in enumerate(said.axes)}
    drawn = {
        axis: resampled_spearman(said.predicted[:, i], said.true[:, i], counts)
        for i, axis in enumerate(said.axes)
        if each[axis].number is not None
    }
    values = {axis: _with_interval(value, drawn.get(axis)) for axis, value in each.items()}
    mean = _mean(each)
    return {**values, "mean": mean if mean.number is None else _with_interval(mean, _mean_of(drawn))}


def compare_spearman(
    first: AxisPredictions, second: AxisPredictions, *, resamples: int = 2000, seed: int = 0
) -> SpearmanComparison:
    """Compare two models on the tracks and axes that both have, by the paired bootstrap.

    Parameters
    ----------
    first, second
        Their predictions; the order of the tracks and axes does not matter.
    resamples
        Resamples behind each interval.
    seed
        Seed of the bootstrap.

    Raises
    ------
    ValueError
        If no track or no axis is in both, or a track has not the same true values in both.
    """
    axes = tuple(axis for axis in first.axes if axis in second.axes)
    if not axes:
        raise ValueError(f"no axis is in both: {', '.join(first.axes)} against {', '.join(second.axes)}")
    _, at_first, at_second = np.intersect1d(first.ids, second.ids, assume_unique=True, return_indices=True)
    if not len(at_first):
        raise ValueError("no track is in both")
    a, b = _columns(first, at_first, axes), _columns(second, at_second, axes)
    if not np.allclose(a.true, b.true):
        raise ValueError("some tracks have other true values in one set than in the other")
    counts = resampled_counts(np.ones(len(a.ids), np.int64), resamples, seed)
    differences, drawn = {}, {}
    for i, axis in enumerate(axes):
        scores = [spearman(one.predicted[:, i], one.true[:, i]) for one in (a, b)]
        undefined = next((score for score in scores if score.number is None), None)
        if undefined is not None:
            differences[axis] = undefined
            continue
        resampled = [resampled_spearman(one.predicted[:, i], one.true[:, i], counts) for one in (a, b)]
        drawn[axis] = resampled[0] - resampled[1]
        point = Value((scores[0].number or 0.0) - (scores[1].number or 0.0))
        differences[axis] = _with_interval(point, drawn[axis])
    mean = _mean(differences)
    return SpearmanComparison(
        len(a.ids), differences, mean if mean.number is None else _with_interval(mean, _mean_of(drawn))
    )


def _spearman_of_counts(predicted: np.ndarray, true: np.ndarray, counts: np.ndarray) -> np.ndarray:
    tracks = counts.sum(axis=1, keepdims=True)
    a, b = (_mean_ranks(values, counts) - (tracks + 1) / 2 for values in (predicted, true))
    spread = np.sqrt((counts * a * a).sum(axis=1) * (counts * b * b).sum(axis=1))
    covariance = (counts * a * b).sum(axis=1)
    correlation: np.ndarray = np.divide(covariance, spread, out=np.full(len(counts), np.nan), where=spread > 0)
    return correlation


def _mean_ranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the rank of each track in each set, shape (R, N); equal values share their mean rank."""
    _, group = np.unique(values, return_inverse=True)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.add.reduceat(counts[:, order], starts, axis=1)  # (R, groups)
    ranks: np.ndarray = (sizes.cumsum(axis=1) - (sizes - 1) / 2)[:, group]
    return ranks


def _columns(said: AxisPredictions, tracks: np.ndarray, axes: tuple[str, ...]) -> AxisPredictions:
    columns = [said.axes.index(axis) for axis in axes]
    chosen = np.ix_(tracks, np.array(columns))
    return AxisPredictions(said.ids[tracks], said.true[chosen], said.predicted[chosen], axes)


def _mean(each: Mapping[str, Value]) -> Value:
    undefined = next((f"{axis}: {value.reason}" for axis, value in each.items() if value.number is None), None)
    if undefined is not None:
        return Value(None, reason=undefined)
    return Value(float(np.mean([value.number for value in each.values()])))


def _mean_of(drawn: Mapping[str, np.ndarray]) -> np.ndarray:
    mean: np.ndarray = np.mean(np.stack(list(drawn.values())), axis=0)
    return mean


def _with_interval(value: Value, samples: np.ndarray | None) -> Value:
    """Return the value with the percentiles of its resamples; without them where too few sets have an order."""
    if value.number is None or samples is None or np.isnan(samples).all():
        return value
    return Value(value.number, *percentile_interval(samples))
