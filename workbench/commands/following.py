"""Follow runs from a command: tell what happens, and hand Ctrl-C and SIGTERM on to a run of ours."""

from __future__ import annotations

import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import NoReturn

from labsteps.catalogue import Part
from workbench.commands.narrate import Narrator
from workbench.commands.outcome import Outcome, outcome_of
from workbench.exits import Exit
from workbench.runner.follow import Follower, Snapshot
from workbench.speaking import in_words
from workbench.store.run import RunFolder, RunState
from workbench.store.run_lock import is_held

POLL_SECONDS = 0.1
LEAVE_SECONDS = 60.0
CLOSE_SECONDS = 30.0
# Nothing on the screen of a prompt of plain lines tells that it follows a run.
AT_ONCE = "detach or ctrl+c leaves, and the run goes on; status, stop, pause and the like are answered at once."
LEAVES = "ctrl+c leaves, and the run goes on; a command that is typed now is answered when it has ended."
STOPS = "ctrl+c saves the run and stops it; a command that is typed now is answered when it has ended."

_answers: ContextVar[Callable[[str], None] | None] = ContextVar("answers", default=None)


class Terminated(Exception):
    """SIGTERM came: leave, and let the run save itself."""


class Detached(Exception):
    """The user asked to follow a run no further; it goes on."""


@contextmanager
def answering(answer: Callable[[str], None]) -> Iterator[None]:
    """Let lines that are typed on a terminal while a run is followed in the block be answered at once.

    Parameters
    ----------
    answer
        Given every line; it may raise `Detached`.
    """
    token = _answers.set(answer)
    try:
        yield
    finally:
        _answers.reset(token)


@contextmanager
def terminable() -> Iterator[None]:
    """Raise `Terminated` in the block when SIGTERM comes."""
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def follow(run: RunFolder, say: Narrator) -> Snapshot:
    """Tell what happens in a run until no worker holds it; return the last snapshot."""
    follower = Follower(run)
    while True:
        snapshot = follower.poll()
        if snapshot is not None:
            say.snapshot(snapshot)
        state = follower.snapshot.state
        if not state.live and state is not RunState.WAITING:
            # The result is there a moment before the last event, which says how long it all took.
            _let_go(run)
            last = follower.poll()
            if last is not None:
                say.snapshot(last)
            return follower.snapshot
        _wait()


def _wait() -> None:
    """Wait a moment; answer what is typed in it."""
    answer = _answers.get()
    if answer is None or sys.stdin is None or not sys.stdin.isatty():
        time.sleep(POLL_SECONDS)
        return
    if not select.select([sys.stdin], [], [], POLL_SECONDS)[0]:
        return
    line = sys.stdin.readline()
    if not line:
        raise Detached
    # What is typed within the answer, such as a word that a question asks for, belongs to it.
    token = _answers.set(None)
    try:
        answer(line)
    finally:
        _answers.reset(token)


def _let_go(run: RunFolder) -> None:
    """Wait a while for the worker of a run that has ended to close its files."""
    deadline = time.monotonic() + CLOSE_SECONDS
    while is_held(run.lock_file) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def say_how_to_leave(run: RunFolder, say: Narrator, *, ours: bool) -> None:
    """Say how following a run is left, where lines are read out and the run goes on."""
    state = run.state
    goes_on = state.live or state is RunState.WAITING
    if in_words() and goes_on and sys.stdin is not None and sys.stdin.isatty():
        say.once(STOPS if ours else AT_ONCE if _answers.get() else LEAVES)


def follow_to_end(part: Part, run: RunFolder, say: Narrator, *, ours: bool) -> Outcome:
    """Follow a run and return what became of it; a run of ours is stopped when the command is told to leave."""
    say_how_to_leave(run, say, ours=ours)
    try:
        return outcome_of(part, run, follow(run, say))
    except (KeyboardInterrupt, Terminated, Detached) as cause:
        code = Exit.INTERRUPTED if isinstance(cause, Terminated) else Exit.CTRL_C
        if not ours or isinstance(cause, Detached):
            say.line(f"{run.id} goes on; `follow` shows it again")
            return Outcome(part, str(run.state), run, exit=code)
        say.line("saving its state and stopping; Ctrl-C again leaves it at once")
        return _leave(part, run, say, code)


def _leave(part: Part, run: RunFolder, say: Narrator, code: Exit) -> Outcome:
    """Ask the run to stop, wait for it a while, and say how to take it up again."""
    run.request("stop")
    deadline = time.monotonic() + LEAVE_SECONDS
    try:
        while run.state.live and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    except (KeyboardInterrupt, Terminated):
        say.line("left; the run stops by itself")
    outcome = outcome_of(part, run)
    outcome.exit = code
    if run.state.live:
        outcome.reason = "left; it saves its state and stops by itself"
    return outcome
