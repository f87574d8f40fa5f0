"""What the app withstands: keys in any order, and being imported by something light."""

from __future__ import annotations

import importlib
import os
import pkgutil
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from tui_digits import keep
from tui_helpers import CLASSES, LAB, finished, press_there, record, running, until, until_text

from labsteps.catalogue import Part
from labsteps.results import Axis, Result, Scatter
from workbench.clips import TestedClip as Clip
from workbench.runner.jobs import Found
from workbench.tui import keys, screens
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.children import ChildError
from workbench.tui.palette import Palette
from workbench.tui.screens import command, compare, report, report_preview
from workbench.tui.screens.cells import CellsScreen, ClipsScreen
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.compare import CompareScreen
from workbench.tui.screens.dialogs import AskScreen, DemoScreen, ReadingScreen
from workbench.tui.screens.find import FindScreen
from workbench.tui.screens.inside import InsideScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.log import LogScreen
from workbench.tui.screens.map import MapScreen, maps_of
from workbench.tui.screens.picture import PictureScreen
from workbench.tui.screens.plan import PlanScreen
from workbench.tui.screens.report import ReportScreen
from workbench.tui.screens.report_preview import ReportPreviewScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.screens.settings import SettingsScreen
from workbench.tui.screens.system import SystemScreen
from workbench.tui.themes import DARK
from workbench.tui.widgets.runs import RunList

HEAVY = ("torch", "librosa", "sklearn", "scipy", "numba", "matplotlib", "numpy", "plotext")
# RANDOM_KEYS=10000 tries longer than a run of all tests has time for.
MANY = int(os.environ.get("RANDOM_KEYS", "1000"))
# Everything that a terminal sends, without what leaves the app.
KEYS = (
    *"abcdefghijklmnoprstuvwxyzRXGL0123456789",
    *("up", "down", "left", "right", "tab", "shift+tab", "enter", "escape", "space", "backspace", "home", "end"),
    *(
        "pageup",
        "pagedown",
        "f1",
        "f2",
        "f3",
        "f4",
        "f5",
        "f6",
        "f9",
        "slash",
        "ctrl+l",
        "ctrl+p",
        "ctrl+c",
        "question_mark",
        "full_stop",
        "minus",
        "greater_than_sign",
    ),
)


LETTERS = {"slash": "/", "question_mark": "?", "greater_than_sign": ">", "full_stop": ".", "minus": "-"}
BURST, RESTS = 16, 0.05
# The keys that lead to each screen and tab, and the screen on which the random ones begin.
STARTS: Final[dict[str, tuple[type[Screen[Any]], tuple[str, ...]]]] = {
    **{"steps": (LabScreen, ()), "parameters": (LabScreen, ("2",)), "run": (LabScreen, ("3",))},
    **{"result": (LabScreen, ("4",)), "answer": (LabScreen, ("6",)), "runs": (LabScreen, ("7",))},
    **{"typing a value": (LabScreen, ("2", "enter")), "writing": (LabScreen, ("6", "enter"))},
    **{"sessions": (SessionsScreen, ("f2",)), "system": (SystemScreen, ("f3",)), "log": (LogScreen, ("f4",))},
    **{"settings": (SettingsScreen, ("f5",)), "report": (ReportScreen, ("f6",))},
    **{"preview": (ReportPreviewScreen, ("f6", "p")), "cells": (CellsScreen, ("4", "tab", "enter"))},
    **{"picture": (PictureScreen, ("4", "tab", "v")), "compare": (CompareScreen, ("7", "space", "down", "space", "c"))},
    **{
        "find": (FindScreen, ("slash",)),
        "help": (ReadingScreen, ("question_mark",)),
        "palette": (Palette, ("ctrl+p",)),
    },
    **{"inside": (InsideScreen, ()), "plan": (PlanScreen, ("A",)), "dialog": (AskScreen, ("f2", "n"))},
    **{"demo": (DemoScreen, ("f2", "d")), "clips": (ClipsScreen, ()), "map": (MapScreen, ())},
    **{"command": (CommandScreen, ())},
}
# The part that there has to be a finished run of, or a question.
PARTS: Final = {
    **dict.fromkeys(("parameters", "typing a value", "result", "runs", "cells", "picture", "compare"), "7.1ε"),
    **dict.fromkeys(("answer", "writing"), "7.1γ"),
}
CLIPS: Final = tuple(Clip(str(1000 + n), "Blues", "Jazz", 0.2, 0.7) for n in range(4))
POINTS: Final = tuple(float(n) for n in range(10))
TRACKS: Final = Scatter("PCA", Axis("a"), Axis("b"), POINTS, POINTS, CLASSES, tuple(f"{n}" for n in range(10)))
# What another screen opens with something that the small lab does not have.
OPENED: Final[dict[str, Callable[[], Screen[Any]]]] = {
    "clips": lambda: ClipsScreen(CLIPS, None),
    "map": lambda: MapScreen(maps_of(Result(figures={"cnn": TRACKS})), 0, None),
    "inside": lambda: InsideScreen(LAB.parts["7.1α"]),
    "command": lambda: CommandScreen("steps", ["steps"]),
}


