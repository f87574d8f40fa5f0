"""GPUs through NVIDIA's management library, which the driver brings: use, memory, temperature and processes.

The library is loaded when the machine is first looked at, and its absence is no error.  Eight calls are needed of
it, so they are made by ctypes.

References
----------
NVIDIA, "NVML API Reference Guide" (names, structures and return codes).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import Structure, byref, c_uint, c_ulonglong, c_void_p, create_string_buffer
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

_LIBRARY: Final = "libnvidia-ml.so.1"
_NAME_BYTES: Final = 96
_TEMPERATURE_OF_CHIP: Final = 0
_TOO_SMALL: Final = 7
_UNKNOWN: Final = 2**64 - 1


class _Utilization(Structure):
    _fields_: ClassVar = [("gpu", c_uint), ("memory", c_uint)]


class _Memory(Structure):
    _fields_: ClassVar = [("total", c_ulonglong), ("free", c_ulonglong), ("used", c_ulonglong)]


class _Process(Structure):
    _fields_: ClassVar = [
        ("pid", c_uint),
        ("used", c_ulonglong),
        ("instance", c_uint),
        ("compute_instance", c_uint),
    ]


@dataclass(frozen=True, slots=True)
class GpuProcess:
    """A process that computes on a GPU; its memory there in bytes, None where the driver does not tell."""

    pid: int
    name: str
    used: float | None


@dataclass(frozen=True, slots=True)
class GpuReading:
    """What the library tells of a GPU; a number that it does not tell is None."""

    title: str
    busy: float | None
    used: float | None
    total: float | None
    degrees: float | None
    processes: tuple[GpuProcess, ...]


class Nvml:
    """The library, once it is loaded and begun.

    Parameters
    ----------
    load
        Gives the library's functions by name, or raises OSError where it is not there.
    """

    def __init__(self, load: Callable[[], Any] = lambda: ctypes.CDLL(_LIBRARY)) -> None:
        try:
            self._library = load()
            self._begun = self._call("nvmlInit_v2")
        except OSError:
            self._library, self._begun = None, False

    def read(self) -> tuple[GpuReading, ...]:
        """Return all GPUs in the order of the driver; none where there is no driver."""
        count = c_uint()
        if not self._begun or not self._call("nvmlDeviceGetCount_v2", byref(count)):
            return ()
        handles = [c_void_p() for _ in range(count.value)]
        return tuple(
            self._reading(handle)
            for index, handle in enumerate(handles)
            if self._call("nvmlDeviceGetHandleByIndex_v2", c_uint(index), byref(handle))
        )

    def _reading(self, handle: c_void_p) -> GpuReading:
        title = create_string_buffer(_NAME_BYTES)
        rates, memory, degrees = _Utilization(), _Memory(), c_uint()
        named = self._call("nvmlDeviceGetName", handle, title, c_uint(_NAME_BYTES))
        busy = self._call("nvmlDeviceGetUtilizationRates", handle, byref(rates))
        sized = self._call("nvmlDeviceGetMemoryInfo", handle, byref(memory))
        felt = self._call("nvmlDeviceGetTemperature", handle, c_uint(_TEMPERATURE_OF_CHIP), byref(degrees))
        return GpuReading(
            title.value.decode("utf-8", errors="replace") if named else "NVIDIA GPU",
            rates.gpu / 100 if busy else None,
            float(memory.used) if sized else None,
            float(memory.total) if sized else None,
            float(degrees.value) if felt else None,
            self._processes(handle),
        )

    def _processes(self, handle: c_void_p) -> tuple[GpuProcess, ...]:
        room = 16
        while room <= 4096:
            count, found = c_uint(room), (_Process * room)()
            code = self._code("nvmlDeviceGetComputeRunningProcesses_v3", handle, byref(count), found)
            if code == _TOO_SMALL:
                room = max(2 * room, count.value + 1)
                continue
            some = found[: count.value] if code == 0 else []
            return tuple(
                GpuProcess(one.pid, _name_of(one.pid), None if one.used == _UNKNOWN else float(one.used))
                for one in some
            )
        return ()

    def _call(self, name: str, *arguments: Any) -> bool:
        return self._code(name, *arguments) == 0

    def _code(self, name: str, *arguments: Any) -> int:
        """Return what a function returns; an older driver may lack one."""
        try:
            function = getattr(self._library, name)
        except AttributeError:
            return -1
        return int(function(*arguments))


def _name_of(pid: int) -> str:
    """Return the name of a process; empty where it is somebody else's, in another container, or gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
