"""Start a run as a process of its own, which outlives whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from labsteps.errors import LabError
from workbench.store.errors import StoreError, storage_errors
from workbench.store.events import whole_size
from workbench.store.run import RunFolder

START_SECONDS = 20.0
PROFILE_VARIABLE = "WORKBENCH_RUN_PROFILE"  # set to true for a worker that is to measure where its time goes

# How idle threads wait, read by torch's and NumPy's libraries when they are loaded. One that spins for long makes small
# steps many times slower on a busy machine, one that sleeps at once makes an LSTM's step twice as slow on an idle one:
# 500 turns are some 20 microseconds, longer than the pause between two products of a step, and little to lose.
# The last is of NumPy's and SciPy's products, whose problems here are too small for more than one thread.
WAITING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500", "KMP_BLOCKTIME": "0", "OPENBLAS_NUM_THREADS": "1"}
# Activations that are freed stay with the process (glibc's malloc): given back, as large blocks are else, each comes
# again as pages that the system has to clear first, which was a third of the time of a CNN's or a transformer's step.
# Of one arena for all threads, since those of their own end at 64 MiB and are given back whatever the threshold is: an
# LSTM whose threads divide the batch took a third longer.
MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20), "MALLOC_ARENA_MAX": "1"}
# CUDA would number GPUs by their speed: cuda:0 is to be the one that the driver and its tools call 0.
NUMBERING = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
# torch's tracing library tells of each start and stop below this level; what fails in it is raised all the same.
LOGGING = {"KINETO_LOG_LEVEL": "6"}
WORKER_ENVIRONMENT = {**WAITING, **MEMORY, **NUMBERING, **LOGGING}


class LaunchError(LabError):
    """The worker process did not begin."""


def launch(run: RunFolder, *, profile: bool = False) -> None:
    """Start the worker of a run and return when it works or waits for its turn.

    With `profile` it measures where the time goes, now and whenever it is taken up again, and keeps that beside the
    result, which is the same.

    The worker has its own process session and no terminal: neither the end of this process nor that of the
    connection reaches it.  All that it prints goes to ``worker.log``.

    Raises
    ------
    LaunchError
        If the process ends before it takes the run; the message has the last lines of its log.
    """
    run.drop_requests()
    environment = {**WORKER_ENVIRONMENT, **os.environ, "PYTHONUNBUFFERED": "1"}
    environment[PROFILE_VARIABLE] = "true" if profile else ""
    # -P keeps the current folder off the import path; our own place on it goes along explicitly.
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    before = whole_size(run.path / "events.jsonl")
    with storage_errors(run.log_file), open(run.log_file, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench.runner.worker", str(run.path.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
            close_fds=True,
        )
    _wait_until_begun(run, process, before)


def _wait_until_begun(run: RunFolder, process: subprocess.Popen[bytes], before: int) -> None:
    """Return once the worker has said its first word: that it has a place in the queue, or that it works."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        holder = run.holder()
        taken = holder is not None and holder.get("pid") == process.pid
        if taken and (whole_size(run.path / "events.jsonl") > before or process.poll() is not None):
            return
        if process.poll() is not None and not taken:
            if run.state.live:  # somebody else started it at the same moment
                return
            raise LaunchError(_last_words(run, f"The worker ended with code {process.returncode} before it began."))
        time.sleep(0.01)
    raise LaunchError(_last_words(run, f"The worker did not begin within {START_SECONDS:.0f} s."))


def _last_words(run: RunFolder, text: str) -> str:
    try:
        tail = run.log_tail(5)
    except StoreError as error:
        tail = [str(error)]
    return "\n".join([text, f"Its log is {run.log_file}; it ends:", *tail])
