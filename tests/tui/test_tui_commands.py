"""Commands of the grammar, given in the palette."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import finished, screen_text, until, until_highlighted, until_text

from labsteps.catalogue import Part
from workbench.commands.lookup import SessionLookup
from workbench.runner.jobs import Found
from workbench.store.marks import read_notes
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


async def test_a_run_is_started_with_the_parameters_that_were_typed(make_app: MakeApp, monkeypatch: Any) -> None:
    asked: list[tuple[str, object]] = []

    def start(bench: Bench, part: Part, *, force: bool = False, profile: bool = False) -> Started:
        asked.append((part.id, bench.settings(part)["epochs"]))
        return Started("20261126-120000000-7.1e-abcd", Found.NEW)

    monkeypatch.setattr(Bench, "start", start)
    async with make_app().run_test(size=SIZE) as pilot:
        await give(pilot, "run 7.1e epochs=7", "run parts or steps, with parameters")
        await until(pilot, lambda: asked == [("7.1ε", 7)], "the run")


async def test_a_plan_that_is_not_started_leaves_the_parameters_as_they_were(make_app: MakeApp, bench: Bench) -> None:
    part = bench.lab.parts["7.1ε"]
    async with make_app().run_test(size=SIZE) as pilot:
        bench.change(part, "epochs", 9)
        await give(pilot, "run 7.1 epochs=7 learning_rate=0.01", "run parts or steps, with parameters")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen), "the plan")
        assert bench.draft(part) == {"epochs": 7, "learning_rate": 0.01}
        await pilot.press("escape")
        await until(pilot, lambda: bench.draft(part) == {"epochs": 9}, "the parameters of before")


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
