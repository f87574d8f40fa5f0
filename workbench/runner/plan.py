"""What will happen when parts are asked for: which run, which are reused, which cannot, in which order and how long.

A plan starts nothing.  The batch prints it and carries it out, the app shows it before it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from labsteps.catalogue import Catalogue, Part
from labsteps.context import ParameterValue
from labsteps.errors import DataError
from workbench.runner.course import Span
from workbench.runner.estimate import NO_RUN, Basis, Estimate, History
from workbench.runner.jobs import (
    FOLDER_OF_DATA,
    DataChangedError,
    Found,
    data_fingerprint,
    earlier_run,
    identity,
    matching_run,
)
from workbench.runner.profiles import is_measured, lacks_profile
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.wording import between

# Why a part that nobody named is in a plan.
ALONGSIDE = "what follows builds on it"


class Action(StrEnum):
    """What will happen to a part."""

    RUN = "run"
    RESUME = "resume"
    FOLLOW = "follow"
    REUSE = "reuse"
    QUESTION = "question"
    SKIP = "skip"

    @property
    def works(self) -> bool:
        """Whether something runs."""
        return self in (Action.RUN, Action.RESUME, Action.FOLLOW)


class Cause(StrEnum):
    """Why a part is left out."""

    NONE = ""
    NOT_BUILT = "not built"
    DATA = "data"
    BUILDS_ON = "builds on"


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of a plan.

    Attributes
    ----------
    wanted
        Whether it was asked for; else it is there because another builds on it.
    reason
        Why it is left out, why it is there or runs again, or how what is reused differs from the defaults.
    run
        The run that is reused, followed or taken up.
    estimate
        How long it will take, where something runs.
    unknown
        Why there is no estimate, where something runs.
    """

    part: Part
    action: Action
    wanted: bool
    reason: str = ""
    cause: Cause = Cause.NONE
    run: RunFolder | None = None
    estimate: Estimate | None = None
    unknown: str = ""

    @property
    def rests(self) -> str:
        """The run that its time rests on, or that tells nothing of it, in words; empty where there is none."""
        if self.estimate is not None:
            return "" if self.estimate.basis is Basis.GUESS else self.estimate.detail
        return "" if self.unknown == NO_RUN else self.unknown


@dataclass(frozen=True, slots=True)
class Plan:
    """Parts in the order in which they are to be done."""

    parts: tuple[PlannedPart, ...]

    @property
    def span(self) -> Span:
        """Estimate of the time it takes altogether."""
        spans = (planned.estimate.span for planned in self.parts if planned.estimate is not None)
        return sum(spans, Span.exactly(0.0))

    @property
    def working(self) -> tuple[PlannedPart, ...]:
        """The parts for which something runs."""
        return tuple(planned for planned in self.parts if planned.action.works)

    @property
    def reused(self) -> dict[str, str]:
        """By part, the run that is reused."""
        return {
            planned.part.id: planned.run.id
            for planned in self.parts
            if planned.action is Action.REUSE and planned.run is not None
        }


