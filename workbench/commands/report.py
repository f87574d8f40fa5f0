"""``report``: build it, see what it lacks, write it as a web page, and make the zip to hand in."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from labsteps.errors import UsageError
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.narrate import Narrator, narrator
from workbench.commands.overwriting import own_target
from workbench.exits import Exit
from workbench.plots.style import Style
from workbench.plots.text import printable
from workbench.report.document import Member
from workbench.speaking import UNBROKEN, field, in_words, told
from workbench.store.session import Session

if TYPE_CHECKING:
    from workbench.report.content import Heading


def run_report(options: argparse.Namespace) -> int:
    """Run ``report build``, ``preview``, ``check``, ``web`` or ``submit``; return the exit code."""
    session = open_existing(options)
    say = narrator(options)
    if options.verb == "check":
        return _check(session, options)
    if options.verb == "build":
        return _build(session, options, say)
    if options.verb == "preview":
        return _preview(session, options)
    if options.verb == "web":
        return _web(session, options, say)
    return _submit(session, options, say)


def members_of(texts: Sequence[str] | None) -> tuple[Member, ...] | None:
    """Return the members that ``--member "NAME, ID"`` names, None where none is named.

    Raises
    ------
    UsageError
        If one is not a name and an id with a comma between them.
    """
    if not texts:
        return None
    members = []
    for text in texts:
        name, comma, number = text.rpartition(",")
        if not comma or not name.strip() or not number.strip():
            raise UsageError(f'{text!r} is not of the form "NAME, ID"')
        members.append(Member(name.strip(), number.strip()))
    return tuple(members)


def _check(session: Session, options: argparse.Namespace) -> int:
    from workbench.report.check import check

    language = output.language_of(options, session)
    findings = check(session, language)
    if output.wants_json(options):
        report = {"format": 1, "session": session.name, "findings": [asdict(finding) for finding in findings]}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return Exit.DONE
    for finding in findings:
        print(f"{finding.part:<6}  {field(finding.kind, 34)}  {told(finding.text)}")
    count = f"{len(findings)} findings." if findings else "Nothing is missing."
    print(told(count), file=sys.stderr)
    return Exit.DONE


def _preview(session: Session, options: argparse.Namespace) -> int:
    from workbench.report.content import report_of
    from workbench.report.preview import draw, pieces_of, to_plain

    language = output.language_of(options, session)
    pieces = pieces_of(report_of(session, _heading(session, options), language))
    if output.wants_json(options):
        told = {"format": 1, "session": session.name, "language": language, "pieces": list(map(to_plain, pieces))}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return Exit.DONE
    # What is read out is not broken into lines: its listener's program knows better where.
    width = UNBROKEN if in_words() else shutil.get_terminal_size().columns
    for line, _ in draw(pieces, width, Style("none")):
        print(line.plain.rstrip())
    return Exit.DONE


def _build(session: Session, options: argparse.Namespace, say: Narrator) -> int:
    from workbench.report.build import build, build_edited

    out = _report_folder(options.out)
    if options.edited:
        built = build_edited(session, output.language_of(options, session), out=out)
    else:
        also = tuple(name for name in ("latex", "markdown") if getattr(options, name))
        built = build(
            session,
            _heading(session, options),
            output.language_of(options, session),
            out=out,
            also=also,
            overwrite=options.overwrite,
            say=say.line,
        )
    for warning in built.warnings:
        say.line(f"warning: {warning}")
    return _tell(session, options, built.files)


def _web(session: Session, options: argparse.Namespace, say: Narrator) -> int:
    from workbench.report.build import build_web
    from workbench.report.web import is_page

    file = own_target(options.out, "--out", "web page of `report web`", is_page) if options.out else None
    built = build_web(session, _heading(session, options), output.language_of(options, session), file)
    for warning in built.warnings:
        say.line(f"warning: {warning}")
    return _tell(session, options, built.files)


def _submit(session: Session, options: argparse.Namespace, say: Narrator) -> int:
    from workbench.report.build import folder_of
    from workbench.report.submit import submit

    target = submit(
        session,
        options.ids,
        _folder(options.pdf),
        _folder(options.out) or folder_of(session),
        incomplete=options.incomplete,
        language=output.language_of(options, session),
        say=say.line,
    )
    say.line("opened again: the PDF and every file of code are in it")
    return _tell(session, options, (target,))


def _heading(session: Session, options: argparse.Namespace) -> Heading:
    from workbench.report.build import heading_of

    words = {name: getattr(options, name, None) for name in ("title", "course", "school", "date")}
    return heading_of(session, members=members_of(getattr(options, "member", None)), **words)


def _folder(path: Path | None) -> Path | None:
    return path.expanduser().absolute() if path else None


def _report_folder(path: Path | None) -> Path | None:
    """Return the folder that a report goes into.

    Raises
    ------
    UsageError
        If it is a file, or named as the PDF itself.
    """
    out = _folder(path)
    if out is not None and not out.is_dir() and (out.exists() or out.suffix.lower() == ".pdf"):
        raise UsageError(f"{out}: --out names the folder that report.pdf is written into; name a folder.")
    return out


def _tell(session: Session, options: argparse.Namespace, files: Sequence[Path]) -> int:
    if output.wants_json(options):
        report = {"format": 1, "session": session.name, "files": [str(path) for path in files]}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for path in files:
            print(printable(str(path)))
    return Exit.DONE
