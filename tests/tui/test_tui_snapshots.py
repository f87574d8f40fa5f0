"""Pictures of the main screens; made on Python 3.11 with the pinned Textual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import LAB, SIZES, pressing, until_text, view_of_live_run, view_of_result

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.views import LabView

Compare = Callable[..., bool]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_brief(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]) -> None:
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=pressing("1", until="is finished"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_parameters(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]) -> None:
    keys = ("2", "down", "down", "space")
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=pressing(*keys, until="*mode"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_live_run(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]) -> None:
    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=pressing("3", until="saved 12 s"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_values(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]) -> None:
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=pressing("4", until="[values]"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_confusion_matrix(
    snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]
) -> None:
    app = still(view_of_result())
    assert snap_compare(app, terminal_size=size, run_before=pressing("4", "tab", "f", until="Trip-Hop"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_log(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp], size: tuple[int, int]) -> None:
    keys = pressing("5", until="message 9")
    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=keys)


def test_help(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp]) -> None:
    keys = ("4", "question_mark")
    assert snap_compare(still(view_of_result()), terminal_size=(80, 24), run_before=pressing(*keys, until="esc close"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_start_without_a_session(snap_compare: Compare, empty_bench: Bench, size: tuple[int, int]) -> None:
    async def wait(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "No session yet.")
        await pilot.pause(0.1)

    assert snap_compare(WorkbenchApp(empty_bench), terminal_size=size, run_before=wait)


def test_light_colours(snap_compare: Compare, still: Callable[[LabView], WorkbenchApp]) -> None:
    keys = ("f9", "3")
    assert snap_compare(still(view_of_live_run()), terminal_size=(80, 24), run_before=pressing(*keys, until="saved"))


def test_the_small_lab_is_the_one_in_the_pictures() -> None:
    assert [step.id for step in LAB] == ["5", "7.1", "8"]
