"""``--step``: plan parts, run them in order, follow each to its end, print results and a summary."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from labsteps.catalogue import Catalogue, Kind, Part, catalogue, parse_changes
from labsteps.context import ParameterValue
from labsteps.data.folders import present_folders
from labsteps.errors import LabError, NotBuiltError, ParameterError
from labsteps.selection import ALL, select
from workbench.commands import output
from workbench.commands.choose import device_of, find_session, open_existing, prepare, sessions_of
from workbench.commands.following import Terminated, follow_to_end, terminable
from workbench.commands.narrate import Narrator, narrator
from workbench.commands.outcome import NOT_BUILT, Outcome, is_answered, left_out, outcome_of, question
from workbench.commands.planning import dry_run, plan_lines, refuse_unable
from workbench.commands.summary import print_summary
from workbench.config.pointers import hint_for_parameter
from workbench.config.resolve import configured, switched_on
from workbench.config.settings import BY_NAME
from workbench.counting import DEVICE_PART
from workbench.exits import Exit
from workbench.grammar.aliases import spelled_out
from workbench.grammar.prompt_state import state_of
from workbench.runner.estimate import history_of
from workbench.runner.jobs import Found, Job, missing_prerequisites, require_prerequisites, run_for, unreadable_runs
from workbench.runner.launch import launch
from workbench.runner.list_ends import ASKED, own_values
from workbench.runner.plan import Action, Order, Plan, PlannedPart, make_plan, without_result
from workbench.runner.profiles import is_measured
from workbench.store.batches import BatchRecord, live_batches
from workbench.store.errors import SessionNotFoundError, StoreError
from workbench.store.processes import alive
from workbench.store.run import WITHOUT_A_WORD, RunFolder, RunState
from workbench.store.session import Session

RESERVED = ("device", "seed")
TAKEN_UP_AGAIN = 3
# Until a batch that was started tells of itself: the start of a process, no more.
SEEN_SECONDS = 10.0
_UNMEASURED = (
    "  it was begun without --profile: give the same command again when it has ended, for one that is measured"
)
_PASSED_ON = ("with_prerequisites", "force", "tensorboard", "profile")


def run_batch(options: argparse.Namespace) -> int:
    """Run the parts that ``--step`` names; return the exit code."""
    lab = catalogue()
    chosen = select(lab, options.step)
    wanted = chosen.parts
    prerequisites = chosen.whole or switched_on("with_prerequisites", options, find_session(options))
    if not any(part.built or part.asks for part in wanted):
        return _nothing_built(options, wanted)
    order = _order(options, lab, wanted, prerequisites=prerequisites)
    parts = order.parts(lab)
    buildable = [part for part in parts if part.built]
    if getattr(options, "data", None):
        present_folders(options.data.expanduser().absolute())
    refuse_unable(options, lab, order)
    if getattr(options, "dry_run", False):
        return dry_run(options, lab, order)
    if not buildable:
        return _print_questions(options, parts)
    say = narrator(options)
    session, problems = prepare(options, buildable, wanted, say.line)
    say.language = output.language_of(options, session)
    if DEVICE_PART in [part.id for part in wanted] and getattr(options, "device", None):
        session.update(device=options.device)
    batch = _Batch(options, lab, session, order.settings, say, many=len(parts) > 1)
    if not prerequisites:
        for part in wanted:
            if part.built and part.id not in problems:
                require_prerequisites(session, part, batch.settings(part), session.data_root, lab.parts)
    order = replace(order, seed=batch.seed, problems=problems)
    history = history_of(sessions_of(options), session, batch.device) if len(parts) > 1 else None
    plan = make_plan(order, lab, session, session.data_root, history)
    if options.detach:
        return batch.detach(plan)
    return batch.carry_out(plan, whole_lab=options.step.strip().casefold() == ALL)


class _Batch:
    """A session, the settings of its parts, and whom to tell: all that it takes to carry a plan out."""

    def __init__(
        self,
        options: argparse.Namespace,
        lab: Catalogue,
        session: Session,
        settings: Callable[[Part], Mapping[str, ParameterValue]],
        say: Narrator,
        *,
        many: bool,
    ) -> None:
        self.options, self.lab, self.session, self.settings, self.say = options, lab, session, settings, say
        self._chosen: dict[str, str] = {}
        self.seed = int(configured("seed", options, session))
        self.device = device_of(options, session)
        self._many = many
        self._profile = bool(getattr(options, "profile", False))
        if switched_on("tensorboard", options, session):
            # The runs are processes of their own, and see it there.
            os.environ[BY_NAME["tensorboard"].variable] = "true"

    def job(self, part: Part) -> Job:
        """Return a part with all it needs to become a run."""
        return Job(self.session, part, self.settings(part), self.seed, self.device, self._chosen)

    def carry_out(self, plan: Plan, *, whole_lab: bool) -> int:
        """Do what the plan says, in order; after a part that failed, those that build on it are skipped."""
        began = time.monotonic()
        if self._many:
            for line in plan_lines(plan, self.say.language):
                self.say.line(line)
        outcomes: list[Outcome] = []
        self._chosen |= plan.reused
        with terminable(), self._announced(plan) as record:
            for planned in plan.parts:
                if record is not None and planned in plan.working:
                    record.at(plan.working.index(planned))
                outcome = self._outcome(planned, outcomes)
                outcomes.append(outcome)
                if outcome.run is not None and outcome.finished:
                    self._chosen[planned.part.id] = outcome.run.id
                if not output.wants_json(self.options):
                    self._print(outcome, brief=whole_lab)
                if outcome.exit in (Exit.INTERRUPTED, Exit.CTRL_C):
                    if record is not None:
                        keep_what_is_left(record, plan, outcomes)
                    break
        self.say.close()
        rest = plan.parts[len(outcomes) :]
        if output.wants_json(self.options):
            output.print_json(self.session, outcomes, self.say.language, time.monotonic() - began, rest)
        elif self._many:
            print_summary(outcomes, rest, time.monotonic() - began, self.say.language)
        return int(next((outcome.exit for outcome in outcomes if outcome.exit is not Exit.DONE), Exit.DONE))

    def _print(self, outcome: Outcome, *, brief: bool) -> None:
        """Print an outcome; what is asked to end meanwhile ends with it."""
        try:
            output.print_outcome(outcome, self.say, self.say.language, brief=brief)
        except Terminated:
            outcome.exit = Exit.INTERRUPTED

    def _announced(self, plan: Plan) -> AbstractContextManager[BatchRecord | None]:
        """Tell others what goes on here, also between two runs; a single run tells of itself."""
        if len(plan.working) < 2:
            return nullcontext()
        parts = [planned.part for planned in plan.working]
        return BatchRecord(self.session.folder, [part.id for part in parts], self._own_values(parts))

    def _own_values(self, parts: Sequence[Part]) -> list[str]:
        """Return what a list has to be given to do the same again."""
        seed = getattr(self.options, "seed", None)
        return [*([] if seed is None else [f"seed={seed}"]), *own_values(parts, self.settings)]

    def _outcome(self, planned: PlannedPart, before: list[Outcome]) -> Outcome:
        """Bring a part to its end, or say why it is left out."""
        part = planned.part
        if planned.action is Action.QUESTION:
            return question(part, self.session)
        try:
            outcome = self._skipped(planned, before) or self._run(planned)
        except Terminated:
            return Outcome(part, str(RunState.WAITING), reason="ended before it began", exit=Exit.INTERRUPTED)
        except (LabError, StoreError) as error:
            if not self._many:
                raise
            outcome = Outcome(part, str(RunState.FAILED), reason=str(error), exit=Exit.FAILED)
        outcome.profiled = self._profile
        if part.asks:
            outcome.answered = is_answered(part, self.session)
        return outcome

    def _skipped(self, planned: PlannedPart, before: list[Outcome]) -> Outcome | None:
        """Return the outcome of a part that cannot run, by the plan or by what has failed since."""
        if planned.action is Action.SKIP:
            return left_out(planned)
        failed = {one.part.id: one for one in before if one.run is not None and not one.finished}
        settings = self.settings(planned.part)
        lacking = [need for need in planned.part.needs_with(settings) if need in failed]
        lacking = lacking or missing_prerequisites(
            self.session, planned.part, settings, self.session.data_root, self.lab.parts
        )
        if not lacking:
            return None
        code = next((failed[need].exit for need in lacking if need in failed), Exit.FAILED)
        return Outcome(planned.part, "skipped", reason=without_result(lacking), exit=code)

    def _run(self, planned: PlannedPart) -> Outcome:
        """Show what is finished, follow what goes on, take up what was interrupted, begin what is new."""
        job = self.job(planned.part)
        if planned.action is Action.REUSE and planned.run is not None:
            self.say.part(job, planned.run, Found.FINISHED)
            outcome = outcome_of(job.part, planned.run)
            outcome.reused = True
            self._write_events(planned.run)
            return outcome
        run, found = run_for(job, force=self._anew(planned))
        self.say.part(job, run, found)
        if found is Found.NEW:
            for error in unreadable_runs(self.session, job.part):
                self.say.problem(f"left out: {error}")
        if found in (Found.NEW, Found.RESUMABLE):
            self._launch(run)
        elif self._profile and found is Found.LIVE and Kind.RUN in job.part.kinds and not is_measured(run):
            self.say.line(_UNMEASURED)
        # At the prompt Ctrl-C takes the user back to it, and the run goes on.
        ours = found is not Found.LIVE and state_of(self.options) is None
        outcome = follow_to_end(job.part, run, self.say, ours=ours)
        for again in range(1, TAKEN_UP_AGAIN + 1):
            if not (self._many and outcome.exit is Exit.INTERRUPTED and _was_killed(run)):
                break
            self.say.line(f"  {run.status().reason}; taken up again ({again} of {TAKEN_UP_AGAIN} times)")
            self._launch(run)
            outcome = follow_to_end(job.part, run, self.say, ours=ours)
        return outcome

    def _anew(self, planned: PlannedPart) -> bool:
        """Tell whether a part runs again whatever there is: where that is asked for, and to measure its time."""
        measured = self._profile and planned.action is Action.RUN
        return planned.wanted and (self.options.force or measured)

    def _launch(self, run: RunFolder) -> None:
        launch(run, profile=self._profile)

    def _write_events(self, run: RunFolder) -> None:
        """Write TensorBoard's event files of a run that was there already; new runs write their own."""
        if switched_on("tensorboard", self.options, self.session):
            from workbench.export.tensorboard import folder_of, write_run

            write_run(run, folder_of(self.session))

    def detach(self, plan: Plan) -> int:
        """Start a plan and return: a single run by itself, several by a process that starts one after the other."""
        from workbench.runner.driver import start_driver

        working = plan.working
        self._chosen |= plan.reused
        if len(working) > 1:
            driver = start_driver(self.session, arguments_of(self.options, self.session))
            _wait_for(self.session, driver.pid)
            self.say.line(f"{len(working)} parts run one after the other; log: {driver.log}")
        outcomes = [self._started(planned, alone=len(working) == 1) for planned in plan.parts]
        self.say.close()
        if output.wants_json(self.options):
            output.print_json(self.session, outcomes, self.say.language)
        return int(Exit.DONE)

    def _started(self, planned: PlannedPart, *, alone: bool) -> Outcome:
        part = planned.part
        if planned.action is Action.QUESTION:
            return question(part, self.session)
        if planned.action is Action.SKIP:
            return left_out(planned)
        if planned.action is Action.REUSE and planned.run is not None:
            outcome = outcome_of(part, planned.run)
            outcome.reused = True
            return outcome
        if not alone:
            return Outcome(part, "planned", planned.run)
        run, found = run_for(self.job(part), force=self._anew(planned))
        if found in (Found.NEW, Found.RESUMABLE):
            self._launch(run)
        state = run.state
        self.say.line(f"{part.id}  {state}  {run.id}")
        return Outcome(part, str(state), run)


