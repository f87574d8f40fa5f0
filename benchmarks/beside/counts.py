"""Operations of a training step, counted from the networks' shapes; an addition and a multiplication are two.

Forward, the gradient of the weights and the gradient of the inputs each take one product of the same size; the gradient
of a network's own input is not computed.  What is linear in the activations (normalisation, pooling, the gates'
sigmoids, the softmax) is left out: it is bound by memory, and a few percent of the operations of each network here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.beside.data_set import BEAT, FRAMES, MEL_ROWS
from benchmarks.beside.rows import Training
from labsteps.models.transformer import PATCH, SPECIAL, Grid

BEATS = 58  # mean beats of a clip of the data set here
OUTPUTS = 10


@dataclass(frozen=True, slots=True)
class Work:
    """What a step has to do at least.

    Attributes
    ----------
    operations
        Additions and multiplications.
    state_bytes
        Bytes of activations that the forward pass has to keep for the backward pass, at the precision's width.
    serial
        Products that wait for one another: time steps of layers that run one after the other, forward and backward.
    """

    operations: float
    state_bytes: float
    serial: int

    def times(self, factor: float) -> Work:
        """Return the work of so many more clips."""
        return Work(self.operations * factor, self.state_bytes * factor, self.serial)


def work(row: Training, width: int = 4) -> Work:
    """Return the work of one step of a training, with activations of `width` bytes."""
    frames = BEATS if row.folder == BEAT else row.crop or FRAMES
    per_clip = {"lstm": _lstm, "cnn": _cnn, "ast": _ast}[row.network](frames, row.settings, width)
    return per_clip.times(row.batch_size)


def _lstm(frames: int, settings: Mapping[str, Any], width: int) -> Work:
    hidden, directions = settings["hidden_size"], 2 if settings["bidirectional"] else 1
    inputs, operations, kept, serial = MEL_ROWS, 0.0, 0.0, 0
    for layer in range(settings["num_layers"]):
        of_input, of_state = (2.0 * frames * size * 4 * hidden * directions for size in (inputs, hidden))
        operations += (3.0 if layer else 2.0) * of_input + 3.0 * of_state
        kept += frames * directions * hidden * 6 * width  # four gates, the cell and the state
        serial += 2 * frames * directions
        inputs = hidden * directions
    operations += 3.0 * 2.0 * inputs * OUTPUTS
    return Work(operations, kept, serial)


def _cnn(frames: int, settings: Mapping[str, Any], width: int) -> Work:
    inputs, outputs, bands, operations, kept = 1, settings["channels"], MEL_ROWS, 0.0, 0.0
    for layer in range(4):
        product = 2.0 * 9 * inputs * outputs * bands * frames
        operations += (3.0 if layer else 2.0) * product
        kept += 2.5 * outputs * bands * frames * width  # convolved, normalised, and the pooled cells with their places
        inputs, outputs, bands, frames = outputs, 2 * outputs, bands // 2, frames // 2
    operations += 3.0 * 2.0 * 2 * inputs * OUTPUTS
    return Work(operations, kept, 8)


def _ast(frames: int, settings: Mapping[str, Any], width: int) -> Work:
    """Of the tiny size: tokens of 192 numbers, 12 blocks."""
    wide, blocks = 192, 12
    window = min(frames, settings["input_tdim"])
    patches = Grid.for_features(MEL_ROWS, window, settings["fstride"], settings["tstride"]).patches
    tokens = SPECIAL + patches
    linear = 2.0 * tokens * wide * (3 + 1 + 4 + 4) * wide
    attention = 2.0 * 2.0 * tokens * tokens * wide
    embedding = 2.0 * 2.0 * patches * PATCH * PATCH * wide
    operations = embedding + 3.0 * blocks * (linear + attention) + 3.0 * 2.0 * wide * (wide + OUTPUTS)
    kept = blocks * tokens * wide * 16 * width  # qkv, joined, both norms, the four times wider layer twice, two sums
    return Work(operations, kept, 2 * blocks * 6)
