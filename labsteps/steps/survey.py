"""Statistics of a whole data set: what `data info` tells.

Every clip is read once and let go; of each are kept its length, its mean level and a checksum of its values, so that
a set of any size takes some hundred bytes a clip.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from labsteps.data.classes import ClassScheme
from labsteps.data.clip_files import MEL, QUIETEST_DB, read_clip
from labsteps.data.folders import SPLITS, present_folders
from labsteps.data.layout import Split, open_split
from labsteps.errors import DataError
from labsteps.features.grid import HOP, SAMPLE_RATE
from labsteps.results import Axis, Bars, Cell, Column, Figure, Result, Series, Table, Value
from labsteps.steps.s04_dataset import class_bars, merging

Progress = Callable[[int, int], None]
BINS = 12
GROUPS_SHOWN = 20
_THREADS = 4
_CHUNK = 64
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is kept of a clip.

    Attributes
    ----------
    level
        Mean of its mel spectrogram, in dB below its maximum.
    silence
        Share of its frames in which every band is at the floor.
    digest
        Of its values in single precision.
    """

    level: float
    silence: float
    digest: bytes


def survey(root: Path, *, deep: bool = True, progress: Progress | None = None) -> Result:
    """Return the statistics of a data set as values, tables and figures.

    Parameters
    ----------
    root
        The data root; it has to be whole, as `labsteps.data.layout.check` sees it.
    deep
        Read the values of every clip too, for levels and duplicates; else indexes and headers only.
    progress
        Called with the number of clips read and their total; what it raises ends the survey.

    Raises
    ------
    DataError
        If a folder is not whole, or a clip cannot be read.
    """
    splits = [open_split(root, folder, split) for folder in present_folders(root) for split in SPLITS]
    facts = _facts(splits, progress) if deep else {}
    values: dict[str, Value] = {"files": Value(sum(len(one) for one in splits))}
    tables: dict[str, Table] = {"parts": _parts_table(splits)}
    figures: dict[str, Figure] = {}
    genres = [one for one in _heard(splits) if one.folder.is_genre]
    if genres:
        counts: dict[str, Counter[str]] = {one.name: Counter(one.labels) for one in genres}
        merged = merging(counts, ClassScheme())
        values |= {name: value for name, value in merged.values.items() if name.startswith("classes")}
        tables |= merged.tables
        figures["genres"] = class_bars("Clips of each genre", counts)
    figures["lengths"] = _lengths_figure(splits)
    tables["shared"], values["shared"] = _shared(splits)
    if facts:
        tables["levels"] = _levels_table(splits, facts)
        figures["levels"] = _histogram(
            "Mean level of the clips",
            Axis("level", "dB"),
            {_title(one): [facts[path].level for path in one.paths] for one in _heard(splits)},
        )
        values["duplicates"], doubled = _duplicates(splits, facts)
        if doubled.rows:
            tables["duplicates"] = doubled
    rated = [one for one in _heard(splits) if one.values]
    if rated:
        tables["emotion"], figures["emotion"] = _emotion(rated[0])
    return Result(values, tables, figures)


def _heard(splits: Sequence[Split]) -> list[Split]:
    """Return the splits by frames, and those by beats only where there are none by frames."""
    folders = {one.folder for one in splits}
    return [one for one in splits if not one.folder.is_beat or one.folder.twin not in folders]


def _title(split: Split) -> str:
    return f"{'genre' if split.folder.is_genre else 'emotion'} {split.name}"


def _facts(splits: Sequence[Split], progress: Progress | None) -> dict[Path, ClipFacts]:
    paths = [path for one in _heard(splits) for path in one.paths]
    chunks = [paths[place : place + _CHUNK] for place in range(0, len(paths), _CHUNK)]
    found: dict[Path, ClipFacts] = {}
    # threads, because a folder on a network disk answers each file late, and many at once
    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(_facts_of, chunk) for chunk in chunks]
        try:
            for chunk, future in zip(chunks, futures, strict=True):
                found.update(zip(chunk, future.result(), strict=True))
                if progress is not None:
                    progress(len(found), len(paths))
        finally:
            pool.shutdown(cancel_futures=True)
    return found


def _facts_of(paths: Sequence[Path]) -> list[ClipFacts]:
    found = []
    for path in paths:
        try:
            clip = read_clip(path)  # (T, 140)
        except DataError as error:
            raise DataError(f"{path}: {error}; `data check` names everything that is wrong") from error
        mel = clip[:, MEL]
        silent = float(np.mean(mel.max(axis=1) <= QUIETEST_DB))
        digest = hashlib.blake2b(clip, digest_size=16).digest()
        found.append(ClipFacts(float(mel.mean(dtype=np.float64)), silent, digest))
    return found


def _seconds(split: Split) -> np.ndarray:
    """Return the lengths of clips by frames, in seconds, shape (N,)."""
    return np.asarray(split.lengths) * (HOP / SAMPLE_RATE)


