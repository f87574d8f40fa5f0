"""Where the ink of a digit is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def centred(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a picture shifted by whole pixels so that its centre of mass is in the middle; what leaves it is lost.

    Parameters
    ----------
    pixels : np.ndarray [shape=(H, W), dtype=uint8]
        0 is paper, 255 is ink; empty paper comes back as it is.

    References
    ----------
    LeCun, Cortes and Burges, "The MNIST database of handwritten digits": the digits were centred so in their fields.
    """
    mass = pixels.astype(np.float64)
    if not mass.any():
        return pixels
    down, right = (
        round((side - 1) / 2 - float((mass.sum(axis=1 - axis) * np.arange(side)).sum() / mass.sum()))
        for axis, side in enumerate(pixels.shape)
    )
    shifted = np.zeros_like(pixels)
    to_rows, from_rows = _overlap(down, pixels.shape[0])
    to_columns, from_columns = _overlap(right, pixels.shape[1])
    shifted[to_rows, to_columns] = pixels[from_rows, from_columns]
    return shifted


def _overlap(by: int, side: int) -> tuple[slice, slice]:
    """Return where lines go that are shifted by so many, and where they come from."""
    return slice(max(0, by), side + min(0, by)), slice(max(0, -by), side + min(0, -by))
