"""``sessions``: list, make, copy, export, import, remove and restore."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from labsteps.errors import UsageError
from workbench.commands.choose import sessions_of
from workbench.config import configured
from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.plots.text import printable
from workbench.runner.devices import resolve_device
from workbench.speaking import field, told
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry, Sessions
from workbench.wording import ago, import_told

if TYPE_CHECKING:
    from workbench.store.archive import Progress

_TOLD_EVERY = 2.0


def run_sessions(options: argparse.Namespace) -> int:
    """Run one verb of ``sessions``."""
    sessions = sessions_of(options)
    verb = options.verb or "list"
    if verb == "list":
        return _list(options, sessions, sessions.entries())
    if verb == "trash":
        return _list(options, sessions, sessions.trash())
    if verb == "show":
        return _show(options, sessions.open(options.name))
    return _tell(options, *_change(verb, options, sessions))


def _change(verb: str, options: argparse.Namespace, sessions: Sessions) -> tuple[str, dict[str, Any]]:
    """Do what a verb says; return a sentence and the same as data."""
    if verb == "new":
        session = sessions.create(options.name, **_settings(options))
        return f"made session {session.name} in {session.folder}", _about(session)
    if verb in ("rename", "copy"):
        session = getattr(sessions, verb)(options.name, options.new)
        done = "renamed" if verb == "rename" else "copied"
        return f"{done} {options.name} to {session.name}", _about(session)
    if verb == "export":
        exported = sessions.export(options.name, options.archive.expanduser().absolute())
        text = f"wrote {options.name} to {exported.path} ({exported.files} files, {exported.size / 1e6:.1f} MB)"
        left_out = [str(name) for name in exported.left_out]
        if left_out:
            text += f"; left out: {', '.join(left_out)}"
        return text, {"archive": str(exported.path), "files": exported.files, "left_out": left_out}
    if verb == "import":
        session = sessions.import_archive(options.archive.expanduser().absolute(), options.name, import_teller(_aside))
        return f"brought in session {session.name} ({len(session.runs())} runs)", _about(session)
    if verb == "remove":
        name = sessions.remove(options.name)
        return f"moved {options.name} to the trash as {name}; `sessions restore {name}` brings it back", {"trash": name}
    if verb == "restore":
        session = sessions.restore(options.name)
        return f"restored session {session.name}", _about(session)
    names = [entry.name for entry in sessions.trash()]
    confirm_emptying(names, f"the trash of {sessions.folder}", asked=not options.yes)
    count = sessions.empty_trash()
    return f"deleted {count} from the trash", {"deleted": count}


def _aside(text: str) -> None:
    print(told(text), file=sys.stderr, flush=True)


def import_teller(say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> Progress:
    """Return what tells how far an import is, every few seconds; of a short one it says nothing."""
    heard = clock()

    def progress(files: int, read: int, size: int) -> None:
        nonlocal heard
        if clock() - heard >= _TOLD_EVERY:
            heard = clock()
            say(import_told(files, read, size))

    return progress


def confirm_emptying(names: Sequence[str], where: str, *, asked: bool) -> None:
    """Ask before what is in a trash is deleted for good; where nobody can answer, --yes has to be given.

    Parameters
    ----------
    names
        What is in it; nothing is asked of an empty trash.
    where
        Whose trash it is, in words.
    asked
        Whether to ask at all.

    Raises
    ------
    UsageError
        If the answer is not yes, or nobody is there to give one.
    """
    if not asked or not names:
        return
    what = printable(f"{', '.join(names)} in {where}")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"This deletes for good: {what}. Add --yes to do it.")
    print(told(f"This deletes for good: {what}. Type yes to do it:"), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("yes", "y", "ναι"):
        raise UsageError("Nothing was deleted.")


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    from labsteps.data.folders import present_folders

    settings: dict[str, Any] = {"language": default_language(), "seed": configured("seed")}
    data, device, seed = (getattr(options, name, None) for name in ("data", "device", "seed"))
    if data is not None:
        root = data.expanduser().absolute()
        present_folders(root)
        settings["data_root"] = str(root)
    if device is not None:
        resolve_device(device)
        settings["device"] = device
    if seed is not None:
        settings["seed"] = seed
    return settings


def _list(options: argparse.Namespace, sessions: Sessions, entries: list[SessionEntry]) -> int:
    rows = [_entry(entry) for entry in entries]
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, "folder": str(sessions.folder), "sessions": rows}, ensure_ascii=False, indent=1))
        return Exit.DONE
    if not rows:
        print(told(f"no sessions in {sessions.folder}; `sessions new NAME` makes one, and so does --step"))
    for row in rows:
        state = row["problem"] or f"{row['finished']} of {row['runs']} runs finished, {row['live']} going on"
        print(f"{printable(row['name']):<24} {field(ago(row['active']), 16)} {told(state)}")
    return Exit.DONE


def _entry(entry: SessionEntry) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": entry.name,
        "folder": str(entry.folder),
        "active": entry.active,
        "problem": entry.problem,
        "runs": 0,
        "finished": 0,
        "live": 0,
    }
    if not entry.problem:
        states = [run.state for run in Session(entry.folder).runs()]
        row.update(runs=len(states), finished=states.count(RunState.FINISHED), live=sum(state.live for state in states))
    return row


def _show(options: argparse.Namespace, session: Session) -> int:
    about = _about(session)
    runs = []
    for run in session.runs():
        try:
            part, problem = str(run.record.get("part", "")), ""
        except StoreError as error:
            part, problem = "", str(error)
        status = run.status()
        runs.append({"run": run.id, "part": part, "status": str(status.state), "reason": problem or status.reason})
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, **about, "runs": runs}, ensure_ascii=False, indent=1))
        return Exit.DONE
    for name, value in about.items():
        print(f"{field(name, 16)} {printable(str(value))}".rstrip())
    for row in runs:
        print(f"  {row['part']:<6} {field(row['status'], 12)} {row['run']}  {told(row['reason'])}".rstrip())
    return Exit.DONE


def _about(session: Session) -> dict[str, Any]:
    return {
        "session": session.name,
        "folder": str(session.folder),
        "data_root": str(session.data_root or ""),
        "device": session.device,
        "seed": session.seed,
        "language": session.language,
    }


def _tell(options: argparse.Namespace, text: str, data: dict[str, Any]) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, **data}, ensure_ascii=False))
    else:
        print(told(text))
    return Exit.DONE
