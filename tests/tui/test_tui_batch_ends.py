"""A list of parts that ends early: what was not run is told, and the key that stops it is offered no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tui_helpers import LAB, finished, running, screen_text, until, until_text

from workbench.commands.outcome import Outcome
from workbench.commands.summary import print_summary
from workbench.exits import Exit
from workbench.runner.plan import Action, PlannedPart
from workbench.store.batches import Batch, BatchRecord
from workbench.store.run import RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.observer import ended_early
from workbench.tui.views import LabView, PartView
from workbench.wording import not_run_told

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
TOLD = {
    "en": "The list ended at 7.1δ; 1 of its parts was not run: 7.1ε. Asked for again, it goes on with what is left.",
    "el": "Η λίστα τελείωσε στο 7.1δ· 1 μέρος της δεν εκτελέστηκε: 7.1ε. Αν ζητηθεί ξανά, συνεχίζει με ό,τι μένει.",
}


def words_on(app: WorkbenchApp) -> str:
    return " ".join(screen_text(app).split())


@pytest.mark.parametrize("language", ["en", "el"])
async def test_the_app_says_what_a_list_has_left_that_ended_with_a_run_that_was_stopped(
    make_app: MakeApp, bench: Bench, language: str
) -> None:
    assert bench.session is not None
    bench.session.update(language=language)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1")
        with BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]), running(bench.session, "7.1δ") as (_, events):
            await until(pilot, lambda: bool(app.view.batches and app.view.live), "the list")
            events.append("left", reason="stopped by the user")
        await until(pilot, lambda: TOLD[language] in words_on(app), "what is left")


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
        assert "The list ended" not in words_on(app)


async def test_the_key_that_stops_is_gone_with_the_list(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        with BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]):
            await until_text(pilot, "s stop")
        await until(pilot, lambda: not app.view.batches, "its end")
        await until(pilot, lambda: "s stop" not in screen_text(app), "another line of keys")


def test_what_was_quick_or_left_out_is_told_as_what_it_is() -> None:
    failed, done, old = (PartView(state, "1") for state in (RunState.FAILED, RunState.FINISHED, RunState.INTERRUPTED))
    going = LabView("demo", parts={"5γ": failed, "8β": old}, batches=(Batch(("5γ", "7.1δ", "8β"), 0, 7),))
    after = replace(going, batches=())
    assert ended_early(going, going) == []
    assert ended_early(going, replace(after, session="other")) == []
    assert ended_early(going, replace(after, parts={"5γ": failed, "7.1δ": done, "8β": replace(old, run_id="2")})) == []
    assert ended_early(going, after) == [not_run_told("5γ", ["7.1δ", "8β"])]
    # Where it ended between two runs, the one that comes next was not run either.
    between = replace(going, batches=(Batch(("5γ", "7.1δ", "8β"), 1, 7),))
    assert ended_early(between, after) == [not_run_told("5γ", ["7.1δ", "8β"])]


def test_the_summary_says_what_a_list_has_left(capsys: pytest.CaptureFixture[str]) -> None:
    parts = LAB.parts
    ended = Outcome(parts["7.1δ"], RunState.INTERRUPTED, reason="killed", exit=Exit.INTERRUPTED)
    rest = [PlannedPart(parts["7.1ε"], Action.RUN, True), PlannedPart(parts["7.1γ"], Action.QUESTION, True)]
    print_summary([ended], rest, 2.0, "en")
    assert TOLD["en"] in capsys.readouterr().out
    print_summary([ended], rest[1:], 2.0, "en")
    assert "The list ended" not in capsys.readouterr().out


def test_of_a_long_list_the_first_and_the_last_part_are_named() -> None:
    assert "6 of its parts were not run: 1 … 6. Asked" in not_run_told("0", [str(one) for one in range(1, 7)])
