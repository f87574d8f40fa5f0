"""The training loop: it learns, it checks, it stops, and what it leaves is the best epoch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import AXES, SimpleCache
from folders_of_runs import Artifacts, States
from safetensors.torch import load_file
from torch import nn

from labsteps.errors import StopRequestedError, TrainingError
from labsteps.models import transformer
from labsteps.models.heads import Head, Model
from labsteps.models.saved import BACKBONES, Description, build
from labsteps.training import precision
from labsteps.training.feed import Clips
from labsteps.training.loop import Settings, Trained, evaluate, step_seed, train
from labsteps.training.losses import REGRESSION_LOSSES, Classification, MultitaskLoss, Regression
from labsteps.training.precision import Arithmetic, choose
from labsteps.training.tuning import Unfreezing

FLOAT32 = Arithmetic("float32", 1)
SETTINGS = Settings(epochs=12, batch_size=4, learning_rate=3e-3, seed=1, crop_frames=32, checkpoint_seconds=0.0)


class Bench(States):
    """A context that keeps checkpoints in a folder and can ask for a stop at any of its polls."""

    def __init__(self, folder: Path, stop_at: int = -1) -> None:
        self.folder, self.device, self.stop_at, self.polls = folder, "cpu", stop_at, 0
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[Mapping[str, Any]] = []

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the weights of the checkpoint."""
        return load_file(self.folder / "state" / "model.safetensors")

    def emit(self, kind: str, **fields: Any) -> None:
        self.events.append((kind, fields))

    def stop_requested(self) -> bool:
        self.polls += 1
        return self.polls == self.stop_at

    def requests(self) -> list[Mapping[str, Any]]:
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture(autouse=True)
def small_transformer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(transformer.SIZES, "mini", transformer.Size(16, 2, 2, 3))


def network(kind: str, outputs: int) -> nn.Module:
    settings = {
        "ast": {"model_size": "mini", "input_tdim": 32, "tstride": 16, "fstride": 16, "patch_out": 0.3},
        "cnn": {"channels": 4},
        "lstm": {"hidden_size": 8, "bidirectional": True, "num_layers": 2, "dropout": 0.3},
    }[kind]
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
    assert scores["macro_f1"] == trained.state.best_row["validation_macro_f1"]
    assert scores["macro_f1"] == max(row["validation_macro_f1"] for row in trained.state.history)
    assert scores["accuracy"] > 0.6
    assert len(trained.state.history) == 20


def same_when_stopped(run: Callable[[Bench], Trained], folder: Path, stop_at: int) -> Trained:
    """Check that a run stopped at one of its polls and resumed is the whole one bit for bit; return the whole one."""
    whole = run(Bench(folder / "whole"))
    with pytest.raises(StopRequestedError):
        run(Bench(folder / "parts", stop_at=stop_at))
    torch.rand(stop_at)  # whatever else draws random numbers in between must not matter
    resumed = run(Bench(folder / "parts"))
    assert resumed.state == whole.state
    assert all(torch.equal(whole.best[name], resumed.best[name]) for name in whole.best)
    for name in ("model", "optimizer", "best"):
        files = [folder / part / "state" / f"{name}.safetensors" for part in ("whole", "parts")]
        assert files[0].exists() == files[1].exists()
        assert not files[0].exists() or files[0].read_bytes() == files[1].read_bytes()
    return whole


@pytest.mark.parametrize("kind", ["ast", "cnn", "lstm"])
@pytest.mark.parametrize("stop_at", [1, 4, 13, 40])
def test_a_run_stopped_anywhere_and_resumed_repeats_the_whole_one_bit_for_bit(
    kind: str, stop_at: int, clips, tmp_path: Path
) -> None:
    short = replace(SETTINGS, epochs=4)
    same_when_stopped(lambda bench: fit(kind, clips, bench, short)[1], tmp_path, stop_at)


