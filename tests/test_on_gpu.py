"""What holds on a GPU: it learns what a CPU learns, to the bit where that is asked for, and no step waits for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from data_sets import SimpleCache
from test_training import FLOAT32, SETTINGS, Bench, fit, network, same_when_stopped, small_transformer
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.on_gpu.steps import WARM, Some
from benchmarks.on_gpu.waits import watched
from labsteps.models.saved import Description, build
from labsteps.training.feed import Feed, Way
from labsteps.training.loop import Settings, Trained, train
from labsteps.training.losses import Classification
from labsteps.training.precision import Arithmetic, choose, set_mode

__all__ = ["small_transformer"]  # a fixture, for every test here

DEVICE = "cuda:0"
KINDS = ("lstm", "cnn", "ast")
LEARNT = {"lstm": 0.6, "cnn": 0.9, "ast": 0.98}  # of the first epoch's loss in the last one; a CPU has 0.35, 0.75, 0.96
STEPS = 5
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.usefixtures("as_torch_was"),
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no GPU on this machine"),
]


@pytest.fixture
def exact() -> None:
    set_mode(DEVICE, exact=True)


@pytest.fixture
def fast() -> None:
    set_mode(DEVICE, exact=False)


class OnGpu(Bench):
    """A context whose device is the GPU."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.device = DEVICE


def chosen(model: nn.Module, folder: Path) -> Arithmetic:
    """Return the arithmetic that a run on the GPU takes by itself."""
    ask: dict[str, Any] = {"threads": 1, "batch_size": 4, "frames": 32, "rows": 128, "loss": torch.mean}
    return choose(model, DEVICE, precision="auto", cache=SimpleCache(folder / "cache"), **ask)


def certain(kind: str, outputs: int, channels: int = 4) -> nn.Module:
    """Return a network without dropout, whose draws are others on another device."""
    settings: dict[str, dict[str, Any]] = {
        "ast": {"model_size": "mini", "input_tdim": 32, "tstride": 16, "fstride": 16},
        "cnn": {"channels": channels},
        "lstm": {"hidden_size": 8, "bidirectional": True, "num_layers": 2},
    }
    about = Description(kind, settings[kind], 0.0, "mel", False, (0, 128), tuple(map(str, range(outputs))))
    return build(about, torch.full((128,), -50.0), torch.full((128,), 15.0), seed=1)


def losses(kind: str, data: Any, bench: Bench, arithmetic: Arithmetic) -> list[float]:
    """Return the loss of each epoch."""
    train_set, _, classes = data
    settings = replace(SETTINGS, epochs=6)
    trained = train(certain(kind, len(classes)), Classification(classes), train_set, None, settings, arithmetic, bench)
    return [float(row["train_loss"] or 0.0) for row in trained.state.history]


