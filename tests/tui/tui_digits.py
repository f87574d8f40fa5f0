"""A run of the digit network written by hand: weights that a test has made, and digits that are strokes."""

from __future__ import annotations

import numpy as np

from labsteps.data.digits import Digits
from labsteps.digits.album import HELD_OUT_FILE, epoch_file, pack_digits, pack_weights
from workbench.store.run import RunFolder
from workbench.tui.drawing import SIDE


def weights_of(epoch: int) -> dict[str, np.ndarray]:
    """Return a network that is surer of everything with each epoch."""
    dice = np.random.default_rng(7)

    def some(*shape: int) -> np.ndarray:
        return dice.normal(0, 0.3, shape).astype(np.float32)

    return {
        "mean": np.array([0.13], np.float32),
        "deviation": np.array([0.31], np.float32),
        "convolution1.weight": some(4, 1, 5, 5),
        "convolution1.bias": some(4),
        "convolution2.weight": some(8, 4, 5, 5),
        "convolution2.bias": some(8),
        "output.weight": some(10, 8 * 49) * epoch / 20,
        "output.bias": some(10),
    }


def digits() -> Digits:
    images = np.zeros((20, SIDE, SIDE), np.uint8)
    images[np.arange(20), 5:20, 5 + np.arange(20) % 10] = 255
    return Digits(images, np.arange(20) % 10)


def keep(run: RunFolder, epochs: int) -> None:
    (run.path / "digits").mkdir(exist_ok=True)
    (run.path / HELD_OUT_FILE).write_bytes(pack_digits(digits()))
    for epoch in range(epochs):
        (run.path / epoch_file(epoch)).write_bytes(pack_weights(weights_of(epoch)))
