"""Step 7.1: genre from the spectrogram as an image, with a 2D CNN of four layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labsteps.context import Context
from labsteps.data.clip_files import MEL
from labsteps.models.cnn import CNN, layer_shapes
from labsteps.models.heads import Model
from labsteps.results import Column, Result, Table
from labsteps.steps import comparing, fitting, seeds
from labsteps.steps.descriptions import cnn_description
from labsteps.steps.genre import GenreData, genre_data

RESAMPLES = 2000
# What 7.1β tells of the test set; the full report is 7.1ε's.
HEADLINES = (
    "test/accuracy",
    "test/macro_f1",
    "majority/accuracy",
    "majority/macro_f1",
    "validation/accuracy",
    "validation/macro_f1",
    "best_epoch",
    "epochs_run",
)


def train_cnn(context: Context) -> Result:
    """7.1β: train the CNN on train and validation, and report it on test."""
    data = genre_data(context, MEL)
    fitted = fitting.fit(context, data, cnn_description(context.params, data.classes))
    report = fitting.report(context, data, fitted, RESAMPLES)
    return Result(
        values={name: report.values[name] for name in HEADLINES},
        tables={"layers": _layer_table(fitted.model, data)},
        figures={name: report.figures[name] for name in ("loss", "scores")},
        text=report.text,
    )


def overfit_cnn(context: Context) -> Result:
    """7.1δ: learn a few batches by heart, and give a verdict."""
    data = genre_data(context, MEL)
    return fitting.overfit(context, data, cnn_description(context.params, data.classes))


def genre_cnn(context: Context) -> Result:
    """7.1ε: the full report on the test set, for the model of 7.1β when it is the same one, beside 5γ."""
    first = comparing.with_comparison(context, _full_report(context), "5γ", int(context.params["resamples"]))
    return seeds.with_seeds(context, first, _full_report)


def _full_report(context: Context) -> Result:
    data = genre_data(context, MEL)
    resamples = int(context.params["resamples"])
    found = fitting.fitted_earlier(context, "7.1β")
    context.emit("trainings", total=seeds.seeds_of(context) - (found is not None))
    if found is None:
        return fitting.report(
            context, data, fitting.fit(context, data, cnn_description(context.params, data.classes)), resamples
        )
    fitted, source = found
    result = fitting.report(context, data, fitted, resamples)
    return replace(result, text=f"The model was trained in 7.1β (run {source.run_id}).\n{result.text}")


def _layer_table(model: Model, data: GenreData) -> Table:
    assert isinstance(model.backbone, CNN)
    frames = int(np.median(data.train.pack.lengths))
    shapes = layer_shapes(model.backbone, len(data.mean), frames)
    rows = [(s.name, *s.shape, s.parameters, s.receptive_field) for s in shapes]
    head = sum(p.numel() for p in model.head.parameters())
    features = model.backbone.feature_size
    columns = (
        Column("layer"),
        Column("channels", digits=0),
        Column("bands", digits=0),
        Column("frames", digits=0),
        Column("parameters", digits=0),
        Column("sees", "cells a side", digits=0),
    )
    total = sum(p.numel() for p in model.parameters())
    note = f"mean and maximum over bands and frames give {features} features; {total} parameters in all"
    output = ("output", len(data.classes), 1, 1, head, None)
    return Table(f"Layers, for a clip of {len(data.mean)} × {frames}", columns, (*rows, output), note)
