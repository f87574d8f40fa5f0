"""The whole of an extraction: plan, work, index files, and what was left out."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from labsteps.data.folders import SPLITS, DataFolder
from labsteps.errors import DataError, LabError, UsageError
from labsteps.extraction.bulk import Entry, Recipe, array_folders, extract, read_journal, tracks_by_file
from labsteps.extraction.labels import AXES, Lookup
from labsteps.extraction.plan import Track, plan, read_plan, shard_of, write_plan
from labsteps.extraction.scan import Rejected, scan

WORK_FOLDER = "extraction"
PLAN_FILE, RECIPE_FILE, REJECTED_FILE, CLIPS_FILE = "tracks.csv", "recipe.json", "rejected.csv", "clips.csv"
_SUFFIXES = {"train": "fused.full.npy.gz", "test": "full.fused.npy.gz"}
_BEAT_SUFFIX = "beatsync.fused.npy.gz"
_AFFECT_FOLDERS = {
    DataFolder.GENRE_FULL: DataFolder.MULTITASK_FULL,
    DataFolder.GENRE_BEAT: DataFolder.MULTITASK_BEAT,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What is extracted, and how it is shared out.

    Attributes
    ----------
    test_share
        Part of each label's tracks that goes into the test part, where the labels do not say.
    shard, shards
        Which of how many shards this call works on, from 1.
    """

    recipe: Recipe = field(default_factory=Recipe)
    test_share: float = 0.2
    seed: int = 0
    shard: int = 1
    shards: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What an extraction is going to do.

    Attributes
    ----------
    mine
        The tracks of this shard.
    """

    tracks: tuple[Track, ...]
    mine: tuple[Track, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an extraction came to.

    Attributes
    ----------
    complete
        Whether every shard is done and the index files are written.
    affect
        Clips that have affect values.
    """

    complete: bool
    tracks: int
    clips: int
    rejected: tuple[Rejected, ...]
    affect: int = 0


def prepare(audio: Path, out: Path, lookup: Lookup, settings: Settings) -> Plan:
    """Plan an extraction, or go on with the plan that is there.

    Raises
    ------
    DataError
        If there is nothing to extract, or the folder holds something else.
    UsageError
        If an earlier extraction into it was made by another recipe.
    """
    found = scan(audio)
    work = out / WORK_FOLDER
    with _writing(out):
        _check_recipe(out, work, settings)
    tracks, unlabelled, warnings = plan(
        found.files, lookup, test_share=settings.test_share, seed=settings.seed, known=read_plan(work / PLAN_FILE)
    )
    if not tracks:
        why = f"; {unlabelled[0].file}: {unlabelled[0].reason}" if unlabelled else ""
        raise DataError(f"{audio}: {len(found.files)} audio files, none of which can be used{why}")
    with _writing(out):
        for split in SPLITS:
            for folder in array_folders(out, split):
                folder.mkdir(parents=True, exist_ok=True)
        _write(work / PLAN_FILE, write_plan(tracks))
        _write(work / RECIPE_FILE, _json(_recipe(settings)))
    mine = shard_of(tracks, settings.shard, settings.shards)
    return Plan(tuple(tracks), tuple(mine), (*found.rejected, *unlabelled), tuple(warnings))


def run(
    made: Plan,
    audio: Path,
    out: Path,
    settings: Settings,
    *,
    jobs: int,
    cache_folder: Path,
    limit: float,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Entry]:
    """Extract this shard's tracks; yield what became of each that was not done before."""
    journal = out / WORK_FOLDER / f"journal-{settings.shard}-of-{settings.shards}.jsonl"
    with _writing(out):
        yield from extract(
            made.mine,
            audio,
            out,
            settings.recipe,
            journal,
            jobs=jobs,
            cache_folder=cache_folder,
            limit=limit,
            stop=stop,
        )


def finish(made: Plan, out: Path, affect: Callable[[str], tuple[float, ...] | None] | None = None) -> Summary:
    """Write the index files when every shard is done, and the list of what was left out in any case.

    Parameters
    ----------
    affect
        Look-up of valence, energy and danceability; tracks that have them go into the multitask folders too, those of
        the test part without their values, as in the lab's set.
    """
    work = out / WORK_FOLDER
    entries = {entry.file: entry for path in sorted(work.glob("journal-*.jsonl")) for entry in read_journal(path)}
    tracks = tracks_by_file(made.tracks)
    known = [entry for file, entry in entries.items() if file in tracks]
    failed = [Rejected(entry.file, entry.reason) for entry in known if entry.reason]
    rejected = tuple(sorted((*made.rejected, *failed), key=lambda one: one.file))
    with _writing(out):
        return _finish(made, out, known, rejected, affect)


