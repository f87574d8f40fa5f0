"""What was asked of runs and has not happened yet: in words, how long that holds, and what a second press means."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from workbench.runner.follow import Snapshot
from workbench.store.run import RunState
from workbench.tui.views import LabView

if TYPE_CHECKING:
    from workbench.tui.bench import Started

Holds = Callable[[LabView], bool]

ASKED: Final = {
    "stop": "stop asked",
    "pause": "pause asked",
    "continue": "going on asked",
    "checkpoint": "saving asked",
}
# A key that is pressed again within so many seconds of what it asked for is the same wish, and does not undo it.
IMPATIENT_SECONDS = 1.0
_AIMS: Final = {"pause": RunState.PAUSED, "continue": RunState.RUNNING}


class Wishes:
    """What was asked here of runs until it has happened, and what was started here.

    A second press of a key neither repeats what the first has asked nor undoes it.

    Attributes
    ----------
    looked
        When the reading of the picture in sight began, in seconds of the monotonic clock: what was asked later is not
        in it.
    """

    def __init__(self) -> None:
        self.looked = 0.0
        self._started: dict[str, float] = {}
        self._asked: dict[str, tuple[str, float]] = {}
        self._paused: dict[str, float] = {}

    def start(self, run_id: str) -> None:
        """Note that a run was started."""
        self._started[run_id] = time.monotonic()

    def knows_of_start(self, run_id: str) -> bool:
        """Tell whether the picture in sight was read after a run was started here, where it was."""
        return self.looked >= self._started.get(run_id, 0.0)

    def going(self, started: Started) -> Holds:
        """Return what tells of a picture whether that holds which is said of a start: it goes on, waits, or is over."""

        def holds(view: LabView) -> bool:
            if not self.knows_of_start(started.run_id):
                return True
            state = view.runs.get(started.run_id)
            if str(started.found) == "finished":
                return state is RunState.FINISHED
            if state is RunState.WAITING:
                return True
            return state is RunState.QUEUED if started.queued else state is not None and state.live

        return holds

    def batch_going(self) -> Holds:
        """Return whether a batch that is started now, or a run of it, still goes on in a picture."""
        began = time.monotonic()
        return lambda view: self.looked < began or bool(view.batches or view.live)

    def ask(self, run_id: str, command: str) -> None:
        """Note that something was asked of a run."""
        self._asked[run_id] = (command, time.monotonic())

    def forget(self, run_id: str) -> None:
        """Note that it could not be asked."""
        self._asked.pop(run_id, None)

    def waiting(self, run_id: str, command: str, snapshot: Snapshot | None) -> bool:
        """Tell whether this was asked of a run, of which there may be a `snapshot`, and has not happened yet."""
        asked, when = self._asked.get(run_id, ("", 0.0))
        if asked == command and when >= self.looked:
            return True
        return snapshot is not None and any(one == command for one, _ in snapshot.asked)

    def now_paused(self, runs: Mapping[str, RunState]) -> list[str]:
        """Return the runs that are paused by now as it was asked here, each once."""
        paused = []
        for run_id, (command, _) in list(self._asked.items()):
            state = runs.get(run_id)
            if not still_waiting(command, state):
                del self._asked[run_id]
                if command == "pause" and state is RunState.PAUSED:
                    self._paused[run_id] = time.monotonic()
                    paused.append(run_id)
        return paused

    def just_paused(self, run_id: str) -> bool:
        """Tell whether a run is paused since a moment ago, so that a key pressed meanwhile means no more than that."""
        return time.monotonic() - self._paused.get(run_id, -IMPATIENT_SECONDS) < IMPATIENT_SECONDS


def waits_for(snapshot: Snapshot | None) -> str:
    """Return what a run ends before it does what is asked of it."""
    if snapshot is None or snapshot.state is RunState.QUEUED:
        return "the run to read it"
    if snapshot.phase is not None:
        return "the end of the piece of work under way"
    return "the end of the batch under way" if snapshot.epochs or snapshot.position else "libraries and data to load"


def asked_text(snapshot: Snapshot, command: str, since: str) -> str:
    """Return what was asked of a run, how long ago, and what it waits for."""
    what = ASKED.get(command, "change asked")
    return f"{what} {since}; it waits for {waits_for(snapshot)}"


def said_of_request(command: str, snapshot: Snapshot | None) -> str:
    """Return what is said when something was asked of a run."""
    if command == "continue":
        return "Asked to go on."
    if command == "checkpoint":
        return "Asked for a checkpoint."
    if command == "stop":
        return f"Asked to save and stop; it waits for {waits_for(snapshot)}. r resumes it."
    return f"Asked to pause; it waits for {waits_for(snapshot)}."


def request_holds(run_id: str, command: str, said: str) -> Holds:
    """Return what tells of a picture whether what was said of a request is true: it waits, and for the same."""

    def holds(view: LabView) -> bool:
        snapshot = view.snapshot
        same = snapshot is None or snapshot.run_id != run_id or said_of_request(command, snapshot) == said
        return same and still_waiting(command, view.runs.get(run_id))

    return holds


def still_waiting(command: str, state: RunState | None) -> bool:
    """Tell whether a run in a state has yet to do what was asked."""
    return state is not None and state.live and state is not _AIMS.get(command)
