"""What each setting that makes a training step faster gains: the step without it and with it, in turn, in one process.

Run it with ``python benchmarks/levers.py [--pairs N] [--threads N] [--compile] [--device cuda:0] [NAME …]``.  A step is
forward, loss, backward and optimizer on a batch in memory.  The gain is the time of a clip without the setting through
the time with it, of each pair of neighbours; the table shows median, least and most over the pairs, by the clock on the
wall and by that of the processor, which other processes on the machine do not hold up.  What is set in the environment
is measured in processes of their own, one after the other.  ``--compile`` adds the compiler, which takes minutes.

A GPU has settings of its own, and works behind the program: there a time is that of a block of steps, from when the
work before it was done until its own is (`benchmarks/gpu.py` measures all of them, and more).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from networks import LSTM, PROBLEMS, Instant, Problem, load, spread, task, tiny  # isort: skip  (puts us on the path)

import numpy as np
import torch

from benchmarks.beside.plain import PlainLSTM
from labsteps.training.feed import Three
from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic, available_threads, has_bf16, set_mode
from workbench.runner.launch import MEMORY, WAITING

BEST = "bf16" if has_bf16("cpu") else "float32"
WARM = 2
WARM_ON_GPU = 5  # CUDA graphs are recorded in the second step, and played from the third on
BLOCK_SECONDS = 0.1
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
    exact
        Whether the mode is ``exact``; else, on a GPU, it is ``fast``.
    tf32
        Whether products of float32 may be TF32, on a GPU; None leaves it to the mode.
    cudnn
        Whether cuDNN may be used.
    packed
        Whether an LSTM runs over packed sequences, as the plain way has it.
    batch
        Clips of a step; 0 takes the problem's.
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
    tf32: bool | None = None
    cudnn: bool = True
    packed: bool = False
    batch: int = 0
    dropped: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Lever:
    """A setting, on a network on which it matters."""

    name: str
    problem: Problem
    without: Way
    with_it: Way

    @property
    def title(self) -> str:
        """Network and setting."""
        return f"{self.problem.name}: {self.name}"


@dataclass(frozen=True)
class Compared:
    """What was measured of a lever; the way without the setting comes first everywhere.

    Attributes
    ----------
    taken
        Time of a clip, pair by pair.
    first
        Seconds of the first step of each, in which kernels are chosen and compiled.
    memory
        Bytes of a GPU that a step takes beside what there is before it; 0 on a CPU.
    """

    taken: tuple[list[Instant], list[Instant]]
    first: tuple[float, ...] = ()
    memory: tuple[int, ...] = ()

    def gains(self, clock: str = "wall") -> list[float]:
        """Return how many times as fast it is with the setting, pair by pair."""
        return [getattr(a, clock) / getattr(b, clock) for a, b in zip(*self.taken, strict=True)]


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


def levers_on_gpu(device: str, compiler: bool, *, small: bool = False) -> list[Lever]:
    """Return what is measured on a GPU; the compiler last, since it takes longest."""
    beat, full, cnn, ast = (
        tiny(one) if small else replace(one, batch=32)
        for one in (PROBLEMS[name] for name in ("LSTM beat", "LSTM full", "CNN", "AST tiny"))
    )
    four = (beat, full, cnn, ast)
    best = "bf16" if has_bf16(device) else "float32"
    slow, fast = {"precision": "float32"}, {"precision": best}
    last = replace(beat, settings={**LSTM, "hidden_size": beat.settings["hidden_size"], "pooling": "last"})
    found = [
        *(Lever("TF32 products, float32", one, Way(slow, tf32=False), Way(slow, tf32=True)) for one in four),
        *(Lever("precision=bf16 over TF32", one, Way(slow, tf32=True), Way({"precision": "bf16"})) for one in four),
        *(Lever(f"mode=fast over exact, {best}", one, Way(fast, exact=True), Way(fast)) for one in four),
        *(Lever("mode=fast over exact, float32", one, Way(slow, exact=True), Way(slow)) for one in four),
    ]
    for precision in dict.fromkeys(("float32", best)):
        same = {"precision": precision}
        found += [
            Lever(f"channels_last, {precision}", cnn, Way({**same, "channels_last": False}), Way(same)),
            Lever(f"attention=sdpa over plain, {precision}", ast, Way({**same, "attention": "plain"}), Way(same)),
        ]
    found += [
        *(Lever("fused", one, Way(fast, fused=False), Way(fast)) for one in (beat, cnn, ast)),
        *(
            Lever("cuDNN's LSTM over torch's own kernels", one, Way(fast, cudnn=False), Way(fast))
            for one in (beat, full)
        ),
        Lever("dense LSTM over a packed one, float32", last, Way(slow, packed=True), Way(slow)),
        Lever("batches of like lengths", beat, Way(fast, bucketed=False), Way(fast)),
        *(Lever("accumulate=4, a batch in quarters", one, Way(fast), Way(fast, accumulate=4)) for one in (cnn, ast)),
        Lever("batch_size=32 over 2", ast, Way(fast, batch=2), Way(fast, batch=32)),
        Lever("batch_size=32 over 8", cnn, Way(fast, batch=8), Way(fast, batch=32)),
        # These compute something else: what they cost in quality is a matter of the data.
        Lever("frame_stride=8 over 1", full, Way(fast, {"frame_stride": 1}), Way(fast)),
        Lever("strides 16 over 10", ast, Way(fast, {"fstride": 10, "tstride": 10}), Way(fast)),
        Lever("patch_out=0.3 over 0", ast, Way(fast), Way(fast, {"patch_out": 0.3})),
    ]
    if compiler:
        for name, those in (("inductor", (ast, cnn, beat)), ("graphs", (ast, cnn))):
            found += [Lever(f"compile={name}", one, Way(fast), Way({**fast, "compile": name})) for one in those]
    return found


def _flushed(network: Mapping[str, Any]) -> tuple[Way, Way]:
    slow = {"precision": "float32"}
    return Way(slow, network, flush_denormal=False), Way(slow, network)


def stepper(problem: Problem, way: Way, threads: int, device: str = "cpu") -> tuple[Callable[[], None], int]:
    """Return a function that takes steps, and how many clips go through it."""
    problem = replace(problem, settings={**problem.settings, **way.network}, batch=way.batch or problem.batch)
    model = problem.model() if not way.packed else packed(problem)
    model.to(device).train()
    arithmetic = Arithmetic(**{"precision": BEST, "threads": threads, **way.arithmetic})
    forward = arithmetic.compiled(model)
    optimizer = AdamW(model.parameters(), lr=1e-3, fused=way.fused)
    goal = task()
    batches = cut(problem, way, device)

    def step() -> None:
        arithmetic.apply(model)
        for pieces in batches:
            optimizer.zero_grad()
            for x, lengths, targets in pieces:
                with arithmetic.autocast(device):
                    outputs = forward(x, lengths)
                (goal.loss(outputs.float(), targets) / len(pieces)).backward()
            optimizer.step()

    return step, problem.batch * len(batches)


def packed(problem: Problem) -> PlainLSTM:
    """Return the plain way's LSTM of the same size."""
    about = problem.settings
    return PlainLSTM(10, about["hidden_size"], about.get("num_layers", 1), about["bidirectional"])


