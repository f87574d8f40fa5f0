"""The start: what sessions hold, an archive taken in, batches between two runs, and what comes next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.command import CommandList
from textual.widgets import Input
from tui_helpers import CNN, LAB, both, epoch_row, finished, press_there, running, screen_text, until, until_text

from workbench.store.archive import Progress
from workbench.store.batches import BatchRecord, live_batches
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.drafts import NOWHERE, PLACE_FILE, Place, load_place
from workbench.tui.look import Look
from workbench.tui.nexts import Next, next_of, nothing_to_run, suggested
from workbench.tui.overview import overview_of, standing_of
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.views import LabView, PartView
from workbench.tui.widgets.field import Completed, beginning_of, completions
from workbench.tui.widgets.sessions import step_lines

SIZE = (80, 24)
MakeApp = Callable[[], WorkbenchApp]


def test_a_session_is_told_of_by_what_goes_on_and_the_best_score(bench: Bench) -> None:
    finished(bench.session)
    with running(bench.session, "7.1δ") as (_, events):
        events.append("epoch", **epoch_row(1))
        entry = bench.entries()[0]
        shown = overview_of(entry, LAB)
        assert shown.live == ("7.1δ running  epoch 2/5  ETA 8.0 s",)
        assert shown.best == "7.1ε  accuracy .447 [.407 .487]"
        assert (shown.done, shown.problem) == (1, "")
        assert standing_of(entry).live == 1
        steps = [" ".join(line.plain.split()) for line in step_lines(shown, Look(), 60)]
        assert steps == ["– 5 Genre with an LSTM", "● 7.1 2D CNN 1 of 2", "– 8 Emotion by regression"]
    assert overview_of(entry, LAB).interrupted == ("7.1δ",)
    assert standing_of(entry).state is RunState.INTERRUPTED


def test_a_batch_is_seen_between_two_runs_and_not_after_it(bench: Bench) -> None:
    folder = bench.session.folder
    with BatchRecord(folder, ["5γ", "7.1δ", "7.1ε"]) as batch:
        batch.at(1)
        (seen,) = live_batches(folder)
        assert (seen.part, seen.at) == ("7.1δ", 1) and seen.pid
        assert overview_of(bench.entries()[0], LAB).live == ("then 7.1δ, 2 to run in this batch",)
    assert live_batches(folder) == ()


async def test_the_app_says_what_a_batch_runs_next_and_offers_to_stop_it(make_app: MakeApp, bench: Bench) -> None:
    with BatchRecord(bench.session.folder, ["7.1δ", "7.1ε"]) as batch:
        batch.at(1)
        async with make_app().run_test(size=SIZE) as pilot:
            await until_text(pilot, "7.1ε comes next · 2 of 2")
            await until_text(pilot, "s stop")


async def test_an_archive_becomes_a_session_and_what_is_wrong_stays_in_sight(
    tmp_path: Path, make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    archive = bench.sessions.export("demo", tmp_path).path
    (tmp_path / "broken.tgz").write_bytes(b"no archive")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the sessions")
        await pilot.press("i")
        await until_text(pilot, "Import a session")
        path, name = pilot.app.screen.query("Input")
        path.value = f"{tmp_path}/brok"
        await pilot.press("tab")
        await until(pilot, lambda: path.value.endswith("/broken.tgz"), "the whole path")
        await pilot.press("enter", "enter")
        await until_text(pilot, "damaged or not a session's export")
        path.value, name.value = str(archive), "brought"
        name.focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until_text(pilot, "brought")
    assert [len(Sessions(bench.sessions.folder).open(name).runs()) for name in ("demo", "brought")] == [1, 1]


async def test_how_far_an_import_is_stands_in_its_dialog(
    tmp_path: Path, make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, seen = bench.sessions.export("demo", tmp_path).path, threading.Event()
    whole = bench.sessions.import_archive

    def slow(path: Path, name: str | None, progress: Progress) -> Session:
        progress(12, 1_500_000, 3_000_000)
        assert seen.wait(30)
        return whole(path, name, progress)

    monkeypatch.setattr(bench.sessions, "import_archive", slow)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until_text(pilot, "import a session")
        await pilot.press("i")
        await until_text(pilot, "Import a session")
        path, name = pilot.app.screen.query("Input")
        path.value, name.value = str(archive), "brought"
        name.focus()
        try:
            await pilot.press("enter")
            await until_text(pilot, "12 files, 1.5 MB of 3.0 MB (50%)")
        finally:
            seen.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


async def test_the_list_of_sessions_may_go_while_it_is_read(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, asked, gone = bench.entries, threading.Event(), threading.Event()

    def slow() -> object:
        asked.set()
        assert gone.wait(30)
        return whole()

    monkeypatch.setattr(bench, "entries", slow)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the start")
        await until(pilot, asked.is_set, "the reading")
        await pilot.app.screen.remove_children()  # as when the app is left
        gone.set()
        await until(pilot, lambda: not any(one.group == "sessions" for one in pilot.app.workers), "the end of reading")


@pytest.mark.parametrize("colours", [{"NO_COLOR": "1"}, {"TERM": "linux"}], ids=["none", "16"])
async def test_fields_and_the_chosen_line_of_the_palette_are_told_without_a_ground_of_their_own(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, colours: dict[str, str]
) -> None:
    for name, value in {"TERM": "xterm-256color", "COLORTERM": "", **colours}.items():
        monkeypatch.setenv(name, value)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f2")
        await until_text(pilot, "import a session")
        await pilot.press("i")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen), "the dialog")
        await until(pilot, lambda: bool(pilot.app.screen.query("#field-1")), "its fields")
        field = pilot.app.screen.query_one("#field-1", Input)
        strip = field.render_line(0)
        assert strip.cell_length >= field.size.width > 40
        assert all(style is not None and style.underline for _, style, _ in strip)
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: bool(pilot.app.screen.query(CommandList)), "the palette")
        line = pilot.app.screen.query_one(CommandList).get_visual_style("option-list--option-highlighted")
        chosen = pilot.app.screen.query_one(CommandList)
        await until(pilot, lambda: bool(chosen.highlighted_option), "the actions")
        below = next(y for y, (index, _) in enumerate(chosen._lines) if index == 1)
        await until(pilot, lambda: chosen.render_line(0).text[0] == "▌", "the sign")
        assert chosen.render_line(below).text[0] == " "
        await pilot.press("down")
        await until(pilot, lambda: chosen.highlighted == 1, "the next line")
        assert (chosen.render_line(0).text[0], chosen.render_line(below).text[0]) == (" ", "▌")
        assert line.underline if "NO_COLOR" in colours else line.background != pilot.app.screen.styles.background


def test_paths_are_completed_to_folders_and_archives_alone(tmp_path: Path) -> None:
    for name in ("thesis.tar.gz", "thesis.txt", "other.tgz"):
        (tmp_path / name).touch()
    (tmp_path / "theses").mkdir()
    found = completions(f"{tmp_path}/the", Completed.ARCHIVES)
    assert [Path(one).name for one in found] == ["theses", "thesis.tar.gz"] and found[0].endswith("/")
    assert completions(f"{tmp_path}/the", Completed.FOLDERS) == found[:1]
    assert beginning_of(found) == f"{tmp_path}/thes"
    assert completions("/nowhere/at/all", Completed.FOLDERS) == [] and beginning_of([]) == ""


def test_what_comes_next_follows_from_what_is_there() -> None:
    there, missing = LabView(data_root="/d"), LabView(data_root="/d", missing=("fma_genre_spectrograms",))
    assert next_of(CNN, there) is Next.RUN
    assert next_of(CNN, missing) is Next.DATA
    assert next_of(CNN, there, ("7.1δ",)) is Next.PLAN
    expected = {
        RunState.FINISHED: Next.RESULT,
        RunState.RUNNING: Next.FOLLOW,
        RunState.FAILED: Next.AGAIN,
        RunState.INTERRUPTED: Next.RESUME,
    }
    for state, what in expected.items():
        assert next_of(CNN, LabView(parts={"7.1ε": PartView(state, "x")})) is what


def test_where_nothing_is_left_to_run_the_open_questions_are_told() -> None:
    asking = replace(CNN, question=both("Why?"))
    done = LabView(parts={CNN.id: PartView(RunState.FINISHED, "x")})
    answered = replace(done, answered=frozenset({CNN.id}))
    assert nothing_to_run((CNN,), done) == "Everything here is finished; R on a part runs it again."
    assert nothing_to_run((asking,), answered) == nothing_to_run((CNN,), done)
    one, several = nothing_to_run((asking, LAB.parts["7.1δ"]), done), nothing_to_run((asking, asking), done)
    assert one == "Nothing is left to run here; 7.1ε waits for your answer: 6 shows its question."
    assert several == "Nothing is left to run here; 2 parts wait for your answer: ! marks them."
    for text in (one, several):
        assert "απάντησή σας" in Look(language="el").say(text)


def test_the_first_part_with_something_left_to_do_is_suggested() -> None:
    assert suggested(LAB, LabView()).id == "7.1δ"
    parts = {"7.1δ": PartView(RunState.RUNNING, "x")}
    assert suggested(LAB, LabView(parts=parts)).id == "7.1ε"
    parts |= {part: PartView(RunState.FINISHED, "x") for part in ("7.1δ", "7.1ε")}
    assert suggested(LAB, LabView(parts=parts)) is None


async def test_enter_and_arrows_alone_start_a_run_and_lead_back(make_app: MakeApp, bench: Bench) -> None:
    asked: list[str] = []

    def start(part: object, **_: object) -> None:
        asked.append(part.id)  # type: ignore[attr-defined]

    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.start = start
        await until_text(pilot, "7.1δ Overfit check")
        await pilot.press("home", *["down"] * 4, "enter")
        await until_text(pilot, "↵ run")
        await pilot.press("enter")
        assert asked == ["7.1δ"]
        await pilot.press("left")
        await until_text(pilot, "↵ panel")


async def test_changed_parameters_outlive_the_app(make_app: MakeApp, bench: Bench) -> None:
    bench.create("other", None, "cpu")
    bench.open("demo")
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await press_there(pilot, "2", "down", "down", "space")
        await until_text(pilot, "*mode")
    again = Bench(bench.sessions, lab=LAB)
    again.open("other")
    assert again.drafts.get("7.1ε", {}) == {}
    again.open("demo")
    assert again.draft(CNN) == {"mode": "exact"}


async def test_without_a_session_the_report_says_where_to_go(empty_bench: Bench) -> None:
    async with WorkbenchApp(empty_bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, "No session yet.")
        await pilot.press("f6")
        await until_text(pilot, "No session is open. F2 lists the sessions.")
        assert "b build" not in screen_text(pilot.app)


@pytest.mark.parametrize(
    ("target", "keys", "place"),
    [
        ("7.1δ", ["2"], Place("7.1δ", "parameters", in_panel=True)),
        ("7.1α", ["4"], Place("7.1α", "result", in_panel=True)),
        ("7.1α", ["4", "escape"], Place("7.1α", "result")),
    ],
)
async def test_the_app_comes_back_where_it_was_left(bench: Bench, target: str, keys: list[str], place: Place) -> None:
    finished(bench.session)
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        pilot.app.go_to(target)
        await press_there(pilot, *keys)
        await until(pilot, lambda: bench.place == place, "the tab")
    again = Bench(bench.sessions, lab=LAB)
    again.open(None)
    async with WorkbenchApp(again).run_test(size=SIZE) as pilot:
        screen = pilot.app.screen
        await until(pilot, lambda: (screen.target.id, screen.panel.tab) == (place.target, place.tab), "the place")
        await until(pilot, lambda: screen.focused is not None, "the focus")
        await until(pilot, lambda: screen.panel.has_focus_within is place.in_panel, "the pane that had the keys")
        assert screen.panel.query_one(f"#{place.tab}").display and not screen.panel.query_one("#brief").display


async def test_where_one_is_is_kept_before_one_leaves(bench: Bench) -> None:
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1δ")
        await pilot.press("2")
        place = Place("7.1δ", "parameters", in_panel=True)
        await until(pilot, lambda: load_place(bench.session, LAB) == place, "the place in the session")


async def test_every_session_has_its_own_place_and_a_step_is_one(bench: Bench) -> None:
    async with WorkbenchApp(bench).run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1δ")
        await press_there(pilot, "2")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.focused is pilot.app.screen.steps, "the list")
        await pilot.press("left")
        await until(pilot, lambda: bench.place == Place("7.1"), "the step")
        bench.create("other", None, "cpu")
        pilot.app.session_changed()
        await until(pilot, lambda: bench.place == Place("7.1δ"), "the first part")
        pilot.app.open_session("demo")
        await until(pilot, lambda: pilot.app.screen.target.id == "7.1", "the step")


def test_a_place_that_cannot_be_read_is_nowhere(bench: Bench) -> None:
    for text in ("", "[]", '{"target": "77", "tab": "run"}', '{"target": "7.1", "tab": 1}'):
        (bench.session.folder / PLACE_FILE).write_text(text)
        assert load_place(bench.session, LAB) == NOWHERE
