import struct
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labsteps.results import Axis, Bars, Curve, Heatmap, Image, Panels, Scatter, Series
from workbench.plots import png
from workbench.plots.png import save_png

TIME, BAND = Axis("time", "s", ((0.0, "0"), (9.0, "30"))), Axis("band", "Hz", ((0.0, "0"), (7.0, "8192")))
FLAT = Scatter("PCA", Axis("1"), Axis("2"), (0.0, 1.0, None), (1.0, 2.0, 3.0), ("Jazz", "Rock", "Rock"), ())
SOLID = Scatter("PCA", Axis("1"), Axis("2"), (0.0, 1.0), (1.0, 2.0), ("Jazz", "Rock"), (), Axis("3"), (1.0, 0.0))
FIGURES = {
    "curve": Curve("Loss", Axis("epoch"), Axis("loss"), (Series("train", (1, 2, 3), (2.0, None, 1.0)),)),
    "log curve": Curve("Loss", Axis("epoch"), Axis("loss"), (Series("", (1, 2, 3), (2.0, 0.0, 0.01)),), log_y=True),
    "confusion": Heatmap(
        "Confusion", Axis("predicted"), Axis("true"), ("Jazz", "Rock"), ("Jazz", "Rock"), ((9, 1), (0, 0)), counts=True
    ),
    "matrix": Heatmap("r", Axis("b"), Axis("a"), ("x", "y"), ("x", "y"), ((1.0, -0.5), (None, 0.25))),
    "bars": Bars("Clips", Axis("genre"), Axis("clips"), ("Jazz", "Rock"), (Series("train", (0, 1), (160, None)),)),
    "scatter": FLAT,
    "solid scatter": SOLID,
    "panels": Panels("Maps", (FLAT, SOLID, FLAT), 2),
    "image": Image("Mel", TIME, BAND, Axis("level", "dB"), ((-80.0,) * 10, (None, *(0.0,) * 9)) * 4, -80.0, 0.0),
}
EMPTY = {
    "curve": Curve("Loss", Axis("epoch"), Axis("loss"), (Series("train", (), ()),)),
    "matrix": Heatmap("r", Axis("b"), Axis("a"), (), (), ()),
    "bars": Bars("Clips", Axis("genre"), Axis("clips"), ("Jazz",), ()),
    "scatter": Scatter("PCA", Axis("1"), Axis("2"), (None,), (None,), ("",), ("",)),
    "solid scatter": Scatter("PCA", Axis("1"), Axis("2"), (1.0,), (1.0,), ("",), ("",), Axis("3")),
    "panels": Panels("Maps", (), 2),
    "image": Image("Mel", TIME, BAND, Axis("level"), (), 0.0, 1.0),
}


def test_cells_without_light_are_black(tmp_path: Path) -> None:
    bright = Image("", Axis("x"), Axis("y"), Axis("v"), ((1.0,) * 8,) * 8, 0.0, 1.0)
    half = replace(bright, light=((0.0,) * 8,) * 4 + ((1.0,) * 8,) * 4)
    from matplotlib.image import imread

    black = {}
    for name, figure in (("bright", bright), ("half", half)):
        save_png(figure, tmp_path / f"{name}.png", dpi=60)
        pixels = imread(tmp_path / f"{name}.png")[..., :3]
        dark = (pixels < 0.05).all(axis=2)
        black[name] = dark
    more = black["half"] & ~black["bright"]
    rows = more.any(axis=1).nonzero()[0]
    assert more.sum() > 0.1 * more.size and rows.min() > 0.3 * len(more)  # row 0 of a picture is at its bottom


def size(path):
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def pixels(path):
    from matplotlib.image import imread

    return imread(path)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_becomes_a_picture_of_print_quality(name, tmp_path):
    path = tmp_path / "figure.png"
    save_png(FIGURES[name], path)
    width, _ = size(path)
    assert width >= 600
    assert pixels(path)[..., :3].std() > 0.02
    assert [entry.name for entry in tmp_path.iterdir()] == ["figure.png"]


def test_several_figures_share_a_page_three_in_a_row(tmp_path):
    one, four = tmp_path / "one.png", tmp_path / "four.png"
    png.save_sheet([FIGURES["confusion"]], one, dpi=50)
    png.save_sheet([FIGURES["confusion"]] * 4, four, dpi=50)
    (width, height), (wide, high) = size(one), size(four)
    assert (wide, high) == pytest.approx((3 * width, 2 * height), abs=4)


@pytest.mark.parametrize("name", EMPTY)
def test_a_figure_without_values_is_still_a_picture(name, tmp_path):
    save_png(EMPTY[name], tmp_path / "figure.png", dpi=50)
    assert pixels(tmp_path / "figure.png")[..., :3].min() < 0.9


def test_resolution_is_in_dots_per_inch(tmp_path):
    for dpi in (50, 100):
        save_png(FIGURES["curve"], tmp_path / f"{dpi}.png", dpi)
    assert [2 * n for n in size(tmp_path / "50.png")] == list(size(tmp_path / "100.png"))


def test_greek_and_dollar_signs_are_drawn_as_they_are(tmp_path):
    figure = Curve("Απώλεια 7.2β $x", Axis("εποχή"), Axis("απώλεια"), (Series("εκπαίδευση $", (1, 2), (1.0, 2.0)),))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_png(figure, tmp_path / "figure.png")
    assert size(tmp_path / "figure.png")[0] > 0


def test_control_characters_in_names_do_no_harm(tmp_path):
    figure = Curve("\x1b[31m\n\ud800", Axis("\x00"), Axis("_"), (Series("_hidden\x07", (1, 2), (1.0, 2.0)),))
    save_png(figure, tmp_path / "figure.png", dpi=50)
    assert size(tmp_path / "figure.png")[0] > 0


