"""Step 10: one network for all axes of emotion, its loss, and what it costs and brings against step 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from labsteps.context import Context, EarlierRun, ParameterValue
from labsteps.errors import ParameterError, PrerequisiteError
from labsteps.evaluation import regression
from labsteps.evaluation.correlation import AxisPredictions, SpearmanComparison, compare_spearman
from labsteps.results import Axis, Cell, Column, Curve, Figure, Result, Series, Table, Value, numbers
from labsteps.steps import fitting, seeds
from labsteps.steps.affect_models import NETWORKS, own_parameters
from labsteps.steps.emotion import EmotionData, axis_names, emotion_data, read_held_out
from labsteps.steps.emotion_scores import axis_table, model_bars, scores_of, seed_table
from labsteps.steps.s09_compare import regression_of
from labsteps.steps.s09_transfer import in_words, overlaid
from labsteps.training.losses import LOSS_TITLES, MultitaskLoss, Regression
from labsteps.training.state import TrainState

EQUAL, SCALED, MANUAL, LEARNT = "equal", "scaled", "manual", "learnt"
OWN, SAME, THIRD, SINGLE = "own", "equal", "third", "single"
TOGETHER = "multitask"
# What the comparison takes from its own parameters; the rest is as step 8 was trained, and weighed as in 10γ.
MACHINE = ("precision", "threads", "mode", "fused", "flush_denormal", "compile", "checkpoint_seconds")
WEIGHING = ("weighting", "axis_weights")
EXAMPLE_TRACKS = 4
Params = Mapping[str, ParameterValue]


@dataclass(frozen=True, eq=False)
class Together:
    """What came of one training on all axes."""

    data: EmotionData
    state: TrainState
    report: Result
    said: AxisPredictions
    seen: int


def show_loss(context: Context) -> Result:
    """10β: the loss worked out on a few tracks, number by number, for every way of weighing."""
    params = own_parameters(context.params, str(context.params["model"]))
    data = _data(context.section(TOGETHER, params=params), str(context.params["model"]))
    axes, kind = data.task.axes, data.task.kind
    shown = np.argsort(data.train.pack.ids, kind="stable")[:EXAMPLE_TRACKS]
    targets = torch.from_numpy(data.train.targets[shown])
    logits = data.start.expand_as(targets)  # (B, A): what a network says before it is trained
    each = MultitaskLoss(axes, kind).each(logits, targets)
    losses = {
        weighting: _task(data, {**params, "weighting": weighting}).criterion
        for weighting in (EQUAL, SCALED, MANUAL, LEARNT)
    }
    chosen = losses[str(params["weighting"])]
    total = float(chosen(logits, targets).detach())
    return Result(
        values={
            **{f"loss/{axis}": Value(float(one)) for axis, one in zip(axes, each, strict=True)},
            **{f"weight/{axis}": Value(weight) for axis, weight in chosen.weights().items()},
            "loss/total": Value(total),
        },
        tables={
            "tracks": _track_table(data, shown, logits.numpy()),
            "weights": _weight_table(losses),
            "sums": _sum_table(each.tolist(), losses, logits, targets),
        },
        figures={"uncertainty": _uncertainty_figure(axes, each.tolist())},
        text=_loss_sentences(data, each.tolist(), chosen, total),
    )


def train_together(context: Context) -> Result:
    """10γ: one network for all axes."""
    context.emit("trainings", total=seeds.seeds_of(context))
    name = str(context.params["model"])
    params = own_parameters(context.params, name)
    trained = _train(context.section(TOGETHER, params=params), name)
    axes, report = trained.data.task.axes, trained.report
    scores = {name: dict(report.values)}
    result = replace(
        report,
        values={
            **{name: value for name, value in report.values.items() if name != "validation/mse"},
            "clips_seen": Value(trained.seen),
        },
        tables={
            "axes": axis_table(scores, {name: f"multitask {NETWORKS[name].title}"}, axes),
            "losses": _loss_table(trained),
            **report.tables,
        },
        figures={**_part_curves(trained), **report.figures},
        text=(
            f"One {NETWORKS[name].title} with {len(axes)} outputs; {_weighing_in_words(trained.data.task, params)}. "
            f"It saw {trained.seen} clips in training.\n{report.text}"
        ),
    )
    return _with_seeds(context, result, trained, name)


def _with_seeds(context: Context, result: Result, first: Together, name: str) -> Result:
    """Repeat the training with the seeds after the run's own, and say how far they part."""
    if seeds.seeds_of(context) < 2:
        return result
    params = own_parameters(context.params, name)
    reports = {context.seed: first.report}
    for section in seeds.others(context):
        reports[section.seed] = _train(section.section(TOGETHER, params=params), name).report
    titles = {"": f"multitask {NETWORKS[name].title}"}
    table, values = seed_table({"": reports}, titles, (*first.data.task.axes, regression.MEAN))
    return replace(
        result,
        values={**result.values, **values},
        tables={**result.tables, "seeds": table},
        text=f"{result.text}\n{seeds.seeds_sentence(context)}",
    )


