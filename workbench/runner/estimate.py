"""How long a part will take: from what it took here before, else from a part of its step that trains as it does.

Networks of other steps tell nothing: a clip costs one a hundred times what it costs another.  So where neither is
there, what trains or measures has no estimate, and what only shows data a rough guess.

Only the standard library and the runs on disk: nothing is measured for an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from labsteps.catalogue import Catalogue, Kind, Part, catalogue
from labsteps.context import ParameterValue
from labsteps.data.folders import index_path
from labsteps.host import processor
from workbench.runner.follow import Follower
from workbench.runner.jobs import FOLDER_OF_DATA
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

UNKNOWN_CLIPS = 2000
# Rough on purpose, and said to be: with data to read, and without.
GUESS_SHORT = {True: 8.0, False: 3.0}
LOOKED_AT = 60
_SIZES = ("epochs", "seeds", "subset", "overfit_batches", "batch_size")


class Basis(StrEnum):
    """What an estimate rests on."""

    EARLIER = "earlier runs"
    SIBLING = "earlier runs of its step"
    GUESS = "rough guess"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A time in seconds, and what it rests on."""

    seconds: float
    basis: Basis
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a finished run took.

    Attributes
    ----------
    work
        Passes over one clip that it trained, 0 where it trained none.
    """

    part: str
    parameters: Mapping[str, ParameterValue]
    data: str
    seconds: float
    work: float


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
        self._device, self._lab = device, catalogue() if lab is None else lab
        self._runs: dict[str, list[RunFolder]] = {}
        self._spent: dict[str, Spent | None] = {}
        here = processor()
        for session in sessions:
            for run in reversed(_finished(session)[-LOOKED_AT:]):
                record = run.record
                if record.get("device") == device and record.get("environment", {}).get("processor") == here:
                    self._runs.setdefault(str(record.get("part")), []).append(run)

    def estimate(
        self, part: Part, parameters: Mapping[str, ParameterValue], root: Path | None, data: str
    ) -> Estimate | None:
        """Return how long a run of a part with these parameters will take on these data; None where nothing tells."""
        work = work_of(part, parameters, root)
        alike = self._alike(part, parameters, data)
        if alike is not None:
            factor = work / alike.work if work and alike.work else 1.0
            same = factor == 1.0 and alike.data == data
            detail = "the same part here" if same else f"the same part here, times {factor:.2g}"
            return Estimate(alike.seconds * factor, Basis.EARLIER, detail)
        if Kind.RUN not in part.kinds:
            return Estimate(GUESS_SHORT[bool(part.data)], Basis.GUESS, "a part that trains nothing")
        sibling = self._sibling(part, parameters, data) if work else None
        if sibling is None:
            return None
        detail = f"{sibling.part} here, {1000 * sibling.seconds / sibling.work:.2g} ms a clip and epoch"
        return Estimate(work * sibling.seconds / sibling.work, Basis.SIBLING, detail)

    def _alike(self, part: Part, parameters: Mapping[str, ParameterValue], data: str) -> Spent | None:
        """Return what the run took that is nearest in settings, on the same data where there is one."""
        return min(self._spent_on(part), key=lambda spent: _unlike(spent, parameters, data), default=None)

    def _sibling(self, part: Part, parameters: Mapping[str, ParameterValue], data: str) -> Spent | None:
        """Return what another part of the step took that trains as this one does, the nearest in data and settings."""
        step = next((step.parts for step in self._lab if any(one.id == part.id for one in step.parts)), ())
        found = [
            (one.data != part.data, *_unlike(spent, parameters, data), spent)
            for one in step
            if one.id != part.id
            for spent in self._spent_on(one)
            if spent.work and only_overfits(spent.parameters) == only_overfits(parameters)
        ]
        return min(found, key=lambda row: row[:-1])[-1] if found else None

    def _spent_on(self, part: Part) -> list[Spent]:
        """Return what the newest runs of a part took."""
        return [spent for run in self._runs.get(part.id, [])[:8] if (spent := self._of(run)) is not None]

    def _of(self, run: RunFolder) -> Spent | None:
        if run.id not in self._spent:
            self._spent[run.id] = _spent(run, self._lab)
        return self._spent[run.id]


def work_of(part: Part, parameters: Mapping[str, ParameterValue], root: Path | None) -> float:
    """Return how many passes over one clip a part trains at most, 0 for one that trains none."""
    epochs = int(parameters.get("epochs", 0))
    if not epochs or Kind.RUN not in part.kinds:
        return 0.0
    batch = int(parameters.get("overfit_batches", 0)) * int(parameters.get("batch_size", 1))
    if only_overfits(parameters):
        return float(epochs * batch)
    check = float(int(parameters.get("overfit_epochs", 0)) * batch)
    # The raw and the beat folder hold the same clips.
    both = {name.removesuffix("_beat"): name for name in reversed(part.data)}
    clips = sum(_clips(root, name) for name in both.values()) or UNKNOWN_CLIPS
    subset = int(parameters.get("subset", 0))
    return check + float(epochs * (min(clips, subset) if subset else clips) * int(parameters.get("seeds", 1)))


def only_overfits(parameters: Mapping[str, ParameterValue]) -> bool:
    """Tell whether all that a part trains is a few batches by heart; one that trains after it has epochs for each."""
    return "overfit_batches" in parameters and "overfit_epochs" not in parameters


def _unlike(spent: Spent, parameters: Mapping[str, ParameterValue], data: str) -> tuple[int, bool]:
    """Return how far a run is from settings and data."""
    names = [name for name in parameters if name not in _SIZES]
    return sum(spent.parameters.get(name) != parameters[name] for name in names), spent.data != data


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
    for run in session.runs():
        try:
            if run.state is RunState.FINISHED and run.record:
                found.append(run)
        except StoreError:  # a damaged run tells no time; `status` names it
            continue
    return found


def _spent(run: RunFolder, lab: Catalogue) -> Spent | None:
    try:
        record: Mapping[str, Any] = run.record
        follower = Follower(run)
        snapshot = follower.poll() or follower.snapshot
    except StoreError:
        return None
    part = lab.parts.get(str(record.get("part")))
    if part is None or not snapshot.seconds:
        return None
    parameters = {**part.defaults(), **record.get("parameters", {})}
    root = Path(record["data_root"]) if record.get("data_root") else None
    # A run that took its model from another one trained nothing itself.
    work = work_of(part, parameters, root) if snapshot.epochs else 0.0
    return Spent(part.id, parameters, str(record.get("data", "")), snapshot.seconds, work)
