"""Every list and every text is walked through with each of its keys, as the tables of keys have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from textual.pilot import Pilot
from tui_helpers import CNN, finished, until

from workbench.clips import TestedClip as Clip
from workbench.machine import Disk, Machine, MachineReader
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.keymap import ALL_TABLES
from workbench.tui.keys import SCROLL, VI_SCROLL, Key
from workbench.tui.screens.cells import ClipList, ClipsScreen
from workbench.tui.screens.report import SectionList
from workbench.tui.screens.settings import SettingList
from workbench.tui.screens.system import SystemPane
from workbench.tui.widgets.lines import ChoiceView, LinesView
from workbench.tui.widgets.parameters import ParameterList
from workbench.tui.widgets.runs import RunList
from workbench.tui.widgets.sessions import SessionList
from workbench.tui.widgets.steps import StepList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
_MOVE: Final = re.compile(r"move\((-?\d+)\)")
_LINES: Final = re.compile(r"scroll_lines\((-?\d+)\)")
# What an action of a list's table begins with → the list, and the keys that lead to it.
LISTS: Final[dict[str, tuple[type[ChoiceView], tuple[str, ...]]]] = {
    "steps": (StepList, ()),
    "parameters": (ParameterList, ("2",)),
    "runs": (RunList, ("7",)),
    "sessions": (SessionList, ("f2",)),
    "settings": (SettingList, ("f5",)),
    "sections": (SectionList, ("f6",)),
    "clips": (ClipList, ()),
}


def steps_of(keys: tuple[Key, ...], pattern: re.Pattern[str]) -> list[tuple[str, int]]:
    """Return each key of the actions that go some lines on or back, with how many."""
    found = [(key, pattern.fullmatch(key.action)) for key in keys]
    return [(name, int(match[1])) for key, match in found if match is not None for name in key.keys.split(",")]


MOVES: Final = {table[0].id.partition(".")[0]: steps_of(table, _MOVE) for table in ALL_TABLES if steps_of(table, _MOVE)}


def test_every_list_that_has_keys_to_walk_it_is_walked_here() -> None:
    assert set(MOVES) == set(LISTS)
    assert all({count > 0 for _, count in moves} == {True, False} for moves in MOVES.values())


async def at_list(pilot: Pilot[Any], name: str) -> ChoiceView:
    """Go to a list and wait until it can be walked."""
    kind, keys = LISTS[name]
    pilot.app.go_to(CNN.id)
    if kind is ClipList:
        clips = tuple(Clip(str(1000 + n), "Blues", "Jazz", 0.2, 0.7) for n in range(4))
        await pilot.app.push_screen(ClipsScreen(clips, None))
    await pilot.press(*keys)

    def there() -> bool:
        return isinstance(pilot.app.focused, kind) and pilot.app.focused.count > 1

    await until(pilot, there, f"the list of {name}")
    found = pilot.app.focused
    assert isinstance(found, kind)
    return found


@pytest.mark.parametrize("name", LISTS)
async def test_each_key_of_a_list_goes_as_far_as_it_says_and_not_beyond_its_ends(
    name: str, make_app: MakeApp, bench: Bench
) -> None:
    for epochs in (3, 5, 7):
        finished(bench.session, epochs=epochs)
    async with make_app().run_test(size=SIZE) as pilot:
        own = await at_list(pilot, name)
        last = own.count - 1
        for key, count in MOVES[name]:
            start = 0 if count > 0 else last
            own.choose(start)
            await pilot.press(key)
            wanted = max(0, min(last, start + count))
            await until(pilot, lambda wanted=wanted: own.cursor == wanted, f"line {wanted} by {key}")


async def test_each_key_of_a_text_scrolls_as_far_as_it_says(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = tuple(Disk(f"disk {n}", f"/disk/{n}", 1e9, 10e9) for n in range(60))
    machine = Machine("a processor", 2, 0.5, (1.0, 2.0, 3.0), 4e9, 16e9, (), disks, ())
    monkeypatch.setattr(MachineReader, "read", lambda _: machine)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f3")

        def long() -> bool:
            return isinstance(pilot.app.focused, SystemPane) and pilot.app.focused.max_scroll_y > 40

        await until(pilot, long, "a long text")
        pane = pilot.app.focused
        assert isinstance(pane, LinesView)
        for key, count in steps_of((*SCROLL, *VI_SCROLL), _LINES):
            start = 20
            pane.scroll_to(y=start, animate=False, force=True)
            await until(pilot, lambda start=start: pane.scroll_y == start, "the middle")
            await pilot.press(key)
            wanted = max(0, min(pane.max_scroll_y, start + count))
            await until(pilot, lambda wanted=wanted: pane.scroll_y == wanted, f"line {wanted} by {key}")