def compare_with_single(context: Context) -> Result:
    """10δ: multitask networks against three of step 8, at as many clips seen and at a third of them."""
    own = context.earlier("10γ")
    if own is None:
        raise PrerequisiteError("10γ has no finished run on these data; run it first.")
    context.emit("uses", part="10γ", run=own.run_id)
    name, folder = str(own.parameters["model"]), own.folder / TOGETHER
    said = {OWN: read_held_out(folder)}
    singles = _singles(context, said[OWN].axes, name)
    said[SINGLE] = regression.side_by_side([read_held_out(run.folder / name) for run in singles.values()])
    seen = {axis: fitting.clips_seen(run.folder / name) for axis, run in singles.items()}
    spent = {OWN: fitting.clips_seen(folder), SINGLE: sum(seen.values())}
    states = {OWN: fitting.read_state(folder)}
    budgets = ((SAME, 1.0), (THIRD, 1.0 / len(singles)))
    context.emit("trainings", total=len(budgets))
    for budget, share in budgets:
        clips = share * spent[SINGLE]
        trained = _train_for(context, budget, own, next(iter(singles.values())), name, clips)
        said[budget], states[budget], spent[budget] = trained.said, trained.state, trained.seen
    _refuse_other_tracks(said)
    resamples, axes = int(context.params["resamples"]), said[OWN].axes
    found = {
        budget: compare_spearman(said[budget], said[SINGLE], resamples=resamples, seed=context.seed)
        for budget in (SAME, THIRD, OWN)
    }
    said = {key: said[key] for key in (SINGLE, SAME, THIRD, OWN)}
    scores = scores_of(said, resamples=resamples, seed=context.seed)
    titles = _titles(name, len(axes))
    lines = {titles[budget]: states[budget] for budget in (SAME, THIRD, OWN)}
    return Result(
        values=_compared_values(scores, found, spent, axes),
        tables={
            "spearman": axis_table(scores, titles, axes),
            "differences": _difference_table(found, titles, axes),
            "compute": _compute_table(spent, states, titles),
            "single": _single_table(singles, name, seen),
        },
        figures={
            "spearman": model_bars(scores, titles, (*axes, regression.MEAN)),
            "learning": overlaid(lines, "validation_spearman", "Mean Spearman on the validation tracks"),
        },
        text=_comparison_sentences(found, spent, titles, len(axes)) + _settings_apart(singles, name),
    )


def _data(section: Context, name: str) -> EmotionData:
    """Return the tracks with all axes of the index, and the task that the section's parameters describe."""
    kind = NETWORKS[name].kind(section.params)
    data = emotion_data(section, axis_names(section, beat=kind.beat), kind.rows, beat=kind.beat)
    return replace(data, task=_task(data, section.params))


def _task(data: EmotionData, params: Params) -> Regression:
    """Return the task with the weights that the parameters ask for.

    Raises
    ------
    ParameterError
        If the weights by hand are not one positive number an axis.
    """
    axes, kind, weighting = data.task.axes, str(params["loss"]), str(params["weighting"])
    weights = (1.0,) * len(axes)
    if weighting == MANUAL:
        weights = _weights_by_hand(str(params["axis_weights"]), axes)
    elif weighting != EQUAL:
        targets = torch.from_numpy(data.train.targets)
        constant = MultitaskLoss(axes, kind).each(data.start.expand_as(targets), targets).tolist()
        # Learnt weights 1 / (2 σ²) begin where they are best for the constant prediction: at σ² = its loss.
        weights = tuple((0.5 if weighting == LEARNT else 1.0) / max(one, 1e-8) for one in constant)
    return Regression(axes, kind, weights, monitor=str(params["monitor"]), learn_weights=weighting == LEARNT)


def _weights_by_hand(text: str, axes: tuple[str, ...]) -> tuple[float, ...]:
    try:
        weights = tuple(float(one) for one in text.split(","))
        MultitaskLoss(axes, weights=weights)
    except ValueError as error:
        raise ParameterError(
            f"axis_weights cannot be {text!r} ({error}): it takes one number an axis with commas between, in the order "
            f"{', '.join(axes)}; for instance {','.join('1' for _ in axes)}."
        ) from None
    return weights


