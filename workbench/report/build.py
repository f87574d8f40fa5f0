"""The report's files: its source and figures, kept so that they can be edited, and what is made from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from labsteps.errors import UsageError
from workbench.report import latex, markdown, typst, web
from workbench.report.content import Heading, report_of
from workbench.report.document import Member, Report
from workbench.report.drawing import draw_all, picture_name
from workbench.report.fonts import lacking
from workbench.store.atomic import write_file
from workbench.store.errors import MissingError
from workbench.store.folders import make_folder
from workbench.store.records import read_record, write_record
from workbench.store.session import Session

FIGURES = "figures"
NO_FONT = "no font here has {}: in the PDF the number of each stands in its place;"
TOLD_EVERY = 20
PDF_FILE, WEB_FILE = "report.pdf", "report.html"
_KINDS = {"latex": "pdf", "markdown": "png"}  # of the figures beside each form
_FIGURE_NAME = re.compile(rf'"({FIGURES}/[\w.-]+\.svg)"')
_TITLE_FILE, _BUILT_FILE = "title.json", "built.json"


class EditedSourceError(UsageError):
    """The source of the report was edited, and building it anew would lose that."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was made.

    Attributes
    ----------
    warnings
        What could not be drawn.
    """

    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()


def folder_of(session: Session) -> Path:
    """Return where a session's report lies."""
    return session.folder / "report"


def heading_of(session: Session, **changes: Any) -> Heading:
    """Return what stands on the title page: what was said last time, with `changes`, which are kept for the next.

    Parameters
    ----------
    changes
        Fields of `Heading`; None leaves one as it was.
    """
    file = folder_of(session) / _TITLE_FILE
    try:
        stored = read_record(file)
    except MissingError:
        stored = {}
    known = {name: stored[name] for name in ("title", "course", "school", "date") if isinstance(stored.get(name), str)}
    members = tuple(Member(str(m["name"]), str(m["id"])) for m in stored.get("members", ()))
    given = {name: value for name, value in changes.items() if value is not None}
    heading = replace(Heading(members, **known), **given)
    if given:
        make_folder(file.parent)
        write_record(file, asdict(heading))
    return heading


