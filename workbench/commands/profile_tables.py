"""Where a run's time went, as tables and lines."""

from __future__ import annotations

from labsteps.results import Column, Table
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
    "trace": "traced steps, writing the trace",
}
EACH_STEP = ("data", "forward", "backward", "optimizer", "loop")
"""Rows that every step has; the others come now and then, and a time a step would say nothing."""


def profile_tables(profiled: Profiled, language: str) -> list[Table]:
    """Return the table of the times, and that of the operators where some steps were traced."""

    def column(name: str, unit: str = "", digits: int = 3) -> Column:
        return Column(say(name, language), unit, digits)

    where = f", {profiled.section}" if profiled.section else ""
    times = Table(
        say("Where the time went", language) + where,
        (column("what"), column("time", "s", 2), column("share", "%", 1), column("a step", "ms"), column("times")),
        tuple(
            (
                say(ROW_NAMES.get(row.row, row.row), language),
                row.seconds,
                None if (share := profiled.share(row)) is None else 100.0 * share,
                None if row.row not in EACH_STEP or (step := profiled.per_step(row)) is None else 1000.0 * step,
                row.calls,
            )
            for row in profiled.rows
        ),
        say("{} s in all; steps that were timed: {}", language).format(f"{profiled.seconds:.2f}", profiled.steps),
    )
    if not profiled.operators:
        return [times]
    operators = Table(
        say("Operators of torch that took longest in the trace", language) + where,
        (column("operator"), column("a step", "ms"), column("calls a step", "", 1)),
        tuple(
            (one.name, 1000.0 * one.seconds / profiled.traced, one.calls / profiled.traced)
            for one in profiled.operators
        ),
        say("time without that of the operators inside of it", language),
    )
    return [times, operators]


def trace_line(profiled: Profiled, language: str) -> str:
    """Return where the trace is and what opens it, empty where there is none."""
    if profiled.trace is None:
        return ""
    said = say("traced steps: {}, in {} (ui.perfetto.dev and chrome://tracing open it)", language)
    return said.format(profiled.traced, profiled.trace)
