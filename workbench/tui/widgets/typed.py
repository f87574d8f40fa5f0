"""What one types in: its own keys are obeyed in the order in which they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    # Textual takes styles and key tables from the first base that is a widget; this one has none.
    _Base = object


class InOrder(_Base):
    """Obeys its own keys where letters are put in, at once; to stand before the kind of field among the bases.

    Textual puts a letter in when the field gets it and obeys any other key only after it went up to the app, so that of
    ctrl+u, a digit and enter that come together the digit was put in first and then taken away.
    """

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable:
            return
        active = self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self and active.enabled and not active.binding.priority:
            event.stop()
            event.prevent_default()
            await self.app.run_action(active.binding.action, self)
