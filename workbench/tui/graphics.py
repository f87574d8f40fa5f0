"""Which pictures a terminal shows: told by the settings, by its name, or by its answer when it is asked.

Nothing is asked before somebody wants to see a picture.

References
----------
https://sw.kovidgoyal.net/kitty/graphics-protocol/#querying-support-and-available-transmission-mediums
XTerm Control Sequences, "Send Device Attributes" (4 among the answers: sixel), "CSI 16 t" (the size of a cell), "Set or
request graphics attribute" (the colours, and the largest picture that is not dropped).
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import struct
import subprocess
import termios
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

QUESTION: Final = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[?1;1;0S\x1b[?2;4;0S"
_ATTRIBUTES: Final = re.compile(r"\x1b\[\?([0-9;]*)c")
_CELL: Final = re.compile(r"\x1b\[6;(\d+);(\d+)t")
_KITTY_ANSWER: Final = re.compile(r"\x1b_Gi=31[^;]*;OK\x1b\\")
_COLOURS: Final = re.compile(r"\x1b\[\?1;0;(\d+)S")
_LARGEST: Final = re.compile(r"\x1b\[\?2;0;(\d+);(\d+)S")
_TMUX_REFUSES: Final = "tmux hands no pictures on: tmux set -p allow-passthrough on, then press v again."
# A usual cell, where the terminal does not tell.
USUAL_CELL: Final = (10.0, 20.0)


class Pictures(StrEnum):
    """How a terminal takes pictures."""

    KITTY = "kitty"
    SIXEL = "sixel"


@dataclass(frozen=True, slots=True)
class Graphics:
    """How pictures reach the terminal.

    Attributes
    ----------
    kind
        The protocol, None where there is none.
    cell
        Width and height of a cell in pixels.
    offset
        Line and column of the terminal where tmux shows this pane; None without tmux.
    reason
        Why there are no pictures, in words, and what to do.
    largest
        Width and height in pixels of the largest picture that the terminal takes, where it says so.
    colours
        How many colours a picture may have.
    """

    kind: Pictures | None
    cell: tuple[float, float] = USUAL_CELL
    offset: tuple[int, int] | None = None
    reason: str = ""
    largest: tuple[int, int] | None = None
    colours: int = 255


def by_name(environ: Mapping[str, str]) -> Pictures | None:
    """Return what a terminal shows that is known by name; `ssh` forwards TERM alone."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty" or environ.get("KITTY_WINDOW_ID"):
        return Pictures.KITTY
    return Pictures.SIXEL if term.startswith(("foot", "mlterm", "yaft")) or program == "mintty" else None


def graphics_of(environ: Mapping[str, str], wanted: str, terminal: int, answer: str | None = None) -> Graphics | None:
    """Return how pictures reach a terminal, None where it has to be asked first.

    Parameters
    ----------
    environ
        Environment variables of the app.
    wanted
        The setting: ``auto``, ``kitty``, ``sixel`` or ``off``.
    terminal
        File number of the terminal.
    answer
        What it answers to `QUESTION`; empty where it does not.
    """
    if wanted == "off":
        return Graphics(None, reason="Pictures are off in the settings (F5, pictures).")
    offset = None
    if environ.get("TMUX"):
        offset = pane_offset()
        if offset is None:
            return Graphics(None, reason=_TMUX_REFUSES)
    elif environ.get("TERM", "").startswith("screen"):
        return Graphics(None, reason="GNU screen hands no pictures on; the figure is drawn in characters.")
    chosen = Pictures(wanted) if wanted in set(Pictures) else None
    # tmux answers for itself what it is asked, so there only the names count.
    kind = chosen or (by_name(outside(environ)) if offset is not None else by_name(environ))
    cell = _cell_of(terminal) or USUAL_CELL
    if kind is Pictures.KITTY or offset is not None:
        found = Graphics(kind, cell, offset)
    elif answer is None:
        # Sixels too large for the terminal are not cut off, they do not appear at all.
        return None
    else:
        told = answered(answer, cell)
        found = replace(told, kind=kind or told.kind)
    if found.kind is None:
        return Graphics(None, reason="This terminal shows no pictures (kitty's protocol or sixel), or does not say so.")
    return found


def answered(answer: str, cell: tuple[float, float] = USUAL_CELL) -> Graphics:
    """Return what an answer says: protocol, size of a cell, and the limits of a picture, each where it is told."""
    size = _CELL.search(answer)
    if size and int(size[1]) and int(size[2]):
        cell = float(size[2]), float(size[1])
    if _KITTY_ANSWER.search(answer):
        return Graphics(Pictures.KITTY, cell)
    attributes, largest, colours = _ATTRIBUTES.search(answer), _LARGEST.search(answer), _COLOURS.search(answer)
    # The first number is the terminal's class.
    sixel = attributes is not None and "4" in attributes[1].split(";")[1:]
    found = Graphics(Pictures.SIXEL if sixel else None, cell)
    if largest and int(largest[1]) and int(largest[2]):
        found = replace(found, largest=(int(largest[1]), int(largest[2])))
    if colours and int(colours[1]) > 1:
        found = replace(found, colours=min(found.colours, int(colours[1])))
    return found


def room_for(graphics: Graphics, columns: int, lines: int) -> tuple[int, int]:
    """Return the columns and lines that a picture may take of those that are free."""
    if graphics.largest is None:
        return columns, lines
    most = (int(limit / one) for limit, one in zip(graphics.largest, graphics.cell, strict=True))
    across, down = most
    return max(1, min(columns, across)), max(1, min(lines, down))


def outside(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the terminal around tmux, which tmux keeps of the client that is in sight."""
    term = _tmux("display-message", "-p", "#{client_termname}")
    return {"TERM": term, "KITTY_WINDOW_ID": environ.get("KITTY_WINDOW_ID", "")}


def pane_offset() -> tuple[int, int] | None:
    """Return line and column of the terminal where tmux shows this pane, None where it hands nothing on."""
    if _tmux("show-options", "-Apv", "allow-passthrough") not in ("on", "all"):
        return None
    told = _tmux("display-message", "-p", "#{pane_top} #{pane_left} #{status} #{status-position}").split()
    if len(told) != 4 or not (told[0].isdigit() and told[1].isdigit()):
        return None
    lines = 0 if told[3] != "top" or told[2] == "off" else int(told[2]) if told[2].isdigit() else 1
    return int(told[0]) + lines, int(told[1])


def _tmux(*words: str) -> str:
    tool = shutil.which("tmux")
    if tool is None:
        return ""
    pane = os.environ.get("TMUX_PANE")
    target = ["-t", pane] if pane else []
    try:
        command = [tool, words[0], *target, *words[1:]]
        return subprocess.run(command, capture_output=True, text=True, timeout=2.0, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _cell_of(terminal: int) -> tuple[float, float] | None:
    """Return width and height of a cell in pixels as the terminal's driver tells them."""
    try:
        lines, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return None
    # Whole pixels: some count their border in.
    return (width // columns, height // lines) if 0 < lines <= height and 0 < columns <= width else None
