"""What is told of a run is true: what was asked of it, what it does after its epochs, how long a notice holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import LAB, epoch_row, finished, running, screen_text, until, until_text

from workbench.runner.jobs import Found
from workbench.store.control import Requests
from workbench.store.run import RunFolder
from workbench.tui import waiting
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.look import Look
from workbench.tui.nexts import Next
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.run import KINDS

MakeApp = Callable[[], WorkbenchApp]
SIZES = [(80, 24), (160, 45)]


def asked(run: RunFolder) -> list[str]:
    return [one["command"] for one in Requests(run.path).look()]


def notice(app: WorkbenchApp) -> str:
    return next(one.text for one in app.screen.query(Notice))


@pytest.mark.parametrize("size", SIZES)
async def test_a_pause_is_told_until_it_has_happened_and_asked_once(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(waiting, "IMPATIENT_SECONDS", 1000.0)
    with running(bench.session) as (run, events):
        events.append("epoch", **epoch_row(1))
        async with make_app().run_test(size=size) as pilot:
            await pilot.press("3")
            await until_text(pilot, "p pause")
            await pilot.press("p")
            await until_text(pilot, "Asked to pause; it waits for the end of the batch under way.")
            await until_text(pilot, "pause asked ")
            await pilot.press("p")
            await until_text(pilot, "That is asked already; it waits for the end of the batch under way.")
            events.append("acknowledged", request=1, command="pause")
            events.append("paused")
            await until_text(pilot, "It is paused now; p lets it go on.")
            assert "pause asked" not in screen_text(pilot.app)
            # Somebody who pressed it again before the answer came does not undo what was wished for.
            await pilot.press("p")
            await until_text(pilot, "It is paused now; p lets it go on.")
            assert asked(run) == ["pause"]
            monkeypatch.setattr(waiting, "IMPATIENT_SECONDS", 0.0)
            await pilot.press("p")
            await until(pilot, lambda: asked(run) == ["pause", "continue"], "the request")
            events.append("acknowledged", request=2, command="continue")
            events.append("continued")
            await until(pilot, lambda: not notice(pilot.app), "the end of the notice")


async def test_a_request_tells_what_a_run_that_only_begins_waits_for(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        async with make_app().run_test(size=SIZES[0]) as pilot:
            await pilot.press("3")
            await until_text(pilot, "s stop")
            await pilot.press("s")
            await until_text(pilot, "it waits for libraries and data to load. r resumes it.")
            events.append("phase", text="hearing the test set", done=0, total=87)
            await until_text(pilot, "piece of work under way")
            assert not notice(pilot.app)  # it waits for something else by now, which the pane tells


@pytest.mark.parametrize("size", SIZES)
async def test_the_test_set_is_heard_in_words_and_the_training_is_over(
    make_app: MakeApp, bench: Bench, size: tuple[int, int]
) -> None:
    with running(bench.session) as (_, events):
        for number in (1, 2, 3):
            events.append("epoch", **epoch_row(number, 40))
        events.append("trained", epoch=3, epochs=40, ended="no better macro-F1 on the validation set for 2 epochs")
        events.append("phase", text="hearing the test set", done=12, total=87)
        async with make_app().run_test(size=size) as pilot:
            await pilot.press("3")
            await until_text(pilot, "hearing the test set: 12 of 87  ")
            text = " ".join(line.rpartition("│")[2].strip() for line in screen_text(pilot.app).splitlines())
            assert "epoch 3/40" in text and "epoch 4/40" not in text
            assert "stopped early: no better macro-F1 on the validation set for 2 epochs" in text
            assert "ETA" not in text and "100%" not in screen_text(pilot.app)


async def test_a_notice_of_a_start_goes_when_the_run_has_ended(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(bench.session, "7.1δ") as (run, events):
        monkeypatch.setattr(Bench, "start", lambda *_, **__: Started(run.id, Found.NEW))
        async with make_app().run_test(size=SIZES[0]) as pilot:
            pilot.app.go_to("7.1δ")
            await pilot.press("r")
            await until(pilot, lambda: notice(pilot.app) == "7.1δ runs; it goes on if you leave.", "the notice")
            # The end is told by somebody else's app too: here it is not awaited.
            pilot.app.screen.awaited.clear()
            await pilot.press("f5")
            await until_text(pilot, "takes")
            events.append("finished", seconds=1.0)
            run.write_result({"format": 1, "part": "7.1δ", "run": run.id, "values": {}})
            await until(pilot, lambda: run.id in pilot.app.view.runs and not pilot.app.view.live, "the end")
            await pilot.press("escape")
            await until(pilot, lambda: not notice(pilot.app), "the end of the notice")


async def test_the_end_of_another_part_does_not_send_to_the_tab_of_the_chosen_one(
    make_app: MakeApp, bench: Bench
) -> None:
    run = finished(bench.session)
    async with make_app().run_test(size=SIZES[0]) as pilot:
        pilot.app.go_to("7.1δ")
        pilot.app.screen.awaited[run.id] = LAB.parts["7.1ε"]
        with running(bench.session, "7.1δ"):
            await until_text(pilot, "7.1ε is finished.")


def test_what_a_key_does_now_is_named_in_greek() -> None:
    labels = ["go on", "both panes", "counts", "as measured", "linear axis", "unpin", *map(str, Next), *KINDS.values()]
    assert [label for label in labels if label and Look(language="el").say(label) == label] == []