def _parts_table(splits: Sequence[Split]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in splits:
        shortest, middle, longest = np.quantile(one.lengths, (0.0, 0.5, 1.0)).tolist()
        seconds = None if one.folder.is_beat else float(_seconds(one).sum() / 3600)
        size = sum(path.stat().st_size for path in one.paths) / 1e6
        rows.append((f"{one.folder}/{one.name}", len(one), shortest, middle, longest, seconds, size))
    columns = (
        Column("part"),
        Column("clips", digits=0),
        Column("shortest", digits=0),
        Column("median", digits=0),
        Column("longest", digits=0),
        Column("music", "h", digits=2),
        Column("size", "MB", digits=1),
    )
    note = "Lengths in frames of 23 ms, in the beat folders in beats."
    return Table("Parts of the set", columns, tuple(rows), note)


def _lengths_figure(splits: Sequence[Split]) -> Bars:
    heard = _heard(splits)
    if any(one.folder.is_beat for one in heard):
        axis, lengths = Axis("length", "beats"), {_title(one): list(map(float, one.lengths)) for one in heard}
    else:
        axis, lengths = Axis("length", "s"), {_title(one): _seconds(one).tolist() for one in heard}
    return _histogram("Lengths of the clips", axis, lengths)


def _histogram(title: str, axis: Axis, series: Mapping[str, Sequence[float]]) -> Bars:
    """Return how many values lie in each of `BINS` equal stretches from the least to the greatest of all."""
    everything = np.concatenate([np.asarray(values, np.float64) for values in series.values()])
    low, high = float(everything.min()), float(everything.max())
    edges = np.linspace(low, high, BINS + 1) if high - low > 1e-3 else np.array([low, max(high, low + 1e-3)])
    names = tuple(f"{start:.2f} … {end:.2f}" for start, end in pairwise(edges.tolist()))
    places = tuple(float(place) for place in range(len(names)))
    counted = {name: np.histogram(values, edges)[0].tolist() for name, values in series.items()}
    bars = tuple(Series(name, places, tuple(map(float, count))) for name, count in counted.items())
    return Bars(title, axis, Axis("clips"), names, bars)


def _levels_table(splits: Sequence[Split], facts: Mapping[Path, ClipFacts]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in _heard(splits):
        levels = [facts[path].level for path in one.paths]
        silences = [facts[path].silence for path in one.paths]
        low, middle, high = np.quantile(levels, (0.0, 0.5, 1.0)).tolist()
        quietest = one.ids[int(np.argmin(levels))]
        rows.append((_title(one), low, middle, high, quietest, float(np.mean(silences))))
    columns = (
        Column("part"),
        Column("lowest", "dB", digits=1),
        Column("median", "dB", digits=1),
        Column("highest", "dB", digits=1),
        Column("lowest is track", digits=0),
        Column("silent frames", digits=4),
    )
    return Table("Mean level of the clips, below each clip's maximum", columns, tuple(rows))


def _shared(splits: Sequence[Split]) -> tuple[Table, Value]:
    """Count the tracks that are in the genre set and in the emotion set, by id."""
    heard = _heard(splits)
    kinds = [[one for one in heard if one.folder.is_genre is genre] for genre in (True, False)]
    rows = [(_title(a), _title(b), len(set(a.ids) & set(b.ids))) for a in kinds[0] for b in kinds[1]]
    columns = (Column("genre set"), Column("emotion set"), Column("tracks in both", digits=0))
    total = Value(sum(count for *_, count in rows)) if rows else Value(None, reason="there is only one of the two sets")
    return Table("Tracks in both sets, by id", columns, tuple(rows)), total


def _duplicates(splits: Sequence[Split], facts: Mapping[Path, ClipFacts]) -> tuple[Value, Table]:
    """Find clips with the same values under different ids: one recording twice, perhaps once in each part."""
    same: dict[bytes, dict[int, list[Split]]] = {}
    for one in _heard(splits):
        for number, path in zip(one.ids, one.paths, strict=True):
            same.setdefault(facts[path].digest, {}).setdefault(number, []).append(one)
    groups = [found for found in same.values() if len(found) > 1]
    rows = tuple(
        (", ".join(map(str, sorted(found))), ", ".join(sorted(set(_where(found)))), _verdict(found))
        for found in sorted(groups, key=min)[:GROUPS_SHOWN]
    )
    left = len(groups) - len(rows)
    note = f"and {left} more groups" if left else ""
    columns = (Column("tracks"), Column("parts"), Column("what it means"))
    return Value(len(groups)), Table("Clips with the same values", columns, rows, note)


def _where(found: Mapping[int, Sequence[Split]]) -> Iterator[str]:
    return (_title(one) for places in found.values() for one in places)


def _verdict(found: Mapping[int, Sequence[Split]]) -> str:
    names = {one.name for places in found.values() for one in places}
    if len(names) > 1:
        return "a test track is heard in training"
    labels = {
        one.labels[one.ids.index(number)] for number, places in found.items() for one in places if one.folder.is_genre
    }
    return "with different genres" if len(labels) > 1 else "counted more than once"


def _emotion(split: Split) -> tuple[Table, Bars]:
    values = np.asarray(split.values)  # (N, A)
    rows = []
    for axis, column in zip(split.axes, values.T, strict=True):
        spread = np.quantile(column, (0.0, *_QUARTILES, 1.0)).tolist()
        rows.append((axis, len(column), float(column.mean()), float(column.std()), *spread))
    names = ("mean", "deviation", "least", "25 %", "median", "75 %", "greatest")
    columns = (Column("axis"), Column("clips", digits=0), *(Column(name) for name in names))
    figure = _histogram(
        "Emotion values", Axis("value"), {axis: values[:, place].tolist() for place, axis in enumerate(split.axes)}
    )
    return Table("Emotion values", columns, tuple(rows)), figure
