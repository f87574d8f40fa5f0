"""Step 7.1: genre from the spectrogram as an image, with a 2D CNN of four layers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import torch

from labsteps.context import Context
from labsteps.data.clip_files import MEL
from labsteps.errors import ParameterError
from labsteps.evaluation import classification
from labsteps.models.cnn import CNN, layer_shapes
from labsteps.models.heads import Model
from labsteps.models.saved import Description, build, load_model, save_model
from labsteps.results import Column, Result, Table, Value
from labsteps.steps.genre import GenreData, genre_data, loss_curves, score_curves
from labsteps.training.loop import Settings, Trained, evaluate, train
from labsteps.training.losses import Classification
from labsteps.training.precision import Arithmetic, choose
from labsteps.training.state import TrainState

TEST_RESAMPLES = 2000
TRAINING_VALUES = (
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
    model, trained, arithmetic = _train(context, data)
    report = _report(context, data, model, trained.state, arithmetic, TEST_RESAMPLES)
    return Result(
        values={name: report.values[name] for name in TRAINING_VALUES},
        tables={"layers": _layer_table(model, data)},
        figures={name: report.figures[name] for name in ("loss", "scores")},
        text=report.text,
    )


def overfit_cnn(context: Context) -> Result:
    """7.1δ: learn a few batches by heart, and give a verdict."""
    data = genre_data(context, MEL)
    model, arithmetic = _prepare(context, data, dropout=0.0)
    settings = replace(_settings(context), overfit_batches=int(context.params["overfit_batches"]))
    task = Classification(data.classes)
    trained = train(model, task, data.train, None, settings, arithmetic, context, overfit_batch=True)
    last = trained.state.history[-1]
    loss, accuracy = last["train_loss"], last["train_accuracy"]
    assert loss is not None
    passed = loss < settings.target_loss
    clips = min(settings.overfit_batches * settings.batch_size, len(data.train))
    return Result(
        values={
            "train/loss": Value(loss),
            "train/accuracy": Value(accuracy),
            "epochs_run": Value(trained.state.epoch),
            "passed": Value(1.0 if passed else 0.0),
        },
        figures={"loss": loss_curves(trained.state, title=f"Overfit check on {clips} clips")},
        text=_verdict(passed, loss, settings.target_loss, trained.state.epoch),
    )


def genre_cnn(context: Context) -> Result:
    """7.1ε: the full report on the test set, for the model of 7.1β when it is the same one."""
    resamples = int(context.params["resamples"])
    data = genre_data(context, MEL)
    same = {name: value for name, value in context.params.items() if name not in ("resamples", "checkpoint_seconds")}
    source = context.earlier("7.1β", parameters=same, seed=context.seed)
    if source is None:
        model, trained, arithmetic = _train(context, data)
        return _report(context, data, model, trained.state, arithmetic, resamples)
    context.emit("uses", part=source.part, run=source.run_id)
    model, _ = load_model(source.folder / "checkpoints" / "best")
    arithmetic = Arithmetic(**json.loads((source.folder / "arithmetic.json").read_text(encoding="utf-8")))
    arithmetic.apply()
    state = TrainState(**json.loads((source.folder / "training.json").read_text(encoding="utf-8")))
    report = _report(context, data, model.to(context.device), state, arithmetic, resamples)
    return replace(report, text=f"The model was trained in 7.1β (run {source.run_id}).\n{report.text}")


def _train(context: Context, data: GenreData) -> tuple[Model, Trained, Arithmetic]:
    """Train, and keep the best model with all that is needed to use it."""
    model, arithmetic = _prepare(context, data, dropout=float(context.params["dropout"]))
    task = Classification(data.classes)
    trained = train(model, task, data.train, data.validation, _settings(context), arithmetic, context)
    description = _description(context, data, float(context.params["dropout"]))
    context.save_model(lambda folder: save_model(folder, description, trained.best))
    context.write_artifact("training.json", trained.state.to_json())
    return model, trained, arithmetic


def _prepare(context: Context, data: GenreData, *, dropout: float) -> tuple[Model, Arithmetic]:
    """Build the model and choose its arithmetic; a run that is resumed keeps the one it began with."""
    if int(context.params["kernel_size"]) % 2 == 0:
        raise ParameterError(
            f"kernel_size cannot be {context.params['kernel_size']}: it takes an odd number (1, 3, 5 …)."
        )
    model = build(_description(context, data, dropout), data.mean, data.deviation, context.seed)
    chosen = context.artifact("arithmetic.json")
    if chosen.exists():
        return model, Arithmetic(**json.loads(chosen.read_text(encoding="utf-8")))
    longest = int(data.train.pack.lengths.max())
    crop = int(context.params["crop_frames"])
    arithmetic = choose(
        model,
        context.device,
        precision=str(context.params["precision"]),
        threads=int(context.params["threads"]),
        frames=min(crop, longest) if crop else longest,
        rows=len(data.mean),
        loss=lambda outputs: outputs.square().mean(),
        cache=context.cache,
    )
    context.write_artifact("arithmetic.json", arithmetic.to_json())
    context.emit("arithmetic", precision=arithmetic.precision, threads=arithmetic.threads)
    return model, arithmetic


def _description(context: Context, data: GenreData, dropout: float) -> Description:
    return Description(
        architecture="cnn",
        settings={"channels": int(context.params["channels"]), "kernel_size": int(context.params["kernel_size"])},
        dropout=dropout,
        features="mel",
        beat=False,
        rows=(MEL.start, MEL.stop),
        outputs=data.classes,
    )


def _settings(context: Context) -> Settings:
    names = Settings.__dataclass_fields__
    given = {name: value for name, value in context.params.items() if name in names}
    return Settings(**given, seed=context.seed)  # type: ignore[arg-type]  # the catalogue has checked types and ranges


def _report(
    context: Context, data: GenreData, model: Model, state: TrainState, arithmetic: Arithmetic, resamples: int
) -> Result:
    """Score the best epoch's weights on the test set, once."""
    context.emit("phase", text="test set", done=0, total=len(data.test))
    outputs = evaluate(model, data.test, arithmetic, context)
    predicted = outputs.argmax(axis=1)
    context.write_artifact("test_outputs.csv", _outputs_csv(data, outputs))
    result = classification.evaluate(
        data.test.targets,
        predicted,
        data.classes,
        majority=classification.majority_code(data.train_codes),
        resamples=resamples,
        seed=context.seed,
    )
    best = state.history[state.best_epoch - 1] if state.best_epoch else state.history[-1]
    values = {
        **result.values,
        "validation/accuracy": Value(best["validation_accuracy"]),
        "validation/macro_f1": Value(best["validation_macro_f1"]),
        "best_epoch": Value(state.best_epoch),
        "epochs_run": Value(state.epoch),
    }
    figures = {
        "loss": loss_curves(state, title="Loss over the epochs"),
        "scores": score_curves(state, title="Accuracy and macro-F1 over the epochs"),
        **result.figures,
    }
    text = (
        f"Best epoch {state.best_epoch} of {state.epoch} by macro-F1 on the {len(data.validation)} validation clips; "
        f"training ended: {state.ended}. The {len(data.test)} test clips were heard once, whole, by those weights."
    )
    return replace(result, values=values, figures=figures, text=text)


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


def _outputs_csv(data: GenreData, outputs: np.ndarray) -> bytes:
    """Return track id, true and predicted class and the probability of each class, one line a clip."""
    probabilities = torch.from_numpy(outputs).softmax(dim=1).numpy()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "true", "predicted", *data.classes])
    for track, code, row in zip(data.test.pack.ids, data.test.targets, probabilities, strict=True):
        writer.writerow([track, data.classes[code], data.classes[int(row.argmax())], *(f"{p:.6f}" for p in row)])
    return text.getvalue().encode()


def _verdict(passed: bool, loss: float, target: float, epochs: int) -> str:
    if passed:
        return f"Passed: the training loss fell to {loss:.4f}, below {target:g}, after {epochs} epochs."
    return (
        f"Failed: the training loss stands at {loss:.4f} after {epochs} epochs, above {target:g}. Look at the "
        "learning rate (too high when the curve jumps, too low when it crawls), at dead or constant inputs "
        "(step 0 checks the data), and at more epochs."
    )
