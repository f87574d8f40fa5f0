"""What lies over a screen has an edge that shows, also in sixteen colours and in none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.screen import ModalScreen
from tui_helpers import screen_strips, screen_text, until

from workbench.tui.app import WorkbenchApp

MakeApp = Callable[[], WorkbenchApp]
TERMINALS = {
    "16": {"TERM": "xterm-16color", "COLORTERM": ""},
    "none": {"NO_COLOR": "1"},
    "ascii": {"LC_ALL": "C", "TERM": "linux", "COLORTERM": ""},
}


@pytest.mark.parametrize("terminal", TERMINALS)
async def test_whatever_lies_over_the_screen_has_a_visible_edge(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, terminal: str
) -> None:
    for name, value in TERMINALS[terminal].items():
        monkeypatch.setenv(name, value)
    corners = ("+--", "+") if terminal == "ascii" else ("┌──", "└")
    async with make_app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        for key in ("ctrl+p", "question_mark", "d", "A"):
            await until(pilot, lambda: not isinstance(app.screen, ModalScreen), "the lab")
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ModalScreen), "what lies over it")
            await until(pilot, lambda: all(corner in screen_text(app) for corner in corners), f"the edge of {key}")
            edges = [
                one.style for strip in screen_strips(app) for one in strip if corners[0][0] in one.text and one.style
            ]
            assert edges
            assert not [one for one in edges if one.color and one.color.name in ("black", "ansi_black", "color(0)")], (
                key
            )
            await pilot.press("escape")
