"""Finding a line in every list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import finished, until, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.find import FindScreen, next_with
from workbench.tui.widgets.log import LogView
from workbench.tui.widgets.parameters import ParameterList
from workbench.tui.widgets.runs import RunList
from workbench.tui.widgets.steps import StepList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_a_part_is_found_in_a_step_that_is_closed(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        steps = pilot.app.screen.query_one(StepList)
        await pilot.press("home", "slash", *"valence")
        await until(pilot, lambda: steps.chosen.id == "8β", "the part")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, FindScreen), "the lab")
        assert steps.chosen.id == "8β"


async def test_down_goes_on_and_escape_goes_back(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("down", "2", "slash", *"e")
        names = pilot.app.screen_stack[0].query_one(ParameterList)
        await until(pilot, lambda: isinstance(pilot.app.screen, FindScreen), "the field")
        first = names.cursor
        await pilot.press("down")
        await until(pilot, lambda: names.cursor != first or names.count < 2, "another one")
        await pilot.press("escape")
        await until(pilot, lambda: names.cursor == 0, "the first one again")


async def test_up_goes_back_to_the_line_before_that_has_the_text(make_app: MakeApp, bench: Bench) -> None:
    for epochs in (7, 9, 11):
        finished(bench.session, epochs=epochs)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 11")
        runs = pilot.app.screen.query_one(RunList)
        await pilot.press("slash", *"epochs")
        await until_text(pilot, "epochs ")
        for key, line in (("down", 1), ("down", 2), ("up", 1), ("up", 0), ("up", 2)):
            await pilot.press(key)
            await until(pilot, lambda line=line: runs.cursor == line, f"line {line} by {key}")


async def test_the_keys_of_finding_are_in_sight(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        await until_text(pilot, "↓ next  ↵ stay here  ")


async def test_the_line_of_a_log_that_was_found_is_marked_until_one_scrolls(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("5")
        await until_text(pilot, "worker.log is in")
        log = pilot.app.screen.query_one(LogView)
        row = next(index for index, strip in enumerate(log._strips) if "worker.log" in strip.text)
        await pilot.press("slash", *"worker.log")
        await until(pilot, lambda: log.line_style(row) is not None, "the mark")
        await pilot.press("enter")
        await until(pilot, lambda: log.has_focus and not isinstance(pilot.app.screen, FindScreen), "the log")
        assert [index for index in range(len(log._strips)) if log.line_style(index) is not None] == [row]
        await pilot.press("up")
        await until(pilot, lambda: log.line_style(row) is None, "no mark")


async def test_what_is_not_there_is_said(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session, epochs=7)
    finished(bench.session, epochs=9)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 9")
        runs = pilot.app.screen.query_one(RunList)
        await pilot.press("slash", *"epochs 7")
        await until(pilot, lambda: runs.cursor == 1, "the run")
        await pilot.press("z")
        await until_text(pilot, "not there:")


def test_the_next_line_is_looked_for_round_the_end() -> None:
    texts = ["One", "two", "ONE more"]
    assert next_with(texts, "one", 0, 0) == 0
    assert next_with(texts, "one", 0, 1) == 2
    assert next_with(texts, "one", 2, 1) == 0
    assert next_with(texts, "one", 0, -1) == 2
    assert next_with(texts, "three", 0, 1) is None
    assert next_with([], "one", 0, 1) is None
    assert next_with(["Δεδομένα", "Μέτρηση"], "μετρ", 0, 0) == 1


@pytest.mark.parametrize(("part", "tab"), [("7.1ε", "brief"), ("7.1ε", "result"), ("7.1ε", "runs")])
async def test_a_part_is_found_from_every_pane_and_what_is_typed_is_not_obeyed(
    make_app: MakeApp, part: str, tab: str
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        app = pilot.app
        lab = app.screen
        lab.go_to(part)
        await until(pilot, lambda: lab.query_one(StepList).chosen.id == part, "the part")
        lab.show_tab(tab)
        await until(pilot, lambda: lab.panel.has_focus_within and lab.panel.tab == tab, tab)
        await pilot.press("slash", *"valence")
        await until(pilot, lambda: lab.query_one(StepList).chosen.id == "8β", "another part")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is lab and lab.query_one(StepList).has_focus, "the list")
        assert lab.query_one(StepList).chosen.id == "8β"
        assert lab.panel.tab == tab
