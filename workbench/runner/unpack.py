"""A zip archive to a folder: nothing leaves the folder, nothing is larger than announced, and what is there stays.

An archive that came over the network may name ``../`` or links, or unpack to much more than it says.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from labsteps.errors import DownloadError
from workbench.runner.download import Progress, require_space
from workbench.store.errors import storage_errors
from workbench.store.folders import make_folder

FILES_AT_MOST = 1_000_000
_BLOCK = 2**20
_MARGIN = 64 * 2**20


def unpack(archive: Path, target: Path, top: str, progress: Progress) -> tuple[int, int]:
    """Unpack what an archive holds below one folder of it, without those files that are there already.

    Parameters
    ----------
    archive
        A zip file; all its names begin with ``top/``.
    target
        The folder in which `top` is made.
    progress
        Called with the bytes that are unpacked and how many there will be.

    Returns
    -------
    files, size
        How many files there are, and their bytes together.

    Raises
    ------
    DownloadError
        If the archive is damaged, or a name in it leaves the folder, is a link, or is encrypted.
    StorageError
        If the disk has no room for it.
    """
    try:
        with ZipFile(archive) as file:
            members = _checked(archive, file.infolist(), top)
            missing = [one for one in members if not _is_there(target / one.filename, one.file_size)]
            total, left = (sum(one.file_size for one in some) for some in (members, missing))
            make_folder(target)
            require_space(target, left + _MARGIN if missing else 0)
            have = total - left
            for one in missing:
                with file.open(one) as source:
                    _write(source, target / one.filename, one.file_size)
                have += one.file_size
                progress(have, total)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, zipfile.LargeZipFile) as error:
        raise DownloadError(f"{archive}: cannot be unpacked ({error}); remove it and fetch it again") from error
    return len(members), total


def _checked(archive: Path, listed: Sequence[ZipInfo], top: str) -> list[ZipInfo]:
    """Return the files among the members.

    Raises
    ------
    DownloadError
        If a member is not what an archive of audio or tables holds; nothing has been written then.
    """
    if len(listed) > FILES_AT_MOST:
        raise DownloadError(f"{archive}: lists {len(listed)} files, more than {FILES_AT_MOST}; nothing was unpacked")
    for reason, name in _refused(listed, top):
        raise DownloadError(f"{archive}: {name[:80]!r} {reason}; nothing was unpacked")
    return [one for one in listed if not one.is_dir()]


def _refused(listed: Sequence[ZipInfo], top: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for one in listed:
        name, parts = one.filename, PurePosixPath(one.filename).parts
        kind = stat.S_IFMT(one.external_attr >> 16)
        if not parts or parts[0] != top or ".." in parts or "\\" in name or not name.isprintable():
            yield f"lies outside of {top}/", name
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield "is a link or a device", name
        elif one.flag_bits & 1:
            yield "is encrypted", name
        elif name in seen:
            yield "is there twice", name
        seen.add(name)


def _is_there(path: Path, size: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size


def _write(source: IO[bytes], path: Path, size: int) -> None:
    """Write a file so that it is whole or not there; its checksum is compared as its last bytes are read."""
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.part")
    with storage_errors(path):
        file = temporary.open("wb")
    written = 0
    with file:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > size:
                raise BadZipFile(f"{path.name} is longer than the archive says")
            with storage_errors(path):
                file.write(block)
    if written != size:
        raise BadZipFile(f"{path.name} is shorter than the archive says")
    with storage_errors(path):
        os.replace(temporary, path)
