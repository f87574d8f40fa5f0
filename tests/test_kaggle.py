"""The Kaggle file: written as the competition takes it, and refused where anything in it is off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from data_sets import AXES

from labsteps.data import kaggle
from labsteps.errors import DataError

IDS = np.array([7, 35, 1009], np.int64)
PREDICTED = np.array([[0.25, 0.5, 0.75], [-0.1, 1.2, 0.0], [1 / 3, 1.0, 0.123456789]])


def written(tmp_path: Path, change: Callable[[list[str]], list[str]] = list) -> Path:
    path = tmp_path / "kaggle.csv"
    lines = kaggle.write(IDS, PREDICTED, AXES).decode().splitlines()
    path.write_text("\n".join(change(lines)) + "\n", "utf-8")
    return path


def test_the_file_has_the_header_and_rows_of_the_competition(tmp_path: Path) -> None:
    assert written(tmp_path).read_text("utf-8").splitlines() == [
        "Id.fused.full.npy.gz,valence,energy,danceability",
        "7.fused.full.npy.gz,0.250000,0.500000,0.750000",
        "35.fused.full.npy.gz,0.000000,1.000000,0.000000",
        "1009.fused.full.npy.gz,0.333333,1.000000,0.123457",
    ]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = kaggle.read(written(tmp_path), AXES, IDS.tolist())
    assert list(found) == IDS.tolist()
    np.testing.assert_allclose(list(found.values()), np.clip(PREDICTED, 0, 1), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: [lines[0].replace("valence,energy", "energy,valence"), *lines[1:]], "line 1: is 'Id"),
        (lambda lines: [lines[0].replace("Id.fused.full.npy.gz", "Id"), *lines[1:]], "line 1: is 'Id,valence"),
        (lambda lines: lines[1:], "line 1: is '7"),
        (lambda lines: [], "line 1"),
        (lambda lines: [*lines, lines[1]], "line 5: track 7 is there twice"),
        (lambda lines: lines[:-1], "1 tracks are missing: 1009"),
        (lambda lines: [*lines, lines[1].replace("7.", "8.", 1)], "1 tracks are not test tracks: 8"),
        (
            lambda lines: [*lines[:-1], lines[-1].replace("1.000000", "1.000001")],
            "line 4: 1.000001 does not lie in 0…1",
        ),
        (lambda lines: [*lines[:-1], lines[-1].replace("1.000000", "nan")], "line 4: nan does not lie in 0…1"),
        (lambda lines: [*lines[:-1], lines[-1].replace("1.000000", "inf")], "line 4: inf does not lie in 0…1"),
        (lambda lines: [*lines[:-1], lines[-1].replace("1.000000", "much")], "line 4: could not convert"),
        (lambda lines: [*lines[:-1], lines[-1] + ",0.5"], "line 4: has 5 cells; it should have 4"),
        (lambda lines: [*lines[:-1], lines[-1].replace(".gz", "")], "line 4: '1009.fused.full.npy' is not of the form"),
    ],
)
def test_whatever_is_wrong_is_named_with_its_line(
    tmp_path: Path, change: Callable[[list[str]], list[str]], message: str
) -> None:
    with pytest.raises(DataError) as refusal:
        kaggle.read(written(tmp_path, change), AXES, IDS.tolist())
    assert any(message in problem for problem in refusal.value.problems)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"kaggle\.csv: cannot be read"):
        kaggle.read(tmp_path / "kaggle.csv", AXES, IDS.tolist())


def test_predictions_that_are_not_finite_or_do_not_fit_are_not_written() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        kaggle.write(IDS, np.where(PREDICTED > 1, np.nan, PREDICTED), AXES)
    with pytest.raises(ValueError, match=r"shape \(3, 1\)"):
        kaggle.write(IDS, PREDICTED[:, :1], AXES)
