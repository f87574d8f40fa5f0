"""Steps by the lab's own training loop, over a real feed, timed as the GPU does them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.beside.rows import Training
from benchmarks.beside.side import ours
from benchmarks.on_gpu.plan import Plan
from labsteps.training.feed import Feed, Planned, Three
from labsteps.training.loop import train
from labsteps.training.losses import Classification
from labsteps.training.tracing import settle_on

WARM = 3  # steps before those that are timed


@dataclass(eq=False)
class Some:
    """The first batches of an epoch for the training loop, which asks for examples.

    Attributes
    ----------
    source
        Where they come from.
    steps
        Batches that count; `WARM` more come before them.
    around
        What is entered when the first one that counts is asked for, and left at the end.
    step_seconds
        Seconds of a step that counted, from when the work before was done until its own was.
    """

    source: Feed
    steps: int
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    step_seconds: float = field(default=float("nan"), init=False)

    @property
    def targets(self) -> np.ndarray:
        """Class codes."""
        return self.source.clips.targets

    def __len__(self) -> int:
        return len(self.source.clips)

    def feed(self, device: str) -> Some:
        """Return itself: the feed is given."""
        return self

    def plan(
        self, batch_size: int, crop_frames: int, seed: int, epoch: int, *, bucketing: bool = True
    ) -> list[Planned]:
        """Return the first batches of the feed's plan."""
        return self.source.plan(batch_size, crop_frames, seed, epoch, bucketing=bucketing)[: WARM + self.steps]

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return the feed's plan of an evaluation."""
        return self.source.plan_in_order_of_length(batch_size)

    def batches(self, plan: Sequence[Planned]) -> Iterator[Three]:
        """Yield the batches, and take the time."""
        device, began, taken = str(self.source.device), 0.0, 0
        with ExitStack() as entered:
            try:
                for taken, batch in enumerate(self.source.batches(plan)):
                    if taken == WARM:
                        settle_on(device)
                        entered.enter_context(self.around())
                        began = time.perf_counter()
                    yield batch
            finally:
                entered.close()
                settle_on(device)
                if taken >= WARM:
                    self.step_seconds = (time.perf_counter() - began) / (taken + 1 - WARM)


class OurTraining:
    """A training of ours that can be asked for steps, again and again.

    Parameters
    ----------
    row
        What is trained.
    plan, scratch
        On what; and a folder for its checkpoints.
    source
        Where batches come from; the feed that a run would have, where it is None.
    """

    def __init__(self, row: Training, plan: Plan, scratch: Path, source: Feed | None = None) -> None:
        clips, classes, statistics = plan.clips(row.folder)
        self.plan, self.scratch, self.task = plan, scratch, Classification(classes)
        self.source = source or Feed(clips, plan.device)
        self.model, self.arithmetic, settings = ours(row, clips, classes, statistics, plan.context(scratch))
        self.settings = replace(settings, epochs=1)

    def run(self, steps: int, around: Callable[[], AbstractContextManager[Any]] = nullcontext) -> float:
        """Take so many steps after a few that do not count, and return the seconds of one."""
        some = Some(self.source, steps, around)
        train(self.model, self.task, some, None, self.settings, self.arithmetic, self.plan.context(self.scratch))
        return some.step_seconds


def count_of(step_seconds: float, plan: Plan, clips: int, batch_size: int) -> int:
    """Return the steps of a round: about `Plan.seconds` of them, at most an epoch."""
    in_epoch = ceil(clips / batch_size)
    return max(1, min(in_epoch - WARM, int(plan.seconds / step_seconds) or 1))
