"""A run on disk: one folder of plain files, from which its state follows.

``run.json`` says what runs, ``events.jsonl`` what happened, ``result.json`` or ``failure.json`` how it ended;
``lock`` is held while a worker lives.  State is never stored: a result means finished, a failure failed, a held lock
running, and none of these interrupted.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from workbench.store.atomic import clean_leftovers
from workbench.store.checkpoints import CheckpointStore
from workbench.store.control import ControlReader, drop_requests, request
from workbench.store.errors import (
    ExistsError,
    MissingError,
    StoreError,
    UnusableNameError,
    storage_error,
    storage_errors,
)
from workbench.store.events import Event, EventReader, EventWriter, read_events, read_last_events, whole_size
from workbench.store.folders import make_folder, publish_folder
from workbench.store.names import part_slug, time_stamp
from workbench.store.records import read_record, write_record
from workbench.store.run_lock import RunLock, holder, is_held

# The files that tell when a run ended, or was last heard of: the first that is there.
_ENDS = ("result.json", "failure.json", "events.jsonl", "run.json")
WITHOUT_A_WORD = "ended without a word (killed, or power lost)"
LEFT = "left"
OWN_FILES = frozenset(
    {"run.json", "events.jsonl", "result.json", "failure.json", "control.json", "marks.json", "worker.log", "lock"}
)
_LOG_BYTES = 1_048_576
_STATE_LINE = re.compile(
    rb'^\{"seq": \d+, "time": [^,]+, "kind": "(queued|started|resumed|paused|continued)"', re.MULTILINE
)


class RunState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def live(self) -> bool:
        """Whether a worker holds the run."""
        return self in (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)


_STATE_OF_EVENT = {
    b"queued": RunState.QUEUED,
    b"started": RunState.RUNNING,
    b"resumed": RunState.RUNNING,
    b"paused": RunState.PAUSED,
    b"continued": RunState.RUNNING,
}


class RunStatus(NamedTuple):
    """Where a run stands, and why.

    Attributes
    ----------
    state
        The state.
    reason
        Why it failed or was interrupted; empty otherwise.
    """

    state: RunState
    reason: str = ""


class RunFolder:
    """One run of a part.

    Parameters
    ----------
    path
        The run's folder; its name is the run's id.

    Attributes
    ----------
    checkpoints : CheckpointStore
        The run's checkpoints.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._record: tuple[tuple[int, int, int], dict[str, Any]] | None = None
        self._live = _LiveState(path / "events.jsonl")
        self._reason: tuple[object, str] | None = None
        self.checkpoints = CheckpointStore(path / "checkpoints", path)

    @classmethod
    def create(cls, session_folder: Path, record: Mapping[str, Any]) -> RunFolder:
        """Make a new run in a session; it appears whole.

        Parameters
        ----------
        session_folder
            The session's folder.
        record
            Plain data with at least the ``part``; ``id``, ``created`` and ``format`` are added.

        Raises
        ------
        StorageError
            If the file system refuses.
        JsonError
            If the record is not plain JSON data.
        """
        runs = session_folder / "runs"
        make_folder(runs, session_folder)
        whole = {"format": 1, "id": "", "created": round(time.time(), 3), **record}
        while True:
            name = whole["id"] = _new_id(runs, str(record.get("part", "")))
            try:
                publish_folder(runs / name, lambda folder: write_record(folder / "run.json", whole))
            except ExistsError:  # another process drew the same name at the same instant
                continue
            return cls(runs / name)

    @property
    def id(self) -> str:
        """The run's id: sorts by time of creation."""
        return self.path.name

    @property
    def record(self) -> dict[str, Any]:
        """What runs: part, parameters, seed, environment.

        Raises
        ------
        DamagedError, MissingError, StorageError
            If ``run.json`` cannot be read; the message names it.
        """
        file = self.path / "run.json"
        signature = _signature(file)
        if self._record is None or self._record[0] != signature:
            self._record = (signature, read_record(file))
        return self._record[1]

    def update_record(self, **changes: Any) -> None:
        """Change members of the record; only the worker that holds the lock does this."""
        write_record(self.path / "run.json", {**self.record, **changes})

    @property
    def log_file(self) -> Path:
        """Where everything that the worker prints goes."""
        return self.path / "worker.log"

    def artifact(self, name: str) -> Path:
        """Return the path of a file of this run, its folder made.

        Raises
        ------
        UnusableNameError
            If the name leads out of the folder or is one of the run's own files.
        """
        parts = Path(name).parts
        if not parts or Path(name).is_absolute() or ".." in parts or parts[0] in OWN_FILES or parts[0][0] == ".":
            raise UnusableNameError(f"{name!r} cannot be the name of a run's file; use one like figures/loss.png")
        path = self.path / name
        make_folder(path.parent, self.path)
        return path

    # What happened

    def events(self) -> list[Event]:
        """Return all events so far."""
        return read_events(self.path / "events.jsonl")

    def reader(self) -> EventReader:
        """Return a follower of the events, from the first on."""
        return EventReader(self.path / "events.jsonl")

    def writer(self) -> EventWriter:
        """Return the events' writer; only the worker that holds the lock may have one."""
        return EventWriter(self.path / "events.jsonl")

    def result(self) -> dict[str, Any] | None:
        """Return what the run gave, or None.

        Raises
        ------
        DamagedError
            If the file is there and altered.
        """
        return _optional(self.path / "result.json")

    def failure(self) -> dict[str, Any] | None:
        """Return why the run failed, or None.

        Raises
        ------
        DamagedError
            If the file is there and altered.
        """
        return _optional(self.path / "failure.json")

    def write_result(self, result: Mapping[str, Any]) -> None:
        """Write the result, which makes the run finished."""
        write_record(self.path / "result.json", result)

    def write_failure(self, failure: Mapping[str, Any]) -> None:
        """Write why the run failed, with a ``message`` for the user."""
        write_record(self.path / "failure.json", failure)

    def log_tail(self, count: int) -> list[str]:
        """Return the last lines of the worker's log, at most `count` and at most 1 MB."""
        try:
            with open(self.log_file, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(max(0, size - _LOG_BYTES))
                lines = file.read().decode("utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_error(self.log_file, error) from error
        if lines[-1] == "":
            lines.pop()
        return lines[-count:] if count > 0 else []

    # Who works on it

    def take(self) -> RunLock:
        """Take the run for this process, clearing away what a dead worker left.

        An earlier failure is kept under another name (``failure-1.json``), so that the run counts as live.

        Raises
        ------
        RunLockedError
            If another worker holds the run.
        """
        lock = RunLock(self.path / "lock")
        # What was logged before this life says nothing about it.
        lock.acquire(events=whole_size(self.path / "events.jsonl"))
        try:
            clean_leftovers(self.path)
            self._set_failure_aside()
        except BaseException:
            lock.release()
            raise
        return lock

    @property
    def lock_file(self) -> Path:
        """The file whose lock the worker holds."""
        return self.path / "lock"

    def holder(self) -> dict[str, Any] | None:
        """Return host, pid and start time of the last worker, or None."""
        return holder(self.lock_file)

    def request(self, command: str, value: Any = None) -> int:
        """Ask something of the worker; see `workbench.store.control.request`."""
        return request(self.path, command, value)

    def drop_requests(self) -> None:
        """Forget requests that nobody answered; called before a worker is started."""
        drop_requests(self.path)

    def control(self) -> ControlReader:
        """Return the worker's reader of requests."""
        return ControlReader(self.path)

    @property
    def state(self) -> RunState:
        """Where the run stands now."""
        return self.status().state

    def status(self) -> RunStatus:
        """Return where the run stands now, and why.

        Raises
        ------
        StorageError
            If its files may not be read.
        """
        ended = self._ended()
        if ended is not None:
            return ended
        lock = _signature(self.lock_file)
        if is_held(self.lock_file):
            return RunStatus(self._live.state(self._life_start()))
        if lock != _signature(self.lock_file):
            # A worker has made the lock since it was looked for, or taken it: by now it is held, or left again.
            return self.status()
        # The worker may have written its result and gone since the first look.
        ended = self._ended()
        if ended is not None:
            return ended
        events = _signature(self.path / "events.jsonl")
        if events[2] <= 0 and lock[2] <= 0:
            # A lock in which no worker has written its name yet is being taken, or was left before anything was done.
            return RunStatus(RunState.WAITING)
        return RunStatus(RunState.INTERRUPTED, self._remembered((events, lock), self._reason_for_leaving))

    def _life_start(self) -> int:
        """Return the size of the log when the last worker took the run."""
        start = (holder(self.lock_file) or {}).get("events", 0)
        return start if isinstance(start, int) else 0

    def _ended(self) -> RunStatus | None:
        if os.path.exists(f"{self.path}/result.json"):
            return RunStatus(RunState.FINISHED)
        failure = _signature(self.path / "failure.json")
        if failure[2] < 0:
            return None
        return RunStatus(RunState.FAILED, self._remembered(failure, self._reason_for_failing))

    def _remembered(self, signature: object, reason: Callable[[], str]) -> str:
        if self._reason is None or self._reason[0] != signature:
            self._reason = (signature, reason())
        return self._reason[1]

    def _reason_for_failing(self) -> str:
        try:
            return str((self.failure() or {}).get("message", ""))
        except StoreError as error:
            return str(error)

    def _reason_for_leaving(self) -> str:
        """Return the reason in the last life's farewell; a life that started and said none ended without a word."""
        for event in reversed(read_last_events(self.path / "events.jsonl", self._life_start())):
            if event["kind"].encode() in _STATE_OF_EVENT:
                break
            if event["kind"] == LEFT:
                return str(event.get("reason") or "left")
        return WITHOUT_A_WORD

    @property
    def last_heard(self) -> float:
        """When it ended, or was last heard of, in seconds since 1970; 0 where nothing tells."""
        for name in _ENDS:
            try:
                return os.stat(self.path / name).st_mtime
            except OSError:
                continue
        return 0.0

    def _set_failure_aside(self) -> None:
        failure = self.path / "failure.json"
        if not failure.exists():
            return
        number = 1
        while (self.path / f"failure-{number}.json").exists():
            number += 1
        with storage_errors(failure):
            failure.rename(self.path / f"failure-{number}.json")


class _LiveState:
    """The state of a live run from its latest state event, at the cost of what was logged since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start = -1
        self._offset = 0
        self._state = RunState.RUNNING

    def state(self, start: int) -> RunState:
        """Return the state by the events from byte `start` on."""
        if start != self._start:
            self._start, self._offset, self._state = start, start, RunState.RUNNING
        if _signature(self._path)[2] > self._offset:
            with storage_errors(self._path), open(self._path, "rb", buffering=0) as file:
                file.seek(self._offset)
                chunk = file.read()
            end = chunk.rfind(b"\n") + 1
            for found in _STATE_LINE.finditer(chunk, 0, end):
                self._state = _STATE_OF_EVENT[found.group(1)]
            self._offset += end
        return self._state


def _new_id(runs: Path, part: str) -> str:
    stamp = time_stamp(time.time())
    with storage_errors(runs):
        newest = max((name for name in os.listdir(runs) if name[0] != "."), default="")
    # The clock may have gone back, and two runs may be made in one millisecond; order must hold all the same.
    earlier = re.match(r"(\d{8}-\d{6})(\d{3})-", newest)
    if earlier and earlier.group(0)[:-1] >= stamp:
        stamp = _after(earlier.group(1), int(earlier.group(2)))
    return f"{stamp}-{part_slug(part)}-{os.urandom(2).hex()}"


def _after(second: str, millisecond: int) -> str:
    import calendar

    seconds = calendar.timegm(time.strptime(second, "%Y%m%d-%H%M%S"))
    # Half a millisecond more, so that rounding down gives the next one.
    return time_stamp(seconds + (millisecond + 1.5) / 1000)


def _signature(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is replaced or grows; size -1 where there is none."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return (0, 0, -1)
    except OSError as error:
        raise storage_error(path, error) from error
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _optional(path: Path) -> dict[str, Any] | None:
    try:
        return read_record(path)
    except MissingError:
        return None
