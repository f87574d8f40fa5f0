"""Where the time of a run's trainings went, as its folder tells; only a run started with ``--profile`` has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labsteps.catalogue import Kind, Part
from labsteps.profile import ASIDE, PROFILE_FILE, STEPS_FOR_A_TRACE, Operator
from workbench.store.run import RunFolder

PROFILED = "profiled"  # in a run's record


@dataclass(frozen=True, slots=True)
class Row:
    """What a part of the work took.

    Attributes
    ----------
    row
        One of `labsteps.profile.ROWS`.
    seconds
        Without what other rows took inside of it.
    calls
        How often it was begun.
    """

    row: str
    seconds: float
    calls: int


@dataclass(frozen=True, slots=True)
class Profiled:
    """Where the time of one training and of the evaluation after it went.

    Attributes
    ----------
    section
        Which of several trainings; empty for the run's own.
    steps
        Steps of the optimizer that were timed one by one.
    of
        Steps that the training took; more than those where a part of it was not measured.
    traced
        Steps in the trace, which are counted in a row of their own.
    rows, operators
        The times, and torch's operators that took longest in the trace.
    trace
        The trace's file, where there is one.
    gone
        The trace's file, where there was one and it is not there any more.
    """

    section: str
    steps: int
    of: int
    traced: int
    rows: tuple[Row, ...]
    operators: tuple[Operator, ...]
    trace: Path | None
    gone: Path | None = None

    @property
    def seconds(self) -> float:
        """Time of all rows but those that are no part of what a training takes by itself."""
        return sum(row.seconds for row in self.rows if row.row not in ASIDE)

    @property
    def no_trace(self) -> str:
        """Why there is no trace; empty where there is one."""
        if self.trace is not None:
            return ""
        if self.gone is not None:
            return f"the trace is not there any more: {self.gone}"
        if not self.of:
            return "no trace: no step of a training was taken here"
        if self.of < STEPS_FOR_A_TRACE:
            return f"no trace: it takes {STEPS_FOR_A_TRACE} steps, and this training had {self.of}"
        return f"no trace: it takes {STEPS_FOR_A_TRACE} steps in one go, and the run was taken up with fewer left"

    @property
    def partial(self) -> bool:
        """Whether steps were taken whose time nobody measured."""
        return self.steps + self.traced < self.of

    def share(self, row: Row) -> float | None:
        """Return a row's share of the whole, None where the whole is nothing or the row no part of it."""
        return row.seconds / self.seconds if self.seconds and row.row not in ASIDE else None

    def per_step(self, row: Row) -> float | None:
        """Return a row's seconds a timed step, None where no step was."""
        return row.seconds / self.steps if self.steps else None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "section": self.section,
            "steps": self.steps,
            "of": self.of,
            "traced": self.traced,
            "seconds": round(self.seconds, 6),
            "rows": [
                {
                    "row": row.row,
                    "seconds": row.seconds,
                    "share": self.share(row),
                    "seconds_per_step": self.per_step(row),
                    "calls": row.calls,
                }
                for row in self.rows
            ],
            "operators": [{"name": one.name, "calls": one.calls, "seconds": one.seconds} for one in self.operators],
            "trace": None if self.trace is None else str(self.trace),
            "trace_reason": self.no_trace,
        }


def is_measured(run: RunFolder) -> bool:
    """Return whether a run measures its time, or did: it was begun or taken up with ``--profile``."""
    return bool(run.record.get(PROFILED, False))


def lacks_profile(part: Part, run: RunFolder) -> bool:
    """Return whether a finished run of a part does not tell where all of its time went, and another one could."""
    if Kind.RUN not in part.kinds:
        return False
    measured = profiles(run)
    # One that was measured and has no table trained nothing, and would have none again.
    return not (measured or is_measured(run)) or any(one.partial for one in measured)


def profiles(run: RunFolder) -> tuple[Profiled, ...]:
    """Return where the time of each of a run's trainings went, none where that was not measured.

    Damaged files are left out: they cost no result.
    """
    found = []
    for file in sorted(run.path.rglob(PROFILE_FILE)):
        try:
            found.append(_read(file, run.path))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def _read(file: Path, run: Path) -> Profiled:
    told = json.loads(file.read_text(encoding="utf-8"))
    inside = file.parent.relative_to(run).as_posix()
    trace = file.parent / str(told["trace"]) if told["trace"] else None
    return Profiled(
        "" if inside == "." else inside,
        int(told["steps"]),
        int(told["of"]),
        int(told["traced"]),
        tuple(Row(str(row["row"]), float(row["seconds"]), int(row["calls"])) for row in told["rows"]),
        tuple(Operator(str(one["name"]), int(one["calls"]), float(one["seconds"])) for one in told["operators"]),
        trace if trace is not None and trace.is_file() else None,
        trace if trace is not None and not trace.is_file() else None,
    )
