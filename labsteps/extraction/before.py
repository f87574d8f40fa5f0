"""What an earlier extraction has left in a folder: no data set is ever made of two."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labsteps.data.folders import SPLITS, DataFolder, SplitName, index_path
from labsteps.data.index import clip_id
from labsteps.data.layout import CLIP_SUFFIXES
from labsteps.errors import DataError, LeftoverError
from labsteps.extraction.bulk import Entry, Stamp, array_name, read_journal
from labsteps.extraction.plan import CLIPS_AT_MOST, Track
from labsteps.parameter import plain_number

WORK_FOLDER = "extraction"
PLAN_FILE, RECIPE_FILE, REJECTED_FILE, CLIPS_FILE = "tracks.csv", "recipe.json", "rejected.csv", "clips.csv"
LOCK_FILE = "lock"
_JOURNALS = "journal-*.jsonl"
_FLAGS = {"choice": "--clips", "seconds": "--seconds", "test_share": "--test-share", "seed": "--seed"}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What lies in a folder and would not be made today.

    Attributes
    ----------
    settings
        Settings that were others, each as its flag with the value then and now.
    gone
        Tracks whose files are not there any more or have no label any more.
    altered
        Tracks whose files are others than those that were heard.
    moved
        Tracks that the plan has in the other part now, or by another id.
    clips
        Array files of all of these, and where a setting was another one, of all tracks.
    """

    settings: tuple[str, ...]
    gone: tuple[str, ...]
    altered: tuple[str, ...]
    moved: tuple[str, ...]
    clips: tuple[Path, ...]

    @property
    def any(self) -> bool:
        """Whether there is something that has to go first."""
        return bool(self.settings or self.gone or self.altered or self.moved)


