"""Everything that makes a training fast on a GPU, measured there.

Run it with ``python benchmarks/gpu.py [NAME …] [--quick] [--only SECTION …]``.  It builds a data set of the lab's size
in the cache folder (a part of it with ``--quick``), then measures, each as one side beside the other in turn: whether
anything in a step waits for the GPU, where batches come from, a training of each network beside the plain way, the
loop's own cost, and every setting.  ``gpu.json`` and ``gpu.md`` are written to ``--out`` after each row, so that a
run that is cut off has what it has; what fails is named, and the rest goes on.  ``--page FILE`` puts the tables
of a ``gpu.json`` into docs/performance.md instead.  ``--device cpu`` goes through all of it with tiny networks, to try
it out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import networks  # isort: skip  (puts us on the path)

import levers
import loop_overhead
import torch

from benchmarks.beside.data_set import FRAMES, part_of, real_shape
from benchmarks.beside.drive import Spread
from benchmarks.beside.rows import TRAININGS
from benchmarks.beside.table import put_between
from benchmarks.on_gpu import epochs, feeds, peaks, table, waits
from benchmarks.on_gpu.plan import Plan, Row, attempt, scratch
from labsteps.training.precision import Arithmetic, has_bf16, set_mode
from workbench.store.places import cache_dir

ROOT = Path(__file__).resolve().parents[1]
PAGE, KEPT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance-gpu.json"
SECTIONS = ("waits", "data", "epochs", "loop", "settings")
QUICK_CLIPS, SMALL_CLIPS, SMALL_FRAMES = 320, 20, 48
LOOP_STEPS = {"LSTM beat": 100, "LSTM full": 40, "CNN": 60, "AST tiny": 40, "smallest": 200}
Work = tuple[str, str, Callable[[], list[Row]]]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only what has one of these in its name")
    parser.add_argument("--quick", action="store_true", help="few rounds, without the compiler: three minutes")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, metavar="SECTION", help=str(SECTIONS))
    parser.add_argument("--device", default="cuda:0", help="cuda:N, or cpu to try it out")
    parser.add_argument("--minutes", type=float, help="what would begin later is not measured (8, or 3 with --quick)")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put this gpu.json into docs/performance.md")
    return parser


def main() -> None:
    asked = reader().parse_args()
    if asked.page:
        return into_page(asked.page)
    if asked.device != "cpu" and not torch.cuda.is_available():
        raise SystemExit("torch sees no GPU here; run this where there is one, or try it out with --device cpu.")
    # Read when cuBLAS begins; in exact mode it has to be set, and in the other it is what an H100 has anyway.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    asked.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    minutes = asked.minutes if asked.minutes is not None else 3.0 if asked.quick else 8.0
    began = time.monotonic()
    plan = planned(asked.device, asked.quick)
    for found in run(plan, began, minutes, wanted(asked.only, asked.names)):
        (asked.out / "gpu.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (asked.out / "gpu.md").write_text(table.markdown(found) + "\n", encoding="utf-8")
    if not found:
        raise SystemExit(
            f"Nothing to be measured in {', '.join(asked.only)} has {' or '.join(asked.names)} in its name."
        )
    print(table.terminal(found))
    say(f"{found['seconds']:.0f} s in all; {asked.out / 'gpu.json'} and gpu.md are written.")
    return None


def wanted(sections: Sequence[str], names: Sequence[str]) -> Callable[[Work], bool]:
    """Return what tells whether something is to be measured."""
    return lambda one: one[0] in sections and (not names or any(name in one[1] for name in names))


def run(plan: Plan, began: float, minutes: float, wanted: Callable[[Work], bool]) -> Iterator[dict[str, Any]]:
    """Measure, and yield after each piece of work all that there is; the data set's building counts too."""
    say("The device's peaks")
    at_most = peaks.measure(plan.device, small=plan.small)
    rows: list[Row] = []
    everything = list(filter(wanted, work(plan, at_most)))
    for number, (section, title, measure) in enumerate(everything, 1):
        spent = time.monotonic() - began
        say(f"{spent:4.0f} s  {number} of {len(everything)}: {title}")
        if spent > 60.0 * minutes:
            new = [
                {"section": section, "title": title, "error": f"no time was left of {minutes:g} minutes (--minutes)"}
            ]
        else:
            new = attempt(section, title, measure)
        say(table.brief(new))
        rows += new
        yield {
            "format": 1,
            "device": plan.device,
            "quick": plan.quick,
            "machine": peaks.describe(plan.device),
            "load": os.getloadavg()[0],
            "seconds": time.monotonic() - began,
            "peaks": asdict(at_most),
            "rows": rows,
        }


