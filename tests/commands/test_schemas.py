"""Every command's ``--json`` output is what its schema says."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from commands.command_tools import small
from commands.schema_tools import FOLDER, INDEX, Caller, pairs, schema
from commands.stand_in import stand_in
from commands.test_models_command import published
from extraction.audio_files import SilentGuard, write
from extraction.test_predict import GENRES, save
from jsonschema import Draft202012Validator
from report.report_tools import finish, session_at

from labsteps.models import transformer
from labsteps.models.saved import packed
from labsteps.results import Figure, Result, Value
from workbench.grammar.verbs import VERBS
from workbench.runner import fma, weights

ELSEWHERE = {("stop", "stopped-batches"), ("track", "track")}  # test_looking_commands.py
LIVE = (
    {("stop", "request")}
    | pairs("pause", "checkpoint", "change")
    | {("continue", "request"), ("continue", "continued")}
)
BROUGHT = pairs("models import", "models fetch", "data extract", "predict") | {("data fetch", "fetched-archive")}
HANDED_IN = pairs("report build", "report web", "report submit")
KAGGLE = {("data fetch", "fetched-set")}  # test_fetch.py holds every output of the command to its schemas


def test_every_command_that_prints_json_has_a_schema_and_every_schema_a_command() -> None:
    commands = {
        f"{verb.name} {own.name}" if verb.verbs else verb.name
        for verb in VERBS
        for own in verb.verbs or (verb,)
        if any(argument.name == "json" for argument in own.arguments)
    }
    assert commands | {"--step", "--step --dry-run"} == set(INDEX["commands"])
    used = {name for names in INDEX["commands"].values() for name in names} | {INDEX["refusal"]}
    assert used == {path.stem for path in FOLDER.glob("*.json")} - {"index"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_a_schema_and_says_its_version(path: Path) -> None:
    if path.stem == "index":
        return
    found = schema(path.stem)
    Draft202012Validator.check_schema(found)
    assert found["$id"] == f"workbench/1/{path.stem}"
    assert found["properties"]["format"]["const"] == 1


def test_every_kind_of_figure_is_in_the_schemas() -> None:
    kinds = {one.kind for one in get_args(Figure)}
    assert (
        set(schema("figures")["properties"]["figures"]["additionalProperties"]["properties"]["kind"]["enum"]) == kinds
    )
    assert all(f'"{kind}"' in (FOLDER / "info.json").read_text(encoding="utf-8") for kind in kinds)


@pytest.fixture
def call() -> Caller:
    return Caller()


@pytest.mark.slow
def test_what_every_command_prints_is_what_its_schema_says(
    call: Caller, genre_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, quick = ["--data", genre_root], small("epochs=1")
    call("--step", "7.1d,1d,11a", *data, *quick, "--dry-run", "--with-prerequisites")
    call("--step", "7.1b,7.1e,1d", *data, *quick, "--session", "one")
    call("run", "7.1b", *data, *quick, "--force")
    call("run", "7.1b", *data, *quick, "--dry-run")
    call("--step", "9.9", code=2)
    call("steps")
    for part in ("7.1e", "1d"):
        call("show", part)
    call("follow", "7.1e")
    rows = call("status")["runs"]
    assert {row["part"] for row in rows} == {"7.1β", "7.1ε"}
    call("stop", rows[0]["run"], code=2)
    call("plot", "7.1b")
    call("cm", "7.1e")
    call("cm", "7.1e", "Blues", "Jazz")
    for look in ("next", "log", "system"):
        call(look)
    call("compare", "7.1b", "7.1e")
    call("answer", "1d", "--text", "It follows the ear.")
    call("note", "second try")
    call("note", rows[0]["run"], "too few epochs")
    call("note")
    call("tag", rows[0]["run"], "short")
    call("pin", rows[0]["run"])
    call("pin", rows[0]["run"], "--remove")
    call("delete", rows[0]["run"])
    call("delete")
    call("delete", "--restore", rows[0]["run"])
    call("delete", "--empty-trash", "--yes")
    for what in ("runs", "metrics", "tensorboard"):
        call("export", what)
    call("open", "one")
    call("set")
    call("device")
    for words in (["show"], ["set", "seed", "3"], ["unset", "seed"], ["set", "language", "en", "--in-session"]):
        call("config", *words)
    call("sessions")
    call("sessions", "new", "two", *data)
    call("sessions", "show", "one")
    call("sessions", "rename", "two", "three")
    call("sessions", "copy", "three", "four")
    archive = tmp_path / "three.tar.gz"
    call("sessions", "export", "three", archive)
    call("sessions", "import", archive, "--name", "five")
    call("sessions", "remove", "five")
    call("sessions", "trash")
    call("sessions", "restore", "five")
    call("sessions", "remove", "five")
    call("sessions", "empty-trash", "--yes")
    call("data", "check", genre_root, "--quick")
    call("data", "info", genre_root)
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "pieces.csv").write_text("")
    call("data", "demo", "--out", demo)
    call("models", "list")
    call("models", "trained")
    call("models", "export", "7.1b", tmp_path / "cnn.safetensors")
    (tmp_path / "song.mp3").write_bytes(b"sound")
    assert "song.mp3" in call("models", "export", "7.1b", tmp_path / "song.mp3", code=2)["error"]["message"]
    assert (tmp_path / "song.mp3").read_bytes() == b"sound"
    call("report", "check")
    call("report", "preview")
    assert call("doctor", *data)["findings"]
    assert call.checked == {("any", "error")} | pairs() - LIVE - BROUGHT - HANDED_IN - KAGGLE - ELSEWHERE


@pytest.mark.slow
def test_what_is_asked_of_a_live_run_prints_what_its_schema_says(call: Caller, genre_root: Path) -> None:
    started = call("--step", "7.1b", "--data", genre_root, *small("epochs=4000", "patience=0"), "--detach")
    run = started["parts"][0]["run"]
    try:
        for words in (["pause", run], ["continue", run], ["checkpoint", run], ["change", "epochs=3999", run]):
            call(*words)
    finally:
        call("stop", run)
    call("follow", run, code=5)
    call("continue", run)
    call("stop", run)
    assert call.checked == LIVE | pairs("--step", "follow")


def test_what_is_brought_in_from_outside_is_told_as_its_schema_says(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setitem(transformer.SIZES, "tiny224", transformer.Size(8, 2, 2, 3))
    file = published(tmp_path / "deit.pth", seed=1)
    call("models", "import", file)
    name = f"deit-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}.pth"
    monkeypatch.setitem(weights.FILES, "tiny224", name)
    with zipfile.ZipFile(tmp_path / "fma.zip", "w") as archive:
        archive.writestr("fma_small/000/000002.mp3", b"a")
    music = (tmp_path / "fma.zip").read_bytes()
    monkeypatch.setitem(fma.ARCHIVES, "fma_small", fma.Archive(hashlib.sha1(music).hexdigest(), "small", "one track"))
    with stand_in() as served:
        served.files.update({f"/{name}": file.read_bytes(), "/fma_small.zip": music})
        call("models", "fetch", "tiny224", "--from", served.address)
        call("data", "fetch", "fma_small", "--out", tmp_path / "music", "--from", served.address)
    for module in ("bulk", "guard"):
        monkeypatch.setattr(f"labsteps.extraction.{module}.Guard", SilentGuard)
    audio = tmp_path / "audio"
    for name in ("Rock/a.wav", "Rock/b.wav", "Jazz/c.wav", "Jazz/d.wav", "Jazz/broken.wav"):
        write(audio / name, seconds=1.0)
    assert call("data", "extract", audio, "--out", tmp_path / "set", "--jobs", "1")["clips"] == 4
    (tmp_path / "genre.safetensors").write_bytes(packed(save(tmp_path / "run", "cnn", GENRES)))
    call("predict", audio / "Rock" / "a.wav", "--model", tmp_path / "genre.safetensors")
    call("predict", audio / "Jazz" / "broken.wav", "--model", tmp_path / "genre.safetensors", code=3)
    assert call.checked == BROUGHT


def test_what_is_handed_in_is_told_as_its_schema_says(call: Caller, tmp_path: Path) -> None:
    finish(session_at(tmp_path), "7.1ε", Result(values={"test/accuracy": Value(0.5)}))
    call("report", "build", "--member", "M. Nikolaou, 03119001")
    call("report", "web")
    call("report", "submit", "--ids", "03119001", "--incomplete")
    assert call.checked == HANDED_IN
