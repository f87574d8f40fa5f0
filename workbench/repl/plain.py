"""``--plain``: the same actions line by line, for screen readers and logs; no colour, no cursor that moves."""

from __future__ import annotations

import argparse
import os
import sys

from labsteps.catalogue import catalogue
from workbench.commands.choose import sessions_of
from workbench.commands.following import Detached, answering
from workbench.config.settings import BY_NAME
from workbench.counting import done_of
from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.grammar.prompt_state import LeavePrompt
from workbench.repl.lines import at_spaces, in_lines
from workbench.repl.shell import Shell
from workbench.speaking import told
from workbench.store.batches import live_batches
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session

_GREETING = "Lab workbench, plain lines. Type a command and enter; help lists commands, quit leaves."
_COMMANDS = (
    "steps, next, run ID, status, follow, detach, pause, continue, change NAME=VALUE, stop, show ID, plot ID, cm ID, "
    "track ID TRACK, log, answer ID, compare A B, note, tag, pin, delete, sessions, system, report build, help, quit"
)
# What these print is a user's own text, or for another program.
_AS_IT_IS = (["answer"], ["export"], ["show"])
# While a run is followed, these leave it, and those would begin to follow one.
_LEAVE = ("detach", "quit", "exit")
_FOLLOWS = ("run", "follow", "open", "repl")


def run_plain(options: argparse.Namespace) -> int:
    """Ask for commands and do them, one a line, until the user leaves or the input ends."""
    # Everything that draws asks these two, in this process and in those it starts.
    os.environ["NO_COLOR"] = "1"
    os.environ["TERM"] = "dumb"
    os.environ[BY_NAME["plain"].variable] = "true"
    asked = getattr(options, "lang", None)
    language = asked or default_language()
    given = {flag: value for flag in ("data", "device") if (value := getattr(options, flag, None)) is not None}
    shell = Shell(
        sessions_of(options), getattr(options, "session", None), language, asked=asked is not None, given=given
    )
    _say(told(_GREETING, language))
    _say(f"{told('Commands', language)}: {_COMMANDS}")
    asking = sys.stdin is not None and sys.stdin.isatty()
    code: int = Exit.DONE
    known = ""
    while True:
        # It is said again when it has changed, so that it need not be heard after every command.
        if (now := where(shell)) != known:
            _say(told(now, shell.language()))
        known = now
        if asking:
            print(told("command:", shell.language()), end=" ", flush=True)
        try:
            line = sys.stdin.readline() if sys.stdin is not None else ""
        except KeyboardInterrupt:
            print()
            continue
        if not line:
            break
        if line.split() == ["detach"]:
            _say(told("No run is followed here; run ID or follow does.", shell.language()))
            continue
        try:
            with in_lines(results=not _as_it_is(line)), answering(lambda typed: _answer(shell, typed)):
                code = shell.do(line.rstrip("\n"))
        except LeavePrompt:
            break
        if code not in (Exit.DONE, Exit.CTRL_C):
            _say(told(f"That ended with code {code}.", shell.language()))
    return Exit.DONE if asking else code


def _answer(shell: Shell, line: str) -> None:
    """Do what is typed while a run is followed; what would begin to follow another one is not done.

    Raises
    ------
    Detached
        If the line asks to leave the run.
    """
    words = line.split()
    verb, language = words[0] if words else "", shell.language()
    if verb in _LEAVE:
        raise Detached
    if verb in _FOLLOWS and "--detach" not in words:
        _say(told(f"A run is followed here; detach leaves it, and then {verb} can be typed.", language))
    elif words:
        with in_lines(results=not _as_it_is(line)):
            shell.do(line.rstrip("\n"))


def _say(text: str) -> None:
    print(at_spaces(text, sys.stdout))


def _as_it_is(line: str) -> bool:
    """Tell whether a command's results are printed as they are."""
    words = line.split()
    return "--json" in words or words[:1] in _AS_IT_IS


def where(shell: Shell) -> str:
    """Return in one line where one is: session, data, what is finished, what goes on."""
    folder = shell.state.session
    if folder is None:
        return "No session is open. run ID makes one; sessions lists those that there are."
    try:
        session = Session(folder)
        states = [(str(run.record.get("part", "")), run.state) for run in session.runs()]
        batches = live_batches(folder)
        data = session.data_root or "no data"
        name, answered = session.name, session.answers()
    except StoreError as error:
        return str(error)
    finished = {part for part, state in states if state is RunState.FINISHED}
    done, total = done_of(catalogue(), finished, answered)
    live = [f"{part} {state}" for part, state in states if state.live]
    now = f"now: {', '.join(live)}" if live else "" if batches else "nothing runs"
    for batch in batches:
        place = f"{batch.at + 1} of {len(batch.parts)}"
        now += f", part of a batch, {place}" if live else f"a batch runs {batch.part} next, {place}"
    return f"Session {name}, data {data}, {done} of {total} parts done, {now}."
