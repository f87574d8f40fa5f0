import math
import random
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from labsteps.errors import ParameterError
from labsteps.results import (
    Axis,
    Bars,
    Column,
    Curve,
    Figure,
    Heatmap,
    Image,
    Panels,
    Scatter,
    Series,
    Table,
)
from workbench.commands import output
from workbench.plots.curve import _columns, reduce_points
from workbench.plots.image import shrink
from workbench.plots.scale import Scale
from workbench.plots.scatter import Camera, see
from workbench.plots.style import series_style, two_colours
from workbench.plots.terminal import PALETTES, Style, draw, draw_table, printable, shown_cells, style_of
from workbench.plots.text import abbreviations, fit, number, wrap
from workbench.plots.window import WHOLE

GENRES = ("Blues", "Classical", "Electronic", "Folk", "Hip-Hop", "Jazz", "Metal", "Pop", "Rock", "Trip-Hop")
RAW = (
    *(
        "Blues",
        "Chiptune",
        "Classical",
        "Electronic",
        "Folk",
        "Hip-Hop",
        "Indie-Rock",
        "International",
        "Jazz",
        "Metal",
    ),
    *(
        "Old-Time",
        "Pop",
        "Post-Punk",
        "Post-Rock",
        "Psych-Folk",
        "Psych-Rock",
        "Punk",
        "Rock",
        "Soundtrack",
        "Trip-Hop",
    ),
)
TEST_CLIPS = (40, 40, 80, 80, 40, 40, 78, 40, 103, 34)
PLAIN = Style("none")
ASCII = Style("none", unicode=False)


def confusion(names=GENRES, clips=TEST_CLIPS):
    """Return a confusion matrix with half of each class, rounded up, right and the rest spread over the next ones."""
    rows = []
    for index, count in enumerate(clips):
        row = [0] * len(names)
        row[index] = math.ceil(count / 2)
        for step in range(count - row[index]):
            row[(index + 1 + step % 4) % len(names)] += 1
        rows.append(tuple(row))
    return Heatmap("Confusion", Axis("predicted"), Axis("true"), tuple(names), tuple(names), tuple(rows), counts=True)


def curve(*lines, log_y=False, names=("train", "validation", "third", "fourth")):
    series = tuple(Series(name, tuple(range(1, len(y) + 1)), tuple(y)) for name, y in zip(names, lines, strict=False))
    return Curve("Loss", Axis("epoch"), Axis("loss", "nats"), series, log_y)


def picture(values, low=-80.0, high=0.0):
    rows = tuple(tuple(row) for row in values)
    return Image("Mel", Axis("time", "s"), Axis("band", "Hz"), Axis("level", "dB"), rows, low, high)


def lines_of(text):
    return text.plain.split("\n")


# --- never more than the space, never an error ----------------------------------------------------------------------

numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-1, 1),
    st.integers(-5, 500),
    st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308, 1.0, 1.0 + 2**-52, 10**400]),
)
vectors = st.lists(numbers, max_size=12).map(tuple)
names = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "Rock", "Rock", "Trip-Hop", "音楽ジャンル", "\x1b[31mred", "e\u0301\u0301", "❤\ufe0f"]),
)
axes = st.builds(Axis, names, names, st.lists(st.tuples(st.floats(-10, 200), names), max_size=4).map(tuple))
name_lists = st.lists(names, max_size=24).map(tuple)
series_lists = st.lists(st.builds(Series, names, vectors, vectors), max_size=5).map(tuple)
matrices = st.lists(vectors, max_size=24).map(tuple)
scatters = st.builds(
    Scatter, names, axes, axes, vectors, vectors, name_lists, name_lists, st.none() | axes, vectors, name_lists
)
figures = st.one_of(
    st.builds(Curve, names, axes, axes, series_lists, st.booleans()),
    st.builds(Heatmap, names, axes, axes, name_lists, name_lists, matrices, st.booleans()),
    name_lists.flatmap(
        lambda same: st.builds(Heatmap, names, axes, axes, st.just(same), st.just(same), matrices, st.just(True))
    ),
    st.builds(Bars, names, axes, axes, name_lists, series_lists),
    scatters,
    st.builds(Panels, names, st.lists(scatters, max_size=4).map(tuple), st.integers(1, 4)),
    st.builds(Image, names, axes, axes, axes, matrices, st.floats(), st.floats()),
)
styles = st.builds(
    Style,
    st.sampled_from(["truecolor", "256", "16", "none"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(PALETTES),
)
windows = st.builds(
    lambda steps, right, up: WHOLE.zoomed(0.5**steps, 1 / 64).panned(right, up),
    st.integers(0, 6),
    st.floats(-1, 1),
    st.floats(-1, 1),
)
sizes = st.one_of(st.integers(-1, 12), st.integers(0, 130))


def assert_inside(text: Text, width: int, style: Style) -> None:
    for line in lines_of(text):
        assert cell_len(line) <= max(0, width), line
        assert line.isprintable(), line
    if not style.unicode:
        assert text.plain.isascii()
    if style.depth == "none":
        assert not any(span.style.color or span.style.bgcolor for span in text.spans)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(figures, sizes, sizes, styles, st.booleans(), st.integers(-3, 30), st.integers(-3, 30), windows)
def test_no_figure_leaves_its_space_or_fails(figure: Figure, width, height, style, normalise, row, column, window):
    text = draw(
        figure,
        width,
        height,
        style=style,
        normalise=normalise,
        first_row=row,
        first_column=column,
        cursor=(row, column),
        window=window,
    )
    assert_inside(text, width, style)
    assert len(lines_of(text)) <= max(1, height)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.builds(Column, names, names, st.integers(0, 6)), max_size=6).map(tuple),
    st.lists(st.lists(st.one_of(numbers, names), max_size=7).map(tuple), max_size=5).map(tuple),
    names,
    st.integers(-1, 100),
    styles,
)
def test_no_table_is_wider_than_its_space(columns, rows, note, width, style):
    assert_inside(draw_table(Table("Table", columns, rows, note), width, style), width, style)


@pytest.mark.parametrize(
    "figure",
    [
        curve([None, None]),
        replace(confusion(), values=((None,) * 10,) * 10),
        Bars("Clips", Axis("genre"), Axis("clips"), GENRES, ()),
        Scatter("PCA", Axis("1"), Axis("2"), (), (), (), ()),
        picture([]),
    ],
)
def test_a_figure_without_values_says_so(figure):
    assert "nothing to draw" in draw(figure, 76, 16, style=PLAIN).plain


@pytest.mark.parametrize("figure", [curve([1, 2]), confusion(), picture([[1.0, 2.0]])])
def test_a_space_that_is_too_small_is_told_in_words(figure):
    for width, height in ((5, 30), (60, 2)):
        assert "toolittle" in "".join(draw(figure, width, height, style=PLAIN).plain.split())


# --- confusion matrix -----------------------------------------------------------------------------------------------


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


# --- curve ----------------------------------------------------------------------------------------------------------


def test_lines_are_told_apart_by_sign_as_well_as_colour():
    text = draw(curve([2, 1.5, 1], [2.2, 2, 1.9]), 60, 16, style=Style())
    head = lines_of(text)[1]
    assert "● train" in head and "○ validation" in head
    assert text.plain.count("●") == 4 and text.plain.count("○") == 4
    assert series_style(Style(), 0) != series_style(Style(), 1)


def test_axes_have_names_and_units():
    shown = draw(curve([2, 1]), 60, 16, style=PLAIN).plain
    assert "loss (nats)" in shown and "epoch" in shown


@pytest.mark.parametrize("count", [1, 2, 4, 15, 37])
def test_epochs_are_whole_numbers(count):
    shown = lines_of(draw(curve([1 / (i + 1) for i in range(count)]), 60, 16, style=PLAIN))
    ticks = shown[-2].split()
    assert ticks and all(tick.isdigit() for tick in ticks)


def test_a_gap_is_not_bridged():
    shown = lines_of(draw(curve([1.0] * 5 + [None] * 20 + [1.0] * 5), 60, 12, style=PLAIN))
    drawn = next(line for line in shown if "●" in line and "train" not in line)
    assert "   " in drawn.partition("│")[2].strip() or "   " in drawn.partition("┤")[2].strip()


