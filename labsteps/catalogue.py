"""Every step and part of the lab: ids, titles, parameters, and what each needs.

Imports nothing heavy: the step list, ``--help`` and the app's first screen are drawn from here.
The contents are in `labsteps.lab`; this module holds the types and the look-up.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from labsteps.context import Context, ParameterValue
from labsteps.errors import NotBuiltError, ParameterError, UnknownPartError
from labsteps.parameter import LONGEST_QUOTED, Parameter, shortened
from labsteps.results import Result
from labsteps.text import Text

GREEK_LETTERS = "αβγδεζηθι"
LATIN_LETTERS = "abcdefghi"
MOST_NAMES = 12
# What is known of a name that is no parameter; see `unknown_parameter`.
Elsewhere = Callable[[str, str, Sequence[str]], str]

__all__ = [
    "Catalogue",
    "Kind",
    "Part",
    "Step",
    "ValueSpec",
    "catalogue",
    "normal_id",
    "parse_changes",
    "unknown_parameter",
]


class Kind(StrEnum):
    """What a part asks of the user and of the machine."""

    VIEW = "view"
    RUN = "run"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """A number that a part reports: what it is called on the screen, its unit, and which direction is better."""

    name: str
    title: Text
    unit: str = ""
    better: str = "higher"
    digits: int = 3


@dataclass(frozen=True)
class Part:
    """One part of a step.

    Attributes
    ----------
    kinds
        One or more of `Kind`; a part can be shown, run and answered.
    data
        Data folders that it reads: ``genre``, ``genre_beat``, ``multitask``, ``multitask_beat``.
    needs
        Parts whose results it builds on.
    needs_for
        Parts whose results it builds on besides, where a parameter has a value: (parameter, value) → ids.
    uses
        Parts whose results it takes into account where they are there.
    model_of
        Part whose model it takes where that was trained with the same settings; empty where it trains all of its own.
    function
        ``module:name`` of the function ``(Context) -> Result``; empty while the part is not built.
    question
        What the user is asked to write about; None where nothing is asked, or not yet.
    evidence
        Parts whose results the answer can build on, shown beside the question.
    illustration
        ``module:name`` of a function ``() -> Result`` with figures that need no data; empty where there is none.
    fresh
        Whether the part tells of the machine and the data as they are now, so that an earlier run is never shown
        in place of a new one.
    timed
        Whether a view measures seconds, which another run on the device would falsify.
    """

    id: str
    title: Text
    brief: Text
    kinds: frozenset[Kind]
    data: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    values: tuple[ValueSpec, ...] = ()
    function: str = ""
    question: Text | None = None
    evidence: tuple[str, ...] = ()
    illustration: str = ""
    fresh: bool = False
    timed: bool = False
    needs_for: Mapping[tuple[str, ParameterValue], tuple[str, ...]] = field(default_factory=dict, hash=False)
    model_of: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The part itself, so that a step and a part can be asked alike."""
        return (self,)

    @property
    def built(self) -> bool:
        """Whether this version can run the part."""
        return bool(self.function)

    @property
    def asks(self) -> bool:
        """Whether the part has a question that can be answered."""
        return self.question is not None

    @property
    def only_asks(self) -> bool:
        """Whether the part is a question and nothing else, so that there is nothing to run."""
        return self.kinds == {Kind.QUESTION}

    @property
    def of_genres(self) -> bool:
        """Whether it reads the genres' data, so that an accuracy that it reports is one on their test set."""
        return any(name.startswith("genre") for name in self.data)

    @property
    def takes_device(self) -> bool:
        """Whether it has the device for itself while it runs; a view that only draws does not wait for its turn."""
        return Kind.RUN in self.kinds or self.timed

    @property
    def ascii_id(self) -> str:
        """The id with a Latin letter, for file names."""
        return self.id.translate(str.maketrans(GREEK_LETTERS, LATIN_LETTERS))

    def load(self) -> Any:
        """Import and return the part's function.

        Raises
        ------
        NotBuiltError
            If this version cannot run the part yet.
        """
        if not self.built:
            raise NotBuiltError(f"{self.id} ({self.title}) is not built yet in this version.")
        module, _, name = self.function.partition(":")
        return getattr(import_module(module), name)

    def illustrate(self) -> Result | None:
        """Return the figures that go with the question and need no data, or None."""
        if not self.illustration:
            return None
        module, _, name = self.illustration.partition(":")
        drawn: Result = getattr(import_module(module), name)()
        return drawn

    def run(self, context: Context) -> Result:
        """Run the part."""
        result: Result = self.load()(context)
        return result

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of this name.

        Raises
        ------
        ParameterError
            If the part has none of this name; the message suggests near ones.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise ParameterError(unknown_parameter([self], name))

    def defaults(self) -> dict[str, ParameterValue]:
        """Return the default of every parameter."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def settings(self, changes: Mapping[str, ParameterValue]) -> dict[str, ParameterValue]:
        """Return all parameter values, the defaults replaced by `changes`, checked."""
        checked = {name: self.parameter(name).check(value) for name, value in changes.items()}
        return {**self.defaults(), **checked}

    def needs_with(self, settings: Mapping[str, ParameterValue]) -> tuple[str, ...]:
        """Return the parts whose results it builds on with these settings, each once."""
        more = (ids for (name, value), ids in self.needs_for.items() if settings.get(name) == value)
        return tuple(dict.fromkeys((*self.needs, *(one for ids in more for one in ids))))

    def takes_from(self, settings: Mapping[str, ParameterValue]) -> tuple[str, ...]:
        """Return the parts that it builds on with these settings or takes into account, each once."""
        return tuple(dict.fromkeys((*self.needs_with(settings), *self.uses)))


@dataclass(frozen=True)
class Step:
    """One step of the lab and its parts, in the assignment's order."""

    id: str
    title: Text
    parts: tuple[Part, ...] = field(default=())

    @property
    def built(self) -> bool:
        """Whether this version can run any part of the step."""
        return any(part.built for part in self.parts)


