"""The curves of a run from what it has told so far, for every screen that draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from labsteps.results import Axis, Curve, Numbers, Series, numbers
from workbench.runner.follow import Snapshot

LOSSES: Final = {"train": "train_loss", "validation": "validation_loss"}
TRAINING: Final = {
    "learning_rate": ("Learning rate", Axis("learning rate")),
    "grad_norm": ("Gradient norm", Axis("norm")),
    "seconds": ("Time of an epoch", Axis("time", "s")),
}
SMOOTHING: Final = 0.6
_PART_OF_LOSS: Final = "_loss/"
_TITLES: Final = {"macro_f1": "macro-F1", "f1": "F1"}


def loss_figure(snapshot: Snapshot, within: Sequence[tuple[float, float]] = ()) -> Curve:
    """Return training and validation loss over the epochs, with the points inside the one under way, or the first."""
    epochs = numbers(row["epoch"] for row in snapshot.epochs)
    series = []
    for name, key in LOSSES.items():
        x, y = epochs, numbers(row.get(key) for row in snapshot.epochs)
        if name == "train":
            points = sorted([*zip(x, y, strict=True), *within], key=lambda point: point[0] or 0.0)
            x, y = numbers(point[0] for point in points), numbers(point[1] for point in points)
        if any(value is not None for value in y):
            series.append(Series(name, x, y))
    return Curve(_titled("Loss", snapshot), Axis("epoch"), Axis("loss"), tuple(series))


def score_figure(snapshot: Snapshot) -> Curve | None:
    """Return the scores over the epochs, or None where there are none."""
    return _of_keys(snapshot, "Scores", Axis("score"), lambda key: is_score(key) and _PART_OF_LOSS not in key)


def task_loss_figure(snapshot: Snapshot) -> Curve | None:
    """Return the loss of each axis over the epochs, or None where there is one loss alone."""
    return _of_keys(snapshot, "Loss of each axis", Axis("loss"), lambda key: is_score(key) and _PART_OF_LOSS in key)


def _of_keys(snapshot: Snapshot, title: str, axis: Axis, wanted: Callable[[str], bool]) -> Curve | None:
    names = dict.fromkeys(key for row in snapshot.epochs for key in row if wanted(key))
    if not names:
        return None
    epochs = numbers(row["epoch"] for row in snapshot.epochs)
    lines = [Series(score_title(key), epochs, numbers(row.get(key) for row in snapshot.epochs)) for key in names]
    return Curve(_titled(title, snapshot), Axis("epoch"), axis, tuple(lines))


def training_figure(snapshot: Snapshot, kind: str) -> Curve | None:
    """Return one number of the training itself over the epochs, or None where the run has not told it.

    Parameters
    ----------
    kind
        One of `TRAINING`.
    """
    title, axis = TRAINING[kind]
    values = numbers(row.get(kind) for row in snapshot.epochs)
    if all(value is None for value in values):
        return None
    epochs = numbers(row["epoch"] for row in snapshot.epochs)
    return Curve(_titled(title, snapshot), Axis("epoch"), axis, (Series("", epochs, values),))


def smoothed(curve: Curve, weight: float = SMOOTHING) -> Curve:
    """Return a curve whose points are means of what came before, each older one counting `weight` times as much.

    The first points are not pulled towards zero: the mean is divided by the sum of its weights (Kingma and Ba 2015,
    section 3, on the bias of such means).
    """
    series = tuple(Series(one.name, one.x, _means(one.y, weight)) for one in curve.series)
    return replace(curve, title=f"{curve.title}, smoothed", series=series)


def _means(values: Numbers, weight: float) -> Numbers:
    mean = total = 0.0
    found: list[float | None] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        mean, total = weight * mean + (1 - weight) * value, weight * total + (1 - weight)
        found.append(mean / total)
    return tuple(found)


def _titled(title: str, snapshot: Snapshot) -> str:
    return f"{title}, {snapshot.section}" if snapshot.section else title


def is_score(key: str) -> bool:
    """Tell whether a member of an epoch is a score to draw."""
    return key.startswith(("train_", "validation_")) and not key.endswith("_loss")


def score_title(key: str) -> str:
    """Return what a line of scores is called."""
    group, _, name = key.partition("_")
    short = {"train": "train", "validation": "val"}[group]
    return f"{short} {_TITLES.get(name, name.removeprefix('loss/').replace('_', ' '))}"
