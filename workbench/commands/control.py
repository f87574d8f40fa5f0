"""Commands about runs that are there: status, follow, stop, pause, continue, checkpoint, change."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import nullcontext
from typing import Any

from labsteps.catalogue import catalogue
from labsteps.errors import ParameterError, UsageError
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.following import Detached, follow, say_how_to_leave
from workbench.commands.narrate import narrator
from workbench.commands.outcome import outcome_of
from workbench.commands.steps import parts_done
from workbench.exits import Exit
from workbench.grammar.aliases import spelled_out
from workbench.plots.text import printable
from workbench.runner.coming import Coming
from workbench.runner.follow import Follower, Snapshot
from workbench.runner.list_ends import ListEnd, list_ends, runs_by_part
from workbench.runner.naming import run_named
from workbench.runner.taking_up import take_up
from workbench.speaking import field, language, told
from workbench.store.batches import Batch, live_batches, stop_batch
from workbench.store.errors import MissingError, StoreError
from workbench.store.events import EventReader
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.wording import duration, state_sign

ANSWER_SECONDS = 10.0
WATCH_SECONDS = 1.0
CHANGES: dict[str, type[int] | type[float]] = {"learning_rate": float, "epochs": int}


def run_control(options: argparse.Namespace) -> int:
    """Run one of the commands about runs."""
    session = open_existing(options)
    if options.command == "status":
        return _status(options, session)
    if options.command == "stop" and options.run is None and not session.live_runs():
        batches = [batch for batch in live_batches(session.folder) if stop_batch(batch)]
        if batches:
            return _batches_stopped(options, batches)
    run = find_run(session, getattr(options, "run", None))
    if options.command == "follow":
        return _follow(options, run)
    if options.command == "change":
        name, value = _assignment(options.assignment)
        return _ask(options, run, name, value)
    if options.command == "continue" and not run.state.live:
        return _take_up(options, session, run)
    return _ask(options, run, options.command, None)


def _batches_stopped(options: argparse.Namespace, batches: list[Batch]) -> int:
    """Say which batches were asked to end between two of their runs."""
    if output.wants_json(options):
        rows = [_batch_row(batch) for batch in batches]
        print(json.dumps({"format": 1, "command": "stop", "batches": rows}, ensure_ascii=False))
        return Exit.DONE
    for batch in batches:
        print(told(f"Asked the batch to end; what it has run is kept, {batch.part} is not started."))
    return Exit.DONE


def _take_up(options: argparse.Namespace, session: Session, run: RunFolder) -> int:
    """Start the worker of an interrupted or failed run again; see `workbench.runner.taking_up.take_up`."""
    part = catalogue().parts[part_of(run)]
    take_up(session, run, part)
    text = f"{run.id}: {part.id} is taken up again; `follow` shows it"
    if output.wants_json(options):
        print(json.dumps({"format": 1, "run": run.id, "command": "continue", "status": str(run.state)}))
    else:
        print(told(text))
    return Exit.DONE


def find_run(session: Session, name: str | None) -> RunFolder:
    """Return the run that a part, an id, or its beginning or end names; without a name the live or the newest one.

    Raises
    ------
    MissingError
        If there is no such run.
    UsageError
        If several can be meant.
    """
    if name is not None and (named := run_named(session, name)) is not None:
        return named
    runs = session.runs()
    if name is not None:
        wanted = {part.id for part in catalogue().resolve(name).parts}
        runs = [run for run in runs if part_of(run) in wanted]
    if not runs:
        text = f"Session {session.name!r} has no run{f' of {name}' if name else ''} yet; `run` starts one."
        raise MissingError(text, session.folder)
    return next((run for run in reversed(runs) if run.state.live), runs[-1])


def _status(options: argparse.Namespace, session: Session) -> int:
    if output.wants_json(options):
        rows = [_row(*row) for row in _snapshots(session, {}, Coming(session, catalogue()))]
        batches = [_batch_row(batch) for batch in live_batches(session.folder)]
        done, total = parts_done(session)
        report = {"format": 1, "session": session.name, "done": done, "total": total, "runs": rows, "batches": batches}
        print(json.dumps({**report, "ended": [_ended_row(one) for one in _ended(session)]}, indent=1))
        return Exit.DONE
    if getattr(options, "watch", False):
        return _watch(session)
    coming = Coming(session, catalogue())
    for line in _status_lines(session, _snapshots(session, {}, coming), coming):
        print(line)
    return Exit.DONE


def _watch(session: Session) -> int:
    """Show the runs until none goes on: the same table anew on a terminal, elsewhere each line when it changes."""
    from rich.live import Live
    from rich.text import Text

    followers: dict[str, Follower] = {}
    coming = Coming(session, catalogue())
    terminal = sys.stdout.isatty()
    shown: list[str] = []
    with Live(auto_refresh=False) if terminal else nullcontext() as live:
        while True:
            rows = _snapshots(session, followers, coming)
            lines = _status_lines(session, rows, coming)
            if live is not None:
                live.update(Text("\n".join(lines), no_wrap=True, overflow="ellipsis"), refresh=True)
            elif lines != shown:
                print("\n".join(line for line in lines if line not in shown), flush=True)
            shown = lines
            if not live_batches(session.folder) and not any(snapshot.state.live for _, snapshot in rows):
                return Exit.DONE
            time.sleep(WATCH_SECONDS)


def _snapshots(session: Session, followers: dict[str, Follower], coming: Coming) -> list[tuple[RunFolder, Snapshot]]:
    rows = []
    for run in session.runs():
        try:
            if run.id not in followers:
                followers[run.id] = Follower(run)
            follower = followers[run.id]
            rows.append((run, coming.counted(run, follower.poll() or follower.snapshot)))
        except StoreError as error:
            rows.append((run, Snapshot(run.id, "?", run.state, reason=str(error))))
    return rows


def _status_lines(session: Session, rows: list[tuple[RunFolder, Snapshot]], coming: Coming) -> list[str]:
    batches = [told(batch_text(batch)) for batch in live_batches(session.folder)]
    batches = batches or [told(one.told) for one in _ended(session)]
    if not rows:
        return [told(f"session {session.name}: no runs yet"), *batches]
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    lines = []
    for run, snapshot in rows:
        epochs = field(f"epoch {snapshot.epoch}/{snapshot.epochs_total}" if snapshot.epochs_total else "", 14)
        sign = state_sign(snapshot.state, ascii_only=ascii_only)
        state = field(str(snapshot.state), 12)
        line = f"{sign} {printable(snapshot.part):<6} {state} {epochs} {duration(snapshot.seconds):>12}  {run.id}"
        more = snapshot.reason.splitlines()[0] if snapshot.reason else snapshot.phase_text if snapshot.trained else ""
        left = f"{snapshot.eta} left" if snapshot.eta else coming.begins(run, snapshot)
        lines.append("  ".join([line, *(told(text) for text in (more, left) if text)]))
    done, total = parts_done(session)
    return [*lines, *batches, told(f"{done} of {total} parts done")]


def batch_text(batch: Batch) -> str:
    """Return in a line what a batch runs or will run next, what comes then, and where it is not this machine's."""
    text = f"batch: {batch.part}, {batch.at + 1} of {len(batch.parts)}"
    if rest := batch.parts[batch.at + 1 :]:
        text += f"; then {', '.join(rest)}"
    return text if batch.pid else f"{text}; on another machine"


