"""Predictions for the unlabelled tracks in the form that the lab's Kaggle competition takes, and their check.

The file has the header ``Id.fused.full.npy.gz,valence,energy,danceability`` and one row a test track,
``<id>.fused.full.npy.gz`` and a number in 0…1 for each axis.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from labsteps.errors import DataError

SUFFIX = ".fused.full.npy.gz"
_NAME = re.compile(rf"([0-9]+){re.escape(SUFFIX)}")
_SHOWN = 5


def header(axes: Sequence[str]) -> list[str]:
    """Return the cells of the first line."""
    return [f"Id{SUFFIX}", *axes]


def write(ids: np.ndarray, predicted: np.ndarray, axes: Sequence[str]) -> bytes:
    """Return the file; predictions outside 0…1 become the nearer end, which is where the truth can be.

    Parameters
    ----------
    ids : np.ndarray [shape=(N,), dtype=int64]
        Track ids.
    predicted : np.ndarray [shape=(N, A)]
        One column an axis, all finite.
    axes
        Names of the columns.

    Raises
    ------
    ValueError
        If the shapes do not fit or a prediction is not finite.
    """
    if predicted.shape != (len(ids), len(axes)):
        raise ValueError(f"{len(ids)} tracks and {len(axes)} axes, and predictions of shape {predicted.shape}")
    if not np.isfinite(predicted).all():
        raise ValueError("a prediction is not a finite number")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header(axes))
    for track, row in zip(ids.tolist(), np.clip(predicted, 0.0, 1.0).tolist(), strict=True):
        writer.writerow([f"{track}{SUFFIX}", *(f"{value:.6f}" for value in row)])
    return text.getvalue().encode()


def read(path: Path, axes: Sequence[str], ids: Iterable[int]) -> dict[int, tuple[float, ...]]:
    """Return id → predictions of a file, after everything about it has been checked.

    Parameters
    ----------
    path
        The file.
    axes
        Axes in the order that the header should have.
    ids
        Tracks that should be there, each once, and no others.

    Raises
    ------
    DataError
        If the file cannot be read or anything in it is wrong; `problems` has all of it, with line numbers.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}).") from error
    first, *rows = [*csv.reader(io.StringIO(text))] or [[]]
    problems = []
    if first != header(axes):
        problems.append(f"{path}, line 1: is {','.join(first)!r}; it should be {','.join(header(axes))!r}")
    found: dict[int, tuple[float, ...]] = {}
    for line, row in enumerate(rows, 2):
        try:
            track, values = _row(row, len(axes))
            if track in found:
                raise ValueError(f"track {track} is there twice")
            found[track] = values
        except ValueError as error:
            problems.append(f"{path}, line {line}: {error}")
    expected = set(ids)
    for wrong, what in ((expected - set(found), "missing"), (set(found) - expected, "not test tracks")):
        if wrong:
            shown = ", ".join(map(str, sorted(wrong)[:_SHOWN])) + (" …" if len(wrong) > _SHOWN else "")
            problems.append(f"{path}: {len(wrong)} tracks are {what}: {shown}")
    if problems:
        raise DataError(f"{len(problems)} problems with the Kaggle file, the first: {problems[0]}", problems)
    return found


def _row(row: list[str], n_axes: int) -> tuple[int, tuple[float, ...]]:
    if len(row) != n_axes + 1:
        raise ValueError(f"has {len(row)} cells; it should have {n_axes + 1}")
    name = _NAME.fullmatch(row[0])
    if name is None:
        raise ValueError(f"{row[0]!r} is not of the form <id>{SUFFIX}")
    values = tuple(float(cell) for cell in row[1:])
    outside = [value for value in values if not 0.0 <= value <= 1.0]
    if outside:
        raise ValueError(f"{outside[0]} does not lie in 0…1")
    return int(name[1]), values
