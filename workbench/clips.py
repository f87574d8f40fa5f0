"""The clips behind a cell of a confusion matrix, from what a run stored of its test set."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labsteps.errors import DataError

OUTPUTS_FILE: Final = "test_outputs.csv"


@dataclass(frozen=True, slots=True)
class TestedClip:
    """A clip of the test set and what the model said of it.

    Attributes
    ----------
    of_true, of_predicted
        Probabilities that the model gave the true and the predicted class; None where they were not stored.
    """

    id: str
    true: str
    predicted: str
    of_true: float | None = None
    of_predicted: float | None = None


def clips_behind(run_folder: Path, true: str, predicted: str) -> list[TestedClip]:
    """Return the clips of one true class that a run took for another (or the same), the surest first.

    Raises
    ------
    DataError
        If the run has not stored what it said of each clip, or the file is damaged.
    """
    file = run_folder / OUTPUTS_FILE
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        found = [
            TestedClip(row["id"], true, predicted, _number(row.get(true)), _number(row.get(predicted)))
            for row in rows
            if row["true"] == true and row["predicted"] == predicted
        ]
    except FileNotFoundError:
        text = "This run has not kept what it said of each clip; the parts that train and test a classifier have."
        raise DataError(f"{text} ({file} is not there)") from None
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise DataError(f"{file} cannot be read: {error!r}. Run its part again with R.") from error
    return sorted(found, key=lambda clip: -(clip.of_predicted or 0.0))


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
