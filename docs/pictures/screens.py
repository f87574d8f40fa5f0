"""Capture every screen of the app as a terminal shows it: ``python docs/pictures/screens.py SESSION OUT``.

The app runs in tmux at two sizes with all colours, with sixteen, with none, and without anything beyond ASCII; keys are
pressed as a user would, and what the terminal then holds is written with its colours as ``OUT/SIZE-MODE/NAME.ans`` and
as ``sheet-N.html``, several to a page, to be looked at.  The session needs finished runs of everything but 2 and 7.2 to
10; sessions with runs that go on, wait, were stopped or fail are made beside it (`stage.py`), and it stays as it is.
What is pictured is in `scenes.py`, how keys are pressed in `window.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import io
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Final

from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from scenes import FIRST, FULL, SCENES, Scene
from stage import Stage, own_view
from window import Window

SIZES: Final = ("80x24", "160x45")
MODES: Final[dict[str, dict[str, str]]] = {
    "truecolour": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
    "light": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "WORKBENCH_THEME": "light"},
    "16": {"TERM": "xterm-16color", "COLORTERM": "", "LC_ALL": "C.UTF-8"},
    "none": {"TERM": "xterm-256color", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    "ascii": {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "contrast": {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "WORKBENCH_THEME": "contrast-dark",
    },
}


def _ground(paper: tuple[int, int, int], ink: tuple[int, int, int]) -> TerminalTheme:
    """Return the sixteen colours of xterm on a ground."""
    dark = [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205)]
    bright = [(127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)]
    return TerminalTheme(paper, ink, [*dark, (229, 229, 229)], [*bright, (255, 255, 255)])


_GROUND: Final = {False: _ground((0, 0, 0), (221, 221, 221)), True: _ground((255, 255, 255), (34, 34, 34))}


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


def walk(window: Window, scenes: Sequence[Scene], target: Path, left: Event) -> tuple[dict[str, str], list[str]]:
    """Go through scenes in a window until it is left; return the pictures, and the names of what did not come."""
    pictures, missing = {}, []
    window.wait_for(r"help|leave")
    for scene in scenes:
        if left.is_set():
            break
        came = [window.press(key) for key in scene.keys]
        if not window.wait_for(scene.until) or not all(came):
            missing.append(f"{target.name}/{scene.name}")
            print(f"  did not come: {target.name}/{scene.name}", file=sys.stderr, flush=True)
        window.settle()
        pictures[scene.name] = window.capture()
        (target / f"{scene.name}.ans").write_text(pictures[scene.name], encoding="utf-8")
    return pictures, missing


class Captures:
    """Takes the pictures of sizes and modes, some of them side by side.

    Parameters
    ----------
    options
        What the command line asks for.
    stage
        The sessions made for it; None leaves out what needs them.
    """

    def __init__(self, options: argparse.Namespace, stage: Stage | None) -> None:
        self._options, self._stage = options, stage
        # What goes on in a session of the stage is one thing at a time: a run that is held here is not pictured there.
        self._turns = {kind: Lock() for kind in SCENES}
        self._left = Event()

    def all(self) -> list[str]:
        """Take them, and return what did not come."""
        pairs = [(size, mode) for size in self._options.size for mode in self._options.mode]
        with ThreadPoolExecutor(self._options.jobs) as pool:
            try:
                lost = list(pool.map(lambda one: self._take(one[0], *one[1]), enumerate(pairs)))
            except BaseException:
                self._left.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [name for names in lost for name in names]

    def _take(self, number: int, size: str, mode: str) -> list[str]:
        options, begun = self._options, time.monotonic()
        target: Path = options.out / f"{size}-{mode}{'' if options.lang == 'en' else f'-{options.lang}'}"
        target.mkdir(parents=True, exist_ok=True)
        taken: dict[str, dict[str, str]] = {}
        missing: list[str] = []
        # Of two side by side one begins with the short walks, for which the other would have to wait.
        for kind in list(SCENES)[:: -1 if number % 2 else 1]:
            asked = chosen(SCENES[kind], options.only)
            if asked and (self._stage is not None or kind == FULL):
                taken[kind], lost = self._walk(kind, asked, target, size, mode)
                missing += lost
        pictures = {name: one for kind in SCENES for name, one in taken.get(kind, {}).items()}
        names, each = list(pictures), 6 if size == "80x24" else 2
        for page, first in enumerate(range(0, len(names), each)):
            shown = {name: pictures[name] for name in names[first : first + each]}
            text = sheet(shown, columns_and_lines(size)[0], light=mode == "light")
            (target / f"sheet-{page:02d}.html").write_text(text, encoding="utf-8")
        print(f"{target}: {len(pictures)} screens in {time.monotonic() - begun:.0f} s", flush=True)
        return missing

    def _walk(
        self, kind: str, scenes: Sequence[Scene], target: Path, size: str, mode: str
    ) -> tuple[dict[str, str], list[str]]:
        options, stage = self._options, self._stage
        session = {FULL: options.session, FIRST: ""}.get(kind, kind)
        with contextlib.ExitStack() as stack:
            if kind == FULL:
                places = stack.enter_context(own_view(options.session))
            else:
                assert stage is not None
                stack.enter_context(self._turns[kind])
                places = stack.enter_context(stage.on(kind))
            env = {**places, **MODES[mode]}
            window = Window(columns_and_lines(size), session, env, options.lang, options.patience)
            stack.callback(window.close)
            return walk(window, scenes, target, self._left)


def columns_and_lines(size: str) -> tuple[int, int]:
    """Return the numbers of a size as 80x24; what is none is refused as argparse expects."""
    found = re.fullmatch(r"(\d{2,3})x(\d{2,3})", size)
    if found is None:
        raise argparse.ArgumentTypeError(f"{size}: give columns and lines, as 80x24")
    return int(found[1]), int(found[2])


def _size(text: str) -> str:
    columns_and_lines(text)
    return text


def main() -> int:
    """Take the pictures that the command line asks for."""
    names = [scene.name for scenes in SCENES.values() for scene in scenes]
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("session")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", nargs="*", default=list(SIZES), type=_size, metavar="COLUMNSxLINES")
    parser.add_argument("--mode", nargs="*", default=list(MODES)[:5], choices=list(MODES))
    parser.add_argument("--only", nargs="*", default=[], choices=names, metavar="SCENE")
    parser.add_argument("--lang", default="en", choices=["en", "el"])
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for what a scene shows")
    parser.add_argument("--jobs", type=int, default=1, help="how many sizes and modes to capture side by side")
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
        lost = Captures(options, stage).all()
    finally:
        if stage is not None:
            stage.close()
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
