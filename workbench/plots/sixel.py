"""A picture as sixels, for terminals that show these.

``python -m workbench.plots.sixel FILE WIDTH HEIGHT COLOURS`` prints them.  It runs in a process of
its own: decoding a PNG file needs Pillow, which no screen imports.

References
----------
DEC, "VT330/VT340 Programmer Reference Manual", vol. 2, chapter 14 (sixel graphics): a sixel is a column of six pixels,
``#`` chooses or defines a colour in percents of red, green and blue, ``!`` repeats, ``$`` goes back to the line's
beginning, ``-`` on to the next six rows.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

_ROWS: Final = 6
_LONGEST_PLAIN: Final = 3


def sixel(indices: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8]) -> str:
    """Return a picture as a sequence of sixels.

    Parameters
    ----------
    indices : np.ndarray [shape=(H, W), dtype=uint8]
        The colour of each pixel by its number.
    palette : np.ndarray [shape=(colours, 3), dtype=uint8]
        Red, green and blue of each colour.
    """
    height, width = indices.shape
    used = np.unique(indices).tolist()
    written = [f'\x1bP0;1;0q"1;1;{width};{height}']
    for code in used:
        red, green, blue = (round(100 * int(part) / 255) for part in palette[code])
        written.append(f"#{code};2;{red};{green};{blue}")
    weights = (1 << np.arange(_ROWS, dtype=np.uint8))[:, None]
    for top in range(0, height, _ROWS):
        band = indices[top : top + _ROWS]
        lines = []
        for code in np.unique(band).tolist():
            bits = ((band == code) * weights[: len(band)]).sum(axis=0, dtype=np.uint8)
            lines.append(f"#{code}{_runs((bits + 63).tobytes().decode('ascii'))}")
        written.append("$".join(lines) + "-")
    return "".join(written) + "\x1b\\"


def _runs(text: str) -> str:
    """Return sixels with what repeats written once, and without the empty ones at the end."""
    parts = []
    for letter, group in groupby(text.rstrip("?")):
        count = len(list(group))
        parts.append(f"!{count}{letter}" if count > _LONGEST_PLAIN else letter * count)
    return "".join(parts)


def sixel_of(file: Path, width: int, height: int, colours: int = 255) -> str:
    """Return a picture file as sixels of this size in pixels, in so many colours."""
    from PIL import Image

    with Image.open(file) as picture:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
    small = paper.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    reduced = small.quantize(colours, dither=Image.Dither.NONE)
    palette = np.array(reduced.getpalette() or [0, 0, 0], np.uint8).reshape(-1, 3)
    return sixel(np.asarray(reduced, np.uint8), palette)


if __name__ == "__main__":
    sys.stdout.write(sixel_of(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
