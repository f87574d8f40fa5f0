"""Which session a command means, on which data and device."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from labsteps.catalogue import Part
from labsteps.errors import DataError, UsageError
from workbench.grammar.language import default_language
from workbench.runner.devices import resolve_device
from workbench.runner.jobs import FOLDER_OF_DATA
from workbench.store.errors import ExistsError, SessionNotFoundError
from workbench.store.places import default_sessions_dir
from workbench.store.session import Session
from workbench.store.sessions import Sessions


def sessions_of(options: argparse.Namespace) -> Sessions:
    """Return the place of the sessions that the options name."""
    folder = getattr(options, "sessions_dir", None)
    return Sessions(folder.expanduser().absolute() if folder else default_sessions_dir())


def open_existing(options: argparse.Namespace, name: str | None = None) -> Session:
    """Open the session that is named, or the last one.

    Raises
    ------
    SessionNotFoundError
        If there is none.
    """
    return sessions_of(options).open(name or getattr(options, "session", None))


def open_or_create(options: argparse.Namespace, parts: Iterable[Part], say: Callable[[str], None]) -> Session:
    """Open the session that the options mean, or make it; nothing is written before the data are known to be whole.

    Without a name: the last session, or with ``--data`` the last one on that data.  Without any session: one on the
    demo set, which is built if it is not there.

    Raises
    ------
    DataError
        If the data are missing or malformed.
    UsageError
        If the session that is named is on other data.
    """
    sessions = sessions_of(options)
    name = getattr(options, "session", None)
    data = getattr(options, "data", None)
    root = data.expanduser().absolute() if data else None
    device = getattr(options, "device", None)
    if device is not None:
        resolve_device(device)
    found = _find(sessions, name, root)
    if found is not None:
        if root is not None and found.data_root != root:
            _move_data(found, root)
        if found.data_root is None and root is None:
            root = _demo(say)
            found.update(data_root=root)
        check_data(found.data_root, parts)
        return found
    if root is None:
        root = _demo(say)
    check_data(root, parts)
    settings = {"data_root": str(root), "device": device or "auto", "language": default_language()}
    return _create(sessions, name or _name_for(root), settings, exact=name is not None)


def check_data(root: Path | None, parts: Iterable[Part]) -> None:
    """Refuse data that a part of `parts` reads and that are not whole.

    Raises
    ------
    DataError
        With every problem of the folders that are needed.
    """
    folders = dict.fromkeys(FOLDER_OF_DATA[name] for part in parts for name in part.data)
    if not folders:
        return
    from labsteps.data.layout import open_split

    if root is None:
        raise DataError("There is no data yet. Point at a folder with --data ROOT.")
    problems: list[str] = []
    first: DataError | None = None
    for folder in folders:
        for split in ("train", "test"):
            try:
                open_split(root, folder, "train" if split == "train" else "test")
            except DataError as error:
                first = first or error
                problems += error.problems or [str(error)]
    if first is not None:
        raise DataError(str(first), tuple(dict.fromkeys(problems)))


def device_of(options: argparse.Namespace, session: Session) -> str:
    """Return the device for a run: the option's, else the session's, resolved on this machine."""
    return resolve_device(getattr(options, "device", None) or session.device)


def _find(sessions: Sessions, name: str | None, root: Path | None) -> Session | None:
    if name is not None:
        try:
            return sessions.open(name)
        except SessionNotFoundError:
            return None
    if root is None:
        last = sessions.last()
        return None if last is None else sessions.open(last)
    for entry in sessions.entries():
        if not entry.problem:
            session = Session(entry.folder)
            if session.data_root == root:
                return sessions.open(entry.name)
    return None


def _move_data(session: Session, root: Path) -> None:
    """Let a session follow its data to another place, but not to other data."""
    from labsteps.data.folders import fingerprint

    known = session.data_root
    if known is not None and known.exists() and fingerprint(known) != fingerprint(root):
        raise UsageError(
            f"Session {session.name!r} is on the data in {known}. For those in {root} use another session: "
            "--session NAME."
        )
    session.update(data_root=root)


def _create(sessions: Sessions, name: str, settings: dict[str, str], *, exact: bool) -> Session:
    taken = {entry.name for entry in sessions.entries()}
    wanted, number = name, 2
    while not exact and wanted in taken:
        wanted, number = f"{name}-{number}", number + 1
    try:
        sessions.create(wanted, **settings)
    except ExistsError:  # made by another command at this very moment
        return sessions.open(wanted)
    return sessions.open(wanted)


def _name_for(root: Path) -> str:
    from workbench.commands.data import demo_root

    if root == demo_root():
        return "demo"
    generic = {"data", "input", ""}
    return next((part for part in reversed(root.parts) if part.lower() not in generic), "lab")


def _demo(say: Callable[[str], None]) -> Path:
    from workbench.commands.data import build_demo

    return build_demo(say)
