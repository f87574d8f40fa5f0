"""What was told in one colour only, cut at an edge or offered for nothing, as captures of the screens showed it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from rich.style import Style as RichStyle
from rich.text import Text
from tui_helpers import CLASSES, screen_text, until, until_text

from labsteps.results import Axis, Heatmap
from workbench.plots.style import Style
from workbench.plots.terminal import draw
from workbench.store.run import RunState
from workbench.tui.answers import AnswerView, Draft
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.look import Look
from workbench.tui.overview import Standing
from workbench.tui.widgets.lines import _strip, hanging, paragraph

MakeApp = Callable[[], WorkbenchApp]
RED = RichStyle(color="red")


def test_a_line_of_one_style_is_drawn_in_it() -> None:
    lines = [
        *paragraph(Look(), "what went wrong", 80, RED),
        *hanging(Look(), "why ", "long enough to wrap", 16, RED)[1:],
    ]
    for line in lines:
        drawn = [segment for segment in _strip(line, Console()) if segment.text.strip()]
        assert drawn and all(segment.style == RED for segment in drawn)


def test_a_line_of_several_styles_keeps_them() -> None:
    line = Text("a", RED)
    line.append("b", RichStyle(bold=True))
    first, second = _strip(line, Console())
    assert first.style == RED and second.style == RED + RichStyle(bold=True)


@pytest.mark.parametrize("width", range(30, 60))
def test_brackets_around_the_diagonal_are_never_cut_off(width: int) -> None:
    rows = tuple(tuple(60.0 if i == j else 4.0 for j in range(10)) for i in range(10))
    figure = Heatmap("Confusion", Axis("predicted"), Axis("true"), CLASSES, CLASSES, rows, counts=True)
    shown = draw(figure, width, 16, style=Style("none"), normalise=True).plain
    assert shown.count("[") == shown.count("]") > 0


def test_another_answer_that_was_taken_is_saved_and_says_when(bench: Bench) -> None:
    session = bench.session
    assert session is not None
    draft = Draft(session, AnswerView("7.1γ", file=session.answer_file("7.1γ")))
    draft.text = "mine"
    version = session.write_answer("7.1γ", "theirs\n", "")
    # It is seen on disk before an attempt to save finds that it stands in the way.
    draft.follow(AnswerView("7.1γ", "theirs\n", version, saved=1_000.0, file=session.answer_file("7.1γ"), read_at=1.0))
    draft.save()
    assert draft.theirs is not None
    assert draft.take_theirs() == "theirs"
    assert draft.saved == 1_000.0 and not draft.dirty


async def test_a_part_without_settings_offers_none_of_their_keys(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await until_text(pilot, "Press r to run it")
        pilot.app.go_to("5α")
        await pilot.press("2")
        await until_text(pilot, "5α has no settings.")
        await until(pilot, lambda: "1-7 tabs" in screen_text(pilot.app), "the keys")
        assert "default" not in screen_text(pilot.app) and "change" not in screen_text(pilot.app)


async def test_the_name_of_a_session_is_whole_where_a_short_age_leaves_room(
    bench: Bench, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Standing(RunState.RUNNING, live=1, queued=1)
    monkeypatch.setattr("workbench.tui.screens.sessions.standing_of", lambda _: busy)
    bench.create("ablation", data_root, "cpu")
    app = WorkbenchApp(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_text(pilot, "Press r to run it")
        await pilot.press("f2")
        await until_text(pilot, "ablation ● 1 running, 1 queued")
