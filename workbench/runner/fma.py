"""Archives of the Free Music Archive data set: where they are, what they are known by, and bringing one here.

Source: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: a dataset for music analysis", ISMIR 2017; addresses, sizes
and checksums from the README of https://github.com/mdeff/fma.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.runner.download import Checksum, Progress, download, remove
from workbench.runner.unpack import unpack
from workbench.store.errors import StoreError
from workbench.store.folders import make_folder
from workbench.store.records import read_json, write_json

HOME = "https://os.unil.cloud.switch.ch/fma"
MARKER = ".fetched.json"


@dataclass(frozen=True, slots=True)
class Archive:
    """One of the archives.

    Attributes
    ----------
    sha1
        Of the archive.
    size
        In words.
    """

    sha1: str
    size: str
    holds: str


ARCHIVES = {
    "fma_small": Archive(
        "ade154f733639d52e35e32f5593efe5be76c6d70", "7.2 GiB", "8,000 tracks of 30 s, 8 balanced genres"
    ),
    "fma_metadata": Archive(
        "f0df49ffe5f2a6008d7dc83c6915b31835dfe733", "342 MiB", "tracks.csv, echonest.csv and others"
    ),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An archive that is unpacked here; `already` when it was before."""

    folder: Path
    files: int
    size: int
    already: bool = False


def fetch(name: str, out: Path, base: str, say: Callable[[str], None], progress: Callable[[], Progress]) -> Fetched:
    """Download an archive, check it, and unpack it below `out`; what is there is not fetched again.

    Parameters
    ----------
    name
        A key of `ARCHIVES`.
    base
        The folder on the server.
    progress
        Makes what is told of a transfer, one for the download and one for the unpacking.

    Raises
    ------
    DownloadError
        If it cannot be fetched, is not the file, or cannot be unpacked.
    StorageError
        If the disk has no room for it.
    """
    archive, folder = ARCHIVES[name], out / name
    known = _known(folder, archive)
    if known is not None:
        return known
    make_folder(out)
    url = f"{base}/{name}.zip"
    whole = out / f"{name}.zip"
    if not whole.exists():
        say(f"downloading {url} ({archive.size}: {archive.holds})")
        otherwise = f"Without a connection: download {url} elsewhere, unpack it, and give its folder to `data extract`."
        whole = download(url, out, progress(), checksum=Checksum("sha1", archive.sha1), otherwise=otherwise)
    say(f"unpacking {whole}")
    files, size = unpack(whole, out, name, progress())
    write_json(folder / MARKER, {"format": 1, "sha1": archive.sha1, "files": files, "bytes": size})
    remove(whole)
    return Fetched(folder, files, size)


def _known(folder: Path, archive: Archive) -> Fetched | None:
    try:
        marker = read_json(folder / MARKER)
        if marker["sha1"] == archive.sha1:
            return Fetched(folder, int(marker["files"]), int(marker["bytes"]), already=True)
    except (StoreError, KeyError, TypeError, ValueError):
        return None  # no marker, or one that cannot be read: what is missing is fetched
    return None
