"""The event log of a run: one JSON object a line, only ever appended to.

``{"seq": 12, "time": 1795371123.482, "kind": "epoch", …}``; `seq` counts from 1, `time` is in seconds since 1970.
One process writes at a time (the holder of the run's lock); any number read, at the cost of what is new.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from workbench.store.atomic import sync_file, write_all
from workbench.store.errors import JsonError, storage_error, storage_errors
from workbench.store.records import dump_line

Event = dict[str, Any]
OWN_FIELDS = ("seq", "time", "kind")
_TAIL = 65_536


class EventWriter:
    """Appends events to a log; opening cuts off a torn last line and goes on counting.

    Parameters
    ----------
    path
        The log; made if it is not there.

    Raises
    ------
    StorageError
        If the file system refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage_errors(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
            try:
                self._find_end()
            except BaseException:
                os.close(self._descriptor)
                raise

    def append(self, kind: str, **fields: Any) -> Event:
        """Append an event and return it.

        Parameters
        ----------
        kind
            What happened, as in ``epoch``.
        **fields
            Plain JSON data; ``seq`` and ``time`` are the log's own.

        Raises
        ------
        JsonError
            If a field is not plain JSON data.
        StorageError
            If the file system refuses; nothing of the event is left in the log.
        """
        for name in OWN_FIELDS:
            if name in fields:
                raise JsonError(f"{self.path}: an event's field cannot be named {name!r}", self.path)
        with storage_errors(self.path):
            if os.fstat(self._descriptor).st_size != self._end:
                self._find_end()
        event: Event = {"seq": self._seq + 1, "time": round(time.time(), 3), "kind": kind, **fields}
        try:
            line = dump_line(event) + b"\n"
        except (ValueError, TypeError, RecursionError) as error:
            text = f"{self.path}: the event {kind!r} is not plain JSON data ({error}); it was not written"
            raise JsonError(text, self.path) from error
        try:
            write_all(self._descriptor, line)
        except OSError as error:
            self._cut()
            raise storage_error(self.path, error) from error
        self._seq += 1
        self._end += len(line)
        return event

    def flush(self) -> None:
        """Bring all events to the disk itself.

        Raises
        ------
        StorageError
            If the file system refuses.
        """
        with storage_errors(self.path):
            sync_file(self._descriptor)

    def close(self) -> None:
        """Close the log; to close it twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> EventWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _cut(self) -> None:
        """Cut off the part of a line that was written before the disk was full.

        Where even that fails, the next append finds the length changed and cuts first.
        """
        with storage_errors(self.path):
            os.ftruncate(self._descriptor, self._end)

    def _find_end(self) -> None:
        size = os.fstat(self._descriptor).st_size
        self._end = _whole_end(self._descriptor, size)
        if self._end < size:
            os.ftruncate(self._descriptor, self._end)
        self._seq = _last_seq(self._descriptor, self._end)


class EventReader:
    """Follows a log from its start.

    Parameters
    ----------
    path
        The log; it need not be there yet.

    Attributes
    ----------
    damaged : int
        Number of lines that could not be read so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0
        self._file = -1
        self._offset = 0

    def poll(self) -> list[Event]:
        """Return the whole events that came since the last call; a torn last line waits for its rest.

        Raises
        ------
        StorageError
            If the log is there and may not be read.
        """
        try:
            found = os.stat(self.path)
            if found.st_ino == self._file and found.st_size == self._offset:
                return []
            chunk = self._read_new()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_error(self.path, error) from error
        end = chunk.rfind(b"\n") + 1
        self._offset += end
        events, damaged = parse_lines(chunk[:end])
        self.damaged += damaged
        return events

    def _read_new(self) -> bytes:
        with open(self.path, "rb", buffering=0) as file:
            found = os.fstat(file.fileno())
            if found.st_ino != self._file:
                self._file, self._offset = found.st_ino, 0
            if found.st_size < self._offset:
                # What a crash of the machine took away had been read before; what is left is the start of it.
                self._offset = _whole_end(file.fileno(), found.st_size)
            file.seek(self._offset)
            return file.read()


def read_events(path: Path) -> list[Event]:
    """Return all whole events of a log, skipping damaged lines; an empty list where there is no log.

    Raises
    ------
    StorageError
        If the log may not be read.
    """
    return EventReader(path).poll()


def read_last_events(path: Path, after: int = 0, size: int = _TAIL) -> list[Event]:
    """Return the events in the last `size` bytes of a log, none before byte `after`."""
    try:
        with open(path, "rb", buffering=0) as file:
            end = os.fstat(file.fileno()).st_size
            start = max(after, end - size)
            chunk = os.pread(file.fileno(), max(0, end - start), start)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise storage_error(path, error) from error
    first = chunk.find(b"\n") + 1 if start > after else 0
    return parse_lines(chunk[first : chunk.rfind(b"\n") + 1])[0]


def whole_size(path: Path) -> int:
    """Return the number of bytes up to the end of the last whole line; 0 where there is no log."""
    try:
        with open(path, "rb", buffering=0) as file:
            return _whole_end(file.fileno(), os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise storage_error(path, error) from error


def parse_lines(chunk: bytes) -> tuple[list[Event], int]:
    """Return the events of whole lines, and how many lines are damaged.

    Parameters
    ----------
    chunk
        Whole lines, each with its end.
    """
    if not chunk:
        return [], 0
    try:
        # One call for all lines takes half the time of a call a line; the zeros show where lines end.
        found = json.loads("[" + chunk[:-1].decode("utf-8").replace("\n", ",0,") + "]")
    except (ValueError, RecursionError):
        return _parse_each(chunk)
    events, ends = found[::2], found[1::2]
    if ends != [0] * (chunk.count(b"\n") - 1) or not all(map(_is_event, events)):
        return _parse_each(chunk)
    return events, 0


def _parse_each(chunk: bytes) -> tuple[list[Event], int]:
    events, damaged = [], 0
    for line in chunk[:-1].split(b"\n"):
        try:
            event = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            event = None
        if _is_event(event):
            events.append(event)
        else:
            damaged += 1
    return events, damaged


def _is_event(event: Any) -> bool:
    return type(event) is dict and type(event.get("seq")) is int and type(event.get("kind")) is str


def _whole_end(descriptor: int, size: int) -> int:
    """Return the offset after the last line's end within the first `size` bytes."""
    while size > 0:
        start = max(0, size - _TAIL)
        found = os.pread(descriptor, size - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        size = start
    return 0


def _last_seq(descriptor: int, end: int) -> int:
    """Return the number of the last event, counting damaged lines after the last readable one."""
    size = _TAIL
    while end:
        start = max(0, end - size)
        lines = os.pread(descriptor, end - start, start)[:-1].split(b"\n")
        for after, line in enumerate(reversed(lines if start == 0 else lines[1:])):
            events, _ = parse_lines(line + b"\n")
            if events:
                return int(events[0]["seq"]) + after
        if start == 0:
            return len(lines)
        size *= 4
    return 0
