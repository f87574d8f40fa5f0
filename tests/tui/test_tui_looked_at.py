"""What looking at every screen found: keys that did nothing, numbers cut in two, counts that could be another's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tui_helpers import LAB, epoch_row, finished, press_there, running, screen_text, until, until_text, view_of_live_run

from labsteps.catalogue import catalogue
from workbench.greek import say
from workbench.runner.follow import Follower, Snapshot
from workbench.store.run import RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.history import RunRow
from workbench.tui.look import Look
from workbench.tui.overview import Standing
from workbench.tui.standing import trains
from workbench.tui.views import LabView
from workbench.tui.widgets.lines import whole_items
from workbench.tui.widgets.run import RunView
from workbench.tui.widgets.runs import run_line
from workbench.tui.widgets.sessions import standing_text

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_a_run_that_trains_nothing_offers_no_rate_to_change_and_nothing_to_save(
    make_app: MakeApp, bench: Bench
) -> None:
    with running(bench.session, "7.1δ"), running(bench.session, "7.1ε"):
        async with make_app().run_test(size=(160, 45)) as pilot:
            for part, offered in (("7.1δ", False), ("7.1ε", True)):
                pilot.app.go_to(part)
                await pilot.press("3")
                await until_text(pilot, "It gets ready")
                await until_text(pilot, "s stop")
                keys = screen_text(pilot.app).splitlines()[-1]
                assert ("l learning rate" in keys, "k save" in keys) == (offered, offered)


def test_what_trains_has_a_rate_to_change_also_where_another_part_sets_it() -> None:
    parts = catalogue().parts
    assert all(trains(parts[one]) for one in ("5δ", "7.1α", "7.1ε", "8γ", "9γ", "10δ"))
    assert not any(trains(parts[one]) for one in ("0", "1β", "2α", "6β", "11γ"))


async def test_every_press_of_the_key_of_curves_shows_something_else(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session, ended=6)
    async with make_app().run_test(size=(160, 45)) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("3")
        await until_text(pilot, "Scores")
        assert "Loss" in screen_text(pilot.app)
        await pilot.press("v")
        await until(pilot, lambda: "Loss" not in screen_text(pilot.app), "the scores over all of the width")
        await pilot.press("v")
        await until_text(pilot, "Learning rate")


async def test_a_run_with_nothing_but_losses_offers_no_other_curve(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        for number in (1, 2, 3):
            events.append("epoch", epoch=number, epochs=5, step=number, train_loss=1 / number, seconds=1.0)
        async with make_app().run_test(size=(160, 45)) as pilot:
            pilot.app.go_to("7.1ε")
            await pilot.press("3")
            await until_text(pilot, "m smooth")
            view = pilot.app.screen.query_one(RunView)
            assert view.check_action("curves", ())  # the times of its epochs
            only = tuple({"epoch": row["epoch"], "train_loss": 1.0} for row in view._view.snapshot.epochs)
            view._view = replace(view._view, snapshot=replace(view._view.snapshot, epochs=only))
            assert not view.check_action("curves", ())


async def test_three_curves_have_rows_before_messages_do(still: Callable[[LabView], WorkbenchApp]) -> None:
    view = view_of_live_run()
    assert view.snapshot is not None
    rows = tuple(
        {**epoch_row(number), "train_accuracy": 0.1 * number, "validation_accuracy": 0.09 * number}
        for number in (1, 2, 3)
    )
    async with still(replace(view, snapshot=replace(view.snapshot, epochs=rows))).run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1ε")
        await press_there(pilot, "3", "v")
        await until_text(pilot, "val accuracy")
        shown = [line.partition("│")[2] for line in screen_text(pilot.app).splitlines()]
        assert sum(" │" in line or "┤" in line for line in shown) >= 5
        assert any(line.strip().startswith("Scores") for line in shown)
        assert any("goes on if you disconnect" in line for line in shown)


def test_of_settings_that_do_not_fit_none_is_cut_in_two() -> None:
    settings = {"epochs": 10000, "crop_frames": 512}
    row = RunRow("x", "7.1ε", RunState.RUNNING, settings=settings)
    for width in range(24, 70):
        shown = run_line(row, LAB.parts["7.1ε"], Look(), width, 0, marked=False).plain.split("  ")[-1].strip()
        assert shown in ("", "…", "epochs 10000, …", "epochs 10000, crop_frames 512")
    assert whole_items("epochs 10000", 12, "…") == "epochs 10000"
    assert whole_items("epochs 10000, seed 1", 15, "...") == "..."


async def test_the_settings_of_a_part_are_said_to_be_those_of_a_new_run_where_the_last_had_others(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session, epochs=7)
    async with make_app().run_test(size=(160, 45)) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("1")
        await until_text(pilot, "4, for a new run all at their defaults (press 2)")
    for text in ("4, for a new run all at their defaults (press 2)", "4, for a new run 2 changed (press 2)"):
        assert "για νέα εκτέλεση" in say(text, "el") and "new" not in say(text, "el")


async def test_the_settings_of_a_part_whose_run_had_the_defaults_are_told_as_before(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=(160, 45)) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("1")
        await until_text(pilot, "4, all at their defaults (press 2)")


def test_finished_runs_of_a_session_are_counted_with_their_unit_or_not_at_all() -> None:
    many, one = Standing(RunState.FINISHED, finished=48), Standing(RunState.FINISHED, finished=1)
    assert standing_text(many, Look()).plain == "✓ 48 runs finished"
    assert standing_text(one, Look()).plain == "✓ 1 run finished"
    assert standing_text(many, Look(), short=True).plain == "✓ finished"
    assert standing_text(many, Look(language="el")).plain == "✓ 48 έτοιμες εκτελέσεις"


async def test_the_list_of_sessions_counts_runs_alike_in_every_line(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    bench.create("a longer name", None, "cpu")
    finished(bench.session)
    for width, told in ((80, "✓ finished"), (200, "✓ 1 run finished")):
        async with make_app().run_test(size=(width, 24)) as pilot:
            await pilot.press("f2")
            await until(pilot, lambda told=told: screen_text(pilot.app).count(told) == 2, told)


@pytest.mark.parametrize(("state", "seconds"), [(RunState.RUNNING, 2.0), (RunState.FINISHED, 1.0)])
def test_the_time_left_follows_from_the_last_epochs(state: RunState, seconds: float) -> None:
    rows = [{"epoch": number, "epochs": 200, "seconds": 1.0 if number <= 60 else 2.0} for number in range(1, 81)]
    snapshot = Snapshot("x", "7.1ε", state, epochs=tuple(rows))
    assert snapshot.seconds_per_epoch == seconds
    if state.live:
        assert snapshot.seconds_left == pytest.approx(2.0 * 120)


def test_a_message_tells_the_time_of_an_epoch_without_the_pause(bench: Bench) -> None:
    with running(bench.session) as (run, _):
        pass
    lines = [
        {"kind": "started", "time": 0.0, "device": "cpu", "pid": 1},
        {"kind": "paused", "time": 10.0},
        {"kind": "continued", "time": 83.0},
        {"kind": "epoch", "time": 84.0, **epoch_row(1), "seconds": 74.1},
    ]
    text = "".join(json.dumps({"seq": number, **line}) + "\n" for number, line in enumerate(lines, 1))
    (run.path / "events.jsonl").write_text(text)
    snapshot = Follower(run).poll()
    assert snapshot is not None
    assert " 1.1 s" in snapshot.messages[-1].text
    assert snapshot.epochs[-1]["seconds"] == pytest.approx(1.1)
