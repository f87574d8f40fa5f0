"""Rank correlation for regression.

Inputs are 1-D arrays of one axis.  An undefined correlation is a `Value` without a number and with its reason.

References
----------
Spearman, "The proof and measurement of association between two things", 1904.
"""

from __future__ import annotations

import numpy as np

from labsteps.results import Value


def validate(predicted: np.ndarray, true: np.ndarray) -> None:
    """Refuse anything but two 1-D arrays of one length.

    Raises
    ------
    ValueError
        Names the shapes.
    """
    if predicted.ndim != 1 or predicted.shape != true.shape:
        raise ValueError(f"correlation takes two 1-D arrays of one length, not {predicted.shape} and {true.shape}")


def spearman(predicted: np.ndarray, true: np.ndarray) -> Value:
    """Return Spearman's rank correlation; ties share their mean rank."""
    validate(predicted, true)
    if len(true) < 3:
        return Value(None, reason=f"needs at least 3 tracks, there are {len(true)}")
    if not np.isfinite(predicted).all():
        return Value(None, reason="a prediction is not a finite number")
    for name, values in (("the predictions", predicted), ("the true values", true)):
        if np.all(values == values[0]):
            return Value(None, reason=f"{name} are all the same, so they have no order")
    from scipy.stats import rankdata

    a, b = rankdata(predicted), rankdata(true)
    return Value(float(np.corrcoef(a, b)[0, 1]))
