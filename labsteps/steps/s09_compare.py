"""9ε: the transferred model against the networks of step 8, on the same held-out tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from labsteps.context import Context, EarlierRun
from labsteps.errors import PrerequisiteError
from labsteps.evaluation.correlation import AxisPredictions, SpearmanComparison, compare_spearman
from labsteps.other_settings import noted, other_settings, sentence
from labsteps.results import Column, Result, Table, Value
from labsteps.steps import fitting
from labsteps.steps.affect_models import NETWORKS
from labsteps.steps.emotion import read_held_out
from labsteps.steps.emotion_scores import model_bars, scores_of
from labsteps.steps.s08_emotion import CONSTANT, PARTS, RIDGE, TITLES
from labsteps.steps.s09_transfer import SCRATCH, TRANSFERRED, difference_sentence, overlaid
from labsteps.training.state import TrainState

OWN_TITLES = {TRANSFERRED: "transferred (9δ)", SCRATCH: "from scratch, as long (9δ)"}


def compare_with_regression(context: Context) -> Result:
    """9ε: every model of step 8 on the axis of 9δ, and how far the transferred one is ahead of each."""
    tuned = _finished(context, "9δ")
    axis = str(tuned.parameters["axis"])
    eight = regression_of(context, axis)
    networks = [name for name in NETWORKS if (eight.folder / name).is_dir()]
    folders = {name: tuned.folder / name for name in (TRANSFERRED, SCRATCH)}
    folders |= {name: eight.folder / name for name in (*networks, RIDGE, CONSTANT)}
    said = {name: read_held_out(folder) for name, folder in folders.items()}
    resamples = int(context.params["resamples"])
    titles = _titles(eight)
    scores = scores_of(said, resamples=resamples, seed=context.seed)
    compared = _differences(said, eight.part, resamples, context.seed)
    states = {name: fitting.read_state(folders[name]) for name in (TRANSFERRED, SCRATCH, *networks)}
    other = other_settings((run.part, run.settings) for run in (eight, tuned))
    models = _score_table(axis, titles, scores, compared, len(said[TRANSFERRED].ids))
    values = {
        f"{TRANSFERRED}/spearman": scores[TRANSFERRED][f"held_out/spearman/{axis}"],
        f"{SCRATCH}/spearman": scores[SCRATCH][f"held_out/spearman/{axis}"],
    }
    for name in networks:
        values[f"{name}/spearman"] = scores[name][f"held_out/spearman/{axis}"]
    values |= {f"vs_{name}/spearman_difference": found.axes[axis] for name, found in compared.items()}
    return Result(
        values=values,
        tables={
            "models": replace(models, note=noted(models.note, other)),
            "learning": _learning_table(titles, states, folders),
        },
        figures={
            "learning": overlaid(
                {titles[name]: state for name, state in states.items()},
                "validation_spearman",
                f"Learning {axis}: Spearman on the validation tracks",
            ),
            "spearman": model_bars(scores, titles, (axis,)),
        },
        text="\n".join(
            (
                f"Transferred: run {tuned.run_id} of 9δ. Step 8: run {eight.run_id} of {eight.part}.",
                *(difference_sentence(found, axis, titles[name]) for name, found in compared.items()),
            )
        )
        + sentence(other),
    )


def regression_of(context: Context, axis: str) -> EarlierRun:
    """Return the newest finished run of step 8 that learnt an axis.

    Raises
    ------
    PrerequisiteError
        If there is none.
    """
    for part in PARTS:
        run = context.earlier(part)
        if run is not None and run.parameters["axis"] == axis:
            context.emit("uses", part=part, run=run.run_id)
            return run
    raise PrerequisiteError(f"Step 8 has no finished run for {axis} on these data; run its part first.")


def _finished(context: Context, part: str) -> EarlierRun:
    run = context.earlier(part)
    if run is None:
        raise PrerequisiteError(f"{part} has no finished run on these data; run it first.")
    context.emit("uses", part=part, run=run.run_id)
    return run


def _titles(eight: EarlierRun) -> dict[str, str]:
    return {**OWN_TITLES, **{name: f"{title} ({eight.part})" for name, title in TITLES.items()}}


def _differences(
    said: Mapping[str, AxisPredictions], part: str, resamples: int, seed: int
) -> dict[str, SpearmanComparison]:
    """Return name → the transferred model's correlation less that of the other.

    Raises
    ------
    PrerequisiteError
        If the two were not judged on the same held-out tracks.
    """
    found = {}
    for name, other in said.items():
        if name == TRANSFERRED:
            continue
        if set(other.ids.tolist()) != set(said[TRANSFERRED].ids.tolist()):
            raise PrerequisiteError(
                f"{part} and 9δ were judged on different held-out tracks; run them with the same held_out_fraction "
                "and held_out_seed."
            )
        found[name] = compare_spearman(said[TRANSFERRED], other, resamples=resamples, seed=seed)
    return found


def _score_table(
    axis: str,
    titles: Mapping[str, str],
    scores: Mapping[str, Mapping[str, Value]],
    compared: Mapping[str, SpearmanComparison],
    tracks: int,
) -> Table:
    rows = []
    for name, values in scores.items():
        score, error = values[f"held_out/spearman/{axis}"], values[f"held_out/mse/{axis}"]
        ahead = compared[name].axes[axis] if name in compared else Value(None, reason="itself")
        # The bootstrap tells the transferred model less this one; the row tells of this one.
        difference = (_negative(ahead.number), _negative(ahead.high), _negative(ahead.low))
        rows.append((titles[name], score.number, score.low, score.high, error.number, *difference))
    columns = (
        Column("model"),
        *(Column(name) for name in ("Spearman", "from", "to")),
        Column("MSE", digits=4),
        *(Column(name) for name in ("difference", "from", "to")),
    )
    note = (
        f"{tracks} held-out tracks, the same for all; difference: this model's correlation less the transferred one's, "
        "with the 95 % interval of the paired bootstrap; one that holds 0 shows no difference"
    )
    return Table(f"{axis.capitalize()} on the held-out tracks", columns, tuple(rows), note)


def _negative(number: float | None) -> float | None:
    return None if number is None else 0.0 - number


def _learning_table(titles: Mapping[str, str], states: Mapping[str, TrainState], folders: Mapping[str, Path]) -> Table:
    rows = []
    for name, state in states.items():
        first = state.history[0].get("validation_spearman")
        best = state.history[state.best_epoch - 1].get("validation_spearman") if state.best_epoch else None
        rows.append((titles[name], first, best, state.best_epoch, state.epoch, fitting.clips_seen(folders[name])))
    columns = (
        Column("model"),
        Column("first"),
        Column("best"),
        Column("best epoch", digits=0),
        Column("of", digits=0),
        Column("clips seen", digits=0),
    )
    note = "first, best: Spearman on the validation tracks after epoch 1 and the best one; clips seen in all epochs"
    return Table("How the models learnt", columns, tuple(rows), note)
