"""Text for several fields of a dialog that comes in one burst: typed, or pasted."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual import events
from textual.widgets import Input
from tui_helpers import until, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.widgets.field import Completed, Field

MakeApp = Callable[[], WorkbenchApp]
NAMES = {
    "enter": "\r",
    "tab": "\t",
    "down": None,
    "up": None,
    "end": None,
    "escape": "\x1b",
    "slash": "/",
    "full_stop": ".",
}
FIELDS = (Field("first"), Field("second", "stood there"), Field("third"))


def burst(app: WorkbenchApp, *keys: str) -> None:
    """Hand keys over before the app has had time for any of them; those of several letters that have no name, each."""
    for key in keys:
        for one in [key] if key in NAMES else key:
            app.post_message(events.Key(one, NAMES.get(one, one)))


def values(app: WorkbenchApp) -> list[str]:
    return [field.value for field in app.screen.query(Input)]


async def asked(app: WorkbenchApp, fields: tuple[Field, ...] = FIELDS) -> list[tuple[str, ...]]:
    taken: list[tuple[str, ...]] = []
    app.push_screen(AskScreen("Asked", fields, lambda *given: taken.append(given)))
    return taken


@pytest.mark.parametrize("on", ["enter", "tab", "down"])
async def test_each_text_of_a_burst_is_in_its_own_field(make_app: MakeApp, on: str) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        taken = await asked(pilot.app)
        burst(pilot.app, "one", on, "two", on, "three", "enter")
        await until(pilot, lambda: taken == [("one", "two", "three")], "what was typed")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


async def test_a_field_that_is_gone_back_to_gets_what_follows(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        taken = await asked(pilot.app)
        burst(pilot.app, "one", "down", "two", "up", "uno", "down", "down", "three", "enter")
        await until(pilot, lambda: taken == [("uno", "two", "three")], "what was typed")


async def test_tab_behind_a_whole_path_leads_to_the_next_field_and_before_completes_it(
    make_app: MakeApp, tmp_path: object
) -> None:
    (tmp_path / "thesis.tar.gz").touch()  # type: ignore[operator]  # a path
    fields = (Field("archive", f"{tmp_path}/", "", Completed.ARCHIVES), Field("name"))
    async with make_app().run_test(size=(80, 24)) as pilot:
        taken = await asked(pilot.app, fields)
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "field-0", "the field")
        # Taking the focus marks all of the text, which what is typed would replace.
        burst(pilot.app, "end", "the", "tab", "tab", "again", "enter")
        await until(pilot, lambda: taken == [(f"{tmp_path}/thesis.tar.gz", "again")], "path and name")


async def test_keys_behind_the_last_enter_wait_for_what_it_does(make_app: MakeApp) -> None:
    begun, done = threading.Event(), threading.Event()

    def accept(_: str) -> None:
        begun.set()
        assert done.wait(60)

    async with make_app().run_test(size=(80, 24)) as pilot:
        pilot.app.push_screen(AskScreen("Asked", (Field("first"),), accept))
        burst(pilot.app, "one", "enter", "slash", "two")
        await until(pilot, begun.is_set, "the work")
        assert values(pilot.app) == ["one"]
        done.set()
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "find-field", "the field over the lab")
        await until(pilot, lambda: values(pilot.app) == ["two"], "the letters in it")


@pytest.mark.parametrize(("text", "left"), [("one\ntwo\tthree\n", ""), ("one\r\ntwo\r\nthree\r\nfour", "more lines")])
async def test_a_line_of_a_pasted_text_is_for_each_field_and_takes_none(
    make_app: MakeApp, text: str, left: str
) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        taken = await asked(pilot.app)
        pilot.app.post_message(events.Paste(text))
        await until(pilot, lambda: values(pilot.app) == ["one", "two", "three"], "the lines")
        if left:
            await until_text(pilot, left)
        burst(pilot.app, "s")
        await until(pilot, lambda: values(pilot.app) == ["one", "two", "threes"], "the letter behind them")
        assert not taken
