"""A PNG file on a terminal that shows pictures: the escape sequences of kitty's protocol, and tmux's passthrough.

References
----------
https://sw.kovidgoyal.net/kitty/graphics-protocol/ (transmission in chunks, ``a=T``, ``a=d``).
tmux(1), ``allow-passthrough``.
"""

from __future__ import annotations

import base64
import struct
from typing import Final

# The protocol's own limit for the data of one sequence.
CHUNK: Final = 4096
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">II")


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG file in pixels, None where it is none."""
    if data[:8] != _SIGNATURE or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = _HEADER.unpack_from(data, 16)
    return (width, height) if width and height else None


def fitted(size: tuple[int, int], room: tuple[int, int], cell: tuple[float, float]) -> tuple[int, int]:
    """Return how many columns and lines a picture takes that keeps its proportions.

    Parameters
    ----------
    size
        Of the picture, in pixels.
    room
        Columns and lines that there are.
    cell
        Width and height of a cell in pixels.
    """
    scale = min(room[0] * cell[0] / size[0], room[1] * cell[1] / size[1])
    columns, lines = (round(scale * pixels / one) for pixels, one in zip(size, cell, strict=True))
    return min(room[0], max(1, columns)), min(room[1], max(1, lines))


def kitty(png: bytes, number: int, cells: tuple[int, int]) -> str:
    """Return what transmits a PNG file and shows it where the cursor is, on so many columns and lines.

    The terminal answers nothing (``q=2``), and the cursor stays (``C=1``).
    """
    text = base64.standard_b64encode(png).decode("ascii")
    parts = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    first = f"a=T,f=100,t=d,i={number},p=1,c={cells[0]},r={cells[1]},q=2,C=1,"
    return "".join(
        f"\x1b_G{first if not index else ''}m={int(index + 1 < len(parts))};{part}\x1b\\"
        for index, part in enumerate(parts)
    )


def kitty_clear(number: int) -> str:
    """Return what takes a picture off the screen, and its data out of the terminal."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def placed(sequence: str, row: int, column: int) -> str:
    """Return a sequence at a cell of the terminal, counted from 0, after which the cursor is where it was."""
    return f"\x1b7\x1b[{row + 1};{column + 1}H{sequence}\x1b8"


def through_tmux(sequence: str) -> str:
    """Return sequences as tmux hands them to the terminal outside, where that is allowed."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"
