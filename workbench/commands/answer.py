"""``answer``: a question with its evidence, our note and the user's own answer; and the writing of that answer."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsteps import results
from labsteps.catalogue import Kind, Part, catalogue
from labsteps.errors import NotBuiltError, UsageError
from labsteps.notes import note
from labsteps.results import Result
from labsteps.text import Text
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.show import Finished, newest_result
from workbench.exits import Exit
from workbench.greek import say
from workbench.plots.text import printable_lines, wrap
from workbench.speaking import in_words, told
from workbench.store.errors import AnswerConflictError, SessionNotFoundError
from workbench.store.rescued import rescued
from workbench.store.session import Session

if TYPE_CHECKING:
    from rich.console import Console

EDITORS = ("nano", "vi")
LONGEST_TABLE = 14
COMMENT = "<!-- workbench:"
COMMENT_WIDTH = 96
_NOT_SAVED = Text(
    "this comment is not saved; write the answer above it",
    "αυτό το σχόλιο δεν αποθηκεύεται· η απάντηση γράφεται από πάνω",
)
_EVIDENCE = Text("Evidence and note: {0}", "Ενδείξεις και σημείωση: {0}")


def run_answer(options: argparse.Namespace) -> int:
    """Write an answer, or print the question with all that belongs to it.

    Raises
    ------
    UsageError
        If the part asks nothing, or a text would take the place of another.
    AnswerConflictError
        If the answer was changed elsewhere meanwhile.
    """
    part = asking_part(options.part)
    writing = options.text is not None or options.file is not None or options.edit
    try:
        session: Session | None = open_existing(options)
    except SessionNotFoundError:
        if writing or getattr(options, "session", None):
            raise
        session = None
    if writing and session is not None:
        _write(options, part, session)
    language = output.language_of(options, session)
    if output.wants_json(options):
        print(json.dumps(_as_json(part, session, language), ensure_ascii=False, indent=1))
    elif not writing:
        _print(part, session, language)
    return Exit.DONE


def asking_part(text: str) -> Part:
    """Return the part of this id that asks something; a step with a single question stands for it.

    Raises
    ------
    UsageError
        If there is none, or several.
    """
    lab = catalogue()
    parts = lab.resolve(text).parts
    asking = [part for part in parts if part.asks]
    if len(asking) == 1:
        return asking[0]
    if asking:
        raise UsageError(f"Step {text} asks {len(asking)} questions; name one: {', '.join(p.id for p in asking)}.")
    later = [part.id for part in parts if Kind.QUESTION in part.kinds]
    if later:
        raise NotBuiltError(f"The question of {', '.join(later)} is not built yet in this version.")
    known = ", ".join(part.id for part in lab.parts.values() if part.asks)
    raise UsageError(f"{', '.join(part.id for part in parts)} asks nothing. Questions are in {known}.")


def _write(options: argparse.Namespace, part: Part, session: Session) -> None:
    old, version = session.read_answer(part.id)
    if options.edit:
        text = _edited(options, part, session, old, version)
    else:
        text = _given(options)
        if options.expected is not None:
            version = options.expected
        elif old.strip() and old != text and not options.replace:
            raise UsageError(
                f"{part.id} has an answer already ({len(old.split())} words). --edit changes it, and --replace puts "
                "the new text in its place."
            )
        session.write_answer(part.id, text, version)
    if not output.wants_json(options):
        gap = ": " if in_words() else "  "
        print(f"{part.id}{gap}{told(_kept(text, old, session.answer_file(part.id)))}", flush=True)


def _kept(text: str, old: str, file: Path) -> str:
    count = len(text.split())
    if not count:
        return f"the answer in {file} is empty now" if old.strip() else "nothing was written"
    return f"{count} words in {file}" if count > 1 else f"1 word in {file}"


def _given(options: argparse.Namespace) -> str:
    """Return the text of ``--text`` or ``--file``, ended by a line break."""
    if options.text is not None:
        text = str(options.text)
    else:
        name = str(options.file)
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).expanduser().read_bytes()
            text = raw.decode("utf-8-sig")
        except OSError as error:
            raise UsageError(f"{name}: cannot be read ({error.strerror}); nothing was saved.") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{name}: is not text in UTF-8 ({error.reason}); nothing was saved.") from error
    return text if not text or text.endswith("\n") else f"{text}\n"


def _edited(options: argparse.Namespace, part: Part, session: Session, old: str, version: str) -> str:
    """Let the user change the answer in an editor, and save it; the editor's file stays where saving fails.

    The question and where its evidence is stand below the answer, as a comment that is not saved.
    """
    command = _editor()
    folder = Path(tempfile.mkdtemp(prefix="workbench-answer-"))
    file = folder / f"{part.ascii_id}.md"
    file.write_text(old + _comment(part, output.language_of(options, session)), encoding="utf-8")
    done = subprocess.run([*command, str(file)], check=False)
    if done.returncode != 0:
        raise UsageError(f"{command[0]} ended with code {done.returncode}; nothing was saved. Its text is in {file}.")
    try:
        text = without_comment(file.read_text(encoding="utf-8"))
        if text.strip() or old.strip():
            session.write_answer(part.id, text, version)
    except AnswerConflictError as error:
        message = f"{error}. Your text is in {file}"
        raise AnswerConflictError(message, session.answer_file(part.id), error.text, error.version) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read as text ({error}); nothing was saved.") from error
    shutil.rmtree(folder)
    return text


def _comment(part: Part, language: str) -> str:
    """Return the question and where its evidence is, as a comment in Markdown from the line `COMMENT` on."""
    assert part.question is not None
    lines = [f"{part.id}  {part.title.to(language)}", "", *wrap(part.question.to(language), COMMENT_WIDTH), ""]
    shown = [f"show {one}" for one in (catalogue().parts[name].ascii_id for name in part.evidence)]
    lines += wrap(_EVIDENCE.to(language).format(", ".join([f"answer {part.ascii_id}", *shown])), COMMENT_WIDTH)
    # Nothing in the question can end the comment early.
    inside = "\n".join(lines).replace("--", "––")
    return f"\n\n{COMMENT} {_NOT_SAVED.to(language)}\n\n{inside}\n-->\n"


def without_comment(text: str) -> str:
    """Return what a user wrote, without the comment that `answer --edit` put below it; Markdown's other ones stay."""
    lines = text.splitlines(keepends=True)
    begin = next((at for at, line in enumerate(lines) if line.startswith(COMMENT)), None)
    if begin is None:
        return text
    end = next((at for at in range(begin, len(lines)) if lines[at].rstrip().endswith("-->")), len(lines) - 1)
    kept = "".join([*lines[:begin], *lines[end + 1 :]]).strip("\n")
    return f"{kept}\n" if kept.strip() else ""


