"""Text and tables made fit for a page."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.results import Column, Table
from workbench.report import latex, markdown, typst
from workbench.report.letters import BREAK_AFTER, ZERO_WIDTH_SPACE, breakable, legible, paragraphs
from workbench.report.tables import PAGE_LETTERS, cells_of, grids
from workbench.report.words import written_date

NASTY = '#import "x"; $x$ *b* _i_ `c` <l> @ref // no /* no */ \\ ~ [ ] { } % & ^ " \' = - + http://a.b'


@pytest.fixture
def evaluated(tmp_path):  # type: ignore[no-untyped-def]
    """Return what Typst makes of an expression."""
    import typst as library

    empty = tmp_path / "empty.typ"
    empty.write_text("")
    return lambda expression: json.loads(library.eval(str(empty), expression, root=str(tmp_path)))


def test_markup_reaches_the_page_as_written(evaluated) -> None:  # type: ignore[no-untyped-def]
    assert evaluated(typst.literal(NASTY)).replace(ZERO_WIDTH_SPACE, "") == NASTY


def test_a_page_takes_letters_that_dejavu_lacks_from_fonts_that_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst as library

    def compiled(_path: str, font_paths: list[str], **_more: object) -> bytes:
        assert {file.name[:6] for folder in font_paths for file in Path(folder).iterdir()} == {"DejaVu"}
        return b"%PDF-"

    monkeypatch.setattr(library, "compile", compiled)
    assert typst.compile_pdf(tmp_path / "report.typ") == b"%PDF-"


@pytest.mark.parametrize("text", ["\\", '\\"', "a\\n", '\\\\" + panic("obeyed") + "', "\\u{41}"])
def test_a_backslash_of_the_users_escapes_nothing(evaluated, text: str) -> None:  # type: ignore[no-untyped-def]
    assert evaluated(typst.literal(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_becomes_one_literal_that_shows_it(text: str) -> None:
    shown = typst.literal(text)
    body = shown[1:-1]
    assert shown[0] == shown[-1] == '"' and "\n" not in body
    told = legible(text, anywhere=True).replace("\u00a0", " ")
    back = body.replace("\\\\", "\0").replace('\\"', '"').replace("\\n", "\n").replace("\0", "\\")
    assert back.replace(ZERO_WIDTH_SPACE, "").replace("\u00a0", " ") == told
    assert '"' not in body.replace("\\\\", "").replace('\\"', "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb\x00", "a\\x1b[31mb\\x00"),
        ("tab\tand\r\nreturn\rend", "tab and\nreturn\nend"),
        ("ελληνικά, ά", "ελληνικά, ά"),
        ("☺ ♪", "☺ ♪"),
        ("garlic \U0001f9c4", "garlic U+1F9C4"),
        ("a\u2028b", "a b"),
        ("\u202eevil", "\\u202eevil"),
        ("\udce9", "\\udce9"),
    ],
)
def test_what_no_font_can_show_is_told_in_letters(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_hebrew_and_arabic_stay_as_they_are() -> None:
    assert legible("שלום مرحبا") == "שלום مرحبا"


def test_a_long_word_can_be_broken_and_loses_nothing() -> None:
    word = "a" * 500
    broken = breakable(f"see {word} there")
    assert max(map(len, broken.replace(" ", ZERO_WIDTH_SPACE).split(ZERO_WIDTH_SPACE))) <= BREAK_AFTER
    assert broken.replace(ZERO_WIDTH_SPACE, "") == f"see {word} there"


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("one\ntwo\n\n\n\nthree\n") == [["one", "two"], ["three"]]


def wide(columns: int) -> Table:
    names = tuple(Column(f"column {i}") for i in range(columns))
    return Table("wide", names, tuple((f"row {r}", *(r + c / 7 for c in range(1, columns))) for r in range(3)))


def test_a_table_that_fits_stays_one() -> None:
    assert len(list(grids(wide(5)))) == 1


def test_a_wide_table_is_cut_and_every_part_begins_with_the_first_column() -> None:
    parts = list(grids(wide(30)))
    assert len(parts) > 1
    assert all(part.head[0] == "column 0" and part.letters <= PAGE_LETTERS for part in parts)
    assert [name for part in parts for name in part.head[1:]] == [f"column {i}" for i in range(1, 30)]


def test_undefined_cells_are_a_dash_and_numbers_stand_right() -> None:
    grid = cells_of(Table("t", (Column("name"), Column("F1", digits=2)), (("a", None), ("b", 0.5))))
    assert grid.rows == (("a", "–"), ("b", "0.50")) and grid.numeric == (False, True)


def test_latex_obeys_nothing_in_a_text() -> None:
    shown = latex.escaped(NASTY)
    assert "\\textbackslash{}" in shown and "\\$x\\$" in shown and "\\#import" in shown
    assert not any(mark in shown.replace("\\" + mark, "") for mark in "#$%&_")


def test_markdown_obeys_nothing_in_a_text() -> None:
    assert markdown.escaped("<script>*x*") == "\\<script\\>\\*x\\*"


def test_a_heading_of_a_wide_table_is_broken_between_its_words_in_latex() -> None:
    names = [Column("axis"), *(Column(f"a long heading of number {i}") for i in range(5))]
    grid = next(grids(Table("t", tuple(names), (("valence", 0.1, 0.2, 0.3, 0.4, 0.5),))))
    columns = latex._columns(grid, 80)
    assert columns.count("R{") == len(grid.head) - 1
    assert sum(float(width) for width in re.findall(r"([0-9.]+)\\textwidth", columns)) <= 1.0


def test_a_title_page_has_the_day_as_it_is_written_in_its_language() -> None:
    day = time.strptime("2026-05-07", "%Y-%m-%d")
    assert written_date(day, "el") == "7 Μαΐου 2026"
    assert written_date(day, "en") == "2026-05-07"
