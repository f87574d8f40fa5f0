"""Commands of the workbench in processes of their own, for what the app itself is not to import or wait for."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from labsteps.errors import LabError
from workbench.store.errors import StoreError
from workbench.store.session import Session

_LONGEST_LINE = 2**24
# Seconds that a command has to take away what is half made.
_PATIENCE = 10.0
# The tasks in which commands go on.
_tasks: set[asyncio.Task[Any]] = set()


class ChildError(LabError):
    """A command ended with an error, or was ended; `code` is its exit code where that is known."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


def own_environment() -> dict[str, str]:
    """Return the environment in which a child finds this program, wherever it was started."""
    ours = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def of_session(session: Session) -> list[str]:
    """Return the flags that name a session to a command.

    Raises
    ------
    ChildError
        If the session cannot be read.
    """
    try:
        return ["--sessions-dir", str(session.folder.parent), "--session", session.name]
    except StoreError as error:
        raise ChildError(str(error)) from error


@asynccontextmanager
async def child(
    words: Sequence[str], *, together: bool, variables: Mapping[str, str] | None = None, module: str = "workbench"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start ``python -m workbench``, or another module, with these words; it is ended with the block.

    Parameters
    ----------
    words
        The command.
    together
        Whether what it says on stderr comes with its output.
    variables
        Environment variables that it has besides.
    module
        What is run in the place of the workbench.
    """
    task = asyncio.current_task()
    assert task is not None
    _tasks.add(task)
    try:
        beginning = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", module, *words),
                env={**own_environment(), **(variables or {})},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT if together else asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=_LONGEST_LINE,
            )
        )
        try:
            process = await asyncio.shield(beginning)
        except asyncio.CancelledError:
            await _however_often_cancelled(_end_begun(beginning))
            raise
        try:
            yield process
        finally:
            if process.returncode is None:
                await _however_often_cancelled(_end(process))
    finally:
        _tasks.discard(task)


async def _end_begun(beginning: asyncio.Future[asyncio.subprocess.Process]) -> None:
    try:
        process = await beginning
    except OSError:  # it has not begun
        return
    if process.returncode is None:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    # As by Ctrl-C, for which every command puts back what it was doing.
    process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        process.terminate()
        await process.wait()


async def _however_often_cancelled(work: Coroutine[Any, Any, None]) -> None:
    """Do something to its end; a worker is cancelled with its screen, and again with the widgets on it."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def all_ended() -> None:
    """Wait for commands that are being ended, since those that are left are killed with the loop."""
    if _tasks:
        await asyncio.wait(_tasks, timeout=2 * _PATIENCE)


def outliving(words: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start ``python -m workbench`` with these words, so that it goes on whatever becomes of the app.

    What it says is added to the file `log`, after what others that do the same have said there.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        # Not one of asyncio's processes: those are killed with the loop that started them.
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench", *words],
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def leave_off(process: subprocess.Popen[bytes]) -> None:
    """Let a command leave off as by Ctrl-C, so that nothing half made is left of it, and wait for its end."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


async def answer_of(words: Sequence[str]) -> dict[str, Any]:
    """Return the JSON object that a command prints.

    Raises
    ------
    ChildError
        If the command refuses, with what it says.
    """
    async with child([*words, "--json"], together=False) as process:
        out, err = await process.communicate()
    try:
        data: dict[str, Any] = json.loads(out)
    except ValueError:
        said = err.decode("utf-8", errors="replace").strip()
        raise ChildError(said or f"{' '.join(words[:2])} ended with code {process.returncode}") from None
    if "error" in data:
        raise ChildError(str(data["error"]["message"]))
    return data


async def lines_of(words: Sequence[str], **variables: str) -> AsyncIterator[str]:
    """Yield what a command says, line by line; `variables` are added to its environment.

    Raises
    ------
    ChildError
        After the last line, if it ended with another code than 0.
    """
    async with child(words, together=True, variables=variables) as process:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            yield line.decode("utf-8", errors="replace").rstrip()
        code = await process.wait()
    if code:
        raise ChildError(f"It ended with code {code}.", code)
