"""The lab's data set from Kaggle, by kagglehub, which resumes what broke and knows where credentials are.

What kagglehub asks and answers was read in its release 1.0.3: a POST for the version, one for the archive, an archive
in its cache folder that a later call goes on with, and a marker when it is unpacked.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import zipfile
import zlib
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from labsteps.data.folders import DataFolder
from labsteps.errors import DataError, DownloadError, UsageError
from workbench.store.errors import storage_error

DATA_SET = "geoparslp/patreco3-multitask-affective-music"
CACHE = "KAGGLEHUB_CACHE"
HOW_TO = (
    "Kaggle wants to know who asks. At kaggle.com, Settings, API, make a token; then either put it into the variable "
    "KAGGLE_API_TOKEN or the file ~/.kaggle/access_token, or (older keys) KAGGLE_USERNAME and KAGGLE_KEY or the file "
    "~/.kaggle/kaggle.json. Accept the terms on the page of the data set if it has any, then start again.\n"
    f"Without kagglehub: download {DATA_SET} in a browser, unpack it, and name its folder with --data."
)
_AGAIN = "The same command goes on from what is here."


def fetch_kaggle(say: Callable[[str], None], cache: Path | None = None) -> Path:
    """Download the data set, or find what was downloaded before, and return its data root.

    Parameters
    ----------
    cache
        Where kagglehub keeps it; its own choice (or the variable ``KAGGLEHUB_CACHE``) when None.

    Raises
    ------
    UsageError
        If kagglehub is not installed, or a file of credentials cannot be read.
    DownloadError
        If Kaggle refuses, cannot be reached, or breaks off.
    DataError
        If what came is not the data set.
    StorageError
        If the disk has no room for it.
    """
    if cache is not None:
        os.environ[CACHE] = str(cache)
    # kagglehub and its progress bar write to stdout and to any stderr; stdout is for results.
    with redirect_stdout(sys.stderr):
        if not sys.stderr.isatty():
            os.environ.setdefault("TQDM_DISABLE", "1")
        hub = _hub(say)
        return _root_in(Path(_download(hub, say)))


def _hub(say: Callable[[str], None]) -> ModuleType:
    try:
        hub = importlib.import_module("kagglehub")
    except ImportError as error:
        raise UsageError(
            f'kagglehub is not installed ({error}). Install it with: pip install "lab-workbench[kaggle]"\n'
            f"Without it: download {DATA_SET} in a browser, unpack it, and name its folder with --data."
        ) from error
    logger = logging.getLogger("kagglehub")
    logger.handlers = [_Said(say)]
    return hub


class _Said(logging.Handler):
    """Tells what kagglehub logs."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a line."""
        if getattr(record, "block", "") != "console":
            self._say(f"  {record.getMessage()}")


def _download(hub: ModuleType, say: Callable[[str], None]) -> str:
    """Return the folder that kagglehub answers with; its errors become ours."""
    from kagglehub.config import get_cache_folder, get_kaggle_credentials
    from kagglehub.exceptions import DataCorruptionError
    from requests.exceptions import HTTPError, RequestException

    place = Path(get_cache_folder())
    try:
        if get_kaggle_credentials() is None:
            say("no Kaggle credentials are here; trying without, which Kaggle allows for some data sets")
        say(f"downloading {DATA_SET} into {place}")
        return str(hub.dataset_download(DATA_SET))
    except HTTPError as error:  # an OSError too, as all errors of requests are
        raise DownloadError(_refused(error)) from error
    except RequestException as error:
        raise DownloadError(f"Kaggle did not answer, or broke off: {_first_line(error)}. {_AGAIN}") from error
    except DataCorruptionError as error:
        raise DownloadError("What came from Kaggle is not what it sent; it was thrown away. Start again.") from error
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise DownloadError(f"What came from Kaggle cannot be unpacked ({error}). {_forget(place)}") from error
    except ValueError as error:
        text = _first_line(error)
        if "credentials" in text:
            raise UsageError(f"{text}. {HOW_TO}") from error
        raise DownloadError(f"What came from Kaggle cannot be used ({text}) {_forget(place)}") from error
    except OSError as error:
        raise storage_error(Path(error.filename or place), error) from error


def _refused(error: OSError) -> str:
    answer = getattr(error, "response", None)
    code = getattr(answer, "status_code", None)
    if code in (401, 403):
        return f"Kaggle refused {DATA_SET} ({code}). {HOW_TO}"
    if code == 404:
        return f"Kaggle has no data set {DATA_SET} for you (404): it may be private or gone. {HOW_TO}"
    if code == 429:
        return "Kaggle says that too much was asked of it (429). Wait some minutes, then start again."
    return f"Kaggle refused {DATA_SET}: {_first_line(error)}. {_AGAIN}"


def _forget(place: Path) -> str:
    """Remove archives that cannot be unpacked: kagglehub would take them for complete."""
    removed = list((place / "datasets" / DATA_SET).rglob("*.archive"))
    for path in removed:
        path.unlink(missing_ok=True)
    return "It was thrown away; start again." if removed else "Start again."


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _root_in(folder: Path) -> Path:
    """Return the folder that holds the lab's folders: the one that came, or one inside it (it is called ``data``)."""
    for root in (folder, folder / "data", *sorted(path for path in folder.glob("*/") if path.is_dir())):
        if any((root / name).is_dir() for name in DataFolder):
            return root
    raise DataError(
        f"{folder}: what came from Kaggle has none of the lab's folders; look there, or remove it and start again"
    )
