"""A data set of the lab's size and layout, made by code and kept in the cache folder.

2325 training and 575 test clips of (140, 1293) float64, and their beat-synchronous twins of 29 to 129 beats.  The
numbers are noise around a hump whose place is the genre's, inside the ranges of the real ones: what is measured is
time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from workbench.store.folder_cache import FolderCache

FULL, BEAT = "fma_genre_spectrograms", "fma_genre_spectrograms_beat"
FRAMES, SHORTEST, LONGEST = 1293, 29, 129
ROWS, MEL_ROWS, CHROMA_ROWS = 140, 128, 12
TRAIN: Mapping[str, int] = {
    "Blues": 160,
    "Classical": 160,
    "Electronic": 320,
    "Folk": 320,
    "Hip-Hop": 160,
    "Jazz": 160,
    "Metal": 313,
    "Pop": 160,
    "Rock": 415,
    "Trip-Hop": 157,
}
TEST: Mapping[str, int] = dict(zip(TRAIN, (40, 40, 80, 80, 40, 40, 78, 40, 103, 34), strict=True))
SEED = 0
NAME = f"bench1-seed{SEED}"
FILES_GB = (sum(TRAIN.values()) + sum(TEST.values())) * ROWS * (FRAMES + 60) * 8 / 1e9
PACKS_GB = FILES_GB / 2


def real_shape(root: Path, say: Callable[[str], None]) -> Path:
    """Return the data root, built in the cache folder `root` if it is not there.

    Raises
    ------
    SystemExit
        If the disk has no room for it.
    """

    def build(target: Path) -> None:
        free = shutil.disk_usage(root).free / 1e9
        say(f"Building the data set once: {FILES_GB:.1f} GB of files and {PACKS_GB:.1f} GB of packs under {root}.")
        say(f"{free:.1f} GB are free there; another place is taken with WORKBENCH_CACHE_DIR.")
        if free < FILES_GB + PACKS_GB + 1.0:
            raise SystemExit("That is not enough; make room, or set WORKBENCH_CACHE_DIR.")
        write(target, TRAIN, TEST)

    return FolderCache(root).folder(NAME, build)


def part_of(root: Path, clips: int, frames: int) -> Path:
    """Return a data root with so many training clips of so many frames, as many of each class, and one test clip each.

    Built in the cache folder `root` if it is not there.
    """
    counts = dict.fromkeys(TRAIN, max(1, clips // len(TRAIN)))
    name = f"{NAME}-{clips}x{frames}"
    return FolderCache(root).folder(name, lambda target: write(target, counts, dict.fromkeys(TRAIN, 1), frames))


def write(root: Path, train: Mapping[str, int], test: Mapping[str, int], frames: int = FRAMES) -> None:
    """Write genre folders and their beat twins with so many clips of each class."""
    for folder in (FULL, BEAT):
        first = 1
        for split, counts in (("train", train), ("test", test)):
            place = root / folder / split
            place.mkdir(parents=True)
            labels = [name for name, count in counts.items() for _ in range(count)]
            order = np.random.default_rng([SEED, first]).permutation(len(labels))
            lines = ["Id\tGenre"]
            for track, number in enumerate(order.tolist(), first):
                kind = list(counts).index(labels[number])
                np.save(place / f"{track}.fused.full.npy", clip(track, kind, len(counts), frames, folder == BEAT))
                lines.append(f"{track}.fused.full.npy.gz\t{labels[number]}")
            (root / folder / f"{split}_labels.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            first += len(labels)


def clip(track: int, kind: int, kinds: int, frames: int, beat: bool) -> np.ndarray:
    """Return one clip, shape (140, T), float64."""
    dice = np.random.default_rng([SEED, track, beat])
    if beat:
        frames = int(np.clip(dice.normal(58.0, 16.0), SHORTEST, LONGEST))
    place = MEL_ROWS * (kind + 0.5) / kinds
    hump = 40.0 * np.exp(-(((np.arange(MEL_ROWS) - place) / 12.0) ** 2))[:, None]
    x = np.empty((ROWS, frames))
    x[:MEL_ROWS] = np.clip(hump - 60.0 + 6.0 * dice.standard_normal((MEL_ROWS, frames), np.float32), -80.0, 0.0)
    x[MEL_ROWS:] = dice.random((CHROMA_ROWS, frames), np.float32)
    return x
