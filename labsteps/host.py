"""Processors and memory of this machine, as its system tells of them: no torch, so that screens may ask too."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def available_threads() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name."""
    return _of_processor("model name") or platform.processor() or platform.machine()


def processor_flags() -> list[str]:
    """Return what the processor can do, as ``avx512_bf16``, in the system's order; empty where it does not tell."""
    return _of_processor("flags", "Features").split()


def memory() -> tuple[float | None, float | None]:
    """Return memory that is in use and all there is, in bytes; None where the system does not tell."""
    told = (line.partition(":") for line in _lines("meminfo"))
    found = {name: rest.split()[0] for name, _, rest in told if rest.split()}
    try:
        total, available = (1024.0 * int(found[name]) for name in ("MemTotal", "MemAvailable"))
    except (KeyError, ValueError):
        return None, None
    return total - available, total


def _of_processor(*names: str) -> str:
    """Return what stands behind the first of the names that the system uses."""
    return next((line.partition(":")[2].strip() for line in _lines("cpuinfo") if line.startswith(names)), "")


def _lines(file: str) -> list[str]:
    try:
        return Path("/proc", file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