def keep_what_is_left(record: BatchRecord, plan: Plan, outcomes: Sequence[Outcome]) -> None:
    """Keep what a list leaves that ended, for somebody who is not there; who presses Ctrl-C is, and reads the summary.

    Parameters
    ----------
    record
        Of the list.
    plan
        What it was to do.
    outcomes
        What became of the parts so far; it ended with the last of them.
    """
    ended, run = outcomes[-1], outcomes[-1].run
    left = [planned.part.id for planned in plan.parts[len(outcomes) :] if planned.action.works]
    if run is None:
        left = [ended.part.id, *left]
    if left and ended.exit is Exit.INTERRUPTED:
        status = None if run is None else run.status()
        stopped = status is not None and status.state is RunState.INTERRUPTED
        record.ends_early(left, status.reason if status is not None and stopped else ASKED)


def _wait_for(session: Session, pid: int) -> None:
    """Wait a while for a batch to tell of itself, so that who asks for the status next hears of it."""
    deadline = time.monotonic() + SEEN_SECONDS
    while alive(pid) and time.monotonic() < deadline:
        if any(batch.pid == pid for batch in live_batches(session.folder)):
            return
        time.sleep(0.05)


def arguments_of(options: argparse.Namespace, session: Session) -> list[str]:
    """Return the command line that does the same in a process of its own."""
    arguments = [f"--step={options.step}", f"--session={session.name}", f"--sessions-dir={session.folder.parent}"]
    arguments += [f"--set={text}" for text in options.set]
    given = {"device": getattr(options, "device", None), "seed": options.seed, "subset": options.subset}
    arguments += [f"--{name}={value}" for name, value in given.items() if value is not None]
    return arguments + [f"--{name.replace('_', '-')}" for name in _PASSED_ON if getattr(options, name, False)]


