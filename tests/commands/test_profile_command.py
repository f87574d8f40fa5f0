"""``--profile``: where a run's time goes, beside a result that is the same."""

from __future__ import annotations

import json
from pathlib import Path

from commands.command_tools import ROOT, small, workbench
from jsonschema import Draft202012Validator
from runs.run_tools import digests

from workbench.store.run import RunFolder


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

    assert "profiler_start" not in runs[1].log_file.read_text()
    assert profile["of"] == profile["steps"] + profile["traced"]
    again = run("--profile")
    assert (again["reused"], again["run"]) == (True, measured["run"])
    shown = workbench("show", "7.1b", "--session", "one", "--lang", "el").out
    assert "Πού πήγε ο χρόνος" in shown
    assert "εμπρός πέρασμα και σφάλμα" in shown
    assert profile["trace"] in shown
