"""A screen that is left once, however often the key for it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.await_complete import AwaitComplete
from textual.await_remove import AwaitRemove
from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen

    _Base = Screen[Any]
else:
    # Textual takes styles and key tables from the first base that is a widget; this one has none.
    _Base = object

_OF_WIDGETS = (events.Mount, events.Resize, events.ScreenResume, events.InputEvent)


class LeftOnce(_Base):
    """Leaves nothing but itself; to stand before the kind of screen among the bases.

    Textual's `dismiss` takes away whichever screen is on top.  Of two keys that arrive together (esc pressed twice, a
    pasted text) the second still reaches a screen that has been left, and would take away the one below.  What waits
    for a thread is given up before the widgets go that it would show its answer in, and what a screen does when it has
    its widgets is left undone where it was left before it had any.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave the screen with a result, if it has not been left yet."""
        stack = self.app.screen_stack
        return super().dismiss(result) if len(stack) > 1 and stack[-1] is self else AwaitComplete()

    def remove(self) -> AwaitRemove:
        """Take the screen away with all that it holds."""
        for node in self.walk_children(with_self=True):
            self.workers.cancel_node(node)
        return super().remove()

    async def _dispatch_message(self, message: Message) -> None:
        if not (isinstance(message, _OF_WIDGETS) and self._left):
            await super()._dispatch_message(message)

    @property
    def _left(self) -> bool:
        return (
            self._pruning
            or self._closing
            or self.app._exit
            or not any(self in stack for stack in self.app._screen_stacks.values())
        )
