"""The reader of the data set as it lies on disk: index files against the arrays they name.

`open_split` gives one split ready to be read, or says everything that is wrong with it.  `check` looks at the
whole data root, says everything that is wrong in one go, and counts what is there.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from labsteps.data.classes import ClassScheme
from labsteps.data.clip_files import clip_length, read_clip
from labsteps.data.folders import SPLITS, DataFolder, SplitName, fingerprint, index_path, present_folders
from labsteps.data.index import Index, IndexRow, Problem, clip_id, read_affect_index, read_genre_index
from labsteps.errors import DataError

__all__ = [
    "DataFolder",
    "DataReport",
    "FolderReport",
    "Index",
    "IndexRow",
    "Problem",
    "SharedIds",
    "Split",
    "SplitName",
    "SplitReport",
    "check",
    "fingerprint",
    "open_split",
    "read_affect_index",
    "read_genre_index",
]

Progress = Callable[[int, int], None]

# in the order of preference when a clip is there twice; the compressed ones are from an older release
CLIP_SUFFIXES = tuple(
    stem + ending for ending in (".npy", ".npy.gz") for stem in (".fused.full", ".full.fused", ".beatsync.fused")
)
_THREADS = 4
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Split:
    """One split of one folder, checked: every file is there and has the right form.

    Attributes
    ----------
    root, folder, name
        Where it lies.
    ids, paths, lengths
        One a clip, in the order of the index (by id where there is none); lengths in frames.
    labels
        Raw genres; empty for a multitask folder.
    values
        Affect values in 0…1, in the order of `axes`; empty for a genre folder and for unlabelled tracks.
    axes
        Names of the affect axes, as the index has them.
    """

    root: Path
    folder: DataFolder
    name: SplitName
    ids: tuple[int, ...]
    paths: tuple[Path, ...]
    lengths: tuple[int, ...]
    labels: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    axes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What a split holds: clips listed, bytes on disk, fewest and most frames, clips per raw genre."""

    clips: int
    size: int
    shortest: int
    longest: int
    genres: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What one of the four folders holds; `splits` is empty when the folder is not there."""

    folder: DataFolder
    splits: Mapping[SplitName, SplitReport]

    @property
    def present(self) -> bool:
        """Whether the folder is there."""
        return bool(self.splits)


@dataclass(frozen=True, slots=True)
class SharedIds:
    """Tracks that are in a split of the genre set and in a split of the multitask set."""

    genre_split: SplitName
    multitask_split: SplitName
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DataReport:
    """Everything found out about a data root.

    Attributes
    ----------
    problems
        What has to be mended before a step can use the folder.
    warnings
        What is odd and harmless: extra files, a missing folder, differences between a folder and its twin.
    folders
        One for each of the four folders, in the order of `DataFolder`.
    shared
        Tracks in both sets, for each pair of splits.
    others
        Names in the root that are not of the data set.
    """

    root: Path
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    folders: tuple[FolderReport, ...]
    shared: tuple[SharedIds, ...]
    others: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not self.problems


@dataclass(slots=True)
class _Part:
    """One split while it is looked at."""

    folder: DataFolder
    name: SplitName
    place: Path
    index: Index | None
    rows: list[IndexRow] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    size: int = 0

    def where(self, row: IndexRow) -> tuple[Path, int | None]:
        """Return the index file and line that a row was read from, or its array where there is no index."""
        return (self.index.path, row.line) if self.index else (self.place / row.name, None)


def open_split(root: Path, folder: DataFolder, split: SplitName, *, progress: Progress | None = None) -> Split:
    """Return one split, after its index and the header and size of every file have been checked.

    Parameters
    ----------
    root
        The data root.
    folder, split
        Which of the four folders, and ``train`` or ``test``.
    progress
        Called with the number of files looked at and their total; what it raises ends the check.

    Raises
    ------
    DataError
        If anything is wrong with what the split needs; `problems` has all of it, and nothing is returned.
    """
    root = Path(root)
    if not (root / folder).is_dir():
        present_folders(root)
        raise DataError(f"{root}: {folder} is missing; run `data check` on the root, or choose another")
    part = _list_part(root, folder, split)
    _measure([part], read_all=False, progress=progress)
    other = _list_part(root, folder, "test" if split == "train" else "train")
    part.problems += _overlap(other, part) if split == "test" else _overlap(part, other)
    if part.problems:
        raise _data_error(root, root / folder / split, part.problems)
    return Split(
        root=root,
        folder=folder,
        name=split,
        ids=tuple(row.id for row in part.rows),
        paths=tuple(part.paths),
        lengths=tuple(part.lengths),
        labels=tuple(row.label for row in part.rows if row.label is not None),
        values=tuple(row.values for row in part.rows if row.values),
        axes=part.index.axes if part.index else (),
    )


def check(
    root: Path, *, scheme: ClassScheme | None = None, deep: bool = False, progress: Progress | None = None
) -> DataReport:
    """Look at the whole data root and report everything that is wrong, missing or odd.

    Parameters
    ----------
    root
        The data root.
    scheme
        Decides whether a class of the test set is missing in the training set; the default table when None.
    deep
        Read every value too (values that are not finite); else headers and sizes only.
    progress
        Called with the number of files looked at and their total; what it raises ends the check.

    Raises
    ------
    DataError
        If `root` holds none of the four folders.
    """
    root = Path(root)
    present = present_folders(root)
    parts = {(folder, split): _list_part(root, folder, split) for folder in present for split in SPLITS}
    _measure(list(parts.values()), read_all=deep, progress=progress)
    for folder in present:
        train, test = parts[folder, "train"], parts[folder, "test"]
        test.problems += [*_overlap(train, test), *_untrained_classes(train, test, scheme or ClassScheme())]
        if folder.twin in present:
            for split in SPLITS:
                parts[folder, split].warnings += _twin_differences(parts[folder, split], parts[folder.twin, split])
    absent = [
        Problem(root / folder, None, "is missing; steps that need it cannot run")
        for folder in DataFolder
        if folder not in present
    ]
    return DataReport(
        root=root,
        problems=tuple(problem for part in parts.values() for problem in part.problems),
        warnings=(*absent, *_strangers(root, present), *(w for part in parts.values() for w in part.warnings)),
        folders=tuple(
            FolderReport(folder, {s: _split_report(parts[folder, s]) for s in SPLITS if folder in present})
            for folder in DataFolder
        ),
        shared=tuple(_shared(parts)),
        others=tuple(sorted(name for name in os.listdir(root) if name not in set(DataFolder))),
    )


def _data_error(root: Path, where: Path, problems: Sequence[Problem]) -> DataError:
    lines = [problem.text(root) for problem in problems]
    count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
    return DataError(f"{where}: {count} with the data, the first: {lines[0]}; `data check` lists all", lines)


def _list_part(root: Path, folder: DataFolder, split: SplitName) -> _Part:
    """Bring together the index of a split and the files that lie in its folder."""
    index_file = index_path(root, folder, split)
    index = None
    if index_file is not None:
        index = read_genre_index(index_file) if folder.is_genre else read_affect_index(index_file)
    place = root / folder / split
    part = _Part(folder, split, place, index, problems=list(index.problems) if index else [])
    try:
        files = _scan(place, part)
    except OSError as error:
        message = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        part.problems.append(Problem(place, None, message))
        return part
    if index is None:
        part.rows = [IndexRow(0, path.name, clip) for clip, path in sorted(files.items())]
        part.paths = [files[row.id] for row in part.rows]
        if not files:
            part.problems.append(Problem(place, None, "holds no clips"))
        return part
    for row in index.rows:
        path = files.pop(row.id, None)
        if path is None:
            message = f"lists {row.name}, but {split}/{row.id}{CLIP_SUFFIXES[0]} is missing"
            part.problems.append(Problem(index.path, row.line, message))
        else:
            part.rows.append(row)
            part.paths.append(path)
    part.warnings += [Problem(path, None, "is an extra file: the index does not list it") for path in files.values()]
    return part


def _scan(place: Path, part: _Part) -> dict[int, Path]:
    """Return the array file of each id in a folder; what else lies there becomes a warning."""
    found: dict[int, tuple[int, Path]] = {}
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            path = place / entry.name
            clip, _, suffix = entry.name.partition(".")
            identity = clip_id(clip)
            if identity is None or f".{suffix}" not in CLIP_SUFFIXES:
                part.warnings.append(Problem(path, None, "is an extra file: its name is not that of a clip"))
                continue
            rank = CLIP_SUFFIXES.index(f".{suffix}")
            best = min((rank, path), found.get(identity, (rank, path)))
            worst = max((rank, path), found.get(identity, (rank, path)))
            if worst != best:
                part.warnings.append(Problem(worst[1], None, f"is an extra file: {best[1].name} is read instead"))
            found[identity] = best
    return {identity: path for identity, (_, path) in found.items()}


def _measure(parts: Sequence[_Part], *, read_all: bool, progress: Progress | None) -> None:
    """Find the length of every clip; what is wrong with a file becomes a problem of its part."""
    jobs = [(part, part.paths[i : i + _CHUNK]) for part in parts for i in range(0, len(part.paths), _CHUNK)]
    total = sum(len(paths) for _, paths in jobs)
    done = 0
    # threads because a folder on a network disk answers each file late, and many at once
    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(_measure_files, paths, read_all) for _, paths in jobs]
        try:
            for (part, paths), future in zip(jobs, futures, strict=True):
                for path, (length, size, message) in zip(paths, future.result(), strict=True):
                    part.lengths.append(length)
                    part.size += size
                    if message:
                        part.problems.append(Problem(path, None, message))
                done += len(paths)
                if progress is not None:
                    progress(done, total)
        finally:
            pool.shutdown(cancel_futures=True)


def _measure_files(paths: Sequence[Path], read_all: bool) -> list[tuple[int, int, str]]:
    """Return length, size on disk and what is wrong (or an empty text) of each file."""
    found = []
    for path in paths:
        try:
            length = len(read_clip(path)) if read_all else clip_length(path)
            found.append((length, path.stat().st_size, ""))
        except DataError as error:
            found.append((0, path.lstat().st_size if path.is_file() else 0, str(error)))
    return found


def _overlap(train: _Part, test: _Part) -> Iterator[Problem]:
    trained = {row.id for row in train.rows}
    for row in test.rows:
        if row.id in trained:
            yield Problem(*test.where(row), f"track {row.id} is in the training clips of this folder too")


def _untrained_classes(train: _Part, test: _Part, scheme: ClassScheme) -> Iterator[Problem]:
    """Name each class of the test index that the training index does not give, at its first line."""
    if not train.index or not test.index or not train.index.rows:
        return
    known = set(scheme.classes(row.label for row in train.index.rows if row.label is not None))
    for row in test.index.rows:
        merged = scheme.merge(row.label) if row.label is not None else None
        if merged is not None and merged not in known:
            known.add(merged)
            yield Problem(test.index.path, row.line, f"class {merged} is in no training clip")


def _twin_differences(part: _Part, twin: _Part) -> Iterator[Problem]:
    """Say where a folder and its twin differ; a difference of labels is said once, for the beat folder."""
    others = {row.id: row for row in twin.rows}
    for row in part.rows:
        other = others.get(row.id)
        if other is None:
            yield Problem(*part.where(row), f"track {row.id} is not in {twin.folder}/{twin.name}")
        elif part.folder.is_beat and (row.label, row.values) != (other.label, other.values):
            yield Problem(*part.where(row), f"track {row.id} is labelled otherwise in {twin.folder}")


def _strangers(root: Path, present: Sequence[DataFolder]) -> Iterator[Problem]:
    """Name what lies in one of the four folders and is neither a split nor its index."""
    for folder in present:
        expected = {*SPLITS, *(path.name for s in SPLITS if (path := index_path(root, folder, s)))}
        for name in sorted(os.listdir(root / folder)):
            if name not in expected:
                yield Problem(root / folder / name, None, "is an extra file: nothing reads it")


def _split_report(part: _Part) -> SplitReport:
    lengths = [length for length in part.lengths if length]
    genres = Counter(row.label for row in part.index.rows if row.label is not None) if part.index else Counter()
    return SplitReport(
        clips=len(part.index.rows) if part.index else len(part.rows),
        size=part.size,
        shortest=min(lengths, default=0),
        longest=max(lengths, default=0),
        genres=dict(sorted(genres.items())),
    )


def _shared(parts: Mapping[tuple[DataFolder, SplitName], _Part]) -> Iterator[SharedIds]:
    def ids(genre: bool, split: SplitName) -> set[int]:
        chosen = (part for (folder, name), part in parts.items() if folder.is_genre == genre and name == split)
        return {row.id for part in chosen for row in part.rows}

    for genre_split in SPLITS:
        for multitask_split in SPLITS:
            common = ids(True, genre_split) & ids(False, multitask_split)
            yield SharedIds(genre_split, multitask_split, tuple(sorted(common)))
