"""Inside the digit network of 7.1α: choose or draw a digit, and see every layer, every epoch, and what it says.

Nothing is computed elsewhere: the forward pass is numpy, and takes about a millisecond.  What a run keeps is read
while it trains, so the epochs can be watched as they come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final, cast

from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from labsteps.catalogue import Part
from labsteps.digits.album import Album, epoch_files, open_album
from labsteps.errors import DataError
from workbench.plots.canvas import Canvas
from workbench.plots.style import PLAIN, Style
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.tui.drawing import Pen
from workbench.tui.inside import SMALLEST_BODY, Inside, draw_inside
from workbench.tui.keys import INSIDE, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.standing import standing
from workbench.tui.tight import TightCompositor
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import paragraph, two_ends
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import TooSmall

POLL_SECONDS: Final = 1.0
_NEAR: Final = 3
_STYLES: Final = 8192


class InsideHeader(Widget):
    """Names the part, where its run stands, and what the network says."""

    def __init__(self) -> None:
        super().__init__()
        self._line = Text()

    def render(self) -> Text:
        """Return the line."""
        return self._line

    def redraw(self) -> None:
        """Write the line anew where it has changed."""
        line = self._written()
        if line != self._line or line.spans != self._line.spans:
            self._line = line
            self.refresh()

    def on_resize(self) -> None:
        """Write the line for the new width."""
        self.redraw()

    def _written(self) -> Text:
        screen, app = cast("InsideScreen", self.screen), app_of(self)
        look = app.look
        state = standing(screen.part, app.view, look)
        left = look.line((f" {screen.part.id} {screen.part.title.to(look.language)}", look.strong))
        right = look.line((f"{state.sign} {state.word}", state.style))
        if screen.inside.album is not None:
            seen = screen.inside.see()
            said = f"says {seen.verdict}, {seen.probabilities[seen.verdict]:.2f}"
            right = look.line((f"{look.say(said)}  ", look.accent)).append_text(right)
        return two_ends(look, left, right.append(" "), self.size.width)


class InsideView(Widget, can_focus=True):
    """The body; a key draws only the lines that it changes."""

    HELP = (
        "A digit goes through the network: 0 to 9 take a held-out digit, again the next one of it. Arrows move the "
        "pen, space puts it down and lifts it. Bright cells are large values, on one scale for a layer."
    )

    def __init__(self, inside: Inside, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._inside = inside
        self._canvas = Canvas(0, 0, Style())
        self._strips: list[Strip] = []
        # Of each style of the canvas itself, which keeps its id its own, and as it is on the screen.
        self._dressed: dict[int, tuple[RichStyle, RichStyle | None]] = {}

    def redraw(self) -> None:
        """Draw anew what has changed."""
        width, height = self.size
        if not width or not height:
            return
        look = app_of(self).look
        if self._inside.album is None:
            screen = cast("InsideScreen", self.screen)
            canvas = _page(screen.empty_lines(look, width - 2), width, height, look)
        elif width < SMALLEST_BODY[0] or height < SMALLEST_BODY[1]:
            needed = f"{SMALLEST_BODY[0]}x{SMALLEST_BODY[1] + 2}"
            text = f"Make the terminal {needed} or larger to look inside; esc goes back."
            canvas = _page(paragraph(look, text, width - 2), width, height, look)
        else:
            canvas = draw_inside(self._inside, width, height, look)
        before, self._canvas = self._canvas, canvas
        if (before.width, before.height) != (width, height):
            self._strips = [self._strip(y) for y in range(height)]
            self.refresh()
            return
        changed = changed_cells(before, canvas)
        for y in {region.y for region in changed}:
            self._strips[y] = self._strip(y)
        if changed:
            self.refresh(*changed)

    def _strip(self, y: int) -> Strip:
        """Return a line of the canvas, each run of one style a segment."""
        chars, styles = self._canvas.rows[y], self._canvas.styles[y]
        segments, start = [], 0
        for column in range(1, len(styles) + 1):
            if column == len(styles) or styles[column] is not styles[start]:
                found = self._dressed.get(id(styles[start]))
                style = self._dress(styles[start]) if found is None else found[1]
                segments.append(Segment("".join(chars[start:column]), style))
                start = column
        return Strip(segments, self._canvas.width)

    def _dress(self, style: RichStyle) -> RichStyle | None:
        """Return a style on the background of the screen, as the terminal can show it."""
        segments = [Segment(" ", self.rich_style + style)]
        for one in self.get_line_filters():
            segments = one.apply(segments, self.background_colors[1])
        if len(self._dressed) >= _STYLES:
            self._dressed.clear()
        self._dressed[id(style)] = (style, segments[0].style)
        return segments[0].style

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines, which are dressed already; Textual would do that to every cell of a line that changes."""
        return [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.relay()

    def relay(self) -> None:
        """Draw everything anew, after the size or the colours have changed."""
        self._canvas = Canvas(0, 0, Style())
        self._dressed.clear()
        self.redraw()


class InsideScreen(LeftOnce, Screen[None]):
    """Looks inside the network that 7.1α has trained, or is training.

    Parameters
    ----------
    part
        The part whose newest run is looked at.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(INSIDE)
    AUTO_FOCUS = "#inside"

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.part = part
        self.inside = Inside()
        self._run: Path | None = None
        self._looked = False

    def compose(self) -> ComposeResult:
        """Make header, body and key bar."""
        yield InsideHeader()
        yield InsideView(self.inside, id="inside")
        yield Notice()
        yield KeyBar()
        yield TooSmall()

    def on_mount(self) -> None:
        """Begin to follow the newest run."""
        self._follow()

    def relay(self) -> None:
        """Draw everything anew, after the colours have changed."""
        self.query_one(InsideView).relay()
        self.query_one(InsideHeader).redraw()

    # What comes in

    @work(exclusive=True)
    async def _follow(self) -> None:
        """Look a few times a second, in a thread, whether a run has kept more."""
        known: tuple[Path | None, int, bool] = (None, 0, False)
        failed = ""
        while True:
            session = app_of(self).bench.session
            try:
                found = await asyncio.to_thread(_newest, session, self.part.id, known)
            except (DataError, StoreError, OSError) as error:
                if str(error) != failed:
                    failed = str(error)
                    app_of(self).tell(failed, "error")
                found = None
            if found is not None:
                known, album = found
                if known[0] != self._run:
                    self._run, self.inside.album = known[0], None
                if album is not None:
                    self.inside.take_album(album)
                self.refresh_bindings()
            self._looked = True
            self._show()
            await asyncio.sleep(POLL_SECONDS)

    def empty_lines(self, look: Look, width: int) -> list[Text]:
        """Return what stands in the place of the network while there is none."""
        view = app_of(self).view
        state = view.state_of(self.part.id)
        if not self._looked:
            return paragraph(look, "Reading what the run has kept …", width, look.quiet)
        if state is not None and state.live:
            text = f"{self.part.id} is {state}: the layers show here as soon as the first epoch is there."
            return paragraph(look, text, width)
        lines = paragraph(look, "There is no trained network to look into yet.", width, look.strong)
        if state in (RunState.FAILED, RunState.INTERRUPTED):
            lines += paragraph(look, f"The last run of {self.part.id} {state}; press esc to see why.", width, look.warn)
        text = "Press r to train it. That takes about a minute, and can be watched here epoch by epoch."
        return [*lines, Text(end=""), *paragraph(look, text, width)]

    def _show(self) -> None:
        self.query_one(InsideView).redraw()
        self.query_one(InsideHeader).redraw()

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        if action == "train":
            return self.inside.album is None
        if action in ("digit", "move", "pen", "rubber", "clear", "centre", "layer", "epoch", "example"):
            return self.inside.album is not None
        return True

    def action_train(self) -> None:
        """Start the run."""
        app_of(self).start(self.part, force=False)

    def action_digit(self, digit: int) -> None:
        """Take a held-out digit."""
        self.inside.take_digit(digit)
        self._show()

    def action_example(self, step: int) -> None:
        """Take the next held-out digit of the class, or the one before."""
        self.inside.take_digit(self.inside.digit, step)
        self._show()

    def action_move(self, down: int, right: int) -> None:
        """Move the pen."""
        self.inside.drawing.move(down, right)
        self._touch()

    def action_pen(self) -> None:
        """Put the pen down, or lift it."""
        self.inside.drawing.toggle(Pen.DOWN)
        self._touch()

    def action_rubber(self) -> None:
        """Put the rubber down, or lift it."""
        self.inside.drawing.toggle(Pen.RUBBER)
        self._touch()

    def action_clear(self) -> None:
        """Take a new sheet."""
        self.inside.drawing.clear()
        self.inside.example = 0
        self._show()

    def action_centre(self) -> None:
        """Shift the ink to the middle."""
        self.inside.drawing.centre()
        self.inside.touched = True
        self._show()

    def action_layer(self, count: int) -> None:
        """Go to another layer."""
        self.inside.turn_page(count)
        self._show()

    def action_epoch(self, count: int) -> None:
        """Go to another epoch."""
        self.inside.turn_epoch(count)
        self._show()

    def action_back(self) -> None:
        """Go back to the lab."""
        self.dismiss(None)

    def _touch(self) -> None:
        if self.inside.drawing.pen is not Pen.UP:
            self.inside.touched = True
        self._show()


def changed_cells(before: Canvas, now: Canvas) -> list[Region]:
    """Return where two canvases of one size differ, in runs of cells that lie near each other.

    Every cell that is sent again costs about 20 bytes in full colour, which a slow connection feels.
    """
    found = []
    for y, (chars, styles) in enumerate(zip(now.rows, now.styles, strict=True)):
        if chars == before.rows[y] and styles == before.styles[y]:
            continue
        old_chars, old_styles = before.rows[y], before.styles[y]
        columns = [x for x in range(now.width) if chars[x] != old_chars[x] or styles[x] is not old_styles[x]]
        start = last = columns[0]
        for x in columns[1:]:
            if x - last > _NEAR:
                found.append(Region(start, y, last + 1 - start, 1))
                start = x
            last = x
        found.append(Region(start, y, last + 1 - start, 1))
    return found


def _page(lines: Sequence[Text], width: int, height: int, look: Look) -> Canvas:
    """Return lines of text as a canvas, below an empty one."""
    canvas = Canvas(width, height, look.plot)
    for row, line in enumerate(lines, 1):
        canvas.put(row, 1, line.plain, line.style if isinstance(line.style, RichStyle) else PLAIN)
    return canvas


def _newest(
    session: Session | None, part: str, known: tuple[Path | None, int, bool]
) -> tuple[tuple[Path | None, int, bool], Album | None] | None:
    """Return what the newest run of a part has kept that has kept anything, or None where that is known."""
    for run in reversed(session.runs() if session is not None else []):
        if run.record.get("part") != part or not epoch_files(run.path):
            continue
        now = (run.path, len(epoch_files(run.path)), (run.path / "training.json").exists())
        return None if now == known else (now, open_album(run.path))
    return None if known[0] is None else ((None, 0, False), None)
