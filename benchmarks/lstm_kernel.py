"""What bounds an LSTM on this machine: its step beside torch's recurrent layer alone, and beside the processor's peak.

Run it with ``python benchmarks/lstm_kernel.py [--frames N] [--batch N]``.  Batch, units and bands are those of the
lab's LSTM over every frame.  Torch hands a layer to oneDNN, which takes all time steps in one call forward and one
backward, so this is what no program around it can leave out; the peak is what products of large matrices reach, and
the operations of a step at that speed are what no kernel can leave out.  Where threads divide the batch, each has the
layer of its part.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from networks import BANDS, Instant, load  # isort: skip  (puts us on the path)

import torch

from labsteps.models.lstm import LSTM
from labsteps.training.precision import available_threads, has_bf16

HIDDEN = 128
LARGE = 1536
REPEATS = 7
COLUMNS = ("threads", "at the peak", "layer, shared", "step, shared", "layer, divided", "step, divided")


def measure(step: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median milliseconds of a step by the clock on the wall."""
    step()
    taken = []
    for _ in range(repeats):
        start = Instant.now()
        step()
        taken.append(Instant.now().since(start).wall)
    return 1e3 * statistics.median(taken)


def operations(batch: int, frames: int) -> float:
    """Return the operations of a step's products: of the states three times (forward, ∂h, ∂W), of the inputs twice."""
    return 2.0 * batch * frames * (2 * BANDS + 3 * HIDDEN) * 4 * HIDDEN


def peak(kind: torch.dtype) -> float:
    """Return the operations a second that products of large matrices reach."""
    a, b = (torch.randn(LARGE, LARGE).to(kind) for _ in range(2))
    return 2.0 * LARGE**3 / (1e-3 * measure(lambda: torch.mm(a, b)))


def layer(batch: int, frames: int, kind: torch.dtype) -> Callable[[], object]:
    """Return a forward and backward pass of torch's layer alone."""
    alone = torch.nn.LSTM(BANDS, HIDDEN, batch_first=True).to(kind)
    x, above = torch.randn(batch, frames, BANDS).to(kind), torch.randn(batch, frames, HIDDEN).to(kind)
    weights = alone.all_weights[0]
    return lambda: torch.autograd.grad(alone(x)[0], weights, above)


def network(batch: int, frames: int, kind: torch.dtype, parts: int) -> Callable[[], object]:
    """Return a step of the lab's network without its optimizer."""
    x, lab = torch.randn(batch, frames, BANDS), LSTM(torch.zeros(BANDS), torch.ones(BANDS), hidden_size=HIDDEN)
    lab.parts = parts

    def step() -> None:
        lab.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=kind == torch.bfloat16):
            vector = lab(x, None)
        vector.float().square().mean().backward()

    return step


def at_once(steps: Sequence[Callable[[], object]]) -> Callable[[], object]:
    """Return what does each of these steps on a thread of its own."""

    def begin() -> None:  # both are a matter of each thread
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)

    pool = ThreadPoolExecutor(len(steps), initializer=begin)
    return lambda: list(pool.map(lambda step: step(), steps))


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1293)
    parser.add_argument("--batch", type=int, default=32)
    return parser


def main() -> None:
    """Read the arguments, measure, print."""
    options = reader().parse_args()
    batch, frames = options.batch, options.frames
    torch.set_flush_denormal(True)
    print(f"{load()}; batch {batch}, {frames} frames, {HIDDEN} units; milliseconds, median of {REPEATS}")
    print(f"{'':<10}{''.join(f'{name:>16}' for name in COLUMNS)}")
    for kind in [torch.float32, *([torch.bfloat16] if has_bf16("cpu") else [])]:
        for threads in range(1, available_threads() + 1):
            torch.set_num_threads(threads)
            found = [
                1e3 * operations(batch, frames) / peak(kind),
                measure(layer(batch, frames, kind)),
                measure(network(batch, frames, kind, 1)),
            ]
            torch.set_num_threads(1)
            found += [
                measure(at_once([layer(batch // threads, frames, kind) for _ in range(threads)])),
                measure(network(batch, frames, kind, threads)),
            ]
            print(f"{str(kind).removeprefix('torch.'):<10}{threads:>16}{''.join(f'{one:>16.1f}' for one in found)}")
    print(load())


if __name__ == "__main__":
    main()