def _follow(options: argparse.Namespace, run: RunFolder) -> int:
    say = narrator(options)
    say_how_to_leave(run, say, ours=False)
    try:
        snapshot = follow(run, say)
    except (KeyboardInterrupt, Detached):
        say.line(f"{run.id} goes on; `follow` shows it again")
        return Exit.CTRL_C
    finally:
        say.close()
    outcome = outcome_of(catalogue().parts[snapshot.part], run, snapshot)
    if output.wants_json(options):
        output.print_json(None, [outcome])
    else:
        output.print_outcome(outcome, say, language())
    return outcome.exit


def _ask(options: argparse.Namespace, run: RunFolder, command: str, value: Any) -> int:
    """Put a request to a live run and wait for its answer."""
    if not run.state.live:
        raise UsageError(f"Run {run.id} is {run.state}, so it takes no requests.")
    reader = run.reader()
    number = run.request(command, value)
    deadline = time.monotonic() + ANSWER_SECONDS
    answer: dict[str, Any] | None = None
    while answer is None and run.state.live and time.monotonic() < deadline:
        answer = _answer(reader, number)
        time.sleep(0.05)
    answer = answer or _answer(reader, number)
    # A run that ended before it looked at the request was writing its result when it came.
    finishing = (answer is None and run.state is RunState.FINISHED) or bool(answer and answer.get("finishing"))
    if output.wants_json(options):
        report = {"format": 1, "run": run.id, "request": number, "command": command, "acknowledged": answer is not None}
        print(json.dumps({**report, "finishing": finishing}))
        return Exit.DONE
    state = "acknowledged" if answer is not None else "asked, not answered yet"
    if finishing:
        state = "came while it was finishing, which goes on to the result"
    print(f"{run.id}: {command}{'' if value is None else f' {value}'} {told(state)}")
    return Exit.DONE


def _answer(reader: EventReader, number: int) -> dict[str, Any] | None:
    """Return the event that answers a request, None where none of the new ones does."""
    return next((e for e in reader.poll() if e["kind"] == "acknowledged" and e.get("request") == number), None)


def _assignment(text: str) -> tuple[str, float | int]:
    name, equals, value = spelled_out(text).partition("=")
    kind = CHANGES.get(name.strip())
    if kind is None or not equals:
        raise ParameterError(f"{text!r}: a live run can change {' and '.join(CHANGES)}, as in learning_rate=1e-4.")
    parameter = catalogue().parts["7.1β"].parameter(name.strip())
    return name.strip(), kind(parameter.parse(value))


def part_of(run: RunFolder) -> str:
    """Return the part of a run, empty where its record cannot be read."""
    try:
        return str(run.record.get("part", ""))
    except StoreError:
        return ""


def _batch_row(batch: Batch) -> dict[str, Any]:
    return {"parts": list(batch.parts), "at": batch.at, "part": batch.part, "here": bool(batch.pid)}


def _ended(session: Session) -> tuple[ListEnd, ...]:
    return list_ends(session, runs_by_part(session), catalogue())


def _ended_row(one: ListEnd) -> dict[str, Any]:
    return {
        "parts": list(one.batch.parts),
        "part": one.last,
        "left": list(one.left),
        "given": list(one.batch.given),
        "reason": one.reason,
        "time": round(one.batch.when, 3),
    }


def _row(run: RunFolder, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "run": run.id,
        "part": snapshot.part,
        "status": str(snapshot.state),
        "reason": snapshot.reason,
        "epoch": len(snapshot.epochs),
        "epochs": snapshot.epochs_total,
        "seconds": round(snapshot.seconds, 3),
        "seconds_left": snapshot.seconds_left,
        "seconds_left_least": None if snapshot.left is None else snapshot.left.low,
        "phase": snapshot.phase_text if snapshot.state.live else "",
        "ended": snapshot.ended,
        "asked": [command for command, _ in snapshot.asked],
    }
