"""Which batches of a session go on: several parts that one process runs one after the other.

A batch holds a lock file for as long as it lives, with what it is to run and where it is.  So it is seen between two
runs too, and one that was killed is gone with its process.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from workbench.store.errors import StoreError, storage_errors
from workbench.store.folders import make_folder
from workbench.store.names import time_stamp
from workbench.store.processes import alive, host
from workbench.store.run_lock import RunLock, holder, is_held

FOLDER = "batches"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that goes on.

    Attributes
    ----------
    parts
        Ids of what it runs, in order.
    at
        Index of the one that it runs or will run next.
    pid
        Its process, 0 where that is on another machine.
    """

    parts: tuple[str, ...]
    at: int
    pid: int

    @property
    def part(self) -> str:
        """The part that it runs or will run next."""
        return self.parts[min(self.at, len(self.parts) - 1)] if self.parts else ""


class BatchRecord:
    """Tells others of a batch for as long as it is open.

    Parameters
    ----------
    folder
        Of the session.
    parts
        Ids of what it runs, in order.
    """

    def __init__(self, folder: Path, parts: Sequence[str]) -> None:
        place = folder / FOLDER
        self._parts = list(parts)
        self._lock = RunLock(place / f"{time_stamp(time.time())}-{os.getpid()}.lock")

    def __enter__(self) -> BatchRecord:
        make_folder(self._lock.path.parent, self._lock.path.parent.parent)
        _clean(self._lock.path.parent)
        self._lock.acquire(parts=self._parts, at=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()

    def at(self, index: int) -> None:
        """Say which of the parts is run now."""
        self._lock.tell(at=index)


def live_batches(folder: Path) -> tuple[Batch, ...]:
    """Return the batches of a session that go on, the oldest first."""
    found = []
    for path in _records(folder / FOLDER):
        content = holder(path) if _held(path) else None
        if content is None:
            continue
        parts, at, pid = content.get("parts"), content.get("at"), content.get("pid")
        if isinstance(parts, list) and isinstance(at, int) and isinstance(pid, int):
            here = content.get("machine") == host()
            found.append(Batch(tuple(map(str, parts)), at, pid if here else 0))
    return tuple(found)


def stop_batch(batch: Batch) -> bool:
    """Ask a batch to end, with what it runs; False where its process is on another machine or gone."""
    if not batch.pid or not alive(batch.pid):
        return False
    os.kill(batch.pid, signal.SIGTERM)
    return True


def _records(place: Path) -> list[Path]:
    with storage_errors(place):
        try:
            return sorted(path for path in place.iterdir() if path.suffix == ".lock")
        except (FileNotFoundError, NotADirectoryError):
            return []


def _held(path: Path) -> bool:
    try:
        return is_held(path)
    except StoreError:  # taken away meanwhile
        return False


def _clean(place: Path) -> None:
    """Remove what batches left that were killed."""
    for path in _records(place):
        if not _held(path):
            path.unlink(missing_ok=True)
