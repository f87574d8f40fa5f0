"""The bottom line of the prompt: session, device and what goes on, read by a thread so that typing never waits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

from workbench.plots.text import fit, printable
from workbench.repl.shell import Shell
from workbench.runner.devices import resolve_device
from workbench.runner.follow import Follower, Snapshot
from workbench.speaking import told
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.wording import state_sign

SECONDS = 1.0


class BottomLine:
    """Keeps the text of the bottom line up to date.

    Parameters
    ----------
    shell
        Whose session is told.
    changed
        Called from the thread when the text is another.
    """

    def __init__(self, shell: Shell, changed: Callable[[], None]) -> None:
        self._shell, self._changed = shell, changed
        self._followers: dict[str, Follower] = {}
        self._session: Session | None = None
        self._text = ""
        self._stop = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bottom-line", daemon=True)

    @property
    def text(self) -> str:
        """The line as it was read last."""
        return self._text

    def start(self) -> None:
        """Begin to read."""
        self._text = self.read()
        self._thread.start()

    def look_again(self) -> None:
        """Read without waiting for the next turn."""
        self._again.set()

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._again.set()
        self._thread.join(timeout=5.0)

    def read(self) -> str:
        """Return the line for what is on disk now."""
        folder = self._shell.state.session
        if folder is None:
            name = self._shell.session_name()
            text = f"{name}: made by the first run" if name else "no session yet: the first run makes one"
            return told(text, self._shell.language())
        try:
            return self._about(self._opened(folder))
        except StoreError as error:
            self._session = None
            return told(f"session cannot be read: {error}", self._shell.language())

    def _opened(self, folder: Path) -> Session:
        if self._session is None or self._session.folder != folder:
            self._session, self._followers = Session(folder), {}
        return self._session

    def _about(self, session: Session) -> str:
        chosen, language = session.device, self._shell.language()
        device = f"{resolve_device(chosen)} (auto)" if chosen == "auto" else chosen
        parts = [printable(session.name), printable(device)]
        live = session.live_runs()
        kept = {run.id for run in live}
        self._followers = {run_id: follower for run_id, follower in self._followers.items() if run_id in kept}
        for run in live:
            follower = self._followers.setdefault(run.id, Follower(run))
            parts.append(_going(follower.poll() or follower.snapshot, language))
        return " · ".join(parts if live else [*parts, told("nothing runs", language)])

    def _watch(self) -> None:
        while not self._stop.is_set():
            text = self.read()
            if text != self._text:
                self._text = text
                self._changed()
            self._again.wait(SECONDS)
            self._again.clear()


def cut(text: str, columns: int) -> str:
    """Return the line as wide as the terminal, in its letters."""
    return fit(f" {text}", columns, unicode=unicode_terminal())


def unicode_terminal() -> bool:
    """Tell whether standard output takes more than ASCII."""
    return "utf" in (sys.stdout.encoding or "").lower()


def _going(snapshot: Snapshot, language: str) -> str:
    sign = state_sign(snapshot.state, ascii_only=not unicode_terminal())
    told_of = f"{sign} {printable(snapshot.part)}"
    if snapshot.state is RunState.QUEUED:
        return f"{told_of} {told(str(snapshot.state), language)}"
    if snapshot.share is not None:
        told_of += f" {snapshot.share:.0%}"
    elif snapshot.trained and snapshot.phase_text:
        told_of += f" {told(snapshot.phase_text, language)}"
    if snapshot.state is RunState.PAUSED:
        return f"{told_of} {told(str(snapshot.state), language)}"
    return f"{told_of} {told(f'{snapshot.eta} left', language)}" if snapshot.eta else told_of
