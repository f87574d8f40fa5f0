"""The list of steps with their parts, states and headline values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.message import Message

from labsteps.catalogue import GREEK_LETTERS, Catalogue, Part, Step
from workbench.store.run import RunState
from workbench.tui.keys import STEPS, bindings
from workbench.tui.look import Look
from workbench.tui.standing import open_questions, ran, standing, standing_of_step, state_of, step_state, to_answer
from workbench.tui.views import LabView
from workbench.tui.widgets.lines import ChoiceView, two_ends
from workbench.wording import NEEDS_YOU

_ID = 4
# At the width that the list has on 80 columns the longest titles would be cut in the middle of what tells them apart.
_SHORT = {
    "2": "Beat-synchronous",
    "4": "Data set",
    "5": "LSTM",
    "7.1": "2D CNN",
    "7.2": "AST",
    "8": "Regression",
    "9": "Transfer",
    "10": "Multitask",
    "11": "Representations",
}
_SHORT_BELOW = 40
_STOPPED = (RunState.FAILED, RunState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a step, or a part of an open step."""

    step: Step
    part: Part | None = None

    @property
    def target(self) -> Part | Step:
        """What the panel shows for the line; a step of one part is that part."""
        if self.part is not None:
            return self.part
        return self.step.parts[0] if len(self.step.parts) == 1 else self.step


class StepList(ChoiceView):
    """The steps; those that are open show their parts."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(STEPS)
    HELP = "The lab's steps. Enter opens a step and then goes to the part's panel; esc comes back here."

    class Opened(Message):
        """Enter was pressed on a part."""

    def __init__(self, lab: Catalogue, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lab = lab
        self._view = LabView()
        self._open: set[str] = set()
        self._rows = self._list_rows()

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self._rows)

    @property
    def chosen(self) -> Part | Step:
        """The part or step under the cursor."""
        return self._rows[self.cursor].target

    @property
    def unfolded(self) -> bool:
        """Whether the parts of the step under the cursor are in sight."""
        return self._rows[self.cursor].step.id in self._open

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        if action != "open":
            return ""
        return "panel" if isinstance(self.chosen, Part) else "close" if self.unfolded else ""

    def show(self, view: LabView) -> None:
        """Show a picture of the session."""
        before = self._view
        told = [(each.parts, each.live, each.answered, each.read) for each in (view, before)]
        if told[0] != told[1]:
            self._view = view
            self.relay()

    def go_to(self, part_id: str) -> None:
        """Choose a part, its step opened where it has several; or a step."""
        step = next((step for step in self._lab if any(part.id == part_id for part in step.parts)), None)
        if step is not None and len(step.parts) > 1:
            self._open.add(step.id)
        self._rows = self._list_rows()
        index = next(i for i, row in enumerate(self._rows) if row.target.id == part_id)
        self.choose(index)

    def find(self, text: str, count: int) -> bool:
        """Choose the next part whose id or title has a text, in closed steps too, and tell whether there is one."""
        from workbench.tui.screens.find import next_with

        parts = [part for step in self._lab for part in step.parts]
        # Its Latin letter finds a part too, as on the command line.
        texts = [self.look.safe(f"{p.id} {p.title.to(self.look.language)} {p.ascii_id}") for p in parts]
        here = self._rows[self.cursor].step.parts[0].id
        if isinstance(self.chosen, Part):
            here = self.chosen.id
        index = next_with(texts, text, [part.id for part in parts].index(here), count)
        wanted = text.strip().casefold()
        ids = [(p.id, p.ascii_id) for p in parts]
        begins = [i for i, own in enumerate(ids) if wanted and any(one.startswith(wanted) for one in own)]
        if begins and not count:
            # 1d is the part of this name before 7.1d, in which it stands too.
            index = begins[0]
        if index is not None:
            self.go_to(parts[index].id)
        return index is not None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every step, and for every part of an open one."""
        return [self._line(row, width, index == self.cursor) for index, row in enumerate(self._rows)]

    def action_open(self) -> None:
        """Open or close a step; go to a part."""
        row = self._rows[self.cursor]
        if isinstance(row.target, Part):
            self.post_message(self.Opened())
        else:
            self._toggle(row.step.id, row.step.id not in self._open)

    def action_expand(self) -> None:
        """Show the parts of the step, or go to the part."""
        row = self._rows[self.cursor]
        if isinstance(row.target, Step) and row.step.id not in self._open:
            self._toggle(row.step.id, True)
        elif isinstance(row.target, Part):
            self.post_message(self.Opened())
        else:
            self.action_move(1)

    def action_collapse(self) -> None:
        """Hide the parts of the step, and choose the step."""
        self._toggle(self._rows[self.cursor].step.id, False)

    def _toggle(self, step_id: str, is_open: bool) -> None:
        (self._open.add if is_open else self._open.discard)(step_id)
        self._rows = self._list_rows()
        self.choose(next(i for i, row in enumerate(self._rows) if row.step.id == step_id))
        self.post_message(self.Moved(self, self.cursor))
        if is_open:
            last = max(i for i, row in enumerate(self._rows) if row.step.id == step_id)
            below = last - (self.scroll_offset.y + self.size.height) + 1
            if 0 < below <= self.cursor - self.scroll_offset.y:
                self.scroll_relative(y=below, animate=False)

    def _list_rows(self) -> list[Row]:
        rows = []
        for step in self._lab:
            rows.append(Row(step))
            if step.id in self._open:
                rows += [Row(step, part) for part in step.parts]
        return rows

    def _line(self, row: Row, width: int, chosen: bool) -> Text:
        look = self.look
        head = look.cursor_sign(here=self.has_focus) if chosen else " "
        if row.part is None:
            left, right = step_line(row.step, self._view, look, short=width < _SHORT_BELOW)
        else:
            left, right = part_line(row.part, self._view, look, wide=width >= _SHORT_BELOW)
        line = Text(end="")
        line.append(head, look.accent)
        line.append_text(left)
        if line.cell_len + right.cell_len + 2 > width:
            right = shorter(row, self._view, look, right, wide=width >= _SHORT_BELOW)
        if right.cell_len:
            right.append(" ")
        return two_ends(look, line, right, width)


