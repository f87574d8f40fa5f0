"""Two keys that arrive together: what the first has left is not left again, and what the second meets is ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from tui_helpers import until

from workbench.tui.app import WorkbenchApp
from workbench.tui.palette import Palette
from workbench.tui.screens.dialogs import ReadingScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.log import LogScreen

MakeApp = Callable[[], WorkbenchApp]


async def together(pilot: Pilot[Any], *keys: str) -> None:
    """Hand keys over as a terminal does that has got them in one piece."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def test_a_key_pressed_twice_leaves_one_screen(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f4", "question_mark")
        assert isinstance(pilot.app.screen, ReadingScreen)
        help_screen = pilot.app.screen
        help_screen.dismiss(None)
        help_screen.dismiss(None)
        await pilot.pause()
        assert isinstance(pilot.app.screen, LogScreen)
        await together(pilot, *["escape"] * 4)
        assert isinstance(pilot.app.screen, LabScreen)


async def test_the_palette_bears_page_keys_before_it_is_laid_out(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await together(pilot, "ctrl+p", "down", "pageup", "pagedown", "s", "pageup")
        await until(pilot, lambda: isinstance(pilot.app.screen, Palette), "the palette")
        await together(pilot, "x", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


async def test_the_palette_bears_keys_that_reach_it_when_it_has_been_left(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Palette), "the palette")
        palette = pilot.app.screen
        await palette.dismiss(None)
        assert not palette.children
        for action in ("cursor_down", "command_list('page_up')"):
            await pilot.app.run_action(f"screen.{action}", palette, {"screen": palette})
        assert isinstance(pilot.app.screen, LabScreen)


async def test_what_waits_for_a_thread_is_given_up_before_its_screen_goes(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        log = pilot.app.screen
        await until(pilot, lambda: any(worker.node is log for worker in pilot.app.workers), "a look at the log")
        waiting = [worker for worker in pilot.app.workers if worker.node is log]
        pilot.app.pop_screen()
        log.remove()
        assert all(worker.is_cancelled for worker in waiting)


async def test_a_screen_that_is_left_before_it_has_its_widgets_is_not_missed(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        for _ in range(5):
            for page in ("system", "settings", "log", "report"):
                pilot.app.action_page(page)
                pilot.app.pop_screen()
            pilot.app.action_command_palette()
            pilot.app.pop_screen()
            await pilot.pause()
        assert isinstance(pilot.app.screen, LabScreen)


async def test_a_key_that_comes_when_the_last_screen_has_gone_is_dropped(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        with monkeypatch.context() as patched:
            patched.setattr(pilot.app, "_screen_stacks", {"lab": []})
            await pilot.app.on_event(events.Key("x", "x"))
        assert isinstance(pilot.app.screen, LabScreen)
