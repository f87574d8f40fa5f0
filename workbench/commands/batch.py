"""``--step``: run parts in order, follow each to its end, print results."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from labsteps.catalogue import Catalogue, Part, Step, catalogue, parse_changes
from labsteps.context import ParameterValue
from labsteps.data.folders import present_folders
from labsteps.errors import NotBuiltError, ParameterError
from workbench.commands import output
from workbench.commands.choose import device_of, open_existing, open_or_create
from workbench.commands.narrate import Narrator, narrator
from workbench.exits import Exit
from workbench.grammar.aliases import spelled_out
from workbench.grammar.prompt_state import state_of
from workbench.runner.follow import Follower, Snapshot
from workbench.runner.jobs import Found, Job, missing_prerequisites, require_prerequisites, run_for
from workbench.runner.launch import launch
from workbench.store.errors import SessionNotFoundError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

POLL_SECONDS = 0.1
LEAVE_SECONDS = 60.0
RESERVED = ("device", "seed")
DEVICE_PART = "0"


class Terminated(Exception):
    """SIGTERM came: leave, and let the run save itself."""


@dataclass
class Outcome:
    """What became of one part; `answered` is None where the part asks nothing."""

    part: Part
    status: str
    run: RunFolder | None = None
    seconds: float = 0.0
    seconds_per_epoch: float | None = None
    reason: str = ""
    exit: Exit = Exit.DONE
    answered: bool | None = None


def run_batch(options: argparse.Namespace) -> int:
    """Run the parts that ``--step`` names; return the exit code."""
    lab = catalogue()
    named = _resolve(lab, options.step)
    whole_step = any(isinstance(item, Step) for item in named) or options.with_prerequisites
    wanted = list(dict.fromkeys(part for item in named for part in item.parts))
    plan = [part for part in lab.with_prerequisites(wanted) if part.built or part in wanted] if whole_step else wanted
    if not any(part.built or part.asks for part in wanted):
        return _nothing_built(options, wanted)
    buildable = [part for part in plan if part.built]
    changes = _changes(options, buildable)
    if not buildable:
        return _print_questions(options, plan)
    if getattr(options, "data", None):
        present_folders(options.data.expanduser().absolute())
    say = narrator(options)
    session = open_or_create(options, buildable, say.line)
    say.language = output.language_of(options, session)
    if DEVICE_PART in [part.id for part in wanted] and getattr(options, "device", None):
        session.update(device=options.device)
    jobs = {
        part.id: Job(
            session, part, part.settings(changes[part.id]), _seed(options, session), device_of(options, session)
        )
        for part in buildable
    }
    if not whole_step:
        for job in jobs.values():
            require_prerequisites(job, lab.parts)
    if options.detach:
        outcomes = [_start(plan_part, jobs, lab, options, say) for plan_part in plan]
    else:
        outcomes = _run_all(plan, jobs, lab, options, say)
    say.close()
    if output.wants_json(options):
        output.print_json(session, outcomes, say.language)
    code = next((outcome.exit for outcome in outcomes if outcome.exit is not Exit.DONE), Exit.DONE)
    return int(code)


def _run_all(
    plan: list[Part], jobs: dict[str, Job], lab: Catalogue, options: argparse.Namespace, say: Narrator
) -> list[Outcome]:
    """Run the parts in order; after one that failed, those that build on it are skipped."""
    outcomes: list[Outcome] = []
    for part in plan:
        outcome = _not_run(part, jobs, lab) or _run_part(jobs[part.id], options, say)
        if part.asks:
            outcome.answered = _answered(part, next(iter(jobs.values())).session)
        outcomes.append(outcome)
        if not output.wants_json(options):
            output.print_outcome(outcome, say, say.language)
        if outcome.exit in (Exit.INTERRUPTED, Exit.CTRL_C):
            break
    return outcomes


def _not_run(part: Part, jobs: dict[str, Job], lab: Catalogue) -> Outcome | None:
    """Return the outcome of a part that cannot run: a question, not built yet, or built on a part without a result."""
    if part.only_asks and part.asks:
        return _question(part, next(iter(jobs.values())).session)
    if not part.built:
        return Outcome(part, "not built yet", reason=f"{part.id} is not built yet in this version.")
    missing = [needed for needed in missing_prerequisites(jobs[part.id], lab.parts) if needed not in (part.id,)]
    if missing:
        reason = f"builds on {', '.join(missing)}, which have no result"
        return Outcome(part, "skipped", reason=reason, exit=Exit.FAILED)
    return None


def _run_part(job: Job, options: argparse.Namespace, say: Narrator) -> Outcome:
    """Bring a part to its end: show what is finished, follow what goes on, take up what was interrupted."""
    run, found = run_for(job, force=options.force)
    say.part(job, run, found)
    if found is Found.FINISHED:
        return outcome_of(job.part, run, Follower(run).poll() or Follower(run).snapshot)
    ours = found is not Found.LIVE
    if ours:
        launch(run)
    # At the prompt Ctrl-C takes the user back to it, and the run goes on.
    return _outcome_of_following(job.part, run, say, stop_on_leave=ours and state_of(options) is None)


def _outcome_of_following(part: Part, run: RunFolder, say: Narrator, *, stop_on_leave: bool) -> Outcome:
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        return outcome_of(part, run, follow(run, say))
    except (KeyboardInterrupt, Terminated) as cause:
        code = Exit.CTRL_C if isinstance(cause, KeyboardInterrupt) else Exit.INTERRUPTED
        if not stop_on_leave:
            say.line(f"{run.id} goes on; `follow` shows it again")
            return Outcome(part, str(run.state), run, exit=code)
        say.line("saving its state and stopping; Ctrl-C again leaves it at once")
        return _leave(part, run, say, code)
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(part: Part, run: RunFolder, say: Narrator, code: Exit) -> Outcome:
    """Ask the run to stop, wait for it a while, and say how to take it up again."""
    run.request("stop")
    deadline = time.monotonic() + LEAVE_SECONDS
    try:
        while run.state.live and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    except (KeyboardInterrupt, Terminated):
        say.line("left; the run stops by itself")
    outcome = outcome_of(part, run, Follower(run).poll() or Follower(run).snapshot)
    outcome.exit = code
    if run.state.live:
        outcome.reason = "left; it saves its state and stops by itself"
    return outcome


def follow(run: RunFolder, say: Narrator) -> Snapshot:
    """Tell what happens in a run until no worker holds it; return the last snapshot."""
    follower = Follower(run)
    while True:
        snapshot = follower.poll()
        if snapshot is not None:
            say.snapshot(snapshot)
        state = follower.snapshot.state
        if not state.live and state is not RunState.WAITING:
            # What the worker wrote between our reading of its events and its end.
            last = follower.poll()
            if last is not None:
                say.snapshot(last)
            return follower.snapshot
        time.sleep(POLL_SECONDS)


def _start(part: Part, jobs: dict[str, Job], lab: Catalogue, options: argparse.Namespace, say: Narrator) -> Outcome:
    """Start a part and return; it takes its turn on the device after those started before it."""
    if part.only_asks and part.asks:
        return _question(part, next(iter(jobs.values())).session)
    if not part.built:
        return Outcome(part, "not built yet", reason=f"{part.id} is not built yet in this version.")
    run, found = run_for(jobs[part.id], force=options.force)
    if found in (Found.NEW, Found.RESUMABLE):
        launch(run)
    state = run.state
    say.line(f"{part.id}  {state}  {run.id}")
    return Outcome(part, str(state), run)


def outcome_of(part: Part, run: RunFolder, snapshot: Snapshot) -> Outcome:
    """Return what became of a part from the last snapshot of its run."""
    state = snapshot.state
    codes = {RunState.FINISHED: Exit.DONE, RunState.INTERRUPTED: Exit.INTERRUPTED}
    code = codes.get(state, Exit.FAILED)
    reason = snapshot.reason
    if state is RunState.FAILED:
        kind = (run.failure() or {}).get("kind")
        code = {"data": Exit.DATA, "usage": Exit.USAGE}.get(str(kind), Exit.FAILED)
    if state is RunState.INTERRUPTED:
        reason = f"{reason}; the same command takes it up again"
    return Outcome(part, str(state), run, snapshot.seconds, snapshot.seconds_per_epoch, reason, code)


def _resolve(lab: Catalogue, text: str) -> list[Step | Part]:
    if text.strip().lower() == "all":
        return list(lab)
    return [lab.resolve(one) for one in text.split(",")]


def _changes(options: argparse.Namespace, parts: Iterable[Part]) -> dict[str, dict[str, ParameterValue]]:
    """Read ``--set`` and ``--subset``; ``device`` and ``seed`` are the run's own and may be set there too."""
    assignments = []
    for text in map(spelled_out, options.set):
        name, equals, value = text.partition("=")
        if name.strip() not in RESERVED or not equals:
            assignments.append(text)
        elif name.strip() == "device":
            options.device = value.strip()
        else:
            options.seed = _whole(value)
    if options.subset is not None:
        assignments.append(f"subset={options.subset}")
    parts = list(parts)
    changes = parse_changes(parts, assignments)
    kept = state_of(options)
    return {part.id: {**(kept.settings_for(part) if kept else {}), **changes[part.id]} for part in parts}


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or int(text) >= 2**31:
        raise ParameterError(f"seed cannot be {text.strip()!r}: it takes a whole number from 0 to {2**31 - 1}.")
    return int(text)


