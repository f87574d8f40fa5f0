"""Runs on the lab screen: what is seen of one that goes on, asked of it, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tui_helpers import CLASSES, epoch_row, finished, running, screen_text, until, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


def requests(run_path: object) -> list[tuple[str, object]]:
    data = json.loads((run_path / "control.json").read_text())  # type: ignore[operator]
    return [(one["command"], one["value"]) for one in data["requests"]]


async def test_epochs_arrive_while_a_run_goes_on(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            await until_text(pilot, "● running")
            events.append("epoch", **epoch_row(1))
            await until_text(pilot, "val macro-F1 .210")
            events.append("epoch", **epoch_row(2))
            await until_text(pilot, "best .310 (epoch 2)")
            text = screen_text(pilot.app)
            assert "● 7.1ε running 40%" in text.splitlines()[0]
            assert "○ validation" in text


async def test_points_inside_the_epoch_join_the_curve(make_app: MakeApp, bench: Bench) -> None:
    step = {"epochs": 5, "batches": 10, "grad_norm": 1.0, "learning_rate": 1e-3}
    with running(bench.session) as (_, events):
        events.append("epoch", **epoch_row(1))
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            events.append("step", step=14, epoch=2, batch=4, train_loss=2.0, **step)
            await until_text(pilot, "batch 4/10")
            assert pilot.app.view.within == ((1.4, 2.0),)


@pytest.mark.parametrize("key, command", [("s", "stop"), ("p", "pause"), ("k", "checkpoint")])
async def test_what_is_asked_of_a_run_lands_in_its_control_file(
    make_app: MakeApp, bench: Bench, key: str, command: str
) -> None:
    with running(bench.session) as (run, _):
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            await until_text(pilot, "s stop")
            await pilot.press(key)
            await until_text(pilot, "Asked")
            assert requests(run.path) == [(command, None)]


async def test_a_paused_run_is_told_to_go_on(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (run, events):
        events.append("paused")
        async with make_app().run_test(size=SIZE) as pilot:
            await until_text(pilot, "p go on")
            await pilot.press("p")
            await until_text(pilot, "Asked to go on.")
            assert requests(run.path) == [("continue", None)]


async def test_another_learning_rate_is_checked_and_asked_for(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (run, _):
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            await until_text(pilot, "l learning rate")
            await pilot.press("l", "7", "enter")
            await until_text(pilot, "A learning rate cannot be '7'")
            await pilot.press("backspace", *"0.01", "enter")
            await until_text(pilot, "Asked for another learning rate.")
            assert requests(run.path) == [("learning_rate", 0.01)]


async def test_keys_of_a_live_run_are_not_offered_without_one(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await pilot.press("s", "p")
        assert "s stop" not in screen_text(pilot.app)
        assert not list(bench.session.folder.glob("runs/*/control.json"))


async def test_a_failed_run_shows_its_reason_and_the_end_of_its_log(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (run, events):
        events.append("failed", reason="the loss is not finite")
        run.log_file.write_text("first line\nlast line of the log\n")
        run.write_failure({"kind": "training", "message": "The training loss became nan at epoch 2."})
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("3")
        await until_text(pilot, "✗ failed")
        text = screen_text(pilot.app)
        assert "The training loss became nan at epoch 2." in text
        assert "last line of the log" in text
        assert "r try again" in text


async def test_an_interrupted_run_offers_to_be_resumed(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        events.append("epoch", **epoch_row(1))
        events.append("left", reason="stopped by the user")
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "r resume")
        await pilot.press("3")
        await until_text(pilot, "stopped by the user; r resumes it")


async def test_values_stand_beside_their_intervals_and_baseline(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session, epochs=3)
    async with make_app().run_test(size=(140, 30)) as pilot:
        await pilot.press("4")
        await until_text(pilot, ".447 [.407 .487]   majority class .179")
        text = screen_text(pilot.app)
        assert "undefined: no clip of one class" in text
        assert "with epochs 3" in text


async def test_ten_classes_can_be_read_at_80_columns(make_app: MakeApp, bench: Bench) -> None:
    run = finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("tab", "f")
        await until_text(pilot, "Trip-Hop")
        text = screen_text(pilot.app)
        for row, name in enumerate(CLASSES):
            line = next(line for line in text.splitlines() if line.strip().startswith(name))
            counts = [int(word) for word in line.split()[1:11]]
            assert counts == [40 if row == column else (row + 2 * column) % 4 for column in range(10)]
        assert f"{run.path}/figures/confusion.png" in text.replace("\n", "").replace(" ", "")
        await pilot.press("n")
        await until_text(pilot, "% of row")
        assert "n counts" in screen_text(pilot.app)


async def test_tab_and_arrows_go_through_tables_and_figures(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("4")
        await until_text(pilot, "[values]")
        for key, page in (("tab", "confusion"), ("right", "per class"), ("tab", "loss"), ("shift+tab", "per class")):
            await pilot.press(key)
            assert f"[{page}]" in screen_text(pilot.app)


async def test_the_path_of_a_figure_is_copied(make_app: MakeApp, bench: Bench) -> None:
    run = finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("tab", "y")
        assert pilot.app.clipboard == str(run.path / "figures" / "confusion.png")


async def test_a_result_of_one_part_is_not_shown_for_another(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.focused.id == "steps", "the list's focus")
        await pilot.press("up")
        assert "[values]" not in screen_text(pilot.app)
        await until_text(pilot, "There is no result yet. Press r to run 7.1δ")
