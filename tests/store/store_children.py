"""Children for the tests of the store: killed at a chosen place, or kept from writing more than so many bytes."""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.store import failpoints

PLACES = ("written", "fsynced", "manifest", "aside", "renamed", "unnamed", "pruned")


def run_in_child(action: Callable[[], object]) -> int:
    """Run `action` in a child process and return its wait status; a failure prints its traceback and exits with 3."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 3
        try:
            action()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitpid(child, 0)[1]


def killed_at(place: str, count: int, action: Callable[[], object]) -> bool:
    """Run `action` in a child that is killed when it comes to `place` for the `count`-th time; tell whether it was."""

    def armed() -> None:
        failpoints._name, failpoints._left = place, count
        action()

    status = run_in_child(armed)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def every_kill(action: Callable[[], object], prepare: Callable[[], object]) -> Iterator[str]:
    """Kill `action` at every place it comes to, `prepare` called before each time; yield where it was killed."""
    kills = 0
    for place in PLACES:
        for count in range(1, 50):
            prepare()
            if not killed_at(place, count, action):
                break
            kills += 1
            yield f"{place}:{count}"
    assert kills, "the action never came to a place where it can be killed"


def with_file_limit(size: int, action: Callable[[], object]) -> None:
    """Run `action` in a child that may write files of at most `size` bytes; it must not fail."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        action()

    assert run_in_child(limited) == 0


def dead_pid() -> int:
    """Return the id of a process that has ended."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def flipped(data: bytes, index: int, bit: int) -> bytes:
    """Return `data` with one bit changed."""
    changed = bytearray(data)
    changed[index] ^= 1 << bit
    return bytes(changed)


def leftovers(folder: Path) -> list[str]:
    """Return the names of temporary files anywhere under `folder`."""
    return [name for _, folders, files in os.walk(folder) for name in folders + files if name.startswith(".tmp-")]
