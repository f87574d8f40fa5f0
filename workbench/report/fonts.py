"""The letters that a page can show by the fonts of this machine, and what to install for the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from labsteps.results import Table
from workbench.report.document import Answer, Facts, FigureBlock, Paragraph, Report, TableBlock
from workbench.report.letters import unshown

_MOST_NAMED: Final = 12
_EMOJI: Final = range(0x1F000, 0x20000)
_CJK: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH")
_SYMBOLS: Final = {"MUSICAL": "Noto Music", "MATHEMATICAL": "Noto Sans Math"}


def lacking(report: Report, *, anywhere: bool) -> str:
    """Return the letters of a report that no font shows, with a font that has them; an empty text where all are shown.

    Parameters
    ----------
    anywhere
        Whether any font of this machine will do, or only DejaVu.
    """
    return named("".join(texts_of(report)), anywhere=anywhere)


def named(text: str, *, anywhere: bool) -> str:
    """Return the letters of a text that no font shows, as `lacking` does for a report: ``ก (Noto Sans Thai)``."""
    letters: dict[str, str] = {}
    for ch in unshown(text, anywhere=anywhere):
        font = _font_of(ch)
        letters[font] = letters.get(font, "") + ch
    return ", ".join(f"{_some(found)} ({font})" for font, found in letters.items())


def texts_of(report: Report) -> Iterator[str]:
    """Yield all text of a report but what is drawn in its figures."""
    yield from (report.title, report.course, report.school, report.date)
    yield from (text for member in report.members for text in (member.name, member.id))
    for block in (block for section in report.sections for block in section.every_block()):
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Answer):
            yield from (block.question, block.text)
        elif isinstance(block, Facts):
            yield from (text for row in block.rows for text in row)
        elif isinstance(block, TableBlock):
            yield from (block.caption, *_cells(block.table))
        elif isinstance(block, FigureBlock):
            yield block.caption


def _cells(table: Table) -> Iterable[str]:
    yield from (column.name for column in table.columns)
    yield from (cell for row in table.rows for cell in row if isinstance(cell, str))
    yield table.note


@cache
def _font_of(ch: str) -> str:
    """Return a free font that has a letter."""
    script = unicodedata.name(ch, "").split(" ")[0]
    if script.startswith(_CJK):
        return "Noto Sans CJK"
    if ord(ch) in _EMOJI:
        return "Noto Color Emoji"
    if script in _SYMBOLS:
        return _SYMBOLS[script]
    if unicodedata.category(ch).startswith("S"):
        return "Noto Sans Symbols 2"
    return f"Noto Sans {script.title()}".strip()


def _some(letters: str) -> str:
    return letters if len(letters) <= _MOST_NAMED else f"{letters[:_MOST_NAMED]} …"
