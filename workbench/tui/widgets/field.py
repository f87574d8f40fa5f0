"""A field of a dialog, and one for a path, which tab completes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Static

from workbench.tui.keys import FIELD, bindings
from workbench.tui.keys_more import PATH_FIELD
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.widgets.typed import InOrder

ARCHIVES: Final = (".tar.gz", ".tgz")
_SHOWN: Final = 40
_PATIENCE: Final = 3.0
_BREAKS: Final = re.compile(r"[\r\n\t]+")


class Completed(StrEnum):
    """What tab completes in a field."""

    NOTHING = ""
    FOLDERS = "folders"
    ARCHIVES = "archives"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a dialog: its name, what stands in it at first, what belongs there, and what tab completes."""

    name: str
    value: str = ""
    help: str = ""
    completed: Completed = Completed.NOTHING


class StillInput(InOrder, Input):
    """A line to type in, whose cursor does not blink: nothing moves without reason."""

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.cursor_blink = False


class PlainField(StillInput):
    """Where a value is typed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(FIELD)

    class Pasted(Message):
        """Text of several lines was pasted: those behind the first are for the fields that follow."""

        def __init__(self, field: PlainField, lines: Sequence[str]) -> None:
            super().__init__()
            self.field, self.lines = field, tuple(lines)

    def _on_paste(self, event: events.Paste) -> None:
        first, *more = _BREAKS.split(event.text.strip("\r\n\t"))
        super()._on_paste(events.Paste(first))
        # Textual calls what the bases do with an event too.
        event.prevent_default()
        event.stop()
        if more:
            self.post_message(self.Pasted(self, more))

    def render_line(self, y: int) -> Strip:
        """Return the line, as wide as the field also where nothing is typed: an underline may be all that shows it."""
        return super().render_line(y).extend_cell_length(self.size.width, self.rich_style)


class PathField(PlainField):
    """Where a path is typed; what it can become is told below, and tab puts in what all of that has in common."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PATH_FIELD)

    class Told(Message):
        """What the path can become, by the names of files and folders."""

        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.names = names

    class Whole(Message):
        """The path has nothing to be completed any more."""

        def __init__(self, field: PathField) -> None:
            super().__init__()
            self.field = field

    def __init__(self, value: str, completed: Completed, id: str) -> None:
        super().__init__(value, id=id, compact=True)
        self.completed = completed

    async def action_complete(self) -> None:
        """Put in as much more as is sure, before another key comes; go on where the path is whole already."""
        typed = self.value
        try:
            found = await asyncio.wait_for(asyncio.to_thread(completions, typed, self.completed), _PATIENCE)
        except TimeoutError:  # a file system that does not answer is not to hold the keys
            return
        common = beginning_of(found)
        if len(common) > len(typed):
            self.value = common
            self.cursor_position = len(common)
        elif typed and not any(one != typed for one in found):
            self.post_message(self.Whole(self))
        else:
            self._tell(found)

    @on(Input.Changed)
    def _typed(self) -> None:
        if self.has_focus:
            self._look(self.value)

    @work(exclusive=True)
    async def _look(self, typed: str) -> None:
        found = await asyncio.to_thread(completions, typed, self.completed)
        if self.value == typed and self.is_mounted:
            self._tell(found)

    def _tell(self, found: Sequence[str]) -> None:
        names = [f"{Path(one).name}{'/' if one.endswith('/') else ''}" for one in found if one != self.value]
        self.post_message(self.Told(names))


class FieldRow(Vertical):
    """A field with its name above it and what belongs there below."""

    def __init__(self, field: Field, number: int) -> None:
        super().__init__(classes="field-row")
        self._field, self._number = field, number

    def compose(self) -> ComposeResult:
        """Make name, field and help."""
        look, field = app_of(self).look, self._field
        name = f"field-{self._number}"
        yield Static(Text(look.safe(look.say(field.name)), look.quiet), markup=False, classes="field-name")
        if field.completed is Completed.NOTHING:
            yield PlainField(field.value, id=name, compact=True)
        else:
            yield PathField(field.value, field.completed, name)
            yield Static(id=f"{name}-below", markup=False, classes="field-below")
        if field.help:
            yield Static(Text(look.safe(look.say(field.help)), look.quiet), markup=False)

    @on(PathField.Told)
    def _tell(self, event: PathField.Told) -> None:
        event.stop()
        below = self.query_one(".field-below", Static)
        below.display = bool(event.names)
        below.update(told(event.names, app_of(self).look, below.container_size.width or _SHOWN))


def completions(typed: str, completed: Completed) -> list[str]:
    """Return the paths that one that is typed can become; none where its folder cannot be read."""
    from workbench.commands.lookup import paths

    try:
        found = [one.text for one in paths(typed, folders_only=completed is Completed.FOLDERS)]
    except OSError:
        return []
    return [one for one in found if one.startswith(typed) and (one.endswith("/") or fits(one, completed))]


def beginning_of(texts: Sequence[str]) -> str:
    """Return what texts begin with alike."""
    if not texts:
        return ""
    least, most = min(texts), max(texts)
    return next((least[:index] for index, one in enumerate(least) if most[index : index + 1] != one), least)


def fits(path: str, completed: Completed) -> bool:
    """Tell whether a file is of the kind that is wanted."""
    return completed is not Completed.ARCHIVES or path.lower().endswith(ARCHIVES)


def told(names: Sequence[str], look: Look, width: int) -> Text:
    """Return as many names as fit on one line, and how many there are besides."""
    line, left = "", list(names)
    while left and len(line) + len(left[0]) + 8 <= width:
        line += f"{left.pop(0)}  "
    more = look.say(f"{len(left)} more") if left else ""
    return Text(look.fit(line + more, width), look.quiet)