def _train(section: Context, name: str, weights_of: EarlierRun | None = None) -> Together:
    """Train one network on all axes in this section, and hear the held-out tracks once."""
    data = _data(section, name)
    description = NETWORKS[name].describe(section.params, data.task.axes)
    fitted = fitting.fit(section, data, description, weights_of=weights_of)
    report = fitting.report(section, data, fitted, int(section.params["resamples"]))
    folder = section.artifact(fitting.OUTPUTS_FILE).parent
    return Together(data, fitted.state, report, read_held_out(folder), fitting.clips_seen(folder))


def _train_for(context: Context, budget: str, own: EarlierRun, single: EarlierRun, name: str, clips: float) -> Together:
    """Train on all axes until about so many clips are seen, set up as step 8 was and weighed as in 10γ.

    There is no early stopping: the budget is used up, and the best epoch of it is kept.
    """
    per_epoch = fitting.clips_seen(single.folder / name) // fitting.read_state(single.folder / name).epoch
    changed: dict[str, ParameterValue] = {key: context.params[key] for key in (*MACHINE, "resamples")}
    changed |= {key: own.parameters[key] for key in WEIGHING}
    changed |= {"epochs": max(1, round(clips / per_epoch)), "patience": 0}
    section = context.section(budget, params={**own_parameters(single.parameters, name), **changed})
    return _train(section, name, weights_of=single)


def _singles(context: Context, axes: tuple[str, ...], name: str) -> dict[str, EarlierRun]:
    """Return axis → the run of step 8 that trained this network on it.

    Raises
    ------
    PrerequisiteError
        If one is missing.
    """
    runs = {axis: regression_of(context, axis) for axis in axes}
    missing = [run.part for run in runs.values() if not (run.folder / name).is_dir()]
    if missing:
        raise PrerequisiteError(f"{', '.join(missing)} trained no {NETWORKS[name].title}; run with models=all.")
    return runs


def _settings_apart(singles: Mapping[str, EarlierRun], name: str) -> str:
    """Say whose settings the networks trained here have, where those of step 8 are not all the same."""
    first, *others = ((run.part, own_parameters(run.parameters, name)) for run in singles.values())
    replaced = {*MACHINE, "resamples", "seeds", "axis", "models", "epochs", "patience"}
    apart = [key for key, value in first[1].items() if any(own.get(key) != value for _, own in others)]
    told = ", ".join(key for key in apart if key not in replaced and not key.startswith("overfit_"))
    return f"\nThe runs of step 8 differ in {told}; the networks trained here have that of {first[0]}." if told else ""


def _refuse_other_tracks(said: Mapping[str, AxisPredictions]) -> None:
    """Refuse predictions for different held-out tracks.

    Raises
    ------
    PrerequisiteError
        Says what to run.
    """
    sets = {frozenset(one.ids.tolist()) for one in said.values()}
    if len(sets) > 1:
        raise PrerequisiteError(
            "10γ and step 8 were judged on different held-out tracks; run them with the same held_out_fraction and "
            "held_out_seed."
        )


def _track_table(data: EmotionData, shown: np.ndarray, logits: np.ndarray) -> Table:
    """Return logits, targets and the loss of each track and axis."""
    axes, kind = data.task.axes, data.task.kind
    rows: list[tuple[Cell, ...]] = []
    for row, position in enumerate(shown.tolist()):
        said, true = torch.from_numpy(logits[[row]]), torch.from_numpy(data.train.targets[[position]])
        for i, loss in enumerate(MultitaskLoss(axes, kind).each(said, true).tolist()):
            # The concordance correlation is one of a whole batch; a single track has none.
            told = None if kind == "ccc" else loss
            rows.append((str(data.train.pack.ids[position]), axes[i], float(said[0, i]), float(true[0, i]), told))
    return Table(
        f"Logits and targets, both of shape ({len(shown)}, {len(axes)})",
        (Column("track"), Column("axis"), Column("logit"), Column("target"), Column("loss", digits=4)),
        tuple(rows),
        f"the logits are what an untrained network says, the training means; loss: {LOSS_TITLES[kind]}",
    )


def _weight_table(losses: Mapping[str, MultitaskLoss]) -> Table:
    """Return the weight of every axis for each way of weighing."""
    axes = next(iter(losses.values())).axes
    return Table(
        "Weights of the axes",
        (Column("weighting"), *(Column(axis) for axis in axes)),
        tuple((weighting, *criterion.weights().values()) for weighting, criterion in losses.items()),
        "learnt: 1 / (2 σ²) at the first step",
    )


