"""Sessions to be pictured that no user has at hand: with runs that go on, wait, were stopped or fail, or with none."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from scenes import BROKEN, EMPTY, FIRST, GONE, STATES
from window import run

from workbench.tui import drafts

_LONG: Final = ("epochs=10000", "patience=0", "batch_size=2", "threads=1")
_PATIENCE: Final = 300.0


class Stage:
    """The sessions, in a folder with places of their own; the runs in it end with `close`.

    Parameters
    ----------
    folder
        An empty folder.
    beside
        The session whose data set they take.
    """

    def __init__(self, folder: Path, beside: str) -> None:
        self._folder = folder
        root = Path(json.loads(run(dict(os.environ), "sessions", "show", beside, "--json"))["data_root"])
        self._words("sessions", "new", EMPTY, "--data", str(root))
        self._words("sessions", "new", STATES, "--data", str(root))
        broken, gone = folder / "broken", folder / "gone"
        for source in sorted(root.rglob("*")):
            target = broken / source.relative_to(root)
            if source.is_dir():
                target.mkdir(parents=True)
            elif source.suffix == ".npy":
                target.write_bytes(b"")
            elif source.suffix != ".flac":
                target.symlink_to(source)
        self._words("sessions", "new", BROKEN, "--data", str(broken))
        gone.symlink_to(root)
        self._words("sessions", "new", GONE, "--data", str(gone))
        gone.unlink()
        self._words("run", "1b", "5a", "--with-prerequisites", "--quiet", "--session", STATES)
        self._words("run", "5c", *_LONG, "--detach", "--session", STATES)
        self._wait_for("5γ", "running", epoch=4)
        self._words("stop", "5c", "--session", STATES)
        self._wait_for("5γ", "interrupted")
        self._words("run", "5d", *_LONG, "--detach", "--session", STATES)
        self._wait_for("5δ", "running", epoch=4)
        self._words("run", "5e", "--detach", "--session", STATES)
        self._wait_for("5ε", "queued")
        self._words("pause", "5d", "--session", STATES)

    @contextlib.contextmanager
    def on(self, scenes: str) -> Iterator[dict[str, str]]:
        """Give the places of a kind of scenes; the run that goes on does so in its own scenes alone."""
        if scenes == STATES:
            self._words("resume", "5d", "--session", STATES)
            self._wait_for("5δ", "running")
        yield self.environment(scenes)
        if scenes == STATES:
            self._words("pause", "5d", "--session", STATES)
        for written in ("answers", "report") if scenes == EMPTY else ():
            shutil.rmtree(self._folder / "places" / "sessions" / EMPTY / written, ignore_errors=True)
        if scenes == FIRST:
            shutil.rmtree(self._folder / "nothing", ignore_errors=True)

    def environment(self, scenes: str) -> dict[str, str]:
        """Return the places of a kind of scenes."""
        places = self._folder / ("nothing" if scenes == FIRST else "places")
        names = ("sessions", "runtime", "state", "config", *(("cache",) if scenes == FIRST else ()))
        return {f"WORKBENCH_{name.upper()}_DIR": str(places / name) for name in names}

    def close(self) -> None:
        """End what goes on, and take the folder away."""
        for part in ("5e", "5d"):
            self._words("stop", part, "--session", STATES)
        self._wait_for("5δ", "interrupted")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _words(self, *words: str) -> str:
        return run({**os.environ, **self.environment(EMPTY)}, *words)

    def _wait_for(self, part: str, state: str, *, epoch: int = 0) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found: dict[str, Any] = json.loads(self._words("status", "--json", "--session", STATES))
            runs = [run for run in found["runs"] if run["part"] == part and run["epoch"] >= epoch]
            if any(run["status"] == state for run in runs):
                return
            time.sleep(0.5)
        raise SystemExit(f"the run of {part} is not {state} after {_PATIENCE:.0f} s")


@contextlib.contextmanager
def own_view(session: str) -> Iterator[dict[str, str]]:
    """Give the places of a session as linked, so that what one changes in looking at it stays out of it."""
    shown = json.loads(run(dict(os.environ), "sessions", "show", session, "--json"))
    with tempfile.TemporaryDirectory(prefix="view") as folder:
        source, target = Path(shown["folder"]), Path(folder) / session
        for other in source.parent.iterdir():
            if other.is_dir() and other != source:
                (Path(folder) / other.name).symlink_to(other)
        target.mkdir()
        for entry in source.iterdir():
            if entry.is_dir():
                (target / entry.name).symlink_to(entry)
            elif entry.name not in (drafts.FILE, drafts.PLACE_FILE):
                shutil.copy(entry, target)
        yield {"WORKBENCH_SESSIONS_DIR": folder}
