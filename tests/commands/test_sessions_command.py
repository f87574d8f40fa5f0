"""``sessions``, ``data`` and ``doctor`` from the command line."""

from __future__ import annotations

from pathlib import Path

from commands.command_tools import small, workbench
from data_sets import make_genre_set


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
