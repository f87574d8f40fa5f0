"""A figure over the whole terminal: in characters, or as its PNG file where the terminal shows pictures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
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
from labsteps.results import Figure
from workbench.plots.pictures import fitted, kitty, kitty_clear, placed, png_size, through_tmux
from workbench.tui.children import ChildError, child
from workbench.tui.graphics import QUESTION, Graphics, Pictures, graphics_of, room_for
from workbench.tui.keys import ALONG, VI_ALONG, VI_SCROLL, ZOOM, bindings
from workbench.tui.keys_more import PICTURE
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.sight import Sight
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import TooSmall

# A number that no other program is likely to have given to a picture of its own.
NUMBER: Final = 771_145
_STDIN: Final = 0
_KEPT: Final = 3


class PicturePane(LinesView):
    """Shows the figure in characters, or room for the picture, and below it where the file is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ZOOM, ALONG, VI_ALONG, VI_SCROLL)
    HELP = (
        "The figure of a result: + goes closer, arrows along it. v changes to a picture where the terminal shows them."
    )

    class Drawn(Message):
        """The cells that the picture lies on were written, and sixels are gone with that."""

    def __init__(self, figure: Figure, file: Path, *, percent: bool) -> None:
        super().__init__()
        self._file = file
        self._sight = Sight(figure, percent=percent)
        self.blank = False

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
        drawn = self._sight.draw(width, room, self.look.plot)
        if self._sight.turned():
            self.refresh_bindings()
        return [*drawn, *foot]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go closer and along the figure where it is drawn here and has more to show."""
        if action in ("zoom", "whole", "along"):
            return not self.blank and self._sight.offers(action, parameters)
        return True

    def action_zoom(self, by: float) -> None:
        """Show more or less of the figure."""
        self._sight.zoom(by)
        self.relay()

    def action_whole(self) -> None:
        """Show the whole figure."""
        self._sight.whole()
        self.relay()

    def action_along(self, count: int) -> None:
        """Go along the figure."""
        self._sight.aside(count)
        self.relay()

    def action_scroll_lines(self, count: int) -> None:
        """Go over the lines of a figure that are out of sight."""
        if self._sight.can_go_down and not self.blank:
            self._sight.down(count)
            self.relay()
        else:
            super().action_scroll_lines(count)


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
            words = [str(self._file), *map(str, (*size, graphics.colours))]
            async with child(words, together=False, module="workbench.plots.sixel") as process:
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
