"""What the header of an audio file promises, where the decoder believes the file's size in its stead.

libsndfile takes a WAV, AIFF or AU file that was cut for a shorter one, and an Ogg file for what lies before its last
whole page; so does ffmpeg with MP4, WMA and CAF.  FLAC and MP3 are read up to the place where they break off.

Sources: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, 1991); EBU Tech 3306
(RF64); Apple, "Audio Interchange File Format: AIFF" (1989) and "Core Audio Format Specification 1.0"; ISO/IEC 14496-12
(MP4); Microsoft, "Advanced Systems Format 01.20" (WMA); RFC 3533 (Ogg pages).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

# Programs that write to a pipe cannot know the length, and write one from here on: sox, arecord, ffmpeg.
_UNKNOWN = 0x7FFF_F000
_LONGEST = 2**62  # no file is so long; CAF writes -1 for a length that is not known
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_OGG_TAIL = 2 * 65_307  # a page is not longer than the half of it
Order = Literal["little", "big"]


def whole_share(path: Path) -> float:
    """Return how many times the audio that is in a file its header promises: 2.0 for one that was cut half way.

    1.0 where nothing is missing, and where the format promises nothing or the decoder notices by itself.
    """
    with open(path, "rb") as file:
        sizes = [(start, size) for start, size in _data(file) if size is not None]
        end = file.seek(0, os.SEEK_END)
    promised = sum(size for _, size in sizes)
    present = sum(min(size, max(0, end - start)) for start, size in sizes)
    return promised / present if present else 1.0


def breaks_off(path: Path) -> bool:
    """Return whether an Ogg file ends inside a page, which no program leaves behind that has written it to its end."""
    with open(path, "rb") as file:
        if file.read(4) != b"OggS":
            return False
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _OGG_TAIL))
        tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0:
        return True
    header = tail[page : page + 27]
    if len(header) < 27:
        return True
    lacing = tail[page + 27 : page + 27 + header[26]]
    return len(lacing) < header[26] or len(tail) < page + 27 + len(lacing) + sum(lacing)


def _data(file: BinaryIO) -> list[tuple[int, int | None]]:
    """Return where the pieces of audio in a file begin and how many bytes its header gives them, None for unknown."""
    head = file.read(16)
    kind, form = head[:4], head[8:12]
    if kind in (b"RIFF", b"RF64", b"BW64", b"RIFX") and form == b"WAVE":
        return _of_wave(file, "big" if kind == b"RIFX" else "little")
    if kind == b"FORM" and form in (b"AIFF", b"AIFC"):
        return [(at, _known(size)) for name, at, size in _chunks(file, 12, "big") if name == b"SSND"]
    if kind == b".snd":
        return [(int.from_bytes(head[4:8], "big"), _known(int.from_bytes(form, "big")))]
    if kind == b"caff":
        pieces = _chunks(file, 8, "big", wide=8, even=False)
        return [(at, None if size > _LONGEST else size) for name, at, size in pieces if name == b"data"]
    if head[4:8] == b"ftyp":
        return _of_mp4(file)
    return _of_asf(file) if head == _ASF_HEADER else []


def _known(size: int) -> int | None:
    return None if size >= _UNKNOWN else size


def _of_wave(file: BinaryIO, order: Order) -> list[tuple[int, int | None]]:
    long: int | None = None
    for name, at, size in _chunks(file, 12, order):
        if name == b"ds64":
            file.seek(at + 8)
            long = int.from_bytes(file.read(8), "little")
        elif name == b"data":
            return [(at, long if size == 0xFFFF_FFFF else _known(size))]
    return []


def _of_mp4(file: BinaryIO) -> list[tuple[int, int | None]]:
    """Return the boxes of media data (ISO/IEC 14496-12, 4.2: a size of 1 stands for a long one, 0 for the rest)."""
    found: list[tuple[int, int | None]] = []
    at = 0
    while True:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return found
        size, before = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, before = int.from_bytes(head[8:], "big"), 16
        if head[4:8] == b"mdat":
            found.append((at + before, size - before if size else None))
        if size < before:
            return found
        at += size


def _of_asf(file: BinaryIO) -> list[tuple[int, int | None]]:
    """Return the data object behind the header (Advanced Systems Format 01.20, 2.1); a live recording gives it 0."""
    file.seek(16)
    at = int.from_bytes(file.read(8), "little")
    file.seek(at)
    head = file.read(24)
    size = int.from_bytes(head[16:], "little")
    return [(at, size)] if head[:16] == _ASF_DATA and size > len(head) else []


def _chunks(
    file: BinaryIO, at: int, order: Order, *, wide: int = 4, even: bool = True
) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, beginning and size of each chunk of a file, from a place on."""
    while True:
        file.seek(at)
        head = file.read(4 + wide)
        if len(head) < 4 + wide:
            return
        size = int.from_bytes(head[4:], order)
        yield head[:4], at + len(head), size
        if size > _LONGEST:
            return
        at += len(head) + size + (size % 2 if even else 0)
