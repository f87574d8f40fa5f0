"""The main path in a terminal multiplexer, by enter and arrows: a session, a part, its run, its result, and out."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.store.sessions import Sessions

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
SMALL = {"channels": 4, "crop_frames": 32, "batch_size": 8, "precision": "float32", "threads": 1}
TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


class Window:
    """The app in a window of 80 x 24 of a server of our own."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        self._socket = str(folder / "s")
        env = {f"WORKBENCH_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE")}
        env |= {"WORKBENCH_SESSIONS_DIR": str(tmp_path / "sessions"), "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
        env |= {"WORKBENCH_CACHE_DIR": os.environ.get("WORKBENCH_CACHE_DIR", str(tmp_path / "cache"))}
        words = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "workbench"]
        # What the app leaves on the normal screen stays to be read, with its exit code.
        command = f"cd {shlex.quote(str(ROOT))}; {shlex.join(words)}; echo left with $?; exec sleep 1000"
        self._tmux("new-session", "-d", "-x", "80", "-y", "24", command)

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            [str(TMUX), "-S", self._socket, "-f", "/dev/null", *words], capture_output=True, text=True, timeout=PATIENCE
        )
        return done.stdout

    def close(self) -> None:
        """End the server with all that is in it."""
        self._tmux("kill-server")

    def press(self, *keys: str) -> None:
        """Press keys as tmux names them."""
        self._tmux("send-keys", *keys)

    def wait_for(self, pattern: str) -> str:
        """Wait until a pattern is on the screen, and return the screen."""
        end, screen = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            screen = self._tmux("capture-pane", "-p")
            if re.search(pattern, screen):
                return screen
            time.sleep(0.1)
        raise AssertionError(f"{pattern!r} did not come:\n{screen}")

    def _chosen(self) -> str:
        lines = self._tmux("capture-pane", "-p").splitlines()
        return next((line.partition("│")[0] for line in lines if line.startswith("▌")), "")

    def go_down_to(self, pattern: str) -> None:
        """Press the arrow until the chosen line of the list has a pattern, as somebody who looks where he goes."""
        for _ in range(30):
            before = self._chosen()
            if re.search(pattern, before):
                return
            self.press("Down")
            end = time.monotonic() + PATIENCE
            while self._chosen() in ("", before) and time.monotonic() < end:
                time.sleep(0.05)
        raise AssertionError(f"{pattern!r} was not reached:\n{self._tmux('capture-pane', '-p')}")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Callable[[], Window]]:
    """Return what opens the app; a socket's path may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="wb"))
    opened: list[Window] = []

    def start() -> Window:
        opened.append(Window(folder, tmp_path))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
    shutil.rmtree(folder)


@pytest.mark.slow
def test_enter_and_arrows_lead_from_the_start_to_the_result_of_a_cnn(
    window: Callable[[], Window], tmp_path: Path, genre_root: Path
) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis", data_root=str(genre_root), device="cpu")
    kept = {"7.1β": {**SMALL, "epochs": 6, "patience": 0}}
    (session.folder / "parameters.json").write_text(json.dumps(kept), encoding="utf-8")
    app = window()
    app.wait_for("next 0 ")
    app.press("F2")
    app.wait_for(r"thesis +no runs")
    app.press("Enter")
    app.wait_for(r"0 The data folder")
    app.go_down_to(r"7\.1 2D CNN")
    app.press("Enter")
    app.wait_for(r"β The four-layer|β The four")
    app.go_down_to(r"β The four")
    app.press("Enter")
    app.wait_for(r"7 changed \(press 2\)")
    app.wait_for("↵ run")
    app.press("Enter")
    app.wait_for(r"goes on if you (leave|disconnect)")
    live = app.wait_for(r"epoch \d+/6")
    assert "running" in live or "finished" in live
    app.wait_for(r"● train")
    app.wait_for("↵ see result")
    app.press("Enter")
    app.wait_for(r"accuracy +[.\d]+ \[")
    app.press("q")
    app.wait_for("left with 0")
    (run,) = session.runs()
    assert run.result() is not None
