"""Capture every screen of the app as a terminal shows it: ``python docs/pictures/screens.py SESSION OUT``.

The app runs in tmux at two sizes with all colours, with sixteen, with none, and without anything beyond ASCII; keys are
pressed as a user would, and what the terminal then holds is written with its colours as ``OUT/SIZE-MODE/NAME.ans`` and
as ``sheet-N.html``, several to a page, to be looked at.  The session needs finished runs of everything but 2 and 7.2 to
10; sessions with runs that go on, wait, were stopped or fail are made beside it (`stage.py`), and it stays as it is but
for the state of the one who looks at it.  What is pictured is in `scenes.py`.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from scenes import FIRST, FULL, SCENES, Scene
from stage import Stage

ROOT: Final = Path(__file__).resolve().parents[2]
SIZES: Final = {"80x24": (80, 24), "160x45": (160, 45)}
MODES: Final[dict[str, dict[str, str]]] = {
    "truecolour": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
    "light": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "WORKBENCH_THEME": "light"},
    "16": {"TERM": "xterm-16color", "COLORTERM": "", "LC_ALL": "C.UTF-8"},
    "none": {"TERM": "xterm-256color", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    "ascii": {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
_QUIET: Final = 1.2
_MOST_PAGES: Final = 40
_WORKING: Final = "Reading (the clip|the runs|what)|Checking what|Looking at the machine"


def _ground(paper: tuple[int, int, int], ink: tuple[int, int, int]) -> TerminalTheme:
    """Return the sixteen colours of xterm on a ground."""
    dark = [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205)]
    bright = [(127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)]
    return TerminalTheme(paper, ink, [*dark, (229, 229, 229)], [*bright, (255, 255, 255)])


_GROUND: Final = {False: _ground((0, 0, 0), (221, 221, 221)), True: _ground((255, 255, 255), (34, 34, 34))}


class Window:
    """The app in a window of a tmux of our own."""

    def __init__(
        self, folder: Path, size: tuple[int, int], session: str, env: dict[str, str], language: str, patience: float
    ) -> None:
        self._english, self._patience = language == "en", patience
        self._socket = str(folder / "s")
        kept = {name: value for name, value in os.environ.items() if name.startswith("WORKBENCH_")}
        env = {**kept, "PYTHONPATH": str(ROOT), **env}
        words = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "workbench"]
        words += ["--lang", language, *(["--session", session] if session else [])]
        command = f"{shlex.join(words)}; exec sleep 1000"
        self._tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)

    def _tmux(self, *words: str) -> str:
        done = ["tmux", "-S", self._socket, "-f", "/dev/null", *words]
        return subprocess.run(done, capture_output=True, text=True, check=False).stdout

    def close(self) -> None:
        """End the server."""
        self._tmux("kill-server")

    def press(self, key: str) -> bool:
        """Press a key, or do what a word with a colon says (see `scenes.py`); tell whether what it waits for came."""
        what, colon, rest = key.partition(":")
        if not colon or not rest:
            self._tmux("send-keys", *(["-l", key] if len(key) == 1 else [key]))
            # What follows an escape at once would be taken for a key with alt.
            time.sleep(0.5 if key == "Escape" else 0.15)
        elif what == "type":
            self._tmux("send-keys", "-l", rest)
            time.sleep(0.3)
        elif what == "size":
            width, height = rest.split("x")
            self._tmux("resize-window", "-x", width, "-y", height)
        elif what == "to":
            # The names of pages are patterns in English alone; in Greek the page after is as good.
            for _ in range(_MOST_PAGES if self._english else 0):
                self.settle()
                if re.search(rest, self._tmux("capture-pane", "-p")):
                    return True
                self.press("Tab")
            return not self._english and self.press("Tab")
        else:
            return self.wait_for(rest, gone=what == "gone")
        return True

    def capture(self) -> str:
        """Return the screen with its colours."""
        return self._tmux("capture-pane", "-p", "-e", "-N")

    def settle(self) -> None:
        """Wait until the screen stays as it is for a moment."""
        before, since, end = "", time.monotonic(), time.monotonic() + 4 * _QUIET
        while time.monotonic() < min(end, since + _QUIET / 3):
            time.sleep(0.1)
            screen = self._tmux("capture-pane", "-p")
            if screen != before:
                before, since = screen, time.monotonic()

    def wait_for(self, pattern: str, *, gone: bool = False) -> bool:
        """Wait until a pattern is on the screen twice in a row, or no more, and tell whether that came."""
        if not self._english:
            time.sleep(_QUIET)
            self.settle()
            return True
        end, seen = time.monotonic() + self._patience, False
        while time.monotonic() < end:
            time.sleep(0.2)
            screen = self._tmux("capture-pane", "-p")
            here = bool(re.search(pattern, screen)) is not gone and not re.search(_WORKING, screen)
            if here and seen:
                return True
            seen = here
        return False


def _swapped(line: Text, *, light: bool) -> Text:
    """Return a line whose parts in reverse have colours to swap, which the terminal's own are not for Rich."""
    paper, ink = ("#ffffff", "#222222") if light else ("#000000", "#dddddd")
    for span in list(line.spans):
        style = span.style
        if isinstance(style, Style) and style.reverse:
            own = Style(color=style.color if _named(style.color) else ink)
            own += Style(bgcolor=style.bgcolor if _named(style.bgcolor) else paper)
            line.stylize(own, span.start, span.end)
    return line


