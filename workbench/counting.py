"""How much of the lab is done: one meaning for the app, the prompt and the report."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from labsteps.catalogue import Catalogue, Part


def is_done(part: Part, finished: Collection[str], answered: Collection[str]) -> bool:
    """Tell whether nothing is left to do with a part: its run is finished and its question answered.

    Parameters
    ----------
    finished, answered
        Ids of the parts that have a finished run, and of those whose questions are answered.
    """
    ran = part.only_asks or not part.built or part.id in finished
    return ran and (not part.asks or part.id in answered)


def done_of(lab: Catalogue, finished: Collection[str], answered: Collection[str]) -> tuple[int, int]:
    """Return how many of the lab's parts are done, and how many there are to do."""
    return done_among(tuple(lab.parts.values()), finished, answered)


def done_among(parts: Sequence[Part], finished: Collection[str], answered: Collection[str]) -> tuple[int, int]:
    """Return how many of some parts are done, and how many of them there are to do."""
    there = [part for part in parts if part.built or part.asks]
    return sum(is_done(part, finished, answered) for part in there), len(there)
