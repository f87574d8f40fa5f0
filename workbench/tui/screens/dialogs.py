"""Small screens over another one: a few fields to fill in, text to read, the demo set being built."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from labsteps.errors import LabError
from workbench.store.errors import StoreError
from workbench.tui.children import outliving
from workbench.tui.in_turn import TypedInto
from workbench.tui.keys import DIALOG, READING, VI_SCROLL, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.field import Field, FieldRow
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView, paragraph
from workbench.wording import duration

_KEPT = 8
_LOOKED_EVERY = 0.5


class AskScreen(TypedInto, LeftOnce, ModalScreen[bool]):
    """Asks for one value or a few; closes when `accept` takes them.

    Parameters
    ----------
    title
        What is asked.
    fields
        The fields.
    accept
        Called in a thread with the values; an error that it raises is shown, and the dialog stays.
    far
        Returns how far that is, in words; asked again while it goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(DIALOG)
    HELP = "Fill in the fields; enter takes them, esc closes without a change."

    def __init__(
        self, title: str, fields: Sequence[Field], accept: Callable[..., object], far: Callable[[], str] | None = None
    ) -> None:
        super().__init__()
        self._far = far
        self._title, self._fields, self._accept = title, tuple(fields), accept
        self._busy = False

    def compose(self) -> ComposeResult:
        """Make the fields."""
        look = app_of(self).look
        with Vertical(classes="dialog"):
            yield Static(Text(look.safe(look.say(self._title)), look.strong), markup=False)
            for index, field in enumerate(self._fields):
                yield FieldRow(field, index)
            yield Static(id="dialog-problem", markup=False)
        yield KeyBar()

    def action_cancel(self) -> None:
        """Close without a change."""
        self.dismiss(False)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        place = fields.index(event.input)
        if place + 1 < len(fields):
            fields[place + 1].focus()
        else:
            self._take([field.value.strip() for field in fields])

    @work(exclusive=True)
    async def _take(self, values: list[str]) -> None:
        if self._busy:
            return
        self._busy = True
        self._say("…")
        looks = self.set_interval(_LOOKED_EVERY, self._say_how_far, pause=self._far is None)
        try:
            await asyncio.to_thread(self._accept, *values)
        except (LabError, StoreError, OSError) as error:
            self._busy = False
            self._say(str(error))
        else:
            self.dismiss(True)
        finally:
            self._busy = False
            looks.stop()

    def _say_how_far(self) -> None:
        if self._far is not None and self._busy:
            self._say(self._far() or "…")

    def _say(self, text: str) -> None:
        look = app_of(self).look
        problem = self.query_one("#dialog-problem", Static)
        problem.display = bool(text)
        problem.update(Text(look.safe(look.say(text)), look.quiet if self._busy else look.bad))


class ReadingPage(LinesView):
    """Text to read, laid out by a function of look and width."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)

    def __init__(self, write: Callable[[Look, int], Sequence[Text]]) -> None:
        super().__init__()
        self._write = write

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the lines for a width."""
        return self._write(self.look, width)


class ReadingScreen(LeftOnce, ModalScreen[None]):
    """Text to read.

    Parameters
    ----------
    write
        Returns the lines for a look and a width.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(READING)

    def __init__(self, write: Callable[[Look, int], Sequence[Text]]) -> None:
        super().__init__()
        self._write = write

    def compose(self) -> ComposeResult:
        """Make the page."""
        with Vertical(classes="dialog reading"):
            yield ReadingPage(self._write)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say at the lower edge that there is more below, for as long as there is."""
        for page in self.query(ReadingPage):  # none where the screen was left before it had any
            self.watch(page, "scroll_y", partial(self._say_more, page))
            self.watch(page, "virtual_size", partial(self._say_more, page))

    def _say_more(self, page: ReadingPage) -> None:
        look = app_of(self).look
        left = max(0, page.max_scroll_y - round(page.scroll_y))
        arrow = "v" if look.ascii_only else "↓"
        for dialog in self.query(".dialog"):
            dialog.border_subtitle = f"{arrow} {look.say(f'{left} more')}" if left else ""

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


class DemoScreen(LeftOnce, ModalScreen[Path | None]):
    """Builds the demo set in a process of its own, and shows what it says."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(DIALOG)
    HELP = "The demo set is composed and analysed here, once; it goes on without this screen, and esc leaves off."

    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []
        self._begun = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None

    def compose(self) -> ComposeResult:
        """Make the page."""
        with Vertical(classes="dialog reading"):
            yield ReadingPage(self._lines)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin."""
        self._build()

    def action_cancel(self) -> None:
        """Leave off."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        self.dismiss(None)

    @work(exclusive=True)
    async def _build(self) -> None:
        from workbench.commands.data import demo_root

        page = self.query_one(ReadingPage)
        log = demo_root().with_suffix(".log")
        code, self._process = None, await asyncio.to_thread(outliving, ["data", "demo"], log)
        while code is None:
            await asyncio.sleep(_LOOKED_EVERY)
            code = self._process.poll()
            self._said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_KEPT:]
            page.relay()
        if code:
            self._said.append(f"The demo set was not built (code {code}). Press esc; d tries again.")
            page.relay()
        else:
            log.unlink(missing_ok=True)
            self.dismiss(demo_root())

    def _lines(self, look: Look, width: int) -> Sequence[Text]:
        lines = paragraph(look, "The demo set: synthetic music, composed and analysed here, once.", width, look.strong)
        so_far = f"{duration(round(time.monotonic() - self._begun))} so far; it goes on if you lose the terminal"
        lines += paragraph(look, so_far, width, look.quiet)
        return [*lines, Text(end=""), *(part for line in self._said for part in paragraph(look, line, width))]
