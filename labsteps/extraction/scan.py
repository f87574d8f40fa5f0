"""Which audio files lie in a folder, and which things there only look like some."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from labsteps.errors import DataError

ENDINGS = frozenset(
    {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".mp4", ".aif", ".aiff", ".au", ".caf", ".wma"}
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that gives nothing, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in an audio folder.

    Attributes
    ----------
    files
        Paths relative to the folder, with ``/`` between, in order.
    rejected
        What has the name of an audio file and cannot be one.
    """

    files: tuple[str, ...]
    rejected: tuple[Rejected, ...]


def scan(root: Path) -> Found:
    """Return the audio files in a folder and in those inside it; each folder is entered once, links or not.

    Raises
    ------
    DataError
        If the folder is not there or cannot be read.
    """
    if not root.is_dir():
        raise DataError(f"{root}: there is no such folder of audio")
    files: list[str] = []
    rejected: list[Rejected] = []
    entered: set[tuple[int, int]] = set()

    def refused(error: OSError) -> None:
        rejected.append(Rejected(_relative(root, str(error.filename or root)), f"cannot be read: {error.strerror}"))

    for folder, inner, names in os.walk(root, onerror=refused, followlinks=True):
        place = os.stat(folder)
        if (place.st_dev, place.st_ino) in entered:
            inner.clear()
            continue
        entered.add((place.st_dev, place.st_ino))
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or os.path.splitext(name)[1].lower() not in ENDINGS:
                continue
            path = os.path.join(folder, name)
            reason = _why_no_file(path)
            relative = _relative(root, path)
            if reason:
                rejected.append(Rejected(relative, reason))
            else:
                files.append(relative)
    return Found(tuple(sorted(files)), tuple(rejected))


def _why_no_file(path: str) -> str:
    """Return why a path cannot be audio, empty where it can; nothing is opened, so a pipe cannot block."""
    try:
        found = os.stat(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return "not a regular file"
    return "" if found.st_size else "an empty file"


def _relative(root: Path, path: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
