"""The runs of a part, and runs beside each other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from textual.widgets import Input
from tui_helpers import LAB, finished, press_there, running, screen_text, until, until_text

from labsteps.catalogue import catalogue
from labsteps.greek import figure_in
from labsteps.results import Column, Result, Table, to_json
from workbench.comparing import LOSS, metrics_table, names_of, overlaid, parameters_table
from workbench.runner.follow import Follower, Snapshot
from workbench.store.marks import pin, read_marks, remove_run, removed_runs
from workbench.store.run import RunFolder, RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.drafts import NOTE_FILE
from workbench.tui.screens import compare
from workbench.tui.screens.compare import CompareScreen
from workbench.tui.views import Reader
from workbench.tui.widgets.runs import RunList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


def test_curves_over_each_other_say_whose_loss_they_are_of() -> None:
    validated = Snapshot("a", "7.1ε", RunState.FINISHED, epochs=({"epoch": 1, "train_loss": 2.0, LOSS: 1.0},))
    trained = Snapshot("b", "7.1δ", RunState.FINISHED, epochs=({"epoch": 1, "train_loss": 2.0},))
    told = {
        "Validation loss": (validated, validated),
        "Training loss": (trained, trained),
        "Validation loss, training loss where there is none": (validated, trained),
    }
    for title, snapshots in told.items():
        curve = overlaid(snapshots, ("one", "other"), LOSS)
        assert curve is not None and curve.title == title
        assert figure_in(curve, "el").title != title


async def test_the_runs_of_a_part_are_listed_the_newest_first(make_app: MakeApp, bench: Bench) -> None:
    first = finished(bench.session)
    second = finished(bench.session, epochs=7)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 7")
        rows = pilot.app.screen.query_one(RunList).rows
        assert [row.run_id for row in rows] == [second.id, first.id]
        assert [row.headline for row in rows] == [".447", ".447"]
        assert f"run      {second.id}" in screen_text(pilot.app)


def test_only_a_score_is_told_without_its_name(bench: Bench) -> None:
    for part, values in (
        ("1γ", {"first/centroid": 441.0}),
        ("5α", {"padding/difference": 5e-8}),
        ("7.1δ", {"train/loss": 0.0294, "train/accuracy": 1.0}),
        ("7.1ε", {"test/accuracy": 0.447}),
    ):
        run = bench.session.create_run({"part": part, "parameters": {}, "seed": 0})
        with run.take(), run.writer() as events:
            run.write_result({"values": values})
            events.append("finished", seconds=1.0)
    found = Reader(bench.session, catalogue()).read("7.1δ", None)
    told = {part: view.headline for part, view in found.parts.items()}
    assert told == {"1γ": "", "5α": "", "7.1δ": "", "7.1ε": ".447"}
    assert [row.headline for row in found.history] == [".0294"]  # beside other runs of its part


async def test_an_empty_list_says_which_key_to_press(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, "There are no runs yet. Press r to run 7.1δ")


async def test_a_run_of_the_list_is_opened_with_its_own_result(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session, epochs=3)
    finished(bench.session, epochs=7)
    async with make_app().run_test(size=(80, 30)) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 7")
        await pilot.press("down", "enter")
        await until_text(pilot, "with epochs 3")
        assert "[values]" in screen_text(pilot.app)


async def test_a_run_goes_to_the_trash_and_comes_back(make_app: MakeApp, bench: Bench) -> None:
    kept, gone = finished(bench.session), finished(bench.session, epochs=7)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 7")
        await pilot.press("x")
        await until(pilot, lambda: len(pilot.app.screen.query_one(RunList).rows) == 1, "one run")
        assert [run.id for run in removed_runs(bench.session)] == [gone.id]
        await pilot.press("u")
        await until(pilot, lambda: len(pilot.app.screen.query_one(RunList).rows) == 2, "both runs")
    assert {run.id for run in bench.session.runs()} == {kept.id, gone.id}


async def test_a_run_that_was_deleted_elsewhere_meanwhile_is_told_of(make_app: MakeApp, bench: Bench) -> None:
    gone = finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until(pilot, lambda: len(pilot.app.screen.query_one(RunList).rows) == 1, "the run")
        own = pilot.app.screen.query_one(RunList)
        row = own.rows[0]
        remove_run(bench.session, gone.id)
        for what in ("pin", "note", "tag"):
            own.post_message(RunList.Asked(what, row))
        await until_text(pilot, "no run")


def test_a_result_that_vanishes_while_it_is_read_is_told_of(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    part = str(finished(bench.session).record["part"])
    read = RunFolder.result

    def vanishing(run: RunFolder) -> dict[str, Any] | None:
        found = read(run)
        (run.path / "result.json").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(RunFolder, "result", vanishing)
    view = Reader(bench.session, LAB).read(part, None)
    assert view.result is None and "result.json" in view.problem


async def test_a_run_that_goes_on_is_not_deleted(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session):
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("7")
            await until_text(pilot, "● running")
            await pilot.press("x")
            await until_text(pilot, "is going on; stop it first")


async def test_a_run_is_pinned_tagged_and_noted_and_all_of_it_is_shown(make_app: MakeApp, bench: Bench) -> None:
    run = finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, ".447")
        await pilot.press("b")
        await until_text(pilot, "◆✓ finished")
        await pilot.press("t", *"good", "enter")
        await until_text(pilot, "tags     good")
        await pilot.press("n", *"calm", "enter")
        await until_text(pilot, "note     calm")
        assert read_marks(run) == ("calm", ("good",), True)
        await pilot.press("x")
        await until_text(pilot, f"{run.id}: is pinned; take the pin away first")
        await pilot.press("b")
        await until(pilot, lambda: not read_marks(run).pinned, "the pin taken away")


async def test_a_note_that_was_being_typed_when_the_app_ended_stands_in_its_dialog_again(
    make_app: MakeApp, bench: Bench
) -> None:
    assert bench.session is not None
    run, kept = finished(bench.session), bench.session.folder / NOTE_FILE
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, ".447")
        await pilot.press("n", *"half")
        await until(pilot, lambda: kept.exists() and "half" in kept.read_text(), "what was typed, on disk")
    assert read_marks(run).note == ""
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await press_there(pilot, "7", "n")
        await until_text(pilot, "as it stood when the app ended")
        assert pilot.app.screen.query_one(Input).value == "half"
        await pilot.press("end", *"way", "enter")
        await until_text(pilot, "note     halfway")
        await until(pilot, lambda: not kept.exists(), "no draft any more")


async def test_a_note_that_is_given_up_leaves_no_draft(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    finished(bench.session)
    kept = bench.session.folder / NOTE_FILE
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, ".447")
        await pilot.press("n", *"half")
        await until(pilot, kept.exists, "what was typed, on disk")
        await pilot.press("escape")
        await until(pilot, lambda: not kept.exists(), "no draft any more")


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let the paired test be one that was made before, and return what it was asked."""
    asked: list[list[str]] = []

    async def answer(words: list[str]) -> object:
        asked.append(list(words))
        table = Table("Pairs on the same test tracks", (Column("first"), Column("p")), (("7.1ε", 0.04),))
        return {"tables": to_json(Result(tables={"accuracy": table}))["tables"]}

    monkeypatch.setattr(compare, "answer_of", answer)
    return asked


