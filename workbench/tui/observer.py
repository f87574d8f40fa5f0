"""The one observer of the session: reads it a few times a second in a thread, and tells when something has changed."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from workbench.store.errors import SessionNotFoundError, StoreError
from workbench.tui.ended import EndedLists
from workbench.tui.messages import LabChanged
from workbench.tui.views import Reader

if TYPE_CHECKING:
    from workbench.store.session import Session
    from workbench.tui.app import WorkbenchApp


_LOOKS: Final = 2


class Observer:
    """Reads the app's session, posts a `LabChanged` with each new picture, and follows it to another session."""

    def __init__(self, app: WorkbenchApp) -> None:
        self._app = app
        self._selected = ""
        self._awake = asyncio.Event()
        self._session: Session | None = None
        self._reader: Reader | None = None
        self._failed = ""
        self._gone = 0
        self._ended = EndedLists(app)

    def select(self, part_id: str) -> None:
        """Observe another part's run and result."""
        if part_id != self._selected:
            self._selected = part_id
            self.look_again()

    def look_again(self) -> None:
        """Read without waiting for the next turn."""
        self._awake.set()

    async def observe(self) -> None:
        """Read for ever, at the app's pace."""
        while True:
            await self._look()
            self._awake.clear()
            try:
                await asyncio.wait_for(self._awake.wait(), self._app.pace.poll)
            except TimeoutError:
                continue

    async def _look(self) -> None:
        bench = self._app.bench
        session = bench.session
        if session is not self._session:
            self._session, self._gone = session, 0
            self._reader = Reader(session, bench.lab, bench.device, bench.language) if session is not None else None
        if self._reader is None:
            return
        began = time.monotonic()
        try:
            view = await asyncio.to_thread(self._reader.read, self._selected, bench.pinned.get(self._selected))
        except SessionNotFoundError:
            # Some programs take a file away for a moment when they write it anew.
            self._gone += 1
            if self._gone >= _LOOKS and bench.session is session:
                await self._app.session_gone()
            return
        except StoreError as error:
            # Said once, and not at every turn while it lasts.
            if self._failed != str(error):
                self._failed = str(error)
                self._app.tell(self._failed, "error")
            return
        self._failed, self._gone = "", 0
        if bench.session is not session:
            return
        self._app.wishes.looked = began
        if view != self._app.view:
            self._app.view = view
            self._app.post_message(LabChanged(view))
        await self._ended.tell(view)