@dataclass(frozen=True)
class Catalogue:
    """The whole lab."""

    steps: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Every part by its id, in order."""
        return {part.id: part for step in self.steps for part in step.parts}

    @cached_property
    def _by_key(self) -> dict[str, Step | Part]:
        keys: dict[str, Step | Part] = {part.id: part for part in self.parts.values()}
        keys.update({step.id: step for step in self.steps})
        return keys

    def resolve(self, text: str) -> Step | Part:
        """Return the step or part that an id names.

        Greek and Latin letters, upper or lower case, with or without a dot before the letter, are accepted:
        ``5γ``, ``5c``, ``5.C`` are one part.

        Raises
        ------
        UnknownPartError
            If there is none; the message names the nearest ones.
        """
        key = normal_id(text)
        found = self._by_key.get(key)
        if found is None:
            near = difflib.get_close_matches(key[:LONGEST_QUOTED], self._by_key, n=3, cutoff=0.4)
            hint = f"Nearest: {', '.join(near)}." if near else f"Steps are {', '.join(s.id for s in self.steps)}."
            raise UnknownPartError(f"There is no step or part {shortened(text.strip())!r}. {hint}")
        return found

    def step_of(self, part: Part) -> Step:
        """Return the step that holds a part."""
        return next(step for step in self.steps if part in step.parts)

    def with_prerequisites(
        self, parts: Iterable[Part], settings: Callable[[Part], Mapping[str, ParameterValue]] = Part.defaults
    ) -> list[Part]:
        """Return `parts` and all that they build on with these settings, each once.

        What is needed or taken into account comes first.
        """
        wanted = {part.id: part for part in parts}
        ordered: dict[str, Part] = {}

        def add(part: Part) -> None:
            if part.id not in ordered:
                needs = part.needs_with(settings(part))
                for other in (*needs, *(used for used in part.uses if used in wanted)):
                    add(self.parts[other])
                ordered[part.id] = part

        for part in wanted.values():
            add(part)
        return list(ordered.values())

    def perhaps_needed(self, parts: Iterable[Part]) -> list[Part]:
        """Return `parts` and all that they build on with whatever settings, each once."""
        found: dict[str, Part] = {}
        waiting = list(parts)
        while waiting:
            part = waiting.pop(0)
            if part.id not in found:
                found[part.id] = part
                more = (need for needs in part.needs_for.values() for need in needs)
                waiting += [self.parts[need] for need in (*part.needs, *more)]
        return list(found.values())


def normal_id(text: str) -> str:
    """Return an id as the catalogue writes it: ``5.C`` → ``5γ``, ``7.1E`` → ``7.1ε``."""
    key = unicodedata.normalize("NFKC", text).strip().lower()
    stem, last = key[:-1], key[-1:]
    if stem and last in LATIN_LETTERS and not stem[-1].isalpha():
        last = GREEK_LETTERS[LATIN_LETTERS.index(last)]
    if last in GREEK_LETTERS:
        stem = stem.rstrip(".")
    return stem + last


def _nowhere_else(_name: str, _value: str, _meant: Sequence[str]) -> str:
    return ""


def unknown_parameter(parts: Iterable[Part], name: str, value: str = "", elsewhere: Elsewhere = _nowhere_else) -> str:
    """Return the sentence that says that none of `parts` takes a parameter of this name.

    Parameters
    ----------
    elsewhere
        Called with the name, its value and the parameters that look like it; returns what to do with the name where
        it is known for something else than a parameter, or an empty text.
    """
    parts = list(parts)
    names = sorted({parameter.name for part in parts for parameter in part.parameters})
    # A value is often taken for a switch of that name: ``frozen`` for ``backbone=frozen``.
    values = {choice: one.name for part in parts for one in part.parameters for choice in one.choices}
    asked = name[:LONGEST_QUOTED]
    meant = difflib.get_close_matches(asked, names, n=3, cutoff=0.6)
    if not meant:
        near = difflib.get_close_matches(asked, list(values), n=3, cutoff=0.6)
        meant = list(dict.fromkeys(f"{values[one]}={one}" for one in near))
    where = " or ".join(part.id for part in parts[:3])
    takes = f"It takes {', '.join(names)}." if names else "It takes none."
    if len(names) > MOST_NAMES:
        takes = (
            f"`help {parts[0].ascii_id}` lists what it takes." if len(parts) == 1 else "`help ID` lists a part's own."
        )
    hint = elsewhere(name, value, meant) or (f"Did you mean {' or '.join(meant)}?" if meant else takes)
    return f"{where} has no parameter {shortened(name)!r}. {hint}"


def parse_changes(
    parts: Iterable[Part], assignments: Iterable[str], elsewhere: Elsewhere = _nowhere_else
) -> dict[str, dict[str, ParameterValue]]:
    """Read ``name=value`` texts and hand each to the parts that take it.

    Parameters
    ----------
    parts
        The parts that are to run.
    assignments
        Texts such as ``epochs=20``, or ``5γ:epochs=20`` for one part or step alone; a later one wins over an earlier
        one of the same name, and what is said for one part over what is said for all.
    elsewhere
        As in `unknown_parameter`.

    Returns
    -------
    dict
        Part id → changed parameters.

    Raises
    ------
    ParameterError
        Names every assignment that cannot be read, that no part takes, or whose value is out of range.
    """
    parts = list(parts)
    changes: dict[str, dict[str, ParameterValue]] = {part.id: {} for part in parts}
    problems: list[str] = []
    for assignment in sorted(assignments, key=lambda text: ":" in text.partition("=")[0]):
        name, equals, value = assignment.partition("=")
        where, colon, name = name.rpartition(":")
        name = name.strip().replace("-", "_")
        asked = parts
        if colon:
            named = catalogue().resolve(where).parts
            asked = [part for part in parts if part in named]
        takers = [part for part in asked if any(p.name == name for p in part.parameters)]
        if not equals:
            problems.append(f"{shortened(assignment)!r} is not of the form name=value.")
        elif not asked:
            problems.append(f"{where.strip()} is not among the parts that run, so {name} cannot be set for it.")
        elif not takers:
            known = [part for part in asked if part.parameters] or asked
            problems.append(unknown_parameter(known, name, value, elsewhere))
        else:
            try:
                for part in takers:
                    changes[part.id][name] = part.parameter(name).parse(value)
            except ParameterError as error:
                problems.append(str(error))
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return changes


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the lab's catalogue."""
    from labsteps.lab import STEPS

    return Catalogue(STEPS)