def _seed(options: argparse.Namespace, session: Session) -> int:
    return session.seed if options.seed is None else int(options.seed)


def _nothing_built(options: argparse.Namespace, plan: list[Part]) -> int:
    outcomes = [Outcome(part, "not built yet", reason=f"{part.id} is not built yet in this version.") for part in plan]
    if output.wants_json(options):
        output.print_json(None, outcomes, output.language_of(options, None))
    ids = ", ".join(part.id for part in plan)
    waiting = ", a question to answer" if all(part.only_asks for part in plan) else ""
    message = f"{ids}{waiting}: not built yet in this version. `steps` lists what can be run."
    if output.wants_json(options):
        print(message, file=sys.stderr)
        return Exit.USAGE
    raise NotBuiltError(message)


def _print_questions(options: argparse.Namespace, plan: list[Part]) -> int:
    """Print parts of which none runs anything; without a session none of them is answered."""
    try:
        session = open_existing(options)
    except SessionNotFoundError:
        session = None
    say = narrator(options)
    language = output.language_of(options, session)
    outcomes = [_question(part, session) if part.asks else Outcome(part, "not built yet") for part in plan]
    if output.wants_json(options):
        output.print_json(session, outcomes, language)
    else:
        for outcome in outcomes:
            output.print_outcome(outcome, say, language)
    return Exit.DONE


def _question(part: Part, session: Session | None) -> Outcome:
    answered = session is not None and _answered(part, session)
    return Outcome(part, "answered" if answered else "not answered", answered=answered)


def _answered(part: Part, session: Session) -> bool:
    return bool(session.read_answer(part.id)[0].strip())


def _terminated(_number: int, _frame: FrameType | None) -> Any:
    raise Terminated
