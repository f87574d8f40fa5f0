"""Step 7.1α: a small CNN learns digits, and is looked at from inside, layer by layer and epoch by epoch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labsteps.context import Context
from labsteps.data.digits import CLASSES, Digits, DigitSet, open_digits
from labsteps.data.splits import stratified_split, subset
from labsteps.digits.activations import LAYERS, Activations
from labsteps.digits.album import (
    HELD_OUT_FILE,
    TRAINING_FILE,
    Album,
    epoch_file,
    epoch_files,
    open_album,
    pack_digits,
    pack_weights,
)
from labsteps.digits.figures import channels_figure, epochs_figure
from labsteps.digits.network import forward
from labsteps.errors import DataError, ParameterError
from labsteps.evaluation import classification
from labsteps.models.digits import DigitNetwork
from labsteps.results import Axis, Bars, Column, Curve, Image, Result, Series, Table, Value, numbers
from labsteps.steps.fitting import loss_curves, score_curves, settings_of
from labsteps.training.feed import Pictures
from labsteps.training.inference import evaluate
from labsteps.training.loop import train
from labsteps.training.losses import Classification
from labsteps.training.precision import Arithmetic
from labsteps.training.state import TrainState

# A network this small gains nothing from more threads or another arithmetic.
ARITHMETIC = Arithmetic("float32", 1)
TASK = Classification(CLASSES)
SCORE_LINES = {
    "train accuracy": "train_accuracy",
    "validation accuracy": "validation_accuracy",
    "validation macro-F1": "validation_macro_f1",
}
TEST_FRACTION, TEST_SEED = 0.2, 0
VALIDATION_FRACTION = 0.125
COMPARED_A_CLASS = 10
SHOWN_EPOCHS = 6
# These choose what is looked at, not what is learnt.
LOOKING = ("digit", "example", "resamples", "checkpoint_seconds")


def inside_digits(context: Context) -> Result:
    """7.1α: train on digits, or take the network that was trained with the same settings, and look inside it."""
    found = open_digits(str(context.params["digits_folder"]))
    digits, validation, test = _split(context, found)
    _check_choice(context, test)
    source = _copy_earlier(context)
    network = _network(context, digits)
    if source:
        state = TrainState(**json.loads(context.artifact(TRAINING_FILE).read_text(encoding="utf-8")))
    else:
        context.write_artifact(HELD_OUT_FILE, pack_digits(test))
        state = _train(context, network, digits, validation)
    album = open_album(context.artifact(TRAINING_FILE).parent)
    assert album is not None and album.best is not None
    network.load_state_dict({name: torch.tensor(array) for name, array in album.epochs[album.best].items()})
    outputs = evaluate(network.to(context.device), Pictures(test), ARITHMETIC, context, name="held-out digits")
    scores = classification.evaluate(
        test.labels,
        outputs.argmax(axis=1),
        CLASSES,
        majority=classification.majority_code(digits.labels),
        resamples=int(context.params["resamples"]),
        seed=context.seed,
    )
    return _report(context, found.source, state, scores, album, (len(digits), len(validation), len(test)), source)


def _split(context: Context, found: DigitSet) -> tuple[Digits, Digits, Digits]:
    """Return training, validation and held-out digits; the held-out ones are the same for every seed."""
    train_part, test = found.train, found.test
    if test is None:
        parts = stratified_split(
            np.arange(len(train_part)), train_part.labels, fraction=TEST_FRACTION, seed=TEST_SEED, purpose="digits"
        )
        train_part, test = train_part.select(parts.kept), train_part.select(parts.taken)
    ids = np.arange(len(train_part))
    parts = stratified_split(ids, train_part.labels, fraction=VALIDATION_FRACTION, seed=context.seed)
    chosen = parts.kept
    wanted = int(context.params["subset"])
    if 0 < wanted < len(chosen):
        chosen = subset(ids, train_part.labels, chosen, n=wanted, seed=context.seed)
    if len(np.unique(train_part.labels[chosen])) < 2 or not len(parts.taken) or not len(test):
        raise DataError(f"{found.source}: {len(found.train)} digits are too few to train, validate and test on.")
    context.emit("data", train=len(chosen), validation=len(parts.taken), test=len(test), classes=list(CLASSES))
    return train_part.select(chosen), train_part.select(parts.taken), test


def _check_choice(context: Context, test: Digits) -> None:
    """Refuse a digit that is not there before anything is trained."""
    digit, example = int(context.params["digit"]), int(context.params["example"])
    there = min(100, int((test.labels == digit).sum()))
    if example > there:
        raise ParameterError(f"example cannot be {example}: {there} held-out digits {digit} are kept to be looked at.")


def _network(context: Context, digits: Digits) -> DigitNetwork:
    pixels = digits.images / 255.0
    torch.manual_seed(context.seed)
    return DigitNetwork(
        float(pixels.mean()),
        max(float(pixels.std()), 1e-3),
        channels=int(context.params["channels"]),
        kernel_size=int(context.params["kernel_size"]),
    )


def _train(context: Context, network: DigitNetwork, digits: Digits, validation: Digits) -> TrainState:
    def keep(epoch: int, weights: Mapping[str, Tensor]) -> None:
        context.write_artifact(epoch_file(epoch), pack_weights({n: w.numpy() for n, w in weights.items()}))

    keep(0, network.state_dict())
    context.emit("phase", text=f"training on digits, seed {context.seed}", done=0, total=len(digits))
    trained = train(
        network,
        TASK,
        Pictures(digits),
        Pictures(validation),
        settings_of(context),
        ARITHMETIC,
        context,
        each_epoch=keep,
    )
    context.write_artifact(TRAINING_FILE, trained.state.to_json())
    return trained.state


def _copy_earlier(context: Context) -> str:
    """Copy what a run that differs only in the digit it looks at has kept, and return its id, or an empty text."""
    same = {name: value for name, value in context.params.items() if name not in LOOKING}
    earlier = context.earlier(context.part, parameters=same, seed=context.seed)
    if earlier is None or not (earlier.folder / TRAINING_FILE).exists():
        return ""
    context.emit("uses", part=context.part, run=earlier.run_id)
    files: list[Path] = [earlier.folder / HELD_OUT_FILE, *epoch_files(earlier.folder), earlier.folder / TRAINING_FILE]
    for file in files:
        context.write_artifact(str(file.relative_to(earlier.folder)), file.read_bytes())
    return earlier.run_id


def _report(
    context: Context,
    source: str,
    state: TrainState,
    scores: Result,
    album: Album,
    sizes: tuple[int, int, int],
    trained_in: str,
) -> Result:
    assert album.best is not None
    digit, example = int(context.params["digit"]), int(context.params["example"])
    image = album.digits.images[album.of_class(digit)[example - 1]]
    seen = [forward(weights, image) for weights in album.epochs]
    settling = _settling(album)
    now = seen[album.best]
    best = state.best_row
    values = {
        **{name: value for name, value in scores.values.items() if not name.endswith(("precision", "recall"))},
        "validation/accuracy": Value(best["validation_accuracy"]),
        "best_epoch": Value(state.best_epoch),
        "epochs_run": Value(state.epoch),
        "shown/probability": Value(float(now.probabilities[digit])),
        "shown/probability_untrained": Value(float(seen[0].probabilities[digit])),
    }
    tables = {"layers": _layers_table(album, now), "changes": _changes_table(seen, settling, digit), **scores.tables}
    figures = {
        "loss": loss_curves(state, TASK, title="Loss over the epochs"),
        "scores": score_curves(state, SCORE_LINES),
        **_pictures(album, now, f"{digit} (example {example})"),
        **_over_epochs(album, seen, digit),
        "settling": _settling_curve(settling),
        **{name: replace(one, title=f"{one.title}, {context.part} CNN") for name, one in scores.figures.items()},
    }
    return Result(values, tables, figures, _text(source, state, sizes, now, (digit, example), settling, trained_in))


def _pictures(album: Album, now: Activations, shown: str) -> dict[str, Image | Bars]:
    """Return the filters, every layer's activations and the probabilities for the digit that is shown."""
    assert album.best is not None
    filters = album.epochs[album.best]["convolution1.weight"][:, 0]
    drawn: dict[str, Image | Bars] = {
        "filters": channels_figure("Filters of convolution 1", filters, Axis("weight")),
    }
    for name in LAYERS[:-1]:
        title = f"{name[0].upper()}{name[1:]} for a {shown}"
        drawn[name.lower().replace(" ", "_")] = channels_figure(title, now.layers[name], Axis("activation"))
    drawn["probabilities"] = Bars(
        f"Probabilities for a {shown}",
        Axis("digit"),
        Axis("probability"),
        CLASSES,
        (Series("probability", numbers(range(len(CLASSES))), numbers(now.probabilities)),),
    )
    return drawn


