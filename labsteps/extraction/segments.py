"""Which stretches of a track become clips, and reading just those, so that a file of ten hours costs no more."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labsteps.errors import DataError
from labsteps.extraction.plan import CLIPS_AT_MOST
from labsteps.features.grid import N_FFT, SAMPLE_RATE

CHOICES: Final = ("start", "middle", "several", "whole")
QUIETEST = 1e-4  # root mean square below which a stretch counts as silent: −80 dB of full scale
SHORTEST_SECONDS = 1.0
WHOLE_AT_MOST_SECONDS = 600.0
_FFMPEG_SECONDS = 120.0


def starts(duration: float, choice: str, seconds: float) -> list[float]:
    """Return where the clips of a track begin, in seconds.

    Parameters
    ----------
    duration
        Length of the track in seconds.
    choice
        ``start``, ``middle``, ``several`` (one after the other from the beginning, `CLIPS_AT_MOST` at most), ``cover``
        (several, and one more that ends where the track does) or ``whole`` (the whole track as one).
    seconds
        Length of a clip; a shorter track is taken whole.
    """
    if choice in ("start", "whole") or duration <= seconds:
        return [0.0]
    if choice == "middle":
        return [(duration - seconds) / 2]
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
        with soundfile.SoundFile(path) as file:
            rate, length = file.samplerate, len(file)
            if choice == "whole" and length > WHOLE_AT_MOST_SECONDS * rate:
                raise DataError(f"longer than {WHOLE_AT_MOST_SECONDS / 60:.0f} minutes; choose clips of it")
            taken = length if choice == "whole" else round(seconds * rate)
            found = []
            for start in starts(length / rate, choice, seconds):
                file.seek(round(start * rate))
                found.append((start, _at_lab_rate(file.read(taken, dtype="float32", always_2d=True), rate)))
    except soundfile.LibsndfileError as error:
        decoded = _by_ffmpeg(path)
        if decoded is None:
            raise DataError("cannot be read as audio") from error
        length = len(decoded) if choice == "whole" else round(seconds * SAMPLE_RATE)
        places = starts(len(decoded) / SAMPLE_RATE, choice, seconds)
        found = [(start, decoded[round(start * SAMPLE_RATE) :][:length]) for start in places]
    heard = [(start, y) for start, y in found if _usable(y)]
    if not heard:
        raise DataError("silent")
    return heard


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


def _by_ffmpeg(path: Path) -> NDArray[np.float32] | None:
    """Return what ffmpeg decodes where libsndfile cannot (m4a, aac, wma), None where ffmpeg is not there or cannot."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    # Only the file itself may be opened: a playlist inside it must not make ffmpeg fetch anything.
    command = [program, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-t", str(WHOLE_AT_MOST_SECONDS)]
    command += ["-i", f"file:{path}", "-vn", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_FFMPEG_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    y = np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], np.float32)
    return y.copy() if done.returncode == 0 and len(y) else None
