"""Writes that are whole or not there, and reads that notice damage.

A file or folder is written under a temporary name beside its target, synced, renamed, and then the parent folder
is synced.  A folder gets a ``manifest.json`` with sizes and sha256 sums, last.  After a kill or a power loss at any
point, the target is the old one or the new one.  Temporary names tell their writer
(``.tmp-<host>-<pid>-<random>``), so that leftovers of the dead can be removed.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.store.errors import (
    DamagedError,
    ExistsError,
    JsonError,
    MissingError,
    StorageError,
    StoreError,
    refusal_of_writer,
    storage_error,
    storage_errors,
)
from workbench.store.failpoints import failpoint
from workbench.store.processes import alive, host

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
CHECKSUM = "checksum"
DAY = 86_400.0
_LEFTOVER = re.compile(r"\.tmp-(.+)-(\d+)-[0-9a-f]+")


# Files


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
            _write_synced(temporary, data)
            failpoint("fsynced")
            os.replace(temporary, path)
            failpoint("renamed")
        except BaseException:
            discard(temporary)
            raise
        sync_folder(path.parent)


def write_json(path: Path, data: Any) -> None:
    """Write plain data as indented JSON, whole or not at all.

    Raises
    ------
    JsonError
        If `data` is not plain JSON data; infinities and NaN are not.
    StorageError
        If the file system refuses.
    """
    write_file(path, _json_bytes(path, data))


def write_record(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object with a checksum over its members, which `read_record` verifies.

    Raises
    ------
    JsonError
        If `data` is not plain JSON data.
    StorageError
        If the file system refuses.
    """
    write_json(path, _sealed(path, data))


def read_json(path: Path) -> Any:
    """Return the data of a JSON file.

    Raises
    ------
    MissingError
        If the file is not there.
    DamagedError
        If it is not strict JSON in UTF-8.
    StorageError
        If it cannot be read.
    """
    raw = read_file(path)
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        what = "the file is empty" if not raw.strip(b"\0 \n") else f"not valid JSON ({error})"
        raise DamagedError(f"{path}: {what}; restore it from a copy or remove it", path) from error


def read_record(path: Path) -> dict[str, Any]:
    """Return the members of a JSON object, without its checksum, which is verified where there is one.

    Raises
    ------
    MissingError, DamagedError, StorageError
        As `read_json`; also damaged if the checksum does not match.
    """
    data = read_json(path)
    if not isinstance(data, dict):
        raise DamagedError(f"{path}: a JSON object was expected; restore it from a copy or remove it", path)
    checksum = data.pop(CHECKSUM, None)
    if checksum is not None and checksum != _digest(data):
        raise DamagedError(f"{path}: its content does not match its checksum; restore it from a copy", path)
    return data


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
        raise _read_error(path, error) from error


# Folders


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


def verify_folder(path: Path, *, full: bool = True) -> dict[str, Any]:
    """Return the manifest of a folder after checking every file against it; extra files are tolerated.

    Parameters
    ----------
    path
        The folder.
    full
        Whether to compare the content of the files too, not only their sizes.

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
        _verify_file(path, name, entry, full)
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


def make_folder(path: Path) -> None:
    """Make a folder and its parents, if they are not there.

    Raises
    ------
    StorageError
        If the file system refuses, or a file is in the way.
    """
    with storage_errors(path):
        try:
            os.mkdir(path)
        except FileExistsError:
            if not path.is_dir():
                raise
            return
        except FileNotFoundError:
            make_folder(path.parent)
            path.mkdir(exist_ok=True)
        sync_folder(path.parent)


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


# Pieces


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


def dump_line(data: Any) -> bytes:
    """Return plain data as one line of JSON in UTF-8, without the line's end.

    Raises
    ------
    ValueError, TypeError
        If it is not plain JSON data.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, as in a file name that is not UTF-8
        return json.dumps(data, allow_nan=False).encode("ascii")


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        write_all(descriptor, data)
        failpoint("written")
        sync_file(descriptor)
    finally:
        os.close(descriptor)


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
    data = _sealed(manifest, {"format": MANIFEST_FORMAT, "info": dict(info), "files": files})
    _write_synced(manifest, _json_bytes(manifest, data))


def _verify_file(folder: Path, name: str, entry: Any, full: bool) -> None:
    manifest, path = folder / MANIFEST, folder / name
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or not isinstance(entry, dict):
        raise _damaged(manifest, f"lists {name!r}, which is not a file of the folder")
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise _damaged(path, "not a plain file")
        if found.st_size != entry.get("size"):
            raise _damaged(path, f"{found.st_size} bytes where {entry.get('size')} were written")
        if full and _sha256(path) != entry.get("sha256"):
            raise _damaged(path, "its content is not what was written (the sha256 sum differs)")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _damaged(path, "missing") from error
    except OSError as error:
        raise _read_error(path, error) from error


def _damaged(path: Path, what: str) -> DamagedError:
    return DamagedError(f"{path}: {what}; restore it from a copy, or remove the folder {path.parent}", path)


def _sha256(path: Path) -> str:
    import hashlib

    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    except Exception as error:
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


def _abandoned(path: Path, writer: str, pid: int) -> bool:
    if writer == host():
        return not alive(pid)
    try:
        return time.time() - path.lstat().st_mtime > DAY
    except FileNotFoundError:
        return False


def _read_error(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.EIO, errno.EISDIR):
        return DamagedError(f"{path}: cannot be read back ({error.strerror})", path)
    return storage_error(path, error)


def _json_bytes(path: Path, data: Any) -> bytes:
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1)
        try:
            return text.encode("utf-8") + b"\n"
        except UnicodeEncodeError:
            return json.dumps(data, allow_nan=False, indent=1).encode("ascii") + b"\n"
    except (ValueError, TypeError, RecursionError) as error:
        raise JsonError(f"{path}: not plain JSON data ({error}); nothing was written", path) from error


def _sealed(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    if CHECKSUM in data:
        raise JsonError(f"{path}: the name {CHECKSUM!r} is kept for the file's own checksum", path)
    # Through JSON and back, so that what is summed is what a reader will get.
    plain: dict[str, Any] = json.loads(_json_bytes(path, dict(data)))
    return {**plain, CHECKSUM: _digest(plain)}


def _digest(data: Mapping[str, Any]) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not strict JSON")


__all__ = [
    "MANIFEST",
    "StorageError",
    "clean_leftovers",
    "discard",
    "dump_line",
    "is_temporary",
    "make_folder",
    "publish_folder",
    "read_file",
    "read_json",
    "read_record",
    "remove_folder",
    "sync_file",
    "sync_folder",
    "temporary_beside",
    "verify_folder",
    "write_all",
    "write_file",
    "write_folder",
    "write_json",
    "write_record",
]