@pytest.mark.parametrize("kind", KINDS)
def test_a_gpu_learns_what_a_cpu_learns(kind: str, clips: Any, tmp_path: Path, exact: None) -> None:
    on_cpu = losses(kind, clips, Bench(tmp_path / "cpu"), FLOAT32)
    on_gpu = losses(kind, clips, OnGpu(tmp_path / "gpu"), FLOAT32)
    assert on_gpu[0] == pytest.approx(on_cpu[0], rel=0.01)
    assert on_gpu == pytest.approx(on_cpu, rel=0.05, abs=0.03)
    assert on_gpu[-1] < LEARNT[kind] * on_gpu[0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_gpu_chooses_learns_the_same(kind: str, clips: Any, tmp_path: Path, fast: None) -> None:
    on_cpu = losses(kind, clips, Bench(tmp_path / "cpu"), FLOAT32)
    own = chosen(certain(kind, 3), tmp_path)
    on_gpu = losses(kind, clips, OnGpu(tmp_path / "gpu"), own)
    assert on_gpu == pytest.approx(on_cpu, rel=0.2, abs=0.1)
    assert on_gpu[-1] < LEARNT[kind] * on_gpu[0]


@pytest.mark.parametrize("kind", KINDS)
def test_in_exact_mode_the_same_training_gives_the_same_bytes(
    kind: str, clips: Any, tmp_path: Path, exact: None
) -> None:
    train_set, validation, classes = clips
    found: list[tuple[Trained, bytes]] = []
    for number in range(2):
        model, bench = network(kind, len(classes)), OnGpu(tmp_path / str(number))
        own = chosen(model, tmp_path)
        settings = replace(SETTINGS, epochs=3)
        trained = train(model, Classification(classes), train_set, validation, settings, own, bench)
        found.append((trained, (bench.folder / "state" / "model.safetensors").read_bytes()))
        torch.rand(number + 1, device=DEVICE)  # whatever else draws random numbers in between must not matter
    assert found[0][0].state == found[1][0].state
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stop_at", [4, 13])
def test_a_run_that_is_resumed_on_a_gpu_gives_the_bytes_of_the_whole_one(
    kind: str, stop_at: int, clips: Any, tmp_path: Path, exact: None
) -> None:
    def run(bench: Bench) -> Trained:
        bench.device = DEVICE
        trained: Trained = fit(kind, clips, bench, replace(SETTINGS, epochs=3))[1]
        return trained

    same_when_stopped(run, tmp_path, stop_at)


@pytest.mark.parametrize("crop", [0, 70])
@pytest.mark.parametrize("way", ["whole", "sent", "copied"])
def test_every_feed_of_a_gpu_gives_the_batches_of_the_cpu(way: Way, crop: int, clips: Any) -> None:
    train_set = clips[0]
    on_cpu, on_gpu = Feed(train_set, "cpu"), Feed(train_set, DEVICE, way)
    plan = on_cpu.plan(4, crop, seed=1, epoch=2)
    told = []
    for here, there in zip(on_cpu.batches(plan), on_gpu.batches(plan), strict=True):
        assert [one is None for one in here] == [one is None for one in there]
        for mine, its in zip(here, there, strict=True):
            if mine is not None and its is not None:
                assert its.is_cuda
                assert torch.equal(mine, its.cpu())
        told.append(here[1] is not None)
    assert any(told)  # some batches are padded


def test_a_wait_is_noticed_with_its_place(tmp_path: Path) -> None:
    places: list[str] = []
    number = torch.ones(1, device=DEVICE)
    with watched(places):
        number.item()
    assert len(places) == 1
    assert "test_a_wait_is_noticed" in places[0]
    number.item()
    assert len(places) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["whole", "sent"])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_no_step_waits_for_the_gpu(
    accumulate: int, way: Way, kind: str, clips: Any, tmp_path: Path, fast: None
) -> None:
    train_set, _, classes = clips
    model, places = network(kind, len(classes)), list[str]()
    some = Some(Feed(train_set, DEVICE, way), STEPS, partial(watched, places))
    settings = Settings(1, 4, 1e-3, 1, crop_frames=32, accumulate=accumulate)
    assert len(some.plan(4, 32, 1, 0)) == WARM + STEPS
    train(model, Classification(classes), some, None, settings, chosen(model, tmp_path), OnGpu(tmp_path))  # type: ignore[arg-type]
    assert some.step_seconds > 0
    assert places == []


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Let this process have next to nothing of the GPU's memory."""
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-4, DEVICE)
    yield
    torch.cuda.set_per_process_memory_fraction(1.0, DEVICE)


def test_a_gpu_whose_memory_is_full_is_told_in_words_of_ours(
    clips: Any, tmp_path: Path, fast: None, little_memory: None
) -> None:
    from workbench.runner.worker import _sentence

    train_set, _, classes = clips
    with pytest.raises(torch.cuda.OutOfMemoryError) as full:
        large = replace(SETTINGS, batch_size=36, crop_frames=0)
        train(certain("cnn", 3, 64), Classification(classes), train_set, None, large, FLOAT32, OnGpu(tmp_path))
    told = _sentence(full.value, DEVICE)
    assert f"memory of {DEVICE} is full" in told
    assert "batch_size" in told
    assert "mistake" not in told