def test_a_falling_line_falls():
    shown = lines_of(draw(curve([3, 2, 1]), 40, 14, style=ASCII))
    places = [(row, line.index("o")) for row, line in enumerate(shown) if "o" in line.partition("|")[2]]
    assert len(places) > 3
    columns = [line.rindex("o") for row, line in enumerate(shown[2:-3]) if "o" in line]
    assert columns == sorted(columns)


def test_what_a_logarithmic_axis_cannot_show_is_told():
    shown = draw(curve([10, 1, 0.1, 0, -1], log_y=True), 60, 16, style=PLAIN).plain
    assert "2 not above 0" in shown
    assert "0.1" in shown and "10" in shown


def test_decades_are_evenly_apart():
    scale = Scale([0.01, 100], log=True)
    fractions = [scale.fraction(value) for value in (0.01, 0.1, 1, 10, 100)]
    assert fractions == pytest.approx([0, 0.25, 0.5, 0.75, 1])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308), st.integers(1, 30), st.booleans())
def test_ticks_stand_on_the_axis_in_order(low, high, count, whole):
    ticks = Scale([low, high]).ticks(Axis("x"), count, whole=whole)
    places = [place for place, _ in ticks]
    assert places == sorted(places) and all(0 <= place <= 1 for place in places)
    assert 1 <= len(ticks) <= 4 * max(2, count) + 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 39)), min_size=1, max_size=200))
def test_leaving_out_points_changes_no_dot(dots):
    ordered = sorted(dots, key=lambda dot: dot[0])
    kept = reduce_points(ordered)
    assert len(kept) <= 4 * 20
    assert _columns([kept], 20) == _columns([ordered], 20)


def test_many_lines_end_in_a_count_of_those_left_out():
    series = tuple(Series(f"a model with a long name {i}", (1, 2), (i, i + 1)) for i in range(30))
    shown = draw(Curve("Loss", Axis("epoch"), Axis("loss"), series), 60, 20, style=PLAIN).plain
    assert " more" in shown


def test_two_threads_draw_what_one_draws():
    wanted = [curve([2, 1.5, i]) for i in range(4)]
    alone = [draw(figure, 60, 16, style=PLAIN).plain for figure in wanted]
    together: list[list[str]] = [[] for _ in wanted]

    def work(index: int) -> None:
        together[index] = [draw(wanted[index], 60, 16, style=PLAIN).plain for _ in range(10)]

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [[text] * 10 for text in alone]


# --- bars, points, pictures -----------------------------------------------------------------------------------------


def test_bars_have_names_numbers_and_lengths_in_proportion():
    series = Series("train", (0, 1, 2), (100, 50, 0))
    shown = lines_of(draw(Bars("Clips", Axis("genre"), Axis("clips"), GENRES[:3], (series,)), 50, 8, style=PLAIN))
    lengths = {line.split()[0]: line.count("━") for line in shown[2:] if line}
    assert lengths["Blues"] >= 20 and abs(lengths["Classical"] * 2 - lengths["Blues"]) <= 1
    assert lengths["Electronic"] == 0 and shown[4].split()[1] == "0"


def test_series_stand_side_by_side_on_one_scale():
    figure = Bars(
        "Clips", Axis("genre"), Axis("clips"), ("Rock",), (Series("train", (0,), (400,)), Series("test", (0,), (100,)))
    )
    row = next(line for line in lines_of(draw(figure, 80, 6, style=ASCII)) if line.startswith("Rock"))
    train, test = (part.count("=") for part in (row[:42], row[42:]))
    assert train == pytest.approx(4 * test, abs=4) and "400" in row and "100" in row


def test_a_bar_belongs_to_the_category_at_its_position():
    figure = Bars("Clips", Axis("genre"), Axis("clips"), ("Jazz", "Rock"), (Series("", (1,), (7,)),))
    shown = lines_of(draw(figure, 40, 6, style=PLAIN))
    assert shown[2].split()[:2] == ["Jazz", "–"] and shown[3].split()[1] == "7"


def test_negative_bars_go_to_the_left_of_zero():
    figure = Bars("ρ", Axis("axis"), Axis("ρ"), ("a", "b"), (Series("", (0, 1), (-0.5, 0.5)),))
    down, up = lines_of(draw(figure, 60, 6, style=ASCII))[2:4]
    assert down.rindex("=") < up.index("=") + 1


