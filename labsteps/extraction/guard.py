"""One child process for audio, replaced when it dies, ended when a file takes too long."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labsteps.errors import LabError
from labsteps.extraction.child import ANALYSING
from labsteps.features import numba_cache

START_SECONDS = 300.0
_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT}


class Guard:
    """Gives tasks to a child process and outlives what becomes of it.

    Parameters
    ----------
    cache_folder
        As in `labsteps.features.numba_cache.prepare`.
    command
        How the child is started; the real one when None.
    """

    def __init__(self, cache_folder: Path, command: list[str] | None = None) -> None:
        self._cache = cache_folder
        self._command = command or [sys.executable, "-m", "labsteps.extraction.child", str(cache_folder)]
        self._child: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._rebuilt = False

    def call(
        self, task: Mapping[str, Any], limit: float, say: Callable[[str], None] = lambda text: None
    ) -> dict[str, Any]:
        """Return the child's answer to a task.

        Parameters
        ----------
        task
            Plain data.
        limit
            Seconds after which the child is ended and the file given up; the compilation of librosa's code is not
            counted.
        say
            Told what the child has to say meanwhile.

        Returns
        -------
        dict
            ``done``, ``rejected`` or ``failed`` with what belongs to it; a child that died or was ended makes it
            ``rejected``.
        """
        phase = ""
        child = self._alive()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(task).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            return self._died(phase, task, limit, say)
        deadline = time.monotonic() + START_SECONDS
        while True:
            message = self._answer(deadline)
            if message is None:
                return self._died(phase, task, limit, say)
            if not message:
                self.close()
                return {"rejected": f"took longer than {limit:g} s"}
            if "say" in message:
                say(str(message["say"]))
            elif "phase" in message:
                phase = str(message["phase"])
                deadline = time.monotonic() + limit
            else:
                return message

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream is not None:
                    stream.close()
        self._child, self._buffer = None, b""

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            here = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **numba_cache.ONE_THREAD, "PYTHONPATH": path},
            )
        return self._child

    def _answer(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message, an empty one when time is up, None when the child is dead."""
        assert self._child is not None and self._child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    return {}
                read = os.read(self._child.stdout.fileno(), 65_536)
                if not read:
                    return None
                self._buffer += read
        line, _, self._buffer = self._buffer.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _died(self, phase: str, task: Mapping[str, Any], limit: float, say: Callable[[str], None]) -> dict[str, Any]:
        """Say what became of a file whose child died; a damaged cache of compiled code is made anew, once."""
        assert self._child is not None
        code = self._child.wait()
        self.close()
        crashed = code < 0 and signal.Signals(-code) in _CRASHES
        if crashed and phase == ANALYSING and not self._rebuilt:
            self._rebuilt = True
            copy = numba_cache.compiled(self._cache)
            if copy is not None:
                numba_cache.rebuild(self._cache, copy, say)
            return self.call(task, limit, say)
        if not phase:
            raise LabError(f"the process that reads audio does not start (exit status {code}); try one file by hand")
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return {"rejected": f"its decoder crashed ({how})"}
