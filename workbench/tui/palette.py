"""The palette: every action that works now, and every part, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

_NOT_LISTED = ("text.", "dialog.", "reading.", "editing.", "writing.leave")
_MOVES = ("up", "down", "first", "last", "page down", "page up", "next tab", "tab before")


class Actions(Provider):
    """What can be done from where one is, and the parts to go to."""

    async def discover(self) -> Hits:
        """List the actions."""
        for name, text, run in self._actions():
            yield DiscoveryHit(name, run, help=text)

    async def search(self, query: str) -> Hits:
        """Return the actions and parts whose names fit what is typed."""
        matcher = self.matcher(query)
        for name, text, run in (*self._actions(), *self._parts()):
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=text)

    def _actions(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        seen = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            listed = binding.id and not binding.id.startswith(_NOT_LISTED) and binding.description not in _MOVES
            if not listed or binding.id in seen or not active.enabled:
                continue
            seen.add(binding.id)
            text = f"{binding.tooltip} ({self.app.get_key_display(binding)})"
            yield binding.description.capitalize(), text, partial(self._run, binding.action, active.node)

    def _parts(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app = cast("WorkbenchApp", self.app)
        for part in app.bench.lab.parts.values():
            name = app.look.safe(f"{part.id} {part.title.to(app.look.language)}")
            yield name, "Go to this part.", partial(app.go_to, part.id)

    async def _run(self, action: str, node: object) -> None:
        await self.app.run_action(action, node)  # type: ignore[arg-type]  # a binding's node is a DOM node
