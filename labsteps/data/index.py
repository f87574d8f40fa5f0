"""Index files: which clips a split has, and their labels or affect values.

Genre index: ``Id<TAB>Genre``, then ``104085.fused.full.npy.gz<TAB>Rock``.  Multitask index:
``Id,valence,energy,danceability``, then ``35,0.5,0.25,0.75`` with values in 0…1.  The id of a clip is the
text before the first dot of its name.  A byte order mark, CRLF line ends and blank lines are accepted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LARGEST_INDEX = 64 * 2**20
LARGEST_ID = 2**63 - 1
_WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file of the data set.

    Attributes
    ----------
    path
        The file or folder.
    line
        Line number in an index file, from 1; None where it concerns the whole file.
    message
        What is wrong, without the path.
    """

    path: Path
    line: int | None
    message: str

    def text(self, root: Path | None = None) -> str:
        """Return the problem as one line, with the path written relative to `root`."""
        path = self.path
        if root is not None and path.is_relative_to(root) and path != root:
            path = path.relative_to(root)
        return f"{path}: {self.message}" if self.line is None else f"{path}, line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One clip of an index: a genre in `label`, or affect values in the order of the index's axes."""

    line: int
    name: str
    id: int
    label: str | None = None
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An index file as read; rows that could not be understood are in `problems` and not in `rows`."""

    path: Path
    axes: tuple[str, ...]
    rows: tuple[IndexRow, ...]
    problems: tuple[Problem, ...]


class _RowError(Exception):
    """What is wrong with one line."""


def read_genre_index(path: Path) -> Index:
    """Read the index of a genre split, ``train_labels.txt`` or ``test_labels.txt``.

    Returns
    -------
    Index
        Rows with labels; everything wrong, an unreadable file included, is in its `problems`.
    """
    return _read(Path(path), "\t", _genre_header, lambda line, cells, _: _genre_row(line, cells))


def read_affect_index(path: Path) -> Index:
    """Read the index of the multitask training tracks.

    Returns
    -------
    Index
        Rows with values, one an axis, and the axes' names; everything wrong is in its `problems`.
    """
    return _read(Path(path), ",", _affect_header, _affect_row)


def clip_id(name: str) -> int | None:
    """Return the id that a file's name starts with, or None when it is not a whole number."""
    text = name.partition(".")[0]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) and int(text) <= LARGEST_ID else None


def _read(
    path: Path,
    separator: str,
    read_header: Callable[[list[str]], tuple[str, ...]],
    read_row: Callable[[int, list[str], tuple[str, ...]], IndexRow],
) -> Index:
    lines, problems = _lines(path)
    axes: tuple[str, ...] = ()
    rows: dict[int, IndexRow] = {}
    for position, (number, text) in enumerate(lines):
        cells = [cell.strip(" ") for cell in text.split(separator)]
        try:
            if position == 0:
                axes = read_header(cells)
                continue
            row = read_row(number, cells, axes)
            if row.id in rows:
                raise _RowError(f"id {row.id} is listed twice, first on line {rows[row.id].line}")
            rows[row.id] = row
        except _RowError as error:
            problems.append(Problem(path, number, str(error)))
            if position == 0:  # without the header the meaning of every row would be a guess
                break
    if not rows and not problems:
        problems.append(Problem(path, None, "lists no clips"))
    return Index(path, axes, tuple(rows.values()), tuple(problems))


def _lines(path: Path) -> tuple[list[tuple[int, str]], list[Problem]]:
    """Return the lines that are not blank, with their numbers from 1."""
    try:
        size = path.stat().st_size
        if size > LARGEST_INDEX:
            return [], [Problem(path, None, f"has {size} bytes, which is no index file")]
        data = path.read_bytes()
    except FileNotFoundError:
        return [], [Problem(path, None, "is missing")]
    except OSError as error:
        return [], [Problem(path, None, f"cannot be read ({error.strerror})")]
    lines, problems = [], []
    # str.splitlines would also split at characters that may stand in a label
    for number, raw in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            line = raw.decode("utf-8").removesuffix("\r")
        except UnicodeDecodeError as error:
            problems.append(Problem(path, number, f"is not UTF-8 text (byte 0x{raw[error.start]:02x})"))
            continue
        if line.strip():
            lines.append((number, line))
    return lines, problems


def _genre_header(cells: list[str]) -> tuple[str, ...]:
    if len(cells) != 2 or cells[0].lower() != "id" or not cells[1]:
        raise _RowError(f"the header should be Id<TAB>Genre and is {_quoted(chr(9).join(cells))}")
    return ()


def _affect_header(cells: list[str]) -> tuple[str, ...]:
    axes = tuple(cells[1:])
    if cells[0].lower() != "id" or not axes or not all(axes):
        raise _RowError(f"the header should be like Id,valence,energy,danceability and is {_quoted(','.join(cells))}")
    if len(set(axes)) != len(axes) or not all(axis.isprintable() for axis in axes):
        raise _RowError(f"the header names an axis twice or has control characters: {_quoted(','.join(cells))}")
    return axes


def _genre_row(line: int, cells: list[str]) -> IndexRow:
    if len(cells) != 2:
        raise _RowError(f"should have 2 columns between tabs and has {len(cells)}")
    name, label = cells
    clip = _id_of(name)
    if not label:
        raise _RowError(f"{name} has no genre")
    if not label.isprintable():
        raise _RowError(f"the genre {_quoted(label)} has control characters")
    return IndexRow(line, name, clip, label=label)


def _affect_row(line: int, cells: list[str], axes: tuple[str, ...]) -> IndexRow:
    if len(cells) != len(axes) + 1:
        raise _RowError(f"should have {len(axes) + 1} columns between commas and has {len(cells)}")
    clip = _id_of(cells[0])
    return IndexRow(line, cells[0], clip, values=tuple(map(_affect_value, axes, cells[1:])))


def _affect_value(axis: str, text: str) -> float:
    if not text:
        raise _RowError(f"{axis} is empty")
    if not _DECIMAL.fullmatch(text):
        raise _RowError(f"{axis} is {_quoted(text)}, which is not a number")
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise _RowError(f"{axis} is {text}, outside 0 to 1")
    return value


def _id_of(name: str) -> int:
    if "/" in name or "\\" in name or ".." in name:
        raise _RowError(f"the name {_quoted(name)} has a path in it")
    clip = clip_id(name)
    if clip is None:
        raise _RowError(f"the name {_quoted(name)} does not start with a whole number as its id")
    return clip


def _quoted(text: str) -> str:
    """Return foreign text so that it is short and cannot move the cursor."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
