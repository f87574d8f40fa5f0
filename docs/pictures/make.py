"""Make the pictures of the README from a real session: ``python docs/pictures/make.py [SESSION]``.

The app is opened without a terminal, driven by keys, and its screen written as SVG with no font of its own, so that a
picture is a few kilobytes of text that can be compared.  The session needs a finished run of 7.1β, and two newer ones
of 7.1ε with settings of their own: one that takes the weights of 7.1β has no curve to compare.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8")

from textual.pilot import Pilot  # noqa: E402  # the terminal it draws for is said first

from workbench.tui.app import WorkbenchApp  # noqa: E402
from workbench.tui.bench import open_bench  # noqa: E402

SIZE: Final = (104, 32)
PATIENCE: Final = 60.0
# Name of the picture → the part, the keys, and what is on the screen when they have done their work.
SCENES: Final[dict[str, tuple[str, Sequence[str], str]]] = {
    "lab": ("7.1ε", ("1",), "It is finished"),
    "run": ("7.1β", ("3",), "Loss"),
    "matrix": ("7.1ε", ("4", "tab", "enter", *("down",) * 7, *("right",) * 8), "taken for"),
    "compare": ("7.1ε", ("7", "space", "down", "c"), "What both report"),
}
_FONTS: Final = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


async def take(name: str, session: str | None) -> None:
    """Take one picture."""
    part, keys, sign = SCENES[name]
    app = WorkbenchApp(open_bench(session, None, None, None, "en"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.0)
        app.go_to(part)
        await pilot.pause(2.0)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.6)
        await until(pilot, sign)
        picture = app.export_screenshot(title="Lab workbench")
    text = _FONTS.sub("", picture).replace("Fira Code", "monospace")
    (HERE / f"{name}.svg").write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
    print(f"{HERE / name}.svg  {len(text) // 1024} KB")


async def until(pilot: Pilot[int], sign: str) -> None:
    """Wait until a text is on the screen and nothing is being computed for it any more."""
    for _ in range(round(PATIENCE / 0.5)):
        await pilot.pause(0.5)
        strips = pilot.app.screen._compositor.render_strips()
        shown = "\n".join("".join(segment.text for segment in strip) for strip in strips)
        if sign in shown and "Reading" not in shown:
            return
    raise SystemExit(f"{sign!r} did not come; the session lacks the runs for this picture")


if __name__ == "__main__":
    for name in SCENES:
        asyncio.run(take(name, sys.argv[1] if len(sys.argv) > 1 else None))
