"""The full-screen app: one observer reads the session, the screens show what it read.

Nothing that runs lives here.  A run is a process of its own that writes files; leaving the app, or losing the
connection, leaves it running.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events, work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.screen import ModalScreen, Screen

from labsteps.catalogue import Part
from labsteps.errors import LabError, PrerequisiteError
from workbench.config import configured
from workbench.speaking import said as said_in
from workbench.store.batches import Batch, stop_batch
from workbench.store.errors import StoreError
from workbench.tui.ascii_only import AsciiOnly
from workbench.tui.bench import Bench, Started
from workbench.tui.children import all_ended
from workbench.tui.foresight import Foresight
from workbench.tui.in_turn import InTurn
from workbench.tui.keys import APP, bindings
from workbench.tui.look import Look, light_background, look_of
from workbench.tui.messages import LabChanged
from workbench.tui.nexts import nothing_to_run
from workbench.tui.observer import Observer
from workbench.tui.outside import BACKGROUND, Outside, asks_background, is_light
from workbench.tui.pace import NEAR, Pace
from workbench.tui.palette import Actions, Commands, Palette
from workbench.tui.refocus import KeptFocus
from workbench.tui.run_actions import said_of_plan, said_of_start
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.dialogs import ReadingScreen
from workbench.tui.screens.help import help_text
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.page import PageScreen
from workbench.tui.screens.plan import PlanScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.taken import Taken
from workbench.tui.themes import THEMES, other_shade, theme_of
from workbench.tui.views import LabView, first_view
from workbench.tui.waiting import Holds, Wishes, request_holds
from workbench.tui.widgets.header import LabHeader
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import SMALLEST

if TYPE_CHECKING:
    from workbench.tui.graphics import Graphics

# The class that a screen has from so many columns or lines on.
WIDTHS: Final = [(0, "-tiny"), (SMALLEST[0], "-single"), (76, "-narrow"), (120, "-wide"), (150, "-broad")]
HEIGHTS: Final = [(0, "-low"), (SMALLEST[1], "-tall"), (22, "-roomy")]
_LEAVE_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name))


class WorkbenchApp(InTurn):
    """The app.

    Parameters
    ----------
    bench
        What it works on.
    pace
        How often it reads and draws.
    keymap
        The user's own keys, by action, as Textual names them.

    Attributes
    ----------
    problems
        By part, why the last try to start it failed.
    wishes
        What was asked of runs.
    clock
        The time that ages are told by, in seconds since 1970.
    """

    TITLE = "Lab workbench"
    CSS_PATH = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(APP)
    COMMANDS: ClassVar[set[type[Provider] | Any]] = {Actions, Commands}
    MODES: ClassVar[dict[str, Any]] = {"lab": LabScreen, "sessions": SessionsScreen}
    DEFAULT_MODE = "lab"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, bench: Bench, pace: Pace = NEAR, keymap: Mapping[str, str] | None = None) -> None:
        # Without colours Textual turns them to shades of grey, unless it may use the terminal's own.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.bench = bench
        self._keys = dict(keymap or {})
        self.problems: dict[str, str] = {}
        self.graphics: Graphics | None = None
        self.clock = time.time
        self.outside = Outside(self)
        self._light = light_background(os.environ)
        self.view = first_view(bench)
        self.animation_level = "none"
        self.pace = pace
        self._observer = Observer(self)
        self._starting: set[str] = set()
        self.wishes, self.foresight = Wishes(), Foresight(self)
        self._keeping = asyncio.Lock()
        self._focus = KeptFocus(self)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = self._theme_of_settings = self._theme_asked_for()
        self._taken = Taken()
        self._look: tuple[object, Look] = (None, Look())
        self.set_class(self.look.ascii_only, "-ascii")
        if self.look.ascii_only:
            self._filters.append(AsciiOnly())

    @property
    def look(self) -> Look:
        """How things look with the present theme, terminal and language."""
        key = (self.theme, language := self.bench.language, self._taken.palette)
        if self._look[0] != key:
            self._look = (key, look_of(self.current_theme, os.environ, language, self._taken.palette))
        return self._look[1]

    async def on_mount(self) -> None:
        """Begin to observe, and to obey the signals that end a terminal."""
        if self._keys:
            self.set_keymap(self._keys)
        loop = asyncio.get_running_loop()
        for number in _LEAVE_SIGNALS:
            loop.add_signal_handler(number, self._leave_by_signal, number)
        self.outside.obey()
        if self.current_theme.ansi and asks_background(os.environ):
            self._see_background()
        if self.bench.session is None:
            await self.switch_mode("sessions")
        for text in self.bench.first_words:
            self.call_after_refresh(self.tell, text, "error")
        self.run_worker(self._observer.observe(), group="observer")

    def on_ready(self) -> None:
        """Look for garbage from now on among what is made from now on; a look through all takes a tenth of a second."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def on_exit_app(self) -> None:
        """Draw nothing any more, and leave an empty screen."""
        self._begin_batch()
        self.outside.wipe()

    async def on_unmount(self) -> None:
        """Keep what was changed and where one was, hand the signals back, and let commands put back what they did."""
        self.bench.keep_place()
        try:
            self.bench.keep_drafts()
        except StoreError as error:
            self.bench.last_words.append(f"The changed parameters could not be kept: {error}")
        loop = asyncio.get_running_loop()
        for number in _LEAVE_SIGNALS:
            loop.remove_signal_handler(number)
        await all_ended()

    def on_resize(self, event: events.Resize) -> None:
        """Let what a small terminal hides have the focus again when it comes back."""
        self._focus.resized(event.size)

    def _leave_by_signal(self, number: int) -> None:
        self.outside.let_go()
        self.exit(return_code=128 + number)

    # Observing

    def on_lab_changed(self, message: LabChanged) -> None:
        """Hand a new picture to the screens."""
        for screen in self.screen_stack:
            # One that is being taken down has lost its parts already.
            if isinstance(screen, LabScreen | SessionsScreen | PageScreen) and screen.query(LabHeader):
                screen.show_view(message.view)
            for notice in screen.query(Notice):
                notice.look(message.view)

    def _labs(self) -> list[LabScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, LabScreen)]

    def look_again(self) -> None:
        """Read the session without waiting for the next turn."""
        self._observer.look_again()

    def select(self, part_id: str) -> None:
        """Observe another part's run and result."""
        self._observer.select(part_id)

    # Saying

    def tell(self, text: str, severity: str = "information", holds: Holds | None = None) -> None:
        """Say something to the user, on the screen in sight, while it `holds` in the pictures of the session."""
        for screen in reversed(self.screen_stack):
            for notice in screen.query(Notice):
                notice.say(said_in(text, self.bench.language), severity, holds)
                return

    def hush(self) -> None:
        """Take back what was said last, since it does not hold any more."""
        for notice in (notice for screen in self.screen_stack for notice in screen.query(Notice)):
            notice.clear()

    # Doing

    @work(group="start")
    async def start(self, part: Part, *, run_id: str = "", **asked: Any) -> None:
        """Start or resume the run of a part, or show the one that is there; `run_id` names one to be resumed."""
        if part.id in self._starting:
            self.tell(f"{part.id} is being started already.")
            return
        self._starting.add(part.id)
        if part.built:
            self.tell(f"Starting {part.id} …")
        try:
            begin = partial(self.bench.take_up, part, run_id) if run_id else partial(self.bench.start, part)
            started = await asyncio.to_thread(begin, **asked)
        except PrerequisiteError:
            self.hush()
            self.offer((part,), f"{part.id} builds on parts without a result", **asked)
        except (LabError, StoreError, OSError) as error:
            self.problems[part.id] = str(error)
            self.tell(str(error), "error")
        else:
            self.problems.pop(part.id, None)
            self._show_started(part, started)
        finally:
            self._starting.discard(part.id)
            self.look_again()
            for lab in self._labs():
                lab.parameters_changed()

    @work(group="start")
    async def offer(self, parts: Sequence[Part], title: str, **asked: Any) -> None:
        """Show the plan of several parts, and start it, as `asked`, when the user agrees."""
        try:
            plan = await asyncio.to_thread(self.bench.plan, parts, **asked)
        except (LabError, StoreError, OSError) as error:
            self.tell(str(error), "error")
            return
        if not plan.working:
            reasons = dict.fromkeys(planned.reason for planned in plan.parts if planned.reason and planned.wanted)
            self.tell("; ".join(reasons) or nothing_to_run(parts, self.view))
            return
        if not await self.push_screen_wait(PlanScreen(title, plan)):
            return
        self.tell(f"Starting {len(plan.working)} {'part' if len(plan.working) == 1 else 'parts'} …")
        try:
            await asyncio.to_thread(self.bench.start_plan, plan, **asked)
        except (LabError, StoreError, OSError) as error:
            self.tell(str(error), "error")
        else:
            self.tell(said_of_plan(len(plan.working)), "information", self.wishes.batch_going())
        self.look_again()

    def _show_started(self, part: Part, started: Started) -> None:
        found = str(started.found)
        self.wishes.start(started.run_id)
        self.tell(said_of_start(part.id, started), "information", self.wishes.going(started))
        for lab in self._labs():
            if found != "finished":
                lab.awaited[started.run_id] = part
            if lab.target is part:
                lab.show_tab("result" if found == "finished" else "run", enter=lab.is_current)

    @work(group="request")
    async def request(self, run_id: str, command: str, said: str) -> None:
        """Ask something of a live run, and say so until it has happened."""
        self.wishes.ask(run_id, command)
        try:
            await asyncio.to_thread(self.bench.request, run_id, command)
        except (StoreError, OSError) as error:
            self.wishes.forget(run_id)
            self.tell(str(error), "error")
        else:
            self.tell(said, "waiting", request_holds(run_id, command, said))
            self.look_again()

    def stop_batch(self, batch: Batch) -> None:
        """Ask a batch to end before it starts its next run."""
        if stop_batch(batch):
            self.tell(f"Asked the batch to end; what it has run is kept, {batch.part} is not started.")
        else:
            self.tell("The batch runs on another machine, and is to be stopped there.", "warning")
        self.look_again()

    @work(exclusive=True, group="session")
    async def open_session(self, name: str) -> None:
        """Open another session."""
        try:
            await asyncio.to_thread(self.bench.open, name)
        except (StoreError, OSError) as error:
            self.tell(str(error), "error")
        else:
            self.session_changed()

    def session_changed(self) -> None:
        """Show the session that was opened or made, from where it was left."""
        self.problems.clear()
        try:
            self.view = first_view(self.bench)
        except StoreError as error:  # it was deleted at this very moment
            self.tell(str(error), "error")
            return
        self.post_message(LabChanged(self.view))
        self.show_lab()
        for lab in (one for one in self._labs() if one.is_mounted):
            lab.go_where_one_left()
        self.look_again()

    async def session_gone(self) -> None:
        """Go to the list of sessions, since the one that was open was deleted."""
        session = self.bench.session
        if session is None:
            return
        self.bench.close()
        self.problems.clear()
        self.view = LabView()
        while len(self.screen_stack) > 1:
            await self.screen.dismiss()
        if isinstance(self.screen, SessionsScreen):
            self.screen.show_view(self.view)
            self.screen.read()
        else:
            await self.switch_mode("sessions")
        self.tell(f"{session.folder}: the open session is not there any more; open another one or make one.", "error")

    def show_lab(self) -> None:
        """Go to the lab screen."""
        if self.current_mode != "lab":
            self.switch_mode("lab")

    def go_to(self, part_id: str) -> None:
        """Go to a part on the lab screen."""
        if self.bench.session is None:
            self.tell("Open or make a session first.")
            return
        self.show_lab()
        if isinstance(self.screen, LabScreen):
            self.screen.go_to(part_id)

    # Commands

    def command(self, line: str) -> None:
        """Do a command of the grammar."""
        from workbench.tui.commands import do_command, parser_of_the_app

        try:
            do_command(self, parser_of_the_app(self.bench.language), line)
        except (LabError, StoreError, OSError) as error:
            self.tell(str(error), "error")

    def show_command(self, line: str, words: Sequence[str]) -> None:
        """Do a command in a process of its own, and show what it says."""
        self.push_screen(CommandScreen(line, words), lambda _: self.look_again())

    @work(group="do")
    async def do(self, action: Callable[[], object], said: str) -> None:
        """Do something that touches the disk in a thread, and say so, or why it could not be done."""
        try:
            await asyncio.to_thread(action)
        except (LabError, StoreError, OSError) as error:
            self.tell(str(error), "error")
        else:
            self.tell(said)
        self.look_again()

    def restore_run(self) -> None:
        """Take the run that was deleted last out of the trash."""
        if self.bench.removed:
            self.do(self.bench.restore, "The run is back.")
        else:
            self.tell("No run was deleted here; `delete` in the palette lists the trash.")

    def compare(self, runs: Sequence[str]) -> None:
        """Show runs of the open session beside each other."""
        from workbench.tui.screens.compare import CompareScreen

        self.push_screen(CompareScreen(runs))

    def show_tab(self, tab: str) -> None:
        """Show a tab of the chosen part."""
        if isinstance(self.screen, LabScreen):
            self.screen.show_tab(tab)

    def parameters_changed(self) -> None:
        """Show the changed parameters, and keep them."""
        for lab in self._labs():
            lab.parameters_changed()
        self._keep_drafts()

    @work(group="drafts")
    async def _keep_drafts(self) -> None:
        async with self._keeping:
            try:
                await asyncio.to_thread(self.bench.keep_drafts)
            except StoreError as error:
                self.tell(str(error), "error")

    def relay_all(self) -> None:
        """Draw what is on the screens anew, after something changed that no picture of the session holds."""
        for screen in self.screen_stack:
            relay = getattr(screen, "relay", None)
            if relay is not None and screen.is_mounted and screen.children:  # else it is being opened or left
                relay()

    # Keys

    def action_help(self) -> None:
        """Show what the keys do here."""
        self.push_screen(ReadingScreen(help_text(self.screen)))

    async def action_leave(self) -> None:
        """Leave; runs go on."""
        await self.outside.silence()
        self.exit(0)

    async def action_quit(self) -> None:
        """Say how to leave, to someone who presses ctrl+q, as one does after ctrl+s."""
        self.action_help_quit()

    def action_help_quit(self) -> None:
        """Say how to leave, to someone who presses ctrl+c."""
        self.tell("q leaves; runs go on. s stops the run in sight.")

    def action_sleep(self) -> None:
        """Go to sleep until the shell brings the app back."""
        if not self.outside.sleep():
            self.tell("No shell could bring the app back here; q leaves, and runs go on.")

    def action_redraw(self) -> None:
        """Draw every cell anew, for instance after something else wrote on the terminal."""
        self.screen.refresh(layout=True)
        self.refresh_css(animate=False)
        self.relay_all()

    def action_colours(self) -> None:
        """Change between dark and light."""
        self.theme = other_shade(self.theme).name
        self.relay_all()

    def action_sessions(self) -> None:
        """Go to the list of sessions."""
        if isinstance(self.screen, PageScreen):
            self.pop_screen()
        if self.current_mode != "sessions" and len(self.screen_stack) == 1:
            self.switch_mode("sessions")

    def action_page(self, name: str) -> None:
        """Show one of the screens beside the lab, in the place of another one of them."""
        from workbench.tui.screens import pages

        chosen = pages.PAGES[name]
        if isinstance(self.screen, (chosen, ModalScreen)):
            return
        if isinstance(self.screen, PageScreen):
            self.switch_screen(chosen())
        else:
            self.push_screen(chosen())

    def settings_changed(self) -> None:
        """Let changed settings count: colours and language, mouse, pictures, how often the screen is drawn."""
        self._taken.take_in(self)
        theme = self._theme_asked_for()
        if theme != self._theme_of_settings:
            self.theme = self._theme_of_settings = theme
        self.relay_all()
        self.look_again()

    def _theme_asked_for(self) -> str:
        return theme_of(str(configured("theme")), os.environ, light=self._light).name

    @work
    async def _see_background(self) -> None:
        """Take the colours for a light background where the terminal says that it has one."""
        self._light = is_light(await self.outside.ask(BACKGROUND))
        self.settings_changed()

    def action_command_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(self.look))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Leave Textual's own commands out of the palette."""
        return ()
