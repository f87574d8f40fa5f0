"""The panel of the chosen part: its heading, tabs, and the pane of the chosen tab."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.widget import Widget

from labsteps.catalogue import Part, Step
from workbench.store.run import RunState
from workbench.tui.history import RunRow
from workbench.tui.look import Look
from workbench.tui.nexts import Next, next_of
from workbench.tui.owner import app_of
from workbench.tui.standing import open_questions, ran, standing, standing_of_step, state_of
from workbench.tui.views import LabView
from workbench.tui.widgets.answer import AnswerPane
from workbench.tui.widgets.brief import BriefContent, BriefView
from workbench.tui.widgets.lines import LinesView, paragraph, two_ends
from workbench.tui.widgets.log import LogView
from workbench.tui.widgets.parameters import ParametersView
from workbench.tui.widgets.result import ResultPane
from workbench.tui.widgets.run import RunView
from workbench.tui.widgets.runs import RunList, RunsPane
from workbench.tui.widgets.tabs import TABS, TabLine
from workbench.wording import NEEDS_YOU

_STATE_CELLS = 16


class Heading(Widget):
    """Id and title of what is chosen, in full, with its state."""

    def __init__(self) -> None:
        super().__init__()
        self._target: Part | Step | None = None
        self._view = LabView()

    def show(self, target: Part | Step, view: LabView) -> None:
        """Show a part or step."""
        self._target, self._view = target, view
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the title takes."""
        return len(self._lines(width))

    def render(self) -> Text:
        """Return the lines."""
        return Text("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Text]:
        if self._target is None:
            return [Text(end="")]
        return heading_lines(self._target, self._view, app_of(self).look, width)


class PartPanel(Vertical):
    """Shows the chosen part or step."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tab = "brief"
        self.target: Part | Step | None = None
        self.next = Next.NOTHING
        self._empty: dict[str, bool] = {}
        self._shown = LabView(), False

    def compose(self) -> ComposeResult:
        """Make heading, tabs and panes."""
        yield Heading()
        yield TabLine()
        yield BriefView(id="brief")
        yield ParametersView(id="parameters")
        yield RunView(id="run")
        yield ResultPane(id="result")
        yield LogView(id="log")
        yield AnswerPane(id="answer")
        yield RunsPane(id="runs")

    def on_mount(self) -> None:
        """Show the first tab."""
        self.turn_to("brief")

    @property
    def part(self) -> Part | None:
        """The part in sight, None for a step."""
        return self.target if isinstance(self.target, Part) else None

    @property
    def chosen_run(self) -> RunRow | None:
        """The line under the cursor of the list of runs, where that is in sight."""
        return self.query_one(RunsPane).chosen if self.tab == "runs" else None

    @property
    def enter_goes_on(self) -> bool:
        """Whether enter, in the pane in sight, does what comes next with the part."""
        return self.tab in ("brief", "run") or self._empty.get(self.tab, False)

    @property
    def shown_tabs(self) -> tuple[str, ...]:
        """The tabs that there are for what is chosen."""
        part = self.part
        if part is None:
            return ("brief",)
        if part.only_asks and part.asks:
            return ("brief", "answer")
        return tuple(tab for tab in TABS if tab != "answer" or part.asks)

    def show(self, target: Part | Step, view: LabView, *, unfolded: bool = False) -> None:
        """Show a part or step, with a picture of the session; `unfolded` says that the list shows the step's parts."""
        bench = app_of(self).bench
        problems = app_of(self).problems
        moved, self.target = target is not self.target, target
        before = self.next, self.enter_goes_on
        if view.selected != getattr(target, "id", ""):
            # The picture of another part: its run and result are not this one's.
            known = (view.session, view.data_root, view.device, target.id, view.parts, view.live)
            known_of_all = LabView(*known, answered=view.answered, batches=view.batches, data_there=view.data_there)
            view = replace(known_of_all, read=view.read)
        self.query_one(Heading).show(target, view)
        self.query_one(TabLine).shown = self.shown_tabs
        if moved and self.tab not in self.shown_tabs:
            self.turn_to("brief")
        if moved:
            bench.place = replace(bench.place, target=target.id, tab=self.tab)
        part = self.part
        problem = problems.get(target.id, "")
        changed = len(bench.draft(part)) if part is not None else 0
        settings = bench.settings(part) if part is not None else {}
        needs = part.needs_with(settings) if part is not None else ()
        self.next = next_of(part, view, needs) if part is not None else Next.NOTHING
        ahead = app_of(self).foresight.of_part(part, settings)
        self._shown = view, unfolded
        self.query_one(BriefView).show(
            BriefContent(target, view, bench.lab, problem, changed, needs, self.next, unfolded, ahead)
        )
        self.query_one(ParametersView).show(part, settings, view.computes_on, ahead)
        state = view.state_of(target.id)
        self.query_one(RunView).show(view, problem, idle_text(part, "Nothing has run here yet.", state), self.next)
        self.query_one(ResultPane).show(view.result, part, idle_text(part, "There is no result yet.", state))
        log = f"worker.log is in {view.folder}" if view.folder else ""
        self.query_one(LogView).show(view, log, idle_text(part, "There are no messages yet.", state))
        self.query_one(AnswerPane).show(part, view.answer, bench.session)
        self.query_one(RunsPane).show(part, view, idle_text(part, "There are no runs yet.", state))
        self._empty = {"result": view.result is None, "log": view.snapshot is None, "runs": not view.history}
        if (self.next, self.enter_goes_on) != before and self.has_focus_within:
            self.screen.refresh_bindings()

    def foreseen(self) -> None:
        """Show how long things take, after that has become known."""
        if self.target is not None and self.is_mounted and self.query(RunList):
            view, unfolded = self._shown
            self.show(self.target, view, unfolded=unfolded)
            self.tick()

    def panes_of(self, tab: str) -> list[LinesView]:
        """Return the panes of a tab."""
        return list(self.query_one(f"#{tab}").walk_children(LinesView, with_self=True))

    def turn_to(self, tab: str) -> None:
        """Show a tab's pane; the focus moves along where it was in the pane before."""
        if tab not in self.shown_tabs and self.target is not None:
            return
        inside = self.has_focus_within
        self.tab = tab
        if self.target is not None:
            bench = app_of(self).bench
            bench.place = replace(bench.place, target=self.target.id, tab=tab)
        self.query_one(TabLine).chosen = tab
        for name in TABS:
            self.query_one(f"#{name}").display = name == tab
        if inside:
            self.focus_pane()

    def focus_pane(self) -> None:
        """Give the pane in sight the focus."""
        pane = self.query_one(f"#{self.tab}")
        if isinstance(pane, ParametersView | AnswerPane | RunsPane):
            pane.focus_pane()
        else:
            pane.focus()

    def tick(self) -> None:
        """Let the times of the run go on, where they are in sight."""
        if self.tab == "run":
            self.query_one(RunView).tick()

    def relay(self) -> None:
        """Lay all panes out anew, after the colours have changed."""
        for pane in self.query(LinesView):
            pane.relay()
        self.query_one(AnswerPane).relay()

    def on_descendant_focus(self) -> None:
        """Mark the tab as the place of the focus."""
        self.query_one(TabLine).here = self.has_focus_within

    def on_descendant_blur(self) -> None:
        """Take the mark back."""
        self.query_one(TabLine).here = self.has_focus_within

    @on(TabLine.Clicked)
    def _clicked(self, event: TabLine.Clicked) -> None:
        event.stop()
        self.turn_to(event.tab)


def idle_text(part: Part | None, what: str, state: RunState | None = None) -> str:
    """Return what a pane says while there is nothing to show in it, and which key changes that."""
    if part is None:
        return "Open the step with enter, and choose a part."
    if part.only_asks:
        return "This part asks for a written answer; it runs nothing."
    if not part.built:
        return f"{what} {part.id} is not built yet in this version."
    if state is not None and state.live:
        how = "waits for its turn" if state is RunState.QUEUED else "goes on now"
        return f"{what} {part.id} {how}. Press 3 to follow it."
    settings = ", or 2 to change its settings first" if part.parameters else ""
    return f"{what} Press r to run {part.id} (enter in this panel too){settings}."


def heading_lines(target: Part | Step, view: LabView, look: Look, width: int) -> list[Text]:
    """Return id and title, wrapped, with the state at the end of the first line."""
    if isinstance(target, Part):
        here = standing(target, view, look)
        sign, word, style = here.sign, here.word, here.style
        progress = next((run.progress for run in view.live if run.part == target.id), None)
        # A run that waits has not begun, also one that waits for the first time.
        word += f" {progress:.0%}" if progress is not None and state_of(target, view) is not RunState.QUEUED else ""
    else:
        done = sum(ran(part, view) for part in target.parts)
        sign, style = standing_of_step(target, view, look)
        waiting = f"{open_questions(target, view)} to answer" if sign in NEEDS_YOU else ""
        told = waiting or f"{done} of {len(target.parts)} finished"
        word = look.say(told if target.built else "not built yet")
        sign = sign if target.built else ""
    right = look.line((f"{sign} {word}".strip(), style))
    name = f"{target.id} " if not target.id.isalpha() else ""
    # The room for the title does not depend on the state, so that nothing moves when the state changes.
    room = max(10, width - max(_STATE_CELLS, right.cell_len) - 2)
    titles = paragraph(look, name + target.title.to(look.language), room, look.strong)
    return [two_ends(look, titles[0], right, width), *titles[1:]]
