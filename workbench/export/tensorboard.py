"""TensorBoard's event files, written without its packages.

An event file is a TFRecord file of ``Event`` messages.  A record is its length (8 bytes, little-endian), the masked
CRC-32C of these 8 bytes, the message, and the masked CRC-32C of the message
(https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details"; CRC-32C: RFC 3720, appendix B.4).
Of the messages (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto) only what scalars need is
written: ``Event`` {1 wall_time double, 2 step int64, 3 file_version string, 5 summary}, ``Summary`` {1 value,
repeated}, ``Value`` {1 tag string, 2 simple_value float}.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from workbench.export.tables import Epoch, epochs_of
from workbench.store.atomic import write_file
from workbench.store.folders import make_folder
from workbench.store.names import part_slug
from workbench.store.run import RunFolder
from workbench.store.session import Session

FOLDER = "tensorboard"
FILE_VERSION = b"brain.Event:2"
_CASTAGNOLI = 0x82F63B78
_MASK = 0xA282EAD8
_DOUBLE, _VARINT, _BYTES, _FLOAT = 1, 0, 2, 5


class Scalar(NamedTuple):
    """A number of a moment: its name, the step (here the epoch), and when it was measured (seconds since 1970)."""

    tag: str
    step: int
    time: float
    value: float


def write_run(run: RunFolder, folder: Path) -> list[Path]:
    """Write the event files of a run, one for each of its trainings, and return them.

    Parameters
    ----------
    run
        The run; one that goes on is written as far as it is.
    folder
        Where to: ``<part>/<run>`` is made in it, and below that a folder a section.

    Raises
    ------
    StoreError
        If the run cannot be read, or the file system refuses.
    """
    place = folder / part_slug(str(run.record.get("part", ""))) / run.id
    sections: dict[str, list[Epoch]] = {}
    for epoch in epochs_of(run):
        sections.setdefault(epoch.section, []).append(epoch)
    written = []
    for section, rows in sections.items():
        written.append(_write(place / section, rows[0].time, [one for row in rows for one in _scalars(row)]))
    result = run.result()
    if result is not None:
        last = max((row.epoch for rows in sections.values() for row in rows), default=0)
        when = (run.path / "result.json").stat().st_mtime
        values = [
            Scalar(f"result/{name}", last, when, value) for name, value in result["values"].items() if value is not None
        ]
        if values:
            written.append(_write(place / "result", when, values))
    return written


def folder_of(session: Session) -> Path:
    """Return where a session's event files go, for ``tensorboard --logdir``."""
    return session.folder / FOLDER


def _scalars(row: Epoch) -> Iterator[Scalar]:
    for name, value in row.metrics.items():
        yield Scalar(tag_of(name), row.epoch, row.time, value)


def tag_of(name: str) -> str:
    """Return the tag of a metric: ``loss/train`` for ``train_loss``, so that both losses stand in one chart group."""
    found = re.fullmatch(r"(train|validation)_(\w+)", name)
    return f"{found.group(2)}/{found.group(1)}" if found else f"run/{name}"


def _write(folder: Path, began: float, scalars: Iterable[Scalar]) -> Path:
    make_folder(folder)
    # TensorBoard takes any file with "tfevents" in its name; a fixed name is replaced when it is written again.
    path = folder / "events.out.tfevents.workbench"
    write_file(path, event_file(began, scalars))
    return path


def event_file(began: float, scalars: Iterable[Scalar]) -> bytes:
    """Return the bytes of an event file; numbers that are not finite are left out."""
    records = [_record(_event(began, None, _field(3, _BYTES, FILE_VERSION)))]
    for scalar in scalars:
        if math.isfinite(scalar.value):
            records.append(_record(_event(scalar.time, scalar.step, _field(5, _BYTES, _summary(scalar)))))
    return b"".join(records)


def _record(message: bytes) -> bytes:
    length = struct.pack("<Q", len(message))
    return length + struct.pack("<I", masked(length)) + message + struct.pack("<I", masked(message))


def _event(time: float, step: int | None, what: bytes) -> bytes:
    at = _field(1, _DOUBLE, struct.pack("<d", time))
    return at + (_field(2, _VARINT, _varint(step)) if step is not None else b"") + what


def _summary(scalar: Scalar) -> bytes:
    value = _field(1, _BYTES, scalar.tag.encode("utf-8", "replace")) + _field(
        2, _FLOAT, struct.pack("<f", scalar.value)
    )
    return _field(1, _BYTES, value)


def _field(number: int, kind: int, payload: bytes) -> bytes:
    length = _varint(len(payload)) if kind == _BYTES else b""
    return _varint(number << 3 | kind) + length + payload


def _varint(value: int) -> bytes:
    """Return a number of at most 64 bits as a protocol buffer's varint (a negative one as its two's complement)."""
    value &= 2**64 - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def masked(data: bytes) -> int:
    """Return the CRC-32C of some bytes, rotated and shifted as TFRecord files have it."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF


def crc32c(data: bytes) -> int:
    """Return the CRC-32C (Castagnoli) of some bytes."""
    table = _table()
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@lru_cache(maxsize=1)
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_CASTAGNOLI if byte & 1 else 0)
        table.append(byte)
    return tuple(table)
