"""Runs and their metrics as rows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.runner.follow import Follower
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder
from workbench.store.session import Session

METRIC_COLUMNS = ("run", "part", "section", "epoch", "name", "value", "time")
_NOT_METRICS = frozenset(("seq", "time", "kind", "section", "epoch", "epochs", "step", "batch", "batches"))


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of a training.

    Attributes
    ----------
    section
        Which of the run's trainings; empty where there is one.
    metrics
        Name → number: losses, scores, the learning rate, the seconds it took.
    """

    section: str
    epoch: int
    time: float
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with what it ran with and what came out; `problem` says why it cannot be read."""

    run: str
    part: str
    status: str
    reason: str
    created: float
    seconds: float
    epochs: int
    seed: int | None
    device: str
    data: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, float | None] = field(default_factory=dict)
    intervals: Mapping[str, Sequence[float]] = field(default_factory=dict)
    undefined: Mapping[str, str] = field(default_factory=dict)


def epochs_of(run: RunFolder) -> list[Epoch]:
    """Return the epochs of all trainings of a run, each once, though a resumed run repeats some."""
    trainings: dict[str, list[Epoch]] = {}
    for event in run.events():
        if event["kind"] != "epoch":
            continue
        section, number = str(event.get("section", "")), int(event["epoch"])
        rows = trainings.setdefault(section, [])
        del rows[number - 1 :]
        metrics = {name: float(value) for name, value in event.items() if _is_metric(name, value)}
        rows.append(Epoch(section, number, float(event["time"]), metrics))
    return [row for rows in trainings.values() for row in rows]


def _is_metric(name: str, value: Any) -> bool:
    return name not in _NOT_METRICS and isinstance(value, int | float) and not isinstance(value, bool)


def run_row(run: RunFolder) -> RunRow:
    """Return a run as a row.

    Raises
    ------
    StoreError
        If its record or result cannot be read.
    """
    follower = Follower(run)
    snapshot = follower.poll() or follower.snapshot
    record, result = run.record, run.result() or {}
    return RunRow(
        run.id,
        snapshot.part,
        str(snapshot.state),
        snapshot.reason,
        float(record.get("created", 0.0)),
        round(snapshot.seconds, 3),
        len(epochs_of(run)),
        record.get("seed"),
        str(record.get("device", "")),
        str(record.get("data", "")),
        {**record.get("parameters", {}), **record.get("changed", {})},
        result.get("values", {}),
        result.get("intervals", {}),
        result.get("undefined", {}),
    )


def readable_runs(session: Session, parts: Iterable[str] | None, problems: list[str]) -> list[RunFolder]:
    """Return the runs of some parts, or all of them; why one cannot be read is added to `problems`."""
    wanted = None if parts is None else set(parts)
    found = []
    for run in session.runs():
        try:
            if wanted is None or run.record.get("part") in wanted:
                found.append(run)
        except StoreError as error:
            problems.append(str(error))
    return found


def metrics_table(run: RunFolder) -> list[list[Any]]:
    """Return a row for every metric of every epoch of a run, in the order of `METRIC_COLUMNS`."""
    part = str(run.record.get("part", ""))
    return [
        [run.id, part, row.section, row.epoch, name, value, moment(row.time)]
        for row in epochs_of(run)
        for name, value in row.metrics.items()
    ]


def moment(seconds: float) -> str:
    """Return a time in UTC as ISO 8601, to the millisecond."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(seconds)))
    return f"{whole}.{round(seconds % 1 * 1000) % 1000:03d}Z"
