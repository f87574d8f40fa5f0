"""How long a part will take: from what it took here before, else from a part of its step that trains as it does.

Networks of other steps tell nothing: a clip costs one a hundred times what it costs another.  So where neither is
there, what trains or measures has no estimate, and what only shows data a rough guess.

Only the standard library and the runs on disk: nothing is measured for an estimate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import log
from pathlib import Path
from types import MappingProxyType

from labsteps.catalogue import Catalogue, Kind, Part, catalogue
from labsteps.context import ParameterValue
from labsteps.data.folders import index_path
from labsteps.host import processor
from workbench.runner.course import Course, Span, course_of
from workbench.runner.forecast import differing, forecast, resized, to_begin, whole
from workbench.runner.jobs import FOLDER_OF_DATA
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions

# Rough on purpose, and said to be: with data to read, and without.
GUESS_SHORT = {True: 8.0, False: 3.0}
LOOKED_AT = 60
SESSIONS_LOOKED_AT = 6
NO_RUN = "no run to go by"
_OF_A_PART = 8
# Runs of a part that an estimate is held against.
_COMPARED = 3
# How far a part is from another one of its step that trains alike, and a view with other settings from one before.
_SIBLINGS, _VIEWS, _GUESSED = (0.7, 1.5), (0.6, 1.7), (0.4, 2.5)


class Basis(StrEnum):
    """What an estimate rests on."""

    OWN = "what it has done"
    EARLIER = "earlier runs"
    SIBLING = "earlier runs of its step"
    GUESS = "rough guess"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A time, and what it rests on.

    Attributes
    ----------
    span
        Seconds: what is likely, and between what it will be.
    detail
        The run that it rests on and from when that is, in words.
    run
        Id of that run; empty where it rests on none.
    """

    span: Span
    basis: Basis
    detail: str = ""
    run: str = ""

    @property
    def seconds(self) -> float:
        """The likely time."""
        return self.span.likely


@dataclass(frozen=True, slots=True)
class Spent:
    """What a finished run took, and with which settings."""

    run: str
    part: str
    parameters: Mapping[str, ParameterValue]
    seed: int
    data: str
    clips: int
    course: Course
    when: float

    @property
    def told(self) -> str:
        """The run in words."""
        return f"run {self.run.split('-', 2)[-1]} of {day_of(self.when)}"


