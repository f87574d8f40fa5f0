"""Emotion data: the held-out tracks are one set for everything, and nothing of them reaches a training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import AXES, SimpleCache, make_genre_set, write_affect_index
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_bench import Bench, Inside

from labsteps.data.clip_files import MEL
from labsteps.errors import DataError
from labsteps.evaluation.regression import read_csv, to_csv
from labsteps.models.saved import Description
from labsteps.steps import fitting
from labsteps.steps.emotion import EmotionData, choose_held_out, emotion_data, held_out_ids, read_held_out
from labsteps.training.losses import HUBER_DELTA, Regression

PARAMETERS: dict[str, Any] = {
    "held_out_fraction": 0.25,
    "held_out_seed": 0,
    "validation_fraction": 0.2,
    "subset": 0,
    "loss": "mse",
    "monitor": "spearman",
    "precision": "float32",
    "threads": 1,
    "epochs": 2,
    "batch_size": 8,
    "learning_rate": 0.01,
}
TINY = Description("cnn", {"channels": 2, "kernel_size": 3}, 0.0, "mel", False, (0, 128), ("valence",))


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_genre_set(tmp_path_factory.mktemp("emotion"), clips_per_class=2, test_per_class=1)


@pytest.fixture
def bench(data_root: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path, data_root, SimpleCache(tmp_path_factory.getbasetemp() / "packs-of-emotion"))


def inside(bench: Bench, name: str = "run", seed: int = 1, **changes: Any) -> Inside:
    return Inside(bench, bench.folder / name, "8β", seed, {**PARAMETERS, **changes})


def opened(bench: Bench, axes: tuple[str, ...] = ("valence",), *, beat: bool = False, **changes: Any) -> EmotionData:
    return emotion_data(inside(bench, **changes), axes, MEL, beat=beat)


def ids_of(data: EmotionData) -> dict[str, set[int]]:
    return {name: set(getattr(data, name).pack.ids.tolist()) for name in ("train", "validation", "test")}


def test_the_held_out_tracks_are_one_set_for_every_axis_feature_and_seed(bench: Bench) -> None:
    held_out = held_out_ids(inside(bench))
    assert len(held_out) == 6
    for axis in AXES:
        for beat in (False, True):
            for seed in (1, 2):
                parts = ids_of(opened(bench, (axis,), beat=beat, seed=seed))
                assert parts["test"] == held_out
                assert not parts["train"] & parts["validation"]
                assert not held_out & (parts["train"] | parts["validation"])
                assert sum(map(len, parts.values())) == 24
    assert held_out_ids(inside(bench, held_out_seed=1)) != held_out


def test_validation_is_one_set_for_every_axis_and_follows_the_seed(bench: Bench) -> None:
    sets = {seed: [ids_of(opened(bench, (axis,), seed=seed))["validation"] for axis in AXES] for seed in (1, 2)}
    assert all(found == sets[seed][0] for seed in sets for found in sets[seed])
    assert sets[1][0] != sets[2][0]


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(1, 10**6), min_size=5, max_size=60), st.integers(0, 100))
def test_held_out_tracks_follow_from_ids_and_seed_alone(ids: set[int], seed: int) -> None:
    held_out = choose_held_out(ids, fraction=0.2, seed=seed)
    assert held_out == choose_held_out(sorted(ids, reverse=True), fraction=0.2, seed=seed)
    assert held_out <= ids
    assert abs(len(held_out) - 0.2 * len(ids)) <= 1


def test_values_that_differ_between_the_folders_do_not_move_a_track(tmp_path: Path, bench: Bench) -> None:
    root = make_genre_set(tmp_path / "data", clips_per_class=2, test_per_class=1)
    index = root / "multitask_dataset_beat" / "train_labels.txt"
    rows = [line.split(",") for line in index.read_text("utf-8").splitlines()[1:]]
    write_affect_index(index, [(int(row[0]), 0.5, 0.1, 0.9) for row in reversed(rows)])
    own = Bench(tmp_path / "runs", root, SimpleCache(tmp_path / "cache"))
    parts = [ids_of(opened(own, beat=beat))["test"] for beat in (False, True)]
    assert parts[0] == parts[1] == held_out_ids(inside(bench))


def test_each_axis_has_its_own_values_the_first_one_too(bench: Bench) -> None:
    index = (bench.data_root / "multitask_dataset" / "train_labels.txt").read_text("utf-8").splitlines()[1:]
    told = {int(row[0]): [float(cell) for cell in row[1:]] for row in (line.split(",") for line in index)}
    for axes in (("valence",), ("danceability",), AXES, AXES[::-1]):
        data = opened(bench, axes)
        assert data.task == Regression(axes)
        for clips in (data.train, data.validation, data.test):
            assert clips.targets.shape == (len(clips), len(axes))
            assert clips.targets.dtype == np.float32
            expected = [[told[track][AXES.index(axis)] for axis in axes] for track in clips.pack.ids.tolist()]
            np.testing.assert_allclose(clips.targets, expected, atol=1e-7)


def test_an_axis_that_is_not_in_the_index_is_named_with_those_that_are(bench: Bench) -> None:
    with pytest.raises(DataError, match="no axis tempo; its index has valence, energy, danceability"):
        opened(bench, ("tempo",))
    with pytest.raises(DataError, match="no axis asked for"):
        opened(bench, ())


def test_too_few_tracks_for_a_correlation_are_refused(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", clips_per_class=2, test_per_class=1, multitask_clips=(7, 2))
    own = Bench(tmp_path / "runs", root, SimpleCache(tmp_path / "cache"))
    with pytest.raises(DataError, match="has 7 labelled tracks"):
        opened(own)


def test_a_subset_takes_training_tracks_only(bench: Bench) -> None:
    whole, some = ids_of(opened(bench)), ids_of(opened(bench, subset=5))
    assert len(some["train"]) == 5 and some["train"] < whole["train"]
    assert (some["validation"], some["test"]) == (whole["validation"], whole["test"])
    split = json.loads((bench.folder / "run" / "split.json").read_text("utf-8"))
    assert {name: set(ids) for name, ids in split.items()} == {
        "train": some["train"],
        "validation": some["validation"],
        "held_out": some["test"],
    }


def test_an_untrained_model_gives_the_training_mean(bench: Bench) -> None:
    context = inside(bench)
    data = emotion_data(context, ("energy",), MEL)
    model, _ = fitting.prepare(context, data, TINY)
    model.eval()
    outputs = model(torch.randn(3, 20, 128), torch.tensor([20, 20, 20])).detach().numpy()
    np.testing.assert_allclose(outputs, float(data.train.targets.mean()), rtol=1e-6)
    values = data.score(np.full((len(data.test), 1), outputs[0, 0]), resamples=100, seed=0).values
    correlation = values["held_out/spearman/energy"]
    assert correlation.number is None
    assert "all the same" in correlation.reason
    assert values["held_out/mse/energy"].number == pytest.approx(
        float(((data.test.targets - data.train.targets.mean()) ** 2).mean()), rel=1e-5
    )


@pytest.mark.parametrize("monitor", ["spearman", "loss"])
def test_the_best_epoch_is_that_of_the_monitor_and_the_report_says_which(bench: Bench, monitor: str) -> None:
    context = inside(bench, monitor=monitor, epochs=6)
    data = emotion_data(context, ("energy",), MEL)
    fitted = fitting.fit(context, data, TINY)
    rows = fitted.state.history
    scores = [row[f"validation_{monitor}"] for row in rows]
    wanted = max(scores) if monitor == "spearman" else min(scores)  # type: ignore[type-var]
    assert fitted.state.best_epoch == scores.index(wanted) + 1
    report = fitting.report(context, data, fitted, 100)
    assert f"by {data.task.monitor_title} on the 4 validation clips" in report.text
    assert report.values[f"validation/{monitor}"].number == wanted
    said = read_held_out(context.folder)
    assert said.ids.tolist() == sorted(held_out_ids(context))
    assert report.values["held_out/mae/energy"].number == pytest.approx(
        float(np.abs(said.predicted - said.true).mean())
    )


def test_predictions_come_back_from_their_file_to_the_last_bit(bench: Bench, tmp_path: Path) -> None:
    data = opened(bench, AXES)
    said = data.said(np.random.default_rng(0).normal(size=(len(data.test), 3)).astype(np.float32))
    path = tmp_path / "said.csv"
    path.write_bytes(to_csv(said))
    again = read_csv(path)
    assert again.axes == AXES
    for name in ("ids", "true", "predicted"):
        np.testing.assert_array_equal(getattr(again, name), getattr(said, name))
    path.write_text(path.read_text("utf-8").replace("true_energy", "energy"), "utf-8")
    with pytest.raises(DataError, match=r"said\.csv cannot be read"):
        read_csv(path)


def test_outputs_of_the_wrong_shape_are_refused_everywhere(bench: Bench) -> None:
    data = opened(bench)
    with pytest.raises(ValueError, match=r"\(6, 1\)"):
        data.said(np.zeros(6))
    with pytest.raises(ValueError, match=r"\(6, 1\)"):
        data.score(np.zeros((6, 2)), resamples=100, seed=0)
    targets = torch.zeros(8, 1)
    for kind in ("mse", "l1", "huber", "ccc"):
        with pytest.raises(ValueError, match=r"not \(8, 1\) and \(8,\)"):
            Regression(("valence",), kind).loss(targets, torch.zeros(8))
        with pytest.raises(ValueError, match=r"not \(8,\) and \(8,\)"):
            Regression(("valence",), kind).loss(torch.zeros(8), torch.zeros(8))


def test_hubers_loss_is_linear_for_errors_that_occur() -> None:
    task = Regression(("x",), "huber")
    error = torch.tensor([[0.05], [0.5]])
    expected = (0.5 * 0.05**2 + HUBER_DELTA * (0.5 - HUBER_DELTA / 2)) / 2
    assert task.loss(error, torch.zeros(2, 1)).item() == pytest.approx(expected)


@pytest.mark.parametrize("wrong", [{"axes": ()}, {"kind": "mape"}, {"monitor": "r2"}, {"weights": (1.0, 2.0)}])
def test_a_regression_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Regression(**{"axes": ("valence",), **wrong})
