"""Download of a file: checked, and resumed where it broke.

Plain ``urllib`` is enough for files with fixed addresses, so nothing more has to be installed for it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from labsteps.errors import DownloadError
from workbench.store.errors import StorageError, in_bytes, storage_errors
from workbench.store.folders import make_folder

TIMEOUT = 30.0
_BLOCK = 2**18
_DIGITS = re.compile(r"-([0-9a-f]{8,64})\.\w+$")

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a file is known by.

    Attributes
    ----------
    algorithm
        A name that hashlib knows.
    digits
        The first hexadecimal digits of the checksum, or all of them.
    """

    algorithm: str
    digits: str


def checksum_in_name(url: str) -> Checksum:
    """Return the SHA-256 whose first digits the name of a file ends with.

    That is torch's convention for published weights
    (https://docs.pytorch.org/docs/stable/model_zoo.html, ``check_hash``).

    Raises
    ------
    DownloadError
        If the name has no such digits.
    """
    digits = _DIGITS.search(_name(url))
    if digits is None:
        raise DownloadError(f"{url} does not end with the digits of a SHA-256, so what comes could not be checked.")
    return Checksum("sha256", digits[1])


def download(url: str, folder: Path, progress: Progress, *, checksum: Checksum, otherwise: str) -> Path:
    """Download a file and check it.

    Parameters
    ----------
    folder
        Where it goes.  What came of it stays there when the connection breaks, and the next call goes on from there.
    progress
        Called with the bytes that are here and how many there will be (None where the server does not say).
    checksum
        What the file is known by; what has another one is thrown away.
    otherwise
        What can be done without a connection, a sentence for the error.

    Raises
    ------
    DownloadError
        If the server cannot be reached, breaks off, or sends something else.
    StorageError
        If the disk has no room for it.
    """
    make_folder(folder)
    part = folder / f"{_name(url)}.part"
    kept = f"What came so far is kept, and the same command goes on from there. {otherwise}"
    try:
        total = _receive(url, part, progress)
    except HTTPError as error:
        raise DownloadError(f"{url} was refused: {error.code} {error.reason}. {kept}") from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise DownloadError(f"{urlsplit(url).netloc} did not answer, or broke off: {reason}. {kept}") from error
    size = part.stat().st_size
    if total is not None and size < total:
        raise DownloadError(f"{url} broke off after {size} of {total} bytes. The same command goes on from there.")
    with part.open("rb") as file:
        found = hashlib.file_digest(file, checksum.algorithm).hexdigest()
    if not found.startswith(checksum.digits):
        part.unlink()
        known = f"SHA-{checksum.algorithm.removeprefix('sha')}"
        raise DownloadError(f"What came from {url} is not the file: its {known} is {found}. It was thrown away.")
    whole = folder / _name(url)
    with storage_errors(whole):
        os.replace(part, whole)
    return whole


def require_space(folder: Path, needed: int) -> None:
    """Refuse what the disk has no room for, before it is begun.

    Raises
    ------
    StorageError
        If less than `needed` bytes are free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(
            f"{folder}: {in_bytes(needed)} more are needed and {in_bytes(free)} are free; make room, or name a folder "
            "on another disk, and start again",
            folder,
        )


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def _receive(url: str, part: Path, progress: Progress) -> int | None:
    """Add to `part` what is still to come, and return how long the whole file is, where the server tells."""
    have = part.stat().st_size if part.exists() else 0
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urlopen(request, timeout=TIMEOUT)
    except HTTPError as error:
        if error.code != 416 or not have:  # 416: there is nothing after these bytes, or it is another file by now
            raise
        error.close()
        part.unlink()
        return _receive(url, part, progress)
    with answer:
        goes_on = answer.status == 206
        length = answer.headers.get("Content-Length")
        have = have if goes_on else 0
        total = have + int(length) if length else None
        if length:
            require_space(part.parent, int(length))
        with storage_errors(part):
            file = part.open("ab" if goes_on else "wb")
        with file:
            _copy(answer, file, part, have, total, progress)
    return total


def _copy(answer: IO[bytes], file: IO[bytes], part: Path, have: int, total: int | None, progress: Progress) -> None:
    while block := answer.read(_BLOCK):
        with storage_errors(part):  # what goes wrong in reading is the network's
            file.write(block)
            file.flush()
        have += len(block)
        progress(have, total)
    with storage_errors(part):
        os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Remove a download that is not needed any more."""
    with suppress(FileNotFoundError):
        path.unlink()
