"""A session that is deleted while it is open, or before the app is started."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_helpers import finished, screen_text, until, until_text, until_there, until_told

from workbench.speaking import said
from workbench.store.errors import MissingError, SessionNotFoundError
from workbench.store.session import SESSION_FILE
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, open_bench
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.widgets.sessions import SessionList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (100, 30)


def delete(folder: Path) -> None:
    """Take a folder away at once, since one that is written to meanwhile cannot be deleted file by file."""
    gone = folder.rename(folder.parent.parent / f"gone-{folder.name}")
    shutil.rmtree(gone)


@pytest.mark.parametrize("keys", [(), ("f5",), ("ctrl+p",), ("question_mark",), ("slash",), ("7",)])
async def test_deleting_the_open_session_leads_to_the_list_of_sessions(
    make_app: MakeApp, bench: Bench, told: list[str], keys: tuple[str, ...]
) -> None:
    finished(bench.session)
    folder = bench.session.folder
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await pilot.press(*keys)
        delete(folder)
        # Keys that come before the loss is noticed have the lab to work on.
        await pilot.press("2", "down", "4", "d", "escape", "f9", "escape", "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        # What the last key asked for may be refused after it.
        await until_told(pilot, told, f"{folder}: the open session is not there any more")
        assert bench.session is None and not folder.exists()
        await pilot.press("escape", "up", "down")
        assert isinstance(pilot.app.screen, SessionsScreen)


async def test_every_part_says_that_the_data_folder_is_gone(make_app: MakeApp, data_root: Path) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        assert "not there" not in screen_text(pilot.app)
        shutil.rmtree(data_root)
        for part in ("5α", "7.1ε"):
            pilot.app.go_to(part)
            await until_text(pilot, "! data folder not there: ")


async def test_after_the_loss_another_session_is_opened(make_app: MakeApp, bench: Bench) -> None:
    bench.create("other", None, "cpu")
    bench.open("demo")
    async with make_app().run_test(size=SIZE) as pilot:
        delete(bench.session.folder)
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        own = await until_there(pilot, SessionList)
        await until(pilot, lambda: own.chosen is not None and own.chosen.name == "other", "the other session")
        await pilot.press("enter")
        await until(pilot, lambda: bench.session is not None and bench.session.name == "other", "the lab")
        await until(pilot, lambda: pilot.app.view.session == "other", "its picture")


async def test_a_last_session_that_cannot_be_opened_leads_to_the_start(bench: Bench) -> None:
    (bench.session.folder / SESSION_FILE).unlink()
    with pytest.raises(SessionNotFoundError, match=r"`sessions` lists them, and --session NAME takes another"):
        bench.sessions.open(None)
    assert bench.sessions.entries()[0].active > 0  # its age is told all the same
    again = open_bench(None, bench.sessions.folder, None, None)
    assert again.session is None
    async with WorkbenchApp(again).run_test(size=SIZE) as pilot:
        await until_text(pilot, "The last session cannot be opened.")
        assert isinstance(pilot.app.screen, SessionsScreen)
        await until_text(pilot, "!demo")


def test_what_is_written_does_not_bring_a_deleted_session_back(bench: Bench) -> None:
    session = bench.session
    run = finished(session)
    _, version = session.read_answer("7.1γ")
    shutil.rmtree(session.folder)
    for write in (
        lambda: run.artifact("figures/loss.png"),
        lambda: run.artifact("loss.png"),
        lambda: run.checkpoints.save(1, lambda folder: (folder / "x").write_bytes(b"x"), {}),
        lambda: session.write_answer("7.1γ", "an answer", version),
        lambda: session.create_run({"part": "7.1ε"}),
    ):
        with pytest.raises(MissingError, match="not there any more"):
            write()
        assert not session.folder.exists()


def test_the_loss_of_a_session_is_told_in_greek() -> None:
    told = said("/a/b: the open session is not there any more; open another one or make one.", "el")
    assert told.startswith("/a/b: η ανοιχτή")
