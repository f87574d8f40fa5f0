"""A report as one HTML file: it opens from disk, asks for nothing from a network, and runs no script."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping
from typing import Final

from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.letters import paragraphs, spaced, visible
from workbench.report.tables import cells_of
from workbench.report.words import word

_STYLE: Final = """
:root { --ink: #1c1f23; --paper: #ffffff; --quiet: #5b6470; --line: #d9dde2; --accent: #0b4f8a; --soft: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --paper: #14171a; --quiet: #9aa4af; --line: #333a42; --accent: #7fc0e8; --soft: #1d2227; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, "Segoe UI", "DejaVu Sans",
  sans-serif; overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 2rem 0 0.5rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 0.8rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 2rem 0 0.5rem; }
p.quiet, figcaption, caption, .note { color: var(--quiet); font-size: 0.9rem; }
nav ul { list-style: none; padding: 0; columns: 2; column-gap: 2rem; }
nav a { display: block; padding: 0.2rem 0; color: var(--accent); text-decoration: none; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.2rem 1.2rem; font-size: 0.92rem; }
dt { color: var(--quiet); } dd { margin: 0; font-variant-numeric: tabular-nums; }
blockquote { margin: 1.4rem 0 0.6rem; padding: 0.1rem 0 0.1rem 0.9rem; border-left: 3px solid var(--accent); }
blockquote p { margin: 0.3rem 0; font-style: italic; }
.scroll { overflow-x: auto; margin: 1.2rem 0; }
table { border-collapse: collapse; font-size: 0.88rem; }
caption { text-align: left; padding-bottom: 0.3rem; font-weight: 600; }
th, td { padding: 0.22rem 0.6rem; text-align: left; white-space: nowrap; }
th { border-bottom: 1px solid var(--ink); } tbody tr:nth-child(even) { background: var(--soft); }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.2rem 0; }
figure { margin: 0; flex: 1 1 20rem; max-width: 100%; }
figure img { max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; padding: 0.4rem; }
@media (max-width: 40rem) { nav ul { columns: 1; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.4rem; } }
@media print {
  body { font-size: 10pt; } main { max-width: none; padding: 0; } nav { display: none; }
  h2 { break-before: page; } h2, h3, blockquote { break-after: avoid; } figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; } table { font-size: 8pt; }
  th, td { white-space: normal; overflow-wrap: break-word; padding: 0.1rem 0.3rem; }
}
"""
# Nothing from elsewhere may be loaded and no script may run, whatever somebody writes into the page later.
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def is_page(head: bytes) -> bool:
    """Return whether a file that begins so is a page of a report."""
    return head.startswith(b"<!DOCTYPE html>\n<html lang=") and _POLICY.encode() in head


def page(report: Report, drawn: Mapping[str, bytes]) -> str:
    """Return the page; `drawn` has the SVG of each figure, by its stem."""
    language = report.language
    members = [f"{member.name} ({member.id})" for member in report.members]
    names = [section.title for section in report.sections]
    contents = "".join(f'<li><a href="#s{i}">{_text(name)}</a></li>' for i, name in enumerate(names))
    body = [
        text for i, section in enumerate(report.sections) for text in _section(section, 2, f"s{i}", drawn, language)
    ]
    head = [report.course, report.school, *members, report.date]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(report.title)}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{_text(report.title)}</h1>",
            *(f'<p class="quiet">{_text(line)}</p>' for line in head),
            f'<nav aria-label="{_text(word("contents", language))}"><ul>{contents}</ul></nav>',
            *body,
            "</main></body></html>\n",
        ]
    )


def _text(text: str) -> str:
    return html.escape(spaced(visible(text)), quote=True)


def _section(section: Section, level: int, anchor: str, drawn: Mapping[str, bytes], language: str) -> Iterator[str]:
    yield f'<section id="{anchor}"><h{level}>{_text(section.title)}</h{level}>'
    figures: list[str] = []
    for block in section.blocks:
        if isinstance(block, FigureBlock):
            figures += _figure(block, drawn)
            continue
        yield from _row(figures)
        figures = []
        yield from _block(block, language)
    yield from _row(figures)
    for number, inner in enumerate(section.sections):
        yield from _section(inner, min(level + 1, 6), f"{anchor}-{number}", drawn, language)
    yield "</section>"


def _row(figures: list[str]) -> Iterator[str]:
    if figures:
        yield f'<div class="figures">{"".join(figures)}</div>'


def _figure(block: FigureBlock, drawn: Mapping[str, bytes]) -> Iterator[str]:
    if block.stem in drawn:
        title = _text(block.caption)
        data = base64.b64encode(drawn[block.stem]).decode()
        picture = f'<img alt="{title}" src="data:image/svg+xml;base64,{data}">'
        yield f"<figure>{picture}<figcaption>{title}</figcaption></figure>"


def _block(block: Block, language: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _lines(block.text.splitlines())
    elif isinstance(block, Answer):
        title = f"{word('question', language)} {block.part}"
        yield f"<blockquote><strong>{_text(title)}</strong><p>{_text(block.question)}</p></blockquote>"
        yield from map(_lines, paragraphs(block.text))
        if not block.text.strip():
            yield f'<p class="quiet">{_text(word("open", language))}</p>'
    elif isinstance(block, Facts):
        yield f"<dl>{''.join(f'<dt>{_text(name)}</dt><dd>{_text(text)}</dd>' for name, text in block.rows)}</dl>"
    elif isinstance(block, TableBlock):
        yield _table(block)


def _lines(lines: list[str]) -> str:
    return f'<p dir="auto">{"<br>".join(map(_text, lines))}</p>'


def _table(block: TableBlock) -> str:
    grid = cells_of(block.table)
    marks = ['class="n"' if numeric else "" for numeric in grid.numeric]
    head = "".join(f"<th {mark}>{_text(cell)}</th>" for cell, mark in zip(grid.head, marks, strict=True))
    rows = (
        "".join(f"<td {mark}>{_text(cell)}</td>" for cell, mark in zip(row, marks, strict=True)) for row in grid.rows
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    note = f'<p class="note">{_text(block.table.note)}</p>' if block.table.note else ""
    caption = f"<caption>{_text(block.caption)}</caption>"
    return (
        f'<div class="scroll"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}</div>'
    )
