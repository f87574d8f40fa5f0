"""The event log: torn ends are cut, damaged lines skipped, new events cheap to read."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_children import run_in_child, with_file_limit
from test_store_atomic import JSON

from workbench.store.errors import JsonError, StorageError
from workbench.store.events import EventReader, EventWriter, parse_lines, read_events, read_last_events

few = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = st.dictionaries(st.sampled_from(["loss", "epoch", "text", "values"]), JSON, max_size=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def log(path: Path, count: int, kind: str = "step") -> None:
    with EventWriter(path) as writer:
        for number in range(count):
            writer.append(kind, number=number)


def seqs(path: Path) -> list[int]:
    return [event["seq"] for event in read_events(path)]


@few
@given(payloads=st.lists(FIELDS, max_size=6))
def test_any_json_comes_back_and_is_one_line_each(path: Path, payloads: list[dict[str, object]]) -> None:
    path.unlink(missing_ok=True)
    with EventWriter(path) as writer:
        written = [writer.append("x", **payload) for payload in payloads]
    assert read_events(path) == written
    assert path.read_bytes().count(b"\n") == len(payloads)
    assert [event["seq"] for event in written] == list(range(1, len(payloads) + 1))


def test_separators_of_lines_in_unicode_do_not_part_lines(path: Path) -> None:
    with EventWriter(path) as writer:
        writer.append("x", text="a\u2028b\u2029c\x85d\x0be\rf\ng")
        writer.append("y")
    assert [event["kind"] for event in read_events(path)] == ["x", "y"]
    assert read_events(path)[0]["text"] == "a\u2028b\u2029c\x85d\x0be\rf\ng"


@few
@given(payloads=st.lists(FIELDS, min_size=1, max_size=4), place=st.integers(0, 10_000))
def test_a_log_cut_anywhere_goes_on_after_its_last_whole_line(
    path: Path, payloads: list[dict[str, object]], place: int
) -> None:
    path.unlink(missing_ok=True)
    with EventWriter(path) as writer:
        written = [writer.append("x", **payload) for payload in payloads]
    raw = path.read_bytes()
    cut = place % (len(raw) + 1)
    path.write_bytes(raw[:cut])
    whole = raw[:cut].count(b"\n")
    assert read_events(path) == written[:whole]
    with EventWriter(path) as writer:
        assert writer.append("next")["seq"] == whole + 1
    assert read_events(path)[:-1] == written[:whole]


@few
@given(index=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_at_most_the_lines_it_touches(path: Path, index: int, bit: int) -> None:
    path.unlink(missing_ok=True)
    log(path, 20)
    raw = bytearray(path.read_bytes())
    raw[index % (len(raw) - 1)] ^= 1 << bit
    path.write_bytes(raw)
    reader = EventReader(path)
    events = reader.poll()
    assert len(events) + 2 >= 20
    assert len(events) + reader.damaged in (19, 20, 21)
    with EventWriter(path) as writer:  # and the log can be gone on with
        writer.append("next")
    assert read_events(path)[-1]["kind"] == "next"


def test_damaged_lines_are_counted_and_skipped(path: Path) -> None:
    log(path, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    bad = [b"garbage\n", b"[1, 2]\n", b"\xff\xfe\n", b"\n", b'{"seq": 1}\n', b"[" * 5000 + b"\n", b"{},{}\n"]
    path.write_bytes(lines[0] + b"".join(bad) + lines[1] + lines[2])
    reader = EventReader(path)
    assert [event["number"] for event in reader.poll()] == [0, 1, 2]
    assert reader.damaged == len(bad)


def test_lines_that_are_json_only_together_are_damaged(path: Path) -> None:
    path.write_bytes(b'{"seq": 1, "kind": "a"\n"x": 2}\n{"seq": 2, "kind": "b"},{"seq": 3, "kind": "c"}\n')
    reader = EventReader(path)
    assert reader.poll() == []
    assert reader.damaged == 3


def test_counting_goes_on_after_damaged_last_lines(path: Path) -> None:
    log(path, 3)
    with open(path, "ab") as file:
        file.write(b"garbage\nmore\n")
    with EventWriter(path) as writer:
        assert writer.append("x")["seq"] == 6
    path.write_bytes(b"garbage\n" * 3)
    with EventWriter(path) as writer:
        assert writer.append("x")["seq"] == 4


def test_counting_finds_the_last_number_behind_a_very_long_line(path: Path) -> None:
    with EventWriter(path) as writer:
        writer.append("x")
        writer.append("long", text="x" * 300_000)
    with EventWriter(path) as writer:
        assert writer.append("y")["seq"] == 3
    with open(path, "ab") as file:
        file.write(b"torn" * 100_000)
    with EventWriter(path) as writer:
        assert writer.append("z")["seq"] == 4
    assert seqs(path) == [1, 2, 3, 4]


def test_a_reader_gets_each_event_once(path: Path) -> None:
    reader = EventReader(path)
    assert reader.poll() == []
    with EventWriter(path) as writer:
        assert reader.poll() == []
        writer.append("a")
        assert [event["kind"] for event in reader.poll()] == ["a"]
        writer.append("b")
        writer.append("c")
        assert [event["kind"] for event in reader.poll()] == ["b", "c"]
        assert reader.poll() == []


def test_a_reader_waits_for_the_rest_of_a_torn_line(path: Path) -> None:
    line = b'{"seq": 1, "time": 1.0, "kind": "a"}\n'
    reader = EventReader(path)
    for end in range(len(line)):
        path.write_bytes(line[:end])
        assert reader.poll() == []
    path.write_bytes(line)
    assert [event["kind"] for event in reader.poll()] == ["a"]
    assert reader.damaged == 0


def test_a_reader_goes_on_when_the_writer_cuts_a_torn_line(path: Path) -> None:
    log(path, 2)
    reader = EventReader(path)
    reader.poll()
    with open(path, "ab") as file:
        file.write(b'{"seq": 3, "kind": "torn and quite long')
    assert reader.poll() == []
    log(path, 1, kind="after")
    assert [(event["seq"], event["kind"]) for event in reader.poll()] == [(3, "after")]
    assert reader.damaged == 0


def test_a_reader_goes_on_after_a_crash_took_the_end_away(path: Path) -> None:
    log(path, 5)
    reader = EventReader(path)
    reader.poll()
    lines = path.read_bytes().splitlines(keepends=True)
    with open(path, "r+b") as file:
        file.truncate(len(b"".join(lines[:3])) + 4)
    assert reader.poll() == []
    log(path, 1, kind="after")
    assert [event["kind"] for event in reader.poll()] == ["after"]
    assert reader.damaged == 0


def test_a_reader_starts_again_on_another_file_of_the_name(path: Path, tmp_path: Path) -> None:
    log(path, 5)
    reader = EventReader(path)
    reader.poll()
    log(tmp_path / "other", 2, kind="other")
    os.replace(tmp_path / "other", path)
    assert [event["kind"] for event in reader.poll()] == ["other", "other"]


def test_two_writers_of_one_family_keep_counting(path: Path) -> None:
    parent = EventWriter(path)
    parent.append("before")

    def child() -> None:
        parent.append("in the child")
        parent.append("in the child")

    assert run_in_child(child) == 0
    parent.append("after")
    assert seqs(path) == [1, 2, 3, 4]


def test_names_of_the_log_itself_and_what_is_no_json_are_refused(path: Path) -> None:
    with EventWriter(path) as writer:
        with pytest.raises(JsonError, match="'seq'"):
            writer.append("x", seq=3)
        for bad in (float("nan"), float("inf"), {1, 2}, b"x"):
            with pytest.raises(JsonError, match="'loss'"):
                writer.append("loss", value=bad)
        writer.append("fine")
    assert [event["kind"] for event in read_events(path)] == ["fine"]
    assert seqs(path) == [1]


def test_what_a_full_disk_took_of_an_event_is_cut_off_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with EventWriter(path) as writer:
        writer.append("a")
        calls = []

        def full(descriptor: int, data: memoryview) -> int:
            calls.append(len(data))
            if len(calls) == 1:
                return write(descriptor, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(StorageError, match=r"events\.jsonl: no space left"):
            writer.append("lost")
        monkeypatch.setattr(os, "write", write)
        assert [event["kind"] for event in map(json.loads, path.read_bytes().splitlines())] == ["a"]
        writer.append("b")
    assert [(event["seq"], event["kind"]) for event in read_events(path)] == [(1, "a"), (2, "b")]


def test_where_even_cutting_fails_the_next_append_cuts_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, truncate = os.write, os.ftruncate
    with EventWriter(path) as writer:
        writer.append("a")

        def full(descriptor: int, data: memoryview) -> int:
            if len(data) > 10:
                return write(descriptor, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

        def broken(descriptor: int, size: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "write", full)
        monkeypatch.setattr(os, "ftruncate", broken)
        with pytest.raises(StorageError):
            writer.append("lost")
        monkeypatch.setattr(os, "write", write)
        monkeypatch.setattr(os, "ftruncate", truncate)
        writer.append("b")
    reader = EventReader(path)
    assert [(event["seq"], event["kind"]) for event in reader.poll()] == [(1, "a"), (2, "b")]
    assert reader.damaged == 0


def test_a_file_limit_leaves_whole_lines_only(path: Path) -> None:
    def until_full() -> None:
        with EventWriter(path) as writer, pytest.raises(StorageError, match=r"events\.jsonl"):
            for number in range(1000):
                writer.append("step", number=number)

    with_file_limit(3000, until_full)
    raw = path.read_bytes()
    assert raw.endswith(b"\n")
    count = raw.count(b"\n")
    assert seqs(path) == list(range(1, count + 1))
    log(path, 1)
    assert seqs(path)[-1] == count + 1


def test_the_tail_has_whole_events_only(path: Path) -> None:
    log(path, 100)
    tail = read_last_events(path, size=1000)
    assert tail == read_events(path)[-len(tail) :]
    assert 5 < len(tail) < 30
    assert read_last_events(path, after=path.stat().st_size) == []
    assert len(read_last_events(path, after=0, size=10**6)) == 100


def test_parsing_many_lines_at_once_gives_what_parsing_each_gives(path: Path) -> None:
    log(path, 50)
    raw = path.read_bytes()
    assert parse_lines(raw) == ([json.loads(line) for line in raw.splitlines()], 0)
    assert parse_lines(b"") == ([], 0)
