"""Esc while something long goes on in a dialog: it is left off and nothing of it stays, or it is said to go on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input
from tui_helpers import screen_text, until, until_text

from workbench.store import archive as archives
from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.widgets.field import Field

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


class Gate:
    """Holds a thread where it tells how far it is, until the test lets it go."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.opened.wait(60)


@pytest.mark.parametrize("language", ["en", "el"])
async def test_esc_stops_an_import_and_leaves_nothing_of_it(
    empty_bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    session = Sessions(tmp_path / "there").create("big")
    session.create_run({"part": "5γ"}).artifact("weights.npz").write_bytes(os.urandom(2_000_000))
    archive = Sessions(tmp_path / "there").export("big", tmp_path / "big.tar.gz").path
    gate, extract = Gate(), archives._extract

    def held(*of: object) -> tuple[int, str]:
        gate.wait()
        return extract(*of)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(archives, "_extract", held)
    empty_bench.asked_language = language
    app = WorkbenchApp(empty_bench)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen), "the sessions")
        app.screen.action_import()
        await until(pilot, lambda: getattr(app.focused, "id", "") == "field-0", "the field")
        app.screen.query(Input).first().value = str(archive)
        await pilot.press("enter", "enter")
        await until(pilot, gate.reached.is_set, "the first file")
        await until_text(pilot, "esc stop" if language == "en" else "esc διακοπή")
        await pilot.press("escape")
        await until_text(pilot, "Stopping" if language == "en" else "Διακοπή·")
        gate.opened.set()
        told = "The import was stopped; nothing" if language == "en" else "Η εισαγωγή διακόπηκε·"
        await until_text(pilot, told)
        assert isinstance(app.screen, SessionsScreen)
    assert not empty_bench.entries() and empty_bench.session is None
    assert [one for one in os.listdir(empty_bench.sessions.folder) if one.startswith(".tmp")] == []


async def test_what_cannot_be_stopped_is_said_to_go_on_and_its_end_is_told(make_app: MakeApp) -> None:
    gate, ended = Gate(), []
    async with make_app().run_test(size=SIZE) as pilot:
        app = pilot.app
        await until(pilot, lambda: isinstance(app.screen, LabScreen), "the lab")
        app.push_screen(AskScreen("New thing", [Field("name")], lambda _: gate.wait()), ended.append)
        await until(pilot, lambda: getattr(app.focused, "id", "") == "field-0", "the field")
        await pilot.press("enter")
        await until(pilot, gate.reached.is_set, "the work")
        await pilot.press("escape")
        await until_text(pilot, "New thing: it cannot be stopped, and goes on in the background.")
        assert isinstance(app.screen, LabScreen)
        gate.opened.set()
        await until_text(pilot, "New thing: done.")
        await until(pilot, lambda: ended == [False, True], "what follows from it")


COMMAND = """
import sys, time, pathlib
half = pathlib.Path(sys.argv[1])
half.write_text("half")
try:
    print("under way", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    time.sleep(0.3)
    half.unlink()
"""


@pytest.fixture
def half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a command in the place of the real ones has half made, until it is stopped and has put it back."""
    (tmp_path / "workbench").mkdir()
    (tmp_path / "workbench" / "__main__.py").write_text(COMMAND)
    monkeypatch.setattr("workbench.tui.children.own_environment", lambda: {**os.environ, "PYTHONPATH": str(tmp_path)})
    return tmp_path / "half"


async def test_a_command_puts_back_what_it_did_before_the_app_has_ended(make_app: MakeApp, half_made: Path) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        pilot.app.show_command("sessions export demo", [str(half_made)])
        await until_text(pilot, "under way")
        assert half_made.exists()
        pilot.app.exit(return_code=129)
    assert not half_made.exists()


async def test_esc_stops_a_command_as_ctrl_c_does_and_says_so(make_app: MakeApp, half_made: Path) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        app = pilot.app
        await until(pilot, lambda: isinstance(app.screen, LabScreen), "the lab")
        app.show_command("sessions export demo", [str(half_made)])
        await until_text(pilot, "under way")
        assert "esc stop" in screen_text(app) and half_made.exists()
        await pilot.press("escape")
        await until_text(pilot, "Stopped: sessions export demo. It left nothing half made.")
        assert not half_made.exists() and not isinstance(app.screen, CommandScreen)


async def test_a_command_that_is_left_while_it_begins_is_ended_too(
    half_made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.tui import children

    begin, begun, goes_on = asyncio.create_subprocess_exec, asyncio.Queue[asyncio.subprocess.Process](), asyncio.Event()

    async def begin_slowly(*words: Any, **how: Any) -> asyncio.subprocess.Process:
        process = await begin(*words, **how)
        begun.put_nowait(process)
        await goes_on.wait()
        return process

    async def work() -> None:
        async with children.child([str(half_made)], together=True):
            raise AssertionError("it was left")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin_slowly)
    task = asyncio.ensure_future(work())
    process = await begun.get()
    try:
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert process.returncode is not None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def test_a_command_that_does_not_hear_ctrl_c_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.tui import children

    monkeypatch.setattr(children, "_PATIENCE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('x', flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
        children.leave_off(process)
    assert process.returncode not in (None, 0)


async def test_esc_stops_the_building_of_the_report_before_it_leaves_the_screen(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.tui.screens import report

    ended = []

    async def lines_of(words: list[str]) -> AsyncIterator[str]:
        try:
            yield "drawing figures"
            await asyncio.Event().wait()
        finally:
            ended.append(words[1])

    monkeypatch.setattr(report, "lines_of", lines_of)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, report.ReportScreen), "the report")
        pilot.app.screen.action_build("build")
        await until_text(pilot, "drawing figures")
        await pilot.press("escape")
        await until_text(pilot, "The building of the report was stopped; nothing half made is left of it.")
        assert isinstance(pilot.app.screen, report.ReportScreen) and ended == ["build"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