def _over_epochs(album: Album, seen: list[Activations], digit: int) -> dict[str, Image | Curve]:
    last = len(seen) - 1
    chosen = sorted({round(last * (i / (SHOWN_EPOCHS - 1)) ** 2) for i in range(SHOWN_EPOCHS)})
    filters = [album.epochs[epoch]["convolution1.weight"][:, 0] for epoch in chosen]
    drawn: dict[str, Image | Curve] = {
        "filters_over_epochs": epochs_figure("Filters of convolution 1", chosen, filters, Axis("weight"))
    }
    for name in ("ReLU 1", "ReLU 2"):
        layers = [seen[epoch].layers[name] for epoch in chosen]
        title = f"{name} over the epochs, for a {digit}"
        key = f"{name.lower().replace(' ', '_')}_over_epochs"
        drawn[key] = epochs_figure(title, chosen, layers, Axis("activation"))
    epochs = numbers(range(len(seen)))
    lines = tuple(Series(name, epochs, numbers(one.probabilities[c] for one in seen)) for c, name in enumerate(CLASSES))
    top = sorted(lines, key=lambda line: -max(y or 0.0 for y in line.y))[:4]
    title = f"Probabilities over the epochs, for a {digit}"
    drawn["probabilities_over_epochs"] = Curve(title, Axis("epoch"), Axis("probability"), tuple(top))
    return drawn


