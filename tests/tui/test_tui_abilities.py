"""In the app what this machine cannot compute with is refused where it is typed, and makes no run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import screen_text, until, until_highlighted, until_text

from labsteps import abilities
from labsteps.catalogue import Part, catalogue
from labsteps.errors import ParameterError
from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.widgets.parameters import ParameterList

SIZE = (100, 40)
REFUSED = "threads cannot be 3 here"


@pytest.fixture
def bench(tmp_path: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench with the whole lab, on a machine of two processors without a GPU."""
    monkeypatch.setattr(abilities, "available_threads", lambda: 2)
    monkeypatch.setattr("workbench.runner.devices.models", list)
    made = Bench(Sessions(tmp_path / "sessions"), lab=catalogue())
    made.create("demo", data_root, "cpu")
    return made


async def at_parameter(pilot: Pilot[Any], part: Part, name: str) -> ParameterList:
    """Put the cursor on a parameter of a part."""
    await until(pilot, lambda: pilot.app.view.computes_on == "cpu", "the device")
    pilot.app.go_to(part.id)
    await pilot.press("2")
    await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "parameter-list", "the list")
    chosen = pilot.app.screen.query_one(ParameterList)
    await pilot.press(*["down"] * [one.name for one in part.parameters].index(name))
    await until(pilot, lambda: chosen.chosen is not None and chosen.chosen.name == name, "the parameter")
    return chosen


async def test_a_value_that_is_typed_is_refused_below_the_field(bench: Bench) -> None:
    part = bench.lab.parts["7.1ε"]
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await at_parameter(pilot, part, "threads")
        await pilot.press("enter", "ctrl+u", "3", "enter")
        await until_text(pilot, REFUSED)
        assert bench.draft(part) == {}
        await pilot.press("ctrl+u", "2", "enter")
        await until(pilot, lambda: bench.draft(part) == {"threads": 2}, "a value that goes")
        await until(pilot, lambda: REFUSED not in screen_text(pilot.app), "no refusal any more")


async def test_a_choice_that_does_not_go_here_is_passed_over_with_the_reason(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abilities.shutil, "which", lambda name: f"/usr/bin/{name}")
    part = bench.lab.parts["7.1ε"]
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await at_parameter(pilot, part, "compile")
        for choice in ("inductor", "eager"):
            await pilot.press("space")
            await until(pilot, lambda: bench.draft(part) == {"compile": choice}, choice)  # noqa: B023
        await until_text(pilot, "takes a GPU")
        await pilot.press("space")
        await until(pilot, lambda: bench.draft(part) == {}, "the first choice again")
        await until(pilot, lambda: "takes a GPU" not in screen_text(pilot.app), "no reason any more")


async def test_a_command_in_the_palette_changes_nothing(bench: Bench) -> None:
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: pilot.app.view.computes_on == "cpu", "the device")
        await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in "set 7.1e threads=3"))
        await until_highlighted(pilot, "set 7.1e threads=3")
        await pilot.press("enter")
        await until_text(pilot, REFUSED)
        assert bench.draft(bench.lab.parts["7.1ε"]) == {}


def test_what_a_larger_machine_has_kept_makes_no_run_here(bench: Bench) -> None:
    part = bench.lab.parts["7.1β"]
    bench.change(part, "threads", 3)
    for begin in (bench.start, lambda one: bench.plan([one])):
        with pytest.raises(ParameterError, match=REFUSED):
            begin(part)
    assert bench.session is not None and bench.session.runs() == []
