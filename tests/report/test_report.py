"""The report of a session: what it says, its files, its check, and the zip."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from report_tools import finish, genre_result, session_at

from labsteps.catalogue import catalogue
from labsteps.errors import DataError, UsageError
from labsteps.other_settings import sentence
from labsteps.results import Result, Value
from workbench.cli import main
from workbench.commands.report import members_of
from workbench.plots import png
from workbench.report import submit as handing_in
from workbench.report.build import EditedSourceError, build, build_web, heading_of, make_pdf
from workbench.report.check import Kind, check
from workbench.report.content import Heading, report_of
from workbench.report.document import Answer, Facts, Member, Paragraph, Section, TableBlock
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.overview import overview_of

HEADING = Heading((Member("Μαρία Νικολάου", "03119001"),), date="2026-11-26")
NASTY = '#panic("obeyed") $x$ *bold* <script>alert(1)</script> \x1b[31m \U0001f9c4 ' + "w" * 400 + "\n\nשלום مرحبا"

FLOOR = {"majority/accuracy": Value(0.3), "majority/macro_f1": Value(0.15)}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = session_at(tmp_path)
    finish(made, "5γ", genre_result(0.5))
    finish(made, "7.1ε", genre_result(0.6))
    made.write_answer("1δ", NASTY, "")
    return made


def sections(session: Session, language: str = "en") -> dict[str, Section]:
    found = report_of(session, HEADING, language).sections
    return {inner.title: inner for section in found for inner in (section, *section.sections)}


def test_the_sections_follow_the_assignment(session: Session) -> None:
    titles = [section.title for section in report_of(session, HEADING, "en").sections]
    steps = [title.split(":")[0].removeprefix("Step ") for title in titles if title.startswith("Step ")]
    assert steps == ["0", "1", "2", "3", "4", "5", "6", "7.1", "7.2", "8", "9", "10", "11"]
    assert titles[-2:] == ["References", "Appendix: the runs behind this report"]


def test_every_model_stands_in_one_table_with_intervals_and_the_majority_class(session: Session) -> None:
    summary = next(s for s in report_of(session, HEADING, "en").sections if s.title.startswith("The session"))
    table = next(block.table for block in summary.blocks if isinstance(block, TableBlock))
    assert [row[0] for row in table.rows] == ["5γ", "7.1ε", ""]
    assert table.rows[1][2:] == (".600 [.500 .700]", "–") and "–: no clip of one class" in table.note
    assert table.rows[2][2] == ".250"
    assert "default settings" not in table.note


@pytest.mark.parametrize(("language", "told"), [("en", "; not trained with the"), ("el", "· δεν εκπαιδεύτηκαν με τις")])
def test_the_summary_names_models_that_were_not_trained_with_the_default_settings(
    session: Session, language: str, told: str
) -> None:
    finish(session, "5δ", genre_result(0.4), parameters={"epochs": 2, "threads": 1})
    finish(session, "8ε", Result(values={"lstm/held_out/spearman/energy": Value(0.5)}))
    finish(session, "8γ", Result(values={"lstm/held_out/spearman/energy": Value(0.5)}), parameters={"batch_size": 5})
    summary = report_of(session, HEADING, language).sections[0]
    genre, emotion = (block.table.note for block in summary.blocks if isinstance(block, TableBlock))
    assert told in genre and genre.endswith(": 5δ (epochs 2)")
    assert told in emotion and emotion.endswith(": 8γ (batch_size 5)")


def test_digits_are_no_genre_and_each_test_set_has_its_own_majority_class(session: Session, tmp_path: Path) -> None:
    finish(session, "7.1α", genre_result(0.99))
    finish(session, "5δ", replace(genre_result(0.7), values={**genre_result(0.7).values, **FLOOR}))
    summary = next(s for s in report_of(session, HEADING, "en").sections if s.title.startswith("The session"))
    table = next(block.table for block in summary.blocks if isinstance(block, TableBlock))
    assert [(row[0], row[2]) for row in table.rows[-2:]] == [("5γ, 7.1ε", ".250"), ("5δ", ".300")]
    assert [row[0] for row in table.rows[:-2]] == ["5γ", "5δ", "7.1ε"]
    entry = next(one for one in Sessions(tmp_path / "sessions").entries() if one.name == "mine")
    assert overview_of(entry, catalogue()).best.startswith("5δ  accuracy .700")


def test_a_mean_of_seeds_is_no_model_beside_those_that_were_trained(session: Session) -> None:
    told = {f"{key}spearman/{axis}": Value(0.5) for key in ("held_out/", "seeds/") for axis in ("energy", "mean")}
    finish(session, "10γ", Result(values=told))
    summary = next(s for s in report_of(session, HEADING, "en").sections if s.title.startswith("The session"))
    table = [block.table for block in summary.blocks if isinstance(block, TableBlock)][-1]
    assert [column.name for column in table.columns] == ["part", "model", "energy", "mean"]
    assert [(row[0], *row[2:]) for row in table.rows] == [("10γ", ".500", ".500")]


def test_an_undefined_value_says_why(session: Session) -> None:
    part = next(s for title, s in sections(session).items() if title.startswith("5γ"))
    facts = next(block for block in part.blocks if isinstance(block, Facts))
    assert dict(facts.rows)["macro-F1"] == "undefined: no clip of one class"


def test_answers_are_the_users_words_and_open_questions_are_marked(session: Session) -> None:
    answers = {b.part: b for s in sections(session).values() for b in s.blocks if isinstance(b, Answer)}
    assert answers["1δ"].text == NASTY and answers["6ε"].text == ""


def test_a_number_in_the_report_is_the_one_that_is_stored(session: Session) -> None:
    finish(session, "5γ", genre_result(0.123))
    part = next(s for title, s in sections(session).items() if title.startswith("5γ"))
    facts = next(block for block in part.blocks if isinstance(block, Facts))
    assert dict(facts.rows)["accuracy"] == ".123 [.023 .223]"


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_pdf_is_made_whatever_was_answered(session: Session, language: str) -> None:
    built = build(session, HEADING, language, also=("latex", "markdown"))
    pdf = built.files[0].read_bytes()
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
    assert not [text for text in built.warnings if "no font" not in text and "DejaVu" not in text]
    drawn = {path.name.rpartition("-")[0] for path in (built.files[0].parent / "figures").iterdir()}
    assert {"5c-loss", "5c-confusion", "7.1e-picture", "1d-question-mel_scale"} <= drawn


def test_a_huge_answer_still_becomes_a_pdf(session: Session) -> None:
    session.write_answer("2α", "πολύ μεγάλη απάντηση \n" * 9_000, "")
    assert build(session, HEADING, "el").files[0].stat().st_size > 100_000


def test_a_figure_that_has_not_changed_is_not_drawn_again(session: Session) -> None:
    folder = build(session, HEADING, "en").files[0].parent / "figures"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    finish(session, "5γ", replace(genre_result(), figures={}))
    build(session, HEADING, "en")
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert after.items() < before.items() and not any(name.startswith("5c-") for name in after)


def test_an_edited_source_is_not_lost_and_can_be_built(session: Session) -> None:
    built = build(session, HEADING, "en")
    source = built.files[1]
    edited = source.read_text(encoding="utf-8") + '\n#text("a sentence of mine")\n'
    source.write_text(edited, encoding="utf-8")
    with pytest.raises(EditedSourceError, match="--overwrite"):
        build(session, HEADING, "en")
    assert source.read_text(encoding="utf-8") == edited
    assert make_pdf(source.parent).read_bytes().startswith(b"%PDF-")
    build(session, HEADING, "en", overwrite=True)
    assert "a sentence of mine" not in source.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "epochs", "told"),
    [
        ("en", 9, "epochs = 9 (default 60, changed while it ran, 5 before); the others at their defaults"),
        ("el", 9, "epochs = 9 (προεπιλογή 60, άλλαξε στην πορεία, πριν 5)· οι υπόλοιπες στις προεπιλογές"),
        ("en", 60, "epochs = 60 (changed while it ran, 5 before); the others at their defaults"),
    ],
)
def test_the_section_of_a_part_tells_what_was_changed_while_its_run_went_on(
    session: Session, language: str, epochs: int, told: str
) -> None:
    default = catalogue().parts["5δ"].defaults()["epochs"]
    finish(session, "5δ", genre_result(), parameters={"epochs": 5}, changed={"epochs": default if epochs == 60 else 9})
    section = sections(session, language)[f"5δ {catalogue().parts['5δ'].title.to(language)}"]
    paragraphs = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    assert told.replace("60", str(default)) in "\n".join(paragraphs)


@pytest.mark.parametrize(
    ("language", "parameters", "told"),
    [
        ("en", {}, "Parameters: those of this part itself all at their defaults."),
        ("en", {"resamples": 200}, "resamples = 200 (default 2000); the others of this part itself at their defaults."),
        ("el", {}, "Παράμετροι: του ίδιου του μέρους όλες στις προεπιλογές."),
    ],
)
def test_a_part_that_tells_of_other_settings_says_that_the_defaults_are_its_own(
    session: Session, language: str, parameters: dict[str, int], told: str
) -> None:
    finish(session, "6α", Result(text=f"Told.{sentence('5δ (epochs 2)')}"), parameters=parameters)
    section = sections(session, language)[f"6α {catalogue().parts['6α'].title.to(language)}"]
    assert told in "\n".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def test_a_figure_is_drawn_once_for_all_forms_and_each_form_is_as_alone(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = png._draw
    monkeypatch.setattr(png, "_draw", lambda figure, *more: drawn.append(figure.title) or draw(figure, *more))
    build(session, HEADING, "en", out=tmp_path / "all", also=("latex", "markdown"))
    once = len(drawn)
    assert once == len(report_of(session, HEADING, "en").figures) > 3
    build(session, HEADING, "en", out=tmp_path / "all", also=("latex", "markdown"))
    assert len(drawn) == once
    for also in ((), ("markdown",), ("latex",)):
        build(session, HEADING, "en", out=tmp_path / "one by one", also=also)
    pictures = {path.name: path.read_bytes() for path in (tmp_path / "all/figures").iterdir()}
    assert pictures == {path.name: path.read_bytes() for path in (tmp_path / "one by one/figures").iterdir()}
    assert len(pictures) == 3 * once


def test_the_title_page_is_kept_for_the_next_time(session: Session) -> None:
    heading_of(session, members=(Member("A", "1"),), course="My course")
    assert heading_of(session) == Heading((Member("A", "1"),), course="My course")


def test_the_web_page_is_written_over_none_but_one_of_its_own(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, own = tmp_path / "mine.html", tmp_path / "own.html"
    mine.write_text("<!DOCTYPE html>\n<html lang='en'>mine")
    assert main(["report", "web", "--out", str(mine)]) == 2
    assert f"{mine}: --out would overwrite" in capsys.readouterr().err and mine.read_text().endswith("mine")
    assert [main(["report", "web", "--out", str(own)]) for _ in range(2)] == [0, 0]


def test_a_report_is_written_into_a_folder_and_not_over_a_file_or_into_a_folder_called_pdf(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(session.folder.parent))
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    for out in (tmp_path / "report.pdf", file):
        assert main(["report", "build", "--session", session.name, "--out", str(out)]) == 2
        assert f"{out}: --out names the folder that report.pdf is written into" in capsys.readouterr().err
    assert file.read_text() == "mine" and not (tmp_path / "report.pdf").exists()


def test_the_web_page_needs_nothing_and_runs_nothing(session: Session) -> None:
    page = build_web(session, HEADING, "en").files[0].read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    loads = re.findall(r'(?:src|href)="([^"#][^"]*)"', page)
    assert loads and all(link.startswith("data:image/svg+xml;base64,") for link in loads)


@pytest.mark.parametrize(
    ("text", "members"),
    [("Μαρία, 031", (Member("Μαρία", "031"),)), ("A, B, 7", (Member("A, B", "7"),))],
)
def test_a_member_is_a_name_and_an_id(text: str, members: tuple[Member, ...]) -> None:
    assert members_of([text]) == members


def test_a_member_without_an_id_is_refused() -> None:
    with pytest.raises(UsageError, match="NAME, ID"):
        members_of(["Μαρία"])


# The check


def kinds(session: Session, part: str) -> set[Kind]:
    return {finding.kind for finding in check(session) if finding.part == part}


def test_the_check_names_what_is_missing(session: Session) -> None:
    assert Kind.NOT_RUN in kinds(session, "6α") and Kind.NOT_RUN not in kinds(session, "5γ")
    assert Kind.NOT_ANSWERED in kinds(session, "6ε") and Kind.NOT_ANSWERED not in kinds(session, "1δ")


def test_the_check_names_what_cannot_be_believed(session: Session) -> None:
    finish(session, "5β", Result(values={"passed": Value(0.0), "train/loss": Value(2.0)}))
    finish(session, "5δ", genre_result(), parameters={"subset": 20}, seed=1)
    assert Kind.OVERFIT_FAILED in kinds(session, "5β")
    assert {Kind.PARTIAL, Kind.SINGLE_SEED, Kind.OTHER_SPLIT} <= kinds(session, "5δ")
    assert Kind.OTHER_SPLIT not in kinds(session, "5γ")


def test_the_check_names_a_result_that_builds_on_an_older_run(session: Session) -> None:
    finish(session, "7.1ε", genre_result(), builds_on={"5γ": "20200101-000000-5c-aaaa"})
    assert Kind.OUTDATED in kinds(session, "7.1ε")


# The zip


def test_the_zip_is_named_as_asked_and_holds_report_and_code(session: Session, tmp_path: Path) -> None:
    pdf = build(session, HEADING, "el").files[0]
    target = handing_in.submit(session, ["03119001", "03119002"], pdf, tmp_path / "out", incomplete=True)
    assert target.name == "patrec2_03119001_03119002.zip"
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert archive.read("report_03119001_03119002.pdf") == pdf.read_bytes()
        assert "--step 5c" in archive.read("code/commands.txt").decode()
    assert {"code/labsteps/models/cnn.py", "code/workbench/cli.py", "code/pyproject.toml"} <= set(names)
    assert not any("__pycache__" in name or name.startswith("/") for name in names)


def test_open_questions_keep_the_zip_from_being_made(session: Session, tmp_path: Path) -> None:
    pdf = build(session, HEADING, "en").files[0]
    with pytest.raises(handing_in.IncompleteError, match="6ε"):
        handing_in.submit(session, ["1"], pdf, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ids", [[], ["1", "2", "3"], ["../x"], ["1", "1"], [""]])
def test_ids_that_make_no_name_are_refused(ids: list[str]) -> None:
    with pytest.raises(UsageError):
        handing_in.zip_name(ids)


def test_a_report_that_is_no_pdf_is_refused(session: Session, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_text("hello")
    with pytest.raises(DataError, match="not a PDF"):
        handing_in.submit(session, ["1"], tmp_path / "x.pdf", tmp_path, incomplete=True)
    with pytest.raises(DataError, match="report build"):
        handing_in.submit(session, ["1"], tmp_path / "none.pdf", tmp_path, incomplete=True)
