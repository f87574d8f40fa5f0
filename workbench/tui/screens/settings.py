"""The settings of the workbench: which value counts, where it comes from, and a change of it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from labsteps.errors import LabError
from workbench.config.change import change
from workbench.config.files import user_file
from workbench.config.resolve import Found, Layer, layers
from workbench.config.settings import DATA, SETTINGS, ConfigError, Counts, Setting
from workbench.greek import say
from workbench.store.errors import StoreError
from workbench.store.places import cache_dir, default_sessions_dir, state_dir
from workbench.store.session import Session
from workbench.tui.keys import bindings
from workbench.tui.keys_more import SETTINGS_KEYS
from workbench.tui.look import Look
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.page import PageScreen
from workbench.tui.widgets.field import Completed, Field
from workbench.tui.widgets.lines import ChoiceView, LinesView, hanging, paragraph, two_ends
from workbench.tui.widgets.parameters import choices_of, written

_HEAD = 13
_PLACES: Final = {"sessions_dir": default_sessions_dir, "cache_dir": cache_dir, "state_dir": state_dir}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with all values that are given for it, the one that counts first."""

    setting: Setting
    found: tuple[Found, ...]

    @property
    def value(self) -> str:
        """The value that counts, as it can be typed again."""
        return written(self.found[0].value)

    @property
    def meant(self) -> str:
        """The value that counts, and where none is given, the folder that is taken then."""
        place = _PLACES.get(self.setting.name)
        return self.value or (str(place()) if place is not None else "")

    def stands(self, layer: Layer) -> bool:
        """Tell whether a file of settings has a value."""
        return any(found.layer is layer for found in self.found)


class SettingList(ChoiceView):
    """The settings, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SETTINGS_KEYS)
    HELP = (
        "Settings say how the workbench behaves; a part's parameters are with the part (2). Changes count at once, or "
        "from when the lines below the list say."
    )

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[SettingRow, ...] = ()

    @property
    def count(self) -> int:
        """Number of settings."""
        return len(self.rows)

    @property
    def chosen(self) -> SettingRow | None:
        """The setting under the cursor."""
        return self.rows[self.cursor] if self.cursor < self.count else None

    def show(self, rows: tuple[SettingRow, ...]) -> None:
        """Show settings."""
        self.rows = rows
        self.relay()
        self.post_message(self.Moved(self, self.cursor))

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every setting."""
        look = self.look
        lines = []
        for index, row in enumerate(self.rows):
            head = look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
            changed = row.found[0].layer is not Layer.DEFAULT
            left = look.line((head, look.accent), ("*" if changed else " ", look.accent), f"{row.setting.name:<20}")
            left.append(look.safe(row.meant or "–"), look.accent if changed else look.strong)
            right = look.line((f" {look.say(str(row.found[0].layer))} ", look.quiet))
            lines.append(two_ends(look, left, right, width))
        return lines


