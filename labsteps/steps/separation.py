"""How well classes separate in a model's space and on a map of it: scores a track, tables and figures of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labsteps.context import Context
from labsteps.evaluation import projections
from labsteps.evaluation.compare import UNLIKE, Predictions, compare, holm
from labsteps.evaluation.projections import draws, mean_value
from labsteps.results import Axis, Column, Panels, Scatter, Table, Value
from labsteps.steps.latent import Latent

STANDARDISED = "standardised"
KNN_RULE = "k-NN accuracy: share of tracks whose class the k nearest other tracks vote for"
SILHOUETTE_RULE = "silhouette: 1 deep in the own class, 0 between two, −1 deep in another"
_VOTES_NOTE = (
    "first minus second, with its 95 % interval from resampled tracks; p: McNemar's exact test of the votes, then "
    "adjusted for the number of rows"
)
DIMENSIONS = (2, 3)
_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Space:
    """A model's vectors, as they are looked at.

    Attributes
    ----------
    latent
        The model, tracks and classes.
    points : np.ndarray [shape=(N, D), dtype=float64]
        The vectors, as the part's ``scaling`` has them.
    apart : np.ndarray [shape=(N, N)]
        Their distances.
    """

    latent: Latent
    points: np.ndarray
    apart: np.ndarray


def space_of(latent: Latent, scaling: str) -> Space:
    """Return a model's space.

    Parameters
    ----------
    latent
        Its vectors.
    scaling
        With `STANDARDISED` every dimension has mean 0 and deviation 1 over the tracks, and one that is the same for all
        tracks stays 0; with anything else the vectors are as they are.
    """
    points = latent.vectors.astype(np.float64)
    if scaling == STANDARDISED:
        centred = points - points.mean(axis=0)
        # Rounding leaves a constant dimension a deviation that is not quite 0.
        same = np.ptp(points, axis=0) == 0
        points = np.where(same, 0.0, centred / np.where(same, 1.0, points.std(axis=0)))
    return Space(latent, points, projections.distances(points))


def separation(apart: np.ndarray, codes: np.ndarray, k: int) -> dict[str, np.ndarray]:
    """Return silhouette and k-NN hit of each track, NaN where it has none."""
    if k < len(codes):
        hits = (projections.neighbours_vote(apart, codes, k) == codes).astype(np.float64)
    else:
        hits = np.full(len(codes), np.nan)
    return {"knn_accuracy": hits, "silhouette": projections.silhouettes(apart, codes)}


def value_of(scores: Mapping[str, np.ndarray], name: str, counts: np.ndarray, k: int) -> Value:
    """Return the mean of a score over the tracks, with its interval."""
    n = counts.shape[1]
    if name == "silhouette":
        reason = projections.NO_SILHOUETTE
    elif name == "knn_accuracy":
        reason = f"{k} neighbours need {k + 1} tracks, there are {n}"
    else:
        reason = projections.why_no_neighbourhood(n, k)
    return mean_value(scores[name], counts, reason)


def cells(value: Value) -> tuple[float | None, float | None, float | None]:
    """Return a value and the ends of its interval, for a table."""
    return value.number, value.low, value.high


def scored_columns(*names: str) -> list[Column]:
    """Return three columns for each score: itself and the ends of its interval."""
    return [Column(heading) for name in names for heading in (name, "from", "to")]


def difference_tables(
    context: Context, spaces: Mapping[str, Space], pairs: Iterable[tuple[str, str]], title: str
) -> dict[str, Table]:
    """Return how much better the first space of each pair separates the classes than the second, on the same tracks."""
    k, resamples = int(context.params["neighbours"]), int(context.params["resamples"])
    votes, silhouettes, chances, unlike = [], [], [], []
    for one, other in pairs:
        first, second = spaces[one], spaces[other]
        names = (first.latent.title, second.latent.title)
        apart = silhouette_difference(first, second, resamples, context.seed)
        silhouettes.append((*names, *cells(apart)))
        if k < min(len(first.points), len(second.points)):
            found = compare(_vote(first, k), _vote(second, k), resamples=resamples, seed=context.seed)
            alike = first.latent.trained_on == second.latent.trained_on
            votes.append((*names, *cells(found.accuracy), found.p if alike else None))
            if alike:
                chances.append(found.p)
            else:
                unlike.append(f"{names[0]}, {names[1]}: {UNLIKE}")
    corrected = iter(holm(chances))
    rows = tuple((*row, None if row[-1] is None else next(corrected)) for row in votes)
    pair = (Column("first"), Column("second"))
    return {
        "knn_differences": Table(
            f"{title}: k-NN accuracy",
            (*pair, *scored_columns("difference"), Column("p"), Column("p, Holm")),
            rows,
            "; ".join((_VOTES_NOTE, *unlike)),
        ),
        "silhouette_differences": Table(
            f"{title}: silhouette",
            (*pair, *scored_columns("difference")),
            tuple(silhouettes),
            "first minus second, with its 95 % interval from resampled tracks",
        ),
    }


def knn_difference(first: Space, second: Space, k: int, resamples: int, seed: int) -> Value:
    """Return the difference in k-NN accuracy over the tracks that both spaces have."""
    fewest = min(len(first.points), len(second.points))
    if k >= fewest:
        return Value(None, reason=f"{k} neighbours need {k + 1} tracks, there are {fewest}")
    return compare(_vote(first, k), _vote(second, k), resamples=resamples, seed=seed).accuracy


def silhouette_difference(first: Space, second: Space, resamples: int, seed: int) -> Value:
    """Return the mean difference in silhouette over the tracks that both spaces have."""
    _, here, there = np.intersect1d(first.latent.ids, second.latent.ids, assume_unique=True, return_indices=True)
    if not len(here):
        return Value(None, reason="no track is in both test sets")
    own = projections.silhouettes(first.apart, first.latent.codes)[here]
    other = projections.silhouettes(second.apart, second.latent.codes)[there]
    return mean_value(own - other, draws(len(here), resamples, seed), projections.NO_SILHOUETTE)


def _vote(space: Space, k: int) -> Predictions:
    latent = space.latent
    voted = projections.neighbours_vote(space.apart, latent.codes, k)
    return Predictions(latent.ids, latent.codes, voted, latent.classes)


def scatter(latent: Latent, coordinates: np.ndarray, title: str, axes: Sequence[str]) -> Scatter:
    """Return the tracks on a map of two or three dimensions, coordinates rounded to what a picture can show."""
    size = np.abs(coordinates).max() or 1.0
    rounded = np.round(coordinates / size, _DIGITS) * size
    sides = [tuple(float(f"{v:.{_DIGITS + 1}g}") for v in side) for side in rounded.T]
    solid = len(sides) > 2
    return Scatter(
        title,
        Axis(axes[0]),
        Axis(axes[1]),
        sides[0],
        sides[1],
        latent.labels,
        tuple(str(track) for track in latent.ids),
        Axis(axes[2]) if solid else None,
        sides[2] if solid else (),
        tuple(f"{latent.title} says {name}" for name in latent.said),
    )


def pca_scatter(space: Space, dimensions: int) -> Scatter:
    """Return a model's tracks along their first principal axes, with what of the variance each explains."""
    coordinates, parts = pca(space, dimensions)
    axes = [
        f"PC {n}, {100 * part:.0f} % of the variance" if part == part else f"PC {n}" for n, part in enumerate(parts, 1)
    ]
    title = f"{space.latent.title}, PCA in {dimensions}D"
    if np.isfinite(parts).all():
        title += f": {100 * parts.sum():.0f} %"
    return scatter(space.latent, coordinates, title, axes)


def pca(space: Space, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates (N, dimensions) along the principal axes and their parts of the variance.

    A space of fewer dimensions is filled up with zeros.
    """
    coordinates, parts = projections.explained(space.points)
    lacking = max(0, dimensions - coordinates.shape[1])
    filled = np.pad(coordinates, ((0, 0), (0, lacking)))[:, :dimensions]
    return filled, np.pad(parts, (0, lacking))[:dimensions]


def panels(title: str, found: Sequence[Scatter], columns: int) -> Panels:
    """Return maps side by side."""
    return Panels(title, tuple(found), columns)
