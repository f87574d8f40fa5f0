"""What a new person tries first: going through the tabs, and running what is in sight with enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import finished, screen_text, until, until_text

from labsteps.catalogue import Part
from workbench.runner.jobs import Found
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.nexts import suggested
from workbench.tui.widgets.steps import StepList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_arrows_go_through_every_tab_of_a_part_that_has_not_run(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        panel = pilot.app.screen.panel
        await pilot.press("7")
        await until(pilot, lambda: panel.tab == "runs" and panel.has_focus_within, "the runs")
        for tab in reversed(panel.shown_tabs[:-1]):
            await pilot.press("left")
            await until(pilot, lambda tab=tab: panel.tab == tab, tab)
        for tab in panel.shown_tabs[1:]:
            await pilot.press("right")
            await until(pilot, lambda tab=tab: panel.tab == tab, tab)


async def test_arrows_leave_a_result_at_its_first_and_last_page(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        panel = pilot.app.screen.panel
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("left")
        await until(pilot, lambda: panel.tab == "run", "the run before it")
        await pilot.press("right")
        await until_text(pilot, "[values]")
        for page in ("[confusion]", "[per class]", "[loss]"):
            await pilot.press("right")
            await until_text(pilot, page)
        await pilot.press("right")
        await until(pilot, lambda: panel.tab == "log", "the log behind it")


@pytest.mark.parametrize("tab", ["result", "log", "runs"])
async def test_enter_in_an_empty_tab_runs_the_part_and_the_key_bar_says_so(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    asked: list[str] = []

    def start(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        asked.append(part.id)
        return Started("x", Found.LIVE)

    monkeypatch.setattr(bench, "start", start)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        pilot.app.screen.show_tab(tab)
        await until_text(pilot, "(enter in this panel too)")
        await until(pilot, lambda: "↵ run" in screen_text(pilot.app).splitlines()[-1], "the key's name")
        assert "1-7 tabs" in screen_text(pilot.app).splitlines()[-1]
        await pilot.press("enter")
        await until(pilot, lambda: asked == ["7.1δ"], "the run")


async def test_the_panel_of_an_open_step_does_not_ask_to_open_it(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        await pilot.press("home", "down")
        await until_text(pilot, "Go down to one of its parts.")
        await pilot.press("enter")
        await until_text(pilot, "Open the step with enter")
        await pilot.press("enter")
        await until_text(pilot, "Go down to one of its parts.")


async def test_before_anything_is_finished_a_brief_says_how_to_begin_elsewhere(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Any part can be the first")
        finished(bench.session)
        await until(pilot, lambda: "Any part can be the first" not in screen_text(pilot.app), "its end")


async def test_w_goes_to_the_first_part_with_something_left_to_do(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        steps = pilot.app.screen.query_one(StepList)
        await until_text(pilot, "Press r to run it")
        pilot.app.go_to("7.1ε")
        await until(pilot, lambda: steps.chosen.id == "7.1ε", "another part")
        wanted = suggested(bench.lab, pilot.app.view)
        assert wanted is not None and wanted.id != "7.1ε"
        await pilot.press("w")
        await until(pilot, lambda: steps.chosen.id == wanted.id, "the suggested part")


async def test_up_takes_the_choice_before_while_a_parameter_is_typed(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.focused is not None and pilot.app.focused.id == "parameter-list", "focus")
        await pilot.press("down", "down", "enter", "up", "enter")
        await until(pilot, lambda: bench.draft(bench.lab.parts["7.1ε"]) == {"mode": "fast"}, "the last choice")
