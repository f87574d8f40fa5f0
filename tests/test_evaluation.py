"""Scores agree with scikit-learn, with sums done by hand, and say when they are undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn import metrics

from labsteps.evaluation import classification
from labsteps.evaluation.correlation import spearman
from labsteps.evaluation.intervals import bootstrap_confusions, corrected_interval, percentile_interval, wilson_interval

TRUE = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2, 2, 2, 0, 2])
NAMES = ("Blues", "Jazz", "Rock")


def labels(classes: int = 5) -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    codes = st.integers(0, classes - 1)
    pairs = st.lists(st.tuples(codes, codes), min_size=1, max_size=60)
    return pairs.map(lambda rows: (np.array([a for a, _ in rows]), np.array([b for _, b in rows])))


def test_a_small_case_by_hand() -> None:
    result = classification.evaluate(TRUE, PREDICTED, NAMES, majority=2)
    # by class: TP 2 1 4, predicted 3 2 5, true 3 2 5
    assert result.values["test/accuracy"].number == pytest.approx(0.7)
    assert result.values["test/macro_f1"].number == pytest.approx((4 / 6 + 2 / 4 + 8 / 10) / 3)
    assert result.values["test/micro_f1"].number == pytest.approx(0.7)
    assert result.values["majority/accuracy"].number == pytest.approx(0.5)
    assert result.values["majority/macro_f1"].number == pytest.approx(2 * 5 / (10 + 5) / 3)


def test_rows_of_the_confusion_matrix_are_the_true_classes_in_code_order() -> None:
    figure = classification.evaluate(TRUE, PREDICTED, NAMES, majority=2).figures["confusion"]
    assert figure.values == ((2.0, 1.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 4.0))
    assert figure.rows == figure.columns == NAMES
    assert (figure.y_axis.name, figure.x_axis.name) == ("true", "predicted")


@given(labels())
@settings(deadline=None, max_examples=60)
def test_averages_agree_with_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    true, predicted = pair
    confusion = classification.confusion_matrix(true, predicted, 5)
    assert np.array_equal(confusion, metrics.confusion_matrix(true, predicted, labels=range(5)))
    ours = classification.averages(confusion)
    present = np.union1d(true, predicted)
    for kind in ("macro", "micro"):
        theirs = metrics.precision_recall_fscore_support(true, predicted, labels=present, average=kind, zero_division=0)
        found = [float(ours[f"{kind}_{name}"]) for name in ("precision", "recall", "f1")]
        assert found == pytest.approx([float(x) for x in theirs[:3]])
    assert float(ours["accuracy"]) == pytest.approx(metrics.accuracy_score(true, predicted))


def test_what_cannot_be_computed_is_undefined_and_has_its_reason() -> None:
    true, predicted = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0])
    table = classification.evaluate(true, predicted, ("a", "b", "c"), majority=0).tables["per_class"]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["b"][0] is None  # never predicted: no precision
    assert rows["b"][1] == 0.0  # but a recall, and it is 0
    assert rows["c"][1] is None  # no clip of it: no recall
    assert "b: this class was never predicted" in table.note
    assert "c: no clip of this class" in table.note


def test_labels_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="1-D arrays of one length"):
        classification.confusion_matrix(np.zeros((3, 1), int), np.zeros((3, 1), int), 2)
    with pytest.raises(ValueError, match=r"must lie in 0 … 1"):
        classification.confusion_matrix(np.array([0, 2]), np.array([0, 1]), 2)
    with pytest.raises(ValueError, match="no clips"):
        classification.confusion_matrix(np.array([], int), np.array([], int), 2)


def test_resampled_matrices_keep_the_number_of_clips_and_draw_only_what_is_there() -> None:
    confusion = classification.confusion_matrix(TRUE, PREDICTED, 3)
    drawn = bootstrap_confusions(confusion, 500, seed=1)
    assert (drawn.sum(axis=(1, 2)) == 10).all()
    assert (drawn[:, confusion == 0] == 0).all()
    assert drawn.mean(axis=0) == pytest.approx(confusion, abs=0.35)
    assert np.array_equal(drawn, bootstrap_confusions(confusion, 500, seed=1))


def test_the_interval_is_that_of_drawing_clips_one_by_one() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 4, 200)
    predicted = np.where(rng.random(200) < 0.6, true, rng.integers(0, 4, 200))
    value = classification.evaluate(true, predicted, "abcd", majority=0, resamples=4000).values["test/macro_f1"]
    scores = []
    for _ in range(1500):
        chosen = rng.integers(0, 200, 200)
        scores.append(metrics.f1_score(true[chosen], predicted[chosen], average="macro"))
    low, high = by_hand(value.number, np.array(scores))
    assert value.low == pytest.approx(low, abs=0.012)
    assert value.high == pytest.approx(high, abs=0.012)
    assert value.low < value.number < value.high


def by_hand(value: float, samples: np.ndarray) -> tuple[float, float]:
    """Return Efron's bias-corrected interval: twice the place of the value among the samples, 1.96 up and down."""
    place = norm.ppf((samples < value).mean())
    return tuple(np.percentile(samples, 100 * norm.cdf(2 * place + step)) for step in (-1.96, 1.96))


