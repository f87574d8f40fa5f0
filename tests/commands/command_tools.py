"""The command line as a user runs it: a process with its own stdout, stderr and exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def workbench(*arguments: str | Path, env: dict[str, str] | None = None, timeout: float = 240) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def small(*more: str) -> list[str]:
    """Return the settings that make a run of 7.1 take a second."""
    names = ["channels=4", "crop_frames=32", "batch_size=8", "precision=float32", "threads=1", *more]
    return [word for name in names for word in ("--set", name)]