def shorter(row: Row, view: LabView, look: Look, right: Text, *, wide: bool) -> Text:
    """Return what is left of the right end where the title leaves it no room, and is cut instead of the state."""
    if row.part is not None:
        if not row.part.built or to_answer(row.part, view):
            return right
        if state_of(row.part, view) is None and not wide:
            # Nothing was begun: of that the sign tells as much, and titles are all that there is to read.
            return Text(end="")
        # A value tells that the part is finished.
        value = _headline(row.part, view)
        return Text(value, end="") if value else right
    questions = open_questions(row.step, view)
    if questions and right.plain == look.safe(look.say(f"{questions} to answer")):
        return look.line((look.say(f"{questions} open"), look.quiet))
    return right


def step_line(step: Step, view: LabView, look: Look, *, short: bool) -> tuple[Text, Text]:
    """Return what a step's line says at its left and at its right."""
    built = step.built
    sign, style = standing_of_step(step, view, look)
    title = step.title.to(look.language)
    if short and look.language == "en":
        title = _SHORT.get(step.id, title)
    name = "" if step.id.isalpha() else step.id
    left = look.line((f"{sign} ", style), (f"{name:<{_ID}}", look.strong if built else look.quiet))
    left.append(look.safe(title), None if built else look.quiet)
    return left, _step_right(step, view, look, short=short)


def _step_right(step: Step, view: LabView, look: Look, *, short: bool) -> Text:
    live = next((run for run in view.live if any(run.part == part.id for part in step.parts)), None)
    if live is not None:
        # A queued one has not begun, and one that does not train has no share to tell.
        share = live.progress if live.state is not RunState.QUEUED else None
        return look.line((look.say(str(live.state)) if share is None else f"{share:.0%}", look.accent))
    state = step_state([state_of(part, view) for part in step.parts])
    if state in _STOPPED:
        return look.line((look.say(str(state)), look.state_style(state)))
    scored = [part.id for part in step.parts if part.values and part.values[0].name.startswith(("test/", "held_out/"))]
    headlines = [view.parts[part].headline for part in scored if view.finished(part)]
    best = headlines[-1] if headlines else ""
    questions = open_questions(step, view)
    if questions and standing_of_step(step, view, look)[0] in NEEDS_YOU:
        # The sign says that it needs the user, so its word goes before a value where there is room for one of them.
        word = look.line((look.say(f"{questions} to answer"), look.quiet))
        return word if short or not best else word.append(f"  {best:>6}")
    if best:
        return look.line(best)
    done = sum(ran(part, view) for part in step.parts)
    if 0 < done < len(step.parts):
        return look.line((look.say(f"{done} of {len(step.parts)}"), look.quiet))
    if not step.built and not short:
        return look.line((look.say("not built yet"), look.quiet))
    return Text(end="")


def part_line(part: Part, view: LabView, look: Look, *, wide: bool) -> tuple[Text, Text]:
    """Return what a part's line says at its left and at its right."""
    here = standing(part, view, look)
    letter = look.safe(part.id)[-1] if part.id[-1] in GREEK_LETTERS else ""
    left = look.line((f"  {here.sign} ", here.style), (f"{letter} " if letter else "", look.strong))
    left.append(look.safe(part.title.to(look.language)), None if part.built or part.asks else look.quiet)
    progress = next((run.progress for run in view.live if run.part == part.id and run.progress), None)
    right = look.line((here.word if progress is None else f"{here.word} {progress:.0%}", here.style))
    if wide and (headline := _headline(part, view)):
        right.append(f"  {headline:>6}")
    return left, right


def _headline(part: Part, view: LabView) -> str:
    """Return the first value of a finished part, empty where it has none."""
    return view.parts[part.id].headline if view.finished(part.id) else ""
