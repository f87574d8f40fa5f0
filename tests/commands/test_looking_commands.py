"""``next``, ``log``, ``system``, ``track`` and the clips behind a cell: the app's screens in lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from commands.schema_tools import Caller
from commands.test_reading_commands import genre_run

from labsteps.catalogue import catalogue
from labsteps.results import Axis, Result, Scatter, to_json
from workbench.cli import main
from workbench.grammar.parser import build_parser
from workbench.grammar.words import Way
from workbench.store.batches import BatchRecord
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.in_lines import IN_LINES, LOOKS, plain_page
from workbench.tui.keymap import ALL_TABLES

# Keys that move a cursor, or that belong to a field, a dialog or a view that lines do not have.
MOVES = {
    "forward",
    *("down", "up", "first", "last", "page_down", "page_up", "vi_down", "vi_up", "vi_next", "vi_previous", "right"),
    *("left", "next", "previous", "back", "full", "expand", "collapse", "close", "cancel", "take", "before", "leave"),
    *("help", "vi_right", "vi_left"),
    *("next_choice", "choice_before", "closer", "farther", "turn", "turn_back", "tilt", "tilt_back", "whole", "copy"),
    *("pan_right", "pan_left", "pan_up", "pan_down", "layer_before", "epoch_before", "clear", "rubber", "centre"),
}
ALIKE = {f"inside.digit_{digit}" for digit in range(1, 10)} | {"preview.check"}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("thesis", device="cpu")


@pytest.fixture
def call() -> Caller:
    return Caller()


def mapped_run(session: Session) -> None:
    points = ((0.0, 1.0, 2.0), (0.0, 1.0, 4.0), ("Pop", "Pop", "Jazz"), ("7", "8", "9"))
    figure = Scatter("PCA in 2D", Axis("PC 1"), Axis("PC 2"), *points, notes=("", "Pop says Jazz", ""))
    run = session.create_run({"part": "11β", "parameters": {}, "seed": 0, "data": ""})
    run.write_result({"format": 1, "part": "11β", "run": run.id, **to_json(Result(figures={"plane": figure}))})


def test_what_comes_next_is_a_part_and_its_command(
    session: Session, call: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["next"]) == 0
    assert capsys.readouterr().out == "next: 0, The data folder and the device: run 0\n"
    for part in catalogue().parts.values():
        if part.id in ("0", "1α", "1β", "1γ"):
            genre_run(session, part.id, [True])
    assert call("next")["command"] == "answer 1d"
    session.write_answer("1δ", "It follows the ear.\n", "")
    assert call("next")["command"] == "run 2a"
    assert main(["next", "--lang", "el"]) == 0
    assert capsys.readouterr().out.startswith("επόμενο: 2α, ")


def test_the_log_is_of_the_session_or_of_a_run_with_what_its_worker_printed(
    session: Session, call: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log"]) == 0
    assert "No run has said anything yet." in capsys.readouterr().out
    run = genre_run(session, "5γ", [True])
    with run.writer() as events:
        events.append("started", device="cpu", pid=1)
        events.append("warning", text="No clip of Jazz is left to train on.")
    genre_run(session, "7.1ε", [True])
    main(["log", "--lang", "el"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("5γ     άρχισε σε cpu")
    assert second.endswith("5γ     προειδοποίηση: Δεν έμεινε δείγμα του Jazz για εκπαίδευση.")
    assert [row["text"] for row in call("log", "--warnings")["messages"]] == ["No clip of Jazz is left to train on."]
    assert len(call("log", "5c", "--last", "1")["messages"]) == 1 and call("log", "7.1e")["messages"] == []
    run.log_file.write_text("one\ntwo \x1b[31mred\n", encoding="utf-8")
    assert call("log", "5c", "--worker")["output"] == ["one", "two \x1b[31mred"]
    main(["log", "5c", "--worker", "--last", "1"])
    assert "\x1b" not in (told := capsys.readouterr().out) and told.splitlines()[1].startswith("two ")
    assert main(["log", "--worker"]) == 2
    assert main(["log", "--last", "0"]) == 2


def test_the_machine_is_told_in_lines(session: Session, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    report = call("system")
    assert report["threads"] >= 1 and {"device": "cpu", "runs": []} in report["queues"]
    assert main(["system", "--lang", "el"]) == 0
    told = capsys.readouterr().out
    assert "ουρά της cpu: τίποτα δεν τρέχει" in told and "επεξεργαστής: " in told


def test_the_clips_behind_a_cell_are_named_and_a_wrong_class_is_answered_with_the_nearest(
    session: Session, call: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    genre_run(session, "7.1ε", [True, False, False])
    assert main(["cm", "7.1", "blues", "Jazz"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "7.1ε: Blues taken for Jazz, 2 clips",
        "track 2  Jazz 0.50  Blues 0.50",
        "track 3  Jazz 0.50  Blues 0.50",
    ]
    assert [clip["track"] for clip in call("cm", "7.1", "Blues", "Blues")["clips"]] == ["1"]
    assert main(["cm", "7.1", "Blues", "Jaz"]) == 2
    assert "there are Blues, Jazz. Did you mean Jazz?" in capsys.readouterr().err
    assert main(["cm", "7.1", "Blues"]) == 2


def test_figures_are_told_in_numbers_by_a_flag_and_by_the_setting(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    genre_run(session, "7.1ε", [True, False])
    assert main(["plot", "7.1", "loss", "--numbers"]) == 0
    by_flag = capsys.readouterr().out
    assert "train: first 2 at epoch 1, best 1 at epoch 2, last 1 at epoch 2\nepoch 1: train 2" in by_flag
    monkeypatch.setenv("WORKBENCH_PLAIN", "true")
    main(["show", "7.1e"])
    shown = capsys.readouterr().out
    assert "7.1ε, Genre from mel spectrograms with the CNN, finished in" in shown
    assert "Blues: 1 of 2 right, recall 0.50; 1 as Jazz" in shown
    assert not set("│┤⠀⣀█─") & set(shown + by_flag)


def test_a_track_is_told_by_where_it_lies_and_what_is_near(
    session: Session, call: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped_run(session)
    assert call("track", "11b", "8")["maps"] == [
        {"figure": "plane", "label": "Pop", "at": [1.0, 1.0], "note": "Pop says Jazz", "near": {"Pop": 1, "Jazz": 1}}
    ]
    main(["track", "11b", "9"])
    assert capsys.readouterr().out.splitlines() == [
        "11β, track 9: Jazz",
        "PCA in 2D: at 2, 4; nearest: 2 Pop",
    ]
    assert main(["track", "11b", "5"]) == 2
    assert "there are 3, such as 7, 8, 9." in capsys.readouterr().err
    genre_run(session, "7.1ε", [True])
    assert main(["track", "7.1e", "9"]) == 2


def test_a_batch_between_two_runs_is_stopped_by_name_of_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("workbench.store.batches.os.kill", lambda pid, _: asked.append(pid))
    with BatchRecord(session.folder, ["5γ", "5δ"]) as batch:
        batch.at(1)
        assert main(["stop"]) == 0
        assert "Asked the batch to end; what it has run is kept, 5δ is not started." in capsys.readouterr().out
        assert main(["stop", "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
    assert len(asked) >= 2
    Caller().hold("stop", report)


def test_every_action_of_the_app_has_its_line_and_the_page_says_so() -> None:
    once = {key.id for table in ALL_TABLES for key in table}
    lacking = {name for name in once - IN_LINES.keys() - ALIKE if name.partition(".")[2] not in MOVES}
    assert lacking == set() and set(IN_LINES) <= once
    page = Path(__file__).resolve().parents[2] / "docs" / "plain.md"
    assert page.read_text(encoding="utf-8") == plain_page()
    told = [line for line in IN_LINES.values() if line != LOOKS]
    assert len(told) > len(IN_LINES) * 0.9


def test_every_command_on_the_page_is_one() -> None:
    parser = build_parser(Way.PROMPT)
    for line in IN_LINES.values():
        for command in re.findall(r"`([^`]+)`", line):
            words = [word for word in command.split() if word != "…"]
            if len(words) > 1 and words[0] in parser.verbs():
                parser.parse_args(words)
            else:
                assert words[0] in ("repl", "--text", "--file", *parser.verbs()), command
