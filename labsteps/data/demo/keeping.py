"""What a build that was stopped has finished, so that the next one begins after it.

Beside the files of a track lies a note of what they hold, written when they are whole: their sums, and what they were
made by.  A track without such a note, or with files that differ from it, is made again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import labsteps

NOTES: Final = "notes"
_MAKERS: Final = ("data/demo", "features")
_LIBRARIES: Final = ("numpy", "scipy", "librosa", "numba", "soundfile")


def maker(seed: int) -> str:
    """Return what stands for all that decides the bytes: the seed, the code, its libraries and the machine."""
    digest = hashlib.sha256()
    root = Path(labsteps.__file__).parent
    for source in sorted(path for name in _MAKERS for path in (root / name).rglob("*.py")):
        digest.update(source.read_bytes())
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    digest.update("\n".join([str(seed), *versions, *platform.uname(), platform.python_version()]).encode())
    return digest.hexdigest()


def note(folder: Path, track: int, made_by: str, files: Iterable[str], affect: Iterable[float]) -> None:
    """Write down that a track's files are whole, and its affect values."""
    sums = {name: _sum(folder / name) for name in files}
    text = json.dumps({"made_by": made_by, "files": sums, "affect": [float(value) for value in affect]})
    (folder / NOTES / f"{track}.json").write_text(text, encoding="utf-8")


def kept(folder: Path, track: int, made_by: str, files: Collection[str]) -> tuple[float, float, float] | None:
    """Return the affect values of a track whose files are all as they were noted, else None."""
    try:
        found = json.loads((folder / NOTES / f"{track}.json").read_text(encoding="utf-8"))
        whole = found["made_by"] == made_by and found["files"] == {name: _sum(folder / name) for name in files}
        valence, energy, danceability = found["affect"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return (float(valence), float(energy), float(danceability)) if whole else None


def hand_over(folder: Path, target: Path, files: Collection[str]) -> None:
    """Move files into another folder on the same disk; whatever else lies in the first goes."""
    import shutil

    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(folder / name, target / name)
    shutil.rmtree(folder)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