def recipe_before(out: Path) -> dict[str, Any] | None:
    """Return the settings that the set in a folder was begun with, None where none was begun.

    Raises
    ------
    DataError
        If the folder is a file, holds something else, or its record cannot be read.
    """
    work = out / WORK_FOLDER
    if any(place.exists() and not place.is_dir() for place in (out, *out.parents)):
        raise DataError(f"{out}: is a file, or lies in one; name a folder")
    try:
        before = json.loads((work / RECIPE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not out.exists() or _just_begun(out):
            return None
        if (work / RECIPE_FILE).exists():  # another shard has begun meanwhile
            return recipe_before(out)
        raise DataError(f"{out}: not empty, and not made by an extraction; name a new folder") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{work / RECIPE_FILE}: cannot be read: {error}") from error
    return before if isinstance(before, dict) else {}


def _just_begun(out: Path) -> bool:
    """Return whether a folder is empty, or holds what an extraction writes before its record."""
    if any(name != WORK_FOLDER for name in os.listdir(out)):
        return False
    work = out / WORK_FOLDER
    own = {PLAN_FILE, LOCK_FILE}
    return not work.exists() or all(name in own or name.startswith(".") for name in os.listdir(work))


@contextlib.contextmanager
def alone(out: Path) -> Iterator[None]:
    """Keep the shards that start together from removing what another has begun to make."""
    work = out / WORK_FOLDER
    work.mkdir(parents=True, exist_ok=True)
    with open(work / LOCK_FILE, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def holdings(out: Path, tracks: Iterable[Track], several: bool) -> Iterator[tuple[Track, Path]]:
    """Yield the array files that lie in a folder, each with its track.

    Parameters
    ----------
    out
        Root of the data set.
    tracks, several
        The plan that its clips were made by, and whether that gave several clips a track.

    Raises
    ------
    DataError
        At the end, if files there belong to none of the tracks: they were not made by this extraction.
    """
    by_id = {track.id: track for track in tracks}
    foreign: list[str] = []
    for split, path in _clips(out):
        number = int(path.name.partition(".")[0])
        track = by_id.get(number // (CLIPS_AT_MOST + 1) if several else number)
        if track is not None and track.split == split and path.name == array_name(number):
            yield track, path
        else:
            foreign.append(str(path.relative_to(out)))
    if foreign:
        raise DataError(
            f"{out}: holds arrays that were not made by this extraction: {len(foreign)} ({_some(foreign)}); move them "
            "away, or name another folder with --out"
        )


def _clips(out: Path) -> Iterator[tuple[SplitName, Path]]:
    """Yield each file of the set that a reader would take for a clip, with its part."""
    for folder in DataFolder:
        for split in SPLITS:
            with contextlib.suppress(FileNotFoundError), os.scandir(out / folder / split) as entries:
                for entry in sorted(entries, key=lambda one: one.name):
                    number, _, suffix = entry.name.partition(".")
                    if clip_id(number) is not None and f".{suffix}" in CLIP_SUFFIXES:
                        yield split, out / folder / split / entry.name


def changed_settings(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the settings that differ, as in ``--seconds 30 → 10``."""
    return tuple(
        f"{_FLAGS[name]} {_plain(before.get(name))} → {_plain(value)}"
        for name, value in wanted.items()
        if before.get(name) != value
    )


def leftovers(
    held: Iterable[tuple[Track, Path]],
    settings: tuple[str, ...],
    tracks: Mapping[str, Track],
    same: Mapping[str, frozenset[Stamp]],
    entries: Sequence[Entry],
) -> Leftovers:
    """Compare what lies in a folder with what is wanted now.

    Parameters
    ----------
    held
        What `holdings` found.
    settings
        What `changed_settings` found.
    tracks, same
        The plan of today, and all that the audio files of today are told by, by file.
    entries
        Of all journals.
    """
    heard: dict[str, set[Stamp]] = {}
    for entry in entries:
        if entry.stamp is not None:
            heard.setdefault(entry.file, set()).add(entry.stamp)
    gone, altered, moved = set[str](), set[str](), set[str]()
    clips: list[Path] = []
    for track, path in held:
        now = tracks.get(track.file)
        if now is None:
            gone.add(track.file)
        elif heard.get(now.file) and same[now.file].isdisjoint(heard[now.file]):
            altered.add(now.file)
        elif (now.id, now.split) != (track.id, track.split):
            moved.add(now.file)
        elif not settings:
            continue
        clips.append(path)
    return Leftovers(settings, tuple(sorted(gone)), tuple(sorted(altered)), tuple(sorted(moved)), tuple(clips))


def refuse(out: Path, found: Leftovers) -> None:
    """Refuse to mix two extractions.

    Raises
    ------
    LeftoverError
        If there is anything left over.
    """
    if found.settings:
        raise LeftoverError(
            f"{out}: was begun with other settings ({', '.join(found.settings)}); use those, name another folder with "
            "--out, or give --replace to remove its clips and begin anew"
        )
    told = (
        (found.gone, "tracks whose files are not there any more, or have no label"),
        (found.altered, "tracks whose files were altered since"),
        (found.moved, "tracks that labels or artists put into the other part now"),
    )
    if found.any:
        raise LeftoverError(
            f"{out}: holds clips that this extraction would not make; name another folder with --out, or give "
            "--replace to remove them",
            [f"{what}: {len(files)} ({_some(files)})" for files, what in told if files],
        )


def remove(out: Path, found: Leftovers) -> int:
    """Remove what is left over, and return how many files of clips that were.

    The index files go first, so that at no moment a set can be read that is made of two.
    """
    if not found.any:
        return 0
    for folder in DataFolder:
        for split in SPLITS:
            index = index_path(out, folder, split)
            if index is not None:
                index.unlink(missing_ok=True)
    rated = [path for _, path in _clips(out) if not DataFolder(path.parents[1].name).is_genre]
    for path in {*found.clips, *rated}:
        path.unlink(missing_ok=True)
    for folder in DataFolder:
        if not folder.is_genre:
            remove_empty(out / folder)
    if found.settings:
        for path in (
            *(out / WORK_FOLDER).glob(_JOURNALS),
            *(out / WORK_FOLDER / n for n in (CLIPS_FILE, REJECTED_FILE)),
        ):
            path.unlink(missing_ok=True)
    return len(found.clips)


def remove_empty(folder: Path) -> None:
    """Remove one of the four folders if it has no clips; what else lies in it keeps it there."""
    with contextlib.suppress(OSError):
        for split in SPLITS:
            (folder / split).rmdir()
        folder.rmdir()


def all_entries(out: Path) -> list[Entry]:
    """Return the entries of every shard's journal; a track can be in several."""
    return [entry for path in sorted((out / WORK_FOLDER).glob(_JOURNALS)) for entry in read_journal(path)]


def _plain(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else str(value)


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])])
