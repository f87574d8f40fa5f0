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
from labsteps.errors import DataError, LabError
from labsteps.extraction.before import (
    CLIPS_FILE,
    PLAN_FILE,
    RECIPE_FILE,
    REJECTED_FILE,
    WORK_FOLDER,
    all_entries,
    alone,
    changed_settings,
    holdings,
    leftovers,
    recipe_before,
    refuse,
    remove,
    remove_empty,
)
from labsteps.extraction.bulk import (
    Entry,
    Recipe,
    Stamp,
    array_folders,
    array_name,
    extract,
    same_audio,
    stamps_of,
    still_true,
    tracks_by_file,
)
from labsteps.extraction.labels import AXES, Lookup
from labsteps.extraction.plan import Track, plan, read_plan, shard_of, write_plan
from labsteps.extraction.scan import Found, Rejected, scan

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
    same
        All that each track's audio file is told by, by file, as `same_audio` finds it.
    several
        Whether a track may give several clips.
    removed
        Files of clips of an earlier extraction that were removed for this one.
    """

    tracks: tuple[Track, ...]
    mine: tuple[Track, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[str, ...]
    same: Mapping[str, frozenset[Stamp]]
    several: bool = False
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What an extraction came to.

    Attributes
    ----------
    complete
        Whether every shard is done and the index files are written.
    affect
        Clips that have affect values.
    removed
        As in `Plan`.
    """

    complete: bool
    tracks: int
    clips: int
    rejected: tuple[Rejected, ...]
    affect: int = 0
    removed: int = 0


def prepare(audio: Path, out: Path, lookup: Lookup, settings: Settings, *, replace: bool = False) -> Plan:
    """Plan an extraction, or go on with the plan that is there.

    Parameters
    ----------
    replace
        Remove the clips of an earlier extraction that this one would not make; without it they are refused.

    Raises
    ------
    DataError
        If there is nothing to extract, or the folder holds something else.
    LeftoverError
        If it holds what an extraction with other settings, or of other audio, has made.
    """
    found = scan(audio)
    recipe_before(out)
    if not any((info := lookup(file)) is not None and info.label for file in found.files):
        why = f"; {found.files[0]}: no label is known for it" if found.files else ""
        raise DataError(f"{audio}: {len(found.files)} audio files, none of which can be used{why}")
    with _writing(out), alone(out) if replace else contextlib.nullcontext():
        return _prepare(audio, out, found, lookup, settings, replace)


def _prepare(audio: Path, out: Path, found: Found, lookup: Lookup, settings: Settings, replace: bool) -> Plan:
    work, recipe = out / WORK_FOLDER, _recipe(settings)
    before = recipe_before(out)
    earlier = [] if before is None else read_plan(work / PLAN_FILE)
    changed = () if before is None else changed_settings(before, recipe)
    known = [] if changed else earlier
    tracks, unlabelled, warnings = plan(
        found.files, lookup, test_share=settings.test_share, seed=settings.seed, known=known
    )
    entries = all_entries(out)
    same = same_audio(audio, stamps_of(audio, (track.file for track in tracks)), entries)
    # a shard that has begun meanwhile makes what is planned now
    made_by = earlier if changed else list({track.file: track for track in (*tracks, *earlier)}.values())
    held = holdings(out, made_by, Recipe(choice=str((before or recipe)["choice"])).several)
    left = leftovers(held, changed, tracks_by_file(tracks), same, entries)
    if not replace:
        refuse(out, left)
    removed = remove(out, left)
    if tracks != earlier:
        _write(work / PLAN_FILE, write_plan(tracks))
    if before != recipe:
        _write(work / RECIPE_FILE, _json(recipe))
    for split in SPLITS:
        for folder in array_folders(out, split):
            folder.mkdir(parents=True, exist_ok=True)
    mine = shard_of(tracks, settings.shard, settings.shards)
    rejected, told = (*found.rejected, *unlabelled), (*warnings, *_relabelled(known, tracks))
    return Plan(tuple(tracks), tuple(mine), rejected, told, same, settings.recipe.several, removed)


def _relabelled(before: Sequence[Track], now: Sequence[Track]) -> list[str]:
    labels = {track.file: track.label for track in before}
    others = [track for track in now if labels.get(track.file, track.label) != track.label]
    if not others:
        return []
    one = others[0]
    return [
        f"tracks with another label than before: {len(others)}, {one.file} for one "
        f"({labels[one.file]!r} → {one.label!r})"
    ]


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
    tracks = tracks_by_file(made.tracks)
    true = (entry for entry in all_entries(out) if still_true(entry, out, tracks, made.same))
    known = list({entry.file: entry for entry in true}.values())
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
        _remove_fragments(made, out, known)
    return Summary(complete, len(tracks), clips, rejected, rated, made.removed)


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
    """Put the tracks with affect values into the multitask folders, as links where the file system has them.

    What lay there and has no values now is taken out; its arrays stay in the genre folders.
    """
    rated = [(entry, values) for entry in entries if entry.clips and (values := affect(entry.file)) is not None]
    clips = {
        split: [c for entry, _ in rated if tracks[entry.file].split == split for c in entry.clips] for split in SPLITS
    }
    rows = sorted(
        (int(clip["id"]), *values)
        for entry, values in rated
        if tracks[entry.file].split == "train"
        for clip in entry.clips
    )
    for source, target in _AFFECT_FOLDERS.items():
        if not rated and not (out / target).exists():
            continue
        for split in SPLITS:
            names = {array_name(clip["id"]) for clip in clips[split]}
            folder = out / target / split
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                if path.name not in names and (out / source / split / path.name).exists():
                    path.unlink()
            for name in sorted(names):
                _link(out / source / split / name, folder / name)
        if rated:
            _write(out / target / "train_labels.txt", _csv(("Id", *AXES), rows))
        else:
            (out / target / "train_labels.txt").unlink(missing_ok=True)
            remove_empty(out / target)
    return sum(map(len, clips.values()))


def _remove_fragments(made: Plan, out: Path, known: Sequence[Entry]) -> None:
    """Remove the first clips of tracks that were given up at a later one."""
    whole = {array_name(clip["id"]) for entry in known for clip in entry.clips}
    for _, path in holdings(out, made.tracks, made.several):
        if path.name not in whole:
            path.unlink()


def _link(source: Path, target: Path) -> None:
    """Let a second name lead to an array; a copy that is younger than the array is taken for one of it."""
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    if target.exists():
        there, wanted = target.stat(), source.stat()
        if target.samefile(source) or (
            there.st_size == wanted.st_size and there.st_mtime_ns >= wanted.st_mtime_ns and there.st_nlink == 1
        ):
            return
    try:
        os.link(source, temporary)
    except OSError:  # another file system, or one without links
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
