"""What a result says in English that its Greek table does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labsteps.greek import in_language
from labsteps.results import Figure, Result

# What only a sentence of English has: words that join others, and the beginning of a next sentence.
_JOINING = re.compile(r"\b(?:the|is|are|was|were|it|its|that|this|which|with|from|than|has|have|they|look)\b", re.I)
_NEXT_SENTENCE = re.compile(r"[.;!?] +[A-Za-z]")


def is_prose(text: str) -> bool:
    """Tell whether a text is English sentences or a good part of one, rather than a name, a number or a list."""
    return bool(_NEXT_SENTENCE.search(text)) or len(_JOINING.findall(text)) > 1


def hold_greek(result: Result) -> None:
    """Fail where a result says something that cannot be said in Greek."""
    found = untranslated(result)
    assert not found, f"without a phrase in labsteps/greek*.py: {found}"


def untranslated(result: Result) -> list[str]:
    """Return the lines of a result that are sentences, and that stay as they are where Greek is asked for."""
    pairs = zip(_lines(result), _lines(in_language(result, "el")), strict=True)
    return [english for english, greek in pairs if english == greek and is_prose(english)]


def _lines(result: Result) -> Iterator[str]:
    yield from result.text.split("\n")
    for table in result.tables.values():
        yield from (table.title, table.note)
    for figure in result.figures.values():
        yield from _of_figure(figure)


def _of_figure(figure: Figure) -> Iterator[str]:
    yield figure.title
    yield from getattr(figure, "notes", None) or ()
    for panel in getattr(figure, "panels", None) or ():
        yield from _of_figure(panel)
