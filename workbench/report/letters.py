"""Text of any kind made fit for a page: nothing that a typesetter obeys, nothing that no font can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

BREAK_AFTER = 24
ZERO_WIDTH_SPACE = "\u200b"
# What shapes the text around it and has no picture of its own.
_INVISIBLE, _BLANK = ("Cc", "Cs", "Cf", "Co", "Cn"), ("Zs", "Zl", "Zp")
_NOT_SHOWN = (*_INVISIBLE, "Zl", "Zp")
_SHAPING = {0x200C, 0x200D, 0x200E, 0x200F, *range(0xFE00, 0xFE10)}


def font_folder() -> Path:
    """Return the folder of the fonts that come with matplotlib, DejaVu among them."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def legible(text: str) -> str:
    r"""Return `text` with everything visible that a page cannot show as it is.

    Control characters become escapes (``\x1b``), characters without a glyph in DejaVu their code point (``U+1F984``);
    tabs become spaces, and all kinds of line ends become line breaks.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(_legible(ch) for ch in text)


def paragraphs(text: str) -> list[list[str]]:
    """Return the paragraphs of a text that a user wrote, each as its lines, blank ones left out."""
    blocks = legible(text).split("\n\n")
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]


def breakable(text: str) -> str:
    """Return `text` with invisible places to break a line in words that are too long for one."""
    return "".join(piece if len(piece) <= BREAK_AFTER else _broken(piece) for piece in _split_keeping_spaces(text))


def _legible(ch: str) -> str:
    code = ord(ch)
    if ch == "\n" or code in _SHAPING or code in _glyphs():
        return ch
    if unicodedata.category(ch) in _INVISIBLE:
        return ch.encode("unicode_escape").decode("ascii")
    if unicodedata.category(ch) in _BLANK:
        return " "
    return f"U+{code:04X}"


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters that can be shown: those of DejaVu Sans that are no orders to the typesetter."""
    from fontTools.ttLib import TTFont

    with TTFont(font_folder() / "DejaVuSans.ttf", lazy=True) as font:
        found = frozenset(font.getBestCmap())
    return frozenset(code for code in found if unicodedata.category(chr(code)) not in _NOT_SHOWN)


def _split_keeping_spaces(text: str) -> list[str]:
    pieces: list[str] = []
    for ch in text:
        blank = ch.isspace()
        if pieces and pieces[-1][-1].isspace() == blank:
            pieces[-1] += ch
        else:
            pieces.append(ch)
    return pieces


def _broken(word: str) -> str:
    if word.isspace():
        return word
    return ZERO_WIDTH_SPACE.join(word[i : i + BREAK_AFTER] for i in range(0, len(word), BREAK_AFTER))
