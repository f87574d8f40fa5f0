"""Before the session was read, the app says so and claims nothing about it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from tui_helpers import SIZES, finished, screen_text, until_text

from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.views import LabView, Reader

MakeApp = Callable[[], WorkbenchApp]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_nothing_is_told_of_parts_before_the_session_was_read(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    finished(bench.session)
    read, may = Reader.read, threading.Event()

    def slowly(self: Reader, *of: object) -> LabView:
        may.wait(60)
        return read(self, *of)

    monkeypatch.setattr(Reader, "read", slowly)
    try:
        async with make_app().run_test(size=size) as pilot:
            await until_text(pilot, "reading the session")
            await until_text(pilot, "Reading where it stands")
            shown = screen_text(pilot.app)
            assert not any(words in shown for words in ("not started", "0 of", "to answer", "next", "Press r"))
            await pilot.press("w")
            await until_text(pilot, "The session is being read.")
            may.set()
            await until_text(pilot, "1 of 2 done")
            assert "reading the session" not in screen_text(pilot.app)
    finally:
        may.set()
