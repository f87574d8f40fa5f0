"""Runs and metrics for other tools."""

from __future__ import annotations

import csv
import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from commands.command_tools import workbench

from workbench.cli import main
from workbench.export.tables import epochs_of
from workbench.export.tensorboard import Scalar, crc32c, event_file, masked, tag_of, write_run
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("one")


def make_run(
    session: Session, part: str = "7.1β", *, sections: tuple[str, ...] = ("",), values: Any = None
) -> RunFolder:
    record = {"part": part, "parameters": {"epochs": 3}, "seed": 4, "device": "cpu", "data": "abc"}
    run = session.create_run(record)
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        for section in sections:
            # The third epoch comes twice: the run was resumed after the second.
            for epoch, loss in ((1, 2.0), (2, 1.5), (3, 9.0), (3, 1.25)):
                more = {"section": section} if section else {}
                events.append(
                    "epoch", epoch=epoch, epochs=3, step=epoch * 4, seconds=2.0, train_loss=loss, best=True, **more
                )
        if values is not None:
            run.write_result({"values": values, "intervals": {"test/accuracy": [0.4, 0.6]}, "undefined": {"x": "none"}})
            events.append("finished", seconds=1.0)
    return run


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_a_run_with_parameters_results_and_intervals(session: Session) -> None:
    make_run(session, values={"test/accuracy": 0.5, "x": None})
    make_run(session, "5γ")
    first, second = rows_of(workbench("export", "runs", "--long").out)
    assert (first["part"], first["status"], first["parameter.epochs"], first["seed"]) == ("7.1β", "finished", "3", "4")
    assert (first["value.test/accuracy"], first["low.test/accuracy"], first["value.x"]) == ("0.5", "0.4", "")
    assert (second["part"], second["status"], second["value.test/accuracy"]) == ("5γ", "interrupted", "")
    assert first["epochs"] == "3" and first["created"].endswith("Z")
    only = workbench("export", "runs", "5", "--json").json
    assert [run["part"] for run in only["runs"]] == ["5γ"]


