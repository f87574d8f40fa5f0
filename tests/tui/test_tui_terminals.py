"""The app on real pseudo-terminals of many kinds: what it writes, and how it leaves."""

from __future__ import annotations

import base64
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tui_helpers import epoch_row, record, result

from labsteps.results import to_json
from workbench.store.sessions import Sessions

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
_TRUE_COLOUR = re.compile(rb"\x1b\[[0-9;]*[34]8;2;")
_256_COLOURS = re.compile(rb"\x1b\[[0-9;]*[34]8;5;")
_16_COLOURS = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-7]|9[0-7]|4[0-7]|10[0-7])(?:;[0-9]+)*m")


class Screen:
    """A process on a pseudo-terminal, and all that it has written."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process, self.terminal, self.written = process, terminal, b""

    def read(self, seconds: float) -> bytes:
        """Read what comes within some time, and return it."""
        end, before = time.monotonic() + seconds, len(self.written)
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], left)[0]:
                break
            try:
                self.written += os.read(self.terminal, 65536)
            except OSError:  # the other side has closed it
                break
        return self.written[before:]

    def wait_for(self, text: str) -> None:
        """Read until a text was written."""
        end = time.monotonic() + PATIENCE
        while text.encode() not in plain(self.written):
            assert time.monotonic() < end and self.process.poll() is None, plain(self.written)[-2000:]
            self.read(0.1)

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def leave(self) -> int:
        """Press q, and return the exit code."""
        self.press("q")
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        return self.process.wait(1)


def plain(written: bytes) -> bytes:
    """Return what was written without the sequences that place and colour it."""
    return re.sub(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>78M])", b"", written)


@contextmanager
def workbench_on_terminal(
    tmp_path: Path, environ: Mapping[str, str | None], *arguments: str, code: str = ""
) -> Iterator[Screen]:
    """Start the program, or Python code, on a terminal of 80 x 24 with its own places and this environment."""
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "LC_ALL", "LANG")}
    env |= {f"WORKBENCH_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    env |= {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    for name, value in environ.items():
        env.pop(name, None)
        if value is not None:
            env[name] = value
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    words = ["-c", code] if code else ["-m", "workbench", "--sessions-dir", str(tmp_path / "sessions"), *arguments]
    words.insert(0, sys.executable)
    process = subprocess.Popen(words, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    try:
        yield Screen(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        os.close(ours)


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        pytest.param({"TERM": "linux"}, "16", id="linux"),
        pytest.param({"TERM": "screen"}, "16", id="screen"),
        pytest.param({"TERM": "tmux-256color"}, "256", id="tmux"),
        pytest.param({"TERM": "xterm-256color"}, "256", id="xterm-256color"),
        pytest.param({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true", id="truecolor"),
        pytest.param({"TERM": "foot"}, "true", id="foot over ssh"),
        pytest.param({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "none", id="NO_COLOR"),
        pytest.param({"NO_COLOR": "", "COLORTERM": "truecolor"}, "true", id="NO_COLOR-empty"),
        pytest.param({"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "256", id="ascii"),
    ],
)
def test_the_app_writes_what_the_terminal_can_show_and_leaves(
    tmp_path: Path, environ: dict[str, str | None], colours: str
) -> None:
    with workbench_on_terminal(tmp_path, environ) as screen:
        screen.wait_for("No session yet")
        screen.read(0.3)
        assert screen.leave() == 0
    written = screen.written
    assert bool(_TRUE_COLOUR.search(written)) is (colours == "true")
    assert bool(_256_COLOURS.search(written)) is (colours == "256")
    if colours == "16":
        assert _16_COLOURS.search(written)
    if colours == "none":
        assert not _16_COLOURS.search(written)
    assert plain(written).isascii() is (environ.get("LC_ALL") == "C")


@pytest.fixture
def finished_run(tmp_path: Path) -> Path:
    """A session with a finished run that has a confusion matrix; the run's folder."""
    session = Sessions(tmp_path / "sessions").create("seen", device="cpu")
    run = session.create_run(record(session))
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        events.append("epoch", **epoch_row(1, 1))
        run.write_result({"format": 1, "part": "7.1ε", "run": run.id, **to_json(result())})
        events.append("finished", seconds=6.0)
    return run.path


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"TERM": "linux"}, id="linux"),
        pytest.param({"NO_COLOR": "1", "COLORTERM": "truecolor"}, id="NO_COLOR"),
        pytest.param({"TERM": "screen", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}, id="screen-ascii"),
    ],
)
def test_a_walk_over_the_screens_keeps_to_what_the_terminal_can_show(
    tmp_path: Path, finished_run: Path, environ: dict[str, str | None]
) -> None:
    with workbench_on_terminal(tmp_path, environ) as screen:
        for keys, shown in (
            *(("", "Brief"), ("4", "[values]"), ("l", "[confusion]"), ("3", "epoch 1"), ("2", "epochs")),
            *(("7", "finished"), ("\x1bOR", "memory"), ("\x1bOS", "warnings"), ("\x1b[15~", "palette")),
        ):
            screen.press(keys)
            screen.wait_for(shown)
        assert screen.leave() == 0
    assert not _TRUE_COLOUR.search(screen.written) and not _256_COLOURS.search(screen.written)
    assert bool(_16_COLOURS.search(screen.written)) is ("NO_COLOR" not in environ)
    assert plain(screen.written).isascii() is (environ.get("LC_ALL") == "C")