def test_categories_beyond_the_space_are_counted():
    figure = Bars("Clips", Axis("genre"), Axis("clips"), RAW, (Series("", tuple(range(20)), (1,) * 20),))
    assert "1–7 of 20" in draw(figure, 60, 10, style=PLAIN).plain
    assert "14–20 of 20" in draw(figure, 60, 10, style=PLAIN, first_row=19).plain


def test_classes_are_told_apart_by_letter():
    x = tuple(float(i) for i in range(10))
    shown = draw(Scatter("PCA", Axis("1"), Axis("2"), x, x, GENRES, ("",) * 10), 76, 20, style=PLAIN).plain
    for letter, name in zip("BCEFHJMPRT", GENRES, strict=True):
        assert f"{letter} {name}" in shown
        assert sum(letter in line.partition("│")[2] + line.partition("┤")[2] for line in shown.split("\n")) == 1


@pytest.mark.parametrize(("width", "height", "lines"), [(100, 20, 1), (78, 20, 2), (46, 16, 2), (34, 16, 3)])
def test_the_axes_of_points_in_space_are_named_whole_below_them(width: int, height: int, lines: int) -> None:
    variance = tuple(Axis(f"PC {i}, {share} % of the variance") for i, share in ((1, 33), (2, 18), (3, 8)))
    axes, points = variance[:2], (0.0, 1.0, 2.0)
    figure = Scatter("PCA", *axes, points, points, ("Jazz",) * 3, ("",) * 3, variance[2], points)
    shown = lines_of(draw(figure, width, height, style=PLAIN))
    axis = next(i for i, line in enumerate(shown) if line.startswith("└"))
    below = [line.strip() for line in shown[axis + 1 :]]
    assert " ".join(below) == f"{axes[0].label} × {axes[1].label}, turned 30°, tilted 20°"
    assert len(below) == lines and min(map(len, below)) > 20


def test_a_low_figure_cuts_the_name_of_its_axis_to_the_line_that_it_has():
    shown = lines_of(
        draw(Scatter("PCA", Axis("word " * 40), Axis("2"), (1, 2), (1, 2), ("", ""), ()), 40, 9, style=PLAIN)
    )
    assert shown[-1].rstrip().endswith("…") and "word" not in shown[-2]


def test_a_cell_shows_the_class_with_most_points_in_it():
    points = (0.0, 0.0, 0.0, 1.0)
    figure = Scatter("PCA", Axis("1"), Axis("2"), points, points, ("Jazz", "Rock", "Rock", "Jazz"), ("",) * 4)
    shown = lines_of(draw(figure, 40, 12, style=PLAIN))
    assert shown[-4].partition("┤")[2].startswith("R") or shown[-4].partition("│")[2].startswith("R")


def test_a_single_loud_bin_stays_visible():
    values = [[-80.0] * 1000 for _ in range(128)]
    values[64][500] = 0.0
    small = shrink(values, 40, 20)
    assert [(i, j) for i in range(20) for j in range(40) if small[i][j] == 0.0] == [(10, 20)]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(numbers, max_size=9), min_size=1, max_size=9), st.integers(1, 12), st.integers(1, 12))
def test_pixels_hold_values_of_the_picture(values, columns, rows):
    if not any(values):
        return
    known = {
        float(v) for row in values for v in row if v is not None and abs(v) < 10**309 and v == v and abs(v) != math.inf
    }
    pixels = shrink(values, columns, rows)
    assert len(pixels) == rows and all(len(row) == columns for row in pixels)
    assert all(v != v or v in known for row in pixels for v in row)
    if columns >= max(map(len, values)) and rows >= len(values):
        assert {v for row in pixels for v in row if v == v} == known


def test_row_0_of_a_picture_is_at_the_bottom():
    shown = lines_of(draw(picture([[0.0] * 20] + [[-80.0] * 20] * 7), 60, 12, style=PLAIN))
    filled = [row for row, line in enumerate(shown) if line.count("█") > 10]
    assert filled == [len(shown) - 3]


