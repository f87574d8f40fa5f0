"""A figure over the whole terminal: in characters, or as its PNG file where the terminal shows pictures."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip

from labsteps.errors import LabError
from labsteps.results import Curve, Figure
from workbench.plots.pictures import fitted, kitty, kitty_clear, placed, png_size, through_tmux
from workbench.tui.children import ChildError, own_environment
from workbench.tui.graphics import QUESTION, Graphics, Pictures, graphics_of, room_for
from workbench.tui.keys import bindings
from workbench.tui.keys_more import PICTURE
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView, as_lines
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import TooSmall

# A number that no other program is likely to have given to a picture of its own.
NUMBER: Final = 771_145
_STDIN: Final = 0
_KEPT: Final = 3
# The smallest share of a curve's axis that is shown.
_CLOSEST: Final = 1 / 64


class PicturePane(LinesView):
    """Shows the figure in characters, or room for the picture, and below it where the file is."""

    HELP = "The figure of a result. v changes between characters and, where the terminal shows them, pictures."

    class Drawn(Message):
        """The cells that the picture lies on were written, and sixels are gone with that."""

    def __init__(self, figure: Figure, file: Path, *, percent: bool) -> None:
        super().__init__()
        self._figure, self._file, self._percent = figure, file, percent
        self.blank = False
        self._low, self._share = 0.0, 1.0

    @property
    def zooms(self) -> bool:
        """Whether the figure has an axis to go along, in characters."""
        return isinstance(self._figure, Curve) and not self.blank

    def look_at(self, low: float, share: float) -> None:
        """Show a share of a curve's horizontal axis, from a place on it, both 0 … 1."""
        self._share = min(1.0, max(_CLOSEST, share))
        self._low = min(1.0 - self._share, max(0.0, low))
        self.relay()

    def zoom(self, by: float) -> None:
        """Show more or less of the axis around the middle of what is in sight."""
        share = min(1.0, max(_CLOSEST, self._share * by))
        self.look_at(self._low + (self._share - share) / 2, share)

    def pan(self, by: float) -> None:
        """Go along the axis by a part of what is in sight."""
        self.look_at(self._low + by * self._share, self._share)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the pane's cells, and tell that they are written."""
        if self.blank:
            self.post_message(self.Drawn())
        return super().render_lines(crop)

    def foot(self, width: int) -> list[Text]:
        """Return where the file is."""
        from workbench.tui.widgets.result import path_lines

        return path_lines(self._file, self.look, width)

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the figure, or blank lines, and where the file is."""
        foot = self.foot(width)
        room = max(4, height - len(foot))
        if self.blank:
            return [*(Text(end="") for _ in range(room)), *foot]
        from workbench.plots.terminal import draw

        shown = part_of_axis(self._figure, self._low, self._share)
        drawn = draw(shown, width, room, style=self.look.plot, normalise=self._percent)
        return [*as_lines(drawn), *foot]


def part_of_axis(figure: Figure, low: float, share: float) -> Figure:
    """Return a curve with the points in a share of its horizontal axis; another figure, or the whole, as it is."""
    known = [x for one in figure.series for x in one.x if x is not None] if isinstance(figure, Curve) else []
    if not isinstance(figure, Curve) or not known or share >= 1.0:
        return figure
    first, span = min(known), max(known) - min(known)
    begin, end = first + low * span, first + (low + share) * span
    series = []
    for one in figure.series:
        inside = [(x, y) for x, y in zip(one.x, one.y, strict=True) if x is not None and begin <= x <= end]
        series.append(replace(one, x=tuple(x for x, _ in inside), y=tuple(y for _, y in inside)))
    return replace(figure, series=tuple(series)) if any(one.x for one in series) else figure


class PictureScreen(LeftOnce, Screen[None]):
    """Shows a figure; a picture is asked for, never on by itself.

    Parameters
    ----------
    figure
        What is drawn in characters.
    file
        Its PNG file.
    percent
        Whether a confusion matrix is in percents of its rows.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PICTURE)

    def __init__(self, figure: Figure, file: Path, *, percent: bool = False) -> None:
        super().__init__()
        self._pane = PicturePane(figure, file, percent=percent)
        self._file = file
        self._painted: tuple[int, int, int, int] | None = None
        self._asking = False
        self._sixels: dict[tuple[int, int], str] = {}

    def compose(self) -> ComposeResult:
        """Make the figure and the key bar."""
        yield self._pane
        yield Notice()
        yield KeyBar()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show the picture, or say why there is none."""
        self._pane.focus()
        self.app.app_suspend_signal.subscribe(self, lambda _: self._clear())
        self.call_after_refresh(self.action_switch)

    def relay(self) -> None:
        """Draw everything anew."""
        self._pane.relay()
        self._again()

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "picture" if action == "switch" and not self._pane.blank else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go along an axis where there is one."""
        return self._pane.zooms if action in ("zoom", "pan") else True

    def action_zoom(self, by: float) -> None:
        """Show more or less of a curve's axis."""
        self._pane.zoom(by)

    def action_pan(self, by: float) -> None:
        """Go along a curve's axis."""
        self._pane.pan(by)

    def action_switch(self) -> None:
        """Change between characters and the picture."""
        if self._pane.blank:
            self._to_characters()
            return
        if not self._file.exists():
            self._tell("There is no PNG of this figure; the run draws it when it ends.")
        elif not self._asking:
            self._to_picture()

    @work
    async def _to_picture(self) -> None:
        self._asking = True
        graphics = await self._graphics()
        self._asking = False
        if graphics.kind is None:
            self._tell(graphics.reason)
            return
        self._pane.blank = True
        self._pane.relay()
        self.refresh_bindings()
        self._again()

    def action_copy(self) -> None:
        """Copy the path of the file; it stays in sight, since copying may fail on the way."""
        self.app.copy_to_clipboard(str(self._file))
        self._tell(f"Copied: {self._file}")

    def action_close(self) -> None:
        """Go back to the result."""
        self._clear()
        self.dismiss(None)

    def on_picture_pane_drawn(self) -> None:
        """Paint the picture over the cells that were written below it."""
        self._paint()

    def on_screen_suspend(self) -> None:
        """Take the picture away from what comes over the screen."""
        self._clear()

    def on_screen_resume(self) -> None:
        """Bring it back."""
        self._again()

    def on_unmount(self) -> None:
        """Leave nothing on the terminal."""
        self._clear()

    # The picture

    def _again(self) -> None:
        """Draw the cells anew; the picture follows them."""
        if self._pane.blank and self.is_mounted:
            self._clear()
            self.refresh()

    @work(exclusive=True, group="picture")
    async def _paint(self) -> None:
        app = app_of(self)
        graphics = app.graphics
        # Whatever the figure shares the terminal with by now is not to be painted over.
        if graphics is None or graphics.kind is None or not self._pane.blank or app.screen is not self:
            return
        region = self._pane.content_region
        width, height = region.width, region.height - len(self._pane.foot(region.width))
        if width < 1 or height < 1:
            return
        try:
            data = await asyncio.to_thread(self._file.read_bytes)
            size = png_size(data)
            if size is None:
                raise ChildError(f"{self._file} is no PNG file.")
            cells = fitted(size, room_for(graphics, width, height), graphics.cell)
            place = (region.y, region.x + (width - cells[0]) // 2, *cells)
            if self._painted not in (None, place):
                # Less than what was painted before would leave its edges in sight.
                self._again()
                return
            if self._painted and graphics.kind is Pictures.KITTY:
                return
            sequence = (
                kitty(data, NUMBER, cells) if graphics.kind is Pictures.KITTY else await self._sixel(cells, graphics)
            )
        except (LabError, OSError) as error:
            self._to_characters()
            self._tell(str(error), "error")
            return
        if self._pane.blank and app.screen is self:
            self._write(sequence, place[:2])
            self._painted = place

    async def _sixel(self, cells: tuple[int, int], graphics: Graphics) -> str:
        """Return the picture as sixels, made by a process of its own."""
        size = int(cells[0] * graphics.cell[0]), int(cells[1] * graphics.cell[1])
        if size not in self._sixels:
            process = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-P",
                    "-m",
                    "workbench.plots.sixel",
                    str(self._file),
                    *map(str, (*size, graphics.colours)),
                ),
                env=own_environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, err = await process.communicate()
            if process.returncode:
                last = err.decode("utf-8", errors="replace").strip().splitlines()[-1:]
                raise ChildError(f"{self._file} could not be drawn as sixels: {''.join(last)}")
            # What the app says takes a line for a while; the picture has its size from before again after that.
            self._sixels = dict([*self._sixels.items()][-_KEPT + 1 :]) | {size: out.decode("ascii")}
        return self._sixels[size]

    def _to_characters(self) -> None:
        self._clear()
        self._pane.blank = False
        self._pane.relay()
        self.refresh_bindings()

    def _clear(self) -> None:
        """Take the picture off the terminal."""
        graphics = app_of(self).graphics
        if self._painted is None or graphics is None:
            return
        self._painted = None
        if graphics.kind is Pictures.KITTY:
            self._write(kitty_clear(NUMBER), None)
        else:
            # Sixels are gone where a letter is written, a blank too.
            self.refresh()

    def _write(self, sequence: str, place: tuple[int, int] | None) -> None:
        """Send a sequence to the terminal, to a cell of it where one is given."""
        driver, graphics = self.app._driver, app_of(self).graphics
        if driver is None or graphics is None:
            return
        down, right = graphics.offset or (0, 0)
        if place is not None:
            sequence = placed(sequence, place[0] + down, place[1] + right)
        driver.write(sequence if graphics.offset is None else through_tmux(sequence))
        driver.flush()

    async def _graphics(self) -> Graphics:
        """Return how pictures reach this terminal, which is found out once unless there was no way."""
        app = app_of(self)
        if app.graphics is None or app.graphics.kind is None:
            from workbench.config import configured

            wanted = str(configured("pictures"))
            found = graphics_of(os.environ, wanted, _STDIN)
            app.graphics = found or graphics_of(os.environ, wanted, _STDIN, await app.outside.ask(QUESTION))
        assert app.graphics is not None  # with an answer, if an empty one, it is told
        return app.graphics

    def _tell(self, text: str, severity: str = "information") -> None:
        app_of(self).tell(text, severity)
