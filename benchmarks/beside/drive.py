"""Two or more sides of a comparison driven in turn, and what their times say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workbench.runner.launch import WAITING, WORKER_ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Taken:
    """Times of one side.

    Attributes
    ----------
    rounds
        Seconds of each step, round by round.
    processor
        Processor seconds of the same steps.
    about
        What the side told of itself: arithmetic, number of clips, bytes that cannot be reclaimed.
    """

    rounds: list[list[float]] = field(default_factory=list)
    processor: list[list[float]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)

    def add(self, answer: Mapping[str, Any]) -> None:
        """Take what a side answered of one round."""
        self.rounds.append(answer["seconds"])
        self.processor.append(answer["processor"])
        self.about.update({key: answer[key] for key in ("unreclaimable", "resident")})

    @property
    def processor_per_step(self) -> float:
        """Median over the rounds of the mean processor seconds of a step."""
        return float(np.median([np.mean(each) for each in self.processor]))

    @property
    def per_step(self) -> float:
        """Median over the rounds of the mean seconds of a step."""
        return float(np.median([np.mean(each) for each in self.rounds]))


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of some numbers."""

    low: float
    first: float
    median: float
    third: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """Return minimum, quartiles and maximum."""
        return cls(*np.quantile(numbers, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist())


class Side:
    """A child process that does steps on request.

    Parameters
    ----------
    arguments
        Of ``python -m benchmarks.beside.side``.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments, self._name = arguments, " ".join(arguments[:2])
        self._process: subprocess.Popen[str] | None = None

    def ready(self) -> dict[str, Any]:
        """Start it, wait until it can begin, and return what it tells of itself.

        One after the other, so that no side chooses its arithmetic while another one reads its data.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.beside.side", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(ours=self._arguments[1] == "ours"),
        )
        return self._read()

    def steps(self, count: int, dropped: int) -> dict[str, Any]:
        """Have so many steps done after some that are not told, and return their times."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps({"steps": count, "dropped": dropped}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> None:
        """Let it go."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name}: ended with code {self._process.wait()} and no answer")
        answer: dict[str, Any] = json.loads(line)
        return answer


def in_turn(
    sides: Mapping[str, Side],
    rounds: int,
    *,
    seconds: float,
    most: int,
    whole: float = 0.0,
    slow: float = 0.0,
    warm: int = 1,
) -> dict[str, Taken]:
    """Let sides do their steps in turn, every second round in the other order, and end them.

    Parameters
    ----------
    seconds
        About what a side has in a round; it does at least one step.
    most
        Steps of an epoch: never more than these in a round.
    whole
        A whole epoch is done in every round if it takes no longer than this.
    slow
        Where a side's first step takes longer than this, that step is all that is measured; 0 never does so.
    warm
        Steps that are done first, and not told.
    """
    taken = {name: Taken(about=side.ready()) for name, side in sides.items()}
    try:
        first = {name: side.steps(1, 0) for name, side in sides.items()}
        if slow and max(one["seconds"][0] for one in first.values()) > slow:
            for name, answer in first.items():
                taken[name].add(answer)
            return taken
        counts = {}
        for name, side in sides.items():
            step = float(np.mean(side.steps(1, max(0, warm - 1))["seconds"]))
            counts[name] = most if step * most <= whole else max(1, min(most, int(seconds / step)))
        for number in range(rounds):
            for name in list(sides)[:: 1 if number % 2 == 0 else -1]:
                # The first step after a pause finds its data made: it is done and not told, where it costs little.
                taken[name].add(sides[name].steps(counts[name], 1 if counts[name] > 3 else 0))
    finally:
        for side in sides.values():
            side.end()
    return taken


def ratios(slow: Taken, fast: Taken) -> Spread:
    """Return how many times faster one is than the other, round by round."""
    return Spread.of([float(np.mean(a) / np.mean(b)) for a, b in zip(slow.rounds, fast.rounds, strict=True)])


def environment(*, ours: bool = True) -> dict[str, str]:
    """Return the environment of a side: ours is that of the workbench's worker.

    The threads of both wait alike.  With torch's own waiting the plain side would be many times slower wherever other
    programs run, and the ratio would be one of waiting.
    """
    return {**os.environ, "PYTHONPATH": str(ROOT), **(WORKER_ENVIRONMENT if ours else WAITING)}


def once(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module of this package in a process of its own and return the JSON object that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.beside.{module}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment(ours="plain" not in arguments),
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
