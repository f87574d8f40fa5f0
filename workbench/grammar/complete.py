"""What can stand where the cursor is: verbs, parts, parameters with their ranges, runs, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from workbench.grammar.fuzzy import begins, fits, plain
from workbench.grammar.line import LONGEST, Word, quoted, scan
from workbench.grammar.verbs import VERBS, find_verb
from workbench.grammar.words import Argument, Reads, Source, Verb, Way, given

MOST = 200
_TITLE = 100.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that fits.

    Attributes
    ----------
    text
        The word.
    about
        What it is, in a few words.
    others
        Other ways in which it may be typed.
    titles
        What it is called elsewhere; found by a part of it, after what fits the word itself.
    coded
        Whether the word holds letters that mean nothing, as a run's id does; a piece of it is found by its beginning,
        and no letters in order.
    open
        Whether more is to be typed right after it, as after ``epochs=`` or a folder.
    """

    text: str
    about: str = ""
    others: tuple[str, ...] = ()
    open: bool = False
    titles: tuple[str, ...] = ()
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A candidate in its place: what to put in the line from column `start` to the cursor."""

    text: str
    start: int
    candidate: Candidate


class Lookup(Protocol):
    """Where candidates come from that the grammar does not hold."""

    @property
    def language(self) -> str:
        """``en`` or ``el``."""
        ...

    def candidates(self, source: Source, typed: str, before: Sequence[str]) -> Iterable[Candidate]:
        """Return candidates of a source.

        Parameters
        ----------
        source
            Which.
        typed
            The beginning of the word.
        before
            The words of the verb before it, such as the parts whose parameters are meant.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cursor is: the sources and choices that fit, and the words of the verb before it."""

    sources: tuple[Source, ...] = ()
    choices: tuple[str, ...] = ()
    flags: tuple[Argument, ...] = ()
    verbs: tuple[Verb, ...] = ()
    before: tuple[str, ...] = field(default=())


def complete(text: str, lookup: Lookup, way: Way = Way.PROMPT) -> list[Completion]:
    """Return what can stand at the end of `text`, the best first.

    Parameters
    ----------
    text
        The line up to the cursor.
    lookup
        Parts, runs, files and so on.
    way
        Where the line is typed.
    """
    if len(text) > LONGEST or _in_comment(text):
        return []
    words = scan(text)
    current = words.pop() if words and words[-1].end == len(text) else None
    typed = current.text if current is not None else ""
    place = _place([word.text for word in words], typed, way)
    found = _candidates(place, typed, lookup)
    ranked = sorted(
        ((score, number, one) for number, one in enumerate(found) if (score := _score(typed, one)) is not None),
        key=lambda item: item[:2],
    )
    start = current.start if current is not None else len(text)
    return [Completion(_written(one, current), start, one) for _, _, one in ranked[:MOST]]


def _place(words: list[str], typed: str, way: Way) -> _Place:
    """Return where a word after `words` stands."""
    verb, used = find_verb(words, way)
    if verb is None:
        return _Place() if words else _Place(verbs=tuple(given(VERBS, way)))
    rest = words[used:]
    flags = {name: argument for argument in verb.flags for name in argument.flags}
    if rest and rest[-1] in flags and flags[rest[-1]].takes_value:
        wanted = flags[rest[-1]]
        return _Place(wanted.sources, wanted.choices, before=tuple(rest[:-1]))
    plain = [word for word, last in zip(rest, ["", *rest], strict=False) if not _is_flag_part(word, last, flags)]
    if typed.startswith("-"):
        return _Place(flags=verb.flags)
    verbs = verb.verbs if not plain else ()
    wanted_place = _nth(verb.places, len(plain))
    if wanted_place is None:
        return _Place(verbs=verbs, before=tuple(plain))
    return _Place(wanted_place.sources, wanted_place.choices, verbs=verbs, before=tuple(plain))


def _is_flag_part(word: str, last: str, flags: dict[str, Argument]) -> bool:
    return (word.startswith("-") and len(word) > 1) or (last in flags and flags[last].takes_value)


def _nth(places: Sequence[Argument], number: int) -> Argument | None:
    """Return the argument that word `number` of a verb belongs to."""
    for index, argument in enumerate(places):
        if argument.reads is Reads.REST:
            return None
        if index == number or argument.count in ("*", "+"):
            return argument
    return None


def _candidates(place: _Place, typed: str, lookup: Lookup) -> Iterator[Candidate]:
    language = lookup.language
    for verb in place.verbs:
        yield Candidate(verb.name, verb.help.to(language), verb.aliases)
    for choice in place.choices:
        yield Candidate(choice)
    for argument in place.flags:
        yield Candidate(argument.flags[-1], argument.help.to(language))
    for source in place.sources:
        if source is not Source.NOTHING:
            yield from lookup.candidates(source, typed, place.before)


def _score(typed: str, candidate: Candidate) -> float | None:
    names = candidate.others if candidate.coded else (candidate.text, *candidate.others)
    scores = [score for name in names if (score := fits(typed, name)) is not None]
    if candidate.coded and (score := begins(typed, candidate.text)) is not None:
        scores.append(score)
    if not scores and len(typed) > 1:
        scores = [
            _TITLE + plain(title).find(plain(typed)) for title in candidate.titles if plain(typed) in plain(title)
        ]
    return min(scores, default=None)


def _written(candidate: Candidate, current: Word | None) -> str:
    """Return the candidate as it goes into the line, in the quotation marks that are open there."""
    if current is not None and current.quote and current.quote not in candidate.text and "\\" not in candidate.text:
        return f"{current.quote}{candidate.text}" + ("" if candidate.open else current.quote)
    text = quoted(candidate.text)
    return text[:-1] if candidate.open and text[-1] in "'\"" else text


def _in_comment(text: str) -> bool:
    """Tell whether the cursor is in a comment."""
    marked = scan(f"{text}x")
    return not marked or marked[-1].end != len(text) + 1
