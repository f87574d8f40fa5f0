"""What is still to come on a device: the trainings that a run has not begun, and when a run that waits begins.

Both rest on earlier runs (`workbench.runner.estimate`); where these tell nothing, nothing is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from labsteps.catalogue import Catalogue
from workbench.runner.course import Span
from workbench.runner.estimate import Basis, Estimate, History, history_of
from workbench.runner.follow import Snapshot
from workbench.runner.queue import tickets_of
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.wording import between


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a run that waits for its device begins.

    Attributes
    ----------
    when
        Moments in seconds since 1970: the earliest, the likely and the latest.
    """

    when: Span

    def left(self, now: float) -> Span | None:
        """Return how long that still is, in seconds; None where it should have begun."""
        if self.when.likely <= now:
            return None
        return Span(max(0.0, self.when.low - now), self.when.likely - now, self.when.high - now)


def lacks_others(snapshot: Snapshot) -> bool:
    """Tell whether a run trains and has trainings to come of which it cannot tell itself how long they take."""
    return (
        snapshot.state.live
        and snapshot.state is not RunState.QUEUED
        and 0 < snapshot.training < snapshot.trainings
        and snapshot.others is None
    )


def others_of(run: RunFolder, history: History, lab: Catalogue) -> Estimate | None:
    """Return how long the trainings take that a run which goes on has not begun; None where nothing tells.

    Raises
    ------
    StoreError
        If its record cannot be read.
    """
    part = lab.parts.get(str(run.record.get("part", "")))
    return None if part is None else history.to_begin(part, run, _root_of(run))


class Coming:
    """What is still to come of the runs of a session, for a command that tells where they stand.

    Parameters
    ----------
    session
        The session.
    lab
        The catalogue.
    """

    def __init__(self, session: Session, lab: Catalogue) -> None:
        self._session, self._lab = session, lab
        self._sessions = Sessions(session.folder.parent)
        self._histories: dict[str, History] = {}
        self._others: dict[tuple[str, int], Estimate | None] = {}

    def counted(self, run: RunFolder, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot that counts the trainings to come, by earlier runs where the run itself does not tell."""
        if not lacks_others(snapshot):
            return snapshot
        key = (run.id, snapshot.training)
        if key not in self._others:
            self._others[key] = others_of(run, self._history(str(run.record.get("device", ""))), self._lab)
        found = self._others[key]
        return snapshot if found is None else replace(snapshot, others=found.span)

    def begins(self, run: RunFolder, snapshot: Snapshot) -> str:
        """Return when a run that waits begins, in words; empty where nothing tells or it does not wait."""
        if snapshot.state is not RunState.QUEUED:
            return ""
        try:
            return begins_told(beginning_of(run, self._sessions, self._history, self._lab), time.time())
        except StoreError:  # another line names what cannot be read
            return ""

    def _history(self, device: str) -> History:
        if device not in self._histories:
            self._histories[device] = history_of(self._sessions, self._session, device, self._lab)
        return self._histories[device]


def begins_told(beginning: Beginning | None, now: float) -> str:
    """Return when a run begins that waits, in words; empty where that is not known."""
    left = None if beginning is None else beginning.left(now)
    return "" if left is None else f"begins in about {between(left.low, left.likely, left.high)}"


def beginning_of(
    run: RunFolder, sessions: Sessions, history: Callable[[str], History], lab: Catalogue
) -> Beginning | None:
    """Return when a run that waits begins; None where one before it is paused or nothing tells of it.

    Parameters
    ----------
    run
        The run.
    sessions
        Where the runs before it are looked for.
    history
        Returns what runs took on a device.
    lab
        The catalogue.

    Raises
    ------
    StoreError
        If a record cannot be read.
    """
    device = str(run.record.get("device", ""))
    waiting = tickets_of(device)
    if run.id not in waiting:
        return None
    total = Span.exactly(0.0)
    for run_id in waiting[: waiting.index(run.id)]:
        other = _find(run_id, run, sessions)
        left = None if other is None else _left(other, history(device), lab)
        if left is None:
            return None
        total += left
    return Beginning(Span.exactly(time.time()) + total)


def _left(run: RunFolder, history: History, lab: Catalogue) -> Span | None:
    """Return how long a run still has its device, None where nothing tells."""
    state, record = run.state, run.record
    part = lab.parts.get(str(record.get("part", "")))
    if part is None or not state.live or state is RunState.PAUSED:
        return None
    parameters = {**part.defaults(), **record.get("parameters", {})}
    found = history.estimate(
        part,
        parameters,
        _root_of(run),
        str(record.get("data", "")),
        seed=int(record.get("seed", 0)),
        going=run,
        live=state is not RunState.QUEUED,
    )
    # A guess is good for a sum of many, and tells nothing of one.
    return None if found is None or found.basis is Basis.GUESS else found.span


def _root_of(run: RunFolder) -> Path | None:
    root = run.record.get("data_root")
    return Path(str(root)) if root else None


def _find(run_id: str, beside: RunFolder, sessions: Sessions) -> RunFolder | None:
    """Return a run by its id, in the session of another one or in another session."""
    folders = [beside.path.parent, *(entry.folder / "runs" for entry in sessions.entries() if not entry.problem)]
    for folder in folders:
        try:
            if (folder / run_id / "run.json").is_file():
                return RunFolder(folder / run_id)
        except (OSError, StoreError):  # a session that nobody may read tells nothing
            continue
    return None
