"""The start: open a session, make one on the demo set or on a folder of one's own, or import one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from labsteps.errors import LabError, UsageError
from workbench.config import configured
from workbench.store.errors import StoreError
from workbench.store.sessions import SessionEntry
from workbench.tui.keys import SESSIONS, bindings
from workbench.tui.overview import Standing, overview_of, standing_of
from workbench.tui.owner import app_of
from workbench.tui.screens.dialogs import AskScreen, DemoScreen, LeftOffError
from workbench.tui.views import LabView
from workbench.tui.widgets.field import Completed, Field
from workbench.tui.widgets.header import LabHeader
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import ChoiceView
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.sessions import SessionDetails, SessionList
from workbench.tui.widgets.toosmall import TooSmall
from workbench.wording import import_told

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

SECONDS: Final = 3.0


class SessionsScreen(Screen[None]):
    """The list of sessions; the start of everything where there is none yet."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SESSIONS)
    AUTO_FOCUS = "#session-list"
    _device = ""
    _stays = False

    def on_mount(self) -> None:
        """Look now and then at what goes on in all sessions."""
        self.set_interval(max(SECONDS, self.bench_app.pace.poll), self._look)

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
        return app_of(self)

    @property
    def list(self) -> SessionList:
        """The list."""
        return self.query_one(SessionList)

    def on_screen_resume(self) -> None:
        """Read the list anew whenever the screen comes into sight."""
        self.show_view(self.bench_app.view)
        self.read()

    def on_screen_suspend(self) -> None:
        """Keep the cursor where it is for as long as no more than something over this screen is in sight."""
        self._stays = self.list.entries is not None and self.app.current_mode == "sessions"

    def show_view(self, view: LabView) -> None:
        """Show what goes on in the open session."""
        self.query_one(LabHeader).show(view if view.session else replace(view, device=self._device))

    def relay(self) -> None:
        """Draw everything anew, after the colours have changed."""
        self.list.relay()
        self.query_one(SessionDetails).relay()

    def _emptied(self) -> bool:
        """Tell whether the app was left while something was read: what is shown goes before the screen does."""
        return not self.query(LabHeader) or not self.query(SessionList) or not self.query(SessionDetails)

    @work(exclusive=True, group="sessions")
    async def read(self) -> None:
        """Read the sessions; choose the open one where the screen is come to, and else the one that was chosen."""
        self._device = await asyncio.to_thread(device_here, self.bench_app.bench.device_name)
        if self._emptied():
            return
        self.show_view(self.bench_app.view)
        try:
            entries = await asyncio.to_thread(self.bench_app.bench.entries)
        except StoreError as error:
            self.bench_app.tell(str(error), "error")
            return
        if self._emptied():
            return
        session, own = self.bench_app.bench.session, self.list
        wanted = session.folder if session is not None else None
        if self._stays:
            wanted = own.chosen.folder if own.chosen is not None else None
            own.cursor += len(entries) - len(own.entries or ())
        own.entries = entries
        folders = [entry.folder for entry in entries]
        if wanted in folders:
            own.cursor = folders.index(wanted)
        own.choose(own.cursor)
        self._show_details()
        self.refresh_bindings()
        await self._read_standings(entries)

    def _look(self) -> None:
        if self.is_current and self.list.entries:
            self._look_at(self.list.entries)

    @work(exclusive=True, group="standings")
    async def _look_at(self, entries: Sequence[SessionEntry]) -> None:
        await self._read_standings(entries)
        if not self._emptied():
            self._show_details()

    async def _read_standings(self, entries: Sequence[SessionEntry]) -> None:
        def read() -> dict[Path, Standing]:
            return {entry.folder: standing_of(entry) for entry in entries}

        standings = await asyncio.to_thread(read)
        if self._emptied():
            return
        if standings != self.list.standings:
            self.list.standings = standings
            self.list.relay()

    @on(ChoiceView.Moved)
    def _moved(self) -> None:
        self._show_details()
        self.refresh_bindings()

    @work(exclusive=True, group="details")
    async def _show_details(self) -> None:
        details, own = self.query_one(SessionDetails), self.list
        if own.entries is None:
            return
        if own.chosen is None:
            details.show(own.beginning, first=not own.entries)
        else:
            details.show(await asyncio.to_thread(overview_of, own.chosen, self.bench_app.bench.lab), first=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        if not self.is_mounted:
            return True
        return self.bench_app.bench.session is not None if action == "back" else True

    def action_open(self) -> None:
        """Open the chosen session, or begin what the chosen line says."""
        entry, beginning = self.list.chosen, self.list.beginning
        if beginning is not None:
            {"demo": self.action_demo, "new": self.action_new, "import": self.action_import}[beginning.action]()
        elif entry is None:
            return
        elif entry.problem:
            self.bench_app.tell(entry.problem, "error")
        else:
            self.bench_app.open_session(entry.name)

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "begin" if action == "open" and self.is_mounted and self.list.beginning is not None else ""

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

        root = configured("data") or bench.data_root
        fields = [
            Field("name", "", "any text"),
            Field(
                "data folder",
                str(root or ""),
                "the folder that holds fma_genre_spectrograms and its sisters; tab completes it",
                Completed.FOLDERS,
            ),
        ]
        self.app.push_screen(AskScreen("New session", fields, accept), self._made)

    def action_import(self) -> None:
        """Ask for an exported session."""
        bench = self.bench_app.bench
        far = ""
        stopping = Event()

        def progress(files: int, read: int, size: int) -> None:
            nonlocal far
            far = import_told(files, read, size)
            if stopping.is_set():
                raise LeftOffError("The import was stopped; nothing of it is left.")

        def accept(archive: str, name: str) -> None:
            if not archive:
                raise UsageError("Give the path of an exported session (.tar.gz); tab completes it.")
            bench.take_in(Path(archive), name, progress)

        fields = [
            Field("archive", "", "an exported session, .tar.gz; tab completes it", Completed.ARCHIVES),
            Field("name", "", "empty keeps the one that it had"),
        ]
        self.app.push_screen(AskScreen("Import a session", fields, accept, lambda: far, stopping.set), self._made)

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


def device_here(chosen: str) -> str:
    """Return the device that is taken when one is chosen, ``auto`` among them, and how many threads there are."""
    from labsteps.host import available_threads
    from workbench.runner.devices import resolve_device

    try:
        found = str(resolve_device(chosen))
    except LabError as error:
        return str(error)
    name = f"{found} (auto)" if chosen == "auto" else found
    return f"{name} · {available_threads()} threads"
