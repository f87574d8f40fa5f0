"""Which stretches of a track become clips, and reading just those, so that a file of ten hours costs no more."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labsteps.errors import DataError
from labsteps.extraction.headers import breaks_off, mp3_seconds, whole_share
from labsteps.extraction.plan import CLIPS_AT_MOST
from labsteps.features.grid import N_FFT, SAMPLE_RATE

if TYPE_CHECKING:
    import soundfile

QUIETEST = 1e-4  # root mean square below which a stretch counts as silent: −80 dB of full scale
SHORTEST_SECONDS = 1.0
LOWEST_RATE = 2000  # Hz; no recording of music is sampled so rarely: below it a header is damaged
SHORT_AT_MOST_SECONDS = 0.25  # encoders pad and round the length that they announce
WHOLE_AT_MOST_SECONDS = 600.0
FFMPEG_AT_MOST_SECONDS = 3600.0
_FFMPEG_SECONDS = 120.0
_FORMATS = "mov,aac,asf,matroska,mp3,ogg,flac,wav,caf,aiff,au"


def starts(duration: float, choice: str, seconds: float) -> list[float]:
    """Return where the clips of a track begin, in seconds.

    Parameters
    ----------
    duration
        Length of the track in seconds.
    choice
        ``start``, ``middle``, ``several`` (one after the other from the beginning, `CLIPS_AT_MOST` at most), ``cover``
        (several, and one more that ends where the track does; where more than `CLIPS_AT_MOST` would be needed, so many
        evenly spaced) or ``whole`` (the whole track as one).
    seconds
        Length of a clip; a shorter track is taken whole.
    """
    if choice in ("start", "whole") or duration <= seconds:
        return [0.0]
    if choice == "middle":
        return [(duration - seconds) / 2]
    if choice == "cover" and duration > CLIPS_AT_MOST * seconds:
        return [i * (duration - seconds) / (CLIPS_AT_MOST - 1) for i in range(CLIPS_AT_MOST)]
    places = [i * seconds for i in range(min(CLIPS_AT_MOST, int(duration // seconds)))]
    rest = duration - len(places) * seconds
    return [*places, duration - seconds] if choice == "cover" and 0 < rest < seconds else places


def clips(path: Path, choice: str, seconds: float) -> list[tuple[float, NDArray[np.float32]]]:
    """Return the clips of a track: where each begins, in seconds, and its waveform at 22050 Hz in one channel.

    Raises
    ------
    DataError
        If the file is not audio, too short, silent, or holds a number that is not finite.
    """
    import soundfile

    try:
        file = soundfile.SoundFile(os.fsencode(path))  # a text would have to be UTF-8; names need not be
    except soundfile.LibsndfileError as error:
        found = _by_ffmpeg(path, choice, seconds)
        if found is None:
            raise DataError("cannot be read as audio") from error
    else:
        with file:
            told = _tells_its_length(file, path)
            found = None if told else _by_ffmpeg(path, choice, seconds)
            if found is None:
                if not told and len(file) and choice != "start":
                    raise DataError("does not say how long it is; install ffmpeg, or save it as a new file")
                found = _by_libsndfile(file, round(len(file) * whole_share(path)), choice, seconds)
            _check_end(path, len(file) / file.samplerate, choice, seconds)
    heard = [(start, y) for start, y in found if _usable(y)]
    if not heard:
        raise DataError("silent")
    return heard


def _tells_its_length(file: soundfile.SoundFile, path: Path) -> bool:
    """Return whether libsndfile knows how long an open file is.

    It does not of FLAC and WAV that were written to a pipe, nor of MP3 of variable bit rate without its header.
    """
    counted = mp3_seconds(path) if file.subtype == "MPEG_LAYER_III" and file.format == "MP3" else None
    guessed = counted is not None and abs(counted - len(file) / file.samplerate) > SHORT_AT_MOST_SECONDS
    return 0 < len(file) < 2**62 and not guessed


def _by_libsndfile(
    file: soundfile.SoundFile, length: int, choice: str, seconds: float
) -> list[tuple[float, NDArray[np.float32]]]:
    """Return the clips of an open file whose header promises so many samples of each channel."""
    import soundfile

    rate = file.samplerate
    if rate < LOWEST_RATE:
        raise DataError(f"sampled at {rate} Hz, at least {LOWEST_RATE} Hz are needed")
    if choice == "whole":
        _check_length(length / rate, WHOLE_AT_MOST_SECONDS)
    taken = length if choice == "whole" else round(seconds * rate)
    found = []
    for start in starts(length / rate, choice, seconds):
        place = round(start * rate)
        try:
            file.seek(min(place, len(file)))
            samples = file.read(taken, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise DataError(f"is damaged: {error.error_string!r}") from error  # not words of ours
        _check_whole(min(place, len(file)) + len(samples), min(place + taken, length), length, rate)
        found.append((start, _at_lab_rate(samples, rate)))
    return found


def _check_length(seconds: float, most: float) -> None:
    if seconds > most:
        raise DataError(f"longer than {most / 60:.0f} minutes; choose clips of it")


def _check_end(path: Path, heard: float, choice: str, seconds: float) -> None:
    """Refuse an Ogg file that ends inside a page, where more of it is wanted than there is.

    Raises
    ------
    DataError
        If it does.
    """
    if breaks_off(path) and (choice != "start" or seconds > heard):  # where its middle is nobody knows
        raise DataError(
            f"breaks off after {heard:.2f} s; copy or download it again, or save what there is as a new file"
        )


def _check_whole(got: int, wanted: int, promised: int, rate: int) -> None:
    """Refuse a file that ends before its header says so, where what is missing is wanted.

    Raises
    ------
    DataError
        If more than `SHORT_AT_MOST_SECONDS` are missing.
    """
    if wanted - got > SHORT_AT_MOST_SECONDS * rate:
        raise DataError(
            f"breaks off after {got / rate:.2f} s of the {promised / rate:.2f} s in its header; copy or download it "
            "again, or save what there is as a new file"
        )


def _at_lab_rate(channels: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    import soxr

    y = np.asarray(channels.mean(axis=1), dtype=np.float32)
    return y if rate == SAMPLE_RATE or not len(y) else np.asarray(soxr.resample(y, rate, SAMPLE_RATE), dtype=np.float32)


def _usable(y: NDArray[np.float32]) -> bool:
    """Return whether a stretch can be heard.

    Raises
    ------
    DataError
        If it is too short or holds numbers that are not finite.
    """
    if len(y) < max(N_FFT, SHORTEST_SECONDS * SAMPLE_RATE):
        raise DataError(f"too short: {len(y) / SAMPLE_RATE:.2f} s, at least {SHORTEST_SECONDS:g} s are needed")
    if not np.isfinite(y).all():
        raise DataError("holds a sample that is not a finite number")
    return float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) >= QUIETEST


def _by_ffmpeg(path: Path, choice: str, seconds: float) -> list[tuple[float, NDArray[np.float32]]] | None:
    """Return the clips of what libsndfile cannot open (m4a, aac, wma), None where ffmpeg is not there or cannot.

    ffmpeg decodes from the beginning into memory, so that there is a longest track for everything but its beginning.

    Raises
    ------
    DataError
        If the track is longer than that, or was cut.
    """
    most = {"start": seconds, "whole": WHOLE_AT_MOST_SECONDS}.get(choice, FFMPEG_AT_MOST_SECONDS)
    decoded = _decoded(path, most + 1.0)
    if decoded is None:
        return None
    if choice != "start":
        _check_length(len(decoded) / SAMPLE_RATE, most)
    _check_end(path, len(decoded) / SAMPLE_RATE, choice, seconds)
    promised = round(len(decoded) * whole_share(path))
    length = promised if choice == "whole" else round(seconds * SAMPLE_RATE)
    found = []
    for start in starts(promised / SAMPLE_RATE, choice, seconds):
        place = round(start * SAMPLE_RATE)
        _check_whole(len(decoded), min(place + length, promised), promised, SAMPLE_RATE)
        found.append((start, decoded[place:][:length]))
    return found


def _decoded(path: Path, seconds: float) -> NDArray[np.float32] | None:
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    # Only the file itself may be opened: a playlist by the name of audio must not make ffmpeg fetch or read others.
    command = [program, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS]
    command += [
        "-t",
        f"{seconds:.3f}",
        "-i",
        f"file:{path}",
        "-vn",
        "-ac",
        "1",
        "-ar",
        str(SAMPLE_RATE),
        "-f",
        "f32le",
        "-",
    ]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_FFMPEG_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    y = np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], np.float32)
    return y.copy() if done.returncode == 0 and len(y) else None
