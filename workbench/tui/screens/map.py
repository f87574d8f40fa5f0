"""A map of tracks over the whole terminal: closer, point by point, and the spectrogram of the track that is picked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from labsteps.errors import ParameterError
from labsteps.results import Image, Panels, Result, Scatter
from workbench.plots import pick
from workbench.plots.scatter import WHOLE, Camera
from workbench.tracks import picture_of
from workbench.tui.keys import LEAVE_MAP, MAP, bindings
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.once import LeftOnce
from workbench.tui.widgets.field import Field
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView, as_lines, beside, paragraph
from workbench.tui.widgets.toosmall import TooSmall

_WIDE: Final = 120
_SIDE: Final = 48
_TURN, _TILT = 15.0, 10.0
_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Map:
    """A scatter with the name of the page that it is on, and its place there."""

    page: str
    figure: Scatter


def maps_of(result: Result) -> list[Map]:
    """Return every map of a result, in the order of its pages; those side by side one after the other."""
    found = []
    for name, figure in result.figures.items():
        if isinstance(figure, Scatter):
            found.append(Map(name, figure))
        elif isinstance(figure, Panels):
            found += [Map(name, replace(one, title=f"{one.title} · {figure.title}")) for one in figure.panels]
    return found


class MapView(LinesView):
    """Shows one map, what is known of the track that is picked, and its spectrogram where there is space."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(MAP)
    HELP = (
        "Letters and dots are tracks; the letter says the class. Arrows pick the next one, + and - go closer and "
        "farther, enter shows what it sounds."
    )

    def __init__(self, maps: Sequence[Map], first: int, root: Path | None) -> None:
        super().__init__()
        self._maps, self._at, self._root = list(maps), first, root
        self._camera = WHOLE
        self._heard = False
        self._pictures: dict[str, Image | str] = {}

    @property
    def figure(self) -> Scatter:
        """The map in sight."""
        return self._maps[self._at].figure

    @property
    def page(self) -> str:
        """Name of the result's page that the map is on."""
        return self._maps[self._at].page

    @property
    def track(self) -> str:
        """Id of the track that is picked, empty where none is."""
        index = self._camera.picked
        return self.figure.ids[index] if index is not None and index < len(self.figure.ids) else ""

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the map, beside or above what is known of the track."""
        from workbench.plots.terminal import draw

        look = self.look
        if width >= _WIDE:
            room = width - _SIDE - 2
            drawn = draw(self.figure, room, height, style=look.plot, camera=self._camera)
            side = self._about(_SIDE)
            side += [Text(end=""), *self._picture(_SIDE, height - len(side) - 1)]
            return beside(drawn, Text("\n").join(side), room + 2)[:height]
        about = self._about(width)[:4]
        room = height - len(about)
        if self._heard and self.track:
            return [*self._picture(width, room), *about]
        drawn = draw(self.figure, width, room, style=look.plot, camera=self._camera)
        lines = as_lines(drawn)
        lines += [Text(end="") for _ in range(room - len(lines))]
        return [*lines[:room], *about]

    def _about(self, width: int) -> list[Text]:
        """Return what is known of the picked track."""
        look, figure, index = self.look, self.figure, self._camera.picked
        where = f"map {self._at + 1} of {len(self._maps)}"
        if self._camera.zoom > 1:
            where += f" · {self._camera.zoom:.1f}×"
        if self._camera.only:
            where += f" · {look.say(f'only {self._camera.only}')}"
        if index is None or not self.track:
            return [*paragraph(look, "Arrows pick a track.", width), *paragraph(look, where, width, look.quiet)]
        known = f"track {self.track} · {figure.labels[index]}" if figure.labels[index] else f"track {self.track}"
        lines = paragraph(look, known, width, look.strong)
        if index < len(figure.notes):
            lines += paragraph(look, figure.notes[index], width)
        near = ", ".join(f"{count} {name}" for name, count in pick.surroundings(figure, index))
        return [*lines, *paragraph(look, f"nearest here: {near} · {where}", width, look.quiet)]

    def _picture(self, width: int, height: int) -> list[Text]:
        """Return the spectrogram of the picked track, or what there is in its place."""
        if not self.track or height < 6:
            return []
        found = self._pictures.get(self.track)
        if found is None:
            self._read(self.track, self.figure.labels[self._camera.picked or 0])
            return paragraph(self.look, "reading the spectrogram", width, self.look.quiet)
        if isinstance(found, str):
            return paragraph(self.look, found, width, self.look.warn)
        from workbench.plots.terminal import draw

        return as_lines(draw(found, width, min(height, 24), style=self.look.plot))

    @work(exclusive=True)
    async def _read(self, track: str, label: str) -> None:
        """Read a spectrogram in a thread; of tracks that are passed over quickly only the last is read."""
        await asyncio.sleep(0.05)
        found = await asyncio.to_thread(picture_of, self._root, track, label)
        while len(self._pictures) >= _KEPT:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[track] = found
        self.relay()

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        if action in ("turn", "tilt"):
            return self.figure.solid
        if action == "hear":
            return bool(self.track) and (self._heard or self.size.width < _WIDE)
        return len(self._maps) > 1 if action == "map" else True

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "map" if action == "hear" and self._heard else ""

    def action_pick(self, right: int, up: int) -> None:
        """Pick the nearest track in a direction."""
        shape = 0.5 * self.size.width / max(1, self.size.height)
        index = pick.next_point(self.figure, self._camera, right, up, shape)
        self._look(pick.picked(self.figure, self._camera, index))

    def action_zoom(self, steps: int) -> None:
        """Go closer or farther."""
        self._look(pick.zoomed(self.figure, self._camera, steps))

    def action_pan(self, right: int, up: int) -> None:
        """Move what is seen, by a quarter of it."""
        self._look(pick.panned(self._camera, right / 4, up / 4))

    def action_whole(self) -> None:
        """Show the whole map again, from where it was seen at first."""
        self._look(replace(WHOLE, picked=self._camera.picked))

    def action_turn(self, steps: int) -> None:
        """Turn points in space about the vertical axis."""
        self._look(replace(self._camera, turned=(self._camera.turned + _TURN * steps) % 360))

    def action_tilt(self, steps: int) -> None:
        """Tilt points in space."""
        self._look(replace(self._camera, tilted=max(-90.0, min(90.0, self._camera.tilted + _TILT * steps))))

    def action_only(self) -> None:
        """Show one class in colour, then the next, then all."""
        names = ["", *sorted({label for label in self.figure.labels if label})]
        here = names.index(self._camera.only) if self._camera.only in names else 0
        self._look(replace(self._camera, only=names[(here + 1) % len(names)]))

    def action_hear(self) -> None:
        """Show the spectrogram in the place of the map, or the map again."""
        self._heard = not self._heard
        self._look(self._camera)

    def action_map(self, count: int) -> None:
        """Turn to another map; the track that is picked stays the same one."""
        track = self.track
        self._at = (self._at + count) % len(self._maps)
        ids = self.figure.ids
        index = ids.index(track) if track in ids else None
        self._look(Camera(picked=index, only=self._camera.only))

    def action_find(self) -> None:
        """Ask for the id of a track and pick it."""

        def accept(text: str) -> None:
            if text not in self.figure.ids:
                raise ParameterError(f"Track {text!r} is not on this map.")
            self._camera = pick.picked(self.figure, self._camera, self.figure.ids.index(text))

        def done(_taken: bool | None) -> None:
            self._look(self._camera)

        self.app.push_screen(AskScreen("Find a track", [Field("id", self.track)], accept), done)

    def _look(self, camera: Camera) -> None:
        self._camera = camera
        self.relay()
        self.refresh_bindings()


class MapScreen(LeftOnce, Screen[str]):
    """The whole terminal for the maps of a result; closes with the name of the page that was last in sight."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LEAVE_MAP)

    def __init__(self, maps: Sequence[Map], first: int, root: Path | None) -> None:
        super().__init__()
        self._view = MapView(maps, first, root)

    def compose(self) -> ComposeResult:
        """Make the map and the key bar."""
        yield self._view
        yield KeyBar()
        yield TooSmall()

    def action_close(self) -> None:
        """Go back to the result."""
        self.dismiss(self._view.page)

    def relay(self) -> None:
        """Draw everything anew, after the colours have changed."""
        self._view.relay()
