"""What each setting that makes a training step faster gains: the step without it and with it, in turn, in one process.

Run it with ``python benchmarks/levers.py [--pairs N] [--threads N] [--compile] [NAME …]``.  A step is forward, loss,
backward and optimizer on a batch in memory.  The gain is the time without the setting through the time with it, of each
pair of neighbours; the table shows median, least and most over the pairs, by the clock on the wall and by that of the
processor, which other processes on the machine do not hold up.  ``--compile`` adds the compiler, which takes minutes.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from networks import LSTM, PROBLEMS, Instant, Problem, load, spread, task  # isort: skip  (puts us on the path)

import numpy as np
import torch
from torch import Tensor

from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic, available_threads, has_bf16

Batch = tuple[Tensor, Tensor, Tensor]
BEST = "bf16" if has_bf16("cpu") else "float32"
WARM = 2


@dataclass(frozen=True)
class Way:
    """How a step is done.

    Attributes
    ----------
    arithmetic
        Changes to the arithmetic.
    network
        Changes to the network's settings.
    accumulate
        Pieces that a batch is cut into.
    """

    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    fused: bool = True
    accumulate: int = 1
    flush_denormal: bool = True
    exact: bool = False
    fill: bool = False
    bucketed: bool = True


@dataclass(frozen=True)
class Lever:
    """A setting, on a network on which it matters."""

    name: str
    problem: Problem
    without: Way
    with_it: Way


def levers(compiler: bool) -> list[Lever]:
    """Return what is measured."""
    beat, full, cnn, ast = (PROBLEMS[name] for name in ("LSTM beat", "LSTM full", "CNN", "AST tiny"))
    last = replace(full, settings={**LSTM, "pooling": "last"}, batch=8)
    slow = {"precision": "float32"}
    fast = {"precision": BEST}
    found = [Lever("precision=bf16", one, Way(slow), Way({"precision": "bf16"})) for one in (beat, full, cnn, ast)]
    for precision in dict.fromkeys(("float32", BEST)):
        same = {"precision": precision}
        found += [
            Lever(
                f"channels_last, {precision}",
                cnn,
                Way({**same, "channels_last": False}),
                Way({**same, "channels_last": True}),
            ),
            Lever(
                f"attention=sdpa over plain, {precision}",
                ast,
                Way({**same, "attention": "plain"}),
                Way({**same, "attention": "sdpa"}),
            ),
        ]
    every = available_threads()
    found += [
        Lever("fused", beat, Way(fast, fused=False), Way(fast)),
        Lever("fused", ast, Way(fast, fused=False), Way(fast)),
        Lever("flush_denormal, last step, every frame", last, *_flushed({"frame_stride": 1})),
        Lever("batches of like lengths", beat, Way(fast, bucketed=False), Way(fast)),
        Lever("accumulate=4, a batch in quarters", cnn, Way(fast), Way(fast, accumulate=4)),
        Lever("memory not filled in exact mode", cnn, Way(fast, exact=True, fill=True), Way(fast, exact=True)),
        Lever("memory not filled in exact mode", ast, Way(fast, exact=True, fill=True), Way(fast, exact=True)),
        Lever(f"threads={every} over 1", full, Way({**fast, "threads": 1}), Way({**fast, "threads": every})),
        Lever(f"threads={every} over 1", cnn, Way({**fast, "threads": 1}), Way({**fast, "threads": every})),
        # These compute something else: what they cost in quality is a matter of the data.
        Lever("frame_stride=8 over 1", full, Way(fast, {"frame_stride": 1}), Way(fast)),
        Lever("strides 16 over 10", ast, Way(fast, {"fstride": 10, "tstride": 10}), Way(fast)),
        Lever("patch_out=0.3 over 0", ast, Way(fast), Way(fast, {"patch_out": 0.3})),
    ]
    if compiler:
        compiled = {**fast, "compile": "inductor"}
        found += [Lever("compile=inductor", one, Way(fast), Way(compiled)) for one in (beat, cnn)]
    return found


def _flushed(network: Mapping[str, Any]) -> tuple[Way, Way]:
    slow = {"precision": "float32"}
    return Way(slow, network, flush_denormal=False), Way(slow, network)


def stepper(problem: Problem, way: Way, threads: int) -> Callable[[], None]:
    """Return a function that takes a step."""
    model = replace(problem, settings={**problem.settings, **way.network}).model().train()
    arithmetic = Arithmetic(**{"precision": BEST, "threads": threads, **way.arithmetic})
    forward = arithmetic.compiled(model)
    optimizer = AdamW(model.parameters(), lr=1e-3, fused=way.fused)
    goal = task()
    batches = cut(problem, way)

    def step() -> None:
        arithmetic.apply(model)
        for pieces in batches:
            optimizer.zero_grad()
            for x, lengths, targets in pieces:
                with arithmetic.autocast("cpu"):
                    outputs = forward(x, lengths)
                (goal.loss(outputs.float(), targets) / len(pieces)).backward()
            optimizer.step()

    return step


def cut(problem: Problem, way: Way) -> list[list[Batch]]:
    """Return batches, each in as many pieces as are accumulated; lengths meet at random where they are not bucketed."""
    if problem.shortest == problem.longest:
        (whole,) = problem.batches(1)
        return [list(zip(*(part.chunk(way.accumulate) for part in whole), strict=True))]
    count = 4
    dice = np.random.default_rng(1)
    lengths = dice.integers(problem.shortest, problem.longest, problem.batch * count, endpoint=True)
    if way.bucketed:
        lengths = np.sort(lengths)
    made = []
    for some in np.split(lengths, count):
        x = torch.from_numpy(dice.uniform(-80, 0, (len(some), int(some.max()), 128)).astype(np.float32))
        made.append([(x, torch.from_numpy(some), torch.from_numpy(dice.integers(0, 10, len(some))))])
    return made


@contextlib.contextmanager
def process_wide(way: Way) -> Iterator[None]:
    """Set what is set for the whole process while a step is done."""
    torch.set_flush_denormal(way.flush_denormal)
    torch.set_deterministic_debug_mode("warn" if way.exact else "default")
    torch.utils.deterministic.fill_uninitialized_memory = way.fill  # type: ignore[attr-defined]
    yield


def measure(lever: Lever, pairs: int, threads: int) -> None:
    """Alternate, and print a line."""
    ways = (lever.without, lever.with_it)
    steps = [stepper(lever.problem, way, threads) for way in ways]
    taken: list[list[Instant]] = [[], []]
    for number in range(WARM + pairs):
        for which, (way, step) in enumerate(zip(ways, steps, strict=True)):
            with process_wide(way):
                start = Instant.now()
                step()
                if number >= WARM:
                    taken[which].append(Instant.now().since(start))
    name = f"{lever.problem.name}: {lever.name}"
    print(f"{name:<56}{_gains(taken, 'wall'):>22}{_gains(taken, 'processor'):>22}", flush=True)


def _gains(taken: Sequence[Sequence[Instant]], clock: str) -> str:
    return spread([getattr(a, clock) / getattr(b, clock) for a, b in zip(*taken, strict=True)])


def main() -> None:
    """Read the arguments, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("names", nargs="*", help="only settings whose name has one of these in it")
    reader.add_argument("--pairs", type=int, default=7)
    reader.add_argument("--threads", type=int, default=1)
    reader.add_argument("--compile", action="store_true", help="measure the compiler too")
    options = reader.parse_args()
    print(f"{load()}; {options.threads} threads where threads are not what is measured; {options.pairs} pairs")
    print(f"{'times as fast: median [least most]':<56}{'wall':>22}{'processor':>22}")
    for lever in levers(options.compile):
        if not options.names or any(name in f"{lever.problem.name}: {lever.name}" for name in options.names):
            measure(lever, options.pairs, options.threads)
    print(load())


if __name__ == "__main__":
    main()
