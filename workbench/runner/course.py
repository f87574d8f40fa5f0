"""What the events of a run tell of its time: when it began to train, how long each epoch took, and all the rest.

Only the standard library: a plan reads the courses of many runs before anything starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

from workbench.store.events import Event
from workbench.store.run import RunFolder

# Paces of batches that say how long one takes.
FEWEST_PACES = 3
SEED = "seed-"


@dataclass(frozen=True, slots=True)
class Span:
    """A time in seconds, or a number, that is not known exactly: what is likely, and the least and the most of it."""

    low: float
    likely: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Self:
        """Return what is known."""
        return cls(value, value, value)

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __mul__(self, other: Span | float) -> Span:
        by = other if isinstance(other, Span) else Span.exactly(other)
        return Span(self.low * by.low, self.likely * by.likely, self.high * by.high)

    def wider(self, low: float, high: float) -> Span:
        """Return it with its ends moved by factors."""
        return Span(self.low * low, self.likely, self.high * high)

    def over(self, other: Span) -> Span:
        """Return it with ends that take another one's likely value in."""
        return Span(min(self.low, other.likely), self.likely, max(self.high, other.likely))


@dataclass(slots=True)
class Training:
    """One of the trainings of a run.

    Attributes
    ----------
    section
        Its section; empty for the run's own.
    epochs
        How many it was to have.
    done
        How many it had.
    times
        Seconds of those that were seen from their first batch to their end, in order.
    train, validation
        Clips of an epoch; 0 while unknown.
    validated
        Whether epochs end with a validation; what learns a few batches by heart has none.
    ended
        Why it came to its end; empty while it trains, or where that is not known.
    batches
        Batches of an epoch; 0 while unknown.
    paces
        Seconds of a batch, each over some of them.
    inside
        Share of the epoch under way that is done.
    """

    section: str
    epochs: int = 0
    done: int = 0
    times: list[float] = field(default_factory=list)
    train: int = 0
    validation: int = 0
    validated: bool = True
    ended: str = ""
    batches: int = 0
    paces: list[float] = field(default_factory=list)
    inside: float = 0.0

    @property
    def family(self) -> str:
        """What it has in common with the same training under another seed."""
        return family_of(self.section)

    @property
    def over(self) -> bool:
        """Whether nothing of it is to come."""
        return bool(self.ended) or (self.epochs > 0 and self.done >= self.epochs)

    @property
    def batch_seconds(self) -> float | None:
        """Median time of a batch, None where too few were seen."""
        return median(self.paces) if len(self.paces) >= FEWEST_PACES else None

    @property
    def warm(self) -> list[float]:
        """The times of epochs without the first, which loads what the others find there."""
        return self.times[1:] if len(self.times) > 2 else self.times

    @property
    def late_start(self) -> float:
        """Seconds that the first epoch took longer than the others do."""
        return max(0.0, self.times[0] - median(self.warm)) if len(self.times) > 2 else 0.0


@dataclass(frozen=True, slots=True)
class Course:
    """What a run spent its time on.

    Attributes
    ----------
    seconds
        All of it, over all its lives; waiting and pauses are not counted.
    start
        From its start to the first clips.
    lives
        How often it was begun or taken up.
    trainings
        In the order in which they began.
    announced
        How many trainings it said there would be; None where it did not say.
    tested
        Clips of the test set.
    precision, threads
        How its trainings computed.
    """

    seconds: float
    start: float
    lives: int
    trainings: tuple[Training, ...]
    announced: int | None
    tested: int
    precision: frozenset[str] = frozenset()
    threads: frozenset[int] = frozenset()

    @property
    def families(self) -> dict[str, list[Training]]:
        """The trainings by what they have in common under all seeds."""
        found: dict[str, list[Training]] = {}
        for one in self.trainings:
            found.setdefault(one.family, []).append(one)
        return found

    @property
    def besides(self) -> float:
        """Seconds that went into no epoch: the start of one life, data, networks, test set and figures."""
        again = (self.lives - 1) * self.start
        epochs = sum(sum(one.times) - one.late_start for one in self.trainings)
        return max(0.0, self.seconds - again - epochs)


