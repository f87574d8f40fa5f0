"""Text that comes from data: made safe, measured in cells, cut and aligned."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.cells import cell_len

_SELECTORS: Final = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
_LATIN: Final = {
    **dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "abgdezhqiklmnxoprsstufcyw", strict=True)),
    **dict(zip("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "ABGDEZHQIKLMNXOPRSTUFCYW", strict=True)),
    **{"↵": "enter", "↓": "down", "↑": "up"},
    **dict(
        zip(
            "–—−─│┼‘’“”·…×±≤≥←→▸",
            ["-", "-", "-", "-", "|", "+", "'", "'", '"', '"', ".", "..", "x", "+-", "<=", ">=", "<-", "->", ">"],
            strict=True,
        )
    ),
}


@lru_cache(maxsize=4096)
def printable(text: str, *, unicode: bool = True) -> str:
    r"""Return `text` as it may be written to a terminal: on one line, with nothing that the terminal obeys.

    Control characters, escapes, bidirectional marks and lone surrogates become visible (``\x1b``).

    Parameters
    ----------
    text
        Any text, for instance a class name from a data set.
    unicode
        Whether the terminal shows more than ASCII; otherwise letters are replaced by the nearest ASCII ones.
    """
    if not text.isprintable() or any(ord(ch) in _SELECTORS for ch in text):
        text = "".join(_visible(ch) for ch in text)
    if unicode or text.isascii():
        return text
    return "".join(_ascii(ch) for ch in text)


def printable_lines(text: str) -> str:
    """Return a text of several lines as it may be written to a terminal; its tabs become spaces."""
    return "\n".join(printable(line) for line in text.expandtabs(4).split("\n"))


def cells(text: str) -> int:
    """Return the width of `text` in terminal cells."""
    return cell_len(text)


def fit(text: str, width: int, *, unicode: bool = True) -> str:
    """Return `text` made printable and, where it is wider than `width` cells, cut with a sign."""
    text = printable(text, unicode=unicode)
    if cell_len(text) <= width:
        return text
    sign = "…" if unicode else "."
    return clip(text, width - 1) + sign if width > 0 else ""


def fit_words(text: str, width: int, *, unicode: bool = True) -> str:
    """Return `text` as `fit` does, but cut between words, and not after a number, which would look like a part of one.

    Where less than a third of the width would be left so, it is cut as `fit` does.
    """
    cut = fit(text, width, unicode=unicode)
    whole = printable(text, unicode=unicode)
    if cut == whole or not cut:
        return cut
    kept = cut[:-1]
    if not whole[len(kept)].isspace():
        kept = kept.rpartition(" ")[0]
    while kept and kept[-1].isdigit():
        kept = kept.rpartition(" ")[0]
    kept = kept.rstrip(" ,:;")
    return kept + cut[-1] if cell_len(kept) > width // 3 else cut


def clip(text: str, width: int) -> str:
    """Return the beginning of `text` that takes at most `width` cells."""
    used = 0
    for index, ch in enumerate(text):
        used += cell_len(ch)
        if used > width:
            return text[:index]
    return text


def wrap(text: str, width: int, *, unicode: bool = True) -> list[str]:
    """Return `text` in lines of at most `width` cells, broken at spaces where there are any."""
    lines: list[str] = []
    line = ""
    for word in printable(text, unicode=unicode).split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while cell_len(word) > width:
            head = clip(word, width)
            if not head:
                return lines
            lines.append(head)
            word = word[len(head) :]
        line = word
    return [*lines, line] if line else lines


def finite(value: object) -> float | None:
    """Return a number as a float, or None where it is missing, not finite or not a number."""
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number(value: float, digits: int = 3) -> str:
    """Return a number with `digits` decimals, or with an exponent where that would hide it or fill the line."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 0.5 * 10.0**-digits:
        return f"{value:.1e}"
    return f"{value:.{digits}f}"


def share(value: float, digits: int = 2) -> str:
    """Return a number between 0 and 1 without its leading zero, as scores are written (``.28``)."""
    return f"{value:.{digits}f}".removeprefix("0") if value < 1 else f"{value:.{max(1, digits - 1)}f}"


def abbreviations(names: Sequence[str], letters: int = 3) -> list[str]:
    """Return one short form a name, `letters` long or as much longer as it takes to keep them distinct.

    Compound names that begin alike take the initial of their last part: Post-Punk and Post-Rock become PoP, PoR.
    """
    letters = max(letters, 1)
    for length in range(letters, letters + 4):
        short = [_stem(name, length) for name in names]
        compound = [_compound(name, length) if short.count(s) > 1 else s for name, s in zip(names, short, strict=True)]
        for candidate in (short, compound):
            if len(set(candidate)) == len(names) and all(candidate):
                return candidate
    return [f"{_stem(name, max(1, letters - 2))}{index}" for index, name in enumerate(names, 1)]


def _stem(name: str, length: int) -> str:
    return re.sub(r"[\W_]+$", "", name[:length]) or name[:length]


def _compound(name: str, length: int) -> str:
    parts = [part for part in re.split(r"[\W_]+", name) if part]
    return parts[0][: length - 1] + parts[-1][0] if len(parts) > 1 else name[:length]


def _visible(ch: str) -> str:
    if ord(ch) in _SELECTORS:
        return ""
    if ch.isprintable():
        return ch
    return " " if unicodedata.category(ch) == "Zs" else ch.encode("unicode_escape").decode("ascii")


def _ascii(ch: str) -> str:
    if ch in _LATIN:
        return _LATIN[ch]
    plain = [c for c in unicodedata.normalize("NFKD", ch) if not unicodedata.combining(c)]
    return "".join(c if c.isascii() and c.isprintable() else _LATIN.get(c, "?") for c in plain)
