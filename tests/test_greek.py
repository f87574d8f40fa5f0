"""The screen in Greek: every phrase keeps its places, and what varies goes through them."""

from __future__ import annotations

from itertools import combinations
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsteps import greek as lab
from labsteps import greek_emotion, greek_inside, greek_maps, greek_regression, greek_sentences
from labsteps.greek import Phrases, in_language
from labsteps.results import Axis, Column, Curve, Heatmap, Result, Series, Table, Value
from workbench import greek as app
from workbench import (
    greek_commands,
    greek_errors,
    greek_failures,
    greek_keys,
    greek_looks,
    greek_notices,
    greek_screens,
    greek_spoken,
    greek_start,
)
from workbench.tui.keys import TABLES
from workbench.tui.keys_more import MORE_TABLES


@pytest.mark.parametrize("table", [lab.PHRASES, app.PHRASES], ids=["lab", "app"])
def test_a_translation_has_the_places_of_its_phrase(table: dict[str, str]) -> None:
    for phrase, translation in table.items():
        assert phrase.count("{}") + phrase.count("{=}") == translation.count("{}"), phrase
        assert translation not in ("", phrase)


@pytest.mark.parametrize(
    "tables",
    [
        (greek_emotion, greek_inside, greek_maps, greek_regression, greek_sentences),
        (greek_keys, greek_looks, greek_notices, greek_screens, greek_spoken, greek_start),
        (greek_commands, greek_errors, greek_failures),
    ],
    ids=["results", "app", "commands"],
)
def test_a_phrase_stands_in_one_table_of_those_that_are_put_together(tables: tuple[ModuleType, ...]) -> None:
    for one, other in combinations(tables, 2):
        assert not one.PHRASES.keys() & other.PHRASES.keys()


def test_a_run_that_is_named_in_a_sentence_is_called_so_in_greek() -> None:
    named = Phrases(lab.PHRASES).of("5γ (run 20261126-183448511-5c-6b1c)")
    assert named == "5γ (εκτέλεση 20261126-183448511-5c-6b1c)"
    for table in (lab.PHRASES, app.PHRASES):
        assert not [phrase for phrase, translation in table.items() if "(run {" in phrase and "(run" in translation]


def test_a_name_in_a_place_stays_and_sentences_are_translated_one_by_one() -> None:
    phrases = Phrases({"Loss": "Σφάλμα", "The clip is {=}.": "Το δείγμα είναι {}.", "It has {}.": "Έχει {}."})
    assert phrases.of("The clip is Loss.") == "Το δείγμα είναι Loss."
    assert phrases.of("It has Loss.") == "Έχει Σφάλμα."
    assert phrases.of("The clip is Loss. It has Loss.") == "Το δείγμα είναι Loss. Έχει Σφάλμα."
    assert phrases.of("The clip is Loss. It was heard.") == "The clip is Loss. It was heard."


def test_what_stands_in_a_place_is_kept_or_translated_itself() -> None:
    phrases = Phrases(
        {"Loss, {}": "Σφάλμα, {}", "classical {}": "κλασική {}", "Loss": "Σφάλμα", "{} of {}": "{} από {}"}
    )
    assert phrases.of("Loss") == "Σφάλμα"
    assert phrases.of("Loss, classical beat mel") == "Σφάλμα, κλασική beat mel"
    assert phrases.of("2 of 7") == "2 από 7"
    assert phrases.of("Chroma: Loss") == "Chroma: Σφάλμα"
    assert phrases.of("Lossy") == "Lossy"


def test_a_sentence_is_translated_whole_or_stays_whole() -> None:
    phrases = Phrases({"{} says {}": "{}: λέει {}", "Overfit check": "Έλεγχος", "{} epochs": "{} εποχές"})
    assert phrases.of("LSTM says Rock") == "LSTM: λέει Rock"
    assert phrases.of("Overfit check: 3 epochs") == "Έλεγχος: 3 εποχές"
    for whole in (
        "For example 1 of the held-out digits 7 it says 8, with probability 0.9",
        "Overfit check: the loss stands at 0.05, which is too high",
        "Best of 4. LSTM says Rock. More follows",
    ):
        assert phrases.of(whole) == whole


@pytest.mark.parametrize("table", [lab.PHRASES, app.PHRASES], ids=["lab", "app"])
def test_no_phrase_translates_half_of_a_sentence(table: dict[str, str]) -> None:
    phrases, prose = Phrases(table), "the thing that it is, and was"
    for phrase in table:
        text = phrase.replace("{}", prose)
        said = phrases.of(text)
        assert said in (text, table[phrase]) or prose not in said, phrase


@given(st.text())
def test_a_text_that_is_not_in_the_table_stays_as_it_is(text: str) -> None:
    assert Phrases({"Loss over the epochs, {}": "Σφάλμα ανά εποχή, {}"}).of(text) == text


def test_a_result_is_translated_where_it_is_words_and_nowhere_else() -> None:
    axis = Axis("epoch")
    result = Result(
        values={"test/accuracy": Value(0.5)},
        tables={"t": Table("Scores per class on the test set", (Column("class"), Column("F1")), (("Rock", 0.5),))},
        figures={
            "loss": Curve("Loss over the epochs", axis, Axis("loss", "nats"), (Series("train", (1.0,), (2.0,)),)),
            "m": Heatmap(
                "Confusion matrix", Axis("predicted"), Axis("true"), ("time",), ("time",), ((1.0,),), counts=True
            ),
        },
        text="Passed: the training loss fell to 0.0477, below 0.05, after 13 epochs.",
    )
    assert in_language(result, "en") is result
    seen = in_language(result, "el")
    assert seen.values == result.values
    table, loss, matrix = seen.tables["t"], seen.figures["loss"], seen.figures["m"]
    assert (table.title, table.columns[0].name) == ("Τιμές ανά κλάση στο test set", "κλάση")
    assert table.rows == (("Rock", 0.5),)
    assert (loss.title, loss.x_axis.label, loss.y_axis.label) == ("Σφάλμα ανά εποχή", "εποχή", "σφάλμα (nats)")
    assert (matrix.rows, matrix.columns) == (("time",), ("time",))  # a class may be called anything
    assert seen.text.startswith("Επιτυχία: το σφάλμα εκπαίδευσης έπεσε στο 0.0477")


def test_every_key_in_the_key_bar_has_its_words() -> None:
    shown = {key.label for table in (*TABLES, *MORE_TABLES) for key in table if key.shown}
    assert {label for label in shown if app.say(label, "el") == label} == set()
    assert app.say("leave", "en") == "leave"
