"""Which clips train, which validate, which are held out.

Every choice depends on the tracks' ids, their labels or values, and the seed, and on nothing else: not on the
order of the clips, and not on a random generator whose stream may change with a version.  Each track gets a
rank from a hash of (seed, purpose, id), and the lowest ranks of each class are taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labsteps.errors import ParameterError

Indices = npt.NDArray[np.int64]

QUANTILE_BINS = 10


@dataclass(frozen=True)
class Parts:
    """Two parts that together are everything.

    Attributes
    ----------
    kept, taken
        Positions in the arrays that were given, both in ascending order of track id: the larger part, which
        trains, and the part of the asked-for fraction, which validates or is held out.
    warnings
        Sentences about classes that could not be in both.
    """

    kept: Indices
    taken: Indices
    warnings: tuple[str, ...] = ()


def stratified_split(
    ids: npt.ArrayLike,
    labels: npt.ArrayLike | Sequence[str],
    *,
    fraction: float,
    seed: int,
    purpose: str = "validation",
) -> Parts:
    """Take about `fraction` of each class.

    A class of two or more has at least one clip on each side; a class of one stays in `kept`, with a warning.

    Parameters
    ----------
    ids : array_like of int [shape=(n,)]
        Track ids, all different.
    labels : array_like of int or str [shape=(n,)]
        Class of each track.
    fraction : float in (0, 1)
        Part of the tracks to take.
    seed
        Seed of the run.
    purpose
        Splits for other purposes are independent of each other at the same seed.

    Raises
    ------
    ParameterError
        If the fraction is not between 0 and 1, ids repeat, or the lengths differ.
    """
    track_ids, codes, names = _check(ids, labels)
    if not 0.0 < fraction < 1.0:
        raise ParameterError(f"fraction is {fraction}; it should lie between 0 and 1")
    sizes = np.bincount(codes, minlength=len(names))
    quota = _quota(sizes, fraction * len(track_ids), low=np.minimum(sizes // 2, 1), high=np.maximum(sizes - 1, 0))
    taken = _lowest_ranked(track_ids, codes, quota, seed, purpose)
    single = [names[code] for code in np.flatnonzero(sizes == 1)]
    warnings = (f"only one clip each, kept for training: {', '.join(single)}",) if single else ()
    return Parts(_by_id(track_ids, ~taken), _by_id(track_ids, taken), warnings)


def held_out_split(
    ids: npt.ArrayLike, values: npt.ArrayLike, *, fraction: float, seed: int, purpose: str = "held out"
) -> Parts:
    """Take about `fraction` of the tracks, spread evenly over the mean of their affect values.

    Parameters
    ----------
    ids : array_like of int [shape=(n,)]
        Track ids, all different.
    values : array_like of float [shape=(n, n_axes)]
        *All* axes of the index, also where a model learns only one: so every model and every axis is judged on
        the same tracks.  The split depends on the ids, these values and the seed alone.
    fraction : float in (0, 1)
        Part of the tracks to take.
    seed
        Seed of the run.
    purpose
        As in `stratified_split`.

    Raises
    ------
    ParameterError
        As in `stratified_split`, and if `values` has not two dimensions.
    """
    table = np.asarray(values, np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise ParameterError(f"affect values have shape {table.shape}; give all axes, (tracks, axes), all finite")
    track_ids = _check_ids(ids)
    if len(table) != len(track_ids):
        raise ParameterError(f"{len(track_ids)} ids and {len(table)} rows of affect values")
    # ties are ordered by id, so that the bins do not depend on the order of the clips
    order = np.lexsort((track_ids, table.mean(axis=1)))
    bins = np.empty(len(order), np.int64)
    # each bin gives a clip of its own accord, so the fraction holds for small sets too
    smaller = min(fraction, 1.0 - fraction) * len(order)
    n_bins = max(1, min(QUANTILE_BINS, int(smaller)))
    bins[order] = np.arange(len(order)) * n_bins // max(len(order), 1)
    return stratified_split(track_ids, bins, fraction=fraction, seed=seed, purpose=purpose)


def subset(
    ids: npt.ArrayLike, labels: npt.ArrayLike | Sequence[str], indices: npt.ArrayLike, *, n: int, seed: int
) -> Indices:
    """Choose `n` of `indices` with the classes in proportion, for quick debugging runs.

    Every class keeps at least one clip while `n` allows it.

    Parameters
    ----------
    ids, labels : array_like [shape=(n_clips,)]
        Of all clips.
    indices : array_like of int
        Positions to choose from.
    n : int > 0
        How many; all are given back when there are no more than that.
    seed
        Seed of the run.

    Returns
    -------
    np.ndarray [dtype=int64]
        Positions in `ids`, in ascending order of track id.

    Raises
    ------
    ParameterError
        If `n` is less than 1, or `ids` and `labels` do not belong together.
    """
    if n < 1:
        raise ParameterError(f"a subset of {n} clips is empty; give at least 1")
    chosen = np.asarray(indices, np.int64)
    track_ids, codes, names = _check(np.asarray(ids)[chosen], np.asarray(labels)[chosen])
    if n >= len(chosen):
        return chosen[_by_id(track_ids, np.ones(len(chosen), bool))]
    sizes = np.bincount(codes, minlength=len(names))
    low = np.ones_like(sizes) if n >= len(names) else np.zeros_like(sizes)
    quota = _quota(sizes, float(n), low=low, high=sizes)
    return chosen[_by_id(track_ids, _lowest_ranked(track_ids, codes, quota, seed, "subset"))]


def _check_ids(ids: npt.ArrayLike) -> Indices:
    track_ids = np.asarray(ids, np.int64)
    if track_ids.ndim != 1 or len(np.unique(track_ids)) != len(track_ids):
        raise ParameterError("track ids should be a list in which none repeats")
    return track_ids


def _check(ids: npt.ArrayLike, labels: npt.ArrayLike | Sequence[str]) -> tuple[Indices, Indices, list[str]]:
    """Return ids, class codes and the classes' names."""
    track_ids = _check_ids(ids)
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    if codes.shape != track_ids.shape:
        raise ParameterError(f"{len(track_ids)} ids and labels of shape {codes.shape}")
    return track_ids, codes.astype(np.int64), [str(name) for name in names]


