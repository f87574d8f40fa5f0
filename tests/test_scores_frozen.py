"""Scores are those that scikit-learn and SciPy gave once, kept in a file, and those of sums done by hand.

`fixtures/make_scores.py` made the file; it names the releases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labsteps.evaluation import classification
from labsteps.evaluation.compare import mcnemar
from labsteps.evaluation.correlation import spearman
from labsteps.results import Cell, Result, Table

FROZEN = json.loads((Path(__file__).parent / "fixtures" / "scores.json").read_text(encoding="utf-8"))
EXACT = 1e-12


def by_name(records: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", records, ids=[record["name"] for record in records])


def scored(case: dict[str, Any]) -> Result:
    true, predicted = np.array(case["true"]), np.array(case["predicted"])
    names = [f"class {code}" for code in range(case["classes"])]
    return classification.evaluate(true, predicted, names, majority=0, resamples=100)


def rows_of(table: Table) -> dict[Cell, tuple[Cell, ...]]:
    return {row[0]: row[1:] for row in table.rows}


def agrees(found: Cell, expected: float | None) -> bool:
    return found is None if expected is None else found == pytest.approx(expected, abs=EXACT)


@by_name(FROZEN["classification"])
def test_the_averages_are_those_of_the_file(case: dict[str, Any]) -> None:
    values = scored(case).values
    assert values["test/accuracy"].number == pytest.approx(case["accuracy"], abs=EXACT)
    for kind in ("macro", "micro"):
        found = [values[f"test/{kind}_{score}"].number for score in ("precision", "recall", "f1")]
        assert found == pytest.approx(case[kind], abs=EXACT)


@by_name(FROZEN["classification"])
def test_the_matrix_is_that_of_the_file_true_classes_in_its_rows(case: dict[str, Any]) -> None:
    figure = scored(case).figures["confusion"]
    assert figure.values == tuple(tuple(map(float, row)) for row in case["confusion"])


@by_name(FROZEN["classification"])
def test_the_scores_of_each_class_are_those_of_the_file_and_undefined_where_there_is_nothing_to_divide_by(
    case: dict[str, Any],
) -> None:
    result = scored(case)
    confusion = np.array(case["confusion"])
    names = [f"class {code}" for code in range(case["classes"])]
    plain = rows_of(result.tables["per_class"])
    with_intervals = rows_of(classification.class_interval_table(confusion, names, resamples=100, seed=0))
    for code, name in enumerate(names):
        expected = [case[score][code] for score in ("precision", "recall", "f1")]
        assert all(map(agrees, plain[name][:3], expected))
        assert all(map(agrees, with_intervals[name][0:9:3], expected))
        assert plain[name][3] == with_intervals[name][9] == case["support"][code]


@pytest.mark.parametrize("case", FROZEN["mcnemar"], ids=str)
def test_mcnemars_p_is_that_of_the_file(case: dict[str, Any]) -> None:
    assert mcnemar(case["only_first"], case["only_second"]) == pytest.approx(case["p"], rel=1e-9)


@by_name(FROZEN["spearman"])
def test_the_rank_correlation_is_that_of_the_file(case: dict[str, Any]) -> None:
    found = spearman(np.array(case["predicted"]), np.array(case["true"]))
    assert found.number == pytest.approx(case["rho"], abs=1e-12)


def test_rank_correlation_by_hand() -> None:
    # ranks 1 2 3 4 against 2 1 4 3: Σd² = 4, 1 − 6 · 4 / (4 · 15)
    assert spearman(np.array([10.0, 20.0, 30.0, 40.0]), np.array([2.0, 1.0, 9.0, 5.0])).number == pytest.approx(0.6)
    # ranks 1.5 1.5 3 against 1 2 3: covariance 1.5, deviations √1.5 and √2
    assert spearman(np.array([7.0, 7.0, 9.0]), np.array([1.0, 2.0, 3.0])).number == pytest.approx(1.5 / 3**0.5)


def test_a_class_that_is_nowhere_is_undefined_in_every_column_and_left_out_of_the_means() -> None:
    result = classification.evaluate(np.array([0, 0, 2]), np.array([0, 2, 2]), ("a", "b", "c"), majority=0)
    rows = rows_of(result.tables["per_class"])
    assert rows["a"] == (1.0, 0.5, pytest.approx(2 / 3), 2)
    assert rows["b"] == (None, None, None, 0)
    assert rows["c"] == (0.5, 1.0, pytest.approx(2 / 3), 1)
    assert result.values["test/macro_f1"].number == pytest.approx(2 / 3)
    assert rows["macro average"][:3] == (0.75, 0.75, pytest.approx(2 / 3))


def test_other_names_for_the_codes_change_their_names_alone_and_other_codes_the_order() -> None:
    true, predicted = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 2])
    one = classification.evaluate(true, predicted, ("Zydeco", "Ambient", "Metal"), majority=0)
    assert one.figures["confusion"].rows == one.figures["confusion"].columns == ("Zydeco", "Ambient", "Metal")
    assert [row[0] for row in one.tables["per_class"].rows][:3] == ["Zydeco", "Ambient", "Metal"]
    assert rows_of(one.tables["per_class"])["Ambient"][:2] == (0.5, 1.0)
    turned = classification.evaluate(2 - true, 2 - predicted, ("Metal", "Ambient", "Zydeco"), majority=2)
    assert turned.figures["confusion"].values == tuple(row[::-1] for row in one.figures["confusion"].values[::-1])
    assert rows_of(turned.tables["per_class"]) == rows_of(one.tables["per_class"])
    assert turned.values["test/macro_f1"].number == one.values["test/macro_f1"].number
