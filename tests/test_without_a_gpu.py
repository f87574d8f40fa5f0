"""What differs on a GPU, as far as it shows without one: what is chosen, asked of torch, refused and told."""

from __future__ import annotations

import errno
import importlib.util
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
import torch
from data_sets import SimpleCache
from test_training import FLOAT32, SETTINGS, Bench, network
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from labsteps import gpus
from labsteps.errors import DeviceError, ParameterError
from labsteps.models import divided
from labsteps.steps import s00_data
from labsteps.training import device, precision
from labsteps.training.feed import Feed
from labsteps.training.loop import train
from labsteps.training.losses import Classification, MultitaskLoss
from labsteps.training.precision import choose
from labsteps.training.tracing import Tracer
from workbench import machine
from workbench.commands import doctor
from workbench.runner import jobs, worker
from workbench.runner.devices import devices, resolve_device
from workbench.runner.queue import queue_folder
from workbench.speaking import said as spoken

CPU_BUILD = "__version__ = '2.13.0+cpu'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n"
CUDA_BUILD = "__version__ = '2.13.0'\ncuda: Optional[str] = '13.0'\nhip: Optional[str] = None\n"
Build = Callable[[str], None]


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """A machine whose driver shows two GPUs; gives what sets the build of torch that is installed."""
    for place, model in (("0000:01:00.0", "NVIDIA A"), ("0000:c1:00.0", "NVIDIA B")):
        (tmp_path / "gpus" / place).mkdir(parents=True)
        (tmp_path / "gpus" / place / "information").write_text(f"Model: \t\t {model}\nIRQ: 1\n")
    monkeypatch.setattr(gpus, "_DRIVER", tmp_path / "gpus")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def installed(version: str) -> None:
        (tmp_path / "version.py").write_text(version)
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / "__init__.py"))
        )
        gpus.without_cuda.cache_clear()

    installed(CUDA_BUILD)
    yield installed
    monkeypatch.undo()
    gpus.without_cuda.cache_clear()


# How a model computes


class OnGpu(torch.Tensor):
    """A tensor that says that it lies on a GPU."""

    is_cuda = True  # type: ignore[assignment]


class Heard(nn.LSTM):
    """A layer that notes what it is given."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, None]:  # type: ignore[override]
        self.told = (x.dtype, torch.is_autocast_enabled("cuda"))
        return x, None


def test_a_recurrent_layer_computes_in_float32_on_a_gpu_whatever_autocast_says() -> None:
    """cuDNN's would take float16 under bf16 too."""
    layer = Heard(3, 4, batch_first=True)
    before = torch.is_autocast_enabled("cuda")
    torch.set_autocast_enabled("cuda", True)
    try:
        divided.states(layer, torch.zeros(2, 5, 3, dtype=torch.bfloat16).as_subclass(OnGpu), 2)
    finally:
        torch.set_autocast_enabled("cuda", before)
    assert layer.told == (torch.float32, False)


def test_a_gpu_with_bf16_takes_it_for_every_network_but_a_recurrent_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "has_bf16", lambda device: True)
    ask: dict[str, Any] = {"threads": 1, "batch_size": 4, "frames": 32, "rows": 128, "loss": torch.mean}
    found = {
        (kind, asked): choose(network(kind, 3), "cuda:0", precision=asked, cache=SimpleCache(tmp_path), **ask).precision
        for kind in ("cnn", "lstm")
        for asked in ("auto", "bf16")
    }
    assert found == {
        ("cnn", "auto"): "bf16", ("cnn", "bf16"): "bf16", ("lstm", "auto"): "float32", ("lstm", "bf16"): "bf16",
    }  # fmt: skip


def test_what_a_gpu_cannot_compile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask: dict[str, Any] = {"precision": "bf16", "threads": 1, "batch_size": 4, "frames": 32, "rows": 128}
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    for way in ("inductor", "graphs"):
        with pytest.raises(ParameterError, match=f"compile={way} writes C on a GPU.*gcc or clang") as refused:
            choose(network("cnn", 3), "cuda:0", loss=torch.mean, cache=SimpleCache(tmp_path), compiler=way, **ask)
        assert spoken(str(refused.value), "el") != str(refused.value)
    (tmp_path / "gcc").write_text("")
    (tmp_path / "gcc").chmod(0o755)
    chosen = choose(network("cnn", 3), "cuda:0", loss=torch.mean, cache=SimpleCache(tmp_path), compiler="graphs", **ask)
    assert chosen.compile == "graphs"


def test_gradients_are_not_added_up_in_the_memory_of_a_recorded_graph(clips: Any, tmp_path: Path) -> None:
    train_set, _, classes = clips
    graphs = replace(FLOAT32, compile="graphs")
    settings = replace(SETTINGS, accumulate=2)
    with pytest.raises(ParameterError, match="gradients of 2 batches"):
        train(network("cnn", 3), Classification(classes), train_set, None, settings, graphs, Bench(tmp_path))


