"""The sessions: open one, make one on the demo set or on a folder of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from labsteps.errors import LabError, UsageError
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry
from workbench.tui.keys import SESSIONS, bindings
from workbench.tui.look import Look
from workbench.tui.screens.dialogs import AskScreen, DemoScreen, Field
from workbench.tui.views import LabView
from workbench.tui.widgets.header import LabHeader
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import ChoiceView, LinesView, hanging, paragraph, two_ends
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import TooSmall
from workbench.wording import ago

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

_HEAD = 9


class SessionList(ChoiceView):
    """The sessions, the one last written to first."""

    HELP = "The saved sessions. A session holds settings, runs and answers in a folder of plain files."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: list[SessionEntry] | None = None

    @property
    def count(self) -> int:
        """Number of sessions."""
        return len(self.entries or ())

    @property
    def chosen(self) -> SessionEntry | None:
        """The session under the cursor."""
        return self.entries[self.cursor] if self.entries and self.cursor < len(self.entries) else None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every session."""
        if self.entries is None:
            return []
        if not self.entries:
            return paragraph(self.look, "No session yet.", width, self.look.quiet)
        clock = cast("WorkbenchApp", self.app).clock
        lines = []
        for index, entry in enumerate(self.entries):
            head = self.look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
            left = self.look.line((head, self.look.accent), (" " if not entry.problem else "!", self.look.warn))
            left.append(self.look.safe(entry.name))
            right = self.look.line((f"{ago(entry.active, clock)} ", self.look.quiet))
            lines.append(two_ends(self.look, left, right, width))
        return lines


class SessionDetails(LinesView, can_focus=False):
    """What the chosen session holds, or what to press where there is none."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.details: dict[str, str] = {}
        self.empty = False

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the details."""
        if self.empty:
            return first_words(self.look, width)
        lines = []
        for name, text in self.details.items():
            lines += hanging(self.look, f"{name:<{_HEAD}}", text, width)
        return lines


class SessionsScreen(Screen[None]):
    """The list of sessions; the start of everything where there is none yet."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SESSIONS)
    AUTO_FOCUS = "#session-list"

    def compose(self) -> ComposeResult:
        """Make header, list, details and key bar."""
        yield LabHeader()
        with Horizontal(id="body"):
            yield SessionList(id="session-list")
            yield SessionDetails(id="session-details")
        yield Notice()
        yield KeyBar()
        yield TooSmall()

    @property
    def bench_app(self) -> WorkbenchApp:
        """The app, by its own type."""
        return cast("WorkbenchApp", self.app)

    @property
    def list(self) -> SessionList:
        """The list."""
        return self.query_one(SessionList)

    def on_screen_resume(self) -> None:
        """Read the list anew whenever the screen comes into sight."""
        self.show_view(self.bench_app.view)
        self.read()

    def show_view(self, view: LabView) -> None:
        """Show what goes on in the open session."""
        self.query_one(LabHeader).show(view)

    def relay(self) -> None:
        """Draw everything anew, after the colours have changed."""
        self.list.relay()
        self.query_one(SessionDetails).relay()

    @work(exclusive=True, group="sessions")
    async def read(self) -> None:
        """Read the sessions, and choose the open one."""
        try:
            entries = await asyncio.to_thread(self.bench_app.bench.entries)
        except StoreError as error:
            self.bench_app.tell(str(error), "error")
            return
        session, own = self.bench_app.bench.session, self.list
        own.entries = entries
        folders = [entry.folder for entry in entries]
        if session is not None and session.folder in folders:
            own.cursor = folders.index(session.folder)
        own.choose(own.cursor)
        self._show_details()
        self.refresh_bindings()

    @on(ChoiceView.Moved)
    def _moved(self) -> None:
        self._show_details()

    @work(exclusive=True, group="details")
    async def _show_details(self) -> None:
        details, entry = self.query_one(SessionDetails), self.list.chosen
        details.empty = entry is None
        if entry is not None:
            details.details = await asyncio.to_thread(details_of, entry, len(self.bench_app.bench.lab.parts))
        details.relay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        if not self.is_mounted:
            return True
        if action == "open":
            return self.list.count > 0
        return self.bench_app.bench.session is not None if action == "back" else True

    def action_move(self, count: int) -> None:
        """Choose another session."""
        self.list.action_move(count)

    def action_open(self) -> None:
        """Open the chosen session."""
        entry = self.list.chosen
        if entry is None:
            return
        if entry.problem:
            self.bench_app.tell(entry.problem, "error")
        else:
            self.bench_app.open_session(entry.name)

    def action_back(self) -> None:
        """Go back to the lab."""
        self.bench_app.show_lab()

    def action_new(self) -> None:
        """Ask for the name and the data folder of a new session."""
        bench = self.bench_app.bench

        def accept(name: str, folder: str) -> None:
            if not folder:
                raise UsageError("Give the folder that holds fma_genre_spectrograms; esc and d takes the demo set.")
            bench.create(name, Path(folder))

        root = bench.session.data_root if bench.session is not None else None
        fields = [
            Field("name", "", "any text"),
            Field("data folder", str(root or ""), "the folder that holds fma_genre_spectrograms and its sisters"),
        ]
        self.app.push_screen(AskScreen("New session", fields, accept), self._made)

    def action_demo(self) -> None:
        """Build the demo set, and make a session on it."""
        self.app.push_screen(DemoScreen(), self._demo_built)

    def _made(self, done: bool | None) -> None:
        if done:
            self.bench_app.session_changed()

    def _demo_built(self, root: Path | None) -> None:
        if root is not None:
            self._make_demo_session(root)

    @work(exclusive=True, group="demo")
    async def _make_demo_session(self, root: Path) -> None:
        bench = self.bench_app.bench
        try:
            name = await asyncio.to_thread(bench.free_name, "demo")
            await asyncio.to_thread(bench.create, name, root)
        except (LabError, StoreError) as error:
            self.bench_app.tell(str(error), "error")
        else:
            self.bench_app.session_changed()


def details_of(entry: SessionEntry, parts: int) -> dict[str, str]:
    """Return what a session holds, read from its folder."""
    if entry.problem:
        return {"problem": entry.problem}
    try:
        session = Session(entry.folder)
        states = [(str(run.record.get("part", "")), run.state) for run in session.runs()]
        finished = {part for part, state in states if state is RunState.FINISHED}
        live = [f"{part} {state}" for part, state in states if state.live]
        open_ended = {part for part, state in states if state is RunState.INTERRUPTED} - finished
        details = {
            "data": str(session.data_root or "none yet"),
            "device": session.device,
            "seed": str(session.seed),
            "parts": f"{len(finished)} of {parts} finished",
            "now": ", ".join(live) or "nothing runs",
        }
        if open_ended:
            details["left"] = f"{', '.join(sorted(open_ended))} interrupted, can be resumed"
        return {**details, "folder": str(entry.folder)}
    except StoreError as error:
        return {"problem": str(error)}


def first_words(look: Look, width: int) -> list[Text]:
    """Return what someone reads who has no session yet."""
    lines = paragraph(look, "A session keeps the runs, results and answers of one pass through the lab.", width)
    lines.append(Text(end=""))
    lines += hanging(look, "d  ", "make one on the demo set: synthetic music, built here in about a minute", width)
    lines += hanging(look, "n  ", "make one on your data: the folder that holds fma_genre_spectrograms", width)
    return lines
