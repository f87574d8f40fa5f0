"""What the grammar is made of: verbs, their arguments, examples and refusals.

A command is a verb and its arguments.  Everything that reads, completes, explains or documents commands works on these
records, so a new verb is a new record and a function that does it.  Imports nothing heavy: ``--help`` is made of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from labsteps.text import Text
from workbench.exits import Exit


class Way(StrEnum):
    """A way in by which a verb can be given."""

    COMMAND_LINE = "command line"
    PROMPT = "prompt"
    APP = "app"


EVERYWHERE = frozenset(Way)
OUTSIDE = frozenset({Way.COMMAND_LINE})
INSIDE = frozenset({Way.PROMPT, Way.APP})
TYPED = frozenset({Way.COMMAND_LINE, Way.PROMPT})


class Source(StrEnum):
    """Where the words that fit an argument come from, for completion."""

    NOTHING = "nothing"
    VERB = "verbs"
    PART = "parts"
    QUESTION = "questions"
    RUN = "runs"
    LIVE_RUN = "live runs"
    FIGURE = "figures"
    ASSIGNMENT = "parameters"
    LIVE_CHANGE = "live changes"
    SETTING = "settings"
    CONFIG = "settings of the workbench"
    CONFIG_VALUE = "values of a setting"
    TAG = "tags"
    SESSION = "sessions"
    REMOVED_SESSION = "removed sessions"
    DEVICE = "devices"
    FILE = "files"
    FOLDER = "folders"


class Reads(StrEnum):
    """What a word is read as."""

    TEXT = "text"
    WHOLE = "whole number"
    SEED = "seed"
    PATH = "path"
    SWITCH = "switch"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Argument:
    """A word that a verb takes by its place, or a flag.

    Attributes
    ----------
    name
        Attribute of the options that a handler is given.
    flags
        Such as ``("--session",)``; empty for a word that is known by its place.
    metavar
        How the value is written in the usage; a switch has none.
    count
        How many words it takes: ``""`` one, ``"?"`` one or none, ``"*"`` any number, ``"+"`` one or more; for a flag
        ``"*"`` means that it can be given several times, ``"+"`` that several words follow it.
    sources
        What completion offers.
    choices
        The only words allowed, where there are such.
    default
        What the options hold where the argument is not given.
    shared
        Whether the flag may stand before the verb too; the options lack it where it is not given.
    excludes
        Flags of one verb with the same word here exclude each other.
    required
        Whether a flag has to be given.
    """

    name: str
    help: Text
    flags: tuple[str, ...] = ()
    metavar: str = ""
    count: str = ""
    reads: Reads = Reads.TEXT
    sources: tuple[Source, ...] = ()
    choices: tuple[str, ...] = ()
    default: object = None
    shared: bool = False
    excludes: str = ""
    required: bool = False

    @property
    def takes_value(self) -> bool:
        """Whether a word follows the flag."""
        return bool(self.flags) and self.reads is not Reads.SWITCH


@dataclass(frozen=True, slots=True)
class Example:
    """A command and what it does."""

    line: str
    what: Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a verb refuses, and with which exit code."""

    code: Exit
    when: Text


@dataclass(frozen=True, slots=True)
class Verb:
    """A command.

    Attributes
    ----------
    handler
        ``module:function`` of ``(options) -> exit code``; empty where the verb has verbs of its own.
    aliases
        Other names of it.
    verbs
        Verbs of its own, as in ``sessions rename``; `implied` is the one that is meant without any.
    """

    name: str
    help: Text
    arguments: tuple[Argument, ...] = ()
    handler: str = ""
    aliases: tuple[str, ...] = ()
    verbs: tuple[Verb, ...] = ()
    implied: str = ""
    examples: tuple[Example, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    ways: frozenset[Way] = EVERYWHERE

    @property
    def names(self) -> tuple[str, ...]:
        """The verb's name and its aliases."""
        return (self.name, *self.aliases)

    @property
    def places(self) -> tuple[Argument, ...]:
        """The words that are known by their place, in order."""
        return tuple(argument for argument in self.arguments if not argument.flags)

    @property
    def flags(self) -> tuple[Argument, ...]:
        """The flags."""
        return tuple(argument for argument in self.arguments if argument.flags)

    def verb(self, name: str) -> Verb | None:
        """Return the verb of its own that has this name, or None."""
        return next((verb for verb in self.verbs if name in verb.names), None)


def given(verbs: tuple[Verb, ...], way: Way) -> Iterator[Verb]:
    """Yield the verbs that can be given in a way."""
    return (verb for verb in verbs if way in verb.ways)
