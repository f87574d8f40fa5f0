"""What is best done next: with a part, and in the whole lab."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from labsteps.catalogue import Catalogue, Part
from workbench.counting import next_part
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


TAKES_UP: Final = (Next.RESUME, Next.AGAIN)


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
    if any(not view.has_result(need) for need in needs):
        return Next.PLAN
    return {RunState.INTERRUPTED: Next.RESUME, RunState.FAILED: Next.AGAIN}.get(state, Next.RUN) if state else Next.RUN


def nothing_to_run(parts: Sequence[Part], view: LabView) -> str:
    """Return in a sentence that parts have nothing left to run, and which of them wait for an answer."""
    waiting = [part.id for part in parts if to_answer(part, view)]
    if not waiting:
        return "Everything here is finished; R on a part runs it again."
    if len(waiting) == 1:
        return f"Nothing is left to run here; {waiting[0]} waits for your answer: 6 shows its question."
    return f"Nothing is left to run here; {len(waiting)} parts wait for your answer: ! marks them."


def suggested(lab: Catalogue, view: LabView) -> Part | None:
    """Return the part that is best done next in the whole lab, None where nothing is left."""
    finished = [part for part in view.parts if view.has_result(part)]
    live = [part for part, one in view.parts.items() if one.state.live]
    return next_part(lab, finished, view.answered, live)
