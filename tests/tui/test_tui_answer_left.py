"""An answer that is being saved when its screen is left."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from test_tui_answers import SIZE, bench, open_answer, soon  # noqa: F401  # fixtures count as unused
from tui_helpers import until

from workbench.tui.answers import Draft
from workbench.tui.app import WorkbenchApp
from workbench.tui.widgets.answer import AnswerPane


async def test_it_disturbs_nothing_and_the_app_goes_on(
    make_app: Callable[..., WorkbenchApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, end = threading.Event(), threading.Event()

    def slow(_draft: Draft) -> None:
        begun.set()
        end.wait(10)

    monkeypatch.setattr(Draft, "save", slow)
    async with make_app().run_test(size=SIZE) as pilot:
        editor = await open_answer(pilot)
        pane = pilot.app.screen.query_one(AnswerPane)
        await pilot.press("enter", "a")
        await until(pilot, lambda: editor.text == "a", "the letter")
        pane.save()
        await until(pilot, begun.is_set, "the saving")
        saving = [worker for worker in pilot.app.workers if worker.group == "answer"]
        await pane.query("*").remove()
        end.set()
        await until(pilot, lambda: all(worker.is_finished for worker in saving), "its end")
        assert saving
        assert not any(worker.error for worker in saving)