def test_cells_without_light_are_drawn_darkest_and_a_dark_line_is_seen_at_any_size():
    light = tuple(tuple(0.0 if column == 40 else 1.0 for column in range(100)) for _ in range(8))
    figure = replace(picture([[0.0] * 100] * 8), light=light)
    shown = [line for line in lines_of(draw(figure, 60, 12, style=PLAIN)) if line.count("█") > 10]
    assert len(shown) == 8 and all("█ █" in line for line in shown)


def test_colour_pictures_have_two_rows_of_pixels_a_line():
    text = draw(picture([[-80.0] * 10, [0.0] * 10] * 4), 60, 8, style=Style())
    looks = {span.style for span in text.spans if "▀" in text.plain[span.start : span.end]}
    assert len(looks) == 1
    look = looks.pop()
    assert look is two_colours(look.color, look.bgcolor)
    assert sum(look.color.triplet) > 3 * sum(look.bgcolor.triplet)


def test_a_picture_names_its_axes_and_its_values():
    ticks = ((0, "0"), (127, "8192"))
    figure = replace(picture([[-40.0] * 200] * 128), y_axis=Axis("band", "Hz", ticks))
    shown = lines_of(draw(figure, 76, 18, style=Style()))
    assert shown[0] == "Mel" and "band (Hz)" in shown[1] and "time (s)" in shown[-1]
    assert shown[2].lstrip().startswith("8192") and shown[2].endswith("0 dB") and shown[-3].endswith("-80 dB")


def test_a_missing_value_is_left_blank():
    figure = picture([[None, None], [None, None]])
    assert not any("▀" in line or "▄" in line for line in lines_of(draw(figure, 40, 10, style=Style())))


# --- table ----------------------------------------------------------------------------------------------------------

COLUMNS = (Column("model"), Column("accuracy"), Column("time", "s", 1), Column("p"))
ROWS = (("LSTM mel", 0.3621, 41.25, None), ("CNN", 0.4, 5.0, 0.25))


def test_numbers_are_aligned_and_headings_have_units():
    shown = lines_of(draw_table(Table("Models", COLUMNS, ROWS, "– : undefined."), 80, PLAIN))
    assert "time (s)" in shown[1] and "–" in shown[3] and shown[-1] == "– : undefined."
    assert shown[3].index("0.362") == shown[4].index("0.400")
    assert shown[3].index("41.2") == shown[4].index("5.0") - 1


def test_columns_that_do_not_fit_follow_below_with_the_names_of_the_rows():
    shown = lines_of(draw_table(Table("Models", COLUMNS, ROWS, "a note"), 26, PLAIN))
    assert "Not shown" not in "".join(shown) and shown[-1] == "a note"
    assert [line for line in shown if "model" in line] == ["model     accuracy", "model     time (s)      p"]
    assert [line.split() for line in shown if "LSTM" in line] == [
        ["LSTM", "mel", "0.362"],
        ["LSTM", "mel", "41.2", "–"],
    ]


def test_columns_that_fit_nowhere_are_named():
    shown = draw_table(Table("Models", COLUMNS, ROWS), 15, PLAIN).plain
    assert " ".join(shown.split("Not shown, ")[1].split()) == "for want of space: accuracy, time (s)."
    assert "0.250" in shown and "0.362" not in shown and "41.2" not in shown


def test_tiny_and_huge_numbers_keep_their_size():
    assert number(0.00004, 3) == "4.0e-05" and number(1e300, 3) == "1.0e+300" and number(-0.5, 1) == "-0.5"


# --- text and style -------------------------------------------------------------------------------------------------


def test_terminal_escapes_become_visible():
    assert printable("\x1b[2J\x07Rock\n\u202eevil\ud800") == "\\x1b[2J\\x07Rock\\n\\u202eevil\\ud800"
    assert printable("Ροκ ε") == "Ροκ ε"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters()), st.integers(0, 20), st.booleans())
def test_text_is_printable_and_fits(text, width, unicode):
    shown = fit(text, width, unicode=unicode)
    assert cell_len(shown) <= width and shown.isprintable()
    assert all(cell_len(line) <= width for line in wrap(text, width, unicode=unicode))
    assert unicode or shown.isascii()


