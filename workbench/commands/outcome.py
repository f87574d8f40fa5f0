"""What became of a part: its run, why it has none, and whether its question is answered."""

from __future__ import annotations

from dataclasses import dataclass

from labsteps.catalogue import Kind, Part
from workbench.exits import Exit
from workbench.runner.follow import Follower, Snapshot
from workbench.runner.plan import Cause, PlannedPart
from workbench.runner.profiles import is_measured, profiles
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

SKIPPED = "skipped"
NOT_BUILT = "not built yet"
NOTHING_TRAINED = "trains nothing, so there is no profile of it"


@dataclass
class Outcome:
    """What became of one part.

    Attributes
    ----------
    answered
        Whether its question is; None where the part asks nothing.
    reused
        Whether the result was there already.
    profiled
        Whether it was asked where its time goes.
    """

    part: Part
    status: str
    run: RunFolder | None = None
    seconds: float = 0.0
    seconds_per_epoch: float | None = None
    reason: str = ""
    exit: Exit = Exit.DONE
    answered: bool | None = None
    reused: bool = False
    profiled: bool = False

    @property
    def no_profile(self) -> str:
        """Why there are no times although they were asked for; empty where there are, or nobody asked."""
        if self.run is None or not (self.profiled and self.finished) or profiles(self.run):
            return ""
        if Kind.RUN not in self.part.kinds or is_measured(self.run):
            return NOTHING_TRAINED
        return f"the run was begun without --profile; `run {self.part.ascii_id} --profile` makes one that is measured"

    @property
    def finished(self) -> bool:
        """Whether there is a result."""
        return self.run is not None and self.status == RunState.FINISHED


def outcome_of(part: Part, run: RunFolder, snapshot: Snapshot | None = None) -> Outcome:
    """Return what became of a part from the last snapshot of its run, read now where none is given."""
    if snapshot is None:
        follower = Follower(run)
        snapshot = follower.poll() or follower.snapshot
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


def left_out(planned: PlannedPart) -> Outcome:
    """Return the outcome of a part that a plan leaves out."""
    if planned.cause is Cause.NOT_BUILT:
        return Outcome(planned.part, NOT_BUILT, reason=planned.reason)
    code = Exit.DATA if planned.cause is Cause.DATA else Exit.FAILED
    return Outcome(planned.part, SKIPPED, reason=planned.reason, exit=code)


def question(part: Part, session: Session | None) -> Outcome:
    """Return the outcome of a part that only asks; without a session nothing is answered."""
    answered = session is not None and is_answered(part, session)
    return Outcome(part, "answered" if answered else "not answered", answered=answered)


def is_answered(part: Part, session: Session) -> bool:
    """Tell whether the user has answered a part's question."""
    return bool(session.read_answer(part.id)[0].strip())
