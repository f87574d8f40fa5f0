"""A session as one file: written whole, and read back as if a stranger had written it.

The file is a gzipped tar archive of plain files under one folder; its last member ``archive.json`` lists every file
with its size and sha256.  Reading refuses everything that a session does not hold: absolute names, ``..``, links,
devices, programs, and more files or bytes than it can be meant to have.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from workbench.store.atomic import discard, sync_file, sync_folder, temporary_beside
from workbench.store.errors import (
    ArchiveError,
    ExistsError,
    SessionFormatError,
    StoreError,
    UnusableNameError,
    in_bytes,
    storage_errors,
)
from workbench.store.folders import MANIFEST, verify_folder
from workbench.store.records import read_record
from workbench.store.session import SESSION_FILE, read_settings
from workbench.store.snapshot import allowed

FORMAT = 1
LISTING = "archive.json"
MOST_FILES = 200_000
MOST_BYTES = 50_000_000_000
MOST_EXPANSION = 200
FREE_EXPANSION = 256_000_000
SUFFIX = ".tar.gz"
_DEEPEST = 10
_PIECE = 1_048_576

_OWN_SUFFIXES = (SUFFIX, ".tgz")
_OTHER_SUFFIXES = frozenset(
    {"zip", "tar", "gz", "bz2", "tbz2", "tbz", "xz", "txz", "zst", "tzst", "7z", "rar", "lz", "z"}
)
# What other packers begin their files with, and where.
_OTHER_PACKERS = (
    ("a zip file", 0, b"PK"),
    ("packed with bzip2", 0, b"BZh"),
    ("packed with xz", 0, b"\xfd7zXZ\x00"),
    ("packed with zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("a 7z file", 0, b"7z\xbc\xaf\x27\x1c"),
    ("a rar file", 0, b"Rar!"),
    ("a tar file without gzip", 257, b"ustar"),
)

# Told while an archive is read: files that are there, bytes that were read, and bytes in all.
Progress = Callable[[int, int, int], None]


class Exported(NamedTuple):
    """What an export wrote.

    Attributes
    ----------
    path
        The archive.
    files
        How many files it holds.
    size
        Its size in bytes.
    left_out
        Names of files that are no part of a session, or damaged.
    """

    path: Path
    files: int
    size: int
    left_out: tuple[str, ...]


def archive_for(target: Path, name: str) -> Path:
    """Return the file that an export to a path writes: of a folder one in it, of a name without a suffix one with it.

    Parameters
    ----------
    target
        What was asked for.
    name
        The session's folder name.

    Raises
    ------
    UnusableNameError
        If it is the name of another kind of archive, which a session is not written as.
    """
    if target.is_dir():
        return target / f"{name}{SUFFIX}"
    if target.name.lower().endswith(_OWN_SUFFIXES):
        return target
    stem, dot, suffix = target.name.rpartition(".")
    if dot and suffix.lower() in _OTHER_SUFFIXES:
        stem = stem[: -len(".tar")] if stem.lower().endswith(".tar") else stem
        text = f"a session is written as {SUFFIX} and not as .{suffix}; name it {stem or name}{SUFFIX}"
        raise UnusableNameError(f"{target}: {text}", target)
    return target.with_name(target.name + SUFFIX)


def pack(folder: Path, root: str, target: Path, left_out: list[str]) -> Exported:
    """Write the files of a folder into an archive, whole or not at all.

    Parameters
    ----------
    folder
        A session's folder that does not change meanwhile.
    root
        Name of the folder inside the archive.
    target
        The archive; it must not exist.
    left_out
        Names to report as left out.

    Raises
    ------
    ExistsError
        If the target exists.
    StorageError
        If the file system refuses.
    """
    if os.path.lexists(target):
        raise ExistsError(f"{target}: there is a file of this name already; choose another or remove it", target)
    temporary = temporary_beside(target)
    with storage_errors(target):
        try:
            with open(temporary, "xb") as file:
                count = _write_members(file, folder, root)
                file.flush()
                sync_file(file.fileno())
            os.link(temporary, target) if _can_link(temporary) else os.rename(temporary, target)
        finally:
            discard(temporary)
        sync_folder(target.parent)
        return Exported(target, count, target.stat().st_size, tuple(left_out))


def unpack(
    archive: Path,
    folder: Path,
    *,
    most_bytes: int = MOST_BYTES,
    most_files: int = MOST_FILES,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Read an archive into an empty folder and return the session's settings, after checking everything.

    Parameters
    ----------
    archive
        The file.
    folder
        An empty folder; on an error it may hold part of the files.
    most_bytes, most_files
        What the archive may hold at most.
    progress
        Called with the files that are there, the bytes of the archive that were read, and its size: after every file
        and every megabyte of one; all is read before the files are checked, and it is called for each of those too.
        What it raises ends the import.

    Raises
    ------
    ArchiveError
        If it is damaged, or holds what a session does not; the message names the member.
    SessionFormatError
        If a newer version wrote it.
    StorageError
        If the file system refuses.
    """
    size = _size(archive)
    bound = min(most_bytes, max(FREE_EXPANSION, size * MOST_EXPANSION))
    seen: dict[str, tuple[int, str]] = {}

    def all_read() -> None:
        if progress is not None:
            progress(len(seen), size, size)

    with storage_errors(archive), _reading(archive), open(archive, "rb") as raw, gzip.GzipFile(fileobj=raw) as plain:
        stream = _Bounded(plain, archive, bound)

        def tell() -> None:
            if progress is not None:
                progress(len(seen), raw.tell(), size)

        with tarfile.open(fileobj=stream, mode="r:", errorlevel=2) as tar:
            root = ""
            for number, member in enumerate(tar):
                if number > most_files:
                    raise ArchiveError(f"{archive}: holds more than {most_files} files; nothing was imported", archive)
                root = root or member.name.split("/")[0]
                name = _checked_name(archive, member, root, seen)
                if name:
                    seen[name] = _extract(tar, member, folder / name, tell)
                    tell()
        while stream.read(_PIECE):  # the stream's own sum lies behind its end
            continue
    all_read()
    try:
        _check_listing(archive, folder, seen)
        return _check_session(
            archive, folder, lambda: progress(len(seen), size, size) if progress is not None else None
        )
    except StoreError as error:
        # The files lie in a folder that is about to go; the user knows the archive.
        kind = SessionFormatError if isinstance(error, SessionFormatError) else ArchiveError
        raise kind(str(error).replace(str(folder), str(archive)), archive) from error


