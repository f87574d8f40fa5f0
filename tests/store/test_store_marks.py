"""Notes, tags, pins, and the trash of runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.store.errors import BusyError, DamagedError, ExistsError, MissingError, UnusableNameError
from workbench.store.marks import (
    Marks,
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
from workbench.store.sessions import Sessions


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("one")


@pytest.fixture
def run(session: Session) -> RunFolder:
    return session.create_run({"part": "5γ"})


def test_a_run_has_no_marks_until_it_is_given_some(run: RunFolder) -> None:
    assert read_marks(run) == Marks()
    write_note(run, "rate too high")
    write_note(run, "second try")
    assert change_tags(run, add=["final", "lstm", "final"]).tags == ("final", "lstm")
    assert change_tags(run, remove=["lstm"]).tags == ("final",)
    pin(run)
    assert read_marks(RunFolder(run.path)) == Marks("rate too high\nsecond try", ("final",), True)
    assert write_note(run, "all new", replace=True).note == "all new"
    assert not pin(run, pinned=False).pinned


@pytest.mark.parametrize("tag", ["", "  ", "a,b", "x" * 41, "a\x1b[2J"])
def test_a_tag_that_cannot_be_shown_is_refused(run: RunFolder, tag: str) -> None:
    with pytest.raises(UnusableNameError):
        change_tags(run, add=[tag])
    assert read_marks(run).tags == ()


def test_damaged_marks_are_named(run: RunFolder) -> None:
    (run.path / "marks.json").write_text("[]\n")
    with pytest.raises(DamagedError, match=r"marks\.json"):
        read_marks(run)


def test_notes_on_a_session_are_a_file_to_read(session: Session) -> None:
    assert read_notes(session) == ""
    write_notes(session, "first")
    write_notes(session, "δεύτερη")
    assert (session.folder / "notes.md").read_text(encoding="utf-8") == "first\nδεύτερη\n"
    write_notes(session, "", replace=True)
    assert read_notes(session) == ""


def test_a_removed_run_can_be_taken_back_with_all_it_had(session: Session, run: RunFolder) -> None:
    write_note(run, "keep me")
    remove_run(session, run.id)
    assert session.runs() == [] and [one.id for one in removed_runs(session)] == [run.id]
    with pytest.raises(MissingError):
        session.run(run.id)
    restored = restore_run(session, run.id)
    assert read_marks(restored).note == "keep me"
    assert [one.id for one in session.runs()] == [run.id] and removed_runs(session) == []
    with pytest.raises(MissingError):
        restore_run(session, run.id)


def test_a_run_that_is_live_or_pinned_is_not_removed(session: Session, run: RunFolder) -> None:
    with run.take(), pytest.raises(BusyError, match="going on"):
        remove_run(session, run.id)
    pin(run)
    with pytest.raises(BusyError, match="pinned"):
        remove_run(session, run.id)
    assert [one.id for one in session.runs()] == [run.id]


def test_a_run_is_not_restored_over_another(session: Session, run: RunFolder) -> None:
    remove_run(session, run.id)
    (session.folder / "runs" / run.id).mkdir()
    with pytest.raises(ExistsError):
        restore_run(session, run.id)


def test_the_trash_can_be_emptied(session: Session, run: RunFolder) -> None:
    remove_run(session, run.id)
    assert empty_run_trash(session) == 1
    assert removed_runs(session) == [] and empty_run_trash(session) == 0


def test_a_copy_of_a_session_has_marks_and_notes_and_not_the_trash(tmp_path: Path, session: Session) -> None:
    kept, gone = session.create_run({"part": "5γ"}), session.create_run({"part": "5γ"})
    write_note(kept, "mine")
    write_notes(session, "about it")
    remove_run(session, gone.id)
    copy = Sessions(tmp_path / "sessions").copy("one", "two")
    assert read_notes(copy) == "about it\n"
    assert {run.id: read_marks(run).note for run in copy.runs()} == {kept.id: "mine"}
    assert removed_runs(copy) == []
