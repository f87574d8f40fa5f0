"""Time to have a training set ready, in a process of its own: ``python -m benchmarks.beside.opening WAY …``.

``plain`` reads every file into a list, ``ours`` opens the pack, ``build`` makes the pack anew.  What the system keeps
in memory of the files is dropped before, where that is asked for; their names stay known to it.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.beside import plain
from benchmarks.beside.side import memory
from labsteps.data.folders import DataFolder
from labsteps.data.pack import pack
from workbench.store.folder_cache import FolderCache


def forget(files: Iterator[Path]) -> None:
    """Drop what the system keeps in memory of some files (``POSIX_FADV_DONTNEED``)."""
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def plain_way(split: Path, first: int) -> object:
    """Read the clips into a list."""
    return plain.PlainClips(split, first=first)


def our_way(root: Path, folder: str, split: str, cache: Path) -> object:
    """Open the pack, which is made where it is not there."""
    return pack(root, DataFolder(folder), split, FolderCache(cache))  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=("plain", "ours", "build"))
    parser.add_argument("root", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("folder")
    parser.add_argument("split")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--cold", action="store_true")
    asked = parser.parse_args()
    place = asked.root / asked.folder / asked.split

    with tempfile.TemporaryDirectory(dir=asked.cache) as fresh:
        if asked.cold:
            forget(place.iterdir())
            forget(asked.cache.glob(f"pack*-{asked.folder}-{asked.split}@*/*.npy"))
        before, start, work = memory()["unreclaimable"], time.perf_counter(), time.process_time()
        if asked.way == "plain":
            held = plain_way(place, asked.first)
        else:
            held = our_way(asked.root, asked.folder, asked.split, Path(fresh) if asked.way == "build" else asked.cache)
        took, worked = time.perf_counter() - start, time.process_time() - work
        print(json.dumps({"seconds": took, "processor": worked, "added": memory()["unreclaimable"] - before}))
        del held


if __name__ == "__main__":
    main()