@pytest.mark.parametrize("kind", ["cnn", "lstm"])
@pytest.mark.parametrize("stop_at", [10, 13, 25])
def test_a_run_resumed_across_an_unfreezing_repeats_the_whole_one_bit_for_bit(
    kind: str, stop_at: int, clips, tmp_path: Path
) -> None:
    # an epoch asks ten times whether to stop, so the stops lie before, inside and after the first unfreezings
    gradual = replace(SETTINGS, epochs=4, backbone="gradual", unfreeze_every=1, backbone_rate=0.3)
    whole = same_when_stopped(lambda bench: fit(kind, clips, bench, gradual)[1], tmp_path, stop_at)
    layers = {"cnn": [0, 1, 2, 3], "lstm": [0, 1, 2, 2]}[kind]
    assert [row["learning_layers"] for row in whole.state.history] == layers


@pytest.mark.parametrize("stop_at", [4, 13])
def test_learnt_weights_of_a_loss_are_resumed_bit_for_bit_with_the_model(stop_at: int, clips, tmp_path: Path) -> None:
    def run(bench: Bench) -> Trained:
        train_set, validation = (with_values(part) for part in clips[:2])
        task = Regression(AXES, learn_weights=True)
        settings = replace(SETTINGS, epochs=3)
        return train(network("cnn", 3), task, train_set, validation, settings, FLOAT32, bench)

    whole = same_when_stopped(run, tmp_path, stop_at)
    weights = [row["weight/energy"] for row in whole.state.history]
    assert len(set(weights)) == 3
    assert set(whole.best) == set(network("cnn", 3).state_dict())


def with_values(clips: Clips) -> Clips:
    """Return the clips with three numbers each that follow from their class."""
    place = clips.targets / 2.0
    return Clips(clips.pack, clips.rows, np.stack((place, 1 - place, np.abs(place - 0.4)), axis=1).astype(np.float32))


def test_what_is_frozen_does_not_change_and_the_rest_learns(clips, tmp_path: Path) -> None:
    before = network("cnn", len(clips[2])).state_dict()
    model, _ = fit("cnn", clips, Bench(tmp_path), replace(SETTINGS, epochs=3, backbone="frozen"))
    changed = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert changed == {"head.output.weight", "head.output.bias"}
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_layers_are_unfrozen_from_the_last_one_down_with_their_normalisation(clips, tmp_path: Path) -> None:
    gradual = replace(SETTINGS, epochs=5, backbone="gradual", unfreeze_every=2)
    before = network("cnn", len(clips[2])).state_dict()
    with pytest.raises(StopRequestedError):
        fit("cnn", clips, bench := Bench(tmp_path, stop_at=45), gradual)  # in the fifth epoch
    after = bench.weights()
    changed = {
        name.split(".")[2] for name in after if ".layers." in name and not torch.equal(after[name], before[name])
    }
    assert changed == {"2", "3"}
    running = "backbone.layers.{}.normalisation.running_mean"
    assert not torch.equal(after[running.format(3)], before[running.format(3)])
    assert torch.equal(after[running.format(1)], before[running.format(1)])


def test_patience_waits_until_every_layer_has_had_its_turn(clips, tmp_path: Path) -> None:
    still = replace(SETTINGS, learning_rate=1e-7, patience=3, epochs=50)
    _, trained = fit("cnn", clips, Bench(tmp_path), replace(still, backbone="gradual", unfreeze_every=2))
    assert "no better macro-F1" in trained.state.ended
    assert trained.state.epoch >= 4 * 2 + 3


