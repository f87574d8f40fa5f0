"""Following a run: one straight history from whatever its events say, at any moment."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from workbench.commands import following
from workbench.commands.narrate import Silent
from workbench.runner.follow import Follower
from workbench.store.run import RunFolder, RunState


def epoch(number: int, seconds: float = 2.0) -> dict[str, Any]:
    return {"epoch": number, "step": number * 5, "epochs": 8, "train_loss": 1 / number, "seconds": seconds}


def step(number: int, batch: int) -> dict[str, Any]:
    position = {"step": number * 5 + batch, "epoch": number, "epochs": 8, "batch": batch, "batches": 5}
    return {**position, "train_loss": 0.5, "grad_norm": 1.0, "learning_rate": 1e-3}


def a_run(folder: Path) -> RunFolder:
    return RunFolder.create(folder, {"part": "7.1β"})


def test_epochs_that_a_resumed_run_repeats_are_shown_once(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    with run.writer() as events:
        events.append("started", device="cpu", pid=1)
        for number in (1, 2, 3, 4):
            events.append("epoch", **epoch(number))
        events.append("resumed", device="cpu", pid=2, identical=True, differences=[])
        events.append("restored", step=10, epoch=2, batch=0)
        events.append("epoch", **epoch(3, seconds=9.0))
    snapshot = Follower(run).poll()
    assert [row["epoch"] for row in snapshot.epochs] == [1, 2, 3]
    assert snapshot.epochs[-1]["seconds"] == 9.0


def test_a_reader_that_looks_often_ends_where_one_that_looks_once_does(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    often = Follower(run)
    moments = random.Random(4)
    with run.writer() as events:
        events.append("started", device="cpu", pid=1)
        for number in range(1, 6):
            for batch in range(1, 6):
                events.append("step", **step(number, batch))
                if moments.random() < 0.3:
                    often.poll()
            events.append("epoch", **epoch(number))
    often.poll()
    once = Follower(run)
    once.poll()
    assert often.snapshot == once.snapshot
    assert often.poll() is None


def test_of_a_run_with_two_trainings_the_one_under_way_is_shown_and_neither_is_taken_for_the_other(
    tmp_path: Path,
) -> None:
    run = a_run(tmp_path)
    follower = Follower(run)
    with run.writer() as events:
        events.append("started", device="cpu", pid=1)
        for number in (1, 2, 3):
            events.append("epoch", section="raw", **epoch(number))
        assert [row["epoch"] for row in follower.poll().epochs] == [1, 2, 3]
        events.append("step", section="beat", **step(1, 2))
        second = follower.poll()
        assert (second.section, second.epochs, second.position.batch) == ("beat", (), 2)
        events.append("epoch", section="beat", **epoch(1))
        # The next life finds the first training done, and takes up the second.
        events.append("resumed", device="cpu", pid=2, identical=True, differences=[])
        events.append("restored", section="raw", step=15, epoch=3, batch=0)
        assert [row["epoch"] for row in follower.poll().epochs] == [1, 2, 3]
        events.append("restored", section="beat", step=5, epoch=1, batch=0)
        events.append("epoch", section="beat", **epoch(2))
    last = follower.poll()
    assert (last.section, [row["epoch"] for row in last.epochs]) == ("beat", [1, 2])
    assert "beat  epoch 2/8" in last.messages[-1].text
    once = Follower(run)
    assert once.poll() == last


def test_time_that_a_run_was_paused_does_not_count_for_its_epochs(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    with run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("epoch", **epoch(1, seconds=0.2))
        events.append("paused")
        time.sleep(0.3)
        events.append("continued")
        events.append("epoch", **epoch(2, seconds=0.5))
    snapshot = Follower(run).poll()
    assert 0.0 <= snapshot.epochs[1]["seconds"] <= 0.2 + 0.01


def test_time_that_a_run_was_paused_does_not_count_for_it_either(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    kinds = (
        ("started", 100.0),
        ("epoch", 104.0),
        ("acknowledged", 104.0),
        ("paused", 104.0),
        ("acknowledged", 160.0),  # of going on, and of what is asked meanwhile
        ("continued", 160.0),
        ("epoch", 166.0),
    )
    fields: dict[str, dict[str, Any]] = {
        "started": {"device": "cpu", "pid": 1},
        "epoch": epoch(1),
        "acknowledged": {"request": 1, "command": "pause"},
    }
    lines = [{"seq": n, "time": when, "kind": kind, **fields.get(kind, {})} for n, (kind, when) in enumerate(kinds, 1)]
    (run.path / "events.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    snapshot = Follower(run).poll()
    assert snapshot is not None and snapshot.seconds == 10.0


def test_a_torn_line_is_not_seen_until_it_is_whole(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    file = run.path / "events.jsonl"
    file.write_bytes(b'{"seq": 1, "time": 1.0, "kind": "started", "device": "cpu", "pid": 1}\n{"seq": 2, "ti')
    follower = Follower(run)
    assert follower.poll().events == 1
    with file.open("ab") as more:
        more.write(b'me": 2.0, "kind": "warning", "text": "late"}\n')
    assert follower.poll().messages[-1].text == "late"


def test_progress_and_what_is_left_follow_from_epochs_and_position(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("epoch", **epoch(1))
        events.append("step", **step(2, 5))
        snapshot = Follower(run).poll()
    assert snapshot.state is RunState.RUNNING
    assert snapshot.progress == 2 / 8
    assert snapshot.seconds_left == 2.0 * 8 * (1 - 2 / 8)


def test_a_run_of_several_trainings_counts_them_all(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    follower = Follower(run)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("trainings", total=4)
        assert follower.poll().progress == 0.0
        events.append("trainings", section="raw", total=1)
        events.append("epoch", section="raw", **epoch(4))
        first = follower.poll()
        assert (first.training_word, first.progress) == ("training 1 of 4", 1 / 8 / 4)
        assert first.seconds_left is None  # of the other three nothing is known yet
        events.append("step", section="beat", **step(1, 5))
        second = follower.poll()
        assert (second.training_word, second.progress) == ("training 2 of 4", (1 + 1 / 8) / 4)
        events.append("resumed", device="cpu", pid=2, identical=True, differences=[])
        events.append("restored", section="raw", step=15, epoch=3, batch=0)
        assert follower.poll().training_word == "training 1 of 4"
        events.append("restored", section="beat", step=5, epoch=1, batch=0)
        events.append("epoch", section="beat", **epoch(1))
        assert follower.poll().training_word == "training 2 of 4"
        for section in ("more", "last"):
            events.append("epoch", section=section, **epoch(1, seconds=3.0))
        last = follower.poll()
        assert (last.progress, last.seconds_left) == ((3 + 1 / 8) / 4, 3.0 * 7)
    once = Follower(run)
    assert once.poll().training == follower.snapshot.training


def test_a_run_of_one_training_has_no_word_for_it(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("trainings", total=1)
        events.append("epoch", **epoch(1))
        snapshot = Follower(run).poll()
    assert (snapshot.training_word, snapshot.progress, snapshot.seconds_left) == ("", 1 / 8, 14.0)


def test_a_run_is_followed_to_its_last_event_which_comes_after_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(tmp_path)
    lock, events = run.take(), run.writer()
    events.append("started", device="cpu", pid=1)
    run.write_result({"format": 1})

    def end(_seconds: float) -> None:
        events.append("finished", seconds=1.0)
        events.close()
        lock.release()

    monkeypatch.setattr(following.time, "sleep", end)
    snapshot = following.follow(run, Silent())
    assert (snapshot.state, snapshot.messages[-1].text) == (RunState.FINISHED, "finished")
    assert snapshot.seconds == Follower(run).poll().seconds


def test_what_comes_after_the_last_epoch_is_told_by_its_own_measure(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    follower = Follower(run)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        for number in (1, 2, 3):
            events.append("epoch", **epoch(number))
        events.append("trained", epoch=3, epochs=8, ended="no better macro-F1 on the validation set for 2 epochs")
        events.append("phase", text="hearing the test set", done=0, total=87)
        snapshot = follower.poll()
        assert (snapshot.epoch, snapshot.epochs_total, snapshot.stopped_early, snapshot.trained) == (3, 8, True, True)
        assert (snapshot.share, snapshot.seconds_left) == (None, None)
        assert snapshot.messages[-2].text.startswith("training ended after epoch 3 of 8: no better macro-F1")
        events.append("phase", text="hearing the test set", done=12, total=87)
        snapshot = follower.poll()
        assert snapshot.phase_text == "hearing the test set: 12 of 87"
        assert snapshot.seconds_left == snapshot.phase_left is not None
        events.append("phase", text="computing the scores of the test set", done=0, total=0)
        assert follower.poll().phase_text == "computing the scores of the test set"
        assert follower.snapshot.phase_left is None


def test_a_resumed_training_is_not_over_any_more_and_the_next_of_several_has_its_own_end(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    follower = Follower(run)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("trainings", total=2)
        events.append("epoch", section="raw", **epoch(1))
        events.append("trained", section="raw", epoch=1, epochs=8, ended="no better loss")
        first = follower.poll()
        assert (first.trained, first.share, first.epoch) == (False, 1 / 2, 1)  # another one comes
        events.append("step", section="beat", **step(1, 5))
        assert (follower.poll().ended, follower.snapshot.epoch) == ("", 1)
        events.append("trained", section="beat", epoch=1, epochs=8, ended="no better loss")
        assert follower.poll().trained
        events.append("resumed", device="cpu", pid=2, identical=True, differences=[])
        events.append("restored", section="beat", step=5, epoch=0, batch=5)
        assert not follower.poll().trained


def test_what_was_asked_is_known_until_it_has_happened(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    follower = Follower(run)
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        number = run.request("pause")
        assert [command for command, _ in follower.poll().asked] == ["pause"]
        events.append("acknowledged", request=number, command="pause")
        events.append("paused")
        assert (follower.poll().asked, follower.snapshot.state) == ((), RunState.PAUSED)
        number = run.request("stop")
        events.append("acknowledged", request=number, command="stop")
        assert [command for command, _ in follower.poll().asked] == ["stop"]  # it saves its state first
    assert follower.poll().asked == ()
