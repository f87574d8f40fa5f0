"""The list of sessions, and the start where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input
from tui_helpers import finished, screen_text, until, until_text

from labsteps.errors import DataError, DeviceError
from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, open_bench
from workbench.tui.screens.dialogs import DemoScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.start import NoTerminalError, run_app

SIZE = (80, 24)


async def test_without_a_session_the_app_offers_the_demo_set_and_a_folder(empty_bench: Bench) -> None:
    async with WorkbenchApp(empty_bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, "No session yet.")
        text = screen_text(pilot.app)
        assert "▌+new, on the demo set" in text and "Music composed and played by code" in text
        await pilot.press("down")
        await until_text(pilot, "A folder with the lab's data set")
        await pilot.press("enter")
        await until_text(pilot, "New session")


async def test_a_session_is_made_on_a_folder_and_opened(empty_bench: Bench, data_root: Path) -> None:
    async with WorkbenchApp(empty_bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, "No session yet.")
        await pilot.press("n", *"thesis", "enter", *"/nowhere", "enter")
        await until_text(pilot, "there is no such folder")
        list(pilot.app.screen.query("Input"))[1].value = str(data_root)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until_text(pilot, "thesis")
    assert Sessions(empty_bench.sessions.folder).open("thesis").data_root == data_root


async def test_a_name_that_is_taken_is_refused(bench: Bench) -> None:
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        await pilot.press("n", *"demo", "enter", "enter")
        await until_text(pilot, "is there already")


async def test_another_session_is_opened_with_its_own_runs(bench: Bench) -> None:
    finished(bench.session)
    bench.create("other", None, "cpu")
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, "no data yet")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        await until(pilot, lambda: bool(pilot.app.screen.list.entries), "their list")
        names = [entry.name for entry in pilot.app.screen.list.entries]
        await pilot.press("home", *["j"] * names.index("demo"), *["k"] * names.index("other"), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until_text(pilot, ".447")
        assert bench.session.name == "demo"


async def test_escape_goes_back_to_the_lab(bench: Bench) -> None:
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until_text(pilot, "nothing runs")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


async def test_a_damaged_session_is_listed_and_says_why_it_cannot_be_opened(bench: Bench) -> None:
    (bench.sessions.folder / "broken").mkdir()
    (bench.sessions.folder / "broken" / "session.json").write_text("{")
    async with WorkbenchApp(bench).run_test(size=(120, 24)) as pilot:
        await pilot.press("f2")
        await until_text(pilot, "!broken")
        names = [entry.name for entry in pilot.app.screen.list.entries]
        pilot.app.screen.list.choose(names.index("broken"))
        await pilot.press("enter")
        await until_text(pilot, "broken/session.json")
        assert isinstance(pilot.app.screen, SessionsScreen)


async def test_the_demo_set_becomes_a_session(
    empty_bench: Bench, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DemoScreen, "_build", lambda screen: screen.dismiss(data_root))
    async with WorkbenchApp(empty_bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, "No session yet.")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
    assert empty_bench.session.name == "demo"
    assert empty_bench.session.data_root == data_root


async def test_what_building_the_demo_set_says_is_shown_even_when_it_fails(
    empty_bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho composing 1/10\necho no space left >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    async with WorkbenchApp(empty_bench).run_test(size=SIZE) as pilot:
        await pilot.press("d")
        await until_text(pilot, "was not built (code 3)")
        text = screen_text(pilot.app)
        assert "composing 1/10" in text and "no space left" in text
        await pilot.press("escape")
        await until_text(pilot, "No session yet.")


def test_without_a_terminal_the_screen_is_not_entered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NoTerminalError, match="--step"):
        run_app(None, tmp_path / "sessions")
    assert not (tmp_path / "sessions").exists()


def test_the_last_session_is_opened(bench: Bench) -> None:
    bench.create("newer", None)
    assert open_bench(None, bench.sessions.folder, None, None).session.name == "newer"
    assert open_bench("demo", bench.sessions.folder, None, None).session.name == "demo"


def test_the_language_of_the_environment_counts_before_the_sessions(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.sessions.folder
    for given, flag, expected in (("el", None, "el"), ("auto", None, "en"), ("el", "en", "en")):
        monkeypatch.setenv("WORKBENCH_LANGUAGE", given)
        assert open_bench("demo", folder, None, None, flag).language == expected


def test_a_session_that_is_named_is_made_where_there_is_none(tmp_path: Path, data_root: Path) -> None:
    session = open_bench("fresh", tmp_path / "sessions", data_root, "cpu").session
    assert (session.name, session.data_root, session.device) == ("fresh", data_root, "cpu")


def test_a_data_folder_opens_its_own_session_and_makes_it_once(tmp_path: Path, data_root: Path) -> None:
    first = open_bench(None, tmp_path / "sessions", data_root, None).session
    again = open_bench(None, tmp_path / "sessions", data_root, None).session
    assert first.folder == again.folder


def test_a_wrong_folder_and_a_wrong_device_are_refused_before_the_screen(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        open_bench(None, tmp_path / "sessions", tmp_path / "nowhere", None)
    with pytest.raises(DeviceError, match="cuda:9"):
        open_bench(None, tmp_path / "sessions", None, "cuda:9")
    assert not (tmp_path / "sessions").exists()


async def test_arrows_go_from_field_to_field_of_a_dialog(make_app: Callable[[], WorkbenchApp]) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f2", "n")
        await until_text(pilot, "New session")
        first, second = list(pilot.app.screen.query(Input))[:2]
        await until(pilot, lambda: pilot.app.focused is first, "the first field")
        await pilot.press("down")
        await until(pilot, lambda: pilot.app.focused is second, "the second field")
        await pilot.press("up")
        await until(pilot, lambda: pilot.app.focused is first, "the first field again")
