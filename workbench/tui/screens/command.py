"""What a command says, over the screen where it was given."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from workbench.plots.text import cells, wrap
from workbench.tui.children import ChildError, lines_of
from workbench.tui.keys import COMMAND, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.dialogs import ReadingPage
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import paragraph
from workbench.wording import SIZE_VARIABLE

_KEPT = 2000
_NARROWEST = 20
_GAP: Final = re.compile(r"^ +| {2,}")


class CommandScreen(LeftOnce, ModalScreen[int]):
    """Does a command in a process of its own, and shows what it says.

    Parameters
    ----------
    title
        The command as it was typed.
    words
        The same for ``python -m workbench``.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMAND)
    HELP = "What the command says; esc stops it while it goes on, and closes. A run that it has started goes on."

    def __init__(self, title: str, words: Sequence[str]) -> None:
        super().__init__()
        self._title, self._words = title, tuple(words)
        self._said: list[str] = []
        self._code: int | None = None

    def compose(self) -> ComposeResult:
        """Make the page."""
        with Vertical(classes="dialog reading command"):
            yield ReadingPage(self._lines)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin, once it is known how wide the page is."""
        self.call_after_refresh(self._do)

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "stop" if action == "close" and self._code is None else ""

    def action_close(self) -> None:
        """Close."""
        self.dismiss(self._code or 0)

    @work(exclusive=True)
    async def _do(self) -> None:
        page = self.query_one(ReadingPage)
        columns = max(_NARROWEST, page.size.width - 1)
        size = self.app.size
        told = {"COLUMNS": str(columns), "LINES": str(size.height), SIZE_VARIABLE: f"{size.width}x{size.height}"}
        try:
            async for line in lines_of(self._words, **told):
                self._said.append(line)
                del self._said[:-_KEPT]
                page.relay()
        except ChildError as error:
            self._code = error.code
        except asyncio.CancelledError:
            # Told when it has ended, on what is in sight by then.
            if self.app.is_running:
                app_of(self).tell(f"Stopped: {self._title}. It left nothing half made.")
            raise
        else:
            self._code = 0
        page.relay()
        self.refresh_bindings()

    def _lines(self, look: Look, width: int) -> Sequence[Text]:
        lines = paragraph(look, self._title, width, look.strong)
        lines += [part for line in ["", *self._said] for part in _broken(line, look, width)]
        if self._code is None:
            return [*lines, Text(look.safe("…"), look.quiet, end="")]
        ended = "" if self._code == 0 else f"ended with code {self._code}"
        return [*lines, *(paragraph(look, ended, width, look.bad) if ended else [])]


def _broken(line: str, look: Look, width: int) -> list[Text]:
    """Return a line as it is, or broken at spaces where it is too long: below the last of its columns."""
    line = look.safe(line)
    if cells(line) <= width:
        return [Text(line, end="")]
    columns = [gap.end() for gap in _GAP.finditer(line) if gap.end() <= width // 2]
    indent = columns[-1] if columns else 0
    pieces = wrap(line[indent:], width - indent, unicode=look.plot.unicode)
    return [Text((line[:indent] if not index else " " * indent) + piece, end="") for index, piece in enumerate(pieces)]
