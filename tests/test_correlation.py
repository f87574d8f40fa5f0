"""Rank correlation: the bootstrap agrees with brute force, and two models are compared track by track."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from labsteps.evaluation.correlation import (
    AxisPredictions,
    compare_spearman,
    resampled_spearman,
    spearman,
    spearman_intervals,
)
from labsteps.evaluation.intervals import percentile_interval

AXES = ("valence", "energy")


def said(true: np.ndarray, noise: float, seed: int, ids: np.ndarray | None = None) -> AxisPredictions:
    rng = np.random.default_rng(seed)
    numbers = np.arange(len(true)) + 100 if ids is None else ids
    return AxisPredictions(numbers, true, true + noise * rng.normal(size=true.shape), AXES)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_resampled_correlation_is_that_of_the_tracks_written_out(data: st.DataObject) -> None:
    n = data.draw(st.integers(3, 12))
    values = st.lists(st.integers(0, 4), min_size=n, max_size=n)
    predicted, true = (np.array(data.draw(values), np.float64) for _ in range(2))
    drawn = np.array([data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n)) for _ in range(3)])
    counts = np.stack([np.bincount(row, minlength=n) for row in drawn])
    for found, row in zip(resampled_spearman(predicted, true, counts), drawn, strict=True):
        a, b = predicted[row], true[row]
        if len(set(a)) == 1 or len(set(b)) == 1:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(spearmanr(a, b).statistic)


def test_the_interval_of_a_difference_is_that_of_drawing_tracks_one_by_one() -> None:
    true = np.random.default_rng(0).random((90, 2))
    first = said(true, 0.2, 1)
    # mostly the first's own answers: pairs that move together make the interval of the difference narrow
    second = AxisPredictions(first.ids, true, first.predicted + 0.15 * said(true, 1.0, 2).predicted, AXES)
    found = compare_spearman(first, second, resamples=3000)
    rng = np.random.default_rng(9)
    samples = []
    for _ in range(1000):
        rows = rng.integers(0, 90, 90)
        a, b = (
            [spearmanr(one.predicted[rows, i], true[rows, i]).statistic for i in range(2)] for one in (first, second)
        )
        samples.append([*np.subtract(a, b), np.mean(a) - np.mean(b)])
    for value, column in zip([*found.axes.values(), found.mean], np.array(samples).T, strict=True):
        low, high = percentile_interval(column)
        assert (value.low, value.high) == (pytest.approx(low, abs=0.012), pytest.approx(high, abs=0.012))
        assert value.low < value.number < value.high


def test_pairing_makes_the_interval_narrower_than_two_intervals_apart() -> None:
    true = np.random.default_rng(3).random((60, 2))
    first = said(true, 0.3, 1)
    second = AxisPredictions(first.ids, true, first.predicted + said(true * 0, 0.03, 2).predicted, AXES)
    found = compare_spearman(first, second).mean
    alone = spearman_intervals(first)["mean"]
    assert found.high - found.low < 0.5 * (alone.high - alone.low)


def test_tracks_are_paired_by_id_and_axes_by_name() -> None:
    true = np.random.default_rng(1).random((20, 2))
    first = said(true, 0.1, 1)
    order = np.random.default_rng(2).permutation(20)[:15]
    turned = AxisPredictions(first.ids[order], true[order][:, ::-1], first.predicted[order][:, ::-1], AXES[::-1])
    found = compare_spearman(first, turned)
    assert found.tracks == 15
    assert [value.number for value in (*found.axes.values(), found.mean)] == [0.0, 0.0, 0.0]


def test_the_mean_is_over_all_axes_or_undefined_with_the_reason() -> None:
    true = np.random.default_rng(1).random((30, 2))
    one = said(true, 0.1, 1)
    values = spearman_intervals(one, resamples=300)
    expected = [spearmanr(one.predicted[:, i], true[:, i]).statistic for i in range(2)]
    assert [values[axis].number for axis in AXES] == pytest.approx(expected)
    assert values["mean"].number == pytest.approx(np.mean(expected))
    assert values["mean"].low < values["mean"].number < values["mean"].high
    constant = AxisPredictions(one.ids, true, np.stack((one.predicted[:, 0], np.full(30, 0.5)), axis=1), AXES)
    values = spearman_intervals(constant, resamples=300)
    assert values["valence"].number is not None and values["energy"].number is None
    assert values["mean"].number is None and values["mean"].reason == f"energy: {values['energy'].reason}"
    compared = compare_spearman(one, constant)
    assert compared.axes["valence"].number is not None
    assert "all the same" in compared.axes["energy"].reason and compared.mean.number is None


def test_what_cannot_be_paired_is_refused_with_its_reason() -> None:
    true = np.random.default_rng(1).random((10, 2))
    one = said(true, 0.1, 1)
    with pytest.raises(ValueError, match="no track is in both"):
        compare_spearman(one, said(true, 0.1, 1, ids=np.arange(10)))
    with pytest.raises(ValueError, match="other true values"):
        compare_spearman(one, AxisPredictions(one.ids, 1 - true, one.predicted, AXES))
    with pytest.raises(ValueError, match="no axis is in both: valence, energy against a, b"):
        compare_spearman(one, AxisPredictions(one.ids, true, one.predicted, ("a", "b")))


def test_few_tracks_have_no_correlation_and_columns_are_no_axis() -> None:
    assert "at least 3" in spearman(np.array([1.0, 2.0]), np.array([1.0, 2.0])).reason
    with pytest.raises(ValueError, match="1-D"):
        spearman(np.ones((4, 1)), np.ones(4))
