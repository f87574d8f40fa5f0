"""A report as text for a terminal: what it will say, with its tables, before it is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rich.style import Style as RichStyle
from rich.text import Text

from labsteps.results import Result, Table, from_json, to_json
from workbench.plots.style import Style, muted, strong
from workbench.plots.table import draw_table
from workbench.plots.text import cells, printable, wrap
from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.tables import cells_of
from workbench.report.words import word

_NAMES_SHARE: Final = 0.45
_MARGIN: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text.

    Attributes
    ----------
    kind
        ``title``, ``heading``, ``text``, ``quiet``, ``question``, ``facts``, ``table`` or ``figure``.
    level
        Of a heading, from 1.
    step
        Step that a heading begins; empty for others.
    rows
        Names with what is said of each, of facts.
    """

    kind: str
    text: str = ""
    level: int = 0
    step: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


def pieces_of(report: Report) -> list[Piece]:
    """Return a report as pieces of text; tables and figures have the numbers that they have on its pages."""
    language = report.language
    members = [f"{one.name} ({one.id})" for one in report.members] or [word("no members", language)]
    head = [report.school, report.course, *members, report.date]
    pieces = [Piece("title", report.title), *(Piece("quiet", line) for line in head)]
    pieces += [piece for section in report.sections for piece in _section(section, 1, language)]
    return list(_numbered(pieces, language))


def to_plain(piece: Piece) -> dict[str, Any]:
    """Return a piece as plain data."""
    table = None if piece.table is None else to_json(Result(tables={"": piece.table}))["tables"][""]
    return {
        "kind": piece.kind,
        "text": piece.text,
        "level": piece.level,
        "step": piece.step,
        "rows": [list(row) for row in piece.rows],
        "table": table,
    }


def from_plain(data: Mapping[str, Any]) -> Piece:
    """Return the piece that `to_plain` wrote."""
    table = None
    if data["table"] is not None:
        empty = to_json(Result())
        table = from_json({**empty, "tables": {"": data["table"]}}).tables[""]
    rows = tuple((str(name), str(text)) for name, text in data["rows"])
    return Piece(str(data["kind"]), str(data["text"]), int(data["level"]), str(data["step"]), rows, table)


def draw(pieces: Iterable[Piece], width: int, style: Style) -> list[tuple[Text, Piece]]:
    """Return the lines of a text in `width` columns, each with the piece that it belongs to."""
    found: list[tuple[Text, Piece]] = []
    for piece in pieces:
        if found and (piece.kind != "quiet" or found[-1][1].kind != "quiet"):
            found.append((Text(end=""), found[-1][1]))
        found += [(line, piece) for line in _lines(piece, max(1, width), style)]
    return found


def _section(section: Section, level: int, language: str) -> Iterator[Piece]:
    yield Piece("heading", section.title, level, section.step)
    for block in section.blocks:
        yield from _block(block, language)
    for inner in section.sections:
        yield from _section(inner, level + 1, language)


def _block(block: Block, language: str) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield Piece("text", block.text)
    elif isinstance(block, Answer):
        yield Piece("question", f"{word('question', language)} {block.part}: {block.question}")
        open_yet = not block.text.strip()
        yield Piece("quiet" if open_yet else "text", word("open", language) if open_yet else block.text.strip("\n"))
    elif isinstance(block, Facts) and block.rows:
        yield Piece("facts", rows=block.rows)
    elif isinstance(block, TableBlock):
        yield Piece("table", table=replace(block.table, title=block.caption))
    elif isinstance(block, FigureBlock):
        yield Piece("figure", block.caption)


def _numbered(pieces: Iterable[Piece], language: str) -> Iterator[Piece]:
    figures = tables = 0
    for piece in pieces:
        if piece.kind == "figure":
            figures += 1
            yield replace(piece, text=f"[{word('figure', language)} {figures}: {piece.text}]")
        elif piece.table is not None:
            tables += 1
            title = f"{word('table', language)} {tables}: {piece.table.title}"
            yield replace(piece, table=replace(piece.table, title=title))
        else:
            yield piece


def _lines(piece: Piece, width: int, style: Style) -> Iterator[Text]:
    if piece.table is not None:
        for part in _fitting(piece.table, width):
            yield from draw_table(part, width, style).split("\n")
    elif piece.kind == "facts":
        yield from _facts(piece.rows, width, style)
    elif piece.kind == "heading":
        yield from _wrapped(piece.text, width, style, strong())
        if piece.level == 1:
            yield Text(("─" if style.unicode else "-") * width, muted(style), end="")
    elif piece.kind == "question":
        bar = "│ " if style.unicode else "| "
        for line in _plain(piece.text, width - len(bar), style):
            yield Text.assemble((bar, muted(style)), line, end="")
    else:
        quiet = {"title": strong(), "text": None}
        for own in piece.text.split("\n"):
            yield from _wrapped(own, width, style, quiet.get(piece.kind, muted(style)))


def _fitting(table: Table, width: int) -> Iterator[Table]:
    """Yield a table as one, or as several where it is wider than the page; each begins with what names its rows."""
    grid = cells_of(table)
    wide = [max([cells(name), *(cells(row[i]) for row in grid.rows)]) + _MARGIN for i, name in enumerate(grid.head)]
    named = next((i for i, numeric in enumerate(grid.numeric) if numeric), 1) or 1
    named = named if sum(wide[:named]) <= width / 2 else 1
    chosen, first = list(range(named)), True
    for i in range(named, len(wide) + 1):
        ends = i == len(wide)
        if ends or (len(chosen) > named and sum(wide[j] for j in chosen) + wide[i] - _MARGIN > width):
            rows = tuple(tuple(row[j] if j < len(row) else None for j in chosen) for row in table.rows)
            columns = tuple(table.columns[j] for j in chosen)
            yield Table(table.title if first else "", columns, rows, table.note if ends else "")
            chosen, first = list(range(named)), False
        chosen.append(i)


def _facts(rows: Sequence[tuple[str, str]], width: int, style: Style) -> Iterator[Text]:
    """Yield names with what is said of each beside it, broken into lines."""
    names = [printable(name, unicode=style.unicode) for name, _ in rows]
    wide = min(max(map(cells, names)), int(width * _NAMES_SHARE))
    for name, (_, text) in zip(names, rows, strict=True):
        left = wrap(name, max(1, wide), unicode=style.unicode) or [""]
        right = [part for line in text.split("\n") for part in _plain(line, width - wide - _MARGIN, style)]
        for i in range(max(len(left), len(right))):
            line = Text(left[i] if i < len(left) else "", muted(style), end="")
            line.pad_right(max(0, wide + _MARGIN - line.cell_len))
            yield line.append(right[i] if i < len(right) else "")


def _plain(text: str, width: int, style: Style) -> list[str]:
    return wrap(printable(text, unicode=style.unicode), max(1, width), unicode=style.unicode) or [""]


def _wrapped(text: str, width: int, style: Style, look: RichStyle | None = None) -> Iterator[Text]:
    for line in _plain(text, width, style):
        yield Text(line, look or "", end="")
