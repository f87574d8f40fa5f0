"""The keys of the app on a keyboard that is set to Greek: a letter is the key that it lies on."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from textual import events

_GREEK: Final = "αβψδεφγηιξκλμνοπρστθωςχυζ"
_LATIN: Final = "abcdefghijklmnoprstuvwxyz"
_KEYS: Final = {
    **dict(zip(_GREEK, _LATIN, strict=True)),
    **dict(zip(_GREEK.replace("ς", "").upper(), _LATIN.replace("w", "").upper(), strict=True)),
    # The Greek question mark, which lies on q: what asks gets help, and does not leave.
    **{";": "?", "\N{GREEK QUESTION MARK}": "?"},
}
_NAMES: Final = {"?": "question_mark"}


def as_obeyed(key: events.Key, taken: Container[str]) -> events.Key:
    """Return the key that was meant where a list has the focus: that of a Latin layout, for a Greek letter.

    Parameters
    ----------
    key
        What was pressed.
    taken
        Names of the keys that mean something here; one of a user's own may be Greek.
    """
    latin = _KEYS.get(key.character or "")
    return key if latin is None or key.key in taken else events.Key(_NAMES.get(latin, latin), latin)
