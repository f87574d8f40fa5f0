"""Chromagram from a constant-Q transform, with the numbers of ``librosa.feature.chroma_cqt``.

Every octave of the transform lies at the same place relative to its own, halved sample rate, so one set of
36 filters serves all seven: the factors for sample rate and filter length cancel from octave to octave.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labsteps.features.grid import HOP, SAMPLE_RATE

OCTAVES = 7
BINS_PER_OCTAVE = 36


def tuning(magnitude: NDArray[np.float32]) -> float:
    """Return how far a clip is tuned from 440 Hz.

    Parameters
    ----------
    magnitude : float32 [shape=(1025, T)]
        Magnitude of `labsteps.features.mel.stft`.

    Returns
    -------
    float
        In fractions of a bin of the constant-Q transform (a third of a semitone), -0.5…0.5, in steps of 0.01.
    """
    import librosa

    # Pitches are looked for up to 4 kHz, so the lower half of the spectrum at half the sample rate gives the
    # same frequencies to the bit; only the threshold has to come from the whole frame.
    lower = magnitude[: magnitude.shape[0] // 2 + 1]
    threshold = 0.1 * magnitude.max(axis=0, keepdims=True)
    return float(librosa.estimate_tuning(S=lower, sr=SAMPLE_RATE / 2, ref=threshold, bins_per_octave=BINS_PER_OCTAVE))


@lru_cache(maxsize=101)
def _filters(tuning_: float) -> tuple[Any, int]:
    """Return the sparse filters of the top octave, (36, n_fft // 2 + 1) complex64, and their frame length."""
    import librosa

    frequencies = librosa.cqt_frequencies(
        OCTAVES * BINS_PER_OCTAVE,
        fmin=librosa.note_to_hz("C1") * 2.0 ** (tuning_ / BINS_PER_OCTAVE),
        bins_per_octave=BINS_PER_OCTAVE,
    )[-BINS_PER_OCTAVE:]
    basis, lengths = librosa.filters.wavelet(freqs=frequencies, sr=SAMPLE_RATE)
    n_fft = basis.shape[1]
    basis *= lengths[:, np.newaxis] / n_fft
    spectra = np.fft.fft(basis, axis=1)[:, : n_fft // 2 + 1]
    sparse = librosa.util.sparsify_rows(spectra, quantile=0.01, dtype=np.complex64)
    return sparse.multiply(1 / np.sqrt(lengths)[:, np.newaxis]).tocsr().astype(np.complex64), n_fft


def constant_q(y: NDArray[np.float32], tuning_: float) -> NDArray[np.float32]:
    """Return the magnitude of the constant-Q transform from C1 on.

    Parameters
    ----------
    y : float32 [shape=(n,)]
        The waveform at 22050 Hz.
    tuning_
        What `tuning` gave for it.

    Returns
    -------
    float32 [shape=(252, T)]
        36 bins an octave, seven octaves, the lowest first.
    """
    import librosa

    filters, n_fft = _filters(tuning_)
    octaves = []
    for octave in range(OCTAVES):
        frames = librosa.stft(y, n_fft=n_fft, hop_length=HOP >> octave, window="ones", pad_mode="constant")
        octaves.append(np.abs(filters @ frames))
        if octave < OCTAVES - 1:
            y = librosa.resample(y, orig_sr=2, target_sr=1, res_type="soxr_hq", scale=True)
    length = min(part.shape[1] for part in octaves)
    return np.concatenate([part[:, :length] for part in reversed(octaves)])


def chroma(y: NDArray[np.float32], magnitude: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the chromagram of a clip.

    Parameters
    ----------
    y : float32 [shape=(n,)]
        The waveform at 22050 Hz.
    magnitude : float32 [shape=(1025, T)]
        Magnitude of `labsteps.features.mel.stft`, from which the tuning is estimated.

    Returns
    -------
    float32 [shape=(12, T)]
        Pitch classes C…B, each frame divided by its maximum.
    """
    import librosa

    return np.asarray(librosa.feature.chroma_cqt(C=constant_q(y, tuning(magnitude)), sr=SAMPLE_RATE, hop_length=HOP))
