"""Tables and figures that put several regressions of the same held-out tracks beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from labsteps.evaluation import regression
from labsteps.evaluation.correlation import AxisPredictions, compare_spearman, spearman
from labsteps.evaluation.intervals import mean_interval
from labsteps.results import Axis, Bars, Cell, Column, Figure, Result, Series, Table, Value, numbers

SCORES = {"spearman": "Spearman", "mse": "MSE", "mae": "MAE"}


def scores_of(said: Mapping[str, AxisPredictions], *, resamples: int, seed: int) -> dict[str, dict[str, Value]]:
    """Return model → ``held_out/<score>/<axis or mean>`` → value; a single axis has no mean beside it."""
    found = {}
    for name, one in said.items():
        values = regression.evaluate(one, resamples=resamples, seed=seed)
        alone = len(one.axes) == 1
        found[name] = {k: v for k, v in values.items() if not (alone and k.endswith(f"/{regression.MEAN}"))}
    return found


def score_table(
    title: str, scores: Mapping[str, Mapping[str, Value]], titles: Mapping[str, str], name: str, tracks: int
) -> Table:
    """Return one row a model with its correlation and errors on one axis, or on their mean."""
    rows: list[tuple[Cell, ...]] = []
    reasons = []
    for model, values in scores.items():
        cells: list[Cell] = []
        for score in SCORES:
            value = values[f"held_out/{score}/{name}"]
            cells += [value.number, value.low, value.high]
            if value.number is None:
                reasons.append(f"no {SCORES[score]} for {titles[model]}, {value.reason}")
        rows.append((titles[model], *cells, tracks))
    scored = [
        Column(heading, digits=4 if score == "MSE" else 3)
        for score in SCORES.values()
        for heading in (score, "from", "to")
    ]
    note = "; ".join(("intervals of 95 % from resampled tracks", *reasons))
    return Table(title, (Column("model"), *scored, Column("n", digits=0)), tuple(rows), note)


def axis_table(scores: Mapping[str, Mapping[str, Value]], titles: Mapping[str, str], axes: Sequence[str]) -> Table:
    """Return one row a model with its correlation on every axis and their mean, with the interval of the mean."""
    rows = []
    for model, values in scores.items():
        each = [values[f"held_out/spearman/{axis}"].number for axis in axes]
        mean = values[f"held_out/spearman/{regression.MEAN}"]
        rows.append((titles[model], *each, mean.number, mean.low, mean.high))
    columns = (Column("model"), *(Column(axis) for axis in axes), Column("mean"), Column("from"), Column("to"))
    return Table(
        "Spearman correlation on the held-out tracks", columns, tuple(rows), "from, to: 95 % interval of the mean"
    )


def pair_table(said: Mapping[str, AxisPredictions], titles: Mapping[str, str], *, resamples: int, seed: int) -> Table:
    """Return the difference in (mean) correlation of every two models whose predictions have an order."""
    ordered = [
        name
        for name, one in said.items()
        if all(spearman(one.predicted[:, i], one.true[:, i]).number is not None for i in range(len(one.axes)))
    ]
    rows: list[tuple[Cell, ...]] = []
    for a, b in combinations(ordered, 2):
        found = compare_spearman(said[a], said[b], resamples=resamples, seed=seed)
        rows.append((titles[a], titles[b], found.mean.number, found.mean.low, found.mean.high, found.tracks))
    columns = (Column("first"), Column("second"), Column("difference"), Column("from"), Column("to"))
    return Table(
        "Spearman correlation in pairs, first minus second",
        (*columns, Column("n", digits=0)),
        tuple(rows),
        "intervals of 95 % from resampled tracks, each with both of its predictions; one that holds 0 shows no "
        "difference",
    )


def spearman_bars(scores: Mapping[str, Mapping[str, Value]], titles: Mapping[str, str], names: Sequence[str]) -> Bars:
    """Return the correlations that are defined as bars: a category an axis, or a model where there is one axis."""
    found = {
        titles[model]: numbers(values[f"held_out/spearman/{name}"].number for name in names)
        for model, values in scores.items()
    }
    found = {title: row for title, row in found.items() if any(number is not None for number in row)}
    title, score = "Spearman correlation on the held-out tracks", Axis("Spearman correlation")
    if len(names) == 1:
        series = Series(names[0], numbers(range(len(found))), tuple(row[0] for row in found.values()))
        return Bars(f"{title}, {names[0]}", Axis("model"), score, tuple(found), (series,))
    positions = numbers(range(len(names)))
    return Bars(
        title, Axis("axis"), score, tuple(names), tuple(Series(name, positions, row) for name, row in found.items())
    )


def model_bars(scores: Mapping[str, Mapping[str, Value]], titles: Mapping[str, str], names: Sequence[str]) -> Bars:
    """Return the correlations as bars: a category a model, a series an axis; for models with long titles."""
    shown = [model for model, values in scores.items() if values[f"held_out/spearman/{names[0]}"].number is not None]
    positions = numbers(range(len(shown)))
    return Bars(
        "Spearman correlation on the held-out tracks",
        Axis("model"),
        Axis("Spearman correlation"),
        tuple(titles[model] for model in shown),
        tuple(
            Series(name, positions, numbers(scores[model][f"held_out/spearman/{name}"].number for model in shown))
            for name in names
        ),
    )


def scatters(said: Mapping[str, AxisPredictions], titles: Mapping[str, str]) -> dict[str, Figure]:
    """Return truth against prediction of every model and axis."""
    return {
        f"truth_{model}" if len(one.axes) == 1 else f"truth_{model}_{axis}": regression.scatter(
            one, axis, title=f"{titles[model]} on the held-out tracks, {axis}"
        )
        for model, one in said.items()
        for axis in one.axes
    }


def constant_loss_rows(targets: np.ndarray) -> np.ndarray:
    """Return the training mean for every clip, shape (N, A), float32: what the constant prediction says."""
    mean = targets.mean(axis=0, dtype=np.float64).astype(np.float32)
    return np.ascontiguousarray(np.broadcast_to(mean, targets.shape))


def seed_table(
    reports: Mapping[str, Mapping[int, Result]], titles: Mapping[str, str], axes: Sequence[str]
) -> tuple[Table, dict[str, Value]]:
    """Return one row a model and seed, and each model's mean correlations over its seeds with Student's interval.

    Parameters
    ----------
    reports
        Model → seed → the report of that training.  The model is the first part of the names of its values; one
        without a name (``""``) is what the part itself reports.
    axes
        Axes, and their mean where that is wanted.
    """
    scored = [f"held_out/spearman/{axis}" for axis in axes]
    names = (*scored, "validation/spearman", "best_epoch")
    rows, values = [], {}
    for model, found in reports.items():
        rows += [(titles[model], seed, *(one.values[name].number for name in names)) for seed, one in found.items()]
        prefix = f"{model}/" if model else ""
        for axis, name in zip(axes, scored, strict=True):
            mean = mean_of_seeds([one.values[name].number for one in found.values()])
            values[f"{prefix}seeds/spearman/{axis}"] = mean
    headings = ("Spearman",) if len(axes) == 1 else tuple(axes)
    columns = (
        Column("model"),
        Column("seed", digits=0),
        *(Column(heading) for heading in (*headings, "validation Spearman")),
    )
    note = "each seed has its own first weights, validation part and order of batches; the held-out tracks are the same"
    count = max(map(len, reports.values()))
    table = Table(
        f"The same training with {count} seeds", (*columns, Column("best epoch", digits=0)), tuple(rows), note
    )
    return table, values


def mean_of_seeds(scores: Sequence[float | None], *, lowest: float = -1.0, highest: float = 1.0) -> Value:
    """Return the mean of the scores of several seeds with Student's interval, kept inside the score's range."""
    known = [score for score in scores if score is not None]
    if len(known) < len(scores):
        return Value(None, reason="undefined for one of the seeds")
    low, high = mean_interval(np.array(known, np.float64))
    # Student's interval of two or three seeds is wide enough to leave the range of a correlation.
    return Value(float(np.mean(known)), max(lowest, low), min(highest, high))
