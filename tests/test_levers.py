"""What makes a training faster, or fit into little memory, leaves it the training that it was."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import SimpleCache
from test_training import FLOAT32, SETTINGS, Bench, fit, network, same_when_stopped

from labsteps.data.pack import MEL
from labsteps.errors import ParameterError, TrainingError
from labsteps.models import transformer
from labsteps.models.saved import Description, build
from labsteps.training.feed import Clips
from labsteps.training.loop import train
from labsteps.training.losses import Classification
from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic, choose
from labsteps.training.state import TrainState
from labsteps.training.sums import StepSums


def test_two_batches_that_are_accumulated_make_the_step_of_one_twice_as_large(clips, tmp_path: Path) -> None:
    """The gradient is the mean over all clips, also where the last batch of an epoch has fewer."""
    train_set, _, classes = clips
    positions = np.argsort(train_set.pack.lengths, kind="stable")[:10]
    few = Clips(train_set.pack.select(positions), MEL, train_set.targets[positions])
    about = replace(SETTINGS, epochs=1, crop_frames=0)
    steps: list[TrainState] = []
    for size, accumulate in ((10, 1), (4, 3), (4, 1)):
        bench = Bench(tmp_path / f"{size}-{accumulate}")
        model = build(
            Description("lstm", {"hidden_size": 8}, 0.0, "mel", False, (0, 128), classes),
            torch.full((128,), -50.0),
            torch.full((128,), 15.0),
            seed=1,
        )
        trained = train(
            model,
            Classification(classes),
            few,
            None,
            replace(about, batch_size=size, accumulate=accumulate),
            FLOAT32,
            bench,
        )
        steps.append(trained.state)
    whole, parts, single = (state.history[0] for state in steps)
    assert [state.step for state in steps] == [1, 1, 3]
    for name in ("train_loss", "grad_norm", "train_accuracy"):
        assert parts[name] == pytest.approx(whole[name], rel=1e-4)
    assert single["grad_norm"] != pytest.approx(whole["grad_norm"], rel=0.01)


def summed(*, at_once: bool, bad: int = -1) -> TrainState:
    """Return the sums of a few steps of two batches each; one loss may be infinite."""
    state = TrainState(epochs=1, learning_rate=0.1)
    sums = StepSums(state, at_once=at_once)
    draw = torch.Generator().manual_seed(0)
    for step in range(7):
        sums.begin_step()
        for clips in (3, 2):
            loss = torch.rand((), generator=draw) / 3 if step != bad else torch.tensor(float("inf"))
            parts = torch.rand(2, generator=draw)
            sums.add_batch(loss, torch.randint(0, 3, (), generator=draw), parts, clips)
        sums.end_step(torch.rand((), generator=draw))
        assert (state.clips == 5 * (step + 1)) == at_once
        state.step += 1
    sums.collect()
    return state


def test_numbers_that_wait_on_a_device_add_up_to_the_same_bits() -> None:
    waited, read = summed(at_once=False), summed(at_once=True)
    assert waited == read
    assert (read.clips, len(read.part_sums)) == (35, 2)
    assert 0 < read.correct < 7 * 2 * 3


@pytest.mark.parametrize("at_once", [True, False])
def test_a_loss_that_is_not_finite_is_named_by_its_step_whenever_it_is_read(at_once: bool) -> None:
    with pytest.raises(TrainingError, match="became inf at epoch 1, step 5"):
        summed(at_once=at_once, bad=4)


@pytest.mark.parametrize("stop_at", [2, 9])
def test_a_run_that_accumulates_is_resumed_bit_for_bit(stop_at: int, clips, tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=3, accumulate=3)
    same_when_stopped(lambda bench: fit("lstm", clips, bench, settings)[1], tmp_path, stop_at)


def test_a_compiled_training_is_the_same_training(clips, tmp_path: Path) -> None:
    """The compiler only traces here: with its own kernels the last bits would differ."""
    train_set, validation, classes = clips
    found = []
    for compiler in ("off", "eager"):
        model, bench = network("cnn", len(classes)), Bench(tmp_path / compiler)
        arithmetic = replace(FLOAT32, compile=compiler)
        calls: list[int] = []
        model.register_forward_pre_hook(lambda *_: calls.append(torch.compiler.is_compiling()))  # noqa: B023
        short = replace(SETTINGS, epochs=1)
        trained = train(model, Classification(classes), train_set, validation, short, arithmetic, bench)
        assert (True in calls) == (compiler == "eager")
        found.append(trained)
    assert found[0].state == found[1].state
    assert list(found[0].best) == list(found[1].best)
    assert all(torch.equal(found[0].best[name], found[1].best[name]) for name in found[0].best)


def test_what_this_machine_cannot_compile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shape = {"batch_size": 4, "frames": 32, "rows": 128}
    ask: dict[str, Any] = {"precision": "float32", "threads": 1, "loss": torch.mean, **shape}
    cache = SimpleCache(tmp_path)
    with pytest.raises(ParameterError, match="takes a GPU"):
        choose(network("cnn", 3), "cpu", **ask, cache=cache, compiler="graphs")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(ParameterError, match="no compiler here"):
        choose(network("cnn", 3), "cpu", **ask, cache=cache, compiler="inductor")


def test_each_mode_undoes_the_other(tmp_path: Path) -> None:
    """In a process of its own, since it is about what holds for a whole process."""
    lines = (
        "import os, torch",
        "from labsteps.training.precision import set_mode",
        "def told(device, exact):",
        "    set_mode(device, exact=exact)",
        "    cudnn = torch.backends.cudnn",
        "    print(torch.get_deterministic_debug_mode(), torch.get_float32_matmul_precision(), cudnn.benchmark,",
        "          cudnn.allow_tf32, os.environ.get('CUBLAS_WORKSPACE_CONFIG'))",
        "told('cuda:0', False); told('cuda:0', True); told('cpu', True); told('cpu', False)",
    )
    environment = {name: value for name, value in os.environ.items() if name != "CUBLAS_WORKSPACE_CONFIG"}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines() == [
        "0 high True True None",
        "2 highest False False :4096:8",
        "2 highest False False :4096:8",
        "0 high True True :4096:8",
    ]


def test_without_bucketing_batches_are_of_any_lengths_and_another_epoch_is_another_order(clips) -> None:
    train_set = clips[0]
    lengths = train_set.pack.lengths
    feed = train_set.feed("cpu")

    def padding(bucketing: bool, epoch: int = 0) -> int:
        plan = feed.plan(4, 0, 0, epoch, bucketing=bucketing)
        assert sorted(np.concatenate([batch.positions for batch in plan])) == list(range(len(lengths)))
        return int(sum(len(batch.positions) * lengths[batch.positions].max() for batch in plan) - lengths.sum())

    assert padding(bucketing=True) < 0.5 * padding(bucketing=False)
    assert padding(bucketing=False, epoch=1) != padding(bucketing=False)


def test_a_training_takes_the_batches_that_its_settings_say(clips, tmp_path: Path) -> None:
    train_set, validation, classes = clips
    seen: dict[bool, list[int]] = {}
    for bucketing in (True, False):
        model, bench = network("cnn", len(classes)), Bench(tmp_path / str(bucketing))
        heard = seen.setdefault(bucketing, [])
        model.register_forward_pre_hook(lambda _, given, heard=heard: heard.append(given[0].shape[1]))
        short = replace(SETTINGS, epochs=1, batch_size=4, crop_frames=0, bucketing=bucketing)
        train(model, Classification(classes), train_set, validation, short, FLOAT32, bench)
    assert sum(seen[True]) < sum(seen[False])


def test_how_attention_and_images_are_computed_can_be_set_and_changes_no_result_beyond_rounding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(transformer.SIZES, "mini", transformer.Size(16, 2, 2, 3))
    x, lengths = torch.randn(3, 40, 128) * 15 - 50, torch.tensor([20, 33, 40])
    for kind, ways in (
        ("ast", [Arithmetic("float32", 1, "sdpa"), Arithmetic("float32", 1, "plain")]),
        ("cnn", [Arithmetic("float32", 1), Arithmetic("float32", 1, channels_last=False)]),
    ):
        model = network(kind, 3).eval()
        said, strides = [], []
        if kind == "cnn":
            model.backbone.layers[0].register_forward_pre_hook(lambda _, x: strides.append(x[0].is_contiguous()))  # noqa: B023
            model.backbone.layers[1].register_forward_pre_hook(lambda _, x: strides.append(x[0].is_contiguous()))  # noqa: B023
        for way in ways:
            way.apply(model)
            with torch.no_grad():
                said.append(model(x, lengths))
        assert torch.allclose(said[0], said[1], atol=1e-5)
        if kind == "cnn":
            assert strides[1::2] == [False, True]
    wanted = choose(
        network("ast", 3),
        "cpu",
        precision="bf16",
        threads=1,
        batch_size=4,
        frames=32,
        rows=128,
        loss=torch.mean,
        cache=SimpleCache(tmp_path),
        attention="plain",
        channels_last=False,
    )
    assert (wanted.attention, wanted.channels_last) == ("plain", False)


def test_the_optimizer_takes_torchs_own_steps(tmp_path: Path) -> None:
    nets = [torch.nn.Linear(5, 3) for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    optimizers = [
        make(net.parameters(), lr=0.1, weight_decay=0.1, fused=True)
        for make, net in zip((AdamW, torch.optim.AdamW), nets, strict=True)
    ]
    for step in range(3):
        for net, optimizer in zip(nets, optimizers, strict=True):
            optimizer.zero_grad()
            net(torch.arange(5.0) + step).square().sum().backward()
            optimizer.step()
        optimizers[0].load_state_dict(optimizers[0].state_dict())
    assert torch.equal(nets[0].weight, nets[1].weight)


def test_a_worker_does_not_load_the_compiler(tmp_path: Path) -> None:
    """It would take as long again as torch itself."""
    lines = (
        "import sys, torch",
        "from labsteps.training.optimizer import AdamW",
        "import labsteps.steps.s07_1_cnn, labsteps.steps.s05_lstm",
        "torch.set_deterministic_debug_mode('error')",
        "net = torch.nn.Linear(2, 1)",
        "optimizer = AdamW(net.parameters(), lr=0.1, fused=True)",
        "net(torch.ones(2)).sum().backward()",
        "torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)",
        "optimizer.step(); optimizer.zero_grad(); optimizer.load_state_dict(optimizer.state_dict())",
        "print([name for name in ('torch._dynamo', 'torch._inductor') if name in sys.modules])",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
