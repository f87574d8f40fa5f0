"""A pane of lines: text that was laid out for the pane's width, drawn line by line and scrolled with keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.console import Console
from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.plots.text import cells, wrap
from workbench.tui.keys import FIND, SCROLL, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of


class LinesView(ScrollView, can_focus=True):
    """Shows the lines that `lines` returns; a subclass says what they are.

    A line is laid out when its content or the pane's width changes, not when it is drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(SCROLL)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strips: list[Strip] = []

    @property
    def look(self) -> Look:
        """How things look on this terminal."""
        return app_of(self).look

    @property
    def own_bindings(self) -> list[Binding]:
        """The pane's own keys, each action once."""
        found = {one.id: one for same in self._bindings.key_to_bindings.values() for one in same}
        return list(found.values())

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the lines to show in a pane of this size."""
        raise NotImplementedError

    def relay(self) -> None:
        """Lay the lines out anew, after their content has changed."""
        if not self.is_mounted or not self.display or not self.content_size:
            return
        width, height = self.scrollable_content_region.size
        lines = list(self.lines(width, height))
        if len(lines) > height and not self.show_vertical_scrollbar and self.styles.overflow_y == "auto":
            # The scrollbar that is about to appear takes a column of its own.
            width = max(1, width - self.styles.scrollbar_size_vertical)
            lines = list(self.lines(width, height))
        console = self.app.console
        before, self._strips = self._strips, [_strip(line, console) for line in lines]
        size = Size(width, len(lines))
        if size != self.virtual_size:
            self.virtual_size = size
            self.refresh()
            return
        # Over a slow link every line that is drawn again for nothing is waited for.
        for row, (old, new) in enumerate(zip(before, self._strips, strict=False)):
            if old != new:
                self.refresh_line(row)

    def render_line(self, y: int) -> Strip:
        """Return one line of the pane."""
        base = self.rich_style
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        if row >= len(self._strips):
            return Strip.blank(width, base)
        strip = self._strips[row]
        over = self.line_style(row)
        if over is not None:
            strip = (one_ground(strip) if over.reverse else strip).crop_extend(0, width, None).apply_style(over)
        return strip.apply_style(base).crop_extend(0, width, base)

    def line_style(self, row: int) -> RichStyle | None:
        """Return a style for a whole line, such as that of the chosen one."""
        return None

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by so many lines."""
        self.scroll_relative(y=count, animate=False)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the lines out for the new width."""
        self.relay()

    def on_show(self) -> None:
        """Lay the lines out when the pane comes into sight."""
        self.relay()


class ChoiceView(LinesView):
    """A pane of lines of which one is chosen; a subclass says which can be."""

    class Moved(Message):
        """Another line was chosen."""

        def __init__(self, view: ChoiceView, index: int) -> None:
            super().__init__()
            self.view, self.index = view, index

    BINDINGS: ClassVar[list[BindingType]] = bindings(FIND)
    first_line = 0
    head_stays = False  # whether what is above the first line that can be chosen stays in sight

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0

    def texts(self) -> list[str]:
        """Return what can be found: the text of each line that can be chosen."""
        return [strip.text for strip in self._strips[self.first_line : self.first_line + self.count]]

    def find(self, text: str, count: int) -> bool:
        """Choose the next line that has a text, and tell whether there is one."""
        from workbench.tui.screens.find import next_with

        index = next_with(self.texts(), text, self.cursor, count)
        if index is not None:
            self.choose(index)
        return index is not None

    def action_find(self) -> None:
        """Ask for a text, and go to the lines that have it."""
        from workbench.tui.screens.find import FindScreen

        if not self.count:  # the key goes on to what is around the list, so that what is typed next is not obeyed
            raise SkipAction
        before = self.cursor

        def done(stayed: bool | None) -> None:
            if not stayed:
                self.choose(before)

        self.app.push_screen(FindScreen(self.find), done)

    @property
    def count(self) -> int:
        """Number of lines that can be chosen; they follow each other from `first_line` on."""
        raise NotImplementedError

    def choose(self, index: int) -> None:
        """Choose a line and bring it into sight."""
        index = max(0, min(self.count - 1, index))
        if index < 0:
            return
        changed = index != self.cursor
        self.cursor = index
        self.relay()
        self.show_cursor()
        if changed:
            self.post_message(self.Moved(self, index))

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the chosen line in sight when what is below the pane grows."""
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll so that the chosen line is in sight."""
        row, height, top = self.cursor + self.first_line, self.size.height, self.scroll_offset.y
        if self.cursor == 0:
            row = 0
        hidden = self._head_lines
        if row < top + hidden or row >= top + height > 0:
            self.scroll_to(
                y=max(0, row - hidden) if row < top + hidden else row - height + 1, animate=False, force=True
            )

    @property
    def _head_lines(self) -> int:
        return self.first_line if self.head_stays else 0

    def relay(self) -> None:
        """Lay the lines out anew, and draw those again that stay at the top."""
        super().relay()
        for row in range(self._head_lines if self.scroll_offset.y else 0):
            self.refresh_line(self.scroll_offset.y + row)

    def render_line(self, y: int) -> Strip:
        """Return one line of the pane; those that stay are at its top wherever the others are."""
        return super().render_line(y - self.scroll_offset.y if y < self._head_lines else y)

    def line_style(self, row: int) -> RichStyle | None:
        """Return the style of the chosen line."""
        if row != self.cursor + self.first_line or not self.count:
            return None
        return self.look.cursor if self.has_focus else self.look.cursor_away

    def action_move(self, count: int) -> None:
        """Choose the line so many further on."""
        self.choose(self.cursor + count)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show whether the keys go here."""
        super().watch_has_focus(has_focus)
        self.relay()

    def on_click(self, event: events.Click) -> None:
        """Choose the line under the pointer."""
        row = event.y + self.scroll_offset.y - self.first_line
        if 0 <= row < self.count and event.y >= self._head_lines:
            self.choose(row)


