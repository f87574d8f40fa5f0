"""What a user keeps about runs and a session besides their results: notes, tags, a pin; and the trash of runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from workbench.store.atomic import read_file, write_file
from workbench.store.errors import BusyError, DamagedError, ExistsError, MissingError, UnusableNameError, storage_errors
from workbench.store.folders import make_folder, remove_folder
from workbench.store.locks import locked
from workbench.store.records import read_record, write_record
from workbench.store.run import RunFolder
from workbench.store.session import Session

MARKS_FILE = "marks.json"
NOTES_FILE = "notes.md"
TRASH = ".trash"
LONGEST_TAG = 40


class Marks(NamedTuple):
    """What a user keeps about a run.

    Attributes
    ----------
    note
        Text of any length.
    tags
        Short words, in the order they were given.
    pinned
        Whether it is the baseline of its part, which is not deleted.
    """

    note: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False


def read_marks(run: RunFolder) -> Marks:
    """Return the marks of a run; a run has none until it is given some.

    Raises
    ------
    DamagedError
        If their file cannot be read.
    """
    file = run.path / MARKS_FILE
    try:
        data = read_record(file)
    except MissingError:
        return Marks()
    note, tags, pinned = data.get("note", ""), data.get("tags", []), data.get("pinned", False)
    if not isinstance(note, str) or not isinstance(tags, list) or not isinstance(pinned, bool):
        raise DamagedError(f"{file}: does not hold note, tags and pin; remove it or restore it from a copy", file)
    return Marks(note, tuple(map(str, tags)), pinned)


def write_note(run: RunFolder, text: str, *, replace: bool = False) -> Marks:
    """Add a line to the note of a run, or put it in the place of what was there."""
    return _change(run, lambda marks: marks._replace(note=_joined("" if replace else marks.note, text)))


def change_tags(run: RunFolder, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Marks:
    """Give a run tags, and take others away.

    Raises
    ------
    UnusableNameError
        If a tag is empty, too long, or cannot be shown.
    """
    new, gone = [usable_tag(tag) for tag in add], set(remove)

    def changed(marks: Marks) -> Marks:
        return marks._replace(tags=tuple(tag for tag in dict.fromkeys([*marks.tags, *new]) if tag not in gone))

    return _change(run, changed)


def pin(run: RunFolder, *, pinned: bool = True) -> Marks:
    """Pin a run, or let it go."""
    return _change(run, lambda marks: marks._replace(pinned=pinned))


def usable_tag(tag: str) -> str:
    """Return a tag in its normal form.

    Raises
    ------
    UnusableNameError
        If it is empty, too long, or cannot be shown.
    """
    plain = tag.strip()
    if not plain or len(plain) > LONGEST_TAG or not plain.isprintable() or "," in plain:
        raise UnusableNameError(f"{plain[:50]!r} cannot be a tag: 1 to {LONGEST_TAG} letters, without a comma")
    return plain


def read_notes(session: Session) -> str:
    """Return the notes on a session.

    Raises
    ------
    DamagedError
        If the file is not text in UTF-8.
    """
    file = session.folder / NOTES_FILE
    try:
        return read_file(file).decode("utf-8")
    except MissingError:
        return ""
    except UnicodeDecodeError as error:
        raise DamagedError(f"{file}: not text in UTF-8 ({error}); mend it with an editor", file) from error


def write_notes(session: Session, text: str, *, replace: bool = False) -> str:
    """Add a line to the notes on a session, or put it in the place of what was there; return all of them."""
    with locked(session.folder / "notes.lock"):
        whole = _joined("" if replace else read_notes(session).rstrip("\n"), text)
        write_file(session.folder / NOTES_FILE, f"{whole}\n".encode() if whole else b"")
    return whole


# Trash


def remove_run(session: Session, run_id: str) -> None:
    """Move a run to the trash of its session.

    Raises
    ------
    MissingError
        If the session has no such run.
    BusyError
        If it is going on, or pinned.
    """
    with locked(session.folder / "runs.lock"):
        run = session.run(run_id)
        if run.state.live:
            raise BusyError(f"{run.id}: is going on; stop it first", run.path)
        if read_marks(run).pinned:
            raise BusyError(f"{run.id}: is pinned; take the pin away first", run.path)
        make_folder(session.folder / TRASH, session.folder)
        with storage_errors(run.path):
            os.rename(run.path, session.folder / TRASH / run.id)


def removed_runs(session: Session) -> list[RunFolder]:
    """Return the runs in the trash, oldest first."""
    folder = session.folder / TRASH
    with storage_errors(folder):
        names = sorted(name for name in os.listdir(folder) if name[0] != ".") if folder.is_dir() else []
    return [RunFolder(folder / name) for name in names]


def restore_run(session: Session, run_id: str) -> RunFolder:
    """Take a run out of the trash.

    Raises
    ------
    MissingError
        If it is not in the trash.
    ExistsError
        If the session has a run of this id again.
    """
    with locked(session.folder / "runs.lock"):
        found = next((run for run in removed_runs(session) if run.id == run_id), None)
        if found is None:
            raise MissingError(f"{session.folder / TRASH}: no run {run_id!r} there; `delete` lists the trash")
        target = session.folder / "runs" / run_id
        if target.exists():
            raise ExistsError(f"{target}: is there already; remove it first", target)
        make_folder(target.parent)
        with storage_errors(target):
            os.rename(found.path, target)
    return session.run(run_id)


def empty_run_trash(session: Session) -> int:
    """Remove the runs in the trash for good and return how many there were."""
    with locked(session.folder / "runs.lock"):
        removed = removed_runs(session)
        for run in removed:
            remove_folder(run.path)
    return len(removed)


def _change(run: RunFolder, change: Callable[[Marks], Marks]) -> Marks:
    with locked(run.path / "marks.lock"):
        marks = change(read_marks(run))
        write_record(run.path / MARKS_FILE, {"note": marks.note, "tags": list(marks.tags), "pinned": marks.pinned})
    return marks


def _joined(old: str, new: str) -> str:
    return f"{old}\n{new}" if old and new else old or new
