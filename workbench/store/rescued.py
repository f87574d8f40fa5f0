"""Texts of answers that could not take their place: put beside it or where there is room, and found again."""

from __future__ import annotations

import glob
import time
from collections.abc import Iterator
from pathlib import Path

from workbench.store.atomic import write_file
from workbench.store.errors import StoreError
from workbench.store.folders import make_folder
from workbench.store.names import time_stamp
from workbench.store.places import state_dir
from workbench.store.session import Session


def rescue(session: Session, part: str, text: str) -> Path:
    """Write a text into a file of its own, beside the answer or, where that is refused, in the state folder.

    Returns
    -------
    Path
        That file.

    Raises
    ------
    StoreError
        If no place takes it; why the first did not.
    """
    refused: StoreError | None = None
    for start in _starts(session, part):
        path = start.with_name(f"{start.name}.unsaved-{time_stamp(time.time())}.txt")
        try:
            make_folder(path.parent)
            write_file(path, text.encode("utf-8", "replace"))
        except StoreError as error:
            refused = refused or error
            continue
        return path
    assert refused is not None
    raise refused


def rescued(session: Session, part: str) -> tuple[Path, ...]:
    """Return the files that `rescue` made for an answer and that are there still, the oldest first."""
    found = {
        path
        for start in _starts(session, part)
        for path in start.parent.glob(f"{glob.escape(start.name)}.unsaved-*.txt")
    }
    return tuple(sorted(found, key=lambda path: path.name))


def _starts(session: Session, part: str) -> Iterator[Path]:
    """Yield, by place, the path that the names of the files begin with."""
    answer, folder = session.answer_file(part), session.folder
    elsewhere = f"{folder.name}-{answer.stem}"
    # Beside a session that was deleted, which is not to come back half.
    yield answer.with_name(answer.stem) if folder.is_dir() else folder.with_name(elsewhere)
    yield state_dir() / "answers" / elsewhere
