"""Bootstrap intervals.

References
----------
Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13 (the percentile interval).
"""

from __future__ import annotations

import numpy as np


def bootstrap_confusions(confusion: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Return confusion matrices of resampled test sets.

    Drawing N clips with replacement draws N cells of the matrix with probabilities count / N, so one multinomial
    draw a resample does the same as drawing the clips, for any score that is a function of the matrix.

    Parameters
    ----------
    confusion : np.ndarray [shape=(C, C), dtype=int]
        Counts.
    resamples
        How many matrices.
    seed
        Seed of the draws.

    Returns
    -------
    np.ndarray [shape=(resamples, C, C), dtype=int64]
        Each sums to N.
    """
    n_classes = confusion.shape[0]
    occupied = np.flatnonzero(confusion)
    cells = np.zeros((resamples, n_classes * n_classes), dtype=np.int64)
    cells[:, occupied] = resampled_counts(confusion.ravel()[occupied], resamples, seed)
    return cells.reshape(resamples, n_classes, n_classes)


def resampled_counts(counts: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Return the counts of resampled sets of as many items, shape (resamples, cells), int64.

    Parameters
    ----------
    counts : np.ndarray [shape=(cells,), dtype=int]
        How many items lie in each cell; at least one in all.
    """
    total = int(counts.sum())
    return np.random.default_rng(seed).multinomial(total, counts / total, size=resamples)


def mean_interval(samples: np.ndarray, confidence: float = 0.95) -> tuple[float, float]:
    """Return Student's interval of the mean of a few independent results, such as those of several seeds.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        At least two.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6, 1908.
    """
    from scipy.stats import t

    mean = float(samples.mean())
    half = float(t.ppf(0.5 + confidence / 2, len(samples) - 1) * samples.std(ddof=1) / np.sqrt(len(samples)))
    return mean - half, mean + half


def percentile_interval(samples: np.ndarray, confidence: float = 0.95) -> tuple[float, float]:
    """Return the two percentiles between which `confidence` of the samples lie."""
    tail = 50.0 * (1.0 - confidence)
    low, high = np.nanpercentile(samples, [tail, 100.0 - tail])
    return float(low), float(high)
