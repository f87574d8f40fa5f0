"""Runs of the real worker on small data, for the tests of what a run survives."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

from labsteps.catalogue import catalogue
from workbench.runner.jobs import Job, run_for
from workbench.runner.launch import launch
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions

SMALL = {
    "epochs": 20,
    "batch_size": 4,
    "channels": 4,
    "crop_frames": 32,
    "patience": 0,
    "precision": "float32",
    "threads": 1,
    "checkpoint_seconds": 0.0,
}


def new_session(folder: Path, data_root: Path, name: str = "test") -> Session:
    return Sessions(folder).create(name, data_root=str(data_root))


def new_run(session: Session, part: str = "7.1β", *, force: bool = False, seed: int = 3, **changes: Any) -> RunFolder:
    wanted = catalogue().parts[part]
    names = {parameter.name for parameter in wanted.parameters}
    settings = {name: value for name, value in {**SMALL, **changes}.items() if name in names}
    run, _ = run_for(Job(session, wanted, wanted.settings(settings), seed, "cpu"), force=force)
    return run


def wait_for(run: RunFolder, *states: RunState, seconds: float = 240.0) -> RunState:
    deadline = time.monotonic() + seconds
    while (state := run.state) not in states:
        assert time.monotonic() < deadline, f"{run.id} is {state} ({run.status().reason}); log: {run.log_tail(20)}"
        time.sleep(0.02)
    return state


def wait_for_event(run: RunFolder, kind: str, count: int = 1, seconds: float = 240.0) -> dict[str, Any]:
    """Return the event of this kind once there are `count` of them."""
    deadline = time.monotonic() + seconds
    while True:
        found = [event for event in run.events() if event["kind"] == kind]
        if len(found) >= count:
            return found[-1]
        assert time.monotonic() < deadline, f"no {kind} event; log: {run.log_tail(20)}; {run.events()[-3:]}"
        state = run.state  # looked at once: it may be taken between two looks
        assert state.live or state is RunState.WAITING, f"{state}, {run.status()}; log: {run.log_tail(20)}"
        time.sleep(0.01)


def finish(run: RunFolder) -> RunFolder:
    launch(run)
    assert wait_for(run, RunState.FINISHED, RunState.FAILED, RunState.INTERRUPTED) is RunState.FINISHED, run.status()
    return run


def kill(run: RunFolder) -> None:
    """Send SIGKILL to the worker and its child at once, as a lost machine would."""
    holder = run.holder()
    assert holder is not None
    try:
        os.killpg(int(holder["pid"]), signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 60
    while run.state.live and time.monotonic() < deadline:
        time.sleep(0.005)


def killed_in(run: RunFolder, places: list[str], moments: random.Random) -> RunFolder:
    """Let a run go on until it saves in each of these sections, kill it there, and let it end."""
    for place in places:
        launch(run)
        deadline = time.monotonic() + 240
        while not list((run.path / place / "checkpoints").glob("step-*/manifest.json")):
            assert time.monotonic() < deadline, run.log_tail(20)
            time.sleep(0.005)
        time.sleep(moments.uniform(0.0, 0.3))
        kill(run)
        assert run.state is RunState.INTERRUPTED
    launch(run)
    assert wait_for(run, RunState.FINISHED, RunState.FAILED) is RunState.FINISHED, run.status()
    return run


def digests(run: RunFolder) -> dict[str, str]:
    """Return the sha256 of all that a resumed run has to repeat: weights, optimizer, metrics log, result."""
    last = run.checkpoints.folder / f"step-{max(run.checkpoints.steps()):08d}"
    files = {
        "last weights": last / "model.safetensors",
        "optimizer": last / "optimizer.safetensors",
        "metrics log": run.path / "training.json",
        "test outputs": run.path / "test_outputs.csv",
    }
    if (run.checkpoints.folder / "best").exists():
        files["best weights"] = run.checkpoints.folder / "best" / "model.safetensors"
    found = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path.exists()}
    result = dict(run.result() or {})
    for own in ("run", "sha256"):
        result.pop(own, None)
    found["result"] = hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest()
    return found
