"""Plain lines at the edge of a terminal, and what is said while they wait for a run."""

from __future__ import annotations

import io
import os

import pytest

from workbench.repl.lines import Lines, at_spaces

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
