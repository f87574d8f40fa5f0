"""All messages of a run, and the end of its worker's output where it failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style as RichStyle
from rich.text import Text
from textual import events
from textual.binding import BindingType

from workbench.tui.keys import BEGIN, FIND, SIDEWAYS, VI_SCROLL, VI_SIDEWAYS, bindings
from workbench.tui.views import LabView
from workbench.tui.widgets.begin import begin_label, begins
from workbench.tui.widgets.lines import LinesView, paragraph
from workbench.tui.widgets.run import message_block


class FollowingView(LinesView):
    """A pane of lines that grow; it stays at their end until one scrolls up."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(FIND)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.following = True
        self._found: int | None = None

    def find(self, text: str, count: int) -> bool:
        """Scroll to the next line that has a text, and tell whether there is one."""
        from workbench.tui.screens.find import next_with

        here = round(self.scroll_y) if self._found is None else self._found
        row = next_with([strip.text for strip in self._strips], text, here, count)
        if row is not None:
            self.following = False
            self.scroll_to(y=row, animate=False, force=True)
        self._mark(row)
        return row is not None

    def action_find(self) -> None:
        """Ask for a text, and go to the lines that have it."""
        from workbench.tui.screens.find import FindScreen

        before = self.scroll_y

        def done(stayed: bool | None) -> None:
            if not stayed:
                self._mark(None)
                self.scroll_to(y=before, animate=False, force=True)

        self.app.push_screen(FindScreen(self.find), done)

    def line_style(self, row: int) -> RichStyle | None:
        """Return the style of the line that was found."""
        return self.look.cursor if row == self._found else None

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by so many lines; what was found is not marked any more."""
        self._mark(None)
        super().action_scroll_lines(count)

    def on_resize(self, _event: events.Resize) -> None:
        """Take the mark back: for another width what was found is another line."""
        self._mark(None)

    def _mark(self, row: int | None) -> None:
        if row != self._found:
            self._found = row
            self.refresh()

    def relay(self) -> None:
        """Lay the lines out, and stay at the end where one was."""
        marked = None if self._found is None else self._strips[self._found].text
        super().relay()
        if self._found is not None and (self._found >= len(self._strips) or self._strips[self._found].text != marked):
            self._mark(None)
        if self.following:
            self.call_after_refresh(self.scroll_end, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end for as long as it is in sight."""
        super().watch_scroll_y(old_value, new_value)
        self.following = round(new_value) >= self.max_scroll_y


class LogView(FollowingView):
    """Shows the messages of a run."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SIDEWAYS, VI_SIDEWAYS, VI_SCROLL, BEGIN)
    HELP = "All messages of the run. The file worker.log in its folder has everything that it printed."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = LabView()
        self._where = ""
        self._idle = ""

    def show(self, view: LabView, where: str, idle: str) -> None:
        """Show the messages of the run in a picture; `where` is the path of its log, `idle` what to press."""
        old, self._view = self._view, view
        self._where, self._idle = where, idle
        if (old.snapshot, old.log) != (view.snapshot, view.log) or old.selected != view.selected:
            self.following = self.following or old.selected != view.selected
            self.relay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to begin where nothing has run."""
        return self._view.snapshot is None and begins(self) if action == "begin" else True

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return begin_label(self) if action == "begin" else ""

    async def action_begin(self) -> None:
        """Do what comes next with a part that has said nothing yet."""
        await self.screen.run_action("next")

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return every message, wrapped."""
        look, snapshot = self.look, self._view.snapshot
        if snapshot is None:
            return paragraph(look, self._idle, width, look.quiet)
        lines = [line for message in snapshot.messages for line in message_block(message, look, width)]
        if self._view.log:
            lines += [Text(end=""), Text(look.safe(look.say("Output of the worker:")), look.strong, end="")]
            lines += [line for text in self._view.log for line in paragraph(look, text, width, look.quiet)]
        return [*lines, Text(end=""), *paragraph(look, self._where, width, look.quiet)]
