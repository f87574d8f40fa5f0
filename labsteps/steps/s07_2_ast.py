"""Step 7.2: genre from a spectrogram cut into patches, with the Audio Spectrogram Transformer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labsteps.context import Context
from labsteps.data.clip_files import MEL
from labsteps.errors import ParameterError
from labsteps.models.saved import load_model
from labsteps.models.transformer import AST, Grid
from labsteps.results import Figure, Result, Value
from labsteps.steps import comparing, fitting, seeds
from labsteps.steps.clips_view import Clip, genre_split, read_track
from labsteps.steps.descriptions import ast_description
from labsteps.steps.genre import GenreData, genre_data
from labsteps.steps.patch_view import attention_figures, grid_table, overlap, patch_figure

CHECK = "overfit-check"


def show_patches(context: Context) -> Result:
    """7.2α: the patch grid on a track of the test set, and where the model of 7.2β looks, once there is one."""
    params = context.params
    split = genre_split(context, split="test")
    track = int(params["track"]) or split.ids[int(np.random.default_rng(context.seed).integers(len(split.ids)))]
    if track not in split.ids:
        near = ", ".join(map(str, sorted(split.ids)[:3]))
        raise ParameterError(f"track is {track}, which is not in the test set of {context.data_root} ({near} … are).")
    clip = read_track(split, track)
    sizes = (int(params[name]) for name in ("input_tdim", "fstride", "tstride", "input_fdim"))
    grid = Grid.for_features(MEL.stop - MEL.start, *sizes)
    windows = -(-len(clip.frames) // grid.frames)
    values = {
        "patches": Value(grid.patches),
        "windows": Value(windows),
        "overlap": Value(100 * overlap(grid)),
        "attention/half": Value(None, reason="7.2β had no result yet; its own shows it for a test clip"),
    }
    figures: dict[str, Figure] = {"patches": patch_figure(clip, grid)}
    text = (
        f"A window of {grid.bands} bands × {grid.frames} frames makes {grid.rows} × {grid.columns} = {grid.patches} "
        f"patches; {windows} windows cover the {len(clip.frames)} frames of the clip, and their vectors are averaged."
    )
    source = context.earlier("7.2β")
    if source is None:
        text += "\n7.2β shows where its network looks on a test clip; run after it, this part shows it on this track."
    else:
        context.emit("uses", part=source.part, run=source.run_id)
        model, _ = load_model(source.folder / "checkpoints" / "best")
        assert isinstance(model.backbone, AST)
        shown, half = attention_figures(clip, model.backbone)
        figures |= shown
        values["attention/half"] = Value(100 * half)
        text += f"\n{_half(half)} (attention roll-out of 7.2β, run {source.run_id})."
    return Result(values, {"grid": grid_table(grid)}, figures, text)


def genre_ast(context: Context) -> Result:
    """7.2β: overfit check, training, and the full report on the test set, beside 7.1ε and 5γ."""
    checks = bool(context.params["overfit_batches"])
    context.emit("trainings", total=checks + seeds.seeds_of(context))
    check = overfit_first(context) if checks else None
    resamples = int(context.params["resamples"])
    report = _report(context)
    for other in ("7.1ε", "5γ"):
        report = comparing.with_comparison(context, report, other, resamples)
    if check is not None:
        report = _with_check(report, check)
    return seeds.with_seeds(context, report, _report)


def overfit_first(context: Context) -> Result:
    """Learn a few batches by heart in a section of the run, so that a network that cannot is noticed."""
    section = context.section(CHECK)
    data = genre_data(section, MEL)
    description = ast_description(context.params, data.classes)
    whole = replace(description, settings={**description.settings, "patch_out": 0.0})
    epochs = int(context.params["overfit_epochs"])
    context.emit("phase", text="overfit check", done=0, total=epochs)
    result = fitting.overfit(section, data, whole, epochs=epochs, patience=0, weight_decay=0.0)
    if not result.values["passed"].number:
        context.emit("warning", text=f"Overfit check: {result.text}")
    return result


def _report(context: Context) -> Result:
    data = genre_data(context, MEL)
    fitted = fitting.fit(context, data, ast_description(context.params, data.classes))
    report = fitting.report(context, data, fitted, int(context.params["resamples"]))
    backbone = fitted.model.backbone
    assert isinstance(backbone, AST)
    values = {
        **report.values,
        "patches": Value(backbone.grid.patches),
        "parameters": Value(sum(p.numel() for p in fitted.model.parameters())),
    }
    shown, half = attention_figures(_shown(context, data), backbone.cpu())
    values["attention/half"] = Value(100 * half)
    text = f"{report.text}\n{_half(half)} in the clip that is drawn."
    return replace(report, values=values, figures={**report.figures, **shown}, text=text)


def _shown(context: Context, data: GenreData) -> Clip:
    """Return the test track that is drawn: another one for another seed."""
    index = int(np.random.default_rng(context.seed).integers(len(data.test)))
    pack = data.test.pack
    name = data.classes[int(data.test.targets[index])]
    return Clip(int(pack.ids[index]), name, context.data_root, 0, pack.clip(index), beat=False)


def _half(share: float) -> str:
    return f"Half of the attention falls on {share:.0%} of the cells"


def _with_check(report: Result, check: Result) -> Result:
    return replace(
        report,
        values={
            **report.values,
            "overfit/loss": check.values["train/loss"],
            "overfit/passed": check.values["passed"],
            "overfit/epochs": check.values["epochs_run"],
        },
        figures={**report.figures, "overfit_check": check.figures["loss"]},
        text=f"Overfit check: {check.text}\n{report.text}",
    )
