"""What is known of each track: its label, artist, part of the data set, and affect values."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from labsteps.errors import DataError

AXES = ("valence", "energy", "danceability")
LARGEST_TABLE = 512 * 2**20
_NO_UTF_8 = re.compile("[\udc80-\udcff]")  # what a byte that is not UTF-8 is read as
_KEYS = ("file", "path", "filename", "file_name", "id", "track_id", "clip", "track")
_LABELS = ("label", "genre", "class", "genre_top")
_ARTISTS = ("artist", "artist_id", "artist_name")
_SPLITS = ("split", "set")
_PARTS = {"train": "train", "training": "train", "validation": "train", "valid": "train", "test": "test", "": ""}
_HEADER_LINES = 8
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """What is known of a track.

    Attributes
    ----------
    label
        Genre or class; empty where there is none.
    artist
        Tracks of one artist stay in one part of the data set; empty where unknown.
    split
        ``train``, ``test``, or empty where it is to be drawn.
    """

    label: str
    artist: str = ""
    split: str = ""


Lookup = Callable[[str], TrackInfo | None]


def folder_labels(file: str) -> TrackInfo | None:
    """Return the name of the folder that a file lies in as its label; None for a file in no folder."""
    parent = plain(PurePosixPath(file).parent.name)
    return TrackInfo(parent) if parent else None


def plain(text: str) -> str:
    """Return a name on one line, with nothing in it that is not printed and each accented letter in one way.

    One disk writes ``ά`` as one character (NFC) and another as two (NFD); taken as they are, one class would be two.
    """
    return " ".join("".join(ch if ch.isprintable() else " " for ch in _composed(text)).split())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def table_labels(path: Path) -> Lookup:
    """Return the look-up of a CSV or TSV file, or of an FMA ``tracks.csv``.

    A plain table has a header line with one column that names the file (``file``, ``path``, ``id``, ``track_id`` …),
    one with the label (``label``, ``genre``, ``class``) and, where known, ``artist`` and ``split``.  A file is looked
    up by its path, its name, its name without ending, and the number in it.  FMA's table is told by its header of
    several lines (Defferrard et al., ISMIR 2017).

    Raises
    ------
    DataError
        If the file cannot be read or has no such columns; the message names those it has.
    """
    header, rows = read_table(path)
    key = _column(header, _KEYS, ("track_id",))
    label = _column(header, _LABELS, ("track", "genre_top"))
    if key is None or label is None:
        names = ", ".join("/".join(filter(None, column)) for column in header[:30])
        raise DataError(
            f"{path}: needs a column that names the file ({', '.join(_KEYS[:5])} …) and one with the label "
            f"({', '.join(_LABELS)}); it has {names}"
        )
    artist = _column(header, _ARTISTS, ("artist", "id"))
    split = _column(header, _SPLITS, ("set", "split"))
    known: dict[str, TrackInfo] = {}
    for row in rows:
        part = _PARTS.get(_cell(row, split).lower())
        if part is None:
            raise DataError(f"{path}: the split {_cell(row, split)!r} of {_cell(row, key)!r} is neither train nor test")
        if _NO_UTF_8.search(_cell(row, label)):
            raise DataError(f"{path}: is not text in UTF-8; save it as CSV in UTF-8")
        info = TrackInfo(plain(_cell(row, label)), _composed(_cell(row, artist)), part)
        if info.label:
            known.setdefault(_cell(row, key), info)
    return _by_any_name(known)


def affect_values(path: Path) -> Callable[[str], tuple[float, ...] | None]:
    """Return the look-up of valence, energy and danceability: FMA's ``echonest.csv``, or a table with these columns.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or a value is not a number from 0 to 1.
    """
    header, rows = read_table(path)
    key = _column(header, _KEYS, ("track_id",))
    places = [_column(header, (axis,), ("audio_features", axis)) for axis in AXES]
    if key is None or None in places:
        raise DataError(f"{path}: needs a column that names the track, and {', '.join(AXES)}")
    known: dict[str, tuple[float, ...]] = {}
    for row in rows:
        texts = [_cell(row, place) for place in places]
        if not any(texts):
            continue
        try:
            values = tuple(float(text) for text in texts)
        except ValueError:
            raise DataError(f"{path}: {_cell(row, key)!r} has {texts}, which are not three numbers") from None
        if not all(0.0 <= value <= 1.0 for value in values):
            raise DataError(f"{path}: {_cell(row, key)!r} has {texts}; each should be from 0 to 1")
        known.setdefault(_cell(row, key), values)
    return _by_any_name(known)


def read_table(path: Path) -> tuple[list[tuple[str, ...]], list[list[str]]]:
    """Return the header of a table, a tuple of names for each column, and its rows.

    The header of FMA's tables has two or three lines and one more with the name of the first column; rows begin with
    the first line whose first cell is a number where there is such a header, else with the second line.

    Raises
    ------
    DataError
        If the file cannot be read, is too large, or is empty.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise DataError(f"{path}: is no regular file")
        if path.stat().st_size > LARGEST_TABLE:
            raise DataError(f"{path}: larger than {LARGEST_TABLE >> 20} MB, which no table of labels is")
        text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    if "\0" in text:
        raise DataError(f"{path}: is not text in UTF-8; save it as CSV in UTF-8")
    separator = max(",\t;", key=text.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
    except csv.Error as error:
        raise DataError(f"{path}: cannot be read as a table: {error}") from error
    if not rows:
        raise DataError(f"{path}: is empty")
    height = next((i for i, row in enumerate(rows[:_HEADER_LINES]) if row[0].strip().isdecimal()), 1)
    if height < 2 or rows[height - 1][0].strip() != "track_id":
        return [(name.strip().lower(),) for name in rows[0]], rows[1:]
    named = rows[: height - 1]
    columns = [tuple(row[i].strip() if i < len(row) else "" for row in named) for i in range(max(map(len, named)))]
    return [("track_id",), *columns[1:]], rows[height:]


def _column(header: Sequence[tuple[str, ...]], plain: Iterable[str], levels: tuple[str, ...]) -> int | None:
    """Return the place of a column by its plain name, else by the last names of a header of several lines."""
    for name in plain:
        if (name,) in header:
            return header.index((name,))
    return next((i for i, names in enumerate(header) if names[-len(levels) :] == levels), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _by_any_name(known: Mapping[str, T]) -> Callable[[str], T | None]:
    numbers = {int(name): value for name, value in known.items() if name.isdecimal()}
    composed = {_composed(name): value for name, value in reversed(list(known.items()))}

    def look_up(file: str) -> T | None:
        path = PurePosixPath(file)
        names = (file, path.name, path.stem)
        for table, those in ((known, names), (composed, map(_composed, names))):
            for name in those:
                if name in table:
                    return table[name]
        return numbers.get(int(path.stem)) if path.stem.isdecimal() else None

    return look_up
