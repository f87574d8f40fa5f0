"""Step 8: emotion by regression, three networks on three axes, all judged on the same held-out tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from labsteps.context import Context, EarlierRun
from labsteps.data import kaggle
from labsteps.data.folders import DataFolder
from labsteps.data.index import clip_id
from labsteps.errors import DataError, PrerequisiteError
from labsteps.evaluation import regression
from labsteps.evaluation.baseline import fit_ridge
from labsteps.evaluation.correlation import AxisPredictions
from labsteps.models.saved import Description
from labsteps.other_settings import noted, other_settings, sentence
from labsteps.results import Column, Figure, Result, Table, Value
from labsteps.steps import fitting, seeds
from labsteps.steps.affect_models import NETWORKS, chosen, own_parameters
from labsteps.steps.descriptions import without_chance
from labsteps.steps.emotion import EmotionData, emotion_data, read_held_out
from labsteps.steps.emotion_scores import (
    axis_table,
    constant_loss_rows,
    pair_table,
    scatters,
    score_table,
    scores_of,
    seed_table,
    spearman_bars,
)
from labsteps.steps.genre import MEL_AND_CHROMA
from labsteps.steps.opening import open_packs
from labsteps.steps.statistics import statistics_of
from labsteps.training.feed import Clips
from labsteps.training.inference import evaluate

PARTS = ("8β", "8γ", "8δ")
RIDGE, CONSTANT = "ridge", "constant"
TITLES = {
    **{name: network.title for name, network in NETWORKS.items()},
    RIDGE: "ridge regression",
    CONSTANT: "constant",
}
KAGGLE_FILE = "kaggle.csv"
SPLIT_PARAMETERS = ("held_out_fraction", "held_out_seed")


@dataclass(frozen=True, eq=False)
class Training:
    """What came of one network on one axis: the overfit check, the report, and the predictions."""

    check: Result
    report: Result
    said: AxisPredictions
    data: EmotionData


def train_models(context: Context) -> Result:
    """8β, 8γ, 8δ: every network on one axis, each after an overfit check, beside ridge regression and a constant."""
    axis, names = str(context.params["axis"]), chosen(context.params)
    resamples = int(context.params["resamples"])
    context.emit("trainings", total=(1 + seeds.seeds_of(context)) * len(names))  # the overfit check is one
    trained = {name: _train(context, name, axis) for name in names}
    said = {name: one.said for name, one in trained.items()}
    said |= _baselines(context, axis)
    scores = scores_of(said, resamples=resamples, seed=context.seed)
    leading = _leading(trained)
    tracks = len(said[leading].ids)
    values = dict(scores[leading])
    for name, found in scores.items():
        values |= {f"{name}/{key}": value for key, value in found.items()}
    figures: dict[str, Figure] = {"spearman": spearman_bars(scores, TITLES, (axis,))}
    for name, one in trained.items():
        values |= _training_values(name, one)
        for key, shown in (("loss", one.report), ("scores", one.report), ("overfit", one.check)):
            figure = shown.figures["loss" if key == "overfit" else key]
            figures[f"{key}_{name}"] = replace(figure, title=f"{figure.title}, {TITLES[name]}")
    figures |= scatters({name: said[name] for name in (*names, RIDGE)}, TITLES)
    result = Result(
        values=values,
        tables={
            "models": score_table(f"{axis.capitalize()} on the held-out tracks", scores, TITLES, axis, tracks),
            "pairs": pair_table(said, TITLES, resamples=resamples, seed=context.seed),
            "trainings": _training_table(trained),
        },
        figures=figures,
        text=_sentences(axis, trained, leading),
    )
    return _with_seeds(context, result, {name: one.report for name, one in trained.items()}, axis)


def _train(context: Context, name: str, axis: str) -> Training:
    """Check that a network can learn a few batches by heart, then train it and hear the held-out tracks once."""
    section, data, description = _opened(context, name, axis)
    params = section.params
    check = section.section("overfit", params={**params, "epochs": params["overfit_epochs"]})
    target = float(params["overfit_share"]) * constant_loss(data)
    checked = fitting.overfit(check, data, without_chance(description), target_loss=target, weight_decay=0.0)
    checked = replace(checked, values={**checked.values, "target": Value(target)})
    report = _fitted(section, data, description)
    return Training(checked, report, read_held_out(section.artifact(fitting.OUTPUTS_FILE).parent), data)


def _opened(context: Context, name: str, axis: str) -> tuple[Context, EmotionData, Description]:
    """Return the section of the run that a network is trained in, its data, and what is to be built."""
    params = own_parameters(context.params, name)
    section = context.section(name, params=params)
    network = NETWORKS[name]
    kind = network.kind(params)
    data = emotion_data(section, (axis,), kind.rows, beat=kind.beat)
    return section, data, network.describe(params, data.task.axes)


def _fitted(section: Context, data: EmotionData, description: Description) -> Result:
    return fitting.report(section, data, fitting.fit(section, data, description), int(section.params["resamples"]))


def _with_seeds(context: Context, result: Result, first: Mapping[str, Result], axis: str) -> Result:
    """Repeat the trainings, not their checks, with the seeds after the run's own, and say how far they part.

    Parameters
    ----------
    first
        The reports of the run's own seed, by network.
    """
    if seeds.seeds_of(context) < 2:
        return result
    reports = {name: {context.seed: report} for name, report in first.items()}
    for section in seeds.others(context):
        for name, found in reports.items():
            found[section.seed] = _fitted(*_opened(section, name, axis))
    table, values = seed_table(reports, TITLES, (axis,))
    return replace(
        result,
        values={**result.values, **values},
        tables={**result.tables, "seeds": table},
        text=f"{result.text}\n{seeds.seeds_sentence(context)}",
    )


def constant_loss(data: EmotionData) -> float:
    """Return the loss of the constant prediction on the training part, where training begins."""
    targets = data.train.targets
    return float(data.task.loss(torch.from_numpy(constant_loss_rows(targets)), torch.from_numpy(targets)))


def _baselines(context: Context, axis: str) -> dict[str, AxisPredictions]:
    """Return what ridge regression on clip statistics and the training mean say of the held-out tracks."""
    section = context.section(RIDGE)
    data = emotion_data(section, (axis,), MEL_AND_CHROMA)
    parts = {"training": data.train, "validation": data.validation, "held-out": data.test}
    x = {name: statistics_of(section, name, clips).reshape(len(clips), -1) for name, clips in parts.items()}
    fit = fit_ridge(x["training"], data.train.targets[:, 0], x["validation"], data.validation.targets[:, 0])
    said = {
        RIDGE: data.said(fit.model.predict(x["held-out"]).reshape(-1, 1)),
        CONSTANT: data.said(np.repeat(data.start.numpy()[None], len(data.test), axis=0)),
    }
    for name, one in said.items():
        context.section(name).write_artifact(fitting.OUTPUTS_FILE, regression.to_csv(one))
    return said


def _leading(trained: Mapping[str, Training]) -> str:
    """Return the network that is best on the validation part, so that the held-out tracks choose nothing."""

    def rank(name: str) -> float:
        one = trained[name]
        score = one.report.values[f"validation/{one.data.task.monitor}"].number
        if score is None:
            return -np.inf
        return score if one.data.task.higher_is_better else -score

    return max(trained, key=rank)


def _training_values(name: str, one: Training) -> dict[str, Value]:
    values = {
        f"{name}/{key}": one.report.values[key]
        for key in ("validation/spearman", "validation/loss", "best_epoch", "epochs_run")
    }
    for key, told in (("train/loss", "loss"), ("target", "target"), ("passed", "passed")):
        values[f"{name}/overfit/{told}"] = one.check.values[key]
    return values


def _training_table(trained: Mapping[str, Training]) -> Table:
    rows = []
    for name, one in trained.items():
        values = _training_values(name, one)
        cells = [
            values[f"{name}/{key}"].number
            for key in ("best_epoch", "epochs_run", "validation/spearman", "validation/loss")
        ]
        checks = [values[f"{name}/overfit/{key}"].number for key in ("loss", "target")]
        verdict = "passed" if values[f"{name}/overfit/passed"].number else "failed"
        rows.append((TITLES[name], *cells, *checks, verdict))
    columns = (
        Column("model"),
        Column("best epoch", digits=0),
        Column("of", digits=0),
        Column("validation Spearman"),
        Column("validation loss", digits=4),
        Column("overfit loss", digits=5),
        Column("to get below", digits=5),
        Column("check"),
    )
    monitors = {one.data.task.monitor_title for one in trained.values()}
    return Table(
        "Trainings", columns, tuple(rows), f"best epoch: by the {' and '.join(monitors)} on the validation part"
    )


def _sentences(axis: str, trained: Mapping[str, Training], leading: str) -> str:
    lines = []
    for name, one in trained.items():
        lines.append(f"{TITLES[name]}, overfit check: {one.check.text}\n{TITLES[name]}: {one.report.text}")
    data = trained[leading].data
    lines.append(
        f"The scores of {axis} that lead are those of the {TITLES[leading]}, by the {data.task.monitor_title} on the "
        f"validation part. The {len(data.test)} held-out tracks are the same for every model, axis and seed."
    )
    return "\n".join(lines)


def mean_spearman(context: Context) -> Result:
    """8ε: the mean correlation over the axes for every model, and the Kaggle file."""
    sources = _sources(context)
    axes = tuple(str(source.parameters["axis"]) for source in sources)
    resamples = int(context.params["resamples"])
    names = [name for name in NETWORKS if all((source.folder / name).is_dir() for source in sources)]
    if not names:
        raise PrerequisiteError(f"No network was trained in all of {', '.join(PARTS)}; run them with models=all.")
    said = {
        name: regression.side_by_side([read_held_out(source.folder / name) for source in sources])
        for name in (*names, RIDGE, CONSTANT)
    }
    scores = scores_of(said, resamples=resamples, seed=context.seed)
    validation = {name: _mean_validation(sources, name) for name in names}
    leading = max(names, key=lambda name: -np.inf if (v := validation[name].number) is None else v)
    values = dict(scores[leading])
    for name, found in scores.items():
        values |= {f"{name}/{key}": value for key, value in found.items()}
    values |= {f"{name}/validation/spearman": value for name, value in validation.items()}
    wanted = str(context.params["kaggle_model"])
    written, filed = _kaggle(context, sources, axes, leading if wanted == "best" else wanted)
    values["kaggle/tracks"] = Value(written)
    tracks = len(said[leading].ids)
    runs = ", ".join(f"{source.part} {source.run_id}" for source in sources)
    other = other_settings((source.part, source.settings) for source in sources)
    overview = axis_table(scores, TITLES, axes)
    return Result(
        values=values,
        tables={
            "mean_spearman": replace(overview, note=noted(overview.note, other)),
            "mean": score_table("Mean over the axes", scores, TITLES, regression.MEAN, tracks),
            **{axis: score_table(f"{axis.capitalize()}", scores, TITLES, axis, tracks) for axis in axes},
            "pairs": pair_table(said, TITLES, resamples=resamples, seed=context.seed),
        },
        figures={
            "spearman": spearman_bars(scores, TITLES, (*axes, regression.MEAN)),
            **scatters({name: said[name] for name in (*names, RIDGE)}, TITLES),
        },
        text=(
            f"{tracks} held-out tracks, the same for every model and axis; nobody trained, stopped or chose on them. "
            f"The scores that lead are those of the {TITLES[leading]}, by the mean Spearman correlation on the "
            f"validation parts. From the runs {runs}.{sentence(other)}\n{filed}"
        ),
    )


def _sources(context: Context) -> list[EarlierRun]:
    """Return the newest finished runs of the three axes.

    Raises
    ------
    PrerequisiteError
        If one is missing, or they were judged on different held-out tracks.
    """
    found = []
    for part in PARTS:
        source = context.earlier(part)
        if source is None:
            raise PrerequisiteError(f"{part} has no finished run on these data; run it first.")
        context.emit("uses", part=part, run=source.run_id)
        found.append(source)
    for name in SPLIT_PARAMETERS:
        told = {source.part: source.parameters[name] for source in found}
        if len(set(told.values())) > 1:
            each = ", ".join(f"{part} {value}" for part, value in told.items())
            raise PrerequisiteError(f"The axes were judged on different tracks ({name}: {each}); run them alike.")
    return found


def _mean_validation(sources: list[EarlierRun], name: str) -> Value:
    each = [source.result.values[f"{name}/validation/spearman"].number for source in sources]
    defined = [score for score in each if score is not None]
    if len(defined) < len(each):
        return Value(None, reason="undefined on one of the axes")
    return Value(float(np.mean(defined)))


def _kaggle(context: Context, sources: list[EarlierRun], axes: tuple[str, ...], name: str) -> tuple[int, str]:
    """Write the predictions of a network for every unlabelled test track, read them back and check them."""
    folder = context.data_root / DataFolder.MULTITASK_FULL / "test"
    if not any(clip_id(path.name) is not None for path in _files(folder)):
        return 0, f"{folder} holds no tracks, so there is no Kaggle file."
    columns, ids = [], np.array([], np.int64)
    for source in sources:
        if not (source.folder / name).is_dir():
            raise PrerequisiteError(f"{source.part} trained no {TITLES[name]}; run it with models=all.")
        axis = str(source.parameters["axis"])
        params = own_parameters(source.parameters, name)
        kind = NETWORKS[name].kind(params)
        test = open_packs(context, DataFolder.MULTITASK_BEAT if kind.beat else DataFolder.MULTITASK_FULL, ("test",))[0]
        fitted = fitting.read_fitted(context, replace(source, folder=source.folder / name))
        clips = Clips(test, kind.rows, np.zeros((len(test), 1), np.float32))
        outputs = evaluate(fitted.model, clips, fitted.arithmetic, context, name=f"unlabelled tracks {axis}")
        order = np.argsort(test.ids, kind="stable")
        if len(ids) and not np.array_equal(ids, test.ids[order]):
            raise DataError(f"{folder}: its tracks differ from those of its beat-synchronous twin; see `data check`.")
        ids = test.ids[order]
        columns.append(outputs[order, 0])
    path = context.write_artifact(KAGGLE_FILE, kaggle.write(ids, np.stack(columns, axis=1), axes))
    kaggle.read(path, axes, ids.tolist())
    return len(ids), f"Predictions of the {TITLES[name]} for {len(ids)} unlabelled tracks, in Kaggle's form: {path}"


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []
