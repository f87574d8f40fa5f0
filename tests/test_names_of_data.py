"""What a data set names is told as it stands, in Greek too, however much it looks like a word of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from labsteps.data.classes import ClassScheme
from labsteps.evaluation.classification import class_interval_table, confusion_figure, per_class_table
from labsteps.greek import greek, in_language
from labsteps.results import Axis, Heatmap, Result, Scatter
from labsteps.steps.s04_dataset import class_bars, merging
from workbench.spoken.figures import figure_lines
from workbench.spoken.tables import table_lines
from workbench.spoken.words import Speech
from workbench.tui.look import Look

# Names that a data set may give and that our tables know, and others in their places.
LIKE_OURS = ("best", "classical", "loss", "row")
OTHERS = ("Ωδή", "Κλπ", "Ρεμπ", "Τσιφτ")


def results(names: Sequence[str]) -> Iterator[Result]:
    """Yield what parts tell of classes of these names."""
    true = np.array([0, 0, 1, 1, 2, 2])
    told = np.array([0, 1, 1, 1, 0, 1])  # the last two are never said, and of the last one there is nothing
    confusion = np.zeros((4, 4), int)
    np.add.at(confusion, (true, told), 1)
    yield Result(tables={"scores": per_class_table(true, told, names)})
    yield Result(tables={"scores": class_interval_table(confusion, names, resamples=20, seed=0)})
    counts = {"train": Counter(dict.fromkeys(names, 3)), "test": Counter(dict.fromkeys(names, 1))}
    yield merging(counts, ClassScheme())
    yield Result(figures={"bars": class_bars("Clips of each class, after 4β", counts)})
    yield Result(figures={"confusion": confusion_figure(confusion, names)})
    values = tuple(tuple(row) for row in confusion.astype(float).tolist())
    models = ("LSTM mel", "CNN mel", "AST mel", "x")
    yield Result(
        figures={"f1": Heatmap("F1 of each class and model", Axis("model"), Axis("class"), models, names, values)}
    )
    place = (0.0, 1.0, 2.0, 3.0)
    notes = tuple(f"LSTM mel says {name}" for name in names)
    yield Result(figures={"map": Scatter("Map", Axis("x"), Axis("y"), place, place, tuple(names), models, notes=notes)})


def told(result: Result) -> Iterator[str]:
    """Yield all that is drawn and said of a result in Greek."""
    known, speech = in_language(result, "el"), Speech("el")
    yield repr(known)
    for table in known.tables.values():
        yield from table_lines(table, speech)
    for figure in known.figures.values():
        yield from figure_lines(figure, speech, numbers=True)


@pytest.mark.parametrize("at", range(7))
def test_a_class_by_a_word_of_ours_is_told_as_any_other(at: int) -> None:
    assert all(greek(name) != name for name in LIKE_OURS)
    first, second = (list(results(sorted(names)))[at] for names in (LIKE_OURS, OTHERS))
    renamed = []
    for line in told(second):
        for name, other in zip(sorted(OTHERS), sorted(LIKE_OURS), strict=True):
            line = line.replace(name, other)
        renamed.append(line)
    assert list(told(first)) == renamed


def test_the_rows_of_ours_among_classes_are_greek() -> None:
    table = in_language(next(results(sorted(LIKE_OURS))), "el").tables["scores"]
    assert [row[0] for row in table.rows] == ["best", "classical", "loss", "row", "macro μέσος", "micro μέσος"]
    assert table.note.startswith("loss: η κλάση δεν προβλέφθηκε ποτέ") and "row: κανένα δείγμα της κλάσης" in table.note


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("track 5 · best", "κομμάτι 5 · best"),
        ("3 of best, taken for classical", "3 του είδους best, ως classical"),
        ("it is best (.3), taken for row (.5)", "είναι best (.3), το μοντέλο είπε row (.5)"),
        ("only best", "μόνο best"),
    ],
)
def test_the_app_names_a_class_as_the_data_set_does(text: str, said: str) -> None:
    assert Look(language="el").say(text) == said
