"""What the app withstands: keys in any order, and being imported by something light."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from tui_digits import keep
from tui_helpers import finished, record, running, until_text

from labsteps.catalogue import Part
from workbench.runner.jobs import Found
from workbench.tui import keys
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.children import ChildError
from workbench.tui.screens import compare, report, report_preview
from workbench.tui.screens.dialogs import DemoScreen
from workbench.tui.themes import DARK

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
STARTS = {
    **{"steps": (), "parameters": ("2",), "run": ("3",), "result": ("4",), "sessions": ("f2",), "runs": ("7",)},
    **{
        "system": ("f3",),
        "log": ("f4",),
        "settings": ("f5",),
        "report": ("f6",),
        "preview": ("f6", "p"),
        "cells": ("4", "tab", "enter"),
    },
    **{"compare": ("7", "space", "down", "space", "c"), "find": ("slash",)},
    **{"answer": ("5",), "help": ("question_mark",), "palette": ("ctrl+p",), "inside": ("i",)},
}


@pytest.fixture
def press_at_random(
    bench: Bench, make_app: Callable[[], WorkbenchApp], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, int], Awaitable[None]]:
    keep(bench.session.create_run(record(bench.session, "7.1α")), 3)
    finished(bench.session, epochs=7)
    done = finished(bench.session)

    def begin(part: Part, *, force: bool = False) -> Started:
        return Started(done.id, Found.NEW if force else Found.FINISHED)

    async def refuse(words: list[str]) -> object:
        raise ChildError("not now")

    async def refuse_lines(words: list[str]) -> AsyncIterator[str]:
        yield "beginning"
        raise ChildError("not now")

    monkeypatch.setattr(compare, "answer_of", refuse)
    monkeypatch.setattr(report, "answer_of", refuse)
    monkeypatch.setattr(report, "lines_of", refuse_lines)
    monkeypatch.setattr(report_preview, "answer_of", refuse)
    monkeypatch.setattr(bench, "start", begin)
    monkeypatch.setattr(DemoScreen, "_build", lambda _: None)

    async def press(start: str, count: int) -> None:
        chance = random.Random(start)
        with running(bench.session, "7.1δ"):
            async with make_app().run_test(size=(80, 24)) as pilot:
                if start == "inside":
                    pilot.app.screen.go_to("7.1α")
                await pilot.press(*STARTS[start])
                left = chance.choices(KEYS, k=count)
                while left:
                    burst = chance.randint(1, BURST)
                    await type_fast(pilot, left[:burst])
                    del left[:burst]
                    if chance.random() < RESTS:
                        await pilot.pause()
                assert pilot.app.is_running

    return press


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
