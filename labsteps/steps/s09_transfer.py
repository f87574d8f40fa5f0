"""Step 9: a backbone that was trained on genres, under a regression head for one axis of emotion.

The source task never hears a track that the target task validates on, holds out or predicts for the competition:
tracks are known by their ids, and whatever is in both sets is left out of the source's training and validation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from labsteps.context import Context, EarlierRun, ParameterValue
from labsteps.data.folders import DataFolder
from labsteps.errors import DataError, PrerequisiteError
from labsteps.evaluation.correlation import SpearmanComparison, compare_spearman
from labsteps.models.heads import Model
from labsteps.models.saved import Description, load_model
from labsteps.results import Axis, Column, Curve, Result, Series, Table, Value, numbers
from labsteps.steps import fitting, seeds
from labsteps.steps.emotion import TRACK_PARTS, EmotionData, emotion_data, emotion_parts, read_held_out
from labsteps.steps.emotion_scores import mean_of_seeds, seed_table
from labsteps.steps.genre import GenreData, genre_data
from labsteps.steps.opening import SPLIT_FILE, open_packs
from labsteps.steps.sources import Candidate, chosen_source
from labsteps.training.losses import GENRE_MONITORS
from labsteps.training.state import TrainState
from labsteps.training.tuning import FROZEN, FULL

SOURCE, TRANSFERRED, SCRATCH = "source", "transferred", "scratch"
TITLES = {TRANSFERRED: "transferred", SCRATCH: "from scratch"}
SOURCE_FILE = "source.json"
# What of a source's training does not follow from its own part's parameters.
MACHINE = ("precision", "threads", "mode", "fused", "flush_denormal", "compile", "checkpoint_seconds")
LEFT_OUT = TRACK_PARTS[1:]
IN_WORDS = {
    "train": "training",
    "validation": "validation",
    "held_out": "held out",
    "unlabelled": "unlabelled (competition)",
}


@dataclass(frozen=True, eq=False)
class Backbone:
    """A model of 9γ, and how it was trained."""

    run: EarlierRun
    model: Model
    description: Description
    name: str
    crop_frames: int
    heard: frozenset[int]


@dataclass(frozen=True, eq=False)
class Tuned:
    """What came of one backbone: the training that begins with it, and the one from scratch, under their names."""

    source: Backbone
    data: EmotionData
    states: Mapping[str, TrainState]
    reports: Mapping[str, Result]
    folders: Mapping[str, Path]


def train_source(context: Context) -> Result:
    """9γ: train the chosen model on genres without the target task's tracks, and keep its best epoch."""
    context.emit("trainings", total=seeds.seeds_of(context))
    return seeds.with_seeds(context, _train_source(context), _train_source)


def _train_source(context: Context) -> Result:
    """Train the source with the context's seed, without the tracks that the target task judges on with that seed."""
    params = context.params
    found = chosen_source(context, str(params["source"]))
    parts = emotion_parts(context, beat=found.source.kind.beat)
    without = frozenset[int]().union(*(parts[name] for name in LEFT_OUT))
    section = context.section(SOURCE, params=_source_params(params, found))
    monitor = str(params["source_monitor"])
    data = genre_data(section, found.source.kind.rows, beat=found.source.kind.beat, without=without, monitor=monitor)
    description = found.source.describe(section.params, data.classes)
    fitted = fitting.fit(section, data, description, weights_of=found.run)
    result = fitting.report(section, data, fitted, int(params["resamples"]))
    chosen = {
        "source": found.source.name,
        "part": found.source.part,
        "run": found.run.run_id,
        "crop_frames": int(section.params.get("crop_frames", 0)),
    }
    context.write_artifact(SOURCE_FILE, (json.dumps(chosen, ensure_ascii=False) + "\n").encode())
    table, counts = _shared_tracks(context, found, parts)
    values = {name: value for name, value in result.values.items() if not name.startswith("majority/")}
    return replace(
        result,
        values={**values, **counts},
        tables={"shared": table, **result.tables},
        text=(
            f"The model is {found.source.name} with the settings of {found.source.part} (run {found.run.run_id}). "
            f"{GENRE_MONITORS[monitor][:1].upper()}{GENRE_MONITORS[monitor][1:]} on the validation set decides which "
            f"epoch is kept.\n{_left_out_sentence(counts, data)}\n{result.text}"
        ),
    )


