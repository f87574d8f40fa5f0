"""The catalogue: ids, parameters, order, and that it costs nothing to import."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.catalogue import GREEK_LETTERS, LATIN_LETTERS, Kind, catalogue, parse_changes
from labsteps.errors import NotBuiltError, ParameterError, UnknownPartError
from labsteps.parameter import Parameter
from labsteps.text import Text

LAB = catalogue()
PARTS = list(LAB.parts.values())


def test_every_step_of_the_lab_is_there_in_order() -> None:
    ids = [step.id for step in LAB]
    assert ids == ["0", "1", "2", "3", "4", "5", "6", "7.1", "7.2", "8", "9", "10", "11"]
    assert [part.id for part in LAB.resolve("7.1").parts] == ["7.1α", "7.1β", "7.1γ", "7.1δ", "7.1ε"]
    assert [part.id for part in LAB.resolve("5").parts] == ["5α", "5β", "5γ", "5δ", "5ε", "5ζ"]


@pytest.mark.parametrize("text", ["5γ", "5c", "5.c", "5C", "5.Γ", " 5c ", "5Γ"])
def test_a_part_is_found_by_every_way_of_writing_it(text: str) -> None:
    assert LAB.resolve(text).parts[0].id == "5γ"


@given(st.sampled_from(PARTS), st.booleans(), st.booleans(), st.booleans())
@settings(deadline=None)
def test_every_part_is_found_by_its_greek_and_latin_id(part, latin: bool, dot: bool, upper: bool) -> None:
    text = part.id
    if text[-1] in GREEK_LETTERS and text[:-1]:
        letter = LATIN_LETTERS[GREEK_LETTERS.index(text[-1])] if latin else text[-1]
        text = text[:-1] + ("." if dot else "") + letter
    found = LAB.resolve(text.upper() if upper else text)
    assert part in found.parts


@pytest.mark.parametrize(("text", "near"), [("7.3", "7.1"), ("5x", "5"), ("12", "1"), ("7.1κ", "7.1")])
def test_an_unknown_step_is_refused_with_the_nearest_ones(text: str, near: str) -> None:
    with pytest.raises(UnknownPartError, match=re.escape(near)):
        LAB.resolve(text)


def test_what_a_part_needs_exists_and_comes_before_it_in_a_plan() -> None:
    for part in PARTS:
        plan = [one.id for one in LAB.with_prerequisites([part])]
        assert plan[-1] == part.id
        assert all(plan.index(needed) < len(plan) - 1 for needed in part.needs)
        assert len(plan) == len(set(plan))


def test_every_built_part_has_a_function_and_the_rest_say_that_they_are_not_built() -> None:
    for part in PARTS:
        if part.built:
            module, _, name = part.function.partition(":")
            assert callable(getattr(import_module(module), name))
        else:
            with pytest.raises(NotBuiltError, match="not built yet"):
                part.load()
    assert {"7.1β", "7.1δ", "7.1ε"} <= {part.id for part in PARTS if part.built}


def test_every_text_is_there_in_both_languages() -> None:
    greek = re.compile("[α-ωΑ-Ωά-ώ]")
    for part in PARTS:
        for text in (part.title, part.brief, *(parameter.help for parameter in part.parameters)):
            assert text.en and text.el
        assert greek.search(part.brief.el), part.id


def test_defaults_lie_in_their_ranges_and_survive_being_written_out() -> None:
    for part in PARTS:
        for parameter in part.parameters:
            assert parameter.parse(str(parameter.default)) == parameter.default


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("epochs", "0"),
        ("epochs", "1.5"),
        ("epochs", "many"),
        ("epochs", ""),
        ("learning_rate", "nan"),
        ("learning_rate", "-1"),
        ("learning_rate", "inf"),
        ("precision", "fp8"),
        ("dropout", "1"),
        ("kernel_size", "4"),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(name: str, text: str) -> None:
    with pytest.raises(ParameterError, match=rf"{name} cannot be .*it takes"):
        LAB.parts["7.1β"].parameter(name).parse(text)


def test_truth_is_read_in_the_usual_words_only() -> None:
    flag = Parameter("bidirectional", False, Text("both ways", "και προς τις δύο"))
    assert [flag.parse(word) for word in ("true", "yes", "On", "1")] == [True] * 4
    assert [flag.parse(word) for word in ("false", "No", "off", "0")] == [False] * 4
    with pytest.raises(ParameterError, match="true or false"):
        flag.parse("perhaps")


def test_every_wrong_setting_is_named_at_once_with_what_was_meant() -> None:
    with pytest.raises(ParameterError) as refusal:
        parse_changes([LAB.parts["7.1β"]], ["epoch=3", "learning_rate=7", "batch_size"])
    text = str(refusal.value)
    assert "Did you mean epochs" in text
    assert "learning_rate cannot be" in text
    assert "'batch_size' is not of the form name=value" in text


def test_a_setting_goes_to_every_part_that_takes_it() -> None:
    changes = parse_changes(LAB.resolve("7.1").parts, ["epochs=7", "target_loss=0.1", "learning-rate=0.01"])
    assert changes["7.1β"] == {"epochs": 7, "learning_rate": 0.01}
    assert changes["7.1δ"] == {"epochs": 7, "learning_rate": 0.01, "target_loss": 0.1}


def test_questions_are_marked_as_such() -> None:
    assert LAB.parts["6ε"].kinds == {Kind.QUESTION} and Kind.QUESTION in LAB.parts["7.1γ"].kinds
    assert Kind.QUESTION in LAB.parts["2α"].kinds
