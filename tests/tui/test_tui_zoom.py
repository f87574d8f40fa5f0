"""Closer to a figure: matrices with many classes, spectrograms, and curves of a result and of a run that goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from tui_helpers import epoch_row, finished, running, screen_text, until, until_text, until_there

from labsteps.results import Axis, Bars, Curve, Figure, Heatmap, Image, Series
from workbench.plots.image import part_of
from workbench.plots.terminal import Style, draw, shown_cells
from workbench.plots.window import WHOLE, Window, closest, extent
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.keymap import keymap
from workbench.tui.screens import compare
from workbench.tui.screens.cells import CellsScreen, MatrixPane
from workbench.tui.screens.picture import PicturePane, PictureScreen
from workbench.tui.sight import Sight
from workbench.tui.widgets.run import RunView

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
PLAIN = Style("none")
FINE = (
    *("Blues", "Chiptune", "Classical", "Electronic", "Folk", "Hip-Hop", "Indie-Rock", "International", "Jazz"),
    *("Metal", "Old-Time", "Pop", "Post-Punk", "Post-Rock", "Psych-Folk", "Psych-Rock", "Punk", "Rock", "Soundtrack"),
    "Trip-Hop",
)
COUNTS = tuple(tuple(float(100 * (i == j) + 20 * i + j) for j in range(20)) for i in range(20))
MATRIX = Heatmap("Confusion", Axis("predicted"), Axis("true"), FINE, FINE, COUNTS, counts=True)
SCORES = Heatmap(
    "F1", Axis("model"), Axis("class"), ("LSTM on chroma", "CNN on mel"), FINE, tuple((i / 7, i / 9) for i in range(20))
)
FALL = tuple(2 / n for n in range(1, 61))
CURVE = Curve("Loss", Axis("epoch"), Axis("loss"), (Series("train", tuple(float(n) for n in range(1, 61)), FALL),))
SECONDS = tuple((20.0 * second, str(second)) for second in range(0, 30, 5))
PICTURE = Image(
    "Mel",
    Axis("time", "s", SECONDS),
    Axis("frequency", "Hz", ((4.0, "128"), (40.0, "1024"), (60.0, "4096"))),
    Axis("level", "dB"),
    tuple(tuple(float(row + column) for column in range(600)) for row in range(64)),
    0.0,
    700.0,
)


def whole_epochs(text: str) -> list[int]:
    """Return the epochs that stand below a curve."""
    line = next(
        line for line in text.splitlines() if re.fullmatch(r"[ │]*[\d ]+", line.split("│")[-1]) and line.strip()
    )
    return [int(word) for word in line.split("│")[-1].split()]


# --- what is drawn --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(80, 24), (78, 18), (48, 16), (158, 40)])
def test_closer_every_name_and_every_count_of_twenty_classes_can_be_read(width: int, height: int) -> None:
    read: set[tuple[str, str, str]] = set()
    for first_row in range(0, 20, 4):
        for first_column in range(20):
            where: dict[str, Any] = {"first_row": first_row, "first_column": first_column}
            rows, columns = shown_cells(MATRIX, width, height, PLAIN, **where, share=0.1)
            drawn = draw(MATRIX, width, height, style=PLAIN, **where, window=Window(share=0.1)).plain.split("\n")
            heads = next(line for line in drawn if line.startswith("true"))
            for row in rows:
                line = next(line for line in drawn if line.startswith(f"{FINE[row]} "))
                counts = re.findall(r"\d+", line.removeprefix(FINE[row]))
                for place, column in enumerate(columns):
                    assert FINE[column] in heads
                    read.add((FINE[row], FINE[column], counts[place]))
    assert read == {(one, other, f"{COUNTS[i][j]:.0f}") for i, one in enumerate(FINE) for j, other in enumerate(FINE)}


def test_half_way_the_names_of_columns_take_two_lines_in_turn() -> None:
    drawn = draw(MATRIX, 80, 24, style=PLAIN, window=Window(share=0.5)).plain.split("\n")
    over, below = drawn[1], drawn[2]
    assert "Chiptune" in over and "Electronic" in over and "Blues" in below and "Classical" in below


def test_numbers_that_are_no_counts_get_more_digits() -> None:
    assert ".14" in draw(SCORES, 80, 24, style=PLAIN).plain
    assert "0.1429" in draw(SCORES, 80, 24, style=PLAIN, window=Window(share=0.5)).plain


def test_part_of_a_curve_has_its_own_axes_and_ends_at_the_edge() -> None:
    shown = draw(CURVE, 60, 14, style=PLAIN, window=Window(left=0.5, share=0.25)).plain
    assert min(whole_epochs(shown)) >= 30 and max(whole_epochs(shown)) <= 46
    assert "0.06" in shown and "2" not in shown.split("┤")[0]
    line = next(line for line in reversed(shown.split("\n")) if "┤" in line or "│" in line)
    assert line.rstrip()[-1] not in "│┤ "  # the line goes on to the right edge, between two epochs
    between = draw(CURVE, 60, 14, style=PLAIN, window=Window(left=0.5, share=1 / 120)).plain
    assert "⠤" in between or "⣀" in between or "⠒" in between


def test_part_of_a_picture_keeps_its_colours_and_tells_where_it_is() -> None:
    part = part_of(PICTURE, Window(left=0.5, bottom=0.5, share=1 / 8))
    assert len(part.values) == 8 and len(part.values[0]) == 75
    assert part.values[0][0] == 32 + 300 and (part.low, part.high) == (0.0, 700.0)
    shown = draw(PICTURE, 78, 20, style=PLAIN, window=Window(left=0.5, bottom=0.75, share=1 / 8)).plain
    assert "1024–4096" in shown and all(f" {second}.0 " in shown for second in (16, 17, 18))


@pytest.mark.parametrize("width", [44, 78])
@pytest.mark.parametrize("count", [4, 6, 8])
def test_every_line_of_a_curve_is_named_in_a_pane(width: int, count: int) -> None:
    names = [
        f"{split}, {axis}" for axis in ("valence", "energy", "danceability", "genre") for split in ("train", "val")
    ]
    series = tuple(Series(name, (1.0, 2.0), (1.0, 2.0)) for name in names[:count])
    shown = draw(Curve("Loss", Axis("epoch"), Axis("loss"), series), width, 12, style=PLAIN).plain
    assert all(name in shown for name in names[:count]), shown


# --- a part of a figure ---------------------------------------------------------------------------------------------


def test_a_window_stays_on_the_figure_and_goes_back_to_the_whole() -> None:
    near = WHOLE.zoomed(0.5, 1 / 16)
    assert near == Window(0.25, 0.25, 0.5) and near.panned(9, -9) == Window(0.5, 0.0, 0.5)
    assert WHOLE.zoomed(1e-9, 1 / 16).share == 1 / 16 and near.zoomed(4, 1 / 16) == WHOLE
    assert WHOLE.zoomed(0.5, 0.1, keep_end=True).at_end and not near.zoomed(0.5, 0.1, keep_end=True).at_end


def test_a_window_at_the_end_of_a_growing_axis_follows_it_and_another_stays() -> None:
    newest, older = Window(0.5, 0.0, 0.5), Window(0.25, 0.0, 0.25)
    assert newest.over((0, 10), (0, 20)) == Window(0.75, 0.0, 0.25)
    assert older.over((0, 10), (0, 20)) == Window(0.125, 0.0, 0.125)
    assert WHOLE.over((0, 10), (0, 20)) is WHOLE and older.over((0, 0), (0, 5)) is older


def test_there_is_no_closer_than_two_steps_of_a_curve() -> None:
    assert closest(CURVE) == pytest.approx(2 / 59) and extent(CURVE) == (1.0, 60.0)
    few = Curve("Loss", Axis("epoch"), Axis("loss"), (Series("train", (1.0, 2.0), (1.0, 1.0)),))
    assert closest(few) == 1.0 and not Sight(few).can_go_closer


@pytest.mark.parametrize("figure", [MATRIX, SCORES, CURVE, PICTURE], ids=lambda figure: figure.title)
def test_closer_ends_and_farther_comes_back_to_the_same_picture(figure: Figure) -> None:
    sight = Sight(figure)
    first = [line.plain for line in sight.draw(80, 24, PLAIN)]
    presses = 0
    while sight.can_go_closer:
        assert sight.zoom(0.5)
        shown = [line.plain for line in sight.draw(80, 24, PLAIN)]
        presses += 1
    assert 0 < presses < 8 and shown != first
    assert not sight.zoom(0.5)
    while sight.offers("zoom", (2.0,)):
        sight.zoom(2.0)
    sight.down(-99)
    assert [line.plain for line in sight.draw(80, 24, PLAIN)] == first


def test_bars_that_do_not_fit_are_gone_over() -> None:
    names = tuple(f"class {n}" for n in range(40))
    sight = Sight(Bars("Clips", Axis("class"), Axis("clips"), names, (Series("train", (0.0,) * 40, (1.0,) * 40),)))
    assert "class 39" not in "".join(line.plain for line in sight.draw(60, 12, PLAIN))
    sight.down(999)
    assert "class 39" in "".join(line.plain for line in sight.draw(60, 12, PLAIN))


# --- the keys -------------------------------------------------------------------------------------------------------


async def go_to_cells(pilot: Pilot[Any], figure: Heatmap) -> MatrixPane:
    pilot.app.push_screen(CellsScreen(figure, Path("/nowhere"), None, percent=False))
    await until(pilot, lambda: isinstance(pilot.app.screen, CellsScreen), "the matrix")
    await until_text(pilot, "taken for")
    return await until_there(pilot, MatrixPane)


async def test_in_the_matrix_plus_gives_names_room_around_the_chosen_cell(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pane = await go_to_cells(pilot, MATRIX)
        await until_text(pilot, "+ closer")
        assert "- farther" not in screen_text(pilot.app)
        pane.action_step(18, 17)
        await pilot.press("down", "right")
        await until_text(pilot, "398 of Trip-Hop, taken for Soundtrack")
        await pilot.press("plus", "equals_sign")
        await until(pilot, lambda: "+ closer" not in screen_text(pilot.app), "the closest")
        heads = next(line for line in screen_text(pilot.app).splitlines() if line.startswith(" true"))
        assert "Rock" in heads and "Soundtrack" in heads
        row = next(line for line in screen_text(pilot.app).splitlines() if line.startswith(" Trip-Hop"))
        assert ">398<" in row and "- farther" in screen_text(pilot.app)
        await pilot.press("0")
        await until_text(pilot, "+ closer")
        assert ">398<" in screen_text(pilot.app)


async def test_a_figure_over_the_whole_terminal_is_gone_closer_to_and_along(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.push_screen(PictureScreen(CURVE, Path("/nowhere/loss.png")))
        await until(pilot, lambda: isinstance(pilot.app.screen, PictureScreen), "the figure")
        await until_text(pilot, "+ closer")
        await pilot.press("plus", "plus")
        await until_text(pilot, "- farther")
        epochs = whole_epochs(screen_text(pilot.app))
        assert min(epochs) > 20 and max(epochs) < 40
        await pilot.press(*["right"] * 6)
        assert max(whole_epochs(screen_text(pilot.app))) == 60
        await pilot.press("h", "h")
        assert max(whole_epochs(screen_text(pilot.app))) < 60
        await pilot.press("0")
        await until(pilot, lambda: "- farther" not in screen_text(pilot.app), "the whole")


async def test_a_spectrogram_is_gone_over_in_both_directions(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.push_screen(PictureScreen(PICTURE, Path("/nowhere/mel.png")))
        await until(pilot, lambda: isinstance(pilot.app.screen, PictureScreen), "the figure")
        await until_text(pilot, "128")
        await pilot.press("plus", *["up"] * 3, *["left"] * 3)
        text = screen_text(pilot.app)
        assert "4096" in text and "128" not in text and " 25 " not in text
        await pilot.press("j", "j", "j")
        await until_text(pilot, "128")


async def test_in_the_result_arrows_go_along_a_figure_once_it_is_closer_and_turn_pages_before(
    make_app: MakeApp, bench: Bench
) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("right")
        await until_text(pilot, "[confusion]")
        await pilot.press("plus")
        await until_text(pilot, "Classical")
        await pilot.press("right")
        await until_text(pilot, "columns 2")
        await pilot.press("tab")
        await until_text(pilot, "[per class]")


async def test_the_newest_epochs_of_a_live_run_stay_in_sight_while_they_come_in(
    make_app: MakeApp, bench: Bench
) -> None:
    with running(bench.session) as (_, events):
        for number in range(1, 21):
            events.append("epoch", **epoch_row(number, 40))
        async with make_app().run_test(size=(100, 30)) as pilot:
            pilot.app.go_to("7.1ε")
            await pilot.press("3")
            await until_text(pilot, "+ closer")
            text = screen_text(pilot.app)
            assert "s stop" in text and "p pause" in text
            await pilot.press("plus")
            await until_text(pilot, "- farther")
            assert min(whole_epochs(screen_text(pilot.app))) > 9
            for number in range(21, 31):
                events.append("epoch", **epoch_row(number, 40))
            await until(pilot, lambda: max(whole_epochs(screen_text(pilot.app))) == 30, "the newest epoch")
            assert min(whole_epochs(screen_text(pilot.app))) > 19
            await pilot.press(*["left"] * 8)
            before = whole_epochs(screen_text(pilot.app))
            assert min(before) < 3 and max(before) < 12
            for number in range(31, 36):
                events.append("epoch", **epoch_row(number, 40))
            await until_text(pilot, "epoch 36/40")
            assert whole_epochs(screen_text(pilot.app)) == before
            await pilot.press("v")
            await until_text(pilot, "Scores")
            assert max(whole_epochs(screen_text(pilot.app))) < 12
            await pilot.press("0", "right")
            await until_text(pilot, "▐Result▌")


async def test_a_run_of_a_few_epochs_offers_nothing_closer(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.go_to("7.1ε")
        await pilot.press("3")
        view = pilot.app.screen.query_one(RunView)
        await until_text(pilot, "Loss")
        assert view.check_action("zoom", (0.5,)) is False and view.check_action("along", (1,)) is False


async def test_the_keys_of_going_closer_can_be_others(bench: Bench) -> None:
    app = WorkbenchApp(bench, keymap=keymap({"zoom.closer": "z", "zoom.right": "ctrl+n"}, ""))
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(PictureScreen(CURVE, Path("/nowhere/loss.png")))
        await until_text(pilot, "closer")
        await pilot.press("plus")
        assert "farther" not in screen_text(app)
        await pilot.press("z", "ctrl+n", "ctrl+n", "ctrl+n")
        await until_text(pilot, "farther")
        assert app.screen.query_one(PicturePane).check_action("zoom", (2.0,))
        assert max(whole_epochs(screen_text(app))) == 60


async def test_the_curves_of_a_comparison_go_closer_and_along_as_those_of_a_run(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def untested(*_: object) -> str:
        return "not tested"

    monkeypatch.setattr(compare, "paired", untested)
    runs = [finished(bench.session, ended=40).id, finished(bench.session, ended=30).id]
    async with make_app().run_test(size=SIZE) as pilot:
        pilot.app.compare(runs)
        await until_text(pilot, "+ closer")
        assert "farther" not in screen_text(pilot.app) and whole_epochs(screen_text(pilot.app))[-1] == 40
        await pilot.press("plus", "plus")
        await until(pilot, lambda: min(whole_epochs(screen_text(pilot.app))) > 15, "the middle epochs")
        assert max(whole_epochs(screen_text(pilot.app))) < 26 and "- farther" in screen_text(pilot.app)
        middle = whole_epochs(screen_text(pilot.app))
        await pilot.press("v")
        await until_text(pilot, "val macro-F1")
        assert whole_epochs(screen_text(pilot.app)) == middle
        await pilot.press("right", "l", "right", "l", "right", "right", "right")
        await until(pilot, lambda: max(whole_epochs(screen_text(pilot.app))) == 40, "the last epochs")
        await pilot.press("0")
        await until(pilot, lambda: min(whole_epochs(screen_text(pilot.app))) < 6, "all epochs")
        assert not pilot.app.screen.query_one(compare.ComparePane).check_action("along", (1,))
