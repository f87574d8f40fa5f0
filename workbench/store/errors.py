"""What can go wrong on disk, one class a kind.

Every message names the file, what is wrong with it, and the way out.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """Base of every error of the store.

    Parameters
    ----------
    message
        What happened, with which file, and the way out.
    path
        The file or folder that it is about, where there is one.
    """

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class StorageError(StoreError):
    """The file system refused: no space, no permission, read-only, too large."""


class CacheError(StorageError):
    """The cache folder cannot take what is to be made in it."""


class DamagedError(StoreError):
    """A file that is missing, cut off or altered."""


class MissingError(StoreError):
    """A file or folder that is not there."""


class ExistsError(StoreError):
    """A name that is taken already."""


class JsonError(StoreError, ValueError):
    """A value that is not plain JSON data."""


class BusyError(StoreError):
    """Something that another process holds."""


class RunLockedError(BusyError):
    """A run that a worker holds already."""


class UnusableNameError(StoreError, ValueError):
    """A name that cannot be used."""


class SessionNotFoundError(StoreError):
    """A session that is not there.

    Parameters
    ----------
    message, path
        As in `StoreError`.
    suggestions
        Names of sessions that look alike.
    """

    def __init__(self, message: str, path: Path | None = None, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message, path)
        self.suggestions = suggestions


class SessionFormatError(StoreError):
    """A session that a newer version wrote."""


class ArchiveError(StoreError):
    """An archive that is damaged, or that holds what a session does not."""


class AnswerConflictError(StoreError):
    """An answer that somebody else changed meanwhile.

    Parameters
    ----------
    message, path
        As in `StoreError`.
    text, version
        The answer as it is on disk now.
    """

    def __init__(self, message: str, path: Path, text: str, version: str) -> None:
        super().__init__(message, path)
        self.text = text
        self.version = version


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
REFUSED = FULL | {errno.EFBIG, errno.EROFS}


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error to raise for what the file system said about `path`."""
    code = error.errno
    if code in FULL:
        quota = "the disk quota is used up" if code == errno.EDQUOT else "no space left on the disk"
        text = f"{quota} ({space_left(path)}); free some space there, then try again: what was saved before is whole"
    elif code == errno.EFBIG:
        text = "the file would be larger than this process may write; raise the limit (ulimit -f), then try again"
    elif code in (errno.EACCES, errno.EPERM):
        text = "no permission; make it readable and writable for you, or choose another folder with --sessions-dir"
    elif code == errno.EROFS:
        text = "the file system is read-only; choose another folder with --sessions-dir"
    else:
        name = errno.errorcode.get(code or 0, "error")
        text = f"{os.strerror(code or 0)} ({name}); check the disk and the path, then try again"
    return StorageError(f"{path}: {text}", path)


def read_error(path: Path, error: OSError) -> StoreError:
    """Return the error to raise for what the file system said when `path` was read."""
    if error.errno in (errno.EIO, errno.EISDIR):
        return DamagedError(f"{path}: cannot be read back ({error.strerror})", path)
    return storage_error(path, error)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` of the block into a `StorageError` about `path`; damage inside a gzip stream is left alone."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # gzip tells of damaged bytes by an OSError of its own, which no file system sent
            raise
        raise storage_error(path, error) from error


def refusal_of_writer(error: Exception, folder: Path) -> OSError | None:
    """Return the file system's refusal behind what a writer of files in `folder` raised, or None.

    Native writers wrap the refusal in an error of their own, whose text ends in ``(os error 28)``.
    """
    if isinstance(error, OSError):
        named = str(error.filename or "").startswith(str(folder))
        return error if named or error.errno in REFUSED else None
    found = re.search(r"\(os error (\d+)\)", str(error))
    code = int(found.group(1)) if found else 0
    return OSError(code, os.strerror(code)) if code in REFUSED else None


def space_left(path: Path) -> str:
    """Return how much space the file system of `path` has, in words."""
    for folder in (path, *path.parents):
        try:
            found = os.statvfs(folder)
        except OSError:
            continue
        return f"{in_bytes(found.f_bavail * found.f_frsize)} free"
    return "free space unknown"


def in_bytes(count: int) -> str:
    """Return a number of bytes with a decimal unit, as in ``12.5 MB``."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
