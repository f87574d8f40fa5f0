"""The palette: every action that works now, every part by name, and every command of the grammar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.text import Text
from textual import on, work
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import Command, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.strip import Strip
from textual.widgets import Input
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerState

from workbench.grammar.errors import CommandError
from workbench.grammar.fuzzy import plain
from workbench.grammar.line import words_of
from workbench.grammar.verbs import VERBS, find_verb
from workbench.grammar.words import Way, given
from workbench.tui.in_turn import TypedInto
from workbench.tui.keys import PALETTE, SEVERAL, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.keybar import KeyBar, key_line
from workbench.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from workbench.tui.screens.lab import LabScreen

_NOT_LISTED = ("text.", "dialog.", "reading.", "editing.", "writing.leave")
# In the tabs without the focus: what is about the very line or field that one is in.
_HERE_ONLY = ("list.", "field.", "path.")
_COMMANDS, _PARTS = 0.4, 0.01
_MOST_HITS = 30
_TELLING = 3  # letters that are enough to mean a command by the last of its names
_MOVES = ("parts", "close", "up", "down", "first", "last", "page down", "page up", "next tab", "tab before")
# Textual's own search, without what makes a worker of it.
_GATHER: Final = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined]  # set by functools.wraps


class PaletteKeys(KeyBar):
    """The keys of the palette, over those of the screen below; the field and the list have them under other names."""

    def render(self) -> Text:
        """Return the line."""
        keys = [
            ("palette.take", "↵", "take"),
            ("palette.next", "↓", "next"),
            ("palette.help", "F1", "help"),
            ("palette.close", "esc", "close"),
        ]
        return key_line(keys, self.size.width, app_of(self).look)


class ChosenList(CommandList):
    """The lines that are found; the chosen one has the sign beside it that it has in every list."""

    def render_line(self, y: int) -> Strip:
        """Return a line, with the sign before it where it is of the chosen one."""
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if line >= len(self._lines) or self._lines[line][0] != self.highlighted or not strip.cell_length:
            return strip
        look = app_of(self).look
        ground = next((piece.style for piece in strip if piece.style is not None), RichStyle.null())
        sign = Segment(look.cursor_sign(here=True), ground + look.accent + RichStyle(dim=False, underline=False))
        return Strip.join([Strip([sign], 1), strip.crop(1)])


class Palette(TypedInto, LeftOnce, CommandPalette):
    """The palette; Enter takes a line of the list that belongs to what is typed, and waits until that list is there.

    While a search goes on the list still shows what fitted before the last letters, so that somebody who types quickly
    would be taken to a line that they did not mean.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PALETTE)
    HELP = "Type a part of a name: of an action, a part or a command. ↑ and ↓ choose, enter does it, esc closes."

    _entered = False
    _chosen: str | None = None

    def __init__(self, look: Look) -> None:
        super().__init__(placeholder=look.safe(look.say("Search for commands …")))

    def compose(self) -> ComposeResult:
        """Make the field, the list and the keys."""
        for widget in super().compose():
            yield ChosenList() if isinstance(widget, CommandList) else widget
        yield PaletteKeys()

    @property
    def _left(self) -> bool:
        # Textual's palette asks for the screen below it; there is none where a burst of keys has left that one.
        return super()._left or len(self.app._screen_stack) < 2

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.query_one(Input).cursor_blink = False

    @on(Input.Submitted)
    def _wait_for_the_list(self, event: Input.Submitted) -> None:
        if self._searching():
            event.stop()
            event.prevent_default()
            self._entered = True

    @on(Input.Changed)
    def _begin_anew(self, _: Input.Changed) -> None:
        self._entered, self._chosen = False, None

    @on(Worker.StateChanged)
    def _take_what_was_waited_for(self, event: Worker.StateChanged) -> None:
        if event.worker.group != self._GATHER_COMMANDS_GROUP or event.state is not WorkerState.SUCCESS:
            return
        if self._searching():  # this was an earlier search
            return
        found = self._shown()
        # A line that arrows had chosen and that is not there any more is not replaced by another.
        if self._entered and found is not None and self._chosen in (None, found):
            self._select_or_command()
        self._entered = False

    def _action_cursor_down(self) -> None:
        if not self.query(CommandList):  # it has been left
            return
        super()._action_cursor_down()
        self._chosen = self._shown()

    def _action_command_list(self, action: str) -> None:
        # A list that was not laid out yet has no lines, and Textual's page keys look for one; it is gone where a burst
        # of keys has left the palette.
        if not any(own.size for own in self.query(CommandList)):
            return
        super()._action_command_list(action)
        if action != "select":
            self._chosen = self._shown()

    def _refresh_command_list(self, command_list: CommandList, commands: list[Command], clear_current: bool) -> None:
        super()._refresh_command_list(command_list, commands, clear_current)
        for index, option in enumerate(command_list.options):
            if self._chosen is not None and str(option.prompt) == self._chosen:
                command_list.highlighted = index

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(
            self._NO_MATCHES_COUNTDOWN, partial(self._say_nothing_fits, search_value)
        )

    def _say_nothing_fits(self, search_value: str) -> None:
        look = app_of(self).look
        if search_value:
            words = Text(look.safe(look.say("Nothing of this name.")), look.quiet, justify="center")
            self.query_one(CommandList).add_option(Option(words, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(search_value)

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        # The last letter may come when the palette has been left and its list is gone.
        if self.query(CommandList):
            await _GATHER(self, search_value)

    def _searching(self) -> bool:
        return any(
            worker.node is self and worker.group == self._GATHER_COMMANDS_GROUP and not worker.is_finished
            for worker in self.workers
        )

    def _shown(self) -> str | None:
        """Return what the highlighted line says."""
        option = self.query_one(CommandList).highlighted_option
        return None if option is None else str(option.prompt)


def _listed(binding: Binding) -> bool:
    return bool(binding.id) and not str(binding.id).startswith(_NOT_LISTED) and binding.description not in _MOVES


def _highlighted(matcher: Matcher, name: str) -> Content:
    """Return a name with its letters that were typed highlighted, whatever their case and accents."""
    found = matcher.highlight(plain(name))
    return Content(name, list(found.spans) if len(found) == len(name) else [])


class Actions(Provider):
    """What can be done from where one is, and the parts to go to."""

    async def discover(self) -> Hits:
        """List the actions."""
        for name, text, run in self._actions():
            yield DiscoveryHit(name, run, help=text)

    async def search(self, query: str) -> Hits:
        """Return the actions and parts whose names fit what is typed."""
        matcher = self.matcher(plain(query))
        for name, text, run in (*self._actions(), *self._actions_elsewhere()):
            if (score := matcher.match(plain(name))) > 0:
                yield Hit(score, _highlighted(matcher, name), run, help=text)
        for name, text, run in self._parts():
            if (score := matcher.match(plain(name))) > 0:
                # Below every command, in their own order.
                yield Hit(_PARTS * score / (1 + score), _highlighted(matcher, name), run, help=text)

    def _actions(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        seen = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not _listed(binding) or binding.id in seen or not active.enabled:
                continue
            seen.add(binding.id)
            shown = binding.key if binding.key_display in SEVERAL else self.app.get_key_display(binding)
            text = f"{self._say(binding.tooltip)} ({app_of(self).look.safe(shown)})"
            yield self._name(binding), text, partial(self._run, binding.action, active.node)

    def _actions_elsewhere(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Yield what can be done with the chosen part in the tabs that do not have the focus."""
        from workbench.tui.screens.lab import LabScreen
        from workbench.tui.widgets.tabs import TABS

        if not isinstance(self.screen, LabScreen):
            return
        panel = self.screen.panel
        seen = {active.binding.id for active in self.screen.active_bindings.values()}
        for tab in panel.shown_tabs:
            for pane in panel.panes_of(tab):
                for binding in pane.own_bindings:
                    if not _listed(binding) or str(binding.id).startswith(_HERE_ONLY) or binding.id in seen:
                        continue
                    if not self._enabled(pane, binding.action):
                        continue
                    seen.add(binding.id)
                    text = f"{self._say(binding.tooltip)} ({self._say(TABS[tab])})"
                    yield self._name(binding), text, partial(self._run_in, tab, binding.action, pane)

    def _enabled(self, pane: LinesView, action: str) -> bool:
        namespace, name, parameters = parse(action)
        return bool((self.screen if namespace == "screen" else pane).check_action(name, parameters))

    def _name(self, binding: Binding) -> str:
        name = self._say(binding.description)
        return name[:1].upper() + name[1:]

    def _say(self, text: str) -> str:
        look = app_of(self).look
        return look.safe(look.say(text))

    def _parts(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app = app_of(self)
        for part in app.bench.lab.parts.values():
            name = app.look.safe(f"{part.id} {part.title.to(app.look.language)}")
            yield name, self._say("Go to this part."), partial(app.go_to, part.id)

    async def _run_in(self, tab: str, action: str, pane: LinesView) -> None:
        screen = cast("LabScreen", self.screen)
        screen.show_tab(tab)
        screen.call_after_refresh(self._run, action, pane)

    async def _run(self, action: str, node: object) -> None:
        await self.app.run_action(action, node)  # type: ignore[arg-type]  # a binding's node is a DOM node


class Commands(Provider):
    """The commands that begin as what is typed, completed as at the prompt."""

    async def startup(self) -> None:
        """Make what reads and completes commands."""
        from workbench.commands.lookup import SessionLookup
        from workbench.tui.commands import parser_of_the_app

        app = app_of(self)
        bench = app.bench
        self._parser = parser_of_the_app(bench.language)
        self._lookup = SessionLookup(
            bench.sessions, lambda: None if bench.session is None else bench.session.folder, bench.language, bench.lab
        )

    async def search(self, query: str) -> Hits:
        """Return the command that is typed, and those that it can become with one word more."""
        app = app_of(self)
        for rank, (line, about) in enumerate(await asyncio.to_thread(self._lines, query)):
            # Commands come after actions of that name and before parts, unless only their letters fit.
            first = plain(query.split()[0])
            best = _COMMANDS if plain(line).removeprefix("help ").startswith(first) else _PARTS / 2
            yield Hit(best / (rank + 1), app.look.safe(line), partial(app.command, line), help=app.look.safe(about))

    def _lines(self, query: str) -> list[tuple[str, str]]:
        found: dict[str, str] = {}
        if self._whole(query):
            verb, _ = find_verb(words_of(query), Way.APP)
            found[query.strip()] = "" if verb is None else verb.help.to(self._lookup.language)
        for text in (query, f"{query.rstrip()} "):
            for line, about in self._longer(text):
                if self._whole(line):
                    found.setdefault(line.strip(), about)
                elif text == query and len(found) < _MOST_HITS:
                    # A command that lacks a word is offered with each that can stand there.
                    whole = ((more, own) for more, own in self._longer(f"{line} ") if self._whole(more))
                    found |= {more.strip(): own for more, own in whole if more.strip() not in found}
        if not found and query.strip():
            # Of one that lacks several words, what it takes is shown.
            found = {
                f"help {name}": about for name, about in self._longer(query.strip()) if find_verb([name], Way.APP)[0]
            }
        for line, about in self._inner(query.split()):
            if not any(other.startswith(line) for other in found):
                found[f"help {line}"] = about
        return list(found.items())[:_MOST_HITS]

    def _inner(self, typed: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the verbs of verbs that take more words and are meant by the first or by the last of their names."""
        for verb in given(VERBS, Way.APP):
            for own in given(verb.verbs, Way.APP):
                line = f"{verb.name} {own.name}"
                alone = len(typed) == 1 and len(typed[0]) >= _TELLING and own.name.startswith(typed[0])
                if (alone or (typed and line.startswith(" ".join(typed)))) and not self._whole(line):
                    yield line, own.help.to(self._lookup.language)

    def _longer(self, text: str) -> list[tuple[str, str]]:
        """Return the lines that a text can become by completing its last word, and what that word is."""
        from workbench.grammar.complete import complete

        completions = complete(text, self._lookup, Way.APP)[:_MOST_HITS]
        return [(text[: one.start] + one.text, one.candidate.about) for one in completions if not one.candidate.open]

    def _whole(self, line: str) -> bool:
        """Tell whether a line is a command as it stands."""
        try:
            words = words_of(line)
            return bool(words) and self._parser.parse_args(words) is not None
        except (CommandError, SystemExit):
            return False