def _settling(album: Album) -> dict[str, list[float]]:
    """Return, for each layer and epoch, the mean cosine between its activations then and at the end.

    Over `COMPARED_A_CLASS` held-out digits of each class; the mean of each layer's activations is taken off first,
    so that 0 means unrelated.
    """
    positions = np.concatenate([album.of_class(c)[:COMPARED_A_CLASS] for c in range(len(CLASSES))])
    found: dict[str, list[float]] = {name: [] for name in LAYERS[1:]}
    final: list[Mapping[str, np.ndarray]] = []
    for weights in reversed(album.epochs):
        layers = [forward(weights, image).layers for image in album.digits.images[positions]]
        final = final or list(layers)
        for name, line in found.items():
            pairs = zip(layers, final, strict=True)
            line.insert(0, float(np.mean([_cosine(one[name], other[name]) for one, other in pairs])))
    return found


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    a, b = (x.ravel().astype(np.float64) - x.mean() for x in (one, other))
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))


def _settling_curve(settling: Mapping[str, list[float]]) -> Curve:
    lines = tuple(
        Series(name, numbers(range(len(line))), numbers(line))
        for name, line in settling.items()
        if name.startswith(("convolution", "output"))
    )
    return Curve("How close each layer is to its final activations", Axis("epoch"), Axis("cosine to the end"), lines)


def _layers_table(album: Album, now: Activations) -> Table:
    """Return the layers in order: shape, parameters, receptive field, and the activations of the shown digit."""
    weights = album.epochs[-1]
    rows: list[tuple[str | int | float | None, ...]] = []
    field, jump = 1, 1
    for name in LAYERS:
        values, learnt = now.layers[name], 0
        key = name.replace(" ", "")
        if f"{key}.weight" in weights:
            learnt = weights[f"{key}.weight"].size + weights[f"{key}.bias"].size
        if name.startswith("convolution"):
            field += (weights[f"{key}.weight"].shape[-1] - 1) * jump
        elif name.startswith("pooling"):
            field, jump = field + jump, 2 * jump
        seen = now.layers["input"].shape[1] if name == "output" else field
        rows.append((name, *values.shape, learnt, seen, float(values.mean()), float(values.std()), _zeros(values)))
    columns = (
        Column("layer"),
        *(Column(name, digits=0) for name in ("channels", "height", "width", "parameters")),
        Column("sees", "pixels a side", digits=0),
        *(Column(name) for name in ("mean", "deviation", "zeros")),
    )
    note = "mean, deviation and share of zeros are of the digit that is shown"
    return Table("Layers, for the digit that is shown", columns, tuple(rows), note)


def _changes_table(seen: list[Activations], settling: Mapping[str, list[float]], digit: int) -> Table:
    rows = tuple(
        (
            epoch,
            float(one.probabilities[digit]),
            one.verdict,
            *(settling[name][epoch] for name in ("convolution 1", "convolution 2", "output")),
            *(_zeros(one.layers[name]) for name in ("ReLU 1", "ReLU 2")),
        )
        for epoch, one in enumerate(seen)
    )
    columns = (
        Column("epoch", digits=0),
        Column(f"p({digit})"),
        Column("says", digits=0),
        *(Column(name) for name in ("conv 1", "conv 2", "output")),
        *(Column(f"zeros {number}") for number in (1, 2)),
    )
    note = (
        "conv 1, conv 2, output: cosine to the activations at the end, mean over held-out digits; zeros: share of "
        "zeros after ReLU 1 and 2, for the digit that is shown"
    )
    return Table("How the activations change", columns, rows, note)


def _text(
    source: str,
    state: TrainState,
    sizes: tuple[int, int, int],
    now: Activations,
    shown: tuple[int, int],
    settling: Mapping[str, list[float]],
    trained_in: str,
) -> str:
    head = f"The network was trained in run {trained_in}.\n" if trained_in else ""
    first = min(1, state.epoch)
    near = ", ".join(f"{name} {settling[name][first]:.2f}" for name in ("convolution 1", "convolution 2", "output"))
    return (
        f"{head}{source}: {sizes[0]} to train, {sizes[1]} to validate, {sizes[2]} held out. Best epoch "
        f"{state.best_epoch} of {state.epoch} by macro-F1 on the validation digits. For example {shown[1]} of the "
        f"held-out digits {shown[0]} it says {now.verdict}, with probability {now.probabilities[now.verdict]:.3f}. "
        f"After epoch {first} the activations are already this close to their final ones (cosine): {near}."
    )


def _zeros(values: np.ndarray) -> float:
    return float((values == 0).mean())
