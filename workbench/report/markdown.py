"""A report written down in Markdown, with its figures as PNG beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.letters import paragraphs, spaced, visible
from workbench.report.tables import Grid, grids
from workbench.report.words import word

# What Markdown, or the HTML inside it, would obey.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~$&^:=@])")
_HARD_BREAK = "  \n"


def source(report: Report, pictures: Mapping[str, str]) -> str:
    """Return the report as Markdown; `pictures` has the file of each figure, by its stem."""
    members = [f"{member.name} ({member.id})" for member in report.members] or [word("no members", report.language)]
    head = [f"# {escaped(report.title)}", escaped(report.course), escaped(report.school)]
    head += [_HARD_BREAK.join(map(escaped, members)), escaped(report.date)]
    body = [text for section in report.sections for text in _section(section, 2, pictures, report.language)]
    return "\n\n".join([*head, *body]) + "\n"


def escaped(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    marked = _MARKS.sub(r"\\\1", spaced(visible(text)))
    return marked.replace("\u00a0", "&nbsp;").replace("\n", " ")


def _section(section: Section, level: int, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    yield f"{'#' * level} {escaped(section.title)}"
    for block in section.blocks:
        yield from _block(block, pictures, language)
    for inner in section.sections:
        yield from _section(inner, level + 1, pictures, language)


def _block(block: Block, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _HARD_BREAK.join(map(escaped, block.text.splitlines()))
    elif isinstance(block, Answer):
        title = f"{word('question', language)} {block.part}"
        yield f"> **{escaped(title)}**{_HARD_BREAK}> {escaped(block.question)}"
        yield from (_HARD_BREAK.join(map(escaped, lines)) for lines in paragraphs(block.text))
        if not block.text.strip():
            yield f"*{escaped(word('open', language))}*"
    elif isinstance(block, Facts):
        yield "\n".join(f"- {escaped(name)}: {escaped(text)}" for name, text in block.rows)
    elif isinstance(block, TableBlock):
        yield f"**{escaped(block.caption)}**"
        yield from map(_grid, grids(block.table))
        if block.table.note:
            yield escaped(block.table.note)
    elif isinstance(block, FigureBlock) and block.stem in pictures:
        yield f"![{escaped(block.caption)}]({pictures[block.stem]})"


def _grid(grid: Grid) -> str:
    rule = " | ".join("---:" if numeric else ":---" for numeric in grid.numeric)
    rows = (grid.head, *grid.rows)
    head, *body = (f"| {' | '.join(map(escaped, row))} |" for row in rows)
    return "\n".join([head, f"| {rule} |", *body])
