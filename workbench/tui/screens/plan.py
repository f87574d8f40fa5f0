"""The plan of several parts, shown before they are started: what runs, what is reused, and about how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from workbench.runner.plan import ALONGSIDE, Action, Plan, PlannedPart, told_of, total_of
from workbench.tui.keys import PLAN, VI_SCROLL, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView, hanging

_WHAT = 9


class _PlanLines(LinesView):
    """The parts of a plan, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def lines(self, width: int, height: int) -> Sequence[Text]:
        return [line for planned in self._plan.parts for line in plan_lines(planned, self.look, width)]


class PlanScreen(LeftOnce, ModalScreen[bool]):
    """Shows a plan and asks whether to start it.

    Parameters
    ----------
    title
        What it is the plan of.
    plan
        The plan.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PLAN)
    HELP = "What would run, in this order. Enter starts it; it goes on if you leave. esc closes without starting."

    def __init__(self, title: str, plan: Plan) -> None:
        super().__init__()
        self._title, self._plan = title, plan

    def compose(self) -> ComposeResult:
        """Make the list."""
        look = app_of(self).look
        with Vertical(classes="dialog reading"):
            yield Static(Text(look.safe(look.say(self._title)), look.strong), markup=False)
            yield _PlanLines(self._plan)
            yield Static(Text(look.safe(total_of(self._plan, look.say)), look.quiet), markup=False, id="plan-total")
        yield KeyBar()

    def action_accept(self) -> None:
        """Start it."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Close without starting anything."""
        self.dismiss(False)


def plan_line(planned: PlannedPart, look: Look, width: int) -> Text:
    """Return a part of a plan in a line: its id, what happens to it, how long it takes or why not, and its title."""
    what = {Action.REUSE: "finished", Action.QUESTION: "question", Action.SKIP: "left out"}.get(
        planned.action, str(planned.action)
    )
    time = told_of(planned.estimate.span) if planned.estimate is not None else ""
    style = look.accent if planned.action.works else look.warn if planned.action is Action.SKIP else look.quiet
    line = Text(f"{look.safe(planned.part.id):<7}", end="")
    line.append(look.safe(f"{look.say(what):<{_WHAT}}"), style)
    line.append(f"{time:>12}  ", look.quiet)
    line.append(look.safe(planned.part.title.to(look.language)))
    line.truncate(width, overflow="crop" if look.ascii_only else "ellipsis")
    return line


def plan_lines(planned: PlannedPart, look: Look, width: int) -> list[Text]:
    """Return a part of a plan in lines.

    Under its own stand why it is left out or runs again, or what is other in it, and what its time rests on.
    """
    reason = planned.reason.removeprefix(ALONGSIDE).removeprefix("; ")
    rests = planned.rests
    lines = [
        line for text in (reason, rests) if text for line in hanging(look, " " * 7, look.say(text), width, look.quiet)
    ]
    return [plan_line(planned, look, width), *lines]
