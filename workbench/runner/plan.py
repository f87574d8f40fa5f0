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
from workbench.runner.estimate import Estimate, History
from workbench.runner.jobs import (
    FOLDER_OF_DATA,
    DataChangedError,
    Found,
    data_fingerprint,
    earlier_run,
    identity,
    matching_run,
)
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.wording import duration


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
        Why it is left out, or why it is there.
    run
        The run that is reused, followed or taken up.
    estimate
        How long it will take, where something runs.
    """

    part: Part
    action: Action
    wanted: bool
    reason: str = ""
    cause: Cause = Cause.NONE
    run: RunFolder | None = None
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Parts in the order in which they are to be done."""

    parts: tuple[PlannedPart, ...]

    @property
    def seconds(self) -> float:
        """Estimate of the time it takes altogether."""
        return sum(planned.estimate.seconds for planned in self.parts if planned.estimate is not None)

    @property
    def working(self) -> tuple[PlannedPart, ...]:
        """The parts for which something runs."""
        return tuple(planned for planned in self.parts if planned.action.works)


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
    """

    wanted: tuple[Part, ...]
    prerequisites: bool
    settings: Callable[[Part], Mapping[str, ParameterValue]]
    seed: int = 0
    force: bool = False
    problems: Mapping[str, str] | None = None

    def parts(self, lab: Catalogue) -> list[Part]:
        """Return all parts of the order, what is needed first; what is not asked for and not built is left out."""
        if not self.prerequisites:
            return list(self.wanted)
        # Of these a plan leaves out what would be run for nothing.
        return [part for part in lab.with_prerequisites(self.wanted) if part.built or part in self.wanted]


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

    def chosen(self) -> list[Part]:
        """Return the parts of the plan in order; nothing is run for the sake of a part that cannot run itself."""
        found: dict[str, Part] = {}
        for part in self._order.wanted:
            alone = not self._order.prerequisites or self._blocked(part)
            for one in [part] if alone else self._lab.with_prerequisites([part]):
                if one.built or one in self._order.wanted:
                    found.setdefault(one.id, one)
        return list(found.values())

    def _blocked(self, part: Part) -> bool:
        """Tell whether a part cannot run, whatever else runs: it, or what it builds on, is not built or lacks data."""
        if self._problem(part) or not (part.built or part.only_asks):
            return True
        needs = [self._lab.parts[need] for need in part.needs]
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
        lacking = [need for need in part.needs if not self._will_be_there(need)]
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
        reason = "" if wanted else "what follows builds on it"
        parameters = self._order.settings(part)
        data = self._fingerprint(part)
        anew = any(self._planned[one].action.works for one in (*part.needs, *part.uses) if one in self._planned) or (
            self._order.force and wanted
        )
        if not wanted and not anew:
            run = self._finished_run(part)
            if run is not None:
                return PlannedPart(part, Action.REUSE, wanted, reason, run=run)
        match = None
        if self._session is not None and not anew:
            builds_on = {one: run.id for one in (*part.needs, *part.uses) if (run := self._finished_of(one))}
            try:
                match = matching_run(self._session, part, identity(part, parameters, self._order.seed, data, builds_on))
            except DataChangedError as error:
                return PlannedPart(part, Action.SKIP, wanted, str(error), Cause.DATA)
        run, found = match or (None, Found.NEW)
        if found is Found.FINISHED:
            return PlannedPart(part, Action.REUSE, wanted, reason, run=run)
        actions = {Found.LIVE: Action.FOLLOW, Found.RESUMABLE: Action.RESUME}
        estimate = None
        if self._history is not None:
            estimate = self._history.estimate(part, parameters, self._root, data)
        return PlannedPart(part, actions.get(found, Action.RUN), wanted, reason, run=run, estimate=estimate)

    def _finished_of(self, part_id: str) -> RunFolder | None:
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


def total_of(plan: Plan) -> str:
    """Return in a sentence how much there is to do and how long it takes."""
    count = len(plan.working)
    reused = sum(planned.action is Action.REUSE for planned in plan.parts)
    skipped = sum(planned.action is Action.SKIP for planned in plan.parts)
    counts = [f"{count} to run"] + [f"{n} {word}" for n, word in ((reused, "reused"), (skipped, "left out")) if n]
    if not count:
        return f"{', '.join(counts)}: nothing runs"
    by_basis: dict[str, float] = {}
    for planned in plan.parts:
        if planned.estimate is not None:
            basis = str(planned.estimate.basis)
            by_basis[basis] = by_basis.get(basis, 0.0) + planned.estimate.seconds
    rests = ", ".join(f"{duration(seconds)} by {basis}" for basis, seconds in by_basis.items())
    unknown = sum(planned.action.works and planned.estimate is None for planned in plan.parts)
    if not by_basis:
        return f"{', '.join(counts)}: no estimate"
    more = f", and {unknown} without an estimate" if unknown else ""
    return f"{', '.join(counts)}: about {duration(plan.seconds)} ({rests}){more}"
