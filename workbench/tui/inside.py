"""What one sees inside the digit network: its state, and how it is laid out on the screen."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from labsteps.digits.activations import LAYERS, Activations, Floats
from labsteps.digits.album import Album
from workbench.plots.canvas import Canvas
from workbench.plots.pixels import draw_cursor, draw_pixels, tiles
from workbench.plots.style import Style
from workbench.tui.drawing import SIDE, Drawing, Pen
from workbench.tui.look import Look

FILTERS: Final = "filters"
PAGES: Final = (FILTERS, *LAYERS)
LEFT: Final = 30
SMALLEST_BODY: Final = (72, 21)
_SIDE_PANE: Final = 44
_WIDE: Final = 118
_PICTURE_LINES: Final = SIDE // 2
_KEPT: Final = 64


@dataclass
class Inside:
    """What is looked at: a network of some epoch, a picture, and a layer.

    Attributes
    ----------
    album
        Digits and weights; None while there are none.
    epoch
        Whose weights.
    page
        Index into `PAGES`.
    digit, example
        The held-out digit that was taken, counted from 1 within its class; example 0 means a drawing.
    """

    album: Album | None = None
    epoch: int = 0
    page: int = PAGES.index("ReLU 1")
    digit: int = 7
    example: int = 0
    touched: bool = False
    drawing: Drawing = field(default_factory=Drawing)
    _seen: OrderedDict[tuple[int, int, bytes], Activations] = field(default_factory=OrderedDict)

    def take_album(self, album: Album) -> None:
        """Look at what a run has kept; where the newest epoch was looked at, the newest one now is."""
        before, self.album = self.album, album
        newest = len(album.epochs) - 1
        if before is None:
            self.epoch = newest if album.best is None else album.best
            self.take_digit(self.digit)
        elif self.epoch == len(before.epochs) - 1 or self.epoch > newest:
            self.epoch = newest
        self._seen.clear()

    def take_digit(self, digit: int, step: int = 1) -> None:
        """Take a held-out digit: the next of its class where one of this class is looked at."""
        if self.album is None:
            return
        places = self.album.of_class(digit)
        if not len(places):
            return
        before = self.example if digit == self.digit else 0
        self.digit, self.example = digit, (before - 1 + step) % len(places) + 1
        self.drawing.load(self.album.digits.images[places[self.example - 1]])
        self.touched = False

    def turn_epoch(self, count: int) -> None:
        """Go to another epoch."""
        if self.album is not None:
            self.epoch = min(len(self.album.epochs) - 1, max(0, self.epoch + count))

    def turn_page(self, count: int) -> None:
        """Go to another layer, from the last to the first."""
        self.page = (self.page + count) % len(PAGES)

    def see(self, epoch: int | None = None) -> Activations:
        """Return what the network of an epoch makes of the picture, computed once."""
        assert self.album is not None
        epoch = self.epoch if epoch is None else epoch
        key = (id(self.album), epoch, self.drawing.pixels.tobytes())
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self.album.seen(epoch, self.drawing.pixels)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return found

    @property
    def weights(self) -> Mapping[str, Floats]:
        """The weights of the epoch that is looked at."""
        assert self.album is not None
        return self.album.epochs[self.epoch]

    @property
    def caption(self) -> str:
        """What the picture is."""
        if not self.example:
            return "your drawing"
        changed = ", changed" if self.touched else ""
        return f"held-out {self.digit}, no. {self.example}{changed}"

    @property
    def epoch_text(self) -> str:
        """Which epoch, of how many, and what is special about it."""
        assert self.album is not None
        last = len(self.album.epochs) - 1
        special = "untrained" if self.epoch == 0 else "best" if self.epoch == self.album.best else ""
        return f"epoch {self.epoch} of {last}" + (f", {special}" if special else "")


def draw_inside(inside: Inside, width: int, height: int, look: Look) -> Canvas:
    """Return the body of the screen: the picture with its probabilities at the left, the layer at the right."""
    canvas = Canvas(width, height, look.plot)
    _draw_left(inside, canvas, look)
    for row in range(height):
        canvas.put(row, LEFT + 1, "│" if look.plot.unicode else "|", look.quiet)
    left, right = LEFT + 3, width
    if width >= _WIDE:
        right = width - _SIDE_PANE - 3
        for row in range(height):
            canvas.put(row, right + 1, "│" if look.plot.unicode else "|", look.quiet)
        _draw_side(inside, canvas, right + 3, look)
    _draw_layer(inside, canvas, left, right - left, look)
    return canvas


def _draw_left(inside: Inside, canvas: Canvas, look: Look) -> None:
    drawing = inside.drawing
    grey = Style(look.plot.depth, look.plot.unicode, look.plot.dark, "grey")
    canvas.put(0, 1, look.say(inside.caption), look.strong, width=LEFT - 1)
    draw_pixels(canvas, 1, 1, drawing.pixels.astype(np.float64), (0.0, 255.0), grey, crisp=True)
    draw_cursor(canvas, 1, 1, (drawing.row, drawing.column), grey)
    sign = {Pen.UP: "○", Pen.DOWN: "●", Pen.RUBBER: "◌"}[drawing.pen] if look.plot.unicode else ">"
    style = look.quiet if drawing.pen is Pen.UP else look.accent
    row = 1 + _PICTURE_LINES
    canvas.put(row, 1, f"{sign} {look.say(str(drawing.pen))}", style)
    canvas.put_right(row, LEFT, look.say(f"row {drawing.row + 1} col {drawing.column + 1}"), look.quiet)
    seen = inside.see()
    for digit, probability in enumerate(seen.probabilities.tolist()):
        line, column = row + 1 + digit % 5, 1 + 15 * (digit // 5)
        _draw_probability(canvas, line, column, (digit, probability), 6, look, first=digit == seen.verdict)


def _draw_probability(
    canvas: Canvas, row: int, column: int, one: tuple[int, float], cells: int, look: Look, *, first: bool
) -> None:
    """Write a digit with a bar and its probability; the most probable one has a sign."""
    mark = ("▸" if look.plot.unicode else ">") if first else " "
    style = look.accent if first else look.quiet
    canvas.put(row, column, f"{mark}{one[0]} ", style)
    canvas.put(row, column + 3, _bar(one[1], cells, look.plot), style)
    canvas.put(row, column + 4 + cells, f"{one[1]:.2f}".removeprefix("0"), look.strong if first else look.quiet)


def _bar(share: float, cells: int, style: Style) -> str:
    if not style.unicode:
        return "#" * round(share * cells)
    eighths = round(share * cells * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _draw_layer(inside: Inside, canvas: Canvas, left: int, width: int, look: Look) -> None:
    name = PAGES[inside.page]
    place = f"{inside.page + 1}/{len(PAGES)}"
    if name == "output":
        _draw_output(inside, canvas, left, width, look, place)
        return
    values = inside.weights["convolution1.weight"][:, 0] if name == FILTERS else inside.see().layers[name]
    low, high = float(values.min()), float(values.max())
    title = look.say("filters of convolution 1") if name == FILTERS else name
    end = canvas.put(0, left, f"{title} ", look.strong, width=width)
    size = "×".join(map(str, values.shape))
    zeros = f" · {look.say(f'{inside.see().zeros(name):.0%} zeros')}" if name.startswith(("ReLU", "pooling")) else ""
    canvas.put(0, end, f"{place} · {size}{zeros}", look.quiet, width=max(0, left + width - end))
    canvas.put(1, left, f"{low:.2f} … {high:.2f} · {look.say(inside.epoch_text)}", look.quiet, width=width)
    sheet = tiles(values, width, canvas.height - 2)
    draw_pixels(canvas, 2, left, sheet, (low, high) if name == FILTERS else _scale(low, high), look.plot)


def _scale(low: float, high: float) -> tuple[float, float]:
    """Return round numbers around the values.

    While one draws, the extremes of a layer move a little with every pixel; on a scale that followed them, every cell
    of the layer would change its colour and be sent again.
    """
    step = 10.0 ** math.floor(math.log10(max(high - low, 1e-6))) / 2
    return math.floor(low / step) * step, max(math.ceil(high / step), math.floor(low / step) + 1) * step


def _draw_output(inside: Inside, canvas: Canvas, left: int, width: int, look: Look, place: str) -> None:
    """Write the ten scores and what the softmax makes of them."""
    seen = inside.see()
    end = canvas.put(0, left, f"{look.say('output')} ", look.strong)
    canvas.put(
        0, end, f"{place} · {look.say('10 scores, softmax beside them')}", look.quiet, width=max(0, left + width - end)
    )
    canvas.put(1, left, look.say(inside.epoch_text), look.quiet, width=width)
    for digit, score in enumerate(seen.layers["output"].ravel().tolist()):
        row = 3 + digit
        canvas.put_right(row, left + 11, f"{score:+8.2f}", look.quiet)
        one = (digit, float(seen.probabilities[digit]))
        _draw_probability(canvas, row, left + 13, one, min(40, width - 24), look, first=digit == seen.verdict)


def _draw_side(inside: Inside, canvas: Canvas, left: int, look: Look) -> None:
    """Draw the filters, what every epoch says of the picture, and one channel over the epochs."""
    assert inside.album is not None
    filters = inside.weights["convolution1.weight"][:, 0]
    limits = float(filters.min()), float(filters.max())
    canvas.put(0, left, look.say("filters of convolution 1"), look.strong, width=_SIDE_PANE)
    canvas.put(1, left, f"{limits[0]:.2f} … {limits[1]:.2f}", look.quiet)
    lines = min(13, canvas.height // 3)
    draw_pixels(canvas, 2, left, tiles(filters, _SIDE_PANE - 1, lines), limits, look.plot)
    top = 3 + lines
    shown = _epochs_shown(inside, canvas.height - top - 12)
    canvas.put(top, left, look.say("what each epoch says"), look.strong, width=_SIDE_PANE)
    for row, epoch in enumerate(shown, top + 1):
        seen = inside.see(epoch)
        here = epoch == inside.epoch
        canvas.put(row, left, f"{epoch:>4} ", look.accent if here else look.quiet)
        one = (seen.verdict, float(seen.probabilities[seen.verdict]))
        _draw_probability(canvas, row, left + 6, one, 24, look, first=here)
    _draw_one_channel(inside, canvas, top + 2 + len(shown), left, look)


def _epochs_shown(inside: Inside, room: int) -> list[int]:
    """Return as many epochs as there is room for, evenly, with the first, the last and the one looked at."""
    assert inside.album is not None
    last = len(inside.album.epochs) - 1
    room = max(2, min(room, 16))
    even = [round(last * i / (room - 1)) for i in range(room)]
    return sorted({*even[: room - 1 if last >= room else room], inside.epoch, last})[: room + 1]


def _draw_one_channel(inside: Inside, canvas: Canvas, top: int, left: int, look: Look) -> None:
    """Draw the channel of the layer that answers most, at the first, a middle and the last epoch."""
    assert inside.album is not None
    name = PAGES[inside.page] if PAGES[inside.page] in LAYERS[1:-1] else "ReLU 1"
    lines = canvas.height - top - 2
    if lines < 5:
        return
    channel = inside.see().strongest(name)
    last = len(inside.album.epochs) - 1
    epochs = sorted({0, min(1, last), last})
    pictures = np.stack([inside.see(epoch).layers[name][channel] for epoch in epochs])
    low, high = float(pictures.min()), float(pictures.max())
    canvas.put(top, left, look.say(f"{name}, channel {channel + 1}"), look.strong, width=_SIDE_PANE)
    canvas.put(top + 1, left, look.say(f"after epochs {', '.join(map(str, epochs))}"), look.quiet, width=_SIDE_PANE)
    sheet = tiles(pictures, _SIDE_PANE - 1, lines)
    draw_pixels(canvas, top + 2, left, sheet, _scale(low, high), look.plot)
