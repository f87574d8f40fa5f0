"""A run's state follows from its files and its lock."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store_children import dead_pid, every_kill, flipped, leftovers, run_in_child, with_file_limit

from workbench.store import locks, run_lock
from workbench.store.errors import (
    DamagedError,
    MissingError,
    RunLockedError,
    StorageError,
    StoreError,
    UnusableNameError,
)
from workbench.store.run import WITHOUT_A_WORD, RunFolder, RunState

RECORD = {"part": "7.1ε", "parameters": {"learning_rate": 0.001}, "seed": 7}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, RECORD)


@contextmanager
def worker(action: Callable[[], None]) -> Iterator[int]:
    """A child that does `action` and then lives until the block ends, when it is killed."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            action()
            os.write(tell, b"1")
            signal.pause()
        finally:
            os._exit(3)
    os.close(tell)
    try:
        assert os.read(ready, 1) == b"1"
        yield child
    finally:
        os.close(ready)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def life(run: RunFolder, *kinds: str, **left: str) -> None:
    """One life of a worker, in this process."""
    with run.take(), run.writer() as events:
        for kind in kinds:
            events.append(kind)
        if left:
            events.append("left", **left)


# Creating


def test_a_new_run_waits_and_knows_what_it_runs(run: RunFolder) -> None:
    assert run.status() == (RunState.WAITING, "")
    assert {name: run.record[name] for name in RECORD} == RECORD
    assert run.record["id"] == run.id
    assert re.fullmatch(r"\d{8}-\d{9}-7\.1e-[0-9a-f]{4}", run.id)
    assert os.listdir(run.path) == ["run.json"]


def test_ids_sort_in_order_of_creation_even_when_the_clock_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    clock = iter([now, now, now - 7200, now - 7200, now + 0.9995, now + 0.9995])
    monkeypatch.setattr(time, "time", lambda: next(clock))
    ids = []
    for _ in range(3):
        ids.append(RunFolder.create(tmp_path, RECORD).id)
    assert ids == sorted(ids)
    assert len({name[:18] for name in ids}) == 3


def test_the_millisecond_after_the_last_of_a_second_is_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "runs" / "29991231-235959999-1a-0000").mkdir(parents=True)
    assert RunFolder.create(tmp_path, RECORD).id.startswith("30000101-000000000-7.1e-")


def test_many_processes_create_runs_at_once(tmp_path: Path) -> None:
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            code = 3
            try:
                for _ in range(10):
                    RunFolder.create(tmp_path, {**RECORD, "seed": number})
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    runs = [RunFolder(path) for path in (tmp_path / "runs").iterdir()]
    assert sorted(run.record["seed"] for run in runs) == sorted(list(range(4)) * 10)


