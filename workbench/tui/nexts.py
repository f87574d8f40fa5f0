"""What is best done next: with a part, and in the whole lab."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from labsteps.catalogue import Catalogue, Part
from workbench import counting
from workbench.store.run import RunState
from workbench.tui.standing import to_answer
from workbench.tui.views import LabView


class Next(StrEnum):
    """What enter does with a part; the value is what the key bar calls it."""

    RUN = "run"
    PLAN = "show plan"
    RESUME = "resume"
    AGAIN = "try again"
    FOLLOW = "follow"
    RESULT = "see result"
    ANSWER = "answer"
    DATA = "choose data"
    NOTHING = ""


def next_of(part: Part, view: LabView, needs: Sequence[str] = ()) -> Next:
    """Return what is best done next with a part that `needs` others; `view` is a picture with this part chosen."""
    state = view.state_of(part.id)
    if not part.built:
        return Next.ANSWER if part.asks else Next.NOTHING
    if part.only_asks:
        return Next.ANSWER
    if state is not None and state.live:
        return Next.FOLLOW
    if state is RunState.FINISHED:
        return Next.ANSWER if to_answer(part, view) else Next.RESULT
    if view.missing:
        return Next.DATA
    if any(not view.finished(need) for need in needs):
        return Next.PLAN
    return {RunState.INTERRUPTED: Next.RESUME, RunState.FAILED: Next.AGAIN}.get(state, Next.RUN) if state else Next.RUN


def is_done(part: Part, view: LabView) -> bool:
    """Tell whether nothing is left to do with a part: its run is finished and its question answered."""
    finished = (part.id,) if view.finished(part.id) else ()
    return counting.is_done(part, finished, view.answered)


def suggested(lab: Catalogue, view: LabView) -> Part | None:
    """Return the first part in the lab's order with something left to do that is not going on already."""
    left = (part for part in lab.parts.values() if (part.built or part.asks) and not is_done(part, view))
    return next((part for part in left if not _live(part, view)), None)


def _live(part: Part, view: LabView) -> bool:
    state = view.state_of(part.id)
    return state is not None and state.live
