"""``show``: the finished result of a part again, as the batch printed it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from labsteps.catalogue import Part, catalogue
from labsteps.errors import DataError, PrerequisiteError, UsageError
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.control import part_of
from workbench.commands.narrate import Narrator, narrator
from workbench.commands.outcome import Outcome, outcome_of
from workbench.exits import Exit
from workbench.plots.text import printable_lines
from workbench.runner.follow import Follower
from workbench.runner.jobs import data_fingerprint
from workbench.runner.naming import run_named
from workbench.speaking import in_words
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run, and whether it was made on the data as they are now."""

    run: RunFolder
    current: bool


def run_show(options: argparse.Namespace) -> int:
    """Print the newest finished result of a part, or of each part of a step, or the result of one run.

    Raises
    ------
    PrerequisiteError
        If there is none; the message says what to run.
    """
    session = open_existing(options)
    named = run_named(session, options.part)
    parts = _parts(named) if named is not None else catalogue().resolve(options.part).parts
    say = narrator(options)
    say.language = output.language_of(options, session)
    if named is not None and named.state is not RunState.FINISHED:
        raise PrerequisiteError(f"Run {named.id} is {named.state}, so it has no result; `log {named.id}` shows it.")
    outcomes = [outcome for part in parts if (outcome := _outcome(part, session, say, named)) is not None]
    if not outcomes:
        raise PrerequisiteError(f"Nothing of {_names(parts)} is finished in session {session.name!r}. {_way(parts)}")
    found = [outcome.part for outcome in outcomes]
    for part in parts:
        if part not in found:
            say.problem(f"{part.id}  no finished result. {_way((part,))}")
    if output.wants_json(options):
        output.print_json(session, outcomes, say.language)
        return Exit.DONE
    for outcome in outcomes:
        output.print_outcome(outcome, say, say.language)
        if outcome.answered:
            print(f"\n{printable_lines(session.read_answer(outcome.part.id)[0].rstrip())}", flush=True)
    return Exit.DONE


def newest_result(session: Session, part: Part) -> Finished | None:
    """Return the newest finished run of a part: on the data as they are now, else on other data, else None."""
    try:
        now = data_fingerprint(session.data_root, part)
    except DataError:  # a result can be read again without the data it was made on
        now = None
    older: RunFolder | None = None
    for run in reversed(session.runs()):
        try:
            record = run.record
        except StoreError:  # a damaged run is none of this part's results; `sessions show` names it
            continue
        if record.get("part") != part.id or run.state is not RunState.FINISHED:
            continue
        if record.get("data", "") == now:
            return Finished(run, current=True)
        older = older or run
    return None if older is None else Finished(older, current=False)


def _parts(run: RunFolder) -> tuple[Part, ...]:
    part = catalogue().parts.get(part_of(run))
    if part is None:
        raise UsageError(f"Run {run.id} is of a part that this version does not have.")
    return (part,)


def _outcome(part: Part, session: Session, say: Narrator, named: RunFolder | None = None) -> Outcome | None:
    """Return what there is of a part, or of one run, or None; a question always has something to show."""
    answered = bool(session.read_answer(part.id)[0].strip()) if part.asks else None
    if part.only_asks:
        status = "answered" if answered else "not answered"
        return Outcome(part, status, answered=answered) if part.asks else None
    found = newest_result(session, part) if named is None else Finished(named, current=True)
    if found is None:
        return None
    if not found.current:
        say.line(f"{part.id}  run {found.run.id} is of other data than those the session has now")
    follower = Follower(found.run)
    outcome = outcome_of(part, found.run, follower.poll() or follower.snapshot)
    outcome.answered = answered
    return outcome


def _names(parts: tuple[Part, ...]) -> str:
    return ", ".join(part.id for part in parts)


def _way(parts: tuple[Part, ...]) -> str:
    built = [part.ascii_id for part in parts if part.built]
    if not built:
        return "It is not built yet in this version."
    return f"Run: {'run' if in_words() else 'python -m workbench --step'} {','.join(built)}"
