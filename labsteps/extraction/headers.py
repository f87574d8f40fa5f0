"""What the header of an audio file promises, where the decoder believes the file's size in its stead.

libsndfile takes a WAV, AIFF or AU file that was cut for a shorter one, and an Ogg file for what lies before its last
whole page; so does ffmpeg with MP4, WMA and CAF.  FLAC and MP3 are read up to the place where they break off.

Sources: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, 1991); EBU Tech 3306
(RF64); Apple, "Audio Interchange File Format: AIFF" (1989) and "Core Audio Format Specification 1.0"; ISO/IEC 14496-12
(MP4); Microsoft, "Advanced Systems Format 01.20" (WMA); RFC 3533 (Ogg pages).
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

# Programs that write to a pipe cannot know the length, and write one from here on: arecord, ffmpeg, and sox, which
# rounds 0x7FFFF000 (WAV) and 0x7F000000 (AIFF) down to whole samples.
_UNKNOWN = 0x7EFF_0000
_LONGEST = 2**62  # no file is so long; CAF writes -1 for a length that is not known
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_OGG_PAGE = 65_307  # bytes of the longest page
_OGG_LAST = 4  # the flag of a stream's last page
_MP3_NAME = 4 + 36 + 4  # bytes from the beginning of the first frame to the end of such a header's name, at most
_MP3_RATES = (44_100, 48_000, 32_000)
_MP3_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
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
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            page, size = data.rfind(b"OggS"), len(data)
            header = data[page : page + 27]
            lacing = data[page + 27 : page + 27 + header[26]] if len(header) == 27 else b""
    end = page + 27 + len(lacing) + sum(lacing)
    if len(header) < 27 or len(lacing) < header[26] or size < end:
        return True
    return size - end > _OGG_PAGE and not header[5] & _OGG_LAST  # what is behind a last page is a tag


def mp3_seconds(path: Path) -> float | None:
    """Return how long the frames of an MP3 are that has no header with their number, None for one that has.

    Decoders estimate such a length from the first frame, which holds for a constant bit rate alone.

    Sources: ISO/IEC 11172-3, 2.4.2.3 and ISO/IEC 13818-3 (frame headers); ID3v2.3, 3.1; the headers of Xing and of
    Fraunhofer's VBRI as LAME 3.100 and mpg123 have them.
    """
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, seconds = 0, 0.0
        if data[:3] == b"ID3":
            at = 10 + sum(value << shift for value, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        while (at := data.find(b"\xff", at)) >= 0:
            size, length = _mp3_frame(data[at : at + 4])
            if not size or at + size > len(data):
                at += 1
                continue
            if not seconds and any(name in data[at : at + _MP3_NAME] for name in (b"Xing", b"Info", b"VBRI")):
                return None
            seconds += length
            at += size
    return seconds


def _mp3_frame(head: bytes) -> tuple[int, float]:
    """Return bytes and seconds of a frame of layer III by its header, twice 0 for what is none."""
    if len(head) < 4 or head[1] & 0xE6 != 0xE2:
        return 0, 0.0
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate == 3 or bits in (0, 15):
        return 0, 0.0
    hertz = _MP3_RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    samples = 1152 if version == 3 else 576
    kilobits = (_MP3_KILOBITS_1 if version == 3 else _MP3_KILOBITS_2)[bits]
    return samples // 8 * kilobits * 1000 // hertz + (head[2] >> 1 & 1), samples / hertz


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
        if not before <= size <= _LONGEST:
            return found
        at += size


def _of_asf(file: BinaryIO) -> list[tuple[int, int | None]]:
    """Return the data object behind the header (Advanced Systems Format 01.20, 2.1); a live recording gives it 0."""
    file.seek(16)
    at = int.from_bytes(file.read(8), "little")
    if at > _LONGEST:
        return []
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
