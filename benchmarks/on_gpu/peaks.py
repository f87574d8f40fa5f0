"""What this GPU can do at most, measured: products of matrices, convolutions, copies."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import torch

from labsteps.training.precision import has_bf16, set_mode
from labsteps.training.tracing import settle_on

REPEATS = 5
TIMES = 10  # of what is measured, in each repeat


@dataclass(frozen=True, slots=True)
class Peaks:
    """Operations and bytes a second.

    Attributes
    ----------
    matmul, convolution
        Operations a second by precision: ``float32``, ``TF32``, ``bf16``.
    copy
        Bytes a second by way: inside the device, and to it from pageable and from page-locked memory.
    """

    matmul: dict[str, float]
    convolution: dict[str, float]
    copy: dict[str, float]

    @property
    def best(self) -> float:
        """Operations a second of the fastest product of matrices."""
        return max(self.matmul.values())


def measure(device: str, *, small: bool) -> Peaks:
    """Return what the device attains."""
    side, image, size = (128, (2, 8, 16, 16), 2**16) if small else (8192, (32, 256, 64, 256), 2**28)
    matmul, convolution = {}, {}
    kinds = [("float32", torch.float32), ("TF32", torch.float32)]
    if has_bf16(device):
        kinds.append(("bf16", torch.bfloat16))
    set_mode(device, exact=False)
    with torch.no_grad():
        for name, kind in kinds:
            torch.set_float32_matmul_precision("highest" if name == "float32" else "high")
            torch.backends.cudnn.allow_tf32 = name != "float32"
            a, b = (torch.randn(side, side, device=device, dtype=kind) for _ in range(2))
            matmul[name] = 2.0 * side**3 / least(partial(torch.matmul, a, b), device)
            batch, channels, bands, frames = image
            x = torch.randn(image, device=device, dtype=kind).contiguous(memory_format=torch.channels_last)
            layer = torch.nn.Conv2d(channels, channels, 3, padding=1, device=device, dtype=kind)
            layer = layer.to(memory_format=torch.channels_last)
            convolution[name] = 2.0 * 9 * channels**2 * batch * bands * frames / least(partial(layer, x), device)
    target = torch.empty(size, device=device)
    inside, pageable = torch.ones(size, device=device), torch.ones(size)
    copy = {
        "inside": 4.0 * size / least(partial(target.copy_, inside), device),
        "from pageable memory": 4.0 * size / least(partial(target.copy_, pageable), device),
    }
    if device != "cpu":
        locked = pageable.pin_memory()
        copy["from page-locked memory"] = 4.0 * size / least(partial(target.copy_, locked, non_blocking=True), device)
    return Peaks(matmul, convolution, copy)


def least(work: Callable[[], object], device: str) -> float:
    """Return the least seconds that it took in a few repeats, once warm."""
    work()
    taken = []
    for _ in range(REPEATS):
        settle_on(device)
        began = perf_counter()
        for _ in range(TIMES):
            work()
        settle_on(device)
        taken.append((perf_counter() - began) / TIMES)
    return min(taken)


def describe(device: str) -> str:
    """Return what is measured on, in one line and without a date."""
    software = f"Python {platform.python_version()}, torch {torch.__version__}"
    if device == "cpu":
        return f"a rehearsal on a CPU, which measures nothing, {software}"
    about = torch.cuda.get_device_properties(device)
    return (
        f"{about.name}, {about.total_memory / 2**30:.0f} GiB, {about.multi_processor_count} multiprocessors, "
        f"CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}, {software}"
    )
