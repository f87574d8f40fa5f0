"""Locks between processes, held by the kernel: they go when their holder goes, however it goes."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.store.errors import BusyError, storage_errors

UNSUPPORTED = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK, errno.EINVAL})
_PAUSE = 0.02


def try_flock(descriptor: int, operation: int) -> bool | None:
    """Take a lock if it is free.

    Parameters
    ----------
    descriptor
        An open file.
    operation
        ``fcntl.LOCK_EX`` or ``fcntl.LOCK_SH``.

    Returns
    -------
    bool or None
        Whether it was taken; None where the file system has no locks.
    """
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        if error.errno in UNSUPPORTED:
            return None
        raise
    return True


@contextmanager
def locked(path: Path, *, timeout: float | None = 30.0, check: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold an exclusive lock on a file while the block runs.

    Parameters
    ----------
    path
        The lock file; made if it is not there, and never removed, since a waiting process may have it open.
    timeout
        Seconds to wait for another holder; None waits for ever.
    check
        Called while waiting; it may raise to give up.

    Yields
    ------
    bool
        Whether the lock is real; False where the file system has no locks.

    Raises
    ------
    BusyError
        If another process holds it for longer than `timeout`.
    StorageError
        If the lock file cannot be made.
    """
    with storage_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        yield _wait(descriptor, path, timeout, check)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, timeout: float | None, check: Callable[[], None] | None) -> bool:
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        with storage_errors(path):
            taken = try_flock(descriptor, fcntl.LOCK_EX)
        if taken is not False:
            return taken is True
        if end is not None and time.monotonic() > end:
            raise BusyError(f"{path}: another process has held it for {timeout:.0f} s; end it, then try again", path)
        if check is not None:
            check()
        time.sleep(_PAUSE)
