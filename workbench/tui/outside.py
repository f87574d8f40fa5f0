"""What is around the app: the terminal, which is asked, and the shell that it sleeps under."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from workbench.tui.asking import Asking, listen
from workbench.tui.pace import over_network

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

BACKGROUND: Final = "\x1b]11;?\x07"
# No reports of mouse and focus any more.
_NO_REPORTS: Final = "\x1b[?1000l\x1b[?1003l\x1b[?1004l"
_CLEAR: Final = "\x1b[0m\x1b[2J\x1b[H"
_RGB: Final = re.compile(r"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")
_MIDDLE: Final = 0.5


class Outside:
    """The app's dealings with terminal and shell."""

    def __init__(self, app: WorkbenchApp) -> None:
        self._app = app
        self._asking = Asking()
        self._asleep = False
        listen(self._asking)

    async def ask(self, question: str) -> str:
        """Return what the terminal answers; nothing where there is none or it does not answer."""
        driver = self._app._driver
        if driver is None or driver.is_headless:
            return ""

        def write(text: str) -> None:
            driver.write(text)
            driver.flush()

        return await self._asking.ask(write, question)

    async def silence(self) -> None:
        """Wait for what is on its way from the terminal, so that none of it is typed into the shell after the app.

        Over a network the mouse's moves come for as long as the line is slow.
        """
        if over_network(os.environ):
            await self.ask(_NO_REPORTS)

    def report_mouse(self, *, wanted: bool) -> None:
        """Let the terminal report the mouse, or not, as Textual's driver does by itself at the start alone."""
        driver: Any = self._app._driver
        switch = getattr(driver, "_enable_mouse_support" if wanted else "_disable_mouse_support", None)
        if switch is None:  # no terminal
            return
        # The driver's two ways do nothing while it holds that no mouse is wanted.
        driver._mouse = True
        switch()
        driver._mouse = wanted

    def wipe(self) -> None:
        """Clear the app's screen before it is left: a console, or GNU screen, may have no other one to go back to."""
        driver = self._app._driver
        if driver is not None:
            driver.write(_CLEAR)
            driver.flush()

    def let_go(self) -> None:
        """Never wait for the terminal any more: once it has gone, what is to be written waits for ever."""
        waiting = getattr(getattr(self._app._driver, "_writer_thread", None), "_queue", None)
        if waiting is not None:
            waiting.maxsize = 0  # without a limit

    # Sleeping

    def obey(self) -> None:
        """Sleep when the shell asks for it, and wake up from that alone: Textual would start the terminal twice."""
        driver = self._app._driver
        if driver is not None and driver.can_suspend:
            signal.signal(signal.SIGTSTP, self._sleep)
            signal.signal(signal.SIGCONT, self._wake)

    def sleep(self) -> bool:
        """Ask everything that the shell's line has started to sleep; tell whether a shell can wake it again."""
        driver = self._app._driver
        if driver is None or not driver.can_suspend or not under_a_shell():
            return False
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        return True

    def _sleep(self, _number: int, _frame: FrameType | None) -> None:
        driver = self._app._driver
        if driver is None or self._asleep or not under_a_shell():
            return
        self._app.app_suspend_signal.publish(self._app)
        self.wipe()
        driver.suspend_application_mode()
        self._asleep = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        driver = self._app._driver
        if driver is None or not os.isatty(0):
            # The system wakes up who had a terminal that has gone; there is nothing to draw on.
            return
        if not self._asleep:
            # Stopped by something else, it has left the terminal as it was, and the shell may have changed that.
            driver.suspend_application_mode()
        driver.resume_application_mode()
        # In the background the terminal is not ours yet, and the shell stops us once more.
        writer = getattr(driver, "_writer_thread", None)
        self._asleep = writer is None or not writer.is_alive()
        if not self._asleep:
            self._app.app_resume_signal.publish(self._app)
            self._app.call_later(self._app.action_redraw)


def under_a_shell() -> bool:
    """Tell whether a shell that can wake us has started us: one of our terminal, with a job of its own for us."""
    ours, session, pid = os.getpgrp(), os.getsid(0), os.getppid()
    try:
        # What lies between, such as make, belongs to the same job.
        while pid > 1 and os.getpgid(pid) == ours:
            pid = _parent(pid)
        return pid > 1 and os.getsid(pid) == session
    except OSError:
        return False


def _parent(pid: int) -> int:
    """Return a process's parent; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    # The name, which may hold anything, ends at the last bracket; then come the state and the parent.
    return int(stat.read_text("latin-1").rpartition(")")[2].split()[1]) if stat.exists() else 0


def is_light(answer: str) -> bool:
    """Tell whether the background that a terminal answers is light; a dark one where it answers none."""
    found = _RGB.search(answer)
    if found is None:
        return False
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    return bool(0.299 * red + 0.587 * green + 0.114 * blue > _MIDDLE)


def asks_background(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal's background is worth a question; the console's is dark."""
    return not environ.get("COLORFGBG") and environ.get("TERM") != "linux"
