"""The classical baselines: logistic and ridge regression on a few statistics of each clip.

It takes seconds, knows nothing of order in time beyond one frame's step, and on small sets it is often ahead of a
badly trained network: a model that does not beat it has not earned its cost.

References
----------
Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 12(1), 1970.
Tzanetakis and Cook, "Musical genre classification of audio signals", IEEE Transactions on Speech and Audio
Processing 10(5), 2002 (means and deviations of spectral features over a clip).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labsteps.evaluation.classification import macro_f1_of

STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0)
MOST_ITERATIONS = 5000
# The ridge's alphas from the strongest shrinkage to the weakest, so that of equals the strongest is kept.
ALPHAS = (1e5, 1e4, 1e3, 1e2, 10.0, 1.0, 0.1)


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted baseline.

    Attributes
    ----------
    model
        A scikit-learn pipeline; `predict` gives class codes.
    strength
        The chosen C, the inverse of the regularisation.
    validation_macro_f1
        With it, on the validation part.
    """

    model: Any
    strength: float
    validation_macro_f1: float


def clip_statistics(frames: np.ndarray) -> np.ndarray:
    """Return what the baseline knows of a clip.

    Parameters
    ----------
    frames : np.ndarray [shape=(T, F)]
        A clip, frames-major, in the rows' own units.

    Returns
    -------
    np.ndarray [shape=(3, F), dtype=float64]
        Mean, standard deviation, and mean absolute difference from frame to frame (0 for a clip of one frame).
    """
    mean, deviation = frames.mean(axis=0, dtype=np.float64), frames.std(axis=0, dtype=np.float64)
    if len(frames) < 2:
        return np.stack((mean, deviation, np.zeros_like(mean)))
    return np.stack((mean, deviation, np.abs(np.diff(frames, axis=0)).mean(axis=0, dtype=np.float64)))


def fit_logistic(
    x: np.ndarray, codes: np.ndarray, validation_x: np.ndarray, validation_codes: np.ndarray, n_classes: int
) -> Fit:
    """Fit a logistic regression for each C of `STRENGTHS`, and keep the one that is best on the validation part.

    Parameters
    ----------
    x, validation_x : np.ndarray [shape=(N, D)]
        Statistics of the clips, one row each; they are standardised by the training part.
    codes, validation_codes : np.ndarray [shape=(N,), dtype=int]
        Class codes.
    n_classes
        How many classes there are.

    Returns
    -------
    Fit
        The strongest regularisation among those of equal macro-F1.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    best: Fit | None = None
    for strength in STRENGTHS:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=MOST_ITERATIONS))
        model.fit(x, codes)
        score = macro_f1_of(validation_codes, model.predict(validation_x), n_classes)
        if best is None or score > best.validation_macro_f1:
            best = Fit(model, strength, score)
    assert best is not None
    return best


@dataclass(frozen=True, eq=False)
class RidgeFit:
    """A fitted ridge regression.

    Attributes
    ----------
    model
        A scikit-learn pipeline; `predict` gives values.
    alpha
        The chosen weight of the penalty.
    validation_mse
        With it, on the validation part.
    """

    model: Any
    alpha: float
    validation_mse: float


def fit_ridge(x: np.ndarray, y: np.ndarray, validation_x: np.ndarray, validation_y: np.ndarray) -> RidgeFit:
    """Fit a ridge regression for each of `ALPHAS`, and keep the one that is best on the validation part.

    Parameters
    ----------
    x, validation_x : np.ndarray [shape=(N, D)]
        Statistics of the clips, one row each; they are standardised by the training part.
    y, validation_y : np.ndarray [shape=(N,), dtype=float]
        Values of one axis.

    Returns
    -------
    RidgeFit
        The strongest penalty among those of equal mean squared error.

    Raises
    ------
    ValueError
        If the values are not one number a clip.
    """
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if y.shape != (len(x),) or validation_y.shape != (len(validation_x),):
        raise ValueError(f"one value a clip is needed, not {y.shape} and {validation_y.shape}")
    best: RidgeFit | None = None
    for alpha in ALPHAS:
        model = make_pipeline(StandardScaler(), Ridge(alpha))
        model.fit(x, y)
        error = float(np.mean((model.predict(validation_x) - validation_y) ** 2))
        if best is None or error < best.validation_mse:
            best = RidgeFit(model, alpha, error)
    assert best is not None
    return best
