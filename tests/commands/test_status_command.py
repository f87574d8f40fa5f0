"""``status``: the runs of a session, the batches that go on, and in Greek why a run failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands.schema_tools import Caller

from workbench.cli import main
from workbench.store.batches import BatchRecord
from workbench.store.session import Session
from workbench.store.sessions import Sessions


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("thesis", device="cpu")


def test_a_batch_is_told_with_what_it_runs_now_and_then(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with BatchRecord(session.folder, ["5γ", "5δ", "7.1ε"]) as batch:
        batch.at(1)
        assert main(["status"]) == 0
        assert capsys.readouterr().out.splitlines()[1:] == ["batch: 5δ, 2 of 3; then 7.1ε"]
        assert main(["status", "--lang", "el"]) == 0
        assert "σειρά: 5δ, 2 από 3· μετά 7.1ε" in capsys.readouterr().out
        batch.at(2)
        main(["status"])
        assert capsys.readouterr().out.splitlines()[1:] == ["batch: 7.1ε, 3 of 3"]
    main(["status"])
    assert "batch" not in capsys.readouterr().out


def test_programs_get_the_batches_that_go_on(session: Session) -> None:
    call = Caller()
    with BatchRecord(session.folder, ["5γ", "5δ"]):
        assert call("status")["batches"] == [{"parts": ["5γ", "5δ"], "at": 0, "part": "5γ", "here": True}]
    assert call("status")["batches"] == []


def test_a_run_of_a_batch_on_another_machine_is_told_as_such(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    with BatchRecord(session.folder, ["5γ", "5δ"]):
        (record,) = (session.folder / "batches").glob("*.lock")
        record.write_text(json.dumps({**json.loads(record.read_text()), "machine": "elsewhere"}))
        main(["status"])
        assert "batch: 5γ, 1 of 2; then 5δ; on another machine" in capsys.readouterr().out


def test_why_a_run_failed_is_told_in_the_language_and_to_programs_in_english(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    run = session.create_run({"part": "9δ", "parameters": {}, "seed": 0, "data": ""})
    reason = "9γ has no finished run on these data; run it first."
    run.write_failure({"kind": "usage", "message": reason, "time": 0.0})
    greek = "Το 9γ δεν έχει έτοιμη εκτέλεση σε αυτά τα δεδομένα· εκτελέστε το πρώτα."
    for words in (["status"], ["follow", "9d"]):
        main([*words, "--lang", "el"])
        assert greek in "".join(capsys.readouterr()), words
    assert Caller()("status")["runs"][0]["reason"] == reason


def test_a_reader_who_joins_late_hears_where_a_run_is(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = session.create_run({"part": "9δ", "parameters": {}, "seed": 0, "data": ""})
    with run.writer() as events:
        for number in range(20):
            events.append("warning", text=f"word {number}")
    run.write_failure({"kind": "usage", "message": "no reason", "time": 0.0})
    main(["follow", "9d"])
    assert "word 3" in capsys.readouterr().err
    monkeypatch.setenv("WORKBENCH_PLAIN", "true")
    main(["follow", "9d"])
    told = capsys.readouterr().err
    assert "earlier lines left out, `log` has them: 15" in told
    assert "word 14\n" not in told and "word 15\n" in told and "word 19\n" in told