class _Bounded(io.RawIOBase):
    """A decompressed stream that stops a bomb: too much in all, or too much at once."""

    def __init__(self, stream: gzip.GzipFile, archive: Path, most: int) -> None:
        self._stream = stream
        self._archive = archive
        self._most = most

    def read(self, size: int = -1) -> bytes:
        # The archive's own headers are read in one piece, whatever size they claim to have.
        if size < 0 or size > 2 * _PIECE:
            raise ArchiveError(
                f"{self._archive}: a header of {in_bytes(size)} is not a session's; nothing was imported"
            )
        data = self._stream.read(size)
        if self._stream.tell() > self._most:
            text = f"{self._archive}: unpacks to more than {in_bytes(self._most)}, which no session of its size does"
            raise ArchiveError(f"{text}; nothing was imported")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 0 and offset > self._most:
            raise ArchiveError(
                f"{self._archive}: claims to hold more than {in_bytes(self._most)}; nothing was imported"
            )
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def _write_members(file: IO[bytes], folder: Path, root: str) -> int:
    files: dict[str, dict[str, Any]] = {}
    # Level 1, as weights hardly shrink at any level.
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for place, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                relative = path.relative_to(folder).as_posix()
                with open(path, "rb") as source:
                    found = os.fstat(source.fileno())
                    reader = _Summed(source)
                    tar.addfile(_member(f"{root}/{relative}", found.st_size, found.st_mtime), reader)
                    files[relative] = {"size": found.st_size, "sha256": reader.digest.hexdigest()}
        listing = json.dumps({"format": FORMAT, "files": files}, ensure_ascii=False, indent=1).encode() + b"\n"
        tar.addfile(_member(f"{root}/{LISTING}", len(listing), time.time()), io.BytesIO(listing))
    return len(files)