def _named(colour: Color | None) -> bool:
    return colour is not None and not colour.is_default


def sheet(pictures: dict[str, str], width: int, *, light: bool) -> str:
    """Return a page with several captures."""
    blocks = []
    for name, ansi in pictures.items():
        console = Console(record=True, width=width, file=io.StringIO(), color_system="truecolor", force_terminal=True)
        for line in ansi.rstrip("\n").split("\n"):
            console.print(_swapped(Text.from_ansi(line), light=light), overflow="crop", no_wrap=True, crop=True)
        code = console.export_html(inline_styles=True, code_format="{code}", theme=_GROUND[light])
        blocks.append(f"<div><b>{html.escape(name)}</b><pre>{code}</pre></div>")
    ground = "background:#fff;color:#222" if light else "background:#000;color:#ddd"
    style = (
        f"body{{{ground};margin:6px;display:flex;flex-wrap:wrap;gap:8px}}"
        "pre{font:12px/15px 'DejaVu Sans Mono',monospace;margin:0;border:1px solid #555}b{font:12px sans-serif}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{''.join(blocks)}"


def chosen(scenes: Sequence[Scene], only: Sequence[str]) -> list[Scene]:
    """Return the scenes that are asked for, with those that their keys begin from; all where none is named."""
    wanted = set(only) or {scene.name for scene in scenes}
    for scene in reversed(scenes):
        wanted |= {scene.after} if scene.name in wanted else set()
    return [scene for scene in scenes if scene.name in wanted]


def walk(window: Window, scenes: Sequence[Scene], target: Path) -> tuple[dict[str, str], list[str]]:
    """Go through scenes in a window; return the pictures, and the names of those that did not come."""
    pictures, missing = {}, []
    window.wait_for(r"help|leave")
    for scene in scenes:
        came = [window.press(key) for key in scene.keys]
        if not window.wait_for(scene.until) or not all(came):
            missing.append(f"{target.name}/{scene.name}")
            print(f"  did not come: {scene.name}", file=sys.stderr, flush=True)
        window.settle()
        pictures[scene.name] = window.capture()
        (target / f"{scene.name}.ans").write_text(pictures[scene.name], encoding="utf-8")
    return pictures, missing


def capture_all(options: argparse.Namespace, stage: Stage | None) -> list[str]:
    """Capture the scenes, and return what did not come."""
    missing = []
    for size in options.size:
        for mode in options.mode:
            target = options.out / f"{size}-{mode}{'' if options.lang == 'en' else f'-{options.lang}'}"
            target.mkdir(parents=True, exist_ok=True)
            pictures: dict[str, str] = {}
            for kind, scenes in SCENES.items():
                asked = chosen(scenes, options.only)
                if not asked or (stage is None and kind != FULL):
                    continue
                folder = Path(tempfile.mkdtemp(prefix="wb"))
                places = {} if stage is None or kind == FULL else stage.environment(kind)
                session = {FULL: options.session, FIRST: ""}.get(kind, kind)
                env = {**places, **MODES[mode]}
                window = Window(folder, SIZES[size], session, env, options.lang, options.patience)
                try:
                    taken, lost = walk(window, asked, target)
                finally:
                    window.close()
                    shutil.rmtree(folder, ignore_errors=True)
                pictures |= taken
                missing += lost
            names, each = list(pictures), 6 if size == "80x24" else 2
            for number, first in enumerate(range(0, len(names), each)):
                shown = {name: pictures[name] for name in names[first : first + each]}
                page = sheet(shown, SIZES[size][0], light=mode == "light")
                (target / f"sheet-{number:02d}.html").write_text(page, encoding="utf-8")
            print(f"{target}: {len(pictures)} screens", flush=True)
    return missing


def main() -> int:
    """Take the pictures that the command line asks for."""
    names = [scene.name for scenes in SCENES.values() for scene in scenes]
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("session")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--mode", nargs="*", default=list(MODES), choices=list(MODES))
    parser.add_argument("--only", nargs="*", default=[], choices=names, metavar="SCENE")
    parser.add_argument("--lang", default="en", choices=["en", "el"])
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for what a scene shows")
    parser.add_argument("--no-stage", action="store_true", help="leave out what needs sessions made for it")
    options = parser.parse_args()
    # What was started for the pictures is ended, however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    staged = {scene.name for kind, scenes in SCENES.items() if kind != FULL for scene in scenes}
    stage = None
    if not options.no_stage and (not options.only or staged & set(options.only)):
        folder = Path(tempfile.mkdtemp(prefix="stage"))
        print("making the sessions beside it", flush=True)
        stage = Stage(folder, options.session)
    try:
        lost = capture_all(options, stage)
    finally:
        if stage is not None:
            stage.close()
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