def fine_tune(context: Context) -> Result:
    """9δ: the backbone of 9γ under a regression head, beside the same network trained from scratch as long."""
    run = _source_run(context)
    _refuse_missing_seeds(context, run)
    context.emit("trainings", total=2 * seeds.seeds_of(context))
    tuned = _fine_tune(context, run)
    result = _compared(context, tuned)
    if seeds.seeds_of(context) < 2:
        return result
    each = {context.seed: tuned, **{section.seed: _fine_tune(section, run) for section in seeds.others(context)}}
    return _with_seeds(context, result, each)


def _fine_tune(context: Context, run: EarlierRun) -> Tuned:
    """Train with the context's seed, from the backbone that 9γ trained with it and from scratch."""
    source = _backbone(run, context.seed)
    axis = str(context.params["axis"])
    description = replace(source.description, outputs=(axis,))
    if "imagenet_pretrain" in description.settings:  # what is from scratch begins with nothing
        description = replace(description, settings={**description.settings, "imagenet_pretrain": False})
    settings = {**context.params, "crop_frames": source.crop_frames}
    sections = {
        TRANSFERRED: context.section(TRANSFERRED, params=settings),
        SCRATCH: context.section(SCRATCH, params={**settings, "backbone": FULL, "backbone_rate": 1.0}),
    }
    data = {
        name: emotion_data(section, (axis,), slice(*description.rows), beat=description.beat)
        for name, section in sections.items()
    }
    _refuse_leaks(source, data[TRANSFERRED])
    reports, states = {}, {}
    for name, section in sections.items():
        begin_with = source.model if name == TRANSFERRED else None
        fitted = fitting.fit(section, data[name], description, begin_with=begin_with)
        states[name] = fitted.state
        reports[name] = fitting.report(section, data[name], fitted, int(context.params["resamples"]))
    folders = {name: section.artifact(fitting.OUTPUTS_FILE).parent for name, section in sections.items()}
    return Tuned(source, data[TRANSFERRED], states, reports, folders)


def _compared(context: Context, tuned: Tuned) -> Result:
    """Report the transferred training beside the one from scratch, on the same held-out tracks."""
    axis, source, reports, states = str(context.params["axis"]), tuned.source, tuned.reports, tuned.states
    said = {name: read_held_out(folder) for name, folder in tuned.folders.items()}
    found = compare_spearman(
        said[TRANSFERRED], said[SCRATCH], resamples=int(context.params["resamples"]), seed=context.seed
    )
    report = reports[TRANSFERRED]
    lines = {TITLES[name]: state for name, state in states.items()}
    return Result(
        values={
            **_told(report),
            **{f"{SCRATCH}/{name}": value for name, value in _told(reports[SCRATCH]).items()},
            f"vs_{SCRATCH}/spearman_difference": found.axes[axis],
        },
        tables={"trainings": _training_table(states, reports, axis)},
        figures={
            "learning": overlaid(lines, "validation_spearman", f"Learning {axis}: Spearman on the validation tracks"),
            "loss": overlaid(lines, "train_loss", f"Learning {axis}: training loss", tuned.data.task.loss_title),
            f"truth_{axis}": report.figures[f"truth_{axis}"],
        },
        text=(
            f"The backbone is that of 9γ (run {source.run.run_id}, {source.name}), {_how(context.params)}. "
            f"{report.text}\nFrom scratch, the same network, epochs and rates otherwise: {reports[SCRATCH].text}\n"
            f"{difference_sentence(found, axis, 'the same network from scratch')}"
        ),
    )


def _with_seeds(context: Context, result: Result, each: Mapping[int, Tuned]) -> Result:
    """Add to the report of the run's own seed what all of them say together: seed → what came of it."""
    axis = str(context.params["axis"])
    names = {"": TRANSFERRED, SCRATCH: SCRATCH}
    reports = {key: {seed: one.reports[name] for seed, one in each.items()} for key, name in names.items()}
    table, values = seed_table(reports, {key: TITLES[name] for key, name in names.items()}, (axis,))
    ahead = _mean_difference(each, f"held_out/spearman/{axis}")
    values[f"vs_{SCRATCH}/seeds/spearman_difference"] = ahead
    return replace(
        result,
        values={**result.values, **values},
        tables={**result.tables, "seeds": table},
        text=(
            f"{result.text}\n{seeds.seeds_sentence(context)} Each begins with the backbone that 9γ trained with the "
            f"same seed. Transferred less from scratch, mean of the seeds: {in_words(ahead)}."
        ),
    )


