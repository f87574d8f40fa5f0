"""Where a run's time went, as tables and lines."""

from __future__ import annotations

from collections.abc import Sequence

from labsteps.profile import PAUSED
from labsteps.results import Cell, Column, Table
from workbench.greek import say
from workbench.runner.profiles import Profiled

ROW_NAMES = {
    "data": "data: the next batch",
    "forward": "forward pass and loss",
    "backward": "backward pass",
    "optimizer": "optimizer",
    "evaluation": "evaluation",
    "checkpoint": "checkpoints",
    "events": "events",
    "loop": "rest of the loop",
    "trace": "trace: steps and file",
    "paused": "paused",
}
EACH_STEP = ("data", "forward", "backward", "optimizer", "loop")
"""Rows that every step has; the others come now and then, and a time a step would say nothing."""


def profile_tables(profiled: Profiled, language: str) -> list[Table]:
    """Return the table of the times, and that of the operators where some steps were traced."""

    def column(name: str, unit: str = "", digits: int = 3) -> Column:
        return Column(say(name, language), unit, digits)

    where = f", {_words(profiled.section)}" if profiled.section else ""
    times = Table(
        say("Where the time of the training went", language) + where,
        (column("what"), column("time", "s", 2), column("share", "%", 1), column("a step", "ms"), column("times")),
        tuple(
            (
                say(ROW_NAMES.get(row.row, row.row), language),
                _fixed(row.seconds, 2),
                None if (share := profiled.share(row)) is None else _fixed(100.0 * share, 1),
                None if row.row not in EACH_STEP or (step := profiled.per_step(row)) is None else _fixed(1e3 * step, 3),
                row.calls,
            )
            for row in profiled.rows
        ),
        "; ".join(_notes(profiled, language)),
    )
    if not profiled.operators:
        return [times]
    operators = Table(
        say("Operators of torch that took longest in the trace", language) + where,
        (column("operator"), column("a step", "ms"), column("calls a step", "", 1)),
        tuple(
            (one.name, _fixed(1000.0 * one.seconds / profiled.traced, 3), one.calls / profiled.traced)
            for one in profiled.operators
        ),
        say("time without that of the operators inside of it", language),
    )
    return [times, operators]


def trace_line(profiled: Profiled, language: str) -> str:
    """Return where the trace is and what opens it, or why there is none."""
    if profiled.trace is None:
        return say(profiled.no_trace, language)
    said = say("traced steps: {}, in {} (ui.perfetto.dev and chrome://tracing open it)", language)
    return said.format(profiled.traced, profiled.trace)


def covered_line(profiled: Sequence[Profiled], whole: float, language: str) -> str:
    """Return how much of the run's seconds the tables tell of, and what took the rest."""
    told = sum(row.seconds for one in profiled for row in one.rows if row.row != PAUSED)
    said = say("the trainings' tables tell of {} of the run's {} s; the other {} s: {}", language)
    rest = say("the start, imports and data before, what is computed and drawn after, and what a kill undid", language)
    if any(one.partial for one in profiled):
        rest += f", {say('and steps that nobody timed', language)}"
    return said.format(f"{told:.1f}", f"{whole:.1f}", f"{max(0.0, whole - told):.1f}", rest)


def _notes(profiled: Profiled, language: str) -> list[str]:
    notes = [say("{} s in all; steps that were timed: {}", language).format(f"{profiled.seconds:.2f}", profiled.steps)]
    if profiled.partial:
        timed = say("a part of the training: {} of {} steps were timed or traced", language)
        notes.append(timed.format(profiled.steps + profiled.traced, profiled.of))
    return notes


def _words(section: str) -> str:
    """Return the name of a section's folder in words."""
    return section.replace("/", ", ").replace("-", " ")


def _fixed(value: float, digits: int) -> Cell:
    """Return a number for a column of decimals; one too small for them as less than the last."""
    return f"<{10.0**-digits:.{digits}f}" if 0 < value < 0.5 * 10.0**-digits else value