class History:
    """The finished runs of some sessions on this machine and one device.

    Parameters
    ----------
    sessions
        Where to look; the first counts most.
    device
        ``cpu``, ``cuda:0`` and so on.
    lab
        The catalogue that the runs are of.
    """

    def __init__(self, sessions: Iterable[Session], device: str, lab: Catalogue | None = None) -> None:
        self._lab = catalogue() if lab is None else lab
        self._runs: dict[str, list[RunFolder]] = {}
        self._spent: dict[str, Spent | None] = {}
        here = processor()
        for session in sessions:
            for run in reversed(_finished(session)[-LOOKED_AT:]):
                record = run.record
                if record.get("device") == device and record.get("environment", {}).get("processor") == here:
                    self._runs.setdefault(str(record.get("part")), []).append(run)

    def estimate(
        self,
        part: Part,
        parameters: Mapping[str, ParameterValue],
        root: Path | None,
        data: str,
        *,
        seed: int | None = None,
        going: RunFolder | None = None,
        live: bool = False,
        made: Mapping[str, Mapping[str, ParameterValue]] = MappingProxyType({}),
    ) -> Estimate | None:
        """Return how long a run of a part with these parameters will take on these data; None where nothing tells.

        Parameters
        ----------
        part, parameters
            What is to run, and all its parameters.
        root, data
            The data folder, and the fingerprint of what the part reads there.
        seed
            Of the run to come, where it is known.
        going
            The run that is taken up or goes on: told is what it still takes.
        live
            Whether it goes on.
        made
            By part, the parameters with which others are made before it, whose models it may take.
        """
        asked = _Asked(part, parameters, seed, data, _clips_of(root, part), live)
        # Read anew, as one that goes on has done more by now.
        own = None if going is None else _spent(going, self._lab)
        tells = [one for one in self._spent_on(part) if not asked.differs(one)]
        if tells:
            tells.sort(key=asked.distance)
            return self._from(asked, tells, own, Basis.EARLIER)
        if own is not None and whole(own.course, parameters):
            return Estimate(asked.forecast(own, own), Basis.OWN, "from what it has done so far", own.run)
        if Kind.RUN not in part.kinds:
            return self._of_view(asked)
        siblings = [one for one in self._of_siblings(part, parameters) if one.course.trainings]
        if not siblings or "epochs" not in parameters:
            return None
        siblings.sort(key=asked.distance)
        taken = own is None and asked.takes_model(siblings[0], made)
        return self._from(asked, siblings[:1], siblings[0] if taken else own, Basis.SIBLING)

    def to_begin(self, part: Part, run: RunFolder, root: Path | None) -> Estimate | None:
        """Return how long the trainings take that a run which goes on has not begun; None where nothing tells."""
        own = _spent(run, self._lab)
        if own is None:
            return None
        asked = _Asked(part, own.parameters, own.seed, own.data, _clips_of(root, part))
        tells = [one for one in self._spent_on(part) if one.course.trainings and not asked.differs(one)]
        tells = sorted(tells or self._of_siblings(part, own.parameters), key=asked.distance)
        for one in tells:
            span = to_begin(one.course, one.parameters, own.parameters, own.course, data=asked.grown(one))
            if span is not None:
                sibling = one.part != part.id
                basis = Basis.SIBLING if sibling else Basis.EARLIER
                return Estimate(span.wider(*_SIBLINGS) if sibling else span, basis, f"from {one.told}", one.run)
        return None

    def unknown(self, part: Part, parameters: Mapping[str, ParameterValue]) -> str:
        """Say why a part that runs has no estimate."""
        for one in self._spent_on(part):
            name = differing(parameters, one.parameters, one.course)
            if name:
                return f"no estimate: {one.told} had {name} {one.parameters[name]}"
        return NO_RUN

    def _from(self, asked: _Asked, tells: list[Spent], own: Spent | None, basis: Basis) -> Estimate:
        first = tells[0]
        span = asked.forecast(first, own)
        # How far one run can be from another, and what the machine is like now, others tell.
        newest = max(tells, key=lambda spent: spent.when)
        for other in {one.run: one for one in (*tells[1:_COMPARED], newest)}.values():
            if other is newest or asked.as_near(other, first):
                span = span.over(asked.forecast(other, own))
        if basis is Basis.SIBLING:
            span = span.wider(*_SIBLINGS)
        return Estimate(span, basis, f"from {first.told}", first.run)

    def _of_view(self, asked: _Asked) -> Estimate:
        before = self._spent_on(asked.part)
        if before:
            before.sort(key=asked.distance)
            return Estimate(
                Span.exactly(before[0].course.seconds).wider(*_VIEWS), Basis.EARLIER, f"from {before[0].told}",
                before[0].run,
            )  # fmt: skip
        guess = GUESS_SHORT[bool(asked.part.data)]
        return Estimate(Span.exactly(guess).wider(*_GUESSED), Basis.GUESS, "a part that trains nothing")

    def _of_siblings(self, part: Part, parameters: Mapping[str, ParameterValue]) -> Iterator[Spent]:
        """Yield the runs of other parts of the step that train the same network on the same data."""
        step = next((step.parts for step in self._lab if any(one.id == part.id for one in step.parts)), ())
        for one in step:
            if one.id == part.id or one.data != part.data or only_overfits(one.defaults()) != only_overfits(parameters):
                continue
            for spent in self._spent_on(one):
                shared = {name: value for name, value in parameters.items() if name in spent.parameters}
                if not differing(shared, spent.parameters, spent.course):
                    yield spent

    def _spent_on(self, part: Part) -> list[Spent]:
        """Return what the newest runs of a part took."""
        return [spent for run in self._runs.get(part.id, [])[:_OF_A_PART] if (spent := self._read(run)) is not None]

    def _read(self, run: RunFolder) -> Spent | None:
        if run.id not in self._spent:
            self._spent[run.id] = _spent(run, self._lab)
        return self._spent[run.id]


