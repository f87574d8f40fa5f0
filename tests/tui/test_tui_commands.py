"""Commands of the grammar, given in the palette."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import CNN, finished, running, screen_text, until, until_highlighted, until_text

from labsteps.catalogue import Part
from workbench.commands.lookup import SessionLookup
from workbench.runner.jobs import Found
from workbench.runner.plan import Action, Order, Plan, PlannedPart, make_plan
from workbench.store.marks import read_notes
from workbench.store.run import RunFolder
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.commands import parser_of_the_app
from workbench.tui.palette import Commands, Palette
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.plan import PlanScreen

MakeApp = Callable[[], WorkbenchApp]
SIZE = (100, 30)


async def give(pilot: Pilot[Any], line: str, about: str) -> None:
    """Type a command into the palette, and take it once it is offered."""
    await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in line))
    await until_highlighted(pilot, line)
    assert about in screen_text(pilot.app)
    await pilot.press("enter")


async def test_what_is_given_with_a_run_counts_for_that_run_alone(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[RunFolder] = []
    monkeypatch.setattr("workbench.runner.launch.launch", lambda run, **_: launched.append(run))
    bench.change(CNN, "learning_rate", 0.01)
    bench.change(CNN, "epochs", 9)
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "run 7.1e epochs=30", "run parts or steps, with parameters")
        await until(pilot, lambda: bool(launched), "the run")
        (run,) = launched
        assert (run.record["parameters"]["epochs"], run.record["parameters"]["learning_rate"]) == (30, 0.01)
        assert bench.draft(CNN) == {"learning_rate": 0.01, "epochs": 9}


async def test_what_is_given_with_a_plan_counts_for_that_plan_alone(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr("workbench.runner.driver.start_driver", lambda _, arguments: begun.append(arguments))
    planned: list[int] = []

    def plan(order: Order, *of: Any) -> Plan:
        if not order.prerequisites:  # of one part, for how long that takes
            return make_plan(order, *of)
        planned.append(order.settings(CNN)["epochs"])
        assert order.given(CNN) == {"epochs": 7, "mode": "fast", "learning_rate": 0.01}
        return Plan((PlannedPart(CNN, Action.RUN, wanted=True),))

    monkeypatch.setattr("workbench.runner.plan.make_plan", plan)
    bench.change(CNN, "epochs", 9)
    bench.change(CNN, "mode", "fast")
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "run 7.1 epochs=7 learning_rate=0.01", "run parts or steps, with parameters")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen), "the plan")
        await pilot.press("enter")
        await until(pilot, lambda: bool(begun), "the plan's process")
        assert planned == [7]
        sets = {argument for argument in begun[0] if argument.startswith("--set")}
        assert sets == {"--set=7.1ε:epochs=7", "--set=7.1ε:mode=fast", "--set=7.1ε:learning_rate=0.01"}
        assert bench.draft(CNN) == {"epochs": 9, "mode": "fast"}


async def test_a_run_with_values_of_its_own_that_was_stopped_is_taken_up_with_them(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def take_up(_: Bench, part: Part, run_id: str, **__: object) -> Started:
        taken.append(run_id)
        return Started(run_id, Found.RESUMABLE)

    monkeypatch.setattr(Bench, "take_up", take_up)
    with running(bench.session, epochs=7) as (run, events):
        events.append("left", reason="stopped by the user")
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "r resume")
        await pilot.press("r")
        await until(pilot, lambda: taken == [run.id], "the run that was stopped")


async def test_a_run_that_was_begun_elsewhere_gives_way_to_what_was_changed_here(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[RunFolder] = []
    monkeypatch.setattr("workbench.runner.launch.launch", lambda run, **_: launched.append(run))
    with running(bench.session, epochs=7) as (stopped, events):
        events.append("left", reason="stopped by the user")
    bench.change(CNN, "epochs", 8)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "r resume")
        await pilot.press("r")
        await until(pilot, lambda: bool(launched), "the run")
        assert launched[0].id != stopped.id and launched[0].record["parameters"]["epochs"] == 8


async def test_a_part_is_shown_by_its_tab(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await give(pilot, "show 7.1", "print a finished result again")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until(pilot, lambda: pilot.app.screen.target.id == "7.1ε", "the part")
        await until(pilot, lambda: pilot.app.screen.panel.tab == "result", "its result")


async def test_parameters_are_set_as_in_their_tab(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "set 7.1e learning_rate=0.01", "set parameters for the runs")
        await until(pilot, lambda: bench.draft(bench.lab.parts["7.1ε"]) == {"learning_rate": 0.01}, "the draft")


async def test_what_the_app_has_no_way_of_its_own_for_is_done_and_its_words_are_shown(
    make_app: MakeApp, bench: Bench
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "note remember", "keep a note on a run")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandScreen), "the screen")
        await until_text(pilot, "note on session demo")
        assert bench.session is not None
        assert read_notes(bench.session) == "remember\n"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


@pytest.mark.parametrize(("language", "written"), [("en", "usage: note [-h]"), ("el", "χρήση: note [-h]")])
async def test_the_help_of_a_command_has_the_form_and_the_language_of_the_palette(
    make_app: MakeApp, bench: Bench, language: str, written: str
) -> None:
    assert bench.session is not None
    bench.session.update(language=language)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1δ")
        pilot.app.command("note --help")
        await until_text(pilot, written)
        assert "python -m" not in screen_text(pilot.app)


async def test_a_value_out_of_range_is_told_and_changes_nothing(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "set 7.1e epochs=0", "set parameters for the runs")
        await until_text(pilot, "epochs cannot be")
        assert bench.draft(bench.lab.parts["7.1ε"]) == {}
        assert "Traceback" not in screen_text(pilot.app)


async def test_a_step_is_run_after_its_plan_is_shown_as_by_its_key(make_app: MakeApp, monkeypatch: Any) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("started without a question")

    monkeypatch.setattr(Bench, "start", never)
    monkeypatch.setattr(Bench, "start_plan", never)
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "run 7.1", "run parts or steps, with parameters")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen), "the plan")
        await until_text(pilot, "Step 7.1")
        await pilot.press("escape")


class Slow:
    """Lets a search of the palette end when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        find = Commands._lines

        def lines(commands: Commands, typed: str) -> list[tuple[str, str]]:
            if typed == query:
                self.began.set()
                assert self.go_on.wait(30)
            return find(commands, typed)

        monkeypatch.setattr(Commands, "_lines", lines)

    async def until_it_began(self, pilot: Pilot[Any]) -> None:
        await until(pilot, self.began.is_set, "the search")


