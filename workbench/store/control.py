"""What the user asks of a live run: requests in ``control.json``, answered by ``acknowledged`` events."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from workbench.store.errors import DamagedError, MissingError, StoreError
from workbench.store.events import read_events
from workbench.store.locks import locked
from workbench.store.records import read_record, write_record

COMMANDS = ("stop", "pause", "continue", "learning_rate", "epochs", "checkpoint")
MOMENTARY = ("stop", "pause", "continue", "checkpoint")
ACKNOWLEDGED = "acknowledged"
_KEPT = 200

Request = dict[str, Any]


def request(run: Path, command: str, value: Any = None) -> int:
    """Ask something of a run and return the number of the request.

    Parameters
    ----------
    run
        The run's folder.
    command
        One of `COMMANDS`.
    value
        What it is to be, for ``learning_rate`` and ``epochs``.

    Raises
    ------
    ValueError
        If there is no such command.
    StorageError
        If the file system refuses.
    """
    if command not in COMMANDS:
        raise ValueError(f"{command!r} is not a request; choose one of {', '.join(COMMANDS)}")

    def add(requests: list[Request], number: int) -> list[Request]:
        new = {"id": number, "command": command, "value": value, "time": round(time.time(), 3)}
        return [*requests, new][-_KEPT:]

    return _change(run, add)


class Requests:
    """All requests that a run's file holds, answered or not, for those who only look.

    Parameters
    ----------
    run
        The run's folder.
    """

    def __init__(self, run: Path) -> None:
        self._path = control_file(run)
        self._seen: tuple[int, int, int] | None = None
        self._read: list[Request] = []

    def look(self) -> list[Request]:
        """Return them, the oldest first; none while the file cannot be read."""
        signature = signature_of(self._path)
        if signature != self._seen:
            self._seen = signature
            try:
                self._read = _read(self._path)[0] if signature is not None else []
            except StoreError:  # the worker tells of it, and the next request mends it
                self._read = []
        return self._read


def signature_of(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is replaced or grows, None where there is none to be looked at."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def drop_requests(run: Path, commands: Collection[str] = MOMENTARY) -> None:
    """Forget requests that nobody answered, before a run is started again.

    Otherwise a stop that came too late for a killed worker would stop the next one.
    """
    if control_file(run).exists():
        _change(run, lambda requests, _: [one for one in requests if one["command"] not in commands])


def control_file(run: Path) -> Path:
    """Return where the requests of a run are."""
    return run / "control.json"


def last_acknowledged(run: Path) -> int:
    """Return the highest number of a request that the run has acknowledged, 0 if none."""
    numbers = [event.get("request") for event in read_events(run / "events.jsonl") if event["kind"] == ACKNOWLEDGED]
    return max((number for number in numbers if isinstance(number, int)), default=0)


class ControlReader:
    """Gives a worker the requests that are new to it.

    Parameters
    ----------
    run
        The run's folder.
    after
        Number of the last request known; by default the last that the run's events acknowledge.

    Attributes
    ----------
    problem : str
        Why the requests cannot be read, or empty; the next request mends the file.
    """

    def __init__(self, run: Path, after: int | None = None) -> None:
        self.problem = ""
        self._path = control_file(run)
        self._after = last_acknowledged(run) if after is None else after
        self._seen: tuple[int, int, int] | None = None

    def poll(self) -> list[Request]:
        """Return the new requests, oldest first; costs one look at the folder when there are none."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return []
        except OSError as error:
            self.problem = f"{self._path}: {error.strerror}"
            return []
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if signature == self._seen:
            return []
        try:
            requests, _ = _read(self._path)
        except StoreError as error:
            self.problem = str(error)
            return []
        self._seen, self.problem = signature, ""
        new = [one for one in requests if one["id"] > self._after]
        self._after = max([self._after, *(one["id"] for one in new)])
        return new


def _change(run: Path, change: Callable[[list[Request], int], list[Request]]) -> int:
    """Replace the list of requests by ``change(requests, next number)`` and return that number."""
    path = control_file(run)
    with locked(run / "control.lock"):
        try:
            requests, number = _read(path)
        except (DamagedError, MissingError):
            # A lost file must not start the numbers again: the worker would take new requests for old ones.
            requests, number = [], last_acknowledged(run) + 1
        changed = change(requests, number)
        following = max([number, *(one["id"] + 1 for one in changed)])
        write_record(path, {"next": following, "requests": changed})
    return number


def _read(path: Path) -> tuple[list[Request], int]:
    data = read_record(path)
    requests = data.get("requests")
    if not isinstance(requests, list) or not all(map(_is_request, requests)):
        raise DamagedError(f"{path}: not a list of requests; it is replaced by the next request", path)
    highest = max((one["id"] for one in requests), default=0)
    following = data.get("next")
    return requests, max(highest + 1, following if isinstance(following, int) else 1)


def _is_request(one: Any) -> bool:
    return isinstance(one, dict) and type(one.get("id")) is int and one.get("command") in COMMANDS
