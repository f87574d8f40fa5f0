"""One training with several seeds: what they say together, since one seed is one draw of the first weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from labsteps.context import Context
from labsteps.evaluation.intervals import mean_interval
from labsteps.results import Column, Result, Table, Value


def seeds_of(context: Context) -> int:
    """Return with how many seeds a part trains."""
    return int(context.params.get("seeds", 1))


def others(context: Context) -> Iterator[Context]:
    """Yield the section of each seed after the run's own, under that seed."""
    for seed in range(context.seed + 1, context.seed + seeds_of(context)):
        yield context.section(section_of(seed), seed=seed)


def section_of(seed: int) -> str:
    """Return the name of the section in which a part trains with a seed after its own."""
    return f"seed-{seed}"


def with_seeds(context: Context, first: Result, again: Callable[[Context], Result]) -> Result:
    """Repeat a training with the seeds after the run's own, and add what they say together to its report.

    Parameters
    ----------
    first
        The report of the run's own seed.
    again
        Trains and reports in the section of another seed.
    """
    count = seeds_of(context)
    if count < 2:
        return first
    results = {context.seed: first, **{section.seed: again(section) for section in others(context)}}
    names = ("test/accuracy", "test/macro_f1", "validation/macro_f1", "best_epoch")
    rows = [(seed, *(result.values[name].number for name in names)) for seed, result in results.items()]
    values = {}
    for name in names[:2]:
        scores = np.array([result.values[name].number for result in results.values()], np.float64)
        low, high = mean_interval(scores)
        # Student's interval of two or three seeds is wide enough to leave the range of a score.
        values[f"seeds/{name.partition('/')[2]}"] = Value(float(scores.mean()), max(0.0, low), min(1.0, high))
    headings = ("accuracy", "macro-F1", "validation macro-F1")
    columns = (Column("seed", digits=0), *map(Column, headings))
    table = Table(
        f"The same training with {count} seeds",
        (*columns, Column("best epoch", digits=0)),
        tuple(rows),
        "each seed has its own first weights, validation part and order of batches; the test set is one",
    )
    return replace(
        first,
        values={**first.values, **values},
        tables={**first.tables, "seeds": table},
        text=f"{first.text}\n{seeds_sentence(context)}",
    )


def seeds_sentence(context: Context) -> str:
    """Say with which seeds a part was trained."""
    count = seeds_of(context)
    return f"Trained with {count} seeds, {context.seed} to {context.seed + count - 1}; the report is of the first."
