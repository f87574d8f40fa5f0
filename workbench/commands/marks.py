"""``note``, ``tag``, ``pin`` and ``delete``: what a user keeps about runs, and runs that are kept no longer."""

from __future__ import annotations

import argparse
import json
from typing import Any

from labsteps.catalogue import catalogue
from labsteps.errors import UnknownPartError, UsageError
from workbench.commands.choose import open_existing
from workbench.commands.control import find_run, part_of
from workbench.commands.sessions import confirm_emptying
from workbench.exits import Exit
from workbench.runner.naming import id_meant, ids_like, run_named
from workbench.speaking import told
from workbench.store.errors import MissingError
from workbench.store.marks import (
    change_tags,
    empty_run_trash,
    pin,
    read_marks,
    read_notes,
    remove_run,
    removed_runs,
    restore_run,
    write_note,
    write_notes,
)
from workbench.store.run import RunFolder
from workbench.store.session import Session


def run_note(options: argparse.Namespace) -> int:
    """Add to the note of a run or of the session, or print the notes."""
    session = open_existing(options)
    words = list(options.words)
    # "5 epochs are too few" speaks of epochs, not of step 5.
    begins_a_text = len(words) > 1 and words[0].isdecimal()
    run = _named(session, words[0]) if words and not begins_a_text else None
    text = " ".join(words if run is None else words[1:]).strip()
    if run is not None and (text or options.replace):
        note = write_note(run, text, replace=options.replace).note
        return _tell(options, {"run": run.id, "note": note}, [f"note on {part_of(run)}, run {run.id}:", *_lines(note)])
    if run is None and (text or options.replace):
        notes = write_notes(session, text, replace=options.replace)
        return _tell(options, {"run": None, "note": notes}, [f"note on session {session.name}:", *_lines(notes)])
    return _notes(options, session, session.runs() if run is None else [run], of_session=run is None)


def run_tag(options: argparse.Namespace) -> int:
    """Give a run tags or take them away; without tags, print those it has."""
    run = find_run(open_existing(options), options.run)
    tags = [tag for word in options.tags for tag in word.split(",") if tag.strip()]
    if not tags:
        marks = read_marks(run)
    else:
        marks = change_tags(run, remove=tags) if options.remove else change_tags(run, add=tags)
    told = f"{part_of(run)}, run {run.id}: {', '.join(marks.tags) or 'no tags'}"
    return _tell(options, {"run": run.id, "tags": list(marks.tags)}, [told])


def run_pin(options: argparse.Namespace) -> int:
    """Pin a run, or let it go."""
    run = find_run(open_existing(options), options.run)
    marks = pin(run, pinned=not options.remove)
    told = f"{part_of(run)}, run {run.id}: {'pinned' if marks.pinned else 'no longer pinned'}"
    return _tell(options, {"run": run.id, "pinned": marks.pinned}, [told])


def run_delete(options: argparse.Namespace) -> int:
    """Move runs to the trash or take them out, or empty it; without runs, list the trash.

    Raises
    ------
    UsageError
        If a part has several runs, or the trash is not to be emptied after all.
    BusyError
        If a run is going on or pinned; those before it are removed.
    """
    session = open_existing(options)
    if options.empty_trash:
        if options.runs or options.restore:
            raise UsageError("--empty-trash deletes all that is in the trash; it takes no runs and no --restore.")
        ids = [run.id for run in removed_runs(session)]
        confirm_emptying(ids, f"the trash of {session.name}", asked=not options.yes)
        count = empty_run_trash(session)
        return _tell(options, {"deleted": count}, [f"deleted {count} from the trash"])
    if not options.runs:
        rows = [{"run": run.id, "part": part_of(run)} for run in removed_runs(session)]
        lines = [f"{row['part']:<6} {row['run']}" for row in rows] or [f"the trash of {session.name} is empty"]
        return _tell(options, {"session": session.name, "trash": rows}, lines)
    if options.restore:
        removed = [run.id for run in removed_runs(session)]
        back = [restore_run(session, id_meant(name, removed) or name).id for name in options.runs]
        return _tell(options, {"restored": back}, [f"restored {run_id}" for run_id in back])
    runs = [_only_run(session, name) for name in dict.fromkeys(options.runs)]
    for run in runs:
        remove_run(session, run.id)
    ids = [run.id for run in runs]
    lines = [f"moved {run_id} to the trash; `delete --restore {run_id}` brings it back" for run_id in ids]
    return _tell(options, {"removed": ids}, lines)


def _named(session: Session, word: str) -> RunFolder | None:
    """Return the run that a word names, or None where it is the beginning of a text."""
    try:
        catalogue().resolve(word)
    except UnknownPartError:
        # A text can begin with a year, which is the beginning of many ids; with a dash it is meant for one.
        many = "-" not in word and len(ids_like(word, [run.id for run in session.runs()])) > 1
        return None if many else run_named(session, word)
    return find_run(session, word)


def _only_run(session: Session, name: str) -> RunFolder:
    """Return the run of this id, or the only one of a part: what is deleted is never guessed."""
    if (named := run_named(session, name)) is not None:
        return named
    runs = session.runs()
    parts = {part.id for part in catalogue().resolve(name).parts}
    own = [run for run in runs if part_of(run) in parts]
    if len(own) > 1:
        raise UsageError(f"{name} has {len(own)} runs; name those to delete: {', '.join(run.id for run in own)}")
    if not own:
        raise MissingError(f"Session {session.name!r} has no run of {name}.", session.folder)
    return own[0]


def _notes(options: argparse.Namespace, session: Session, runs: list[RunFolder], *, of_session: bool) -> int:
    rows = []
    lines = _lines(read_notes(session)) if of_session else []
    for run in runs:
        marks = read_marks(run)
        if marks.note or marks.tags or marks.pinned:
            rows.append({"run": run.id, "part": part_of(run), **marks._asdict()})
            labels = [*(["pinned"] if marks.pinned else []), *marks.tags]
            lines.append(f"{part_of(run):<6} {run.id}  {', '.join(labels)}".rstrip())
            lines += [f"       {line}" for line in marks.note.splitlines()]
    about = {"session": session.name, "note": read_notes(session) if of_session else "", "runs": rows}
    return _tell(options, about, lines or ["no notes yet"])


def _lines(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()] or ["  (empty)"]


def _tell(options: argparse.Namespace, data: dict[str, Any], lines: list[str]) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, **data}, ensure_ascii=False, indent=1))
        return Exit.DONE
    for line in lines:
        print(told(line))
    return Exit.DONE
