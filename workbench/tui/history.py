"""The runs of a part, read for the screen: where each stands, what it came to, and what the user keeps about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from labsteps.context import ParameterValue
from workbench.store.errors import StoreError
from workbench.store.marks import MARKS_FILE, Marks, read_marks
from workbench.store.run import RunFolder, RunState


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list of a part's runs.

    Attributes
    ----------
    when
        When it ended, or was last heard of; in seconds since 1970.
    headline
        The first value that the part reports, as it is written; empty where there is none.
    settings
        The parameters that it was begun with.
    changed
        Of these, what it was given otherwise while it ran.
    """

    run_id: str
    part: str
    state: RunState
    when: float = 0.0
    headline: str = ""
    settings: Mapping[str, ParameterValue] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    changed: Mapping[str, ParameterValue] = field(default_factory=dict)

    @property
    def used(self) -> Mapping[str, ParameterValue]:
        """What it ran with in the end."""
        return {**self.settings, **self.changed}


class HistoryReader:
    """Reads the runs of a part; what cannot change any more is read once."""

    def __init__(self) -> None:
        self._marks: dict[str, tuple[tuple[int, int, int], Marks]] = {}

    def rows(
        self,
        part: str,
        runs: Sequence[tuple[RunFolder, RunState]],
        headline: Callable[[RunFolder], str],
        problems: list[str],
    ) -> tuple[RunRow, ...]:
        """Return the runs of a part, the newest first; what cannot be read is added to `problems`."""
        rows = []
        for run, state in reversed(runs):
            try:
                record = run.record
                settings, changed = dict(record.get("parameters", {})), dict(record.get("changed", {}))
                marks = self._marks_of(run)
            except StoreError as error:
                problems.append(str(error))
                settings, changed, marks = {}, {}, Marks()
            value = headline(run) if state is RunState.FINISHED else ""
            rows.append(RunRow(run.id, part, state, run.last_heard, value, settings, marks, changed))
        return tuple(rows)

    def _marks_of(self, run: RunFolder) -> Marks:
        try:
            found = os.stat(run.path / MARKS_FILE)
        except OSError:
            return Marks()
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._marks.get(run.id, ((0, 0, 0), None))[0] != signature:
            self._marks[run.id] = (signature, read_marks(run))
        return self._marks[run.id][1]