def cut(problem: Problem, way: Way, device: str = "cpu") -> list[list[Three]]:
    """Return batches, each in as many pieces as are accumulated; lengths meet at random where they are not bucketed."""
    if problem.shortest == problem.longest:
        ((x, _, targets),) = problem.batches(1, device)
        pieces = zip(x.chunk(way.accumulate), targets.chunk(way.accumulate), strict=True)
        return [[(some, None, true) for some, true in pieces]]
    count = 4
    dice = np.random.default_rng(1)
    lengths = dice.integers(problem.shortest, problem.longest, problem.batch * count, endpoint=True)
    if way.bucketed:
        lengths = np.sort(lengths)
    made: list[list[Three]] = []
    for some in np.split(lengths, count):
        x = torch.from_numpy(dice.uniform(-80, 0, (len(some), int(some.max()), 128)).astype(np.float32))
        targets = torch.from_numpy(dice.integers(0, 10, len(some)))
        made.append([(x.to(device), torch.from_numpy(some).to(device), targets.to(device))])
    return made


@contextlib.contextmanager
def process_wide(way: Way, device: str = "cpu") -> Iterator[None]:
    """Set what is set for the whole process while a step is done."""
    if device == "cpu":
        torch.set_flush_denormal(way.flush_denormal)
        torch.set_deterministic_debug_mode("warn" if way.exact else "default")
        torch.utils.deterministic.fill_uninitialized_memory = way.fill  # type: ignore[attr-defined]
    else:
        set_mode(device, exact=way.exact)
    if way.tf32 is not None:
        torch.set_float32_matmul_precision("high" if way.tf32 else "highest")
        torch.backends.cudnn.allow_tf32 = way.tf32
    before, torch.backends.cudnn.enabled = torch.backends.cudnn.enabled, way.cudnn
    try:
        yield
    finally:
        torch.backends.cudnn.enabled = before