def _sum_table(
    each: list[float], losses: Mapping[str, MultitaskLoss], logits: torch.Tensor, targets: torch.Tensor
) -> Table:
    """Return for each way of weighing what every axis adds, and the sum."""
    rows: list[tuple[Cell, ...]] = [("mean losses", *each, None, None)]
    for weighting, criterion in losses.items():
        weighted = [w * loss for w, loss in zip(criterion.weights().values(), each, strict=True)]
        logs = 0.0
        if criterion.log_variances is not None:
            logs = float(0.5 * criterion.log_variances.detach().sum())
        rows.append((weighting, *weighted, logs, float(criterion(logits, targets).detach())))
    axes = next(iter(losses.values())).axes
    columns = (*(Column(axis, digits=4) for axis in axes), Column("Σ log σ", digits=4), Column("total", digits=4))
    note = "mean losses: over the tracks above; below them weight times loss, and for learnt weights log σ of each axis"
    return Table("The weighted sum", (Column("weighting"), *columns), tuple(rows), note)


def _uncertainty_figure(axes: tuple[str, ...], each: list[float]) -> Curve:
    """Return what an axis adds to the learnt sum over its σ²; it is least where σ² is the loss."""
    middle = np.log(np.maximum(each, 1e-8)).mean()
    grid = np.exp(np.linspace(middle - 1.5, middle + 2.5, 121))
    series = tuple(
        Series(axis, numbers(np.log10(grid)), numbers(loss / (2 * grid) + 0.5 * np.log(grid)))
        for axis, loss in zip(axes, each, strict=True)
    )
    return Curve("Learnt weights: L / (2 σ²) + log σ of each axis", Axis("log10 σ²"), Axis("share of the sum"), series)


def _loss_sentences(data: EmotionData, each: list[float], chosen: MultitaskLoss, total: float) -> str:
    terms = " + ".join(f"{w:.4g} · {x:.4f}" for w, x in zip(chosen.weights().values(), each, strict=True))
    if chosen.log_variances is not None:
        terms += " + " + " + ".join(f"({x:.3f})" for x in (0.5 * chosen.log_variances.detach()).tolist())
    largest = max(zip(each, data.task.axes, strict=True))[1]
    return (
        f"Logits and targets of shape ({EXAMPLE_TRACKS}, {len(each)}) go in, and {terms} = {total:.4f} comes out. "
        f"Without weights {largest} has the largest loss on these tracks and pulls the shared layers most. "
        "scaled divides each loss by that of the constant prediction on the training part, so that every axis begins "
        "at 1; learnt begins with half of those weights, each σ² at its loss, and follows the losses from then on."
    )


def _loss_table(trained: Together) -> Table:
    """Return the loss and weight of each axis, at the first and the best epoch."""
    state, task = trained.state, trained.data.task
    best = state.best_row
    fixed = task.criterion.weights()
    rows: list[tuple[Cell, ...]] = [
        (
            axis,
            *(row[f"{part}_loss/{axis}"] for part in ("train", "validation") for row in (state.history[0], best)),
            *(row.get(f"weight/{axis}", fixed[axis]) for row in (state.history[0], best)),
        )
        for axis in task.axes
    ]
    columns = (
        *(
            Column(f"{part} loss, {when}", digits=4)
            for part in ("training", "validation")
            for when in ("first", "best")
        ),
        *(Column(f"weight, {when}", digits=3) for when in ("first", "best")),
    )
    note = "unweighted losses at the end of the first epoch and of the best one"
    return Table("Losses of the axes", (Column("axis"), *columns), tuple(rows), note)


def _part_curves(trained: Together) -> dict[str, Figure]:
    """Return loss, correlation and learnt weight of every axis over the epochs."""
    state, task = trained.state, trained.data.task
    epochs = numbers(row["epoch"] for row in state.history)

    def curve(title: str, unit: str, keys: Mapping[str, str]) -> Curve:
        lines = (Series(name, epochs, numbers(row.get(key) for row in state.history)) for name, key in keys.items())
        return Curve(title, Axis("epoch"), Axis(unit), tuple(lines))

    losses = {f"{axis}, {part}": f"{part}_loss/{axis}" for part in ("train", "validation") for axis in task.axes}
    figures: dict[str, Figure] = {
        "losses": curve("Loss of each axis", LOSS_TITLES[task.kind], losses),
        "correlations": curve(
            "Validation Spearman of each axis",
            "Spearman correlation",
            {axis: f"validation_spearman/{axis}" for axis in task.axes} | {"mean": "validation_spearman"},
        ),
    }
    if task.learn_weights:
        figures["weights"] = curve("Learnt weights", "weight", {axis: f"weight/{axis}" for axis in task.axes})
    return figures


