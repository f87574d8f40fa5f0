"""Sessions: names, settings and answers that two processes cannot lose for each other."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_children import every_kill, flipped, leftovers

from workbench.store.errors import (
    AnswerConflictError,
    BusyError,
    DamagedError,
    ExistsError,
    JsonError,
    MissingError,
    SessionFormatError,
    SessionNotFoundError,
    StorageError,
    StoreError,
    UnusableNameError,
)
from workbench.store.names import part_file, slug, usable_name
from workbench.store.records import write_record
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "sessions")


def in_children(count: int, action: object) -> list[int]:
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            code = 3
            try:
                action(number)  # type: ignore[operator]
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return [os.waitpid(child, 0)[1] for child in children]


# Creating and opening


def test_a_new_session_has_its_settings_in_one_readable_file(sessions: Sessions) -> None:
    session = sessions.create("Διπλωματική", data_root=Path("/data/εδώ"), seed=5, device="cpu", language="el")
    assert (session.name, session.data_root, session.seed) == ("Διπλωματική", Path("/data/εδώ"), 5)
    assert (session.device, session.language, session.data_fingerprint) == ("cpu", "el", None)
    assert session.folder.name == "diplomatiki"
    text = (session.folder / "session.json").read_text(encoding="utf-8")
    assert "Διπλωματική" in text
    assert json.loads(text)["format"] == 1


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=120))
def test_any_name_that_can_be_shown_gives_a_plain_folder(name: str) -> None:
    try:
        normal = usable_name(name)
    except UnusableNameError:
        assert not name.strip().strip(".") or not name.strip().isprintable() or len(name) > 90 or set(name) & set("/\\")
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(normal))
    assert len(slug(normal)) <= 60


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31mb", "x" * 101, "a\u2028b"])
def test_names_that_cannot_be_shown_are_refused(sessions: Sessions, name: str) -> None:
    with pytest.raises(UnusableNameError, match="name"):
        sessions.create(name)
    assert sessions.entries() == []


@pytest.mark.parametrize("name", ["../evil", "/root", "a/b", "a\\b", "..", "."])
def test_names_that_look_like_a_path_are_refused_with_the_reason(sessions: Sessions, name: str) -> None:
    with pytest.raises(UnusableNameError, match=r"cannot hold / or|dots alone"):
        sessions.create(name)
    sessions.create("one")
    with pytest.raises(UnusableNameError):
        sessions.rename("one", name)
    assert [entry.name for entry in sessions.entries()] == ["one"]


@pytest.mark.parametrize("name", ["..a", "CON", "-rf", "日本語", "🎵"])
def test_names_do_not_lead_out_of_the_folder(sessions: Sessions, name: str) -> None:
    session = sessions.create(name)
    assert session.folder.parent == sessions.folder
    assert sessions.open(name).folder == session.folder


def test_a_name_is_there_once_whatever_its_case(sessions: Sessions) -> None:
    sessions.create("Εργασία")
    for again in ("Εργασία", "ΕΡΓΑΣΊΑ", " εργασία "):
        with pytest.raises(ExistsError, match="choose another name"):
            sessions.create(again)
    assert sessions.create("ergasia").folder.name == "ergasia-2"


def test_many_processes_create_sessions_at_once(sessions: Sessions) -> None:
    def create(number: int) -> None:
        for index in range(5):
            sessions.create(f"s {'-' * number} {index}")  # all have the folder name s-<index>

    assert in_children(3, create) == [0, 0, 0]
    assert len(sessions.entries()) == 15
    assert all(not entry.problem for entry in sessions.entries())


def test_a_kill_while_creating_leaves_a_whole_session_or_none(sessions: Sessions) -> None:
    def prepare() -> None:
        for entry in sessions.entries():
            assert not entry.problem
            sessions.remove(entry.name)
        sessions.empty_trash()

    seen = set()
    for _ in every_kill(lambda: sessions.create("x", seed=3), prepare):
        seen.add(tuple(entry.name for entry in sessions.entries()))
    assert seen == {(), ("x",)}
    prepare()
    assert leftovers(sessions.folder) == []


def test_the_session_opened_last_is_opened_again(sessions: Sessions) -> None:
    for name in ("one", "two", "three"):
        sessions.create(name)
    sessions.open("one")
    assert sessions.open().name == "one"
    assert sessions.last() == "one"
    assert Sessions(sessions.folder).open().name == "one"
    (sessions.folder / ".last").write_bytes(b"garbage")
    assert sessions.open().name in ("one", "two", "three")


def test_without_a_last_one_the_most_recent_that_can_be_read_is_opened(sessions: Sessions) -> None:
    old, new = sessions.create("old"), sessions.create("new")
    for path, when in ((old.folder / "session.json", 1000), (new.folder / "session.json", 2000)):
        os.utime(path, (when, when))
    assert sessions.open().name == "new"
    (sessions.folder / ".last").unlink()
    (new.folder / "session.json").write_bytes(b"{")
    assert sessions.open().name == "old"


def test_where_there_is_none_the_message_says_what_to_do(sessions: Sessions) -> None:
    with pytest.raises(SessionNotFoundError, match=r"create one.*--sessions-dir"):
        sessions.open()
    with pytest.raises(SessionNotFoundError, match="there is none yet"):
        sessions.open("x")
    assert sessions.last() is None


def test_a_misspelt_name_gets_suggestions(sessions: Sessions) -> None:
    sessions.create("thesis-run")
    sessions.create("Διπλωματική")
    with pytest.raises(SessionNotFoundError, match="did you mean 'thesis-run'") as caught:
        sessions.open("tesis-rnu")
    assert caught.value.suggestions == ("thesis-run",)
    with pytest.raises(SessionNotFoundError, match="Διπλωματική"):
        sessions.open("Διπλοματικη")
    with pytest.raises(SessionNotFoundError, match="there are 2 others"):
        sessions.open("qqqqqq")


def test_a_folder_name_opens_its_session_too(sessions: Sessions) -> None:
    sessions.create("Διπλωματική")
    assert sessions.open("diplomatiki").name == "Διπλωματική"


def test_unreadable_sessions_are_listed_with_their_problem(sessions: Sessions) -> None:
    for name in ("good", "cut", "newer", "empty"):
        sessions.create(name)
    (sessions.folder / "cut" / "session.json").write_bytes(b'{"format": 1, "na')
    write_record(sessions.folder / "newer" / "session.json", {"format": 2, "name": "newer"})
    (sessions.folder / "empty" / "session.json").unlink()
    (sessions.folder / "README.md").write_text("not a session")
    problems = {entry.name: entry.problem for entry in sessions.entries()}
    assert set(problems) == {"good", "cut", "newer", "empty"}
    assert problems["good"] == ""
    assert "session.json" in problems["cut"]
    assert "newer version" in problems["newer"]
    assert "has no session.json" in problems["empty"]
    with pytest.raises(SessionFormatError, match=r"newer.session\.json.*format 2.*up to 1.*update"):
        sessions.open("newer")
    with pytest.raises(DamagedError, match=r"cut.session\.json"):
        sessions.open("cut")
    with pytest.raises(SessionNotFoundError, match=r"session\.json"):
        Session(sessions.folder / "empty")


def test_the_list_begins_with_the_session_last_written_to(sessions: Sessions) -> None:
    for when, name in enumerate(("a", "b", "c"), start=1):
        session = sessions.create(name)
        os.utime(session.folder / "session.json", (when, when))
    assert [entry.name for entry in sessions.entries()] == ["c", "b", "a"]
    sessions.open("a").write_answer("1α", "text", "")
    assert [entry.name for entry in sessions.entries()] == ["a", "c", "b"]


def test_an_older_session_is_read_with_defaults(sessions: Sessions) -> None:
    folder = sessions.folder / "old"
    folder.mkdir(parents=True)
    (folder / "session.json").write_text('{"name": "from before", "seed": 4}')
    session = sessions.open("from before")
    assert (session.seed, session.device, session.data_root, session.language) == (4, "auto", None, "en")
    session.update(device="cpu")
    assert json.loads((folder / "session.json").read_text())["format"] == 1


@pytest.mark.parametrize("wrong", ['{"format": "x"}', '{"format": true}', '{"format": 1, "seed": "x"}', "[]", "3"])
def test_settings_of_a_wrong_kind_are_damage(sessions: Sessions, wrong: str) -> None:
    folder = sessions.folder / "x"
    folder.mkdir(parents=True)
    (folder / "session.json").write_text(wrong)
    with pytest.raises(DamagedError, match=r"session\.json"):
        Session(folder)


def test_every_flipped_bit_of_a_session_file_is_noticed_or_harmless(sessions: Sessions) -> None:
    session = sessions.create("Διπλωματική", seed=12, data_root="/data")
    path, good = session.folder / "session.json", session.settings
    whole = path.read_bytes()
    for index in range(len(whole)):
        path.write_bytes(flipped(whole, index, (index * 3) % 8))
        try:
            found = Session(session.folder).settings
        except StoreError as error:
            assert "session.json" in str(error)
        else:
            assert {name: found[name] for name in good} == good


def test_a_folder_that_may_only_be_read_can_be_looked_at(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions.create("x")

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        assert sessions.open("x").name == "x"
        with pytest.raises(StorageError, match=r"session\.json: the file system is read-only"):
            sessions.open("x").update(device="cpu")


# Settings


def test_settings_of_two_processes_do_not_undo_each_other(sessions: Sessions) -> None:
    session = sessions.create("x")

    def change(number: int) -> None:
        for value in range(10):
            Session(session.folder).update(**{f"setting_{number}": value})

    assert in_children(3, change) == [0, 0, 0]
    assert [session.settings[f"setting_{number}"] for number in range(3)] == [9, 9, 9]


def test_a_change_elsewhere_is_seen_at_once(sessions: Sessions) -> None:
    session = sessions.create("x")
    Session(session.folder).update(device="cuda:0", data_root=Path("/new"))
    assert (session.device, session.data_root) == ("cuda:0", Path("/new"))


@pytest.mark.parametrize("change", [{"seed": "x"}, {"seed": True}, {"device": 3}, {"format": 1}, {"created": 1.0}])
def test_wrong_settings_are_refused(sessions: Sessions, change: dict[str, object]) -> None:
    session = sessions.create("x")
    before = session.settings
    with pytest.raises(JsonError, match=next(iter(change))):
        session.update(**change)
    assert session.settings == before


def test_a_kill_while_a_setting_changes_leaves_the_old_or_the_new(sessions: Sessions) -> None:
    session = sessions.create("x", seed=1)
    seen = set()
    for _ in every_kill(lambda: session.update(seed=2), lambda: session.update(seed=1)):
        seen.add(Session(session.folder).seed)
    assert seen == {1, 2}


# Answers


def test_an_answer_is_a_plain_file_whatever_way_its_part_is_written(sessions: Sessions) -> None:
    session = sessions.create("x")
    assert session.read_answer("5γ") == ("", "")
    version = session.write_answer("5c", "Η απάντηση\r\nμου\n", "")
    assert session.read_answer("5.c") == ("Η απάντηση\r\nμου\n", version)
    assert (session.folder / "answers" / "5γ.md").read_bytes() == "Η απάντηση\r\nμου\n".encode()
    session.write_answer("7.1α", "  \n", "")
    assert session.answers() == {"5γ": "Η απάντηση\r\nμου\n"}


def test_an_answer_changed_elsewhere_is_not_written_over(sessions: Sessions) -> None:
    session = sessions.create("x")
    version = session.write_answer("5γ", "first", "")
    (session.folder / "answers" / "5γ.md").write_text("by an editor")
    with pytest.raises(AnswerConflictError, match=r"5γ\.md.*changed elsewhere") as caught:
        session.write_answer("5γ", "second", version)
    assert caught.value.text == "by an editor"
    session.write_answer("5γ", "both", caught.value.version)
    assert session.read_answer("5γ")[0] == "both"


def test_of_two_who_write_at_once_one_is_told(sessions: Sessions) -> None:
    session = sessions.create("x")

    def write(number: int) -> None:
        try:
            session.write_answer("5γ", f"by {number}", "")
        except AnswerConflictError as error:
            assert error.text == session.read_answer("5γ")[0]
            os._exit(7)

    assert sorted(os.waitstatus_to_exitcode(status) for status in in_children(4, write)) == [0, 7, 7, 7]


def test_an_empty_answer_can_be_emptied_and_saved_twice(sessions: Sessions) -> None:
    session = sessions.create("x")
    version = session.write_answer("5γ", "", "")
    assert version
    assert session.write_answer("5γ", "", version) == version
    assert session.answers() == {}


@pytest.mark.parametrize("part", ["", "..", "../x", "5/γ", ".5", "x"])
def test_an_answer_to_what_is_no_part_is_refused(sessions: Sessions, part: str) -> None:
    with pytest.raises(UnusableNameError, match="id of a part"):
        sessions.create("x").write_answer(part, "text", "")


def test_parts_are_filed_as_the_assignment_writes_them() -> None:
    assert [part_file(part) for part in ("5c", "5.C", "7.1e", "11δ", "3", "10Α")] == [
        "5γ",
        "5γ",
        "7.1ε",
        "11δ",
        "3",
        "10α",
    ]


def test_an_answer_that_is_no_text_is_named(sessions: Sessions) -> None:
    session = sessions.create("x")
    version = session.write_answer("5γ", "x", "")
    session.answer_file("5γ").write_bytes(b"\xff\xfe")
    with pytest.raises(DamagedError, match=r"5γ\.md.*UTF-8"):
        session.read_answer("5γ")
    with pytest.raises(DamagedError):
        session.write_answer("5γ", "y", version)
    with pytest.raises(JsonError, match="half a character"):
        session.write_answer("5δ", "\ud800", "")


# Runs of a session


def test_runs_are_listed_oldest_first_and_found_by_id(sessions: Sessions) -> None:
    session = sessions.create("x")
    runs = [session.create_run({"part": "5γ", "seed": seed}) for seed in range(4)]
    assert [run.record["seed"] for run in session.runs()] == [0, 1, 2, 3]
    assert session.runs()[0] is session.runs()[0]
    assert session.run(runs[2].id).record["seed"] == 2
    for bad in ("nothing", "../x", ".", ""):
        with pytest.raises(MissingError, match="history"):
            session.run(bad)
    with runs[1].take():
        assert [run.id for run in session.live_runs()] == [runs[1].id]


# Rename, copy, trash


def test_a_renamed_session_keeps_its_folder_for_the_runs_at_work_in_it(sessions: Sessions) -> None:
    session = sessions.create("before")
    with session.create_run({"part": "5γ"}).take():
        renamed = sessions.rename("before", "Μετά")
    assert renamed.folder == session.folder
    assert sessions.open("Μετά").folder == session.folder
    sessions.rename("Μετά", "ΜΕΤΆ")  # its own name in another form is free
    sessions.create("other")
    with pytest.raises(ExistsError):
        sessions.rename("ΜΕΤΆ", "Other")


def test_a_copy_is_independent_and_can_be_resumed(sessions: Sessions) -> None:
    session = sessions.create("x", seed=3)
    run = session.create_run({"part": "5γ", "seed": 3})
    run.checkpoints.save(3, lambda folder: (folder / "model.safetensors").write_bytes(b"123"), {"a": 1})
    session.write_answer("5γ", "mine", "")
    with run.take(), run.writer() as events:
        events.append("started")
        with open(run.path / "events.jsonl", "ab") as file:
            file.write(b"torn")
        copy = sessions.copy("x", "y")
    assert copy.folder != session.folder
    assert (copy.name, copy.seed, copy.answers()) == ("y", 3, {"5γ": "mine"})
    (copied,) = copy.runs()
    assert copied.state is RunState.INTERRUPTED
    assert (copied.path / "events.jsonl").read_bytes().endswith(b"\n")
    newest = copied.checkpoints.newest(report=lambda text: None)
    assert newest is not None
    (newest.folder / "model.safetensors").write_bytes(b"changed")
    assert run.checkpoints.get(3) is not None
    assert leftovers(sessions.folder) == []


def test_a_removed_session_can_be_taken_back(sessions: Sessions) -> None:
    sessions.create("x", seed=9).write_answer("5γ", "mine", "")
    kept = sessions.remove("x")
    assert sessions.entries() == []
    assert [(entry.name, entry.folder.name) for entry in sessions.trash()] == [("x", kept)]
    sessions.create("x")
    restored = sessions.restore("x")
    assert (restored.name, restored.seed, restored.answers()) == ("x (2)", 9, {"5γ": "mine"})
    assert sessions.trash() == []
    with pytest.raises(SessionNotFoundError, match=r"\.trash.*; the trash is empty"):
        sessions.restore("x")


def test_an_emptied_trash_is_empty(sessions: Sessions) -> None:
    for name in ("a", "b"):
        sessions.create(name)
        sessions.remove(name)
    assert sessions.empty_trash() == 2
    assert sessions.trash() == []
    assert sessions.empty_trash() == 0


def test_a_session_with_a_run_at_work_is_not_removed(sessions: Sessions) -> None:
    run = sessions.create("x").create_run({"part": "5γ"})
    with run.take(), pytest.raises(BusyError, match=rf"{run.id} is going on; stop it first"):
        sessions.remove("x")
    sessions.remove("x")