class _Summed(io.RawIOBase):
    """A file whose sum is taken while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _member(name: str, size: int, changed: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(changed), 0o644
    return member


def _can_link(temporary: Path) -> bool:
    """Tell whether the file system has second names, with which a file appears without replacing another."""
    probe = temporary.with_name(temporary.name + "0")
    try:
        os.link(temporary, probe)
    except OSError:
        return False
    probe.unlink()
    return True


@contextmanager
def _reading(archive: Path) -> Iterator[None]:
    try:
        yield
    except gzip.BadGzipFile as error:
        other = _other_packer(archive)
        if other:
            text = f"{archive}: is {other}; give the {SUFFIX} file that an export wrote, as it is"
        else:
            text = (
                f"{archive}: damaged or not a session's export (it is not packed with gzip); export the session again"
            )
        raise ArchiveError(text, archive) from error
    except (tarfile.TarError, EOFError, zlib.error, UnicodeError, ValueError) as error:
        if isinstance(error, StoreError):
            raise
        text = f"{archive}: damaged or not a session's export ({error}); export the session again"
        raise ArchiveError(text, archive) from error


def _other_packer(archive: Path) -> str:
    """Return what another packer made of a file, in words; empty where it is none that is known."""
    with storage_errors(archive), open(archive, "rb") as file:
        head = file.read(512)
    return next((what for what, place, sign in _OTHER_PACKERS if head[place:].startswith(sign)), "")


def _size(archive: Path) -> int:
    if archive.is_dir():
        raise ArchiveError(f"{archive}: is a folder; give the {SUFFIX} file that an export wrote", archive)
    if not archive.is_file():
        raise ArchiveError(f"{archive}: no such file; give the path of an exported session (.tar.gz)", archive)
    with storage_errors(archive):
        return archive.stat().st_size


def _checked_name(archive: Path, member: tarfile.TarInfo, root: str, seen: dict[str, Any]) -> str:
    """Return a member's name inside the session's folder, empty for a folder."""
    name = member.name

    def refuse(why: str) -> ArchiveError:
        return ArchiveError(f"{archive}: {name!r} {why}; nothing was imported", archive)

    parts = name.split("/")
    if name.startswith("/") or "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise refuse("leads out of the session's folder")
    if not name.isprintable() or len(parts) > _DEEPEST or max(len(os.fsencode(part)) for part in parts) > 200:
        raise refuse("is not a file name of a session")
    if member.isdir():
        if parts[0] != root:
            raise refuse("lies beside the session's folder")
        return ""
    if not member.isreg() or member.issparse() or member.size < 0:
        raise refuse("is not a plain file")
    if parts[0] != root or len(parts) < 2:
        raise refuse("lies beside the session's folder")
    if any(part.startswith(".") for part in parts) or not allowed(parts[-1]):
        raise refuse("is of a kind that sessions do not hold")
    inside = "/".join(parts[1:])
    if inside in seen:
        raise refuse("is there twice")
    return inside


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, tell: Callable[[], None]) -> tuple[int, str]:
    digest = hashlib.sha256()
    source = tar.extractfile(member)
    assert source is not None  # only plain files come here
    with storage_errors(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                left = member.size
                while left:
                    piece = source.read(min(left, _PIECE))
                    if not piece:
                        raise EOFError(f"{member.name} is cut off")
                    digest.update(piece)
                    file.write(piece)
                    left -= len(piece)
                    tell()
        except (FileExistsError, NotADirectoryError) as error:
            raise ArchiveError(
                f"{member.name!r} is there twice, as a file and a folder; nothing was imported"
            ) from error
        os.utime(target, (member.mtime, member.mtime))
    return member.size, digest.hexdigest()


def _check_listing(archive: Path, folder: Path, seen: dict[str, tuple[int, str]]) -> None:
    if LISTING not in seen:
        raise ArchiveError(f"{archive}: has no {LISTING}; it is cut off, or not a session's export", archive)
    listing = read_record(folder / LISTING)
    files = listing.get("files")
    if listing.get("format") != FORMAT or not isinstance(files, dict):
        raise ArchiveError(f"{archive}: {LISTING} is of another format; written by a newer version?", archive)
    found = {name: {"size": size, "sha256": digest} for name, (size, digest) in seen.items() if name != LISTING}
    for name in sorted(files.keys() | found.keys()):
        if files.get(name) != found.get(name):
            what = "missing" if name not in found else "not listed" if name not in files else "altered"
            raise ArchiveError(
                f"{archive}: {name!r} is {what}; nothing was imported, export the session again", archive
            )
    (folder / LISTING).unlink()


def _check_session(archive: Path, folder: Path, tell: Callable[[], None]) -> dict[str, Any]:
    if not (folder / SESSION_FILE).is_file():
        raise ArchiveError(f"{archive}: has no {SESSION_FILE}; it is not a session's export", archive)
    settings = read_settings(folder)
    for manifest in sorted(folder.glob(f"runs/**/checkpoints/*/{MANIFEST}")):
        tell()
        verify_folder(manifest.parent)
    for run in sorted((folder / "runs").iterdir()) if (folder / "runs").is_dir() else ():
        if run.is_dir():
            read_record(run / "run.json")
    return settings


__all__ = ["Exported", "Progress", "archive_for", "pack", "unpack"]
