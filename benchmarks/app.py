"""How quick the app is, on a real pseudo-terminal: first paint, key to paint beside a run, following runs, memory.

Run it with ``python benchmarks/app.py [keys]``.  The run beside it is a process for each processor that computes
without a pause at nice 10, as a worker does.  Ten runs of 10,000 events each (an epoch after each 99 steps) are written
into a session before the app follows them, and each goes on with five events a second.  On a machine that others use,
the numbers are upper bounds: the load is printed above them.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbench.store.session import Session
from workbench.store.sessions import Sessions

ROOT = Path(__file__).resolve().parents[1]


SIZE = (24, 80)
PATIENCE = 120.0
RUNS, EVENTS, STEPS = 10, 10_000, 100
SPIN = "import os\nos.nice(10)\nx = 1.0\nwhile True: x = x * 1.0000001 % 7.0"


class App:
    """The app on a pseudo-terminal."""

    def __init__(self, sessions: Path, folder: Path) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        env |= {"PYTHONPATH": str(ROOT), "WORKBENCH_CONFIG_DIR": str(folder / "config")}
        self.began = time.perf_counter()
        words = [sys.executable, "-m", "workbench", "--sessions-dir", str(sessions)]
        self.process = subprocess.Popen(words, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.terminal, self.written = ours, b""

    def wait_for(self, text: str) -> float:
        """Read until a text was painted, and return the seconds since the start."""
        end = time.perf_counter() + PATIENCE
        while text.encode() not in self.written:
            self.read(0.5)
            if time.perf_counter() > end or self.process.poll() is not None:
                raise SystemExit(f"{text!r} was not painted")
        return time.perf_counter() - self.began

    def read(self, seconds: float) -> bool:
        """Read what is there, waiting at most so long, and tell whether there was something."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        self.written += os.read(self.terminal, 65536)
        return True

    def quiet(self, seconds: float) -> None:
        """Read until nothing comes for some time."""
        while self.read(seconds):
            continue

    def key(self, key: str) -> float:
        """Press a key, and return the milliseconds until something is painted."""
        self.quiet(0.15)
        began = time.perf_counter()
        os.write(self.terminal, key.encode())
        if not self.read(5.0):
            raise SystemExit(f"nothing was painted for {key!r}")
        return 1000 * (time.perf_counter() - began)

    def seconds(self) -> float:
        """Return the processor time that the app has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Return the resident memory of the app."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()
        os.close(self.terminal)


@contextmanager
def app_on(sessions: Path, folder: Path) -> Iterator[App]:
    app = App(sessions, folder)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def spinning() -> Iterator[None]:
    """Use every processor at nice 10."""
    count = len(os.sched_getaffinity(0))
    workers = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def epoch(number: int) -> dict[str, Any]:
    loss = 2.3 / number**0.2
    return {
        **{"epoch": number, "epochs": 20_000, "step": number, "seconds": 1.0, "train_loss": loss, "best_epoch": 1},
        **{"validation_loss": loss + 0.1, "validation_macro_f1": 0.3, "grad_norm": 1.0, "learning_rate": 1e-3},
    }


def append(events: Any, number: int) -> None:
    """Append the event of a number: a step, or the end of an epoch."""
    done, inside = divmod(number, STEPS)
    if not inside:
        events.append("epoch", **epoch(done))
        return
    place = {"step": number, "epoch": done + 1, "epochs": 20_000, "batch": inside, "batches": STEPS}
    events.append("step", **place, train_loss=2.0, grad_norm=1.0, learning_rate=1e-3)


def make_runs(session: Session, stack: ExitStack) -> list[Any]:
    """Write ten live runs of 10,000 events, and return what goes on writing them."""
    writers = []
    for _ in range(RUNS):
        run = session.create_run({"part": "7.1ε", "parameters": {}, "seed": 0, "data": "", "device": "cpu"})
        stack.enter_context(run.take())
        events = stack.enter_context(run.writer())
        events.append("started", pid=os.getpid(), device="cpu")
        for number in range(1, EVENTS):
            append(events, number)
        writers.append(events)
    return writers


def row(name: str, measured: str, wanted: str) -> None:
    print(f"{name:<46}{measured:>26}   {wanted}", flush=True)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("keys", nargs="?", type=int, default=200, help="keys that are pressed beside a run")
    keys = reader.parse_args().keys
    folder = Path(tempfile.mkdtemp(prefix="bench-app-"))
    sessions = folder / "sessions"
    Sessions(sessions).create("bench", device="cpu")
    print(f"load before: {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors")
    paints = []
    for _ in range(6):
        with app_on(sessions, folder) as app:
            paints.append(app.wait_for("Mel"))
    warm = sorted(paints[1:])
    row("first paint of the step list, warm", f"{warm[len(warm) // 2]:.2f} s [{warm[0]:.2f} {warm[-1]:.2f}]", "0.8 s")
    with app_on(sessions, folder) as app, spinning():
        app.wait_for("Mel")
        app.quiet(1.0)
        times = sorted(app.key("j" if index % 20 < 10 else "k") for index in range(keys))
        middle, late = statistics.median(times), times[min(len(times) - 1, round(0.99 * len(times)))]
        row(
            f"key to paint beside a run on all cores, {keys} keys",
            f"p50 {middle:.0f} ms, p99 {late:.0f} ms",
            "20, 100 ms",
        )
        row("memory, resident", f"{app.megabytes():.0f} MB", "120 MB")
    with ExitStack() as stack:
        writers = make_runs(Session(sessions / "bench"), stack)
        with app_on(sessions, folder) as app:
            app.wait_for("Mel")
            os.write(app.terminal, b"3")
            app.quiet(3.0)
            used, began, number = app.seconds(), time.perf_counter(), EVENTS
            while time.perf_counter() - began < 20.0:
                number += 1
                for events in writers:
                    append(events, number)
                end = time.perf_counter() + 0.2
                while (left := end - time.perf_counter()) > 0:
                    app.read(left)
            share = (app.seconds() - used) / (time.perf_counter() - began)
            row(f"following {RUNS} runs of {EVENTS} events", f"{share:.1%} of one core", "10 %")
            row("memory then, resident", f"{app.megabytes():.0f} MB", "120 MB")
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
