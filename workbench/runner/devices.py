"""Which devices this machine has, told without importing torch.

The names are torch's: ``cpu``, ``cuda:0`` and so on.  ``auto`` is the first GPU where there is one that torch is built
for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from labsteps.errors import DeviceError
from labsteps.gpus import models, torch_problem, visible
from labsteps.host import available_threads, processor

_NAME = re.compile(r"auto|cpu|cuda(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class Device:
    """A device and what to call it on the screen."""

    name: str
    title: str


def devices() -> list[Device]:
    """Return the devices of this machine, the processor first."""
    return [Device("cpu", f"{processor()}, {available_threads()} threads"), *_gpus()]


def resolve_device(name: str) -> str:
    """Return the device that a name means here.

    Raises
    ------
    DeviceError
        If the name is no device's, or this machine has no such device (the message lists what it has), or torch is a
        build that cannot use it.
    """
    match = _NAME.fullmatch(name.strip().lower())
    if match is None:
        raise DeviceError(f"{name!r} is not a device; use auto, cpu or cuda:0.")
    word = match.group(0)
    if word == "cpu":
        return "cpu"
    gpus = _gpus()
    if word == "auto":
        return gpus[0].name if gpus and not torch_problem() else "cpu"
    wanted = f"cuda:{match.group(1) or 0}"
    if wanted not in [gpu.name for gpu in gpus]:
        here = ", ".join(device.name for device in devices())
        raise DeviceError(f"This machine has no device {name!r}; it has {here}.")
    if problem := torch_problem():
        raise DeviceError(problem)
    return wanted


def title_of(name: str) -> str:
    """Return what a device of this machine is called on the screen; empty where it is not there."""
    return next((device.title for device in devices() if device.name == name), "")


def physical(name: str) -> str:
    """Return what tells a device from all others of the machine, whatever ``CUDA_VISIBLE_DEVICES`` makes its number."""
    number, left = name.partition(":")[2], visible(len(models()))
    known = number.isdecimal() and int(number) < len(left)
    return f"cuda-{left[int(number)].replace('/', '-')}" if known else name.replace(":", "-")


def _gpus() -> list[Device]:
    """List what the NVIDIA driver shows, within ``CUDA_VISIBLE_DEVICES``."""
    names = models()
    titles = [names[int(one)] if one.isdecimal() else "NVIDIA GPU" for one in visible(len(names))]
    return [Device(f"cuda:{number}", title) for number, title in enumerate(titles)]
