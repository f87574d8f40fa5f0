"""Which parts a text names: lists, ranges, numbers that several steps share, the whole lab."""

from __future__ import annotations

import pytest

from labsteps.catalogue import catalogue, parse_changes
from labsteps.errors import ParameterError, UnknownPartError
from labsteps.selection import select

LAB = catalogue()


def ids(text: str) -> list[str]:
    return [part.id for part in select(LAB, text).parts]


def parts_of(*steps: str) -> list[str]:
    return [part.id for step in steps for part in LAB.resolve(step).parts]


def test_ids_are_separated_by_commas_and_each_part_comes_once() -> None:
    assert ids("5c, 7.1ε,5γ") == ["5γ", "7.1ε"]
    assert ids("5,6,7.1") == parts_of("5", "6", "7.1")


def test_a_range_is_everything_between_in_the_labs_order() -> None:
    assert ids("5-8") == parts_of("5", "6", "7.1", "7.2", "8")
    assert ids("5..6") == parts_of("5", "6")
    assert ids("5ζ-6β") == ["5ζ", "6α", "6β"]
    assert ids("5f–6b") == ["5ζ", "6α", "6β"]


def test_the_number_that_several_steps_share_stands_for_all_of_them() -> None:
    assert ids("7") == parts_of("7.1", "7.2")
    assert ids("6-7") == parts_of("6", "7.1", "7.2")


def test_all_is_the_whole_lab() -> None:
    assert ids("ALL") == list(LAB.parts)


@pytest.mark.parametrize(
    ("text", "whole"), [("5γ", False), ("5γ,6α", False), ("5", True), ("5γ-5δ", False), ("5-6", True)]
)
def test_what_a_step_builds_on_belongs_to_it_and_not_to_a_part(text: str, whole: bool) -> None:
    assert select(LAB, text).whole is whole


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8-5", "goes backwards; write 5-8"),
        ("5,,6", "a part that is empty"),
        ("7.9", "Nearest: 7."),
        ("5-99", "no step or part '99'"),
        ("-", "no step or part '-'"),
        ("x" * 1_000_000, "xxx…"),
    ],
)
def test_what_names_nothing_is_refused_in_a_line(text: str, said: str) -> None:
    with pytest.raises(UnknownPartError) as refused:
        select(LAB, text)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_parameter_can_be_set_for_one_part_or_step_alone() -> None:
    parts = select(LAB, "5γ,5δ,7.1β").parts
    changes = parse_changes(parts, ["5c:epochs=7", "epochs=3", "7.1:epochs=9"])
    assert {part: own["epochs"] for part, own in changes.items()} == {"5γ": 7, "5δ": 3, "7.1β": 9}
    with pytest.raises(ParameterError, match="6α is not among the parts that run"):
        parse_changes(parts, ["6α:resamples=200"])


def test_what_a_part_takes_into_account_comes_before_it() -> None:
    """Otherwise a second run of the whole lab would find other results to build on, and never come to rest."""
    order = [part.id for part in LAB.with_prerequisites(LAB.parts.values())]
    late = [
        (part.id, other)
        for part in LAB.parts.values()
        for other in part.uses
        if order.index(other) > order.index(part.id)
    ]
    assert late == []
