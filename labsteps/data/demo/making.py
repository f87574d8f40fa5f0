"""The demo set on disk: every track composed, played and analysed, and the index files around them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labsteps.data.demo import keeping
from labsteps.data.demo.affect import AXES, rate
from labsteps.data.demo.composition import Piece, compose
from labsteps.data.demo.plan import Track, plan
from labsteps.data.demo.rendering import render
from labsteps.data.demo.score import write_score
from labsteps.data.folders import SPLITS, DataFolder, SplitName
from labsteps.errors import DataError
from labsteps.features.grid import SAMPLE_RATE
from labsteps.features.workers import map_clips

# The names that the published index files use, which differ from the files' own names.
_INDEX_NAMES = {
    (DataFolder.GENRE_FULL, "train"): "fused.full.npy.gz",
    (DataFolder.GENRE_FULL, "test"): "full.fused.npy.gz",
    (DataFolder.GENRE_BEAT, "train"): "beatsync.fused.npy.gz",
    (DataFolder.GENRE_BEAT, "test"): "beatsync.fused.npy.gz",
}
# How far a mood may move a piece from its genre; the affect values are about moods, the genres less so.
_GENRE_SPREAD = 0.35
_AFFECT_SPREAD = 1.0
AUDIO_FOLDER = "audio"
PIECES_FILE = "pieces.csv"


@dataclass(frozen=True, slots=True)
class _Task:
    """A track to make, all that a worker needs; with `made_by` its files are noted when they are whole."""

    folder: Path
    seed: int
    track: Track
    made_by: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that it becomes."""
        places = (f"{folder}/{split}/{self.track.id}.fused.full.npy" for folder, split in _places(self.track))
        return (f"{AUDIO_FOLDER}/{self.track.id}.flac", *places)


@dataclass(frozen=True, slots=True)
class _Made:
    """What is known about a track once it is made."""

    track: Track
    piece: Piece
    affect: tuple[float, float, float]


def build(
    folder: Path,
    *,
    seed: int = 0,
    jobs: int = 2,
    cache_folder: Path,
    progress: Callable[[int, int, str], None],
    keep_in: Path | None = None,
) -> None:
    """Compose, play and analyse the demo set.

    Parameters
    ----------
    folder
        An empty folder, or one to be made. Afterwards it is a data root: the four folders of the data set,
        and beside them ``audio/<id>.flac`` and ``pieces.csv``, which says of every track how it was composed
        and, in its last columns, its affect values, those of the multitask test tracks too.
    seed
        The same seed gives the same bytes, whatever `jobs` is.
    jobs
        Number of processes.
    cache_folder
        Where librosa's compiled code is kept.
    progress
        Called with the number of tracks done, their total, and a sentence on what is going on.
    keep_in
        A folder on the same disk, for one build at a time, where the tracks lie until all are there.  A build that is
        stopped leaves it; the next one takes what is whole there and ends with the same bytes.

    Raises
    ------
    DataError
        If `folder` is not empty.
    LabError
        If librosa's code cannot be compiled.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(f"{folder}: not empty; name a new folder for the demo set")
    _make_folders(folder)
    work = folder if keep_in is None else keep_in.absolute()
    made_by = "" if keep_in is None else keeping.maker(seed)
    if keep_in is not None:
        _make_folders(work)
        (work / keeping.NOTES).mkdir(exist_ok=True)

    tasks = [_Task(work, seed, track, made_by) for track in plan(seed)]
    made = {} if keep_in is None else _kept(tasks)
    left = [position for position in range(len(tasks)) if position not in made]
    if made:
        progress(len(made), len(tasks), f"{len(made)} pieces are there from a build that was stopped")
    for place, outcome in map_clips(
        make_track,
        [tasks[position] for position in left],
        jobs=jobs,
        cache_folder=cache_folder,
        say=lambda sentence: progress(len(made), len(tasks), sentence),
    ):
        made[left[place]] = outcome
        progress(len(made), len(tasks), f"{outcome.track.genre} at {outcome.piece.tempo:.0f} beats a minute")
    if keep_in is not None:
        keeping.hand_over(work, folder, [name for task in tasks for name in task.files])
    _write_indexes(folder, [made[position] for position in range(len(tasks))], seed)


def _make_folders(root: Path) -> None:
    for name in DataFolder:
        for split in SPLITS:
            (root / name / split).mkdir(parents=True, exist_ok=True)
    (root / AUDIO_FOLDER).mkdir(exist_ok=True)


def _kept(tasks: Sequence[_Task]) -> dict[int, _Made]:
    """Return the tracks that an earlier build has left whole, by their position."""
    found = {}
    for position, task in enumerate(tasks):
        affect = keeping.kept(task.folder, task.track.id, task.made_by, task.files)
        if affect is not None:
            found[position] = _Made(task.track, _composed(task)[0], affect)
    return found


def _composed(task: _Task) -> tuple[Piece, np.random.Generator]:
    """Return a track's piece, and the random numbers as they stand after it."""
    rng = np.random.default_rng([task.seed, 1, task.track.id])
    return compose(task.track.genre, rng, _AFFECT_SPREAD if task.track.affect_split else _GENRE_SPREAD), rng