def one_ground(strip: Strip) -> Strip:
    """Return a strip without its colours, which reversed would be grounds of as many colours."""
    return Strip([Segment(text, RichStyle(bold=style.bold) if style else None) for text, style, _ in strip])


def as_lines(drawing: Text) -> list[Text]:
    """Return the lines of a drawing, each ready for a pane: without a line break at its end."""
    lines = list(drawing.split("\n"))
    for line in lines:
        line.end = ""
    return lines


def _strip(line: Text, console: Console) -> Strip:
    """Return a line as it is drawn; Rich leaves out the style of a text that has no other one in a piece of it."""
    return Strip(line.render(console, "") if line.spans else [Segment(line.plain, console.get_style(line.style))])


def paragraph(look: Look, text: str, width: int, style: RichStyle | None = None, *, indent: int = 0) -> list[Text]:
    """Return text wrapped to a width, each of its own lines apart; the app's own words in the screen's language."""
    found = []
    for line in text.split("\n"):
        for part in wrap(look.safe(look.say(line)), max(1, width - indent), unicode=look.plot.unicode) or [""]:
            found.append(Text(" " * indent + part, style or "", end=""))
    return found


def hanging(look: Look, head: str, text: str, width: int, style: RichStyle | None = None) -> list[Text]:
    """Return a head and text wrapped beside it, as in a list of terms."""
    # A word of another language may fill the place of the head.
    head = head if not head or head.endswith(" ") else f"{head} "
    indent = len(head)
    body = wrap(look.safe(text), max(1, width - indent), unicode=look.plot.unicode) or [""]
    first = Text(end="")
    first.append(look.safe(head), look.quiet)
    first.append(body[0], style)
    return [first, *(Text(" " * indent + line, style or "", end="") for line in body[1:])]


def packed(pieces: Sequence[Text], width: int, gap: str = "  ") -> list[Text]:
    """Return pieces in as few lines as hold them, none of them broken."""
    lines: list[Text] = []
    for piece in pieces:
        if not piece.cell_len:
            continue
        if lines and lines[-1].cell_len + len(gap) + piece.cell_len <= width:
            lines[-1].append(gap)
            lines[-1].append_text(piece)
        else:
            line = piece.copy()
            line.end = ""
            lines.append(line)
    for line in lines:
        line.truncate(width)
    return lines


def beside(left: Text, right: Text, width: int) -> list[Text]:
    """Return two blocks of lines next to each other, the left one filled up to a width."""
    ours, theirs = left.split("\n"), right.split("\n")
    lines = []
    for index in range(max(len(ours), len(theirs))):
        line = ours[index].copy() if index < len(ours) else Text(end="")
        line.end = ""
        line.pad_right(max(0, width - line.cell_len))
        if index < len(theirs):
            line.append_text(theirs[index])
        lines.append(line)
    return lines


def whole_items(text: str, width: int, more: str) -> str:
    """Return as many items of a text with commas as fit, and `more` in place of the others; none is cut in two."""
    items = text.split(", ")
    for count in range(len(items), -1, -1):
        shown = ", ".join([*items[:count], *([more] if count < len(items) else [])])
        if cells(shown) <= width:
            return shown
    return ""


def two_ends(look: Look, left: Text, right: Text, width: int) -> Text:
    """Return a line with one text at its left and one at its right end; the left one is cut where both do not fit."""
    room = width - right.cell_len - (1 if right.cell_len else 0)
    line = left.copy()
    line.end = ""
    if line.cell_len > room:
        line.truncate(max(0, room), overflow="crop" if look.ascii_only else "ellipsis")
    line.pad_right(max(0, width - right.cell_len - line.cell_len))
    line.append_text(right)
    return line
