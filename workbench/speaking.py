"""The language that a command speaks: what it tells people goes through one table on its way out.

Messages and errors are made in English, where they arise; programs (``--json``) get them so.  Which language is asked
for is looked up when the first line is told, and holds until the command ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from labsteps.greek import Phrases
from workbench.plots.text import cells, printable

# Longer lines are somebody's data, and no sentence of ours.
LONGEST = 2000
# Width of lines that are read out, and so broken nowhere.
UNBROKEN = 1000
_COLUMNS = re.compile(r"( {2,})")
# What stands before a reason is none of it, however well a phrase of the reason would take it in.
_HEADS = re.compile(r"(warning|failed|left|interrupted|problem|error|refused): (.+)")


class _Language:
    """A language that is looked up when it is first asked for."""

    def __init__(self, find: Callable[[], str]) -> None:
        self._find, self._found = find, ""

    def __call__(self) -> str:
        if not self._found:
            self._found = self._find()
        return self._found


_now: ContextVar[Callable[[], str]] = ContextVar("language", default=lambda: "en")
_plain: ContextVar[Callable[[], bool]] = ContextVar("plain", default=lambda: False)


@contextmanager
def speaking(find: Callable[[], str], plain: Callable[[], bool] | None = None) -> Iterator[None]:
    """Let what is told in the block be in the language that `find` returns, ``en`` or ``el``.

    Parameters
    ----------
    find
        Returns the language.
    plain
        Tells whether figures and tables are to be told in words; by default as it was outside the block.
    """
    tokens = _now.set(_Language(find)), _plain.set(plain or _plain.get())
    try:
        yield
    finally:
        _now.reset(tokens[0])
        _plain.reset(tokens[1])


def in_words() -> bool:
    """Tell whether figures and tables are told in words, line by line, in the place of a layout to be seen."""
    return _plain.get()()


def language() -> str:
    """Return the language that is spoken now, ``en`` or ``el``."""
    return _now.get()()


def said(text: str, into: str | None = None) -> str:
    """Return what a command says, line by line, in the language that it speaks or in another."""
    if (into or language()) != "el":
        return text
    return "\n".join(map(_greek, text.split("\n")))


def told(text: str, into: str | None = None) -> str:
    """Return what a command says as it is sent to a terminal."""
    return printable(said(text, into))


def field(text: str, width: int) -> str:
    """Return words of a table's cell in the language of the command, filled up to a width."""
    shown = told(text)
    return shown + " " * (width - cells(shown))


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    from workbench.greek import PHRASES as APP
    from workbench.greek_commands import PHRASES as COMMANDS
    from workbench.greek_errors import PHRASES as ERRORS
    from workbench.greek_failures import PHRASES as FAILURES
    from workbench.greek_notices import PHRASES as NOTICES

    # Most of what stands in a message is somebody's name; where it is words of ours, the phrase says so by {+}.
    told = {**FAILURES, **COMMANDS, **ERRORS}
    return Phrases({**APP, **NOTICES, **{_marked(phrase): said.replace("{+}", "{}") for phrase, said in told.items()}})


def _marked(phrase: str) -> str:
    return phrase.replace("{}", "{=}").replace("{+}", "{}")


@lru_cache(maxsize=1024)
def _greek(line: str) -> str:
    inner = line.strip()
    if not inner or len(inner) > LONGEST:
        return line
    begin = line[: len(line) - len(line.lstrip())]
    # Columns stand two spaces apart, and are told each for itself.
    found = "".join(map(_column, _COLUMNS.split(inner)))
    return f"{begin}{found}{line[len(begin) + len(inner) :]}"


def _column(text: str) -> str:
    of = _phrases().of
    if headed := _HEADS.fullmatch(text):
        return f"{of(headed[1])}: {of(headed[2])}"
    return of(text)