def _weighing_in_words(task: Regression, params: Params) -> str:
    weights = ", ".join(f"{axis} {weight:.3g}" for axis, weight in task.criterion.weights().items())
    return {
        EQUAL: "its loss is the plain sum of the axes' losses",
        SCALED: f"each loss counts in units of the constant prediction's ({weights})",
        MANUAL: f"the losses are weighed by hand ({weights})",
        LEARNT: f"the weights were learnt (at the end {weights})",
    }[str(params["weighting"])]


def _titles(name: str, axes: int) -> dict[str, str]:
    title = NETWORKS[name].title
    return {
        SINGLE: f"{axes} × {title} (step 8)",
        SAME: "multitask, equal compute",
        THIRD: f"multitask, 1/{axes} of it",
        OWN: "multitask (10γ)",
    }


def _compared_values(
    scores: Mapping[str, Mapping[str, Value]],
    found: Mapping[str, SpearmanComparison],
    spent: Mapping[str, int],
    axes: tuple[str, ...],
) -> dict[str, Value]:
    values = {}
    for key, told in scores.items():
        for axis in (*axes, regression.MEAN):
            values[f"{key}/spearman/{axis}"] = told[f"held_out/spearman/{axis}"]
        values[f"{key}/clips_seen"] = Value(spent[key])
    for key, compared in found.items():
        for axis, value in {**compared.axes, regression.MEAN: compared.mean}.items():
            values[f"{key}/difference/{axis}"] = value
    return values


def _difference_table(
    found: Mapping[str, SpearmanComparison], titles: Mapping[str, str], axes: tuple[str, ...]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key, compared in found.items():
        for axis in (*axes, regression.MEAN):
            value = compared.mean if axis == regression.MEAN else compared.axes[axis]
            rows.append((titles[key], axis, value.number, value.low, value.high, compared.tracks))
    columns = (
        Column("model"),
        Column("axis"),
        *(Column(name) for name in ("difference", "from", "to")),
        Column("n", digits=0),
    )
    note = "95 % intervals of the paired bootstrap over the held-out tracks; one that holds 0 shows no difference"
    return Table(f"Spearman less that of {titles[SINGLE]}", columns, tuple(rows), note)


def _compute_table(spent: Mapping[str, int], states: Mapping[str, TrainState], titles: Mapping[str, str]) -> Table:
    rows = []
    for key in (SINGLE, SAME, THIRD, OWN):
        state = states.get(key)
        epochs = (None, None) if state is None else (state.best_epoch, state.epoch)
        rows.append((titles[key], spent[key], spent[key] / spent[SINGLE], *epochs))
    columns = (
        Column("model"),
        Column("clips seen", digits=0),
        Column("share"),
        Column("best epoch", digits=0),
        Column("epochs", digits=0),
    )
    note = (
        "clips seen in training, each as often as it was; the network, the crops and so the work a clip are the same. "
        "Overfit checks and evaluation are not counted"
    )
    return Table("Compute", columns, tuple(rows), note)


def _single_table(singles: Mapping[str, EarlierRun], name: str, seen: Mapping[str, int]) -> Table:
    rows = []
    for axis, run in singles.items():
        state = fitting.read_state(run.folder / name)
        rows.append((axis, run.part, run.run_id, seen[axis], state.best_epoch, state.epoch, run.seed))
    columns = (
        Column("axis"),
        Column("part"),
        Column("run"),
        *(Column(heading, digits=0) for heading in ("clips seen", "best epoch", "epochs", "seed")),
    )
    return Table(f"The {NETWORKS[name].title} models of step 8", columns, tuple(rows))


def _comparison_sentences(
    found: Mapping[str, SpearmanComparison], spent: Mapping[str, int], titles: Mapping[str, str], axes: int
) -> str:
    lines = [
        f"Compute is counted in clips seen in training: {titles[SINGLE]} saw {spent[SINGLE]} in all. The multitask "
        f"network was trained anew with as many and with 1/{axes} of them, set up as in step 8 and weighed as in 10γ, "
        "without early stopping; the best epoch on the validation tracks counts."
    ]
    lines += [f"{titles[key]} less {titles[SINGLE]}, mean: {in_words(one.mean)}." for key, one in found.items()]
    return "\n".join(lines)
