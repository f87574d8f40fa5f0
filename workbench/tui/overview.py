"""What a session holds, read from its folder for the list of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from labsteps.catalogue import Catalogue, Step
from workbench.counting import done_among, done_of
from workbench.runner.coming import Coming
from workbench.runner.follow import Follower
from workbench.runner.list_ends import ListEnd, list_ends
from workbench.store.batches import live_batches
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry
from workbench.tui.answers import AnswerReader
from workbench.tui.views import LabView, PartView
from workbench.wording import number

_SCORE = "test/accuracy"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stands, for its line in the list.

    Attributes
    ----------
    state
        That of its runs that go on, else that of its newest run; None where it has none.
    live
        How many runs are in that state or paused, where it is one that goes on.
    queued
        How many wait for their turn besides.
    finished
        How many runs are finished.
    """

    state: RunState | None = None
    live: int = 0
    finished: int = 0
    queued: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """What a session holds.

    Attributes
    ----------
    problem
        Why it cannot be read, or empty.
    done, total
        Parts whose run is finished and whose question is answered, and all that there are.
    live
        What goes on, and what a batch does next: one line each.
    interrupted
        Parts that were interrupted and have no result.
    ended
        The lists of parts that ended early, with what they left.
    best
        The best accuracy of genres on the test set, with its part, or empty.
    steps
        Of every step, how many of its parts are done, and how many there are to do.
    view
        Where the parts stand, for the signs of the steps.
    """

    problem: str = ""
    data: str = ""
    device: str = ""
    seed: str = ""
    folder: str = ""
    done: int = 0
    total: int = 0
    live: tuple[str, ...] = ()
    interrupted: tuple[str, ...] = ()
    ended: tuple[ListEnd, ...] = ()
    best: str = ""
    steps: tuple[tuple[Step, int, int], ...] = ()
    view: LabView = field(default_factory=LabView)


def standing_of(entry: SessionEntry) -> Standing:
    """Return where a session stands; nothing is known of one that cannot be read."""
    if entry.problem:
        return Standing()
    try:
        states = [run.state for run in Session(entry.folder).runs()]
    except StoreError:
        return Standing()
    working = [state for state in (RunState.RUNNING, RunState.PAUSED) for one in states if one is state]
    queued = states.count(RunState.QUEUED)
    newest = working[0] if working else RunState.QUEUED if queued else states[-1] if states else None
    return Standing(newest, len(working) or queued, states.count(RunState.FINISHED), queued if working else 0)


def overview_of(entry: SessionEntry, lab: Catalogue) -> Overview:
    """Return what a session holds."""
    if entry.problem:
        return Overview(problem=entry.problem)
    try:
        return _overview(Session(entry.folder), lab)
    except StoreError as error:
        return Overview(problem=str(error))


def _overview(session: Session, lab: Catalogue) -> Overview:
    runs = [(str(run.record.get("part", "")), run, run.state) for run in session.runs()]
    finished = {part for part, _, state in runs if state is RunState.FINISHED}
    answered = AnswerReader(session, lab, session.language).answered()
    done, total = done_of(lab, finished, answered)
    genres = {part.id for part in lab.parts.values() if part.of_genres}
    left = {part for part, _, state in runs if state is RunState.INTERRUPTED} - finished
    coming = Coming(session, lab)
    live = [_live_line(part, run, coming) for part, run, state in runs if state.live]
    return Overview(
        data=str(session.data_root or ""),
        device=session.device,
        seed=str(session.seed),
        folder=str(session.folder),
        done=done,
        total=total,
        live=(*live, *_batch_lines(session, going=bool(live))),
        interrupted=tuple(part for part in lab.parts if part in left),
        ended=list_ends(session, _by_part(runs), lab),
        steps=tuple((step, *done_among(step.parts, finished, answered)) for step in lab),
        view=_view(session, runs, finished, answered),
        best=_best([(part, run) for part, run, state in runs if state is RunState.FINISHED and part in genres]),
    )


def _by_part(runs: Sequence[tuple[str, RunFolder, RunState]]) -> dict[str, list[tuple[RunFolder, RunState]]]:
    found: dict[str, list[tuple[RunFolder, RunState]]] = {}
    for part, run, state in runs:
        found.setdefault(part, []).append((run, state))
    return found


def _view(
    session: Session, runs: Sequence[tuple[str, RunFolder, RunState]], finished: set[str], answered: frozenset[str]
) -> LabView:
    newest: dict[str, PartView] = {}
    for part, run, state in runs:
        if part not in newest or _rank(state) >= _rank(newest[part].state):
            newest[part] = PartView(state, run.id, has_result=part in finished)
    parts = {
        part: replace(one, state=RunState.FINISHED) if part in finished and not one.state.live else one
        for part, one in newest.items()
    }
    return LabView(session.name, parts=parts, answered=answered)


def _rank(state: RunState) -> int:
    """Return which state of two runs counts: that of one that works, then of one that waits, then the newest."""
    return 0 if not state.live else 1 if state is RunState.QUEUED else 2


def _live_line(part: str, run: RunFolder, coming: Coming) -> str:
    follower = Follower(run)
    snapshot = coming.counted(run, follower.poll() or follower.snapshot)
    pieces = [f"{part} {snapshot.state}"]
    if snapshot.epochs_total:
        pieces.append(f"epoch {snapshot.epoch}/{snapshot.epochs_total}")
    if snapshot.trained and snapshot.phase_text:
        pieces.append(snapshot.phase_text)
    if snapshot.eta:
        pieces.append(f"ETA {snapshot.eta}")
    elif begins := coming.begins(run, snapshot):
        pieces.append(begins)
    return "  ".join(pieces)


def _batch_lines(session: Session, *, going: bool) -> list[str]:
    lines = []
    for batch in live_batches(session.folder):
        left = len(batch.parts) - batch.at - (1 if going else 0)
        if left:
            after = batch.parts[min(batch.at + (1 if going else 0), len(batch.parts) - 1)]
            lines.append(f"then {after}, {left} to run in this batch")
    return lines


def _best(runs: Sequence[tuple[str, RunFolder]]) -> str:
    """Return the run with the best accuracy on the test set, as it is written."""
    scores = [(score, part) for part, run in runs if (score := _accuracy(run)) is not None]
    if not scores:
        return ""
    (value, low, high), part = max(scores)
    interval = f" [{number(low)} {number(high)}]" if low < high else ""
    return f"{part}  accuracy {number(value)}{interval}"


def _accuracy(run: RunFolder) -> tuple[float, float, float] | None:
    """Return the accuracy of a run with its interval, None where it has none."""
    try:
        return _read_accuracy(run.path, (run.path / "result.json").stat().st_mtime_ns)
    except (StoreError, OSError):  # the lab screen names what cannot be read
        return None


@lru_cache(maxsize=1024)
def _read_accuracy(path: Path, _changed: int) -> tuple[float, float, float] | None:
    result = RunFolder(path).result() or {}
    value = result.get("values", {}).get(_SCORE)
    if value is None:
        return None
    low, high = result.get("intervals", {}).get(_SCORE, (value, value))
    return float(value), float(low), float(high)