def test_a_kill_while_creating_leaves_a_whole_run_or_none(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    seen = set()
    for _ in every_kill(lambda: RunFolder.create(tmp_path, RECORD), lambda: shutil.rmtree(runs, ignore_errors=True)):
        names = [name for name in os.listdir(runs) if not name.startswith(".")]
        assert [RunFolder(runs / name).record["seed"] for name in names] == [7] * len(names)
        seen.add(len(names))
    assert seen == {0, 1}


def test_a_changed_record_is_seen_and_kept(run: RunFolder) -> None:
    other = RunFolder(run.path)
    assert "environment" not in other.record
    run.update_record(environment={"torch": "2.13.0"})
    assert other.record["environment"] == {"torch": "2.13.0"}
    assert other.record["part"] == "7.1ε"


# State


def test_each_life_has_its_states(run: RunFolder) -> None:
    watcher = RunFolder(run.path)
    with run.take(), run.writer() as events:
        assert watcher.state is RunState.RUNNING
        for kind, state in [
            ("queued", RunState.QUEUED),
            ("started", RunState.RUNNING),
            ("paused", RunState.PAUSED),
            ("acknowledged", RunState.PAUSED),
            ("continued", RunState.RUNNING),
            ("epoch", RunState.RUNNING),
        ]:
            events.append(kind, detail={"kind": "paused"})
            assert watcher.state is state
            assert RunFolder(run.path).state is state
        assert watcher.state.live
    assert watcher.status() == (RunState.INTERRUPTED, WITHOUT_A_WORD)


def test_a_worker_that_says_why_it_leaves_is_interrupted_for_that_reason(run: RunFolder) -> None:
    life(run, "started", "epoch", reason="stop by the user")
    assert run.status() == (RunState.INTERRUPTED, "stop by the user")


def test_an_earlier_farewell_does_not_speak_for_a_later_life(run: RunFolder) -> None:
    life(run, "started", reason="stop by the user")
    assert run.status().reason == "stop by the user"
    life(run)  # killed before it could write anything
    assert run.status() == (RunState.INTERRUPTED, WITHOUT_A_WORD)
    life(run, "resumed", "epoch")
    assert run.status().reason == WITHOUT_A_WORD
    life(run, "resumed", reason="signal SIGTERM")
    assert run.status().reason == "signal SIGTERM"


def test_a_pause_of_an_earlier_life_does_not_pause_the_next(run: RunFolder) -> None:
    life(run, "started", "paused")
    with run.take():
        assert run.state is RunState.RUNNING


def test_a_torn_line_of_an_earlier_life_hides_nothing_of_the_next(run: RunFolder) -> None:
    life(run, "started")
    with open(run.path / "events.jsonl", "ab") as file:
        file.write(b'{"seq": 2, "time": 1, "kind": "a line that was cut off in its mid')
    with run.take(), run.writer() as events:
        events.append("queued")
        assert RunFolder(run.path).state is RunState.QUEUED


def test_a_killed_worker_is_interrupted_at_once(run: RunFolder) -> None:
    def work() -> None:
        run.take()
        run.writer().append("started")

    with worker(work) as pid:
        assert run.state is RunState.RUNNING
        holder = run.holder()
        assert holder is not None
        assert holder["pid"] == pid
        assert holder["host"] == os.uname().nodename
    assert run.status() == (RunState.INTERRUPTED, WITHOUT_A_WORD)


def test_a_result_makes_a_run_finished_and_a_failure_failed(run: RunFolder) -> None:
    assert run.result() is None
    assert run.failure() is None
    run.write_failure({"message": "the loss is not finite at step 12"})
    assert run.status() == (RunState.FAILED, "the loss is not finite at step 12")
    run.write_result({"values": {"test/accuracy": 0.4}})
    assert run.status() == (RunState.FINISHED, "")
    assert run.result() == {"values": {"test/accuracy": 0.4}}


def test_a_failed_run_that_is_taken_up_again_keeps_its_failures(run: RunFolder) -> None:
    for number in (1, 2):
        run.write_failure({"message": f"failure {number}"})
        with run.take():
            assert run.state is RunState.RUNNING
            assert run.failure() is None
    assert json.loads((run.path / "failure-1.json").read_text())["message"] == "failure 1"
    assert json.loads((run.path / "failure-2.json").read_text())["message"] == "failure 2"
    assert run.state is RunState.INTERRUPTED


def test_a_run_without_its_lock_file_that_has_events_can_be_resumed(run: RunFolder) -> None:
    life(run, "started", reason="stop by the user")
    (run.path / "lock").unlink()  # as in an imported session
    assert run.status() == (RunState.INTERRUPTED, "stop by the user")


@pytest.mark.parametrize("name", ["run.json", "result.json", "failure.json"])
def test_damage_of_a_runs_file_is_named(run: RunFolder, name: str) -> None:
    run.write_result({"values": {"test/accuracy": 0.447}})
    run.write_failure({"message": "x"})
    path = run.path / name
    whole = path.read_bytes()
    read = {"run.json": lambda: RunFolder(run.path).record, "result.json": run.result, "failure.json": run.failure}[
        name
    ]
    for damage in (b"", whole[: len(whole) // 2], flipped(whole, len(whole) // 2, 1)):
        path.write_bytes(damage)
        with pytest.raises(DamagedError, match=re.escape(name)):
            read()
        assert run.state is RunState.FINISHED


def test_a_record_that_is_gone_is_named(run: RunFolder) -> None:
    (run.path / "run.json").unlink()
    with pytest.raises(MissingError, match=r"run\.json"):
        _ = run.record


def test_a_kill_while_the_result_is_written_leaves_it_whole_or_not_there(run: RunFolder) -> None:
    for _ in every_kill(
        lambda: run.write_result({"values": {"a": 1.0}}), lambda: (run.path / "result.json").unlink(missing_ok=True)
    ):
        assert run.result() in (None, {"values": {"a": 1.0}})
    with run.take():
        assert leftovers(run.path) == []


def test_a_file_limit_while_the_result_is_written_is_told(run: RunFolder) -> None:
    def too_much() -> None:
        with pytest.raises(StorageError, match=r"result\.json"):
            run.write_result({"text": "x" * 10_000})

    with_file_limit(2000, too_much)
    assert run.state is RunState.WAITING


# Lock


def test_a_second_worker_is_refused_with_the_name_of_the_first(run: RunFolder) -> None:
    with run.take():
        with pytest.raises(RunLockedError, match=rf"process {os.getpid()} on "):
            RunFolder(run.path).take()
        assert run_in_child(lambda: _refused(run)) == 0
    RunFolder(run.path).take().release()


def _refused(run: RunFolder) -> None:
    with pytest.raises(RunLockedError):
        RunFolder(run.path).take()


def test_of_two_workers_at_once_exactly_one_wins(run: RunFolder) -> None:
    for _ in range(10):
        start, go = os.pipe()
        tried, told = os.pipe()
        held, let_go = os.pipe()
        children = []
        for _ in range(3):
            child = os.fork()
            if child == 0:
                code = 3
                try:
                    for ours in (go, let_go):
                        os.close(ours)
                    os.read(start, 1)
                    try:
                        run.take()
                        code = 0
                    except RunLockedError:
                        code = 1
                    os.close(told)
                    os.read(held, 1)  # until the others have tried
                finally:
                    os._exit(code)
            children.append(child)
        for theirs in (start, told, held, go):
            os.close(theirs)
        assert os.read(tried, 1) == b""  # each has closed its end
        os.close(let_go)
        os.close(tried)
        assert sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == [0, 1, 1]


def test_looking_at_the_state_does_not_keep_a_worker_from_taking_the_run(run: RunFolder) -> None:
    run.take().release()
    descriptor = os.open(run.lock_file, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # a reader in the middle of its look
    child = os.fork()
    if child == 0:
        os.close(descriptor)
        code = 3
        try:
            run.take()
            code = 0
        finally:
            os._exit(code)
    time.sleep(0.1)
    os.close(descriptor)
    assert os.waitpid(child, 0)[1] == 0


def test_a_run_that_is_taken_while_it_is_looked_at_is_not_interrupted(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []

    def is_held(path: Path) -> bool:
        if taken:
            return run_lock.is_held(path)
        taken.append(run.take())
        return False  # as it was a moment ago

    monkeypatch.setattr("workbench.store.run.is_held", is_held)
    assert RunFolder(run.path).state.live


def test_a_lock_that_is_made_and_not_taken_yet_is_of_a_run_that_waits(run: RunFolder) -> None:
    run.lock_file.touch()
    assert run.state is RunState.WAITING


def test_a_fork_of_the_worker_holds_the_run_after_its_parent_released_it(run: RunFolder) -> None:
    lock = run.take()
    with worker(lambda: None):
        lock.release()
        assert run.state is RunState.RUNNING
        with pytest.raises(RunLockedError):
            run.take()
    assert run.state is RunState.INTERRUPTED


def test_a_fork_that_ends_does_not_release_its_parents_run(run: RunFolder) -> None:
    with run.take() as lock:
        assert run_in_child(lock.release) == 0
        assert run.state is RunState.RUNNING


def test_programs_started_by_the_worker_do_not_hold_its_run(run: RunFolder) -> None:
    lock = run.take()
    program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lock.release()
        assert run.state is RunState.INTERRUPTED
    finally:
        program.communicate(b"\n")


def test_a_lock_file_without_sense_is_no_harm(run: RunFolder) -> None:
    for content in (b"garbage", b"[]", b"\xff", b'{"events": "x"}'):
        run.lock_file.write_bytes(content)
        assert run.state is RunState.INTERRUPTED
        assert run.holder() in (None, {"events": "x"})
    with run.take():
        assert run.state is RunState.RUNNING


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without flock."""

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(locks.fcntl, "flock", refuse)
    monkeypatch.setattr(run_lock, "_SETTLE", 0.01)


@pytest.mark.usefixtures("no_locks")
def test_without_locks_the_life_of_the_holder_decides(run: RunFolder) -> None:
    with run.take():
        assert run.state is RunState.RUNNING
        with pytest.raises(RunLockedError):
            RunFolder(run.path).take()
    assert run.state is RunState.INTERRUPTED
    with worker(lambda: run.take()):
        assert run.state is RunState.RUNNING
    assert run.state is RunState.INTERRUPTED
    with run.take():
        assert run.state is RunState.RUNNING


@pytest.mark.usefixtures("no_locks")
def test_without_locks_a_process_that_only_has_the_holders_number_does_not_count(run: RunFolder) -> None:
    with run.take():
        content = run.holder()
    assert content is not None
    assert not content.get("released")
    run.lock_file.write_text(json.dumps({**content, "process_start": 1}))
    alive = content["process_start"] is None  # where start times cannot be told, the number has to do
    assert run.state.live is alive
    run.lock_file.write_text(json.dumps({**content, "pid": dead_pid()}))
    assert run.state is RunState.INTERRUPTED
    run.lock_file.write_text(json.dumps({**content, "machine": "elsewhere", "host": "elsewhere"}))
    assert run.state is RunState.RUNNING
    with pytest.raises(RunLockedError, match=r"elsewhere.*remove this file if that machine is off"):
        run.take()


@pytest.mark.usefixtures("no_locks")
def test_without_locks_the_last_of_two_at_once_wins(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(seconds: float) -> None:
        run.lock_file.write_text(json.dumps({"token": "another"}))

    monkeypatch.setattr(time, "sleep", meanwhile)
    with pytest.raises(RunLockedError):
        run.take()


# Files


def test_the_logs_tail_has_whole_characters_and_at_most_so_many_lines(run: RunFolder) -> None:
    assert run.log_tail(5) == []
    run.log_file.write_bytes("πρώτη\nδεύτερη\n\xff τρίτη\nτέταρτη".encode())
    assert run.log_tail(2) == ["\xff τρίτη", "τέταρτη"]
    assert run.log_tail(10) == ["πρώτη", "δεύτερη", "\xff τρίτη", "τέταρτη"]
    assert run.log_tail(0) == []
    run.log_file.write_bytes(b"x" * 3_000_000 + b"\nlast\xff\n")
    assert run.log_tail(1) == ["last\ufffd"]


def test_artifacts_stay_in_the_runs_folder(run: RunFolder) -> None:
    path = run.artifact("figures/loss.png")
    path.write_bytes(b"1")
    assert path == run.path / "figures" / "loss.png"
    for bad in ("", "../x", "/etc/passwd", "a/../../x", "run.json", "events.jsonl", "lock", ".hidden"):
        with pytest.raises(UnusableNameError, match="name of a run's file"):
            run.artifact(bad)


def test_no_file_of_a_run_makes_a_look_at_it_fail_with_anything_but_a_store_error(run: RunFolder) -> None:
    life(run, "started", "epoch", reason="stop")
    run.checkpoints.save(3, lambda folder: (folder / "model.safetensors").write_bytes(b"123"), {"a": 1})
    run.request("stop")
    files = [path for path in run.path.rglob("*") if path.is_file()]
    assert len(files) >= 6
    for path in files:
        whole = path.read_bytes() or b" "
        for damage in (b"", whole[: len(whole) // 2], flipped(whole, len(whole) // 3, 4), b"\0" * len(whole), b"[]"):
            path.write_bytes(damage)
            look = RunFolder(run.path)
            for action in (
                lambda look=look: look.record,
                lambda look=look: look.status(),
                lambda look=look: look.events(),
                lambda look=look: look.control().poll(),
                lambda look=look: look.checkpoints.newest(report=lambda text: None),
            ):
                try:
                    action()
                except StoreError as error:
                    assert path.name in str(error)
        path.write_bytes(whole)
    assert run.status() == (RunState.INTERRUPTED, "stop")
