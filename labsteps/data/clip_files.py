"""One clip's file: a two-dimensional array of 140 rows by T frames, ``.npy`` or ``.npy.gz``.

Rows 0–127 are the mel spectrogram in dB below the clip's maximum (−80…0, 0 is loudest), rows 128–139 the
chroma (0…1).  In memory a clip is frames-major, shape (T, 140), float32: a frame is what a model steps over.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labsteps.errors import DataError

N_ROWS = 140
MEL = slice(0, 128)
CHROMA = slice(128, 140)
QUIETEST_DB = -80.0

_LARGEST_HEADER = 10_000
_BLOCK = 2**20
_LARGEST_RATIO = 1040  # deflate cannot make data smaller than 1/1032

_Reader = gzip.GzipFile | io.BufferedReader
Frames = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Header:
    """What a file says of its array: T, the bytes before the data, and how the data is laid out."""

    n_frames: int
    data_start: int
    dtype: np.dtype[Any]
    fortran_order: bool

    @property
    def file_size(self) -> int:
        return self.data_start + N_ROWS * self.n_frames * self.dtype.itemsize


def quietest(rows: slice) -> Frames:
    """Return the value of silence in each of `rows`: −80 dB in mel rows, 0 in chroma rows; shape (n_rows,)."""
    values = np.zeros(N_ROWS, np.float32)
    values[MEL] = QUIETEST_DB
    return values[rows]


def clip_length(path: Path) -> int:
    """Return the number of frames of a clip by its header and size alone.

    Raises
    ------
    DataError
        If the file is missing, truncated, too long or not an array of the right kind.  The message leaves the
        path out, for the caller to put in front.
    """
    try:
        with _open(path) as file:
            header = _read_header(file)
        size = os.stat(path).st_size
        _check_plausible(path, size, header)
        if _is_gzip(path):
            _check_gzip_size(path, header)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(_reading_failed(error)) from error
    return header.n_frames


def read_clip(path: Path) -> Frames:
    """Read a clip whole.

    Returns
    -------
    np.ndarray [shape=(T, 140), dtype=float32]
        The clip, frames-major; values were rounded to single precision.

    Raises
    ------
    DataError
        For everything `clip_length` refuses, and for values that are not finite.  The path is left out.
    """
    try:
        with _open(path) as file:
            header = _read_header(file)
            shape = (N_ROWS, header.n_frames)
            # before memory is asked for what may be a lie of the header
            _check_plausible(path, os.fstat(file.fileno()).st_size, header)
            raw = np.empty(shape, header.dtype, order="F" if header.fortran_order else "C")
            got = _fill(file, memoryview(raw.T if header.fortran_order else raw).cast("B"))
            _check_size(header.data_start + got + (1 if file.read(1) else 0), header)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(_reading_failed(error)) from error
    clip = np.empty((header.n_frames, N_ROWS), np.float32)
    with np.errstate(over="ignore"):  # what overflows becomes infinite and is refused below
        clip[...] = raw.T
    if not np.isfinite(clip).all():
        frame, row = (int(i) for i in np.argwhere(~np.isfinite(clip))[0])
        raise DataError(f"has a value that is not finite: {raw[row, frame]} in row {row}, frame {frame}")
    return clip


def _is_gzip(path: Path) -> bool:
    return path.name.endswith(".gz")


def _open(path: Path) -> _Reader:
    if not path.is_file():  # opening a pipe would wait for ever
        raise DataError("is missing" if not path.exists() else "is not a regular file")
    return gzip.open(path, "rb") if _is_gzip(path) else path.open("rb")


def _reading_failed(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "is truncated: its compressed data ends early"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return f"is not a whole gzip file ({error})"
    reason = error.strerror if isinstance(error, OSError) else None
    return f"cannot be read ({reason or error})"


def _fill(file: _Reader, buffer: memoryview) -> int:
    """Read into `buffer` until it is full or the file ends; return the number of bytes."""
    got = 0
    while got < len(buffer):
        count = file.readinto(buffer[got:])
        if not count:
            break
        got += count
    return got


def _read_header(file: _Reader) -> _Header:
    """Read the header and leave the file at the start of the data."""
    start = file.read(8)
    if not start:
        raise DataError("is empty")
    if start[:6] != b"\x93NUMPY" or len(start) < 8:
        raise DataError("is not a .npy file (its first bytes are not those of one)")
    count = 2 if start[6] == 1 else 4
    length = file.read(count)
    header_size = int.from_bytes(length, "little")
    if start[6] not in (1, 2, 3) or header_size > _LARGEST_HEADER:
        raise DataError(f"has a header that this program does not read (version {start[6]}, {header_size} bytes)")
    text = file.read(header_size)
    if len(length) < count or len(text) < header_size:
        raise DataError("is truncated inside its header")
    return _parse_header(start[6], length + text)


@lru_cache(maxsize=256)  # thousands of files share a few dozen headers
def _parse_header(version: int, text: bytes) -> _Header:
    reader = np.lib.format.read_array_header_1_0 if version == 1 else np.lib.format.read_array_header_2_0
    try:
        shape, fortran_order, dtype = reader(io.BytesIO(text))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise DataError("has a damaged header") from error
    if dtype.hasobject:
        raise DataError("holds Python objects; only arrays of float32 or float64 are read")
    if dtype.kind != "f" or dtype.itemsize not in (4, 8):
        raise DataError(f"holds {dtype}; only float32 and float64 are read")
    if len(shape) != 2 or shape[0] != N_ROWS or shape[1] < 1:
        raise DataError(f"has shape {_shape_text(shape)}; it should be ({N_ROWS}, T) with T of at least 1")
    return _Header(int(shape[1]), 8 + len(text), dtype, bool(fortran_order))


def _shape_text(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _check_plausible(path: Path, size: int, header: _Header) -> None:
    """Compare the size on disk with what the header promises, as far as compression allows."""
    if not _is_gzip(path):
        _check_size(size, header)
    elif header.file_size > size * _LARGEST_RATIO:
        raise DataError(f"is truncated: {size} compressed bytes cannot hold {header.file_size}")


def _check_size(size: int, header: _Header) -> None:
    if size < header.file_size:
        raise DataError(f"is truncated: it has {size} of {header.file_size} bytes")
    if size > header.file_size:
        raise DataError(f"has bytes after the end of its array, which ends at byte {header.file_size}")


def _check_gzip_size(path: Path, header: _Header) -> None:
    """Compare the size that a gzip file ends with; count the bytes only where that does not settle it."""
    with path.open("rb") as raw:
        raw.seek(-4, os.SEEK_END)
        if int.from_bytes(raw.read(4), "little") == header.file_size % 2**32:
            return
    size = 0
    with gzip.open(path, "rb") as file:
        while size <= header.file_size and (block := file.read(_BLOCK)):
            size += len(block)
    _check_size(size, header)
