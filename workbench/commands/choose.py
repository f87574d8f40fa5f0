"""Which session a command means, on which data and device."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from labsteps.catalogue import Part
from labsteps.data.folders import SPLITS, DataFolder
from labsteps.errors import DataError, UsageError
from labsteps.near import did_you_mean
from workbench.config import configured
from workbench.grammar.language import default_language
from workbench.runner.devices import resolve_device
from workbench.runner.jobs import FOLDER_OF_DATA
from workbench.store.errors import ExistsError, SessionNotFoundError
from workbench.store.names import name_for
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


def prepare(
    options: argparse.Namespace, parts: Iterable[Part], wanted: Iterable[Part], say: Callable[[str], None]
) -> tuple[Session, dict[str, str]]:
    """Open the session that the options mean, or make it; nothing is written before some data are known to be whole.

    Without a name: the last session, or with ``--data`` the last one on that data.  Without any session: one on the
    demo set, which is built if it is not there.

    Parameters
    ----------
    options
        Of the command line.
    parts
        All that is to run.
    wanted
        What was asked for; the others are there because these build on them.
    say
        Told what takes long.

    Returns
    -------
    Session
        The session.
    dict
        By part, what is wrong with its data.

    Raises
    ------
    DataError
        If the data of all wanted parts are missing or malformed.
    UsageError
        If the session that is named is on other data.
    """
    parts, wanted = list(parts), list(wanted)
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
            root = _data_of_new_sessions() or _demo(say)
            found.update(data_root=root)
        return found, usable_data(found.data_root, parts, wanted)
    if root is None:
        root = _data_of_new_sessions() or _demo(say)
    problems = usable_data(root, parts, wanted)
    settings: dict[str, Any] = {"data_root": str(root), "device": device or "auto", "language": default_language()}
    settings["seed"] = int(configured("seed"))
    near = did_you_mean(name, [entry.name for entry in sessions.entries()]) if name is not None else ""
    made = _create(sessions, name or _name_for(root), settings, exact=name is not None)
    say(f"a new session, {made.name}, on the data in {root}")
    if near:
        say(near)
    return made, problems


def usable_data(root: Path | None, parts: Iterable[Part], wanted: Iterable[Part]) -> dict[str, str]:
    """Return by part what is wrong with its data.

    Raises
    ------
    DataError
        If no wanted part that reads data can read its own; with every problem of the folders that are needed.
    """
    errors = data_errors(root, parts)
    reading = [part for part in wanted if part.built and part.data]
    if reading and all(part.id in errors for part in reading):
        found = list(dict.fromkeys(error for part in reading for error in errors[part.id]))
        problems = [problem for error in found for problem in error.problems or [str(error)]]
        raise DataError(str(found[0]), tuple(dict.fromkeys(problems)))
    return {part: _in_a_line(found) for part, found in errors.items()}


def data_errors(root: Path | None, parts: Iterable[Part]) -> dict[str, list[DataError]]:
    """Return by part the errors of the data folders that it reads; parts whose data are whole are not in it."""
    readers = {part.id: [FOLDER_OF_DATA[name] for name in part.data] for part in parts if part.data}
    folders = dict.fromkeys(folder for own in readers.values() for folder in own)
    if not folders:
        return {}
    from labsteps.data.layout import open_split

    bad: dict[DataFolder, list[DataError]] = {}
    for folder in folders:
        for split in SPLITS:
            try:
                if root is None:
                    raise DataError("There is no data yet. Point at a folder with --data ROOT.")
                open_split(root, folder, split)
            except DataError as error:
                bad.setdefault(folder, []).append(error)
    found = {part: [error for folder in own for error in bad.get(folder, ())] for part, own in readers.items()}
    return {part: errors for part, errors in found.items() if errors}


def _in_a_line(errors: list[DataError]) -> str:
    count = sum(len(error.problems) for error in errors)
    return f"{errors[0]} ({count} problems; `data check` names them)" if count > 1 else str(errors[0])


def device_of(options: argparse.Namespace, session: Session) -> str:
    """Return the device for a run by the option, else the settings, resolved on this machine."""
    return resolve_device(str(configured("device", options, session)))


def find_session(options: argparse.Namespace) -> Session | None:
    """Return the session that the options mean where it is there; nothing is made or remembered."""
    data = getattr(options, "data", None)
    root = data.expanduser().absolute() if data else None
    return _find(sessions_of(options), getattr(options, "session", None), root, remember=False)


def planned_root(options: argparse.Namespace, session: Session | None) -> Path | None:
    """Return the data folder that a batch with these options would read; None where it would build the demo set."""
    from workbench.commands.data import demo_root

    data = getattr(options, "data", None)
    if data:
        return Path(data).expanduser().absolute()
    if session is not None and session.data_root is not None:
        return session.data_root
    chosen = _data_of_new_sessions()
    if chosen is not None:
        return chosen
    return demo_root() if (demo_root() / "pieces.csv").exists() else None


def _data_of_new_sessions() -> Path | None:
    chosen = str(configured("data"))
    return Path(chosen).expanduser().absolute() if chosen else None


def _find(sessions: Sessions, name: str | None, root: Path | None, *, remember: bool = True) -> Session | None:
    if name is not None:
        try:
            return sessions.open(name, remember=remember)
        except SessionNotFoundError:
            return None
    if root is None:
        last = sessions.last()
        return None if last is None else sessions.open(last, remember=remember)
    for entry in sessions.entries():
        if not entry.problem:
            session = Session(entry.folder)
            if session.data_root == root:
                return sessions.open(entry.name, remember=remember)
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


def _create(sessions: Sessions, name: str, settings: dict[str, Any], *, exact: bool) -> Session:
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
    return name_for(root)


def _demo(say: Callable[[str], None]) -> Path:
    from workbench.commands.data import build_demo

    return build_demo(say)
