"""Where a run's time goes, told by the code that spends it; costs next to nothing where nobody asked.

Times are exclusive: what a span inside another one takes is not counted in the outer one, so that the rows of the
table add up to the whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

DATA, FORWARD, BACKWARD, OPTIMIZER = "data", "forward", "backward", "optimizer"
EVALUATION, CHECKPOINT, EVENTS, LOOP, TRACE, PAUSED = "evaluation", "checkpoint", "events", "loop", "trace", "paused"
ROWS = (DATA, FORWARD, BACKWARD, OPTIMIZER, EVALUATION, CHECKPOINT, EVENTS, LOOP, TRACE, PAUSED)
"""Every row, in the order of the table: ``loop`` is what remains of the loop, ``trace`` the steps that are traced."""
ASIDE = (TRACE, PAUSED)
"""Rows that are no part of what a training takes by itself, and of which no share is told."""

PROFILE_FILE = "profile.json"
FIRST_TRACED = 3  # the steps before allocate, choose kernels and warm up
STEPS_FOR_A_TRACE = FIRST_TRACED + 1
_NOTHING = nullcontext()
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Operator:
    """One of torch's operators in the traced steps: how often it was called, and what it took by itself."""

    name: str
    calls: int
    seconds: float


class Profile:
    """The times of one training and of what follows it.

    Parameters
    ----------
    on
        Whether somebody asked; else every method does nothing.
    clock
        Returns seconds.

    Attributes
    ----------
    seconds, calls
        By row.
    steps
        Steps of the optimizer that were timed; the traced ones are not among them.
    of
        Steps that the training has taken, also where its time was not measured.
    settle
        Called before the clock is read: waits for a device that works on its own.
    traced
        Steps in the trace.
    trace
        Name of the trace's file in the run's folder; empty where there is none.
    operators
        What took longest in the traced steps.
    """

    def __init__(self, on: bool = True, clock: Callable[[], float] = time.perf_counter) -> None:
        self.on, self._clock = on, clock
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self.steps = self.traced = self.of = 0
        self.trace = ""
        self.operators: tuple[Operator, ...] = ()
        self.settle: Callable[[], None] = _do_nothing
        self._open: list[str] = []
        self._since = 0.0

    def span(self, row: str) -> AbstractContextManager[object]:
        """Return a context whose time counts for a row; inside ``trace`` everything counts for that."""
        if not self.on or TRACE in self._open:
            return _NOTHING
        return _Span(self, row)

    def over(self, row: str, items: Iterable[_T]) -> Generator[_T]:
        """Yield the items; the time that it takes to make each counts for a row."""
        iterator = iter(items)
        while True:
            with self.span(row):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item

    def count_step(self) -> None:
        """Count a step that was timed."""
        if self.on and TRACE not in self._open:
            self.steps += 1

    def enter(self, row: str) -> None:
        """Begin a span, which interrupts the one that is open."""
        self._charge()
        inside = bool(self._open) and self._open[-1] == row
        self._open.append(row)
        self.calls[row] = self.calls.get(row, 0) + (not inside)

    def leave(self) -> None:
        """End the innermost span."""
        self._charge()
        self._open.pop()

    @property
    def open_rows(self) -> tuple[str, ...]:
        """The rows of the spans that are open, the innermost last."""
        return tuple(self._open)

    def restore(self, told: Mapping[str, Any]) -> None:
        """Begin with what `to_json` told in an earlier life of the training, in place of what was counted so far.

        Steps of a trace that was never written are forgotten: they are neither timed nor traced.
        """
        rows = [row for row in told["rows"] if told["trace"] or row["row"] != TRACE]
        self.seconds = {str(row["row"]): float(row["seconds"]) for row in rows}
        self.calls = {str(row["row"]): int(row["calls"]) for row in rows}
        self.steps, self.of, self.trace = int(told["steps"]), int(told["of"]), str(told["trace"])
        self.traced = int(told["traced"]) if self.trace else 0
        self.operators = tuple(Operator(one["name"], one["calls"], one["seconds"]) for one in told["operators"])

    def to_json(self) -> dict[str, Any]:
        """Return the times so far as plain data."""
        if self._open:
            self._charge()
        return {
            "format": 2,
            "steps": self.steps,
            "of": self.of,
            "traced": self.traced,
            "rows": [
                {"row": row, "seconds": round(self.seconds[row], 6), "calls": self.calls[row]}
                for row in ROWS
                if row in self.seconds
            ],
            "operators": [
                {"name": one.name, "calls": one.calls, "seconds": round(one.seconds, 6)} for one in self.operators
            ],
            "trace": self.trace,
        }

    def _charge(self) -> None:
        self.settle()
        now = self._clock()
        if self._open:
            row = self._open[-1]
            self.seconds[row] = self.seconds.get(row, 0.0) + now - self._since
        self._since = now


class _Span:
    __slots__ = ("_profile", "_row")

    def __init__(self, profile: Profile, row: str) -> None:
        self._profile, self._row = profile, row

    def __enter__(self) -> None:
        self._profile.enter(self._row)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._profile.leave()


def _do_nothing() -> None:
    pass
