"""Exit codes, the same for every way in."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DATA = 3
    SESSION = 4
    INTERRUPTED = 5
    CTRL_C = 130
