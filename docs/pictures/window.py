"""The app in a tmux of its own: keys pressed as a user would, and the screen once it stays as it is."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
# What a screen says while it still fills itself.
WORKING: Final = "Reading (the clip|the runs|what)|Checking what|Looking at the machine|Testing …|Testing [.]"
_LOOK_EVERY: Final = 0.05
_QUIET: Final = 0.3
_LONGEST_UNREST: Final = 5.0
# How long a key may take to show in a screen on a busy machine; escape shows in none where nothing is open.
_KEY_SHOWS: Final = 0.4
_ESCAPE_SHOWS: Final = 0.25
_MOST_PAGES: Final = 40
# Escape as terminals with kitty's keyboard protocol send it: the key after it is never taken for one with alt.
_ESCAPE: Final = ("1b", "5b", "32", "37", "75")


class Window:
    """The app in a window.

    Parameters
    ----------
    size
        Columns and lines.
    session
        Name of the session that it opens on; empty for none.
    env
        Variables of the app's environment.
    language
        ``en`` or ``el``; what is waited for is in English, so in Greek time has to do.
    patience
        Seconds to wait for a pattern.
    """

    def __init__(
        self, size: tuple[int, int], session: str, env: dict[str, str], language: str, patience: float
    ) -> None:
        self._english, self._patience = language == "en", patience
        self._folder = Path(tempfile.mkdtemp(prefix="wb"))
        self._last = ""
        self._session, self._env = session, {**os.environ, **env}
        kept = {name: value for name, value in os.environ.items() if name.startswith("WORKBENCH_")}
        env = {**kept, "PYTHONPATH": str(ROOT), **env}
        words = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "workbench"]
        words += ["--lang", language, *(["--session", session] if session else [])]
        command = f"{shlex.join(words)}; exec sleep 1000"
        self._tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)

    def _tmux(self, *words: str) -> str:
        done = ["tmux", "-S", str(self._folder / "s"), "-f", "/dev/null", *words]
        return subprocess.run(done, capture_output=True, text=True, check=False).stdout

    def _look(self) -> str:
        self._last = self._tmux("capture-pane", "-p", "-e")
        return self._last

    def close(self) -> None:
        """End the server."""
        self._tmux("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)

    def press(self, key: str) -> bool:
        """Press a key, or do what a word with a colon says (see `scenes.py`); tell whether what it waits for came."""
        what, colon, rest = key.partition(":")
        if not colon or not rest:
            self._send(["-H", *_ESCAPE] if key == "Escape" else ["-l", key] if len(key) == 1 else [key])
        elif what == "type":
            self._send(["-l", rest])
        elif what == "size":
            width, height = rest.split("x")
            self._tmux("resize-window", "-x", width, "-y", height)
        elif what == "cli":
            run(self._env, *shlex.split(rest), "--session", self._session)
        elif what == "to":
            return self._turn_to(rest)
        else:
            return self.wait_for(rest, gone=what == "gone")
        return True

    def _send(self, keys: list[str]) -> None:
        """Send keys, and wait until they show or do not."""
        before = self._look()
        self._tmux("send-keys", *keys)
        self._until(lambda: self._look() != before, _ESCAPE_SHOWS if keys[0] == "-H" else _KEY_SHOWS)

    def _turn_to(self, pattern: str) -> bool:
        # The names of pages are patterns in English alone; in Greek the page after is as good.
        for _ in range(_MOST_PAGES if self._english else 0):
            self.settle()
            if re.search(pattern, self._tmux("capture-pane", "-p")):
                return True
            self.press("Tab")
        return not self._english and self.press("Tab")

    def capture(self) -> str:
        """Return the screen with its colours."""
        return self._tmux("capture-pane", "-p", "-e", "-N")

    def settle(self) -> None:
        """Wait until the screen stays as it is for a moment."""
        self._look()
        since, end = time.monotonic(), time.monotonic() + _LONGEST_UNREST
        while (now := time.monotonic()) < min(end, since + _QUIET):
            time.sleep(_LOOK_EVERY)
            before = self._last
            since = since if self._look() == before else now

    def wait_for(self, pattern: str, *, gone: bool = False) -> bool:
        """Wait until a pattern is on the screen twice in a row, or no more, and tell whether that came."""
        if not self._english:
            time.sleep(1.0)
            self.settle()
            return True
        seen = 0

        def here() -> bool:
            nonlocal seen
            screen = self._tmux("capture-pane", "-p")
            there = bool(re.search(pattern, screen)) is not gone and not re.search(WORKING, screen)
            seen = seen + 1 if there else 0
            return seen > 1

        return self._until(here, self._patience)

    def _until(self, came: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if came():
                return True
            time.sleep(_LOOK_EVERY)
        return False


def run(environment: dict[str, str], *words: str) -> str:
    """Return what a command of the workbench prints."""
    command = [sys.executable, "-m", "workbench", *words]
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
