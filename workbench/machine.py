"""What this machine is doing now: processors, memory, GPUs, disks and who waits for a device; read without torch."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from labsteps.gpus import torch_problem, visible
from labsteps.host import available_threads, memory, processor
from workbench.nvml import GpuProcess, Nvml
from workbench.runner.devices import devices
from workbench.runner.queue import tickets_of

_STAT: Final = Path("/proc/stat")
_GPU_FIELDS: Final = ("index", "name", "utilization.gpu", "memory.used", "memory.total", "temperature.gpu")
_GPU_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU as the driver's library or its tool tells of it; a number that it does not tell is None.

    Attributes
    ----------
    busy
        Share of time in which it computed, 0 … 1.
    used, total
        Memory in bytes.
    degrees
        Temperature in °C.
    processes
        What computes on it.
    """

    name: str
    title: str
    busy: float | None = None
    used: float | None = None
    total: float | None = None
    degrees: float | None = None
    processes: tuple[GpuProcess, ...] = ()


@dataclass(frozen=True, slots=True)
class Disk:
    """Space where a kind of files is kept, in bytes."""

    name: str
    place: str
    free: float
    total: float


@dataclass(frozen=True, slots=True)
class Machine:
    """A picture of the machine.

    Attributes
    ----------
    busy
        Share of all processors that was in use since the picture before, 0 … 1; None in the first one.
    load
        Means of the processes that run or wait to, over 1, 5 and 15 minutes.
    used, total
        Memory in bytes; None where the system does not tell.
    queues
        By device: what has it, then what waits for it.
    problem
        Why torch cannot use the GPUs, where that is known.
    """

    processor: str
    threads: int
    busy: float | None
    load: tuple[float, float, float]
    used: float | None
    total: float | None
    gpus: tuple[Gpu, ...]
    disks: tuple[Disk, ...]
    queues: tuple[tuple[str, tuple[str, ...]], ...]
    problem: str = ""


class MachineReader:
    """Reads pictures of the machine, one after the other.

    Parameters
    ----------
    places
        What is kept where, for the disks.
    """

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = dict(places)
        self._before: tuple[int, int] | None = None
        self._nvml: Nvml | None = None

    def read(self) -> Machine:
        """Return what the machine does now."""
        now = _ticks()
        busy = None
        if now is not None and self._before is not None and now[1] > self._before[1]:
            busy = 1.0 - (now[0] - self._before[0]) / (now[1] - self._before[1])
        self._before = now
        if self._nvml is None:
            self._nvml = Nvml()
        used, total = memory()
        found = gpus(self._nvml)
        names = [device.name for device in devices()]
        return Machine(
            processor=processor(),
            threads=available_threads(),
            busy=busy,
            load=os.getloadavg(),
            used=used,
            total=total,
            gpus=found,
            disks=tuple(disk for name, place in self._places.items() if (disk := _disk(name, place)) is not None),
            queues=tuple((name, tickets_of(name)) for name in names),
            problem=torch_problem() if found else "",
        )


def gpus(library: Nvml) -> tuple[Gpu, ...]:
    """Return the GPUs with what NVML tells of them, else ``nvidia-smi``, or their names where neither is there."""
    if read := library.read():
        found = ((name, read[index]) for name, index in _visible(len(read)))
        return tuple(
            Gpu(name, one.title, one.busy, one.used, one.total, one.degrees, one.processes) for name, one in found
        )
    named = [device for device in devices() if device.name != "cpu"]
    tool = shutil.which("nvidia-smi")
    if not named or tool is None:
        return tuple(Gpu(device.name, device.title) for device in named)
    query = [tool, f"--query-gpu={','.join(_GPU_FIELDS)}", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, timeout=_GPU_SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return tuple(Gpu(device.name, device.title) for device in named)
    told_of = parse_gpus(told)
    return tuple(replace(told_of[index], name=name) for name, index in _visible(len(told_of)))


def _visible(count: int) -> list[tuple[str, int]]:
    """Return torch's name and the driver's number of each GPU that ``CUDA_VISIBLE_DEVICES`` leaves."""
    words = visible(count)
    if not all(word.isdecimal() for word in words):
        # Which one an identity means is the driver's to know; all of them are shown.
        words = [str(number) for number in range(count)]
    return [(f"cuda:{number}", int(word)) for number, word in enumerate(words)]


def parse_gpus(told: str) -> tuple[Gpu, ...]:
    """Return the GPUs that a table of ``nvidia-smi`` lists, one a line."""
    found = []
    for line in told.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if len(fields) == len(_GPU_FIELDS):
            percent, used, total, degrees = (_number(field) for field in fields[2:])
            busy = None if percent is None else percent / 100
            mebi = [None if one is None else one * 2**20 for one in (used, total)]
            found.append(Gpu(f"cuda:{fields[0]}", fields[1], busy, mebi[0], mebi[1], degrees))
    return tuple(found)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _ticks() -> tuple[int, int] | None:
    """Return the idle and all ticks of the processors since the machine began."""
    try:
        first = _STAT.read_text(encoding="ascii", errors="replace").partition("\n")[0].split()[1:9]
        numbers = [int(word) for word in first]
    except (OSError, ValueError):
        return None
    return (numbers[3] + numbers[4], sum(numbers)) if len(numbers) > 4 else None


def _disk(name: str, place: Path) -> Disk | None:
    try:
        there = next(path for path in (place, *place.parents) if path.exists())
        usage = shutil.disk_usage(there)
    except (OSError, StopIteration):
        return None
    return Disk(name, str(place), usage.free, usage.total)
