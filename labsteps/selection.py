"""Which parts a text such as ``5,6,7.1``, ``5-8`` or ``all`` names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from labsteps.catalogue import Catalogue, Part, Step
from labsteps.errors import UnknownPartError
from labsteps.parameter import shortened

ALL = "all"
_BETWEEN = re.compile(r"\s*(?:-|–|\.\.)\s*")


@dataclass(frozen=True, slots=True)
class Selection:
    """Parts that somebody asks for.

    Attributes
    ----------
    parts
        Each once, in the order in which they were named.
    whole
        Whether a step, a range or the whole lab was named: then what it builds on belongs to it.
    """

    parts: tuple[Part, ...]
    whole: bool


def select(lab: Catalogue, text: str) -> Selection:
    """Return the parts that a text names.

    Ids are separated by commas. ``5-8`` is everything from step 5 to step 8 in the lab's order, ``5γ-6α`` from one
    part to another; ``7`` stands for ``7.1`` and ``7.2``; ``all`` is the whole lab.

    Raises
    ------
    UnknownPartError
        If an id names nothing, or a range goes backwards.
    """
    found: dict[str, Part] = {}
    whole = False
    for piece in text.split(","):
        steps = list(_named(lab, piece.strip(), text))
        whole = whole or any(isinstance(item, Step) for item in steps)
        found.update({part.id: part for item in steps for part in item.parts})
    return Selection(tuple(found.values()), whole)


def _named(lab: Catalogue, piece: str, text: str) -> Iterator[Step | Part]:
    if not piece:
        raise UnknownPartError(f"{shortened(text)!r} names a part that is empty; write ids with commas, as in 5,6,7.1.")
    if piece.casefold() == ALL:
        yield from lab
        return
    ends = _BETWEEN.split(piece)
    if len(ends) == 2 and all(ends):
        yield from _between(lab, *ends)
        return
    yield from _one(lab, piece)


def _one(lab: Catalogue, piece: str) -> list[Step | Part]:
    """Return what an id names; the number that several steps share stands for all of them."""
    under = [step for step in lab if step.id.startswith(f"{piece}.")]
    return list(under) if under else [lab.resolve(piece)]


def _between(lab: Catalogue, first: str, last: str) -> Iterator[Step | Part]:
    """Return what lies from one end to the other; steps where both ends are steps."""
    begin, end = _one(lab, first)[0], _one(lab, last)[-1]
    order: list[Step | Part] = [part for step in lab for part in step.parts]
    places = {part.id: place for place, part in enumerate(lab.parts.values())}
    low, high = places[begin.parts[0].id], places[end.parts[-1].id]
    if low > high:
        raise UnknownPartError(f"{first}-{last} goes backwards; write {last}-{first}.")
    if isinstance(begin, Step) and isinstance(end, Step):
        yield from (step for step in lab if low <= places[step.parts[0].id] <= high)
    else:
        yield from order[low : high + 1]
