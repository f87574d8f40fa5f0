"""Which batches of a session go on: several parts that one process runs one after the other.

A batch holds a lock file for as long as it lives, with what it is to run and where it is.  So it is seen between two
runs too, and one that was killed is gone with its process.  What one leaves that ended before its last part is kept,
until it was told to somebody who was away (`workbench.store.ended`).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from workbench.store.errors import StoreError, storage_errors
from workbench.store.folders import make_folder
from workbench.store.names import time_stamp
from workbench.store.processes import alive, host
from workbench.store.run_lock import RunLock, holder, is_held

FOLDER = "batches"
ENDED = ".ended"
# Records of batches that ended early: what is older was told long ago, or nobody asks for it any more.
_KEPT = 5


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
    given
        Values that are not the defaults, as ``5ε:epochs=400``: whoever asks for the list again has to give them too.
    """

    def __init__(self, folder: Path, parts: Sequence[str], given: Sequence[str] = ()) -> None:
        place = folder / FOLDER
        self._parts, self._given = list(parts), list(given)
        self._lock = RunLock(place / f"{time_stamp(time.time())}-{os.getpid()}.lock")
        self._early = False

    def __enter__(self) -> BatchRecord:
        make_folder(self._lock.path.parent, self._lock.path.parent.parent)
        _clean(self._lock.path.parent)
        self._lock.acquire(parts=self._parts, given=self._given, at=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with storage_errors(self._lock.path):
            # Who presses ctrl+c is there, and sees it end.
            if self._early or (error is not None and not isinstance(error, KeyboardInterrupt)):
                _lay_by(self._lock.path)
            else:
                self._lock.path.unlink(missing_ok=True)
        self._lock.release()

    def ends_early(self, left: Sequence[str], reason: str) -> None:
        """Say that it ends before its last part.

        Parameters
        ----------
        left
            Ids of the parts that were not run.
        reason
            Why it ends, in words.
        """
        self._early = True
        self._lock.tell(left=list(left), reason=reason, ended=round(time.time(), 3))

    def at(self, index: int) -> None:
        """Say which of the parts is run now."""
        self._lock.tell(at=index)


def live_batches(folder: Path) -> tuple[Batch, ...]:
    """Return the batches of a session that go on, the oldest first."""
    found = []
    for path in records_in(folder / FOLDER, ".lock"):
        content = holder(path) if held(path) else None
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


def records_in(place: Path, suffix: str) -> list[Path]:
    """Return the files of batches in a folder, those that go on or those that ended early, the oldest first."""
    with storage_errors(place):
        try:
            return sorted(path for path in place.iterdir() if path.suffix == suffix)
        except (FileNotFoundError, NotADirectoryError):
            return []


def held(path: Path) -> bool:
    """Tell whether the batch of a lock file goes on."""
    try:
        return is_held(path)
    except StoreError:  # taken away meanwhile
        return False


def left_behind(path: Path) -> bool:
    """Tell whether the batch of a lock file was killed; one that is begun just now has not written in it yet."""
    return holder(path) is not None and not held(path) and path.exists()


def _clean(place: Path) -> None:
    """Keep what batches left that were killed, as that of others that ended early, and of all these the newest."""
    with storage_errors(place):
        for path in records_in(place, ".lock"):
            if left_behind(path):
                _lay_by(path)
        for path in records_in(place, ENDED)[:-_KEPT]:
            path.unlink(missing_ok=True)


def _lay_by(path: Path) -> None:
    """Keep what a batch wrote that goes on no more."""
    with suppress(FileNotFoundError):  # taken away with its session, or by another batch that begins now
        path.rename(path.with_suffix(ENDED))
