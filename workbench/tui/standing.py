"""Where a part or a step stands, in a sign and a word: its runs, and the answer to its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.style import Style as RichStyle

from labsteps.catalogue import Kind, Part, Step
from workbench.store.run import RunState
from workbench.tui.look import Look
from workbench.tui.views import LabView
from workbench.wording import NEEDS_YOU, NOT_BUILT, state_word

# The parts whose network can be looked into on a screen of its own.
_WITH_INSIDE: Final = ("7.1α",)


@dataclass(frozen=True, slots=True)
class Standing:
    """A sign, a word, and their colour."""

    sign: str
    word: str
    style: RichStyle


def standing(part: Part, view: LabView, look: Look) -> Standing:
    """Return where a part stands; one that waits for an answer alone says that it needs the user."""
    if not view.read:
        return Standing(" ", "", look.quiet)
    if to_answer(part, view):
        return Standing(NEEDS_YOU[look.ascii_only], look.say("to answer"), look.accent)
    if part.only_asks and part.asks:
        return Standing(look.sign(RunState.FINISHED), look.say("answered"), look.good)
    return standing_of_run(part, view, look)


def standing_of_run(part: Part, view: LabView, look: Look) -> Standing:
    """Return where what a part runs stands, whether or not its question is answered: enough to build on it."""
    state = view.state_of(part.id)
    if not part.built:
        return Standing(NOT_BUILT[look.ascii_only], look.say(state_word(part, state)), look.quiet)
    if not view.read:
        return Standing(" ", "", look.quiet)
    return Standing(look.sign(state), look.say(state_word(part, state)), look.state_style(state))


def has_inside(target: Part | Step) -> bool:
    """Tell whether there is a network of the part to look into."""
    return isinstance(target, Part) and target.built and target.id in _WITH_INSIDE


def has_time(target: Part | Step) -> bool:
    """Tell whether something of it trains or evaluates, so that it can be measured where its time goes."""
    parts = (target,) if isinstance(target, Part) else target.parts
    return any(part.built and Kind.RUN in part.kinds for part in parts)


def trains(target: Part | Step) -> bool:
    """Tell whether a run of the part trains, so that it has a rate to change and weights to save."""
    # The rate is another part's in transfer and in multitask learning.
    names = {"learning_rate", "checkpoint_seconds"}
    return isinstance(target, Part) and any(one.name in names for one in target.parameters)


def to_answer(part: Part, view: LabView) -> bool:
    """Tell whether an answer is what a part waits for: what it runs is finished, and its question is open."""
    return view.read and part.asks and part.id not in view.answered and (part.only_asks or view.finished(part.id))


def standing_of_step(step: Step, view: LabView, look: Look) -> tuple[str, RichStyle]:
    """Return the sign of a step and its colour."""
    state = step_state([state_of(part, view) for part in step.parts])
    if not view.read:
        return " ", look.quiet
    if not step.built and state is None:
        return NOT_BUILT[look.ascii_only], look.quiet
    others = [state_of(part, view) for part in step.parts if not to_answer(part, view)]
    if open_questions(step, view) and all(one is RunState.FINISHED for one in others):
        return NEEDS_YOU[look.ascii_only], look.accent
    return look.sign(state), look.state_style(state) if step.built else look.quiet


def open_questions(step: Step, view: LabView) -> int:
    """Return how many parts of a step wait for an answer and nothing else."""
    return sum(to_answer(part, view) for part in step.parts)


def state_of(part: Part, view: LabView) -> RunState | None:
    """Return where a part stands; an answer finishes one that is a question and nothing else."""
    if part.only_asks:
        return RunState.FINISHED if part.id in view.answered else None
    return view.state_of(part.id)


def ran(part: Part, view: LabView) -> bool:
    """Tell whether a part has a result, or is a question that is answered; also while it is run again."""
    return part.id in view.answered if part.only_asks else view.has_result(part.id)


def step_state(states: Sequence[RunState | None]) -> RunState | None:
    """Return the state of a step: what goes on, else what went wrong, else finished when all of it is."""
    known = [state for state in states if state is not None]
    for state in (RunState.RUNNING, RunState.PAUSED, RunState.QUEUED, RunState.FAILED, RunState.INTERRUPTED):
        if state in known:
            return state
    return RunState.FINISHED if known and all(state is RunState.FINISHED for state in states) else None
