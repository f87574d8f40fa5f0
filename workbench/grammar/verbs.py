"""All verbs, and the look-up of one by its name."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.grammar import looking, places, reading, tools, work
from workbench.grammar.words import Verb, Way, given

GROUPS = (
    (*work.VERBS, *looking.WORK),
    (*reading.VERBS, *looking.RESULTS, *tools.VERBS),
    (*places.VERBS, *looking.PLACES),
)
VERBS: tuple[Verb, ...] = tuple(verb for group in GROUPS for verb in group)


def find_verb(words: Sequence[str], way: Way) -> tuple[Verb | None, int]:
    """Return the verb that words begin with, the inmost one, and how many of them name it."""
    found = next((verb for verb in given(VERBS, way) if words and words[0] in verb.names), None)
    if found is None:
        return None, 0
    used = 1
    while used < len(words) and (own := found.verb(words[used])) is not None:
        found, used = own, used + 1
    return found, used
