"""``plot``, ``cm``, ``compare``, ``note``, ``tag``, ``pin`` and ``delete`` on runs written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labsteps.catalogue import catalogue
from labsteps.evaluation.correlation import AxisPredictions
from labsteps.evaluation.regression import to_csv
from labsteps.results import Axis, Curve, Heatmap, Result, Series, Value, to_json
from workbench.cli import main
from workbench.commands.answer import without_comment
from workbench.store.marks import removed_runs
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions

CLASSES = ("Blues", "Jazz")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("thesis")


def genre_run(session: Session, part: str, right: Sequence[bool], **changes: Any) -> RunFolder:
    """Return a finished run whose classifier is right on some of the tracks 1, 2, 3 …"""
    settings = {**catalogue().parts[part].defaults(), **changes}
    run = session.create_run({"part": part, "parameters": settings, "seed": 0, "data": ""})
    accuracy = sum(right) / len(right)
    counts = ((float(sum(right)), float(len(right) - sum(right))), (0.0, 0.0))
    result = Result(
        values={"test/accuracy": Value(accuracy), "test/macro_f1": Value(None, reason="one class alone")},
        figures={
            "loss": Curve("Loss so far", Axis("epoch"), Axis("loss"), (Series("train", (1.0, 2.0), (2.0, 1.0)),)),
            "confusion": Heatmap("Confusion", Axis("predicted"), Axis("true"), CLASSES, CLASSES, counts, counts=True),
        },
    )
    lines = [f"{n},Blues,{'Blues' if good else 'Jazz'},0.5,0.5" for n, good in enumerate(right, 1)]
    (run.path / "test_outputs.csv").write_text("\n".join(["id,true,predicted,Blues,Jazz", *lines]) + "\n")
    run.write_result({"format": 1, "part": part, "run": run.id, **to_json(result)})
    return run


def affect_run(session: Session, part: str, noise: dict[str, float], tracks: int = 30) -> RunFolder:
    run = session.create_run({"part": part, "parameters": {}, "seed": 0, "data": ""})
    true = np.linspace(-1.0, 1.0, tracks)[:, None]
    for number, (model, spread) in enumerate(noise.items()):
        said = true + spread * np.random.default_rng(number).normal(size=true.shape)
        (run.path / model).mkdir()
        (run.path / model / "test_outputs.csv").write_bytes(
            to_csv(AxisPredictions(np.arange(tracks), true, said, ("valence",)))
        )
    run.write_result({"format": 1, "part": part, "run": run.id, **to_json(Result())})
    return run


def test_two_classifiers_are_compared_track_by_track(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    better = genre_run(session, "5γ", [True] * 10, epochs=7)
    worse = genre_run(session, "7.1ε", [True] * 2 + [False] * 8)
    assert main(["compare", "5c", "7.1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["first"]["run"], report["second"]["run"]) == (better.id, worse.id)
    (row,) = report["tables"]["accuracy"]["rows"]
    assert row[:3] == ["5γ", "7.1ε", pytest.approx(0.8)]
    assert row[5] == pytest.approx(2 / 2**8)  # McNemar: eight tracks, all for the first
    assert row[-3:] == [8, 0, 10]
    assert report["tables"]["metrics"]["rows"][0][1:] == [1.0, 0.2, pytest.approx(0.8)]
    assert report["tables"]["metrics"]["rows"][1][1:] == [None, None, None]
    differing = {name: (a, b) for name, a, b in report["tables"]["parameters"]["rows"]}
    assert differing["epochs"][0] == "7"
    assert "weight_decay" not in differing
    assert main(["compare", "5c", worse.id]) == 0
    assert "McNemar's exact test" in " ".join(capsys.readouterr().out.split())


def test_regressors_are_compared_on_the_tracks_that_both_have(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    affect_run(session, "8β", {"cnn": 0.05, "lstm": 2.0})
    affect_run(session, "10γ", {"cnn": 0.8}, tracks=25)
    # Of these tracks the true values are others, since the scale is cut to 25: they are refused, not mixed.
    assert main(["compare", "8b", "10c"]) == 2
    assert "other true values" in capsys.readouterr().err
    affect_run(session, "10γ", {"joint": 0.8, "still": 0.0})
    assert main(["compare", "8b", "10c", "--json", "--resamples", "200"]) == 0
    rows = json.loads(capsys.readouterr().out)["tables"]["spearman"]["rows"]
    assert [row[:3] for row in rows] == [
        ["8β cnn", "10γ joint", "valence"],
        ["8β cnn", "10γ still", "valence"],
        ["8β lstm", "10γ joint", "valence"],
        ["8β lstm", "10γ still", "valence"],
    ]
    difference, low, high, tracks = rows[0][3:]
    assert 0 < low <= difference <= high and tracks == 30


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["5c", "5c"], 2, "are one run"),
        (["5c", "8b"], 2, "one is a classifier and the other is not"),
        (["5c", "1a"], 4, "has no run of 1a"),
        (["5c", "7.1d"], 2, "no finished run with predictions"),
        (["5c", "nothing"], 2, "There is no step or part"),
        (["5c", "8b", "--resamples", "0"], 2, "--resamples cannot be 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    session: Session, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    genre_run(session, "5γ", [True, False])
    affect_run(session, "8β", {"cnn": 0.1})
    session.create_run({"part": "7.1δ"})
    assert main(["compare", *words]) == code
    assert said in capsys.readouterr().err


def test_figures_are_drawn_by_name_and_a_wrong_name_is_answered(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    run = genre_run(session, "7.1ε", [True, False, True])
    session.create_run({"part": "7.1δ"})  # newer, and without a figure
    assert main(["plot", "7.1", "loss"]) == 0
    drawn = capsys.readouterr().out
    assert run.id in drawn and "Loss so far" in drawn and "Confusion" not in drawn
    assert main(["plot", "7.1", "los"]) == 2
    assert "Did you mean loss?" in capsys.readouterr().err
    assert main(["cm", "7.1", "--percent"]) == 0
    assert "67" in capsys.readouterr().out
    assert main(["cm", "7.1", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["figures"]) == ["confusion"]
    assert main(["cm", "7.1d"]) == 2
    assert "No run of 7.1d has a confusion matrix" in capsys.readouterr().err


def test_the_curves_of_a_run_that_has_no_result_are_drawn_too(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    run = session.create_run({"part": "7.1β"})
    with run.take(), run.writer() as events:
        for epoch in (1, 2):
            events.append("epoch", epoch=epoch, epochs=9, train_loss=2.0 / epoch, validation_loss=2.1, seconds=1.0)
        assert main(["plot", "7.1"]) == 0
    assert "Loss" in capsys.readouterr().out


def test_marks_are_kept_by_command(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    run = genre_run(session, "5γ", [True])
    assert main(["note", "5c", "too", "slow"]) == 0
    assert main(["note", "5 epochs are too few"]) == 0  # one word for the shell: a text, not step 5
    assert main(["note", "3", "epochs", "too"]) == 0  # as many, and not part 3
    assert main(["tag", "5c", "final,lstm"]) == 0
    assert main(["pin", run.id]) == 0
    capsys.readouterr()
    assert main(["note", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "format": 1,
        "session": "thesis",
        "note": "5 epochs are too few\n3 epochs too\n",
        "runs": [{"run": run.id, "part": "5γ", "note": "too slow", "tags": ["final", "lstm"], "pinned": True}],
    }
    assert main(["delete", "5c"]) == 4
    assert "pinned" in capsys.readouterr().err
    assert main(["pin", "5c", "--remove"]) == 0
    assert main(["delete", "5c"]) == 0
    assert session.runs() == []
    assert main(["delete", "--restore", run.id]) == 0
    assert [one.id for one in session.runs()] == [run.id]


def test_a_result_says_with_what_it_was_computed(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    run = genre_run(session, "5ε", [True])
    run.update_record(device="cpu", weights="ab" * 32)
    for section, threads in (("raw", 2), ("beat", 2)):
        (run.path / section).mkdir()
        told = {"precision": "bf16", "threads": threads, "attention": "sdpa"}  # as older runs do, without recurrence
        (run.path / section / "arithmetic.json").write_text(json.dumps(told))
    with run.writer() as events:
        events.append("pretrained", section="raw", name="deit.pth")
    assert main(["show", "5e"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "computed in bf16 on 2 threads" in lines
    assert "began from published weights: deit.pth  abababababab" in lines
    assert main(["show", "5e", "--json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)["parts"]
    assert [(one["section"], one["precision"]) for one in shown["arithmetic"]] == [("beat", "bf16"), ("raw", "bf16")]
    assert {one["recurrence"] for one in shown["arithmetic"]} == {"shared"}
    assert shown["weights"] == {"sha256": "ab" * 32, "name": "deit.pth"}
    (run.path / "raw" / "arithmetic.json").write_text(json.dumps({**told, "precision": "float32"}))
    assert main(["show", "5e", "--lang", "el"]) == 0
    assert "raw: υπολογίστηκε σε float32 με 2 νήματα" in capsys.readouterr().out.splitlines()


def test_the_commands_own_words_are_greek_where_that_is_asked(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    run = genre_run(session, "5γ", [True])
    run.update_record(changed={"epochs": 9})
    english = (
        *("finished", "run ", "figures as", "changed while", "undefined", "not answered", "Reference", "Evidence"),
        *("none yet", "No answer", "not started", "view", "question", "drawn by", "other data than"),
    )
    for words in (["show", "5c"], ["answer", "6e"], ["steps"], ["answer", "6e", "--text", "x"], ["show", "6e"]):
        assert main([*words, "--lang", "el"]) == 0
        told = capsys.readouterr().out.replace("--step", "").replace(f"show {'5c'}", "")
        assert [word for word in english if word in told] == [], words
    assert main(["show", "5c"]) == 0
    told = capsys.readouterr().out
    assert "finished in" in told and "undefined: one class alone" in told and "changed while it ran: epochs 9" in told


def test_the_trash_is_emptied_after_a_question(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    kept, run = genre_run(session, "5γ", [True]), genre_run(session, "5δ", [True])
    assert main(["delete", "5d"]) == 0
    assert main(["delete", "--empty-trash"]) == 2  # nobody is there to answer
    assert f"deletes for good: {run.id} in the trash of thesis" in capsys.readouterr().err
    assert main(["delete", "5c", "--empty-trash"]) == 2
    assert [one.id for one in removed_runs(session)] == [run.id]
    capsys.readouterr()
    assert main(["delete", "--empty-trash", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"format": 1, "deleted": 1}
    assert removed_runs(session) == []
    assert [one.id for one in session.runs()] == [kept.id]


def test_what_is_deleted_is_never_guessed(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [genre_run(session, "5γ", [True]) for _ in range(2)]
    assert main(["delete", "5c"]) == 2
    assert all(run.id in capsys.readouterr().err for run in runs[:1])
    assert len(session.runs()) == 2


def test_the_devices_and_settings_of_a_session(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["device", "cpu"]) == 0
    assert main(["set", "seed=7", "language=el"]) == 0
    assert (session.device, session.seed, session.language) == ("cpu", 7, "el")
    capsys.readouterr()
    for words, said in (
        (["device", "tpu"], "'tpu' is not a device"),
        (["set", "seed=-1"], "seed cannot be"),
        (["set", "language=fr"], "en or el"),
        (["set", "epochs=3"], "given with the run"),
        (["set", "epohs=3"], "No part has a parameter"),
    ):
        assert main([*words, "--lang", "en"]) == 2
        assert said in capsys.readouterr().err
    assert session.seed == 7


def test_an_editor_shows_the_question_in_a_comment_that_is_not_saved(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        f'#!/bin/sh\ncp "$1" {tmp_path}/seen\n{{ echo "Mine."; cat "$1"; }} > {tmp_path}/new\ncp {tmp_path}/new "$1"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    part = catalogue().parts["9ε"]
    assert part.question is not None
    assert main(["answer", "9e", "--edit"]) == 0
    seen = " ".join((tmp_path / "seen").read_text(encoding="utf-8").split())
    assert part.question.en in seen and "show 9d" in seen
    assert session.read_answer("9ε")[0] == "Mine.\n"
    assert main(["answer", "9e", "--edit", "--lang", "el"]) == 0
    assert part.question.el in " ".join((tmp_path / "seen").read_text(encoding="utf-8").split())
    assert session.read_answer("9ε")[0] == "Mine.\nMine.\n"


def test_no_editor_waits_where_nobody_can_press_a_key(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    editor = tmp_path / "vi"
    editor.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    editor.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["answer", "9e", "--edit", "--lang", "en"]) == 2  # pytest's streams are no terminal
    assert "vi needs a terminal" in capsys.readouterr().err
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mine.\n\n<!-- workbench: x\n\nthe question\n-->\n", "Mine.\n"),
        ("<!-- workbench: x\n\nthe question\n-->\n", ""),
        ("<!-- workbench: x\n-->\n\nBelow it.\n", "Below it.\n"),
        ("Mine. <!-- my own -->\n", "Mine. <!-- my own -->\n"),
        ("No comment", "No comment"),
    ],
)
def test_only_the_comment_of_the_workbench_is_left_out(text: str, kept: str) -> None:
    assert without_comment(text) == kept


def test_a_comparison_names_metrics_in_the_language_and_in_english_for_programs(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    genre_run(session, "5γ", [True] * 4)
    genre_run(session, "7.1ε", [True] * 3 + [False])
    main(["compare", "5c", "7.1", "--lang", "el", "--json"])
    rows = json.loads(capsys.readouterr().out)["tables"]["metrics"]["rows"]
    assert rows[0][0] == "accuracy"
    main(["compare", "5c", "7.1", "--lang", "el"])
    told = capsys.readouterr().out
    assert "μετρική" in told and "metric" not in told and "παύλα όπου δεν ορίζεται" in told
