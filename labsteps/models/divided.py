"""A recurrent layer that takes each part of a batch through all time steps on a thread of its own.

A time step's product is small.  Threads that share each of them wait for one another twice a step and 1293 steps
long, which costs as much as it gains, and many times that where another program holds one of them up; threads that
have clips of their own wait once a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

One = TypeVar("One")
Found = TypeVar("Found")


def states(lstm: nn.Module, x: Tensor, parts: int) -> Tensor:
    """Return the states of all time steps, as ``lstm(x)[0]`` does.

    Parameters
    ----------
    lstm
        One layer in one direction, batch first.
    x : Tensor [shape=(B, T, F)]
        The clips.
    parts
        Threads that have a part of the clips each; with 1, and on a GPU, torch's layer has them all.  On a GPU it
        computes in float32 whatever autocast says: cuDNN's layer would take float16 under every kind of autocast, bf16
        too (ATen/cudnn/AutocastRNN.cpp), in which gradients of a thousand time steps can vanish.

    Returns
    -------
    Tensor [shape=(B, T, H)]
        In the dtype of autocast, where that is on and the CPU computes.
    """
    assert isinstance(lstm, nn.LSTM)
    if x.is_cuda:
        with torch.autocast("cuda", enabled=False):
            alone: Tensor = lstm(x.float())[0]
        return alone
    parts = min(parts, len(x))
    if parts < 2:
        whole: Tensor = lstm(x)[0]
        return whole
    if torch.is_autocast_enabled("cpu"):
        kind = torch.get_autocast_dtype("cpu")
        x, weights = x.to(kind), [weight.to(kind) for weight in lstm.all_weights[0]]
    else:
        weights = list(lstm.all_weights[0])
    together: Tensor = _Divided.apply(parts, torch.is_grad_enabled(), x, *weights)  # type: ignore[no-untyped-call]  # torch's functions have no types
    return together


class _Divided(torch.autograd.Function):
    """Each part is a graph of its own; their gradients are added in the order of the parts, whoever is done first."""

    @staticmethod
    def forward(ctx: Any, parts: int, learns: bool, x: Tensor, *weights: Tensor) -> Tensor:
        needs_x = learns and ctx.needs_input_grad[2]

        def part(clips: Tensor) -> tuple[Tensor, list[Tensor]]:
            with torch.set_grad_enabled(learns):
                leaves = [weight.detach().requires_grad_(learns) for weight in weights]
                clips = clips.detach().requires_grad_(needs_x)
                zero = clips.new_zeros(1, len(clips), weights[1].shape[1])  # (1, B', H)
                # The positional arguments: biases, layers, dropout, training, bidirectional, batch first.
                out = torch._VF.lstm(clips, (zero, zero), leaves, True, 1, 0.0, False, False, True)[0]  # (B', T, H)
            return out, [*([clips] if needs_x else []), *leaves]

        graphs = _on_threads(part, x.chunk(parts))
        ctx.graphs, ctx.needs_x = graphs, needs_x
        return torch.cat([out.detach() for out, _ in graphs])  # (B, T, H)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        graphs, ctx.graphs = ctx.graphs, None
        given = gradient.split([len(out) for out, _ in graphs])

        def part(one: tuple[tuple[Tensor, list[Tensor]], Tensor]) -> tuple[Tensor, ...]:
            (out, leaves), above = one
            return torch.autograd.grad(out, leaves, above)

        found = list(zip(*_on_threads(part, list(zip(graphs, given, strict=True))), strict=True))
        of_x = torch.cat(found.pop(0)) if ctx.needs_x else None  # (B, T, F)
        return None, None, of_x, *(_sum(one) for one in found)


def _sum(gradients: tuple[Tensor, ...]) -> Tensor:
    total = gradients[0]
    for one in gradients[1:]:
        total = total + one
    return total


def _on_threads(work: Callable[[One], Found], parts: Sequence[One]) -> list[Found]:
    """Do the first part here and each other one on a thread; what any of them raises is raised."""
    flushed = _flushes_denormal()

    def elsewhere(one: One) -> Found:
        torch.set_flush_denormal(flushed)  # like the number of threads, a matter of each thread
        return work(one)

    others = [_threads(len(parts) - 1).submit(elsewhere, one) for one in parts[1:]]
    try:
        return [work(parts[0]), *(other.result() for other in others)]
    finally:
        for other in others:
            other.exception()  # nothing of a step goes on after it, even where a part of it failed


@lru_cache(maxsize=1)
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, "recurrent", initializer=torch.set_num_threads, initargs=(1,))


def _flushes_denormal() -> bool:
    """Return whether this thread takes numbers below the normal range for 0, which torch sets but does not tell."""
    return float(torch.full((), 1e-39) * 0.5) == 0.0
