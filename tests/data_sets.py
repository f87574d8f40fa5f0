"""Small data sets made by code, in the layout of the real one, for every test that needs data."""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from labsteps.data.folders import DataFolder

AXES = ("valence", "energy", "danceability")
CLASSES = ("Blues", "Jazz", "Metal", "Rock")


class SimpleCache:
    """The folder cache without locks: one process, nothing killed half-way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.builds = 0

    def folder(self, key: str, build: Callable[[Path], None], usable: Callable[[Path], bool] | None = None) -> Path:
        target = self.root / key
        if target.exists() and usable is not None and not usable(target):
            shutil.rmtree(target)
        if not target.exists():
            self.builds += 1
            temporary = self.root / f"tmp-{self.builds}"
            temporary.mkdir(parents=True)
            build(temporary)
            temporary.rename(target)
        return target

    def holds(self, key: str) -> bool:
        return (self.root / key).exists()


def make_clip(
    n_frames: int, kind: int, kinds: int, rng: np.random.Generator, brightness: float = 0.5
) -> npt.NDArray[np.float64]:
    """Return a (140, T) clip whose mel energy sits in the band, and whose chroma in the pitch class, of `kind`."""
    band = 8 + 112 * (kind + 0.5) / kinds
    hump = np.exp(-(((np.arange(128) - band) / 12.0) ** 2))[:, None]
    tilt = 20.0 * (brightness - 0.5) * np.linspace(-1, 1, 128)[:, None]
    mel = -60.0 + 40.0 * hump + tilt + rng.normal(0.0, 6.0, (128, n_frames))
    chroma = rng.uniform(0.0, 0.6, (12, n_frames))
    chroma[kind % 12] += 0.4
    return np.concatenate([np.clip(mel, -80.0, 0.0), chroma])


def write_array(path: Path, array: npt.NDArray[np.generic]) -> None:
    if path.name.endswith(".gz"):
        buffer = io.BytesIO()
        np.save(buffer, array)
        path.write_bytes(gzip.compress(buffer.getvalue(), mtime=0))
    else:
        np.save(path, array)


def make_genre_set(
    root: Path,
    classes: Sequence[str] | Mapping[str, int] = CLASSES,
    *,
    clips_per_class: int = 8,
    test_per_class: int = 3,
    lengths: tuple[int, int] = (30, 40),
    beat_lengths: tuple[int, int] = (6, 12),
    beat: bool = True,
    multitask: bool = True,
    multitask_clips: tuple[int, int] = (24, 8),
    shared: tuple[int, int] = (1, 0),
    seed: int = 0,
) -> Path:
    """Write a whole data root in which genres and affect values can be learnt, and return it.

    Parameters
    ----------
    root
        Made if it is not there.
    classes
        Raw genre names, or name → number of training clips.
    clips_per_class, test_per_class
        Clips of each genre, where `classes` does not say.
    lengths, beat_lengths
        Fewest and most frames of a clip.
    beat, multitask
        Whether to write the beat twins and the multitask folders.
    multitask_clips
        Labelled and unlabelled tracks; the first unlabelled one is a test track of the genre set too.
    shared
        How many labelled and how many more unlabelled tracks are training tracks of the genre set too.
    seed
        Of everything.
    """
    counts = dict(classes) if isinstance(classes, Mapping) else dict.fromkeys(classes, clips_per_class)
    names = list(counts)
    rng = np.random.default_rng(seed)
    total = sum(counts.values()) + test_per_class * len(names) + sum(multitask_clips)
    ids = iter(rng.permutation(np.arange(1, 20 * total + 1))[:total].tolist())
    train = [(next(ids), name) for name, count in counts.items() for _ in range(count)]
    test = [(next(ids), name) for name in names for _ in range(test_per_class)]
    train = [train[i] for i in rng.permutation(len(train))]
    clips = {clip: (names.index(name), rng.uniform()) for clip, name in train + test}
    both = [clip for clip, _ in train[: sum(shared)]]
    labelled = [*both[: shared[0]], *(next(ids) for _ in range(multitask_clips[0] - shared[0]))]
    unlabelled = [test[0][0], *both[shared[0] :], *(next(ids) for _ in range(multitask_clips[1] - 1 - shared[1]))]
    for clip in labelled + unlabelled:
        clips.setdefault(clip, (int(rng.integers(len(names))), rng.uniform()))

    for is_beat in (False, True) if beat else (False,):
        low, high = beat_lengths if is_beat else lengths
        genre = root / (DataFolder.GENRE_BEAT if is_beat else DataFolder.GENRE_FULL)
        affect = root / (DataFolder.MULTITASK_BEAT if is_beat else DataFolder.MULTITASK_FULL)
        wanted = [(genre / "train", [c for c, _ in train]), (genre / "test", [c for c, _ in test])]
        if multitask:
            wanted += [(affect / "train", labelled), (affect / "test", unlabelled)]
        for folder, members in wanted:
            folder.mkdir(parents=True)
            for clip in members:
                kind, brightness = clips[clip]
                own = np.random.default_rng([seed, clip, is_beat])
                array = make_clip(int(own.integers(low, high + 1)), kind, len(names), own, brightness)
                write_array(folder / f"{clip}.fused.full.npy", array)
        form = "beatsync.fused" if is_beat else "fused.full"
        write_genre_index(genre / "train_labels.txt", train, f".{form}.npy.gz")
        write_genre_index(genre / "test_labels.txt", test, ".full.fused.npy.gz")
        if multitask:
            rows = [(clip, *_affect(*clips[clip], len(names))) for clip in labelled]
            write_affect_index(affect / "train_labels.txt", rows)
    return root


def _affect(kind: int, brightness: float, kinds: int) -> tuple[float, float, float]:
    place = (kind + 0.5) / kinds
    return brightness, place, 0.5 * (brightness + 1.0 - place)


def write_genre_index(path: Path, rows: Sequence[tuple[int, str]], suffix: str = ".fused.full.npy.gz") -> None:
    lines = ["Id\tGenre", *(f"{clip}{suffix}\t{label}" for clip, label in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_affect_index(
    path: Path, rows: Sequence[tuple[int | float, ...]], axes: Sequence[str] = AXES, suffix: str = ""
) -> None:
    lines = [",".join(["Id", *axes]), *(",".join([f"{row[0]}{suffix}", *map(repr, row[1:])]) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
