"""``--dry-run``, parts that are left out, and the summary at a batch's end."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands.command_tools import small, workbench
from commands.schema_tools import Caller
from data_sets import make_genre_set

from labsteps.catalogue import Part
from workbench.commands import batch
from workbench.commands.narrate import Narrator
from workbench.commands.outcome import Outcome
from workbench.exits import Exit
from workbench.store.run import RunFolder


@pytest.fixture(scope="module")
def raw_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root without the beat folder."""
    kinds = {"Blues": 6, "Jazz": 6}
    return make_genre_set(tmp_path_factory.mktemp("raw"), kinds, lengths=(60, 70), beat=False, multitask=False)


def test_a_dry_run_tells_the_plan_and_the_time_and_writes_nothing(tmp_path: Path, raw_root: Path) -> None:
    done = workbench("--step", "6a", "--with-prerequisites", "--dry-run", "--json", "--data", raw_root)
    assert done.code == 3 and "fma_genre_spectrograms_beat" in done.err
    told = workbench("--step", "5c,7.1δ", "--dry-run", "--json", "--data", raw_root, *small("epochs=3")).json
    assert [(one["part"], one["action"], one["wanted"]) for one in told["plan"]] == [
        ("5γ", "run", True),
        ("7.1δ", "run", True),
    ]
    # Nothing has been trained here, so nothing tells how long it takes.
    assert (told["seconds"], {one["seconds"] for one in told["plan"]}) == (0.0, {None})
    shown = workbench("--step", "5c,1a", "--dry-run", "--json", "--data", raw_root).json
    guess = [one["estimate"]["basis"] for one in shown["plan"] if one["estimate"] is not None]
    assert guess == ["rough guess"] and shown["seconds"] > 0
    assert not (tmp_path / "sessions").exists()


def test_a_dry_run_refuses_what_the_run_itself_would_refuse(raw_root: Path) -> None:
    for more in ([], ["--dry-run"]):
        done = workbench("--step", "9b", "--data", raw_root, *more)
        assert done.code == 2 and "9β builds on 5δ, 7.1ε, which have no result yet" in done.err


def test_a_source_that_is_asked_for_is_trained_first_and_can_be_set(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path, {"Blues": 6, "Jazz": 6}, lengths=(60, 70))
    wanted = ["--step", "9c", "--set", "9c:source=ast", "--dry-run", "--json", "--data", root]
    alone = workbench(*wanted)
    assert alone.code == 2 and "9γ builds on 9β, 7.2β" in alone.err
    made = workbench(*wanted, "--with-prerequisites", "--set", "7.2b:epochs=1").json["plan"]
    assert [one["part"] for one in made] == ["5δ", "7.1ε", "7.2β", "9β", "9γ"]
    other = workbench("--step", "9c", "--with-prerequisites", "--set", "7.2b:epochs=1", "--dry-run", "--data", root)
    assert other.code == 2 and "7.2b is not among the parts that run" in other.err


def test_what_lacks_its_data_is_skipped_with_the_reason_and_the_summary_says_so(raw_root: Path) -> None:
    command = ["--step", "2,7.1δ,6ε", "--data", raw_root, *small("epochs=2")]
    done = workbench(*command, "--json")
    assert done.code == 3, done.err
    report = done.json
    by_id = {one["part"]: one for one in report["parts"]}
    assert by_id["7.1δ"]["status"] == "finished"
    for one in ("2α", "2β"):
        assert by_id[one]["status"] == "skipped"
        assert "fma_genre_spectrograms_beat" in by_id[one]["reason"]
    summary = report["summary"]
    assert summary["finished"] == ["7.1δ"] and summary["reused"] == []
    assert set(summary["skipped"]) >= {"2α", "2β"}
    assert "6ε" in summary["open_questions"]
    again = workbench(*command)
    assert again.code == 3
    assert "Summary" in again.out and "open questions: " in again.out
    assert "1 finished, 1 of them before" in again.out
    assert "reuse" in again.err


def test_a_list_that_ended_early_tells_programs_what_it_has_not_reached(
    raw_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(part: Part, run: RunFolder, say: Narrator, *, ours: bool) -> Outcome:
        return Outcome(part, "interrupted", run, exit=Exit.INTERRUPTED)

    monkeypatch.setattr(batch, "launch", lambda run, *, profile: None)
    monkeypatch.setattr(batch, "follow_to_end", stopped)
    words = ("--step", "7.1δ,7.1ε,1δ", "--data", raw_root)
    first, *rest = (one["part"] for one in Caller()(*words, "--dry-run")["plan"])
    told = Caller()(*words, code=5)
    assert [one["part"] for one in told["parts"]] == told["summary"]["interrupted"] == [first]
    assert told["summary"]["not_reached"] == rest == ["7.1ε", "1δ"]
    assert Caller()("--step", "1δ", "--data", raw_root).get("summary", {}).get("not_reached", []) == []
