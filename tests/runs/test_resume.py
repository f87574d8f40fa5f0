"""A run that is killed at any moment and taken up again ends with the same bytes as one that was not."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from runs.run_tools import digests, finish, kill, new_run, new_session, wait_for, wait_for_event

from labsteps.catalogue import catalogue
from workbench.export.tables import epochs_of
from workbench.runner.context import RunContext
from workbench.runner.course import course_of
from workbench.runner.follow import Follower
from workbench.runner.launch import launch
from workbench.speaking import said
from workbench.store.run import RunState


def test_a_run_killed_at_random_moments_ends_with_the_same_bytes(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    whole = finish(new_run(session))
    killed = new_run(session, force=True)
    moments = random.Random(7)
    kills = 0
    while killed.state is not RunState.FINISHED:
        launch(killed)
        if kills < 4:
            # past the import of torch, so that most kills meet the training itself
            wait_for_event(killed, "data", count=kills + 1)
            time.sleep(moments.uniform(0.0, 0.5))
            kill(killed)
            kills += killed.state is not RunState.FINISHED
        else:
            wait_for(killed, RunState.FINISHED)
    assert kills >= 2
    assert digests(killed) == digests(whole)
    assert len(digests(killed)) == 6


def test_the_history_a_reader_sees_of_a_killed_run_is_straight(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root))
    launch(run)
    wait_for_event(run, "epoch", count=3)
    kill(run)
    finish(run)
    follower = Follower(run)
    snapshot = follower.poll()
    assert snapshot is not None
    assert [row["epoch"] for row in snapshot.epochs] == list(range(1, 21))
    assert any("taken up at" in message.text for message in snapshot.messages)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_makes_a_run_save_itself_and_leave_as_interrupted(
    tmp_path: Path, genre_root: Path, number: signal.Signals
) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    os.kill(int(run.holder()["pid"]), number)
    wait_for(run, RunState.INTERRUPTED)
    assert run.status().reason == f"signal {number.name}"
    saved = [event for event in run.events() if event["kind"] == "checkpoint"][-1]
    assert saved["step"] == max(run.checkpoints.steps())


def test_a_run_ignores_a_hang_up(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root))
    launch(run)
    wait_for_event(run, "started")
    os.killpg(int(run.holder()["pid"]), signal.SIGHUP)
    assert wait_for(run, RunState.FINISHED, RunState.INTERRUPTED, RunState.FAILED) is RunState.FINISHED


def test_a_damaged_checkpoint_is_named_and_the_one_before_it_is_used(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    whole = finish(new_run(session))
    run = new_run(session, force=True)
    launch(run)
    wait_for_event(run, "checkpoint", count=3)
    kill(run)
    newest = run.checkpoints.folder / f"step-{max(run.checkpoints.steps()):08d}" / "optimizer.safetensors"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    finish(run)
    warnings = [event["text"] for event in run.events() if event["kind"] == "warning"]
    assert any("optimizer.safetensors" in text for text in warnings)
    assert digests(run) == digests(whole)


def test_a_run_whose_log_was_emptied_has_its_whole_curve_and_says_where_that_is_from(
    tmp_path: Path, genre_root: Path
) -> None:
    session = new_session(tmp_path / "s", genre_root)
    whole = finish(new_run(session))
    run = new_run(session, force=True)
    launch(run)
    wait_for_event(run, "epoch", count=4)
    kill(run)
    (run.path / "events.jsonl").write_bytes(b"")
    finish(run)
    told = [event["text"] for event in run.events() if event["kind"] == "warning"]
    assert len(told) == 1 and told[0].startswith("events.jsonl was cut: the curve has epochs 1 to ")
    assert "έχει τις εποχές" in said(told[0], "el")
    assert any(event["kind"] == "resumed" for event in run.events())
    rows = [(epochs_of(one), (Follower(one).poll() or Follower(one).snapshot).epochs) for one in (run, whole)]
    for mine, theirs in zip(*rows, strict=True):
        assert len(mine) == len(theirs) == 20
    own = ("seconds", "best_epoch")
    mine, theirs = ([{k: v for k, v in row.items() if k not in own} for row in found] for _, found in rows)
    assert mine == theirs and digests(run) == digests(whole)
    [training] = course_of(run).trainings
    assert training.done == 20 and len(training.times) < 20


def test_only_what_a_log_lacks_of_a_training_is_told_again(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session)
    rows = [{"epoch": n, "epochs": 9, "train_loss": 1 / n, "best_epoch": None} for n in range(1, 6)]
    with run.take(), run.writer() as events:
        context = RunContext(run, session, catalogue(), events, lambda: "")
        for row in rows[:3]:
            events.append("epoch", **row, seconds=1.0, section="beat")
        for _ in range(2):  # the second life finds all of it
            context.section("beat").emit("restored", step=50, epoch=5, batch=0, history=rows)
    told = [event for event in run.events() if event["kind"] == "epoch"]
    assert [event["epoch"] for event in told] == [1, 2, 3, 4, 5] and {event["section"] for event in told} == {"beat"}
    [warning] = [event["text"] for event in run.events() if event["kind"] == "warning"]
    assert warning == "events.jsonl was cut: the curve has epochs 4 to 5 from the checkpoint, without times."
    assert not any("history" in event for event in run.events())


@pytest.mark.parametrize("gone", [False, True])
def test_a_run_whose_checkpoints_are_all_damaged_or_gone_says_that_it_begins_again(
    gone: bool, tmp_path: Path, genre_root: Path
) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root))
    launch(run)
    wait_for_event(run, "checkpoint", count=2)
    kill(run)
    for folder in run.checkpoints.folder.glob("step-*"):
        (folder / "model.safetensors").write_bytes(b"")
    if gone:
        shutil.rmtree(run.checkpoints.folder)
    finish(run)
    warnings = [event["text"] for event in run.events() if event["kind"] == "warning"]
    assert any("begins again" in text for text in warnings)


def test_a_resumed_run_says_when_it_cannot_be_bit_identical(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root))
    launch(run)
    wait_for_event(run, "checkpoint")
    kill(run)
    run.update_record(environment={**run.record["environment"], "torch": "2.0.0"})
    finish(run)
    resumed = [event for event in run.events() if event["kind"] == "resumed"][-1]
    assert resumed["identical"] is False
    follower = Follower(run)
    texts = [message.text for message in (follower.poll() or follower.snapshot).messages]
    assert any(text.startswith("resumed, not bit-identical: torch 2.0.0 → 2.13") for text in texts)
