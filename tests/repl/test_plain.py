"""Plain lines on a terminal: a run driven from its start to its result, and a question answered."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands.command_tools import ROOT, small

from workbench.cli import main
from workbench.repl.plain import where
from workbench.repl.shell import Shell
from workbench.speaking import told
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


@pytest.mark.slow
def test_what_is_typed_while_a_run_is_followed_is_answered_at_once(
    genre_root: Path, tmp_path: Path, lines: Lines
) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis", data_root=str(genre_root))
    lines.until("nothing runs.", "command: ")
    lines.child.sendline(f"run 7.1b {SETTINGS} patience=0 epochs=9999")
    lines.until("answered at once", "epoch 1/9999")
    for line, answer in {
        "status": "7.1β, running",
        "follow": "detach leaves it, and then follow can be typed",
        "nonsense": "There is no command 'nonsense'",
        "pause": "pause acknowledged",
    }.items():
        lines.child.sendline(line)
        lines.until(answer)
    lines.do("detach", "goes on", "now: 7.1β paused.")
    lines.do("detach", "No run is followed here")
    lines.do("continue", "continue acknowledged")
    lines.child.sendline("follow")
    lines.until("answered at once")
    lines.do("stop", "stop acknowledged", "interrupted")
    assert not session.live_runs()


@pytest.mark.usefixtures("plain_process")
def test_the_data_that_plain_lines_are_opened_with_are_those_of_a_new_session(
    genre_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = Sessions(tmp_path / "sessions")
    sessions.create("elsewhere", device="cpu")
    asked = ["--plain", "--data", str(genre_root), "--device", "cpu", "--sessions-dir", str(sessions.folder)]
    for lines in ("sessions new fresh\nquit\n", "quit\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        assert main(asked) == 0
        shown = capsys.readouterr().out
        assert f"Session fresh, data {genre_root}" in shown
    assert sessions.open("fresh").device == "cpu"


def test_what_a_batch_runs_next_is_said_between_two_runs(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    session = sessions.create("thesis", device="cpu")
    shell = Shell(sessions, "thesis", "en")
    assert where(shell).endswith("nothing runs.")
    with BatchRecord(session.folder, ["5γ", "7.1ε"]) as batch:
        batch.at(1)
        assert where(shell).endswith("a batch runs 7.1ε next, 2 of 2.")


def test_what_a_batch_runs_is_said_in_greek_too(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    session = sessions.create("thesis", device="cpu")
    shell = Shell(sessions, "thesis", "el", asked=True)
    with BatchRecord(session.folder, ["5γ", "7.1ε"]):
        assert told(where(shell), "el").endswith("μια σειρά εκτελεί μετά το 5γ, 1 από 2.")
    line = "Session thesis, data /d, 1 of 51 parts done, now: 5γ running, part of a batch, 1 of 2."
    assert told(line, "el").endswith("τώρα: 5γ εκτελείται, μέρος μιας σειράς, 1 από 2.")


@pytest.fixture
def plain_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what the plain mode puts into the environment go with the test."""
    for name in ("NO_COLOR", "TERM", "WORKBENCH_PLAIN"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


@pytest.mark.usefixtures("plain_process")
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "next: 0, The data folder and the device: run 0",
                "Step 0, Data and device",
                "1δ: 5 words in",
                "Nothing of 5γ is finished in session 'thesis'. Run: run 5c",
                "That ended with code 2.",
                "Did you mean json?",
                "7.1α, Inside a CNN, on digits",
            ],
        ),
        (
            "el",
            [
                "επόμενο: 0, Ο φάκελος δεδομένων και η συσκευή: run 0",
                "Βήμα 0, Δεδομένα και συσκευή",
                "1δ: 5 λέξεις στο",
                "Τίποτα από το 5γ δεν είναι έτοιμο στη συνεδρία 'thesis'. Εκτελέστε: run 5c",
                "Τελείωσε με κωδικό 2.",
                "Μήπως εννοείτε json;",
                "7.1α, Μέσα σε ένα CNN, σε ψηφία",
            ],
        ),
    ],
)
def test_a_script_of_plain_lines_makes_sense_without_its_layout(
    language: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [
        *("sessions new thesis", "next", "steps", "status", "answer 1d --text 'The ear hears it so.'", "show 5c"),
        *("export runs --format jsn", "doctor", "device", "config show", "help 7.1a", "quit", "never reached"),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(commands)))
    assert main(["--plain", "--lang", language]) == 0
    shown = "".join(capsys.readouterr())
    for line in lines:
        assert line in shown
    # No columns, no rules, no signs, and where one is only where that has changed.
    assert not re.search(r"\S {2,}\S", shown) and not set("─━│✓●▸→") & set(shown)
    assert shown.count(f"thesis, {'δεδομένα' if language == 'el' else 'data'}") == 2
