"""Small pictures of numbers on a canvas, two pixels to a cell, fast enough to follow a key.

Unlike `workbench.plots.image` this draws no axes; it is for pictures that change while one looks at them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.color import Color
from rich.style import Style as RichStyle

from workbench.plots.canvas import Canvas
from workbench.plots.style import PLAIN, Style, ramp

Numbers = npt.NDArray[np.floating]

_INK: Final = " ░▒▓█"
_ASCII_INK: Final = " .:-=+*#%@"
_HALVES: Final = (" ", "▄", "▀", "█")
_ASCII_HALVES: Final = (" ", ".", "'", ":")
_CURSOR: Final = {"truecolor": "#5fd75f", "256": "#5fd75f", "16": "bright_green"}
_HALF: Final = 0.5
# Pixels enlarged by whole numbers look better, unless that leaves too much of the space empty.
_EVEN: Final = 0.75


def draw_pixels(
    canvas: Canvas,
    top: int,
    left: int,
    values: Numbers,
    limits: tuple[float, float],
    style: Style,
    *,
    crisp: bool = False,
) -> None:
    """Draw a picture, row 0 at the top, on as many lines as half its rows.

    Parameters
    ----------
    canvas
        Where; what falls outside is cut off.
    top, left
        Its first cell.
    values : np.ndarray [shape=(H, W)]
        NaN is drawn as nothing.
    limits
        The values drawn darkest and brightest.
    style
        What the terminal can show; without colours each cell shows the larger of its two pixels.
    crisp
        Without colours: show both pixels of a cell, each either inked or not, as fits a drawing.
    """
    colors = ramp(style)
    if len(values) % 2:
        values = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
    upper, lower = values[0::2], values[1::2]
    if colors and style.unicode:
        tops, bottoms = _levels(upper, limits, len(colors)), _levels(lower, limits, len(colors))
        codes = tops * _BASE + bottoms
        made = _pairs(style, codes)
        for row, line in enumerate(codes.tolist(), top):
            canvas.set_some(row, left, [made.get(code) for code in line])
        return
    if crisp and not colors:
        middle = limits[0] + _HALF * (limits[1] - limits[0])
        marks = _HALVES if style.unicode else _ASCII_HALVES
        for row, line in enumerate((2 * (upper > middle) + (lower > middle)).tolist(), top):
            for column, code in enumerate(line, left):
                canvas.set(row, column, marks[code])
        return
    ink = _INK if style.unicode else _ASCII_INK
    levels = _levels(np.fmax(upper, lower), limits, len(colors) or len(ink))
    for row, line in enumerate(levels.tolist(), top):
        for column, level in enumerate(line, left):
            if level:
                canvas.set(row, column, " " if colors else ink[level - 1], _back(style, level) if colors else PLAIN)


def draw_cursor(canvas: Canvas, top: int, left: int, place: tuple[int, int], style: Style) -> None:
    """Mark one pixel of a picture that was drawn at `top` and `left`; `place` is its row and column there."""
    row, column, low = top + place[0] // 2, left + place[1], place[0] % 2
    if not (0 <= row < canvas.height and 0 <= column < canvas.width):
        return
    if style.depth == "none":
        canvas.set(row, column, "+", RichStyle(reverse=True))
        return
    mark = Color.parse(_CURSOR[style.depth])
    if not style.unicode:
        canvas.set(row, column, "+", RichStyle(color=Color.parse("black"), bgcolor=mark))
        return
    under, sign = canvas.styles[row][column], canvas.rows[row][column]
    upper = under.color if sign == "▀" else under.bgcolor
    lower = under.color if sign == "▄" else under.bgcolor
    other = upper if low else lower
    canvas.set(row, column, "▄" if low else "▀", RichStyle(color=mark, bgcolor=other))


_BASE: Final = 128


def _levels(values: Numbers, limits: tuple[float, float], count: int) -> npt.NDArray[np.int64]:
    """Return the number of each value's colour from 1 to `count`, 0 for nothing."""
    low, high = limits
    share = (values - low) / max(high - low, 1e-12)
    known = np.isfinite(share)
    levels = np.clip(np.where(known, share, 0.0) * count, 0, count - 1).astype(np.int64) + 1
    return np.where(known, levels, 0)


@lru_cache(maxsize=8)
def _made(style: Style) -> dict[int, RichStyle]:
    return {}


@lru_cache(maxsize=8)
def _made_pairs(style: Style) -> dict[int, tuple[str, RichStyle]]:
    return {}


def _pairs(style: Style, codes: npt.NDArray[np.int64]) -> dict[int, tuple[str, RichStyle]]:
    """Return what is written for each pair of colours: the one object that a pair has, made where it was not yet."""
    made = _made_pairs(style)
    for code in set(np.unique(codes).tolist()) - made.keys() - {0}:
        colors = (None, *ramp(style))
        top, bottom = colors[code // _BASE], colors[code % _BASE]
        if top is None:
            made[code] = "▄", RichStyle(color=bottom)
        elif top == bottom:
            # A background alone is half as long to write as both colours.
            made[code] = " ", RichStyle(bgcolor=bottom)
        else:
            made[code] = "▀", RichStyle(color=top, bgcolor=bottom)
    return made


def _back(style: Style, level: int) -> RichStyle:
    made = _made(style)
    found = made.get(level)
    if found is None:
        found = made[level] = RichStyle(bgcolor=ramp(style)[level - 1])
    return found


def tiles(channels: Numbers, columns: int, lines: int) -> Numbers:
    """Return square pictures in reading order on one sheet that fits so many columns and lines.

    Parameters
    ----------
    channels : np.ndarray [shape=(C, H, W)]
        The pictures; each is shrunk by taking the greatest of what a pixel covers, or enlarged.
    columns, lines
        Of the terminal; a line holds two rows of pixels.

    Returns
    -------
    np.ndarray [shape=(rows of pixels, columns of pixels)]
        NaN between the pictures, empty where not even one pixel each fits.
    """
    count, side = len(channels), channels.shape[1]
    best, across = 0, 1
    for n in range(1, count + 1):
        down = -(-count // n)
        fits = min((columns + 1) // n - 1, 2 * (lines // down) - (1 if down > 1 else 0))
        if fits > best:
            best, across = fits, n
    if best > side and best // side * side >= _EVEN * best:
        best = best // side * side
    if best < 1:
        return np.empty((0, 0))
    small = np.stack([_resized(channel, best) for channel in channels])
    down, pitch = -(-count // across), best + 1 + (best + 1) % 2
    sheet = np.full((down * pitch, across * (best + 1) - 1), np.nan)
    for index, picture in enumerate(small):
        row, column = divmod(index, across)
        sheet[row * pitch : row * pitch + best, column * (best + 1) : column * (best + 1) + best] = picture
    return sheet[: (down - 1) * pitch + best]


def _resized(picture: Numbers, side: int) -> Numbers:
    rows, columns = (np.arange(side) * length // side for length in picture.shape)
    if side >= picture.shape[0]:
        return picture[np.ix_(rows, columns)]
    return np.maximum.reduceat(np.maximum.reduceat(picture, rows, axis=0), columns, axis=1)
