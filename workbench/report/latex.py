"""A report written down in LaTeX, for XeLaTeX or LuaLaTeX, with its figures as PDF beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.drawing import in_rows, width_of
from workbench.report.fonts import lacking
from workbench.report.letters import ZERO_WIDTH_SPACE, breakable, glyphs, legible, paragraphs, spaced
from workbench.report.tables import GAP, Grid, grids
from workbench.report.words import word

STYLE_FILE = "style.tex"
_LEVELS: Final = ("section", "subsection", "subsubsection")
_ESCAPES: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
        "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
        "[": "{[}", "]": "{]}", "*": "{*}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}",
        "`": r"\textasciigrave{}", "-": "-{}", "\u00a0": "~", "\n": " ", ZERO_WIDTH_SPACE: r"\hspace{0pt}",
    }
)  # fmt: skip
_SERIF: Final = ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf", "DejaVuSerif-BoldItalic.ttf")
_RIGHT_TO_LEFT: Final = ("R", "AL")
_RUN = re.compile("r(?:[rn]*r)?|s+")
# Of the width of the page, for a column of text in a table that fills it.
_PAGE_SHARE: Final = 0.94
_PAGE_INCHES: Final = 6.54
_LETTERS_OF_SIZE: Final = {r"\small": 78, r"\footnotesize": 98, r"\scriptsize": 118}


def source(report: Report, pictures: Mapping[str, str]) -> str:
    """Return the report as LaTeX; `pictures` has the file of each figure, by its stem."""
    language = report.language
    members = [f"{member.name} ({member.id})" for member in report.members] or [word("no members", language)]
    names = {"contentsname": "contents", "figurename": "figure", "tablename": "table"}
    cover = (report.school, report.course, report.title, r"\\".join(map(escaped, members)), report.date)
    head = [
        *_comment(report),
        rf"\newcommand{{\reportlanguage}}{{{'greek' if language == 'el' else 'english'}}}",
        style(),
        *(rf"\renewcommand{{\{name}}}{{{escaped(word(own, language))}}}" for name, own in names.items()),
        r"\begin{document}",
        r"\cover" + "".join(f"{{{text if i == 3 else escaped(text)}}}" for i, text in enumerate(cover)),
        r"\tableofcontents\clearpage",
    ]
    body = [text for section in report.sections for text in _section(section, 0, pictures, language)]
    return "\n\n".join([*head, *body, r"\end{document}"]) + "\n"


def _comment(report: Report) -> Iterator[str]:
    """Yield what the source says of letters that its font lacks."""
    if letters := lacking(report, anywhere=False):
        yield (
            f"% DejaVu lacks {letters}: the number of each (U+...) stands in its place.\n"
            "% With the font named installed, after \\setmainfont: \\newfontfamily\\other{Noto Sans Thai},\n"
            "% and {\\other ...} with the letters in place of the numbers."
        )


def style() -> str:
    """Return what stands before the report's own text: packages, fonts and commands."""
    return files(__package__).joinpath(STYLE_FILE).read_text(encoding="utf-8").strip()


def escaped(text: str) -> str:
    """Return `text` so that LaTeX shows it as it is."""
    shown = spaced(breakable(legible(text)))
    signs = "".join(map(_kind, shown))
    pieces, end = [], 0
    for found in _RUN.finditer(signs):
        pieces += [shown[end : found.start()].translate(_ESCAPES), _run(shown[found.start() : found.end()], found[0])]
        end = found.end()
    return "".join([*pieces, shown[end:].translate(_ESCAPES)])


def _kind(ch: str) -> str:
    """Tell a letter that is written from right to left, one that is only in the sans font, neutral, and the rest."""
    direction = unicodedata.bidirectional(ch)
    if direction in _RIGHT_TO_LEFT:
        return "r"
    if direction in ("WS", "ON", "CS", "NSM", "EN", "AN", "BN"):
        return "s" if ord(ch) not in _serif() and not ch.isspace() and ch != ZERO_WIDTH_SPACE else "n"
    return "o" if ord(ch) in _serif() else "s"


def _run(text: str, signs: str) -> str:
    if signs[0] == "s":
        return rf"\wide{{{text.translate(_ESCAPES)}}}"
    pieces = re.split(r"(\d+)", text)
    inside = [rf"\ltr{{{one}}}" if one.isdigit() else one.translate(_ESCAPES) for one in pieces]
    return rf"\rtl{{{''.join(inside)}}}"


