"""Every command's ``--json`` output is what its schema says."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands.command_tools import ROOT, small
from jsonschema import Draft202012Validator

from workbench.cli import main
from workbench.grammar.verbs import VERBS

FOLDER = ROOT / "docs" / "schemas"
INDEX = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
# What needs the network, audio files or foreign weights has tests of its own.
NOT_RUN = {
    "predict",
    "models import",
    "models fetch",
    "data extract",
    "data fetch",
    "report web",
    "report submit",
    "report build",
}


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_every_command_that_prints_json_has_a_schema_and_every_schema_a_command() -> None:
    commands = {
        f"{verb.name} {own.name}" if verb.verbs else verb.name
        for verb in VERBS
        for own in verb.verbs or (verb,)
        if any(argument.name == "json" for argument in own.arguments) and not own.unbuilt
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


class Caller:
    """Runs commands in this process and holds their output to the schemas of their names."""

    def __init__(self) -> None:
        self.checked: set[str] = set()
        self.problems: list[object] = []

    def __call__(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
            found = main([*map(str, words), "--json"])
        assert found == code, (words, found, err.getvalue(), out.getvalue())
        report: dict[str, Any] = json.loads(out.getvalue())
        name = self._name([str(word) for word in words])
        names = [INDEX["refusal"]] if "error" in report else INDEX["commands"][name]
        problems = {one: [e.message for e in Draft202012Validator(schema(one)).iter_errors(report)] for one in names}
        if all(problems.values()):
            self.problems.append((name, problems, report))
        self.checked.add("error" if "error" in report else name)
        return report

    @staticmethod
    def _name(words: list[str]) -> str:
        if words[0] == "--step":
            return "--step --dry-run" if "--dry-run" in words else "--step"
        two = " ".join(words[:2])
        return two if two in INDEX["commands"] else words[0] if words[0] in INDEX["commands"] else f"{words[0]} list"


@pytest.fixture(scope="module")
def call() -> Iterator[Caller]:
    yield Caller()


@pytest.mark.slow
def test_what_every_command_prints_is_what_its_schema_says(
    call: Caller, genre_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, quick = ["--data", genre_root], small("epochs=1")
    call("--step", "7.1d,1d,11a", *data, *quick, "--dry-run", "--with-prerequisites")
    call("--step", "7.1b,7.1e,1d", *data, *quick, "--session", "one")
    call("run", "7.1b", *data, *quick, "--force")
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
    call("report", "check")
    assert call("doctor", *data)["findings"]
    live = {"pause", "continue", "checkpoint", "change", "stop"}
    assert call.problems == []
    assert {"error", *INDEX["commands"]} - call.checked - NOT_RUN == live


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
    assert call.problems == []
