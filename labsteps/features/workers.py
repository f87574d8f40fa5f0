"""Work on many clips in several processes: bounded threads, one librosa cache, and no child left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from labsteps.errors import LabError
from labsteps.features import numba_cache

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def map_clips(
    function: Callable[[Item], Outcome],
    items: Sequence[Item],
    *,
    jobs: int,
    cache_folder: Path,
    say: Callable[[str], None],
) -> Iterator[tuple[int, Outcome]]:
    """Call `function` on every item in `jobs` processes, and yield the outcomes as they come.

    When the iteration is left early, by an exception, Ctrl-C or closing it, the processes are ended at once.

    Parameters
    ----------
    function
        A function of a module (it is sent by name); it may use librosa.
    items
        What to call it on.
    jobs
        Number of processes, each with one thread.
    cache_folder, say
        As in `labsteps.features.numba_cache.prepare`.

    Yields
    ------
    tuple of int and Outcome
        Position in `items` and what the function returned, in the order in which they are done.

    Raises
    ------
    LabError
        If processes keep dying although librosa's code was compiled anew. What `function` raises comes
        through as it is.
    """
    compiled = numba_cache.prepare(cache_folder, say)
    left = dict(enumerate(items))
    for final in (False, True):
        try:
            for position, outcome in _one_pool(function, left, jobs):
                del left[position]
                yield position, outcome
            return
        except BrokenProcessPool as error:
            if final:
                raise LabError(
                    "the processes that work on the clips die without a message; is memory short?"
                ) from error
            compiled = numba_cache.rebuild(cache_folder, compiled, say)


def _one_pool(function: Callable[[Item], Outcome], items: dict[int, Item], jobs: int) -> Iterator[tuple[int, Outcome]]:
    before = set(multiprocessing.active_children())
    with _environment(numba_cache.ONE_THREAD):
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_start_worker)
        try:
            positions = {pool.submit(function, item): position for position, item in items.items()}
            for future in as_completed(positions):
                yield positions[future], future.result()
        except BaseException:
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for children: numeric libraries read them when they are loaded."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
