"""How long a run that goes on still takes: told from its first batches on, by ends where it can stop early."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import main
from workbench.greek import say
from workbench.runner.course import Span
from workbench.runner.follow import Follower
from workbench.runner.remaining import epochs_left, eta_text, others_left
from workbench.speaking import said
from workbench.store.run import RunFolder, RunState
from workbench.store.sessions import Sessions

Tell = Callable[..., None]


@contextmanager
def going(folder: Path, **parameters: Any) -> Iterator[tuple[Follower, Tell]]:
    """Have a live run whose events are told with the time that they have."""
    run = RunFolder.create(folder, {"part": "7.1β", "parameters": parameters})
    lines = 0

    def tell(time: float, kind: str, **fields: Any) -> None:
        nonlocal lines
        lines += 1
        with (run.path / "events.jsonl").open("a") as file:
            file.write(json.dumps({"seq": lines, "time": 1000.0 + time, "kind": kind, **fields}) + "\n")

    with run.take():
        tell(0.0, "started", device="cpu", pid=1)
        yield Follower(run), tell


def row(number: int, seconds: float = 2.0, epochs: int = 8, best: int = 1, **more: Any) -> dict[str, Any]:
    scores = {"train_loss": 1.0, "validation_loss": 1.0, "best_epoch": best}
    return {"epoch": number, "epochs": epochs, "step": 1, "seconds": seconds, **scores, **more}


def check(number: int, seconds: float = 0.5) -> dict[str, Any]:
    return {"epoch": number, "epochs": 150, "step": 1, "seconds": seconds, "train_loss": 1.0}


def step(number: int, batch: int, batches: int = 10) -> dict[str, Any]:
    position = {"epoch": number, "epochs": 8, "step": batch, "batch": batch, "batches": batches}
    return {**position, "train_loss": 0.5, "grad_norm": 1.0, "learning_rate": 1e-3}


def test_the_first_epoch_is_told_by_its_batches(tmp_path: Path) -> None:
    with going(tmp_path) as (follower, tell):
        tell(3.0, "step", **step(1, 1))
        first = follower.poll()
        assert first is not None and (first.left, first.eta) == (None, "")
        tell(9.0, "step", **step(1, 4))
        second = follower.poll()
        # 2 s a batch, 10 batches an epoch, and 8 epochs without the 4 batches that are done.
        assert second is not None and second.seconds_left == pytest.approx(2.0 * (80 - 4))
        late = Follower(follower.run).poll()
        assert late is not None and late.seconds_left == second.seconds_left


def test_a_pause_counts_for_no_batch_and_a_paused_run_comes_to_no_end(tmp_path: Path) -> None:
    with going(tmp_path) as (follower, tell):
        tell(3.0, "step", **step(1, 1))
        tell(5.0, "step", **step(1, 2))
        tell(5.5, "paused")
        tell(905.5, "continued")
        tell(906.0, "step", **step(1, 3))
        tell(908.0, "step", **step(1, 4))
        snapshot = follower.poll()
        assert snapshot is not None and snapshot.batch_seconds == pytest.approx(2.0)
        assert snapshot.state is RunState.RUNNING and snapshot.eta
        assert replace(snapshot, state=RunState.PAUSED).eta == ""


def test_a_training_that_can_stop_early_is_told_by_its_ends(tmp_path: Path) -> None:
    with going(tmp_path, patience=3) as (follower, tell):
        for number in range(1, 4):
            tell(2.0 * number, "epoch", **row(number, best=1))
        snapshot = follower.poll()
        # Two epochs without a better score: one more of these ends it; at most five are to come.
        assert snapshot is not None and snapshot.left == Span(2.0, 10.0, 10.0)
        assert (snapshot.seconds_left, snapshot.eta) == (10.0, "2–10 s")
        tell(8.0, "epoch", **row(4, best=4))
        better = follower.poll()
        assert better is not None and better.left == Span(6.0, 8.0, 8.0)


def test_the_last_epoch_ends_in_time_whatever_the_patience(tmp_path: Path) -> None:
    with going(tmp_path, patience=3) as (follower, tell):
        for number in range(1, 8):
            tell(2.0 * number, "epoch", **row(number, best=number))
        tell(15.0, "step", **step(8, 5))
        snapshot = follower.poll()
        assert snapshot is not None and snapshot.left == Span(1.0, 1.0, 1.0)
        tell(16.0, "epoch", **row(8, best=8))
        tell(16.0, "trained", epoch=8, epochs=8, ended="all epochs done")
        over = follower.poll()
        assert over is not None and (over.left, over.eta) == (None, "")


def test_what_learns_by_heart_can_be_done_at_any_time(tmp_path: Path) -> None:
    with going(tmp_path) as (follower, tell):
        for number in range(1, 6):
            tell(float(number), "epoch", **check(number))
        snapshot = follower.poll()
        assert snapshot is not None and snapshot.left == Span(0.0, 72.5, 72.5)
        assert snapshot.eta == "at most 1 min 12 s"
        assert said(f"{snapshot.eta} left", "el") == "απομένουν το πολύ 1 min 12 s"
        assert say(f"ETA {snapshot.eta}", "el").endswith("το πολύ 1 min 12 s")


def test_a_resumed_run_goes_by_its_new_life(tmp_path: Path) -> None:
    with going(tmp_path) as (follower, tell):
        for number in range(1, 4):
            tell(10.0 * number, "epoch", **row(number, seconds=10.0))
        tell(100.0, "resumed", device="cpu", pid=2, identical=True, differences=[])
        tell(101.0, "restored", step=3, epoch=3, batch=6)
        before = follower.poll()
        assert before is not None and before.seconds_left == pytest.approx(5 * 10.0)
        # The rest of an epoch is no epoch.
        tell(102.0, "epoch", **row(4, seconds=1.0))
        cut = follower.poll()
        assert cut is not None and cut.seconds_left == pytest.approx(4 * 10.0)
        tell(104.0, "epoch", **row(5, seconds=2.0))
        after = follower.poll()
        assert after is not None and after.seconds_left == pytest.approx(3 * 2.0)


def test_the_status_tells_it_with_its_least(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = Sessions(tmp_path / "sessions").create("live")
    run = session.create_run({"part": "7.1β", "parameters": {"patience": 3}})
    with run.take(), run.writer() as events:
        events.append("started", device="cpu", pid=1)
        for number in range(1, 4):
            events.append("epoch", **row(number, seconds=60.0))
        assert main(["status", "--session", "live", "--sessions-dir", str(session.folder.parent)]) == 0
        assert "  60 s – 5 min left" in capsys.readouterr().out
        assert main(["status", "--session", "live", "--sessions-dir", str(session.folder.parent), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)["runs"][0]
        assert (told["seconds_left"], told["seconds_left_least"]) == (300.0, 60.0)


def test_other_seeds_take_what_the_first_one_took(tmp_path: Path) -> None:
    with going(tmp_path, seeds=3) as (follower, tell):
        tell(1.0, "trainings", total=3)
        for number in range(1, 5):
            tell(2.0 * number, "epoch", **row(number))
        first = follower.poll()
        assert first is not None and first.seconds_left == pytest.approx(4 * 2.0 + 2 * 16.0)
        tell(9.0, "trained", epoch=4, epochs=8, ended="no better loss")
        tell(9.5, "phase", text="hearing the test set", done=3, total=6)
        tested = follower.poll()
        assert tested is not None and not tested.trained and tested.seconds_left == pytest.approx(2 * 16.0)
        tell(20.0, "epoch", section="seed-1", **row(1))
        second = follower.poll()
        # One took 8 s, since it stopped early, and this one would take 16.
        assert second is not None and second.left == Span(14.0 + 8.0, 14.0 + 12.0, 14.0 + 16.0)
        tell(30.0, "epoch", section="seed-2", **row(1))
        last = follower.poll()
        assert last is not None and last.seconds_left == pytest.approx(14.0)


def test_a_check_is_made_once_and_tells_nothing_of_other_networks() -> None:
    trainings = {"lstm/overfit": [check(1)], "lstm": [row(1)], "cnn/overfit": [check(1)], "cnn": [row(1, epochs=4)]}
    begun = list(trainings)
    assert others_left(trainings, begun[:2], 6, 1) is None
    assert others_left(trainings, begun, 6, 1) is None
    assert others_left(trainings, begun, 6, 2) == Span(2.0, 2.0, 2.0) + Span(8.0, 8.0, 8.0)
    assert others_left({"": []}, [""], 2, 2) is None


def test_what_is_left_in_words() -> None:
    assert eta_text(None) == eta_text(Span.exactly(0.0)) == ""
    assert eta_text(Span(60.0, 60.0, 60.0)) == "1 min 00 s"
    assert eta_text(Span(1.0, 300.0, 300.0)) == "at most 5 min 00 s"
    assert epochs_left([], 8, 0.5, 0) == Span.exactly(7.5)
    assert epochs_left([row(8)], 1, 0.0, 3).high == 0.0
