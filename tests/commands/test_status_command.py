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
