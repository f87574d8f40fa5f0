"""Files that are whole or not there, and the names and syncs that this takes.

A file is written under a temporary name beside its target, synced, renamed, and then the parent folder is synced.
After a kill or a power loss at any point, the target is the old one or the new one.  Temporary names tell their
writer (``.tmp-<host>-<pid>-<random>``), so that leftovers of the dead can be removed.  `workbench.store.records`
writes JSON this way and `workbench.store.folders` whole folders.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import time
from contextlib import suppress
from pathlib import Path

from workbench.store.errors import MissingError, read_error, storage_error, storage_errors
from workbench.store.failpoints import failpoint
from workbench.store.processes import alive, host

DAY = 86_400.0
_LEFTOVER = re.compile(r"\.tmp-(.+)-(\d+)-[0-9a-f]+")


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it has its old content or the new one, whatever happens.

    Raises
    ------
    StorageError
        If the file system refuses; the old content is untouched.
    """
    temporary = temporary_beside(path)
    with storage_errors(path):
        try:
            write_synced(temporary, data)
            failpoint("fsynced")
            os.replace(temporary, path)
            failpoint("renamed")
        except BaseException:
            discard(temporary)
            raise
        sync_folder(path.parent)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    MissingError, DamagedError, StorageError
        If it is not there; if the disk cannot read it back; if reading is refused.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingError(f"{path}: not there", path) from error
    except OSError as error:
        raise read_error(path, error) from error


def write_synced(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and bring its content to the disk itself; a kill may leave half of it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        write_all(descriptor, data)
        failpoint("written")
        sync_file(descriptor)
    finally:
        os.close(descriptor)


def temporary_beside(path: Path) -> Path:
    """Return an unused name in the folder of `path` that tells who uses it."""
    return path.parent / f".tmp-{host()}-{os.getpid()}-{os.urandom(5).hex()}"


def is_temporary(name: str) -> bool:
    """Tell whether a file name is one of `temporary_beside`."""
    return _LEFTOVER.fullmatch(name) is not None


def discard(path: Path) -> None:
    """Remove a temporary file or folder as far as possible; `clean_leftovers` takes the rest another time."""
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # the error that led here is the one to show
            path.unlink()


def clean_leftovers(parent: Path) -> list[str]:
    """Remove the temporary files and folders of dead writers from `parent`, and return their names.

    A writer is dead when it ran on this machine and its process is gone; of another machine's writers, what is older
    than a day is removed.
    """
    removed = []
    try:
        names = os.listdir(parent)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise storage_error(parent, error) from error
    for name in names:
        found = _LEFTOVER.fullmatch(name)
        if found and _abandoned(parent / name, found.group(1), int(found.group(2))):
            discard(parent / name)
            removed.append(name)
    return removed


def _abandoned(path: Path, writer: str, pid: int) -> bool:
    if writer == host():
        return not alive(pid)
    try:
        return time.time() - path.lstat().st_mtime > DAY
    except FileNotFoundError:
        return False


def sync_file(descriptor: int) -> None:
    """Bring the content of an open file to the disk itself."""
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        # On macOS fsync stops at the drive's own cache; network file systems there know only fsync.
        with suppress(OSError):
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk itself, where its file system can do that."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:  # a folder may let us write names and not read them
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, in as many pieces as the file system takes it."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
