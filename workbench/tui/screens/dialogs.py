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
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from labsteps.errors import LabError
from workbench.store.errors import StoreError
from workbench.tui.children import leave_off, outliving
from workbench.tui.in_turn import TypedInto
from workbench.tui.keys import DIALOG, READING, VI_SCROLL, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.field import Field, FieldRow, PathField, PlainField
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView, paragraph
from workbench.wording import duration

_KEPT = 8
_LOOKED_EVERY = 0.5
# Seconds without another letter after which what is typed is kept.
KEPT_AFTER = 0.3


class LeftOffError(Exception):
    """What a dialog was doing was left off, as the user asked."""


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
    stop
        Asks it to leave off: it raises `LeftOffError` then, when it has put everything back.  Without it, what goes on
        when the user closes the dialog is done to its end, and told.
    keep
        Called in a thread with what stands in the first field, a moment after each change.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(DIALOG)
    HELP = "Fill in the fields; enter takes them, esc closes without a change."

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        accept: Callable[..., object],
        far: Callable[[], str] | None = None,
        stop: Callable[[], None] | None = None,
        keep: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._far, self._stop, self._keep = far, stop, keep
        self._title, self._fields, self._accept = title, tuple(fields), accept
        self._busy = self._stopping = False
        # With what it closes, once that is known; another screen may lie over it then.
        self._result: bool | None = None
        self._late: Callable[[bool], object] | None = None

    def compose(self) -> ComposeResult:
        """Make the fields."""
        look = app_of(self).look
        with Vertical(classes="dialog"):
            yield Static(Text(look.safe(look.say(self._title)), look.strong), markup=False)
            for index, field in enumerate(self._fields):
                yield FieldRow(field, index)
            yield Static(id="dialog-problem", markup=False)
        yield KeyBar()

    def holds(self, event: events.Key | events.Paste) -> bool:
        """Hold what is typed while the values are being taken, but for what leaves that off."""
        return super().holds(event) or (self._busy and not (isinstance(event, events.Key) and event.key == "escape"))

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "stop" if action == "cancel" and self._busy and self._stop is not None else ""

    def action_cancel(self) -> None:
        """Close without a change; what goes on is left off, or said to go on where it cannot be."""
        if not self._busy:
            self.dismiss(False)
        elif self._stop is None:
            self._late = self._result_callbacks[-1].callback if self._result_callbacks else None
            self.dismiss(False)
            app_of(self).tell(f"{self._title}: it cannot be stopped, and goes on in the background.", "warning")
        elif not self._stopping:
            self._stopping = True
            self._say("Stopping; what is half made is taken away …")
            self._stop()

    def on_unmount(self) -> None:
        """Leave off what can be left off, also where the app ends."""
        if self._busy and self._stop is not None:
            self._stop()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")
        if self._keep is not None:
            self._keep_typed(self._keep)

    @work(exclusive=True, group="keep")
    async def _keep_typed(self, keep: Callable[[str], object]) -> None:
        await asyncio.sleep(KEPT_AFTER)
        text = self.query(Input).first().value
        try:
            await asyncio.to_thread(keep, text)
        except StoreError as error:
            self._say(str(error))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not self._go_on(event.input):
            self._take([field.value.strip() for field in self.query(Input)])

    @on(PathField.Whole)
    def _whole(self, event: PathField.Whole) -> None:
        self._go_on(event.field)

    @on(PlainField.Pasted)
    def _pasted(self, event: PlainField.Pasted) -> None:
        fields = list(self.query(Input))
        rest = fields[fields.index(event.field) + 1 :]
        for field, line in zip(rest, event.lines, strict=False):
            with field.prevent(Input.Changed):  # which would take back what is said below
                field.value = line
            field.select_on_focus = False
            field.cursor_position = len(line)
            self.set_focus(field)
        if len(event.lines) > len(rest):
            self._say("What was pasted has more lines than there are fields; those beyond are left out.")

    def _go_on(self, field: Input) -> bool:
        """Go to the field behind one; tell whether there is one."""
        fields = list(self.query(Input))
        place = fields.index(field) + 1
        if place < len(fields):
            # At once, so that the next key comes there; `focus` waits for the app.
            self.set_focus(fields[place])
        return place < len(fields)

    def on_screen_resume(self) -> None:
        """Close where what was asked for has ended under something that lay over this."""
        super().on_screen_resume()
        if self._result is not None:
            self.dismiss(self._result)

    def _take(self, values: list[str]) -> None:
        if not self._busy:
            self._busy = True
            self._say("…")
            self.refresh_bindings()
            # The app's, as it goes on where the dialog is closed.
            app_of(self).run_worker(self._carry_out(values), group="dialog")

    async def _carry_out(self, values: list[str]) -> None:
        app, problem = app_of(self), ""
        looks = self.set_interval(_LOOKED_EVERY, self._say_how_far, pause=self._far is None)
        try:
            await asyncio.to_thread(self._accept, *values)
        except LeftOffError as left:
            self._result = False
            app.tell(str(left))
        except (LabError, StoreError, OSError) as error:
            problem = str(error)
        else:
            self._result = True
        finally:
            self._busy = self._stopping = False
            looks.stop()
        if self._left:
            self._tell_late(problem)
        elif self._result is None:
            self._say(problem)
            self.refresh_bindings()
        else:
            self.dismiss(self._result)
        app.call_later(app.take_keys)

    def _tell_late(self, problem: str) -> None:
        app = app_of(self)
        if problem:
            app.tell(f"{self._title}: {problem}", "error")
        elif self._late is not None:
            app.tell(f"{self._title}: done.")
            app.call_later(self._late, True)

    def _say_how_far(self) -> None:
        if self._far is not None and self._busy and not self._stopping:
            self._say(self._far() or "…")

    def _say(self, text: str) -> None:
        look = app_of(self).look
        for problem in self.query("#dialog-problem").results(Static):  # none where it has been left
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
        self._given_up = False

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
        self._given_up = True
        if self._process is None or self._process.poll() is None:
            app_of(self).run_worker(self._leave_off(), group="demo")
        self.dismiss(None)

    async def _leave_off(self) -> None:
        app = app_of(self)
        if self._process is not None:
            await asyncio.to_thread(leave_off, self._process)
        app.tell("The demo set is not built. The pieces that are made are kept, and d goes on from there.")

    def _begin(self, log: Path) -> None:
        self._process = outliving(["data", "demo"], log)
        if self._given_up:  # while it was started
            leave_off(self._process)

    @work(exclusive=True)
    async def _build(self) -> None:
        from workbench.commands.data import demo_root

        page = self.query_one(ReadingPage)
        log = demo_root().with_suffix(".log")
        await asyncio.to_thread(self._begin, log)
        assert self._process is not None
        code = None
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
