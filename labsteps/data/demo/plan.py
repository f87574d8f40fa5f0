"""Which tracks the demo set has: ids, genres, and the split of each data set that they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsteps.data.demo.styles import STYLES
from labsteps.data.folders import SPLITS, SplitName

# The rare genres of the real set are as rare here.
_RARE_TRAIN = {"Metal": 13, "Trip-Hop": 12, "Soundtrack": 11, "Post-Rock": 8}
_RARE_TEST = {"Trip-Hop": 5, "Soundtrack": 5, "Post-Rock": 4}
GENRE_CLIPS: dict[SplitName, dict[str, int]] = {
    "train": {name: _RARE_TRAIN.get(name, 14) for name in STYLES},
    "test": {name: _RARE_TEST.get(name, 6) for name in STYLES},
}
AFFECT_CLIPS: dict[SplitName, int] = {"train": 120, "test": 40}
# (split of the genre set, split of the multitask set) and how many tracks are in both
SHARED: dict[tuple[SplitName, SplitName], int] = {
    ("train", "train"): 6,
    ("train", "test"): 3,
    ("test", "train"): 3,
    ("test", "test"): 2,
}
_IDS = range(1000, 155000)


@dataclass(frozen=True, slots=True)
class Track:
    """A track and where it appears.

    Attributes
    ----------
    id
        Its number, which names its files.
    genre
        Its raw genre, also where only its affect values are published.
    genre_split, affect_split
        Its split in the genre set and in the multitask set; None where it is in that set not at all.
    """

    id: int
    genre: str
    genre_split: SplitName | None
    affect_split: SplitName | None


def plan(seed: int) -> tuple[Track, ...]:
    """Return the tracks of the demo set in the order of their ids.

    Parameters
    ----------
    seed
        Decides the ids and which tracks are shared; the numbers of clips are always the same.
    """
    rng = np.random.default_rng([seed, 0])
    places = [*_genre_places(rng), *_affect_places(rng)]
    ids = rng.choice(np.arange(_IDS.start, _IDS.stop), size=len(places), replace=False)
    tracks = [Track(int(number), *place) for number, place in zip(ids, places, strict=True)]
    return tuple(sorted(tracks, key=lambda track: track.id))


_Place = tuple[str, SplitName | None, SplitName | None]


def _genre_places(rng: np.random.Generator) -> list[_Place]:
    """Return the tracks of the genre set, some of them in the multitask set too."""
    places: list[_Place] = []
    for split in SPLITS:
        genres = [genre for genre, count in GENRE_CLIPS[split].items() for _ in range(count)]
        genres = [genres[i] for i in rng.permutation(len(genres))]
        shared = [other for other in SPLITS for _ in range(SHARED[split, other])]
        places += [(genre, split, shared[i] if i < len(shared) else None) for i, genre in enumerate(genres)]
    return places


def _affect_places(rng: np.random.Generator) -> list[_Place]:
    """Return the tracks that are in the multitask set alone, of any genre."""
    places: list[_Place] = []
    names = list(STYLES)
    for split in SPLITS:
        count = AFFECT_CLIPS[split] - sum(SHARED[other, split] for other in SPLITS)
        places += [(names[int(i)], None, split) for i in rng.integers(len(names), size=count)]
    return places
