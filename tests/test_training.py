"""The training loop: it learns, it checks, it stops, and what it leaves is the best epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import SimpleCache
from torch import nn

from labsteps.context import SavedState
from labsteps.data.classes import ClassScheme
from labsteps.data.folders import DataFolder
from labsteps.data.pack import MEL, pack
from labsteps.errors import StopRequestedError, TrainingError
from labsteps.models.saved import Description, build
from labsteps.training.feed import Clips
from labsteps.training.loop import Settings, evaluate, step_seed, train
from labsteps.training.losses import REGRESSION_LOSSES, Classification, Regression
from labsteps.training.precision import Arithmetic, choose

FLOAT32 = Arithmetic("float32", 1)
SETTINGS = Settings(epochs=12, batch_size=4, learning_rate=3e-3, seed=1, crop_frames=32, checkpoint_seconds=0.0)


class Bench:
    """A context that keeps checkpoints in a folder and can ask for a stop at any of its polls."""

    def __init__(self, folder: Path, stop_at: int = -1) -> None:
        self.folder, self.device, self.stop_at, self.polls = folder, "cpu", stop_at, 0
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[Mapping[str, Any]] = []

    def emit(self, kind: str, **fields: Any) -> None:
        self.events.append((kind, fields))

    def stop_requested(self) -> bool:
        self.polls += 1
        return self.polls == self.stop_at

    def requests(self) -> list[Mapping[str, Any]]:
        asked, self.asked = self.asked, []
        return asked

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        import json
        import shutil

        target = self.folder / "state"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        write(target)
        (target / "info.json").write_text(json.dumps({"step": step, "info": info}))

    def load_state(self, usable: Callable[[SavedState], None] | None = None) -> SavedState | None:
        import json

        target = self.folder / "state"
        if not target.exists():
            return None
        stored = json.loads((target / "info.json").read_text())
        saved = SavedState(stored["step"], target, stored["info"])
        if usable is not None:
            usable(saved)
        return saved


@pytest.fixture(scope="module")
def clips(genre_root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Clips, Clips, tuple[str, ...]]:
    cache = SimpleCache(tmp_path_factory.mktemp("packs"))
    whole = pack(genre_root, DataFolder.GENRE_FULL, "train", cache).with_classes(ClassScheme())
    test = pack(genre_root, DataFolder.GENRE_FULL, "test", cache).with_classes(ClassScheme(), whole.classes)
    return Clips(whole, MEL, whole.labels), Clips(test, MEL, test.labels), whole.classes


def network(kind: str, outputs: int) -> nn.Module:
    settings = {"channels": 4} if kind == "cnn" else {"hidden_size": 8, "bidirectional": True, "num_layers": 2}
    if kind == "lstm":
        settings["dropout"] = 0.3
    about = Description(kind, settings, 0.2, "mel", False, (0, 128), tuple(map(str, range(outputs))))
    return build(about, torch.full((128,), -50.0), torch.full((128,), 15.0), seed=1)


def fit(kind: str, data, bench: Bench, settings: Settings = SETTINGS, **more: Any):
    train_set, validation, classes = data
    model = network(kind, len(classes))
    return model, train(model, Classification(classes), train_set, validation, settings, FLOAT32, bench, **more)


@pytest.mark.parametrize("kind", ["cnn", "lstm"])
def test_it_learns_and_the_model_it_leaves_is_that_of_the_best_epoch(kind: str, clips, tmp_path: Path) -> None:
    model, trained = fit(kind, clips, bench := Bench(tmp_path), replace(SETTINGS, epochs=20))
    _, validation, classes = clips
    scores = Classification(classes).scores(evaluate(model, validation, FLOAT32, bench), validation.targets)
    assert scores["macro_f1"] == trained.best_row["validation_macro_f1"]
    assert scores["macro_f1"] == max(row["validation_macro_f1"] for row in trained.state.history)
    assert scores["accuracy"] > 0.6
    assert len(trained.state.history) == 20


@pytest.mark.parametrize("kind", ["cnn", "lstm"])
@pytest.mark.parametrize("stop_at", [1, 4, 13, 40])
def test_a_run_stopped_anywhere_and_resumed_repeats_the_whole_one_bit_for_bit(
    kind: str, stop_at: int, clips, tmp_path: Path
) -> None:
    short = replace(SETTINGS, epochs=4)
    _, whole = fit(kind, clips, Bench(tmp_path / "whole"), short)
    with pytest.raises(StopRequestedError):
        fit(kind, clips, Bench(tmp_path / "parts", stop_at=stop_at), short)
    torch.rand(stop_at)  # whatever else draws random numbers in between must not matter
    _, resumed = fit(kind, clips, Bench(tmp_path / "parts"), short)
    assert resumed.state == whole.state
    assert all(torch.equal(whole.best[name], resumed.best[name]) for name in whole.best)
    for name in ("model", "optimizer", "best"):
        files = [tmp_path / folder / "state" / f"{name}.safetensors" for folder in ("whole", "parts")]
        assert files[0].exists() == files[1].exists()
        assert not files[0].exists() or files[0].read_bytes() == files[1].read_bytes()


def test_the_overfit_check_learns_a_few_batches_by_heart(clips, tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=300, target_loss=0.05, overfit_batches=3)
    _, trained = fit("cnn", clips, Bench(tmp_path), settings, overfit_batch=True)
    assert trained.state.ended == "target loss reached"
    assert trained.state.history[-1]["train_loss"] < 0.05
    assert trained.state.step == 3 * trained.state.epoch
    assert "validation_loss" not in trained.state.history[-1]


def test_a_network_that_gets_no_gradient_fails_the_overfit_check(clips, tmp_path: Path) -> None:
    train_set, _, classes = clips
    model = network("cnn", len(classes))
    for parameter in model.backbone.parameters():
        parameter.requires_grad_(False)
    model.head.output.weight.requires_grad_(False)
    settings = replace(SETTINGS, epochs=15)
    trained = train(
        model, Classification(classes), train_set, None, settings, FLOAT32, Bench(tmp_path), overfit_batch=True
    )
    assert trained.state.ended == "all epochs done"
    assert trained.state.history[-1]["train_loss"] > 0.05


def test_training_stops_early_when_nothing_gets_better(clips, tmp_path: Path) -> None:
    settings = replace(SETTINGS, learning_rate=1e-7, patience=3, epochs=50)
    _, trained = fit("cnn", clips, Bench(tmp_path), settings)
    assert "no better macro_f1" in trained.state.ended
    assert trained.state.epoch == trained.state.best_epoch + 3 < 50


def test_a_loss_that_is_not_finite_ends_the_run_before_it_spoils_a_checkpoint(clips, tmp_path: Path) -> None:
    train_set, validation, classes = clips
    model = network("cnn", len(classes))
    with torch.no_grad():
        model.head.output.bias[0] = float("inf")
    with pytest.raises(TrainingError, match="became nan at epoch 1, step 1"):
        train(model, Classification(classes), train_set, validation, SETTINGS, FLOAT32, Bench(tmp_path))
    assert not (tmp_path / "state").exists()


def test_validation_leaves_no_trace_in_the_model(clips, tmp_path: Path) -> None:
    _, validation, classes = clips
    model = network("cnn", len(classes)).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    first = evaluate(model, validation, FLOAT32, Bench(tmp_path))
    assert not model.training
    assert np.array_equal(first, evaluate(model, validation, FLOAT32, Bench(tmp_path)))
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_each_step_has_a_seed_of_its_own() -> None:
    seeds = {step_seed(seed, step, rank) for seed in range(3) for step in range(50) for rank in range(3)}
    assert len(seeds) == 450


def test_shapes_that_would_broadcast_are_refused() -> None:
    task = Regression(("valence",))
    with pytest.raises(ValueError, match=r"not \(5, 1\) and \(5,\)"):
        task.loss(torch.zeros(5, 1), torch.zeros(5))
    with pytest.raises(ValueError, match=r"logits \(B, 2\)"):
        Classification(("a", "b")).loss(torch.zeros(4, 3), torch.zeros(4, dtype=torch.int64))


def test_regression_losses_by_hand() -> None:
    a, b = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [1.0], [4.0]])
    assert Regression(("x",)).loss(a, b).item() == pytest.approx(5 / 3)
    assert Regression(("x",), "l1").loss(a, b).item() == pytest.approx(1.0)
    covariance, spread, shift = 3 / 3, 2 / 3 + 2.0, 1.0
    assert Regression(("x",), "ccc").loss(a, b).item() == pytest.approx(1 - 2 * covariance / (spread + shift))
    assert set(REGRESSION_LOSSES) == {"mse", "l1", "huber", "ccc"}


def test_the_multitask_loss_is_the_weighted_sum_of_its_axes() -> None:
    a, b = torch.rand(6, 3), torch.rand(6, 3)
    task = Regression(("valence", "energy", "danceability"), weights=(1.0, 0.5, 2.0))
    each = ((a - b) ** 2).mean(dim=0)
    assert task.loss(a, b).item() == pytest.approx((each[0] + 0.5 * each[1] + 2 * each[2]).item())


def test_the_probe_keeps_its_outcome(tmp_path: Path) -> None:
    cache = SimpleCache(tmp_path)
    model = network("cnn", 3)
    ask = {"precision": "auto", "threads": 0, "frames": 32, "rows": 128, "loss": lambda y: y.square().mean()}
    first = choose(model, "cpu", **ask, cache=cache)
    assert choose(model, "cpu", **ask, cache=cache) == first
    assert cache.builds <= 1
    asked = choose(model, "cpu", **{**ask, "precision": "float32", "threads": 2}, cache=cache)
    assert asked == Arithmetic("float32", 2)


def test_an_evaluation_that_is_stopped_goes_on_where_it_was(clips, tmp_path: Path) -> None:
    _, validation, classes = clips
    model = network("cnn", len(classes))
    whole = evaluate(model, validation, FLOAT32, Keeping(tmp_path / "a"), batch_size=4, name="test set")
    stopped = Keeping(tmp_path / "b", stop_at=3)
    with pytest.raises(StopRequestedError):
        evaluate(model, validation, FLOAT32, stopped, batch_size=4, name="test set")
    seen: list[int] = []
    model.register_forward_hook(lambda *call: seen.append(len(call[2])))
    again = evaluate(model, validation, FLOAT32, Keeping(tmp_path / "b"), batch_size=4, name="test set")
    assert np.array_equal(whole, again)
    assert sum(seen) == len(validation) - 8


def test_a_damaged_half_way_file_is_named_and_the_evaluation_begins_again(clips, tmp_path: Path) -> None:
    _, validation, classes = clips
    model = network("cnn", len(classes))
    bench = Keeping(tmp_path)
    bench.write_artifact("partial/test_set.npy", b"\x93NUMPY damaged")
    evaluate(model, validation, FLOAT32, bench, name="test set")
    assert any(kind == "warning" and "test_set.npy" in fields["text"] for kind, fields in bench.events)


class Keeping(Bench):
    """A context that has files too."""

    def artifact(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write_artifact(self, name: str, data: bytes) -> Path:
        path = self.artifact(name)
        path.write_bytes(data)
        return path
