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
    DamagedError,
    ExistsError,
    MissingError,
    UnusableNameError,
    storage_error,
    storage_errors,
)
from workbench.store.folders import make_folder, remove_folder, verify_folder, write_folder
from workbench.store.locks import locked

KEPT = 2
IN_USE = 3600.0
_LONGEST = 150


class FolderCache:
    """A cache of folders by key.

    A key is ``name`` or ``name@fingerprint``; of one name the two folders used last are kept, and those used within
    the last hour.

    Parameters
    ----------
    root
        The cache's folder; made when first needed.
    check
        Called while another process builds what is asked for; it may raise to give up waiting.
    """

    def __init__(self, root: Path, check: Callable[[], None] | None = None) -> None:
        self.root = root
        self._check = check

    def folder(self, key: str, build: Callable[[Path], object], *, full: bool = False) -> Path:
        """Return the folder of `key`, made by ``build(temporary_folder)`` if it is not there whole.

        Parameters
        ----------
        key
            Its name.
        build
            Fills a temporary folder; called by one process only, however many ask at once.
        full
            Whether to compare the content of all files with their sums, not only their sizes.

        Raises
        ------
        StorageError
            If the file system refuses.
        """
        path = self.path(key)
        while not self._found(path, full):
            make_folder(self.root / "locks")
            with locked(self.root / "locks" / path.name, timeout=None, check=self._check):
                # Another process may have built it while this one waited.
                if not self._whole(path, full):
                    self._build(key, path, build)
        return path

    def holds(self, key: str) -> bool:
        """Return whether the folder of `key` is there whole."""
        return self._whole(self.path(key), full=False)

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

    def _found(self, path: Path, full: bool) -> bool:
        """Tell whether a folder is there whole, marking it as used now."""
        if not self._whole(path, full):
            return False
        try:
            os.utime(path)
        except FileNotFoundError:  # removed as an old one at this instant
            return False
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise storage_error(path, error) from error
            # A cache that others keep may be used without leaving a trace.
        return True

    def _whole(self, path: Path, full: bool) -> bool:
        try:
            verify_folder(path, full=full)
        except (MissingError, DamagedError):
            return False
        return True

    def _build(self, key: str, path: Path, build: Callable[[Path], object]) -> None:
        clean_leftovers(self.root)
        if path.exists():
            remove_folder(path)
        try:
            write_folder(path, build, {"key": key})
        except ExistsError:
            # Where the file system has no locks, two may have built the same; the first one's stays.
            verify_folder(path, full=False)
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