def test_copying_goes_to_the_terminal_and_the_path_stays_in_sight(tmp_path: Path, finished_run: Path) -> None:
    file = finished_run / "figures" / "confusion.png"
    copied = b"\x1b]52;c;" + base64.b64encode(str(file).encode()) + b"\x07"
    with workbench_on_terminal(tmp_path, {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}) as screen:
        screen.wait_for("Brief")
        screen.press("4")
        screen.wait_for("[values]")
        screen.press("l")
        screen.wait_for("[confusion]")
        screen.press("f")
        for _ in range(300):
            if b"figures/confusion.png" in b"".join(plain(screen.written).split()):
                break
            screen.read(0.1)
        assert b"figures/confusion.png" in b"".join(plain(screen.written).split())
        screen.press("y")
        screen.wait_for("Copied")
        for _ in range(100):
            if copied in screen.written:
                break
            screen.read(0.1)
        assert copied in screen.written
        assert screen.leave() == 0


@pytest.mark.parametrize(
    ("environ", "frames"),
    [({"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}, 20), ({"SSH_TTY": "/dev/pts/9", "slow": "1"}, 5)],
    ids=["ssh", "low bandwidth"],
)
def test_over_a_network_fewer_pictures_are_painted_in_a_second(
    tmp_path: Path, environ: dict[str, str | None], frames: int
) -> None:
    code = f"""
import sys, types
from workbench.tui import start

class WorkbenchApp:
    def __init__(self, *_): self.return_code, self.bench = 1, None
    def run(self, **_):
        from textual import constants
        print("frames", constants.MAX_FPS)

assert not any(name.startswith("textual") for name in sys.modules)
sys.modules["workbench.tui.app"] = types.SimpleNamespace(WorkbenchApp=WorkbenchApp)
start.run_app(low_bandwidth={"slow" in environ})
"""
    with workbench_on_terminal(tmp_path, environ, code=code) as screen:
        screen.wait_for("frames ")
        screen.read(0.5)
    assert f"frames {frames}\r".encode() in screen.written


def test_without_a_terminal_the_list_is_printed_with_where_to_go(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "workbench", "--sessions-dir", str(tmp_path / "sessions")]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 2
    assert "7.1" in done.stdout and "--step ID" in done.stderr and "\x1b" not in done.stdout + done.stderr


def test_greek_file_names_are_borne_in_a_locale_that_has_no_greek(tmp_path: Path) -> None:
    Sessions(tmp_path / "sessions").create("old", device="cpu")
    environ = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with workbench_on_terminal(tmp_path, environ) as screen:
        screen.wait_for("not started")
        screen.press("7")
        screen.wait_for("There are no runs yet")
        assert screen.leave() == 0
    assert plain(screen.written).isascii()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_place_text_gets_the_list_and_where_to_go(tmp_path: Path, term: str) -> None:
    with workbench_on_terminal(tmp_path, {"TERM": term}) as screen:
        screen.wait_for("The app needs a terminal")
        screen.read(0.2)
        assert screen.process.wait(PATIENCE) == 2
    assert b"7.1" in screen.written and b"--step ID" in screen.written and b"\x1b[" not in screen.written


def test_a_key_map_that_cannot_be_is_refused_before_the_screen(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[keys]\nrun.strat = "x"\n')
    with workbench_on_terminal(tmp_path, {}) as screen:
        screen.wait_for("did you mean run.start")
        assert screen.process.wait(PATIENCE) == 2
    assert b"\x1b[?1049h" not in screen.written


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        pytest.param({}, True, id="by default"),
        pytest.param({"WORKBENCH_MOUSE": "false"}, False, id="off"),
        # GNU screen hands no esc on by itself while it reports the mouse.
        pytest.param({"TERM": "screen.xterm-256color", "STY": "7.pts", "TMUX": None}, False, id="screen"),
        pytest.param({"TERM": "screen", "STY": "7.pts", "WORKBENCH_MOUSE": "true"}, True, id="screen, asked for"),
        pytest.param({"TERM": "screen-256color", "TMUX": "/tmp/none,1,0"}, True, id="tmux"),
    ],
)
def test_the_terminal_is_asked_for_the_mouse_where_it_is_wanted_and_does_no_harm(
    tmp_path: Path, environ: dict[str, str | None], asked: bool
) -> None:
    with workbench_on_terminal(tmp_path, environ) as screen:
        screen.wait_for("No session yet")
        assert screen.leave() == 0
    assert (b"\x1b[?1000h" in screen.written) is asked


def test_plain_lines_have_no_sequences_at_all_and_do_the_same_commands(tmp_path: Path) -> None:
    with workbench_on_terminal(tmp_path, {"COLORTERM": "truecolor"}, "--plain") as screen:
        screen.wait_for("No session is open")
        screen.press("steps\n")
        screen.wait_for("not started")
        screen.press("nonsense\n")
        screen.wait_for("That ended with code 2.")
        screen.press("quit\n")
        assert screen.process.wait(PATIENCE) == 0
        screen.read(0.2)
    assert b"\x1b" not in screen.written


def test_a_slow_link_gets_few_bytes_while_a_run_is_followed(tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("slow", device="cpu")
    run = session.create_run(record(session))
    seconds, most = 10.5, 2000
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        events.append("epoch", **epoch_row(1, 500))
        with workbench_on_terminal(tmp_path, {"COLORTERM": "truecolor"}, "--low-bandwidth") as screen:
            screen.wait_for("7.1")
            screen.press("3")
            screen.wait_for("epoch 2/500")
            screen.read(1.0)
            before, began, epoch = len(screen.written), time.monotonic(), 1
            while time.monotonic() < began + seconds:
                epoch += 1
                events.append("epoch", **epoch_row(epoch, 500))
                screen.read(0.05)
            spent, took = len(screen.written) - before, time.monotonic() - began
            assert spent > 0, "the run was not followed"
            assert spent / took < most, f"{spent / took:.0f} bytes a second"
            assert screen.leave() == 0
