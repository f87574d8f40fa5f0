"""Find a line of the list in sight: it is gone to while one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from workbench.grammar.fuzzy import plain
from workbench.tui.in_turn import TypedInto
from workbench.tui.keys import FINDING, bindings
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.field import StillInput
from workbench.tui.widgets.keybar import KeyBar


class FindField(StillInput):
    """Takes the text; the keys are its own, since a field would hide those of its screen from the key bar."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(FINDING)

    async def action_submit(self) -> None:
        """Stay where one is, before another key comes."""
        screen = self.screen
        if isinstance(screen, FindScreen):
            screen.find_now(self.value)
            screen.dismiss(True)


class FindScreen(TypedInto, LeftOnce, ModalScreen[bool]):
    """Asks for a text; tells the list of every letter.

    Parameters
    ----------
    find
        Goes to a line that has the text, so many lines that have it further on, and tells whether there is one.
    """

    HELP = "Type a part of a line; ↓ and ↑ go on to others that have it, enter stays there, esc goes back."

    def __init__(self, find: Callable[[str, int], bool]) -> None:
        super().__init__()
        self._find = find
        self._found = ""

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Horizontal(id="find-line"):
            yield Static(id="find-word", markup=False)
            yield FindField(id="find-field", compact=True)
            yield KeyBar()

    def on_mount(self) -> None:
        """Say what to do."""
        self._say(found=True)

    def action_next(self, count: int) -> None:
        """Go on to another line that has the text."""
        self._say(found=self._find(self.query_one(Input).value, count))

    def action_leave(self) -> None:
        """Go back to where one was."""
        self.dismiss(False)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.find_now(event.value)

    def find_now(self, text: str) -> None:
        """Go to the line that has a text, unless that was done already."""
        if text and text != self._found:
            self._found = text
            self._say(found=self._find(text, 0))

    def _say(self, *, found: bool) -> None:
        look = app_of(self).look
        word, style = ("find: ", look.accent) if found else ("not there: ", look.warn)
        self.query_one("#find-word", Static).update(Text(look.safe(look.say(word.strip())) + " ", style))


def next_with(texts: list[str], text: str, here: int, count: int) -> int | None:
    """Return the index of the next line that has a text, from `here` on, in the direction of `count`; None without.

    With a count of 0 the line where one is counts too.  Neither case nor accents count.
    """
    wanted = plain(text)
    step = 1 if count >= 0 else -1
    for offset in range(0 if count == 0 else 1, len(texts) + 1):
        index = (here + step * offset) % len(texts) if texts else 0
        if texts and wanted in plain(texts[index]):
            return index
    return None
