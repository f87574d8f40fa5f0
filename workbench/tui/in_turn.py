"""Keys in the order in which they come, also those that come before what the last one opens has the focus."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widgets import Input, TextArea

from workbench.tui.greek_layout import as_obeyed
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

    def holds(self, event: events.Key | events.Paste) -> bool:
        """Tell whether what is typed is to wait."""
        return not self.ready

    def on_screen_resume(self) -> None:
        """Let the keys come in that were pressed while it was made."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.ready = True
        self.let_in()

    def let_in(self) -> None:
        """Let the keys come in that were held."""
        if isinstance(self.app, InTurn):
            self.app.call_next(self.app.take_keys)


class InTurn(App[int]):
    """An app that obeys keys in the order in which they come.

    Textual hands a key to the widget that has the focus, which hands it up to the app, which does what it means; the
    next key was with the same widget by then, whatever the first one opened.  Here what a key means in a list is done
    at once, and behind a key in a field that is no letter the next ones wait until all that it leads to is done.
    """

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._early: list[events.Key | events.Paste] = []
        self._settling: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Drop what is typed between two screens, or when the last one has gone; take keys one after the other."""
        typed = isinstance(event, events.InputEvent | events.Paste)
        if typed and not self._screen_stacks.get(self._current_mode):
            return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._early.append(event)
            await self.take_keys()
        else:
            await super().on_event(event)

    async def take_keys(self) -> None:
        """Do what the keys mean that came, as far as there is a place for them already."""
        while self._early and self._settling is None and self._screen_stacks.get(self._current_mode):
            if isinstance(self.screen, TypedInto) and not self._passes(self.screen):
                return
            key, focused = self._early.pop(0), self.focused
            if isinstance(key, events.Key) and not isinstance(focused, Input | TextArea):
                key = as_obeyed(key, self.screen.active_bindings)
            if isinstance(key, events.Key) and isinstance(focused, LinesView) and await self._obeyed(key):
                continue
            await super().on_event(key)
            letter = isinstance(key, events.Key) and key.is_printable
            if isinstance(focused, Input | TextArea) and not letter:
                self._settling = asyncio.create_task(self._settle([focused, *focused.ancestors]))

    def _passes(self, screen: TypedInto) -> bool:
        """Tell whether a screen takes the next key; one that it takes although it holds others leaves them behind."""
        taken = next((index for index, key in enumerate(self._early) if not screen.holds(key)), None)
        if taken:
            del self._early[:taken]
        return taken is not None

    async def _settle(self, nodes: list[MessagePump]) -> None:
        """Wait until what a key leads to has come up from its field to the app, and take the next keys then."""
        for node in nodes:
            # What it tells itself when it gets the key lies behind the first question.
            for _ in range(2):
                await _caught_up(node)
        self._settling = None
        self.call_next(self.take_keys)

    async def _obeyed(self, key: events.Key) -> bool:
        return await self._check_bindings(key.key, priority=True) or await self._check_bindings(key.key)


async def _caught_up(node: MessagePump) -> None:
    """Wait until a widget has done what was asked of it so far, or has gone."""
    reached = asyncio.Event()
    if node.call_later(reached.set):
        waiting = [asyncio.ensure_future(reached.wait())]
        gone = [node._task] if node._task is not None else []
        await asyncio.wait([*waiting, *gone], return_when=asyncio.FIRST_COMPLETED)
        waiting[0].cancel()
