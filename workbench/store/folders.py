"""Folders that are whole or not there, and a check that what was written is still there.

A folder is filled under a temporary name beside its target and gets a ``manifest.json`` with sizes and sha256 sums,
last; then it is synced, renamed, and its parent synced.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.store.atomic import discard, sync_file, sync_folder, temporary_beside, write_synced
from workbench.store.errors import (
    DamagedError,
    ExistsError,
    MissingError,
    StorageError,
    StoreError,
    read_error,
    refusal_of_writer,
    storage_error,
    storage_errors,
)
from workbench.store.failpoints import failpoint
from workbench.store.records import json_bytes, read_record, sealed

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
_BLOCK = 2**20


def write_folder(
    target: Path,
    write: Callable[[Path], object],
    info: Mapping[str, Any] | None = None,
    *,
    before_rename: Callable[[], None] | None = None,
) -> None:
    """Write a folder with a manifest so that it is there whole or not at all.

    Parameters
    ----------
    target
        The folder to be; it must not exist, unless it is empty.
    write
        Called with a temporary folder to put files and subfolders in.
    info
        Plain data to keep in the manifest.
    before_rename
        Called when all is on disk; what it does last may be to clear the target's name.

    Raises
    ------
    ExistsError
        If the target exists.
    StorageError
        If the file system refuses; nothing is left behind.
    JsonError
        If `info` is not plain JSON data.
    """
    _publish(target, write, lambda folder: _write_manifest(folder, info or {}), before_rename)


def publish_folder(target: Path, write: Callable[[Path], object]) -> None:
    """Write a folder without a manifest, whole or not at all; its files are meant to change later.

    Raises
    ------
    ExistsError, StorageError
        As `write_folder`.
    """
    _publish(target, write, None, None)


def verify_folder(
    path: Path, *, full: bool = True, progress: Callable[[int, int], object] | None = None
) -> dict[str, Any]:
    """Return the manifest of a folder after checking every file against it; extra files are tolerated.

    Parameters
    ----------
    path
        The folder.
    full
        Whether to compare the content of the files too, not only their sizes.
    progress
        Called with the number of bytes compared and their total while content is compared; what it raises ends it.

    Raises
    ------
    MissingError
        If the folder is not there.
    DamagedError
        If the manifest or a file is missing or altered; the message names it.
    StorageError
        If something cannot be read.
    """
    if not path.is_dir():
        raise MissingError(f"{path}: no such folder", path)
    file = path / MANIFEST
    try:
        manifest = read_record(file)
    except MissingError as error:
        raise _damaged(file, "missing, so the folder was not written to its end") from error
    files = manifest.get("files")
    if manifest.get("format") != MANIFEST_FORMAT or not isinstance(files, dict):
        raise _damaged(file, f"not a manifest of format {MANIFEST_FORMAT}, which is the one this version reads")
    if not isinstance(manifest.get("info"), dict):
        raise _damaged(file, "holds no plain data")
    for name, entry in files.items():
        _verify_size(path, name, entry)
    if full:
        total, done = sum(entry["size"] for entry in files.values()), 0
        for name, entry in files.items():
            for size in _verify_content(path / name, entry.get("sha256")):
                done += size
                if progress is not None:
                    progress(done, total)
    return manifest


def remove_folder(path: Path) -> None:
    """Remove a folder so that no reader sees it half removed.

    Raises
    ------
    StorageError
        If the file system refuses.
    """
    doomed = temporary_beside(path)
    with storage_errors(path):
        try:
            os.rename(path, doomed)
        except FileNotFoundError:  # another process was quicker
            return
    failpoint("unnamed")
    discard(doomed)
    failpoint("pruned")


def make_folder(path: Path, inside: Path | None = None) -> None:
    """Make a folder and its parents, if they are not there.

    Parameters
    ----------
    path
        The folder.
    inside
        A folder above it that somebody may have removed meanwhile, and that is not to come back half.

    Raises
    ------
    MissingError
        If `inside` is not there.
    StorageError
        If the file system refuses, or a file is in the way.
    """
    if path == inside:
        if not path.is_dir():
            raise _gone(path)
        return
    with storage_errors(path):
        try:
            os.mkdir(path)
        except FileExistsError:
            if not path.is_dir():
                raise
            return
        except FileNotFoundError:
            make_folder(path.parent, inside)
            path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def _gone(path: Path) -> MissingError:
    return MissingError(f"{path}: not there any more, so nothing is written into it; it was deleted or moved", path)


def _publish(
    target: Path,
    write: Callable[[Path], object],
    seal: Callable[[Path], None] | None,
    before_rename: Callable[[], None] | None,
) -> None:
    if before_rename is None and _occupied(target):
        raise _exists(target)
    temporary = temporary_beside(target)
    try:
        with storage_errors(target):
            os.mkdir(temporary)
        with _writer_errors(target, temporary):
            write(temporary)
        failpoint("written")
        with storage_errors(target):
            if seal is None:
                for _, path in _files(temporary):
                    _sync_path(path)
            else:
                seal(temporary)
            _sync_folders(temporary)
            failpoint("manifest")
            if before_rename is not None:
                before_rename()
                failpoint("aside")
            _rename_folder(temporary, target)
    except BaseException:
        discard(temporary)
        raise
    failpoint("renamed")
    with storage_errors(target):
        sync_folder(target.parent)


def _write_manifest(folder: Path, info: Mapping[str, Any]) -> None:
    import hashlib

    files = {}
    for name, path in _files(folder):
        if name == MANIFEST:
            raise StoreError(f"{path}: this name is kept for the manifest", path)
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[name] = {"size": os.fstat(file.fileno()).st_size, "sha256": digest}
            sync_file(file.fileno())
    failpoint("fsynced")
    manifest = folder / MANIFEST
    data = sealed(manifest, {"format": MANIFEST_FORMAT, "info": dict(info), "files": files})
    write_synced(manifest, json_bytes(manifest, data))


def _verify_size(folder: Path, name: str, entry: Any) -> None:
    manifest, path = folder / MANIFEST, folder / name
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or not isinstance(entry, dict):
        raise _damaged(manifest, f"lists {name!r}, which is not a file of the folder")
    with _reading(path):
        found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise _damaged(path, "not a plain file")
    if found.st_size != entry.get("size"):
        raise _damaged(path, f"{found.st_size} bytes where {entry.get('size')} were written")


def _verify_content(path: Path, written: Any) -> Iterator[int]:
    """Compare a file with its sum; yield the number of bytes of each block that was read."""
    import hashlib

    digest = hashlib.sha256()
    with _reading(path), open(path, "rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            yield len(block)
    if digest.hexdigest() != written:
        raise _damaged(path, "its content is not what was written (the sha256 sum differs)")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _damaged(path, "missing") from error
    except OSError as error:
        raise read_error(path, error) from error


def _damaged(path: Path, what: str) -> DamagedError:
    return DamagedError(f"{path}: {what}; restore it from a copy, or remove the folder {path.parent}", path)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file under `folder` with its name relative to it, in order of name."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_symlink() or not path.is_file():
                raise StoreError(f"{path}: only plain files can be saved", path)
            yield path.relative_to(folder).as_posix(), path


def _sync_folders(folder: Path) -> None:
    for place, _, _ in os.walk(folder, topdown=False):
        sync_folder(Path(place))


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        sync_file(descriptor)
    finally:
        os.close(descriptor)


def _rename_folder(temporary: Path, target: Path) -> None:
    try:
        os.rename(temporary, target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise _exists(target) from error
        raise


@contextmanager
def _writer_errors(target: Path, temporary: Path) -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        # The user knows the folder by the name that it was to have.
        raise StorageError(str(error).replace(str(temporary), str(target)), target) from error
    except Exception as error:  # native writers have errors of their own for a full disk
        refusal = refusal_of_writer(error, temporary)
        if refusal is None:
            raise
        raise storage_error(target, refusal) from error


def _occupied(target: Path) -> bool:
    try:
        with os.scandir(target) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return os.path.lexists(target)  # otherwise it is the folder above that is a file
    except OSError as error:
        raise storage_error(target, error) from error


def _exists(target: Path) -> ExistsError:
    return ExistsError(f"{target}: there is something of this name already; choose another name or remove it", target)
