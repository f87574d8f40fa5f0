"""How much of the lab is done, and what is next: one meaning for the app, the prompt and the report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from labsteps.catalogue import Catalogue, Part

# The part in which one sees and chooses where the data lie and what computes.
DEVICE_PART: Final = "0"


def is_done(part: Part, finished: Collection[str], answered: Collection[str]) -> bool:
    """Tell whether nothing is left to do with a part: its run is finished and its question answered.

    Parameters
    ----------
    finished, answered
        Ids of the parts that have a finished run, and of those whose questions are answered.
    """
    ran = part.only_asks or not part.built or part.id in finished
    return ran and (not part.asks or part.id in answered)


def next_part(
    lab: Catalogue, finished: Collection[str], answered: Collection[str], live: Collection[str] = ()
) -> Part | None:
    """Return the first part in the lab's order with something left to do, whose needs are met; None where all is done.

    The part about data and device is named first only until another part has used both; where nothing has its needs
    met, the first that lacks them is named.

    Parameters
    ----------
    finished, answered
        As in `is_done`.
    live
        Ids of the parts that are going on already.
    """
    there = (part for part in lab.parts.values() if part.built or part.asks)
    left = [part for part in there if part.id not in live and not is_done(part, finished, answered)]
    used = any(one != DEVICE_PART for one in (*finished, *live))
    ready = [part for part in left if _ready(part, finished) and not (used and part.id == DEVICE_PART)]
    return next(iter(ready or left), None)


def _ready(part: Part, finished: Collection[str]) -> bool:
    runs = part.built and not part.only_asks and part.id not in finished
    return not runs or all(need in finished for need in part.needs_with(part.defaults()))


def done_of(lab: Catalogue, finished: Collection[str], answered: Collection[str]) -> tuple[int, int]:
    """Return how many of the lab's parts are done, and how many there are to do."""
    return done_among(tuple(lab.parts.values()), finished, answered)


def done_among(parts: Sequence[Part], finished: Collection[str], answered: Collection[str]) -> tuple[int, int]:
    """Return how many of some parts are done, and how many of them there are to do."""
    there = [part for part in parts if part.built or part.asks]
    return sum(is_done(part, finished, answered) for part in there), len(there)
