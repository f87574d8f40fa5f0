"""Opening packed data inside a part: told as it goes, stopped when asked, and all that is wrong said at once."""

from __future__ import annotations

from collections.abc import Sequence

from labsteps.context import Context
from labsteps.data.folders import DataFolder, SplitName
from labsteps.data.pack import Pack, pack
from labsteps.errors import DataError, StopRequestedError

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
        except DataError as error:
            refusals.append(error)
    if refusals:
        problems = [problem for error in refusals for problem in error.problems or (str(error),)]
        raise DataError(str(refusals[0]), problems)
    return packs


def _open(context: Context, folder: DataFolder, split: SplitName) -> Pack:
    def progress(done: int, total: int) -> None:
        if context.stop_requested():
            raise StopRequestedError
        if done % 64 == 0 or done == total:
            context.emit("packing", folder=str(folder), split=split, done=done, total=total)

    return pack(context.data_root, folder, split, context.cache, progress)
