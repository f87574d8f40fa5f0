"""Mel spectrogram, as power and in dB."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labsteps.features.grid import HOP, MEL_BANDS, N_FFT, SAMPLE_RATE


def stft(y: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the short-time Fourier transform on the lab's grid.

    Parameters
    ----------
    y : float32 [shape=(n,)]
        The waveform at 22050 Hz.

    Returns
    -------
    complex64 [shape=(1025, T)]
        One column a frame of 2048 samples (Hann), 512 samples apart.
    """
    import librosa

    return np.asarray(librosa.stft(y, n_fft=N_FFT, hop_length=HOP))


def mel_power(magnitude: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the power in mel bands.

    Parameters
    ----------
    magnitude : float32 [shape=(1025, T)]
        Magnitude of `stft`.

    Returns
    -------
    float32 [shape=(128, T)]
        Row 0 is the lowest band.
    """
    import librosa

    return np.asarray(
        librosa.feature.melspectrogram(S=magnitude**2, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=HOP, n_mels=MEL_BANDS)
    )


def decibel(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `power` in dB below its own maximum, cut at -80."""
    import librosa

    return np.asarray(librosa.power_to_db(power, ref=np.max))
