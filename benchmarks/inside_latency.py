"""Time from a key to the picture inside the digit network of 7.1α, through a real pseudo-terminal.

Run it with ``python benchmarks/inside_latency.py [keys] [COLUMNSxLINES] [colours]``, colours being truecolor, 256, 16
or none.  It trains a network in a session of its own (a few seconds), opens the app on a pseudo-terminal, goes to
the screen, and presses keys one after the other: the pen moves with ink, digits are taken, layers and epochs turned.
A key's time ends with the last byte that the app writes before it has been silent for 80 ms.  A key that writes
nothing fails the benchmark.  Where Linux tells (``/proc/*/schedstat``), two more times are told: the first less what
the app was ready to run for and other programs had the processors, and the processor time that the app used for the
key, which is what a machine without other work would need at least.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SILENCE = 0.08
ARROWS = {"up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D"}
COLOURS = {
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "xterm-256color", "COLORTERM": ""},
    "16": {"TERM": "xterm", "COLORTERM": ""},
    "none": {"TERM": "xterm", "NO_COLOR": "1"},
}


def main(keys: int, size: tuple[int, int], colours: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **COLOURS[colours]}
        for name in ("RUNTIME", "SESSIONS", "STATE", "CONFIG"):
            environment[f"WORKBENCH_{name}_DIR"] = f"{place}/{name.lower()}"
        command = [sys.executable, "-m", "workbench"]
        fast = ["--set", "epochs=3", "--set", "subset=500", "--set", "resamples=100"]
        train = ["--step", "7.1a", "--session", "bench", "--data", str(empty_data(Path(place))), "--quiet"]
        subprocess.run([*command, *train, *fast], env=environment, check=True, stdout=subprocess.DEVNULL)
        pid, terminal = pty.fork()
        if not pid:
            os.execvpe(command[0], [*command, "--session", "bench"], environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        try:
            measure(pid, terminal, keys, f"{size[0]}x{size[1]}, {colours}")
        finally:
            os.write(terminal, b"\x1bq")
            drain(terminal, 0.5)
            os.kill(pid, 15)
            os.waitpid(pid, 0)


def empty_data(place: Path) -> Path:
    """Make the layout of the data set with nothing in it, which 7.1α does not read."""
    folder = place / "data" / "fma_genre_spectrograms"
    for split in ("train", "test"):
        (folder / split).mkdir(parents=True)
        (folder / f"{split}_labels.txt").write_text("Id\tGenre\n")
    return folder.parent


def measure(pid: int, terminal: int, keys: int, about: str) -> None:
    wait_for(terminal, b"look inside")
    os.write(terminal, b"i")
    wait_for(terminal, b"ReLU 1")
    drain(terminal, 2.0)
    times: dict[str, list[tuple[float, float, float]]] = {}
    written: list[int] = []
    for name, key in plan(keys):
        time.sleep(0.02)
        used, waited = scheduled(pid)
        start = time.perf_counter()
        os.write(terminal, key)
        last, size = reply(terminal)
        if not size:
            sys.exit(f"the key {name} changed nothing")
        took = 1000 * (last - start)
        used, waited = (now - before for now, before in zip(scheduled(pid), (used, waited), strict=True))
        times.setdefault(name, []).append((took, max(0.0, took - waited), used))
        written.append(size)
    every = [one for some in times.values() for one in some]
    print(f"key to picture at {about}, {len(every)} keys; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'ms':<19}{'as measured':>24}{'less waiting for a processor':>31}{'processor time':>23}")
    print(f"{'key':<14}{'n':>5}" + "".join(f"{name:>{9 if i % 3 else 10}}" for i, name in enumerate(3 * [*TOLD])))
    for name, some in (*times.items(), ("all", every)):
        kinds = list(zip(*some, strict=True))
        cells = [call(kind) for kind in kinds for call in TOLD.values()]
        print(f"{name:<14}{len(some):>5}" + "".join(f"{c:>{9 if i % 3 else 10}.1f}" for i, c in enumerate(cells)))
    print(f"bytes a key: median {statistics.median(written):.0f}, most {max(written)}")


def scheduled(pid: int) -> tuple[float, float]:
    """Return how many ms the threads of a process have run, and waited for a processor; 0 where nothing tells."""
    try:
        told = [file.read_text().split() for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(one[0]) for one in told) / 1e6, sum(int(one[1]) for one in told) / 1e6
    except (OSError, IndexError):
        return 0.0, 0.0


def plan(keys: int) -> list[tuple[str, bytes]]:
    """Return keys of which each changes the screen: the pen walks with ink and never pushes at an edge."""
    dice, row, column = random.Random(0), 14, 14
    found: list[tuple[str, bytes]] = [("pen", b" ")]
    epoch, lifted, last = 0, False, ""
    while len(found) < keys:
        kind = dice.choices(("draw", "digit", "layer", "epoch"), (6, 1, 2, 1))[0]
        if kind == "draw":
            if lifted:
                found.append(("pen", b" "))
                lifted = False
            steps = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
            name = dice.choice([n for n, (r, c) in steps.items() if 2 < row + r < 26 and 2 < column + c < 26])
            row, column = row + steps[name][0], column + steps[name][1]
            found.append(("draw", ARROWS[name]))
        elif kind == "digit":
            last = dice.choice([d for d in "0123456789" if d != last])
            found.append(("take a digit", last.encode()))
            lifted = True
        elif kind == "layer":
            found.append(("layer", b"\t"))
        else:
            # The best epoch is looked at first, and there may be none after it.
            found.append(("epoch", b"E" if epoch % 2 == 0 else b"e"))
            epoch += 1
    return found


def reply(terminal: int) -> tuple[float, int]:
    """Return when the last byte of the answer came, and how many came."""
    last, size = time.perf_counter(), 0
    limit = 2.0
    while select.select([terminal], [], [], limit)[0]:
        size += len(os.read(terminal, 65536))
        last, limit = time.perf_counter(), SILENCE
    return last, size


def wait_for(terminal: int, text: bytes, seconds: float = 60.0) -> None:
    """Read until the app has written a text."""
    end, got = time.monotonic() + seconds, b""
    while text not in got:
        if time.monotonic() > end:
            sys.exit(f"{text.decode()!r} did not come on the screen")
        got += drain(terminal, 0.2)


def drain(terminal: int, seconds: float) -> bytes:
    """Read what the app writes for some time."""
    end, got = time.monotonic() + seconds, b""
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                got += os.read(terminal, 65536)
            except OSError:  # the app has left
                break
    return got


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share / 100 * len(ordered)))]


TOLD: dict[str, Callable[[Sequence[float]], float]] = {
    "p50": lambda values: percentile(values, 50),
    "p99": lambda values: percentile(values, 99),
    "most": max,
}

if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("keys", nargs="?", type=int, default=400, help="keys that are pressed")
    reader.add_argument("size", nargs="?", default="80x24", help="COLUMNSxLINES of the terminal")
    reader.add_argument("colours", nargs="?", choices=COLOURS, default="truecolor")
    asked = reader.parse_args()
    columns, _, lines = asked.size.partition("x")
    main(asked.keys, (int(columns), int(lines)), asked.colours)