def _nothing(_: Part) -> Mapping[str, ParameterValue]:
    return {}


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes
    ----------
    wanted
        The parts, in order.
    prerequisites
        Whether what they build on is run first.
    force
        Whether wanted parts run again though they are finished.
    settings
        By part, all its parameters.
    problems
        By part, what is wrong with its data.
    given
        By part, the parameters that the user gave it: of a part that nobody named, a run is reused only with these.
    seed_given
        Whether the user gave the seed.
    profile
        Whether a wanted part that trains or evaluates runs again where its time was not measured.
    """

    wanted: tuple[Part, ...]
    prerequisites: bool
    settings: Callable[[Part], Mapping[str, ParameterValue]]
    seed: int = 0
    force: bool = False
    problems: Mapping[str, str] | None = None
    given: Callable[[Part], Mapping[str, ParameterValue]] = _nothing
    seed_given: bool = False
    profile: bool = False

    def parts(self, lab: Catalogue) -> list[Part]:
        """Return all parts of the order, what is needed first; what is not asked for and not built is left out."""
        if not self.prerequisites:
            return list(self.wanted)
        # Of these a plan leaves out what would be run for nothing.
        return [
            part for part in lab.with_prerequisites(self.wanted, self.settings) if part.built or part in self.wanted
        ]


def make_plan(
    order: Order, lab: Catalogue, session: Session | None, root: Path | None, history: History | None
) -> Plan:
    """Return what will happen, told without starting anything.

    Parameters
    ----------
    order
        What is asked for.
    lab
        The catalogue.
    session
        The session, None where it would be made.
    root
        The data folder.
    history
        What parts took here before; without it nothing is estimated.
    """
    planner = _Planner(order, lab, session, root, history)
    return Plan(tuple(planner.add(part) for part in planner.chosen()))


class _Planner:
    def __init__(
        self, order: Order, lab: Catalogue, session: Session | None, root: Path | None, history: History | None
    ) -> None:
        self._order, self._lab, self._session, self._root, self._history = order, lab, session, root, history
        self._planned: dict[str, PlannedPart] = {}
        self._fingerprints: dict[tuple[str, ...], str] = {}
        self._finished: dict[str, RunFolder | None] = {}
        # Parts of which a certain run is taken, so that what builds on them has to be on that one.
        self._bound: set[str] = set()

    def chosen(self) -> list[Part]:
        """Return the parts of the plan in order; nothing is run for the sake of a part that cannot run itself."""
        found: dict[str, Part] = {}
        for part in self._order.wanted:
            alone = not self._order.prerequisites or self._blocked(part)
            for one in [part] if alone else self._lab.with_prerequisites([part], self._order.settings):
                if one.built or one in self._order.wanted:
                    found.setdefault(one.id, one)
        if not self._order.prerequisites:
            return list(found.values())
        # What one part takes into account can be there for the sake of another.
        ordered = self._lab.with_prerequisites(found.values(), self._order.settings)
        return [part for part in ordered if part.id in found]

    def _blocked(self, part: Part) -> bool:
        """Tell whether a part cannot run, whatever else runs: it, or what it builds on, is not built or lacks data."""
        if self._problem(part) or not (part.built or part.only_asks):
            return True
        needs = [self._lab.parts[need] for need in part.needs_with(self._order.settings(part))]
        return any(self._blocked(need) and self._finished_run(need) is None for need in needs)

    def _problem(self, part: Part) -> str:
        return (self._order.problems or {}).get(part.id) or missing_folders(self._root, part)

    def add(self, part: Part) -> PlannedPart:
        wanted = part in self._order.wanted
        planned = self._left_out(part, wanted) or self._found(part, wanted)
        self._planned[part.id] = planned
        return planned

    def _left_out(self, part: Part, wanted: bool) -> PlannedPart | None:
        if part.only_asks and part.asks:
            return PlannedPart(part, Action.QUESTION, wanted)
        if not part.built:
            text = f"{part.id} is not built yet in this version."
            return PlannedPart(part, Action.SKIP, wanted, text, Cause.NOT_BUILT)
        problem = self._problem(part)
        if problem:
            return PlannedPart(part, Action.SKIP, wanted, problem, Cause.DATA)
        lacking = [need for need in part.needs_with(self._order.settings(part)) if not self._will_be_there(need)]
        if lacking:
            cause = self._cause(lacking)
            text = without_result(lacking)
            return PlannedPart(part, Action.SKIP, wanted, text, cause)
        return None

    def _will_be_there(self, need: str) -> bool:
        planned = self._planned.get(need)
        if planned is not None and (planned.action.works or planned.action is Action.REUSE):
            return True
        return self._finished_run(self._lab.parts[need]) is not None

    def _cause(self, lacking: Sequence[str]) -> Cause:
        causes = {self._planned[need].cause for need in lacking if need in self._planned}
        for_data = Cause.DATA in causes or any(self._problem(self._lab.parts[need]) for need in lacking)
        return Cause.DATA if for_data else Cause.BUILDS_ON

    def _found(self, part: Part, wanted: bool) -> PlannedPart:
        """Return what is done with a part that can run."""
        parameters, data = self._order.settings(part), self._fingerprint(part)
        if not wanted:
            run = self._prerequisite(part)
            if run is not None:
                return self._reuse(part, wanted, run)
        takes = part.takes_from(parameters)
        match = None
        if self._session is not None and not self._works(takes) and not (self._order.force and wanted):
            builds_on = {one: run.id for one in takes if (run := self._run_of(one))}
            try:
                match = matching_run(self._session, part, identity(part, parameters, self._order.seed, data, builds_on))
            except DataChangedError as error:
                return PlannedPart(part, Action.SKIP, wanted, str(error), Cause.DATA)
        if match is not None and wanted and self._lacks_profile(part, *match):
            match = None
        run, found = match or (None, Found.NEW)
        if run is not None and found is Found.FINISHED:
            return self._reuse(part, wanted, run)
        actions = {Found.LIVE: Action.FOLLOW, Found.RESUMABLE: Action.RESUME}
        estimate, unknown, history = None, "", self._history
        if history is not None:
            seed = self._order.seed
            made = {one: self._order.settings(self._lab.parts[one]) for one in self._works([part.model_of])}
            estimate = history.estimate(part, parameters, self._root, data, seed=seed, going=run, made=made)
            unknown = "" if estimate is not None else history.unknown(part, parameters)
        reasons = ("" if wanted else ALONGSIDE, self._why_again(part, wanted) if not match else "")
        reason = "; ".join(filter(None, reasons))
        action = actions.get(found, Action.RUN)
        return PlannedPart(part, action, wanted, reason, run=run, estimate=estimate, unknown=unknown)

    def _lacks_profile(self, part: Part, run: RunFolder, found: Found) -> bool:
        """Tell whether a finished run lacks what is asked for: where all of its time went."""
        return self._order.profile and found is Found.FINISHED and lacks_profile(part, run)

    def _prerequisite(self, part: Part) -> RunFolder | None:
        """Return the run that is reused of a part that nobody named, one that has what the user gave."""
        settings = self._order.settings(part)
        if self._session is None or self._works(part.needs_with(settings)):
            return None
        seed = self._order.seed if self._order.seed_given else None
        run = earlier_run(self._session, part, self._root, parameters=self._given(part), seed=seed)
        if run is None:
            return None
        if self._works(part.uses) and self._equal_run(part) is not None:
            return None  # made again it takes the model of that run
        builds_on = run.record.get("builds_on", {})
        bound = self._bound.intersection(part.takes_from(settings))
        stands = all(builds_on.get(one) == _id_of(self._run_of(one)) for one in bound)
        return run if stands else None

    def _reuse(self, part: Part, wanted: bool, run: RunFolder) -> PlannedPart:
        takes = part.takes_from(self._order.settings(part))
        newest = _id_of(self._finished_run(part)) == run.id
        if self._is_given(part) or not newest or self._bound.intersection(takes):
            self._bound.add(part.id)
        reason = "" if wanted else _differs(part, run, self._order.seed) or ALONGSIDE
        return PlannedPart(part, Action.REUSE, wanted, reason, run=run)

    def _given(self, part: Part) -> dict[str, ParameterValue]:
        """Return what the user gave a part that affects its result."""
        return {name: value for name, value in self._order.given(part).items() if _decides(part, name)}

    def _is_given(self, part: Part) -> bool:
        return bool(self._given(part)) or self._order.seed_given

    def _works(self, parts: Iterable[str]) -> list[str]:
        """Return which of the parts are made anew by the plan."""
        return [one for one in parts if one in self._planned and self._planned[one].action.works]

    def _equal_run(self, part: Part) -> RunFolder | None:
        """Return a finished run of a part with the settings that it would run with, whatever it was begun on."""
        if self._session is None:
            return None
        decisive = {name: value for name, value in self._order.settings(part).items() if _decides(part, name)}
        return earlier_run(self._session, part, self._root, parameters=decisive, seed=self._order.seed)

    def _why_again(self, part: Part, wanted: bool) -> str:
        """Say why a part runs that has a finished run."""
        equal = self._equal_run(part)
        takes = part.takes_from(self._order.settings(part))
        if equal is not None:
            if self._order.force and wanted:
                return ""
            anew = self._works(takes)
            if anew:
                return f"again: {', '.join(anew)} {'is' if len(anew) == 1 else 'are'} made anew"
            builds_on = equal.record.get("builds_on", {})
            newer = [one for one in takes if (run := self._run_of(one)) and builds_on.get(one) != run.id]
            if newer:
                return f"again: {', '.join(newer)} {'is' if len(newer) == 1 else 'are'} newer"
            if self._lacks_profile(part, equal, Found.FINISHED):
                return f"again: {'a part of ' if is_measured(equal) else ''}its time was not measured"
            return "again: it tells of the machine and the data as they are now" if part.fresh else ""
        there = None if wanted else self._finished_run(part)
        if there is None:
            return ""
        had = {**part.defaults(), **there.record["parameters"]}
        other = [f"{name} {had[name]}" for name, value in self._given(part).items() if had[name] != value]
        if self._order.seed_given and there.record.get("seed") != self._order.seed:
            other.append(f"seed {there.record.get('seed')}")
        return f"what is finished has {', '.join(other)}" if other else ""

    def _run_of(self, part_id: str) -> RunFolder | None:
        """Return the run of a part that others take: the one that the plan reuses, else the newest finished one."""
        planned = self._planned.get(part_id)
        if planned is not None and planned.action is Action.REUSE and planned.run is not None:
            return planned.run
        return self._finished_run(self._lab.parts[part_id])

    def _finished_run(self, part: Part) -> RunFolder | None:
        if self._session is None:
            return None
        if part.id not in self._finished:
            self._finished[part.id] = earlier_run(self._session, part, self._root)
        return self._finished[part.id]

    def _fingerprint(self, part: Part) -> str:
        if part.data not in self._fingerprints:
            try:
                self._fingerprints[part.data] = data_fingerprint(self._root, part)
            except DataError:  # the run itself will say what is wrong
                self._fingerprints[part.data] = "unreadable"
        return self._fingerprints[part.data]


def _decides(part: Part, name: str) -> bool:
    return part.parameter(name).affects_result


def _id_of(run: RunFolder | None) -> str | None:
    return None if run is None else run.id


def _differs(part: Part, run: RunFolder, seed: int) -> str:
    """Say in which settings a run differs from those that its part runs with by itself."""
    record = run.record
    had = record.get("parameters", {})
    other = [
        f"{name} {had[name]}"
        for name, default in part.defaults().items()
        if _decides(part, name) and had.get(name, default) != default
    ]
    if record.get("seed", 0) != seed:
        other.append(f"seed {record.get('seed', 0)}")
    if record.get("changed"):
        other.append("changed while it ran: " + ", ".join(f"{name} {v}" for name, v in record["changed"].items()))
    return f"differs: {', '.join(other)}" if other else ""


def missing_folders(root: Path | None, part: Part) -> str:
    """Return in words which data folders of a part are not there, or an empty text."""
    folders = [str(FOLDER_OF_DATA[name]) for name in part.data]
    if not folders:
        return ""
    if root is None:
        return "there is no data yet"
    missing = [folder for folder in folders if not (root / folder).is_dir()]
    return f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in {root}" if missing else ""


def without_result(lacking: Iterable[str]) -> str:
    """Return in words that parts which another builds on have no result."""
    names = list(lacking)
    return f"builds on {', '.join(names)}, which {'has' if len(names) == 1 else 'have'} no result"


def told_of(span: Span) -> str:
    """Return an estimate in words."""
    return between(span.low, span.likely, span.high)


def total_of(plan: Plan, say: Callable[[str], str] = str) -> str:
    """Return in a sentence how much there is to do and how long it takes, each phrase of it as `say` has it."""
    count = len(plan.working)
    reused = sum(planned.action is Action.REUSE for planned in plan.parts)
    skipped = sum(planned.action is Action.SKIP for planned in plan.parts)
    counts = [f"{count} to run"] + [f"{n} {word}" for n, word in ((reused, "reused"), (skipped, "left out")) if n]
    counted = ", ".join(map(say, counts))
    if not count:
        return f"{counted}: {say('nothing runs')}"
    by_basis: dict[str, Span] = {}
    for planned in plan.parts:
        if planned.estimate is not None:
            basis = str(planned.estimate.basis)
            by_basis[basis] = by_basis.get(basis, Span.exactly(0.0)) + planned.estimate.span
    # Where all of it rests on one basis, the time that stands before it is told once.
    rests = ", ".join(
        say(f"by {basis}" if len(by_basis) == 1 else f"{told_of(span)} by {basis}") for basis, span in by_basis.items()
    )
    unknown = sum(planned.action.works and planned.estimate is None for planned in plan.parts)
    if not by_basis:
        return f"{counted}: {say('no estimate')}"
    about = f"about {told_of(plan.span)}"
    if unknown:
        # First what is not known, so that the time of the rest is not read as that of all.
        other = "the other" if count - unknown == 1 else "the others"
        about = f"{unknown} cannot be estimated yet, {other} {about}"
    return f"{counted}: {say(about)} ({rests})"
