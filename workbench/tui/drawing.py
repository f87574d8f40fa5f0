"""A digit that is being drawn: pixels, a pen and where it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from labsteps.digits.ink import centred

SIDE: Final = 28
# A stroke of MNIST is two to three pixels wide with soft edges.
_NIB: Final = np.array([[64, 150, 64], [150, 255, 150], [64, 150, 64]], np.uint8)


class Pen(StrEnum):
    """What moving does."""

    UP = "pen up"
    DOWN = "pen down"
    RUBBER = "rubber down"


class Drawing:
    """A picture of 28 × 28 pixels, 0 paper and 255 ink, row 0 at the top.

    Attributes
    ----------
    pixels : np.ndarray [shape=(28, 28), dtype=uint8]
        Replaced, never changed, so that it can be kept by whoever has computed something of it.
    row, column
        Where the pen is.
    """

    def __init__(self) -> None:
        self.pixels: npt.NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)
        self.row = self.column = SIDE // 2
        self.pen = Pen.UP

    def load(self, pixels: npt.NDArray[np.uint8]) -> None:
        """Show a picture, with the pen up."""
        self.pixels, self.pen = pixels, Pen.UP

    def clear(self) -> None:
        """Take a new sheet."""
        self.load(np.zeros((SIDE, SIDE), np.uint8))

    def toggle(self, pen: Pen) -> None:
        """Put pen or rubber down, which marks where it is, or lift it."""
        self.pen = Pen.UP if self.pen is pen else pen
        self._mark()

    def move(self, down: int, right: int) -> None:
        """Move by so many pixels, at most to the edge; pen or rubber mark the way's end."""
        self.row = min(SIDE - 1, max(0, self.row + down))
        self.column = min(SIDE - 1, max(0, self.column + right))
        self._mark()

    def centre(self) -> None:
        """Shift the ink so that its centre of mass is in the middle, as the digits of MNIST were."""
        self.pixels = centred(self.pixels)

    def _mark(self) -> None:
        if self.pen is Pen.UP:
            return
        changed = self.pixels.copy()
        top, left = self.row - 1, self.column - 1
        rows, columns = slice(max(0, top), top + 3), slice(max(0, left), left + 3)
        place = changed[rows, columns]
        nib = _NIB[max(0, -top) :, max(0, -left) :][: place.shape[0], : place.shape[1]]
        place[...] = np.maximum(place, nib) if self.pen is Pen.DOWN else np.minimum(place, 255 - nib)
        self.pixels = changed