def test_the_backbone_learns_at_its_own_rate(clips, tmp_path: Path) -> None:
    train_set, _, classes = clips
    one_step = replace(SETTINGS, epochs=1, batch_size=len(train_set), weight_decay=0.0)
    moved = []
    for number, rate in enumerate((1.0, 0.25)):
        before = network("cnn", len(classes)).state_dict()
        bench = Bench(tmp_path / str(number))
        model, _ = fit("cnn", (train_set, None, classes), bench, replace(one_step, backbone_rate=rate))
        moved.append({name: tensor - before[name] for name, tensor in model.state_dict().items()})
    kernel, output = "backbone.layers.0.convolution.weight", "head.output.weight"
    torch.testing.assert_close(moved[1][kernel], 0.25 * moved[0][kernel], rtol=1e-3, atol=1e-7)
    assert torch.equal(moved[1][output], moved[0][output])


@pytest.mark.parametrize("name", BACKBONES)
def test_the_layer_groups_of_a_backbone_hold_each_of_its_parameters_once(name: str) -> None:
    rows = torch.zeros(128), torch.ones(128)
    for settings in ({}, *([{"pooling": "attention", "bidirectional": True, "num_layers": 2}] * (name == "lstm"))):
        model = Model(BACKBONES[name](*rows, **settings), Head(4, 1, 0.0))
        unfreezing = Unfreezing(model, "gradual", 1)
        unfreezing.start_epoch(unfreezing.last_change)
        assert all(p.requires_grad for p in model.parameters()) and all(m.training for m in model.modules())
        unfreezing.start_epoch(0)
        assert not any(p.requires_grad for p in model.backbone.parameters())
        assert not any(m.training for m in model.backbone.modules()) and model.head.training


def test_unfreezing_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="backbone cannot be 'half'; it is full, frozen, gradual"):
        Unfreezing(network("cnn", 2), "half", 1)
    with pytest.raises(ValueError, match="unfreeze_every is 0"):
        Unfreezing(network("cnn", 2), "gradual", 0)


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
    bench = Bench(tmp_path)
    _, trained = fit("cnn", clips, bench, settings)
    assert "no better macro-F1" in trained.state.ended
    assert trained.state.epoch == trained.state.best_epoch + 3 < 50
    told = [fields for kind, fields in bench.events if kind == "trained"]
    assert told == [{"epoch": trained.state.epoch, "epochs": 50, "ended": trained.state.ended}]


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


def test_the_multitask_loss_by_hand() -> None:
    logits = torch.tensor([[0.2, 0.5, 0.9], [0.6, 0.1, 0.9]])
    targets = torch.tensor([[0.4, 0.5, 0.5], [0.4, 0.7, 0.7]])
    # squared errors: .04 .04 → .04;  0 .36 → .18;  .16 .04 → .10
    loss = MultitaskLoss(AXES, weights=(1.0, 0.5, 2.0))
    torch.testing.assert_close(loss.each(logits, targets), torch.tensor([0.04, 0.18, 0.10]))
    assert loss(logits, targets).item() == pytest.approx(0.04 + 0.09 + 0.20)
    assert MultitaskLoss(AXES)(logits, targets).item() == pytest.approx(0.32)
    # absolute errors: .2 .2;  0 .6;  .4 .2
    assert MultitaskLoss(AXES, "l1", (1.0, 0.0, 1.0))(logits, targets).item() == pytest.approx(0.2 + 0.3)
    assert Regression(AXES, weights=(1.0, 0.5, 2.0)).loss(logits, targets).item() == pytest.approx(0.33)


def test_learnt_weights_by_hand() -> None:
    logits, targets = torch.tensor([[0.0, 0.0], [0.0, 0.0]]), torch.tensor([[0.2, 0.4], [0.2, 0.4]])
    loss = MultitaskLoss(("a", "b"), weights=(0.5, 2.0), learnt=True)
    # σ² = 1 / (2 w) = 1 and 1/4: .04 / 2 + .16 · 2 + ½ log 1 + ½ log ¼
    assert loss(logits, targets).item() == pytest.approx(0.02 + 0.32 - 0.5 * np.log(4.0))
    assert loss.weights() == {"a": pytest.approx(0.5), "b": pytest.approx(2.0)}
    (loss(logits, targets)).backward()
    # d/ds (½ e⁻ˢ L + ½ s) = ½ (1 − L / σ²)
    assert loss.log_variances is not None
    torch.testing.assert_close(loss.log_variances.grad, torch.tensor([0.5 * (1 - 0.04), 0.5 * (1 - 0.16 * 4)]))
    with torch.no_grad():
        loss.log_variances.copy_(torch.tensor([0.04, 0.16]).log())
    loss.zero_grad()
    loss(logits, targets).backward()
    assert loss.log_variances.grad.abs().max() < 1e-6  # least where σ² is the loss itself


