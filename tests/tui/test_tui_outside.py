"""The terminal's answers among the keys, the shell's stopping and going on, and what a slow line still brings."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import psutil
import pytest
from test_tui_terminals import plain, workbench_on_terminal

from workbench.tui.asking import Asking
from workbench.tui.graphics import QUESTION
from workbench.tui.outside import BACKGROUND, is_light

ROOT = Path(__file__).resolve().parents[2]
KITTY = "\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?1;0;256S\x1b[?62;c"


async def asked(asking: Asking, *pieces: str, patience: float = 30.0, question: str = QUESTION) -> tuple[str, str]:
    """Return the answer, and what was taken for keys of what came piece by piece."""
    written: list[str] = []
    task = asyncio.create_task(asking.ask(written.append, question, patience))
    while not written:
        await asyncio.sleep(0)
    assert written == [f"{question}\x1b[c"]
    keys = "".join(asking.sift(piece) for piece in pieces)
    return await task, keys


async def test_answers_are_picked_out_of_the_keys_wherever_they_are_cut() -> None:
    for cut in range(1, len(KITTY)):
        answer, keys = await asked(Asking(), f"q{KITTY[:cut]}", f"{KITTY[cut:]}\x1b[A")
        assert (answer, keys) == (KITTY, "q\x1b[A"), cut


async def test_keys_that_begin_as_an_answer_are_keys() -> None:
    asking = Asking()
    typed = ("\x1b[6;5~", "\x1b[?2026;2$y", "\x1b", "\x1b[B", "\x1b_x", "\x1b]7", "\x1b[200~a\x1b[201~")
    answer, keys = await asked(asking, *typed, "\x1b[?1;2c")
    assert answer == "\x1b[?1;2c" and keys == "".join(typed)
    asking = Asking(delay=0.0)
    task = asyncio.create_task(asking.ask(lambda _: None, ""))
    await asyncio.sleep(0)
    assert Asking().rest() == "" and asking.sift("\x1b_") == "" and asking.rest() == "\x1b_" and asking.rest() == ""
    assert asking.sift("\x1b[?1") == "" and asking.rest() == ""  # no key begins like this
    task.cancel()


async def test_an_answer_that_comes_too_late_is_no_key_either_and_answers_no_later_question() -> None:
    asking = Asking()
    answer, _ = await asked(asking, patience=0.01)
    assert answer == ""
    late, after = "\x1b[?62;4c", "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?62;4c"
    answer, keys = await asked(asking, f"a{late}b", after, question=BACKGROUND)
    assert (answer, keys) == (after, "ab")
    assert asking.sift(late) == late, "with nothing asked, nothing is picked out"


def test_a_background_is_light_or_dark_as_the_terminal_says() -> None:
    assert is_light("\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?1c") and is_light("\x1b]11;rgb:f/f/d\x1b\\")
    assert not is_light("\x1b]11;rgb:1c1c/1c1c/1c1c\x07") and not is_light("\x1b[?1c") and not is_light("")


def test_over_a_network_the_app_ends_when_the_terminal_has_nothing_more_to_say(tmp_path: Path) -> None:
    with workbench_on_terminal(tmp_path, {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}) as screen:
        screen.wait_for("No session yet")
        screen.press("q")
        for _ in range(300):
            if b"\x1b[?1003l" in screen.written and screen.written.endswith(b"\x1b[c"):
                break
            screen.read(0.1)
        assert b"\x1b[?1049l" not in screen.written
        screen.press("\x1b[<35;10;7M\x1b[<35;11;7M\x1b[?62;22c")
        assert screen.process.wait(60) == 0
        screen.read(0.2)
    # GNU screen and consoles have no second screen to go back from, so nothing may stay on this one.
    last = screen.written.rpartition(b"\x1b[2J\x1b[H")[2]
    assert b"\x1b[?1049l" in last and not plain(last).strip()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[pexpect.spawn]:
    """An interactive shell on a terminal of its own, from which the app can be started."""
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "LANG")}
    env |= {f"WORKBENCH_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "RUNTIME")}
    env |= {"WORKBENCH_SESSIONS_DIR": str(tmp_path / "sessions"), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
    env |= {"PYTHONPATH": str(ROOT), "PS1": "$ ", "APP": f"{sys.executable} -m workbench"}
    spawned = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], env=env, dimensions=(24, 80), timeout=90, encoding="utf-8", cwd=ROOT
    )
    spawned.delaybeforesend = None
    yield spawned
    spawned.close(force=True)


def modes(shell: pexpect.spawn) -> str:
    shell.sendline("stty -a; echo done-$((6*7))")
    shell.expect(r"(speed [^$]*?)done-42")
    return re.sub(r"\s+", " ", shell.match[1])


def test_ctrl_z_hands_the_terminal_back_and_fg_brings_the_app_again(shell: pexpect.spawn) -> None:
    before = modes(shell)
    shell.sendline("$APP; echo left with $?")
    shell.expect("No session yet")
    shell.send("\x1a")
    shell.expect(r"\x1b\[\?1049l")
    shell.expect("Stopped")
    assert modes(shell) == before
    shell.sendline("fg")
    shell.expect(r"\x1b\[\?1049h")
    shell.expect("No session yet")
    # Stopped by something else it has not given the terminal back, and may not take it a second time.
    pid = _pid_of_app(shell)
    os.kill(pid, signal.SIGSTOP)
    shell.expect("Stopped")
    shell.sendline("fg")
    shell.expect("No session yet")
    shell.send("q")
    shell.expect(r"\x1b\[\?1049l")
    assert modes(shell) == before


def _pid_of_app(shell: pexpect.spawn) -> int:
    """Return the process group that has the terminal."""
    return os.tcgetpgrp(shell.child_fd)


def test_a_terminal_that_is_closed_takes_the_app_with_it(shell: pexpect.spawn) -> None:
    shell.sendline("$APP")
    shell.expect("No session yet")
    app = psutil.Process(_pid_of_app(shell))
    # The system tells of the end of a terminal by SIGHUP and then by SIGCONT, which is no reason to draw on it again.
    shell.close(force=True)
    app.wait(60)
