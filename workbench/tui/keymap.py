"""A user's own keys: the ``[keys]`` table of the settings, held against the actions that there are."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from workbench.config.settings import ConfigError
from workbench.tui import keys
from workbench.tui.keys import Key
from workbench.tui.keys_more import MORE_TABLES

ALL_TABLES: Final = (*keys.TABLES, *MORE_TABLES)
_SIGNS: Final = {
    **{"?": "question_mark", "/": "slash", "<": "less_than_sign", ">": "greater_than_sign", "+": "plus"},
    **{"-": "minus", "=": "equals_sign", ".": "full_stop", ";": "semicolon", ":": "colon", "!": "exclamation_mark"},
    **{"esc": "escape", "return": "enter", "del": "delete", "ins": "insert"},
}
_NAMED: Final = (
    *("escape", "enter", "tab", "shift+tab", "space", "backspace", "delete", "insert", "home", "end"),
    *("pageup", "pagedown", "up", "down", "left", "right", *(f"f{n}" for n in range(1, 13))),
    *(f"ctrl+{letter}" for letter in "abcdefgklnopqrstuvwxyz"),
)
# Tables whose keys count wherever one is.
_EVERYWHERE: Final = (keys.APP,)


def keymap(asked: Mapping[str, str], file: object) -> dict[str, str]:
    """Return Textual's key map for the keys that a user asks for.

    Parameters
    ----------
    asked
        Action → key, or keys with commas between them.
    file
        Where they stand, for the message.

    Raises
    ------
    ConfigError
        If an action or a key is unknown, or a key is taken by another action where both count.
    """
    known = {key.id: key for table in ALL_TABLES for key in table}
    problems = []
    found: dict[str, str] = {}
    for action, text in asked.items():
        if action not in known:
            near = get_close_matches(action, known, n=2, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "workbench/tui/keys.py has all of them"
            problems.append(f"there is no action {action!r}; {hint}")
            continue
        names = [key_name(one) for one in text.split(",")]
        for given, name in zip(text.split(","), names, strict=True):
            if name is None:
                near = get_close_matches(given.strip().lower(), _NAMED, n=2, cutoff=0.5)
                hint = f"did you mean {' or '.join(near)}?" if near else "give a letter, a sign, f7, ctrl+x, space …"
                problems.append(f"{action}: there is no key {given.strip()!r} on every terminal; {hint}")
        found[action] = ",".join(name for name in names if name)
    problems += _conflicts(found)
    if problems:
        raise ConfigError(f"{file}, [keys]: {'; '.join(problems)}")
    return found


def key_name(text: str) -> str | None:
    """Return Textual's name of a key that a user wrote, None where there is no such key on every terminal."""
    plain = text.strip()
    if len(plain) == 1 and plain.isalnum():
        return plain
    if plain in _SIGNS:
        return _SIGNS[plain]
    return plain.lower() if plain.lower() in _NAMED or plain in _SIGNS.values() else None


def _conflicts(changed: Mapping[str, str]) -> list[str]:
    """Return what a changed key would take from another action in the same place."""
    problems = []
    for table in ALL_TABLES:
        everywhere = () if table in _EVERYWHERE else keys.APP
        taken: dict[str, Key] = {}
        for key in (*everywhere, *table):
            for name in changed.get(key.id, key.keys).split(","):
                other = taken.setdefault(name, key)
                as_ever = name in key.keys.split(",") and name in other.keys.split(",")
                if other.id != key.id and not as_ever and (key.id in changed or other.id in changed):
                    problems.append(f"{name} cannot be both {other.id} and {key.id}; give one of them another key")
    return list(dict.fromkeys(problems))
