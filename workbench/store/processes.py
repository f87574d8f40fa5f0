"""Telling a process that lives from one that is gone, on this machine."""

from __future__ import annotations

import os
import re
from functools import cache


@cache
def host() -> str:
    """Return a name for this machine that tells containers of one name apart; letters, digits, dots and dashes."""
    name = re.sub(r"[^A-Za-z0-9.-]", "-", os.uname().nodename) or "host"
    try:
        namespace = re.sub(r"\D", "", os.readlink("/proc/self/ns/pid"))
    except OSError:  # only Linux has namespaces of process ids
        return name
    return f"{name}.{namespace}"


def start_time(pid: int) -> int | None:
    """Return when a process started, in clock ticks since the boot, or None where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read()
    except OSError:
        return None
    # The second field is the program's name, which may hold spaces and brackets itself.
    after_name = text.rpartition(b")")[2].split()
    return int(after_name[19]) if len(after_name) > 19 else None


def alive(pid: int, started: int | None = None) -> bool:
    """Tell whether a process of this machine lives; with `started`, whether it is still the same one."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it belongs to somebody else
        return True
    return started is None or start_time(pid) in (None, started)