def _mean_difference(each: Mapping[int, Tuned], score: str) -> Value:
    """Return how far the transferred training is ahead, seed by seed: the mean with Student's interval."""
    pairs = [(one.reports[TRANSFERRED].values[score], one.reports[SCRATCH].values[score]) for one in each.values()]
    ahead = [None if a.number is None or b.number is None else a.number - b.number for a, b in pairs]
    return mean_of_seeds(ahead, lowest=-2.0, highest=2.0)


def overlaid(states: Mapping[str, TrainState], key: str, title: str, unit: str = "Spearman correlation") -> Curve:
    """Return one line a training over the epochs: name of the line → state of the training."""
    series = tuple(
        Series(
            name,
            numbers(row["epoch"] for row in state.history),
            numbers(row.get(key) for row in state.history),
        )
        for name, state in states.items()
    )
    return Curve(title, Axis("epoch"), Axis(unit), series)


def difference_sentence(found: SpearmanComparison, axis: str, other: str) -> str:
    """Say in words how far the first model is ahead of another one on an axis, and whether that could be chance."""
    value = found.axes[axis]
    return f"Against {other} on the same {found.tracks} held-out tracks: {in_words(value)}."


def in_words(value: Value) -> str:
    """Return a difference in Spearman correlation with its interval, and what the interval says."""
    if value.number is None:
        return f"undefined ({value.reason})"
    if value.low is None or value.high is None:
        return f"Spearman {value.number:+.3f}, without an interval"
    verdict = "which holds 0: no difference can be told"
    if value.low > 0 or value.high < 0:
        verdict = "which does not hold 0"
    return f"Spearman {value.number:+.3f}, 95 % interval {value.low:+.3f} to {value.high:+.3f}, {verdict}"


def _told(report: Result) -> dict[str, Value]:
    """Return the values of a report on one axis, which has no mean over axes beside it."""
    left_out = ("/mean", "validation/mse")
    return {name: value for name, value in report.values.items() if not name.endswith(left_out)}


def _source_params(params: Mapping[str, ParameterValue], found: Candidate) -> dict[str, ParameterValue]:
    """Return the parameters of the source's own part, as they were; what 9γ sets itself stands in for them."""
    own = {name: params[name] for name in MACHINE}
    changed = {name: params[name] for name in ("epochs", "subset") if params[name]}
    return {**found.run.parameters, **own, **changed}


def _shared_tracks(
    context: Context, found: Candidate, parts: Mapping[str, frozenset[int]]
) -> tuple[Table, dict[str, Value]]:
    """Count the tracks that are in both data sets, by their ids."""
    beat = found.source.kind.beat
    packs = open_packs(context, DataFolder.GENRE_BEAT if beat else DataFolder.GENRE_FULL)
    train, test = (frozenset(one.ids.tolist()) for one in packs)
    rows = []
    values = {}
    for name in TRACK_PARTS:
        both = len(train & parts[name])
        left_out = both if name in LEFT_OUT else 0
        rows.append((IN_WORDS[name], len(parts[name]), both, len(test & parts[name]), left_out))
        values[f"left_out/{name}"] = Value(left_out)
    everything = frozenset[int]().union(*parts.values())
    values = {
        "shared": Value(len(everything & (train | test))),
        "left_out": Value(sum(value.number or 0 for value in values.values())),
        **{name: value for name, value in values.items() if name != "left_out/train"},
    }
    columns = (
        Column("emotion tracks"),
        *(Column(name, digits=0) for name in ("tracks", "genre train", "genre test", "left out")),
    )
    note = (
        "genre train, genre test: how many of them that index has too; left out: of the training and validation here, "
        "for genre test tracks are not trained on anyway"
    )
    return Table("Tracks that are in both data sets", columns, tuple(rows), note), values


def _left_out_sentence(counts: Mapping[str, Value], data: GenreData) -> str:
    shared, left_out = counts["shared"].number or 0, counts["left_out"].number or 0
    held_out, validation = counts["left_out/held_out"].number or 0, counts["left_out/validation"].number or 0
    return (
        f"{shared:.0f} tracks are in both data sets. {left_out:.0f} of them were left out here: {held_out:.0f} that "
        f"the emotion task holds out, {validation:.0f} that it validates on, and "
        f"{counts['left_out/unlabelled'].number or 0:.0f} without values. {len(data.train)} clips trained, "
        f"{len(data.validation)} validated."
    )


