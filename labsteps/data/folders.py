"""Where the data set lies: its four folders, and a fingerprint of what is in them.

The standard library alone, so that a screen can name a data root and notice a change without numpy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from labsteps.errors import DataError

SplitName = Literal["train", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
_SHOWN = 12
_LOOKED_AT = 200


class DataFolder(StrEnum):
    """The four folders of the data set, by the names that they have on disk."""

    GENRE_FULL = "fma_genre_spectrograms"
    GENRE_BEAT = "fma_genre_spectrograms_beat"
    MULTITASK_FULL = "multitask_dataset"
    MULTITASK_BEAT = "multitask_dataset_beat"

    @property
    def is_genre(self) -> bool:
        """Whether clips carry a genre; the others carry affect values."""
        return self in (DataFolder.GENRE_FULL, DataFolder.GENRE_BEAT)

    @property
    def is_beat(self) -> bool:
        """Whether a frame is one beat (else one hop of 512 samples)."""
        return self in (DataFolder.GENRE_BEAT, DataFolder.MULTITASK_BEAT)

    @property
    def twin(self) -> DataFolder:
        """The folder with the same tracks in the other time resolution."""
        return _TWINS[self]


_TWINS = {
    DataFolder.GENRE_FULL: DataFolder.GENRE_BEAT,
    DataFolder.GENRE_BEAT: DataFolder.GENRE_FULL,
    DataFolder.MULTITASK_FULL: DataFolder.MULTITASK_BEAT,
    DataFolder.MULTITASK_BEAT: DataFolder.MULTITASK_FULL,
}


def index_path(root: Path, folder: DataFolder, split: SplitName) -> Path | None:
    """Return the path of a split's index file, or None for the multitask test tracks, which have none."""
    if split == "test" and not folder.is_genre:
        return None
    return root / folder / f"{split}_labels.txt"


def present_folders(root: Path) -> tuple[DataFolder, ...]:
    """Return those of the four folders that lie in `root`.

    Raises
    ------
    DataError
        If none does; the message says what lies there instead and where the folders were found nearby.
    """
    present = tuple(folder for folder in DataFolder if (root / folder).is_dir())
    if not present:
        raise DataError(_why_no_folder(root))
    return present


def _why_no_folder(root: Path) -> str:
    """Say what was looked for under a wrong root, what lies there, and which root was probably meant."""
    if not root.exists():
        return f"{root}: there is no such folder; give the folder that holds {DataFolder.GENRE_FULL}"
    if not root.is_dir():
        return f"{root}: is a file; give the folder that holds {DataFolder.GENRE_FULL}"
    try:
        names = sorted(os.listdir(root))
        meant = _likely_root(root)
    except OSError as error:
        return f"{root}: cannot be read ({error.strerror}); give a folder that you may read"
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    text = f"{root}: none of {', '.join(DataFolder)} lies here; found {shown or 'an empty folder'}"
    return f"{text}; {meant} looks like the data root, give that one" if meant else text


def _likely_root(root: Path) -> Path | None:
    """Return the folder up to two levels above or below `root` that holds one of the four folders."""
    above = [p for p in (root.absolute(), *root.absolute().parents[:1]) if p.name in set(DataFolder)]
    if above:
        return above[-1].parent
    below = list(_subfolders([root]))
    for candidate in (*below, *islice(_subfolders(below), _LOOKED_AT)):
        if any((candidate / folder).is_dir() for folder in DataFolder):
            return candidate
    return None


def _subfolders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if os.access(folder, os.R_OK | os.X_OK):
            yield from sorted(path for path in islice(folder.iterdir(), _LOOKED_AT) if path.is_dir())


def fingerprint(root: Path, folders: Iterable[DataFolder] | None = None, splits: Iterable[SplitName] = SPLITS) -> str:
    """Return a short text that changes when the data does, without reading the arrays.

    It covers, for each folder and split: the name, size and modification time of every file in ``train/`` or
    ``test/``, and the content of the index file.  It does not cover the path of `root`, nor files beside the
    four folders.  Two copies agree when the copying kept the modification times.

    Parameters
    ----------
    root
        The data root.
    folders
        Folders to cover; those that are present by default.
    splits
        Splits to cover.

    Returns
    -------
    str
        32 hexadecimal digits.

    Raises
    ------
    DataError
        If no folder of the data set is there, or one cannot be read.
    """
    root = Path(root)
    digest = hashlib.sha256(b"data fingerprint 1")
    for folder in sorted(present_folders(root) if folders is None else folders):
        for split in splits:
            digest.update(f"\n{folder}/{split}\n".encode())
            try:
                _hash_split(digest, root, folder, split)
            except OSError as error:
                where = error.filename or root / folder
                raise DataError(f"{where}: cannot be read ({error.strerror}); see `data check`") from error
    return digest.hexdigest()[:32]


def _hash_split(digest: hashlib._Hash, root: Path, folder: DataFolder, split: SplitName) -> None:
    files = []
    with os.scandir(root / folder / split) as entries:
        for entry in entries:
            try:
                status = entry.stat()
            except FileNotFoundError:  # a link that leads nowhere is part of the state too
                files.append(f"{entry.name}\0missing")
            else:
                files.append(f"{entry.name}\0{status.st_size}\0{status.st_mtime_ns}")
    files.sort()
    digest.update("\n".join(files).encode(errors="surrogateescape"))
    index = index_path(root, folder, split)
    if index is not None:
        digest.update(b"\nindex\n" + index.read_bytes())