def build(
    session: Session,
    heading: Heading,
    language: str,
    *,
    out: Path | None = None,
    also: tuple[str, ...] = (),
    overwrite: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> Built:
    """Write the report's source, its figures and the PDF, and on request the same in LaTeX and Markdown.

    Parameters
    ----------
    out
        Folder for all of it; the session's own when None.
    also
        ``latex`` and ``markdown``.
    overwrite
        Whether an edited source may be replaced.
    say
        Told what is being done.

    Raises
    ------
    EditedSourceError
        If the source was edited since it was written here.
    TypesettingError
        If the PDF cannot be made; the source stays.
    """
    folder = out or folder_of(session)
    source_file = folder / typst.SOURCE_FILE
    if not overwrite:
        _refuse_edited(folder, source_file)
    say("gathering results and answers")
    report = report_of(session, heading, language)
    make_folder(folder / FIGURES)
    warnings: list[str] = []
    kinds = ["svg", *(kind for form, kind in _KINDS.items() if form in also)]
    pictures = _pictures(report, folder, kinds, warnings, say)
    if letters := lacking(report, anywhere=True):
        warnings.append(f"{NO_FONT.format(letters)} install the font named and build again")
    text = typst.source(report, pictures["svg"])
    write_file(folder / typst.STYLE_FILE, typst.style().encode())
    write_file(source_file, text.encode())
    written = {"source": _sha256(text.encode())}
    write_record(folder / _BUILT_FILE, written)
    made = [source_file]
    if "latex" in also:
        say("the same in LaTeX")
        if letters := lacking(report, anywhere=False):
            warnings.append(
                f"report.tex is set in DejaVu, which lacks {letters}: the number of each stands in its place"
            )
        write_file(folder / "report.tex", latex.source(report, pictures[_KINDS["latex"]]).encode())
        made.append(folder / "report.tex")
    if "markdown" in also:
        say("the same in Markdown")
        write_file(folder / "report.md", markdown.source(report, pictures[_KINDS["markdown"]]).encode())
        made.append(folder / "report.md")
    say("setting the pages")
    made.insert(0, make_pdf(folder))
    _note_pdf(folder, written, contents_of(report, heading), language)
    return Built(tuple(made), tuple(dict.fromkeys(warnings)))


def build_edited(session: Session, language: str, *, out: Path | None = None) -> Built:
    """Make the PDF from the source as it stands, edited or not, and note what the session held then.

    Raises
    ------
    UsageError
        If there is no source.
    TypesettingError
        If it cannot be set.
    """
    folder, heading, warnings = out or folder_of(session), heading_of(session), list[str]()
    contents = contents_of(report_of(session, heading, language), heading)
    pdf = make_pdf(folder, warnings.append)
    written = {name: text for name, text in _built(folder).items() if name == "source"}
    _note_pdf(folder, written, contents, language)
    return Built((pdf,), tuple(warnings))


def newest_pdf(session: Session, ids: Sequence[str], language: str, say: Callable[[str], None]) -> Path:
    """Return the session's PDF, built anew where anything that goes into it has changed since it was made.

    Parameters
    ----------
    ids
        Those of the members who hand it in.
    language
        That of a report that was never built; one that was keeps its own.
    say
        Told what is being done.

    Raises
    ------
    UsageError
        If the title page names others, or if the source was edited and the PDF does not hold all of it or of the
        session.
    TypesettingError
        If the PDF cannot be made.
    """
    folder, heading, built = folder_of(session), heading_of(session), _built(folder_of(session))
    language = str(built.get("language", language))
    contents = contents_of(report_of(session, heading, language), heading)
    source_file = folder / typst.SOURCE_FILE
    now = source_file.read_bytes() if source_file.exists() else b""
    whole = (folder / PDF_FILE).exists() and built.get("contents") == contents
    if now and _sha256(now) != built.get("source"):
        if not whole or built.get("set") != _sha256(now):
            raise EditedSourceError(
                f"{source_file} was edited, and the PDF lacks what changed since, there or in the session. Put in what "
                "is new and run `report build --edited`, or `report build --overwrite` to lose your changes; --pdf "
                "FILE hands in a PDF as it is."
            )
        _refuse_others(ids, [one for one in ids if one in now.decode(errors="replace")])
        return folder / PDF_FILE
    _refuse_others(ids, [member.id for member in heading.members])
    if whole and built.get("set") == built.get("source"):
        return folder / PDF_FILE
    say("building the PDF: what goes into it has changed since, or there is none")
    made = build(session, heading, language, say=say)
    for warning in made.warnings:
        say(f"warning: {warning}")
    return made.files[0]


def contents_of(report: Report, heading: Heading) -> str:
    """Return the digest of all that goes into a PDF; the day of its making, where no date was given, does not."""
    names = {block.stem: f"{FIGURES}/{picture_name(block, 'svg')}" for block in report.figures}
    text = typst.source(replace(report, date=heading.date), names)
    return _sha256(f"{typst.style()}{text}".encode())


def _note_pdf(folder: Path, written: Mapping[str, Any], contents: str, language: str) -> None:
    """Write down beside the PDF what it was made from."""
    source = _sha256((folder / typst.SOURCE_FILE).read_bytes())
    write_record(folder / _BUILT_FILE, {**written, "set": source, "contents": contents, "language": language})


def _built(folder: Path) -> dict[str, Any]:
    try:
        return read_record(folder / _BUILT_FILE)
    except MissingError:
        return {}


def _refuse_others(ids: Sequence[str], named: Sequence[str]) -> None:
    """Refuse to hand in a report whose title page names others, or nobody."""
    if set(ids) != set(named):
        raise UsageError(
            f"the ids given are {', '.join(ids)}, and on the title page of the report stands "
            f"{', '.join(named) or 'no such id'}: give --ids as there, or name each member by `report build --member "
            '"NAME, ID"`'
        )


def make_pdf(folder: Path, warn: Callable[[str], None] = lambda text: None) -> Path:
    """Make the PDF from the source in a folder, edited or not, and return it.

    Parameters
    ----------
    warn
        Told of each figure whose file is not there; its place says so.

    Raises
    ------
    UsageError
        If there is no source.
    TypesettingError
        If it cannot be set.
    """
    source_file = folder / typst.SOURCE_FILE
    if not source_file.exists():
        raise UsageError(f"{source_file} is not there; `report build` writes it.")
    named = set(_FIGURE_NAME.findall(source_file.read_text(encoding="utf-8")))
    missing = sorted(name for name in named if not (folder / name).exists())
    make_folder(folder / FIGURES)
    try:
        for name in missing:
            warn(f"{folder / name} is not there; `report build` draws it again")
            write_file(folder / name, typst.placeholder(f"{name} ?"))
        write_file(folder / PDF_FILE, typst.compile_pdf(source_file))
    finally:
        for name in missing:
            (folder / name).unlink(missing_ok=True)
    return folder / PDF_FILE


def build_web(session: Session, heading: Heading, language: str, file: Path | None = None) -> Built:
    """Write the report as one HTML file that needs nothing beside it."""
    target = file or folder_of(session) / WEB_FILE
    report = report_of(session, heading, language)
    make_folder(target.parent)
    figures = folder_of(session) / FIGURES
    make_folder(figures)
    warnings: list[str] = []
    pictures = draw_all(report, figures, ["svg"], warnings.append)["svg"]
    drawn = {stem: (figures / name).read_bytes() for stem, name in pictures.items()}
    write_file(target, web.page(report, drawn).encode())
    return Built((target,), tuple(warnings))


def _pictures(
    report: Report, folder: Path, kinds: Sequence[str], warnings: list[str], say: Callable[[str], None]
) -> Mapping[str, Mapping[str, str]]:
    def progress(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0:
            say(f"drew {done} of {total} figures")

    say(f"drawing {len(report.figures)} figures")
    drawn = draw_all(report, folder / FIGURES, kinds, warnings.append, progress)
    return {kind: {stem: f"{FIGURES}/{name}" for stem, name in named.items()} for kind, named in drawn.items()}


def _refuse_edited(folder: Path, source_file: Path) -> None:
    written = _built(folder).get("source")
    if written is not None and source_file.exists() and _sha256(source_file.read_bytes()) != written:
        raise EditedSourceError(
            f"{source_file} was edited since it was written. --edited makes the PDF from it as it is; --overwrite "
            "writes it anew from the session, and your changes to it are lost."
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
