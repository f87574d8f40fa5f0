"""A consistent picture of a session's folder while its runs may go on.

Locks, temporary files and whatever a session does not hold are left out; a log's torn last line is cut off; a
checkpoint is taken whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from workbench.store.atomic import is_temporary
from workbench.store.errors import DamagedError, MissingError, storage_errors
from workbench.store.events import whole_size
from workbench.store.folders import verify_folder

KINDS = frozenset(
    (
        *(".json", ".jsonl", ".toml", ".md", ".txt", ".log", ".csv", ".tsv", ".safetensors", ".npy", ".npz"),
        *(".png", ".jpg", ".jpeg", ".svg", ".pdf", ".wav", ".flac"),
    )
)
_ROUNDS = 5


def take(source: Path, target: Path, *, link: bool) -> list[str]:
    """Fill an empty folder with a picture of a session, and return the names of what was left out.

    Parameters
    ----------
    source
        The session's folder.
    target
        An empty folder on the same file system.
    link
        Whether checkpoints, whose files never change, may be linked instead of copied, for a picture soon removed.

    Raises
    ------
    StorageError
        If the file system refuses.
    """
    left_out: list[str] = []
    place = _link if link else _copy
    with storage_errors(target.parent):
        for folder, folders, names in os.walk(source):
            here = Path(folder)
            kept = target / here.relative_to(source)
            kept.mkdir(exist_ok=True)
            if "checkpoints" in folders and here.relative_to(source).parts[:1] == ("runs",):
                folders.remove("checkpoints")
                left_out += _take_checkpoints(here / "checkpoints", kept / "checkpoints", source, place)
            folders[:] = [name for name in folders if _wanted(here / name, source, left_out, folder=True)]
            for name in names:
                if _wanted(here / name, source, left_out, folder=False):
                    _take_file(here / name, kept / name)
    return sorted(left_out)


def allowed(name: str) -> bool:
    """Tell whether a session holds files of this kind; programs are none of them."""
    return PurePosixPath(name).suffix.lower() in KINDS


def _wanted(path: Path, source: Path, left_out: list[str], *, folder: bool) -> bool:
    name = path.name
    if is_temporary(name) or name == "lock" or name.endswith(".lock"):
        return False
    plain = not path.is_symlink() and (path.is_dir() if folder else path.is_file())
    if plain and not name.startswith(".") and (folder or allowed(name)):
        return True
    left_out.append(path.relative_to(source).as_posix())
    return False


def _take_file(path: Path, target: Path) -> None:
    try:
        if path.name == "events.jsonl":
            _copy_start(path, target, whole_size(path))
        elif path.name == "worker.log":
            _copy_start(path, target, path.stat().st_size)
        else:
            _copy(path, target)
    except FileNotFoundError:
        # A live run removes and replaces files; what is gone belongs to no picture of it.
        target.unlink(missing_ok=True)


def _take_checkpoints(folder: Path, target: Path, source: Path, place: Callable[[Path, Path], None]) -> list[str]:
    """Take the checkpoints that are whole; try again while a live run puts new ones in the place of the old."""
    target.mkdir()
    for _ in range(_ROUNDS):
        names = sorted(name for name in os.listdir(folder) if not is_temporary(name))
        damaged = [
            name for name in names if not (target / name).exists() and not _take_one(folder, target, name, place)
        ]
        gone = [name for name in damaged if not (folder / name).exists()]
        if not gone:
            break
    return [(folder / name).relative_to(source).as_posix() for name in damaged if name not in gone]


def _take_one(folder: Path, target: Path, name: str, place: Callable[[Path, Path], None]) -> bool:
    kept = target / name
    try:
        manifest = verify_folder(folder / name, full=False)
        for file in ("manifest.json", *manifest["files"]):
            (kept / file).parent.mkdir(parents=True, exist_ok=True)
            place(folder / name / file, kept / file)
        verify_folder(kept)
    except (DamagedError, MissingError, FileNotFoundError):
        shutil.rmtree(kept, ignore_errors=True)
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target, follow_symlinks=False)
    found = source.stat()
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        _copy(source, target)  # some file systems have no second names


def _copy_start(source: Path, target: Path, size: int) -> None:
    with open(source, "rb") as file, open(target, "wb") as copy:
        while size > 0:
            piece = file.read(min(size, 1_048_576))
            if not piece:
                break
            copy.write(piece)
            size -= len(piece)
    found = source.stat()
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
