"""The NVIDIA GPUs of this machine, and whether torch is built for them, told without importing torch."""

from __future__ import annotations

import importlib.util
import os
import re
from functools import lru_cache
from pathlib import Path

_DRIVER = Path("/proc/driver/nvidia/gpus")


def models() -> list[str]:
    """Return the names of all GPUs that the driver shows, in its own order, which is that of the bus."""
    names = []
    for place in sorted(_DRIVER.iterdir()) if _DRIVER.is_dir() else []:
        told = (place / "information").read_text(encoding="utf-8", errors="replace")
        model = re.search(r"^Model:\s*(.+)$", told, re.MULTILINE)
        names.append(model.group(1).strip() if model else "NVIDIA GPU")
    return names


def visible(count: int) -> list[str]:
    """Return what ``CUDA_VISIBLE_DEVICES`` leaves of so many GPUs: ``cuda:0`` is the first of them, and so on.

    Each is a number of the driver, or an identity (``GPU-…``, ``MIG-…``).  What comes after a word that names none, or
    one a second time, does not count (NVIDIA, "CUDA C++ Programming Guide", environment variables).
    """
    told = os.environ.get("CUDA_VISIBLE_DEVICES")
    if told is None:
        return [str(number) for number in range(count)]
    found: list[str] = []
    for word in map(str.strip, told.split(",")):
        known = word.startswith(("GPU-", "MIG-")) or (word.isdecimal() and int(word) < count)
        if not known or word in found:
            break
        found.append(word)
    return found[:count]


@lru_cache(maxsize=1)
def without_cuda() -> tuple[str, str]:
    """Return that torch is a build without CUDA and what to do about it; empty where it is not, or not installed."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return "", ""
    about = Path(found.origin).with_name("version.py")
    told = about.read_text(encoding="utf-8", errors="replace") if about.is_file() else ""
    cuda = re.search(r"^cuda\b.*=\s*(\S+)\s*$", told, re.MULTILINE)
    version = re.search(r"^__version__\s*=\s*['\"](.+)['\"]", told, re.MULTILINE)
    if cuda is None or version is None or cuda.group(1) != "None":
        return "", ""
    return (
        f"torch {version.group(1)} is a build without CUDA and can use no GPU",
        f"pip install --force-reinstall torch=={version.group(1).partition('+')[0]} brings the one with CUDA, where no "
        "index of CPU builds is set",
    )


def torch_problem() -> str:
    """Return what `without_cuda` says as one sentence."""
    reason, way = without_cuda()
    return f"{reason}; {way}." if reason else ""
