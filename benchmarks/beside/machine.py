"""What this machine can do at most, measured: products of matrices, convolutions, copies of memory.

``python -m benchmarks.beside.machine`` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from labsteps.host import available_threads, processor, processor_flags

REPEATS = 5
SIDE = 1536


def measure() -> dict[str, Any]:
    """Return operations a second of both products in both precisions, and bytes a second of a copy.

    Names that end with ``_processor`` are for each second of processor time, which other programs hardly change.
    """
    import torch

    found = {}

    def best(name: str, run: Callable[[], object], size: float) -> None:
        run()
        wall, processor = [], []
        for _ in range(REPEATS):
            start = time.perf_counter(), time.process_time()
            run()
            wall.append(time.perf_counter() - start[0])
            processor.append(time.process_time() - start[1])
        found[name], found[f"{name}_processor"] = size / min(wall), size / min(processor)

    torch.manual_seed(0)
    for name, kind in (("float32", torch.float32), ("bf16", torch.bfloat16)):
        a, b = torch.randn(SIDE, SIDE, dtype=kind), torch.randn(SIDE, SIDE, dtype=kind)
        best(f"matmul_{name}", partial(torch.matmul, a, b), 2.0 * SIDE**3)
        image = torch.randn(4, 64, 64, 256, dtype=kind).contiguous(memory_format=torch.channels_last)
        layer = torch.nn.Conv2d(64, 128, 3, padding=1, dtype=kind).to(memory_format=torch.channels_last)
        with torch.no_grad():
            best(f"conv_{name}", partial(layer, image), 2.0 * 9 * 64 * 128 * 4 * 64 * 256)
    source = torch.ones(2**26)
    target = torch.empty_like(source)
    best("copy_all_threads", lambda: target.copy_(source), 4.0 * 2**26)
    torch.set_num_threads(1)
    best("copy", lambda: target.copy_(source), 4.0 * 2**26)
    return found


def describe() -> str:
    """Return what this machine is, in one line and without a date."""
    import torch

    flags = processor_flags()
    have = [
        name
        for flag, name in (("avx512f", "AVX-512"), ("avx512_bf16", "AVX512-BF16"), ("amx_bf16", "AMX"))
        if flag in flags
    ]
    lack = [] if "amx_bf16" in flags else ["no AMX"]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{processor()}, {available_threads()} cores ({', '.join([*have, *lack])}), {memory:.0f} GiB of memory, "
        f"no GPU used, Python {platform.python_version()}, torch {torch.__version__}"
    )


if __name__ == "__main__":
    print(json.dumps({**measure(), "machine": describe(), "load": os.getloadavg()[0]}))
