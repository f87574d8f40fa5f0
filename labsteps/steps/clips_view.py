"""The two tracks that steps 1 to 3 look at, and their pictures.

Which two is a function of the ids in the train index, the seed and the number of the draw, so a session shows the
same two in every part and on every day.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from labsteps.context import Context
from labsteps.data.clip_files import CHROMA, MEL, QUIETEST_DB, Frames, read_clip
from labsteps.data.folders import DataFolder
from labsteps.data.index import read_genre_index
from labsteps.data.layout import Split, SplitName, open_split
from labsteps.errors import DataError, StopRequestedError
from labsteps.features.grid import HOP, MEL_BANDS, PITCH_CLASSES, SAMPLE_RATE
from labsteps.results import Axis, Image

PITCH_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
FRAMES_A_SECOND = SAMPLE_RATE / HOP
SHOWN_HZ = (256, 512, 1024, 2048, 4096, 8192)
# Slaney's mel scale, as librosa computes it: linear up to 1 kHz, logarithmic above.
_HZ_A_MEL = 200.0 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _HZ_A_MEL
_LOG_STEP = np.log(6.4) / 27.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Clip:
    """One track, read from its file.

    Attributes
    ----------
    id, label
        Track id, and raw genre.
    path, line
        Its file, and its line in the index file, from 1.
    frames : np.ndarray [shape=(T, 140), dtype=float32]
        Mel rows in dB (−80…0) and chroma rows (0…1), frames first.
    beat
        Whether a frame is a beat.
    """

    id: int
    label: str
    path: Path
    line: int
    frames: Frames
    beat: bool

    @property
    def name(self) -> str:
        """Genre and id, as it stands in titles."""
        return f"{self.label} ({self.id})"

    @property
    def mel(self) -> Frames:
        """Mel part, shape (T, 128), in dB."""
        return self.frames[:, MEL]

    @property
    def chroma(self) -> Frames:
        """Chroma part, shape (T, 12), 0…1."""
        return self.frames[:, CHROMA]

    @property
    def seconds(self) -> float:
        """Length of a clip of frames, in seconds."""
        return len(self.frames) / FRAMES_A_SECOND


def genre_split(context: Context, *, beat: bool = False, split: SplitName = "train") -> Split:
    """Open a split of the genre set, telling how far the look at its files is.

    Raises
    ------
    DataError
        With everything that is wrong with it.
    """
    folder = DataFolder.GENRE_BEAT if beat else DataFolder.GENRE_FULL

    def progress(done: int, total: int) -> None:
        if context.stop_requested():
            raise StopRequestedError
        context.emit("phase", text=f"checking {folder}/{split}", done=done, total=total)

    return open_split(context.data_root, folder, split, progress=progress)


def draw_pair(split: Split, seed: int, draw: int) -> tuple[int, int]:
    """Return the positions of two clips of different genres.

    Parameters
    ----------
    split
        A genre split.
    seed, draw
        Another draw gives two others, as far as there are others.

    Raises
    ------
    DataError
        If all clips are of one genre.
    """
    ranked = sorted(range(len(split)), key=lambda position: _rank(split.ids[position], seed, draw))
    first = ranked[0]
    second = next((p for p in ranked if split.labels[p] != split.labels[first]), None)
    if second is None:
        where = split.root / split.folder / f"{split.name}_labels.txt"
        raise DataError(f"{where}: lists one genre only ({split.labels[first]}); steps 1 to 3 compare two genres.")
    return first, second


def draw_position(split: Split, among: Sequence[int], seed: int, draw: int) -> int:
    """Return one of the positions `among`, by seed and draw."""
    return min(among, key=lambda position: _rank(split.ids[position], seed, draw))


def pair(context: Context, *, beat: bool = False) -> tuple[Clip, Clip]:
    """Read the two tracks of the session, by frames or by beats; the tracks are the same either way.

    Raises
    ------
    DataError
        If the data are malformed, hold one genre only, or lack a track in the beat folder.
    """
    frames = genre_split(context)
    drawn = draw_pair(frames, context.seed, int(context.params["draw"]))
    split = genre_split(context, beat=True) if beat else frames
    first, second = (read_track(split, frames.ids[position]) for position in drawn)
    return first, second


def _rank(track: int, seed: int, draw: int) -> bytes:
    return hashlib.blake2b(f"{seed}/pair {draw}/{track}".encode(), digest_size=16).digest()


def read_track(split: Split, track: int) -> Clip:
    """Read one track of a split.

    Raises
    ------
    DataError
        If the split does not list it, or its file cannot be read.
    """
    index = split.root / split.folder / f"{split.name}_labels.txt"
    if track not in split.ids:
        raise DataError(f"{index}: does not list track {track}, which {split.folder.twin} has; see `data check`.")
    position = split.ids.index(track)
    path = split.paths[position]
    line = next(row.line for row in read_genre_index(index).rows if row.id == track)
    try:
        frames = read_clip(path)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    return Clip(track, split.labels[position], path, line, frames, split.folder.is_beat)


def stored_form(path: Path) -> tuple[str, tuple[int, ...]]:
    """Return dtype and shape of an array file as it is stored, before anything is rounded or turned."""
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version[0] == 1 else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    return str(dtype), shape


def hz_to_mel(hz: npt.ArrayLike) -> Floats:
    """Return frequencies in Hz on Slaney's mel scale, the one librosa uses."""
    values = np.asarray(hz, np.float64)
    above = _BREAK_MEL + np.log(np.maximum(values, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(values < _BREAK_HZ, values / _HZ_A_MEL, above)


def mel_to_hz(mel: npt.ArrayLike) -> Floats:
    """Return the frequencies in Hz of places on Slaney's mel scale."""
    values = np.asarray(mel, np.float64)
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(values, _BREAK_MEL) - _BREAK_MEL))
    return np.where(values < _BREAK_MEL, values * _HZ_A_MEL, above)


