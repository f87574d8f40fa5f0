"""The zip to hand in: the PDF and the Python code, named as the assignment says."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from labsteps.errors import DataError, LabError, UsageError
from workbench.report.build import newest_pdf
from workbench.report.check import Finding, check, open_questions
from workbench.report.content import commands_of, gather
from workbench.store.atomic import write_file
from workbench.store.folders import make_folder
from workbench.store.session import Session

PREFIX = "patrec2"
MEMBERS_AT_MOST = 2
_ID = re.compile(r"[A-Za-z0-9-]{1,32}")
_CODE_ENDINGS = (".py", ".md", ".tcss", ".typ", ".tex", ".toml", ".txt")
_PACKAGES = ("labsteps", "workbench")
_ROOT_FILES = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "Makefile")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class IncompleteError(UsageError):
    """Questions that have to be answered are not."""

    def __init__(self, message: str, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class BadArchiveError(LabError):
    """The zip was written and does not hold what it should."""


def zip_name(ids: Sequence[str]) -> str:
    """Return the name that the assignment asks for.

    Raises
    ------
    UsageError
        If there are none, too many, or one that cannot be a student's id.
    """
    if not 1 <= len(ids) <= MEMBERS_AT_MOST:
        raise UsageError(f"the assignment is handed in by one or two; {len(ids)} ids were given: --ids A [B]")
    for one in ids:
        if not _ID.fullmatch(one):
            raise UsageError(f"{one!r} cannot be a student's id: letters, digits and hyphens only")
    if len(set(ids)) < len(ids):
        raise UsageError(f"the id {ids[0]!r} was given twice")
    return f"{PREFIX}_{'_'.join(ids)}.zip"


def submit(
    session: Session,
    ids: Sequence[str],
    pdf: Path | None,
    out: Path,
    *,
    incomplete: bool = False,
    language: str = "en",
    say: Callable[[str], None] = lambda text: None,
) -> Path:
    """Write the zip, open it again, and return its path.

    Parameters
    ----------
    ids
        The members' ids.
    pdf
        The report, handed in as it is; the session's own when None, built anew where it is out of date.
    out
        Folder for the zip.
    incomplete
        Whether it may be made while questions are open.
    language
        That of a report that was never built, ``en`` or ``el``.
    say
        Told what is being built.

    Raises
    ------
    IncompleteError
        Names the open questions.
    DataError
        If the report is no PDF.
    UsageError
        If the title page names others, or an edited report is out of date.
    BadArchiveError
        If the zip that was written is not whole.
    """
    name = zip_name(ids)
    findings = check(session)
    _refuse_open(findings, incomplete)
    pdf = pdf or newest_pdf(session, ids, language, say)
    try:
        report = pdf.read_bytes()
    except OSError as error:
        raise DataError(f"{pdf} cannot be read: {error.strerror}. `report build` makes it.") from error
    if not report.startswith(b"%PDF-"):
        raise DataError(f"{pdf} is not a PDF; `report build` makes it.")
    told = [one for _, parts in gather(session) for one in parts]
    code = dict(_code())
    files = {
        f"report_{'_'.join(ids)}.pdf": report,
        "code/commands.txt": ("\n".join(commands_of(told)) + "\n").encode(),
        **{f"code/{path}": data for path, data in code.items()},
    }
    make_folder(out)
    target = out / name
    write_file(target, _packed(files))
    _verify(target, files)
    return target


def _refuse_open(findings: Sequence[Finding], incomplete: bool) -> None:
    waiting = open_questions(findings)
    if waiting and not incomplete:
        raise IncompleteError(
            f"Not answered yet: {', '.join(waiting)}. Answer them (`answer ID --edit`), or add --incomplete.",
            [f"{part}: no answer" for part in waiting],
        )


def _code() -> Iterator[tuple[str, bytes]]:
    """Yield every file of the program's source, by its path in the zip."""
    import labsteps

    root = Path(labsteps.__file__).resolve().parents[1]
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix in _CODE_ENDINGS:
                yield path.relative_to(root).as_posix(), path.read_bytes()
    for name in _ROOT_FILES:
        if (root / name).is_file():
            yield name, (root / name).read_bytes()


def _packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    moment = max(time.localtime()[:6], _EARLIEST)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _verify(target: Path, files: dict[str, bytes]) -> None:
    """Open the zip again and compare every file; compile the code in it."""
    try:
        with zipfile.ZipFile(target) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise BadArchiveError(f"{target} cannot be opened again: {error}. Write it anew.") from error
    if found != files:
        raise BadArchiveError(f"{target} does not hold what was put into it; write it anew.")
    for name, data in found.items():
        if name.endswith(".py"):
            try:
                compile(data, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                raise BadArchiveError(f"{target}: {name} is not Python: {error}. Mend it and write it anew.") from error
