"""What was probably meant by a word that is none of those allowed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

MOST_CHOICES = 8
_MOST_MEANT = 2


def choices_text(choices: Sequence[str]) -> str:
    """Return the words that are allowed, as many as one reads at a glance, and how many more there are."""
    more = len(choices) - MOST_CHOICES
    return ", ".join(choices[:MOST_CHOICES]) + (f" and {more} more" if more > 0 else "")


def nearest(word: str, choices: Sequence[str]) -> list[str]:
    """Return those of the words allowed that were probably meant, the likeliest first."""
    asked = word.strip().casefold()
    spelled = {one.casefold(): one for one in choices}
    begun = [one for one in spelled if len(asked) > 1 and (one.startswith(asked) or asked.startswith(one))]
    near = difflib.get_close_matches(asked[:60], list(spelled), n=_MOST_MEANT, cutoff=0.6)
    return [spelled[one] for one in dict.fromkeys([*begun, *near]) if one][:_MOST_MEANT]


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return the sentence that names the nearest of the words that are allowed, empty where none is near."""
    meant = nearest(word, choices)
    return f"Did you mean {' or '.join(meant)}?" if meant else ""
