"""Whole steps, the whole lab, and what a part builds on: the plan is shown, and started when the user agrees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import finished, screen_text, until, until_text, until_told

from labsteps.catalogue import Part
from labsteps.errors import PrerequisiteError
from workbench.runner import driver
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.plan import PlanScreen

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of the processes that would have been started."""
    found: list[list[str]] = []
    monkeypatch.setattr(driver, "start_driver", lambda session, arguments: found.append(list(arguments)))
    return found


async def test_a_whole_step_shows_its_plan_and_starts_when_one_agrees(
    make_app: MakeApp, bench: Bench, started: list[list[str]], told: list[str]
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        bench.change(bench.lab.parts["7.1ε"], "epochs", 7)
        pilot.app.go_to("7.1ε")
        await pilot.press("left", "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen), "the plan")
        await until_text(pilot, "Step 7.1, 2D CNN")
        text = screen_text(pilot.app)
        assert "7.1δ   run" in text and "7.1ε   run" in text and "left out" in text
        assert "2 to run, 2 left out" in text and "no estimate" in text
        await pilot.press("enter")
        await until(pilot, lambda: bool(started), "the start")
        assert started == [
            [
                "--step=7.1α,7.1γ,7.1δ,7.1ε",
                "--session=demo",
                f"--sessions-dir={bench.sessions.folder}",
                "--device=cpu",
                "--with-prerequisites",
                "--set=7.1ε:epochs=7",
            ]
        ]
        await until_told(pilot, told, "2 to run, one after the other")


async def test_closing_the_plan_starts_nothing(make_app: MakeApp, started: list[list[str]]) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        await pilot.press("A")
        await until_text(pilot, "The whole lab")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        assert started == []


async def test_a_part_that_lacks_what_it_builds_on_offers_to_run_that_first(
    make_app: MakeApp, bench: Bench, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        raise PrerequisiteError(f"{part.id} builds on others")

    monkeypatch.setattr(bench, "start", refuse)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("r")
        await until_text(pilot, "7.1ε builds on parts without a result")
        await pilot.press("enter")
        await until(pilot, lambda: bool(started), "the start")
        assert started[0][0] == "--step=7.1ε"


async def test_a_step_with_nothing_to_run_says_why(make_app: MakeApp, started: list[list[str]]) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("8β")
        await pilot.press("left", "r")
        await until_text(pilot, "not built yet in this version")
        assert started == []
