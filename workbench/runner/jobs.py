"""From "this part with these settings" to a run: the one that is there already, or a new one.

A run's identity is its part, the parameters that affect its result, its seed, the fingerprint of its data, and the
published weights it begins with.
The batch command, the prompt and the app all ask here.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import labsteps
from labsteps.abilities import check
from labsteps.catalogue import Part, catalogue
from labsteps.context import ParameterValue
from labsteps.data.folders import DataFolder, fingerprint
from labsteps.errors import DataError, NotBuiltError, PrerequisiteError
from labsteps.host import available_threads, processor
from workbench.runner.weights import weights_for
from workbench.store.errors import StoreError
from workbench.store.locks import locked
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

FOLDER_OF_DATA = {
    "genre": DataFolder.GENRE_FULL,
    "genre_beat": DataFolder.GENRE_BEAT,
    "multitask": DataFolder.MULTITASK_FULL,
    "multitask_beat": DataFolder.MULTITASK_BEAT,
}


class DataChangedError(DataError):
    """The data of an interrupted run are not those it began with."""


class Found(StrEnum):
    """What `run_for` came upon."""

    FINISHED = "finished"
    LIVE = "live"
    RESUMABLE = "resumable"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Job:
    """A part with all it needs to become a run.

    Attributes
    ----------
    chosen
        By part, the run that is taken of it; the newest finished one of the others.
    """

    session: Session
    part: Part
    parameters: Mapping[str, ParameterValue]
    seed: int
    device: str
    chosen: Mapping[str, str] = field(default_factory=dict)

    def identity(self, data: str) -> dict[str, Any]:
        """Return what makes two runs the same one."""
        weights = weights_for(self.parameters)
        return identity(self.part, self.parameters, self.seed, data, self.builds_on(), weights)

    def builds_on(self) -> dict[str, str]:
        """Return the run of each part that this one takes results from."""
        found = {name: self.chosen.get(name) or self._newest(name) for name in self.part.takes_from(self.parameters)}
        return {name: run for name, run in found.items() if run}

    def _newest(self, part: str) -> str:
        run = earlier_run(self.session, catalogue().parts[part], self.session.data_root)
        return "" if run is None else run.id


def identity(
    part: Part,
    parameters: Mapping[str, ParameterValue],
    seed: int,
    data: str,
    builds_on: Mapping[str, str],
    weights: str = "",
) -> dict[str, Any]:
    """Return what makes two runs the same one.

    That is the part, the parameters that affect its result, its seed, the fingerprint of its data, the published
    weights it begins with, and the runs it takes results from: when one of those is made anew, a report on it is no
    longer the same report.
    """
    decisive = {p.name for p in part.parameters if p.affects_result}
    kept = {name: value for name, value in sorted(parameters.items()) if name in decisive}
    same = {"part": part.id, "parameters": kept, "seed": seed, "data": data, "builds_on": dict(builds_on)}
    return {**same, "weights": weights} if weights else same


def data_fingerprint(root: Path | None, part: Part) -> str:
    """Return the fingerprint of the folders that a part reads, empty when it reads none.

    Raises
    ------
    DataError
        If the data are not there.
    """
    if not part.data:
        return ""
    if root is None:
        raise DataError(
            f"{part.id} needs data, and this session has none. Point at a folder with --data ROOT, "
            "or build the demo set with: python -m workbench data demo"
        )
    return fingerprint(root, [FOLDER_OF_DATA[name] for name in part.data])


def run_for(job: Job, *, force: bool = False) -> tuple[RunFolder, Found]:
    """Return the run of a job: one that is finished, going on or interrupted, or a new one.

    Parameters
    ----------
    job
        What is wanted.
    force
        Make a new run whatever there is.

    Raises
    ------
    NotBuiltError
        If this version cannot run the part.
    DataError
        If its data are missing.
    DataChangedError
        If an interrupted run of the same settings began on other contents of the same folder.
    ParameterError
        If this machine cannot compute with the settings of a new run.
    """
    if not job.part.built:
        raise NotBuiltError(f"{job.part.id} ({job.part.title}) is not built yet in this version.")
    data = data_fingerprint(job.session.data_root, job.part)
    # Two screens that ask for the same run at the same moment are to get the same one.
    with locked(job.session.folder / "runs.lock"):
        found = None if force else find_run(job, data)
        if found is not None:
            return found
        check(job.parameters, job.device)
        record = {
            **job.identity(data),
            "parameters": dict(job.parameters),
            "device": job.device,
            "data_root": str(job.session.data_root or ""),
            "environment": environment(),
            **({"forced": True} if force else {}),
        }
        return job.session.create_run(record), Found.NEW


def going_on(job: Job) -> RunFolder | None:
    """Return a run of the same settings, seed and data that waits for the device or computes now, or None."""
    wanted = job.identity(data_fingerprint(job.session.data_root, job.part))
    return next(
        (run for run in reversed(job.session.runs()) if _identity_of(run, job.part) == wanted and run.state.live), None
    )


def find_run(job: Job, data: str) -> tuple[RunFolder, Found] | None:
    """Return the newest run that answers a job and what state it is in, or None."""
    return matching_run(job.session, job.part, job.identity(data))


def matching_run(session: Session, part: Part, wanted: Mapping[str, Any]) -> tuple[RunFolder, Found] | None:
    """Return the newest run of an identity, one that is finished before one that goes on or can be resumed.

    Raises
    ------
    DataChangedError
        If an interrupted run of the same settings began on other contents of the same folder.
    """
    data = wanted["data"]
    changed: RunFolder | None = None
    candidates: dict[Found, RunFolder] = {}
    for run in reversed(session.runs()):
        own = _identity_of(run, part)
        if own is None or {**own, "data": data} != wanted:
            continue
        found = _found(run.state)
        if found is Found.FINISHED and run.record.get("changed"):
            continue  # its settings were changed while it lived: it is not what is asked for now
        if own["data"] == data:
            candidates.setdefault(found, run)
        elif found is Found.RESUMABLE and changed is None and run.record.get("data_root") == str(session.data_root):
            changed = run
    if part.fresh:
        candidates.pop(Found.FINISHED, None)
    for found in (Found.FINISHED, Found.LIVE, Found.RESUMABLE):
        if found in candidates:
            return candidates[found], found
    if changed is not None:
        raise DataChangedError(
            f"Run {changed.id} of {part.id} was interrupted, and the data in {session.data_root} "
            "have changed since. It cannot go on; --force begins a new run on the data as they are."
        )
    return None


def earlier_run(
    session: Session,
    part: Part,
    data_root: Path | None,
    *,
    parameters: Mapping[str, ParameterValue] | None = None,
    seed: int | None = None,
) -> RunFolder | None:
    """Return the newest finished run of a part on the data as they are now, or None.

    Only runs whose parameters include `parameters` and whose seed is `seed` count, where these are given.
    """
    try:
        data = data_fingerprint(data_root, part)
    except DataError:  # what is not there has no result
        return None
    for run in reversed(session.runs()):
        own = _identity_of(run, part)
        if own is None or own["data"] != data or run.state is not RunState.FINISHED:
            continue
        if parameters and run.record.get("changed"):
            continue
        recorded = run.record["parameters"]
        same = all(recorded.get(name) == value for name, value in (parameters or {}).items())
        if same and seed in (None, own["seed"]):
            return run
    return None


def missing_prerequisites(
    session: Session | None,
    part: Part,
    parameters: Mapping[str, ParameterValue],
    root: Path | None,
    parts: Mapping[str, Part],
) -> list[str]:
    """Return the ids of the parts that one with these parameters builds on and that have no finished run yet."""
    needs = part.needs_with(parameters)
    return [need for need in needs if session is None or earlier_run(session, parts[need], root) is None]


def require_prerequisites(
    session: Session | None,
    part: Part,
    parameters: Mapping[str, ParameterValue],
    root: Path | None,
    parts: Mapping[str, Part],
) -> None:
    """Refuse a part whose prerequisites are not there.

    Raises
    ------
    PrerequisiteError
        Names them and how to run them.
    """
    missing = missing_prerequisites(session, part, parameters, root, parts)
    if missing:
        raise PrerequisiteError(
            f"{part.id} builds on {', '.join(missing)}, which {'has' if len(missing) == 1 else 'have'} no result yet. "
            "Run them first, or add --with-prerequisites."
        )


def environment() -> dict[str, Any]:
    """Return what a bit-identical repetition of a run depends on, told without importing torch."""
    import importlib.metadata  # brings the mail and archive modules, which no list of steps needs

    return {
        "python": platform.python_version(),
        "torch": importlib.metadata.version("torch"),
        "numpy": importlib.metadata.version("numpy"),
        "workbench": labsteps.__version__,
        "processor": processor(),
        "threads": available_threads(),
        "system": platform.platform(),
    }


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in words what of an environment has changed, leaving out what cannot change a result."""
    names = ("torch", "numpy", "workbench", "processor", "threads", "device", "gpu", "world_size")
    return [
        f"{name} {then.get(name)} → {now.get(name)}"
        for name in names
        if then.get(name) is not None and then.get(name) != now.get(name)
    ]


def unreadable_runs(session: Session, part: Part) -> list[StoreError]:
    """Return why runs of a part, as their ids tell it, cannot be read: they are neither found again nor taken up."""
    found = []
    for run in session.runs():
        if f"-{part.ascii_id}-" in run.id:
            try:
                _ = run.record
            except StoreError as error:
                found.append(error)
    return found


def _identity_of(run: RunFolder, part: Part) -> dict[str, Any] | None:
    try:
        record = run.record
    except StoreError:
        return None
    if record.get("part") != part.id:
        return None
    parameters = {**part.defaults(), **record.get("parameters", {})}
    builds_on = record.get("builds_on", {})
    seed, data, weights = int(record.get("seed", 0)), str(record.get("data", "")), str(record.get("weights", ""))
    return identity(part, parameters, seed, data, builds_on, weights)


def _found(state: RunState) -> Found:
    if state is RunState.FINISHED:
        return Found.FINISHED
    return Found.LIVE if state.live else Found.RESUMABLE
