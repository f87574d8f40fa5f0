"""Sessions to be pictured that no user has at hand: with runs that go on, wait, were stopped or fail, or with none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from scenes import BROKEN, EMPTY, FIRST, GONE, STATES

ROOT: Final = Path(__file__).resolve().parents[2]
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


def run(environment: dict[str, str], *words: str) -> str:
    """Return what a command of the workbench prints."""
    command = [sys.executable, "-m", "workbench", *words]
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
