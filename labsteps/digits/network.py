"""The digit network of step 7.1α in numpy, so that a screen can use it without importing torch.

The same weights as `labsteps.models.digits.DigitNetwork`, the same outputs to 1e-5 (a test).  A convolution is one
matrix product over the patches of its input, which for pictures of 28 × 28 takes about a millisecond.

References
----------
Chellapilla, Puri and Simard, "High performance convolutional neural networks for document processing", IWFHR 2006
(convolution as a product of matrices).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from labsteps.digits.activations import Activations, Floats

POOL = 2


def forward(weights: Mapping[str, Floats], image: npt.NDArray[np.uint8]) -> Activations:
    """Return the activations of every layer for one picture.

    Parameters
    ----------
    weights
        State dict of the network, by name.
    image : np.ndarray [shape=(28, 28), dtype=uint8]
        0 is paper, 255 is ink.
    """
    x = (image.astype(np.float32)[None] / np.float32(255) - weights["mean"]) / weights["deviation"]  # (1, 28, 28)
    layers: dict[str, Floats] = {"input": x}
    for number in (1, 2):
        x = convolve(x, weights[f"convolution{number}.weight"], weights[f"convolution{number}.bias"])  # (C, H, W)
        layers[f"convolution {number}"] = x
        x = np.maximum(x, np.float32(0))
        layers[f"ReLU {number}"] = x
        x = pool(x)  # (C, H/2, W/2)
        layers[f"pooling {number}"] = x
    scores = weights["output.weight"] @ x.reshape(-1) + weights["output.bias"]  # (10,)
    layers["output"] = scores.reshape(-1, 1, 1)
    risen = np.exp(scores - scores.max())
    return Activations(layers, risen / risen.sum())


def convolve(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Return the cross-correlation with zeros around, of the size of the input.

    Parameters
    ----------
    x : np.ndarray [shape=(C, H, W)]
        The picture.
    weight : np.ndarray [shape=(D, C, k, k)]
        The kernels; k is odd.
    bias : np.ndarray [shape=(D,)]
        Added to each channel.

    Returns
    -------
    np.ndarray [shape=(D, H, W), dtype=float32]
    """
    outputs, _, side, _ = weight.shape
    edge = side // 2
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge)))
    patches = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))  # (C, H, W, k, k)
    height, width = x.shape[1:]
    columns = patches.transpose(0, 3, 4, 1, 2).reshape(-1, height * width)  # (C·k·k, H·W)
    found = weight.reshape(outputs, -1) @ columns + bias[:, None]
    return np.ascontiguousarray(found.reshape(outputs, height, width))


def pool(x: Floats) -> Floats:
    """Return the largest value of each 2 × 2 patch: (C, H, W) → (C, H/2, W/2); a last odd row or column is left out."""
    channels, height, width = x.shape
    whole = x[:, : height // POOL * POOL, : width // POOL * POOL]
    cells: Floats = whole.reshape(channels, height // POOL, POOL, width // POOL, POOL).max(axis=(2, 4))
    return cells
