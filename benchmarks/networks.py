"""What the training benchmarks share: the lab's networks, with batches of the real shapes in memory.

The numbers in a batch are drawn at random: how long a step takes does not depend on them.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.as_worker import OURS as OURS  # isort: skip  (sets the environment, before torch is loaded)

import numpy as np
import torch

from labsteps.models import transformer
from labsteps.models.heads import Model
from labsteps.models.saved import Description, build
from labsteps.training.feed import Planned, Three
from labsteps.training.losses import Classification
from labsteps.training.tracing import settle_on

CLASSES = tuple("ABCDEFGHIJ")
BANDS = 128


@dataclass(frozen=True)
class Problem:
    """A network of the lab with the shape of its batches.

    Attributes
    ----------
    name
        As the tables call it.
    shortest, longest
        Frames of the clips in a batch.
    """

    name: str
    architecture: str
    settings: Mapping[str, Any]
    batch: int
    shortest: int
    longest: int

    def model(self) -> Model:
        """Return the network, the same weights each time."""
        about = Description(self.architecture, self.settings, 0.2, "mel", False, (0, BANDS), CLASSES)
        return build(about, torch.full((BANDS,), -50.0), torch.full((BANDS,), 15.0), seed=0)

    def batches(self, count: int, device: str = "cpu") -> list[Three]:
        """Return inputs, lengths (None where nothing is padded, as a feed says it) and classes of so many batches."""
        dice = np.random.default_rng(0)
        made = []
        for _ in range(count):
            lengths = np.sort(dice.integers(self.shortest, self.longest, self.batch, endpoint=True))
            x = dice.uniform(-80.0, 0.0, (self.batch, int(lengths[-1]), BANDS)).astype(np.float32)
            targets = dice.integers(0, len(CLASSES), self.batch)
            padded = torch.from_numpy(lengths).to(device) if lengths[0] < lengths[-1] else None
            made.append((torch.from_numpy(x).to(device), padded, torch.from_numpy(targets).to(device)))
        return made


LSTM = {"hidden_size": 128, "bidirectional": True, "pooling": "attention"}
AST_TINY = {"model_size": "tiny224", "input_tdim": 1024, "fstride": 16, "tstride": 16}
PROBLEMS = {
    problem.name: problem
    for problem in (
        Problem("LSTM beat", "lstm", LSTM, 32, 29, 129),
        Problem("LSTM full", "lstm", {**LSTM, "frame_stride": 8}, 16, 1293, 1293),
        Problem("CNN", "cnn", {}, 16, 256, 256),
        Problem("AST tiny", "ast", AST_TINY, 4, 1024, 1024),
        # Next to no arithmetic: what is left are calls, the loop's own among them.
        Problem("smallest", "cnn", {"channels": 1}, 1, 16, 16),
    )
}


def tiny(problem: Problem) -> Problem:
    """Return a problem of the same kind that takes next to no time: to try a benchmark out, not to measure."""
    transformer.SIZES.setdefault("toy", transformer.Size(16, 2, 2, 3))
    small: Mapping[str, Mapping[str, Any]] = {
        "lstm": {"hidden_size": 4},
        "cnn": {"channels": 2},
        "ast": {"input_tdim": 32, "model_size": "toy"},
    }
    settings = {**problem.settings, **small[problem.architecture]}
    return replace(problem, settings=settings, batch=4, shortest=min(problem.shortest, 32), longest=32)


class Instant(NamedTuple):
    """A moment by the clock on the wall and by that of the processor, which other processes do not hold up."""

    wall: float
    processor: float

    @classmethod
    def now(cls, device: str = "cpu") -> Instant:
        """Return this moment, once a device has done what it was given."""
        settle_on(device)
        return cls(time.perf_counter(), time.process_time())

    def since(self, earlier: Instant) -> Instant:
        """Return the time between two moments."""
        return Instant(self.wall - earlier.wall, self.processor - earlier.processor)


@dataclass(eq=False)
class InMemory:
    """Batches in memory in the place of a data set; remembers when each was handed over.

    A GPU works behind the program, which must not wait for it between steps: there only the moments of the `first`
    batch that counts and of the end are those at which its work was done.
    """

    made: Sequence[Three]
    device: str = "cpu"
    first: int = 0
    handed: list[Instant] = field(default_factory=list)
    targets: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return sum(len(targets) for _, _, targets in self.made)

    def feed(self, device: str) -> InMemory:
        """Return itself: what there is lies where it is used."""
        return self

    def plan(
        self, batch_size: int, crop_frames: int, seed: int, epoch: int, *, bucketing: bool = True
    ) -> list[Planned]:
        """Return one entry a batch."""
        return [Planned(np.arange(len(targets)), None, None) for _, _, targets in self.made]

    plan_in_order_of_length = plan  # type: ignore[assignment]  # nothing is evaluated

    def batches(self, plan: Sequence[Planned]) -> Iterator[Three]:
        """Yield the batches."""
        try:
            for number, batch in enumerate(self.made[len(self.made) - len(plan) :]):
                self.handed.append(Instant.now(self.device if number == self.first else "cpu"))
                yield batch
        finally:
            self.handed.append(Instant.now(self.device))

    def step_time(self) -> Instant:
        """Return the median time of a step from the first that counts on; on a GPU their mean."""
        counted = self.handed[self.first :]
        if self.device != "cpu":
            whole = counted[-1].since(counted[0])
            return Instant(*(each / (len(counted) - 1) for each in whole))
        steps = [after.since(before) for before, after in pairwise(counted)]
        return Instant(*(statistics.median(each) for each in zip(*steps, strict=True)))


def task() -> Classification:
    """Return the task of all problems."""
    return Classification(CLASSES)


def spread(values: Sequence[float]) -> str:
    """Return the median with the least and the most."""
    return f"{statistics.median(values):.3f} [{min(values):.3f} {max(values):.3f}]"


def load() -> str:
    """Return the machine's load in words."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
