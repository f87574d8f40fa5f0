"""What is still to come: the networks that a run has not begun, and when a run that waits begins."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from run_courses import LAB, Trained, spent

from workbench.cli import main
from workbench.runner.coming import Beginning, Coming, beginning_of, lacks_others
from workbench.runner.course import Span
from workbench.runner.estimate import Basis, History
from workbench.runner.follow import Follower, Snapshot
from workbench.runner.queue import DeviceTicket
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions

THREE = (
    Trained([0.5] * 8, 150, "lstm/overfit", validated=False),
    Trained([2.0] * 10, 10, "lstm"),
    Trained([1.0] * 8, 150, "cnn/overfit", validated=False),
    Trained([4.0] * 10, 10, "cnn"),
    Trained([3.0] * 8, 150, "ast/overfit", validated=False),
    Trained([10.0] * 10, 10, "ast"),
)
TEN = {"epochs": 10, "patience": 0}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    for folder in ("fma_genre_spectrograms", "multitask_dataset", "multitask_dataset_beat"):
        for split in ("train", "test"):
            (tmp_path / "data" / folder / split).mkdir(parents=True)
            (tmp_path / "data" / folder / f"{split}_labels.txt").write_text("Id\tGenre\n" + "1\tRock\n" * 200)
    return Sessions(tmp_path / "sessions").create("coming", data_root=str(tmp_path / "data"))


@contextmanager
def live(run: RunFolder, announced: int = 6) -> Iterator[None]:
    """Have a run go on whose log does not end yet, and that said how many trainings it has."""
    log = run.path / "events.jsonl"
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    told = {"seq": 0, "time": rows[0]["time"] + 1.0, "kind": "trainings", "total": announced}
    log.write_text("".join(json.dumps(row) + "\n" for row in [rows[0], told, *rows[1:-1]]))
    with run.take():
        yield


def begun(session: Session, part: str = "8γ", *trainings: Trained, **settings: Any) -> RunFolder:
    own = trainings or (THREE[0], replace(THREE[1], times=[2.0] * 4, over=False))
    return spent(session, part, *own, settings={**TEN, **settings}, after=0.0, finished=False)


def snapshot_of(run: RunFolder) -> Snapshot:
    follower = Follower(run)
    return follower.poll() or follower.snapshot


def test_the_networks_to_come_are_counted_by_an_earlier_run(session: Session) -> None:
    spent(session, "8γ", *THREE, settings=TEN)
    run = begun(session)
    with live(run):
        alone = snapshot_of(run)
        assert (alone.left, alone.eta, lacks_others(alone)) == (None, "", True)
        counted = Coming(session, LAB).counted(run, alone)
        # Six epochs of its own, and what the CNN and the transformer took; an overfit check can end at any time.
        assert counted.seconds_left == pytest.approx(6 * 2.0 + 8.0 + 40.0 + 24.0 + 100.0)
        assert counted.left is not None and counted.left.low < counted.left.likely < counted.left.high
        found = History([session], "cpu").to_begin(LAB.parts["8γ"], run, session.data_root)
        assert found is not None and (found.basis, found.detail[:11]) == (Basis.EARLIER, "from run 8c")


def test_a_run_of_another_axis_tells_the_same_with_wider_ends(session: Session) -> None:
    spent(session, "8β", *THREE, settings=TEN)
    run = begun(session)
    with live(run):
        found = History([session], "cpu").to_begin(LAB.parts["8γ"], run, session.data_root)
    assert found is not None and found.basis is Basis.SIBLING
    assert found.seconds == pytest.approx(172.0) and found.span.low < 0.6 * 172.0


def test_what_is_to_come_goes_at_the_pace_that_the_machine_has_now(session: Session) -> None:
    spent(session, "8γ", *THREE, settings=TEN)
    slow = [replace(one, times=[2 * seconds for seconds in one.times]) for one in THREE]
    run = begun(session, "8γ", slow[0], replace(slow[1], times=slow[1].times[:4], over=False))
    with live(run):
        found = History([session], "cpu").to_begin(LAB.parts["8γ"], run, session.data_root)
    assert found is not None and found.seconds == pytest.approx(2 * 172.0)
    assert found.span.low < 1.5 * 172.0 < 2.5 * 172.0 < found.span.high


@pytest.mark.parametrize("other", [{"batch_size": 4}, {"models": "lstm"}])
def test_where_no_run_tells_of_them_nothing_is_counted(session: Session, other: dict[str, Any]) -> None:
    own = THREE[:2] if "models" in other else THREE
    spent(session, "8γ", *own, settings={**TEN, **other})
    run = begun(session)
    with live(run):
        alone = snapshot_of(run)
        assert Coming(session, LAB).counted(run, alone) is alone
        # What is known is how long the training under way takes, and no more.
        assert alone.left_of_training is not None and alone.left_of_training.likely == pytest.approx(12.0)


def test_a_run_with_other_trainings_than_it_announced_tells_nothing(session: Session) -> None:
    spent(session, "8γ", *THREE, settings=TEN)
    run = begun(session)
    with live(run, announced=9):
        assert History([session], "cpu").to_begin(LAB.parts["8γ"], run, session.data_root) is None


def test_the_run_itself_tells_where_all_of_its_networks_have_begun(session: Session) -> None:
    run = begun(session, "8γ", *THREE[:-1], replace(THREE[-1], times=[10.0] * 4, over=False))
    with live(run):
        told = snapshot_of(run)
        assert Coming(session, LAB).counted(run, told) is told and told.seconds_left == pytest.approx(60.0)


def test_what_has_started_does_not_start_again_and_is_inside_its_epoch(session: Session) -> None:
    settings = {"epochs": 10, "patience": 0}
    spent(session, "5γ", Trained([2.0] * 10), settings=settings, before=30.0, after=0.0)
    half = Trained([2.0] * 4, 10, batch=0.4, over=False)
    run = spent(session, "5γ", half, settings=settings, before=30.0, after=0.0, finished=False)
    history, part = History([session], "cpu"), LAB.parts["5γ"]
    how = part, part.settings(settings), session.data_root, ""
    again, on = (history.estimate(*how, seed=0, going=run, live=live) for live in (False, True))
    assert again is not None and on is not None
    assert on.seconds == pytest.approx(12.0) and again.seconds == pytest.approx(42.0)
    with (run.path / "events.jsonl").open("a") as file:
        inside = {"epoch": 5, "epochs": 10, "step": 1, "batch": 5, "batches": 10}
        about = {"train_loss": 1.0, "grad_norm": 1.0, "learning_rate": 1e-3}
        file.write(json.dumps({"seq": 99, "time": 1_700_000_100.0, "kind": "step", **inside, **about}) + "\n")
    later = history.estimate(*how, seed=0, going=run, live=True)
    assert later is not None and later.seconds == pytest.approx(11.0)


def test_the_status_counts_them_and_says_when_a_run_begins_that_waits(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    spent(session, "8γ", *THREE, settings=TEN)
    run = begun(session)
    second = session.create_run({"part": "5γ", "parameters": {}, "device": "cpu"})
    named = ["status", "--session", session.name, "--sessions-dir", str(session.folder.parent)]
    with live(run), second.take(), second.writer() as events:
        events.append("queued", before=1)
        with DeviceTicket("cpu", run.id), DeviceTicket("cpu", second.id):
            assert main(named) == 0
            assert re.search(rf"{run.id}  \S.* left\n.*{second.id}  begins in about \S", capsys.readouterr().out)
        assert main([*named, "--json"]) == 0
        rows = {one["run"]: one for one in json.loads(capsys.readouterr().out)["runs"]}
    assert rows[run.id]["seconds_left"] == pytest.approx(184.0)


def waiting(session: Session, *before: RunFolder, settings: dict[str, Any] = TEN) -> Beginning | None:
    """Return when a run begins that waits behind others, which are told to go on."""
    run = session.create_run({"part": "5γ", "parameters": LAB.parts["5γ"].settings(settings), "device": "cpu"})
    with ExitStack() as held:
        for one in (*before, run):
            held.enter_context(DeviceTicket("cpu", one.id))
        sessions = Sessions(session.folder.parent)
        return beginning_of(run, sessions, lambda device: History([session], device), LAB)


def test_a_run_that_waits_begins_when_those_before_it_are_done(session: Session) -> None:
    spent(session, "5γ", Trained([2.0] * 10), settings=TEN, before=30.0, after=0.0)
    first = spent(session, "5γ", Trained([2.0] * 4, 10, over=False), settings=TEN, after=0.0, finished=False)
    second = spent(session, "5γ", Trained([]), settings={**TEN, "epochs": 20}, finished=False)
    (second.path / "events.jsonl").unlink()
    with live(first, 1), second.take(), second.writer() as events:
        events.append("queued", before=1)
        assert (first.state, second.state) == (RunState.RUNNING, RunState.QUEUED)
        now = time.time()
        found = waiting(session, first, second)
    left = None if found is None else found.left(now)
    # Six epochs of the one, and all of the other with its start.
    assert left is not None and left.likely == pytest.approx(12.0 + 30.0 + 40.0, abs=5.0)
    assert left.low < left.likely < left.high


def test_nothing_is_said_where_one_before_it_is_paused_or_unknown(session: Session) -> None:
    spent(session, "5γ", Trained([2.0] * 10), settings=TEN)
    first = spent(session, "5γ", Trained([2.0] * 4, 10, over=False), settings=TEN, after=0.0, finished=False)
    with live(first, 1):
        assert waiting(session, first) is not None
        with first.writer() as events:
            events.append("paused")
            assert first.state is RunState.PAUSED
            assert waiting(session, first) is None
            events.append("continued")
        other = first.__class__(Path("/nowhere/20260101-000000000-5c-0000"))
        assert waiting(session, first, other) is None
    unlike = spent(session, "5γ", Trained([]), settings={**TEN, "hidden_size": 64}, finished=False)
    with unlike.take():
        assert waiting(session, unlike) is None


def test_a_moment_that_has_passed_is_told_no_more() -> None:
    assert Beginning(Span(100.0, 110.0, 150.0)).left(105.0) == Span(0.0, 5.0, 45.0)
    assert Beginning(Span(100.0, 110.0, 150.0)).left(111.0) is None
