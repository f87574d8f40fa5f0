"""Plain lines at the edge of a terminal, and what is said while they wait for a run."""

from __future__ import annotations

import io
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from labsteps.catalogue import catalogue
from workbench.commands import following
from workbench.commands.following import LEAVES, STOPS
from workbench.commands.narrate import Narrator
from workbench.repl.lines import Lines, at_spaces
from workbench.speaking import speaking
from workbench.store.run import RunState

COMMANDS = "steps, next, run ID, change NAME=VALUE, stop, show ID, report build, a/long/path/without-any-space-in-it"


class Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((30, 24)))
    return Terminal()


def test_lines_on_a_terminal_are_broken_at_spaces_alone(narrow: Terminal) -> None:
    lines = Lines(narrow)
    lines.write(f"{COMMANDS}\n")
    written = narrow.getvalue().splitlines()
    assert len(written) > 3 and " ".join(written) == COMMANDS
    assert all(len(line) <= 30 or " " not in line for line in written)


def test_lines_to_a_file_are_not_broken() -> None:
    assert at_spaces(COMMANDS, io.StringIO()) == COMMANDS


@pytest.mark.parametrize(("ours", "told"), [(True, STOPS), (False, LEAVES)])
@pytest.mark.parametrize("plain", [True, False])
def test_how_to_leave_a_run_is_said_once_where_lines_are_read_out(
    *, ours: bool, told: str, plain: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(following, "follow", lambda *_: None)
    monkeypatch.setattr(following, "outcome_of", lambda *_: None)
    monkeypatch.setattr(sys, "stdin", Terminal())
    run: Any = SimpleNamespace(state=RunState.RUNNING)
    narrator, part = Narrator(), catalogue().parts["5α"]
    with speaking(lambda: "en", lambda: plain):
        for _ in range(2):
            following.follow_to_end(part, run, narrator, ours=ours)
    assert capsys.readouterr().err.count(told) == int(plain)
