"""Bars, points and pictures in the terminal, and points in space seen from any side."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plot_figures import ASCII, GENRES, PLAIN, RAW, lines_of, numbers, picture

from labsteps.results import (
    Axis,
    Bars,
    Curve,
    Figure,
    Heatmap,
    Image,
    Panels,
    Scatter,
    Series,
)
from workbench.commands import output
from workbench.plots.image import shrink
from workbench.plots.scatter import Camera, see
from workbench.plots.style import series_style, two_colours
from workbench.plots.terminal import Style, draw

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
