"""The clips behind a cell of a confusion matrix, and the curves of a run as one asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tui_helpers import CLASSES, finished, result, running, screen_text, until, until_text, until_there

from labsteps.errors import DataError
from labsteps.results import Axis, Curve, Series
from workbench.clips import clips_behind
from workbench.plots.run_curves import smoothed
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.screens.cells import CellsScreen, ClipList, ClipsScreen, MatrixPane
from workbench.tui.widgets.run import RunView

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


def keep_outputs(folder: Path) -> None:
    """Write what the model said of each clip, as many of each pair as the matrix counts."""
    matrix = result().figures["confusion"]
    rows, clip = [f"id,true,predicted,{','.join(CLASSES)}"], 1000
    for true, row in zip(CLASSES, matrix.values, strict=True):
        for predicted, count in zip(CLASSES, row, strict=True):
            for _ in range(int(count or 0)):
                chances = ",".join("0.5" if name == predicted else f"0.{clip % 5}" for name in CLASSES)
                rows.append(f"{clip},{true},{predicted},{chances}")
                clip += 1
    (folder / "test_outputs.csv").write_text("\n".join(rows) + "\n")


async def test_the_clips_behind_a_cell_are_listed_with_their_spectrogram(
    make_app: MakeApp, bench: Bench, data_root: Path
) -> None:
    run = finished(bench.session)
    keep_outputs(run.path)
    clip = clips_behind(run.path, "Blues", "Classical")[0]
    for one in clips_behind(run.path, "Blues", "Classical"):
        np.save(
            data_root / "fma_genre_spectrograms" / "test" / f"{one.id}.fused.full.npy",
            np.zeros((140, 64), np.float32),
        )
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CellsScreen), "the matrix")
        await pilot.press("right")
        await until_text(pilot, "2 of Blues, taken for Classical")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ClipsScreen), "the clips")
        assert (await until_there(pilot, ClipList)).clips[0].id == clip.id
        await until_text(pilot, f"Blues ({clip.id})")
        assert "taken for Classical (.500)" in screen_text(pilot.app)


async def test_a_matrix_that_is_not_of_the_run_alone_says_so(make_app: MakeApp, bench: Bench) -> None:
    run = finished(bench.session)
    (run.path / "test_outputs.csv").write_text("id,true,predicted\n7,Blues,Blues\n")
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CellsScreen), "the matrix")
        await pilot.press("enter")
        await until_text(pilot, "counts 40 clips and the run has kept 1")


async def test_the_cursor_stays_inside_the_matrix(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=(60, 15)) as pilot:
        await until_text(pilot, "✓ ε")
        await pilot.press("4")
        await until_text(pilot, "[values]")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CellsScreen), "the matrix")
        await pilot.press("up", "left", *["down"] * 12, *["right"] * 12)
        assert pilot.app.screen.query_one(MatrixPane).cell == (9, 9)
        assert "40 of Trip-Hop, taken for Trip-Hop" in screen_text(pilot.app)


def test_a_run_that_kept_no_outputs_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has not kept"):
        clips_behind(tmp_path, "Blues", "Rock")


async def test_the_curves_are_those_that_were_asked_for(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    async with make_app().run_test(size=SIZE) as pilot:
        await until_text(pilot, "It is finished")
        await pilot.press("3")
        for title in ("Loss", "Scores", "Learning rate", "Gradient norm", "Time of an epoch", "Loss"):
            await until_text(pilot, f" {title}")
            await pilot.press("v")
        await pilot.press("m")
        await until_text(pilot, "smoothed")
        await pilot.press("a")
        assert pilot.app.screen.query_one(RunView).key_label("log_axis") == "linear axis"


async def test_a_live_run_tells_rate_gradient_and_time_left(make_app: MakeApp, bench: Bench) -> None:
    with running(bench.session) as (_, events):
        scores = {"train_loss": 2.0, "validation_loss": 2.0, "grad_norm": 1.5, "learning_rate": 1e-3}
        events.append("epoch", epoch=1, epochs=5, seconds=2.0, **scores)
        async with make_app().run_test(size=SIZE) as pilot:
            await pilot.press("3")
            await until_text(pilot, "2.0 s/epoch")
            text = screen_text(pilot.app)
            assert "ETA 8.0 s" in text and "lr 0.001" in text and "gradient 1.5" in text


def test_smoothing_begins_without_a_pull_towards_zero_and_leaves_gaps() -> None:
    curve = Curve("Loss", Axis("epoch"), Axis("loss"), (Series("a", (1.0, 2.0, 3.0, 4.0), (2.0, None, 2.0, 4.0)),))
    smooth = smoothed(curve, 0.5).series[0].y
    assert smooth[:3] == (2.0, None, 2.0)
    # Weights of a half, a quarter and an eighth: (4/2 + 2/4 + 2/8) / (7/8).
    assert smooth[3] == pytest.approx(2.75 / 0.875)