def compare(lever: Lever, pairs: int, threads: int, device: str = "cpu") -> Compared:
    """Do both ways in turn."""
    if lever.with_it.dropped is not None:
        both = [[apart(lever, which, threads) for which in (False, True)] for _ in range(pairs)]
        without, with_it = zip(*both, strict=True)
        return Compared((list(without), list(with_it)))
    ways = (lever.without, lever.with_it)
    steps, clips, first, memory, sizes = [], [], [], [], []
    for way in ways:
        with process_wide(way, device):
            step, count = stepper(lever.problem, way, threads, device)
            steps.append(step)
            clips.append(count)
            first.append(block(step, 1, device).wall)
            memory.append(added_memory(step, device))
            sizes.append(settle_in(step, device))
    taken: tuple[list[Instant], list[Instant]] = ([], [])
    for _ in range(pairs):
        for which, (way, step) in enumerate(zip(ways, steps, strict=True)):
            with process_wide(way, device):
                spent = block(step, sizes[which], device)
            taken[which].append(Instant(*(each / sizes[which] / clips[which] for each in spent)))
    return Compared(taken, tuple(first), tuple(memory))


def block(step: Callable[[], None], count: int, device: str) -> Instant:
    """Return what so many steps take."""
    start = Instant.now(device)
    for _ in range(count):
        step()
    return Instant.now(device).since(start)


def settle_in(step: Callable[[], None], device: str) -> int:
    """Take steps that are not counted, and return how many of them a block should have."""
    if device == "cpu":
        block(step, WARM - 1, device)
        return 1
    block(step, WARM_ON_GPU, device)
    return max(1, ceil(BLOCK_SECONDS / block(step, 1, device).wall))


def added_memory(step: Callable[[], None], device: str) -> int:
    """Take a step, and return the bytes of a GPU that it needed beside what there was before it."""
    if device == "cpu":
        return 0
    gc.collect()
    before = torch.cuda.memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    step()
    torch.cuda.synchronize(device)
    return int(torch.cuda.max_memory_allocated(device)) - int(before)


def apart(lever: Lever, with_it: bool, threads: int) -> Instant:
    """Return what a step takes in a process of its own, with the environment of a worker less what is dropped."""
    way = lever.with_it if with_it else lever.without
    kept = {name: value for name, value in {**os.environ, **WAITING, **MEMORY}.items() if name not in way.dropped}
    words = [sys.executable, __file__, "--side", str(int(with_it)), "--threads", str(threads), lever.title]
    done = subprocess.run(words, env=kept, stdout=subprocess.PIPE, text=True, check=True)
    return Instant(*json.loads(done.stdout.splitlines()[-1]))


def side(lever: Lever, with_it: bool, threads: int) -> None:
    """Print the median times of a few steps."""
    way = lever.with_it if with_it else lever.without
    (step, clips), taken = stepper(lever.problem, way, threads), []
    with process_wide(way):
        for _ in range(WARM + STEPS):
            start = Instant.now()
            step()
            taken.append(Instant.now().since(start))
    kept = taken[WARM:]
    clocks = zip(*kept, strict=True)
    print(json.dumps([statistics.median(each) / clips for each in clocks]))


def report(lever: Lever, found: Compared) -> None:
    """Print the gains."""
    gains = (spread(found.gains(clock)) for clock in ("wall", "processor"))
    print(f"{lever.title:<56}{''.join(f'{each:>22}' for each in gains)}", flush=True)


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only settings whose name has one of these in it")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="measure the compiler too")
    parser.add_argument("--device", default="cpu", help="cpu or cuda:N")
    parser.add_argument("--side", type=int, choices=(0, 1), help=argparse.SUPPRESS)
    return parser


def main() -> None:
    """Read the arguments, measure, print."""
    options = reader().parse_args()
    if options.side is not None:
        (wanted,) = (lever for lever in levers(options.compile) if lever.title in options.names)
        return side(wanted, bool(options.side), options.threads)
    device, threads = options.device, options.threads
    print(f"{load()}; {device}; {threads} threads where threads are not what is measured; {options.pairs} pairs")
    print(f"{'times as fast: median [least most]':<56}{'wall':>22}{'processor':>22}")
    for lever in levers(options.compile) if device == "cpu" else levers_on_gpu(device, options.compile):
        if not options.names or any(name in lever.title for name in options.names):
            report(lever, compare(lever, options.pairs, threads, device))
    print(load())
    return None


if __name__ == "__main__":
    main()