def history_of(sessions: Sessions, session: Session | None, device: str, lab: Catalogue | None = None) -> History:
    """Return what parts took here before: in the session, then in the sessions that were used last."""
    found = [] if session is None else [session]
    known = {one.folder for one in found}
    for entry in sessions.entries()[:SESSIONS_LOOKED_AT]:
        if entry.problem or entry.folder in known:
            continue
        try:
            found.append(Session(entry.folder))
        except StoreError:  # what cannot be read tells no times
            continue
    return History(found, device, lab)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be estimated."""

    part: Part
    parameters: Mapping[str, ParameterValue]
    seed: int | None
    data: str
    clips: int
    live: bool = False

    def grown(self, spent: Spent) -> float:
        """Return the clips of the data in the place of one of a run's."""
        return self.clips / spent.clips if spent.data != self.data and self.clips and spent.clips else 1.0

    def differs(self, spent: Spent) -> bool:
        """Tell whether a run of the part tells nothing of this one."""
        if differing(self.parameters, spent.parameters, spent.course):
            return True
        # A run that took its model from another one says what the report costs, and not what a training does.
        took = "epochs" in self.parameters and not spent.course.trainings
        return took and (resized(self.parameters, spent.parameters) or spent.data != self.data)

    def distance(self, spent: Spent) -> tuple[bool, float, float]:
        """Return how far a run is from this one: in its data, in how much there is to do, and in time."""
        ratios = [
            float(self.parameters[name]) / float(spent.parameters[name])
            for name in ("epochs", "subset", "seeds")
            if self.parameters.get(name) and spent.parameters.get(name)
        ]
        alone = bool(self.parameters.get("subset")) != bool(spent.parameters.get("subset"))
        return spent.data != self.data, sum(abs(log(one)) for one in ratios) + 3.0 * alone, -spent.when

    def as_near(self, spent: Spent, other: Spent) -> bool:
        """Tell whether one run is as near as another one."""
        return self.distance(spent)[:2] == self.distance(other)[:2]

    def takes_model(self, spent: Spent, made: Mapping[str, Mapping[str, ParameterValue]]) -> bool:
        """Tell whether the part takes the model of another one, which has it with these settings or will have."""
        if spent.part != self.part.model_of:
            return False
        had: Mapping[str, ParameterValue] = made.get(spent.part, {})
        if not had and spent.data == self.data and spent.seed == self.seed:
            had = spent.parameters
        return bool(had) and all(self.parameters.get(name, value) == value for name, value in had.items())

    def forecast(self, spent: Spent, own: Spent | None) -> Span:
        """Return how long it takes, by what a run took."""
        same = spent.part == self.part.id and spent.data == self.data and spent.seed == self.seed
        same = same and all(spent.parameters.get(name) == value for name, value in self.parameters.items())
        return forecast(
            spent.course, spent.parameters, self.parameters,
            data=self.grown(spent), same=same, going=None if own is None else own.course, live=self.live,
        )  # fmt: skip


def only_overfits(parameters: Mapping[str, ParameterValue]) -> bool:
    """Tell whether all that a part trains is a few batches by heart; one that trains after it has epochs for each."""
    return "overfit_batches" in parameters and "overfit_epochs" not in parameters


def day_of(when: float, clock: Callable[[], float] = time.time) -> str:
    """Return the day of a moment: ``today``, ``yesterday``, or its date."""
    day, today = date.fromtimestamp(when), date.fromtimestamp(clock())
    return {0: "today", 1: "yesterday"}.get((today - day).days, day.isoformat())


def _clips_of(root: Path | None, part: Part) -> int:
    """Return the clips of a part's data that can be trained on, 0 where they cannot be counted."""
    # The raw and the beat folder hold the same clips.
    both = {name.removesuffix("_beat"): name for name in reversed(part.data)}
    return sum(_clips(root, name) for name in both.values())


def _clips(root: Path | None, name: str) -> int:
    index = None if root is None else index_path(root, FOLDER_OF_DATA[name], "train")
    if index is None:
        return 0
    try:
        return _lines(index, index.stat().st_mtime_ns)
    except OSError:  # the check of the data names what cannot be read
        return 0


@lru_cache(maxsize=16)
def _lines(index: Path, _changed: int) -> int:
    with open(index, "rb") as file:
        return max(0, sum(1 for _ in file) - 1)


def _finished(session: Session) -> list[RunFolder]:
    found = []
    try:
        runs = session.runs()
    except StoreError:  # nor does a session of somebody else that nobody may read
        return []
    for run in runs:
        try:
            if run.state is RunState.FINISHED and run.record:
                found.append(run)
        except StoreError:  # a damaged run tells no time; `status` names it
            continue
    return found


def _spent(run: RunFolder, lab: Catalogue) -> Spent | None:
    try:
        record, course = run.record, course_of(run)
    except StoreError:
        return None
    part = lab.parts.get(str(record.get("part")))
    if part is None or course.seconds <= 0:  # it told nothing yet, or the clock was set back
        return None
    parameters = {**part.defaults(), **record.get("parameters", {})}
    root = Path(record["data_root"]) if record.get("data_root") else None
    return Spent(
        run.id, part.id, parameters, int(record.get("seed", 0)), str(record.get("data", "")), _clips_of(root, part),
        course, float(record.get("created", 0.0)),
    )  # fmt: skip
