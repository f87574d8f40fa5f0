"""What a result says in English that its Greek table does not know."""

from __future__ import annotations

from collections.abc import Iterator

from labsteps.greek import in_language, is_prose
from labsteps.results import Figure, Result


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
