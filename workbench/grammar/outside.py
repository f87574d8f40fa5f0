"""What can stand where the cursor is on a shell's command line: the flags of ``--step``, then what the prompt knows.

A shell inserts what is offered, so only words that begin as what was typed are, in the spelling that was begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from labsteps.text import Text
from workbench.grammar.arguments import APP, BATCH, CHOSEN, COMMON
from workbench.grammar.complete import Candidate, Lookup, complete
from workbench.grammar.fuzzy import plain
from workbench.grammar.line import LONGEST, scan
from workbench.grammar.parser import STEP
from workbench.grammar.words import Argument, Source, Way

_FLAGS = {flag: argument for argument in (STEP, *BATCH, *COMMON, *CHOSEN, *APP) for flag in argument.flags}
_ALL = Text("the whole lab", "όλο το εργαστήριο")
_LISTED = ("step", "part")


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that may stand there, what it is, and whether more is to be typed right after it."""

    text: str
    about: str = ""
    open: bool = False


def offers(line: str, lookup: Lookup) -> list[Offer]:
    """Return what can stand at the end of a command line.

    Parameters
    ----------
    line
        The line up to the cursor, the program's name first.
    lookup
        Parts, runs, files and so on.
    """
    words = scan(line) if len(line) <= LONGEST else []
    if not words or words[0].end == len(line):
        return []
    typed = words[-1].text if words[-1].end == len(line) else ""
    before = [word.text for word in (words[1:-1] if words[-1].end == len(line) else words[1:])]
    used = _flags_before(before)
    if used < len(before):  # a verb is named: from there on it is a line of the prompt
        found = [(one.candidate, typed) for one in complete(line[words[1 + used].start :], lookup, Way.COMMAND_LINE)]
        return _unique(offer for candidate, start in found for offer in _spelled(candidate, start))
    return _unique(_at_the_front(before, typed, lookup))


def _flags_before(words: Sequence[str]) -> int:
    """Return how many words at the front are flags and their values."""
    used = 0
    while used < len(words) and words[used].startswith("-"):
        argument = _FLAGS.get(words[used])
        used += 2 if argument is not None and argument.takes_value else 1
    return min(used, len(words))


def _at_the_front(before: Sequence[str], typed: str, lookup: Lookup) -> Iterator[Offer]:
    flag, equals, value = typed.partition("=")
    last = _FLAGS.get(before[-1]) if before else None
    if last is not None and last.takes_value:
        yield from _values(last, typed, before, lookup)
    elif equals and flag in _FLAGS and _FLAGS[flag].takes_value:
        for offer in _values(_FLAGS[flag], value, before, lookup):
            yield Offer(f"{flag}={offer.text}", offer.about, offer.open)
    elif typed.startswith("-"):
        for name, argument in _FLAGS.items():
            if name.startswith(typed):
                yield Offer(name, argument.help.to(lookup.language))
    else:
        for completion in complete(typed, lookup, Way.COMMAND_LINE):
            yield from _spelled(completion.candidate, typed)


def _values(argument: Argument, typed: str, before: Sequence[str], lookup: Lookup) -> Iterator[Offer]:
    """Return values of a flag; of a list of parts, its last one."""
    head = ""
    if argument.name in _LISTED:
        cut = max(typed.rfind(","), typed.rfind("-")) + 1
        head, typed = typed[:cut], typed[cut:]
    candidates = [Candidate(choice) for choice in argument.choices]
    for source in argument.sources:
        parts = _parts_among(before) if source is Source.ASSIGNMENT else ()
        candidates += lookup.candidates(source, typed, parts)
    if argument.name == "step" and not head:
        candidates.append(Candidate("all", _ALL.to(lookup.language)))
    for candidate in candidates:
        for offer in _spelled(candidate, typed):
            yield Offer(head + offer.text, offer.about, offer.open)


def _parts_among(words: Sequence[str]) -> list[str]:
    """Return the ids that ``--step`` names, whose parameters are meant."""
    text = next((after for word, after in pairwise(words) if word == "--step"), "")
    text = text or next((word.partition("=")[2] for word in words if word.startswith("--step=")), "")
    return [one.strip() for one in text.split(",") if one.strip() and "-" not in one and one.strip() != "all"]


def _spelled(candidate: Candidate, typed: str) -> Iterator[Offer]:
    """Return a candidate in the spelling that was begun, if it begins so."""
    for name in (candidate.text, *candidate.others):
        if plain(name).startswith(plain(typed)):
            # An abbreviation such as ``lr`` stands for the word; another spelling of an id is a word itself.
            short = candidate.open and name != candidate.text
            yield Offer(candidate.text if short else name, candidate.about, candidate.open)
            return


def _unique(found: Iterator[Offer]) -> list[Offer]:
    return list({offer.text: offer for offer in found}.values())
