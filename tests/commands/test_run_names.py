"""What names a run: its id, the beginning or end of it, what a comparison calls it; and how much of the lab is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands.schema_tools import Caller
from commands.test_reading_commands import genre_run

from labsteps.errors import UsageError
from workbench.cli import main
from workbench.comparing import names_of
from workbench.runner.naming import id_meant, run_named
from workbench.store.session import Session
from workbench.store.sessions import Sessions

IDS = ("20261127-044044758-5c-2c43", "20261127-044108372-5c-92e9", "20261128-101010101-7.1e-2c44")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("thesis", device="cpu")


@pytest.mark.parametrize(
    ("name", "index"),
    [
        *((IDS[0], 0), ("2c43", 0), ("5c-92e9", 1), ("5γ 92e9", 1), ("7.1ε 2c44", 2), ("20261128", 2)),
        *(("20261127-0440", 0), ("5c", None), ("7.1", None), ("2c4", None), ("dead", None), ("nothing", None)),
    ],
)
def test_a_run_is_named_by_its_id_or_by_enough_of_its_beginning_or_end(name: str, index: int | None) -> None:
    assert id_meant(name, IDS) == (None if index is None else IDS[index])


def test_a_name_that_several_runs_have_is_refused_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=f"20261127 can be 2 runs; .* as of {IDS[1]}, {IDS[0]}"):
        id_meant("20261127", IDS)


def test_what_the_app_calls_a_run_names_it_in_every_command(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (genre_run(session, "5γ", right) for right in ([True] * 8, [True, False] * 4))
    for name, run in zip(names_of([first, second]), (first, second), strict=True):
        assert name.startswith("5γ ") and run_named(session, name).id == run.id
    end = first.id[-7:]
    assert end.startswith("5c-")
    for line in (["show", end], ["log", end], ["tag", end, "calm"], ["pin", end], ["pin", end, "--remove"]):
        assert main(line) == 0, line
    shown = capsys.readouterr().out
    assert f"run {first.id}" in shown and second.id not in shown
    assert main(["compare", end, second.id[-7:]]) == 0
    shown = capsys.readouterr().out
    assert f"run {first.id}" in shown and f"run {second.id}" in shown
    assert main(["delete", end]) == 0 and [run.id for run in session.runs()] == [second.id]
    assert main(["delete", "--restore", end]) == 0 and len(session.runs()) == 2


def test_a_note_that_begins_like_many_ids_is_a_note(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    year = genre_run(session, "5γ", [True]).id[:6]
    genre_run(session, "5δ", [True])
    assert main(["note", year, "was", "a", "year"]) == 0
    assert f"  {year} was a year" in capsys.readouterr().out


def test_a_run_without_a_result_is_not_shown(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    run = session.create_run({"part": "5γ", "parameters": {}, "seed": 0, "data": ""})
    assert main(["show", run.id]) == 2
    assert f"Run {run.id} is waiting, so it has no result" in capsys.readouterr().err


def test_a_part_that_is_run_again_stays_done(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("1α", "1β"):
        genre_run(session, part, [True])
    call = Caller()
    before = [(call(name)["done"], call(name)["total"]) for name in ("steps", "status")]
    assert before[0] == before[1] and before[0][0] == 2
    again = session.create_run({"part": "1β", "parameters": {}, "seed": 0, "data": ""})
    with again.take(), again.writer() as events:
        events.append("started", device="cpu", pid=1)
        assert [(call(name)["done"], call(name)["total"]) for name in ("steps", "status")] == before
        parts = {part["part"]: part for step in call("steps")["steps"] for part in step["parts"]}
        assert (parts["1β"]["status"], parts["1β"]["done"], parts["1γ"]["done"]) == ("running", True, False)
        capsys.readouterr()
        assert main(["steps"]) == main(["status"]) == 0
        text = capsys.readouterr().out
        assert "running, finished before" in text
        assert (
            f"{before[0][0]} of {before[0][1]} done" in text and f"{before[0][0]} of {before[0][1]} parts done" in text
        )
        assert call("next")["command"] == "run 1c"