def test_wide_characters_count_two_cells():
    figure = replace(confusion(), rows=("音楽", "Rock"), columns=("音楽", "Rock"), values=((3, 1), (2, 4)))
    shown = lines_of(draw(figure, 60, 8, style=Style()))
    wide, narrow = (next(line for line in shown if line.startswith(name)) for name in ("音楽", "Rock"))
    assert cell_len(wide[: wide.index("3")]) == cell_len(narrow[: narrow.index("2")])


def test_an_unknown_palette_names_those_there_are():
    with pytest.raises(ParameterError, match="'rainbow' is unknown; choose one of magma"):
        Style(palette="rainbow")
    with pytest.raises(ParameterError, match="depth '8'"):
        Style("8")


@pytest.mark.parametrize(
    ("environ", "terminal", "depth", "unicode"),
    [
        ({"TERM": "xterm", "COLORTERM": "truecolor", "LANG": "en_US.UTF-8"}, True, "truecolor", True),
        ({"TERM": "xterm-256color", "LC_ALL": "C", "LANG": "el_GR.UTF-8"}, True, "256", False),
        ({"TERM": "linux", "LANG": "C.utf8"}, True, "16", True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True, "none", False),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True, "256", False),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, True, "none", False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, False, "none", False),
    ],
)
def test_the_environment_says_what_the_terminal_shows(environ, terminal, depth, unicode):
    style = style_of(environ, terminal=terminal)
    assert (style.depth, style.unicode) == (depth, unicode)