def _was_killed(run: RunFolder) -> bool:
    """Tell whether a run ended because somebody killed its process, which says nothing against going on."""
    reason = run.status().reason
    return reason == WITHOUT_A_WORD or (reason.startswith("killed by SIG"))


def _order(options: argparse.Namespace, lab: Catalogue, wanted: tuple[Part, ...], *, prerequisites: bool) -> Order:
    """Return what the options ask for; which parts they set depends on what they set in parts that build on others."""
    profile = bool(getattr(options, "profile", False))

    def with_settings(parts: Iterable[Part]) -> Order:
        changes = _changes(options, [part for part in parts if part.built])

        def given(part: Part) -> Mapping[str, ParameterValue]:
            return changes.get(part.id, {})

        def settings(part: Part) -> dict[str, ParameterValue]:
            return part.settings(given(part))

        return Order(wanted, prerequisites, settings, 0, options.force, None, given, options.seed is not None, profile)

    order = with_settings(lab.perhaps_needed(wanted) if prerequisites else wanted)
    return with_settings(order.parts(lab))


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
    changes = parse_changes(parts, assignments, hint_for_parameter)
    kept = state_of(options)
    return {part.id: {**(kept.settings_for(part) if kept else {}), **changes[part.id]} for part in parts}


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > 10 or int(text) >= 2**31:
        raise ParameterError(f"seed cannot be {text.strip()[:40]!r}: it takes a whole number from 0 to {2**31 - 1}.")
    return int(text)


def _nothing_built(options: argparse.Namespace, parts: Iterable[Part]) -> int:
    parts = list(parts)
    outcomes = [Outcome(part, NOT_BUILT, reason=f"{part.id} is not built yet in this version.") for part in parts]
    if output.wants_json(options):
        output.print_json(None, outcomes, output.language_of(options, None))
    ids = ", ".join(part.id for part in parts)
    waiting = ", a question to answer" if all(part.only_asks for part in parts) else ""
    message = f"{ids}{waiting}: not built yet in this version. `steps` lists what can be run."
    if output.wants_json(options):
        narrator(options).line(message)
        return Exit.USAGE
    raise NotBuiltError(message)


def _print_questions(options: argparse.Namespace, parts: Iterable[Part]) -> int:
    """Print parts of which none runs anything; without a session none of them is answered."""
    try:
        session = open_existing(options)
    except SessionNotFoundError:
        session = None
    say = narrator(options)
    language = output.language_of(options, session)
    outcomes = [question(part, session) if part.asks else Outcome(part, NOT_BUILT) for part in parts]
    if output.wants_json(options):
        output.print_json(session, outcomes, language)
    else:
        for outcome in outcomes:
            output.print_outcome(outcome, say, language)
    return Exit.DONE
