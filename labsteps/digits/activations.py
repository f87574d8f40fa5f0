"""What the layers of the digit network are, and what they make of one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LAYERS = (
    "input",
    "convolution 1",
    "ReLU 1",
    "pooling 1",
    "convolution 2",
    "ReLU 2",
    "pooling 2",
    "output",
)


@dataclass(frozen=True, eq=False)
class Activations:
    """What every layer makes of one picture.

    Attributes
    ----------
    layers
        Name of the layer → its output, shape (channels, height, width) float32; that of ``output`` is (10, 1, 1),
        the scores before the softmax.
    probabilities : np.ndarray [shape=(10,), dtype=float32]
        Softmax of the scores.
    """

    layers: Mapping[str, Floats]
    probabilities: Floats

    @property
    def verdict(self) -> int:
        """The most probable digit."""
        return int(self.probabilities.argmax())

    def strongest(self, layer: str) -> int:
        """Return the channel of a layer that answers most: whose sum of absolute values is the greatest."""
        return int(np.abs(self.layers[layer]).sum(axis=(1, 2)).argmax())

    def zeros(self, layer: str) -> float:
        """Return the share of a layer's values that are 0."""
        return float((self.layers[layer] == 0).mean())
