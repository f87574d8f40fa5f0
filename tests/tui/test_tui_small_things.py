"""Small things that stand in a new user's way: keys in their order, runs asked for twice, what is cut or unnamed."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from tui_helpers import (
    CNN,
    epoch_row,
    finished,
    press_there,
    screen_text,
    until,
    until_text,
    view_of_live_run,
    view_of_result,
)

from labsteps.catalogue import catalogue
from workbench.plots.run_curves import loss_figure
from workbench.runner.follow import Message, Snapshot
from workbench.runner.jobs import Job, data_fingerprint, going_on
from workbench.store.run import RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.look import Look
from workbench.tui.screens.dialogs import ReadingScreen
from workbench.tui.screens.find import FindField
from workbench.tui.views import headline_of
from workbench.tui.widgets.parameters import ValueField
from workbench.tui.widgets.run import message_lines

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_keys_that_come_together_are_obeyed_in_their_order(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until_text(pilot, "▐Parameters▌")
        await pilot.press("enter")
        field = pilot.app.screen.query_one(ValueField)
        await until(pilot, lambda: pilot.app.focused is field, "the field")
        for key, character in (("ctrl+u", None), ("2", "2"), ("enter", None)):
            pilot.app.post_message(events.Key(key, character))
        await until(pilot, lambda: bench.drafts.get("7.1ε", {}).get("epochs") == 2, "the value")


async def test_a_key_behind_enter_in_find_is_for_the_screen_below(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(pilot.app.focused, FindField), "the field")
        for character in "7.1e":
            pilot.app.post_message(events.Key("full_stop" if character == "." else character, character))
        pilot.app.post_message(events.Key("enter", None))
        pilot.app.post_message(events.Key("7", "7"))
        panel = pilot.app.screen_stack[0].panel
        await until(pilot, lambda: panel.tab == "runs", "the runs")
        assert panel.part is not None and panel.part.id == "7.1ε"


def test_a_run_that_goes_on_is_found_before_it_is_made_again(bench: Bench) -> None:
    job = Job(bench.session, CNN, CNN.defaults(), 0, "cpu")
    own = {**job.identity(data_fingerprint(bench.session.data_root, CNN)), "device": "cpu"}
    run = bench.session.create_run({**own, "parameters": dict(job.parameters)})
    assert going_on(job) is None
    with run.take(), run.writer() as told:
        told.append("started", pid=1, device="cpu")
        found = going_on(job)
        assert found is not None and found.id == run.id
        assert going_on(Job(bench.session, CNN, {**CNN.defaults(), "epochs": 2}, 0, "cpu")) is None


async def test_a_finished_part_keeps_its_value_where_its_title_is_cut(still: Callable[..., WorkbenchApp]) -> None:
    async with still(view_of_result()).run_test(size=SIZE) as pilot:
        await until(
            pilot,
            lambda: any("ε Genre" in line and ".447" in line[:40] for line in screen_text(pilot.app).splitlines()),
            "it",
        )


def test_a_count_without_a_unit_is_no_headline() -> None:
    assert headline_of(catalogue().parts["0"].values, {"clips": 311.0}) == ""


def test_messages_of_a_run_are_in_full_where_there_is_room() -> None:
    long = Message(1_000_000.0, "info", " ".join(["word"] * 20))
    lines = message_lines([long, long], Look(), 60, 4)
    assert len(lines) == 4 and sum(line.plain.count("word") for line in lines) == 40
    lines = message_lines([long, long], Look(), 60, 3)
    assert sum(line.plain.count("word") for line in lines) == 20
    assert len(message_lines([long], Look(), 60, 1)) == 1


def test_the_points_of_the_first_epoch_stay_while_the_second_begins() -> None:
    snapshot = Snapshot("x", "7.1ε", RunState.RUNNING, epochs=(epoch_row(1),))
    curve = loss_figure(snapshot, ((0.5, 3.0), (0.9, 2.5), (1.1, 2.0)))
    assert curve.series[0].x == (0.5, 0.9, 1.0, 1.1)


async def test_the_run_over_the_whole_width_names_the_key_that_leaves_it(still: Callable[..., WorkbenchApp]) -> None:
    async with still(view_of_live_run()).run_test(size=SIZE) as pilot:
        await until_text(pilot, "7.1ε")
        await press_there(pilot, "3", "f")
        await until(pilot, lambda: "f both panes" in screen_text(pilot.app).splitlines()[-1], "the key")


async def test_a_long_text_says_that_there_is_more_below(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadingScreen), "the help")
        await until_text(pilot, " more ")
        await pilot.press("end")
        await until(pilot, lambda: " more " not in screen_text(pilot.app).splitlines()[-2], "the end")


async def test_the_runs_name_the_key_that_deletes_in_greek_too(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    bench.asked_language = "el"
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("7")
        await until(pilot, lambda: "x σβήσιμο" in screen_text(pilot.app).splitlines()[-1], "the key")
