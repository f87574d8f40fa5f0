"""Kill runs with SIGKILL at random moments until they are done, and compare every byte with an undisturbed run.

    python tests/torture.py --kills 200

Prints a table: for each kind of run, how many kills it took, in which phase they fell, and whether weights, optimizer,
metrics log, test outputs and result are those of the run that nobody killed.  Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from data_sets import make_genre_set  # noqa: E402  (the path has to be set first)
from runs.run_tools import digests, finish, kill, new_run, new_session, wait_for  # noqa: E402

from workbench.runner.launch import launch  # noqa: E402
from workbench.store.run import RunFolder, RunState  # noqa: E402

KINDS = {
    "7.1β, saved after every batch": ("7.1β", {"epochs": 60}),
    "7.1β, saved at the epochs": ("7.1β", {"epochs": 60, "checkpoint_seconds": 30.0}),
    "7.1β, bf16, whole clips": ("7.1β", {"epochs": 40, "crop_frames": 0, "precision": "bf16", "threads": 2}),
    "7.1δ, overfit check": ("7.1δ", {"epochs": 300, "target_loss": 1e-6}),
    "7.1ε, training and report": ("7.1ε", {"epochs": 40}),
}


def main() -> int:
    """Torture every kind of run in turn until so many kills are done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        base = Path(name)
        for kind in ("CACHE", "STATE", "CONFIG"):
            os.environ[f"WORKBENCH_{kind}_DIR"] = str(base / kind.lower())
        root = make_genre_set(
            base / "data", {"Blues": 12, "Jazz": 12, "Metal": 12}, test_per_class=5, lengths=(60, 80), multitask=False
        )
        session = new_session(base / "sessions", root)
        wanted = {kind: finish(new_run(session, part, seed=1, **s)) for kind, (part, s) in KINDS.items()}
        killed: collections.Counter[str] = collections.Counter()
        phases: dict[str, collections.Counter[str]] = {kind: collections.Counter() for kind in KINDS}
        runs: collections.Counter[str] = collections.Counter()
        differing: collections.Counter[str] = collections.Counter()
        while killed.total() < options.kills:
            kind = min(KINDS, key=lambda k: killed[k])
            part, settings = KINDS[kind]
            run = new_run(session, part, force=True, seed=1, **settings)
            left = options.kills - killed.total()
            killed[kind] += _kill_until_done(run, moments, min(left, 12), phases[kind])
            runs[kind] += 1
            differing[kind] += digests(run) != digests(wanted[kind])
            print(f"{killed.total()}/{options.kills} kills", file=sys.stderr, flush=True)
    return _report(killed, runs, phases, differing)


def _kill_until_done(run: RunFolder, moments: random.Random, most: int, phases: collections.Counter[str]) -> int:
    kills = 0
    while run.state is not RunState.FINISHED:
        launch(run)
        if kills >= most:
            wait_for(run, RunState.FINISHED, RunState.FAILED, RunState.INTERRUPTED)
            continue
        # Some kills before torch is there, most of them inside the work.
        time.sleep(moments.choice([moments.uniform(0.0, 1.0), moments.uniform(1.5, 4.5)]))
        if run.state.live:
            events = run.events()
            kill(run)
            if run.state is not RunState.FINISHED:
                kills += 1
                phases[str(events[-1]["kind"]) if events else "before the first event"] += 1
    return kills


def _report(
    killed: collections.Counter[str],
    runs: collections.Counter[str],
    phases: dict[str, collections.Counter[str]],
    differing: collections.Counter[str],
) -> int:
    print(f"{'run':<32}{'kills':>6}{'runs':>6}{'differing':>11}  last event before the kills")
    for kind in KINDS:
        seen = ", ".join(f"{name} {count}" for name, count in phases[kind].most_common())
        print(f"{kind:<32}{killed[kind]:>6}{runs[kind]:>6}{differing[kind]:>11}  {seen}")
    print(f"{'in all':<32}{killed.total():>6}{runs.total():>6}{differing.total():>11}")
    return 1 if differing.total() else 0


if __name__ == "__main__":
    sys.exit(main())