def band_edges(bands: int = MEL_BANDS) -> Floats:
    """Return the corners of the triangular filters in Hz, shape (bands + 2,).

    Filter i rises from corner i to its peak at corner i + 1 and falls to 0 at corner i + 2.
    """
    return mel_to_hz(np.linspace(0.0, float(hz_to_mel(SAMPLE_RATE / 2)), bands + 2))


def band_row(hz: float, bands: int = MEL_BANDS) -> float:
    """Return the row of a mel spectrogram, with fraction, whose filter peaks at a frequency."""
    return float(hz_to_mel(hz)) / float(hz_to_mel(SAMPLE_RATE / 2)) * (bands + 1) - 1


def mel_image(clip: Clip) -> Image:
    """Return a clip's mel spectrogram, frequencies in Hz on the vertical axis."""
    ticks = tuple((band_row(hz), str(hz)) for hz in SHOWN_HZ)
    title = f"Mel spectrogram per beat, {clip.name}" if clip.beat else f"Mel spectrogram, {clip.name}"
    values = tuple(tuple(row) for row in clip.mel.T.astype(np.float64).round(1).tolist())
    return Image(title, time_axis(clip), Axis("frequency", "Hz", ticks), Axis("level", "dB"), values, QUIETEST_DB, 0.0)


def chroma_image(clip: Clip) -> Image:
    """Return a clip's chromagram, pitch classes on the vertical axis."""
    ticks = tuple((float(row), PITCH_NAMES[row]) for row in range(PITCH_CLASSES))
    title = f"Chromagram per beat, {clip.name}" if clip.beat else f"Chromagram, {clip.name}"
    values = tuple(tuple(row) for row in clip.chroma.T.astype(np.float64).round(3).tolist())
    return Image(title, time_axis(clip), Axis("pitch class", "", ticks), Axis("energy"), values, 0.0, 1.0)


def time_axis(clip: Clip) -> Axis:
    """Return the horizontal axis of a clip: whole seconds, or beats counted from 0."""
    if clip.beat:
        step = max(1, round(len(clip.frames) / 8 / 5) * 5) if len(clip.frames) > 20 else max(1, len(clip.frames) // 5)
        return Axis("beat", "", tuple((float(beat), str(beat)) for beat in range(0, len(clip.frames), step)))
    step = next((s for s in (1, 2, 5, 10, 30, 60) if clip.seconds / s <= 8), 300)
    if clip.seconds < 1:
        tenths = range(0, int(clip.seconds * 10) + 1)
        return Axis("time", "s", tuple((tenth / 10 * FRAMES_A_SECOND, f"{tenth / 10:g}") for tenth in tenths))
    seconds = range(0, int(clip.seconds) + 1, step)
    return Axis("time", "s", tuple((second * FRAMES_A_SECOND, str(second)) for second in seconds))
