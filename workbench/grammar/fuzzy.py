"""How well what was typed fits a word."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def fits(typed: str, word: str) -> float | None:
    """Return how well `typed` fits `word`, lower is better, or None where it does not.

    Best is a beginning, then a place inside, then its letters in order with gaps between them; case and accents do not
    count.
    """
    pattern, text = plain(typed), plain(word)
    if not pattern:
        return 0.0
    at = text.find(pattern)
    if at >= 0:
        return 0.0 if at == 0 else 1.0 + at / 1000
    first = position = text.find(pattern[0])
    if first < 0:
        return None
    for letter in pattern[1:]:
        position = text.find(letter, position + 1)
        if position < 0:
            return None
    return 2.0 + (position - first - len(pattern) + 1) + first / 1000


def begins(typed: str, word: str) -> float | None:
    """Return how well `typed` fits the beginning of a word or of a piece of it after a dash, or None."""
    pattern, text = plain(typed), plain(word)
    if text.startswith(pattern):
        return 0.0
    at = text.find(f"-{pattern}")
    return None if at < 0 else 1.0 + at / 1000


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text in lower case without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
