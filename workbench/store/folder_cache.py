"""Folders that are made once and shared by all later runs, under the cache folder."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.store.atomic import clean_leftovers
from workbench.store.errors import (
    FULL,
    CacheError,
    DamagedError,
    ExistsError,
    MissingError,
    StorageError,
    StoreError,
    UnusableNameError,
    space_left,
    storage_error,
    storage_errors,
)
from workbench.store.folders import make_folder, remove_folder, verify_folder, write_folder
from workbench.store.locks import locked
from workbench.store.stamps import is_stamped, signs, stamp

KEPT = 2
IN_USE = 3600.0
BIG = 2 * 10**8  # bytes whose comparison with their sums takes long enough to be told
_LONGEST = 150
_SHUT = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR})

Progress = Callable[[Path, int, int], object]


class FolderCache:
    """A cache of folders by key.

    A key is ``name`` or ``name@fingerprint``; of one name the two folders used last are kept, and those used within
    the last hour.  The content of a folder is compared with its sums where a file has changed since that was done last
    (`workbench.store.stamps`).

    Parameters
    ----------
    root
        The cache's folder; made when first needed.
    check
        Called while another process builds what is asked for; it may raise to give up waiting.
    report
        Called with a sentence where a folder is damaged or of no use, and built again.
    progress
        Called with a folder, the number of bytes compared and their total while its content is compared; what it raises
        ends that.
    """

    def __init__(
        self,
        root: Path,
        check: Callable[[], None] | None = None,
        report: Callable[[str], object] = lambda _: None,
        progress: Progress = lambda *_: None,
    ) -> None:
        self.root = root
        self._check, self._report, self._progress = check, report, progress

    def folder(
        self,
        key: str,
        build: Callable[[Path], object],
        usable: Callable[[Path], bool] | None = None,
        *,
        full: bool = False,
    ) -> Path:
        """Return the folder of `key`, made by ``build(temporary_folder)`` if it is not there whole.

        Parameters
        ----------
        key
            Its name.
        build
            Fills a temporary folder; called by one process only, however many ask at once.
        usable
            Tells whether a whole folder that was there already is of use; it is built again where not.
        full
            Whether to compare the content of all files with their sums, changed or not.

        Raises
        ------
        CacheError
            If the cache folder is full, or cannot be read or written to, and lacks this folder.
        StorageError
            If the file system refuses for another reason.
        """
        path = self.path(key)
        try:
            if not full and self._unchanged(path) and (usable is None or usable(path)) and _marked(path):
                return path
            make_folder(self.root / "locks")
            while True:
                with locked(self.root / "locks" / path.name, timeout=None, check=self._check):
                    # Another process may have compared or built it while this one waited.
                    fault = self._fault(path, usable, full)
                    if fault is not None:
                        self._tell(path, fault)
                        self._build(key, path, build)
                if _marked(path):
                    return path
        except StorageError as error:
            if _code(error) in _SHUT:
                return self._found_there(path, usable, full, error)
            raise self._refused(error) from error.__cause__

    def holds(self, key: str) -> bool:
        """Return whether the folder of `key` is there, with files of the sizes that were written."""
        try:
            verify_folder(self.path(key), full=False)
        except (MissingError, DamagedError):
            return False
        return True

    def verify(self, key: str) -> dict[str, Any]:
        """Return the manifest of a folder after comparing all of its content.

        Raises
        ------
        MissingError, DamagedError
            If it is not there, or not whole.
        """
        return verify_folder(self.path(key))

    def path(self, key: str) -> Path:
        """Return where the folder of `key` is, or would be."""
        if re.fullmatch(r"[A-Za-z0-9_+=][A-Za-z0-9_.+=@-]*", key) and len(key) <= _LONGEST and key != "locks":
            return self.root / key
        if not key:
            raise UnusableNameError("the key of a cached folder cannot be empty")
        import hashlib

        name, mark, _ = key.partition("@")
        plain = re.sub(r"[^A-Za-z0-9_+=]+", "-", name)[:60].strip("-") or "folder"
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        family = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return self.root / (f"{plain}-{family}@{digest}" if mark else f"{plain}-{digest}")

    def _unchanged(self, path: Path) -> bool:
        """Tell whether a folder is there and its content was compared since its files changed last."""
        try:
            return is_stamped(path, signs(path, verify_folder(path, full=False)))
        except (MissingError, DamagedError):
            return False

    def _fault(
        self, path: Path, usable: Callable[[Path], bool] | None, full: bool
    ) -> MissingError | DamagedError | None:
        """Return what is wrong with a folder, after comparing its content where that has to be done."""
        try:
            found = signs(path, verify_folder(path, full=False))
            if full or not is_stamped(path, found):
                verify_folder(path, progress=lambda done, total: self._progress(path, done, total))
                stamp(path, found)
        except (MissingError, DamagedError) as error:
            return error
        if usable is not None and not usable(path):
            return DamagedError(f"{path}: cannot be used", path)
        return None

    def _found_there(self, path: Path, usable: Callable[[Path], bool] | None, full: bool, error: StorageError) -> Path:
        """Return a whole folder of a cache that takes nothing, such as one that others keep."""
        try:
            fault = self._fault(path, usable, full)
        except StorageError as unreadable:
            raise self._refused(unreadable) from unreadable.__cause__
        if fault is None:
            return path
        damaged = "" if isinstance(fault, MissingError) else f"{fault.path} is not what was written there"
        raise self._refused(error, damaged) from error.__cause__

    def _tell(self, path: Path, fault: MissingError | DamagedError) -> None:
        if fault.path == path and isinstance(fault, DamagedError):
            self._report(f"{path}: is of no use to this version; it is built again.")
        elif isinstance(fault, DamagedError):
            self._report(f"{fault.path}: is not what was written there; its folder is built again.")

    def _refused(self, error: StorageError, damaged: str = "") -> StorageError:
        """Return what to tell of a refusal: where it is about the cache, with the name of its folder."""
        code, place = _code(error), error.path
        if place is None or not (place == self.root or self.root in place.parents or place in self.root.parents):
            return error
        way = "choose another one with WORKBENCH_CACHE_DIR, or with: config set cache_dir FOLDER"
        why = os.strerror(code or 0)
        if code in FULL:
            return CacheError(f"{self.root}: the cache folder is full ({space_left(self.root)}); make room, or {way}")
        file = next((one for one in (place, *place.parents) if one.exists() and not one.is_dir()), None)
        if code in _IN_THE_WAY and file is not None:
            return CacheError(f"{self.root}: the cache folder cannot be made, as {file} is a file; {way}")
        if code in _SHUT and place.is_file() and not os.access(place, os.R_OK):
            return CacheError(f"{place}: a file of the cache cannot be read ({why}); make it readable, or {way}")
        if code in _SHUT:
            lacking = damaged or "it lacks what the run needs"
            return CacheError(f"{self.root}: the cache folder cannot be written to ({why}), and {lacking}; {way}")
        return error

    def _build(self, key: str, path: Path, build: Callable[[Path], object]) -> None:
        clean_leftovers(self.root)
        if path.exists():
            remove_folder(path)
        try:
            write_folder(path, build, {"key": key})
        except ExistsError:
            # Where the file system has no locks, two may have built the same; the first one's stays.
            verify_folder(path)
        with suppress(StoreError):  # what cannot be looked at again now is compared when it is asked for
            stamp(path, signs(path, verify_folder(path, full=False)))
        self._prune(path)

    def _prune(self, fresh: Path) -> None:
        name, mark, _ = fresh.name.partition("@")
        if not mark:
            return
        used: list[tuple[float, Path]] = []
        with storage_errors(self.root), os.scandir(self.root) as entries:
            for entry in entries:
                if (
                    entry.name.startswith(f"{name}@")
                    and entry.name != fresh.name
                    and entry.is_dir(follow_symlinks=False)
                ):
                    with suppress(FileNotFoundError):  # another process prunes too
                        used.append((entry.stat().st_mtime, Path(entry.path)))
        for when, path in sorted(used, reverse=True)[KEPT - 1 :]:
            if time.time() - when > IN_USE:
                remove_folder(path)


def _marked(path: Path) -> bool:
    """Mark a folder as used now; tell whether it is still there."""
    try:
        os.utime(path)
    except FileNotFoundError:  # removed as an old one at this instant
        return False
    except OSError as error:
        if error.errno not in _SHUT:
            raise storage_error(path, error) from error
        # A cache that others keep may be used without leaving a trace.
    return True


def _code(error: StorageError) -> int | None:
    """Return the number of the refusal that an error tells of."""
    cause = error.__cause__
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__
    return cause.errno if cause is not None else None
