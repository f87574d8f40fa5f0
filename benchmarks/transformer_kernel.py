"""What bounds a transformer on this machine: its step beside the operations that it consists of, each timed alone.

Run it with ``python benchmarks/transformer_kernel.py [--batch N] [--stride N]``.  The shapes are those of the lab's
tiny transformer over whole clips.  Products are those of the linear layers and of attention, forward and backward;
beside them stand the softmax, GELU and normalisation with their gradients.  What their sum lacks of the step is
everything else: copies between layouts, sums, casts, the optimizer.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from networks import BANDS, Instant, Problem, load  # isort: skip  (puts us on the path)

import torch
from torch import Tensor
from torch.nn import functional

from labsteps.models.transformer import SIZES, SPECIAL, Grid
from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic, available_threads, has_bf16

FRAMES = 1293
REPEATS = 7
SIZE = SIZES["tiny224"]


def measure(step: Callable[[], object]) -> float:
    """Return the least milliseconds of a step by the clock on the wall: what the machine can do."""
    step()
    taken = []
    for _ in range(REPEATS):
        start = Instant.now()
        step()
        taken.append(Instant.now().since(start).wall)
    return 1e3 * min(taken)


def with_gradient(operation: Callable[..., Tensor], *inputs: Tensor) -> Callable[[], object]:
    """Return an operation with its gradients, of every input."""
    leaves = [one.requires_grad_() for one in inputs]
    above = torch.ones_like(operation(*leaves))

    def step() -> None:
        torch.autograd.grad(operation(*leaves), leaves, above)

    return step


def parts(batch: int, tokens: int, kind: torch.dtype) -> dict[str, tuple[int, Callable[[], object]]]:
    """Return what a step consists of: how often, and a function that does it once."""
    width, heads = SIZE.width, SIZE.heads
    new: Callable[..., Tensor] = partial(torch.randn, dtype=kind)
    linear = {"qkv": (width, 3 * width), "proj": (width, width), "fc1": (width, 4 * width), "fc2": (4 * width, width)}
    within = (batch * heads, tokens, width // heads)
    scores = (batch * heads, tokens, tokens)
    found: dict[str, tuple[int, Callable[[], object]]] = {
        f"product {name}": (
            SIZE.depth,
            with_gradient(functional.linear, new(batch * tokens, first), new(second, first), new(second)),
        )
        for name, (first, second) in linear.items()
    }
    return {
        **found,
        "product of scores": (SIZE.depth, with_gradient(_scores, new(within), new(within))),
        "product of values": (SIZE.depth, with_gradient(torch.bmm, new(scores), new(within))),
        "softmax": (SIZE.depth, with_gradient(partial(torch.softmax, dim=2), new(scores))),
        "GELU": (SIZE.depth, with_gradient(functional.gelu, new(batch * tokens, 4 * width))),
        "normalisation": (
            2 * SIZE.depth + 1,
            with_gradient(partial(_norm, width), torch.randn(batch * tokens, width), torch.ones(width)),
        ),
    }


def _scores(q: Tensor, k: Tensor) -> Tensor:
    return torch.bmm(q, k.transpose(1, 2))


def _norm(width: int, x: Tensor, weight: Tensor) -> Tensor:
    return functional.layer_norm(x, (width,), weight)


def step(batch: int, stride: int, arithmetic: Arithmetic) -> Callable[[], object]:
    """Return a training step of the lab's network without its loop, on crops of one window as a training hears."""
    settings: dict[str, Any] = {"model_size": "tiny224", "input_tdim": FRAMES, "fstride": stride, "tstride": stride}
    window = Grid.for_features(BANDS, FRAMES, stride, stride).frames
    problem = Problem("AST tiny", "ast", settings, batch, window, window)
    model = problem.model().train()
    ((x, _, targets),) = problem.batches(1)
    optimizer = AdamW(model.parameters(), lr=1e-3, fused=True)
    arithmetic.apply(model)

    def once() -> None:
        optimizer.zero_grad()
        with arithmetic.autocast("cpu"):
            outputs = model(x, None)
        functional.cross_entropy(outputs.float(), targets).backward()
        optimizer.step()

    return once


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--stride", type=int, default=10)
    return parser


def main() -> None:
    """Read the arguments, measure, print."""
    options = reader().parse_args()
    torch.set_flush_denormal(True)
    threads = available_threads()
    bf16 = has_bf16("cpu")
    arithmetic = Arithmetic("bf16" if bf16 else "float32", threads, "plain" if bf16 else "sdpa")
    tokens = SPECIAL + Grid.for_features(BANDS, FRAMES, options.stride, options.stride).patches
    torch.set_num_threads(threads)
    print(
        f"{load()}; {arithmetic.precision}, {threads} threads, batch {options.batch}, {tokens} tokens; "
        f"the least of {REPEATS} each, median and extremes of three rounds"
    )
    rounds = [measure_all(options.batch, tokens, options.stride, arithmetic) for _ in range(3)]
    whole = statistics.median(one["step"] for one in rounds)
    for name in rounds[0]:
        taken = [one[name] for one in rounds]
        middle = statistics.median(taken)
        print(f"{name:<28}{middle:>8.0f} ms [{min(taken):.0f} {max(taken):.0f}]{middle / whole:>8.0%}")
    print(load())


def measure_all(batch: int, tokens: int, stride: int, arithmetic: Arithmetic) -> dict[str, float]:
    """Return the milliseconds of a step, of each of its operations in a step, and of sums of them."""
    kind = torch.bfloat16 if arithmetic.precision == "bf16" else torch.float32
    found = {"step": measure(step(batch, stride, arithmetic))}
    alone = {name: often * measure(once) for name, (often, once) in parts(batch, tokens, kind).items()}
    found["all operations alone"] = sum(alone.values())
    found["of them, products"] = sum(taken for name, taken in alone.items() if name.startswith("product"))
    return found | alone


if __name__ == "__main__":
    main()
