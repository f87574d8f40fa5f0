"""One line with the keys that matter where the focus is."""

from __future__ import annotations

from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget

from workbench.tui.look import Look
from workbench.tui.nexts import TAKES_UP
from workbench.tui.owner import app_of

_ALWAYS = (
    *("app.help", "app.leave", "dialog.help", "dialog.cancel", "reading.close", "command.help", "command.close"),
    *("plan.help", "plan.cancel", "finding.help", "finding.leave"),
)
# What ends or holds a run, or takes it up again, has its place before what only looks at it.
_FIRST = ("run.stop", "run.pause")
_PLAIN = {"↵": "enter", "↓": "down", "↑": "up"}


class KeyBar(Widget):
    """Shows the active keys, those of the focused pane first, as many as fit; help and leaving always."""

    def on_mount(self) -> None:
        """Follow the focus and the state."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Text:
        """Return the line."""
        app = app_of(self)
        first = (*_FIRST, "panel.full") if self.screen.has_class("-full") else _FIRST
        return key_line(_shown_keys(self.screen), self.size.width, app.look, first)


def key_line(keys: list[tuple[str, str, str]], width: int, look: Look, first: tuple[str, ...] = _FIRST) -> Text:
    """Return the line of keys.

    Parameters
    ----------
    keys
        Id, key and label, the most important first.
    width
        Cells to fill.
    look
        How things look.
    first
        Ids of the keys that have their place before the others, as what takes a run up again always has.
    """
    first = (*first, *(id for id, _, label in keys if label in TAKES_UP))
    keys = [(id, _PLAIN.get(name, name) if look.ascii_only else name, look.say(label)) for id, name, label in keys]
    kept = [key for key in keys if key[0] in _ALWAYS]
    used = 1 + sum(_size(key) for key in kept)
    front = []
    for key in sorted((key for key in keys if key not in kept), key=lambda key: key[0] not in first):
        if used + _size(key) <= width + 1:
            front.append(key)
            used += _size(key)
    front.sort(key=keys.index)
    line = Text(" ", end="", no_wrap=True)
    for _, name, label in (*front, *kept):
        line.append(look.safe(name), look.accent)
        line.append(f" {look.safe(label)}  ", look.quiet)
    line.truncate(width)
    return line


def _size(key: tuple[str, str, str]) -> int:
    return len(key[1]) + len(key[2]) + 3


def _shown_keys(screen: Screen[object]) -> list[tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.show or not active.enabled or not binding.id or binding.id in found:
            continue
        label = binding.description
        action, rename = binding.action, getattr(active.node, "key_label", None)
        if rename is None and action.startswith("screen."):
            # A list that leaves what its keys do to the screen leaves their names to it too.
            action, rename = action.removeprefix("screen."), getattr(screen, "key_label", None)
        if rename is not None:
            changed = rename(action)
            if changed is None:
                continue
            label = changed or label
        display = binding.key_display or screen.app.get_key_display(binding)
        if binding.key == "f1":
            # Where the other key of help is typed as a letter, this one is left.
            display = "F1"
        found[binding.id] = (binding.id, display, label)
    return list(found.values())
