"""Capture every screen of the app as a terminal shows it: ``python docs/pictures/screens.py SESSION OUT``.

The app runs in tmux at two sizes with all colours, with sixteen, with none, and without anything beyond ASCII; keys are
pressed as a user would, and what the terminal then holds is written with its colours as ``OUT/SIZE-MODE/NAME.ans`` and
as ``sheet-N.html``, several to a page, to be looked at.  The session needs finished runs of 1 to 7.1 and of 11, and one
that goes on.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parents[2]
SIZES: Final = {"80x24": (80, 24), "160x45": (160, 45)}
MODES: Final[dict[str, dict[str, str]]] = {
    "truecolour": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
    "light": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "WORKBENCH_THEME": "light"},
    "16": {"TERM": "xterm-16color", "COLORTERM": "", "LC_ALL": "C.UTF-8"},
    "none": {"TERM": "xterm-256color", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    "ascii": {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
PATIENCE: Final = 20.0
_WORKING: Final = "Reading (the clip|the runs|what)|Checking what|Looking at the machine"
_LAB: Final = ("Escape", "Escape", "Escape")


def part(name: str) -> tuple[str, ...]:
    """Return the keys that go to a part from anywhere in the lab."""
    return (*_LAB, "/", *name, "Enter")


# Name of the picture → the keys from the picture before on, and a pattern that is on the screen when they have worked.
SCENES: Final[dict[str, tuple[Sequence[str], str]]] = {
    "start": (("F2", "Home"), r"folder"),
    "start-new": (("Down", "Down", "Down", "Down"), r"archive|data set|code"),
    "import": (("i", "/"), r"tab completes"),
    "brief": (("Escape", *part("7.1e"), "1"), r"finished"),
    "parameters": (("2",), r"epochs"),
    "parameter-edit": (("Down", "Enter"), r" = "),
    "run": (("Escape", "3"), r"finished"),
    "values": (("4",), r"accuracy"),
    "matrix": (("Tab",), r"predicted"),
    "cells": (("Enter",), r"taken for"),
    "clips": (("Enter",), r"it is"),
    "table": (("Escape", "Escape", "Tab"), r"precision"),
    "log-of-run": ((*part("7.1b"), "5"), r"epoch"),
    "runs": (("7",), r"settings"),
    "compare": ((*part("7.1e"), "7", " ", *part("5c"), "7", " ", "c"), r"against|differ"),
    "answer": ((*part("1d"), "6"), r"mel scale"),
    "answer-editor": (("Enter",), r"esc"),
    "live": ((*part("5d"), "3"), r"val macro"),
    "inside": ((*part("7.1a"), "i"), r"ReLU|filters|scores \d"),
    "map": ((*part("11c"), "4", "Tab", "Enter"), r"map 1 of"),
    "machine": ((*_LAB, "F3"), r"memory"),
    "log": (("F4",), r"\d\d:\d\d"),
    "settings": (("F5",), r"theme"),
    "report": (("F6",), r"missing"),
    "help": (("Escape", "?"), r"Everywhere|List of steps|ctrl"),
    "palette": (("Escape", "C-p"), r"Search"),
    "find": (("Escape", "/"), r"find"),
    "plan": (("Escape", "A"), r"to run"),
}


def _ground(paper: tuple[int, int, int], ink: tuple[int, int, int]) -> TerminalTheme:
    """Return the sixteen colours of xterm on a ground."""
    dark = [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205)]
    bright = [(127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)]
    return TerminalTheme(paper, ink, [*dark, (229, 229, 229)], [*bright, (255, 255, 255)])


_GROUND: Final = {False: _ground((0, 0, 0), (221, 221, 221)), True: _ground((255, 255, 255), (34, 34, 34))}


class Window:
    """The app in a window of a tmux of our own."""

    def __init__(self, folder: Path, size: tuple[int, int], session: str, env: dict[str, str]) -> None:
        self._socket = str(folder / "s")
        kept = {name: value for name, value in os.environ.items() if name.startswith("WORKBENCH_")}
        env = {**kept, "PYTHONPATH": str(ROOT), **env}
        words = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "workbench"]
        command = f"{shlex.join([*words, '--session', session])}; exec sleep 1000"
        self._tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)

    def _tmux(self, *words: str) -> str:
        done = ["tmux", "-S", self._socket, "-f", "/dev/null", *words]
        return subprocess.run(done, capture_output=True, text=True, check=False).stdout

    def close(self) -> None:
        """End the server."""
        self._tmux("kill-server")

    def press(self, key: str) -> None:
        """Press a key as tmux names it."""
        self._tmux("send-keys", *(["-l", key] if len(key) == 1 else [key]))
        # What follows an escape at once would be taken for a key with alt.
        time.sleep(0.7 if key == "Escape" else 0.15)

    def capture(self) -> str:
        """Return the screen with its colours."""
        return self._tmux("capture-pane", "-p", "-e")

    def wait_for(self, pattern: str) -> bool:
        """Wait until a pattern is on the screen twice in a row, and tell whether it came."""
        end, seen = time.monotonic() + PATIENCE, False
        while time.monotonic() < end:
            time.sleep(0.4)
            screen = self._tmux("capture-pane", "-p")
            here = bool(re.search(pattern, screen)) and not re.search(_WORKING, screen)
            if here and seen:
                return True
            seen = here
        return False


def sheet(pictures: dict[str, str], width: int, *, light: bool) -> str:
    """Return a page with several captures."""
    blocks = []
    for name, ansi in pictures.items():
        console = Console(record=True, width=width, file=io.StringIO(), color_system="truecolor", force_terminal=True)
        for line in ansi.rstrip("\n").split("\n"):
            console.print(Text.from_ansi(line), overflow="crop", no_wrap=True, crop=True)
        code = console.export_html(inline_styles=True, code_format="{code}", theme=_GROUND[light])
        blocks.append(f"<div><b>{html.escape(name)}</b><pre>{code}</pre></div>")
    ground = "background:#fff;color:#222" if light else "background:#000;color:#ddd"
    style = (
        f"body{{{ground};margin:6px;display:flex;flex-wrap:wrap;gap:8px}}"
        "pre{font:12px/15px 'DejaVu Sans Mono',monospace;margin:0;border:1px solid #555}b{font:12px sans-serif}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{''.join(blocks)}"


def capture_all(session: str, out: Path, sizes: Sequence[str], modes: Sequence[str], only: Sequence[str]) -> list[str]:
    """Capture the scenes, and return what did not come."""
    missing = []
    for size in sizes:
        for mode in modes:
            folder = Path(tempfile.mkdtemp(prefix="wb"))
            window = Window(folder, SIZES[size], session, MODES[mode])
            target = out / f"{size}-{mode}"
            target.mkdir(parents=True, exist_ok=True)
            window.wait_for(r"help")
            pictures = {}
            for name, (keys, pattern) in SCENES.items():
                for key in keys:
                    window.press(key)
                if not window.wait_for(pattern):
                    missing.append(f"{target}/{name}")
                if not only or name in only:
                    pictures[name] = window.capture()
                    (target / f"{name}.ans").write_text(pictures[name], encoding="utf-8")
            window.close()
            shutil.rmtree(folder, ignore_errors=True)
            names, each = list(pictures), 6 if size == "80x24" else 2
            for number, first in enumerate(range(0, len(names), each)):
                shown = {name: pictures[name] for name in names[first : first + each]}
                page = sheet(shown, SIZES[size][0], light=mode == "light")
                (target / f"sheet-{number:02d}.html").write_text(page, encoding="utf-8")
            print(f"{target}: {len(pictures)} screens", flush=True)
    return missing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("session")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--mode", nargs="*", default=list(MODES), choices=list(MODES))
    parser.add_argument("--only", nargs="*", default=[], choices=list(SCENES))
    options = parser.parse_args()
    lost = capture_all(options.session, options.out, options.size, options.mode, options.only)
    for one in lost:
        print(f"did not come: {one}", file=sys.stderr)
