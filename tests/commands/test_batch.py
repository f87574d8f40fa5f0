"""``--step``: results on stdout, narration on stderr, exit codes, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands.command_tools import ROOT, small, workbench
from data_sets import make_genre_set

from workbench.cli import main
from workbench.commands import data


def test_a_step_runs_its_parts_and_prints_one_json_object(tmp_path: Path, genre_root: Path) -> None:
    parts_of_music = "7.1b,7.1c,7.1d,7.1e"
    done = workbench("--step", parts_of_music, "--data", genre_root, "--json", *small("epochs=3"))
    assert done.code == 0, done.err
    report = done.json
    assert report["format"] == 1
    parts = {part["part"]: part for part in report["parts"]}
    assert list(parts) == ["7.1β", "7.1γ", "7.1δ", "7.1ε"]
    assert parts["7.1γ"]["status"] == "finished" and parts["7.1γ"]["answered"] is False
    for name in ("test/accuracy", "test/macro_f1", "test/micro_f1", "majority/accuracy"):
        assert 0 <= parts["7.1ε"]["values"][name] <= 1
    low, high = parts["7.1ε"]["intervals"]["test/accuracy"]
    assert low <= parts["7.1ε"]["values"]["test/accuracy"] <= high
    assert parts["7.1β"]["values"]["test/accuracy"] == parts["7.1ε"]["values"]["test/accuracy"]
    assert parts["7.1ε"]["tables"]["per_class"]["rows"]
    figures = [Path(path) for path in parts["7.1ε"]["figures"]]
    assert figures and all(path.read_bytes().startswith(b"\x89PNG") for path in figures)
    assert "passed" in parts["7.1δ"]["values"]
    assert "epoch 3/3" in done.err
    assert done.err.count("epoch 1/3  ") == 2  # one plain line an epoch: 7.1β and 7.1δ trained, 7.1ε did not

    again = workbench("--step", parts_of_music, "--data", genre_root, "--json", *small("epochs=3"))
    assert [part["run"] for part in again.json["parts"]] == [part["run"] for part in report["parts"]]
    assert "finished already" in again.err
    assert again.json["parts"][3]["values"] == parts["7.1ε"]["values"]

    plain = workbench("--step", "7.1e", "--data", genre_root, *small("epochs=3"))
    for text in ("accuracy", "Loss over the epochs", "Scores per class", "Confusion matrix", "macro average"):
        assert text in plain.out
    assert "\x1b" not in plain.out


def test_a_part_alone_trains_when_there_is_nothing_to_build_on(genre_root: Path) -> None:
    done = workbench("--step", "7.1ε", "--data", genre_root, "--json", *small("epochs=1"), "--subset", "12")
    assert done.code == 0, done.err
    assert done.json["parts"][0]["values"]["test/accuracy"] is not None
    assert "12 training" in done.err
    forced = workbench(
        "--step", "7.1ε", "--data", genre_root, "--json", *small("epochs=1"), "--subset", "12", "--force"
    )
    assert forced.json["parts"][0]["run"] != done.json["parts"][0]["run"]
    assert forced.json["parts"][0]["values"] == done.json["parts"][0]["values"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--step", "7.9"], 2, "There is no step or part '7.9'. Nearest: 7."),
        (["--step", "7.1", "--set", "epoch=2"], 2, "Did you mean epochs"),
        (["--step", "7.1", "--set", "epochs=0"], 2, "epochs cannot be '0'|epochs cannot be 0"),
        (["--step", "7.1", "--set", "epochs"], 2, "not of the form name=value"),
        (["--step", "7.1", "--set", "seed=x"], 2, "seed cannot be"),
        (["--step", "7.1", "--device", "tpu"], 2, "'tpu' is not a device"),
        (["--step", "7.1", "--device", "cuda:7"], 2, "has no device 'cuda:7'; it has cpu"),
        (["--step", "7.1", "--subset", "-4"], 2, "subset cannot be"),
        (["--detach"], 2, "needs --step"),
        (["--step", "7.1", "--data", "/nowhere/at/all"], 3, "/nowhere/at/all"),
    ],
)
def test_what_cannot_be_meant_gets_one_clear_message_and_nothing_is_written(
    arguments: list[str], code: int, text: str, tmp_path: Path, genre_root: Path
) -> None:
    if "--step" in arguments and "--data" not in arguments:
        arguments = [*arguments, "--data", str(genre_root)]
    done = workbench(*arguments)
    assert done.code == code, done
    assert any(one in done.err for one in text.split("|")), done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert not (tmp_path / "sessions").exists()


def test_an_error_is_told_to_programs_too(genre_root: Path) -> None:
    done = workbench("--step", "7.9", "--data", genre_root, "--json")
    assert done.json["error"] == {
        "kind": "UnknownPartError",
        "message": done.err.strip(),
        "problems": [],
        "exit": 2,
    }


def test_broken_data_are_named_file_by_file_before_anything_starts(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", {"Blues": 6, "Jazz": 6}, multitask=False)
    clips = sorted((root / "fma_genre_spectrograms" / "train").glob("*.npy"))
    clips[0].write_bytes(b"")
    clips[1].unlink()
    done = workbench("--step", "7.1", "--data", root)
    assert done.code == 3
    assert clips[0].name in done.err and clips[1].name in done.err
    assert not (tmp_path / "sessions").exists()


def test_pointing_inside_the_data_set_says_where_its_root_is(genre_root: Path, tmp_path: Path) -> None:
    done = workbench("--step", "7.1", "--data", genre_root / "fma_genre_spectrograms")
    assert done.code == 3
    assert str(genre_root) in done.err


def test_a_detached_run_goes_on_and_is_followed_and_stopped_by_command(genre_root: Path) -> None:
    started = workbench(
        "--step", "7.1β", "--data", genre_root, "--detach", "--json", *small("epochs=4000", "patience=0")
    )
    assert started.code == 0, started.err
    run = started.json["parts"][0]["run"]
    assert started.json["parts"][0]["status"] in ("running", "queued")
    status = workbench("status", "--json")
    assert {row["run"]: row["status"] for row in status.json["runs"]}[run] in ("running", "queued")
    changed = workbench("change", "learning_rate=0.0001", "7.1β", "--json")
    assert changed.json["acknowledged"] is True
    stopped = workbench("stop", "7.1b", "--json")
    assert stopped.json["acknowledged"] is True
    followed = workbench("follow", run, "--json")
    assert followed.code == 5
    assert followed.json["parts"][0]["status"] == "interrupted"
    assert "stopped by the user" in followed.json["parts"][0]["reason"]
    nothing = workbench("stop", run)
    assert nothing.code == 2 and "takes no requests" in nothing.err


def test_ctrl_c_saves_and_stops_the_run_and_the_same_command_takes_it_up_again(
    tmp_path: Path, genre_root: Path
) -> None:
    command = ["--step", "7.1β", "--data", str(genre_root), *small("epochs=200", "patience=0", "checkpoint_seconds=0")]
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *command],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if "epoch 2/" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert out == ""
    again = workbench(*command)
    assert again.code == 0, again.err
    assert "taken up again" in again.err
    assert "taken up at epoch" in again.err


def test_when_the_terminal_goes_the_run_goes_on(tmp_path: Path, genre_root: Path) -> None:
    command = ["--step", "7.1β", "--data", str(genre_root), *small("epochs=40")]
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    for line in process.stderr:
        if "epoch 1/" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    deadline = time.monotonic() + 120
    while (rows := workbench("status", "--json").json["runs"])[0]["status"] == "running":
        assert time.monotonic() < deadline
    assert rows[0]["status"] == "finished"


def test_output_into_a_closed_pipe_ends_quietly(genre_root: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "steps"], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("words", [["answer", "1d"], ["steps"], ["help"], ["config"]])
def test_a_command_whose_reader_has_gone_ends_well_however_it_prints(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "workbench", *words], stdout=closed, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("language", "word"), [("en", "answered"), ("el", "apanthsh")])
def test_where_the_terminal_has_ascii_alone_letters_become_their_nearest_and_parts_keep_their_ids(
    language: str, word: str
) -> None:
    done = workbench("steps", "--lang", language, env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0 and done.out.isascii() and "?" not in done.out.replace(";", "")
    lines = [line.split() for line in done.out.splitlines()]
    assert {"5c", "7.1e", "11d"} <= {one for line in lines for one in line[1:2]}
    assert word in done.out


def test_without_a_terminal_the_app_gives_the_list_and_where_to_go(tmp_path: Path) -> None:
    done = workbench()
    assert done.code == 2
    assert "7.1β" in done.out
    assert "--step" in done.err


def test_the_step_list_says_where_each_part_stands() -> None:
    report = workbench("steps", "--json").json
    parts = {part["part"]: part for step in report["steps"] for part in step["parts"]}
    assert parts["7.1β"]["built"] and parts["7.1β"]["status"] == "not started"
    assert parts["9α"]["status"] == "not answered"
    assert all(part["built"] for part in parts.values() if part["parameters"])
    assert json.dumps(parts["7.1β"]["parameters"])


def test_a_session_that_is_new_is_said_to_be_with_the_name_that_was_perhaps_meant(genre_root: Path) -> None:
    first = workbench("--step", "0", "--data", genre_root, "--session", "mine")
    assert f"a new session, mine, on the data in {genre_root}" in first.err
    assert "Did you mean" not in first.err
    assert "a new session" not in workbench("--step", "0", "--session", "mine").err
    mistyped = workbench("--step", "0", "--data", genre_root, "--session", "mien")
    assert "a new session, mien" in mistyped.err and "Did you mean mine?" in mistyped.err


def test_a_session_keeps_to_its_data(tmp_path: Path, genre_root: Path) -> None:
    first = workbench("--step", "7.1δ", "--session", "mine", "--data", genre_root, *small("epochs=2"))
    assert first.code == 0, first.err
    other = make_genre_set(tmp_path / "other", {"Folk": 6, "Pop": 6}, multitask=False)
    refused = workbench("--step", "7.1δ", "--session", "mine", "--data", other, *small("epochs=2"))
    assert refused.code == 2
    assert "another session" in refused.err


def test_a_place_that_cannot_be_made_is_named_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(tmp_path / "file" / "cache"))
    done = workbench("data", "demo")
    assert done.code == 4 and len(done.err.splitlines()) == 1
    assert str(tmp_path / "file") in done.err and "WORKBENCH_CACHE_DIR" in done.err


def test_a_command_from_a_folder_that_was_removed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["data", "check", "somewhere", "--json"]) == 2
    told = capsys.readouterr()
    assert "not there any more" in told.err and json.loads(told.out)["error"]["exit"] == 2


@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGTERM, 5, "goes on"), (signal.SIGINT, 130, "interrupt")]
)
def test_a_build_that_is_stopped_says_so_to_programs_too(
    number: signal.Signals, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(60)

    monkeypatch.setattr(data, "build_demo", build)
    assert main(["data", "demo", "--json"]) == code
    told = capsys.readouterr()
    error = json.loads(told.out)["error"]
    assert error["exit"] == code and said in error["message"] and error["message"] in told.err


def test_leaving_is_said_to_be_of_the_prompt() -> None:
    done = workbench("quit")
    assert done.code == 2 and "is a command of the prompt" in done.err
