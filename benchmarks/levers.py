"""What each setting that makes a training step faster gains: the step without it and with it, in turn, in one process.

Run it with ``python benchmarks/levers.py [--pairs N] [--threads N] [--compile] [NAME …]``.  A step is forward, loss,
backward and optimizer on a batch in memory.  The gain is the time without the setting through the time with it, of each
pair of neighbours; the table shows median, least and most over the pairs, by the clock on the wall and by that of the
processor, which other processes on the machine do not hold up.  What is set in the environment is measured in processes
of their own, one after the other.  ``--compile`` adds the compiler, which takes minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from networks import LSTM, PROBLEMS, Instant, Problem, load, spread, task  # isort: skip  (puts us on the path)

import numpy as np
import torch
from torch import Tensor

from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic, available_threads, has_bf16
from workbench.runner.launch import MEMORY, WAITING

Batch = tuple[Tensor, Tensor, Tensor]
BEST = "bf16" if has_bf16("cpu") else "float32"
WARM = 2
STEPS = 5


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
    dropped
        Variables that are taken from the environment of a process of its own; None measures in this one.
    """

    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    fused: bool = True
    accumulate: int = 1
    flush_denormal: bool = True
    exact: bool = False
    fill: bool = False
    bucketed: bool = True
    dropped: tuple[str, ...] | None = None


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
        *(
            Lever(f"threads={every} over 1", one, Way({**fast, "threads": 1}), Way({**fast, "threads": every}))
            for one in (beat, full, cnn, ast)
        ),
        *(
            Lever(
                f"recurrence=divided over shared, {every} threads",
                one,
                Way({**fast, "threads": every}),
                Way({**fast, "threads": every, "recurrence": "divided"}),
            )
            for one in (beat, full)
        ),
        *(
            Lever("GOMP_SPINCOUNT=500 over 0", one, Way(both, dropped=("GOMP_SPINCOUNT",)), Way(both, dropped=()))
            for both in [{**fast, "threads": every}]
            for one in (beat, full, cnn, ast)
        ),
        *(
            Lever("freed memory kept", one, Way(fast, dropped=tuple(MEMORY)), Way(fast, dropped=()))
            for one in (beat, full, cnn, ast)
        ),
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
    if lever.with_it.dropped is not None:
        both = [[apart(lever, which, threads) for which in (False, True)] for _ in range(pairs)]
        return report(lever, list(zip(*both, strict=True)))
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
    return report(lever, taken)


def apart(lever: Lever, with_it: bool, threads: int) -> Instant:
    """Return what a step takes in a process of its own, with the environment of a worker less what is dropped."""
    way = lever.with_it if with_it else lever.without
    kept = {name: value for name, value in {**os.environ, **WAITING, **MEMORY}.items() if name not in way.dropped}
    words = [sys.executable, __file__, "--side", str(int(with_it)), "--threads", str(threads), _full_name(lever)]
    done = subprocess.run(words, env=kept, stdout=subprocess.PIPE, text=True, check=True)
    return Instant(*json.loads(done.stdout.splitlines()[-1]))


def side(lever: Lever, with_it: bool, threads: int) -> None:
    """Print the median times of a few steps."""
    way = lever.with_it if with_it else lever.without
    step, taken = stepper(lever.problem, way, threads), []
    with process_wide(way):
        for _ in range(WARM + STEPS):
            start = Instant.now()
            step()
            taken.append(Instant.now().since(start))
    kept = taken[WARM:]
    print(json.dumps([statistics.median(one.wall for one in kept), statistics.median(one.processor for one in kept)]))


def report(lever: Lever, taken: Sequence[Sequence[Instant]]) -> None:
    """Print the gains."""
    print(f"{_full_name(lever):<56}{_gains(taken, 'wall'):>22}{_gains(taken, 'processor'):>22}", flush=True)


def _full_name(lever: Lever) -> str:
    return f"{lever.problem.name}: {lever.name}"


def _gains(taken: Sequence[Sequence[Instant]], clock: str) -> str:
    return spread([getattr(a, clock) / getattr(b, clock) for a, b in zip(*taken, strict=True)])


def main() -> None:
    """Read the arguments, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("names", nargs="*", help="only settings whose name has one of these in it")
    reader.add_argument("--pairs", type=int, default=7)
    reader.add_argument("--threads", type=int, default=1)
    reader.add_argument("--compile", action="store_true", help="measure the compiler too")
    reader.add_argument("--side", type=int, choices=(0, 1), help=argparse.SUPPRESS)
    options = reader.parse_args()
    if options.side is not None:
        (wanted,) = (lever for lever in levers(options.compile) if _full_name(lever) in options.names)
        return side(wanted, bool(options.side), options.threads)
    print(f"{load()}; {options.threads} threads where threads are not what is measured; {options.pairs} pairs")
    print(f"{'times as fast: median [least most]':<56}{'wall':>22}{'processor':>22}")
    for lever in levers(options.compile):
        if not options.names or any(name in _full_name(lever) for name in options.names):
            measure(lever, options.pairs, options.threads)
    print(load())
    return None


if __name__ == "__main__":
    main()