@pytest.fixture
def press_at_random(
    bench: Bench, make_app: Callable[[], WorkbenchApp], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, int], Awaitable[None]]:
    keep(bench.session.create_run(record(bench.session, "7.1α")), 3)
    finished(bench.session, epochs=7)
    done = finished(bench.session)

    def begin(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        return Started(done.id, Found.NEW if force else Found.FINISHED)

    async def refuse(words: list[str]) -> object:
        raise ChildError("not now")

    async def refuse_lines(words: list[str], **_: str) -> AsyncIterator[str]:
        yield "beginning"
        raise ChildError("not now")

    monkeypatch.setattr(compare, "answer_of", refuse)
    monkeypatch.setattr(report, "answer_of", refuse)
    monkeypatch.setattr(report, "lines_of", refuse_lines)
    monkeypatch.setattr(report_preview, "answer_of", refuse)
    monkeypatch.setattr(command, "lines_of", refuse_lines)
    monkeypatch.setattr(bench, "start_plan", lambda plan, *, force=False, profile=False: None)
    monkeypatch.setattr(bench, "start", begin)
    monkeypatch.setattr(DemoScreen, "_build", lambda _: None)

    async def press(start: str, count: int) -> None:
        chance = random.Random(start)
        with running(bench.session, "7.1δ"):
            async with make_app().run_test(size=(80, 24)) as pilot:
                await begin_at(pilot, start)
                left = chance.choices(KEYS, k=count)
                while left:
                    burst = chance.randint(1, BURST)
                    await type_fast(pilot, left[:burst])
                    del left[:burst]
                    if chance.random() < RESTS:
                        await pilot.pause()
                assert pilot.app.is_running

    return press


async def begin_at(pilot: Pilot[Any], start: str) -> None:
    """Go to where the random keys begin, and be sure to be there."""
    kind, keys_there = STARTS[start]
    if start in PARTS:
        pilot.app.go_to(PARTS[start])
    if start in OPENED:
        await pilot.app.push_screen(OPENED[start]())
    if start in ("cells", "picture"):
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press(*keys_there[1:])
    elif start == "compare":
        await pilot.press("7")
        await until(pilot, lambda: isinstance(own := pilot.app.focused, RunList) and own.count > 1, "the runs")
        await pilot.press(*keys_there[1:])
    elif len(keys_there) == 2 and kind is not LabScreen:
        await pilot.press(keys_there[0])
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen | ReportScreen), "the screen before")
        await pilot.press(keys_there[1])
    else:
        await press_there(pilot, *keys_there)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), start)


def test_the_random_keys_begin_on_every_screen_that_there_is() -> None:
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        importlib.import_module(module.name)
    left: list[type[Screen[Any]]] = [Screen]
    known = set()
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__module__.startswith("workbench.tui.") and not kind.__subclasses__():
            known.add(kind)
    assert known == {kind for kind, _ in STARTS.values()}


async def type_fast(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    """Press keys as fast as a terminal can hand them over, and wait until all of them were obeyed.

    `Pilot.press` waits after each for a process that does nothing, 60 ms and more.
    """
    for key in keys:
        letter = {**LETTERS, "space": " "}.get(key, key)
        pilot.app.post_message(events.Key(key, letter if len(letter) == 1 else None))
    await pilot.pause(0)


@pytest.mark.parametrize("start", ["steps", "settings", "palette", "inside"])
async def test_keys_in_any_order_raise_nothing(
    start: str, press_at_random: Callable[[str, int], Awaitable[None]]
) -> None:
    await press_at_random(start, 60)


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
async def test_many_keys_in_any_order_raise_nothing(
    start: str, press_at_random: Callable[[str, int], Awaitable[None]]
) -> None:
    await press_at_random(start, MANY)


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (59, 14), (60, 15), (75, 15), (76, 20), (120, 16), (240, 70)])
async def test_every_size_of_terminal_is_borne(
    size: tuple[int, int], bench: Bench, make_app: Callable[[], WorkbenchApp]
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=(100, 30)) as pilot:
        for key in "12345":
            await pilot.press(key)
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.resize_terminal(100, 30)
        await until_text(pilot, "Log")


def test_importing_the_app_imports_nothing_heavy() -> None:
    code = f"import sys, workbench.tui.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_action_has_an_id_of_its_own_and_says_what_it_does() -> None:
    ids: dict[str, str] = {}
    for key in (key for table in keys.TABLES for key in table):
        assert key.help.endswith("."), key
        assert key.label and "." in key.id, key
        assert ids.setdefault(key.id, key.action) == key.action or key.id.startswith("tab."), key
    for word in ("ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"):
        assert not any(word in key.keys.split(",") for table in keys.TABLES for key in table)


def test_a_key_bar_has_room_for_six_keys_at_80_columns() -> None:
    for table in (keys.STEPS, keys.PARAMETERS, keys.RESULT, keys.SESSIONS):
        assert sum(key.shown for key in table) <= 6


def test_the_theme_has_the_colours_that_the_styles_ask_for() -> None:
    assert {"rule", "cursor", "cursor-away"} <= DARK.variables.keys()