def family_of(section: str) -> str:
    """Return a section's name without the seeds in it."""
    return "/".join(name for name in section.split("/") if not name.startswith(SEED))


def course_of(run: RunFolder) -> Course:
    """Read the course of a run.

    Raises
    ------
    StoreError
        If its events cannot be read.
    """
    reading = _Reading()
    for event in run.reader().poll():
        reading.take(event)
    return reading.course()


class _Reading:
    """Folds events; what a resumed run repeats replaces what it had."""

    def __init__(self) -> None:
        self._trainings: dict[str, Training] = {}
        self._data: dict[str, Mapping[str, Any]] = {}
        self._precision: set[str] = set()
        self._threads: set[int] = set()
        self._announced: int | None = None
        self._before = self._began = self._last = self._start = 0.0
        self._lives = 0
        self._paused_at = self._paused = 0.0
        self._cut: set[str] = set()  # sections whose epoch under way was not seen from its first batch
        self._step: Event | None = None

    def take(self, event: Event) -> None:
        """Fold an event."""
        kind, when, section = str(event["kind"]), float(event["time"]), str(event.get("section", ""))
        if kind in ("started", "resumed"):
            self._before += self._last - self._began
            self._began = self._last = when
            self._lives += 1
            self._step, self._paused = None, 0.0
        elif kind not in ("queued", "left") and self._began:
            self._last = when
        if kind == "data":
            self._data[section] = event
            self._start = self._start or when - self._began
        elif kind == "arithmetic":
            self._precision.add(str(event["precision"]))
            self._threads.add(int(event["threads"]))
        elif kind == "trainings" and not section:
            self._announced = int(event["total"])
        elif kind == "paused":
            self._paused_at = when
        elif kind == "continued":
            self._paused += when - self._paused_at
            self._began += when - self._paused_at
            self._step = None
        elif kind in ("restored", "step", "epoch", "trained"):
            self._of_training(self._trainings.setdefault(section, Training(section)), kind, event)

    def course(self) -> Course:
        """Return what was read."""
        for section, training in self._trainings.items():
            told = self._clips(section)
            training.train, training.validation = int(told.get("train", 0)), int(told.get("validation", 0))
        tested = max((int(told.get("test", 0)) for told in self._data.values()), default=0)
        return Course(
            self._before + self._last - self._began,
            self._start,
            max(1, self._lives),
            tuple(self._trainings.values()),
            self._announced,
            tested,
            frozenset(self._precision),
            frozenset(self._threads),
        )

    def _of_training(self, training: Training, kind: str, event: Event) -> None:
        training.inside = 0.0
        if kind == "trained":
            training.ended, training.done = str(event["ended"]), int(event["epoch"])
            return
        training.ended = ""
        if kind == "restored":
            training.done = int(event["epoch"])
            del training.times[training.done :]
            if int(event.get("batch", 0)):
                self._cut.add(training.section)
        elif kind == "step":
            self._stepped(training, event)
        else:
            self._epoch(training, event)

    def _stepped(self, training: Training, event: Event) -> None:
        training.epochs, training.batches = int(event["epochs"]), int(event["batches"])
        training.inside = min(1.0, int(event["batch"]) / max(1, training.batches))
        before, self._step = self._step, event
        if before is None or (before.get("section"), before["epoch"]) != (event.get("section"), event["epoch"]):
            return
        batches = int(event["batch"]) - int(before["batch"])
        if batches > 0:
            training.paces.append((float(event["time"]) - float(before["time"])) / batches)

    def _epoch(self, training: Training, event: Event) -> None:
        training.done, training.epochs = int(event["epoch"]), int(event["epochs"])
        training.validated = "validation_loss" in event
        if "seconds" not in event:  # of a log that was cut, whose times nothing keeps
            return
        self._step = None
        seconds, self._paused = max(0.0, float(event["seconds"]) - self._paused), 0.0
        if training.section in self._cut:
            self._cut.discard(training.section)
        else:
            training.times.append(seconds)

    def _clips(self, section: str) -> Mapping[str, Any]:
        """Return what was told of the clips of a section, or of what it lies in."""
        names = section.split("/")
        inner = ["/".join(names[:end]) for end in range(len(names), 0, -1)]
        return next((self._data[name] for name in (*inner, "") if name in self._data), {})
