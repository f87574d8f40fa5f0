"""How long a run that goes on still trains, from what its own events have told so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from workbench.runner.course import Span, family_of
from workbench.wording import between, duration

Row = Mapping[str, Any]
# Epochs that say how long the next ones take: enough that one slow epoch counts little.
RECENT = 20
# A least time that is this small a part of the most is no news.
_NOTHING = 0.1


def seconds_of_epoch(rows: Sequence[Row], *, live: bool, before: int = 0) -> float | None:
    """Return the median time of an epoch: of all of them, or of a run that goes on, of the last ones of this life.

    Parameters
    ----------
    rows
        The epochs.
    live
        Whether the run goes on.
    before
        How many of them are of an earlier life, or were not seen from their beginning: another life can have another
        device, or less of it.
    """
    if live:
        rows = (rows[before:] or rows)[-RECENT:]
    times = sorted(float(row["seconds"]) for row in rows if "seconds" in row)
    return times[len(times) // 2] if times else None


def epochs_left(rows: Sequence[Row], total: int, inside: float, patience: int) -> Span:
    """Return how many epochs a training has still to come; it can stop early.

    Parameters
    ----------
    rows, total
        The epochs that are done, and how many there are to be.
    inside
        Share of the one under way that is done.
    patience
        Epochs without a better score after which it stops; 0 where it never does.
    """
    most = max(0.0, total - len(rows) - inside)
    last = rows[-1] if rows else {}
    if rows and "validation_loss" not in last:  # it learns a few batches by heart, and can be done at any time
        return Span(0.0, most, most)
    if not patience:
        return Span.exactly(most)
    worse = len(rows) - int(last.get("best_epoch") or 0)
    return Span(min(most, max(1, patience - worse) - inside), most, most)


def others_left(
    trainings: Mapping[str, Sequence[Row]], begun: Sequence[str], announced: int, seeds: int
) -> Span | None:
    """Return how long the trainings after the one under way take; None where there may be one of another kind.

    Parameters
    ----------
    trainings
        By section, the epochs of what was trained so far.
    begun
        The sections in their order; the last one is under way.
    announced
        How many trainings there are to be.
    seeds
        With how many seeds each is done; what learns a few batches by heart is done once.
    """
    families: dict[str, list[str]] = {}
    for section in begun:
        families.setdefault(family_of(section), []).append(section)
    coming = {name: 0 if _is_check(trainings[own[0]]) else max(0, seeds - len(own)) for name, own in families.items()}
    if sum(coming.values()) + len(begun) != announced:
        return None
    span = Span.exactly(0.0)
    for name, count in coming.items():
        took = [_whole(trainings[one], over=one != begun[-1]) for one in families[name] if trainings[one]]
        if count and not took:
            return None
        if count:
            span += Span(min(took), median(took), max(took)) * count
    return span


def _is_check(rows: Sequence[Row]) -> bool:
    return bool(rows) and "validation_loss" not in rows[-1]


def _whole(rows: Sequence[Row], *, over: bool) -> float:
    """Return what a training took, or what all its epochs will."""
    if over:
        return sum(float(row.get("seconds", 0.0)) for row in rows)
    return (seconds_of_epoch(rows, live=True) or 0.0) * float(rows[-1].get("epochs", 0))


def eta_text(span: Span | None) -> str:
    """Return what is left in words, empty where that is not known or nothing."""
    if span is None or not span.high:
        return ""
    if span.low <= _NOTHING * span.high:
        return f"at most {duration(span.high)}"
    return between(span.low, span.likely, span.high)