def heads(*words: str) -> list[str]:
    done = workbench("export", "runs", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()[0].split(",")


def test_what_a_run_is_comes_first_then_how_it_went_its_scores_and_its_parameters(session: Session) -> None:
    make_run(session, "5γ", values={"best_epoch": 2, "x": 1, "test/macro_f1": 0.4, "test/accuracy": 0.5})
    make_run(session, "8β", values={"held_out/spearman/valence": 0.1})
    make_run(session, "7.1ε", values={"test/macro_f1": 0.4, "test/accuracy": 0.5})
    own = ["run", "part", "seed", "device", "status", "created", "seconds", "epochs", "reason"]
    scores = ["value.test/accuracy", "low.test/accuracy", "high.test/accuracy", "value.test/macro_f1"]
    short, long = heads(), heads("--long")
    assert short[:13] == long[:13] == [*own, *scores]
    assert short[-1] == "parameter.epochs" and long[-1] == "data"
    assert [name for name in long if name in short] == short and set(long) - set(short) == {"data", "value.x"}


def test_columns_are_chosen_by_name_and_by_pattern_in_the_order_that_is_asked_for(session: Session) -> None:
    make_run(session, values={"test/accuracy": 0.5, "test/macro_f1": 0.4})
    assert heads("--columns", "seed, part,seed") == ["seed", "part"]
    assert heads("--columns", "value.test/*,parameter.epochs")[-1] == "parameter.epochs"
    assert set(heads("--columns", "test/accuracy")) == {f"{one}.test/accuracy" for one in ("value", "low", "high")}
    assert heads("--columns", "epochs") == ["epochs", "parameter.epochs"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--columns", "test/acuracy"], "No run has a column 'test/acuracy'. Did you mean test/accuracy"),
        (["--columns", "zzz"], "`export runs --long` has them all."),
        (["--columns", "part", "--long"], "not allowed with argument"),
        (["--columns", "part", "--json"], "JSON has every column"),
    ],
)
def test_columns_that_are_not_there_are_refused(
    session: Session, words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run(session, values={"test/accuracy": 0.5})
    assert main(["export", "runs", *words]) == 2
    assert text in capsys.readouterr().err


def test_a_row_a_metric_and_epoch_each_once_though_the_run_was_resumed(session: Session) -> None:
    run = make_run(session, sections=("raw", "beat"))
    told = rows_of(workbench("export", "metrics").out)
    losses = [(row["section"], int(row["epoch"]), float(row["value"])) for row in told if row["name"] == "train_loss"]
    assert losses == [(s, e, v) for s in ("raw", "beat") for e, v in ((1, 2.0), (2, 1.5), (3, 1.25))]
    assert {row["name"] for row in told} == {"train_loss", "seconds"}
    assert [row.metrics["train_loss"] for row in epochs_of(run)] == [2.0, 1.5, 1.25] * 2
    assert workbench("export", "metrics", "--format", "json").json["metrics"][0]["part"] == "7.1β"


def test_a_file_is_written_whole_and_a_folder_that_is_not_there_is_refused(session: Session, tmp_path: Path) -> None:
    make_run(session)
    done = workbench("export", "runs", "--out", tmp_path / "runs.csv")
    assert done.code == 0 and done.out == ""
    assert rows_of((tmp_path / "runs.csv").read_text())[0]["part"] == "7.1β"
    refused = workbench("export", "runs", "--out", tmp_path / "nowhere" / "runs.csv")
    assert refused.code == 4 and "nowhere" in refused.err and "Traceback" not in refused.err


@pytest.mark.parametrize("what", ["runs", "metrics"])
def test_a_table_that_goes_to_a_file_leaves_stdout_to_the_json_that_is_asked_for(
    session: Session, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run(session)
    for form in (["--format", "csv"], ["--format", "json"], []):
        assert main(["export", what, *form, "--out", str(tmp_path / "told"), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        written = (tmp_path / "told").read_text()
        assert report[what] and (rows_of(written)[0]["part"] if "csv" in form else json.loads(written) == report)
    assert main(["export", what, "--format", "csv", "--json"]) == 2
    assert "--format csv --out FILE" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["runs", "metrics"])
def test_a_table_is_written_over_no_file_but_one_of_its_own(
    session: Session, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run(session, values={"test/accuracy": 0.5})
    song, labels, own = tmp_path / "song.wav", tmp_path / "labels.csv", tmp_path / "own.csv"
    song.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    labels.write_text("run,genre\n1,rock\n")
    for theirs in (song, labels):
        before = theirs.read_bytes()
        assert main(["export", what, "--out", str(theirs)]) == 2
        assert f"{theirs}: --out would overwrite" in capsys.readouterr().err and theirs.read_bytes() == before
    for way in ([], ["--long"], ["--columns", "part,test/accuracy"], ["--format", "json"], []):
        words = [] if what == "metrics" and way and way[0] != "--format" else way
        assert main(["export", what, *words, "--out", str(own)]) == 0
    assert next(row["part"] for row in rows_of(own.read_text())) == "7.1β"


def test_the_checksum_is_that_of_the_standard() -> None:
    # RFC 3720, appendix B.4.
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E
    assert crc32c(b"123456789") == 0xE3069283


def read_records(raw: bytes) -> list[bytes]:
    records = []
    while raw:
        (length,) = struct.unpack("<Q", raw[:8])
        assert struct.unpack("<I", raw[8:12])[0] == masked(raw[:8])
        message = raw[12 : 12 + length]
        assert struct.unpack("<I", raw[12 + length : 16 + length])[0] == masked(message)
        records.append(message)
        raw = raw[16 + length :]
    return records


def test_an_event_file_is_what_tensorboard_itself_writes() -> None:
    """The bytes were made once with the protocol buffers of tensorboard 2.21.0 itself."""
    raw = event_file(1.5, [Scalar("loss/train", 300, 2.25, 0.5), Scalar("x", 1, 3.0, float("nan"))])
    first, second = read_records(raw)
    assert first == bytes.fromhex("09000000000000f83f1a0d627261696e2e4576656e743a32")
    assert second == bytes.fromhex("09000000000000024010ac022a130a110a0a6c6f73732f747261696e150000003f")


def test_each_training_of_a_run_has_an_event_file_and_so_have_its_results(session: Session, tmp_path: Path) -> None:
    run = make_run(session, sections=("raw", "seed-1/beat"), values={"test/accuracy": 0.5, "x": None})
    files = write_run(run, tmp_path / "tb")
    base = tmp_path / "tb" / "7.1b" / run.id
    assert [file.parent for file in files] == [base / "raw", base / "seed-1/beat", base / "result"]
    assert [len(read_records(file.read_bytes())) for file in files] == [7, 7, 2]
    before = files[0].read_bytes()
    assert write_run(run, tmp_path / "tb") == files and files[0].read_bytes() == before
    assert tag_of("validation_macro_f1") == "macro_f1/validation" and tag_of("seconds") == "run/seconds"
    told = json.loads(workbench("export", "tensorboard", "--json").out)
    assert told["folder"] == str(session.folder / "tensorboard")
    assert all(Path(file).exists() for file in told["files"])


@pytest.mark.parametrize("verb", ["runs", "metrics", "tensorboard"])
@pytest.mark.parametrize("form", ["", "--json", "--out", "--format json", "--format csv --out"])
def test_every_export_ends_well_in_every_form(
    session: Session, tmp_path: Path, verb: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if verb == "tensorboard" and "--format" in form:
        return
    make_run(session, values={"test/accuracy": 0.5, "x": None})
    target = tmp_path / "out"
    code = main(["export", verb, *form.split(), *([str(target)] if form.endswith("--out") else [])])
    told = capsys.readouterr()
    assert code == 0, told.err
    assert target.exists() == form.endswith("--out")
    assert verb == "tensorboard" or bool(told.out) != form.endswith("--out")
    assert not form.endswith("json") or json.loads(told.out)
