"""What is too long for its place is broken, or cut between words, and what is out of sight is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tui_helpers import CNN, LAB, both, screen_text, until, until_text, view_of_live_run

from labsteps.catalogue import Catalogue, ValueSpec
from labsteps.greek import greek
from labsteps.parameter import Parameter
from labsteps.results import Axis, Bars, Column, Panels, Result, Scatter, Series, Table, Value
from workbench.commands.doctor import _terminal
from workbench.plots.style import Style
from workbench.plots.terminal import draw
from workbench.plots.text import fit_words
from workbench.store.run import RunState
from workbench.tui.answers import AnswerView, Evidence
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.look import Look
from workbench.tui.screens.command import _broken
from workbench.tui.views import ResultView
from workbench.tui.widgets.answer import AnswerEditor
from workbench.tui.widgets.parameters import ParameterList
from workbench.tui.widgets.question import QuestionContent, evidence_lines
from workbench.tui.widgets.result import table_lines, value_lines
from workbench.tui.widgets.run import failure_lines

MakeApp = Callable[[], WorkbenchApp]
LOOK = Look()
PLAIN = Style(depth="none")


def test_a_number_and_its_interval_stay_on_one_line_and_the_names_of_values_are_whole() -> None:
    specs = (
        ValueSpec("a", both("LSTM: squared error, valence"), digits=4),
        ValueSpec("b", both("largest difference that padding makes")),
        ValueSpec("c", both("macro-F1")),
    )
    values = {"a": Value(0.0227, 0.0105, 0.0388), "b": Value(5e-4), "c": Value(None, reason="one class has no clip")}
    view = ResultView(CNN.id, "run", Path("/runs/run"), Result(values=values), {}, 0.0)
    lines = [line.plain.rstrip() for line in value_lines(view, replace(CNN, values=specs), LOOK, 46, "now")]
    assert any(line.endswith(".0227 [.0105 .0388]") for line in lines)
    assert "largest difference that" in lines[2] and lines[3] == "  padding makes"
    assert "…" not in "".join(lines)


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_settings_of_a_comparison_are_its_own_where_its_models_had_others(language: str) -> None:
    look = Look(language=language)

    def told(text: str) -> str:
        result = Result(values={"a": Value(0.5)}, text=greek(text) if language == "el" else text)
        return value_lines(ResultView(CNN.id, "run", Path("/r"), result, {}, 0.0), CNN, look, 90, "now")[-2].plain

    usual, own = "with default settings", "this part's own settings are the defaults"
    assert told("Best epoch 2 of 3.").endswith(look.say(usual))
    assert told("Not trained with the default settings: 5δ (epochs 2).").endswith(look.say(own))


def test_advice_of_a_command_is_broken_below_itself() -> None:
    advice = f"{'':<22}→ other work runs here; runs will be slower and timings worse"
    lines = [line.plain for line in _broken(advice, LOOK, 60)]
    assert len(lines) == 2 and all(len(line) <= 60 for line in lines)
    assert lines[1].startswith(" " * 22) and lines[1].strip() in advice and " ".join(lines).split() == advice.split()
    assert [line.plain for line in _broken("a  b", LOOK, 60)] == ["a  b"]


def test_the_doctor_tells_the_size_of_the_terminal_and_not_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "69")
    monkeypatch.setenv("LINES", "24")
    assert "69×24" in next(_terminal()).text
    monkeypatch.setenv("WORKBENCH_TERMINAL_SIZE", "80x24")
    assert "80×24" in next(_terminal()).text


async def test_the_palette_names_the_key_of_the_action_alone(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p", *"show brief")
        await until_text(pilot, "Show what the part is. (1)")


def test_a_title_is_cut_between_words_and_never_inside_a_number() -> None:
    assert fit_words("PCA in 2D: 51 % of the variance", 13) == "PCA in 2D…"
    assert fit_words("PCA in 2D", 13) == "PCA in 2D"
    assert fit_words("Precision of models", 10) == "Precision…"
    assert fit_words("Spectrogramme", 6) == "Spect…"
    assert all(len(fit_words("a long title of 51 % here", width)) <= width for width in range(30))


def test_a_title_that_takes_two_lines_leaves_no_word_alone() -> None:
    title = "LSTM 5ζ beat mel+chroma, PCA in 2D: 51 %"
    points = Scatter(title, Axis("x"), Axis("y"), (0.0, 1.0), (0.0, 1.0), ("a", "b"), ())
    high = draw(points, 39, 20, style=PLAIN).plain.splitlines()
    assert high[:2] == ["LSTM 5ζ beat mel+chroma,", "PCA in 2D: 51 %"]
    assert draw(points, 39, 10, style=PLAIN).plain.splitlines()[0] == "LSTM 5ζ beat mel+chroma, PCA in 2D…"


def test_how_many_panels_are_missing_is_not_written_over_the_title() -> None:
    points = Scatter("panel", Axis("x"), Axis("y"), (0.0, 1.0), (0.0, 1.0), ("a", "b"), ())
    figure = Panels("The best and the worst model of step 5 first, side by side", (points,) * 6, 3)
    first = draw(figure, 46, 14, style=PLAIN).plain.splitlines()[0]
    assert first == "The best and the worst model of step…  +5 more"


async def test_the_heading_of_the_parameters_stays_in_sight(bench: Bench) -> None:
    many = tuple(Parameter(f"setting_{i:02}", i, both("one of many"), 0, 99) for i in range(30))
    cnn = replace(CNN, parameters=many)
    steps = [replace(step, parts=tuple(cnn if one is CNN else one for one in step.parts)) for step in LAB.steps]
    bench.lab = Catalogue(tuple(steps))
    async with WorkbenchApp(bench).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"7.1ε", "enter", "2")
        await until_text(pilot, "setting_00")
        own = pilot.app.screen.query_one(ParameterList)
        own.choose(29)
        await until_text(pilot, "setting_29")
        assert "default" in next(line for line in screen_text(pilot.app).splitlines() if "name" in line)
        assert "setting_00" not in screen_text(pilot.app)
        top = round(own.scroll_offset.y)
        # Going up, a line is in sight before the heading would cover it.
        own.choose(top - 1)
        await until(pilot, lambda: own.scroll_offset.y < top, "the line below the heading")
        await until_text(pilot, f"setting_{top - 1:02}")


async def test_finding_covers_no_line_of_the_pane(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await until_text(pilot, "not started")
        before = screen_text(pilot.app).splitlines()[:-1]
        await pilot.press("slash")
        await until_text(pilot, "find:")
        assert screen_text(pilot.app).splitlines()[:-1] == before


@pytest.mark.parametrize("colours", [{"NO_COLOR": "1"}, {"TERM": "linux", "COLORTERM": ""}], ids=["none", "16"])
async def test_what_is_to_be_written_looks_other_than_what_was(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, colours: dict[str, str]
) -> None:
    for name, value in colours.items():
        monkeypatch.setenv(name, value)
    async with make_app().run_test(size=(80, 24)) as pilot:
        style = pilot.app.screen.query_one(AnswerEditor).get_visual_style("text-area--placeholder")
        assert style.italic


def test_a_failure_is_told_once_and_without_the_name_of_its_class() -> None:
    why = "/data/train: 268 problems with the data, the first: 28505.npy: is empty"
    snapshot = replace(view_of_live_run().snapshot, state=RunState.FAILED, reason=why)
    text = " ".join(line.plain for line in failure_lines(snapshot, [f"DataError: {why}"] * 3, LOOK, 200))
    assert text.count("268 problems") == 1 and "DataError" not in text
    more = " ".join(line.plain for line in failure_lines(snapshot, ["a warning", f"DataError: {why}"], LOOK, 200))
    assert "a warning" in more


def test_a_table_whose_columns_go_on_below_says_so_with_the_key() -> None:
    table = Table("Models", tuple(Column(f"column {i}") for i in range(4)), ((1.0,) * 4,) * 9)
    assert table_lines(table, LOOK, 32, 12)[0].plain.startswith("3 of 4 columns; page down")
    assert table_lines(table, LOOK, 32, 60)[0].plain == table_lines(table, LOOK, 80, 9)[0].plain == "Models"
    assert table_lines(table, replace(LOOK, language="el"), 46, 12)[0].plain == "Models"
    greek = " ".join(line.plain for line in table_lines(table, replace(LOOK, language="el"), 32, 12)[:2])
    assert greek == "3 από 4 στήλες· page down για τις άλλες"


def test_the_heading_of_bars_takes_two_lines_where_one_is_too_short() -> None:
    bars = Bars(
        "Accuracy",
        Axis("model"),
        Axis("accuracy"),
        ("5γ mel", "5δ beat mel"),
        tuple(Series(name, (0.0, 1.0), (0.6, 0.4)) for name in ("LSTM", "classical", "majority class")),
    )
    lines = draw(bars, 70, 16, style=PLAIN).plain.splitlines()
    assert "…" not in "".join(lines) and "classical," in lines[1] and lines[2].count("accuracy") == 3
    assert len(draw(bars, 70, 4, style=PLAIN).plain.splitlines()) <= 4


def test_titles_of_evidence_are_whole() -> None:
    specs = tuple(ValueSpec(name, both(f"classical beat mel+chroma: {name}")) for name in ("accuracy", "macro-F1"))
    result = Result(values={spec.name: Value(0.644, 0.54, 0.747) for spec in specs})
    cnn = replace(CNN, values=specs)
    lab = Catalogue((replace(LAB.steps[1], parts=(cnn,)),))
    view = AnswerView(cnn.id)
    evidence = Evidence(cnn.id, result)
    lines = [line.plain for line in evidence_lines(evidence, QuestionContent(cnn, view, lab), LOOK, 46)]
    text = " ".join(" ".join(lines).split())
    assert "…" not in text and "accuracy .644 [.540 .747]" in text and "macro-F1 .644 [.540 .747]" in text
    assert all(len(line) <= 46 for line in lines)
