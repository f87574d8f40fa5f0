"""The lab screen, driven by keys over runs that are on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tui_helpers import finished, press_there, record, running, screen_text, until, until_highlighted, until_text

from labsteps.catalogue import Part
from labsteps.errors import DataError
from workbench.runner.jobs import Found
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench, Started
from workbench.tui.screens.compare import CompareScreen
from workbench.tui.screens.lab import LabScreen
from workbench.tui.widgets.panel import PartPanel
from workbench.tui.widgets.steps import StepList

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def test_the_app_begins_at_the_first_part_that_can_be_run(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        assert "7.1δ Overfit check" in screen_text(pilot.app)


async def test_the_app_begins_at_the_part_that_ran_last(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished. Press 4 for the result")
        assert "7.1ε Genre from mel" in screen_text(pilot.app)


async def test_the_app_speaks_the_language_that_it_was_asked_for(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    bench.asked_language = "el"
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Είναι έτοιμο. Πατήστε 4")
        text = screen_text(pilot.app)
        assert "Ρυθμίσεις Πορεία Τιμές Μηνύματα Λίστα" in " ".join(text.replace("]", "] ").split())
        assert "? βοήθεια  q έξοδος" in text


@pytest.mark.parametrize("down, up, into, out", [("down", "up", "right", "left"), ("j", "k", "l", "h")])
async def test_arrows_and_vim_keys_walk_the_steps(make_app: MakeApp, down: str, up: str, into: str, out: str) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        steps = pilot.app.screen.query_one(StepList)
        await pilot.press("home")
        assert steps.chosen.id == "5"
        await pilot.press(into, down)
        assert steps.chosen.id == "5α"
        await pilot.press(out)
        assert steps.chosen.id == "5"
        await pilot.press(down)
        assert steps.chosen.id == "7.1"
        await pilot.press(up)
        assert steps.chosen.id == "5"


async def test_parts_are_told_apart_by_sign_and_word(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    bench.session.create_run(record(bench.session, "7.1δ"))
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "✓ ε")
        text = screen_text(pilot.app)
        lines = {line[5:6]: line for line in text.splitlines() if line[1:5].strip() and line[:3].strip() in ("", "▌")}
        assert "– α" in text and "not built yet" in lines["α"]
        assert "✓" in lines["ε"]
        assert "waiting" in lines["δ"]
        assert ".447" in text


async def test_a_part_that_is_not_built_says_so(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("home", "enter", "down")
        await until_text(pilot, "5α The LSTM")
        await until_text(pilot, "This part is not built yet")
        await pilot.press("r")
        await until_text(pilot, "! 5α (The LSTM) is not built yet")


async def test_a_question_says_that_answering_comes_later(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1γ")
        await until_text(pilot, "workbench comes in a later version")


async def test_a_session_without_data_says_which_key_to_press(make_app: MakeApp, bench: Bench) -> None:
    bench.create("bare", None, "cpu")
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "no data yet: press d")
        await until_text(pilot, "There is no data yet. Press d")
        await pilot.press("r")
        await until_text(pilot, "7.1δ needs data, and this session has none")


async def test_the_data_folder_is_chosen_and_a_wrong_one_refused(
    make_app: MakeApp, bench: Bench, data_root: object
) -> None:
    bench.create("bare", None, "cpu")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("d", *"/nowhere", "enter")
        await until_text(pilot, "there is no such folder")
        pilot.app.screen.query("Input").first().value = str(data_root)
        await pilot.press("enter")
        await until_text(pilot, "The data folder is chosen.")
        assert bench.session.data_root == data_root


async def test_what_a_path_can_become_is_told_below_it_and_tab_puts_in_what_is_sure(
    make_app: MakeApp, tmp_path: Path
) -> None:
    for name in ("thesis", "theory"):
        (tmp_path / name).mkdir()
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("d")
        await until_text(pilot, "Data of this session")
        field = pilot.app.screen.query("Input").first()
        field.value = f"{tmp_path}/t"
        await until_text(pilot, "theory/")
        assert "thesis/" in screen_text(pilot.app)
        await pilot.press("tab")
        await until(pilot, lambda: field.value == f"{tmp_path}/the", "what both have in common")


@pytest.mark.parametrize("key, text", [("1", "What genre"), ("2", "learning_rate"), ("3", "Nothing has run here")])
async def test_each_tab_opens_by_its_number(make_app: MakeApp, key: str, text: str) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press(key)
        await until_text(pilot, text)


@pytest.mark.parametrize("key, text", [("4", "There is no result yet. Press r"), ("5", "There are no messages yet.")])
async def test_empty_tabs_say_which_key_to_press(make_app: MakeApp, key: str, text: str) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await until_text(pilot, text)


async def test_a_value_out_of_range_is_refused_with_the_range(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.focused.id == "parameter-list", "the list's focus")
        await pilot.press("enter", *"99999", "enter")
        await until_text(pilot, "it takes a whole number")
        assert bench.settings(bench.lab.parts["7.1ε"])["epochs"] == 30
        await pilot.press("escape")
        assert "it takes a whole number" not in screen_text(pilot.app)


async def test_a_changed_value_is_marked_and_taken_by_the_next_run(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[dict[str, object]] = []

    def start(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        taken.append(bench.settings(part))
        return Started("none", Found.NEW)

    monkeypatch.setattr(bench, "start", start)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.focused.id == "parameter-list", "the list's focus")
        await pilot.press("enter", "5", "enter")
        await until_text(pilot, "▌*epochs")
        await pilot.press("down", "down", "space", "r")
        await until(pilot, lambda: bool(taken), "the start")
        assert taken == [{"epochs": 5, "learning_rate": 1e-3, "mode": "exact", "crop_frames": 256}]
        # The start leads to the run's tab once it is known of.
        await until(pilot, lambda: pilot.app.screen.query_one(PartPanel).tab == "run", "the run's tab")
        await press_there(pilot, "2", "X")
        await until(pilot, lambda: bench.draft(bench.lab.parts["7.1ε"]) == {}, "the values as they were")


async def test_choices_are_gone_through_with_arrows_while_editing(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.focused.id == "parameter-list", "the list's focus")
        await pilot.press("down", "down", "enter", "down", "down", "enter")
        await until(pilot, lambda: bench.draft(bench.lab.parts["7.1ε"]) == {"mode": "fast"}, "the last choice")
        await until(pilot, lambda: pilot.app.focused.id == "parameter-list", "the list's focus")
        await pilot.press("x")
        await until(pilot, lambda: bench.draft(bench.lab.parts["7.1ε"]) == {}, "the default")


async def test_run_makes_a_run_and_starts_its_worker(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = []
    monkeypatch.setattr("workbench.runner.launch.launch", lambda run, **_: launched.append(run))
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("r")
        await until_text(pilot, "7.1δ runs; it goes on if you leave.")
        await until(pilot, lambda: pilot.app.screen.query_one(PartPanel).tab == "run", "the run's tab")
    assert [run.id for run in bench.session.runs()] == [launched[0].id]
    assert launched[0].record["part"] == "7.1δ"


async def test_a_finished_part_is_shown_and_only_repeated_when_forced(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def start(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        asked.append(force)
        return Started(run.id, Found.NEW if force else Found.FINISHED)

    run = finished(bench.session)
    monkeypatch.setattr(bench, "start", start)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("r")
        await until_text(pilot, "[values]")
        assert "is finished with these settings; R runs it again" in screen_text(pilot.app)
        await pilot.press("R")
        await until(pilot, lambda: len(asked) == 2, "the repetition")
    assert asked == [False, True]


async def test_why_a_run_cannot_start_stays_in_sight(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(part: Part, *, force: bool = False, profile: bool = False) -> Started:
        raise DataError("/data/x.npy: cut off; copy it again")

    monkeypatch.setattr(bench, "start", start)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("r")
        await until_text(pilot, "! /data/x.npy: cut off; copy it again")
        await pilot.press("3")
        await until(pilot, lambda: screen_text(pilot.app).count("/data/x.npy: cut off") == 2, "the reason")


async def test_escape_leads_back_from_full_width_to_the_list(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "2D CNN" not in screen_text(pilot.app), "the full width")
        await pilot.press("escape")
        await until_text(pilot, "2D CNN")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.focused.id == "steps", "the list's focus")


async def test_leaving_leaves_the_run(make_app: MakeApp, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    from workbench.tui.start import say_what_goes_on

    with running(bench.session) as (run, _):
        app = make_app()
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("q")
        assert app.return_code == 0
        assert run.state.live
        assert not (run.path / "control.json").exists()
        say_what_goes_on(bench)
    assert capsys.readouterr().out == "7.1ε goes on in session demo; python -m workbench to see it\n"


async def test_a_run_that_cannot_be_read_is_named_and_hides_no_other(make_app: MakeApp, bench: Bench) -> None:
    broken = finished(bench.session, "7.1δ")
    finished(bench.session)
    (broken.path / "run.json").write_text("{")
    async with make_app().run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "run.json" in screen_text(pilot.app).replace("\n ", ""), "the name of the file")
        await until_text(pilot, ".447")


async def test_a_terminal_too_small_is_told_how_large_it_has_to_be(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(50, 12)) as pilot:
        await until_text(pilot, "60x15 or")
        await pilot.resize_terminal(80, 24)
        await until_text(pilot, "2D CNN")


async def test_one_pane_at_a_time_where_two_do_not_fit(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(64, 20)) as pilot:
        await until_text(pilot, "Emotion by regression")
        assert "Brief" not in screen_text(pilot.app)
        await pilot.press("enter")
        await until_text(pilot, "Brief")
        assert "Emotion by regression" not in screen_text(pilot.app)
        await pilot.press("escape")
        await until_text(pilot, "Emotion by regression")


async def test_ascii_terminals_get_nothing_else(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        for keys in (("1",), ("2",), ("3",), ("4",), ("tab",), ("tab",), ("5",), ("question_mark",)):
            await pilot.press(*keys)
            await pilot.pause()
            text = screen_text(pilot.app)
            assert text.isascii(), [line for line in text.splitlines() if not line.isascii()]
        await pilot.press("escape")
        await until_text(pilot, "7.1e Genre")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("ctrl+p",), "Search for commands"),
        (("ctrl+p", *"open"), "(enter)"),
        (("ctrl+p", *"zqx"), "Nothing of this name."),
        (("slash", *"zqx"), "not there:"),
        (("2", "enter", *"xyz"), "xyz"),
        (("d",), "the folder that holds"),
        (("A",), "The whole lab"),
        (("7", "n"), "Note on a run"),
        (("7", "x"), "It is in the trash"),
        (("7", "question_mark"), "Every run of this part"),
        (("f2", "n"), "New session"),
        (("f3",), "processor"),
        (("f4", "w"), "No run has warned"),
        (("f5", "enter"), "value"),
        (("f6",), "web page"),
    ],
)
async def test_no_page_or_dialog_has_more_than_ascii(
    keys: tuple[str, ...], text: str, make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "finished")
        for key in keys:
            await press_there(pilot, key)
            if key == "f5":
                await until_text(pilot, "palette")
        await until_text(pilot, text)
        shown = screen_text(pilot.app)
        assert shown.isascii(), [line for line in shown.splitlines() if not line.isascii()]


async def test_help_lists_the_keys_of_the_pane_in_focus(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")  # the other part has no settings to change
        await press_there(pilot, "2", "question_mark")
        await until_text(pilot, "The part's settings.")
        assert "Change the parameter's value." in screen_text(pilot.app)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, LabScreen)


async def test_the_palette_finds_parts_and_actions(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await until_text(pilot, "Run or resume the part")
        await pilot.press(*"valence")
        await until_highlighted(pilot, "8β Valence")
        assert "Go to this part." in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until(pilot, lambda: pilot.app.screen.target.id == "8β", "the part")


async def test_the_palette_finds_greek_words_without_their_accents(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    bench.session.update(language="el")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p", *"βοηθεια")
        await until_highlighted(pilot, "Βοήθεια")


async def test_the_palette_finds_what_another_tab_of_the_part_does(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    for epochs in (3, 7):
        finished(bench.session, epochs=epochs)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, ".447")
        await pilot.press("ctrl+p", *"compare")
        await until_highlighted(pilot, "Compare")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")


async def test_the_palette_puts_a_command_before_parts_that_only_have_its_letters(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p", *"compare")
        await until_highlighted(pilot, "help compare")


async def test_colours_change_and_the_screen_can_be_drawn_anew(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "Press r to run it")
        before = screen_text(pilot.app)
        await pilot.press("f9", "ctrl+l")
        assert pilot.app.theme == "workbench-light"
        assert screen_text(pilot.app) == before
