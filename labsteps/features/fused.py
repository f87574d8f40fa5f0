"""A waveform to the two arrays of the lab: mel over chroma, a column a frame and a column a beat.

The recipe is that of the data set, with the numbers of plain librosa 0.11 and one Fourier transform shared
by mel, tuning and the percussive part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labsteps.errors import DataError
from labsteps.features.beats import beat_frames, beat_median, percussive
from labsteps.features.chroma import chroma
from labsteps.features.grid import N_FFT, SAMPLE_RATE
from labsteps.features.mel import decibel, mel_power, stft


@dataclass(frozen=True, slots=True)
class FusedFeatures:
    """The features of one clip.

    Attributes
    ----------
    full : float64 [shape=(140, T)]
        A column a frame. Rows 0-127 are mel bands in dB below the clip's maximum (-80…0), rows 128-139 the
        pitch classes C…B (0…1).
    beat : float64 [shape=(140, B)]
        The same rows, a column from beat to beat: the median of power (then dB) and of chroma.
    """

    full: NDArray[np.float64]
    beat: NDArray[np.float64]


def fused(y: NDArray[np.float32]) -> FusedFeatures:
    """Compute the features of one clip.

    Parameters
    ----------
    y : float32 [shape=(n,)]
        The waveform at 22050 Hz, one channel.

    Returns
    -------
    FusedFeatures
        ``full`` has ``1 + n // 512`` columns.

    Raises
    ------
    DataError
        If `y` is not one channel, is shorter than a frame, silent, or holds a number that is not finite.

    See Also
    --------
    labsteps.features.numba_cache.prepare : call it before this runs in several processes.
    """
    y = _checked(y)
    spectrum = stft(y)
    magnitude = np.abs(spectrum)
    power = mel_power(magnitude)
    pitch = chroma(y, magnitude)
    beats = beat_frames(percussive(spectrum, len(y)))
    return FusedFeatures(
        full=_stacked(decibel(power), pitch),
        beat=_stacked(decibel(beat_median(power, beats)), beat_median(pitch, beats)),
    )


def _checked(y: NDArray[np.float32]) -> NDArray[np.float32]:
    y = np.ascontiguousarray(y, dtype=np.float32)
    if y.ndim != 1:
        raise DataError(f"a waveform of shape {y.shape}: one channel is needed, take the mean of the channels")
    if len(y) < N_FFT:
        raise DataError(f"a clip of {len(y)} samples: at least {N_FFT} ({N_FFT / SAMPLE_RATE:.2f} s) are needed")
    if not np.isfinite(y).all():
        raise DataError(f"sample {int(np.argmin(np.isfinite(y)))} of the clip is not a finite number")
    if not y.any():
        raise DataError("a silent clip: every sample is 0")
    return y


def _stacked(mel: NDArray[np.float32], pitch: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.concatenate((mel, pitch)).astype(np.float64)
