"""What this machine cannot compute with is refused when it is asked for, before any folder is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_sets import make_genre_set
from runs.run_tools import new_session

from labsteps import abilities
from labsteps.abilities import check
from labsteps.catalogue import catalogue
from labsteps.errors import ParameterError
from labsteps.results import Result, to_json
from workbench.cli import main
from workbench.exits import Exit
from workbench.runner.jobs import Found, Job, run_for

REFUSED: list[tuple[list[str], str]] = [
    (["threads=3"], "threads cannot be 3 here: it takes 0 (by a short probe) to 2, as many processors"),
    (["compile=graphs"], "compile=graphs records CUDA graphs, which takes a GPU"),
    (["compile=inductor"], "there is no compiler here"),
    (["compile=eager", "recurrence=divided"], "take recurrence=shared with it"),
]


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of two processors, without a GPU and without a compiler."""
    monkeypatch.setattr(abilities, "available_threads", lambda: 2)
    monkeypatch.setattr("workbench.runner.devices.models", list)
    monkeypatch.setattr(abilities.shutil, "which", lambda name: None)
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "sessions"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_genre_set(tmp_path / "data")


@pytest.mark.parametrize(("settings", "told"), REFUSED)
def test_a_run_that_cannot_be_is_refused_before_anything_is_made(
    settings: list[str], told: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--dry-run"], ["--detach"]):
        words = ["--step", "5c", "--data", str(data), *(f"--set={text}" for text in settings), *more]
        assert main(words) == Exit.USAGE
        assert told in capsys.readouterr().err
        assert not (tmp_path / "sessions").exists()
    assert main([*words, "--lang", "el"]) == Exit.USAGE
    assert told not in capsys.readouterr().err


def test_in_a_session_it_makes_no_run_and_what_is_there_is_shown(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = new_session(tmp_path / "sessions", data, "here")
    part = catalogue().parts["7.1β"]
    job = Job(session, part, part.settings({"threads": 4}), 0, "cpu")
    with pytest.raises(ParameterError, match="threads cannot be 4"):
        run_for(job)
    assert session.runs() == []
    monkeypatch.setattr(abilities, "available_threads", lambda: 8)
    run, _ = run_for(job)
    monkeypatch.setattr(abilities, "available_threads", lambda: 2)
    with run.take():
        run.write_result({"format": 1, "part": part.id, "run": run.id, **to_json(Result())})
    assert run_for(job)[1] is Found.FINISHED
    words = ["--step=7.1b", "--session=here", "--set=threads=4"]
    assert main([*words, "--dry-run"]) == Exit.DONE
    assert main([*words, "--dry-run", "--force"]) == Exit.USAGE
    with pytest.raises(ParameterError):
        run_for(job, force=True)
    assert len(session.runs()) == 1


def test_at_the_prompt_it_is_not_kept(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_session(tmp_path / "sessions", data, "here")
    assert main(["repl", "--session=here", "-c", "set threads=3"]) == Exit.USAGE
    assert main(["repl", "--session=here", "-c", "set 7.1b compile=graphs"]) == Exit.USAGE
    told = capsys.readouterr().err
    assert "threads cannot be 3" in told and "takes a GPU" in told
    assert main(["repl", "--session=here", "-c", "set threads=2"]) == Exit.DONE


def test_what_goes_with_a_gpu_is_not_refused_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abilities.shutil, "which", lambda name: f"/usr/bin/{name}")
    check({"compile": "graphs", "threads": 2, "recurrence": "auto", "accumulate": 1}, "cuda:0")
    with pytest.raises(ParameterError, match="gradients of 2 batches"):
        check({"compile": "graphs", "accumulate": 2}, "cuda:0")
