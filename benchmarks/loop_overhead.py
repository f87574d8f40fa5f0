"""What the training loop adds to a bare forward, backward and step on tensors in memory.

Run it with ``python benchmarks/loop_overhead.py [--rounds N] [--threads N] [--device cuda:0] [NETWORK …]``.  The loop
is the one that every run uses, `labsteps.training.loop.train`, with a run's own context: events, requests, checkpoints
on disk.  The bare loop does a forward pass, the loss, a backward pass, torch's fused AdamW, and nothing else.  Both
take the same batches from memory, in turn, block by block; a block's figure is the median of its steps (their mean on
a GPU, which works behind the program), the table shows median, least and most over the blocks.  The loop also scales
the gradient down to its largest norm, which is part of the method rather than of the loop; with ``--clip`` the bare
loop does it too.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from collections.abc import Sequence
from pathlib import Path

from networks import PROBLEMS, InMemory, Instant, Problem, load, spread, task  # isort: skip  (puts us on the path)

import torch
from torch import nn

from labsteps.catalogue import catalogue
from labsteps.models.heads import Model
from labsteps.training.feed import Three
from labsteps.training.loop import Settings, train
from labsteps.training.precision import Arithmetic, has_bf16, set_mode
from workbench.runner.context import RunContext
from workbench.store.session import Session
from workbench.store.sessions import Sessions

STEPS = {"LSTM beat": 60, "LSTM full": 30, "CNN": 12, "AST tiny": 5, "smallest": 300}
WARM = 2  # steps of a block that are not counted


def ours(model: Model, made: Sequence[Three], session: Session, arithmetic: Arithmetic, device: str) -> InMemory:
    """Train one epoch with the lab's loop, and return when it took each batch."""
    run = session.create_run({"part": "7.1β", "seed": 0, "device": device, "parameters": {}, "data_root": ""})
    examples = InMemory(made, device, WARM)
    settings = Settings(epochs=1, batch_size=len(made[0][2]), learning_rate=1e-3, seed=0)
    with run.take(), run.writer() as events:
        context = RunContext(run, session, catalogue(), events, str)
        train(model, task(), examples, None, settings, arithmetic, context)
    return examples


def bare(model: Model, made: Sequence[Three], arithmetic: Arithmetic, clip: bool, device: str) -> InMemory:
    """Take the same steps with nothing around them."""
    arithmetic.apply(model)
    model.to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    examples = InMemory(made, device, WARM)
    for x, lengths, targets in examples.batches(examples.plan(1, 0, 0, 0)):
        with arithmetic.autocast(device):
            outputs = model(x, lengths)
        loss = nn.functional.cross_entropy(outputs.float(), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), 5.0, foreach=True)
        optimizer.step()
    return examples


def alternate(
    problem: Problem, steps: int, rounds: int, arithmetic: Arithmetic, clip: bool, folder: Path, device: str
) -> list[tuple[Instant, Instant]]:
    """Take blocks of steps by the bare loop and by the lab's in turn, and return the time of a step of each."""
    session = Sessions(folder).create(problem.name)
    made = problem.batches(WARM + steps, device)
    model = problem.model()
    times: list[tuple[Instant, Instant]] = []
    for number in range(rounds + 1):
        pair = (
            bare(copy.deepcopy(model), made, arithmetic, clip, device).step_time(),
            ours(copy.deepcopy(model), made, session, arithmetic, device).step_time(),
        )
        if number:  # the first round warms up
            times.append(pair)
    return times


def report(problem: Problem, arithmetic: Arithmetic, times: Sequence[tuple[Instant, Instant]]) -> None:
    """Print a line for each clock."""
    for clock in ("wall", "processor"):
        bares, loops = ([1000 * getattr(pair[which], clock) for pair in times] for which in (0, 1))
        ratios = [b / a for a, b in zip(bares, loops, strict=True)]
        added = [b - a for a, b in zip(bares, loops, strict=True)]
        name = f"{problem.name}, {arithmetic.precision}, {clock}"
        print(f"{name:<32}{spread(bares):>28}{spread(loops):>28}{spread(ratios):>22}{spread(added):>25}", flush=True)


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"{', '.join(PROBLEMS)}; all by default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda:N")
    parser.add_argument("--precision", help="float32 or bf16; by default bf16 where the device multiplies it itself")
    parser.add_argument("--clip", action="store_true", help="scale the gradients in the bare loop too")
    return parser


def main() -> None:
    """Read the arguments, measure, print."""
    options = reader().parse_args()
    if unknown := [name for name in options.networks if name not in PROBLEMS]:
        reader().error(f"no network {unknown[0]!r}: there are {', '.join(PROBLEMS)}")
    set_mode(options.device, exact=options.device == "cpu")
    precision = options.precision or ("bf16" if has_bf16(options.device) else "float32")
    arithmetic = Arithmetic(precision, options.threads)
    where = f"{options.device}, {options.threads} threads, {options.rounds} rounds"
    print(f"{load()}; {where}; milliseconds a step: median [least most]")
    print(f"{'':<32}{'bare':>28}{'the lab loop':>28}{'ratio':>22}{'added ms':>25}")
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.networks or PROBLEMS:
            problem, folder = PROBLEMS[name], Path(scratch)
            times = alternate(problem, STEPS[name], options.rounds, arithmetic, options.clip, folder, options.device)
            report(problem, arithmetic, times)
    print(load())


if __name__ == "__main__":
    main()
