"""Which columns a table of runs has, and in which order: what a run is, how it went, its scores, its parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from labsteps.catalogue import Catalogue
from labsteps.errors import UsageError
from labsteps.near import did_you_mean
from workbench.export.tables import RunRow, moment

# As many of its values, of those that a part names first, tell how well its run did.
LEADING = 3


@dataclass(frozen=True, slots=True)
class RunColumn:
    """A column of the table of runs.

    Attributes
    ----------
    name
        As the head of the table has it: ``part``, ``value.test/accuracy``, ``parameter.epochs``.
    of
        Returns a run's cell.
    short
        Whether the table has it when nothing is said about columns.
    """

    name: str
    of: Callable[[RunRow], Any]
    short: bool = True

    @property
    def bare(self) -> str:
        """The name of the value or parameter itself."""
        return self.name.partition(".")[2] or self.name


def columns_of(rows: Sequence[RunRow], lab: Catalogue) -> list[RunColumn]:
    """Return all columns of a table of these runs, in order."""
    return [*_OWN, *_values(rows, lab), *_parameters(rows, lab), RunColumn("data", lambda row: row.data, short=False)]


def chosen(columns: Sequence[RunColumn], patterns: Iterable[str]) -> list[RunColumn]:
    """Return the columns that patterns name, in their order, each once; ``*`` stands for any letters.

    Raises
    ------
    UsageError
        If a pattern names none.
    """
    found: dict[str, RunColumn] = {}
    for pattern in patterns:
        fitting = [one for one in columns if fnmatchcase(one.name, pattern) or fnmatchcase(one.bare, pattern)]
        if not fitting:
            names = list(dict.fromkeys(name for one in columns for name in (one.name, one.bare)))
            hint = did_you_mean(pattern, names) or "`export runs --long` has them all."
            raise UsageError(f"No run has a column {pattern[:60]!r}. {hint}")
        found |= {one.name: one for one in fitting}
    return list(found.values())


def is_column(name: str) -> bool:
    """Return whether a table of runs may have a column of this name."""
    group, dot, _ = name.partition(".")
    return group in _GROUPS if dot else name in {"data", *(one.name for one in _OWN)}


_GROUPS = ("value", "low", "high", "parameter")
_OWN = [
    RunColumn("run", lambda row: row.run),
    RunColumn("part", lambda row: row.part),
    RunColumn("seed", lambda row: row.seed),
    RunColumn("device", lambda row: row.device),
    RunColumn("status", lambda row: row.status),
    RunColumn("created", lambda row: moment(row.created)),
    RunColumn("seconds", lambda row: row.seconds),
    RunColumn("epochs", lambda row: row.epochs),
    RunColumn("reason", lambda row: row.reason),
]


def _values(rows: Sequence[RunRow], lab: Catalogue) -> list[RunColumn]:
    """Return each value and its interval: first those that lead and most runs have, then as the parts have them."""
    runs = Counter(name for row in rows for name in row.values)
    spread = {name for row in rows for name in row.intervals}
    specs = [spec.name for part in lab.parts.values() for spec in part.values]
    known = {name: number for number, name in enumerate(dict.fromkeys(specs))}
    leading = {name for row in rows for name in _leading(row, lab)}

    def place(name: str) -> tuple[bool, int, int, str]:
        return name not in leading, -runs[name] if name in leading else 0, known.get(name, len(known)), name

    columns = []
    for name in sorted(runs, key=place):
        columns.append(RunColumn(f"value.{name}", partial(_value, name), name in leading))
        for at, end in enumerate(("low", "high") if name in spread else ()):
            columns.append(RunColumn(f"{end}.{name}", partial(_end, name, at), name in leading))
    return columns


def _leading(row: RunRow, lab: Catalogue) -> list[str]:
    """Return the values that a part names first, of those that a run has."""
    if row.part not in lab.parts:
        return list(row.values)[:LEADING]
    return [spec.name for spec in lab.parts[row.part].values if spec.name in row.values][:LEADING]


def _value(name: str, row: RunRow) -> float | None:
    return row.values.get(name)


def _end(name: str, at: int, row: RunRow) -> float | None:
    return row.intervals[name][at] if name in row.intervals else None


def _parameters(rows: Sequence[RunRow], lab: Catalogue) -> list[RunColumn]:
    """Return each parameter; those that a run has away from its part's default come first."""
    there = {name for row in rows for name in row.parameters}
    away = {name for row in rows for name, value in row.parameters.items() if value != _default(row, name, lab)}
    return [
        RunColumn(f"parameter.{name}", partial(_parameter, name), name in away)
        for name in sorted(there, key=lambda name: (name not in away, name))
    ]


def _parameter(name: str, row: RunRow) -> Any:
    return row.parameters.get(name)


def _default(row: RunRow, name: str, lab: Catalogue) -> Any:
    return lab.parts[row.part].defaults().get(name) if row.part in lab.parts else None
