"""Help from a dialog: F1 where letters are typed into a field, which keeps what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input
from tui_helpers import LAB, finished, press_there, screen_text, until, until_text

from workbench.runner.plan import Action, Plan, PlannedPart
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.palette import Palette
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.dialogs import AskScreen, ReadingScreen
from workbench.tui.screens.find import FindScreen
from workbench.tui.screens.plan import PlanScreen
from workbench.tui.widgets.field import Completed, Field
from workbench.tui.widgets.parameters import ValueField

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def show(pilot: Pilot[Any], screen: ModalScreen[Any]) -> None:
    await until_text(pilot, "Press r")
    pilot.app.push_screen(screen)
    await until(pilot, lambda: pilot.app.screen is screen and bool(screen.focused), "the dialog")


async def ask_for_help(pilot: Pilot[Any], key: str, says: str) -> None:
    """Open the help over a dialog, and close it again by the key that opened it."""
    below = pilot.app.screen
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ReadingScreen), "the help")
    await until_text(pilot, says)
    await pilot.press(key)
    await until(pilot, lambda: pilot.app.screen is below, "the dialog again")


@pytest.mark.parametrize("completed", [Completed.NOTHING, Completed.FOLDERS])
async def test_f1_helps_in_a_field_and_a_question_mark_is_typed(make_app: MakeApp, completed: Completed) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await show(pilot, AskScreen("Note", [Field("note", "", "in your own words", completed)], str))
        await pilot.press("w", "h", "y", "question_mark")
        await until_text(pilot, "F1 help")
        await ask_for_help(pilot, "f1", "Fill in the fields")
        await ask_for_help(pilot, "f1", "Next field.")
        assert pilot.app.screen.query_one(Input).value == "why?"
        assert "esc cancel" in screen_text(pilot.app)


async def test_f1_helps_while_a_line_is_looked_for(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r")
        await pilot.press("slash", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, FindScreen), "the field")
        await until_text(pilot, "F1 help")
        await ask_for_help(pilot, "f1", "Type a part of a line")
        assert pilot.app.screen.query_one(Input).value == "v"


async def test_f1_helps_in_the_palette_which_says_so(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r")
        await pilot.press("ctrl+p")
        await until_text(pilot, "F1 help")
        await ask_for_help(pilot, "f1", "Type a part of a name")
        assert isinstance(pilot.app.screen, Palette)


async def test_f1_helps_where_a_parameter_is_typed(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await press_there(pilot, "2", "enter")
        await until(pilot, lambda: isinstance(pilot.app.focused, ValueField), "the field")
        await until_text(pilot, "F1 help")
        await ask_for_help(pilot, "f1", "Type a value")
        assert isinstance(pilot.app.focused, ValueField)


@pytest.mark.parametrize("key", ["f1", "question_mark"])
async def test_both_keys_help_where_nothing_is_typed(make_app: MakeApp, key: str) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        plan = Plan((PlannedPart(LAB.parts["7.1ε"], Action.RUN, True, ""),))
        await show(pilot, PlanScreen("Step 7.1", plan))
        await until_text(pilot, "? help")
        await ask_for_help(pilot, key, "What would run")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, PlanScreen), "the lab")
        await show(pilot, CommandScreen("steps --help", ["steps", "--help"]))
        await until_text(pilot, "? help")
        await ask_for_help(pilot, key, "What the command says")
