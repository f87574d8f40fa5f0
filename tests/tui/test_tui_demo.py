"""Building the demo set from the app: what is told meanwhile, and what becomes of it without the app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tui_helpers import until, until_text

from workbench.commands.data import demo_root, teller
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.children import outliving
from workbench.tui.screens import dialogs
from workbench.tui.screens.dialogs import DemoScreen

SIZE = (80, 24)


def test_pieces_are_counted_every_few_seconds_with_the_time_that_is_left() -> None:
    now, said = [0.0], []
    tell = teller(said.append, lambda: now[0])
    tell(0, 100, "librosa compiles")
    now[0] = 50.0
    tell(0, 100, "it is compiled")
    for done in range(1, 101):
        now[0] += 1.0
        tell(done, 100, "Rock")
    assert said[:5] == [
        "  librosa compiles",
        "  it is compiled",
        "  1/100 pieces; 51.0 s so far",
        "  6/100 pieces; 56.0 s so far, about 1 min 34 s left",
        "  11/100 pieces; 1 min 01 s so far, about 1 min 29 s left",
    ]
    assert said[-1] == "  100/100 pieces; 2 min 30 s so far"


def test_pieces_of_an_earlier_build_take_none_of_the_time_that_is_left() -> None:
    now, said = [0.0], []
    tell = teller(said.append, lambda: now[0])
    tell(60, 100, "60 pieces are there from a build that was stopped")
    for done in range(61, 101):
        now[0] += 1.0
        tell(done, 100, "Rock")
    assert said[:3] == [
        "  60 pieces are there from a build that was stopped",
        "  61/100 pieces; 1.0 s so far",
        "  66/100 pieces; 6.0 s so far, about 34.0 s left",
    ]


@pytest.fixture
def builders(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """What builds in the place of the real command: it says a line and goes on until it is ended."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(words: list[str], log: Path) -> subprocess.Popen[bytes]:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("  7/530 pieces; 9.0 s so far, about 11 min 12 s left\n")
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]))
        return begun[-1]

    monkeypatch.setattr(dialogs, "outliving", begin)
    return begun


async def test_the_build_goes_on_when_the_app_ends(empty_bench: Bench, builders: list[subprocess.Popen[bytes]]) -> None:
    app = WorkbenchApp(empty_bench)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(DemoScreen())
        await until_text(pilot, "7/530 pieces")
        await until_text(pilot, "it goes on if you lose the terminal")
        app.exit(return_code=129)
    try:
        assert builders[0].poll() is None
    finally:
        builders[0].kill()
        builders[0].wait()


async def test_esc_leaves_off_building(empty_bench: Bench, builders: list[subprocess.Popen[bytes]]) -> None:
    app = WorkbenchApp(empty_bench)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(DemoScreen())
        await until_text(pilot, "7/530 pieces")
        await pilot.press("escape")
        await until(pilot, lambda: builders[0].poll() is not None, "the end of it")
        assert not isinstance(app.screen, DemoScreen)


def test_what_outlives_the_app_adds_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "cache" / f"{demo_root().name}.log"
    for _ in range(2):
        assert outliving(["data", "check", str(tmp_path / "nothing")], log).wait() != 0
    assert log.read_text().count("nothing") >= 2
