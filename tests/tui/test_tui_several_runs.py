"""Several runs of one part: which of them the keys act on, and which of them a part shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tui_helpers import LAB, epoch_row, finished, record, running, until, until_text, until_told

from workbench.runner.jobs import Found
from workbench.store.control import control_file
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.look import Look
from workbench.tui.overview import overview_of, standing_of
from workbench.tui.views import Reader
from workbench.tui.widgets.panel import heading_lines
from workbench.tui.widgets.runs import RunList
from workbench.tui.widgets.sessions import standing_text

MakeApp = Callable[[], WorkbenchApp]
SIZE = (110, 30)


@contextmanager
def queued(session: Session, part: str = "7.1ε", **changes: Any) -> Iterator[RunFolder]:
    run = session.create_run(record(session, part, **changes))
    with run.take(), run.writer() as events:
        events.append("queued", before=1)
        yield run


def interrupted(session: Session, part: str = "7.1ε", **changes: Any) -> RunFolder:
    with running(session, part, **changes) as (run, events):
        events.append("epoch", **epoch_row(1))
        events.append("left", reason="stopped by the user")
    return run


async def choose(pilot: Any, run: RunFolder) -> None:
    """Put the cursor of the list of runs on a run."""
    await pilot.press("7")
    own = pilot.app.screen.query_one(RunList)
    await until(pilot, lambda: own.has_focus and any(row.run_id == run.id for row in own.rows), "the run")
    own.choose([row.run_id for row in own.rows].index(run.id))
    await until(pilot, lambda: own.chosen.run_id == run.id, "the cursor")


def asked(*runs: RunFolder) -> list[bool]:
    return [control_file(run.path).exists() for run in runs]


@pytest.mark.parametrize(("key", "command"), [("s", "stop"), ("p", "pause")])
async def test_a_key_of_the_list_acts_on_the_marked_run_alone(
    make_app: MakeApp, bench: Bench, key: str, command: str
) -> None:
    done, old = finished(bench.session), interrupted(bench.session, epochs=7)
    with running(bench.session, epochs=8) as (live, _), queued(bench.session, epochs=9) as waiting:
        async with make_app().run_test(size=SIZE) as pilot:
            for run, state in ((done, "finished"), (old, "interrupted")):
                await choose(pilot, run)
                await pilot.press(key)
                await until_text(pilot, f"The marked run is {state}; there is nothing to {command} in it.")
            assert asked(live, waiting) == [False, False]
            await choose(pilot, waiting)
            await pilot.press(key)
            await until(pilot, lambda: asked(waiting) == [True], "the request")
            assert asked(live, done, old) == [False, False, False]


async def test_the_marked_run_is_the_one_that_is_resumed(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def take_up(_: Bench, part: Any, run_id: str, *, profile: bool) -> Started:
        taken.append(run_id)
        return Started(run_id, Found.RESUMABLE)

    def start(*_: Any, **__: Any) -> Started:
        raise AssertionError("another run than the marked one was started")

    monkeypatch.setattr(Bench, "take_up", take_up)
    monkeypatch.setattr(Bench, "start", start)
    older, done = interrupted(bench.session, epochs=7), finished(bench.session)
    interrupted(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await choose(pilot, done)
        await pilot.press("r")
        await until_text(pilot, "The marked run is finished, and cannot be resumed")
        assert not taken
        await choose(pilot, older)
        await pilot.press("r")
        await until(pilot, lambda: taken == [older.id], "the marked run")


async def test_a_second_run_that_was_stopped_says_that_the_part_has_its_result(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    monkeypatch.setattr(Bench, "take_up", lambda _, part, run_id, **__: Started(run_id, Found.RESUMABLE))
    finished(bench.session)
    with running(bench.session) as (second, events):
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            await until_text(pilot, "● running")
            pilot.app.screen.awaited[second.id] = LAB.parts["7.1ε"]
            events.append("left", reason="stopped by the user")
            second_lock = second.lock_file
            monkeypatch.setattr("workbench.store.run.is_held", lambda path: path != second_lock, raising=True)
            await until_text(pilot, "The part is finished by another run; 4 shows its result.")
            await until_text(pilot, "7.1ε interrupted.")
            await until_text(pilot, "r resume")
            await pilot.press("r")
            await until_told(pilot, told, "7.1ε is taken up where it was saved.")


def test_a_run_that_works_goes_before_newer_ones_that_wait(bench: Bench) -> None:
    session = bench.session
    with running(session) as (live, events), queued(session, epochs=8), queued(session, epochs=9):
        events.append("epoch", **epoch_row(1))
        view = Reader(session, LAB).read("7.1ε", None)
        assert view.parts["7.1ε"].state is RunState.RUNNING
        assert view.snapshot.run_id == view.parts["7.1ε"].run_id == view.live[0].run_id == live.id
        assert "running 20%" in heading_lines(LAB.parts["7.1ε"], view, Look(), 80)[0].plain
        entry = SessionEntry("demo", session.folder, 0.0, 0.0, "")
        assert standing_text(standing_of(entry), Look()).plain == "● 1 running, 2 queued"
        assert overview_of(entry, LAB).view.state_of("7.1ε") is RunState.RUNNING
    with queued(session, epochs=10):
        assert standing_text(standing_of(entry), Look()).plain.endswith("1 queued")


def test_what_cannot_be_done_with_the_marked_run_is_told_in_greek() -> None:
    for text in (
        "The marked run is finished; there is nothing to stop in it.",
        "The marked run is interrupted; there is nothing to pause in it.",
        "The marked run is running, and cannot be resumed; R runs the part again.",
    ):
        assert Look(language="el").say(text).startswith("Η σημειωμένη εκτέλεση:")


async def test_the_brief_of_a_finished_part_tells_that_a_later_run_was_interrupted(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    interrupted(bench.session, epochs=300)
    async with make_app().run_test(size=(100, 30)) as pilot:
        pilot.app.screen.go_to("7.1ε")
        await pilot.press("1")
        await until_text(pilot, "A later run of it was interrupted.")
        await pilot.press("3")
        await until_text(pilot, "r resumes it")
        assert pilot.app.screen.resumed
