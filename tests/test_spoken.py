"""Results in words: every figure and table as lines that say what one would see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from labsteps.catalogue import catalogue
from labsteps.results import (
    Axis,
    Bars,
    Column,
    Curve,
    Figure,
    Heatmap,
    Image,
    Panels,
    Result,
    Scatter,
    Series,
    Table,
    Value,
)
from workbench.greek_spoken import PHRASES
from workbench.repl.lines import Lines, in_line
from workbench.spoken.figures import figure_lines
from workbench.spoken.result import result_lines
from workbench.spoken.tables import table_lines, value_text
from workbench.spoken.words import Speech

ROOT = Path(__file__).resolve().parents[1]
ENGLISH, GREEK = Speech("en"), Speech("el")
EPOCHS = (1.0, 2.0, 3.0, 4.0)
LOSS = Curve(
    "Loss over the epochs",
    Axis("epoch"),
    Axis("loss", "nats"),
    (Series("train", EPOCHS, (2.0, 1.0, 0.5, 0.25)), Series("validation", EPOCHS, (2.5, None, 1.25, 1.5))),
)
CONFUSION = Heatmap(
    "Confusion matrix, 7.1ε CNN",
    Axis("predicted"),
    Axis("true"),
    ("Blues", "Jazz", "Pop"),
    ("Blues", "Jazz", "Pop"),
    ((3.0, 1.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, 0.0)),
    counts=True,
)
MAP = Scatter(
    "PCA", Axis("PC 1"), Axis("PC 2"), (0.0, 2.0, 4.0), (1.0, 3.0, 8.0), ("Pop", "Pop", "Jazz"), ("7", "8", "9")
)
PICTURE = Image(
    "Mel spectrogram",
    Axis("time", "s", ((0.0, "0"), (2.0, "1"))),
    Axis("frequency", "Hz", ((0.0, "64"), (1.0, "512"))),
    Axis("level", "dB"),
    ((-80.0, -60.0, -40.0), (-20.0, 0.0, -70.0)),
    -80.0,
    0.0,
)
BARS = Bars(
    "Clips of each genre", Axis("genre"), Axis("clips"), ("Blues", "Jazz"), (Series("train", (0.0, 1.0), (14.0, 12.0)),)
)


def lines(figure: Figure, speech: Speech = ENGLISH, *, numbers: bool = False) -> list[str]:
    return list(figure_lines(figure, speech, numbers=numbers))


def test_a_curve_has_its_first_best_and_last_value_with_their_epochs() -> None:
    assert lines(LOSS) == [
        "Loss over the epochs: curve. Across: epoch, from 1 to 4. Up: loss (nats).",
        "train: first 2 at epoch 1, best 0.25 at epoch 4, last 0.25 at epoch 4",
        "validation: first 2.5 at epoch 1, best 1.25 at epoch 3, last 1.5 at epoch 4",
    ]
    assert lines(LOSS, numbers=True)[3:] == [
        "epoch 1: train 2, validation 2.5",
        "epoch 2: train 1",
        "epoch 3: train 0.5, validation 1.25",
        "epoch 4: train 0.25, validation 1.5",
    ]


def test_the_best_of_a_score_is_its_highest_and_a_curve_that_is_no_training_has_none() -> None:
    score = Curve("Scores", Axis("epoch"), Axis("score"), (Series("validation accuracy", (1.0, 2.0), (0.5, 0.25)),))
    assert "best 0.5 at epoch 1" in lines(score)[1]
    other = Curve(
        "Loss of one error", Axis("error"), Axis("loss"), (Series("Huber", (-1.0, 0.0, 1.0), (0.5, 0.0, 0.25)),)
    )
    assert lines(other)[1] == "Huber: first 0.5 at error -1, lowest 0 at error 0, last 0.25 at error 1"
    empty = Curve("Loss", Axis("epoch"), Axis("loss"), (Series("train", (1.0,), (None,)),))
    assert lines(empty)[1] == "train: no value"


def test_a_long_curve_is_told_at_twelve_places_its_ends_among_them() -> None:
    long = tuple(float(n) for n in range(1, 501))
    told = lines(Curve("L", Axis("epoch"), Axis("loss"), (Series("train", long, long),)), numbers=True)[2:]
    assert len(told) == 12 and told[0] == "epoch 1: train 1" and told[-1] == "epoch 500: train 500"


def test_a_confusion_matrix_has_each_recall_and_the_most_frequent_confusions() -> None:
    assert lines(CONFUSION) == [
        "Confusion matrix, 7.1ε CNN: rows are the true classes. 7 of 8 clips are right, 0.875.",
        "Blues: 3 of 4 right, recall 0.75; 1 as Jazz",
        "Jazz: 4 of 4 right, recall 1.00",
        "Pop: no clip of this class",
        "Most frequent confusions: Blues taken for Jazz: 1.",
    ]
    assert lines(CONFUSION, numbers=True)[-3:-1] == ["Blues: Blues 3, Jazz 1, Pop 0", "Jazz: Blues 0, Jazz 4, Pop 0"]


def test_a_matrix_of_scores_has_its_ends_and_its_numbers() -> None:
    scores = Heatmap("F1", Axis("model"), Axis("class"), ("LSTM", "CNN"), ("Blues",), ((0.5, None),))
    assert lines(scores) == [
        "F1: matrix. 1 rows: class; 2 columns: model.",
        "Lowest 0.5: Blues, LSTM. Highest 0.5: Blues, LSTM.",
        "Blues: LSTM 0.5, CNN –",
    ]


def test_a_map_has_its_extents_the_middle_of_each_class_and_on_request_its_points() -> None:
    assert lines(MAP) == [
        "PCA: 3 points. Across: PC 1, from 0 to 4. Up: PC 2, from 1 to 8.",
        "Jazz: 1 points, their mean at 4, 8",
        "Pop: 2 points, their mean at 1, 2",
    ]
    assert lines(MAP, numbers=True)[3:] == ["track 9 (Jazz): 4, 8", "track 7 (Pop): 0, 1", "track 8 (Pop): 2, 3"]
    assert lines(Panels("Maps", (MAP, MAP), 2))[0] == "Maps: 2 pictures beside each other."


def test_truth_and_prediction_are_told_by_how_far_they_part() -> None:
    truth = Scatter(
        "CNN", Axis("true"), Axis("predicted"), (0.0, 1.0), (0.5, 0.75), ("", ""), ("4", "5"), identity=True
    )
    assert lines(truth)[1] == "The two differ by 0.375 on average; most for track 4: 0 and 0.5."


def test_a_picture_has_its_extents_its_range_and_its_strongest_place() -> None:
    assert lines(PICTURE) == [
        "Mel spectrogram: picture of 3 × 2 cells.",
        "Across: time (s), marked from 0 to 1.",
        "Up: frequency (Hz), marked from 64 to 512.",
        "level (dB): from -80 to 0, mean -45; highest near time 0.5 s, frequency 512 Hz.",
    ]
    assert lines(PICTURE, numbers=True)[4] == "time 0 to 0 s: mean -50, highest at frequency 512 Hz"


def test_bars_are_a_line_a_category() -> None:
    assert lines(BARS)[1:] == ["Blues: train 14", "Jazz: train 12"]


def test_a_table_names_the_column_of_each_number_and_joins_the_ends_of_an_interval() -> None:
    columns = (Column("class"), Column("F1"), Column("from"), Column("to"), Column("n"))
    table = Table("Scores", columns, (("Blues", 0.5, 0.25, 0.75, 6), ("Pop", None, None, None, 1)), "n: clips")
    assert list(table_lines(table, ENGLISH)) == [
        "Scores: table, rows 2, columns 5.",
        "class Blues: F1 0.500, from 0.250 to 0.750, n 6",
        "class Pop: F1 undefined, n 1",
        "n: clips",
    ]


def test_a_value_has_its_unit_and_interval_or_why_it_has_none() -> None:
    assert value_text(Value(0.5, 0.25, 0.75), 2, "s", ENGLISH) == "0.50 s, 95 % interval from 0.25 to 0.75"
    assert value_text(Value(None, reason="one class alone"), 2, "", ENGLISH) == "undefined: one class alone"
    assert value_text(Value(0.00012), 3, "", ENGLISH) == "0.00012"


def test_a_result_says_where_pictures_lie_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "mel.png").touch()
    result = Result({"best_epoch": Value(3.0)}, {}, {"mel": PICTURE, "map": MAP, "loss": LOSS}, "One line.\nTwo lines.")
    told = list(result_lines(catalogue().parts["7.1β"], result, "en", tmp_path))
    assert told[:4] == ["best epoch: 3", "", "One line.", "Two lines."]
    assert [line for line in told if line.startswith("picture")] == [f"picture: {tmp_path / 'mel.png'}"]
    assert "Figure loss. Loss over the epochs: curve. Across: epoch, from 1 to 4. Up: loss (nats)." in told


@pytest.mark.parametrize(
    "figure", [LOSS, CONFUSION, MAP, PICTURE, BARS, Panels("Maps", (MAP,), 1)], ids=lambda f: f.kind
)
def test_what_is_told_in_greek_has_no_word_of_ours_in_english(figure: Figure) -> None:
    told = " ".join(lines(figure, GREEK, numbers=True))
    assert not re.search(r"\b(?:at|from|to|of|first|last|best|mean|points|rows|across|up|clips|right)\b", told, re.I), (
        told
    )


def test_every_sentence_has_its_greek() -> None:
    found = set()
    for path in (ROOT / "workbench" / "spoken").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{}" in node.value:
                found.add(node.value)
    assert found and found <= {*PHRASES, "undefined: {}"}
    for phrase, translation in PHRASES.items():
        assert phrase.count("{}") == translation.count("{}"), phrase


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("✓ 7.1β   finished     epoch 3/3    8.1 s  run", "7.1β, finished, epoch 3/3, 8.1 s, run"),
        ("      ! 1δ     The mel scale     question", "1δ, The mel scale, question"),
        ("─────  ──────", ""),
        ("5γ:  one thing,  another", "5γ: one thing, another"),
        ("a - b", "a - b"),
        ("", ""),
    ],
)
def test_columns_become_one_sentence(line: str, told: str) -> None:
    assert in_line(line) == told


def test_signs_of_a_narrow_terminal_are_left_out_too() -> None:
    assert in_line("v 7.1β  finished", unicode=False) == "7.1β, finished"
    assert in_line("v 7.1β  finished") == "v 7.1β, finished"


def test_a_stream_writes_whole_sentences_and_a_question_at_once(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+", encoding="utf-8") as below:
        stream = Lines(below)
        for piece in ("one  ", "two\n─────\n\nthree", " four\n", "Sure?  "):
            stream.write(piece)
        stream.flush()
        assert (tmp_path / "out").read_text(encoding="utf-8") == "one, two\n\nthree four\nSure?  "
        assert not stream.isatty() and stream.fileno() == below.fileno() and stream.encoding == "utf-8"