def test_a_multitask_loss_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2 weights for 3 axes \(valence, energy, danceability\)"):
        MultitaskLoss(AXES, weights=(1.0, 2.0))
    for weights in ((1.0, -1.0, 1.0), (0.0, 0.0, 0.0), (1.0, float("nan"), 1.0)):
        with pytest.raises(ValueError, match="should be positive numbers"):
            MultitaskLoss(AXES, weights=weights)
    with pytest.raises(ValueError, match="loss cannot be 'mae'; it is mse, l1, huber, ccc"):
        MultitaskLoss(AXES, "mae")
    with pytest.raises(ValueError, match=r"shape \(B, 3\), not \(4, 1\) and \(4, 3\)"):
        MultitaskLoss(AXES)(torch.zeros(4, 1), torch.zeros(4, 3))


def test_the_history_has_the_loss_of_each_task_and_the_total_is_their_weighted_sum(clips, tmp_path: Path) -> None:
    train_set, validation = (with_values(part) for part in clips[:2])
    weights = (1.0, 0.5, 2.0)
    task = Regression(AXES, weights=weights)
    trained = train(
        network("cnn", 3), task, train_set, validation, replace(SETTINGS, epochs=2), FLOAT32, Bench(tmp_path)
    )
    for row in trained.state.history:
        for part in ("train", "validation"):
            each = [row[f"{part}_loss/{axis}"] for axis in AXES]
            assert len(set(each)) == 3
            assert row[f"{part}_loss"] == pytest.approx(np.dot(weights, each), rel=1e-5)
        axes = [row[f"validation_spearman/{axis}"] for axis in AXES]
        assert row["validation_spearman"] == pytest.approx(np.mean(axes))


PROBED = {"batch_size": 8, "frames": 32, "rows": 128}