def make_track(task: _Task) -> _Made:
    """Compose, play and analyse one track, and write its audio and its arrays.

    The arrays are computed from the samples as the audio file holds them, so that extracting the features
    of that file gives the same numbers.
    """
    import soundfile

    from labsteps.features.fused import fused

    track = task.track
    piece, rng = _composed(task)
    score = write_score(piece, rng)
    affect = rate(piece, score, rng)
    samples = np.rint(render(piece, score, rng) * 32767).astype(np.int16)
    soundfile.write(task.folder / AUDIO_FOLDER / f"{track.id}.flac", samples, SAMPLE_RATE, subtype="PCM_16")
    features = fused(samples.astype(np.float32) / np.float32(32768))
    for folder, split in _places(track):
        array: NDArray[np.float64] = features.beat if folder.is_beat else features.full
        np.save(task.folder / folder / split / f"{track.id}.fused.full.npy", array)
    if task.made_by:
        keeping.note(task.folder, track.id, task.made_by, task.files, affect)
    return _Made(track, piece, affect)


def _places(track: Track) -> Iterable[tuple[DataFolder, SplitName]]:
    for folder in DataFolder:
        split = track.genre_split if folder.is_genre else track.affect_split
        if split is not None:
            yield folder, split


def _write_indexes(folder: Path, made: Sequence[_Made], seed: int) -> None:
    rng = np.random.default_rng([seed, 2])
    for (name, split), suffix in _INDEX_NAMES.items():
        rows = [[f"{one.track.id}.{suffix}", one.track.genre] for one in made if one.track.genre_split == split]
        _write_rows(folder / name / f"{split}_labels.txt", "\t", ("Id", "Genre"), _shuffled(rows, rng))
    for name in (DataFolder.MULTITASK_FULL, DataFolder.MULTITASK_BEAT):
        rows = [[str(one.track.id), *_written(one.affect)] for one in made if one.track.affect_split == "train"]
        _write_rows(folder / name / "train_labels.txt", ",", ("Id", *AXES), _shuffled(rows, rng))
    _write_rows(folder / PIECES_FILE, ",", PIECES_COLUMNS, [_piece_row(one) for one in made])


def _shuffled(rows: list[list[str]], rng: np.random.Generator) -> list[list[str]]:
    """Return the rows in the order of no rule, as in the published files."""
    return [rows[i] for i in rng.permutation(len(rows))]


def _write_rows(path: Path, separator: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _written(affect: tuple[float, float, float]) -> list[str]:
    return [f"{value:.4f}" for value in affect]


PIECES_COLUMNS = (
    *("id", "genre", "genre_split", "multitask_split"),
    *("rhythm_from", "harmony_from", "band_from", "mix_from", "seconds", "tempo_bpm", "beats_a_bar", "swing"),
    *("drum_pattern", "drum_kit", "drum_level", "looseness_s", "mode", "tonic_midi", "progression", "chord"),
    *("dissonance", "bass", "bass_line", "chords", "figure", "lead", "notes_a_beat", "register_octaves"),
    *("drive", "wet", "low_hz", "high_hz", "hiss_db", "tilt_db_octave", "pump", "swell_db"),
    *AXES,
)


def _piece_row(made: _Made) -> list[str]:
    track, p = made.track, made.piece
    return [
        *(str(track.id), p.genre, track.genre_split or "", track.affect_split or "", *p.borrowed),
        *(f"{p.seconds:.2f}", f"{p.tempo:.1f}", str(p.beats), f"{p.swing:.2f}"),
        *(p.pattern, p.kit, f"{p.drum_level:.2f}", f"{p.looseness:.4f}"),
        *(p.mode, str(p.key), "-".join(str(degree + 1) for degree in p.progression), p.chord, f"{p.dissonance:.2f}"),
        *(p.bass, p.bass_line, p.chords, p.figure, p.lead, f"{p.density:.2f}", str(p.register)),
        *(f"{p.drive:.2f}", f"{p.wet:.2f}", f"{p.pass_band[0]:.0f}", f"{p.pass_band[1]:.0f}"),
        *(f"{p.hiss:.1f}", f"{p.tilt:.2f}", f"{p.pump:.2f}", f"{p.swell:.1f}"),
        *_written(made.affect),
    ]
