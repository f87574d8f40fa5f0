"""Opening packed data inside a part: told as it goes, stopped when asked, and all that is wrong said at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from labsteps.context import Context
from labsteps.data.folders import DataFolder, SplitName
from labsteps.data.pack import Pack, pack
from labsteps.errors import DataError, NoRoomError, StopRequestedError

SPLIT_FILE = "split.json"  # ids of the tracks of each part, beside the run


def open_packs(context: Context, folder: DataFolder, splits: Sequence[SplitName] = ("train", "test")) -> list[Pack]:
    """Return the packs of a folder's splits, built where they are not in the cache.

    Raises
    ------
    DataError
        With everything that is wrong with any of them.
    """
    packs, refusals = [], []
    for split in splits:
        try:
            packs.append(_open(context, folder, split))
        except NoRoomError:
            raise  # the next split would only say it once more
        except DataError as error:
            refusals.append(error)
    if refusals:
        problems = [problem for error in refusals for problem in error.problems or (str(error),)]
        raise DataError(str(refusals[0]), problems)
    return packs


def read_split(folder: Path) -> dict[str, list[int]]:
    """Return the ids of the tracks that a finished training heard, ``train`` and ``validation``.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    path = folder / SPLIT_FILE
    try:
        split = json.loads(path.read_text(encoding="utf-8"))
        return {name: [int(track) for track in split[name]] for name in ("train", "validation")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} cannot be read: {error!r}. Run its part again with --force.") from error


def _open(context: Context, folder: DataFolder, split: SplitName) -> Pack:
    def progress(done: int, total: int) -> None:
        if context.stop_requested():
            raise StopRequestedError
        if done % 64 == 0 or done == total:
            context.emit("packing", folder=str(folder), split=split, done=done, total=total)

    return pack(context.data_root, folder, split, context.cache, progress)