def test_importing_the_drawers_imports_nothing_heavy():
    code = (
        "import sys, workbench.plots.terminal, workbench.plots.png\n"
        "print([m for m in ('numpy', 'plotext', 'matplotlib', 'torch', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_random_losses_fill_the_plane():
    dice = random.Random(0)
    shown = lines_of(draw(curve([dice.random() for _ in range(500)]), 100, 30, style=PLAIN))
    drawn = sum("\u2800" < ch <= "\u28ff" for line in shown for ch in line)
    assert drawn > 1000


# --- points in space, zoomed, picked and side by side ---------------------------------------------------------------


def cube(notes=()):
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    x, y, z = zip(*corners, strict=True)
    labels = tuple("Top" if c[2] else "Base" for c in corners)
    ids = tuple(str(i) for i in range(8))
    return Scatter("Cube", Axis("x"), Axis("y"), x, y, labels, ids, Axis("z"), z, notes)


def places(figure, camera):
    return {point.index: (point.across, point.up, point.near) for point in see(figure, camera)}


def test_seen_from_the_front_a_cube_shows_width_and_height():
    seen = places(cube(), Camera(turned=0, tilted=0))
    assert seen[4][0] - seen[0][0] == pytest.approx(2) and seen[1][1] - seen[0][1] == pytest.approx(2)
    assert seen[0][:2] == pytest.approx(seen[2][:2]) and seen[0][2] > seen[2][2]  # smaller y is nearer


def test_a_quarter_turn_shows_its_side_and_a_tilt_its_top():
    side = places(cube(), Camera(turned=90, tilted=0))
    assert side[0][:2] == pytest.approx(side[4][:2]) and abs(side[2][0] - side[0][0]) == pytest.approx(2)
    top = places(cube(), Camera(turned=0, tilted=90))
    assert top[0][:2] == pytest.approx(top[1][:2]) and top[1][2] > top[0][2]


def test_a_nearer_point_hides_the_one_behind_it():
    assert "T" not in draw(cube(), 40, 14, style=ASCII, camera=Camera(turned=0, tilted=-90)).plain.split("\n", 3)[3]
    assert "B" not in draw(cube(), 40, 14, style=ASCII, camera=Camera(turned=0, tilted=90)).plain.split("\n", 3)[3]


def test_a_picked_point_stands_between_brackets_and_zoom_keeps_it_in_sight():
    figure = Scatter("Map", Axis("a"), Axis("b"), (0.0, 1.0, 2.0), (0.0, 1.0, 2.0), ("Jazz", "Rock", "Jazz"), ())
    whole = draw(figure, 40, 14, style=ASCII, camera=Camera(picked=1)).plain
    assert "[R]" in whole and whole.count("J") == 4  # two points, and letter and name in the legend
    near = draw(figure, 40, 14, style=ASCII, camera=Camera(zoom=4, picked=1)).plain
    assert "[R]" in near and near.count("J") == 2


def test_one_class_alone_leaves_the_others_as_dots():
    figure = Scatter("Map", Axis("a"), Axis("b"), (0.0, 1.0, 2.0), (0.0, 1.0, 2.0), ("Jazz", "Rock", "Jazz"), ())
    drawn = draw(figure, 40, 14, style=PLAIN, camera=Camera(only="Jazz")).plain
    assert drawn.count("R") == 2 and drawn.count("·") == 1 and drawn.count("J") == 4


def test_ten_classes_keep_their_names_in_a_small_pane():
    figure = Scatter("PCA", Axis("a"), Axis("b"), tuple(range(10)), tuple(range(10)), GENRES, ())
    drawn = draw(figure, 50, 16, style=PLAIN).plain
    assert all(f"{name[0]} {name}" in drawn for name in GENRES)
    assert len({series_style(Style(), index).color for index in range(12)}) == 12


@pytest.mark.parametrize("width, height, beside", [(150, 36, 3), (80, 40, 2), (50, 16, 1)])
def test_panels_stand_side_by_side_as_far_as_they_fit_and_the_rest_is_counted(width, height, beside):
    flat = Scatter("", Axis("a"), Axis("b"), (0.0, 1.0), (0.0, 1.0), ("Jazz", "Rock"), ())
    figure = Panels("Maps", tuple(replace(flat, title=f"setting {i}") for i in range(6)), 3)
    lines = lines_of(draw(figure, width, height, style=PLAIN))
    first = next(line for line in lines if "setting 0" in line)
    assert first.count("setting") == beside
    shown = sum(line.count("setting") for line in lines)
    assert (f"+{6 - shown} more" in lines[0]) == (shown < 6)
    last = lines_of(draw(figure, width, height, style=PLAIN, first_row=99))
    assert any("setting 5" in line for line in last)


_FEW_AXES = Axis("x"), Axis("y", "s")


def _few(entries: int) -> list[Figure]:
    """Return a figure of every kind with so few entries; the bars have more series than fit side by side."""
    names, numbers = tuple("ab"[:entries]), (0.5,) * entries
    series = tuple(Series(f"series {n}", tuple(map(float, range(entries))), numbers) for n in range(12))
    cells = (numbers,) * entries
    points = Scatter("points", *_FEW_AXES, numbers, numbers, names, names)
    return [
        Bars("bars", *_FEW_AXES, names, series[:2]),
        Bars("more bars", *_FEW_AXES, names, series),
        Curve("curve", *_FEW_AXES, series[:2]),
        Heatmap("matrix", *_FEW_AXES, names, names, cells),
        points,
        replace(points, z_axis=Axis("z"), z=numbers),
        Panels("panels", (points,) * entries, 3),
        Image("picture", *_FEW_AXES, Axis("level", "dB"), cells, 0.0, 1.0),
    ]


@pytest.mark.parametrize("entries", [1, 2])
@pytest.mark.parametrize("width", [60, 100])
def test_a_figure_with_one_or_two_entries_is_drawn_in_batch(entries: int, width: int) -> None:
    for figure in _few(entries):
        (drawn,) = output.draw_figures([figure], width, Style("none"))
        assert "too little space" not in drawn.plain, figure.title
        if isinstance(figure, Bars):
            lines = [line for line in drawn.plain.splitlines() if "0.5" in line]
            assert [line[0] for line in lines] == list(figure.categories), figure.title


def test_truth_and_prediction_have_equal_axes_and_the_line_between_them():
    figure = Scatter("t", Axis("true"), Axis("said"), (0.4, 0.6), (0.5, 0.55), ("", ""), ("1", "2"), identity=True)
    drawn = lines_of(draw(figure, 60, 20, style=Style("none")))
    rows = [line.split("┤")[-1].split("│")[-1] for line in drawn if "┤" in line or "│" in line]
    places = [row.index("·") for row in rows if "·" in row]
    assert places == sorted(places, reverse=True) and len(places) == len(rows)
    assert drawn[2].startswith("1.0┤") and drawn[-2].split()[0] == "0" and "0.9" in drawn[-2]
    assert "·" not in draw(replace(figure, identity=False), 60, 20, style=Style("none")).plain
