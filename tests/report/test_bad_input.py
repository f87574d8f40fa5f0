"""Whatever somebody writes into an answer: every form of the report is made, shows it, and obeys nothing in it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from labsteps.results import Column, Table
from workbench.report import latex, markdown, typst, web
from workbench.report.build import build, make_pdf
from workbench.report.content import Heading
from workbench.report.document import Answer, Facts, Member, Paragraph, Report, Section, TableBlock
from workbench.report.letters import ZERO_WIDTH_SPACE, legible, visible

NASTY = (
    "# $ * _ @ < > \\ ` ~ ^ % & { } [ ] // \" ' -- --- `` '' ,, << >> ?` !` | = + -",
    '#import "x"; #eval("1+1") #panic("obeyed") $x^2$ *bold* _it_ `code` <label> @ref // c /* c */ ~ \\u{41}',
    "\\input{/etc/passwd} \\write18{touch OBEYED} \\end{document} $$\\frac{1}{0}$$ \\\\ ^^5cinput{x} %comment",
    "<script>document.title='obeyed'</script> <img src=x onerror=alert(1)> &lt; &amp; ]]> <!-- c --> </main>",
    "![x](file:///etc/passwd) [a](javascript:x) <http://a.b> www.example.com a@b.gr\n# h\n- l\n1. one\n1) one\n"
    "| a | b |\n|---|---|\n> q\n    code\n```\nfence\n```\n~~~\n===\n---\n&copy; [x]: y",
    "☺ 😀 🧄 👩‍💻 ♪ é ß Ł ı 中文 日本語 ру́сский ไทย",
    "שלום עולם (abc) 123 مرحبا بالعالم 45 and left \u202eevil\u202c",
    "control \x00 \x01 \x1b[31mred\x1b[0m \x7f \x85 \u2028 tab\there \r\nline \ufeff \u00ad",
    "W" * 500 + " " + "Γράμμα" * 100 + " " + "a_b-c.d/" * 80,
    "*star\n*star\n[optional]\n  two   three    four\n\n   \n\nend\\\n[x]\n&\n\\",
    "Ἀρχιμήδης ᾧ ἐστι· «ελληνικά» ΐ ∑∫√∞≠≤±×÷→⇒ ½ ² µ Ω ℝ ∈ 𝔸",
)
ALLOWED_TAGS = {"p", "br"}


def report_with(*texts: str) -> Report:
    table = Table("\n".join(texts)[:300], (Column("*a*|b"), Column("$n$")), tuple((text, 1.0) for text in texts))
    blocks = (*(Answer("1δ", text, text) for text in texts), Paragraph(texts[0]), Facts(((texts[0], texts[-1]),)))
    section = Section(texts[0], (*blocks, TableBlock(table)))
    return Report(texts[0], texts[0], texts[0], (Member(texts[0], "#1"),), texts[0], "en", (section,))


def plain(text: str) -> str:
    """Return a text without blanks and without what only helps to break lines."""
    return re.sub(r"[\s\u00a0\u200b]+", "", text)


class Reader(HTMLParser):
    """What a browser sees of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.attributes = "", [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_pdf_is_made_of_all_of_it_at_once(tmp_path: Path) -> None:
    source = tmp_path / typst.SOURCE_FILE
    source.write_text(typst.source(report_with(*NASTY), {}), encoding="utf-8")
    (tmp_path / typst.STYLE_FILE).write_text(typst.style(), encoding="utf-8")
    assert typst.compile_pdf(source).startswith(b"%PDF-")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_the_pages_of_the_pdf_show_the_text(text: str, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not there to read the PDF")
    source = tmp_path / typst.SOURCE_FILE
    source.write_text(f"#set page(width: 100cm)\n#text({typst.literal(text)})", encoding="utf-8")
    (tmp_path / "x.pdf").write_bytes(typst.compile_pdf(source))
    found = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, check=True)
    # Letters of other directions are read back in the order of the page, accents in other forms, and no hyphen at the
    # end of a line.
    assert letters(found.stdout.decode()) == letters(legible(text, anywhere=True))


def letters(text: str) -> list[str]:
    marks = ("Mn", "Cf", "Cc", "Zs", "Zl")
    return sorted(
        ch for ch in unicodedata.normalize("NFKD", text) if unicodedata.category(ch) not in marks and ch != "-"
    )


# LaTeX

COMMANDS = {
    r"\textbackslash": "\\", r"\textasciicircum": "^", r"\textasciitilde": "~", r"\textless": "<",
    r"\textgreater": ">", r"\textquotedbl": '"', r"\textquotesingle": "'", r"\textasciigrave": "`",
}  # fmt: skip
OURS = (r"\hspace{0pt}", r"\wide", r"\rtl", r"\ltr")
TOKEN = re.compile(
    r"\\hspace\{0pt\}|\\(?:wide|rtl|ltr)(?=\{)|\\[a-z]+(?=\{\})|\\[{}$&#%_]"
    r"|\{[\[\]*]\}|[{}~]|[^\\{}$&#%_^~<>\[\]*\"'`]"
)


def read_latex(text: str) -> str:
    """Return what LaTeX shows of a text, which may use the commands of `COMMANDS` and those of the style file alone."""
    shown, depth, at = "", 0, 0
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found is not None, f"LaTeX would obey {text[at : at + 20]!r}"
        token, at = found[0], found.end()
        depth += {"{": 1, "}": -1}.get(token, 0)
        assert depth >= 0
        if token == "~":
            shown += " "
        elif token in COMMANDS:
            shown += COMMANDS[token]
        elif (len(token) == 3 and token[0] == "{") or (len(token) == 2 and token[0] == "\\"):
            shown += token[1]
        elif token[0] not in "\\{}":
            shown += token
        else:
            assert token in ("{", "}", *OURS), token
    assert not depth
    return shown


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_latex_shows_the_text_and_obeys_nothing_in_it(text: str) -> None:
    assert plain(read_latex(latex.escaped(text))) == plain(legible(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_latex_shows_any_text(text: str) -> None:
    assert plain(read_latex(latex.escaped(text))) == plain(legible(text))


def test_the_latex_source_is_balanced(tmp_path: Path) -> None:
    source = latex.source(report_with(*NASTY), {})
    bare = re.sub(r"\\[\\{}%]|%.*", "", source)
    assert bare.count("{") == bare.count("}")
    begun = re.findall(r"\\begin\{(\w+)\}", source.partition(r"\begin{document}")[2])
    ended = re.findall(r"\\end\{(\w+)\}", source.partition(r"\begin{document}")[2])
    assert sorted([*begun, "document"]) == sorted(ended) and ended[-1] == "document"
    assert source.count(r"\end{document}") == 1


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_the_latex_source_compiles_and_loses_no_letter(engine: str, tmp_path: Path) -> None:
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not there")
    (tmp_path / "report.tex").write_text(latex.source(report_with(*NASTY), {}), encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=300)
    log = (tmp_path / "report.log").read_text(encoding="utf-8", errors="replace")
    if done.returncode and "not found" in log:
        pytest.skip(f"{engine} lacks a package or font: {log[-400:]}")
    assert not done.returncode, log[-2000:]
    assert "Missing character" not in log and not (tmp_path / "OBEYED").exists()


# Markdown and the web page


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_markdown_shows_the_text_and_obeys_nothing_in_it(text: str) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    source = markdown.source(report_with(text), {})
    answer = source.partition("> **")[2].partition("\n\n")[2].partition("\n\n**")[0]
    page = Reader(reader.render("\n\n".join(answer.split("\n\n")[: len(markdown.paragraphs(text))])))
    assert set(page.tags) <= ALLOWED_TAGS
    assert plain(page.text) == plain("".join("".join(lines) for lines in map(visible_lines, markdown.paragraphs(text))))


def visible_lines(lines: list[str]) -> list[str]:
    return [visible(line) for line in lines]


def test_the_web_page_shows_the_text_and_runs_nothing() -> None:
    page = Reader(web.page(report_with(*NASTY), {}))
    assert not {"script", "img", "iframe", "object", "link"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on") or name == "src"]
    for text in NASTY:
        assert plain("".join("".join(visible_lines(lines)) for lines in markdown.paragraphs(text))) in plain(page.text)
    assert html.escape("<script>") in web.page(report_with("<script>"), {})


# Figures that are not there


def test_a_figure_whose_file_is_gone_leaves_a_note_in_its_place(tmp_path: Path) -> None:
    from report_tools import finish, genre_result, session_at

    session = session_at(tmp_path)
    finish(session, "5γ", genre_result())
    built = build(session, Heading(), "en")
    folder = built.files[0].parent
    gone = next((folder / "figures").glob("5c-loss-*.svg"))
    gone.unlink()
    warnings: list[str] = []
    assert make_pdf(folder, warnings.append).read_bytes().startswith(b"%PDF-")
    assert len(warnings) == 1 and gone.name in warnings[0]
    assert not gone.exists()


def test_a_figure_that_cannot_be_drawn_is_named_and_the_rest_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from report_tools import finish, genre_result, session_at

    from workbench.report import drawing

    session = session_at(tmp_path)
    finish(session, "5γ", genre_result())
    drawn = drawing.save_picture

    def fails(figure, paths, **sizes):  # type: ignore[no-untyped-def]
        if "confusion" in paths[0].name:
            raise ValueError("no such colour")
        drawn(figure, paths, **sizes)

    monkeypatch.setattr(drawing, "save_picture", fails)
    built = build(session, Heading(), "en", also=("latex", "markdown"))
    assert built.warnings == ("5c-confusion could not be drawn: no such colour",)
    assert all(path.exists() and "5c-confusion" not in path.read_bytes().decode("latin-1") for path in built.files[1:])


def test_zero_width_spaces_of_ours_are_in_no_form_that_is_read_as_text() -> None:
    assert ZERO_WIDTH_SPACE not in markdown.source(report_with("w" * 100), {})
