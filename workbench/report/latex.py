"""A report written down in LaTeX, for XeLaTeX or LuaLaTeX, with its figures as PDF beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.drawing import narrow
from workbench.report.letters import ZERO_WIDTH_SPACE, breakable, legible, paragraphs
from workbench.report.tables import SMALL_LETTERS, Grid, grids
from workbench.report.words import word

_LEVELS: Final = ("section", "subsection", "subsubsection")
_ESCAPES: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
        "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
        "[": "{[}", "]": "{]}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
        "-": "-{}", ZERO_WIDTH_SPACE: r"\hspace{0pt}",
    }
)  # fmt: skip
_PREAMBLE: Final = r"""\documentclass[11pt,a4paper]{article}
\usepackage{fontspec}
\setmainfont{DejaVu Serif}[Scale=0.88]
\usepackage[margin=2.2cm]{geometry}
\usepackage{graphicx,longtable,booktabs,array,textcomp}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
\setcounter{secnumdepth}{0}
\sloppy
"""


def source(report: Report, pictures: Mapping[str, str]) -> str:
    """Return the report as LaTeX; `pictures` has the file of each figure, by its stem."""
    language = report.language
    members = [f"{member.name} ({member.id})" for member in report.members] or [word("no members", language)]
    head = [
        _PREAMBLE,
        rf"\renewcommand{{\contentsname}}{{{escaped(word('contents', language))}}}",
        rf"\renewcommand{{\figurename}}{{{escaped(word('figure', language))}}}",
        rf"\renewcommand{{\tablename}}{{{escaped(word('table', language))}}}",
        rf"\title{{{escaped(report.title)}\\[1ex]\large {escaped(report.course)}\\{escaped(report.school)}}}",
        r"\author{" + r" \and ".join(map(escaped, members)) + "}",
        rf"\date{{{escaped(report.date)}}}",
        r"\begin{document}",
        r"\maketitle\tableofcontents\clearpage",
    ]
    body = [text for section in report.sections for text in _section(section, 0, pictures, language)]
    return "\n\n".join([*head, *body, r"\end{document}"]) + "\n"


def escaped(text: str) -> str:
    """Return `text` so that LaTeX shows it as it is."""
    return breakable(legible(text)).translate(_ESCAPES).replace("\n", " ")


def _section(section: Section, level: int, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    yield rf"\{_LEVELS[min(level, len(_LEVELS) - 1)]}{{{escaped(section.title)}}}"
    for block in section.blocks:
        yield from _block(block, pictures, language)
    for inner in section.sections:
        yield from _section(inner, level + 1, pictures, language)


def _lines(lines: list[str]) -> str:
    return "\\\\\n".join(escaped(line) or r"\mbox{}" for line in lines)


def _block(block: Block, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _lines(block.text.splitlines())
    elif isinstance(block, Answer):
        question = f"{escaped(word('question', language))} {escaped(block.part)}"
        yield rf"\begin{{quote}}\textbf{{{question}}}\\\emph{{{escaped(block.question)}}}\end{{quote}}"
        yield from map(_lines, paragraphs(block.text))
        if not block.text.strip():
            yield rf"\emph{{{escaped(word('open', language))}}}"
    elif isinstance(block, Facts):
        rows = "".join(f"{escaped(name)} & {escaped(text)} \\\\\n" for name, text in block.rows)
        yield r"\begin{longtable}{p{0.4\textwidth}p{0.54\textwidth}}" + f"\n{rows}" + r"\end{longtable}"
    elif isinstance(block, TableBlock):
        yield from _table(block)
    elif isinstance(block, FigureBlock) and block.stem in pictures:
        share = 0.5 if narrow(block.figure) else 0.95
        picture = rf"\includegraphics[width={share}\textwidth]{{{pictures[block.stem]}}}"
        caption = rf"\caption{{{escaped(block.caption)}}}"
        yield rf"\begin{{figure}}[htbp]\centering{picture}{caption}\end{{figure}}"


def _table(block: TableBlock) -> Iterator[str]:
    table = block.table
    for number, grid in enumerate(grids(table)):
        caption = rf"\caption{{{escaped(block.caption)}}}\\" if not number else ""
        yield _grid(grid, caption)
    if table.note:
        yield rf"{{\footnotesize {escaped(table.note)}}}"


def _grid(grid: Grid, caption: str) -> str:
    size = r"\scriptsize" if grid.letters > SMALL_LETTERS else r"\small"
    columns = "".join("r" if numeric else "l" for numeric in grid.numeric)
    head, *rows = (" & ".join(map(escaped, row)) + r" \\" for row in (grid.head, *grid.rows))
    inside = "\n".join([caption, r"\toprule", head, r"\midrule", r"\endhead", *rows, r"\bottomrule"])
    return (
        f"{{{size}\\setlength{{\\tabcolsep}}{{3pt}}\n\\begin{{longtable}}{{{columns}}}\n{inside}\n\\end{{longtable}}}}"
    )