def _editor() -> list[str]:
    """Return the command of the user's editor."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    command = shlex.split(named) if named else [name for name in EDITORS if shutil.which(name)][:1]
    if not command or shutil.which(command[0]) is None:
        raise UsageError(
            f"No editor: {named or ' and '.join(EDITORS)} cannot be found. Set EDITOR, or use --text or --file."
        )
    # An editor of ours would wait for ever for keys that nobody can press; one of the user's may have a window.
    if not named and not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise UsageError(f"{command[0]} needs a terminal, and there is none. Set EDITOR, or use --text or --file.")
    return command


def _print(part: Part, session: Session | None, language: str) -> None:
    """Print question, evidence, note and answer."""
    from rich.console import Console
    from rich.markdown import Markdown

    width = min(shutil.get_terminal_size(output.FALLBACK_SIZE).columns, output.TEXT_WIDTH)
    # What is read out is not broken into lines: its listener's program knows better where.
    console = Console(width=width, highlight=False, markup=False, soft_wrap=in_words())
    assert part.question is not None
    answer = session.read_answer(part.id)[0] if session is not None else ""
    state = say("answered" if answer.strip() else "not answered", language)
    head = (", " if in_words() else "  ").join((part.id, part.title.to(language), state))
    console.print(f"{head}\n\n{part.question.to(language)}")
    drawn = part.illustrate()
    if drawn is not None:
        output.print_contents(part, drawn, language)
    for one in part.evidence:
        _print_evidence(catalogue().parts[one], session, language, console)
    text = note(part, language)
    if text is not None:
        console.print(f"\n{say('Reference note (it does not count as your answer)', language)}\n")
        console.print(text.strip().replace("**", "") if in_words() else Markdown(text))
    if answer.strip():
        console.print(f"\n{say('Your answer', language)}\n\n{printable_lines(answer.rstrip())}")
    else:
        how = f"answer {part.ascii_id} --edit | --text TEXT | --file FILE"
        console.print(f"\n{say('No answer yet. Write it with: {}', language).format(how)}")
    for path in rescued(session, part.id) if session is not None else ():
        kept = say("A text that found no place is in {} (delete it when done)", language)
        console.print(f"\n{kept.format(path)}", soft_wrap=True)


def _print_evidence(part: Part, session: Session | None, language: str, console: Console) -> None:
    """Print what a part has measured: its values, text and short tables, and where its figures are."""
    found = _result(session, part)
    if found is None:
        how = f"run {part.ascii_id}" if in_words() else f"python -m workbench --step {part.ascii_id}"
        how = how if part.built else say("not built yet in this version", language)
        none = say("Evidence of {}, {}: none yet ({})", language).format(part.id, part.title.to(language), how)
        console.print(f"\n{none}")
        return
    finished, result = found
    of = say("Evidence of {}, {}, run {}", language).format(part.id, part.title.to(language), finished.run.id)
    console.print(f"\n{of}")
    if not finished.current:
        console.print(say("(of other data than those the session has now)", language))
    short = {name: table for name, table in result.tables.items() if len(table.rows) <= LONGEST_TABLE}
    output.print_contents(part, Result(result.values, short, {}, result.text), language)
    if result.figures:
        drawn = say("{}: drawn by `{}`", language).format(", ".join(result.figures), f"show {part.ascii_id}")
        console.print(f"\n{drawn}")


def _result(session: Session | None, part: Part) -> tuple[Finished, Result] | None:
    finished = None if session is None else newest_result(session, part)
    stored = None if finished is None else finished.run.result()
    return None if finished is None or stored is None else (finished, results.from_json(stored))


def _as_json(part: Part, session: Session | None, language: str) -> dict[str, Any]:
    assert part.question is not None
    answer, version = session.read_answer(part.id) if session is not None else ("", "")
    return {
        "format": 1,
        "session": session.name if session is not None else None,
        "part": part.id,
        "title": part.title.to(language),
        "status": "answered" if answer.strip() else "not answered",
        "question": part.question.to(language),
        "answer": answer,
        "version": version,
        "file": str(session.answer_file(part.id)) if session is not None else None,
        "evidence": [_evidence_json(catalogue().parts[one], session) for one in part.evidence],
        "note": note(part, language),
    }


def _evidence_json(part: Part, session: Session | None) -> dict[str, Any]:
    found = _result(session, part)
    if found is None:
        return {"part": part.id, "run": None, "status": "no result", "values": {}, "text": ""}
    finished, result = found
    plain = results.to_json(result)
    return {
        "part": part.id,
        "run": finished.run.id,
        "status": "finished" if finished.current else "finished on other data",
        **{name: plain[name] for name in ("values", "intervals", "undefined", "text")},
    }
