"""Questions in the app: reading one, writing its answer, and what happens when somebody else writes it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from tui_helpers import CNN, both, part, press_there, running, screen_text, until, until_text

from labsteps.catalogue import Catalogue, Kind, Step, catalogue
from labsteps.results import Result, Value, to_json
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.tui.answers import AnswerView, Draft, Evidence
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.look import Look
from workbench.tui.standing import standing, standing_of_run, standing_of_step, state_of
from workbench.tui.views import LabView, PartView
from workbench.tui.widgets import answer as answer_widgets
from workbench.tui.widgets.answer import AnswerEditor, state_lines
from workbench.tui.widgets.panel import heading_lines
from workbench.tui.widgets.question import QuestionContent, _value_lines, note_lines, question_lines
from workbench.tui.widgets.steps import step_line
from workbench.tui.widgets.tabs import tab_line

SIZES = {"80x24": (80, 24), "160x45": (160, 45)}
SIZE = SIZES["80x24"]
QUESTION = "What do convolution and pooling do?"
ASKING = part("7.1γ", "Four operations", {Kind.QUESTION}, question=both(QUESTION), evidence=("7.1ε",))
SHOWING = part(
    "2α",
    "Time steps",
    {Kind.VIEW, Kind.QUESTION},
    function="labsteps.steps.none:run",
    question=both("How many time steps are there?"),
    evidence=("2α",),
)
LAB = Catalogue((Step("2", both("Beats"), (SHOWING,)), Step("7.1", both("2D CNN"), (ASKING, CNN))))
MakeApp = Callable[[], WorkbenchApp]


@pytest.fixture
def bench(tmp_path: Path, data_root: Path) -> Bench:
    """A bench on a small lab with two questions."""
    from workbench.store.sessions import Sessions

    made = Bench(Sessions(tmp_path / "sessions"), lab=LAB)
    made.create("demo", data_root, "cpu")
    return made


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_widgets, "SAVE_AFTER", 0.02)
    monkeypatch.setattr("workbench.tui.answers.note", lambda part, language: "A **note** of ours.")


@pytest.fixture
def session(bench: Bench) -> Session:
    assert bench.session is not None
    return bench.session


def answer_of(session: Session, part_id: str = "7.1γ") -> str:
    return session.read_answer(part_id)[0]


async def open_answer(pilot: Pilot[Any], part_id: str = "7.1γ") -> AnswerEditor:
    """Open the tab, and return the editor once what is on disk stands in it."""
    pilot.app.go_to(part_id)
    await pilot.press("6")
    await until_text(pilot, "Your answer ·")
    return pilot.app.screen.query_one(AnswerEditor)


def measured(session: Session) -> None:
    """Finish a run of 7.1ε."""
    with running(session) as (run, events):
        result = Result({"test/accuracy": Value(0.447, 0.407, 0.487)}, text="Better than chance.")
        run.write_result({"format": 1, "part": "7.1ε", "run": run.id, **to_json(result)})
        events.append("finished", seconds=6.0)


# Reading


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_the_tab_shows_question_and_editor(make_app: MakeApp, size: tuple[int, int]) -> None:
    async with make_app().run_test(size=size) as pilot:
        await open_answer(pilot)
        await until_text(pilot, "Run 7.1ε first")
        text = screen_text(pilot.app)
        assert "What do convolution" in text
        assert "No answer yet. Enter begins to write." in text
        # A long path is broken over the lines of the right pane.
        assert "7.1γ.md" in "".join(line.rpartition("│")[2].strip() for line in text.splitlines())


async def test_letters_that_come_with_the_key_that_opens_the_editor_are_its_first(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await until(pilot, lambda: getattr(pilot.app.focused, "id", "") == "question", "the question")
        for key in ("enter", "q", "1", "r"):
            pilot.app.post_message(events.Key(key, None if key == "enter" else key))
        await until(pilot, lambda: editor.text == "q1r", "the text")


async def test_an_empty_editor_says_where_the_letters_go_in_the_language_of_the_screen(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZES["80x24"]) as pilot:
        await open_answer(pilot)
        await until_text(pilot, "No answer yet. Enter begins to write.")
        await pilot.press("enter")
        await until_text(pilot, "Write the answer here; it is saved by itself.")
        pilot.app.bench.asked_language = "el"
        await pilot.press("escape")
        await until_text(pilot, "Δεν υπάρχει απάντηση ακόμη. Με enter αρχίζετε")
        await until_text(pilot, "Η απάντησή σας · 0 λέξεις · τίποτα ακόμη")


async def test_the_evidence_is_what_the_finished_runs_have_measured(make_app: MakeApp, session: Session) -> None:
    measured(session)
    async with make_app().run_test(size=SIZES["160x45"]) as pilot:
        await open_answer(pilot)
        await until_text(pilot, "accuracy .447 [.407 .487]")
        assert "Better than chance." in screen_text(pilot.app)


async def test_the_note_is_shown_on_demand_and_never_counts(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        assert "A note of ours." not in screen_text(pilot.app)
        await pilot.press("o")
        await until_text(pilot, "A note of ours.")
        assert "It never counts as your answer." in screen_text(pilot.app)
        await pilot.press("o")
        await until(pilot, lambda: "A note of ours." not in screen_text(pilot.app), "the note's end")
        assert session.answers() == {}


async def test_what_does_not_fit_is_reached_by_scrolling(make_app: MakeApp, session: Session) -> None:
    measured(session)
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        await pilot.press("o", "end")
        await until_text(pilot, "Better than chance.")


async def test_a_part_that_asks_nothing_has_no_answer_tab(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("6")
        await pilot.pause()
        assert "Answer" not in screen_text(pilot.app)


async def test_pressing_run_on_a_question_says_where_to_answer(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1γ")
        await until_text(pilot, "Press 6 to")
        await pilot.press("r")
        await until_text(pilot, "7.1γ asks for a written answer; 6 shows the question.")


# Writing


async def test_what_is_typed_is_on_disk_without_asking(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        await pilot.press("enter", *"quite so", "enter", *"r6o")
        await until(pilot, lambda: answer_of(session) == "quite so\nr6o\n", "the answer")
        await until_text(pilot, "✓ answered")
        assert "3 words · saved 0 s ago" in screen_text(pilot.app)


async def test_leaving_the_editor_saves_at_once(
    make_app: MakeApp, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_widgets, "SAVE_AFTER", 1000.0)
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await pilot.press("e", *"kept")
        assert answer_of(session) == ""
        assert "not saved yet" in screen_text(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: answer_of(session) == "kept\n", "the answer")
        assert not editor.has_focus
        assert pilot.app.screen.query_one("#question").has_focus


async def test_leaving_the_app_saves(make_app: MakeApp, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_widgets, "SAVE_AFTER", 1000.0)
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        await pilot.press("enter", *"kept", "ctrl+s", "ctrl+q")
        assert pilot.app.is_running, "ctrl+q after ctrl+s is flow control to who presses it"
        pilot.app.exit(0)
    assert answer_of(session) == "kept\n"


async def test_going_to_another_part_saves_and_shows_that_parts_answer(
    make_app: MakeApp, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_widgets, "SAVE_AFTER", 1000.0)
    session.write_answer("2α", "about 1293\n", "")
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await pilot.press("enter", *"kept")
        pilot.app.go_to("2α")
        await until(pilot, lambda: editor.text == "about 1293", "the other answer")
        await until(pilot, lambda: answer_of(session) == "kept\n", "the answer")
        assert answer_of(session, "2α") == "about 1293\n"


async def test_what_was_written_in_an_editor_elsewhere_comes_in(make_app: MakeApp, session: Session) -> None:
    version = session.write_answer("7.1γ", "first\n", "")
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await until(pilot, lambda: editor.text == "first", "the answer")
        session.write_answer("7.1γ", "second\n", version)
        await until(pilot, lambda: editor.text == "second", "the other answer")


async def test_an_answer_that_is_no_text_is_named_and_not_written_over(make_app: MakeApp, session: Session) -> None:
    file = session.answer_file("7.1γ")
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe")
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1γ")
        await pilot.press("6")
        await until_text(pilot, "not text in UTF-8")
        await pilot.press("enter", *"abc", "escape")
        await pilot.pause(0.1)
    assert file.read_bytes() == b"\xff\xfe"


# Two who write


async def conflict(pilot: Pilot[Any], session: Session) -> AnswerEditor:
    """Write an answer here and another one elsewhere, then leave the editor."""
    editor = await open_answer(pilot)
    await pilot.press("enter", *"mine")
    session.write_answer("7.1γ", "theirs\n", "")
    await pilot.press("escape")
    await until_text(pilot, "Changed elsewhere")
    await until(pilot, lambda: editor.conflict, "the choice")
    return editor


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_widgets, "SAVE_AFTER", 1000.0)


@pytest.mark.usefixtures("unhurried")
async def test_what_somebody_else_saved_is_shown_and_not_overwritten(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZES["160x45"]) as pilot:
        editor = await conflict(pilot, session)
        await until_text(pilot, "The answer on disk, which somebody else has")
        assert "nothing is overwritten" in screen_text(pilot.app)
        assert editor.text == "mine"
        await pilot.press("enter", "!", "escape")
        await pilot.pause(0.1)
        assert answer_of(session) == "theirs\n"
        assert editor.text == "mine!"


@pytest.mark.usefixtures("unhurried")
async def test_theirs_can_be_taken_and_mine_brought_back(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await conflict(pilot, session)
        await pilot.press("enter", "ctrl+t")
        await until(pilot, lambda: editor.text == "theirs", "their text")
        assert answer_of(session) == "theirs\n"
        await pilot.press("ctrl+z", "escape")
        await until(pilot, lambda: answer_of(session) == "mine\n", "my text")


async def test_a_long_text_that_was_pasted_can_be_taken_back(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await pilot.press("enter")
        pilot.app.post_message(events.Paste("\n".join(f"line {number}" for number in range(60))))
        await until_text(pilot, "line 59")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not editor.text, "the paste taken back")
        await pilot.press("ctrl+y", "escape")
        await until(pilot, lambda: answer_of(session).endswith("line 59\n"), "the paste put back")


@pytest.mark.usefixtures("unhurried")
async def test_mine_can_be_kept(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await conflict(pilot, session)
        await pilot.press("enter", "ctrl+o")
        await until(pilot, lambda: answer_of(session) == "mine\n", "my text")
        await until(pilot, lambda: "Changed elsewhere" not in screen_text(pilot.app), "the end of the conflict")


@pytest.mark.usefixtures("unhurried")
async def test_the_choice_is_offered_only_where_there_are_two_texts(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        await pilot.press("enter", *"ab", "ctrl+t", "ctrl+o")
        assert "theirs" not in screen_text(pilot.app).splitlines()[-1]
        await pilot.press("escape")
        await until(pilot, lambda: answer_of(session) == "ab\n", "the answer")


@pytest.mark.usefixtures("unhurried")
async def test_a_text_in_conflict_is_kept_beside_when_the_app_is_left(
    make_app: MakeApp, session: Session, bench: Bench
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await conflict(pilot, session)
        await pilot.press("q")
    assert answer_of(session) == "theirs\n"
    (kept,) = session.answer_file("7.1γ").parent.glob("7.1γ.unsaved-*.txt")
    assert kept.read_text() == "mine\n"
    assert str(kept) in bench.last_words[0]
    assert session.answers() == {"7.1γ": "theirs\n"}
    async with make_app().run_test(size=SIZE) as pilot:
        await open_answer(pilot)
        await until_text(pilot, "! A text that found no place is in")


def test_an_older_picture_of_the_disk_does_not_take_back_what_was_saved(session: Session) -> None:
    old = AnswerView("7.1γ", file=session.answer_file("7.1γ"), read_at=0.0)
    draft = Draft(session, old)
    draft.text = "new"
    draft.save()
    assert not draft.follow(old)
    assert draft.text == "new" and not draft.dirty


def test_a_text_that_cannot_be_saved_says_why_and_is_not_given_up(session: Session) -> None:
    draft = Draft(session, AnswerView("7.1γ"))
    session.answer_file("7.1γ").parent.write_text("a file in the way")
    draft.text = "new"
    draft.save()
    assert draft.dirty
    assert "Not saved" in state_lines(draft, "", Look(), 200, 0.0)[0].plain


# Where a part stands


def standings(view: LabView) -> tuple[str, str]:
    here = standing(ASKING, view, Look()), standing(SHOWING, view, Look())
    return f"{here[0].sign} {here[0].word}", f"{here[1].sign} {here[1].word}"


def test_a_question_is_to_answer_and_then_answered() -> None:
    assert standings(LabView())[0] == "! to answer"
    assert standings(LabView(answered=frozenset({"7.1γ"})))[0] == "✓ answered"


def test_a_finished_part_with_an_open_question_says_in_sign_and_word_that_it_needs_you() -> None:
    done = {"2α": PartView(RunState.FINISHED, "x")}
    assert standings(LabView())[1] == "· not started"
    assert standings(LabView(parts=done))[1] == "! to answer"
    built_on = standing_of_run(SHOWING, LabView(parts=done), Look())
    assert f"{built_on.sign} {built_on.word}" == "✓ finished"
    assert standings(LabView(parts=done, answered=frozenset({"2α"})))[1] == "✓ finished"


def test_a_step_whose_runs_are_finished_needs_you_for_its_questions() -> None:
    step = LAB.steps[1]
    done = {"7.1ε": PartView(RunState.FINISHED, "x")}
    signs = [standing_of_step(step, view, Look())[0] for view in (LabView(), LabView(parts=done))]
    assert signs == ["·", "!"]
    assert step_line(step, LabView(parts=done), Look(), short=False)[1].plain == "1 to answer"
    assert heading_lines(step, LabView(parts=done), Look(), 60)[0].plain.endswith("! 1 to answer")
    scored = LabView(parts={"7.1ε": PartView(RunState.FINISHED, "x", ".447")})
    assert step_line(step, scored, Look(), short=False)[1].plain == "1 to answer    .447"
    assert step_line(step, scored, Look(), short=True)[1].plain == "1 to answer"
    assert heading_lines(step, LabView(), Look(), 60)[0].plain.endswith("· 0 of 2 finished")
    assert standing_of_step(step, LabView(parts=done, answered=frozenset({"7.1γ"})), Look())[0] == "✓"
    assert state_of(ASKING, LabView()) is None


async def test_the_list_follows_an_answer_written_elsewhere(make_app: MakeApp, session: Session) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1γ")
        await until_text(pilot, "! γ Four opera")
        session.write_answer("7.1γ", "done\n", "")
        await until_text(pilot, "✓ γ Four opera")


# Text


def test_a_notes_lists_and_words_are_set_off() -> None:
    lines = note_lines("A *few* words\nin two rows.\n\n- **one** thing\n- another that is long", Look(), 20)
    assert [line.plain for line in lines] == [
        "A few words in two",
        "rows.",
        "",
        "- one thing",
        "- another that is",
        "  long",
    ]


def test_the_evidence_says_when_it_is_of_other_data() -> None:
    view = AnswerView("7.1γ", evidence=(Evidence("7.1ε", Result({"test/accuracy": Value(0.4)}), current=False),))
    text = "\n".join(line.plain for line in question_lines(QuestionContent(ASKING, view, LAB), Look(), 100))
    assert "From other data than those the session has now." in text
    assert "accuracy .400" in text


def test_all_six_tabs_fit_on_eighty_columns() -> None:
    tabs = ("brief", "parameters", "run", "result", "log", "answer")
    assert "[Answer]" in tab_line(tabs, "answer", 48, Look(), here=False).plain
    assert "  Log  " in tab_line(tabs, "answer", 60, Look(), here=False).plain


async def test_nothing_in_an_answer_reaches_the_terminal_as_a_command(make_app: MakeApp, session: Session) -> None:
    session.write_answer("7.1γ", "red \x1b[31m and \x07\n", "")
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        await until(pilot, lambda: "red" in editor.text, "the answer")
        await until_text(pilot, "red ?[31m and ?")
        assert "\x1b" not in screen_text(pilot.app)
        await pilot.press("enter", "x", "escape")
        await until(pilot, lambda: answer_of(session).endswith("x\n"), "the answer")
        assert "\x1b[31m" in answer_of(session)


# Pictures


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_answer(
    snap_compare: Callable[..., bool], bench: Bench, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    result = Result({"test/accuracy": Value(0.447, 0.407, 0.487)}, text="Better than chance.")
    view = LabView(
        "demo",
        "/data/music",
        "cpu (auto)",
        "7.1γ",
        {"7.1ε": PartView(RunState.FINISHED, "x", ".447")},
        answered=frozenset({"7.1γ"}),
        answer=AnswerView(
            "7.1γ",
            "Convolution slides kernels over the spectrogram; pooling halves it.\n",
            "v1",
            999_940.0,
            Path("/home/user/sessions/demo/answers/7.1γ.md"),
            (Evidence("7.1ε", result),),
            "A **note** of ours.",
        ),
    )
    monkeypatch.setattr("workbench.tui.views.Reader.read", lambda *_: view)
    monkeypatch.setattr("workbench.tui.app.first_view", lambda _: view)
    monkeypatch.setattr(Bench, "last_part", lambda _: "7.1γ")
    assert view.answer is not None
    file = view.answer.file
    monkeypatch.setattr(Session, "answer_file", lambda *_: file)
    monkeypatch.setattr(Draft, "save", lambda _: None)
    app = WorkbenchApp(bench)
    app.clock = lambda: 1_000_000.0

    async def press(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1γ")
        await press_there(pilot, "6", "o", "enter")
        await until_text(pilot, "saved 1 min ago")
        await until_text(pilot, "esc done")
        await pilot.pause(0.1)

    assert snap_compare(app, terminal_size=size, run_before=press)


def test_a_value_of_the_evidence_is_never_cut() -> None:
    part = catalogue().parts["6α"]
    values = {spec.name: Value(-0.123456, low=-0.2, high=-0.1) for spec in part.values}
    for width in (30, 46, 60):
        lines = [line.plain for line in _value_lines(part, Result(values=values), Look(), width)]
        assert max(map(len, lines)) <= width and "…" not in "".join(lines)
        assert sum(line.count("-.123 [-.200 -.100]") for line in lines) == len(values)
