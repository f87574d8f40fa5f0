"""Which pictures a terminal shows: told by the settings, by its name, or by its answer when it is asked.

Nothing is asked before somebody wants to see a picture.  The answers come the way keys come, so the app is suspended
for the moment; a terminal that does not answer costs `PATIENCE`.

References
----------
https://sw.kovidgoyal.net/kitty/graphics-protocol/#querying-support-and-available-transmission-mediums
XTerm Control Sequences, "Send Device Attributes" (4 among the answers: sixel), "CSI 16 t" (the size of a cell).
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import struct
import subprocess
import termios
import time
import tty
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PATIENCE: Final = 1.0
_ASKED: Final = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
_LAST_ANSWER: Final = re.compile(rb"\x1b\[\?([0-9;]*)c")
_CELL: Final = re.compile(rb"\x1b\[6;(\d+);(\d+)t")
_KITTY_ANSWER: Final = re.compile(rb"\x1b_Gi=31[^;]*;OK\x1b\\")
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
    """

    kind: Pictures | None
    cell: tuple[float, float] = USUAL_CELL
    offset: tuple[int, int] | None = None
    reason: str = ""


def by_name(environ: Mapping[str, str]) -> Pictures | None:
    """Return what a terminal shows that is known by name; `ssh` forwards TERM alone."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty" or environ.get("KITTY_WINDOW_ID"):
        return Pictures.KITTY
    return Pictures.SIXEL if term.startswith(("foot", "mlterm", "yaft")) or program == "mintty" else None


def graphics_of(environ: Mapping[str, str], wanted: str, terminal: int, asking: Callable[[], bytes]) -> Graphics:
    """Return how pictures reach a terminal, asking it where neither setting nor name tell.

    Parameters
    ----------
    environ
        Environment variables of the app.
    wanted
        The setting: ``auto``, ``kitty``, ``sixel`` or ``off``.
    terminal
        File number of the terminal.
    asking
        Asks the terminal, and returns what it answers.
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
    cell = _cell_of(terminal)
    # tmux answers for itself what it is asked, so there only the names count.
    kind = chosen or (by_name(outside(environ)) if offset is not None else by_name(environ))
    if kind is None and offset is None:
        kind, asked_cell = answered(asking())
        cell = asked_cell or cell
    if kind is None:
        return Graphics(None, reason="This terminal shows no pictures (kitty's protocol or sixel), or does not say so.")
    return Graphics(kind, cell or USUAL_CELL, offset)


def ask(terminal: int, patience: float = PATIENCE) -> bytes:
    """Ask a terminal what it shows, and return what it answers until the answer that every terminal gives."""
    before = termios.tcgetattr(terminal)
    answer, end = b"", time.monotonic() + patience
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        os.write(terminal, _ASKED.encode("ascii"))
        while not _LAST_ANSWER.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([terminal], [], [], left)[0]:
                answer += os.read(terminal, 1024)
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
    return answer


def answered(answer: bytes) -> tuple[Pictures | None, tuple[float, float] | None]:
    """Return what an answer says: the protocol, and width and height of a cell where it tells them."""
    size = _CELL.search(answer)
    cell = (float(size[2]), float(size[1])) if size and int(size[1]) and int(size[2]) else None
    if _KITTY_ANSWER.search(answer):
        return Pictures.KITTY, cell
    attributes = _LAST_ANSWER.search(answer)
    # The first number is the terminal's class.
    sixel = attributes is not None and b"4" in attributes[1].split(b";")[1:]
    return (Pictures.SIXEL if sixel else None), cell


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
    return (width / columns, height / lines) if lines and columns and width and height else None