def test_a_corrected_interval_is_that_of_the_percentiles_where_nothing_is_off_and_moves_where_it_is() -> None:
    samples = np.random.default_rng(1).normal(0.5, 0.1, 20_000)
    assert corrected_interval(float(np.median(samples)), samples) == pytest.approx(percentile_interval(samples))
    # A score a third of a deviation above the median: the percentiles move up by about twice that.
    low, high = corrected_interval(0.5 + 0.1 / 3, samples)
    assert (low, high) == pytest.approx((0.5 + 0.1 * (2 / 3 - 1.96), 0.5 + 0.1 * (2 / 3 + 1.96)), abs=0.015)
    # Of samples that are equal to the score half count as lower, and those that are undefined not at all.
    few = np.array([0.2, 0.4, 0.4, 0.4, 0.6, np.nan])
    assert corrected_interval(0.4, few) == pytest.approx(percentile_interval(few))
    assert corrected_interval(1.0, np.ones(10)) is None


def test_intervals_of_macro_f1_hold_the_truth_as_often_as_they_say_and_miss_it_on_both_sides() -> None:
    rng = np.random.default_rng(7)
    clips = np.array([40, 40, 80, 80, 40, 40, 78, 40, 103, 34])
    recall = rng.uniform(0.3, 0.95, 10)
    chances = (1 - recall)[:, None] * rng.dirichlet(np.full(10, 0.7), 10) + np.diag(recall)
    chances *= (clips / clips.sum())[:, None]
    truth = float(classification.averages(chances * 1e9)["macro_f1"])
    sets = [rng.multinomial(87, chances.ravel()).reshape(10, 10) for _ in range(500)]
    found = [classification.averages_with_intervals(one, 400, seed)["macro_f1"] for seed, one in enumerate(sets)]
    too_high, too_low = (sum(beyond) for beyond in ([v.low > truth for v in found], [v.high < truth for v in found]))
    # 12.5 of 500 each side; the percentiles alone are too low some 50 times.
    assert too_high < 30 and too_low < 30


def test_a_classifier_without_a_mistake_is_not_taken_for_certain() -> None:
    true = np.array([0, 0, 1, 1, 2, 2])
    values = classification.evaluate(true, true, NAMES, majority=0, resamples=100).values
    # Wilson: 6 of 6 begins at 6 / (6 + z²).
    assert (values["test/accuracy"].low, values["test/accuracy"].high) == (pytest.approx(0.6097, abs=5e-5), 1.0)
    assert values["test/micro_f1"].low == values["test/accuracy"].low
    assert values["test/macro_f1"].number == 1.0
    assert (values["test/macro_f1"].low, values["test/macro_f1"].high) == (None, None)


