"""The run's own process: how it ends, and how each end is told apart."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from commands.command_tools import small, workbench
from data_sets import make_genre_set
from psutil import Process
from runs.run_tools import digests, finish, kill, new_run, new_session, wait_for, wait_for_event

from labsteps.catalogue import catalogue
from labsteps.errors import LabError, StopRequestedError
from labsteps.results import Axis, Curve, Result, Series
from workbench.cli import main
from workbench.commands import control
from workbench.runner import worker
from workbench.runner.context import RunContext
from workbench.runner.jobs import DataChangedError, Found, Job, run_for
from workbench.runner.launch import WORKER_ENVIRONMENT, launch
from workbench.runner.queue import DeviceTicket
from workbench.store.run import RunFolder, RunState
from workbench.store.session import SESSION_FILE


def child_of(run: RunFolder) -> int:
    return int([event for event in run.events() if event["kind"] in ("started", "resumed")][-1]["pid"])


def test_a_crash_is_told_apart_with_its_signal_and_the_log(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    os.kill(child_of(run), signal.SIGSEGV)
    wait_for(run, RunState.FAILED)
    failure = run.failure()
    assert failure["kind"] == "crash"
    assert failure["signal"] == "SIGSEGV"
    assert any("Segmentation fault" in line for line in failure["log"])


def test_a_worker_begins_with_its_own_waiting_and_memory_unless_the_user_has_set_them(
    tmp_path: Path, genre_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in WORKER_ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MALLOC_MMAP_MAX_", "7")
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    found = Process(int(run.holder()["pid"])).environ()
    assert {name: found.get(name) for name in WORKER_ENVIRONMENT} == {**WORKER_ENVIRONMENT, "MALLOC_MMAP_MAX_": "7"}
    assert found["GOMP_SPINCOUNT"] == "500"
    kill(run)


def test_a_kill_of_the_working_process_is_an_interruption_with_its_reason(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    os.kill(child_of(run), signal.SIGKILL)
    wait_for(run, RunState.INTERRUPTED)
    assert run.status().reason == "killed by SIGKILL"


def test_a_kill_of_everything_is_an_interruption_without_a_word(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    kill(run)
    assert run.state is RunState.INTERRUPTED
    assert "without a word" in run.status().reason


def test_when_the_watching_process_is_killed_the_working_one_saves_itself_and_leaves(
    tmp_path: Path, genre_root: Path
) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    os.kill(int(run.holder()["pid"]), signal.SIGKILL)
    wait_for(run, RunState.INTERRUPTED)
    assert run.status().reason == "the process that watches it was killed"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process can be set on Linux only")
def test_a_disk_that_is_full_ends_a_run_with_its_reason_and_costs_nothing_that_was_saved(
    tmp_path: Path, genre_root: Path
) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=30)
    launch(run)
    wait_for_event(run, "checkpoint", count=2)
    resource.prlimit(child_of(run), resource.RLIMIT_FSIZE, (100, 100))
    wait_for(run, RunState.FAILED)
    assert run.failure()["message"]
    saved = max(run.checkpoints.steps())
    assert run.checkpoints.get(saved) is not None
    finish(run)
    assert [event["step"] for event in run.events() if event["kind"] == "restored"] == [saved]
    whole = finish(new_run(session, epochs=30, force=True))
    assert digests(run) == digests(whole)


def test_two_who_ask_for_the_same_run_at_once_get_the_same_one(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    asked: list[RunFolder] = []
    askers = [threading.Thread(target=lambda: asked.append(new_run(session))) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len({run.id for run in asked}) == 1
    launch(asked[0])
    launch(asked[1])
    wait_for(asked[0], RunState.FINISHED)


def test_a_run_that_the_user_stops_says_so_and_is_resumed_by_the_same_request(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)
    assert run.status().reason == "stopped by the user"
    assert new_run(session, epochs=9999).id == run.id


def test_a_run_whose_session_lost_its_file_saves_and_leaves(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    (session.folder / SESSION_FILE).unlink()
    wait_for(run, RunState.INTERRUPTED)
    assert run.status().reason == f"{session.folder / SESSION_FILE} is not there any more"
    assert run.status().reason in "\n".join(run.log_tail(20))
    assert run.checkpoints.steps()


def test_a_run_whose_folder_is_deleted_ends_and_does_not_make_it_anew(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    watcher = int(run.holder()["pid"])
    # A checkpoint that is being written may come between the look at the folder and its removal.
    while session.folder.exists():
        shutil.rmtree(session.folder, ignore_errors=True)
    deadline = time.monotonic() + 120
    while os.waitpid(watcher, os.WNOHANG) == (0, 0):  # it waits for its own child
        assert time.monotonic() < deadline, "the worker goes on without its folder"
        time.sleep(0.05)
    assert not session.folder.exists()


def test_a_paused_run_holds_still_until_it_may_go_on(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    run.request("pause")
    wait_for(run, RunState.PAUSED)
    still = len(run.events())
    time.sleep(0.6)
    assert len(run.events()) == still
    run.request("continue")
    wait_for(run, RunState.RUNNING)
    before = len([event for event in run.events() if event["kind"] == "epoch"])
    wait_for_event(run, "epoch", count=before + 1)
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)


def test_a_live_run_takes_another_learning_rate_and_more_epochs(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=2000)
    launch(run)
    wait_for_event(run, "epoch")
    rate = run.request("learning_rate", 1e-5)
    epochs = run.request("epochs", 3000)
    wait_for_event(run, "acknowledged", count=2)
    kill(run)
    launch(run)
    wait_for_event(run, "restored")
    wait_for_event(run, "epoch", count=len([e for e in run.events() if e["kind"] == "epoch"]) + 1)
    last = [event for event in run.events() if event["kind"] == "epoch"][-1]
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)
    answered = [event["request"] for event in run.events() if event["kind"] == "acknowledged"]
    assert {rate, epochs} <= set(answered)
    assert last["epochs"] == 3000
    assert last["learning_rate"] <= 1e-5


def test_a_run_that_was_changed_while_it_lived_is_not_what_the_unchanged_settings_ask_for(
    tmp_path: Path, genre_root: Path
) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    run.request("epochs", 2)
    answer = wait_for_event(run, "acknowledged")
    assert answer["value"] >= 2
    wait_for(run, RunState.FINISHED)
    assert run.record["changed"] == {"epochs": answer["value"]}
    assert new_run(session, epochs=9999).id != run.id
    report = new_run(session, "7.1ε", epochs=9999)
    assert report.state is RunState.WAITING


def test_a_paused_run_does_what_it_is_asked_and_stays_paused(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999, checkpoint_seconds=3600.0)
    launch(run)
    wait_for_event(run, "epoch")
    run.request("pause")
    wait_for(run, RunState.PAUSED)
    number = run.request("checkpoint")
    answer = wait_for_event(run, "acknowledged", count=2)
    assert answer["request"] == number
    assert max(run.checkpoints.steps()) == answer["step"]
    assert run.state is RunState.PAUSED
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)


def test_a_checkpoint_is_written_when_it_is_asked_for(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root), epochs=9999, checkpoint_seconds=3600.0)
    launch(run)
    wait_for_event(run, "epoch")
    number = run.request("checkpoint")
    answer = wait_for_event(run, "acknowledged")
    assert answer["request"] == number
    assert max(run.checkpoints.steps()) >= answer["step"]
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)


def test_runs_take_turns_on_a_device_in_order(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    runs = [new_run(session, seed=seed, epochs=9999) for seed in (1, 2, 3)]
    for run in runs:
        launch(run)
    wait_for_event(runs[0], "epoch")
    assert [run.state for run in runs] == [RunState.RUNNING, RunState.QUEUED, RunState.QUEUED]
    kill(runs[0])
    wait_for(runs[1], RunState.RUNNING)
    assert runs[2].state is RunState.QUEUED
    runs[1].request("stop")
    wait_for(runs[2], RunState.RUNNING)
    for run in runs[1:]:
        run.request("stop")
        wait_for(run, RunState.INTERRUPTED)


def test_a_run_that_waits_can_be_stopped(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    first, second = (new_run(session, seed=seed, epochs=9999) for seed in (1, 2))
    launch(first)
    launch(second)
    wait_for(second, RunState.QUEUED)
    second.request("stop")
    wait_for(second, RunState.INTERRUPTED)
    first.request("stop")
    wait_for(first, RunState.INTERRUPTED)


def test_data_that_changed_under_an_interrupted_run_are_refused(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", {"Blues": 8, "Jazz": 8}, multitask=False)
    session = new_session(tmp_path / "s", root)
    run = new_run(session, epochs=9999)
    launch(run)
    wait_for_event(run, "epoch")
    kill(run)
    clip = next((root / "fma_genre_spectrograms" / "train").glob("*.npy"))
    os.utime(clip)
    with pytest.raises(DataChangedError, match="have changed since"):
        new_run(session, epochs=9999)
    job = Job(session, _part(), _part().settings({}), 3, "cpu")
    assert run_for(job, force=True)[1] is Found.NEW


def test_missing_data_end_a_run_with_every_problem_named(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", {"Blues": 6, "Jazz": 6}, multitask=False)
    clips = sorted((root / "fma_genre_spectrograms" / "train").glob("*.npy"))
    clips[0].write_bytes(clips[0].read_bytes()[:200])
    clips[1].write_bytes(b"not an array")
    run = new_run(new_session(tmp_path / "s", root))
    launch(run)
    wait_for(run, RunState.FAILED)
    failure = run.failure()
    assert failure["kind"] == "data"
    for clip in clips[:2]:
        assert any(clip.name in problem for problem in failure["problems"])


def test_a_finished_run_is_found_again_and_force_makes_another(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    run = finish(new_run(session, epochs=1))
    assert new_run(session, epochs=1).id == run.id
    assert new_run(session, epochs=1, checkpoint_seconds=5.0).id == run.id
    assert new_run(session, epochs=2).id != run.id
    assert new_run(session, epochs=1, force=True).id != run.id


def test_a_run_that_cannot_be_read_is_named_where_another_begins(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    damaged, other = new_run(session), new_run(session, "5γ")
    (damaged.path / "run.json").write_bytes(b"{")
    (other.path / "run.json").write_bytes(b"{")
    done = workbench(*("--step", "7.1b", "--sessions-dir", tmp_path / "s", "--json"), *small("epochs=1"))
    assert done.code == 0 and f"left out: {damaged.path}/run.json" in done.err and other.id not in done.err


def test_a_worker_on_a_run_that_is_held_refuses(tmp_path: Path, genre_root: Path) -> None:
    run = new_run(new_session(tmp_path / "s", genre_root))
    with run.take():
        try:
            launch(run)
        except LabError as error:
            pytest.fail(f"a run that goes on is not an error to start: {error}")


def _part():
    from labsteps.catalogue import catalogue

    return catalogue().parts["7.1β"]


def test_a_report_is_made_anew_when_a_run_it_takes_results_from_is(tmp_path: Path, genre_root: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    report = finish(new_run(session, "7.1ε", epochs=1))
    assert new_run(session, "7.1ε", epochs=1).id == report.id
    lstm = finish(new_run(session, "5γ", epochs=1, hidden_size=4, crop_frames=0))
    again = new_run(session, "7.1ε", epochs=1)
    assert again.id != report.id
    assert again.record["builds_on"] == {"5γ": lstm.id}


def test_a_view_does_not_wait_behind_a_training(genre_root: Path, tmp_path: Path) -> None:
    session = new_session(tmp_path / "s", genre_root)
    with DeviceTicket("cpu", "a training"):
        run = finish(new_run(session, "4α"))
    assert "queued" not in [event["kind"] for event in run.events()]


def test_a_request_that_comes_while_the_figures_are_drawn_is_answered_and_the_run_finishes(
    tmp_path: Path, genre_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ANSWER_SECONDS", 120.0)
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=1)
    curve = Curve("loss", Axis("epoch"), Axis("loss"), (Series("train", (1.0, 2.0), (3.0, 2.0)),))
    with run.take(), run.writer() as events:
        context = RunContext(run, session, catalogue(), events, lambda: "")
        words = ["stop", run.id, "--session", session.name, "--sessions-dir", str(session.folder.parent)]
        asking = threading.Thread(target=main, args=(words,))
        asking.start()
        while not run.control().poll():
            time.sleep(0.01)
        worker._write_figures(context, Result(figures={"loss": curve}))
        asking.join()
        assert not context.stop_reason
    (answer,) = [event for event in run.events() if event["kind"] == "acknowledged"]
    assert answer["finishing"] and answer["command"] == "stop"
    assert (run.path / "figures" / "loss.png").exists()
    assert "stop came while it was finishing" in capsys.readouterr().out


def test_a_cached_folder_that_was_altered_is_told_with_how_far_it_is_compared(
    tmp_path: Path, genre_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("workbench.runner.context.BIG", 4)
    session = new_session(tmp_path / "s", genre_root)
    run = new_run(session, epochs=1)
    told_to_leave = ""

    def build(folder: Path) -> None:
        (folder / "mel.npy").write_bytes(b"decibels")

    with run.take(), run.writer() as events:
        context = RunContext(run, session, catalogue(), events, lambda: told_to_leave)
        file = context.cache.folder("pack-genre-train@2-ab", build) / "mel.npy"
        file.write_bytes(b"decibelz")
        told_to_leave = "told to leave"
        with pytest.raises(StopRequestedError):
            context.cache.folder("pack-genre-train@2-ab", build)
        context.stop_reason = told_to_leave = ""
        context.cache.folder("pack-genre-train@2-ab", build)
    told = [event for event in run.events() if event["kind"] in ("phase", "warning")]
    assert [event["text"] for event in told] == [
        "comparing pack-genre-train with its sums, in MB",
        f"{file}: is not what was written there; its folder is built again.",
    ]
    assert file.read_bytes() == b"decibels"
