"""Sends of a line only the cells that changed, and of their colours only what differs from the cell before.

Textual writes a changed region from the left edge of its widget on, and each piece of one style with all its colours
and a reset after it.  For text that is little; for a picture in 24-bit colour of which a few cells change it is most
of what is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

_RESET: Final = "\x1b[0m"
_DEFAULT: Final = Color.default()
_PLAIN: Final = Style.null()


class TightUpdate(ChopsUpdate):
    """A partial update that writes the changed cells alone."""

    def render_segments(self, console: Console) -> str:
        """Return what the terminal is sent."""
        depth = console._color_system or ColorSystem.TRUECOLOR
        sent: list[str] = []
        for y, first, stop in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= stop or end <= first:
                    continue
                left, right = max(x, first), min(end, stop)
                sent.append(f"\x1b[{y + 1};{left + 1}H")
                sent.append(terminal_text(_between(strip, left - x, right - x), depth))
        return "".join(sent)


class TightCompositor(Compositor):
    """A compositor for a screen of which much changes at once."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the update of what is to be painted anew, or None where nothing is."""
        update = super().render_partial_update()
        return update if update is None else TightUpdate(update.chops, update.spans, update.chop_ends)


def terminal_text(segments: Iterable[Segment], depth: ColorSystem) -> str:
    """Return pieces of text with the sequences that colour them, ending without any colour.

    Parameters
    ----------
    segments
        Text with its style.
    depth
        The colours that the terminal has.
    """
    written: list[str] = []
    attributes, front, back = 0, _DEFAULT, _DEFAULT
    plain = True
    for text, style, control in segments:
        if control:
            continue
        style = style or _PLAIN
        wanted = style._attributes & style._set_attributes
        color, ground = style.color or _DEFAULT, style.bgcolor or _DEFAULT
        if wanted != attributes:
            codes = Strip.render_ansi(style, depth)
            written.append(f"\x1b[0;{codes}m" if codes else _RESET)
            attributes, front, back = wanted, color, ground
        else:
            # Of a blank only the background is seen, as long as nothing underlines or reverses it.
            change = _front(color, depth) if color != front and (attributes or not text.isspace()) else ""
            if change:
                front = color
            if ground != back:
                change, back = (f"{change};" if change else "") + _back(ground, depth), ground
            if change:
                written.append(f"\x1b[{change}m")
        plain = not attributes and front is back is _DEFAULT
        written.append(text)
    if not plain:
        written.append(_RESET)
    return "".join(written)


@lru_cache(maxsize=1024)
def _front(color: Color, depth: ColorSystem) -> str:
    return ";".join(color.downgrade(depth).get_ansi_codes())


@lru_cache(maxsize=1024)
def _back(color: Color, depth: ColorSystem) -> str:
    return ";".join(color.downgrade(depth).get_ansi_codes(foreground=False))


def _between(strip: Strip, start: int, stop: int) -> list[Segment]:
    """Return the pieces of a strip between two of its cells."""
    if start <= 0 and stop >= strip.cell_length:
        return list(strip)
    found: list[Segment] = []
    place = 0
    for segment in strip:
        text = segment.text
        end = place + (len(text) if text.isascii() else cell_len(text))
        if place < stop and end > start:
            if place < start:
                segment = segment.split_cells(start - place)[1]
            if end > stop:
                segment = segment.split_cells(stop - max(place, start))[0]
            found.append(segment)
        if end >= stop:
            break
        place = end
    return found