def test_row_0_of_a_picture_is_at_the_bottom(tmp_path):
    figure = Image("", Axis("x"), Axis("y"), Axis("v"), ((1.0,) * 8,) + ((0.0,) * 8,) * 7, 0.0, 1.0)
    save_png(figure, tmp_path / "figure.png", dpi=50)
    column = pixels(tmp_path / "figure.png")[:, 120, :3].sum(axis=1)
    dark = (column < 0.1).nonzero()[0]
    below = column[dark.max() + 2 : dark.max() + 8]
    assert len(dark) > 50 and below.min() > 2.0


def test_a_failed_drawing_leaves_the_file_before_it(tmp_path, monkeypatch):
    path = tmp_path / "figure.png"
    path.write_bytes(b"before")

    def fail(source, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(png.os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        save_png(FIGURES["curve"], path, dpi=50)
    assert path.read_bytes() == b"before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["figure.png"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        save_png(FIGURES["curve"], tmp_path / "nowhere" / "figure.png")


def test_drawing_leaves_pyplot_and_its_state_alone(tmp_path):
    code = (
        "import sys; from pathlib import Path; from workbench.plots.png import save_png\n"
        "from labsteps.results import Axis, Curve, Series\n"
        "save_png(Curve('', Axis('x'), Axis('y'), (Series('', (1, 2), (1, 2)),)), Path(sys.argv[1]), 50)\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    path = tmp_path / "figure.png"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False" and size(path)[0] > 0


values = st.one_of(st.none(), st.floats(), st.integers(0, 400))
texts = st.text(st.characters(max_codepoint=0x24F), max_size=6)
vectors = st.lists(values, max_size=6).map(tuple)
names = st.lists(texts, max_size=5).map(tuple)
lines = st.lists(st.builds(Series, texts, vectors, vectors), max_size=3).map(tuple)
matrices = st.lists(vectors, max_size=6).map(tuple)
X, Y = Axis("x"), Axis("y")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.builds(Curve, st.just(""), st.just(X), st.just(Y), lines, st.booleans()),
        st.builds(Heatmap, st.just(""), st.just(X), st.just(Y), names, names, matrices, st.booleans()),
        st.builds(Bars, st.just(""), st.just(X), st.just(Y), names, lines),
        st.builds(Scatter, st.just(""), st.just(X), st.just(Y), vectors, vectors, names, names),
        st.builds(Image, st.just(""), st.just(X), st.just(Y), st.just(Y), matrices, st.floats(), st.floats()),
    )
)
def test_no_values_make_the_drawing_fail(tmp_path_factory, figure):
    path = tmp_path_factory.mktemp("png") / "figure.png"
    save_png(figure, path, dpi=20)
    assert size(path)[0] > 0


@pytest.mark.parametrize("categories", [1, 3, 8])
def test_the_legend_of_grouped_bars_covers_no_bar_and_no_number(categories):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Page

    at = tuple(map(float, range(categories)))
    series = tuple(Series(name, at, (0.7,) * categories) for name in ("LSTM", "CNN", "AST", "ridge regression"))
    figure = Bars("t", Axis("axis"), Axis("ρ"), tuple(map(str, range(categories))), series)
    page = Page(figsize=png._size(figure), dpi=50, layout="constrained")
    FigureCanvasAgg(page).draw()
    png._draw(figure, page, "t")
    page.canvas.draw()
    (legend,) = page.legends
    assert page.axes[0].get_legend() is None
    assert legend.get_window_extent().y1 <= page.axes[0].get_window_extent().y0
    assert page.bbox.x0 <= legend.get_window_extent().x0 and legend.get_window_extent().x1 <= page.bbox.x1


def test_truth_and_prediction_have_equal_axes_and_the_line_between_them():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Page

    page = Page(layout="constrained")
    FigureCanvasAgg(page)
    png._draw(
        Scatter("t", Axis("true"), Axis("said"), (0.2, 0.9), (0.4, 1.5), ("", ""), ("1", "2"), identity=True), page, ""
    )
    (axes,) = page.axes
    assert axes.get_xlim() == axes.get_ylim() and axes.get_xlim()[0] < 0 and axes.get_xlim()[1] > 1.5
    (line,) = axes.lines
    assert list(line.get_xdata()) == list(line.get_ydata()) == [0.0, 1.5]


def test_a_matrix_is_shapes_and_a_spectrogram_a_picture_in_a_vector_file(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    matrix = Heatmap("m", Axis("predicted"), Axis("true"), names, names, ((1.0, 2.0, 0.0),) * 3, counts=True)
    values = tuple(tuple(float(i * j) for j in range(8)) for i in range(8))
    spectrogram = Image("s", Axis("time"), Axis("mel"), Axis("level", "dB"), values, 0.0, 49.0)
    curve = Curve("c", Axis("epoch"), Axis("loss"), (Series("train", (1.0, 2.0), (1.0, 0.5)),))
    drawn = {}
    for name, figure in (("matrix", matrix), ("spectrogram", spectrogram), ("curve", curve)):
        png.save_picture(figure, [tmp_path / f"{name}.svg"], width=4.0, height=3.0)
        drawn[name] = "<image" in (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn == {"matrix": False, "spectrogram": True, "curve": False}


def test_a_matrix_with_fewer_rows_than_names_is_still_drawn(tmp_path: Path) -> None:
    save_png(Heatmap("t", Axis("x"), Axis("y"), ("a", "b"), ("p", "q"), ((1.0,),)), tmp_path / "short.png")
    assert (tmp_path / "short.png").stat().st_size > 1000