def _source_run(context: Context) -> EarlierRun:
    """Return the newest finished run of 9γ.

    Raises
    ------
    PrerequisiteError
        If there is none.
    """
    run = context.earlier("9γ")
    if run is None:
        raise PrerequisiteError("9γ has no finished run on these data; run it first.")
    context.emit("uses", part="9γ", run=run.run_id)
    return run


def _refuse_missing_seeds(context: Context, run: EarlierRun) -> None:
    """Refuse seeds that 9γ was not trained with: each needs a backbone that has not heard what judges it.

    Raises
    ------
    PrerequisiteError
        Says what to run.
    """
    count = seeds.seeds_of(context)
    trained = range(run.seed, run.seed + int(run.parameters.get("seeds", 1)))
    if count > 1 and not {*range(context.seed, context.seed + count)} <= {*trained}:
        raise PrerequisiteError(
            f"9δ is to train with the seeds {context.seed} to {context.seed + count - 1}, each from a backbone that 9γ "
            f"trained with the same seed; 9γ (run {run.run_id}) has {trained[0]} to {trained[-1]}. Run 9γ with "
            f"seeds={count} and seed {context.seed} first, or 9δ with seeds=1."
        )


def _backbone(run: EarlierRun, seed: int) -> Backbone:
    """Return the model that 9γ trained with a seed, that of the run's own where it trained none with this one.

    Raises
    ------
    DataError
        If its files cannot be read.
    """
    section = f"{seeds.section_of(seed)}/{SOURCE}"
    if not (run.folder / section).is_dir():
        section = SOURCE
    model, description = load_model(run.folder / section / "checkpoints" / "best")
    try:
        chosen = _read_json(run, SOURCE_FILE)
        split = _read_json(run, f"{section}/{SPLIT_FILE}")
        heard = frozenset([*split["train"], *split["validation"]])
        name, crop = str(chosen["source"]), int(chosen["crop_frames"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{run.folder}: its files cannot be read: {error!r}. Run 9γ again with --force.") from error
    return Backbone(run, model, description, name, crop, heard)


def _refuse_leaks(source: Backbone, data: EmotionData) -> None:
    """Refuse a backbone that has heard tracks which are to judge it.

    Raises
    ------
    DataError
        Says how many, and what to run.
    """
    judging = np.concatenate((data.test.pack.ids, data.validation.pack.ids))
    leaked = sorted(source.heard.intersection(judging.tolist()))
    if leaked:
        raise DataError(
            f"9γ (run {source.run.run_id}) has heard {len(leaked)} of the tracks that are held out or validated on "
            f"here ({', '.join(map(str, leaked[:5]))}{', …' if len(leaked) > 5 else ''}): it was run with another "
            "seed, held_out_seed, held_out_fraction or validation_fraction. Run 9γ again with those of this run."
        )


def _how(params: Mapping[str, ParameterValue]) -> str:
    mode, rate = str(params["backbone"]), float(params["backbone_rate"])
    if mode == FROZEN:
        return "frozen: only the head learns"
    slower = f"at {rate:g} times the head's learning rate" if rate != 1.0 else "at the head's learning rate"
    if mode == FULL:
        return f"learning from the first epoch on, {slower}"
    every = int(params["unfreeze_every"])
    return f"unfrozen from the top, a layer group every {every} epoch{'s' if every > 1 else ''}, {slower}"


def _training_table(states: Mapping[str, TrainState], reports: Mapping[str, Result], axis: str) -> Table:
    rows = []
    for name, state in states.items():
        values = reports[name].values
        held_out = values[f"held_out/spearman/{axis}"]
        learning = [row.get("learning_layers") for row in state.history]
        rows.append(
            (
                TITLES[name],
                values["validation/spearman"].number,
                held_out.number,
                held_out.low,
                held_out.high,
                values[f"held_out/mse/{axis}"].number,
                state.best_epoch,
                state.epoch,
                "all" if learning[-1] is None else str(learning[-1]),
            )
        )
    columns = (
        Column("training"),
        Column("validation"),
        Column("held out"),
        Column("from"),
        Column("to"),
        Column("MSE", digits=4),
        Column("best epoch", digits=0),
        Column("of", digits=0),
        Column("layers"),
    )
    note = (
        "Spearman correlation on the validation and the held-out tracks, with its 95 % interval; layers: groups of the "
        "backbone that learn at the end"
    )
    return Table(f"Two trainings on {axis}", columns, tuple(rows), note)


def _read_json(run: EarlierRun, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((run.folder / name).read_text(encoding="utf-8"))
    return read