def planned(device: str, quick: bool) -> Plan:
    """Return where it is measured, with the data set ready."""
    cache = cache_dir() / "bench"
    cache.mkdir(parents=True, exist_ok=True)
    if device == "cpu":
        return Plan(device, quick, part_of(cache, SMALL_CLIPS, SMALL_FRAMES), cache, SMALL_FRAMES)
    say("The data set, which is built once")
    root = part_of(cache, QUICK_CLIPS, FRAMES) if quick else real_shape(cache, say)
    return Plan(device, quick, root, cache, FRAMES)


def work(plan: Plan, at_most: peaks.Peaks) -> Iterator[Work]:
    """Yield everything there is to measure: its section, its name, and what measures it."""
    for key in waits.TRAININGS:
        for way, said in waits.WAYS.items():
            yield "waits", f"waits of {plan.training(key).title}, {said}", partial(waits.measure, key, way, plan)
    for key in feeds.TRAININGS:
        yield "data", f"three ways of batches, {plan.training(key).title}", partial(feeds.measure, key, plan)
    for row in TRAININGS:
        yield "epochs", f"an epoch of {row.title}", partial(epochs.measure, row.key, plan, at_most)
    for name in networks.PROBLEMS:
        yield "loop", f"the loop around {name}", partial(loop, name, plan)
    for lever in levers.levers_on_gpu(plan.device, compiler=not plan.quick, small=plan.small):
        yield "settings", lever.title, partial(setting, lever, plan)


def loop(name: str, plan: Plan) -> list[Row]:
    """Measure what the training loop adds to bare steps."""
    set_mode(plan.device, exact=False)
    problem = networks.PROBLEMS[name]
    if plan.small and name != "smallest":
        problem = networks.tiny(problem)
    steps = 3 if plan.small else LOOP_STEPS[name] // (2 if plan.quick else 1)
    arithmetic = Arithmetic("bf16" if has_bf16(plan.device) else "float32", 1)
    with scratch() as folder:
        times = loop_overhead.alternate(problem, steps, plan.rounds, arithmetic, False, Path(folder), plan.device)
    bare, ours = ([pair[which].wall for pair in times] for which in (0, 1))
    return [
        {
            "title": f"{name}, {arithmetic.precision}",
            "bare": Spread.of(bare).median,
            "ours": Spread.of(ours).median,
            "ratio": asdict(Spread.of([b / a for a, b in zip(bare, ours, strict=True)])),
            "added": Spread.of([b - a for a, b in zip(bare, ours, strict=True)]).median,
        }
    ]


def setting(lever: levers.Lever, plan: Plan) -> list[Row]:
    """Measure a setting."""
    found = levers.compare(lever, plan.rounds, 1, plan.device)
    without, with_it = (Spread.of([one.wall for one in each]).median for each in found.taken)
    return [
        {
            "title": lever.title,
            "without": without,
            "with": with_it,
            "ratio": asdict(Spread.of(found.gains())),
            "first": found.first,
            "memory": found.memory,
        }
    ]


def into_page(file: Path) -> None:
    """Put the tables of a run into the page, and keep its numbers beside it."""
    found = json.loads(file.read_text(encoding="utf-8"))
    if found["device"] == "cpu":
        raise SystemExit(f"{file} is of a rehearsal on a CPU, which measures nothing; the page keeps what it has.")
    if file.resolve() != KEPT:
        shutil.copyfile(file, KEPT)
    put_between(PAGE, table.BEGIN, table.END, table.markdown(found))
    print(f"{PAGE} has the tables of {file}")


if __name__ == "__main__":
    main()
