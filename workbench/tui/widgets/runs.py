"""All runs of a part: which there are, what each came to, and what to keep about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from labsteps.catalogue import Part
from workbench.plots.text import cells
from workbench.tui.history import RunRow
from workbench.tui.keys import BEGIN, SIDEWAYS, VI_SIDEWAYS, bindings
from workbench.tui.keys_more import RUNS
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.views import LabView
from workbench.tui.widgets.begin import begin_label, begins
from workbench.tui.widgets.lines import ChoiceView, LinesView, hanging, paragraph, two_ends, whole_items
from workbench.tui.widgets.result import settings_text
from workbench.wording import ago

PIN: Final = ("◆", "P")
MARKED: Final = ("+", "+")
_HEADS = {"en": 9, "el": 11}
_VALUE: Final = 7


class RunList(ChoiceView):
    """The runs of the part in sight, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(RUNS, SIDEWAYS, VI_SIDEWAYS, BEGIN)
    HELP = "Every run of this part. Space marks runs, of other parts too; c compares what is marked."

    class Asked(Message):
        """Something is to be done with the chosen run."""

        def __init__(self, what: str, row: RunRow) -> None:
            super().__init__()
            self.what, self.row = what, row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.part: Part | None = None
        self.rows: tuple[RunRow, ...] = ()
        self.idle = ""

    @property
    def count(self) -> int:
        """Number of runs."""
        return len(self.rows)

    @property
    def chosen(self) -> RunRow | None:
        """The run under the cursor."""
        return self.rows[self.cursor] if self.cursor < self.count else None

    def show(self, part: Part | None, rows: tuple[RunRow, ...], idle: str) -> None:
        """Show the runs of a part; the cursor stays on its run."""
        if (part, rows, idle) == (self.part, self.rows, self.idle):
            return
        chosen = self.chosen
        ids = [row.run_id for row in rows]
        self.cursor = ids.index(chosen.run_id) if chosen is not None and chosen.run_id in ids else 0
        self.part, self.rows, self.idle = part, rows, idle
        self.relay()
        self.refresh_bindings()
        self.post_message(self.Moved(self, self.cursor))

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every run."""
        if self.part is None or not self.rows:
            return paragraph(self.look, self.idle, width, self.look.quiet)
        app = app_of(self)
        lines = []
        size = max((_VALUE, *(cells(row.headline) for row in self.rows))) if any(r.headline for r in self.rows) else 0
        for index, row in enumerate(self.rows):
            head = self.look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
            marked = row.run_id in app.bench.marked
            right = self.look.line((f"{self.look.say(ago(row.when, app.clock))} ", self.look.quiet))
            left = run_line(row, self.part, self.look, width - right.cell_len - 2, size, marked=marked)
            lines.append(two_ends(self.look, self.look.line((head, self.look.accent)).append_text(left), right, width))
        return lines

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys where there are runs, and to begin where there are none."""
        if action == "begin":
            return not self.rows and begins(self)
        return bool(self.rows) if action == "ask" else True

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        if action == "begin":
            return begin_label(self)
        return "unpin" if action == "ask('pin')" and self.chosen is not None and self.chosen.marks.pinned else ""

    async def action_begin(self) -> None:
        """Do what comes next with a part that has no runs yet."""
        await self.screen.run_action("next")

    def action_ask(self, what: str) -> None:
        """Ask for something to be done with the chosen run."""
        if self.chosen is not None:
            self.post_message(self.Asked(what, self.chosen))


class RunDetails(LinesView, can_focus=False):
    """What is known of the chosen run."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row: RunRow | None = None
        self._part: Part | None = None

    def show(self, row: RunRow | None, part: Part | None) -> None:
        """Show a run."""
        self._row, self._part = row, part
        self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the details."""
        if self._row is None or self._part is None:
            return []
        return detail_lines(self._row, self._part, self.look, width)


class RunsPane(Vertical):
    """The list, and what is known of the chosen run below it."""

    def compose(self) -> ComposeResult:
        """Make both."""
        yield RunList(id="run-list")
        yield RunDetails(id="run-details")

    @property
    def chosen(self) -> RunRow | None:
        """The run under the cursor."""
        return self.query_one(RunList).chosen

    def show(self, part: Part | None, view: LabView, idle: str) -> None:
        """Show the runs of a part."""
        own = self.query_one(RunList)
        own.show(part, view.history, idle)
        self.query_one(RunDetails).show(own.chosen, part)

    def focus_pane(self) -> None:
        """Give the list the focus."""
        self.query_one(RunList).focus()

    @on(ChoiceView.Moved)
    def _moved(self, event: ChoiceView.Moved) -> None:
        event.stop()
        own = self.query_one(RunList)
        self.query_one(RunDetails).show(own.chosen, own.part)
        own.refresh_bindings()


def run_line(row: RunRow, part: Part, look: Look, width: int, size: int, *, marked: bool) -> Text:
    """Return what a run's line says, its value in `size` cells; a setting is there whole or not at all."""
    left = look.line((MARKED[look.ascii_only] if marked else " ", look.accent))
    left.append(PIN[look.ascii_only] if row.marks.pinned else " ", look.accent)
    left.append(f"{look.sign(row.state)} ", look.state_style(row.state))
    left.append(f"{look.safe(look.say(str(row.state))):<12}", look.state_style(row.state))
    left.append(f"{row.headline:>{size}}", look.strong)
    told = "" if not row.marks.tags else f"  {', '.join(row.marks.tags)}"
    changed = settings_text(row.used, part).removeprefix("with ")
    left.append(look.safe(told), look.accent)
    if changed != "default settings":
        shown = whole_items(look.safe(changed), width - left.cell_len - 2, "..." if look.ascii_only else "…")
        left.append(f"  {shown}", look.quiet)
    return left


def detail_lines(row: RunRow, part: Part, look: Look, width: int) -> list[Text]:
    """Return tags, note, settings and id of a run."""
    size = _HEADS[look.language]

    def head(word: str) -> str:
        return f"{look.say(word):<{size}}"

    lines = hanging(look, head("settings"), look.say(settings_text(row.used, part).removeprefix("with ")), width)
    if row.marks.tags:
        lines += hanging(look, head("tags"), ", ".join(row.marks.tags), width)
    for index, text in enumerate(row.marks.note.splitlines()):
        lines += hanging(look, head("note") if not index else " " * size, text, width)
    if row.marks.pinned:
        lines += hanging(look, head("pinned"), look.say("others are compared with it; it is not deleted"), width)
    return [*lines, *hanging(look, head("run"), row.run_id, width)]
