"""A terminal that was too small for a while: the keys go where they went before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import press_there, until, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.dialogs import AskScreen

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


@pytest.mark.parametrize(("pane", "small"), [("steps", (40, 24)), ("brief", (80, 10))])
async def test_the_pane_that_had_the_focus_has_it_again(make_app: MakeApp, pane: str, small: tuple[int, int]) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        screen = pilot.app.screen
        if pane == "brief":
            await pilot.press("1")
        await until(pilot, lambda: screen.focused is not None and screen.focused.id == pane, "the focus")
        await pilot.resize_terminal(*small)
        await until_text(pilot, "is too small")
        await until(pilot, lambda: screen.focused is None, "the loss of the focus")
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda: screen.focused is not None, "the focus")
        assert screen.focused.id == pane


async def test_the_field_of_a_dialog_and_the_pane_below_it_have_the_focus_again(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        lab = pilot.app.screen
        await press_there(pilot, "1", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen), "the dialog")
        dialog = pilot.app.screen
        await until(pilot, lambda: dialog.focused is not None, "the field")
        field = dialog.focused
        await pilot.resize_terminal(50, 10)
        await until(pilot, lambda: dialog.focused is None and lab.focused is None, "the loss of the focus")
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda: dialog.focused is field, "the focus of the field")
        await pilot.press("escape")
        await until(pilot, lambda: lab.focused is not None and lab.focused.id == "brief", "the focus of the pane")


async def test_an_app_that_begins_too_small_has_the_focus_once_there_is_room(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(50, 10)) as pilot:
        await until_text(pilot, "is too small")
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda: getattr(pilot.app.screen.focused, "id", "") == "steps", "the focus")
