"""All sessions of one folder: create, open, rename, copy, export, import, and a trash to take things back from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.store.atomic import clean_leftovers, discard, temporary_beside
from workbench.store.errors import (
    BusyError,
    ExistsError,
    MissingError,
    SessionNotFoundError,
    StorageError,
    StoreError,
    storage_error,
    storage_errors,
)
from workbench.store.folders import make_folder, publish_folder, remove_folder
from workbench.store.locks import locked
from workbench.store.names import folded, same_name, slug, time_stamp, usable_name
from workbench.store.records import read_json, write_json, write_record
from workbench.store.session import SESSION_FILE, Session, last_activity, new_settings, read_settings

if TYPE_CHECKING:
    from workbench.store.archive import Exported, Progress

TRASH = ".trash"
LAST = ".last"
LOCK = ".sessions.lock"


class SessionEntry(NamedTuple):
    """A line of the list of sessions.

    Attributes
    ----------
    name
        The session's name; the folder's where it cannot be read.
    folder
        The session's folder.
    active
        When something was last written in it, in seconds since 1970.
    created
        When it was created, in seconds since 1970; 0 where it cannot be read.
    problem
        Why it cannot be opened, or empty.
    """

    name: str
    folder: Path
    active: float
    created: float
    problem: str


class Sessions:
    """The sessions in one folder.

    Parameters
    ----------
    folder
        Where they are saved; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[SessionEntry]:
        """Return all sessions, the one last written to first; one that cannot be read is listed with its problem.

        Raises
        ------
        StorageError
            If the folder may not be read.
        """
        return sorted(map(_entry, self._folders()), key=lambda entry: (-entry.active, entry.name))

    def create(self, name: str, **settings: Any) -> Session:
        """Make a new session.

        Parameters
        ----------
        name
            Any text that can be shown, Greek too; no other session may have it.
        **settings
            ``data_root``, ``data_fingerprint``, ``device``, ``seed``, ``language`` and others.

        Raises
        ------
        UnusableNameError
            If the name cannot be used.
        ExistsError
            If a session has this name.
        StorageError
            If the file system refuses.
        """
        name = usable_name(name)
        data = new_settings(name, settings)
        with self._changing():
            self._check_free(name)
            return self._publish(name, lambda folder: write_record(folder / SESSION_FILE, data))

    def open(self, name: str | None = None, *, remember: bool = True) -> Session:
        """Open a session and remember it as the one last used.

        Parameters
        ----------
        name
            Its name or the name of its folder; without one, the session last used, or else the most recent.
        remember
            False only looks into it.

        Raises
        ------
        SessionNotFoundError
            If there is none; with names that look alike.
        SessionFormatError, DamagedError
            If it cannot be read.
        """
        session = Session(self.last_folder() if name is None else self._find(name))
        if not remember:
            return session
        try:
            self._remember(session.folder)
        except StorageError:
            # A folder that may only be read is still good to look at; it merely cannot remember.
            return session
        return session

    def last(self) -> str | None:
        """Return the name of the session that `open` would open without a name, or None."""
        try:
            folder = self.last_folder()
        except SessionNotFoundError:
            return None
        return _entry(folder).name

    def rename(self, name: str, new: str) -> Session:
        """Give a session another name; its folder keeps its own, since runs may be at work in it.

        Raises
        ------
        SessionNotFoundError, UnusableNameError, ExistsError
            If it is not there, or the new name cannot be used, or is taken.
        """
        new = usable_name(new)
        with self._changing():
            folder = self._find(name)
            self._check_free(new, but=folder)
            session = Session(folder)
            session.update(name=new)
            return session

    def copy(self, name: str, new: str) -> Session:
        """Copy a session with its runs and answers; of a live run what is whole, which can be resumed in the copy.

        Raises
        ------
        SessionNotFoundError, UnusableNameError, ExistsError, StorageError
            As `rename`; or if the file system refuses.
        """
        from workbench.store import snapshot

        new = usable_name(new)
        source = self._find(name)
        settings = read_settings(source)
        self._check_free(new)
        with self._aside() as folder:
            snapshot.take(source, folder, link=False)
            settings["created"] = round(time.time(), 3)
            return self._adopt(folder, settings, new)

    def export(self, name: str, target: Path) -> Exported:
        """Write a session into one archive (``.tar.gz``); of a live run what is whole.

        Parameters
        ----------
        name
            The session.
        target
            The archive, or a folder to put it in.

        Raises
        ------
        SessionNotFoundError
            If it is not there.
        ExistsError
            If there is a file of the archive's name.
        UnusableNameError
            If the target is named like another kind of archive.
        StorageError
            If the file system refuses.
        """
        from workbench.store import snapshot
        from workbench.store.archive import archive_for, pack

        source = self._find(name)
        read_settings(source)
        target = archive_for(target, source.name)
        with self._aside() as picture:
            left_out = snapshot.take(source, picture, link=True)
            return pack(picture, source.name, target, left_out)

    def import_archive(self, archive: Path, name: str | None = None, progress: Progress | None = None) -> Session:
        """Read an exported session back, as a new session; nothing that is there is touched.

        Parameters
        ----------
        archive
            The file.
        name
            The new session's name; by default its old one, with a number if that is taken.
        progress
            Called as in `archive.unpack`.

        Raises
        ------
        ArchiveError
            If it is damaged, or holds what a session does not.
        SessionFormatError
            If a newer version wrote it.
        ExistsError
            If a session has the `name` given.
        StorageError
            If the file system refuses.
        """
        from workbench.store.archive import unpack

        chosen = None if name is None else usable_name(name)
        if chosen is not None:
            self._check_free(chosen)
        with self._aside() as folder:
            return self._adopt(folder, unpack(archive, folder, progress=progress), chosen)

    # Trash

    def remove(self, name: str) -> str:
        """Move a session to the trash and return its name there.

        Raises
        ------
        BusyError
            If a run of it is live.
        SessionNotFoundError
            If it is not there.
        """
        with self._changing():
            folder = self._find(name)
            self._check_idle(folder)
            make_folder(self.folder / TRASH)
            kept = f"{time_stamp(time.time())}-{folder.name}"
            with storage_errors(folder):
                os.rename(folder, self.folder / TRASH / kept)
            return kept

    def trash(self) -> list[SessionEntry]:
        """Return the removed sessions, the one removed last first."""
        return [_entry(self.folder / TRASH / name) for name in sorted(self._names(TRASH), reverse=True)]

    def restore(self, name: str) -> Session:
        """Take a session back from the trash.

        Parameters
        ----------
        name
            Its name, or its folder's name in the trash; of several of one name the one removed last.

        Raises
        ------
        SessionNotFoundError
            If it is not in the trash.
        """
        with self._changing():
            entries = self.trash()
            for entry in entries:
                if name == entry.folder.name or same_name(name, entry.name):
                    break
            else:
                raise _not_found(name, self.folder / TRASH, [entry.name for entry in entries])
            free = self._free_name(entry.name)
            target = self._free_folder(entry.folder.name.partition("-")[2].partition("-")[2])
            with storage_errors(target):
                os.rename(entry.folder, target)
            session = Session(target)
            if free != entry.name:
                session.update(name=free)
            return session

    def empty_trash(self) -> int:
        """Remove the sessions in the trash for good and return how many there were."""
        with self._changing():
            names = self._names(TRASH)
            for name in names:
                remove_folder(self.folder / TRASH / name)
            clean_leftovers(self.folder / TRASH)
            return len(names)

    # Inside

    def _names(self, place: str = "") -> tuple[str, ...]:
        folder = self.folder / place
        try:
            with os.scandir(folder) as entries:
                return tuple(e.name for e in entries if not e.name.startswith(".") and e.is_dir())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise storage_error(folder, error) from error

    def _folders(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in sorted(self._names()))

    def _find(self, name: str) -> Path:
        entries = [_entry(folder) for folder in self._folders()]
        for entry in entries:
            if same_name(name, entry.name):
                return entry.folder
        for entry in entries:
            if name == entry.folder.name:
                return entry.folder
        raise _not_found(name, self.folder, [entry.name for entry in entries])

    def last_folder(self) -> Path:
        """Return the folder of the session that `open` would open without a name, readable or not.

        Raises
        ------
        SessionNotFoundError
            If there is no session.
        """
        try:
            name = read_json(self.folder / LAST).get("folder")
        except (StoreError, AttributeError):
            name = None  # a lost memory of the last session is no reason not to open one
        if isinstance(name, str) and name in self._names():
            return self.folder / name
        entries = self.entries()
        for entry in entries:
            if not entry.problem:
                return entry.folder
        if entries:
            return entries[0].folder
        text = f"{self.folder}: no session there yet; create one, or name another folder with --sessions-dir"
        raise SessionNotFoundError(text, self.folder)

    def _remember(self, folder: Path) -> None:
        write_json(self.folder / LAST, {"folder": folder.name})

    def _check_free(self, name: str, but: Path | None = None) -> None:
        for folder in self._folders():
            if folder != but and same_name(_entry(folder).name, name):
                raise ExistsError(f"{folder}: a session named {name!r} is there already; choose another name", folder)

    def _free_name(self, name: str) -> str:
        taken = {folded(_entry(folder).name) for folder in self._folders()}
        free, number = name, 2
        while folded(free) in taken:
            free, number = f"{name} ({number})", number + 1
        return free

    def _free_folder(self, wanted: str) -> Path:
        path, number = self.folder / wanted, 2
        while os.path.lexists(path):
            path, number = self.folder / f"{wanted}-{number}", number + 1
        return path

    def _publish(self, name: str, fill: Callable[[Path], None]) -> Session:
        make_folder(self.folder)
        while True:
            target = self._free_folder(slug(name))
            try:
                publish_folder(target, fill)
            except ExistsError:
                # Without locks another process may have been quicker; a name that is free now will be found.
                if os.path.lexists(target):
                    continue
                raise
            return Session(target)

    def _check_idle(self, folder: Path) -> None:
        from workbench.store.run import RunFolder

        for name in self._names(f"{folder.name}/runs"):
            if RunFolder(folder / "runs" / name).state.live:
                raise BusyError(f"{folder}: its run {name} is going on; stop it first, then try again", folder)

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        """Give a temporary folder among the sessions, for what takes too long to keep others waiting."""
        make_folder(self.folder)
        folder = temporary_beside(self.folder / "any")
        with storage_errors(folder):
            folder.mkdir()
        try:
            yield folder
        finally:
            discard(folder)

    def _adopt(self, folder: Path, settings: dict[str, Any], name: str | None) -> Session:
        """Make a session of the files in a temporary folder, under a `name` that must be free, or a free one."""

        def fill(target: Path) -> None:
            for child in os.listdir(folder):
                os.rename(folder / child, target / child)
            write_record(target / SESSION_FILE, settings)

        with self._changing():
            if name is None:
                # Earlier versions let a name look like a path.
                name = self._free_name(usable_name(str(settings["name"]).replace("/", "-").replace("\\", "-")))
            else:
                self._check_free(name)
            settings["name"] = name
            return self._publish(name, fill)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Keep other processes from creating, renaming or removing sessions meanwhile."""
        make_folder(self.folder)
        with locked(self.folder / LOCK):
            clean_leftovers(self.folder)
            yield


def _entry(folder: Path) -> SessionEntry:
    name, created, problem = folder.name, 0.0, ""
    try:
        settings = read_settings(folder)
        name, created = settings["name"], float(settings["created"])
    except MissingError:
        problem = f"{folder}: has no {SESSION_FILE}; restore it from a copy or remove the folder"
    except StoreError as error:
        problem = str(error)
    return SessionEntry(name, folder, last_activity(folder), created, problem)


def _not_found(name: str, place: Path, names: list[str]) -> SessionNotFoundError:
    import difflib

    by_form = {folded(one): one for one in names}
    alike = tuple(by_form[form] for form in difflib.get_close_matches(folded(name), list(by_form), n=3, cutoff=0.5))
    if alike:
        hint = f"did you mean {' or '.join(map(repr, alike))}?"
    elif names:
        others = f"are {len(names)} others; list them" if len(names) > 1 else "is 1 other; list the sessions"
        hint = f"there {others} to choose one"
    elif place.name == TRASH:
        hint = "the trash is empty"
    else:
        hint = "there is none yet; create one"
    return SessionNotFoundError(f"{place}: no session {name!r}; {hint}", place, alike)
