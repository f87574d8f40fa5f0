"""What a command says, over the screen where it was given."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from workbench.tui.children import own_environment
from workbench.tui.keys import READING, bindings
from workbench.tui.look import Look
from workbench.tui.screens.dialogs import ReadingPage
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import paragraph

_KEPT = 2000
_NARROWEST = 20


class CommandScreen(LeftOnce, ModalScreen[int]):
    """Does a command in a process of its own, and shows what it says.

    Parameters
    ----------
    title
        The command as it was typed.
    words
        The same for ``python -m workbench``.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(READING)
    HELP = "What the command said; esc closes it. A run that it has started goes on."

    def __init__(self, title: str, words: Sequence[str]) -> None:
        super().__init__()
        self._title, self._words = title, tuple(words)
        self._said: list[str] = []
        self._code: int | None = None
        self._process: asyncio.subprocess.Process | None = None

    def compose(self) -> ComposeResult:
        """Make the page."""
        with Vertical(classes="dialog reading command"):
            yield ReadingPage(self._lines)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin, once it is known how wide the page is."""
        self.call_after_refresh(self._do)

    def on_unmount(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(self._code or 0)

    @work(exclusive=True)
    async def _do(self) -> None:
        columns = max(_NARROWEST, self.query_one(ReadingPage).size.width - 1)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "workbench", *self._words),
            env={**own_environment(), "COLUMNS": str(columns), "LINES": str(self.app.size.height)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=2**22,
        )
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._said.append(line.decode("utf-8", errors="replace").rstrip())
            del self._said[:-_KEPT]
            self.query_one(ReadingPage).relay()
        self._code = await self._process.wait()
        self.query_one(ReadingPage).relay()

    def _lines(self, look: Look, width: int) -> Sequence[Text]:
        lines = paragraph(look, self._title, width, look.strong)
        lines += [Text(look.fit(line, width), end="") for line in ["", *self._said]]
        if self._code is None:
            return [*lines, Text(look.safe("…"), look.quiet, end="")]
        ended = "" if self._code == 0 else f"ended with code {self._code}"
        return [*lines, *(paragraph(look, ended, width, look.bad) if ended else [])]
