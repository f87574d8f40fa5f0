"""The report as text: in the app, and as the command prints it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from report.report_tools import finish, genre_result, session_at
from tui_helpers import screen_text, until, until_text, until_there

from labsteps.results import Column, Table
from workbench.plots.style import Style
from workbench.report.content import Heading, report_of
from workbench.report.document import Member
from workbench.report.preview import Piece, draw, from_plain, pieces_of, to_plain
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.children import ChildError
from workbench.tui.screens import report, report_preview
from workbench.tui.screens.report import ReportScreen, SectionList
from workbench.tui.screens.report_preview import PreviewView, ReportPreviewScreen

MakeApp = Callable[[], WorkbenchApp]
ANSWER = "Οι συνελίξεις είναι τοπικές.\n  #panic(1) \x1b[31m <b>\n\nshalom שלום " + "w" * 300


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Piece]]:
    session = session_at(tmp_path_factory.mktemp("preview"))
    finish(session, "5γ", genre_result(0.5))
    finish(session, "7.1ε", genre_result(0.6))
    session.write_answer("7.1γ", ANSWER, "")
    heading = Heading((Member("Μαρία", "031"),))
    return {language: pieces_of(report_of(session, heading, language)) for language in ("en", "el")}


@pytest.fixture
def asked(pieces: dict[str, list[Piece]], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let the commands of both screens answer at once, and return what was asked."""
    words_seen: list[list[str]] = []

    async def answer(words: list[str]) -> object:
        words_seen.append(list(words))
        if words[1] == "check":
            return {"findings": []}
        return {"pieces": [to_plain(one) for one in pieces[words[words.index("--lang") + 1]]]}

    monkeypatch.setattr(report, "answer_of", answer)
    monkeypatch.setattr(report_preview, "answer_of", answer)
    return words_seen


def text_of(pieces: list[Piece], width: int, *, unicode: bool = True) -> str:
    return "\n".join(line.plain.rstrip() for line, _ in draw(pieces, width, Style("none", unicode=unicode)))


@pytest.mark.parametrize("width", [60, 80, 160])
def test_no_line_is_wider_than_the_screen_and_no_column_is_lost(pieces: dict[str, list[Piece]], width: int) -> None:
    table = Table("wide", tuple(Column(f"number {i}") for i in range(12)), (tuple(i / 7 for i in range(12)),), "a note")
    found = draw([*pieces["el"], Piece("table", table=table)], width, Style("none"))
    assert max(line.cell_len for line, _ in found) <= width
    shown = "\n".join(line.plain for line, _ in found)
    assert "Not shown" not in shown and "number 11" in shown and shown.count("a note") == 1


def test_the_text_tells_results_answers_and_what_is_open_as_the_pages_do(pieces: dict[str, list[Piece]]) -> None:
    text = text_of(pieces["en"], 80)
    assert ".600 [.500 .700]" in text and "Table 1: Genre: every model on its test set" in text
    assert "[Figure 3: 5γ: Loss]" in text and "Question 7.1γ: " in text and "Not answered yet." in text
    assert "#panic(1) \\x1b[31m <b>" in text.replace("\x1b", "\\x1b") and "\x1b" not in text
    greek = text_of(pieces["el"], 80)
    assert "Ερώτηση 7.1γ: " in greek and "Βήμα 5: " in greek and "Question" not in greek


def test_a_terminal_without_unicode_gets_none(pieces: dict[str, list[Piece]]) -> None:
    assert text_of(pieces["en"], 80, unicode=False).isascii()


def test_pieces_survive_their_way_through_json(pieces: dict[str, list[Piece]]) -> None:
    assert [from_plain(to_plain(one)) for one in pieces["el"]] == pieces["el"]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_preview_begins_at_the_chosen_section_and_can_be_searched(
    make_app: MakeApp, asked: list[list[str]], size: tuple[int, int]
) -> None:
    async with make_app().run_test(size=size) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "nothing missing")
        await pilot.press("down")
        step = pilot.app.screen.query_one(SectionList).chosen
        assert step is not None and step.step.id == "7.1"
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportPreviewScreen), "the preview")
        await until_text(pilot, "Step 7.1: 2D CNN")
        view = await until_there(pilot, PreviewView)
        await until(pilot, lambda: view.scroll_y > 0, "the section")
        assert "Genre with an LSTM" not in screen_text(pilot.app)
        await pilot.press("slash", *"Hochreiter")
        await until_text(pilot, "Long short-term memory")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportPreviewScreen), "the preview again")
        before = view.scroll_y
        await pilot.press("N")
        await until(pilot, lambda: view.scroll_y < before, "the heading before")
        await pilot.press("home")
        await until_text(pilot, "Laboratory exercise 2")
        await pilot.press("n")
        await until(pilot, lambda: view.scroll_y > 0, "the next heading")
        before = len(asked)
        await pilot.press("r")
        await until(pilot, lambda: [one[:2] for one in asked[before:]] == [["report", "preview"]], "another reading")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen), "the sections")
    assert [words[1] for words in asked] == ["check", "preview", "preview"]


async def test_the_preview_is_in_the_language_of_the_app(
    make_app: MakeApp, bench: Bench, asked: list[list[str]]
) -> None:
    bench.asked_language = "el"
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "πλήρες")
        await pilot.press("p")
        await until_text(pilot, "Βήμα 5: Είδος μουσικής")


async def test_a_report_that_cannot_be_read_says_why(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(words: list[str]) -> object:
        raise ChildError("answers/1d.md is not text")

    monkeypatch.setattr(report, "answer_of", refuse)
    monkeypatch.setattr(report_preview, "answer_of", refuse)
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportPreviewScreen), "the preview")
        await until_text(pilot, "answers/1d.md is not text")


def test_the_command_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from workbench.cli import main

    finish(session_at(tmp_path), "5γ", genre_result(0.5))
    folder = str(tmp_path / "sessions")
    assert main(["--sessions-dir", folder, "report", "preview", "--session", "mine", "--lang", "el"]) == 0
    assert ".500 [.400 .600]" in capsys.readouterr().out
