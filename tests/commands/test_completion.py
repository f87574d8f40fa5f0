"""Completion on a shell's command line, by real shells where they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands.command_tools import ROOT, workbench

from workbench.commands.completion import SCRIPTS
from workbench.commands.lookup import SessionLookup
from workbench.grammar.outside import offers
from workbench.store.sessions import Sessions


@pytest.fixture
def lookup(tmp_path: Path) -> SessionLookup:
    sessions = Sessions(tmp_path / "sessions")
    folder = sessions.create("thesis").folder
    return SessionLookup(sessions, lambda: folder, "en")


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("workbench --st", ["--step"]),
        ("workbench --step 7.1", ["7.1", "7.1α", "7.1β"]),
        ("workbench --step 7.1e", ["7.1e"]),
        ("workbench --step 5,7.1e", ["5,7.1e"]),
        ("workbench --step 5-7.2", ["5-7.2"]),
        ("workbench --step al", ["all"]),
        ("workbench --step=5c", ["--step=5c"]),
        ("workbench --step 7.1e --set epo", ["epochs="]),
        ("workbench --step 7.1e --set lr", ["learning_rate="]),
        ("workbench --step 7.1e --set mode=", ["mode=auto", "mode=exact", "mode=fast"]),
        ("workbench --lang ", ["en", "el"]),
        ("workbench --session t", ["thesis"]),
        ("workbench sess", ["sessions"]),
        ("workbench --session thesis export ", ["runs", "metrics", "tensorboard"]),
        ("workbench sessions re", ["rename", "remove", "restore"]),
        ("workbench config set dev", ["device"]),
        ("workbench config set theme ", ["auto", "dark", "light"]),
        ("workbench completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_what_can_stand_there_is_offered_in_the_spelling_that_was_begun(
    line: str, there: list[str], lookup: SessionLookup
) -> None:
    found = [offer.text for offer in offers(line, lookup)]
    assert set(there) <= set(found), found
    typed = line.rpartition(" ")[2]
    assert all(word.startswith(typed[:1]) or typed == "lr" for word in found)


@pytest.mark.parametrize("line", ["", "workb", "workbench --nothing=", "workbench zzz ", "workbench " + "x" * 70_000])
def test_what_cannot_be_completed_offers_nothing(line: str, lookup: SessionLookup) -> None:
    assert offers(line, lookup) == []


def test_the_scripts_hold_no_words_of_the_grammar() -> None:
    for shell, script in SCRIPTS.items():
        assert workbench("completion", shell).out == script
        assert "--step" not in script and "sessions" not in script and len(script.splitlines()) < 70


@pytest.fixture
def on_path(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that finds the program by its name."""
    command = tmp_path / "bin" / "workbench"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m workbench "$@"\n')
    command.chmod(0o755)
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": paths, "HOME": str(tmp_path)}


def ask(shell: str, script: str, env: dict[str, str]) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    done = subprocess.run([shell, "-c", script], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bash_completes_also_behind_an_equals_sign(on_path: dict[str, str]) -> None:
    script = """
    source <(workbench completion bash)
    compopt() { :; }
    try() { COMP_LINE=$1; COMP_POINT=${#1}; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _workbench
            printf '[%s]' "${COMPREPLY[@]}"; echo; }
    try 'workbench --ste' workbench --ste
    try 'workbench --step 7.1e --set mode=ex' workbench --step 7.1e --set mode = ex
    try 'workbench --step 7.1e --set mode=' workbench --step 7.1e --set mode =
    """
    assert ask("bash", script, on_path).splitlines() == ["[--step ]", "[exact ]", "[auto ][exact ][fast ]"]


SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "source <({0} completion bash)"),
    "zsh": (["-f", "-i"], "source <({0} completion zsh)"),
    "fish": (["--no-config", "-i"], "{0} completion fish | source"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_the_program_by_name_by_path_and_as_a_module(
    shell: str, on_path: dict[str, str], tmp_path: Path
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    flags, take = SHELLS[shell]
    (tmp_path / "a_script.py").touch()
    by_module = f"{sys.executable} -m workbench"
    known = {**on_path, "TERM": "dumb", "PS1": "$ "}
    child: Any = pexpect.spawn(
        shell, flags, env=known, cwd=str(tmp_path), encoding="utf-8", timeout=60, dimensions=(24, 250)
    )
    try:
        child.sendline(take.format(by_module))
        child.sendline("echo rea''dy")
        child.expect_exact("ready")
        for typed, completed in (
            (f"{by_module} --step 7.1e --set epo", "epochs="),
            ("bin/workbench comple", "completion"),
            ("workbench --step 7.1e --set mode=ex", "mode=exact"),
            (f"{sys.executable} a_scr", "a_script.py"),  # what is none of ours is completed as before
        ):
            child.send(f"{typed}\t")
            child.expect_exact(completed)
            child.sendcontrol("u")
    finally:
        child.close(force=True)


def test_zsh_and_fish_take_their_scripts(on_path: dict[str, str]) -> None:
    asked = ask("fish", "workbench completion fish | source; complete -C'workbench --step 7.1e --set mode=ex'", on_path)
    assert asked.split() == ["mode=exact"]
    script = """
    autoload -Uz compinit && compinit -u
    source <(workbench completion zsh)
    compadd() { print -r -- "${@[-1]}" "${(P)@[-1]}" }
    words=(workbench --step 7.1e --set mode=ex); CURRENT=5; PREFIX=mode=ex
    _workbench
    """
    assert ask("zsh", script, on_path).splitlines() == ["closed mode=exact"]