class SettingDetails(LinesView, can_focus=False):
    """What the chosen setting means, what it takes, and where its values stand."""

    def __init__(self) -> None:
        super().__init__()
        self._row: SettingRow | None = None
        self._of_session = False

    def show(self, row: SettingRow | None, *, of_session: bool) -> None:
        """Show a setting; `of_session` says whether changes go to the session's own file."""
        self._row, self._of_session = row, of_session
        self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the details."""
        return [] if self._row is None else setting_lines(self._row, self.look, width, of_session=self._of_session)


class SettingsScreen(PageScreen):
    """Shows the settings and changes them."""

    NAME: ClassVar[str] = "Settings"

    def __init__(self) -> None:
        super().__init__()
        self._of_session: bool | None = None
        self._seen: Setting | None = None
        self._asked: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    def body(self) -> ComposeResult:
        """Make the list, and the details below it."""
        with Vertical():
            yield SettingList()
            yield SettingDetails()

    def on_mount(self) -> None:
        """Read the settings."""
        # Where keys come in a burst, the inner widgets may come after the screen's own mount.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        for own in self.query(SettingList):
            own.focus()
            self._read()

    @on(ChoiceView.Moved)
    def _moved(self) -> None:
        row = self._chosen
        if row is not None and row.setting is not self._seen:
            # What was said of another setting is not to stand below this one.
            self._seen = row.setting
            self.bench_app.hush()
        self.query_one(SettingDetails).show(row, of_session=row is not None and self._goes_to_session(row))
        self.refresh_bindings()

    @property
    def _chosen(self) -> SettingRow | None:
        return next((own.chosen for own in self.query(SettingList)), None)

    def _goes_to_session(self, row: SettingRow) -> bool:
        """Tell whether a change goes to the session's settings: as was asked for, else where the value stands."""
        if not row.setting.of_session or self.bench_app.bench.session is None:
            return False
        return row.stands(Layer.SESSION) if self._of_session is None else self._of_session

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        row = self._chosen
        return "mine" if action == "whose" and row is not None and self._goes_to_session(row) else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the chosen setting."""
        if action not in ("cycle", "unset", "whose"):
            return True
        row = self._chosen
        if row is None:
            return False
        if action == "cycle":
            return bool(choices_of(row.setting.parameter))
        if action == "unset":
            return row.stands(Layer.SESSION if self._goes_to_session(row) else Layer.USER)
        return row.setting.of_session and self.bench_app.bench.session is not None

    def action_whose(self) -> None:
        """Let changes go to the session's own settings, or to the user's."""
        if (row := self._chosen) is not None:
            self._of_session = not self._goes_to_session(row)
            self._moved()

    def action_edit(self) -> None:
        """Ask for another value."""
        row = self._chosen
        if row is None:
            return
        one, session = row.setting, self._session

        def accept(text: str) -> None:
            if one is DATA and text and not Path(text).expanduser().is_dir():
                raise ConfigError(f"There is no folder {text}. Leave the field empty for the demo set.")
            change(one, one.parameter.parse(text), session)

        def changed(done: bool | None) -> None:
            if done:
                self._read(one, session)

        language = self.bench_app.bench.language
        about = f"{one.parameter.help.to(language)} ({takes(one, language)})"
        completed = Completed.FOLDERS if one.folder else Completed.NOTHING
        self.app.push_screen(AskScreen(one.name, [Field("value", row.value, about, completed)], accept), changed)

    def action_cycle(self) -> None:
        """Take the next of the choices."""
        row = self._chosen
        choices = choices_of(row.setting.parameter) if row is not None else ()
        if row is not None and choices:
            # Another press may come before the first is written, and means the choice after that.
            value = self._asked.get(row.setting.name, row.value)
            now = choices.index(value) if value in choices else -1
            self._asked[row.setting.name] = choices[(now + 1) % len(choices)]
            self._change(row.setting, self._asked[row.setting.name], self._session)

    def action_unset(self) -> None:
        """Take the setting out of the file that changes go to."""
        if (row := self._chosen) is not None:
            self._change(row.setting, None, self._session)

    @property
    def _session(self) -> Session | None:
        row = self._chosen
        return self.bench_app.bench.session if row is not None and self._goes_to_session(row) else None

    @work(group="change")
    async def _change(self, one: Setting, text: str | None, session: Session | None) -> None:
        self.bench_app.hush()
        async with self._one_at_a_time:
            try:
                value = one.parameter.parse(text) if text is not None else None
                await asyncio.to_thread(change, one, value, session)
            except (LabError, StoreError, OSError) as error:
                self.bench_app.tell(str(error), "error")
        if text is None or self._asked.get(one.name) == text:
            self._asked.pop(one.name, None)
            self._read(one, session)

    @work(exclusive=True, group="settings")
    async def _read(self, changed: Setting | None = None, session: Session | None = None) -> None:
        bench = self.bench_app.bench
        options = argparse.Namespace(device=bench.device, lang=bench.asked_language)
        try:
            rows = await asyncio.to_thread(rows_of, options, bench.session)
        except (LabError, StoreError) as error:
            self.bench_app.tell(str(error), "error")
            return
        for own in self.query(SettingList):  # none where the screen has been left meanwhile
            own.show(rows)
        self.bench_app.settings_changed()
        for row in rows:
            if row.setting is changed and (text := beaten(row, Layer.USER if session is None else Layer.SESSION)):
                self.bench_app.tell(text, "warning")


def beaten(row: SettingRow, layer: Layer) -> str:
    """Return what goes before a value that was written, empty where it counts or is there no more."""
    first = row.found[0]
    if first.layer is layer or not row.stands(layer):
        return ""
    if first.layer is Layer.SESSION:
        return f"{row.setting.name} is written, but the session has its own, which counts here; s changes that one."
    return f"{row.setting.name} is written, and counts without {first.where}, which goes before it."


def takes(one: Setting, language: str) -> str:
    """Return which values a setting takes."""
    return say("a folder", language) if one.folder else one.parameter.range_in(language)


def rows_of(options: argparse.Namespace, session: Session | None) -> tuple[SettingRow, ...]:
    """Return all settings with the values that are given for them.

    Raises
    ------
    ConfigError, StoreError
        If a file of settings cannot be used.
    """
    return tuple(SettingRow(one, tuple(layers(one, options, session))) for one in SETTINGS)


def setting_lines(row: SettingRow, look: Look, width: int, *, of_session: bool) -> list[Text]:
    """Return what a setting means, and where its values come from."""

    def head(word: str) -> str:
        return f"{look.say(word):<{_HEAD}}"

    one = row.setting
    lines = paragraph(look, one.parameter.help.to(look.language), width, look.strong)
    lines += hanging(look, head("takes"), takes(one, look.language), width)
    if one.counts is not Counts.AT_ONCE and not (of_session and one.counts is Counts.SESSIONS):
        lines += hanging(look, head("effective"), look.say(str(one.counts)), width)
    for index, found in enumerate(row.found):
        where = f"{look.say(str(found.layer))}{f': {found.where}' if found.where else ''}"
        word = "in force" if not index else "behind it"
        lines += hanging(
            look,
            head(word),
            f"{(row.meant if not index else written(found.value)) or '–'}  {where}",
            width,
            None if not index else look.quiet,
        )
    target = look.say("the session's own settings") if of_session else str(user_file())
    return lines + hanging(look, head("written to"), target, width, look.quiet)
