"""An answer before it was read, where it is next, while it is being saved, and where it cannot be saved."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from test_tui_answers import SIZE, bench, conflict, open_answer, soon, unhurried  # noqa: F401  # fixtures count as unused
from textual.widgets import Static
from tui_helpers import press_there, record, screen_text, until, until_text

from labsteps.results import Result, to_json
from workbench.store.errors import StorageError, storage_error
from workbench.store.places import state_dir
from workbench.store.rescued import rescued
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.answers import AnswerView, Draft
from workbench.tui.app import WorkbenchApp
from workbench.tui.look import Look
from workbench.tui.observer import Observer
from workbench.tui.widgets.answer import AnswerEditor, AnswerPane, state_lines


@pytest.mark.parametrize("gone", ["*", "#question", "#answer-side", "#answer-state", "#answer-file"])
async def test_it_disturbs_nothing_and_the_app_goes_on(
    make_app: Callable[..., WorkbenchApp], monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    begun, end = threading.Event(), threading.Event()

    def slow(_draft: Draft) -> None:
        begun.set()
        end.wait(10)

    monkeypatch.setattr(Draft, "save", slow)
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        pane = pilot.app.screen.query_one(AnswerPane)
        await pilot.press("enter", "a")
        await until(pilot, lambda: editor.text == "a", "the letter")
        pane.save()
        await until(pilot, begun.is_set, "the saving")
        saving = [worker for worker in pilot.app.workers if worker.group == "answer"]
        with pilot.app.batch_update():  # Textual would draw once more what is gone
            await pane.query(gone).remove()
            end.set()
            await until(pilot, lambda: all(worker.is_finished for worker in saving), "its end")
        assert saving
        assert not any(worker.error for worker in saving)


def test_a_text_that_even_the_session_refuses_goes_to_the_state_folder(tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("demo")
    draft = Draft(session, AnswerView("7.1γ"))
    session.answer_file("7.1γ").parent.write_text("a file in the way")
    draft.text = "mine"
    path = draft.rescue()
    assert path is not None and path.parent == state_dir() / "answers"
    assert path.read_text() == "mine\n"
    assert rescued(session, "7.1γ") == (path,) and not rescued(session, "7.1")


@pytest.mark.usefixtures("unhurried")
async def test_a_text_that_no_place_takes_is_told_itself(
    make_app: Callable[..., WorkbenchApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_of: object) -> Path:
        raise StorageError("no space left on the disk")

    app = make_app()
    session = app.bench.session
    assert session is not None
    async with app.run_test(size=SIZE) as pilot:
        await conflict(pilot, session)
        monkeypatch.setattr("workbench.tui.answers.rescue", refuse)
        await pilot.press("q")
    assert app.bench.last_words == ["Your answer to 7.1γ could not be saved: no space left on the disk", "mine"]


async def nothing(_observer: Observer) -> None:
    """Observe nothing."""


async def test_before_the_session_was_read_no_answer_is_said_to_be_missing(
    make_app: Callable[..., WorkbenchApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    observe = Observer.observe
    monkeypatch.setattr(Observer, "observe", nothing)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1γ")
        await pilot.press("6")
        await until_text(pilot, "▐Answer▌")
        assert "No answer yet" not in screen_text(pilot.app) and "to answer" not in screen_text(pilot.app)
        pilot.app.run_worker(observe(pilot.app._observer))
        await until_text(pilot, "No answer yet. Enter begins to write.")


async def test_the_key_of_what_is_next_leads_to_the_question_of_a_part_that_ran(
    make_app: Callable[..., WorkbenchApp],
) -> None:
    app = make_app()
    assert app.bench.session is not None
    run = app.bench.session.create_run({**record(app.bench.session), "part": "2α"})
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        run.write_result({"format": 1, "part": "2α", "run": run.id, **to_json(Result({}, text="Measured."))})
        events.append("finished", seconds=6.0)
    async with app.run_test(size=SIZE) as pilot:
        await until_text(pilot, "! to answer")
        app.go_to("7.1ε")
        await press_there(pilot, "4", "w")
        await until(pilot, lambda: app.screen.panel.tab == "answer", "the answer")
        assert app.screen.target.id == "2α"


@pytest.mark.parametrize("language", ["en", "el"])
async def test_on_a_full_disk_all_that_is_to_be_done_is_told_at_80_columns(
    make_app: Callable[..., WorkbenchApp], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    app = make_app()
    session = app.bench.session
    assert session is not None

    def full(_: Session, part: str, *__: str) -> str:
        raise storage_error(session.answer_file(part), OSError(errno.ENOSPC, "full"))

    session.update(language=language)
    monkeypatch.setattr(Session, "write_answer", full)
    monkeypatch.setattr("workbench.store.errors.space_left", lambda _: "999.9 MB free")
    told = {
        "en": "! Not saved: no space left on the disk (999.9 MB free); free some space there, then try again: "
        "what was saved before is whole",
        "el": "! Δεν αποθηκεύτηκε: δεν έχει μείνει χώρος στον δίσκο (999.9 MB ελεύθερα)· ελευθερώστε χώρο και "
        "ξαναδοκιμάστε: ό,τι είχε αποθηκευτεί είναι ακέραιο",
    }[language]
    async with app.run_test(size=SIZE) as pilot:
        await until_text(pilot, "2α Time steps")
        pilot.app.go_to("7.1γ")
        await pilot.press("6")
        editor = pilot.app.screen.query_one(AnswerEditor)
        await until(pilot, lambda: not editor.read_only, "the answer")
        editor.insert("x")
        shown = app.screen.query_one("#answer-state", Static)

        def state() -> str:
            lines = screen_text(app).splitlines()[shown.region.y : shown.region.bottom]
            return " ".join(" ".join(line[shown.region.x : shown.region.right] for line in lines).split())

        await until(pilot, lambda: state() == told, "the whole of it")


def test_why_an_answer_is_not_saved_names_a_file_that_is_not_its_own_at_the_end(tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("demo")
    draft = Draft(session, AnswerView("7.1γ"))
    draft.text, draft.problem = "new", f"{session.folder}/answers.lock: no permission"
    (line,) = state_lines(draft, "", Look(), 500, 0.0)
    assert line.plain == f"! Not saved: no permission ({session.folder}/answers.lock)"
