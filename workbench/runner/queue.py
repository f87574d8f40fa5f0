"""One run at a time on a device, the rest in order, across all sessions of one user.

Each worker that wants a device holds a locked ticket in a folder of the user's.  The lowest ticket that is locked has
the device; a ticket whose lock is free belongs to a dead process and is thrown away.  Numbers only grow while a ticket
is held, so no clock decides.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from workbench.runner.devices import physical
from workbench.store.errors import storage_errors
from workbench.store.folders import make_folder
from workbench.store.locks import locked, try_flock
from workbench.store.places import state_dir
from workbench.store.processes import host

POLL_SECONDS = 0.3


class DeviceTicket:
    """A place in a device's queue, given up when released or when the process ends.

    Parameters
    ----------
    device
        ``cpu``, ``cuda:0`` and so on.
    label
        What waits, for the list of who is before whom.
    """

    def __init__(self, device: str, label: str = "") -> None:
        self._folder = queue_folder(device)
        make_folder(self._folder)
        with locked(self._folder / "numbers.lock"), storage_errors(self._folder):
            number = max((_number(name) for name in _tickets(self._folder)), default=0) + 1
            self._path = self._folder / f"{number:08d}.ticket"
            # Locked before it has its name, so that nobody takes it for a dead one's.
            waiting = self._folder / f".new-{os.getpid()}"
            self._descriptor = os.open(waiting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            os.write(self._descriptor, f"{os.getpid()} {label}\n".encode())
            os.rename(waiting, self._path)

    def before(self) -> int:
        """Return how many live tickets are before this one; 0 means that the device is ours."""
        count = 0
        for name in _tickets(self._folder):
            if _number(name) >= _number(self._path.name):
                break
            count += _is_live(self._folder / name)
        return count

    def wait(self, waiting: Callable[[int], None], stop: Callable[[], bool]) -> bool:
        """Wait for the device.

        Parameters
        ----------
        waiting
            Called with the number of tickets before this one, whenever it changes.
        stop
            Asked now and then; when it returns true, waiting ends.

        Returns
        -------
        bool
            Whether the device is ours.
        """
        told = -1
        while (count := self.before()) > 0:
            if count != told:
                waiting(count)
                told = count
            if stop():
                return False
            time.sleep(POLL_SECONDS)
        return True

    def release(self) -> None:
        """Give up the place."""
        if self._descriptor >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> DeviceTicket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def queue_folder(device: str) -> Path:
    """Return where the tickets of a device of this machine lie."""
    return state_dir() / "queue" / f"{host()}-{physical(device)}"


def tickets_of(device: str) -> tuple[str, ...]:
    """Return the labels of the live tickets of a device: what has it first, then what waits, in order."""
    folder = queue_folder(device)
    found = []
    try:
        names = _tickets(folder)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    for name in names:
        if _is_live(folder / name):
            try:
                found.append((folder / name).read_text(errors="replace").strip().partition(" ")[2])
            except FileNotFoundError:
                continue
    return tuple(found)


def _tickets(folder: Path) -> list[str]:
    return sorted((name for name in os.listdir(folder) if name.endswith(".ticket")), key=_number)


def _number(name: str) -> int:
    stem = name.removesuffix(".ticket")
    return int(stem) if stem.isdigit() else 0


def _is_live(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        free = try_flock(descriptor, fcntl.LOCK_SH)
        if free:
            path.unlink(missing_ok=True)
        return not free
    finally:
        os.close(descriptor)
