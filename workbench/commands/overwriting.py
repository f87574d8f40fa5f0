"""Files of others stay: what a command writes by name goes over no file but one of its own kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labsteps.errors import UsageError

HEAD = 4096


def own_target(given: Path, flag: str, kind: str, ours: Callable[[bytes], bool]) -> Path:
    """Return where a file goes.

    Parameters
    ----------
    given
        As the flag names it.
    flag, kind
        Of the message: ``--out``, ``table of `export```.
    ours
        Tells by the first `HEAD` bytes of a file whether the command made it.

    Raises
    ------
    UsageError
        If there is a file that the command did not make, such as the first song of ``--csv *.wav``.
    """
    path = given.expanduser().absolute()
    if not path.is_file():  # a pipe would wait for its writer; of a folder writing tells
        return path
    try:
        with path.open("rb") as file:
            theirs = file.read(HEAD)
    except OSError:  # writing will tell what is wrong
        return path
    if theirs and not ours(theirs):
        raise UsageError(f"{path}: {flag} would overwrite this file, which is no {kind}; name another.")
    return path