@cache
def _serif() -> frozenset[int]:
    """Return the characters that the main font has in every shape."""
    return frozenset.intersection(*map(glyphs, _SERIF))


def _section(section: Section, level: int, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    yield rf"\{_LEVELS[min(level, len(_LEVELS) - 1)]}{{{escaped(section.title)}}}"
    for row in in_rows(section.blocks, pictures):
        if len(row) > 1:
            yield r"\beside" + "".join(f"{{{_picture(one, pictures, 1.0)}}}" for one in row)
        else:
            yield from _block(row[0], pictures, language)
    for inner in section.sections:
        yield from _section(inner, level + 1, pictures, language)


def _lines(lines: Sequence[str]) -> str:
    return "\\\\\n".join(escaped(line) if line.strip() else r"\mbox{}" for line in lines)


def _block(block: Block, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _lines(block.text.splitlines())
    elif isinstance(block, Answer):
        question = f"{escaped(word('question', language))} {escaped(block.part)}"
        yield rf"\question{{{question}}}{{{escaped(block.question)}}}"
        yield from map(_lines, paragraphs(block.text))
        if not block.text.strip():
            yield rf"\emph{{{escaped(word('open', language))}}}"
    elif isinstance(block, Facts) and block.rows:
        rows = "".join(f"{escaped(name)} & {_cell_lines(text)} \\\\\n" for name, text in block.rows)
        yield f"\\begin{{facts}}\n{rows}\\end{{facts}}"
    elif isinstance(block, TableBlock):
        yield from _table(block)
    elif isinstance(block, FigureBlock) and block.stem in pictures:
        share = min(1.0, width_of(block.figure) / _PAGE_INCHES)
        yield rf"\alone{{{_picture(block, pictures, share)}}}"


def _cell_lines(text: str) -> str:
    return r"\newline ".join(map(escaped, text.split("\n")))


def _picture(block: FigureBlock, pictures: Mapping[str, str], share: float) -> str:
    return rf"\drawing{{{share:.2f}}}{{{pictures[block.stem]}}}{{{escaped(block.caption)}}}"


def _table(block: TableBlock) -> Iterator[str]:
    table = block.table
    for number, grid in enumerate(grids(table)):
        caption = rf"\caption{{{escaped(block.caption)}}}\\" if not number else ""
        yield _grid(grid, caption)
    if table.note:
        yield rf"\note{{{escaped(table.note)}}}"


def _grid(grid: Grid, caption: str) -> str:
    size = next((size for size, letters in _LETTERS_OF_SIZE.items() if grid.letters <= letters), r"\scriptsize")
    head, *rows = (" & ".join(map(escaped, row)) + r" \\" for row in (grid.head, *grid.rows))
    inside = "\n".join([caption, r"\toprule", head, r"\midrule", r"\endhead", *rows, r"\bottomrule"])
    return f"{{{size}\n\\begin{{longtable}}{{{_columns(grid, _LETTERS_OF_SIZE[size])}}}\n{inside}\n\\end{{longtable}}}}"


def _columns(grid: Grid, letters: int) -> str:
    """Return the columns: what is too long for one line of a page of so many letters is broken into several."""
    fits = all(len(cell) <= width for row in grid.rows for cell, width in zip(row, grid.widths, strict=True))
    if fits and grid.letters <= letters:
        return "".join("r" if numeric else "l" for numeric in grid.numeric)
    narrow = [
        _least(grid, i) if numeric else width
        for i, (width, numeric) in enumerate(zip(grid.widths, grid.numeric, strict=True))
    ]
    taken = sum(width for width, numeric in zip(narrow, grid.numeric, strict=True) if numeric)
    wanted = sum(narrow) - taken
    share = min(1.0, (letters - taken) / wanted) if wanted else 1.0
    columns = []
    for width, whole, numeric in zip(narrow, grid.widths, grid.numeric, strict=True):
        part = _PAGE_SHARE * width * (1.0 if numeric else share) / letters
        columns.append("r" if numeric and width == whole else rf"{'R' if numeric else 'T'}{{{part:.3f}\textwidth}}")
    return "".join(columns)


def _least(grid: Grid, column: int) -> int:
    """Return the width of a column of numbers whose heading is broken between its words."""
    pieces = [*grid.head[column].split(), *(row[column] for row in grid.rows)]
    return min(grid.widths[column], max(map(len, pieces)) + GAP)
