"""JSON files: strict, whole or not there, and where it matters with a checksum over their members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.store.atomic import read_file, write_file
from workbench.store.errors import DamagedError, JsonError

CHECKSUM = "checksum"


def write_json(path: Path, data: Any) -> None:
    """Write plain data as indented JSON, whole or not at all.

    Raises
    ------
    JsonError
        If `data` is not plain JSON data; infinities and NaN are not.
    StorageError
        If the file system refuses.
    """
    write_file(path, json_bytes(path, data))


def write_record(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object with a checksum over its members, which `read_record` verifies.

    Raises
    ------
    JsonError
        If `data` is not plain JSON data.
    StorageError
        If the file system refuses.
    """
    write_json(path, sealed(path, data))


def read_json(path: Path) -> Any:
    """Return the data of a JSON file.

    Raises
    ------
    MissingError
        If the file is not there.
    DamagedError
        If it is not strict JSON in UTF-8.
    StorageError
        If it cannot be read.
    """
    raw = read_file(path)
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        what = "the file is empty" if not raw.strip(b"\0 \n") else f"not valid JSON ({error})"
        raise DamagedError(f"{path}: {what}; restore it from a copy or remove it", path) from error


def read_record(path: Path) -> dict[str, Any]:
    """Return the members of a JSON object, without its checksum, which is verified where there is one.

    Raises
    ------
    MissingError, DamagedError, StorageError
        As `read_json`; also damaged if the checksum does not match.
    """
    data = read_json(path)
    if not isinstance(data, dict):
        raise DamagedError(f"{path}: a JSON object was expected; restore it from a copy or remove it", path)
    checksum = data.pop(CHECKSUM, None)
    if checksum is not None and checksum != _digest(data):
        raise DamagedError(f"{path}: its content does not match its checksum; restore it from a copy", path)
    return data


def dump_line(data: Any) -> bytes:
    """Return plain data as one line of JSON in UTF-8, without the line's end.

    Raises
    ------
    ValueError, TypeError
        If it is not plain JSON data.
    """
    return _encoded(data)


def json_bytes(path: Path, data: Any) -> bytes:
    """Return plain data as the indented JSON of the file `path`.

    Raises
    ------
    JsonError
        If it is not plain JSON data.
    """
    try:
        return _encoded(data, indent=1) + b"\n"
    except (ValueError, TypeError, RecursionError) as error:
        raise JsonError(f"{path}: not plain JSON data ({error}); nothing was written", path) from error


def sealed(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of the JSON object that `path` is to hold, and a checksum over them.

    Raises
    ------
    JsonError
        If they are not plain JSON data, or one has the checksum's name.
    """
    if CHECKSUM in data:
        raise JsonError(f"{path}: the name {CHECKSUM!r} is kept for the file's own checksum", path)
    # Through JSON and back, so that what is summed is what a reader will get.
    plain: dict[str, Any] = json.loads(json_bytes(path, dict(data)))
    return {**plain, CHECKSUM: _digest(plain)}


def _encoded(data: Any, indent: int | None = None) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, as in a file name that is not UTF-8
        return json.dumps(data, allow_nan=False, indent=indent).encode("ascii")


def _digest(data: Mapping[str, Any]) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not strict JSON")
