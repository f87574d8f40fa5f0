"""The map of tracks over the whole terminal: picking, zoom, turning, other maps, and the spectrogram of a track."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from data_sets import make_genre_set
from textual.pilot import Pilot
from tui_helpers import CLASSES, record, screen_text, until, until_text, until_there

from labsteps.errors import DataError
from labsteps.results import Axis, Panels, Result, Scatter, Value, to_json
from workbench.plots import pick
from workbench.plots.scatter import Camera
from workbench.tracks import spectrogram
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.map import MapScreen, MapView, maps_of

MakeApp = Callable[[], WorkbenchApp]
# Ten tracks on three heights, one a class.
PLACES = tuple(float(i) for i in range(10))
FLAT = Scatter(
    *("PCA in 2D", Axis("PC 1"), Axis("PC 2"), PLACES, tuple(p % 3 for p in PLACES), CLASSES),
    tuple(str(100 + i) for i in range(10)),
    notes=tuple(f"CNN says {name}" for name in reversed(CLASSES)),
)
SOLID = Scatter("PCA in 3D", Axis("a"), Axis("b"), PLACES, PLACES, CLASSES, FLAT.ids[::-1], Axis("c"), PLACES[::-1])
FIGURES = {"cnn_2d": FLAT, "cnn_3d": SOLID, "side": Panels("Settings", (FLAT, SOLID), 2)}


# Without a screen


def test_the_next_point_is_the_nearest_one_in_the_direction() -> None:
    middle = Camera(picked=4)
    assert pick.next_point(FLAT, Camera(), 1, 0) in (4, 5)
    assert pick.next_point(FLAT, middle, 1, 0) == 7  # on the same height; 5 is nearer across, but far above
    assert pick.next_point(FLAT, middle, -1, 0) == 1
    assert pick.next_point(FLAT, middle, 0, 1) == 5 and pick.next_point(FLAT, middle, 0, -1) == 3
    assert pick.next_point(FLAT, Camera(picked=9), 1, 0) == 9  # there is none beyond
    assert pick.next_point(FLAT, Camera(picked=4, only=CLASSES[8]), 1, 0) == 8
    empty = Scatter("", Axis(""), Axis(""), (None,), (None,), ("",), ("1",))
    assert pick.next_point(empty, Camera(), 1, 0) is None


def test_every_point_is_reached_with_the_arrows() -> None:
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            there = pick.next_point(FLAT, Camera(picked=here), right, up)
            if there not in reached:
                reached.add(there)
                waiting.append(there)
    assert reached == set(range(10))


def test_the_camera_goes_to_the_picked_point_and_never_beyond_the_whole() -> None:
    near = pick.zoomed(FLAT, Camera(picked=9), 4)
    assert near.zoom == pytest.approx(1.6**4) and near.centre[0] == pytest.approx(1 - 0.5 / near.zoom)
    assert pick.zoomed(FLAT, near, -9) == Camera(picked=9)
    assert pick.zoomed(FLAT, near, 99).zoom == pick.MOST
    followed = pick.picked(FLAT, near, 0)
    assert followed.centre[0] == pytest.approx(0.5 / near.zoom)
    assert pick.picked(FLAT, near, 9).centre == near.centre
    assert pick.panned(near, 5, 0).centre[0] == pytest.approx(1 - 0.5 / near.zoom)


def test_what_is_near_on_the_map_is_counted_by_class() -> None:
    assert pick.surroundings(FLAT, 0) == [(name, 1) for name in CLASSES[1:6]]
    assert pick.surroundings(FLAT, 99) == []


def test_maps_side_by_side_can_be_looked_at_one_by_one() -> None:
    found = maps_of(Result(figures=FIGURES))
    assert [one.page for one in found] == ["cnn_2d", "cnn_3d", "side", "side"]
    assert found[3].figure.title == "PCA in 3D · Settings"


def test_a_track_is_drawn_wherever_it_lies_and_a_missing_one_is_named(tmp_path: Any) -> None:
    root = make_genre_set(tmp_path, {"Jazz": 2, "Rock": 2}, test_per_class=1, beat=False)
    for place in ("fma_genre_spectrograms/test", "fma_genre_spectrograms/train", "multitask_dataset/train"):
        file = next((root / place).iterdir())
        track = int(file.name.partition(".")[0])
        image = spectrogram(root, track, "Rock")
        assert len(image.values) == 128 and f"Rock ({track})" in image.title
    with pytest.raises(DataError, match="no file of track 999999"):
        spectrogram(root, 999_999, "Rock")
    file.write_bytes(b"short")
    with pytest.raises(DataError, match=rf"{track}\.fused"):
        spectrogram(root, track, "Rock")


# On the screen


@pytest.fixture
def on_map(make_app: MakeApp, bench: Bench) -> Callable[..., Any]:
    """Return the app on a result with maps; the tracks are files where `figures` say so."""
    run = bench.session.create_run(record(bench.session))
    with run.take(), run.writer() as events:
        run.write_result(
            {
                "format": 1,
                "part": "7.1ε",
                "run": run.id,
                **to_json(Result({"test/accuracy": Value(0.5)}, figures=FIGURES)),
            }
        )
        events.append("finished", seconds=1.0)
    return make_app


async def opened(pilot: Pilot[Any]) -> MapView:
    pilot.app.go_to("7.1ε")
    await pilot.press("4")
    await until_text(pilot, "[values]")
    await until(pilot, lambda: pilot.app.focused is not None and pilot.app.focused.id == "result", "the focus")
    await pilot.press("tab")
    await until_text(pilot, "tracks")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, MapScreen), "the map")
    await until_text(pilot, "Arrows pick a track.")
    return await until_there(pilot, MapView)


async def test_at_80_columns_a_track_is_picked_and_told_with_every_class_in_the_legend(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert all(name in screen_text(pilot.app) for name in CLASSES)
        await pilot.press("slash", *"104", "enter")
        await until_text(pilot, "track 104 · Hip-Hop")
        text = screen_text(pilot.app)
        assert "[H]" in text and "CNN says Jazz" in text and "nearest here: " in text and "map 1 of 4" in text
        await pilot.press("right")
        await until_text(pilot, "track 107 · Pop")
        await pilot.press("plus", "i")
        await until_text(pilot, "2.6×")
        await pilot.press("0")
        await until(pilot, lambda: "×" not in screen_text(pilot.app), "the whole")


async def test_the_picked_track_stays_the_same_on_another_map_and_the_result_shows_that_page(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"100", "enter")
        await until_text(pilot, "track 100 · Blues")
        await pilot.press("tab")
        await until_text(pilot, "track 100 · Trip-Hop")  # the second map has the tracks the other way round
        await until_text(pilot, "turned 30°, tilted 20°")
        await pilot.press("d", "w")
        await until_text(pilot, "turned 45°, tilted 30°")
        await pilot.press("escape")
        await until_text(pilot, "[cnn 3d]")


async def test_keys_that_turn_are_offered_in_space_only(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(120, 30)) as pilot:
        view = await opened(pilot)
        assert not view.check_action("turn", ()) and view.check_action("map", ())
        await pilot.press("tab")
        await until(pilot, lambda: bool(view.check_action("turn", ())), "a map in space")


async def test_one_class_after_the_other_is_shown_alone(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await until_text(pilot, "only Blues")
        await pilot.press(*["c"] * 10)
        await until(pilot, lambda: "only" not in screen_text(pilot.app), "all classes")


async def test_an_id_that_is_not_on_the_map_is_refused(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"7", "enter")
        await until_text(pilot, "Track '7' is not on this map.")


async def test_a_picked_track_shows_its_spectrogram(on_map: MakeApp, bench: Bench, tmp_path: Any) -> None:
    root = make_genre_set(tmp_path / "music", {"Jazz": 2, "Rock": 2}, test_per_class=1, beat=False, multitask=False)
    file = next((root / "fma_genre_spectrograms" / "test").iterdir())
    file.rename(file.with_name("104.fused.full.npy"))
    bench.session.update(data_root=str(root))
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"104", "enter")
        await until_text(pilot, "track 104")
        await pilot.press("enter")
        await until_text(pilot, "Mel spectrogram, Hip-Hop (104)")
        await pilot.press("enter")
        await until_text(pilot, "[H]")
        await pilot.resize_terminal(160, 45)
        await until_text(pilot, "frequency (Hz)")
        await pilot.press("right")
        # Where the lines break depends on the length of the path, and one break leaves one of these whole.
        told = ("no file", "of track")
        await until(pilot, lambda: any(words in screen_text(pilot.app) for words in told), "what is wrong")


async def test_arrows_and_letters_pick_the_nearest_track_in_each_direction(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        view = await opened(pilot)
        await pilot.press("slash", *"104", "enter")
        await until_text(pilot, "track 104 ·")
        shape, here = 0.5 * view.size.width / view.size.height, 4
        for key, right, up in (
            *(("right", 1, 0), ("h", -1, 0), ("l", 1, 0), ("left", -1, 0)),
            *(("up", 0, 1), ("j", 0, -1), ("k", 0, 1), ("down", 0, -1)),
        ):
            there = pick.next_point(FLAT, Camera(picked=here), right, up, shape)
            assert there is not None and there != here
            await pilot.press(key)
            await until_text(pilot, f"track {FLAT.ids[there]} ·")
            here = there


async def test_every_key_of_the_camera_has_one_that_takes_it_back(on_map: MakeApp) -> None:
    async with on_map().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"104", "enter")
        await until_text(pilot, "map 1 of 4")
        await pilot.press("shift+tab")
        await until_text(pilot, "map 4 of 4")
        await pilot.press("shift+tab", "shift+tab")
        await until_text(pilot, "map 2 of 4")
        await pilot.press("a", "s")
        await until_text(pilot, "turned 15°, tilted 10°")
        await pilot.press("tab", "plus", "plus")
        await until_text(pilot, "2.6×")
        await pilot.press("minus")
        await until_text(pilot, "1.6×")
        await pilot.press("o")
        await until(pilot, lambda: "×" not in screen_text(pilot.app), "the whole")
        await pilot.press("plus", "plus", "plus")
        await until_text(pilot, "4.1×")
        middle = screen_text(pilot.app)
        for there, back in ("LH", "HL", "KJ", "JK"):
            await pilot.press(there)
            await until(pilot, lambda: screen_text(pilot.app) != middle, f"another part by {there}")
            await pilot.press(back)
            await until(pilot, lambda: screen_text(pilot.app) == middle, f"the same part again by {back}")
