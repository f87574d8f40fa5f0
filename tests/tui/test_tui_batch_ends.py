"""A list of parts that ends early: what was not run is told, once and also later, and the key that stops it is gone."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_helpers import LAB, finished, running, screen_text, until, until_text, until_told

from labsteps.catalogue import catalogue
from workbench.cli import main
from workbench.commands import output
from workbench.commands.batch import _Batch, keep_what_is_left
from workbench.commands.narrate import narrator
from workbench.commands.outcome import Outcome
from workbench.commands.summary import print_summary
from workbench.exits import Exit
from workbench.runner.list_ends import list_ends, own_values, runs_by_part
from workbench.runner.plan import Action, Plan, PlannedPart
from workbench.speaking import said
from workbench.store import batches
from workbench.store.batches import BatchRecord
from workbench.store.ended import EndedBatch, ended_batches, mark_told
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.wording import not_run_told

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
ROOT = Path(__file__).resolve().parents[2]
TOLD = {
    "en": "The list 7.1δ, 7.1ε ended at 7.1δ: stopped by the user. Not run: 7.1ε. `run 7.1ε` in the palette (ctrl+p) "
    "runs what is left.",
    "el": "Η λίστα 7.1δ, 7.1ε τελείωσε στο 7.1δ: τη σταμάτησε ο χρήστης. Δεν εκτελέστηκαν: 7.1ε. Η εντολή `run 7.1ε` "
    "στην παλέτα (ctrl+p) εκτελεί ό,τι μένει.",
}
SUMMED_UP = "The list ended at 7.1δ; 1 of its parts was not run: 7.1ε. Asked for again, it goes on with what is left."


def words_on(app: WorkbenchApp) -> str:
    return " ".join(screen_text(app).split())


def ended_at_once(session: Session, *parts: str, left: int = 1, reason: str = "stopped by the user") -> None:
    """Leave a list that ended before its last parts."""
    with BatchRecord(session.folder, parts) as batch:
        batch.at(len(parts) - left - 1)
        batch.ends_early(parts[len(parts) - left :], reason)


def ends(session: Session) -> list[str]:
    return [one.told for one in list_ends(session, runs_by_part(session), catalogue())]


@pytest.mark.parametrize("language", ["en", "el"])
async def test_the_app_says_what_a_list_has_left_that_ended_while_nobody_was_there(
    make_app: MakeApp, bench: Bench, language: str
) -> None:
    session = bench.session
    assert session is not None
    session.update(language=language)
    finished(session, "7.1δ")
    ended_at_once(session, "7.1δ", "7.1ε")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: TOLD[language] in words_on(app), "what is left")
        await until(pilot, lambda: ended_batches(session.folder)[0].told, "that it is kept as told")


@pytest.mark.parametrize(
    ("code", "begun", "told"),
    [
        (Exit.INTERRUPTED, True, "ended at 7.1δ: stopped by the user. Not run: 7.1ε."),
        (Exit.INTERRUPTED, False, "ended at 5γ: it was asked to end. Not run: 7.1δ, 7.1ε."),
        (Exit.CTRL_C, True, ""),
    ],
)
def test_a_list_keeps_what_it_leaves_unless_its_user_ends_it_there(
    bench: Bench, code: Exit, begun: bool, told: str
) -> None:
    session, parts = bench.session, LAB.parts
    assert session is not None
    first = finished(session, "5γ")
    names = ["5γ", "7.1δ", "7.1ε"]
    plan = Plan(tuple(PlannedPart(parts[name], Action.RUN, True) for name in names))
    second = None
    if begun:
        with running(session, "7.1δ") as (second, events):
            events.append("left", reason="stopped by the user")
    outcomes = [Outcome(parts["5γ"], RunState.FINISHED, first), Outcome(parts["7.1δ"], "", second, exit=code)]
    with BatchRecord(session.folder, names) as batch:
        batch.at(1)
        keep_what_is_left(batch, plan, outcomes)
    assert [told in one for one in ends(session)] == ([True] if told else [])


async def test_a_session_that_may_only_be_read_tells_of_a_list_once_as_long_as_the_app_is_open(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    def refuse(_: EndedBatch) -> None:
        raise StoreError("read-only")

    monkeypatch.setattr("workbench.tui.ended.mark_told", refuse)
    assert bench.session is not None
    ended_at_once(bench.session, "7.1δ", "7.1ε")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until_told(pilot, told, "The list 7.1δ, 7.1ε ended")
        for _ in range(3):
            before = app.wishes.looked
            app.look_again()
            await until(pilot, lambda before=before: app.wishes.looked > before, "another look")  # type: ignore[misc]
        assert len([one for one in told if "The list 7.1δ, 7.1ε ended" in one]) == 1


async def test_what_was_told_once_is_in_the_list_of_sessions(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    ended_at_once(bench.session, "7.1δ", "7.1ε")
    mark_told(ended_batches(bench.session.folder)[0])
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: bool(app.view.ended), "a picture with the list")
        assert "The list 7.1δ" not in words_on(app)
        await pilot.press("f2")
        await until(pilot, lambda: "stopped by the user" in words_on(app), "what is left")


async def test_a_list_is_told_as_soon_as_it_ends(make_app: MakeApp, bench: Bench) -> None:
    session = bench.session
    assert session is not None
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1")
        with (
            BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]) as batch,
            running(bench.session, "7.1δ") as (_, events),
        ):
            await until(pilot, lambda: bool(app.view.batches and app.view.live), "the list")
            events.append("left", reason="stopped by the user")
            batch.ends_early(["7.1ε"], "stopped by the user")
        await until(pilot, lambda: "Not run: 7.1ε." in words_on(app), "what is left")


async def test_nothing_is_said_of_a_list_that_has_ended_with_its_last_part(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    finished(bench.session, "7.1δ")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1")
        with BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]) as batch, running(bench.session) as (_, events):
            batch.at(1)
            await until(pilot, lambda: bool(app.view.batches and app.view.live), "the list")
            events.append("left", reason="stopped by the user")
        await until(pilot, lambda: not app.view.batches, "its end")
        assert "The list" not in words_on(app)


async def test_the_key_that_stops_is_gone_with_the_list(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        with BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]):
            await until_text(pilot, "s stop")
        await until(pilot, lambda: not app.view.batches, "its end")
        await until(pilot, lambda: "s stop" not in screen_text(app), "another line of keys")


def test_what_was_run_since_is_left_no_more(bench: Bench) -> None:
    session = bench.session
    assert session is not None
    old = finished(session, "8β")
    os.utime(old.path / "result.json", (1000.0, 1000.0))
    ended_at_once(session, "5γ", "7.1δ", "8β", left=2)
    assert "Not run: 7.1δ, 8β." in ends(session)[0]
    finished(session, "7.1δ")
    assert "Not run: 8β." in ends(session)[0]
    with running(session, "8β"):
        assert ends(session) == []


def test_a_list_that_was_killed_tells_it_too(bench: Bench) -> None:
    session = bench.session
    assert session is not None
    code = f"""
