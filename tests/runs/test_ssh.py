"""A run that was started in the app over a real SSH connection goes on when the connection is cut."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pexpect
import psutil
import pytest
from data_sets import make_genre_set
from runs.run_tools import wait_for, wait_for_event
from runs.ssh_server import SSHD, ssh_server

from workbench.store.run import RunFolder, RunState
from workbench.store.sessions import Sessions

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.ssh,
    pytest.mark.skipif(SSHD is None or shutil.which("ssh") is None, reason="OpenSSH's server is not installed"),
]


def open_app(ssh: list[str], session: str) -> pexpect.spawn:
    """Open the app in a terminal of its own at the other end."""
    places = {name: os.environ[name] for name in os.environ if name.startswith("WORKBENCH_")}
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in {**places, "LANG": "C.UTF-8"}.items())
    inside = f"cd {shlex.quote(str(ROOT))} && {settings} {sys.executable} -m workbench --session {session}"
    app = pexpect.spawn(
        ssh[0], [*ssh[1:-1], "-tt", ssh[-1], inside], dimensions=(24, 80), timeout=120, encoding="utf-8"
    )
    app.expect("Representations")
    return app


def give(app: pexpect.spawn, line: str) -> None:
    """Type a line into the palette and take what it finds."""
    app.send("\x10")
    app.expect("earch for commands")  # the cursor stands on the first letter
    app.send(f"{line}\r")


def the_run(app: pexpect.spawn, folder: Path) -> RunFolder:
    deadline = time.monotonic() + 120
    shown = ""
    while not (runs := Sessions(folder).open("remote").runs()):
        try:
            shown += app.read_nonblocking(100_000, timeout=0.1)
        except pexpect.TIMEOUT:
            continue
        finally:
            assert time.monotonic() < deadline, f"the command started no run; the app wrote: {shown!r}"
    return runs[0]


def test_a_cut_connection_costs_nothing_and_the_next_one_shows_the_run(tmp_path: Path) -> None:
    data = make_genre_set(
        tmp_path / "data",
        {"Blues": 16, "Jazz": 16, "Metal": 16},
        test_per_class=4,
        lengths=(380, 400),
        beat=False,
        multitask=False,
    )
    sessions = tmp_path / "sessions"
    Sessions(sessions).create("remote", data_root=str(data))
    keys = tmp_path / "ssh"
    keys.mkdir(mode=0o700)
    with ssh_server(keys) as (ssh, server):
        first = open_app(ssh, "remote")
        # With its defaults the run might end by itself before it is looked at a second time.
        give(first, "run 7.1b epochs=9999 patience=0")
        run = the_run(first, sessions)
        wait_for_event(run, "epoch")

        # The connection ends without a good-bye: the client is killed, and the server's child with it.
        first.kill(signal.SIGKILL)
        for child in psutil.Process(server.pid).children():
            with suppress(psutil.NoSuchProcess):  # it may have noticed by now
                child.kill()
        first.close(force=True)
        epochs = sum(event["kind"] == "epoch" for event in run.events())
        wait_for_event(run, "epoch", count=epochs + 1)
        assert run.state is RunState.RUNNING

        second = open_app(ssh, "remote")
        second.expect("running")
        second.send("q")
        second.expect(pexpect.EOF)
        assert run.state is RunState.RUNNING
        run.request("stop")
        wait_for(run, RunState.INTERRUPTED)
    assert not any("SIGHUP" in str(event.get("reason")) for event in run.events())
