"""An epoch of each network on the GPU, the plain way and ours in turn, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import torch
from torch import Tensor

from benchmarks.beside import plain
from benchmarks.beside.counts import work
from benchmarks.beside.data_set import SEED
from benchmarks.beside.drive import Spread
from benchmarks.beside.rows import Training
from benchmarks.on_gpu.peaks import Peaks
from benchmarks.on_gpu.plan import Plan, Row, clear, scratch
from benchmarks.on_gpu.steps import WARM, OurTraining, count_of
from labsteps.training.precision import set_mode
from labsteps.training.tracing import settle_on

CLIPS = 2325  # of the lab's training set, by which epochs are told also where fewer clips are measured with


class Side(Protocol):
    """Takes steps."""

    def run(self, steps: int) -> float:
        """Take so many steps after a few that do not count, and return the seconds of one."""
        ...


class PlainTraining:
    """The plain way, with what torch has by default."""

    def __init__(self, row: Training, plan: Plan) -> None:
        clips = plan.plain_clips(row)
        torch.manual_seed(SEED)
        self.device = plan.device
        self.model = plain.model_of(row.network, row.settings, len(clips.classes)).to(plan.device)
        self.optimizer = plain.optimizer_of(self.model)
        self.batches = _endless(plain.loader(clips, row.batch_size))

    def run(self, steps: int) -> float:
        """Take so many steps after a few that do not count, and return the seconds of one."""
        as_torch_begins(self.device)
        for batch in islice(self.batches, WARM):
            plain.step(self.model, self.optimizer, batch, self.device)
        settle_on(self.device)
        began = perf_counter()
        for batch in islice(self.batches, steps):
            plain.step(self.model, self.optimizer, batch, self.device)
        settle_on(self.device)
        return (perf_counter() - began) / steps


class OurSide(OurTraining):
    """Ours, in the mode that a run on this device has by default."""

    def run(self, steps: int, *around: Any) -> float:
        """Take so many steps after a few that do not count, and return the seconds of one."""
        set_mode(self.plan.device, exact=self.plan.device == "cpu")
        return super().run(steps, *around)


def as_torch_begins(device: str) -> None:
    """Set what `set_mode` sets to what torch begins with."""
    set_mode(device, exact=True)
    torch.set_deterministic_debug_mode("default")
    torch.backends.cudnn.allow_tf32 = True


def measure(key: str, plan: Plan, peaks: Peaks) -> list[Row]:
    """Train both ways in turn."""
    row = plan.training(key)
    clips = len(plan.clips(row.folder)[0])
    plain_clips = len(plan.plain_clips(row))
    with scratch() as folder:
        makes: dict[str, Callable[[], Side]] = {
            "plain": lambda: PlainTraining(row, plan),
            "ours": lambda: OurSide(row, plan, Path(folder)),
        }
        sides: dict[str, Side] = {}
        memory, counts = {}, {}
        for name, make in makes.items():
            sides[name], memory[name], step = begun(make, plan.device)
            counts[name] = count_of(step, plan, clips if name == "ours" else plain_clips, row.batch_size)
        times: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(plan.rounds):
            for name in list(sides)[:: 1 if number % 2 == 0 else -1]:
                times[name].append(sides[name].run(counts[name]))
        ours = sides["ours"]
        assert isinstance(ours, OurSide)
        precision = ours.arithmetic.precision
    steps = {name: Spread.of(each).median for name, each in times.items()}
    operations = work(row).operations
    return [
        {
            "title": f"{row.title}, batch {row.batch_size}",
            **steps,
            "ratio": asdict(Spread.of([a / b for a, b in zip(times["plain"], times["ours"], strict=True)])),
            "epoch": {name: step * ceil(CLIPS / row.batch_size) for name, step in steps.items()},
            "clips_per_second": {name: row.batch_size / step for name, step in steps.items()},
            "share": {name: operations / step / peaks.best for name, step in steps.items()},
            "memory": memory,
            "precision": precision,
            "steps": counts,
        }
    ]


def begun(make: Callable[[], Side], device: str) -> tuple[Side, int, float]:
    """Return a side that has taken its first steps, the bytes of the GPU that they took, and the seconds of one."""
    clear()
    on_gpu = device != "cpu"
    before = torch.cuda.memory_allocated(device) if on_gpu else 0
    if on_gpu:
        torch.cuda.reset_peak_memory_stats(device)
    side = make()
    side.run(1)
    taken = torch.cuda.max_memory_allocated(device) - before if on_gpu else 0
    return side, int(taken), side.run(WARM)


def _endless(batches: Any) -> Iterator[list[Tensor]]:
    while True:
        yield from batches
