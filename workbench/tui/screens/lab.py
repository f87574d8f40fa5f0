"""The lab: the list of steps at the left, the panel of the chosen part at the right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from labsteps.catalogue import Kind, Part, Step
from labsteps.errors import ParameterError
from workbench.runner.follow import Snapshot
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.tui.data_folder import ask_data
from workbench.tui.history import RunRow
from workbench.tui.keys import LAB, bindings
from workbench.tui.nexts import TAKES_UP, Next, suggested
from workbench.tui.owner import app_of
from workbench.tui.run_actions import ask_of_run, begun_otherwise
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.standing import has_inside, has_time, to_answer, trains
from workbench.tui.views import LabView
from workbench.tui.waiting import said_of_request, waits_for
from workbench.tui.widgets.field import Field
from workbench.tui.widgets.header import LabHeader
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import ChoiceView
from workbench.tui.widgets.nextline import NextLine
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.panel import PartPanel
from workbench.tui.widgets.parameters import ParameterList
from workbench.tui.widgets.runs import RunList
from workbench.tui.widgets.steps import StepList
from workbench.tui.widgets.toosmall import TooSmall

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

_STARTS = (Next.RUN, Next.PLAN, *TAKES_UP)
_STOPPED = (RunState.INTERRUPTED, RunState.FAILED)
_LIVE_ONLY = ("stop", "pause", "learning_rate", "checkpoint")


class LabScreen(Screen[None]):
    """Shows the session; what it shows comes from the app's observer."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB)
    AUTO_FOCUS = "#steps"

    def __init__(self) -> None:
        super().__init__()
        self.view = LabView()
        self.awaited: dict[str, Part] = {}

    @property
    def bench_app(self) -> WorkbenchApp:
        """The app, by its own type."""
        return app_of(self)

    def compose(self) -> ComposeResult:
        """Make header, list, panel and key bar."""
        yield LabHeader()
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield StepList(self.bench_app.bench.lab, id="steps")
                yield NextLine(self.bench_app.bench.lab)
            yield PartPanel(id="panel")
        yield Notice()
        yield KeyBar()
        yield TooSmall()

    def on_mount(self) -> None:
        """Begin where one left off."""
        self.view = self.bench_app.view
        self.query_one(LabHeader).show(self.view)
        self.steps.show(self.view)
        self.query_one(NextLine).show(self.view)
        self.go_where_one_left()
        self.set_interval(self.bench_app.pace.tick, self._tick)

    @property
    def steps(self) -> StepList:
        """The list of steps."""
        return self.query_one(StepList)

    @property
    def panel(self) -> PartPanel:
        """The panel."""
        return self.query_one(PartPanel)

    @property
    def target(self) -> Part | Step:
        """What is chosen in the list."""
        return self.steps.chosen

    @property
    def live(self) -> Snapshot | None:
        """The chosen part's run, where it goes on."""
        snapshot = self._snapshot
        marked = self.marked
        if snapshot is None or not snapshot.state.live or (marked is not None and marked.run_id != snapshot.run_id):
            return None
        return snapshot

    @property
    def marked(self) -> RunRow | None:
        """The line under the cursor of the list of runs, where that is in sight: the keys act on no other run then."""
        return self.panel.chosen_run

    @property
    def resumed(self) -> str:
        """The run that r takes up as it was begun: marked, in sight beside a result, or with parameters of its own."""
        inside, marked, snapshot = self.panel.has_focus_within, self.marked, self._snapshot
        if inside and marked is not None:
            return marked.run_id if marked.state in _STOPPED else ""
        if snapshot is None or snapshot.state not in _STOPPED or not isinstance(self.target, Part):
            return ""
        shown = inside and self.panel.tab in ("run", "log") and self.view.finished(snapshot.part)
        return snapshot.run_id if shown or begun_otherwise(self.bench_app.bench, self.target, self.view) else ""

    @property
    def _snapshot(self) -> Snapshot | None:
        return self.view.snapshot if self.view.selected == self.target.id else None

    # What comes in

    def show_view(self, view: LabView) -> None:
        """Show a new picture of the session."""
        before, self.view = self.view, view
        self.query_one(LabHeader).show(view)
        self.steps.show(view)
        self.query_one(NextLine).show(view)
        self.panel.show(self.target, view, unfolded=self.steps.unfolded)
        if view.problem and view.problem != before.problem:
            self.bench_app.tell(view.problem, "warning")
        self._tell_ended(view)
        for run_id in self.bench_app.wishes.now_paused(view.runs):
            self._say_paused(run_id)
        if _moods(before) != _moods(view):
            self.refresh_bindings()

    def _tell_ended(self, view: LabView) -> None:
        """Say when a run that was started here has ended; what only shows something is shown at once."""
        for run_id, part in list(self.awaited.items()):
            state = view.runs.get(run_id)
            if (
                state is None
                or state.live
                or state is RunState.WAITING
                or not self.bench_app.wishes.knows_of_start(run_id)
            ):
                continue
            del self.awaited[run_id]
            here = self.target is part and self.panel.tab == "run"
            if state is not RunState.FINISHED:
                self.bench_app.tell(f"{part.id} {state}.", "warning")
            elif here and Kind.RUN not in part.kinds:
                self.show_tab("result", enter=self.is_current and self.panel.has_focus_within)
            else:
                here = self.target is part  # 4 shows the result of the part that is chosen
                self.bench_app.tell(
                    f"{part.id} is finished; 4 shows its result." if here else f"{part.id} is finished."
                )

    def go_to(self, part_id: str) -> None:
        """Choose a part."""
        self.steps.go_to(part_id)
        self._show_target()

    def go_where_one_left(self) -> None:
        """Choose the part and the tab that were in sight when the session was left, and the pane that had the keys."""
        bench = self.bench_app.bench
        place = bench.place
        self.go_to(bench.last_part())
        self.panel.turn_to(place.tab)
        if place.in_panel:
            self._enter_panel()
        else:
            self._leave_panel()

    def show_tab(self, tab: str, *, enter: bool = True) -> None:
        """Show a tab of the chosen part, and go there."""
        self.panel.turn_to(tab)
        if enter:
            self._enter_panel()
        self.refresh_bindings()

    def parameters_changed(self) -> None:
        """Show the changed parameters."""
        self.panel.show(self.target, self.view, unfolded=self.steps.unfolded)

    def relay(self) -> None:
        """Draw everything anew, after colours or language have changed."""
        self.query_one(LabHeader).refresh()
        self.steps.relay()
        self.query_one(NextLine).refresh()
        self.panel.relay()
        self.refresh(layout=True)

    def _tick(self) -> None:
        if self.is_current:
            self.panel.tick()
        if self.bench_app.bench.moved:  # at once, as a machine that goes down lets nobody leave
            self.run_worker(self.bench_app.bench.keep_place, group="place", thread=True)

    @on(ChoiceView.Moved)
    def _moved(self, event: ChoiceView.Moved) -> None:
        if event.view is self.steps:
            self._show_target()

    @on(StepList.Opened)
    def _opened(self) -> None:
        self._enter_panel()

    @on(ParameterList.Changed)
    def _changed(self, event: ParameterList.Changed) -> None:
        part, bench = self.panel.part, self.bench_app.bench
        if part is None:
            return
        if event.value is None:
            bench.draft(part).clear()
            bench.pinned.pop(part.id, None)
        else:
            bench.change(part, event.name, event.value)
        self.bench_app.parameters_changed()

    @on(RunList.Asked)
    def _asked(self, event: RunList.Asked) -> None:
        try:
            ask_of_run(self.bench_app, event.what, event.row)
        except StoreError as error:  # it was deleted elsewhere since the list was read
            self.bench_app.tell(str(error), "error")

    def action_restore_run(self) -> None:
        """Take the last deleted run out of the trash."""
        self.bench_app.restore_run()

    def _show_target(self) -> None:
        self.panel.show(self.target, self.view, unfolded=self.steps.unfolded)
        self.bench_app.select(self.target.id)
        self.refresh_bindings()

    def _enter_panel(self) -> None:
        self.add_class("-in-panel")
        self.call_after_refresh(self.panel.focus_pane)

    def _leave_panel(self) -> None:
        self.remove_class("-in-panel")
        self.call_after_refresh(self.steps.focus)

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        if action == "stop" and self.is_mounted and self.view.batches and not self.view.live:
            return True
        if action in ("stop", "pause") and self.is_mounted and self.marked is not None:
            return True
        if action in _LIVE_ONLY:
            # One that waits for the device has no weights yet to save, and no rate to change.
            if not self.is_mounted or self.live is None:
                return False
            return action in ("stop", "pause") or (self.live.state is not RunState.QUEUED and trains(self.target))
        has = has_inside if action == "inside" else has_time if action == "start" and parameters[1:] else None
        return has is None or (bool(self.query(StepList)) and has(self.target))

    def key_label(self, action: str) -> str | None:
        """Return what a key does now; None leaves it out of the key bar, though it works."""
        state = self._state_acted_on
        if action in ("stop", "pause") and self.marked is not None and (state is None or not state.live):
            return None
        if action == "pause" and state is RunState.PAUSED:
            return "go on"
        if action == "full" and self.has_class("-full"):
            return "both panes"
        if action == "tab('brief')":
            return "tabs" if isinstance(self.target, Part) else None
        if action != "start(False)":
            return ""
        if self.resumed:
            return "resume" if self.view.runs.get(self.resumed) is not RunState.FAILED else "try again"
        if self.live is not None or (isinstance(self.target, Part) and not self.target.built):
            return None
        if self.marked is not None and self.panel.has_focus_within:
            return None
        # Enter does the same, and is named in its place; but r where the pane speaks of it.
        named = self.panel.next in _STARTS and not (self.panel.tab == "run" and self.panel.next in TAKES_UP)
        if self.panel.enter_goes_on and self.panel.has_focus_within and named:
            return None
        state = self.view.state_of(self.target.id)
        if state is RunState.INTERRUPTED:
            return "resume"
        return "try again" if state is RunState.FAILED else ""

    def action_start(self, force: bool, profile: bool = False) -> None:
        """Run the chosen part, or take up the run that is marked; with `profile`, measure where its time goes."""
        marked = self.marked if self.panel.has_focus_within and not force else None
        if isinstance(self.target, Part) and self.resumed and not force:
            self.bench_app.start(self.target, run_id=self.resumed, profile=profile)
        elif marked is not None and marked.state is not RunState.WAITING:
            self.bench_app.tell(f"The marked run is {marked.state}, and cannot be resumed; R runs the part again.")
        elif isinstance(self.target, Part) and self.target.only_asks and self.target.asks:
            self.bench_app.tell(f"{self.target.id} asks for a written answer; 6 shows the question.")
        elif isinstance(self.target, Part):
            self.bench_app.start(self.target, force=force, profile=profile)
        else:
            title = f"Step {self.target.id}, {self.target.title.to(self.bench_app.look.language)}"
            self.bench_app.offer(self.target.parts, title, force=force, profile=profile)

    def action_run_all(self) -> None:
        """Run the whole lab, after its plan is shown."""
        self.bench_app.offer(tuple(self.bench_app.bench.lab.parts.values()), "The whole lab")

    def action_stop(self) -> None:
        """Save the run's state and end it; between two runs, end the batch that would start the next."""
        if not self.view.live and self.view.batches:
            self.bench_app.stop_batch(self.view.batches[0])
            return
        self._request("stop")

    def action_pause(self) -> None:
        """Hold the run, or let it go on."""
        run_id = self._run_acted_on
        if self._state_acted_on is not RunState.PAUSED:
            self._request("pause")
        elif self.bench_app.wishes.just_paused(run_id):
            self._say_paused(run_id)  # the key was pressed for want of an answer, which has come
        else:
            self._request("continue")

    def action_checkpoint(self) -> None:
        """Save a checkpoint now."""
        self._request("checkpoint")

    def action_learning_rate(self) -> None:
        """Change the live run's learning rate."""
        live = self.live
        if live is None:
            return

        def accept(text: str) -> None:
            bench = self.bench_app.bench
            bench.request(live.run_id, "learning_rate", learning_rate(text))

        now = live.position.learning_rate if live.position is not None else None
        help_text = f"now {now:.3g}; the schedule goes on below the new peak" if now is not None else ""

        def done(asked: bool | None) -> None:
            if asked:
                self.bench_app.tell("Asked for another learning rate.")

        fields = [Field("learning rate", "", help_text)]
        self.app.push_screen(AskScreen(f"Peak learning rate of {live.part}", fields, accept), done)

    def action_tab(self, tab: str) -> None:
        """Show a tab, and go there."""
        if tab in self.panel.shown_tabs:
            self.show_tab(tab)

    def action_next_tab(self, count: int) -> None:
        """Show the tab beside the present one."""
        tabs = self.panel.shown_tabs
        if count < 0 and self.panel.tab == tabs[0] and not self.has_class("-full"):
            self.action_back()
            return
        self.show_tab(tabs[(tabs.index(self.panel.tab) + count) % len(tabs)])

    def action_next(self) -> None:
        """Do what comes next with the chosen part."""
        what = self.panel.next
        if what is Next.DATA:
            self.action_data()
        elif what in (Next.FOLLOW, Next.RESULT, Next.ANSWER):
            self.show_tab({Next.FOLLOW: "run", Next.RESULT: "result"}.get(what, "answer"))
        elif what is not Next.NOTHING:
            self.action_start(False)

    def action_suggested(self) -> None:
        """Go to the part that is best done next."""
        part = suggested(self.bench_app.bench.lab, self.view)
        if not self.view.read:
            self.bench_app.tell("The session is being read.")
        elif part is None:
            self.bench_app.tell("Nothing is left to do in the lab: F6 builds the report.")
        else:
            self.go_to(part.id)
            if to_answer(part, self.view):
                self.panel.turn_to("answer")

    def action_find_part(self) -> None:
        """Ask for a step or part where the pane has no lines of its own to be found."""
        self.remove_class("-full")
        self._leave_panel()
        self.refresh_bindings()
        self.steps.action_find()

    def action_inside(self) -> None:
        """Look inside the part's network."""
        # It brings numpy, which the first screen has no use for.
        from workbench.tui.screens.inside import InsideScreen

        if isinstance(self.target, Part):
            self.app.push_screen(InsideScreen(self.target))

    def action_full(self) -> None:
        """Give the panel the whole width, or the list its place back."""
        self.toggle_class("-full")
        if self.has_class("-full"):
            self._enter_panel()
        self.refresh_bindings()

    def action_back(self) -> None:
        """Go back: from the whole width to both panes, from the panel to the list."""
        self.query_one(Notice).clear()
        if self.has_class("-full"):
            self.remove_class("-full")
        else:
            self._leave_panel()
        self.refresh_bindings()

    def action_data(self) -> None:
        """Choose the data folder of the session."""
        ask_data(self.bench_app)

    def on_descendant_focus(self) -> None:
        """Remember which of the two has the focus, for terminals that show one at a time."""
        inside, bench = self.panel.has_focus_within, self.bench_app.bench
        self.set_class(inside, "-in-panel")
        bench.place = replace(bench.place, in_panel=inside)

    def on_screen_resume(self) -> None:
        """Show what has changed while another screen was in sight."""
        view = self.bench_app.view
        if self.query(LabHeader) and view is not self.view:
            self.show_view(view)
        for notice in self.query(Notice):
            notice.look(view)

    def _say_paused(self, run_id: str) -> None:
        self.bench_app.tell(
            "It is paused now; p lets it go on.",
            "information",
            lambda view: view.runs.get(run_id) is RunState.PAUSED,
        )

    def _request(self, command: str) -> None:
        marked, live = self.marked, self.live
        if marked is not None and not marked.state.live:
            self.bench_app.tell(f"The marked run is {marked.state}; there is nothing to {command} in it.")
            return
        run_id = self._run_acted_on
        if not run_id:
            return
        snapshot = live if live is not None and live.run_id == run_id else None
        if self.bench_app.wishes.waiting(run_id, command, snapshot):
            self.bench_app.tell(f"That is asked already; it waits for {waits_for(snapshot)}.")
            return
        self.bench_app.request(run_id, command, said_of_request(command, snapshot))

    @property
    def _run_acted_on(self) -> str:
        """The run that the keys act on, empty where there is none."""
        if self.marked is not None:
            return self.marked.run_id
        return self.live.run_id if self.live is not None else ""

    @property
    def _state_acted_on(self) -> RunState | None:
        """Where the run stands that the keys act on."""
        if self.marked is not None:
            return self.marked.state
        return self.live.state if self.live is not None else None


def learning_rate(text: str) -> float:
    """Return the learning rate that a text means.

    Raises
    ------
    ParameterError
        If it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise ParameterError(f"A learning rate cannot be {text!r}: it takes a number above 0, at most 1.")
    return value


def _moods(view: LabView) -> tuple[object, ...]:
    """Return what the offered keys depend on."""
    state, rows = view.snapshot and view.snapshot.state, [row.state for row in view.history]
    return view.selected, state, view.result is None, bool(view.live), bool(view.batches), rows