def test_the_probe_keeps_its_outcome(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(precision.Load, "others", lambda self: 0.0)
    cache = SimpleCache(tmp_path)
    model = network("cnn", 3)
    ask = {
        "precision": "auto",
        "threads": 0,
        "batch_size": 8,
        "frames": 32,
        "rows": 128,
        "loss": lambda y: y.square().mean(),
    }
    first = choose(model, "cpu", **ask, cache=cache)
    assert choose(model, "cpu", **ask, cache=cache) == first
    assert cache.builds <= 1
    asked = choose(model, "cpu", **{**ask, "precision": "float32", "threads": 2}, cache=cache)
    assert asked == Arithmetic("float32", 2)


def test_what_the_probe_measured_beside_other_work_is_measured_again_when_it_is_quiet(tmp_path, monkeypatch) -> None:
    """A run that is taken up computes on as it did, whatever is known since."""
    fastest, others, quiet, listened = ["float32"], [0.6], [False], []

    def step(trial, x, candidate: Arithmetic, loss) -> float:
        return 0.1 if candidate.precision == fastest[0] else 0.4

    def listen() -> bool:
        listened.append(quiet[0])
        return quiet[0]

    monkeypatch.setattr(precision, "_seconds_of_a_step", step)
    monkeypatch.setattr(precision, "has_bf16", lambda device: True)
    monkeypatch.setattr(precision.Load, "others", lambda self: others[0])
    monkeypatch.setattr(precision, "is_quiet", listen)
    cache, kept = SimpleCache(tmp_path), {}

    def chosen(**more: Any) -> str:
        ask = {"precision": "auto", "threads": 1, **PROBED, "loss": torch.mean, "cache": cache, **more}
        return choose(network("cnn", 3), "cpu", **ask).precision

    first_run = {"kept": lambda name, make: kept.setdefault(name, kept.get(name) or make())}
    assert (chosen(**first_run), cache.builds, listened) == ("float32", 1, [])
    fastest[0] = "bf16"
    assert (chosen(), cache.builds, listened) == ("float32", 1, [False])
    quiet[0], others[0] = True, 0.3
    assert (chosen(), cache.builds) == ("bf16", 2)
    others[0], fastest[0] = 0.0, "float32"
    assert (chosen(), cache.builds) == ("float32", 3)
    fastest[0] = "bf16"
    assert (chosen(), cache.builds) == ("float32", 3)
    assert (chosen(**first_run), len(kept)) == ("float32", 1)


@pytest.mark.parametrize(("busy", "share"), [((100.0, 102.0), 0.25), ((100.0, 100.5), 0.0), ((None, None), 0.0)])
def test_other_work_on_the_processors_is_what_they_did_beside_our_own(
    busy: tuple[float | None, ...], share: float, monkeypatch
) -> None:
    told, clock, own = iter(busy), iter([10.0, 12.0]), iter([3.0, 4.0])
    monkeypatch.setattr(precision, "_busy_seconds", lambda: next(told))
    monkeypatch.setattr(precision, "available_threads", lambda: 2)
    monkeypatch.setattr(precision, "time", SimpleNamespace(perf_counter=clock.__next__, process_time=own.__next__))
    assert precision.Load().others() == share


def test_what_the_processors_did_is_read_from_the_system() -> None:
    before, until = precision._busy_seconds(), time.process_time() + 0.2
    while time.process_time() < until:
        pass
    after = precision._busy_seconds()
    assert before is None or after >= before + 0.1


def test_the_probe_is_not_misled_by_what_others_do_for_a_moment(tmp_path: Path, monkeypatch) -> None:
    times = {"bf16": iter([1.5, 1.5, 1.5, 1.5, 0.4]), "float32": iter([0.6] * 100)}

    def step(trial, x, candidate: Arithmetic, loss) -> float:
        return next(times[candidate.precision], 0.4)

    monkeypatch.setattr(precision, "_seconds_of_a_step", step)
    monkeypatch.setattr(precision, "has_bf16", lambda device: True)
    ask = {
        "precision": "auto",
        "threads": 1,
        "batch_size": 8,
        "frames": 32,
        "rows": 128,
        "loss": lambda y: y.square().mean(),
    }
    assert choose(network("cnn", 3), "cpu", **ask, cache=SimpleCache(tmp_path)).precision == "bf16"


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


class Keeping(Artifacts, Bench):
    """A context that has files too."""


def test_the_probe_hears_what_decides(monkeypatch, tmp_path: Path) -> None:
    heard: list[tuple[int, ...]] = []

    def step(trial, x, candidate: Arithmetic, loss) -> float:
        heard.append(tuple(x.shape))
        return 0.1

    monkeypatch.setattr(precision, "_seconds_of_a_step", step)
    ask = {"precision": "float32", "threads": 0, "rows": 128, "loss": torch.mean}
    monkeypatch.setattr(precision, "available_threads", lambda: 2)
    for kind, batch_size, frames, shape in (
        ("lstm", 32, 1293, (32, 64, 128)),
        ("lstm", 16, 79, (16, 79, 128)),
        ("cnn", 8, 1293, (8, 256, 128)),
        ("ast", 8, 512, (4, 512, 128)),
    ):
        heard.clear()
        choose(network(kind, 3), "cpu", batch_size=batch_size, frames=frames, cache=SimpleCache(tmp_path), **ask)
        assert set(heard) == {shape}