@pytest.mark.parametrize(("set_before", "found"), [(":16:8", ":16:8"), (":0:0", ":4096:8")])
def test_exact_has_the_workspaces_that_torch_asks_for(
    set_before: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(precision.CUBLAS_WORKSPACE, set_before)
    told = MagicMock()
    monkeypatch.setattr(precision, "torch", told)
    precision.set_mode("cuda:0", exact=True)
    assert os.environ[precision.CUBLAS_WORKSPACE] == found
    told.set_deterministic_debug_mode.assert_called_once_with("error")


# What a step waits for


class Copies(TorchDispatchMode):
    """Counts what is copied to another device."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += func is torch.ops.aten._to_copy.default
        return func(*args, **(kwargs or {}))


def test_a_batch_cut_on_a_device_takes_one_copy_and_a_loss_none(clips: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each copy would wait for the step before."""
    train_set = clips[0]
    feed = Feed(train_set, "meta", "whole")
    plan = feed.plan(4, 20, seed=1, epoch=0)
    with Copies() as copies:
        batches = list(feed.batches(plan))
    assert copies.count == len(plan) > 1
    assert {x.device.type for x, _, _ in batches} == {"meta"}
    criterion = MultitaskLoss(("valence", "energy"), weights=(1.0, 2.0))
    said = torch.zeros(3, 2, device="meta")
    criterion(said, said)
    monkeypatch.setattr(torch.Tensor, "new_tensor", None)  # which copies out of the sight of `Copies`
    with Copies() as copies:
        criterion(said, said)
    assert copies.count == 0


# Which devices there are


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (None, ["0", "1"]),
        ("1", ["1"]),
        (" 1 , 0 ", ["1", "0"]),
        ("", []),
        ("-1", []),
        ("0,-1,1", ["0"]),
        ("0,7,1", ["0"]),
        ("1,1", ["1"]),
        ("GPU-8932f937", ["GPU-8932f937"]),
    ],
)
def test_what_cuda_leaves_out_is_left_out(
    told: str | None, left: list[str], two_gpus: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    if told is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", told)
    assert gpus.visible(2) == left
    names = [{"0": "NVIDIA A", "1": "NVIDIA B"}.get(one, "NVIDIA GPU") for one in left]
    expected = [(f"cuda:{number}", name) for number, name in enumerate(names)]
    assert [(one.name, one.title) for one in devices()[1:]] == expected
    assert [(one.name, one.model) for one in s00_data._gpu_names()] == expected
    listed = s00_data.read_gpus("0, NVIDIA A, 8, 1, 17\n1, NVIDIA B, 8, 1, 0\n")
    assert [(one.name, one.model) for one in listed] == expected


def test_without_nvml_the_drivers_tool_is_understood_by_torchs_numbers(
    two_gpus: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho '0, NVIDIA A, 12, 1, 2, 40'\necho '1, NVIDIA B, 50, 1, 2, 50'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    (found,) = machine.gpus(SimpleNamespace(read=lambda: ()))  # type: ignore[arg-type]
    assert (found.name, found.title, found.degrees) == ("cuda:0", "NVIDIA B", 50.0)


def test_one_gpu_has_one_queue_whatever_number_it_has(two_gpus: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    second = queue_folder("cuda:1")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert queue_folder("cuda:0") == second
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert queue_folder("cuda:0") != second


# A torch that cannot use them


def test_a_build_without_cuda_is_told_with_the_way_out(two_gpus: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (resolve_device("auto"), resolve_device("cuda:1")) == ("cuda:0", "cuda:1")
    two_gpus(CPU_BUILD)
    assert resolve_device("auto") == "cpu"
    way = r"torch 2\.13\.0\+cpu is a build without CUDA.*pip install --force-reinstall torch==2\.13\.0 "
    with pytest.raises(DeviceError, match=way) as refused:
        resolve_device("cuda:0")
    assert "χωρίς CUDA" in spoken(str(refused.value), "el")
    with pytest.raises(DeviceError, match=way):
        device.require("cuda:0")
    device.require("cpu")
    (found,) = doctor._gpu_of_torch()
    assert (found.level, "without CUDA" in found.text, "--force-reinstall" in found.advice) == ("problem", True, True)
    monkeypatch.setattr(machine, "gpus", lambda library: (machine.Gpu("cuda:0", "NVIDIA A"),))
    assert machine.MachineReader({}).read().problem == str(refused.value)
    two_gpus(CUDA_BUILD)
    assert machine.MachineReader({}).read().problem == ""


def test_a_run_that_auto_keeps_from_a_gpu_says_so_once(two_gpus: Build) -> None:
    told: list[str] = []
    context = SimpleNamespace(
        part="7.1β", device="cpu", session=SimpleNamespace(device="auto"), emit=lambda kind, text: told.append(text)
    )
    worker._check_device(context)
    assert told == []
    two_gpus(CPU_BUILD)
    worker._check_device(context)
    assert told == [gpus.torch_problem()]
    context.session.device = "cpu"
    worker._check_device(context)
    assert len(told) == 1


OLD = "The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver by …"
KERNEL = "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be …"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (OLD, r"on cuda:0: The NVIDIA driver on your system is too old \(found version 11040\); update the NVIDIA"),
        (KERNEL, "on cuda:0: CUDA error: no kernel image is available for execution on the device; this torch is not"),
        ("CUDA error: out of memory\nmore", "other programs fill its memory"),
        ("CUDA-capable device(s) is/are busy or unavailable", "for itself"),
        ("", "it does not say why; nvidia-smi tells"),
    ],
)
def test_a_gpu_that_torch_cannot_compute_on_is_refused_in_a_sentence(
    said: str, told: str, two_gpus: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(torch, "ones", fail)
    with pytest.raises(DeviceError, match=told) as refused:
        device.require("cuda:0")
    assert "\n" not in str(refused.value)
    assert spoken(str(refused.value), "el") != str(refused.value)


def test_the_doctor_says_why_torch_sees_no_gpu(two_gpus: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn() -> bool:
        warnings.warn(f"CUDA initialization: {OLD}", stacklevel=1)
        return False

    monkeypatch.setattr(torch.cuda, "is_available", warn)
    (found,) = doctor._gpu_of_torch()
    assert found.text.endswith("can use no GPU: The NVIDIA driver on your system is too old (found version 11040)")
    assert found.advice.startswith("update the NVIDIA driver")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert list(doctor._gpu_of_torch()) == []


# What a run says


def test_a_full_gpu_is_no_mistake_of_the_workbench() -> None:
    said = "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79 GiB of which …"
    told = worker._sentence(torch.OutOfMemoryError(said), "cuda:0")
    assert told.startswith("The memory of cuda:0 is full: CUDA out of memory. A smaller batch_size")
    assert "mistake" in worker._sentence(ValueError("no"), "cuda:0")
    inexact = RuntimeError("cumsum_cuda_kernel does not have a deterministic implementation, but you set 'torch.…'")
    assert worker._sentence(inexact, "cuda:0").endswith("a deterministic implementation. Take mode=fast.")


def test_a_limit_on_memory_is_no_mistake_of_the_workbench() -> None:
    with pytest.raises(RuntimeError) as full:
        torch.empty(1 << 60, dtype=torch.uint8)
    library = ImportError("_superlu.so: failed to map segment from shared object")
    for error in (full.value, MemoryError(), OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), library):
        told = worker._sentence(error, "cpu")
        assert told.startswith("This process may have no more memory.") and "ulimit -v" in told


@pytest.mark.parametrize(
    ("name", "mode", "gpu", "changed"),
    [
        ("cpu", "auto", "", []),
        ("cuda:0", "auto", "NVIDIA A", ["mode=fast"]),
        ("cuda:0", "exact", "NVIDIA A", []),
        ("cuda:0", "exact", "NVIDIA B", ["gpu NVIDIA B → NVIDIA A"]),
    ],
)
def test_a_run_taken_up_claims_the_same_bits_only_where_it_computes_so(
    name: str, mode: str, gpu: str, changed: list[str], two_gpus: Build
) -> None:
    told: list[dict[str, Any]] = []
    then = {**jobs.environment(), "device": name, **({"gpu": gpu} if gpu else {})}
    context = SimpleNamespace(
        part="7.1β", device=name, params={"mode": mode}, emit=lambda kind, **fields: told.append(fields)
    )
    worker._announce(SimpleNamespace(record={"environment": then}), context, earlier_lives=True)  # type: ignore[arg-type]
    assert (told[0]["identical"], told[0]["differences"]) == (not changed, changed)


def test_what_took_longest_on_a_gpu_is_counted_once() -> None:
    kinds = type(torch._C._autograd.DeviceType.CPU)
    events = [
        SimpleNamespace(
            key="aten::mm", count=2, device_type=kinds.CPU, self_device_time_total=5.0, self_cpu_time_total=1
        ),
        SimpleNamespace(
            key="sgemm", count=2, device_type=kinds.CUDA, self_device_time_total=5.0, self_cpu_time_total=0
        ),
    ]
    context = SimpleNamespace(device="cuda:0", profile=SimpleNamespace(on=False))
    found = Tracer(context)._longest(SimpleNamespace(key_averages=lambda: events))  # type: ignore[arg-type]
    assert [(one.name, one.seconds) for one in found] == [("aten::mm", pytest.approx(5e-6))]
