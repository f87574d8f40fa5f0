"""Plain lines on a terminal: a run driven from its start to its result, and a question answered."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands.command_tools import ROOT, small

from workbench.repl.plain import where
from workbench.repl.shell import Shell
from workbench.store.batches import BatchRecord
from workbench.store.sessions import Sessions

SETTINGS = " ".join(word for word in small() if word != "--set")


class Lines:
    """The plain mode on a terminal of its own."""

    def __init__(self) -> None:
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "workbench", "--plain"],
            cwd=str(ROOT),
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            dimensions=(24, 200),
            encoding="utf-8",
            timeout=90,
        )
        self.read = ""

    def until(self, *texts: str) -> None:
        """Wait until each text was written, in order."""
        for text in texts:
            self.child.expect(re.escape(text))
            self.read += self.child.before + self.child.after

    def do(self, line: str, *texts: str) -> None:
        """Give a command, and wait for what it says and for the next question."""
        self.child.sendline(line)
        self.until(*texts, "command: ")


@pytest.fixture
def lines() -> Iterator[Lines]:
    opened = Lines()
    yield opened
    opened.child.close(force=True)


@pytest.mark.slow
def test_a_run_is_started_followed_paused_changed_stopped_and_finished_line_by_line(
    genre_root: Path, tmp_path: Path, lines: Lines
) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis", data_root=str(genre_root))
    lines.until("Session thesis", "nothing runs.", "command: ")
    lines.child.sendline(f"run 7.1b {SETTINGS} patience=0 epochs=9999")
    lines.until("epoch 1/9999", "epoch 2/9999")
    lines.child.sendintr()
    lines.until("goes on", "now: 7.1β running.", "command: ")
    lines.do("pause", "pause acknowledged", "now: 7.1β paused.")
    lines.do("continue", "continue acknowledged")
    lines.do("change learning_rate=1e-4", "learning_rate 0.0001 acknowledged")
    lines.do("checkpoint", "checkpoint acknowledged")
    lines.do("stop", "stop acknowledged")
    (run,) = session.runs()
    lines.do("follow", "interrupted")
    assert not run.state.live and any((run.path / "checkpoints").iterdir())
    lines.do("answer 1d --text 'The mel scale follows hearing.'", "5 words")
    lines.do("answer 1d", "The mel scale follows hearing.")
    lines.do("status", "7.1β", "interrupted")
    lines.do("nonsense", "There is no command 'nonsense'", "That ended with code 2.")
    lines.child.sendline("quit")
    lines.child.expect(pexpect.EOF)
    lines.child.close()
    assert lines.child.exitstatus == 0
    assert "\x1b" not in lines.read


def test_what_a_batch_runs_next_is_said_between_two_runs(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    session = sessions.create("thesis", device="cpu")
    shell = Shell(sessions, "thesis", "en")
    assert where(shell).endswith("nothing runs.")
    with BatchRecord(session.folder, ["5γ", "7.1ε"]) as batch:
        batch.at(1)
        assert where(shell).endswith("a batch runs 7.1ε next, 2 of 2.")