async def test_enter_waits_for_the_list_of_what_is_typed(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    search = Slow(monkeypatch, "valence")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p", "v")
        await until_highlighted(pilot, "")
        await pilot.press(*"alence", "enter", "enter")
        await search.until_it_began(pilot)
        await pilot.pause()
        assert isinstance(pilot.app.screen, Palette)
        search.go_on.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until(pilot, lambda: pilot.app.screen.target.id == "8β", "the part")


async def test_a_line_of_the_earlier_list_is_not_taken_when_the_new_one_lacks_it(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Slow(monkeypatch, "8")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await until_highlighted(pilot, "")
        await pilot.press("8")
        await search.until_it_began(pilot)
        await pilot.press("down", "enter")
        search.go_on.set()
        await until_highlighted(pilot, "8β Valence")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Palette)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until(pilot, lambda: pilot.app.screen.target.id == "8β", "the part")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("expo", "export runs"),
        ("export m", "export metrics"),
        ("compare 5", "compare 5 7.1"),
        ("predict", "predict song.wav"),
        ("run 9", "run 9"),
        ("compare", "help compare"),
        ("report", "help report submit"),
        ("report su", "help report submit"),
        ("submit", "help report submit"),
    ],
)
def test_a_command_that_lacks_words_is_offered_with_those_that_can_follow(
    bench: Bench, typed: str, offered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "song.wav").touch()
    commands = Commands.__new__(Commands)
    commands._parser = parser_of_the_app("en")
    commands._lookup = SessionLookup(
        bench.sessions, lambda: bench.session.folder if bench.session else None, "en", bench.lab
    )
    assert offered in [line for line, _ in commands._lines(typed)]


async def test_the_palette_names_the_tab_of_an_action_and_its_own_keys(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await pilot.press("ctrl+p", *"compare")
        await until_text(pilot, "with the baseline. (Runs)")
        assert screen_text(pilot.app).rstrip().endswith("↵ take  ↓ next  F1 help  esc close")