import os, signal
from pathlib import Path
from workbench.store import batches
from workbench.store.batches import BatchRecord
with BatchRecord(Path({str(session.folder)!r}), ["5γ", "7.1δ", "8β"]) as batch:
    batch.at(1)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    # It had come to 7.1δ, of which nothing had begun.
    (told,) = ends(session)
    assert told.startswith("The list 5γ, 7.1δ, 8β ended at 5γ: its process was killed, or power was lost. ")
    assert "Not run: 7.1δ, 8β. `run 7.1δ,8β` runs" in told
    # Another list lays it by, and neither takes it away.
    with BatchRecord(session.folder, ["9β", "9γ"]):
        assert ends(session) == [told]
    mark_told(ended_batches(session.folder)[0])
    assert ends(session) == [told]
    with running(session, "7.1δ") as (_, events):
        events.append("left", reason="stopped by the user")
        os.utime(session.runs()[-1].path / "events.jsonl", (1000.0, 1000.0))
    assert [one.left for one in list_ends(session, runs_by_part(session), catalogue())] == [("8β",)]
    assert "`run 7.1δ,8β` runs" in ends(session)[0], "what was interrupted goes on with the list"


def test_a_list_that_ends_with_an_error_is_kept_and_one_that_is_left_by_ctrl_c_is_not(bench: Bench) -> None:
    assert bench.session is not None
    with pytest.raises(KeyboardInterrupt), BatchRecord(bench.session.folder, ["5γ", "7.1δ"]):
        raise KeyboardInterrupt
    assert ends(bench.session) == []
    with pytest.raises(OSError, match="full"), BatchRecord(bench.session.folder, ["5γ", "7.1δ"]):
        raise OSError("full")
    assert len(ends(bench.session)) == 1


