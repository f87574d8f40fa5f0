"""Drawing for a terminal: whatever the figure, it keeps to its space; tables, text and styles."""

import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plot_figures import GENRES, PLAIN, confusion, curve, lines_of, numbers, picture
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
from workbench.plots.terminal import PALETTES, Style, draw, draw_table, printable, style_of
from workbench.plots.text import fit, number, wrap
from workbench.plots.window import WHOLE

# --- never more than the space, never an error ----------------------------------------------------------------------

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


def blocks_of(table: Table, width: int) -> list[list[str]]:
    """Return the lines of each block of a table that is too wide, without its title."""
    lines = lines_of(draw_table(table, width, PLAIN))[1:]
    rule = [index - 1 for index, line in enumerate(lines) if line.startswith("─")]
    return [lines[start : start + 2 + len(table.rows)] for start in rule]


def pairs() -> Table:
    columns = (Column("first"), Column("second"), Column("difference"), Column("from"), Column("to"), Column("p"))
    models = ("LSTM", "CNN", "AST")
    rows = ((a, b, 0.1 * i, 0.01 * i, 0.2 * i, 0.5) for i, a in enumerate(models) for b in models if a != b)
    return Table("Pairs", columns, tuple(rows))


def test_every_block_of_a_wide_table_names_its_rows_by_as_many_columns_as_tell_them_apart():
    first, *others = blocks_of(pairs(), 40)
    assert others and all(block[0].split()[:2] == ["first", "second"] for block in (first, *others))
    assert [line.split()[:2] for line in first[2:]] == [line.split()[:2] for line in others[0][2:]]


def test_a_value_stays_beside_the_ends_of_its_interval():
    for width in range(30, 60):
        heads = [block[0].split() for block in blocks_of(pairs(), width)]
        (with_value,) = [head for head in heads if "difference" in head]
        assert with_value[-3:] == ["difference", "from", "to"] or with_value[-4:-1] == ["difference", "from", "to"]


def test_rows_are_numbered_where_their_names_leave_no_room():
    rows = ((f"{a} of every kind", f"{b} of another kind", *more) for a, b, *more in pairs().rows)
    table = replace(pairs(), rows=tuple(rows))
    blocks = blocks_of(table, 40)
    assert [block[0].split()[0] for block in blocks] == ["#"] * len(blocks)
    assert all([line.split()[0] for line in block[2:]] == ["1", "2", "3", "4", "5", "6"] for block in blocks)
    assert "Not shown" not in draw_table(table, 40, PLAIN).plain


def test_columns_that_fit_nowhere_are_named():
    columns = (Column("model"), Column("accuracy of it all"), Column("time of it all", "s", 1), Column("p"))
    shown = draw_table(Table("Models", columns, ROWS), 15, PLAIN).plain
    told = "for want of space: accuracy of it all, time of it all (s)."
    assert " ".join(shown.split("Not shown, ")[1].split()) == told
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
