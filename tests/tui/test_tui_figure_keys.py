"""What the keys do with a figure wherever one is: farther, sideways, percents, the whole terminal, its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import finished, screen_text, until, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.cells import CellsScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.picture import PictureScreen

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
PLACES = {"matrix of the result": ("tab",), "cells": ("tab", "enter"), "whole terminal": ("tab", "v")}
NO_PNG = "There is no PNG of this figure; the run draws it when it ends."
SCREENS = {"cells": CellsScreen, "whole terminal": PictureScreen}


async def at_figure(pilot: Pilot[Any], place: str) -> None:
    """Go to the confusion matrix of the finished run, and wait until it is drawn and nothing is said over it."""
    await until_text(pilot, "It is finished")
    await pilot.press("4")
    await until_text(pilot, "[values]")
    await pilot.press(*PLACES[place])
    await until(pilot, lambda: isinstance(pilot.app.screen, SCREENS.get(place, LabScreen)), place)
    if place == "whole terminal":
        await until_text(pilot, NO_PNG)
        # What is said goes by itself after a while, and would change the screen.
        pilot.app.hush()
    await until_text(pilot, "Blues")
    await settled(pilot)


async def settled(pilot: Pilot[Any]) -> str:
    """Wait until two looks at the screen show the same."""
    seen = [""]

    def same() -> bool:
        seen.append(screen_text(pilot.app))
        return seen[-1] == seen[-2]

    await until(pilot, same, "a screen that stays")
    return seen[-1]


@pytest.mark.parametrize("place", PLACES)
async def test_minus_takes_back_what_plus_has_brought_closer(place: str, make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    # Fewer rows than the matrix has, and room for the path of its picture, however long that is.
    async with make_app().run_test(size=(80, 20)) as pilot:
        await at_figure(pilot, place)
        whole = await settled(pilot)
        await pilot.press("plus")
        await until(pilot, lambda: screen_text(pilot.app) != whole, "a closer look")
        await pilot.press("minus")
        await until(pilot, lambda: screen_text(pilot.app) == whole, "the whole")


async def test_signs_go_sideways_over_a_figure_that_is_closer(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await at_figure(pilot, "matrix of the result")
        await pilot.press("plus", "plus")
        left = await settled(pilot)
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: screen_text(pilot.app) != left, "what is at the right")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: screen_text(pilot.app) == left, "the left again")


async def test_a_matrix_gone_through_by_cells_is_told_in_percents_and_back(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await at_figure(pilot, "cells")
        assert "% of row" not in screen_text(pilot.app)
        await pilot.press("n")
        await until_text(pilot, "% of row")
        await pilot.press("n")
        await until(pilot, lambda: "% of row" not in screen_text(pilot.app), "the counts")


async def test_a_figure_over_the_whole_terminal_says_why_it_is_no_picture_gives_its_path_and_goes(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished(bench.session)
    copied: list[str] = []
    monkeypatch.setattr(WorkbenchApp, "copy_to_clipboard", lambda _, text: copied.append(text))
    async with make_app().run_test(size=SIZE) as pilot:
        await at_figure(pilot, "whole terminal")
        await pilot.press("y")
        await until(pilot, lambda: copied == [str(run.path / "figures" / "confusion.png")], "the path")
        await until_text(pilot, "Copied:")
        await pilot.press("v")
        await until_text(pilot, NO_PNG)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        assert "[confusion]" in screen_text(pilot.app)
