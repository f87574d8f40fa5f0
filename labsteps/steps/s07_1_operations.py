"""Step 7.1γ: what convolution, batch normalisation, ReLU and max pooling did to one spectrogram of the data set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from labsteps.context import Context
from labsteps.data.clip_files import MEL
from labsteps.features.grid import MEL_BANDS
from labsteps.models.cnn import CNN, LAYERS, POOL, Layer, layer_shapes
from labsteps.models.saved import Description, build
from labsteps.results import Axis, Column, Image, Result, Table, Value, numbers
from labsteps.steps.clips_view import SHOWN_HZ, Clip, band_row, pair, time_axis
from labsteps.steps.fitting import read_fitted

OPERATIONS = ("convolution", "normalisation", "ReLU", "pooling")


@dataclass(frozen=True, eq=False)
class Seen:
    """What one operation gave.

    Attributes
    ----------
    layer, operation
        Which; layer 0 is the standardised input.
    values : np.ndarray [shape=(C, F, T), dtype=float32]
        Channels, bands, frames.
    parameters
        Learnt numbers of the operation.
    field
        Side of the square of input cells that reach one of its cells.
    """

    layer: int
    operation: str
    values: np.ndarray
    parameters: int
    field: int


def operations(context: Context) -> Result:
    """7.1γ: the four operations of every layer on one clip, measured, and those of one layer drawn."""
    whole = pair(context)[0]
    count = min(int(context.params["frames"]), len(whole.frames))
    start = (len(whole.frames) - count) // 2
    clip = replace(whole, frames=whole.frames[start : start + count])
    backbone, origin = _backbone(context, clip)
    seen = list(_run(backbone, torch.from_numpy(np.ascontiguousarray(clip.mel))))
    layer = int(context.params["layer"])
    chosen = [one for one in seen if one.layer == layer]
    relu = next(one.values for one in chosen if one.operation == "ReLU")
    channel = int(relu.reshape(len(relu), -1).std(axis=1).argmax())
    figures = {"input": _figure(clip, seen[0], 0)}
    figures |= {f"{one.operation}_{layer}".lower(): _figure(clip, one, channel) for one in chosen}
    by_name = {one.operation: one.values for one in chosen}
    values = {
        "zeros_after_relu": Value(float((by_name["ReLU"] == 0).mean())),
        "deviation_before_normalisation": Value(float(by_name["convolution"].std())),
        "deviation_after_normalisation": Value(float(by_name["normalisation"].std())),
        "cells_kept_by_pooling": Value(by_name["pooling"].size / by_name["ReLU"].size),
        "receptive_field": Value(layer_shapes(backbone, MEL_BANDS, count)[-1].receptive_field),
    }
    text = (
        f"{origin} The clip is {clip.name}, {count} frames from its middle. The pictures are of layer {layer}, channel "
        f"{channel + 1} of {len(relu)}: the one that varies most after ReLU."
    )
    return Result(values, {"operations": _table(seen)}, figures, text)


def _backbone(context: Context, clip: Clip) -> tuple[CNN, str]:
    """Return the CNN of 7.1β where it is trained, a fresh one else, and which of both it is in words."""
    earlier = context.earlier("7.1β")
    if earlier is not None:
        backbone = read_fitted(context, earlier).model.to("cpu").backbone
        origin = f"The weights are those that 7.1β learnt (run {earlier.run_id})."
    else:
        settings = {name: int(context.params[name]) for name in ("channels", "kernel_size")}
        about = Description("cnn", settings, 0.0, "mel", False, (MEL.start, MEL.stop), ("genre",))
        mean, deviation = torch.tensor(float(clip.mel.mean())), torch.tensor(max(float(clip.mel.std()), 1e-3))
        backbone = build(about, mean.expand(MEL_BANDS), deviation.expand(MEL_BANDS), context.seed).backbone
        origin = (
            "The network is untrained, its weights are random: 7.1β has not run yet on these data. Normalisation takes "
            "mean and deviation from the clip itself."
        )
    assert isinstance(backbone, CNN)
    # Running statistics that nothing was learnt from are 0 and 1, and would leave the clip as it is.
    return backbone.train(earlier is None), origin


def _run(backbone: CNN, mel: Tensor) -> Iterator[Seen]:
    """Yield the input and what every operation gives, in order; the clip is whole, so nothing is masked."""
    smallest = POOL**LAYERS
    with torch.no_grad():
        x = backbone.standardise(mel.unsqueeze(0), None).transpose(1, 2).unsqueeze(1)  # (1, 1, F, T)
        x = torch.nn.functional.pad(x, (0, max(0, smallest - x.shape[3])))
        yield Seen(0, "input", x[0].numpy(), 0, 1)
        field, jump = 1, 1
        for number, layer in enumerate(backbone.layers, 1):
            assert isinstance(layer, Layer)
            field += (layer.convolution.kernel_size[0] - 1) * jump
            x = layer.convolution(x)  # (1, C', F, T)
            yield Seen(number, OPERATIONS[0], x[0].numpy(), _learnt(layer.convolution), field)
            x = layer.normalisation(x)
            yield Seen(number, OPERATIONS[1], x[0].numpy(), _learnt(layer.normalisation), field)
            x = torch.relu(x)
            yield Seen(number, OPERATIONS[2], x[0].numpy(), 0, field)
            field, jump = field + (POOL - 1) * jump, jump * POOL
            x = layer.pooling(x)  # (1, C', F/2, T/2)
            yield Seen(number, OPERATIONS[3], x[0].numpy(), 0, field)


def _learnt(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _table(seen: list[Seen]) -> Table:
    rows = tuple(
        (
            one.layer,
            one.operation,
            *one.values.shape,
            one.parameters,
            one.field,
            float(one.values.mean()),
            float(one.values.std()),
            float((one.values == 0).mean()),
            float(one.values.max()),
        )
        for one in seen
    )
    columns = (
        Column("layer", digits=0),
        Column("operation"),
        *(Column(name, digits=0) for name in ("channels", "bands", "frames", "parameters")),
        Column("sees", digits=0),
        *(Column(name, digits=2) for name in ("mean", "deviation", "zeros", "max")),
    )
    note = "sees: side of the square of input cells that reach one output; the rest is over all channels of the clip"
    return Table("What each operation does to the spectrogram", columns, rows, note)


def _figure(clip: Clip, one: Seen, channel: int) -> Image:
    """Return one channel as a picture with seconds and Hz, whatever pooling has left of its cells."""
    picture = one.values[channel]
    shrunk = clip.mel.shape[1] / picture.shape[0]
    place = f"layer {one.layer}, channel {channel + 1}, after {one.operation}" if one.layer else "standardised input"
    seconds = time_axis(clip)
    ticks = tuple(((position + 0.5) / shrunk - 0.5, text) for position, text in seconds.ticks)
    hz = tuple(((band_row(value) + 0.5) / shrunk - 0.5, str(value)) for value in SHOWN_HZ)
    low, high = float(picture.min()), float(picture.max())
    return Image(
        f"{place[0].upper()}{place[1:]}: {picture.shape[0]} × {picture.shape[1]}",
        Axis(seconds.name, seconds.unit, tuple(tick for tick in ticks if tick[0] >= -0.5)),
        Axis("frequency", "Hz", hz),
        Axis("activation"),
        tuple(numbers(row) for row in picture.astype(np.float64).round(4)),
        low,
        high if high > low else low + 1.0,
    )
