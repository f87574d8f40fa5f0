"""GPUs through a stand-in of NVIDIA's library that writes raw bytes as the reference guide lays them out."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from ctypes import c_int, c_uint, c_void_p
from types import SimpleNamespace
from typing import Any

import pytest

from workbench import machine
from workbench.nvml import GpuProcess, Nvml

NOT_SUPPORTED, TOO_SMALL = 3, 7
NONE = 2**64 - 1
SIZES = tuple(one * 2**30 for one in (80, 50, 30))  # all, free, used


def function(*types: Any) -> Callable[[Callable[..., int]], Any]:
    return ctypes.CFUNCTYPE(c_int, *types)


class StandIn:
    """Two GPUs: one that tells everything and has many processes, one that tells its name alone."""

    def __init__(self, processes: int = 2) -> None:
        mine = [(os.getpid(), 3 * 2**30), *((4_000_000 + n, NONE) for n in range(processes - 1))]

        def write(place: int, data: bytes) -> int:
            ctypes.memmove(place, data, len(data))
            return 0

        def running(handle: int, count: int, found: int) -> int:
            room = c_uint.from_address(count)
            if handle != 1:
                return NOT_SUPPORTED
            small, room.value = room.value < processes, processes
            return TOO_SMALL if small else write(found, b"".join(struct.pack("<I4xQII", *one, 0, 0) for one in mine))

        self.library = SimpleNamespace(
            nvmlInit_v2=function()(lambda: 0),
            nvmlDeviceGetCount_v2=function(c_void_p)(lambda place: write(place, struct.pack("<I", 2))),
            nvmlDeviceGetHandleByIndex_v2=function(c_uint, c_void_p)(
                lambda index, place: write(place, struct.pack("<Q", index + 1))
            ),
            nvmlDeviceGetName=function(c_void_p, c_void_p, c_uint)(
                lambda handle, place, size: write(place, f"NVIDIA {'AB'[handle - 1]}".encode() + b"\0")
            ),
            nvmlDeviceGetUtilizationRates=function(c_void_p, c_void_p)(
                lambda handle, place: write(place, struct.pack("<II", 93, 20)) if handle == 1 else NOT_SUPPORTED
            ),
            nvmlDeviceGetMemoryInfo=function(c_void_p, c_void_p)(
                lambda handle, place: write(place, struct.pack("<QQQ", *SIZES)) if handle == 1 else NOT_SUPPORTED
            ),
            nvmlDeviceGetTemperature=function(c_void_p, c_uint, c_void_p)(
                lambda handle, sensor, place: (
                    write(place, struct.pack("<I", 61)) if (handle, sensor) == (1, 0) else NOT_SUPPORTED
                )
            ),
            nvmlDeviceGetComputeRunningProcesses_v3=function(c_void_p, c_void_p, c_void_p)(running),
        )

    def __call__(self) -> Any:
        return self.library


def absent() -> Any:
    raise OSError("libnvidia-ml.so.1: cannot open shared object file")


def test_use_memory_temperature_and_processes_are_read() -> None:
    first, second = Nvml(StandIn()).read()
    assert (first.title, first.busy, first.degrees) == ("NVIDIA A", 0.93, 61.0)
    assert (first.used, first.total) == (30.0 * 2**30, 80.0 * 2**30)
    mine, other = first.processes
    assert mine.pid == os.getpid() and mine.name and mine.used == 3.0 * 2**30
    assert other == GpuProcess(4_000_000, "", None)
    assert (second.title, second.busy, second.used, second.total, second.degrees) == ("NVIDIA B", *[None] * 4)
    assert second.processes == ()


def test_more_processes_than_there_was_room_for_are_asked_for_again() -> None:
    assert len(Nvml(StandIn(processes=100)).read()[0].processes) == 100


def test_without_the_library_or_a_driver_there_are_no_gpus() -> None:
    assert Nvml(absent).read() == ()
    broken = StandIn()
    broken.library.nvmlInit_v2 = function()(lambda: 9)
    assert Nvml(broken).read() == ()


def test_a_driver_that_lacks_a_function_tells_the_rest() -> None:
    older = StandIn()
    del older.library.nvmlDeviceGetComputeRunningProcesses_v3
    first = Nvml(older).read()[0]
    assert first.processes == () and first.busy == 0.93


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        (None, [("cuda:0", "NVIDIA A"), ("cuda:1", "NVIDIA B")]),
        ("1", [("cuda:0", "NVIDIA B")]),
        ("1,0", [("cuda:0", "NVIDIA B"), ("cuda:1", "NVIDIA A")]),
        ("", []),
        ("GPU-1234", [("cuda:0", "NVIDIA A"), ("cuda:1", "NVIDIA B")]),
    ],
)
def test_gpus_have_the_names_that_torch_gives_them(
    monkeypatch: pytest.MonkeyPatch, visible: str | None, expected: list[tuple[str, str]]
) -> None:
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [(gpu.name, gpu.title) for gpu in machine.gpus(Nvml(StandIn()))] == expected
