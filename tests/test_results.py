"""Results convert to JSON and back without loss, and an undefined number stays undefined with its reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps import results
from labsteps.results import Axis, Bars, Column, Curve, Heatmap, Image, Panels, Result, Scatter, Series, Table, Value
from workbench.wording import number, value_text

words = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.none() | numbers
axes = st.builds(Axis, words, words, st.lists(st.tuples(numbers, words), max_size=3).map(tuple))
rows = st.lists(maybe, max_size=4).map(tuple)
series = st.builds(Series, words, rows, rows)
scatters = st.builds(
    Scatter,
    *(words, axes, axes, rows, rows, st.lists(words, max_size=3).map(tuple), st.lists(words).map(tuple)),
    st.none() | axes,
    rows,
    st.lists(words, max_size=2).map(tuple),
    st.booleans(),
)
figures = st.one_of(
    st.builds(Curve, words, axes, axes, st.lists(series, max_size=3).map(tuple), st.booleans()),
    st.builds(
        Heatmap,
        words,
        axes,
        axes,
        st.lists(words, max_size=3).map(tuple),
        st.lists(words, max_size=3).map(tuple),
        st.lists(rows, max_size=3).map(tuple),
        st.booleans(),
    ),
    st.builds(Bars, words, axes, axes, st.lists(words, max_size=3).map(tuple), st.lists(series, max_size=2).map(tuple)),
    scatters,
    st.builds(Panels, words, st.lists(scatters, max_size=2).map(tuple), st.integers(1, 3)),
    st.builds(Image, words, axes, axes, axes, st.lists(rows, max_size=3).map(tuple), numbers, numbers),
)
cells = st.one_of(st.none(), words, st.integers(-(10**9), 10**9), numbers)
tables = st.builds(
    Table,
    words,
    st.lists(st.builds(Column, words, words, st.integers(0, 6)), max_size=3).map(tuple),
    st.lists(st.lists(cells, max_size=3).map(tuple), max_size=3).map(tuple),
    words,
)
values = st.one_of(
    st.builds(Value, numbers),
    st.builds(Value, numbers, numbers, numbers),
    st.builds(Value, st.none(), reason=st.text(min_size=1, max_size=9)),
)


@given(
    st.builds(
        Result,
        st.dictionaries(words, values, max_size=4),
        st.dictionaries(words, tables, max_size=2),
        st.dictionaries(words, figures, max_size=3),
        words,
    )
)
@settings(deadline=None, max_examples=80)
def test_a_result_comes_back_from_json_as_it_went(result: Result) -> None:
    text = json.dumps(results.to_json(result), allow_nan=False)
    assert results.from_json(json.loads(text)) == result


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), None])
def test_a_number_that_is_none_is_undefined_and_never_zero(number: float | None) -> None:
    plain = results.to_json(Result(values={"test/x": Value(number)}))
    assert plain["values"] == {"test/x": None}
    assert plain["undefined"]["test/x"]


def test_a_figure_of_a_newer_version_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="hologram"):
        results.figure_from_json({"kind": "hologram"})


def test_an_axis_has_its_unit_beside_its_name() -> None:
    assert Axis("time", "s").label == "time (s)"
    assert Axis("epoch").label == "epoch"


def test_a_scatter_of_an_earlier_version_lies_in_the_plane() -> None:
    figure = Scatter("PCA", Axis("a"), Axis("b"), (1.0,), (2.0,), ("Rock",), ("7",))
    written = results.figure_to_json(figure)
    for later in ("z_axis", "z", "notes"):
        del written[later]
    assert results.figure_from_json(written) == figure and not figure.solid


def test_a_quantity_keeps_its_leading_zero_and_a_score_has_none() -> None:
    assert value_text(Value(0.447, 0.407, 0.487)) == ".447 [.407 .487]"
    assert value_text(Value(0.2), 2, "GB") == "0.20 GB"
    assert value_text(Value(0.0, -0.5, 0.5), 1, "dB") == "0.0 [-0.5 0.5] dB"
    assert value_text(Value(0.0001, 0.0, 0.002)) == "<.001 [.000 .002]"
    assert value_text(Value(-0.0001)) == ">-.001"
    assert value_text(Value(264706.0), 0) == "264,706" and value_text(Value(1088.0), 0) == "1088"
    assert number(-0.25, 2) == "-.25" and number(None, 1, "dB") == "–"


def test_a_scatter_of_an_earlier_version_has_no_identity_line() -> None:
    plain = results.figure_to_json(Scatter("t", Axis("a"), Axis("b"), (0.1,), (0.2,), ("",), ("1",), identity=True))
    assert results.figure_from_json(plain).identity  # type: ignore[union-attr]
    del plain["identity"]
    assert not results.figure_from_json(plain).identity  # type: ignore[union-attr]
