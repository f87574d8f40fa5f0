"""Scores of a classifier.

Conventions
-----------
``true`` and ``predicted`` are 1-D integer arrays of class codes 0 … C − 1, in the order of ``classes``.  A confusion
matrix has the true class in its rows and the predicted one in its columns.  A score whose denominator is zero is
undefined and reported as such; macro averages are over the classes that occur among the true or predicted labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labsteps.evaluation.intervals import (
    bootstrap_confusions,
    corrected_interval,
    percentile_interval,
    wilson_interval,
)
from labsteps.results import Axis, Column, Heatmap, Result, Table, Value, numbers

ABSENT = "no clip of this class in the test set"
NEVER_PREDICTED = "this class was never predicted"
COUNTED_AS_0 = "a class that was never predicted counts with precision 0 in the macro average"
TOO_FEW = "too few of its clips for an interval of F1"
INTERVALS = "from, to: 95 % intervals, of precision and recall by Wilson's score, of F1 by the bootstrap"


def validate(true: np.ndarray, predicted: np.ndarray, n_classes: int) -> None:
    """Refuse labels that are not codes, shape (N,), of one length within the classes.

    Raises
    ------
    ValueError
        Names what is wrong.
    """
    if true.ndim != 1 or true.shape != predicted.shape:
        raise ValueError(f"labels must be two 1-D arrays of one length, not {true.shape} and {predicted.shape}")
    if not len(true):
        raise ValueError("there are no clips to score")
    for name, codes in (("true", true), ("predicted", predicted)):
        if codes.min() < 0 or codes.max() >= n_classes:
            raise ValueError(f"{name} labels must lie in 0 … {n_classes - 1}, found {codes.min()} … {codes.max()}")


def confusion_matrix(true: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Return counts, shape (C, C), int64: row = true class, column = predicted class."""
    validate(true, predicted, n_classes)
    cells = np.bincount(true.astype(np.int64) * n_classes + predicted, minlength=n_classes * n_classes)
    return cells.reshape(n_classes, n_classes)


