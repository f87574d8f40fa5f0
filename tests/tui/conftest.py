"""What the tests of the app share: a small lab, a session, runs written by hand, and a still clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input
from tui_helpers import LAB

from workbench.store.sessions import Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.views import LabView
from workbench.tui.widgets.notice import Notice


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "COLORFGBG", "LC_CTYPE", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "WORKBENCH_CONFIG_DIR": str(tmp_path / "config"),
    }.items():
        monkeypatch.setenv(name, value)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """A folder with the layout of the data set and nothing in it."""
    folder = tmp_path / "data" / "fma_genre_spectrograms"
    for split in ("train", "test"):
        (folder / split).mkdir(parents=True)
        (folder / f"{split}_labels.txt").write_text("Id\tGenre\n")
    return folder.parent


@pytest.fixture
def bench(tmp_path: Path, data_root: Path) -> Bench:
    """A bench with a session on the data."""
    made = Bench(Sessions(tmp_path / "sessions"), lab=LAB)
    made.create("demo", data_root, "cpu")
    return made


@pytest.fixture
def empty_bench(tmp_path: Path) -> Bench:
    """A bench without any session."""
    return Bench(Sessions(tmp_path / "sessions"), lab=LAB)


@pytest.fixture
def make_app(bench: Bench) -> Callable[[], WorkbenchApp]:
    """Return the app on the bench, with a clock that stands still."""

    def make() -> WorkbenchApp:
        app = WorkbenchApp(bench)
        app.clock = lambda: 1_000_000.0
        return app

    return make


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the app says, also what a later picture of the session or a later message takes back at once."""
    said: list[str] = []
    say = Notice.say

    def keep(notice: Notice, text: str, *rest: Any) -> None:
        said.append(text)
        say(notice, text, *rest)

    monkeypatch.setattr(Notice, "say", keep)
    return said


@pytest.fixture
def still(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[[LabView], WorkbenchApp]:
    """Return the app over one picture that never changes, with a cursor that does not blink."""

    def make(view: LabView) -> WorkbenchApp:
        monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
        monkeypatch.setattr("workbench.tui.views.Reader.read", lambda *_: view)
        monkeypatch.setattr("workbench.tui.app.first_view", lambda _: view)
        monkeypatch.setattr(Bench, "last_part", lambda _: "7.1ε")
        app = WorkbenchApp(bench)
        app.clock = lambda: 1_000_000.0
        return app

    return make
