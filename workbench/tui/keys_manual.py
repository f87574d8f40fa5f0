"""The page ``docs/keys.md``, written from the key map's data."""

from __future__ import annotations

from typing import Final

from workbench.greek import say
from workbench.tui.keymap import ALL_TABLES
from workbench.tui.keys import Key
from workbench.tui.screens.help import AREAS, key_text

_HEAD: Final = """\
# Keys of the app

Written from the key map's data (`workbench/tui/keys.py`) by `make docs`; a test holds it to that.

`?` in the app shows the keys of where one is, the last line the few that matter there, and `ctrl+p` finds every action
by its name. Arrows and the keys of vi do the same everywhere; enter goes on, esc goes back. A keyboard that is set to
Greek works too: `ρ` is `r`, `ς` is `w`, `;` is `?`.

Each action can have other keys: name it in the table `[keys]` of `config.toml` ([settings](settings.md)), as in
`run.start = "x"` or `app.system = "f10,ctrl+s"`. Only letters, digits, signs, F1 to F12, arrows and ctrl with a letter
reach a program on every terminal; ctrl+h, i, j and m are other keys there.

The name is what the last line calls a key, in English and, with `--lang el`, in Greek.
"""
_TABLE: Final = """
| keys | name | όνομα | what it does | action |
|---|---|---|---|---|
"""


def keys_page() -> str:
    """Return the reference of all keys in Markdown, by the place where they work."""
    areas: dict[str, list[Key]] = {area: [] for area in AREAS}
    for table in ALL_TABLES:
        for key in table:
            areas.setdefault(key.id.partition(".")[0], []).append(key)
    order = ["app", *(area for area in areas if area != "app")]
    return _HEAD + "".join(_section(AREAS.get(area, area), areas[area]) for area in order if areas[area])


def _section(title: str, keys: list[Key]) -> str:
    once = {key.id: key for key in keys}
    return f"\n## {title}\n{_TABLE}" + "".join(_row(key) for key in once.values())


def _row(key: Key) -> str:
    names = " ".join(f"`{key_text(name)}`" for name in key.keys.split(","))
    greek = say(key.label, "el")
    return f"| {names} | {key.label} | {greek if greek != key.label else ''} | {key.help} | `{key.id}` |\n"


if __name__ == "__main__":
    print(keys_page(), end="")
