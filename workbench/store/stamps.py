"""Whether a folder's content was compared with its sums since its files changed last.

What tells a change lies beside the files, in ``checked.json``: of each its size, time of writing and time of change, as
they were before its content was compared.  The second time moves with every change and nobody can set it, so that a
file with other content and the old time of writing is seen too.

Clocks of file systems are coarse (a tick of FAT's lasts 2 s), so a file that changed in the tick in which this was
noted may change once more and look the same.  Such a file counts as not compared, as in git's index
(https://git-scm.com/docs/racy-git).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.store.atomic import clean_leftovers, write_file
from workbench.store.errors import DamagedError, StorageError, read_error

STAMP = "checked.json"
TICK = 2 * 10**9


def signs(folder: Path, manifest: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return what changes of each file of a folder when somebody writes into it.

    Parameters
    ----------
    folder
        A folder of `workbench.store.folders.write_folder`.
    manifest
        Its manifest.

    Raises
    ------
    DamagedError
        If a file is missing.
    StorageError
        If the file system refuses.
    """
    found = {}
    for name in manifest["files"]:
        path = folder / name
        try:
            there = os.stat(path)
        except FileNotFoundError as error:
            raise DamagedError(f"{path}: missing", path) from error
        except OSError as error:
            raise read_error(path, error) from error
        found[name] = [there.st_size, there.st_mtime_ns, there.st_ctime_ns]
    return found


def stamp(folder: Path, found: Mapping[str, list[int]]) -> None:
    """Note that the content was compared while the files had these `signs`.

    Where it cannot be noted, as in a folder that others keep, the content is compared each time.
    """
    with suppress(StorageError):
        clean_leftovers(folder)  # a writer that was killed may have left half of one
        write_file(folder / STAMP, json.dumps(found).encode())


def is_stamped(folder: Path, found: Mapping[str, list[int]]) -> bool:
    """Tell whether the content was compared while the files had these `signs`."""
    path = folder / STAMP
    try:
        noted, when = json.loads(path.read_bytes()), path.stat().st_mtime_ns
    except (OSError, ValueError):  # none yet, or one that is damaged
        return False
    recent = any(abs(when - time) < TICK for _, *times in found.values() for time in times)
    return bool(noted == found and not recent)
