"""``--profile``: where a run's time goes, beside a result that is the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest
from commands.command_tools import ROOT, small, workbench
from jsonschema import Draft202012Validator
from runs.run_tools import digests, finish, new_run, new_session, wait_for

from workbench.commands.profile_tables import trace_line
from workbench.runner.launch import launch
from workbench.runner.profiles import Profiled, Row, profiles
from workbench.store.run import RunFolder, RunState


def run_of(told: dict[str, object], session: str, sessions: Path) -> RunFolder:
    return RunFolder(sessions / session / "runs" / str(told["run"]))


def test_a_measured_run_has_the_same_result_and_tells_where_its_time_went(genre_root: Path, tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs/schemas/parts.json").read_text(encoding="utf-8"))
    words = ["--step", "7.1b", "--data", genre_root, *small("epochs=4"), "--session", "one", "--json"]

    def run(*more: str) -> dict[str, object]:
        told = workbench(*words, *more).json
        assert not [error.message for error in Draft202012Validator(schema).iter_errors(told)]
        part: dict[str, object] = told["parts"][0]
        return part

    plain = run()
    assert plain["profile"] == []
    measured = run("--profile")
    assert (measured["reused"], measured["run"] == plain["run"]) == (False, False)
    runs = [run_of(told, "one", tmp_path / "sessions") for told in (plain, measured)]
    assert digests(runs[0]) == digests(runs[1])
    (profile,) = measured["profile"]  # type: ignore[misc]
    rows = {row["row"]: row for row in profile["rows"]}
    assert {"data", "forward", "backward", "optimizer", "evaluation", "checkpoint", "events"} <= set(rows)
    assert abs(sum(row["share"] or 0 for row in rows.values()) - 1) < 1e-6
    assert rows["forward"]["calls"] == profile["steps"]
    assert json.loads(Path(profile["trace"]).read_text())["traceEvents"]

    assert profile["trace_reason"] == ""
    assert "profiler_start" not in runs[1].log_file.read_text()
    assert profile["of"] == profile["steps"] + profile["traced"]
    again = run("--profile")
    assert (again["reused"], again["run"], again["profile"]) == (True, measured["run"], measured["profile"])

    shown = workbench("show", "7.1b", "--session", "one", "--lang", "el").out
    assert "Πού πήγε ο χρόνος" in shown
    assert "εμπρός πέρασμα και σφάλμα" in shown
    assert profile["trace"] in shown
    told = workbench("show", "7.1b", "--session", "one").out
    covered = re.search(r"the trainings' tables tell of (\S+) of the run's (\S+) s; the other (\S+) s", told)
    assert covered is not None
    of_tables, of_run, rest = map(float, covered.groups())
    assert 0 < of_tables < of_run and of_tables + rest == pytest.approx(of_run, abs=0.11)
    assert of_tables == pytest.approx(sum(row["seconds"] for row in rows.values()), abs=0.06)

    # As after a life that nobody measured, and a trace that somebody took away.
    file = runs[1].path / "profile.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "of": profile["of"] + 5}))
    Path(profile["trace"]).unlink()
    told = " ".join(workbench("show", "7.1b", "--session", "one").out.split())
    assert f"a part of the training: {profile['of']} of {profile['of'] + 5} steps were timed or traced" in told
    assert f"the trace is not there any more: {profile['trace']}" in told
    plan = workbench(*words, "--profile", "--dry-run").json["plan"]
    assert (plan[0]["action"], plan[0]["reason"]) == ("run", "again: a part of its time was not measured")


def test_a_run_that_was_begun_without_it_says_so_to_who_follows_it(genre_root: Path, tmp_path: Path) -> None:
    run = held(new_run(new_session(tmp_path / "sessions", genre_root, "one"), epochs=2), measured=False)
    sets = [word for name, value in run.record["parameters"].items() for word in ("--set", f"{name}={value}")]
    words = ["--step", "7.1b", "--session", "one", "--seed", "3", "--device", "cpu", "--profile", "--json", *sets]
    follower = subprocess.Popen(
        [sys.executable, "-m", "workbench", *words], cwd=ROOT, stdout=PIPE, stderr=PIPE, text=True, stdin=DEVNULL
    )
    assert follower.stderr is not None
    line = next(line for line in follower.stderr if "begun" in line or "left" in line)
    assert "begun without --profile: give the same command again when it has ended" in line
    run.request("continue")
    told = json.loads(follower.communicate(timeout=240)[0])["parts"][0]
    assert (told["run"], told["status"], told["profile"]) == (run.id, "finished", [])
    assert told["profile_reason"] == (
        "the run was begun without --profile; `run 7.1b --profile` makes one that is measured"
    )


def test_a_run_that_is_measured_stays_so_whoever_takes_it_up(genre_root: Path, tmp_path: Path) -> None:
    run = held(new_run(new_session(tmp_path / "sessions", genre_root, "one"), epochs=2), measured=True)
    run.request("stop")
    wait_for(run, RunState.INTERRUPTED)
    finish(run)
    (profile,) = profiles(run)
    assert profile.of == profile.steps + profile.traced > 0
    assert profile.no_trace == ""


def held(run: RunFolder, *, measured: bool) -> RunFolder:
    """Start a run and hold it before its first step: it looks for requests once its worker has loaded torch."""
    launch(run, profile=measured)
    run.request("pause")
    wait_for(run, RunState.PAUSED)
    return run


def profiled(steps: int, of: int) -> Profiled:
    return Profiled("", steps, of, 0, (Row("loop", 1.0, 1),), (), None)


def test_each_reason_for_having_no_trace_is_its_own() -> None:
    told = [trace_line(profiled(*one), "en") for one in ((0, 0), (3, 3), (3, 9))]
    assert told == [
        "no trace: no step of a training was taken here",
        "no trace: it takes 4 steps, and this training had 3",
        "no trace: it takes 4 steps in one go, and the run was taken up with fewer left",
    ]
    assert len({trace_line(profiled(*one), "el") for one in ((0, 0), (3, 3), (3, 9))} - set(told)) == 3