def _quota(sizes: Indices, total: float, *, low: Indices, high: Indices) -> Indices:
    """Divide `total` over the classes in proportion to their sizes, within bounds, as whole numbers.

    The largest remainders are rounded up; ties go to the first class.
    """
    if not sizes.sum():
        return np.zeros_like(sizes)
    exact = total * sizes / sizes.sum()
    quota: Indices = np.clip(np.floor(exact).astype(np.int64), low, high)
    wanted = min(max(round(total), int(low.sum())), int(high.sum()))
    while (missing := wanted - int(quota.sum())) != 0:
        step = 1 if missing > 0 else -1
        movable = quota < high if step > 0 else quota > low
        quota[np.argmax(np.where(movable, step * (exact - quota), -np.inf))] += step
    return quota


def _lowest_ranked(
    track_ids: Indices, codes: Indices, quota: Indices, seed: int, purpose: str
) -> npt.NDArray[np.bool_]:
    """Mark in each class as many tracks as its quota, lowest rank first."""
    salt = f"{seed}/{purpose}/".encode()
    ranks = [hashlib.blake2b(salt + str(track).encode(), digest_size=16).digest() for track in track_ids.tolist()]
    left = [int(quota[code]) for code in range(len(quota))]
    taken = np.zeros(len(track_ids), bool)
    for position in sorted(range(len(ranks)), key=ranks.__getitem__):
        code = int(codes[position])
        if left[code] > 0:
            left[code] -= 1
            taken[position] = True
    return taken


def _by_id(track_ids: Indices, mask: npt.NDArray[np.bool_]) -> Indices:
    order = np.argsort(track_ids, kind="stable")
    return np.asarray(order[mask[order]], np.int64)
