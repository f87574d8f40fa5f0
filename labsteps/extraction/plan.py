"""Every track with its id and its part of the data set, decided once and kept, so that shards and later runs agree."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labsteps.errors import DataError
from labsteps.extraction.labels import Lookup, TrackInfo
from labsteps.extraction.scan import Rejected

COLUMNS = ("id", "file", "label", "artist", "split")
CLIPS_AT_MOST = 99
_LARGEST_NUMBER = 10**12
_HASH_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Track:
    """A track that is to be extracted.

    Attributes
    ----------
    id
        The number in its file's name where every file has one of its own, else made from its path.
    file
        Path relative to the audio folder.
    artist
        Empty where unknown.
    split
        ``train`` or ``test``.
    """

    id: int
    file: str
    label: str
    artist: str
    split: str

    def clip_id(self, number: int, several: bool) -> int:
        """Return the id of one of its clips: its own, or its own and two digits where a track gives several."""
        return self.id * (CLIPS_AT_MOST + 1) + number if several else self.id


def plan(
    files: Sequence[str], lookup: Lookup, *, test_share: float, seed: int, known: Sequence[Track] = ()
) -> tuple[list[Track], list[Rejected], list[str]]:
    """Decide every track's id and part.

    Tracks of one artist never part; where no artist is known, each track is drawn for itself.

    Parameters
    ----------
    files
        Paths relative to the audio folder.
    lookup
        What is known of a file.
    test_share
        Part of each label's tracks that goes into the test part, where the labels do not say.
    seed
        Of the draw.
    known
        Tracks that were planned before; they keep their id, and their part where labels and artists let them.

    Returns
    -------
    tracks
        In the order of `files`.
    rejected
        Files without a label.
    warnings
        What a user should know of the parts.
    """
    settled = {track.file: track for track in known}
    infos: dict[str, TrackInfo] = {}
    rejected: list[Rejected] = []
    for file in files:
        info = lookup(file)
        if info is None or not info.label:
            rejected.append(Rejected(file, "no label is known for it"))
        else:
            infos[file] = info
    ids = _ids(list(infos), {track.file: track.id for track in known})
    parts = _parts(infos, test_share, seed, settled)
    tracks = [Track(ids[f], f, i.label, i.artist, parts[f]) for f, i in infos.items()]
    return tracks, rejected, _warnings(tracks)


def write_plan(tracks: Iterable[Track]) -> bytes:
    """Return the plan as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((t.id, t.file, t.label, t.artist, t.split) for t in tracks)
    return text.getvalue().encode("utf-8", "surrogateescape")


def read_plan(path: Path) -> list[Track]:
    """Return the plan that `write_plan` wrote, empty where there is none yet.

    Raises
    ------
    DataError
        If it cannot be understood.
    """
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    if tuple(header) != COLUMNS or any(len(row) != len(COLUMNS) or not row[0].isdecimal() for row in rows):
        raise DataError(f"{path}: not a plan of an extraction; move it away to plan anew")
    return [Track(int(row[0]), *row[1:]) for row in rows]


def _ids(files: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    stems = [PurePosixPath(file).stem for file in files]
    numbers = [int(stem) if stem.isdecimal() and len(stem) <= 12 else -1 for stem in stems]
    usable = -1 not in numbers and len(set(numbers)) == len(numbers)
    if usable and all(known.get(file, number) == number for file, number in zip(files, numbers, strict=True)):
        return dict(zip(files, numbers, strict=True))
    taken, ids = set(known.values()), dict(known)
    for file in sorted(files):
        if file not in ids:
            number = int(hashlib.sha256(file.encode("utf-8", "surrogateescape")).hexdigest(), 16) % 10**_HASH_DIGITS
            while number in taken:
                number = (number + 1) % _LARGEST_NUMBER
            taken.add(number)
            ids[file] = number
    return ids


def _parts(infos: Mapping[str, TrackInfo], share: float, seed: int, settled: Mapping[str, Track]) -> dict[str, str]:
    """Return each file's part: as the labels say, as it was, as its artist's others, else drawn within its label."""
    groups = {file: info.artist or f"\0{file}" for file, info in infos.items()}
    of_group = {groups[f]: t.split for f, t in settled.items() if f in groups}
    of_group |= {groups[file]: info.split for file, info in infos.items() if info.split}
    by_label: dict[str, list[str]] = {}
    for file, info in infos.items():
        by_label.setdefault(info.label, []).append(file)
    for label, members in sorted(by_label.items()):
        sizes = Counter(groups[file] for file in members)
        wanted = share * len(members)
        inside = sum(size for group, size in sizes.items() if of_group.get(group) == "test")
        free = sorted((group for group in sizes if group not in of_group), key=lambda group: _order(seed, label, group))
        learnt = any(of_group.get(group) == "train" for group in sizes)
        for place, group in enumerate(free):
            last = place == len(free) - 1 and not learnt
            take = not last and share > 0 and inside + sizes[group] / 2 <= wanted
            of_group[group] = "test" if take else "train"
            learnt = learnt or not take
            inside += sizes[group] if take else 0
    return {file: infos[file].split or of_group[group] for file, group in groups.items()}


def _order(seed: int, label: str, group: str) -> str:
    return hashlib.sha256(f"{seed}|{label}|{group}".encode("utf-8", "surrogateescape")).hexdigest()


def _warnings(tracks: Sequence[Track]) -> list[str]:
    count = Counter((track.label, track.split) for track in tracks)
    warnings = []
    for label in sorted({track.label for track in tracks}):
        missing = [part for part in ("train", "test") if not count[label, part]]
        if missing:
            warnings.append(f"{label!r} has no track in the {' or the '.join(missing)} part: too few tracks or artists")
    artists: dict[str, set[str]] = {}
    for track in tracks:
        if track.artist:
            artists.setdefault(track.artist, set()).add(track.split)
    both = sorted(artist for artist, parts in artists.items() if len(parts) > 1)
    if both:
        warnings.append(f"the labels put {len(both)} artists into both parts, {both[0]!r} for one")
    return warnings


def shard_of(tracks: Sequence[Track], number: int, count: int) -> list[Track]:
    """Return the tracks of shard `number` (1 … `count`): every `count`-th one, so that shards are alike."""
    return list(tracks[number - 1 :: count])
