"""Step 7.2: genre from a spectrogram cut into patches, with the Audio Spectrogram Transformer."""

from __future__ import annotations

from dataclasses import replace

from labsteps.context import Context
from labsteps.data.clip_files import MEL
from labsteps.models.transformer import AST
from labsteps.results import Result, Value
from labsteps.steps import fitting
from labsteps.steps.descriptions import ast_description
from labsteps.steps.genre import genre_data

CHECK = "overfit-check"


def genre_ast(context: Context) -> Result:
    """7.2β: overfit check, training, and the full report on the test set, beside 7.1ε and 5γ."""
    check = overfit_first(context) if context.params["overfit_batches"] else None
    resamples = int(context.params["resamples"])
    report = _report(context)
    for other in ("7.1ε", "5γ"):
        report = fitting.with_comparison(context, report, other, resamples)
    if check is not None:
        report = _with_check(report, check)
    return fitting.with_seeds(context, report, _report)


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
    return replace(report, values=values)


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
