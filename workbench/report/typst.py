"""A report written down in Typst: a source that can be edited, and the PDF made from it.

All text is handed to Typst as string literals, which it shows and never reads as markup.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from labsteps.errors import LabError
from workbench.report.document import Answer, Block, Facts, FigureBlock, Paragraph, Report, Section, TableBlock
from workbench.report.drawing import in_rows
from workbench.report.letters import breakable, font_folder, legible, paragraphs, spaced
from workbench.report.tables import SMALL_LETTERS, TINY_LETTERS, Grid, grids
from workbench.report.words import word

SOURCE_FILE, STYLE_FILE = "report.typ", "style.typ"
MANY_FACTS, SHORT_LETTERS = 8, 62
WHOLE_ROWS = 16  # a table of more may be broken between pages


class TypesettingError(LabError):
    """The PDF could not be made from its source."""


def source(report: Report, pictures: Mapping[str, str]) -> str:
    """Return the Typst source of a report, which needs `style` beside it.

    Parameters
    ----------
    report
        What it says.
    pictures
        File of each figure, by its stem, relative to the source.
    """
    language = report.language
    members = [f"{member.name}  ({member.id})" for member in report.members] or [word("no members", language)]
    titles = [report.school, report.course, report.title]
    parts = [
        f'#import "{STYLE_FILE}": *',
        f"#show: frame.with({_named(title=report.title, course=report.course, lang=language)})",
        f"#cover({_list(titles)}, ({_list(members)},), {literal(report.date)})",
        f"#outline(title: text({literal(word('contents', language))}), depth: 2, indent: 1em)",
    ]
    parts += [text for section in report.sections for text in _section(section, 1, pictures, language)]
    return "\n\n".join(parts) + "\n"


def style() -> str:
    """Return the file that says how a report looks."""
    return files(__package__).joinpath(STYLE_FILE).read_text(encoding="utf-8")


def compile_pdf(path: Path) -> bytes:
    """Return the PDF that a source file makes; it can read what lies beside the source, and nothing else.

    Raises
    ------
    TypesettingError
        With what the typesetter says.
    """
    import typst

    # What DejaVu lacks is shown by a font of this machine; matplotlib's folder has one of frames for every letter too.
    with TemporaryDirectory() as fonts:
        for file in font_folder().glob("DejaVu*.ttf"):
            shutil.copy(file, fonts)
        try:
            made = typst.compile(str(path), root=str(path.parent), font_paths=[fonts], format="pdf")
        except typst.TypstError as error:
            raise TypesettingError(f"{path}: the PDF could not be made: {error}") from error
    if not isinstance(made, bytes):
        raise TypesettingError(f"{path}: the typesetter gave no PDF")
    return made


def placeholder(text: str) -> bytes:
    """Return an SVG that stands in the place of a figure whose file is not there."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="220pt" height="60pt"><rect width="220" height="60" fill="none" '
        f'stroke="#888888"/><text x="8" y="34" font-family="DejaVu Sans" font-size="8">{escape(text)}</text></svg>'
    ).encode()


def literal(text: str) -> str:
    """Return a Typst string literal that shows `text` as it is."""
    return _string(spaced(breakable(legible(text, anywhere=True))))


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _list(texts: list[str]) -> str:
    return ", ".join(map(literal, texts))


def _named(**texts: str) -> str:
    return ", ".join(f"{name}: {literal(text)}" for name, text in texts.items())


def _section(section: Section, level: int, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    yield f"#heading(level: {level}, text({literal(section.title)}))"
    for row in in_rows(section.blocks, pictures):
        if len(row) > 1:
            yield f"#beside({', '.join(_picture(one, pictures, language) for one in row)})"
        else:
            yield from _block(row[0], pictures, language)
    for inner in section.sections:
        yield from _section(inner, level + 1, pictures, language)


def _block(block: Block, pictures: Mapping[str, str], language: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"#lines({_list(block.text.splitlines())})"
    elif isinstance(block, Answer):
        yield from _answer(block, language)
    elif isinstance(block, Facts):
        yield from _facts(block)
    elif isinstance(block, TableBlock):
        yield from _table(block, language)
    elif isinstance(block, FigureBlock):
        yield f"#{_picture(block, pictures, language)}"


def _answer(block: Answer, language: str) -> Iterator[str]:
    yield f"#question({literal(word('question', language) + ' ' + block.part)}, {literal(block.question)})"
    if not block.text.strip():
        yield f"#emph(text({literal(word('open', language))}))"
    for lines in paragraphs(block.text):
        yield f"#lines({_list(lines)})"


def _facts(block: Facts) -> Iterator[str]:
    rows = [f"({literal(name)}, {literal(text)})" for name, text in block.rows]
    short = all(len(name) + len(text) <= SHORT_LETTERS for name, text in block.rows)
    if len(rows) >= MANY_FACTS and short:
        half = (len(rows) + 1) // 2
        left, right = (f"facts(8pt, {', '.join(side)})" for side in (rows[:half], rows[half:]))
        yield f"#beside({left}, {right})"
    elif rows:
        yield f"#facts(9.5pt, {', '.join(rows)})"


def _table(block: TableBlock, language: str) -> Iterator[str]:
    parts = ", ".join(map(_grid, grids(block.table)))
    if parts:
        whole = "true" if len(block.table.rows) <= WHOLE_ROWS else "false"
        texts = _list([word("table", language), block.caption, block.table.note])
        yield f"#numbered({whole}, {texts}, {parts})"


def _grid(grid: Grid) -> str:
    size = "7pt" if grid.letters > TINY_LETTERS else "8pt" if grid.letters > SMALL_LETTERS else "9pt"
    aligned = ", ".join("true" if numeric else "false" for numeric in grid.numeric)
    cells = "".join(f", {literal(cell)}" for row in grid.rows for cell in row)
    return f"rows({size}, ({aligned},), ({_list(list(grid.head))},){cells})"


def _picture(block: FigureBlock, pictures: Mapping[str, str], language: str) -> str:
    return f"picture({_string(pictures[block.stem])}, {_list([word('figure', language), block.caption])})"
