"""The log of a session: what all its runs have said, in the order of time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.runner.follow import Message
from workbench.runner.journal import RUNS, SERIOUS, JournalReader
from workbench.store.errors import StoreError
from workbench.tui.keys import VI_SCROLL, bindings
from workbench.tui.keys_more import LOG
from workbench.tui.screens.page import PageScreen
from workbench.tui.widgets.lines import paragraph
from workbench.tui.widgets.log import FollowingView
from workbench.tui.widgets.run import message_block

SECONDS: Final = 1.0


class JournalView(FollowingView):
    """Shows the messages with the parts that they are of."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)
    HELP = f"What the newest {RUNS} runs of the session have said. Each run's worker.log has everything it printed."

    def __init__(self) -> None:
        super().__init__()
        self.serious = False
        self._messages: tuple[tuple[str, Message], ...] | None = None

    def show(self, messages: tuple[tuple[str, Message], ...]) -> None:
        """Show messages."""
        if messages != self._messages:
            self._messages = messages
            self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return every message, wrapped beside its part."""
        look = self.look
        if self._messages is None:
            return []
        shown = [(part, one) for part, one in self._messages if not self.serious or one.level in SERIOUS]
        if not shown:
            text = (
                "No run has warned or failed."
                if self.serious
                else "No run has said anything yet. Press esc, and r at a part to run it."
            )
            return paragraph(look, text, width, look.quiet)
        lines = []
        for part, message in shown:
            name = look.fit(part, 6)
            for index, line in enumerate(message_block(message, look, width - 7)):
                head = look.line((f"{name:<7}" if not index else " " * 7, look.quiet))
                lines.append(head.append_text(line))
        return lines


class LogScreen(PageScreen):
    """Follows the log of the open session."""

    NAME: ClassVar[str] = "Session log"
    BINDINGS: ClassVar[list[BindingType]] = bindings(LOG)

    def body(self) -> ComposeResult:
        """Make the pane."""
        yield JournalView()

    def on_mount(self) -> None:
        """Begin to follow."""
        self.query_one(JournalView).focus()
        self._follow()

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "all messages" if action == "serious" and self.query_one(JournalView).serious else ""

    def action_serious(self) -> None:
        """Show warnings and errors alone, or everything."""
        view = self.query_one(JournalView)
        view.serious = not view.serious
        view.relay()
        self.refresh_bindings()

    @work(exclusive=True, group="journal")
    async def _follow(self) -> None:
        session = self.bench_app.bench.session
        if session is None:
            self.query_one(JournalView).show(())
            return
        reader, failed = JournalReader(session), ""
        while True:
            try:
                self.query_one(JournalView).show(await asyncio.to_thread(reader.read))
                failed = ""
            except StoreError as error:
                # Said once, and not at every look while it lasts.
                if failed != str(error):
                    failed = str(error)
                    self.bench_app.tell(failed, "error")
            await asyncio.sleep(SECONDS)
