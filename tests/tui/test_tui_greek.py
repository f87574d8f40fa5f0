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
from workbench.runner.course import Span
from workbench.runner.estimate import Basis, Estimate
from workbench.runner.plan import Action, Plan, PlannedPart, total_of
from workbench.speaking import said
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


def test_the_total_of_a_plan_tells_its_time_once_where_it_rests_on_one_basis() -> None:
    parts = list(catalogue().parts.values())

    def plan(*bases: Basis | None) -> Plan:
        estimates = [
            None if basis is None else Estimate(Span.exactly(60.0 * (i + 1)), basis) for i, basis in enumerate(bases)
        ]
        return Plan(tuple(PlannedPart(parts[i], Action.RUN, True, estimate=one) for i, one in enumerate(estimates)))

    one = plan(Basis.EARLIER, Basis.EARLIER, None)
    assert total_of(one) == "3 to run: 1 cannot be estimated yet, the others about 3 min 00 s (by earlier runs)"
    most = plan(Basis.GUESS, None, None)
    assert total_of(most) == "3 to run: 2 cannot be estimated yet, the other about 1 min 00 s (by rough guess)"
    untold = "3 για εκτέλεση: 2 χωρίς εκτίμηση ακόμη, το άλλο περίπου 1 min 00 s"
    assert total_of(most, Look(language="el").say).startswith(untold)
    assert total_of(most, lambda text: said(text, "el")).startswith(untold)
    greek = {Basis.EARLIER: "από προηγούμενες εκτελέσεις", Basis.GUESS: "χονδρικά"}
    for basis, words in greek.items():
        assert total_of(plan(basis), lambda text: said(text, "el")) == f"1 για εκτέλεση: περίπου 1 min 00 s ({words})"
    told = total_of(plan(Basis.SIBLING), Look(language="el").say)
    assert told == "1 για εκτέλεση: περίπου 1 min 00 s (κατά τις προηγούμενες εκτελέσεις του βήματος)"
    both = total_of(plan(Basis.EARLIER, Basis.SIBLING))
    assert both == "2 to run: about 3 min 00 s (1 min 00 s by earlier runs, 2 min 00 s by earlier runs of its step)"


def test_a_plan_and_an_answer_are_told_in_greek() -> None:
    planned = PlannedPart(
        catalogue().parts["5α"], Action.RUN, True, estimate=Estimate(Span.exactly(90.0), Basis.EARLIER)
    )
    greek = Look(language="el")
    draft = cast("Draft", SimpleNamespace(theirs=None, problem="", dirty=False, saved=0.0, text="two words"))
    state = " ".join(line.plain for line in state_lines(draft, "", greek, 60, 0.0))
    for text in (plan_line(planned, greek, 80).plain, total_of(Plan((planned,)), greek.say), state):
        assert not re.search(r"\b(run|to|by|about|earlier|runs|words|saved|nothing|answer)\b", text), text
