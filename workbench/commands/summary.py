"""The one summary at a batch's end: what is finished, what failed, what was left out, which questions are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labsteps.results import from_json
from workbench.commands.outcome import NOT_BUILT, SKIPPED, Outcome
from workbench.plots.text import cells, fit, printable
from workbench.runner.plan import PlannedPart
from workbench.speaking import field, language, said, told
from workbench.store.run import RunState
from workbench.wording import duration, not_run_told, value_text

_TITLE = 40


def print_summary(outcomes: Sequence[Outcome], rest: Sequence[PlannedPart], seconds: float, language: str) -> None:
    """Print a line a part, then the open questions, then the counts.

    Parameters
    ----------
    outcomes
        What became of the parts that were reached.
    rest
        What was not reached.
    seconds
        Time that the command took.
    language
        Of titles.
    """
    print(f"\n{said('Summary')}")
    for outcome in outcomes:
        title = fit(outcome.part.title.to(language), _TITLE)
        title += " " * (_TITLE - cells(title))
        print(printable(f"  {outcome.part.id:<7}{title}  {field(_word(outcome), 14)} {_told(outcome)}".rstrip()))
    for planned in rest:
        print(printable(f"  {planned.part.id:<7}{fit(planned.part.title.to(language), _TITLE)}  {said('not reached')}"))
    if waiting := open_questions(outcomes):
        text = f"open questions: {', '.join(waiting)} (answer ID --edit writes one)"
        print(f"\n{told(text)}")
    if outcomes and (left := [planned.part.id for planned in rest if planned.action.works]):
        print(f"\n{told(not_run_told(outcomes[-1].part.id, left))}")
    print(_counts(outcomes, rest, seconds), flush=True)


def summary_json(outcomes: Sequence[Outcome], rest: Sequence[PlannedPart], seconds: float) -> dict[str, Any]:
    """Return the summary as plain data; see `print_summary`."""

    def ids(chosen: Sequence[Outcome]) -> list[str]:
        return [outcome.part.id for outcome in chosen]

    return {
        "seconds": round(seconds, 3),
        "finished": ids([one for one in outcomes if one.finished]),
        "reused": ids([one for one in outcomes if one.reused]),
        "failed": ids([one for one in outcomes if one.status == RunState.FAILED]),
        "interrupted": ids([one for one in outcomes if one.status == RunState.INTERRUPTED]),
        "skipped": {one.part.id: one.reason for one in outcomes if one.status in (SKIPPED, NOT_BUILT)},
        "not_reached": [planned.part.id for planned in rest],
        "open_questions": open_questions(outcomes),
    }


def open_questions(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the parts whose question is not answered, and whose evidence is there as far as the batch knows."""
    return [one.part.id for one in outcomes if one.answered is False]


def _word(outcome: Outcome) -> str:
    return "reused" if outcome.reused else outcome.status


def _told(outcome: Outcome) -> str:
    """Return what there is to say of an outcome in a line: time and first value, or the reason."""
    if not outcome.finished or outcome.run is None:
        return said(next(iter(outcome.reason.splitlines()), ""))
    stored = outcome.run.result() or {}
    values = from_json(stored).values
    first = next((spec for spec in outcome.part.values if spec.name in values), None)
    time = f"{duration(outcome.seconds):>12}"
    if first is None:
        return time
    return f"{time}  {first.title.to(language())} {value_text(values[first.name], first.digits, first.unit)}"


def _counts(outcomes: Sequence[Outcome], rest: Sequence[PlannedPart], seconds: float) -> str:
    finished = sum(one.finished for one in outcomes)
    reused = sum(one.reused for one in outcomes)
    counts = {
        "failed": sum(one.status == RunState.FAILED for one in outcomes),
        "interrupted": sum(one.status == RunState.INTERRUPTED for one in outcomes),
        "skipped": sum(one.status in (SKIPPED, NOT_BUILT) for one in outcomes),
        "not reached": len(rest),
    }
    told = [said(f"{finished} finished")] if not reused else [said(f"{finished} finished, {reused} of them before")]
    told += [said(f"{count} {word}") for word, count in counts.items() if count]
    return f"{'; '.join(told)}; {duration(seconds)}"
