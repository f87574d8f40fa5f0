"""Requests reach the worker once each, whatever happens to the file they are in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from store_children import every_kill

from workbench.store import control
from workbench.store.control import ControlReader, control_file
from workbench.store.run import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, {"part": "5γ"})


def commands(reader: ControlReader) -> list[tuple[str, object]]:
    return [(one["command"], one["value"]) for one in reader.poll()]


def test_requests_arrive_once_and_in_order(run: RunFolder) -> None:
    reader = run.control()
    assert commands(reader) == []
    assert [run.request("learning_rate", 0.01), run.request("pause")] == [1, 2]
    assert commands(reader) == [("learning_rate", 0.01), ("pause", None)]
    assert commands(reader) == []
    run.request("continue")
    assert commands(reader) == [("continue", None)]


def test_a_new_worker_starts_after_what_was_acknowledged(run: RunFolder) -> None:
    for number, command in enumerate(("pause", "epochs", "checkpoint"), start=1):
        assert run.request(command, number) == number
    with run.take(), run.writer() as events:
        events.append("acknowledged", request=1)
        events.append("acknowledged", request=2)
    assert commands(run.control()) == [("checkpoint", 3)]


def test_a_stop_that_came_too_late_does_not_stop_the_next_life(run: RunFolder) -> None:
    run.request("stop")
    run.request("learning_rate", 0.1)
    run.drop_requests()
    assert commands(run.control()) == [("learning_rate", 0.1)]
    assert run.request("stop") == 3


def test_a_request_that_there_is_not_is_refused(run: RunFolder) -> None:
    with pytest.raises(ValueError, match=r"'explode'.*stop"):
        run.request("explode")
    assert not control_file(run.path).exists()


@pytest.mark.parametrize("damage", [b"", b"garbage", b'{"requests": 3}', b'{"requests": [{"id": "x"}]}', None])
def test_numbers_go_on_after_the_file_is_lost_or_damaged(run: RunFolder, damage: bytes | None) -> None:
    reader = run.control()
    for _ in range(3):
        run.request("checkpoint")
    with run.take(), run.writer() as events:
        for one in reader.poll():
            events.append("acknowledged", request=one["id"])
    if damage is None:
        control_file(run.path).unlink()
    else:
        control_file(run.path).write_bytes(damage)
        assert reader.poll() == []
        assert "control.json" in reader.problem
    assert run.request("stop") == 4
    assert commands(reader) == [("stop", None)]
    assert reader.problem == ""
    assert commands(run.control()) == [("stop", None)]


def test_requests_of_several_processes_all_arrive(run: RunFolder) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            code = 3
            try:
                for _ in range(10):
                    run.request("checkpoint")
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert [one["id"] for one in run.control().poll()] == list(range(1, 41))


def test_a_kill_while_asking_loses_at_most_that_request(run: RunFolder) -> None:
    run.request("learning_rate", 0.5)
    for _ in every_kill(lambda: run.request("pause"), run.drop_requests):
        assert commands(run.control()) in [
            [("learning_rate", 0.5)],
            [("learning_rate", 0.5), ("pause", None)],
        ]


def test_the_list_of_requests_stays_short(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_KEPT", 5)
    for _ in range(8):
        last = run.request("checkpoint")
    assert last == 8
    assert [one["id"] for one in run.control().poll()] == [4, 5, 6, 7, 8]
