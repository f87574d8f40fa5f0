"""A confusion matrix in the terminal: readable, paged, and its names short and distinct."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plot_figures import ASCII, GENRES, PLAIN, RAW, TEST_CLIPS, confusion, lines_of

from labsteps.results import (
    Axis,
    Heatmap,
)
from workbench.plots.terminal import Style, draw, shown_cells
from workbench.plots.text import abbreviations


@pytest.mark.parametrize(("width", "style"), [(76, Style()), (76, PLAIN), (48, Style()), (48, PLAIN), (48, ASCII)])
def test_ten_classes_are_readable_beside_a_pane(width, style):
    figure = confusion()
    shown = lines_of(draw(figure, width, 16, style=style))
    for index, name in enumerate(GENRES):
        row = next(line for line in shown if line.startswith(name))
        cells = row[10:].replace("[", " ").replace("]", " ").split()
        assert cells[:10] == [str(value) for value in figure.values[index]]
        assert cells[10] == str(TEST_CLIPS[index])
        assert float(cells[11]) == pytest.approx(math.ceil(TEST_CLIPS[index] / 2) / TEST_CLIPS[index], abs=0.005)


def test_column_heads_stand_over_their_counts():
    figure = replace(confusion(), values=tuple(tuple(9 if i == j else 0 for j in range(10)) for i in range(10)))
    shown = lines_of(draw(figure, 76, 16, style=Style()))
    head = next(line for line in shown if line.startswith("true"))
    for index, short in enumerate(abbreviations(GENRES)):
        row = next(line for line in shown if line.startswith(GENRES[index]))
        assert head.index(f" {short[:3]}") < row.index("9") <= head.index(f" {short[:3]}") + 5


def test_percents_of_rows_replace_counts_when_asked_for():
    shown = draw(confusion(), 76, 16, style=PLAIN, normalise=True).plain
    blues = next(line for line in shown.split("\n") if line.startswith("Blues"))
    assert "[50]" in blues and "% of row" in shown


def certain(*right: int) -> Heatmap:
    """Return a confusion matrix in which some classes are always right."""
    figure = confusion()
    values = [row if i not in right else tuple(clips * (i == j) for j in range(10)) for i, (row, clips) in
              enumerate(zip(figure.values, TEST_CLIPS, strict=True))]  # fmt: skip
    return replace(figure, values=tuple(values))


def test_a_class_that_is_always_right_costs_no_name_its_letters_in_percent():
    shown = {
        percent: lines_of(draw(certain(1, 9), 48, 16, style=Style(), normalise=percent)) for percent in (False, True)
    }
    for lines in shown.values():
        assert "n rec" in lines[3]
        assert [line.split()[0] for line in lines[4:14]] == list(GENRES)
    assert "  ·100" in shown[True][13] and "0100" not in "".join(shown[True])


def test_one_hundred_percent_never_touches_a_name():
    lines = lines_of(draw(certain(0), 48, 16, style=Style(), normalise=True))
    assert "Blues 100" in {" ".join(line.split()[:2]) for line in lines}


@pytest.mark.parametrize("width", [48, 49, 50, 51])
def test_names_of_rows_have_all_the_cells_that_numbers_leave(width):
    lines = lines_of(draw(certain(1), width, 16, style=PLAIN, normalise=True))
    name = next(line for line in lines if line.startswith("Ele")).split()[0]
    assert len(name) >= 7 and "Electronic".startswith(name)


def test_without_colour_the_diagonal_is_in_brackets():
    shown = draw(confusion(), 76, 16, style=PLAIN).plain
    assert shown.count("[") == 10 + 1  # ten cells and the line that explains them
    assert "[" not in draw(confusion(), 76, 16, style=Style()).plain


def test_darker_cells_hold_a_larger_share_of_their_row():
    text = draw(
        replace(confusion(), values=((90, 10), (0, 4)), rows=("a", "b"), columns=("a", "b")), 60, 10, style=Style()
    )
    backgrounds = {text.plain[s.start : s.end].strip(): s.style.bgcolor for s in text.spans if s.style.bgcolor}
    blue = {cell: color.get_truecolor().blue for cell, color in backgrounds.items()}
    assert blue["90"] > blue["10"]
    assert "0" not in backgrounds


def test_a_cell_can_be_pointed_out_without_colour():
    assert ">10<" in draw(confusion(), 76, 16, style=PLAIN, cursor=(2, 3)).plain


def test_a_class_without_clips_has_no_recall():
    figure = replace(confusion(), values=((0, 0), (1, 3)), rows=("a", "b"), columns=("a", "b"))
    row = next(line for line in lines_of(draw(figure, 60, 10, style=PLAIN)) if line.startswith("a"))
    assert row.split()[-2:] == ["0", "–"]


@pytest.mark.parametrize(("width", "height"), [(30, 9), (48, 16), (76, 12), (20, 6)])
def test_paging_reaches_every_cell_and_says_what_is_shown(width, height):
    figure = confusion(RAW, (30,) * 20)
    rows, columns = set(), set()
    for first in range(20):
        shown = shown_cells(figure, width, height, PLAIN, first_row=first, first_column=first)
        rows.update(shown[0])
        columns.update(shown[1])
        text = draw(figure, width, height, style=PLAIN, first_row=first, first_column=first).plain
        assert f"rows {shown[0].start + 1}–{shown[0].stop}" in text and "20" in text.split("\n")[-1]
    assert rows == columns == set(range(20))


def test_a_matrix_of_other_numbers_shows_them():
    figure = Heatmap("r", Axis("b"), Axis("a"), ("x", "y"), ("x", "y"), ((1.0, -0.25), (None, 12.5)))
    shown = draw(figure, 40, 8, style=PLAIN).plain
    assert all(text in shown for text in ("1.00", "-.25", "12.5", "–"))
    assert "recall" not in shown and "[" not in shown


def test_short_names_are_distinct_and_as_short_as_can_be():
    assert abbreviations(GENRES) == ["Blu", "Cla", "Ele", "Fol", "Hip", "Jaz", "Met", "Pop", "Roc", "Tri"]
    assert len(set(abbreviations(RAW))) == 20
    assert abbreviations(["Post-Punk", "Post-Rock"]) == ["PoP", "PoR"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=20), st.integers(1, 6))
def test_short_names_never_coincide(names, letters):
    assert len(set(abbreviations(names, letters))) == len(names)
