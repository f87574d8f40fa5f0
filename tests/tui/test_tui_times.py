"""Where a run's time goes, in the app: asked for by a key or in the palette, told on the last page of a result."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import CNN, finished, press_there, running, screen_text, until, until_highlighted, until_text

from workbench.runner.jobs import Found, data_fingerprint
from workbench.runner.plan import Plan
from workbench.store.run import RunFolder
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.run_actions import said_of_start

MakeApp = Callable[[], WorkbenchApp]
SIZE = (100, 34)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[RunFolder, bool]]:
    """What is launched, and whether it is to measure its time; nothing runs."""
    found: list[tuple[RunFolder, bool]] = []
    monkeypatch.setattr("workbench.runner.launch.launch", lambda run, *, profile: found.append((run, profile)))
    return found


def measure(run: RunFolder, steps: int = 3, of: int = 3) -> RunFolder:
    """Write down where a run's time went, as its worker would."""
    rows = [{"row": row, "seconds": seconds, "calls": 3} for row, seconds in (("forward", 1.5), ("backward", 2.5))]
    told = {"format": 2, "steps": steps, "of": of, "traced": 0, "rows": rows, "operators": [], "trace": ""}
    (run.path / "profile.json").write_text(json.dumps(told))
    run.update_record(profiled=True)
    return run


def of_now(run: RunFolder, bench: Bench) -> RunFolder:
    """Let a run be of the data as they are."""
    run.update_record(data=data_fingerprint(bench.data_root, CNN))
    return run


async def go(pilot: Pilot[Any], *keys: str) -> None:
    await until_text(pilot, "7.1ε")
    pilot.app.go_to("7.1ε")
    await press_there(pilot, *keys)


async def test_p_measures_a_run_also_where_a_finished_one_was_not_and_repeats_none_that_was(
    make_app: MakeApp, bench: Bench, launched: list[tuple[RunFolder, bool]]
) -> None:
    unmeasured = of_now(finished(bench.session), bench)
    async with make_app().run_test(size=SIZE) as pilot:
        await go(pilot, "P")
        await until(pilot, lambda: bool(launched), "the run")
        ((run, profile),) = launched
        assert profile and run.id != unmeasured.id
        assert "the last page of 4 will tell" in said_of_start("7.1ε", Started(run.id, Found.NEW, measured=True))
    measure(of_now(finished(bench.session), bench))
    async with make_app().run_test(size=SIZE) as pilot:
        await go(pilot, "P")
        await until_text(pilot, "7.1ε is finished and its time was measured")
        assert len(launched) == 1


async def test_p_says_of_a_run_that_goes_on_that_it_is_not_measured(
    make_app: MakeApp, bench: Bench, launched: list[tuple[RunFolder, bool]]
) -> None:
    with running(bench.session) as (run, _):
        of_now(run, bench)
        async with make_app().run_test(size=SIZE) as pilot:
            await go(pilot, "P")
            await until_text(pilot, "goes on already, and its time is not measured; P again when it has ended.")
    assert not launched


async def test_a_measured_run_is_asked_for_in_the_palette_alone_and_in_a_plan(
    make_app: MakeApp, bench: Bench, launched: list[tuple[RunFolder, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[bool] = []

    def plan(_: Bench, parts: object, *, force: bool, profile: bool, **__: object) -> Plan:
        plans.append(profile)
        return Plan(())

    monkeypatch.setattr(Bench, "plan", plan)
    async with make_app().run_test(size=SIZE) as pilot:
        for line in ("run 7.1e --profile", "run 7.1 --profile"):
            await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in line))
            await until_highlighted(pilot, line)
            await pilot.press("enter")
            await until(pilot, lambda: bool(launched), "the run")
        await until(pilot, lambda: plans == [True], "the plan")
    assert [profile for _, profile in launched] == [True]


async def test_the_last_page_of_a_result_tells_where_its_time_went(make_app: MakeApp, bench: Bench) -> None:
    measure(finished(bench.session), of=9)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await go(pilot, "4", "shift+tab")
        await until_text(pilot, "[time]")
        told = " ".join(screen_text(pilot.app).replace("│", " ").split())
        assert "backward pass" in told and "62.5" in told
        bench.session.update(language="el")
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await go(pilot, "4", "shift+tab")
        await until_text(pilot, "[χρόνος]")
        assert "πίσω πέρασμα" in screen_text(pilot.app)
        await pilot.press("end")
        await until_text(pilot, "κανένα ίχνος")


async def test_a_result_that_was_not_measured_has_no_such_page_and_a_view_no_such_key(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await go(pilot, "4", "shift+tab")
        await until_text(pilot, "[loss]")
        screen = pilot.app.screen
        assert screen.check_action("start", (False, True))
        pilot.app.go_to("5α")
        await until(pilot, lambda: screen.target.id == "5α", "the view")
        assert not screen.check_action("start", (False, True))
        assert screen.check_action("start", (False,))
