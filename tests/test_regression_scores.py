"""Scores of a regression: they can be redone by hand, and what is undefined says why."""

from __future__ import annotations

import numpy as np
import pytest
from data_sets import AXES
from scipy.stats import spearmanr

from labsteps.evaluation import regression
from labsteps.evaluation.baseline import ALPHAS, fit_ridge
from labsteps.evaluation.correlation import AxisPredictions
from labsteps.steps.emotion_scores import pair_table, score_table, scores_of


def made(noise: float = 0.1, n: int = 60, seed: int = 0, axes: tuple[str, ...] = AXES) -> AxisPredictions:
    rng = np.random.default_rng(seed)
    true = rng.uniform(size=(n, len(axes)))
    return AxisPredictions(np.arange(n) + 100, true, true + rng.normal(0, noise, true.shape), axes)


def test_every_score_is_that_of_its_axis_and_lies_in_its_interval() -> None:
    said = made()
    values = regression.evaluate(said, resamples=500, seed=1)
    assert len(values) == 3 * 4
    for i, axis in enumerate(AXES):
        error = said.predicted[:, i] - said.true[:, i]
        expected = {
            "spearman": spearmanr(said.predicted[:, i], said.true[:, i]).statistic,
            "mse": (error**2).mean(),
            "mae": np.abs(error).mean(),
        }
        for score, number in expected.items():
            assert values[f"held_out/{score}/{axis}"].number == pytest.approx(number)
    for score in ("spearman", "mse", "mae"):
        each = [values[f"held_out/{score}/{axis}"].number for axis in AXES]
        assert values[f"held_out/{score}/mean"].number == pytest.approx(np.mean(each))
    assert all(value.low < value.number < value.high for value in values.values())  # type: ignore[operator]


def test_a_constant_has_errors_and_no_correlation() -> None:
    said = made()
    flat = AxisPredictions(said.ids, said.true, np.full_like(said.true, 0.5), AXES)
    values = regression.evaluate(flat, resamples=100)
    for name in (*AXES, "mean"):
        value = values[f"held_out/spearman/{name}"]
        assert value.number is None and value.low is None
        assert "the predictions are all the same" in value.reason
    assert values["held_out/mse/mean"].number == pytest.approx(((0.5 - said.true) ** 2).mean())
    scores = scores_of({"a": said, "flat": flat}, resamples=100, seed=0)
    table = score_table("Scores", scores, {"a": "A", "flat": "constant"}, "valence", 60)
    assert table.rows[1][:4] == ("constant", None, None, None)
    assert "no Spearman for constant, the predictions are all the same" in table.note
    assert pair_table({"a": said, "flat": flat}, {"a": "A", "flat": "constant"}, resamples=100, seed=0).rows == ()


def test_one_undefined_axis_leaves_the_others_and_no_mean() -> None:
    said = made()
    predicted = said.predicted.copy()
    predicted[:, 1] = 0.3
    values = regression.evaluate(AxisPredictions(said.ids, said.true, predicted, AXES), resamples=100)
    assert values["held_out/spearman/valence"].number is not None
    assert values["held_out/spearman/mean"].number is None
    assert values["held_out/spearman/mean"].reason.startswith("energy: ")


def test_axes_come_together_track_by_track_whatever_their_order() -> None:
    valence, energy = made(axes=("valence",)), made(seed=5, axes=("energy",))
    order = np.random.default_rng(2).permutation(60)[:50]
    mixed = AxisPredictions(energy.ids[order], energy.true[order], energy.predicted[order], ("energy",))
    both = regression.side_by_side([valence, mixed])
    assert both.axes == ("valence", "energy")
    assert both.ids.tolist() == sorted(mixed.ids.tolist())
    at = both.ids - 100
    np.testing.assert_array_equal(both.true, np.stack((valence.true[at, 0], energy.true[at, 0]), axis=1))
    np.testing.assert_array_equal(both.predicted[:, 1], energy.predicted[at, 0])
    with pytest.raises(ValueError, match="twice"):
        regression.side_by_side([valence, valence])
    elsewhere = AxisPredictions(energy.ids + 1000, energy.true, energy.predicted, ("energy",))
    with pytest.raises(ValueError, match="no track is in all"):
        regression.side_by_side([valence, elsewhere])


@pytest.mark.parametrize("shape", [(60,), (60, 2), (59, 3), (60, 3, 1)])
def test_tables_that_would_broadcast_are_refused(shape: tuple[int, ...]) -> None:
    said = made()
    with pytest.raises(ValueError, match=r"need tables of shape \(60, 3\)"):
        AxisPredictions(said.ids, said.true, np.zeros(shape), AXES)


def test_ridge_is_chosen_on_validation_and_finds_a_line() -> None:
    rng = np.random.default_rng(0)
    x, validation = rng.normal(size=(80, 5)), rng.normal(size=(40, 5))
    weights = np.array([0.3, -0.2, 0.0, 0.1, 0.0])
    fit = fit_ridge(x, x @ weights, validation, validation @ weights)
    assert fit.validation_mse < 1e-4
    noise = fit_ridge(x, rng.normal(size=80), validation, rng.normal(size=40))
    assert noise.alpha > fit.alpha
    assert {fit.alpha, noise.alpha} <= set(ALPHAS)
    with pytest.raises(ValueError, match=r"not \(80, 1\)"):
        fit_ridge(x, (x @ weights)[:, None], validation, validation @ weights)
