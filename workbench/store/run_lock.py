"""The lock of a run: who holds it is the one process, with its forks, that may write the run.

The lock is an flock on the file ``lock``; its content tells people who holds it.  Where the file system has no
locks, the content decides: a holder of this machine counts while its process lives.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from workbench.store.atomic import write_all
from workbench.store.errors import RunLockedError, storage_errors
from workbench.store.locks import try_flock
from workbench.store.processes import alive, host, start_time

_PATIENCE = 5.0
_SETTLE = 0.1


class RunLock:
    """An exclusive lock that lives as long as any process that inherited it by a fork.

    Parameters
    ----------
    path
        The lock file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._owner = 0

    def acquire(self, **details: Any) -> None:
        """Take the lock and write who holds it.

        Parameters
        ----------
        **details
            Plain JSON data to keep beside host, pid and start time.

        Raises
        ------
        RunLockedError
            If another process holds it.
        StorageError
            If the file system refuses.
        """
        with storage_errors(self.path):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            real = _take(descriptor, self.path)
            token = os.urandom(8).hex()
            content = {
                "host": os.uname().nodename,
                "machine": host(),
                "pid": os.getpid(),
                "process_start": start_time(os.getpid()),
                "time": round(time.time(), 3),
                "token": token,
                **details,
            }
            with storage_errors(self.path):
                _write(descriptor, content)
            if not real:
                _settle(self.path, token)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor, self._owner, self._real, self._content = descriptor, os.getpid(), real, content

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor >= 0

    def tell(self, **details: Any) -> None:
        """Change what is kept beside host, pid and start time, while the lock is held.

        Raises
        ------
        StorageError
            If the file system refuses.
        """
        self._content |= details
        with storage_errors(self.path):
            _write(self._descriptor, self._content)

    def release(self) -> None:
        """Close the lock; it is free when every process that inherited it has closed it or ended."""
        if self._descriptor < 0:
            return
        # Closing, not unlocking: an unlock would free it under a fork that still works.
        if not self._real and self._owner == os.getpid():
            with storage_errors(self.path):
                _write(self._descriptor, {**self._content, "released": True})
        os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> RunLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock of this file, without being in the way of one who takes it.

    Raises
    ------
    StorageError
        If the lock file may not be read.
    """
    with storage_errors(path):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            taken = try_flock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)
    return not taken if taken is not None else _holder_lives(holder(path))


def holder(path: Path) -> dict[str, Any] | None:
    """Return what the last holder of a lock wrote about itself, or None where that cannot be read."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):  # not there yet, or being written
        return None
    return content if isinstance(content, dict) else None


def _take(descriptor: int, path: Path) -> bool:
    """Return True with the lock taken, False where there are no locks and nobody seems to hold it."""
    end = time.monotonic() + _PATIENCE
    while True:
        with storage_errors(path):
            taken = try_flock(descriptor, fcntl.LOCK_EX)
            if taken is True:
                return True
            if taken is None:
                if _holder_lives(holder(path)):
                    raise _locked(path)
                return False
            # A reader that asks for the state holds it shared for an instant; a worker holds it alone.
            shared = try_flock(descriptor, fcntl.LOCK_SH)
            if shared:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        if not shared or time.monotonic() > end:
            raise _locked(path)
        time.sleep(0.001 + os.urandom(1)[0] / 25_600)  # up to 11 ms, so that two who wait do not keep step


def _settle(path: Path, token: str) -> None:
    """Find out who came last, where two took a lock at once that no kernel keeps."""
    time.sleep(_SETTLE)
    content = holder(path)
    if content is None or content.get("token") != token:
        raise _locked(path)


def _write(descriptor: int, content: dict[str, Any]) -> None:
    # In place: a rename would leave the lock on a file without a name.
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, json.dumps(content).encode("ascii") + b"\n")


def _holder_lives(content: dict[str, Any] | None) -> bool:
    if content is None or content.get("released"):
        return False
    if content.get("machine") != host():
        return True
    pid, started = content.get("pid"), content.get("process_start")
    return isinstance(pid, int) and alive(pid, started if isinstance(started, int) else None)


def _locked(path: Path) -> RunLockedError:
    content = holder(path) or {}
    who = f"process {content.get('pid', '?')} on {content.get('host', 'an unknown machine')}"
    text = f"{path}: the run is held by {who}; follow it or stop it instead of starting it again"
    if content.get("machine") != host():
        text += ", or remove this file if that machine is off"
    return RunLockedError(text, path)
