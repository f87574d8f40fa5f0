"""How well classes separate in a space, and how faithful a map of it is.

Conventions
-----------
Points are rows, shape (N, D); codes are 1-D class codes.  Distances are Euclidean.  Every score is a mean over the
points, so each function returns one number a point, NaN where the point has none, and `mean_value` makes of them a
`Value` with its interval.  The interval says how far the mean would move with other test tracks in the space as it
is; the space itself, and the map, are not made again.

References
----------
Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", Journal of
Computational and Applied Mathematics 20, 1987 (the silhouette).
Cover and Hart, "Nearest neighbor pattern classification", IEEE Transactions on Information Theory 13(1), 1967.
Venna and Kaski, "Neighborhood preservation in nonlinear projection methods: an experimental study", ICANN 2001,
equations 1 and 2 (trustworthiness and continuity).
"""

from __future__ import annotations

import numpy as np

from labsteps.evaluation.intervals import percentile_interval, resampled_counts
from labsteps.results import Value

NO_SILHOUETTE = "it takes two classes, and two tracks in one of them"


def validate(points: np.ndarray, codes: np.ndarray | None = None) -> None:
    """Refuse points that are not finite rows, shape (N, D), and codes that are not one a point, shape (N,).

    Raises
    ------
    ValueError
        Names what is wrong.
    """
    if points.ndim != 2 or not len(points):
        raise ValueError(f"points must be rows of a matrix, not of shape {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError("a coordinate is not a finite number")
    if codes is not None and codes.shape != points.shape[:1]:
        raise ValueError(f"there are {len(points)} points and class codes of shape {codes.shape}")


def distances(points: np.ndarray) -> np.ndarray:
    """Return the distance of every point to every other, shape (N, N), float64; the diagonal is 0."""
    validate(points)
    from scipy.spatial.distance import pdist, squareform

    return np.asarray(squareform(pdist(np.asarray(points, np.float64))))


def silhouettes(apart: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the silhouette of each point: 1 deep in its own class, 0 between two, −1 deep in another.

    Parameters
    ----------
    apart : np.ndarray [shape=(N, N)]
        As `distances` returns them.
    codes : np.ndarray [shape=(N,), dtype=int]
        Class codes.

    Returns
    -------
    np.ndarray [shape=(N,), dtype=float64]
        (b − a) / max(a, b) with a the mean distance to the own class's other points and b the mean distance to the
        nearest other class.  NaN for the only point of a class, which has no a, and where there is one class only.
    """
    names, inverse = np.unique(codes, return_inverse=True)
    member = np.eye(len(names))[inverse]  # (N, C)
    sizes = member.sum(axis=0)
    if len(names) < 2:
        return np.full(len(codes), np.nan)
    sums = apart @ member  # (N, C)
    own = np.take_along_axis(sums, inverse[:, None], axis=1)[:, 0]
    others = np.where(member > 0, np.inf, sums / sizes)
    with np.errstate(invalid="ignore", divide="ignore"):
        a = own / (sizes[inverse] - 1)
        b = others.min(axis=1)
        scores = (b - a) / np.maximum(a, b)
    # Points that all lie on one spot are neither inside nor outside of anything.
    scores[(a == 0) & (b == 0)] = 0.0
    scores[sizes[inverse] < 2] = np.nan
    return np.asarray(scores)


def neighbours_vote(apart: np.ndarray, codes: np.ndarray, k: int) -> np.ndarray:
    """Return the class that the k nearest other points vote for, one code a point.

    A tie goes to the class whose nearest member is nearest.

    Parameters
    ----------
    apart : np.ndarray [shape=(N, N)]
        Distances.
    codes : np.ndarray [shape=(N,), dtype=int]
        Class codes.
    k
        Neighbours, at least 1 and less than N.

    Raises
    ------
    ValueError
        If there are not so many neighbours.
    """
    n = len(codes)
    if not 1 <= k < n:
        raise ValueError(f"{k} neighbours among {n} points")
    names, inverse = np.unique(codes, return_inverse=True)
    nearest = _order(apart)[:, :k]  # (N, k)
    voters = inverse[nearest]
    votes = np.zeros((n, len(names)))
    rows = np.arange(n)
    # From the farthest to the nearest, so that what stays in `first` is the place of each class's nearest member.
    first = np.full((n, len(names)), k)
    for place in range(k - 1, -1, -1):
        votes[rows, voters[:, place]] += 1
        first[rows, voters[:, place]] = place
    return np.asarray(names[(votes * (k + 1) - first).argmax(axis=1)])


def trust_and_continuity(apart: np.ndarray, mapped: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return trustworthiness and continuity of each point of a map.

    A map is trustworthy where the k neighbours that it shows are neighbours in the space too, and continuous where
    the k neighbours in the space stay neighbours on the map.  A wrong or lost neighbour costs as much as its rank is
    beyond k.

    Parameters
    ----------
    apart, mapped : np.ndarray [shape=(N, N)]
        Distances in the space and on the map.
    k
        Size of the neighbourhood; see `why_no_neighbourhood`.

    Returns
    -------
    tuple of np.ndarray [shape=(N,), dtype=float64]
        1 where nothing is wrong or lost, 0 for the worst map there is.

    Raises
    ------
    ValueError
        Says why neighbourhoods of `k` tell nothing of so few points.
    """
    n = len(apart)
    reason = why_no_neighbourhood(n, k)
    if reason:
        raise ValueError(reason)
    scale = 2.0 / (k * (2 * n - 3 * k - 1))
    order, order_mapped = _order(apart), _order(mapped)
    ranks, ranks_mapped = _ranks(order), _ranks(order_mapped)
    wrong = np.take_along_axis(ranks, order_mapped[:, :k], axis=1) - k  # (N, k)
    lost = np.take_along_axis(ranks_mapped, order[:, :k], axis=1) - k
    return 1.0 - scale * wrong.clip(min=0).sum(axis=1), 1.0 - scale * lost.clip(min=0).sum(axis=1)


def why_no_neighbourhood(n: int, k: int) -> str:
    """Return why neighbourhoods of k points say nothing about a map of n points; empty where they do."""
    if n < 3 or 2 * k >= n:
        return f"{k} neighbours are half of the {n} tracks or more; fewer neighbours can be told apart"
    return ""


def explained(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates along the principal axes and each axis's part of the variance.

    Parameters
    ----------
    points : np.ndarray [shape=(N, D)]
        At least two rows.

    Returns
    -------
    tuple of np.ndarray [shape=(N, R)] and [shape=(R,)]
        R is min(N − 1, D); the parts sum to 1, and are NaN where all points are the same.  The sign of an axis is
        chosen so that its largest loading is positive, so that a map does not turn over between machines.
    """
    validate(points)
    centred = np.asarray(points, np.float64) - points.mean(axis=0, dtype=np.float64)
    left, sizes, loadings = np.linalg.svd(centred, full_matrices=False)
    kept = min(len(points) - 1, points.shape[1])
    left, sizes, loadings = left[:, :kept], sizes[:kept], loadings[:kept]
    largest = np.take_along_axis(loadings, np.abs(loadings).argmax(axis=1)[:, None], axis=1)[:, 0]
    signs = np.where(largest < 0, -1.0, 1.0)
    total = np.square(sizes).sum()
    parts = np.square(sizes) / total if total > 0 else np.full(kept, np.nan)
    return left * (sizes * signs), parts


def mean_value(scores: np.ndarray, counts: np.ndarray, reason: str) -> Value:
    """Return the mean over the points that have a score, with its 95 % interval.

    Parameters
    ----------
    scores : np.ndarray [shape=(N,)]
        One number a point, NaN where it has none.
    counts : np.ndarray [shape=(resamples, N), dtype=int]
        How often each point is drawn, by `draws`; the same draws for two scores make their difference a paired one.
    reason
        Said where no point has a score.
    """
    known = ~np.isnan(scores)
    if not known.any():
        return Value(None, reason=reason)
    chosen = counts[:, known]
    drawn = chosen.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (chosen @ scores[known]) / drawn
    return Value(float(scores[known].mean()), *percentile_interval(means))


def draws(n: int, resamples: int, seed: int) -> np.ndarray:
    """Return how often each of n points is drawn in each resample, shape (resamples, n)."""
    return resampled_counts(np.ones(n, np.int64), resamples, seed)


def _order(apart: np.ndarray) -> np.ndarray:
    """Return the other points from the nearest on, shape (N, N − 1); of equal distances the earlier point first."""
    alone = apart.copy()
    np.fill_diagonal(alone, -1.0)
    order: np.ndarray = np.argsort(alone, axis=1, kind="stable")[:, 1:]
    return order


def _ranks(order: np.ndarray) -> np.ndarray:
    """Return the rank of each point among the others of each, 1 for the nearest; 0 on the diagonal."""
    n = len(order)
    ranks = np.zeros((n, n), np.int64)
    np.put_along_axis(ranks, order, np.arange(1, n)[None, :], axis=1)
    return ranks
