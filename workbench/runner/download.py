"""Download of published weights: checked, and resumed where it broke.

Plain ``urllib`` is enough for four files with fixed addresses, so nothing more has to be installed for it.
The names of the files end with the first digits of their SHA-256, torch's convention for published weights
(https://docs.pytorch.org/docs/stable/model_zoo.html, ``check_hash``).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from labsteps.errors import DownloadError
from workbench.store.atomic import make_folder
from workbench.store.errors import storage_errors

HUB = "https://dl.fbaipublicfiles.com/deit"
FILES = {
    "tiny224": "deit_tiny_distilled_patch16_224-b40b3cf7.pth",
    "small224": "deit_small_distilled_patch16_224-649709d9.pth",
    "base224": "deit_base_distilled_patch16_224-df68dfff.pth",
    "base384": "deit_base_distilled_patch16_384-d0272ac0.pth",
}
TIMEOUT = 30.0
_BLOCK = 2**18
_DIGITS = re.compile(r"-([0-9a-f]{8,64})\.\w+$")

Progress = Callable[[int, int | None], None]


def download(url: str, folder: Path, progress: Progress) -> Path:
    """Download a file whose name ends with the first digits of its SHA-256.

    Parameters
    ----------
    folder
        Where it goes.  What came of it stays there when the connection breaks, and the next call goes on from there.
    progress
        Called with the bytes that are here and how many there will be (None where the server does not say).

    Raises
    ------
    DownloadError
        If the server cannot be reached, breaks off, or sends something else.
    """
    name = urlsplit(url).path.rpartition("/")[2]
    digits = _DIGITS.search(name)
    if digits is None:
        raise DownloadError(f"{url} does not end with the digits of a SHA-256, so what comes could not be checked.")
    make_folder(folder)
    part = folder / f"{name}.part"
    try:
        total = _receive(url, part, progress)
    except HTTPError as error:
        raise DownloadError(f"{url} was refused: {error.code} {error.reason}. {_otherwise(url)}") from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise DownloadError(
            f"{urlsplit(url).netloc} did not answer, or broke off: {reason}. {_otherwise(url)}"
        ) from error
    size = part.stat().st_size
    if total is not None and size < total:
        raise DownloadError(f"{url} broke off after {size} of {total} bytes. The same command goes on from there.")
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(digits[1]):
        part.unlink()
        raise DownloadError(f"What came from {url} is not the file: its SHA-256 is {found}. It was thrown away.")
    whole = folder / name
    with storage_errors(whole):
        os.replace(part, whole)
    return whole


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


def _otherwise(url: str) -> str:
    return (
        f"What came so far is kept, and the same command goes on from there. Without a connection: download {url} "
        "elsewhere, and bring the file in with: python -m workbench models import FILE"
    )
