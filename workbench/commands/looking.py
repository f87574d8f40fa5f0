"""``next`` and ``log``: what the app shows of a session on screens of its own."""

from __future__ import annotations

import argparse
import json
import time

from labsteps.catalogue import Part, catalogue
from labsteps.errors import UsageError
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.control import find_run, part_of
from workbench.commands.steps import finished_parts, part_states
from workbench.counting import next_part
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.runner.follow import Follower, Message
from workbench.runner.journal import SERIOUS, JournalReader
from workbench.speaking import said, told
from workbench.store.errors import SessionNotFoundError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

MOST_LINES = 100_000


def run_next(options: argparse.Namespace) -> int:
    """Print the part that is best done next, and the command for it."""
    try:
        session = open_existing(options)
    except SessionNotFoundError:
        if getattr(options, "session", None) is not None:
            raise
        session = None  # the first run makes one
    found = _next(session)
    title = None if found is None else found[0].title.to(output.language_of(options, session))
    if output.wants_json(options):
        part, command = (None, None) if found is None else (found[0].id, found[1])
        name = None if session is None else session.name
        report = {"format": 1, "session": name, "part": part, "title": title, "command": command}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    elif found is None:
        print(told("Nothing is left to do in the lab; `report build` writes the report."))
    else:
        print(told(f"next: {found[0].id}, {title}: {found[1]}"))
    return Exit.DONE


def _next(session: Session | None) -> tuple[Part, str] | None:
    states, answered = ({}, {}) if session is None else (part_states(session), session.answers())
    finished = set() if session is None else finished_parts(session)
    live = [part for part, state in states.items() if state.live]
    part = next_part(catalogue(), finished, answered, live)
    return None if part is None else (part, _command(part, states.get(part.id), finished))


def _command(part: Part, state: RunState | None, finished: set[str]) -> str:
    if part.only_asks or not part.built or part.id in finished:
        return f"answer {part.ascii_id}"
    if state is RunState.INTERRUPTED:
        return f"continue {part.ascii_id}"
    lacking = [need for need in part.needs_with(part.defaults()) if need not in finished]
    return f"run {part.ascii_id}{' --with-prerequisites' if lacking else ''}"


def run_log(options: argparse.Namespace) -> int:
    """Print what runs have said, with the time and the part of each line.

    Raises
    ------
    UsageError
        If what a worker printed is asked for and no run is named.
    """
    if not 1 <= options.last <= MOST_LINES:
        raise UsageError(f"--last cannot be {options.last}: it takes a number from 1 to {MOST_LINES}.")
    session = open_existing(options)
    run = None if options.run is None else find_run(session, options.run)
    if options.worker:
        if run is None:
            raise UsageError("The worker's log belongs to a run; name one, as in: log 7.1e --worker")
        return _worker_log(options, session, run)
    messages = JournalReader(session).read() if run is None else _messages(run)
    shown = [(part, one) for part, one in messages if not options.warnings or one.level in SERIOUS][-options.last :]
    if output.wants_json(options):
        rows = [{"time": one.time, "part": part, "level": one.level, "text": one.text} for part, one in shown]
        return _print_json(session, run, rows, [])
    if not shown:
        print(told("No run has warned or failed." if options.warnings else "No run has said anything yet."))
    for part, one in shown:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.time))
        # A warning says that it is one: nobody sees its colour here.
        level = f"{said(one.level)}: " if one.level == "warning" else ""
        for line in one.text.splitlines():
            print(printable(f"{at}  {part:<6} {level}{said(line)}"))
    return Exit.DONE


def _messages(run: RunFolder) -> tuple[tuple[str, Message], ...]:
    follower = Follower(run)
    snapshot = follower.poll() or follower.snapshot
    return tuple((snapshot.part, message) for message in snapshot.messages)


def _worker_log(options: argparse.Namespace, session: Session, run: RunFolder) -> int:
    lines = run.log_tail(options.last)
    if output.wants_json(options):
        return _print_json(session, run, [], lines)
    print(printable(f"{part_of(run)}  {run.log_file}"))
    for line in lines:
        print(printable(line))
    if not lines:
        print(told(f"Run {run.id} has printed nothing."))
    return Exit.DONE


def _print_json(session: Session, run: RunFolder | None, messages: list[dict[str, object]], lines: list[str]) -> int:
    report = {"format": 1, "session": session.name, "run": None if run is None else run.id}
    print(json.dumps({**report, "messages": messages, "output": lines}, ensure_ascii=False, indent=1))
    return Exit.DONE
