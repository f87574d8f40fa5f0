"""Gives a benchmark the environment of a run's worker when it is imported, by beginning the process anew with it.

The variables of glibc's malloc are read when a process begins, and those of the threads when torch is loaded.
"""

from __future__ import annotations

import os
import sys

from workbench.runner.launch import WORKER_ENVIRONMENT

OURS = "BENCHMARK_ENVIRONMENT"  # set where the environment is as it should be

if OURS not in os.environ:
    os.execve(sys.executable, sys.orig_argv, {**os.environ, **WORKER_ENVIRONMENT, OURS: "worker"})
