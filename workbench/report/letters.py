"""Text of any kind made fit for a page: nothing that a typesetter obeys, nothing that no font can show."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

BREAK_AFTER = 24
ZERO_WIDTH_SPACE = "\u200b"
# What shapes the text around it and has no picture of its own.
_INVISIBLE, _BLANK = ("Cc", "Cs", "Cf", "Co", "Cn"), ("Zs", "Zl", "Zp")
_NOT_SHOWN = (*_INVISIBLE, "Zl", "Zp")
# A font with a frame for every character there is.
_PICTURES_OF_NOTHING = "LastResort"
_EXTRA_BLANKS = re.compile("(?m)^ +|(?<= ) +")
_SHAPING = {0x200C, 0x200D, 0x200E, 0x200F, *range(0xFE00, 0xFE10)}


def font_folder() -> Path:
    """Return the folder of the fonts that come with matplotlib, DejaVu among them."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def legible(text: str, *, anywhere: bool = False) -> str:
    r"""Return `text` with everything visible that a page cannot show as it is.

    Control characters become escapes (``\x1b``), characters without a glyph in DejaVu their code point (``U+1F984``);
    tabs become spaces, and all kinds of line ends become line breaks.

    Parameters
    ----------
    anywhere
        Whether a glyph in any font of this machine will do.
    """
    return "".join(_legible(ch, anywhere) for ch in _even(text))


def unshown(text: str, *, anywhere: bool = False) -> str:
    """Return the letters that `legible` tells by their code point, each of them once."""
    return "".join(dict.fromkeys(ch for ch in _even(text) if _told(ch) == ch and not _has_picture(ch, anywhere)))


def visible(text: str) -> str:
    """Return `text` as `legible` does, but with every letter: for readers that have more fonts than a page here."""
    return "".join(ch if ch == "\n" or ord(ch) in _SHAPING else _told(ch) for ch in _even(text))


def paragraphs(text: str) -> list[list[str]]:
    """Return the paragraphs of a text that a user wrote, each as its lines, blank ones left out."""
    blocks = re.split(r"\n[ \t]*\n", _even(text))
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]


def breakable(text: str) -> str:
    """Return `text` with invisible places to break a line in words that are too long for one."""
    return "".join(piece if len(piece) <= BREAK_AFTER else _broken(piece) for piece in _split_keeping_spaces(text))


def spaced(text: str) -> str:
    """Return `text` with the blanks kept that a page would leave out, at the start of a line or after another.

    Every second one of them stays as it is, for a line must be able to end.
    """
    return _EXTRA_BLANKS.sub(lambda found: ("\u00a0 " * len(found[0]))[: len(found[0])], text)


def _legible(ch: str, anywhere: bool) -> str:
    if _has_picture(ch, anywhere):
        return ch
    told = _told(ch)
    return f"U+{ord(ch):04X}" if told == ch else told


def _has_picture(ch: str, anywhere: bool) -> bool:
    code = ord(ch)
    if ch == "\n" or code in _SHAPING or code in _shown():
        return True
    return anywhere and unicodedata.category(ch) not in _NOT_SHOWN and code in system_letters()


def _told(ch: str) -> str:
    """Return a control character as its escape, any blank as a space, and what has a picture as it is."""
    if unicodedata.category(ch) in _INVISIBLE:
        return ch.encode("unicode_escape").decode("ascii")
    return " " if unicodedata.category(ch) in _BLANK else ch


def _even(text: str) -> str:
    """Return `text` with one kind of line ends, and with spaces for tabs."""
    return text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)


def glyphs(name: str) -> frozenset[int]:
    """Return the characters that a font of `font_folder` has."""
    from fontTools.ttLib import TTFont

    with TTFont(font_folder() / name, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def system_letters() -> frozenset[int]:
    """Return the characters of the fonts on this machine that the typesetter finds."""
    import typst
    from fontTools.ttLib import TTFont, TTLibError
    from matplotlib.font_manager import findSystemFonts

    known = tuple(f"{family} " for family in typst.Fonts().families())
    found: set[int] = set()
    for path in findSystemFonts():
        if not Path(path).name.startswith(_PICTURES_OF_NOTHING):
            try:
                with TTFont(path, lazy=True, fontNumber=0) as font:
                    # A family with its style after it: the typesetter keeps the two apart.
                    if f"{font['name'].getBestFamilyName()} ".startswith(known):
                        found.update(font.getBestCmap() or ())
            except (OSError, TTLibError, ValueError, KeyError, AssertionError, struct.error):
                continue
    return frozenset(found)


@cache
def _shown() -> frozenset[int]:
    """Return the characters that can be shown: those of DejaVu Sans that are no orders to the typesetter."""
    return frozenset(code for code in glyphs("DejaVuSans.ttf") if unicodedata.category(chr(code)) not in _NOT_SHOWN)


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
