"""Two classifiers on the same tracks: the tests agree with sums done by hand and with brute force."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from labsteps.errors import DataError
from labsteps.evaluation.baseline import STRENGTHS, clip_statistics, fit_logistic
from labsteps.evaluation.compare import Predictions, compare, comparison_tables, holm, mcnemar, read_predictions
from labsteps.evaluation.intervals import mean_interval, percentile_interval
from labsteps.evaluation.pairs import read_said
from labsteps.evaluation.regression import read_csv
from labsteps.greek import greek
from labsteps.steps.comparing import comparison_sentence
from labsteps.steps.genre import GenreData

CLASSES = ("Blues", "Jazz", "Rock")


def predictions(true: list[int], predicted: list[int], ids: list[int] | None = None) -> Predictions:
    numbers = ids if ids is not None else list(range(1, len(true) + 1))
    return Predictions(np.array(numbers), np.array(true), np.array(predicted), CLASSES)


def test_mcnemar_by_hand() -> None:
    # 7 clips of 8 for one side: 2 · (1 + 8) / 2⁸
    assert mcnemar(7, 1) == pytest.approx(18 / 256)
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert mcnemar(3, 3) == pytest.approx(1.0)
    assert mcnemar(0, 0) == 1.0


@given(st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None, max_examples=40)
def test_mcnemar_is_the_two_sided_tail_of_a_fair_coin_and_knows_no_first(a: int, b: int) -> None:
    n, fewer = a + b, min(a, b)
    tail = 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n
    assert mcnemar(a, b) == pytest.approx(min(1.0, tail))
    assert mcnemar(a, b) == mcnemar(b, a)


def test_holm_by_hand() -> None:
    # sorted .01 .02 .04 .5 → 4 · .01, 3 · .02, 2 · .04, 1 · .5
    assert holm([0.04, 0.01, 0.5, 0.02]) == pytest.approx([0.08, 0.04, 0.5, 0.06])
    # a later one is never below an earlier one: 3 · .01 = .03, then 2 · .0101 = .0202 becomes .03
    assert holm([0.01, 0.0101, 0.9]) == pytest.approx([0.03, 0.03, 0.9])
    assert holm([0.9, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_comparison_by_hand() -> None:
    first = predictions([0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 0])
    second = predictions([0, 0, 1, 1, 2, 2], [0, 1, 1, 0, 0, 2])
    found = compare(first, second)
    assert (found.clips, found.only_first, found.only_second) == (6, 3, 1)
    assert found.accuracy.number == pytest.approx(5 / 6 - 3 / 6)
    # F1 of the first: 4/5, 1, 2/3; of the second: 2/5, 1/2, 2/3
    assert found.macro_f1.number == pytest.approx((4 / 5 + 1 + 2 / 3 - 2 / 5 - 1 / 2 - 2 / 3) / 3)
    assert found.p == pytest.approx(2 * (1 + 4) / 16)


def test_clips_are_paired_by_track_and_not_by_their_order() -> None:
    first = predictions([0, 1, 2, 0], [0, 1, 2, 1], ids=[10, 20, 30, 40])
    second = predictions([2, 0, 1, 1], [2, 0, 0, 0], ids=[30, 10, 20, 99])
    found = compare(first, second)
    assert (found.clips, found.only_first, found.only_second) == (3, 1, 0)


def test_a_classifier_does_not_differ_from_itself() -> None:
    same = predictions([0, 1, 2, 0, 1], [0, 2, 2, 1, 1])
    found = compare(same, same)
    assert (found.accuracy.number, found.accuracy.low, found.accuracy.high) == (0.0, 0.0, 0.0)
    assert (found.macro_f1.low, found.macro_f1.high, found.p) == (0.0, 0.0, 1.0)


def test_the_interval_is_that_of_drawing_pairs_of_predictions_one_by_one() -> None:
    rng = np.random.default_rng(5)
    true = rng.integers(0, 3, 120)
    a = np.where(rng.random(120) < 0.7, true, rng.integers(0, 3, 120))
    # mostly the first's own answers: pairs that move together make the interval of the difference narrow
    b = np.where(rng.random(120) < 0.8, a, rng.integers(0, 3, 120))
    found = compare(predictions(true.tolist(), a.tolist()), predictions(true.tolist(), b.tolist()), resamples=4000)
    accuracy, macro = [], []
    for _ in range(1500):
        chosen = rng.integers(0, 120, 120)
        accuracy.append((a[chosen] == true[chosen]).mean() - (b[chosen] == true[chosen]).mean())
        scores = [f1_score(true[chosen], said[chosen], average="macro") for said in (a, b)]
        macro.append(scores[0] - scores[1])
    for value, samples in ((found.accuracy, accuracy), (found.macro_f1, macro)):
        low, high = percentile_interval(np.array(samples))
        assert value.low == pytest.approx(low, abs=0.015)
        assert value.high == pytest.approx(high, abs=0.015)


def test_a_chance_too_small_for_three_digits_is_not_told_as_none() -> None:
    true = [0, 1, 2] * 7
    right, wrong = predictions(true, true), predictions(true, [(code + 1) % 3 for code in true])
    said = comparison_sentence(compare(right, wrong), "7.1ε", alike=True)
    assert "21 clips are right here alone and 0 there alone (McNemar's exact p < 0.001)" in said
    assert "ακριβές p του McNemar < 0.001" in greek(said)
    few = compare(predictions(true[:6], true[:6]), predictions(true[:6], wrong.predicted[:6].tolist()))
    assert "(McNemar's exact p = 0.031)" in comparison_sentence(few, "7.1ε", alike=True)


def test_what_cannot_be_paired_is_refused_with_its_reason() -> None:
    first = predictions([0, 1], [0, 1])
    with pytest.raises(ValueError, match="no track is in both"):
        compare(first, predictions([0, 1], [0, 1], ids=[7, 8]))
    with pytest.raises(ValueError, match="another true class"):
        compare(first, predictions([1, 1], [0, 1]))
    with pytest.raises(ValueError, match="classes differ: Blues, Jazz, Rock against a, b"):
        compare(first, Predictions(np.array([1]), np.array([0]), np.array([0]), ("a", "b")))


def test_the_tables_have_a_row_for_each_pair_and_the_p_of_all_rows_together() -> None:
    true = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    models = {
        "good": predictions(true, true),
        "bad": predictions(true, [(code + 1) % 3 for code in true]),
        "fair": predictions(true, [0, 0, 0, 1, 1, 1, 0, 0, 0]),
    }
    accuracy, macro_f1 = comparison_tables(models)
    assert [row[:2] for row in accuracy.rows] == [("good", "bad"), ("good", "fair"), ("bad", "fair")]
    first = dict(zip((column.name for column in accuracy.columns), accuracy.rows[0], strict=True))
    assert first["difference"] == 1.0 and first["first alone"] == 9 and first["second alone"] == 0
    assert first["p"] == pytest.approx(2 / 2**9)
    assert first["p, Holm"] == pytest.approx(3 * 2 / 2**9)
    assert macro_f1.rows[0][2] == 1.0
    chosen, _ = comparison_tables(models, against=[("fair", "bad")])
    assert [row[:2] for row in chosen.rows] == [("fair", "bad")]
    assert chosen.rows[0][2] == pytest.approx(6 / 9)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,true,predicted,Rock\n1,Rock\n",
        b"id,true,predicted,Rock\n1,Rock,Polka,1\n",
        b"id,true,predicted,Rock\n\xff\n",
        b"id,true,predicted,Rock\n" + b"1" * 200_000,
    ],
    ids=["empty", "cut off", "a class of nowhere", "not text", "one endless cell"],
)
@pytest.mark.parametrize("read", [read_predictions, read_csv, read_said])
def test_predictions_that_are_damaged_are_named_with_the_way_out(
    tmp_path: Path, content: bytes, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "test_outputs.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"test_outputs\.csv cannot be read.*--force"):
        read(path)


def test_what_a_run_stores_of_its_test_set_is_what_it_was_scored_by(tmp_path: Path) -> None:
    # The two logits are neighbours in single precision, and their probabilities are the same.
    outputs = np.array([[0.3, np.nextafter(np.float32(0.3), np.float32(1)), 0.1]], np.float32)
    test: Any = SimpleNamespace(pack=SimpleNamespace(ids=np.array([7])), targets=np.array([1]))
    data = GenreData(test, test, test, CLASSES, torch.zeros(1), torch.ones(1))
    path = tmp_path / "test_outputs.csv"
    path.write_bytes(data.outputs_csv(outputs))
    stored = read_predictions(path)
    assert data.score(outputs, resamples=10, seed=0).values["test/accuracy"].number == 1.0
    assert (stored.ids.tolist(), stored.true.tolist(), stored.predicted.tolist()) == ([7], [1], [1])


def test_the_interval_of_a_mean_by_hand() -> None:
    # mean 2, deviation 1, n 3: 2 ± 4.3027 / √3
    assert mean_interval(np.array([1.0, 2.0, 3.0])) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-4)


def test_clip_statistics_by_hand() -> None:
    frames = np.array([[0.0, -80.0], [2.0, -80.0], [1.0, -20.0]], np.float32)
    expected = [[1.0, -60.0], [np.sqrt(2 / 3), np.sqrt(800.0)], [1.5, 30.0]]
    assert clip_statistics(frames) == pytest.approx(np.array(expected))
    assert clip_statistics(frames[:1])[2].tolist() == [0.0, 0.0]


def test_the_baseline_finds_classes_that_lie_apart_and_takes_its_strength_from_the_validation_part() -> None:
    rng = np.random.default_rng(0)
    codes = np.arange(60) % 3
    x = rng.normal(0.0, 1.0, (60, 6)) * 1000.0
    x[:, :3] += 4000.0 * np.eye(3)[codes]
    fit = fit_logistic(x[:40], codes[:40], x[40:50], codes[40:50], 3)
    assert fit.strength in STRENGTHS
    assert (fit.model.predict(x[50:]) == codes[50:]).mean() > 0.85
    shuffled = fit_logistic(x[:40], codes[:40], x[40:50], codes[40:50][::-1], 3)
    assert shuffled.validation_macro_f1 < fit.validation_macro_f1
