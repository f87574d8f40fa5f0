"""Curves in the terminal: lines told apart, axes with whole epochs and decades, gaps left open."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plot_figures import ASCII, PLAIN, curve, lines_of

from labsteps.results import (
    Axis,
    Curve,
    Series,
)
from workbench.plots.curve import _columns, reduce_points
from workbench.plots.scale import Scale
from workbench.plots.style import series_style
from workbench.plots.terminal import Style, draw


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
