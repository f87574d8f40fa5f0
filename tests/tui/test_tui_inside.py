"""Inside the digit network: choosing, drawing, turning layers and epochs, on weights that a test has made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.style import Style as RichStyle
from textual.pilot import Pilot
from tui_digits import digits, keep, weights_of
from tui_helpers import record, screen_text, until, until_text

from labsteps.catalogue import catalogue
from labsteps.digits.activations import LAYERS
from labsteps.digits.album import epoch_file
from labsteps.digits.network import forward
from workbench.plots.canvas import Canvas
from workbench.plots.pixels import draw_cursor, draw_pixels, tiles
from workbench.plots.style import Style
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.drawing import SIDE, Drawing, Pen
from workbench.tui.inside import PAGES, Inside, draw_inside
from workbench.tui.look import look_of
from workbench.tui.screens.inside import InsideScreen, changed_cells
from workbench.tui.themes import DARK

SIZE = (80, 24)
PART = "7.1α"


@pytest.fixture
def session(tmp_path: Path, data_root: Path) -> Session:
    bench = Bench(Sessions(tmp_path / "sessions"))
    bench.create("demo", data_root, "cpu")
    assert bench.session is not None
    return bench.session


@pytest.fixture
def trained(session: Session) -> RunFolder:
    run = session.create_run(record(session, PART))
    keep(run, 4)
    return run


@pytest.fixture
def app(session: Session, tmp_path: Path) -> WorkbenchApp:
    bench = Bench(Sessions(tmp_path / "sessions"))
    bench.open("demo")
    return WorkbenchApp(bench)


async def look_inside(pilot: Pilot[Any]) -> Inside:
    await pilot.pause()
    pilot.app.screen.go_to(PART)  # type: ignore[attr-defined]
    await pilot.press("i")
    await until(pilot, lambda: isinstance(pilot.app.screen, InsideScreen), "the screen")
    await until(pilot, lambda: "Reading what" not in screen_text(pilot.app), "the run")
    return pilot.app.screen.inside  # type: ignore[attr-defined,no-any-return]


# With keys


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_a_digit_is_chosen_and_every_layer_and_epoch_is_seen(
    app: WorkbenchApp, trained: RunFolder, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        inside = await look_inside(pilot)
        await until_text(pilot, "epoch 3 of 3")
        await pilot.press("4")
        assert "held-out 4, no. 1" in screen_text(app)
        await pilot.press("4")
        assert "held-out 4, no. 2" in screen_text(app)
        await pilot.press("N")
        assert "held-out 4, no. 1" in screen_text(app)
        assert (inside.drawing.pixels == digits().images[4]).all()
        for _ in PAGES:
            await pilot.press("tab")
            page = PAGES[inside.page]
            shown = screen_text(app)
            assert (
                f"{'filters of convolution 1' if page == 'filters' else page} {inside.page + 1}/{len(PAGES)}" in shown
            )
        await pilot.press("e")
        assert inside.epoch == 3
        await pilot.press("E", "E", "E", "E")
        await until_text(pilot, "epoch 0 of 3, untrained")
        expected = forward(weights_of(0), digits().images[4])
        assert f"says {expected.verdict}, {expected.probabilities.max():.2f}" in screen_text(app)
        assert max(map(len, screen_text(app).splitlines())) <= size[0]


async def test_probabilities_follow_the_drawing(app: WorkbenchApp, trained: RunFolder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        inside = await look_inside(pilot)
        await pilot.press("c")
        assert not inside.drawing.pixels.any()
        await until_text(pilot, "your drawing")
        empty = inside.see().probabilities.copy()
        await pilot.press("space", "down", "j", "right", "l", "up", "k", "left", "h")
        assert inside.drawing.pixels.any() and "pen down" in screen_text(app)
        now = forward(weights_of(3), inside.drawing.pixels).probabilities
        assert np.abs(now - empty).max() > 1e-3
        best = int(now.argmax())
        assert f"says {best}, {now[best]:.2f}" in screen_text(app)
        assert f"▸{best}" in screen_text(app)
        await pilot.press("space")
        assert "pen up" in screen_text(app)
        before = inside.drawing.pixels
        await pilot.press("right")
        assert inside.drawing.pixels is before and "row 15 col 16" in screen_text(app)


async def test_every_digit_has_its_key_and_the_next_of_it_another(app: WorkbenchApp, trained: RunFolder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        inside = await look_inside(pilot)
        await pilot.press("0" if inside.digit else "1")
        for digit in "1234567890":
            await pilot.press(digit)
            await until_text(pilot, f"held-out {digit}, no. 1")
            await pilot.press("n")
            await until_text(pilot, f"held-out {digit}, no. 2")
        page = inside.page
        await pilot.press("tab", "shift+tab", "shift+tab")
        await until(pilot, lambda: inside.page == (page - 1) % len(PAGES), "the layer before")


async def test_a_drawing_is_shifted_to_the_middle_and_rubbed_out(app: WorkbenchApp, trained: RunFolder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        inside = await look_inside(pilot)
        await pilot.press("c", *["left"] * 9, "space", "up", "up", "space")
        await until_text(pilot, "pen up")
        drawn = inside.drawing.pixels
        assert drawn.any()
        await pilot.press("m")
        await until(pilot, lambda: not (inside.drawing.pixels == drawn).all(), "another place")
        assert sorted(inside.drawing.pixels.ravel()) == sorted(drawn.ravel())
        assert abs(np.nonzero(inside.drawing.pixels)[1].mean() - (SIDE - 1) / 2) <= 0.5
        await pilot.press("x")
        await until_text(pilot, "rubber down")
        row, column = (int(middle) for middle in np.argwhere(inside.drawing.pixels == 255)[0])
        await pilot.press(*["down"] * (row - inside.drawing.row), *["right"] * (column - inside.drawing.column))
        await until(pilot, lambda: inside.drawing.pixels[row, column] == 0, "paper where the ink was")
        await pilot.press("x")
        await until_text(pilot, "pen up")


async def test_before_anything_is_trained_it_says_which_key_trains(
    app: WorkbenchApp, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(WorkbenchApp, "start", lambda _self, part, force: asked.append(part.id))
    async with app.run_test(size=SIZE) as pilot:
        await look_inside(pilot)
        await until_text(pilot, "Press r to train it")
        assert "space pen" not in screen_text(app)
        await pilot.press("7", "space", "tab", "e", "up")
        await pilot.press("r")
        assert asked == [PART]
        run = session.create_run(record(session, PART))
        keep(run, 1)
        await until_text(pilot, "epoch 0 of 0, untrained")
        keep(run, 3)
        await until_text(pilot, "epoch 2 of 2")
        await pilot.press("escape")
        await until_text(pilot, "7.1α Inside a CNN")
        assert not isinstance(app.screen, InsideScreen)


async def test_an_epoch_that_one_has_turned_back_to_stays_in_sight_while_training_goes_on(
    app: WorkbenchApp, trained: RunFolder
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        inside = await look_inside(pilot)
        await pilot.press("E")
        keep(trained, 6)
        await until_text(pilot, "epoch 2 of 5")
        assert inside.epoch == 2


async def test_damaged_weights_are_told_by_name(app: WorkbenchApp, trained: RunFolder) -> None:
    (trained.path / epoch_file(2)).write_bytes(b"x")
    async with app.run_test(size=(110, 30)) as pilot:
        await look_inside(pilot)
        await until_text(pilot, "epoch-002")


async def test_a_small_terminal_is_told_what_is_needed(app: WorkbenchApp, trained: RunFolder) -> None:
    async with app.run_test(size=(64, 20)) as pilot:
        await look_inside(pilot)
        await until_text(pilot, "72x23 or larger")


async def test_the_key_is_offered_for_this_part_only(app: WorkbenchApp, trained: RunFolder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.screen.go_to("7.1β")  # type: ignore[attr-defined]
        await pilot.press("i")
        await pilot.pause()
        assert not isinstance(app.screen, InsideScreen)


# What is drawn


def text_of(canvas: Canvas) -> str:
    return canvas.text().plain


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "xterm", "LC_ALL": "C.UTF-8"},
        {"TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
        {"TERM": "xterm", "LC_ALL": "C", "NO_COLOR": "1"},
        {"TERM": "xterm", "LC_ALL": "C"},
        {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
    ],
    ids=["16", "none", "ascii", "16 ascii", "256"],
)
@pytest.mark.parametrize("size", [(80, 22), (160, 43)], ids=str)
def test_every_terminal_shows_every_page_whole(environ: dict[str, str], size: tuple[int, int]) -> None:
    from labsteps.digits.album import Album

    inside = Inside()
    inside.take_album(Album(digits(), tuple(weights_of(epoch) for epoch in range(3)), 2))
    inside.take_digit(3)
    look = look_of(DARK, environ)
    drawn = set()
    for _ in PAGES:
        inside.turn_page(1)
        canvas = draw_inside(inside, *size, look)
        shown = text_of(canvas)
        assert "epoch 2 of 2, best" in shown and (">" if look.ascii_only else "▸") in shown
        assert not look.ascii_only or shown.isascii()
        drawn.add(str(canvas.rows) + str(canvas.styles))
    assert len(drawn) == len(PAGES)


def test_two_pixels_share_a_cell_and_nothing_is_drawn_for_what_is_missing() -> None:
    style, canvas = Style(), Canvas(3, 2, Style())
    draw_pixels(canvas, 0, 0, np.array([[0, 1, np.nan], [1, np.nan, np.nan], [np.nan, 1, 0]]), (0.0, 1.0), style)
    assert canvas.rows == [["▀", "▀", " "], [" ", "▀", "▀"]]
    first, second = canvas.styles[0][:2]
    assert first.color == canvas.styles[1][2].color and first.bgcolor == second.color and second.bgcolor is None


def test_without_colours_a_drawing_shows_both_pixels_of_a_cell() -> None:
    picture = np.array([[0.0, 255, 0, 255], [0, 0, 255, 255]])
    for style, expected in ((Style("none"), " ▀▄█"), (Style("none", unicode=False), " '.:")):
        canvas = Canvas(4, 1, style)
        draw_pixels(canvas, 0, 0, picture, (0.0, 255.0), style, crisp=True)
        assert "".join(canvas.rows[0]) == expected


@pytest.mark.parametrize("depth", ["truecolor", "256", "16", "none"])
@pytest.mark.parametrize("unicode", [True, False])
def test_the_pen_is_seen_on_every_terminal_on_ink_and_on_paper(depth: Any, unicode: bool) -> None:
    style = Style(depth, unicode, palette="grey")
    for value in (0.0, 255.0):
        canvas = Canvas(2, 1, style)
        draw_pixels(canvas, 0, 0, np.full((2, 2), value), (0.0, 255.0), style, crisp=True)
        draw_cursor(canvas, 0, 0, (1, 1), style)
        here, there = ((canvas.rows[0][x], canvas.styles[0][x]) for x in (1, 0))
        assert here != there
        draw_cursor(canvas, 0, 0, (9, 9), style)


@settings(deadline=None)
@given(st.integers(1, 32), st.sampled_from([1, 5, 7, 14, 28]), st.integers(0, 120), st.integers(0, 40))
def test_tiles_fit_in_their_space_and_all_of_them_are_there(count: int, side: int, columns: int, lines: int) -> None:
    channels = np.arange(1, count + 1, dtype=np.float32)[:, None, None] * np.ones((1, side, side), np.float32)
    sheet = tiles(channels, columns, lines)
    assert sheet.size == 0 or (sheet.shape[1] <= columns and (len(sheet) + 1) // 2 <= lines)
    if sheet.size:
        assert set(np.unique(sheet[np.isfinite(sheet)])) == set(range(1, count + 1))
    else:
        assert columns < 2 * count or lines < count


def test_a_small_bright_spot_stays_visible_in_a_tile() -> None:
    channels = np.zeros((1, 28, 28), np.float32)
    channels[0, 13, 20] = 3
    assert np.nanmax(tiles(channels, 9, 5)) == 3


def test_only_cells_that_differ_are_drawn_again() -> None:
    one, two = (Canvas(40, 3, Style()) for _ in range(2))
    two.set(1, 3, "x")
    two.set(1, 5, "x")
    two.set(1, 30, "x", RichStyle(bold=True))
    assert [(r.x, r.y, r.width) for r in changed_cells(one, two)] == [(3, 1, 3), (30, 1, 1)]
    assert changed_cells(one, one) == []


# Drawing


def test_the_pen_draws_where_it_goes_and_stays_on_the_sheet() -> None:
    drawing = Drawing()
    drawing.move(-99, -99)
    assert not drawing.pixels.any() and (drawing.row, drawing.column) == (0, 0)
    drawing.toggle(Pen.DOWN)
    assert drawing.pixels[0, 0] == 255 and 0 < drawing.pixels[1, 1] < 255 and not drawing.pixels[2:].any()
    drawing.move(0, 99)
    assert drawing.pixels[0, SIDE - 1] == 255
    kept = drawing.pixels
    drawing.toggle(Pen.RUBBER)
    assert drawing.pen is Pen.RUBBER and drawing.pixels[0, SIDE - 1] == 0 and kept[0, SIDE - 1] == 255
    drawing.toggle(Pen.RUBBER)
    assert drawing.pen is Pen.UP


def test_centring_moves_the_ink_and_loses_none_that_stays_on_the_sheet() -> None:
    drawing = Drawing()
    drawing.centre()
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[0:4, 1:3] = 200
    drawing.load(pixels)
    drawing.centre()
    rows, columns = np.nonzero(drawing.pixels)
    assert drawing.pixels.sum() == pixels.sum()
    assert abs(rows.mean() - 13.5) <= 0.5 and abs(columns.mean() - 13.5) <= 0.5


def test_the_pages_are_the_filters_and_every_layer() -> None:
    assert PAGES[1:] == LAYERS and catalogue().parts[PART].built
