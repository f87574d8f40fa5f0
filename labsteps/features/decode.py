"""Audio files to the waveform that the features are computed from."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labsteps.errors import DataError
from labsteps.features.grid import SAMPLE_RATE


def decode(path: Path) -> NDArray[np.float32]:
    """Read an audio file as one channel at the lab's sample rate.

    Parameters
    ----------
    path
        A file that libsndfile reads: wav, flac, ogg, mp3 and others.

    Returns
    -------
    y : float32 [shape=(n,)]
        The mean of the channels at 22050 Hz; nominally within -1…1.

    Raises
    ------
    DataError
        If the file is missing, is not audio, or holds no samples.
    """
    import soundfile
    import soxr

    if not path.is_file():
        raise DataError(f"{path}: no such audio file")
    try:
        channels, rate = soundfile.read(os.fsencode(path), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise DataError(
            f"{path}: cannot be read as audio ({error.error_string}); wav, flac, ogg and mp3 can"
        ) from error
    if not len(channels):
        raise DataError(f"{path}: the audio holds no samples")
    y = np.asarray(channels.mean(axis=1), dtype=np.float32)
    return y if rate == SAMPLE_RATE else np.asarray(soxr.resample(y, rate, SAMPLE_RATE), dtype=np.float32)
