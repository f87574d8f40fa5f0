"""Nothing beyond ASCII on a terminal that shows nothing else, whoever drew it: frames, scroll bars, fields."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from workbench.plots.text import printable

# What Textual draws frames and scroll bars of.
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("▔▁─━═▀▄", "-"),
        **dict.fromkeys("│┃║▌▐▏▕▎▊", "|"),
        **dict.fromkeys("┌┐└┘╭╮╰╯├┤┬┴┼╔╗╚╝", "+"),
        **dict.fromkeys("▂▃▅▆▇▉▍▋", " "),
        "█": "#",
        "…": ".",
    }
)


class AsciiOnly(LineFilter):
    """Puts signs of ASCII, as wide, in the place of all others."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments of ASCII."""
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(in_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def in_ascii(text: str) -> str:
    """Return text in ASCII that takes as many cells."""
    return "".join(sign if sign.isascii() else _as_wide(sign) for sign in text.translate(_SIGNS))


def _as_wide(sign: str) -> str:
    width = cell_len(sign)
    return printable(sign, unicode=False)[:width].ljust(width)
