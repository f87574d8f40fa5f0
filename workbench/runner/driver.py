"""A batch in a process of its own: it starts one run after the other and outlives whoever began it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.runner.launch import LaunchError
from workbench.store.errors import storage_errors
from workbench.store.folders import make_folder
from workbench.store.names import time_stamp
from workbench.store.session import Session

FOLDER = "batches"
_SURELY_BEGUN_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Driver:
    """A batch that was started: its process and where it tells what it does."""

    pid: int
    log: Path


def start_driver(session: Session, arguments: Sequence[str]) -> Driver:
    """Start ``python -m workbench ARGUMENTS`` without a terminal; what it prints goes to a log in the session.

    Raises
    ------
    LaunchError
        If the process ends at once; the message has what it said.
    StorageError
        If the log cannot be written.
    """
    folder = session.folder / FOLDER
    make_folder(folder, session.folder)
    path = folder / f"{time_stamp(time.time())}.log"
    ours = str(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")])),
    }
    with storage_errors(path), open(path, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
            close_fds=True,
        )
    try:
        code = process.wait(_SURELY_BEGUN_SECONDS)
    except subprocess.TimeoutExpired:
        return Driver(process.pid, path)
    if code:
        with storage_errors(path):
            said = path.read_text(encoding="utf-8", errors="replace").strip()
        raise LaunchError(f"The batch ended with code {code} before it began.\n{said[-1000:]}")
    return Driver(process.pid, path)
