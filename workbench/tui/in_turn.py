"""Keys in the order in which they come, also those that come before what the last one opens has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import App

from workbench.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    # As in `workbench.tui.widgets.typed`: the kind of screen is to be the first base that is a widget.
    _Base = object


class TypedInto(_Base):
    """A screen to type in, to stand before the kind of screen among the bases: keys wait until it can take them."""

    ready = False

    def on_screen_resume(self) -> None:
        """Let the keys come in that were pressed while it was made."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.ready = True
        if isinstance(self.app, InTurn):
            self.app.call_next(self.app.take_keys)


class InTurn(App[int]):
    """An app that does what a key means in a list at once.

    Textual hands a key to the widget that has the focus, which hands it up to the app, which does what it means; the
    next key was with the same widget by then, whatever the first one opened.
    """

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._early: list[events.Key] = []

    async def on_event(self, event: events.Event) -> None:
        """Drop what is typed between two screens, or when the last one has gone; take keys one after the other."""
        if isinstance(event, events.InputEvent) and not self._screen_stacks.get(self._current_mode):
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._early.append(event)
            await self.take_keys()
        else:
            await super().on_event(event)

    async def take_keys(self) -> None:
        """Do what the keys mean that came, as far as there is a place for them already."""
        while self._early and self._screen_stacks.get(self._current_mode):
            if isinstance(self.screen, TypedInto) and not self.screen.ready:
                return
            key = self._early.pop(0)
            if not (isinstance(self.focused, LinesView) and await self._obeyed(key)):
                await super().on_event(key)

    async def _obeyed(self, key: events.Key) -> bool:
        return await self._check_bindings(key.key, priority=True) or await self._check_bindings(key.key)
