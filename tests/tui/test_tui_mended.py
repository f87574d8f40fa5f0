"""What a first user would stumble over: cursors that jump, words that are missing, messages that do not hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tui_helpers import LAB, epoch_row, finished, press_there, running, screen_text, until, until_text, until_told

from labsteps.catalogue import Part, catalogue
from labsteps.errors import PrerequisiteError
from workbench.runner.jobs import Found
from workbench.runner.plan import Action, PlannedPart
from workbench.store.run import RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.look import Look
from workbench.tui.screens.dialogs import ReadingScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.plan import PlanScreen, plan_lines
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.screens.settings import SettingList
from workbench.tui.views import LabView, LiveRun, PartView
from workbench.tui.widgets.brief import next_step, reported
from workbench.tui.widgets.keybar import key_line
from workbench.tui.widgets.lines import hanging
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.panel import heading_lines, idle_text
from workbench.tui.widgets.steps import StepList, step_line

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_the_session_that_was_found_is_the_one_that_enter_opens(bench: Bench) -> None:
    bench.create("other", None, "cpu")
    bench.open("demo")
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until_text(pilot, "other")
        own = pilot.app.screen.list
        await pilot.press("slash", *"other")
        await until(pilot, lambda: own.chosen is not None and own.chosen.name == "other", "the session")
        first = own.entries
        await pilot.press("enter")
        # The list is read anew when the field is gone.
        await until(pilot, lambda: own.entries is not first, "the list")
        assert own.chosen.name == "other"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        assert bench.session.name == "other"
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        await until(pilot, lambda: own.chosen is not None and own.chosen.name == "other", "the open session")


async def test_the_last_setting_stays_in_sight_when_its_details_take_more_lines(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until_text(pilot, "takes")
        own = pilot.app.screen.query_one(SettingList)
        before = own.size.height
        await pilot.press("G")
        # The case itself: the details of the last setting take a line of the list.
        await until(pilot, lambda: own.size.height < before, "the longer details")
        await until(pilot, lambda: own.cursor - own.scroll_offset.y < own.size.height, "the cursor")
        assert own.cursor == own.count - 1


@pytest.mark.parametrize("language", ["en", "el"])
def test_a_part_says_what_it_reports(language: str) -> None:
    look = Look(language=language)
    for part in catalogue().parts.values():
        if part.values:
            text = reported(part, look)
            assert text.strip() and not text.startswith(" "), part.id
    parts = catalogue().parts
    assert reported(parts["7.1γ"], Look()).startswith("share of zeros after ReLU · ")
    assert reported(parts["6γ"], Look()) == "precision · recall · F1 and 39 more"


async def test_a_start_that_shows_a_plan_says_no_more_that_it_starts(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        raise PrerequisiteError(f"{part.id} builds on others")

    monkeypatch.setattr(bench, "start", refuse)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen), "the plan")
        assert not any(notice.display for notice in pilot.app.screen_stack[0].query(Notice))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadingScreen), "the help")
        await until_text(pilot, "Start what the plan says")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        assert "Starting" not in screen_text(pilot.app)


async def test_a_run_that_waits_for_the_device_says_so(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    run = finished(bench.session, "7.1δ")
    monkeypatch.setattr(bench, "start", lambda part, *, force=False, profile=False: Started(run.id, Found.NEW, True))
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1δ")
        await pilot.press("R")
        await until_told(pilot, told, "7.1δ waits for its turn on the device")


async def test_the_result_of_a_run_that_goes_on_says_how_to_follow_it(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session):
        async with make_app().run_test(size=SIZE) as pilot:
            pilot.app.go_to("7.1ε")
            await pilot.press("4")
            await until_text(pilot, "7.1ε goes on now")
            assert "Press r" not in screen_text(pilot.app)
    waiting = idle_text(LAB.parts["7.1ε"], "There is no result yet.", RunState.QUEUED)
    assert waiting == "There is no result yet. 7.1ε waits for its turn. Press 3 to follow it."


def test_a_part_that_waits_for_the_device_says_so_and_has_no_share() -> None:
    part, run = LAB.parts["7.1ε"], "20260101-120000000-7.1e-0001"
    for state, told, share in (
        (RunState.QUEUED, "It waits for its turn on the device. Press 3 to follow it.", False),
        (RunState.RUNNING, "It goes on now. Press 3 to follow it.", True),
    ):
        view = LabView(parts={part.id: PartView(state, run)}, live=(LiveRun(run, part.id, state, 0.0),))
        assert [text for text, _ in next_step(part, view, Look(), ())] == [told]
        assert ("0%" in heading_lines(part, view, Look(), 60)[0].plain) is share


def test_the_keys_that_hold_a_run_are_kept_where_not_all_fit() -> None:
    keys = [("run.curves", "v", "rate curve"), ("run.smooth", "m", "smooth"), ("run.stop", "s", "stop")]
    line = key_line([*keys, ("run.pause", "p", "go on"), ("app.help", "?", "help")], 30, Look()).plain
    assert line.split("  ") == [" s stop", "p go on", "? help", ""]


def test_a_head_never_touches_what_stands_beside_it() -> None:
    lines = hanging(Look(), "ρυθμίσεις", "με epochs 7", 40)
    assert lines[0].plain == "ρυθμίσεις με epochs 7"


def test_a_step_that_was_interrupted_has_the_word() -> None:
    view = LabView(parts={"8β": PartView(RunState.INTERRUPTED, "x")})
    step = next(step for step in LAB if step.id == "8")
    assert step_line(step, view, Look(), short=True)[1].plain == "interrupted"


async def test_a_title_is_cut_so_that_the_word_of_the_state_stays(bench: Bench) -> None:
    bench.lab = catalogue()
    async with WorkbenchApp(bench).run_test(size=(160, 45)) as pilot:
        pilot.app.go_to("7.1ε")
        await until_text(pilot, "· ε Genre from mel")
        line = next(line for line in screen_text(pilot.app).splitlines() if "· ε Genre from mel" in line)
        assert "not started" in line.partition("│")[0]


async def test_a_title_is_cut_beside_a_scroll_bar_too_and_states_keep_their_words(
    still: Callable[[LabView], WorkbenchApp], bench: Bench
) -> None:
    bench.lab = catalogue()
    done = PartView(RunState.FINISHED, "x")
    parts = {"1α": done, "1γ": PartView(RunState.FINISHED, "x", "304 Hz"), "2α": done, "2β": done, "2γ": done}
    async with still(LabView("demo", parts=parts)).run_test(size=SIZE) as pilot:
        steps = pilot.app.screen.query_one(StepList)
        steps.go_to("1α")
        lines = [line.plain[1:].rstrip() for line in steps.lines(30, 20)]
    assert all(len(line) <= 29 for line in lines)
    found = {line.split()[1]: line for line in lines[:7]}
    assert found["1"] == "· 1   Mel spectrogra… 2 of 4"
    assert found["2"].startswith("! 2   Beat-sync") and found["2"].endswith("… 2 open")
    assert found["α"].startswith("  ✓ α Two tracks") and found["α"].endswith("… finished")
    assert found["γ"].endswith("… 304 Hz")
    # What was not begun says so by its sign, and has its whole title.
    assert found["β"] == "  · β Reading the mel part"


def test_a_plan_says_all_of_what_differs_in_a_part() -> None:
    reason = "differs: " + ", ".join(f"parameter_{n} {n}" for n in range(12))
    lines = plan_lines(PlannedPart(LAB.parts["7.1ε"], Action.REUSE, False, reason), Look(), 70)
    assert " ".join(line.plain.strip() for line in lines[1:]) == reason
    assert all(line.cell_len <= 70 for line in lines)


async def test_keys_of_curves_are_offered_where_there_are_curves(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        async with make_app().run_test(size=SIZE) as pilot:
            pilot.app.go_to("7.1ε")
            await press_there(pilot, "3", "enter")
            await until_text(pilot, "It gets ready")
            assert "v scores" not in screen_text(pilot.app)
            for number in (1, 2):
                events.append("epoch", **epoch_row(number))
            await until_text(pilot, "v scores")


async def test_the_settings_of_a_run_read_well_behind_their_name(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("7")
        await until_text(pilot, "settings default settings")