def _finish(
    made: Plan,
    out: Path,
    known: Sequence[Entry],
    rejected: tuple[Rejected, ...],
    affect: Callable[[str], tuple[float, ...] | None] | None,
) -> Summary:
    work, tracks = out / WORK_FOLDER, tracks_by_file(made.tracks)
    _write(work / REJECTED_FILE, _csv(("file", "reason"), [(one.file, one.reason) for one in rejected]))
    complete = len(known) == len(tracks)
    clips = sum(len(entry.clips) for entry in known)
    rated = 0
    if complete:
        _write_genre_indexes(out, known, tracks)
        if affect is not None:
            rated = _write_affect(out, known, tracks, affect)
    return Summary(complete, len(tracks), clips, rejected, rated)


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Say in words what the file system refuses.

    Raises
    ------
    LabError
        If it refuses to write below `out`.
    """
    try:
        yield
    except OSError as error:
        raise LabError(
            f"{error.filename or out}: cannot be written ({error.strerror or error}); make room or give permission and "
            "start again, or choose another folder with --out"
        ) from error


def _recipe(settings: Settings) -> dict[str, Any]:
    return {**asdict(settings.recipe), "test_share": settings.test_share, "seed": settings.seed}


def _check_recipe(out: Path, work: Path, settings: Settings) -> None:
    if any(place.exists() and not place.is_dir() for place in (out, *out.parents)):
        raise DataError(f"{out}: is a file, or lies in one; name a folder")
    try:
        before = json.loads((work / RECIPE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if out.exists() and any(out.iterdir()) and not work.exists():
            raise DataError(f"{out}: not empty, and not made by an extraction; name a new folder") from None
        return
    except (OSError, ValueError) as error:
        raise DataError(f"{work / RECIPE_FILE}: cannot be read: {error}") from error
    wanted = _recipe(settings)
    if before != wanted:
        changed = [f"{name} {before.get(name)} → {wanted[name]}" for name in wanted if before.get(name) != wanted[name]]
        raise UsageError(f"{out}: was begun with other settings ({', '.join(changed)}); use those, or another folder")


def _write_genre_indexes(out: Path, entries: Sequence[Entry], tracks: Mapping[str, Track]) -> None:
    rows = sorted((int(clip["id"]), tracks[e.file], clip) for e in entries for clip in e.clips)
    for split in SPLITS:
        mine = [(number, track.label) for number, track, _ in rows if track.split == split]
        for folder, suffix in ((DataFolder.GENRE_FULL, _SUFFIXES[split]), (DataFolder.GENRE_BEAT, _BEAT_SUFFIX)):
            lines = [(f"{number}.{suffix}", label) for number, label in mine]
            _write(out / folder / f"{split}_labels.txt", _index(lines))
    table = [
        (number, t.file, clip["start"], t.label, t.artist, t.split, clip["frames"], clip["beats"])
        for number, t, clip in rows
    ]
    header = ("id", "file", "start_s", "label", "artist", "split", "frames", "beats")
    _write(out / WORK_FOLDER / CLIPS_FILE, _csv(header, table))


def _write_affect(
    out: Path,
    entries: Sequence[Entry],
    tracks: Mapping[str, Track],
    affect: Callable[[str], tuple[float, ...] | None],
) -> int:
    """Put the tracks with affect values into the multitask folders, as links where the file system has them."""
    rated = [(entry, values) for entry in entries if entry.clips and (values := affect(entry.file)) is not None]
    if not rated:
        return 0
    rows: list[tuple[float, ...]] = []
    for entry, values in rated:
        split = tracks[entry.file].split
        for clip in entry.clips:
            for source, target in _AFFECT_FOLDERS.items():
                folder = out / target / split
                folder.mkdir(parents=True, exist_ok=True)
                name = f"{clip['id']}.fused.full.npy"
                _link(out / source / split / name, folder / name)
            if split == "train":
                rows.append((int(clip["id"]), *values))
    for target in _AFFECT_FOLDERS.values():
        for split in SPLITS:
            (out / target / split).mkdir(parents=True, exist_ok=True)
        _write(out / target / "train_labels.txt", _csv(("Id", *AXES), sorted(rows)))
    return sum(len(entry.clips) for entry, _ in rated)


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)


def _index(rows: Sequence[tuple[str, str]]) -> bytes:
    """Return a genre index; labels hold no tabs and no line breaks, and nothing in it is quoted."""
    return "".join(f"{name}\t{label}\n" for name, label in (("Id", "Genre"), *rows)).encode("utf-8", "replace")


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is whole or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