def test_a_list_that_is_asked_to_end_while_it_prints_a_result_says_so_with_its_values(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = bench.session
    assert session is not None
    run = finished(session, "7.1δ")
    options = argparse.Namespace(seed=3, json=False, quiet=True)
    given = {"7.1ε": {"epochs": 7}}
    batch = _Batch(
        options, LAB, session, lambda part: part.settings(given.get(part.id, {})), narrator(options), many=True
    )
    monkeypatch.setattr(batch, "_outcome", lambda planned, _: Outcome(planned.part, RunState.FINISHED, run))
    monkeypatch.setattr(output, "print_outcome", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
    plan = Plan(tuple(PlannedPart(LAB.parts[name], Action.RUN, True) for name in ("7.1δ", "7.1ε")))
    assert batch.carry_out(plan, whole_lab=False) == Exit.INTERRUPTED
    (told,) = ends(session)
    assert told.startswith("The list 7.1δ, 7.1ε ended at 7.1δ: it was asked to end. Not run: 7.1ε.")
    assert told.endswith("Asked for again with its values (seed=3, 7.1ε:epochs=7), it goes on with what is left.")


def test_a_list_that_is_begun_just_now_has_not_ended(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    session = bench.session
    assert session is not None
    place = session.folder / "batches"
    with BatchRecord(session.folder, ["5γ", "7.1δ"]):
        (lock,) = place.iterdir()
        looked = batches.held

        def held(path: Path) -> bool:
            """Look before it has its lock, and let it have written itself down by the next look."""
            monkeypatch.setattr(batches, "held", looked)
            path.write_bytes(written)
            return False

        written = lock.read_bytes()
        lock.write_bytes(b"")
        monkeypatch.setattr(batches, "held", held)
        assert ended_batches(session.folder) == ()
        with BatchRecord(session.folder, ["9β", "9γ"]):
            assert lock.exists(), "another one lays it by only when it has ended"


def test_of_many_lists_the_newest_are_kept(bench: Bench) -> None:
    assert bench.session is not None
    for _ in range(8):
        ended_at_once(bench.session, "5γ", "7.1δ")
        time.sleep(0.002)  # their names are times
    assert len(ended_batches(bench.session.folder)) <= 6


def test_a_list_that_ends_early_twice_is_told_once(bench: Bench) -> None:
    assert bench.session is not None
    ended_at_once(bench.session, "5γ", "7.1δ", "7.1ε", left=2)
    time.sleep(0.002)  # their names are times
    ended_at_once(bench.session, "5γ", "7.1δ", "7.1ε", left=2, reason="its device was lost")
    (told,) = ends(bench.session)
    assert "ended at 5γ: its device was lost. Not run: 7.1δ, 7.1ε." in told
    time.sleep(0.002)
    ended_at_once(bench.session, "7.1δ", "8β")
    assert len(ends(bench.session)) == 2, "what another one has left is its own"


def test_a_long_list_is_told_by_its_ends_and_by_no_command_that_means_another_one(bench: Bench) -> None:
    assert bench.session is not None
    step = [part.id for part in catalogue().parts.values() if part.built and part.id.startswith(("7.", "8"))]
    ended_at_once(bench.session, "5γ", *step, left=len(step))
    assert f"Not run: {step[0]} … {step[-1]}. `run {step[0]}-{step[-1]}` runs" in ends(bench.session)[0]
    with_holes = step[::2]
    assert len(with_holes) > 4
    ended_at_once(bench.session, "5δ", *with_holes, left=len(with_holes))
    assert ends(bench.session)[-1].endswith("Asked for again, it goes on with what is left.")


def test_a_list_with_values_of_its_own_is_not_told_by_a_command_without_them(bench: Bench) -> None:
    session = bench.session
    assert session is not None
    parts = [LAB.parts[name] for name in ("7.1δ", "7.1ε")]
    own = own_values(parts, lambda part: {**part.defaults(), **({"epochs": 7} if part.id == "7.1ε" else {})})
    assert own == ["7.1ε:epochs=7"]
    with BatchRecord(session.folder, ["7.1δ", "7.1ε"], own) as batch:
        batch.ends_early(["7.1ε"], "stopped by the user")
    (told,) = ends(session)
    assert told.endswith(
        "Not run: 7.1ε. Asked for again with its values (7.1ε:epochs=7), it goes on with what is left."
    )
    assert said(told, "el").endswith("Αν ζητηθεί ξανά με τις τιμές της (7.1ε:epochs=7), συνεχίζει με ό,τι μένει.")
    with BatchRecord(session.folder, ["5γ", "7.1δ"], [f"5γ:n{index}={index}" for index in range(5)]) as batch:
        batch.ends_early(["7.1δ"], "stopped by the user")
    assert "(5γ:n0=0, 5γ:n1=1, 5γ:n2=2, …)" in ends(session)[-1]


def test_the_status_tells_it(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    session = bench.session
    assert session is not None
    ended_at_once(session, "7.1δ", "7.1ε")
    named = ["status", "--session", session.name, "--sessions-dir", str(session.folder.parent)]
    assert main(named) == Exit.DONE
    assert "Not run: 7.1ε. `run 7.1ε` runs what is left." in capsys.readouterr().out
    assert main([*named, "--json"]) == Exit.DONE
    (told,) = json.loads(capsys.readouterr().out)["ended"]
    assert (told["part"], told["left"], told["reason"]) == ("7.1δ", ["7.1ε"], "stopped by the user")


def test_the_summary_says_what_a_list_has_left(capsys: pytest.CaptureFixture[str]) -> None:
    parts = LAB.parts
    ended = Outcome(parts["7.1δ"], RunState.INTERRUPTED, reason="killed", exit=Exit.INTERRUPTED)
    rest = [PlannedPart(parts["7.1ε"], Action.RUN, True), PlannedPart(parts["7.1γ"], Action.QUESTION, True)]
    print_summary([ended], rest, 2.0, "en")
    assert SUMMED_UP in capsys.readouterr().out
    print_summary([ended], rest[1:], 2.0, "en")
    assert "The list ended" not in capsys.readouterr().out


def test_of_a_long_list_the_first_and_the_last_part_are_named() -> None:
    assert "6 of its parts were not run: 1 … 6. Asked" in not_run_told("0", [str(one) for one in range(1, 7)])
