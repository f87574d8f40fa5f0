"""The schemas of ``docs/schemas``, and commands whose output is held to them."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from commands.command_tools import ROOT
from jsonschema import Draft202012Validator

from workbench.cli import main

FOLDER = ROOT / "docs" / "schemas"
INDEX = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


class Caller:
    """Runs commands in this process and holds their output to the schemas of their names.

    Attributes
    ----------
    checked
        Pairs of a command and a schema that an output of it was valid by.
    """

    def __init__(self) -> None:
        self.checked: set[tuple[str, str]] = set()

    def __call__(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
            found = main([*map(str, words), "--json"])
        assert found == code, (words, found, err.getvalue(), out.getvalue())
        report: dict[str, Any] = json.loads(out.getvalue())
        self.hold(command_of([str(word) for word in words]), report)
        return report

    def hold(self, command: str, report: dict[str, Any]) -> None:
        """Hold what a command printed to the schemas of its name, or to that of a refusal."""
        name, names = ("any", [INDEX["refusal"]]) if "error" in report else (command, INDEX["commands"][command])
        problems = {one: [e.message for e in Draft202012Validator(schema(one)).iter_errors(report)] for one in names}
        valid = {(name, one) for one, found in problems.items() if not found}
        assert valid, (command, problems, report)
        self.checked |= valid


def command_of(words: list[str]) -> str:
    """Return the name in the index of the command that a line gives."""
    if words[0] == "--step":
        return "--step --dry-run" if "--dry-run" in words else "--step"
    two = " ".join(words[:2])
    return two if two in INDEX["commands"] else words[0] if words[0] in INDEX["commands"] else f"{words[0]} list"


def pairs(*commands: str) -> set[tuple[str, str]]:
    """Return every pair of these commands, or of all, and a schema that their output may be valid by."""
    return {(command, one) for command in commands or INDEX["commands"] for one in INDEX["commands"][command]}
