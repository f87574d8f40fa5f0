"""The workbench beside the plain way, row by row: ``python benchmarks/bench.py [--quick] [--rows KEY …]``.

Builds a data set of the lab's size in the cache folder (it says first what that takes), then does each row both ways in
turn and prints one table; ``bench.json`` and ``bench.md`` go to the folder ``--out``.  ``--page FILE`` puts the table
of an earlier ``bench.json`` into docs/performance.md instead.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.beside import drive, table
from benchmarks.beside.data_set import real_shape
from benchmarks.beside.measure import KEYS, Plan, measure
from workbench.store.places import cache_dir

ROOT = Path(__file__).resolve().parents[1]
PAGE, KEPT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.json"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few steps of each row, under three minutes")
    parser.add_argument("--rows", nargs="+", choices=KEYS, default=list(KEYS), metavar="KEY", help=", ".join(KEYS))
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put this bench.json into docs/performance.md")
    return parser


def main() -> None:
    asked = reader().parse_args()
    if asked.page:
        return into_page(asked.page)
    cache = cache_dir() / "bench"
    cache.mkdir(parents=True, exist_ok=True)
    plan = Plan(real_shape(cache, say), cache, asked.quick)
    asked.out.mkdir(parents=True, exist_ok=True)
    for found in run(plan, asked.rows, say):  # kept after every row, so that one that is stopped has what it has
        (asked.out / "bench.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (asked.out / "bench.md").write_text(table.markdown(found) + "\n", encoding="utf-8")
    print(table.terminal(found["rows"]))
    print(f"\n{found['machine']}. {table.how(found)}\n{table.peaks(found['peaks'])}")
    say(f"{found['seconds']:.0f} s in all; {asked.out / 'bench.json'} and bench.md are written.")
    return None


def run(plan: Plan, keys: list[str], tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Measure rows and, between them, what the machine can do at most; yield after each row what there is."""
    started = time.monotonic()
    machines, rows = [drive.once("machine")], []
    for number, key in enumerate(keys, 1):
        tell(f"{number} of {len(keys)}: {key} (load {os.getloadavg()[0]:.1f})")
        rows += measure(key, plan)
        if not plan.quick or number == len(keys):
            machines.append(drive.once("machine"))
        yield so_far(plan, rows, machines, time.monotonic() - started)


def so_far(plan: Plan, rows: list[dict[str, Any]], machines: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    peaks = {name: max(one[name] for one in machines) for name in machines[0] if name not in ("machine", "load")}
    return {
        "format": 1,
        "quick": plan.quick,
        "machine": machines[0]["machine"],
        "loads": sorted([one["load"] for one in machines] + [row["load"] for row in rows]),
        "seconds": seconds,
        "peaks": peaks,
        "rows": [{**row, **shares(row, peaks)} for row in rows],
    }


def shares(row: dict[str, Any], peaks: dict[str, float]) -> dict[str, Any]:
    """Return which share of the machine's peak a training attains, by processor time, and which one it was asked for.

    Operations are counted against the better of product and convolution at the side's precision.  ``bytes_share`` is
    the share of its time that moving its activations alone would take at the speed of a copy.
    """
    if "bytes" in row:
        return {"memory_share": row["bytes"] / row["epoch"]["ours"] / peaks["copy"]}
    work = row.get("work")
    if not work:
        return {}
    best = {
        kind: max(peaks[f"{product}_{kind}_processor"] for product in ("matmul", "conv"))
        for kind in ("float32", "bf16")
    }
    attained = {side: work["operations"] / row["processor"][side] for side in ("plain", "ours")}
    reached = {"plain": attained["plain"] / best["float32"], "ours": attained["ours"] / best[work["precision"]]}
    asked = row["goal"] * attained["plain"] / best[work["precision"]]
    moved = 3.0 * work["state_bytes"] * (0.5 if work["precision"] == "bf16" else 1.0)  # forward, backward, gradients
    of_bytes = moved / peaks["copy_processor"] / row["processor"]["ours"]
    return {"share": reached, "asked_share": asked, "bytes_share": of_bytes}


def into_page(file: Path) -> None:
    found = json.loads(file.read_text(encoding="utf-8"))
    if file.resolve() != KEPT:
        shutil.copyfile(file, KEPT)
    table.put_into(PAGE, found)
    print(f"{PAGE} has the table of {file}")


if __name__ == "__main__":
    main()
