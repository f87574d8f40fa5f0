"""``sessions``, ``data`` and ``doctor`` from the command line."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from commands.command_tools import ROOT, small, workbench
from data_sets import make_genre_set

from workbench.cli import main
from workbench.commands import sessions as sessions_command
from workbench.store.sessions import Sessions


def test_a_session_moves_to_another_machine_in_one_archive(tmp_path: Path, genre_root: Path) -> None:
    ran = workbench("--step", "7.1δ", "--session", "θερμό", "--data", genre_root, *small("epochs=2"))
    assert ran.code == 0, ran.err
    archive = tmp_path / "session.tar.gz"
    assert workbench("sessions", "export", "θερμό", archive).code == 0
    elsewhere = tmp_path / "elsewhere"
    brought = workbench("sessions", "import", archive, "--sessions-dir", elsewhere)
    assert brought.code == 0, brought.err
    listed = workbench("sessions", "--sessions-dir", elsewhere, "--json").json["sessions"]
    assert [(one["name"], one["runs"], one["finished"]) for one in listed] == [("θερμό", 1, 1)]
    shown = workbench("--step", "7.1δ", "--sessions-dir", elsewhere, "--session", "θερμό", *small("epochs=2"))
    assert "finished already" in shown.err


def test_a_long_import_says_beside_its_answer_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sessions_command, "_TOLD_EVERY", 0.0)
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "there"))
    one = Sessions(tmp_path / "here").create("one")
    one.create_run({"part": "5γ"}).artifact("weights.npz").write_bytes(os.urandom(3_000_000))
    archive = Sessions(tmp_path / "here").export("one", tmp_path / "one.tar.gz").path
    assert main(["sessions", "import", str(archive), "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["session"] == "one"
    assert re.search(r"^\d files, \d\.\d MB of 3\.0 MB \(\d\d%\)$", shown.err, re.MULTILINE)
    assert re.search(r"^checking \d files$", shown.err, re.MULTILINE)
    assert main(["sessions", "import", str(archive), "--name", "two", "--lang", "el"]) == 0
    shown = capsys.readouterr()
    assert re.search(r"^\d αρχεία, \d\.\d MB από 3\.0 MB \(\d\d%\)$", shown.err, re.MULTILINE)
    assert re.search(r"^έλεγχος \d αρχείων$", shown.err, re.MULTILINE)


def test_a_short_import_says_only_what_came_of_it() -> None:
    now, said = [0.0], []
    progress = sessions_command.import_teller(said.append, lambda: now[0])
    for now[0] in (0.5, 1.9, 2.0, 3.5, 4.1):
        progress(3, round(now[0] * 1e6), 5_000_000)
    assert said == ["3 files, 2.0 MB of 5.0 MB (40%)", "3 files, 4.1 MB of 5.0 MB (82%)"]


def test_what_is_said_before_the_command_holds_for_a_new_session(genre_root: Path) -> None:
    made = workbench("--data", genre_root, "--device", "cpu", "--seed", "4", "sessions", "new", "one", "--json")
    assert (made.json["data_root"], made.json["device"], made.json["seed"]) == (str(genre_root), "cpu", 4)


def test_json_is_the_same_data_where_the_terminal_has_ascii_alone(genre_root: Path) -> None:
    workbench("sessions", "new", "θερμό", "--data", genre_root)
    said = "“Οι συνελίξεις” — 😀"
    assert workbench("answer", "7.1γ", "--session", "θερμό", "--text", said).code == 0
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    shown = workbench("report", "preview", "--json", env=narrow)
    assert shown.out.isascii() and said in [piece["text"] for piece in shown.json["pieces"]], shown.err


def test_what_was_removed_can_be_restored(genre_root: Path) -> None:
    assert workbench("sessions", "new", "one", "--data", genre_root).code == 0
    assert workbench("sessions", "rename", "one", "two").code == 0
    assert workbench("sessions", "copy", "two", "three").code == 0
    assert workbench("sessions", "remove", "two").code == 0
    assert [one["name"] for one in workbench("sessions", "--json").json["sessions"]] == ["three"]
    trashed = workbench("sessions", "trash", "--json").json["sessions"][0]["name"]
    assert workbench("sessions", "restore", trashed).code == 0
    names = {one["name"] for one in workbench("sessions", "--json").json["sessions"]}
    assert names == {"two", "three"}


def test_a_session_that_is_not_there_is_refused_with_near_names(genre_root: Path) -> None:
    workbench("sessions", "new", "thesis", "--data", genre_root)
    done = workbench("sessions", "show", "tesis")
    assert done.code == 4
    assert "thesis" in done.err


def test_a_session_of_a_newer_format_is_refused(tmp_path: Path, genre_root: Path) -> None:
    workbench("sessions", "new", "later", "--data", genre_root)
    file = next((tmp_path / "sessions").glob("*/session.json"))
    file.write_text('{"format": 99, "name": "later"}\n')
    done = workbench("--step", "7.1", "--session", "later")
    assert done.code == 4
    assert "newer" in done.err


def test_the_check_names_every_problem_and_a_whole_set_passes(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", {"Blues": 4, "Jazz": 4})
    good = workbench("data", "check", root, "--json")
    assert good.code == 0, good
    assert good.json["ok"] is True
    train = root / "fma_genre_spectrograms" / "train"
    clips = sorted(train.glob("*.npy"))
    clips[0].write_bytes(clips[0].read_bytes()[:-8])
    clips[1].rename(train / "77777777.fused.full.npy")
    bad = workbench("data", "check", root)
    assert bad.code == 3
    assert clips[0].name in bad.out and clips[1].name.split(".")[0] in bad.out


def test_the_doctor_looks_at_everything_and_says_what_to_do(genre_root: Path) -> None:
    done = workbench("doctor", "--data", genre_root, "--json")
    findings = {finding["name"]: finding for finding in done.json["findings"]}
    names = {"python", "packages", "torch", "precision", "device", "terminal", "data", "sessions", "log-out"}
    assert names <= set(findings)
    assert "clips" in findings["data"]["text"]
    for finding in findings.values():
        assert finding["level"] == "ok" or finding["advice"] or finding["level"] == "note"


def test_a_line_that_is_no_text_hides_nothing_else_and_values_that_are_not_finite_are_found(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", {"Blues": 4, "Jazz": 4}, multitask=False)
    index = root / "fma_genre_spectrograms" / "train_labels.txt"
    index.write_bytes(index.read_bytes() + b"\xff\xfebad\tRock\n")
    train = sorted((root / "fma_genre_spectrograms" / "train").glob("*.npy"))
    test = sorted((root / "fma_genre_spectrograms" / "test").glob("*.npy"))
    for clip in (train[0], test[0]):
        array = np.load(clip)
        array[3, 4] = np.nan
        np.save(clip, array)
    done = workbench("data", "check", root)
    assert done.code == 3
    for text in ("not UTF-8 text", train[0].name, test[0].name):
        assert text in done.out
    assert "extra file" not in done.out


def test_the_trash_is_not_emptied_before_somebody_says_yes(tmp_path: Path) -> None:
    assert workbench("sessions", "new", "one").code == 0
    assert workbench("sessions", "remove", "one").code == 0
    refused = workbench("sessions", "empty-trash")
    assert refused.code == 2 and "deletes for good: one" in refused.err and "--yes" in refused.err
    assert workbench("sessions", "restore", "one").code == 0
    assert workbench("sessions", "remove", "one").code == 0
    assert workbench("sessions", "empty-trash", "--yes", "--json").json["deleted"] == 1
    assert workbench("sessions", "empty-trash").code == 0  # nothing to lose, nothing to ask


def test_a_damaged_run_does_not_hide_the_others(tmp_path: Path, genre_root: Path) -> None:
    ran = workbench("--step", "7.1δ", "--session", "one", "--data", genre_root, *small("epochs=1"))
    assert ran.code == 0, ran.err
    broken = tmp_path / "sessions" / "one" / "runs" / "20200101-000000000-7.1b-dead"
    broken.mkdir()
    (broken / "run.json").write_text("xx")
    rows = workbench("status", "--session", "one", "--json").json["runs"]
    assert {row["part"] for row in rows} == {"?", "7.1δ"}
    assert any("run.json" in row["reason"] for row in rows)


def test_narrow_encodings_and_closed_streams_break_nothing() -> None:
    narrow = workbench("steps", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert narrow.code == 0 and "Traceback" not in narrow.err
    closed = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m workbench steps >&-"], cwd=ROOT, capture_output=True, text=True
    )
    assert closed.returncode == 0 and "Traceback" not in closed.stderr
