"""What bounds an LSTM on this machine: its step beside torch's recurrent layer alone, and the product of one time step.

Run it with ``python benchmarks/lstm_kernel.py [--frames N] [--batch N]``.  Batch, units and bands are those of the
lab's LSTM over every frame.  A time step multiplies (B, H) by (H, 4H) and waits for the one before, so the products of
all time steps one after the other, the chain, are what no program can leave out; those of the inputs and of the
gradients of the weights, the others, are large and done together.  Backward, each time step has one such product too.
Where threads divide the batch, each has the chain and the others of its part.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable

from networks import BANDS, Instant, load  # isort: skip  (puts us on the path)

import torch

from labsteps.models.lstm import LSTM
from labsteps.training.precision import available_threads, has_bf16

HIDDEN = 128
REPEATS = 7


def measure(step: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median milliseconds of a step by the clock on the wall."""
    step()
    taken = []
    for _ in range(repeats):
        start = Instant.now()
        step()
        taken.append(Instant.now().since(start).wall)
    return 1e3 * statistics.median(taken)


def products(batch: int, frames: int, kind: torch.dtype) -> Callable[[], object]:
    """Return the products of all time steps of a forward and a backward pass, one after the other."""
    state, weights = torch.randn(batch, HIDDEN).to(kind), torch.randn(HIDDEN, 4 * HIDDEN).to(kind)
    gates, back = torch.empty(batch, 4 * HIDDEN, dtype=kind), torch.empty(batch, HIDDEN, dtype=kind)
    turned = weights.t().contiguous()

    def step() -> None:
        for _ in range(frames):
            torch.mm(state, weights, out=gates)
            torch.mm(gates, turned, out=back)

    return step


def together(batch: int, frames: int, kind: torch.dtype) -> Callable[[], object]:
    """Return the products that need not wait: of the inputs, and of the gradients of both weights."""
    x, state = torch.randn(frames * batch, BANDS).to(kind), torch.randn(frames * batch, HIDDEN).to(kind)
    weights, gates = torch.randn(BANDS, 4 * HIDDEN).to(kind), torch.randn(frames * batch, 4 * HIDDEN).to(kind)

    def step() -> None:
        torch.mm(x, weights)
        torch.mm(gates.t(), x)
        torch.mm(gates.t(), state)

    return step


def layer(batch: int, frames: int, kind: torch.dtype, parts: int) -> Callable[[], object]:
    """Return a forward and backward pass of torch's layer alone, or with `parts` of the lab's network around it."""
    x = torch.randn(batch, frames, BANDS)
    network: torch.nn.Module
    whole = parts > 0
    if whole:
        network = LSTM(torch.zeros(BANDS), torch.ones(BANDS), hidden_size=HIDDEN)
        network.parts = parts
    else:
        network, x = torch.nn.LSTM(BANDS, HIDDEN), x.transpose(0, 1).contiguous().to(kind)

    def step() -> None:
        network.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=kind == torch.bfloat16):
            last = network(x, None) if whole else network(x)[0][-1]
        last.float().square().mean().backward()

    return step


def main() -> None:
    """Read the arguments, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--frames", type=int, default=1293)
    reader.add_argument("--batch", type=int, default=32)
    options = reader.parse_args()
    torch.set_flush_denormal(True)
    print(
        f"{load()}; batch {options.batch}, {options.frames} frames, {HIDDEN} units; milliseconds, median of {REPEATS}"
    )
    columns = ("threads", "chain", "others", "layer", "network", "a part's chain", "its others", "divided")
    print(f"{'':<10}{''.join(f'{name:>16}' for name in columns)}")
    for kind in [torch.float32, *([torch.bfloat16] if has_bf16("cpu") else [])]:
        for threads in range(1, available_threads() + 1):
            torch.set_num_threads(threads)
            found = [
                measure(products(options.batch, options.frames, kind)),
                measure(together(options.batch, options.frames, kind)),
                *(measure(layer(options.batch, options.frames, kind, parts)) for parts in (0, 1)),
            ]
            torch.set_num_threads(1)
            part = options.batch // threads
            found += [
                measure(products(part, options.frames, kind)),
                measure(together(part, options.frames, kind)),
                measure(layer(options.batch, options.frames, kind, threads)),
            ]
            print(f"{str(kind).removeprefix('torch.'):<10}{threads:>16}{''.join(f'{one:>16.1f}' for one in found)}")
    print(load())


if __name__ == "__main__":
    main()
