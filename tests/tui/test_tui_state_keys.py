"""The keys of a state have their place on the last line, each key means one thing, and what is done stays done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import LAB, epoch_row, finished, running, screen_text, until, until_text

from workbench.store.sessions import SessionEntry
from workbench.tui import keys, keys_more
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.look import Look
from workbench.tui.nexts import Next, next_of
from workbench.tui.overview import overview_of
from workbench.tui.views import Reader
from workbench.tui.widgets.keybar import key_line
from workbench.tui.widgets.nextline import next_lines
from workbench.tui.widgets.panel import heading_lines
from workbench.tui.widgets.steps import StepList, step_line

MakeApp = Callable[[], WorkbenchApp]
STEP = next(step for step in LAB if step.id == "7.1")
# The panes beside the list of steps, whose keys count before those of the lab.
PANES = (keys.STEPS, keys.PARAMETERS, keys.RUN, keys.ZOOM, keys.RESULT, keys.ANSWER, keys_more.RUNS)


@pytest.mark.parametrize("reason", ["stopped by the user", "killed"])
@pytest.mark.parametrize("earlier", [False, True], ids=["alone", "beside a result"])
async def test_the_key_that_resumes_has_its_place_at_80_columns(
    make_app: MakeApp, bench: Bench, reason: str, earlier: bool
) -> None:
    if earlier:
        finished(bench.session)
    with running(bench.session, epochs=7) as (_, events):
        for number in (1, 2, 3):
            events.append("epoch", **epoch_row(number))
        events.append("left", reason=reason)
    async with make_app().run_test(size=(80, 24)) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("3")
        await until_text(pilot, f"{reason}; r resumes it")
        await until_text(pilot, "r resume  ")
        last = screen_text(pilot.app).splitlines()[-1]
        assert "? help" in last and "q leave" in last and last.count("resume") == 1


def test_what_takes_a_run_up_goes_before_what_only_looks_at_it() -> None:
    names = [("zoom.closer", "+", "closer"), ("run.curves", "v", "rate curve"), ("run.smooth", "m", "smooth")]
    for label in ("resume", "try again"):
        line = key_line([*names, ("run.start", "r", label), ("app.help", "?", "help")], 34, Look()).plain
        assert f"r {label}" in line and "m smooth" not in line
    assert "r run" not in key_line([*names, ("run.start", "r", "run"), ("app.help", "?", "help")], 38, Look()).plain


def test_no_key_of_a_pane_means_something_else_in_the_lab_around_it() -> None:
    around = {name: key.id for key in keys.LAB for name in key.keys.split(",")}
    taken = {(name, key.id) for table in PANES for key in table for name in key.keys.split(",") if name in around}
    assert taken == set()


async def test_a_key_of_a_matrix_does_not_lead_to_another_part_where_there_is_none(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=(80, 24)) as pilot:
        steps = pilot.app.screen.query_one(StepList)
        pilot.app.go_to("7.1ε")
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("n")
        await pilot.press("tab")
        await until_text(pilot, "[confusion]")
        await pilot.press("n")
        await until_text(pilot, "n counts")
        assert steps.chosen.id == "7.1ε"
        await pilot.press("w")
        await until(pilot, lambda: steps.chosen.id != "7.1ε", "the suggested part")


def test_a_part_that_is_run_again_stays_done_on_every_screen(bench: Bench) -> None:
    session = bench.session
    finished(session)

    def told() -> tuple[object, ...]:
        view = Reader(session, LAB).read("7.1ε", None)
        overview = overview_of(SessionEntry("demo", session.folder, 0.0, 0.0, ""), LAB)
        done = next_lines(LAB, view, Look(), 60)[0].plain
        counts = {step.id: done for step, done, _ in overview.steps}
        heading = heading_lines(STEP, view, Look(), 80)[0].plain.rpartition("  ")[2]
        return done, overview.done, counts["7.1"], heading.split(" ", 1)[-1]

    before = told()
    assert before[1:3] == (1, 1)
    with running(session, epochs=8):
        assert told() == before
        view = Reader(session, LAB).read("7.1ε", None)
        assert view.has_result("7.1ε") and not view.finished("7.1ε")
        assert next_of(LAB.parts["8β"], view, ["7.1ε"]) is not Next.PLAN
        # What goes on is told before what is done.
        assert step_line(STEP, view, Look(), short=True)[1].plain == "running"
