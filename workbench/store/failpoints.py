"""Places at which a test can kill this process: ``WORKBENCH_FAILPOINT=renamed:2`` kills it at the second rename."""

from __future__ import annotations

import os

_name, _, _count = os.environ.get("WORKBENCH_FAILPOINT", "").partition(":")
_left = int(_count) if _count.isdigit() else 1


def failpoint(name: str) -> None:
    """Kill this process as a power loss would, if a test asked for it at the place of this name."""
    if _name:
        _reach(name)


def _reach(name: str) -> None:
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            import signal

            os.kill(os.getpid(), signal.SIGKILL)