def test_how_far_a_classifier_is_above_the_majority_class_is_drawn_in_pairs() -> None:
    rng = np.random.default_rng(2)
    true = np.repeat([0, 1, 2], (70, 30, 20))
    predicted = np.where(rng.random(120) < 0.5, true, 0)
    result = classification.evaluate(true, predicted, NAMES, majority=0, resamples=4000)
    found = [result.values[f"above_majority/{name}"] for name in ("accuracy", "macro_f1")]
    constant = np.zeros_like(true)
    assert found[0].number == pytest.approx((predicted == true).mean() - 70 / 120)
    assert found[1].number == pytest.approx(
        metrics.f1_score(true, predicted, average="macro") - metrics.f1_score(true, constant, average="macro")
    )
    samples = []
    for _ in range(1500):
        chosen = rng.integers(0, 120, 120)
        samples.append(
            [(a[chosen] == true[chosen]).mean() for a in (predicted, constant)]
            + [metrics.f1_score(true[chosen], a[chosen], average="macro") for a in (predicted, constant)]
        )
    drawn = np.array(samples)
    for value, ahead in zip(found, (drawn[:, 0] - drawn[:, 1], drawn[:, 2] - drawn[:, 3]), strict=True):
        low, high = percentile_interval(ahead)
        assert (value.low, value.high) == (pytest.approx(low, abs=0.015), pytest.approx(high, abs=0.015))


def test_the_majority_class_is_that_of_the_training_part() -> None:
    assert classification.majority_code(np.array([2, 2, 0, 1, 2])) == 2


def test_rank_correlation_agrees_with_scipy_and_is_undefined_where_it_has_to_be() -> None:
    from scipy.stats import spearmanr

    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 9, 40).astype(float), rng.random(40)
    assert spearman(a, b).number == pytest.approx(spearmanr(a, b).statistic)
    constant = spearman(np.ones(5), np.arange(5.0))
    assert constant.number is None and "all the same" in constant.reason
    assert "at least 3" in spearman(np.arange(2.0), np.arange(2.0)).reason
    with pytest.raises(ValueError, match="1-D"):
        spearman(np.ones((5, 1)), np.ones((5, 1)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # z² = 3.8415: 1 of 1 begins at 1 / (1 + z²), 0 of 6 ends at z² / (6 + z²)
        (1, 1, 0.2065, 1.0),
        (0, 6, 0.0, 0.3903),
        # 5 of 10: 1/2 ± z / 2 √(10 + z²)
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_wilsons_interval_by_hand(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_one_right_clip_is_not_taken_for_certainty() -> None:
    # "a" is predicted once and rightly, "b" never rightly, "c" is never predicted
    confusion = np.array([[1, 2, 0], [0, 0, 6], [0, 5, 0]])[:, [0, 2, 1]][[0, 2, 1]]
    table = classification.class_interval_table(confusion, ("a", "c", "b"), resamples=200, seed=0)
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["a"][:3] == pytest.approx((1.0, 0.2065, 1.0), abs=5e-5)
    assert rows["b"][3:6] == pytest.approx((0.0, 0.0, 0.3903), abs=5e-5)
    assert rows["b"][6:9] == (0.0, None, None) and "b: too few of its clips for an interval of F1" in table.note
    assert rows["a"][7] < rows["a"][8] and "a: " not in table.note
    assert "Wilson" in table.note


def test_a_table_says_how_an_undefined_precision_enters_the_macro_average() -> None:
    said = classification.per_class_table(np.array([0, 0, 1]), np.array([0, 0, 0]), ("a", "b"))
    assert said.rows[1][1] is None and said.rows[2][1] == pytest.approx(1 / 3)
    assert "counts with precision 0 in the macro average" in said.note
    assert not classification.per_class_table(np.array([0, 1]), np.array([0, 1]), ("a", "b")).note
