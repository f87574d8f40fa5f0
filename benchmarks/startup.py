"""How long the command line takes to answer, and a worker to reach its first training step.

Run it with ``python benchmarks/startup.py [--rounds N]``.  Every command is a fresh process, all of them in turn in
each round, with compiled modules at hand as in any second start.  The table shows wall time and processor time: on a
machine that is busy with other things the second is what the command itself needs.

The worker's way is told by the events of a run of 7.1β on the demo set, whose packed data and probed arithmetic are
at hand: its first checkpoint comes after the first step, as it is to save after every batch.  Its processor time is
read when that is seen, and holds what it has done since.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from labsteps.catalogue import catalogue
from workbench.runner.jobs import Job, run_for
from workbench.runner.launch import launch
from workbench.store.run import RunFolder
from workbench.store.sessions import Sessions

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "python alone": ["-c", "pass"],
    "--help": ["-m", "workbench", "--help"],
    "steps": ["-m", "workbench", "steps"],
    "import torch": ["-c", "import torch"],
}
BUDGETS = {"--help": 0.15, "steps": 0.25, "worker to its first step": 3.0}
STAGES = (
    ("started", "process, lock, turn on the device"),
    ("mode", "data's fingerprint, import of torch"),
    ("phase", "data opened, model built, arithmetic looked up"),
    ("checkpoint", "first step, checkpoint"),
)
PARAMETERS = {"epochs": 1, "subset": 64, "checkpoint_seconds": 0.0}
WAIT_SECONDS = 120.0


@dataclass(frozen=True)
class Times:
    """Seconds of one process."""

    wall: float
    processor: float


def environment(compiled: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled once, away from the checkout."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(compiled)}


def command(arguments: Sequence[str], environ: dict[str, str]) -> Times:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with status {status}")
    return Times(time.perf_counter() - start, used.ru_utime + used.ru_stime)


def first_step(folder: Path, data: Path, environ: dict[str, str], name: str) -> tuple[list[float], float]:
    """Return the seconds from launch to each of `STAGES` of a new run, and the processor time to the last."""
    part = catalogue().parts["7.1β"]
    session = Sessions(folder).create(name, data_root=str(data))
    run, _ = run_for(Job(session, part, part.settings(PARAMETERS), 0, "cpu"))
    os.environ.update(environ)  # the worker inherits it
    began = time.time()
    launch(run)
    times = events_of(run)
    used = processor_seconds(int((run.holder() or {})["pid"]))
    used += processor_seconds(next(event["pid"] for event in run.events() if event["kind"] == "started"))
    while run.state.live:
        time.sleep(0.02)
    return [times[kind] - began for kind, _ in STAGES], used


def processor_seconds(pid: int) -> float:
    """Return the processor time that a live process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def events_of(run: RunFolder) -> dict[str, float]:
    """Return when the first event of each stage was, once all are there."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        times: dict[str, float] = {}
        for event in run.events():
            times.setdefault(event["kind"], event["time"])
        if all(kind in times for kind, _ in STAGES):
            return times
        time.sleep(0.01)
    raise SystemExit(f"{run.path} did not come to its first step; its log ends: {run.log_tail(5)}")


def demo_set(environ: dict[str, str]) -> Path:
    """Return the folder of the demo set, made where it is not there."""
    made = [sys.executable, "-m", "workbench", "data", "demo"]
    return Path(subprocess.run(made, env=environ, check=True, capture_output=True, text=True).stdout.strip())


def row(name: str, walls: Sequence[float], processor: Sequence[float] = ()) -> str:
    """Return a line of the table: median and least and most, the budget, and the processor time's median."""
    budget = f"{BUDGETS[name]:.2f}" if name in BUDGETS else ""
    used = f"{statistics.median(processor):.3f} [{min(processor):.3f} {max(processor):.3f}]" if processor else ""
    return f"{name:<48}{statistics.median(walls):>7.3f}  [{min(walls):.3f} {max(walls):.3f}]{budget:>7}   {used}"


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rounds; take 1 or more")
    return int(text)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long the command line takes to answer.")
    parser.add_argument("repeats", nargs="?", type=_count, default=10, help="rounds after the first one (10)")
    parser.add_argument("--rounds", dest="repeats", type=_count, default=argparse.SUPPRESS, help="the same")
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as scratch:
        environ = environment(Path(scratch) / "compiled")
        data = demo_set(environ)
        times: dict[str, list[Times]] = {name: [] for name in COMMANDS}
        stages: list[list[float]] = []
        worker: list[float] = []
        loads = []
        for number in range(repeats + 1):  # the first round fills the caches
            loads.append(os.getloadavg()[0])
            round_of = {name: command(arguments, environ) for name, arguments in COMMANDS.items()}
            reached, used = first_step(Path(scratch) / "sessions", data, environ, f"s{number}")
            if number:
                stages.append(reached)
                worker.append(used)
                for name, found in round_of.items():
                    times[name].append(found)
    print(f"{repeats} rounds; load {min(loads):.1f} to {max(loads):.1f} on {os.cpu_count()} processors\n")
    print(f"{'seconds':<48}{'median':>7}  {'[least most]':<13}{'budget':>7}   processor time")
    for name, found in times.items():
        print(row(name, [one.wall for one in found], [one.processor for one in found]))
    print(row("worker to its first step", [reached[-1] for reached in stages], worker))
    for number, (_, what) in enumerate(STAGES):
        print(row(f"  {what}", [reached[number] - (reached[number - 1] if number else 0.0) for reached in stages]))


if __name__ == "__main__":
    main()
