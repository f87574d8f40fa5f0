"""The prompt on a terminal, typed at as a user would."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands.command_tools import ROOT, small

from workbench.store.sessions import Sessions

ASKS_WHERE = r"\x1b\[6n"
SETTINGS = " ".join(word for word in small("epochs=1") if word != "--set")


class Terminal:
    """A prompt in a terminal of its own; what it shows is read without colours and movements."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        known = {"TERM": "xterm-256color", "COLUMNS": "110", "LINES": "40"}
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "workbench", "repl", *arguments],
            cwd=str(ROOT),
            env={**os.environ, **known, **environment},
            dimensions=(40, 110),
            encoding="utf-8",
            timeout=60,
        )

    def until(self, *texts: str, timeout: float = -1) -> None:
        """Wait until each text was shown, in order."""
        for text in texts:
            # Colours may stand between any two letters.
            pattern = r"(?:\x1b\[[0-9;?]*[a-zA-Z])*".join(map(re.escape, text))
            while self.child.expect([pattern, ASKS_WHERE], timeout=timeout) == 1:
                self.child.send("\x1b[1;1R")  # the cursor is at the top, as a terminal would answer

    def do(self, line: str, *texts: str) -> None:
        """Type a line, and wait for its output and the next prompt."""
        self.child.send(f"{line}\r")
        self.until(*texts, "lab>")

    def until_below(self, text: str) -> None:
        """Wait until the bottom line has a text; an empty line has all of it drawn, not what has changed alone."""
        for _ in range(20):
            self.child.send("\r")
            try:
                return self.until(text, timeout=3)
            except pexpect.TIMEOUT:
                continue
        raise AssertionError(f"{text!r} is not below")


@pytest.fixture
def open_prompt() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(*arguments, **environment))
        opened[-1].until("lab>")
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """An editor that writes two lines."""
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nprintf "The mel scale follows hearing.\\nTwo lines.\\n" > "$1"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


@pytest.mark.slow
def test_a_whole_step_of_the_lab_at_the_prompt(
    open_prompt: Callable[..., Terminal], genre_root: Path, tmp_path: Path, editor: str
) -> None:
    Sessions(tmp_path / "sessions").create("thesis", data_root=str(genre_root))
    prompt = open_prompt(EDITOR=editor, VISUAL="")
    prompt.do("steps", "1α", "not started")
    prompt.do("run 1", "Two tracks of different genres", "Summary")
    prompt.do("show 1c", "finished in", "figures as PNG")
    prompt.do("answer 1d --edit", "7 words in")
    assert (tmp_path / "sessions" / "thesis" / "answers" / "1δ.md").read_text().endswith("Two lines.\n")
    prompt.do("answer 1d", "The mel scale follows hearing.")
    prompt.do(f"set 7.1e {SETTINGS}", "7.1ε: ", "epochs 1")
    prompt.do("run 7.1e", "epoch 1/1", "Confusion matrix")
    prompt.do("plot 7.1 loss", "Loss over the epochs")
    prompt.do("cm 7.1", "predicted")
    prompt.do("note 7.1 'one epoch only'", "note on 7.1ε")
    prompt.do("nonsense", "There is no command 'nonsense'")
    prompt.do("show 'open", "not closed")
    prompt.child.send("quit\r")
    prompt.child.expect(pexpect.EOF)
    prompt.child.close()
    assert prompt.child.exitstatus == 0

    again = open_prompt()
    again.child.send("\x1b[A\x1b[A")  # the line before the last one, from the history of the first prompt
    again.until("show 'open")
    history = (tmp_path / "state" / "history").read_text().splitlines()
    assert history[0] == "steps" and history[-1] == "quit"


@pytest.mark.slow
def test_ctrl_c_leaves_a_run_going_on(open_prompt: Callable[..., Terminal], genre_root: Path, tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis", data_root=str(genre_root))
    prompt = open_prompt()
    prompt.child.send(f"run 7.1b {SETTINGS} patience=0 epochs=9999\r")
    prompt.until("epoch 2/9999")
    prompt.child.sendintr()
    prompt.until("goes on", "lab>")
    (run,) = session.live_runs()
    prompt.do("status", "running")
    prompt.child.send("follow\r")
    prompt.until("epoch ")
    prompt.child.sendintr()
    prompt.until("goes on", "lab>")
    prompt.until_below("● 7.1β")
    prompt.do("pause", "pause acknowledged")
    prompt.do("resume", "continue acknowledged")
    prompt.do("change lr=1e-4", "learning_rate 0.0001 acknowledged")
    prompt.do("delete 7.1b", "going on; stop it first")
    prompt.do("stop", "stop acknowledged")
    prompt.do("follow", "interrupted")
    assert not run.state.live
    prompt.child.sendeof()
    prompt.child.expect(pexpect.EOF)


def test_the_bottom_line_says_what_is_wrong_with_a_session(
    open_prompt: Callable[..., Terminal], tmp_path: Path
) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis")
    prompt = open_prompt()
    prompt.until_below("thesis · cpu (auto) · nothing runs")
    (session.folder / "session.json").write_text("{")
    prompt.until_below("session cannot be read")
    prompt.do("steps", "session.json")


def test_typing_is_completed_and_ctrl_c_takes_a_line_back(open_prompt: Callable[..., Terminal], tmp_path: Path) -> None:
    Sessions(tmp_path / "sessions").create("thesis")
    prompt = open_prompt()
    prompt.child.send("run 5c epo")
    prompt.until("epochs=", "from 1 to 10000 (default 40)")
    prompt.child.sendintr()
    prompt.until("lab>")
    prompt.child.send("sess\t")
    prompt.until("sessions")
    prompt.do("", "thesis")


def test_a_history_that_cannot_be_kept_is_said_once(open_prompt: Callable[..., Terminal], tmp_path: Path) -> None:
    Sessions(tmp_path / "sessions").create("thesis")
    (tmp_path / "in_the_way").write_text("")
    prompt = Terminal(WORKBENCH_STATE_DIR=str(tmp_path / "in_the_way"))
    prompt.until("history of commands is not kept", "lab>")
    prompt.do("note works", "works")
    prompt.child.close(force=True)


def test_without_colours_nothing_is_coloured(open_prompt: Callable[..., Terminal], tmp_path: Path) -> None:
    Sessions(tmp_path / "sessions").create("thesis")
    prompt = open_prompt(NO_COLOR="1")
    prompt.child.send("note hi\r")
    prompt.child.expect("  hi")
    assert not re.search(r"\x1b\[[0-9;]*(38|48);", prompt.child.before)