def class_scores(confusion: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return precision, recall and F1 of each class, NaN where undefined.

    Parameters
    ----------
    confusion : np.ndarray [shape=(..., C, C)]
        One matrix, or a stack of them.

    Returns
    -------
    tuple of np.ndarray [shape=(..., C), dtype=float64]
        F1 is 2 TP / (2 TP + FP + FN), undefined only for a class that occurs nowhere.
    """
    correct = np.diagonal(confusion, axis1=-2, axis2=-1).astype(np.float64)
    predicted, true = confusion.sum(axis=-2), confusion.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return correct / predicted, correct / true, 2 * correct / (predicted + true)


def averages(confusion: np.ndarray) -> dict[str, np.ndarray]:
    """Return accuracy, macro and micro averages of one matrix or of a stack, each of shape (...).

    A macro average takes a class that was never predicted with precision 0, and one that occurs nowhere not at all:
    the convention of scikit-learn's ``zero_division=0`` over the classes that are present.
    """
    precision, recall, f1 = class_scores(confusion)
    present = ~np.isnan(f1)
    count = present.sum(axis=-1)

    def macro(scores: np.ndarray) -> np.ndarray:
        return np.asarray(np.where(present, np.nan_to_num(scores), 0.0).sum(axis=-1) / count)

    total = confusion.sum(axis=(-2, -1))
    accuracy = np.asarray(np.diagonal(confusion, axis1=-2, axis2=-1).sum(axis=-1) / total)
    return {
        "accuracy": accuracy,
        "macro_precision": macro(precision),
        "macro_recall": macro(recall),
        "macro_f1": macro(f1),
        # With one label a clip every miss is one false positive and one false negative, so the three agree.
        "micro_precision": accuracy,
        "micro_recall": accuracy,
        "micro_f1": accuracy,
    }


def averages_with_intervals(confusion: np.ndarray, resamples: int, seed: int) -> dict[str, Value]:
    """Return accuracy, macro and micro averages of one matrix with their 95 % intervals.

    Accuracy, and with it the micro averages, is a proportion of the clips, so its interval is Wilson's.  That of a
    macro average is the bootstrap's, corrected for its bias; it is left out where every resample has the same score,
    which says that there are too few mistakes to tell, not that the score is certain.

    Parameters
    ----------
    confusion : np.ndarray [shape=(C, C), dtype=int]
        See `confusion_matrix`.
    resamples, seed
        Of the bootstrap.
    """
    right, clips = int(np.trace(confusion)), int(confusion.sum())
    resampled = averages(bootstrap_confusions(confusion, resamples, seed))
    found = {}
    for name, score in averages(confusion).items():
        number = float(score)
        macro = name.startswith("macro")
        ends = corrected_interval(number, resampled[name]) if macro else wilson_interval(right, clips)
        found[name] = Value(number, *(ends or ()))
    return found


def above_constant(confusion: np.ndarray, code: int, resamples: int, seed: int) -> dict[str, Value]:
    """Return by how much a classifier is ahead of one that always says `code`, on the same clips.

    Each resample draws clips with both answers to them: the constant's matrix follows from the true classes drawn.

    Parameters
    ----------
    confusion : np.ndarray [shape=(C, C), dtype=int]
        See `confusion_matrix`.
    code
        The class that the other always says.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    dict
        ``accuracy`` and ``macro_f1``: differences with the 95 % intervals of the paired bootstrap.
    """
    drawn = np.concatenate((confusion[None], bootstrap_confusions(confusion, resamples, seed)))
    constant = np.zeros_like(drawn)
    constant[:, :, code] = drawn.sum(axis=-1)
    ours, theirs = averages(drawn), averages(constant)
    ahead = {name: ours[name] - theirs[name] for name in ("accuracy", "macro_f1")}
    return {name: Value(float(by[0]), *percentile_interval(by[1:])) for name, by in ahead.items()}


def macro_f1_of(true: np.ndarray, predicted: np.ndarray, n_classes: int) -> float:
    """Return macro-F1 of two arrays of codes, shape (N,), over the classes that are present."""
    return float(averages(confusion_matrix(true, predicted, n_classes))["macro_f1"])


def majority_code(train_codes: np.ndarray) -> int:
    """Return the most frequent of the training part's class codes, shape (N,); of equals the first."""
    return int(np.bincount(train_codes).argmax())


def evaluate(
    true: np.ndarray,
    predicted: np.ndarray,
    classes: Sequence[str],
    *,
    majority: int,
    resamples: int = 2000,
    seed: int = 0,
    prefix: str = "test",
) -> Result:
    """Return every score of a classifier on a test set.

    Parameters
    ----------
    true, predicted : np.ndarray [shape=(N,), dtype=int]
        Class codes.
    classes
        Names in the order of the codes.
    majority
        Code of the class that the baseline always predicts: the training part's most frequent one.
    resamples
        Bootstrap resamples behind each interval.
    seed
        Seed of the bootstrap.
    prefix
        What the values are called before the slash.

    Returns
    -------
    Result
        Values ``<prefix>/accuracy`` and so on with 95 % intervals, those of the majority class and how far above them
        the classifier is, the table of scores per class, and the confusion matrix.
    """
    confusion = confusion_matrix(true, predicted, len(classes))
    scores = averages_with_intervals(confusion, resamples, seed)
    values = {f"{prefix}/{name}": value for name, value in scores.items()}
    baseline = averages(confusion_matrix(true, np.full_like(true, majority), len(classes)))
    values["majority/accuracy"] = Value(float(baseline["accuracy"]))
    values["majority/macro_f1"] = Value(float(baseline["macro_f1"]))
    ahead = above_constant(confusion, majority, resamples, seed)
    values |= {f"above_majority/{name}": value for name, value in ahead.items()}
    return Result(
        values=values,
        tables={"per_class": per_class_table(true, predicted, classes)},
        figures={"confusion": confusion_figure(confusion, classes)},
    )


def per_class_table(true: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> Table:
    """Return precision, recall, F1 and number of clips a class, then the averages, by scikit-learn's report.

    Parameters
    ----------
    true, predicted : np.ndarray [shape=(N,), dtype=int]
        Class codes of the test clips.
    classes
        Names in the order of the codes.
    """
    from sklearn.metrics import classification_report

    codes = range(len(classes))
    report = classification_report(
        true, predicted, labels=list(codes), target_names=list(classes), output_dict=True, zero_division=np.nan
    )
    rows: list[tuple[str | int | float | None, ...]] = []
    notes = []
    uncounted = False
    for code, name in zip(codes, classes, strict=True):
        row = report[name]
        rows.append((name, *numbers(row[key] for key in ("precision", "recall", "f1-score")), int(row["support"])))
        if not row["support"]:
            notes.append(f"{name}: {ABSENT}")
        elif not (predicted == code).any():
            notes.append(f"{name}: {NEVER_PREDICTED}, so its precision is undefined")
            uncounted = True
    if uncounted:
        notes.append(COUNTED_AS_0)
    means = averages(confusion_matrix(true, predicted, len(classes)))
    for kind in ("macro", "micro"):
        row = tuple(float(means[f"{kind}_{score}"]) for score in ("precision", "recall", "f1"))
        rows.append((f"{kind} average", *row, len(true)))
    columns = (Column("class"), Column("precision"), Column("recall"), Column("F1"), Column("n", digits=0))
    return Table("Scores per class on the test set", columns, tuple(rows), "; ".join(notes))


def class_interval_table(confusion: np.ndarray, classes: Sequence[str], *, resamples: int, seed: int) -> Table:
    """Return precision, recall and F1 of each class in the order of the codes, each with its 95 % interval.

    Precision and recall are proportions of the clips predicted and of those there are, so theirs is Wilson's.  The
    bootstrap's interval of F1 leaves out the resamples in which it is undefined, and is not given where every
    resample has the same F1: that says that there are too few clips, not that the score is certain.

    Parameters
    ----------
    confusion : np.ndarray [shape=(C, C), dtype=int]
        See `confusion_matrix`.
    classes
        Names in the order of the codes.
    resamples, seed
        Of the bootstrap.
    """
    precision, recall, f1 = class_scores(confusion)
    resampled = class_scores(bootstrap_confusions(confusion, resamples, seed))[2]
    rows: list[tuple[str | int | float | None, ...]] = []
    notes = [INTERVALS]
    for code, name in enumerate(classes):
        right, said, clips = (int(n) for n in (confusion[code, code], confusion[:, code].sum(), confusion[code].sum()))
        ends = corrected_interval(float(f1[code]), resampled[:, code]) if said + clips else None
        few = bool(said + clips) and ends is None
        rows.append(
            (
                name,
                *_proportion(precision[code], right, said),
                *_proportion(recall[code], right, clips),
                *numbers((f1[code],)),
                *(ends or (None, None)),
                clips,
            )
        )
        if not clips:
            notes.append(f"{name}: {ABSENT}")
        elif not said:
            notes.append(f"{name}: {NEVER_PREDICTED}, so its precision is undefined")
        if few:
            notes.append(f"{name}: {TOO_FEW}")
    scored = [Column(heading) for score in ("precision", "recall", "F1") for heading in (score, "from", "to")]
    columns = (Column("class"), *scored, Column("n", digits=0))
    return Table("Scores per class on the test set", columns, tuple(rows), "; ".join(notes))


def _proportion(score: float, successes: int, trials: int) -> tuple[float | None, float | None, float | None]:
    """Return a score with the ends of Wilson's interval, or nothing where there is nothing to divide by."""
    return (float(score), *wilson_interval(successes, trials)) if trials else (None, None, None)


def confusion_figure(confusion: np.ndarray, classes: Sequence[str]) -> Heatmap:
    """Return a confusion matrix, shape (C, C), as a figure, in the order of the codes."""
    return Heatmap(
        title="Confusion matrix",
        x_axis=Axis("predicted"),
        y_axis=Axis("true"),
        columns=tuple(classes),
        rows=tuple(classes),
        values=tuple(numbers(row) for row in confusion),
        counts=True,
    )
