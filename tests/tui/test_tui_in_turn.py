"""Keys that come all at once: each is for what the one before it opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.widgets import Input
from tui_helpers import until

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.dialogs import ReadingScreen

MakeApp = Callable[[], WorkbenchApp]
NAMES = {"enter": "\r", "backspace": "\x08", "ctrl+u": None, "slash": "/", "semicolon": ";"}


def at_once(app: WorkbenchApp, *keys: str) -> None:
    """Press keys before the app has had time for any of them."""
    for key in keys:
        app.post_message(events.Key(key, NAMES.get(key, key)))


async def test_a_value_typed_with_the_key_that_opens_its_field_is_the_parameters(
    make_app: MakeApp, bench: Bench
) -> None:
    part = bench.lab.parts["7.1ε"]
    async with make_app().run_test(size=(80, 24)) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "parameter-list", "the list")
        at_once(pilot.app, "enter", "ctrl+u", "1", "2", "3", "enter")
        await until(pilot, lambda: bench.settings(part)["epochs"] == 123, "the value")
        assert pilot.app.screen.panel.tab == "parameters"


@pytest.mark.parametrize(("opens", "field"), [("slash", "find-field"), ("d", "field-0")])
async def test_the_letters_after_the_key_that_opens_a_dialog_are_in_its_field(
    make_app: MakeApp, opens: str, field: str
) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "steps", "the list")
        at_once(pilot.app, opens, "q", "1", "r")
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == field, "the field")
        await until(pilot, lambda: pilot.app.screen.query_one(f"#{field}", Input).value.endswith("q1r"), "the letters")


async def test_a_keyboard_set_to_greek_has_the_same_keys(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "steps", "the list")
        steps = pilot.app.focused
        at_once(pilot.app, "Γ", "κ")
        await until(pilot, lambda: steps.cursor == len(steps._rows) - 2, "the line before the last")
        at_once(pilot.app, "γ", "ξ")
        await until(pilot, lambda: steps.cursor == 1, "the second line")
        at_once(pilot.app, "semicolon")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadingScreen), "the help")


async def test_greek_letters_stay_greek_in_a_field(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "steps", "the list")
        at_once(pilot.app, "slash", "δ", "ε", "semicolon")
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "find-field", "the field")
        await until(pilot, lambda: pilot.app.screen.query_one("#find-field", Input).value == "δε;", "the letters")