async def test_a_run_without_epochs_of_its_own_is_named_below_the_curves_of_a_comparison(
    make_app: MakeApp, bench: Bench, tested: list[list[str]]
) -> None:
    with running(bench.session, epochs=9) as (run, events):
        run.write_result({"format": 1, "part": "7.1ε", "run": run.id, **to_json(Result())})
        events.append("finished", seconds=1.0)
    finished(bench.session, epochs=3)
    async with make_app().run_test(size=(100, 60)) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 9")
        await pilot.press("space", "down", "space", "c")
        await until_text(pilot, "Without this curve: 7.1ε")
        assert run.id[-4:] in screen_text(pilot.app)


async def test_marked_runs_are_compared_with_the_pinned_one(
    make_app: MakeApp, bench: Bench, tested: list[list[str]]
) -> None:
    first = finished(bench.session, epochs=3)
    second = finished(bench.session, epochs=7)
    pin(first)
    async with make_app().run_test(size=(100, 60)) as pilot:
        await pilot.press("7")
        await until_text(pilot, "epochs 7")
        await pilot.press("space", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")
        await until_text(pilot, "Pairs on the same test tracks")
        text = screen_text(pilot.app)
        assert "pinned baseline" in text and "Parameters that differ" in text and "Validation loss" in text
        assert tested[0][:3] == ["compare", second.id, first.id]
        await pilot.press("v")
        await until_text(pilot, "val macro-F1")
        await pilot.press("b")
        await until(pilot, lambda: tested[-1][1:3] == [first.id, second.id], "the other baseline")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, CompareScreen), "the lab")


async def test_one_run_alone_is_not_compared(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until_text(pilot, ".447")
        await pilot.press("c")
        await until_text(pilot, "There is nothing to compare it with")


def test_differences_are_from_the_baseline_and_only_differing_parameters_are_told(bench: Bench) -> None:
    runs = [finished(bench.session, epochs=epochs) for epochs in (3, 5, 7)]
    names = names_of(runs)
    table = metrics_table(runs, names, 0, LAB)
    row = next(row for row in table.rows if row[0] == "accuracy")
    assert row == ("accuracy", 0.447, 0.447, 0.447, 0.0, 0.0)
    undefined = next(row for row in table.rows if row[0] == "macro-F1")
    assert undefined[1:] == (None,) * 5
    assert [row[:2] for row in parameters_table(runs, names, LAB).rows] == [("epochs", "3")]


def test_a_dozen_live_runs_are_each_read_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Counted(Follower):
        def __init__(self, run: RunFolder) -> None:
            made.append(run.id)
            super().__init__(run)

    monkeypatch.setattr("workbench.tui.views.Follower", Counted)
    with ExitStack() as stack:
        for epochs in range(1, 13):
            stack.enter_context(running(bench.session, epochs=epochs))
        reader = Reader(bench.session, LAB, "cpu", "en")
        for _ in range(3):
            assert len(reader.read("7.1ε", None).live) == 12
    assert len(made) == len(set(made)) == 12
