"""What the app says of its keys and panes, in Greek."""

from __future__ import annotations

import importlib
import pkgutil
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from textual.widget import Widget

import workbench.tui.screens
import workbench.tui.widgets
from labsteps.catalogue import catalogue
from workbench.greek import say
from workbench.greek_screens import page_title
from workbench.runner.estimate import Basis, Estimate
from workbench.runner.plan import Action, Plan, PlannedPart, total_of
from workbench.tui.keymap import ALL_TABLES
from workbench.tui.look import Look
from workbench.tui.screens.help import AREAS
from workbench.tui.screens.plan import plan_line
from workbench.tui.widgets.answer import state_lines

if TYPE_CHECKING:
    from workbench.tui.answers import Draft


def _purposes() -> set[str]:
    """Return what all panes say that they are for."""
    for package in (workbench.tui.screens, workbench.tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found, left = set(), [Widget]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        if one.__module__.startswith("workbench.") and isinstance(one.__dict__.get("HELP"), str):
            found.add(one.__dict__["HELP"])
    return found


def test_every_key_group_and_pane_has_its_greek_words() -> None:
    keys = {key.help for table in ALL_TABLES for key in table}
    purposes = _purposes()
    assert len(purposes) > 15
    english = re.compile(r"\b(?:the|of|and|in|to|is|its|a|it|run|next|before)\b", re.I)
    left = {
        text
        for text in {*keys, *AREAS.values(), *purposes}
        if english.search(say(text, "el")) or text == say(text, "el")
    }
    assert left == set()


@pytest.mark.parametrize(
    ("english", "greek"),
    [
        ("39.4 GB of 270.6 GB free", "39.4 GB από 270.6 GB ελεύθερα"),
        ("epoch 30/30", "εποχή 30/30"),
        ("27.1 s/epoch", "27.1 s/εποχή"),
        ("best .830 (epoch 20)", "καλύτερο .830 (εποχή 20)"),
        ("held-out 7, no. 1", "ψηφίο 7, αρ. 1"),
        ("row 15 col 14", "γρ. 15 στ. 14"),
        ("59% zeros", "59% μηδενικά"),
        ("epoch 8 of 12, best", "εποχή 8 από 12, η καλύτερη"),
        ("Ο φάκελος: no finished run", "Ο φάκελος: καμία έτοιμη εκτέλεση"),
    ],
)
def test_what_the_screens_say_is_greek(english: str, greek: str) -> None:
    assert say(english, "el") == greek


def test_the_pages_of_a_result_have_greek_names() -> None:
    assert page_title("per class beat", "el") == "ανά κλάση beat"
    assert page_title("values", "en") == "values"


def test_a_plan_and_an_answer_are_told_in_greek() -> None:
    planned = PlannedPart(catalogue().parts["5α"], Action.RUN, True, estimate=Estimate(90.0, Basis.EARLIER))
    greek = Look(language="el")
    draft = cast("Draft", SimpleNamespace(theirs=None, problem="", dirty=False, saved=0.0, text="two words"))
    state = " ".join(line.plain for line in state_lines(draft, "", greek, 60, 0.0))
    for text in (plan_line(planned, greek, 80).plain, total_of(Plan((planned,)), greek.say), state):
        assert not re.search(r"\b(run|to|by|about|earlier|runs|words|saved|nothing|answer)\b", text), text
