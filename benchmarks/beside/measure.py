"""Measures one row of the table, from its key to plain data."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.beside.counts import work
from benchmarks.beside.data_set import FULL, TEST, TRAIN
from benchmarks.beside.drive import Side, Spread, Taken, in_turn, once, ratios
from benchmarks.beside.rows import DATA, TRAININGS, Training

SMALL = {
    "checkpoint": ("Checkpoint, fsynced", None),
    "curve": ("Curve of 3 × 500 points at 120 × 40", None),
    "bootstrap": ("10,000 resamples of 575 tracks, 10 classes", None),
    "extraction": ("Features of a clip of 30 s, one core", 4.0),
}
KEYS = ("open", *DATA, *(row.key for row in TRAININGS), *SMALL)
N_TRAIN = sum(TRAIN.values())
QUICK_CLIPS = 128
SLOW_STEP = 2.5


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the data set and its packs lie, and whether a few steps are enough."""

    root: Path
    cache: Path
    quick: bool

    @property
    def rounds(self) -> int:
        """Turns of each side."""
        return 3 if self.quick else 5

    @property
    def seconds(self) -> float:
        """Seconds that a side has in each round, about."""
        return 1.0 if self.quick else 8.0

    def side(self, key: str, name: str) -> Side:
        """Start one side of a row."""
        clips = QUICK_CLIPS if self.quick else 0
        return Side([key, name, str(self.root), str(self.cache), str(clips)])


def measure(key: str, plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of one key: mostly one."""
    if key == "open":
        return opening(plan)
    if key in DATA:
        return [data_alone(key, plan)]
    if key in SMALL:
        return small(key, plan)
    return [training(next(row for row in TRAININGS if row.key == key), plan)]


def training(row: Training, plan: Plan) -> dict[str, Any]:
    """Train both ways in turn."""
    in_epoch = ceil(N_TRAIN / row.batch_size)
    whole_epoch = 0.0 if plan.quick else 30.0
    taken = in_turn(
        {name: plan.side(row.key, name) for name in ("plain", "ours")},
        plan.rounds,
        seconds=plan.seconds,
        most=in_epoch,
        whole=whole_epoch,
        slow=SLOW_STEP if plan.quick else 0.0,
    )
    plain, ours = taken["plain"], taken["ours"]
    whole = all(len(each) == in_epoch for side in taken.values() for each in side.rounds)
    counted = work(row)
    found = _pair(row.key, row.title, plain, ours)
    return {
        **found,
        "goal": row.goal,
        "arithmetic": {"plain": plain.about["arithmetic"], "ours": ours.about["arithmetic"]},
        "epoch": {"plain": plain.per_step * in_epoch, "ours": ours.per_step * in_epoch, "whole": whole},
        "clips_per_second": {name: row.batch_size / side.per_step for name, side in taken.items()},
        "unreclaimable": None if plan.quick else {name: side.about["unreclaimable"] for name, side in taken.items()},
        "work": {"precision": ours.about["precision"], **asdict(counted)},
        "note": f"ours in {ours.about['arithmetic']}, plain in {plain.about['arithmetic']}.",
    }


def data_alone(key: str, plan: Plan) -> dict[str, Any]:
    """Make the batches of an epoch and do nothing with them, beside copying the same bytes."""
    title, _ = DATA[key]
    in_epoch = ceil(N_TRAIN / 32)
    taken = in_turn(
        {name: plan.side(key, name) for name in ("plain", "ours", "copy")},
        plan.rounds,
        seconds=plan.seconds,
        most=in_epoch,
        whole=0.0 if plan.quick else 60.0,
        warm=in_epoch,
    )
    plain, ours, copy = (taken[name] for name in ("plain", "ours", "copy"))
    wall, processor = ratios(copy, ours), copy.processor_per_step / ours.processor_per_step
    whole = all(len(each) == in_epoch for side in taken.values() for each in side.rounds)
    return {
        **_pair(key, title, plain, ours),
        "epoch": {"plain": plain.per_step * in_epoch, "ours": ours.per_step * in_epoch, "whole": whole},
        "clips_per_second": {name: 32 / taken[name].per_step for name in ("plain", "ours")},
        "unreclaimable": None
        if plan.quick
        else {name: taken[name].about["unreclaimable"] for name in ("plain", "ours")},
        "share": {"plain": ratios(copy, plain).median, "ours": wall.median},
        "bytes": copy.about["bytes"],
        "copy": {"per_step": copy.per_step, "wall": asdict(wall), "processor": processor},
        "note": (
            f"its share is of the speed of copying the same bytes on one thread in the same run "
            f"({copy.per_step * in_epoch:.2g} s an epoch): {wall.median:.2f} [{wall.low:.2f} {wall.high:.2f}] of it by "
            f"wall time, {processor:.2f} by processor time."
        ),
    }


def opening(plan: Plan) -> list[dict[str, Any]]:
    """Open the training set warm and cold, and build its pack; each in a process of its own."""
    split = "test" if plan.quick else "train"
    of_all = N_TRAIN / (sum(TEST.values()) if plan.quick else N_TRAIN)

    def one(way: str, cold: bool) -> dict[str, Any]:
        more = ["--cold"] if cold else []
        return once("opening", way, str(plan.root), str(plan.cache), FULL, split, *more)

    rows, rounds = [], 2 if plan.quick else 3
    one("ours", False)
    for name, cold in (("warm", False), ("cold", True)):
        pairs = [(one("plain", cold), one("ours", cold)) for _ in range(rounds)]
        rows.append(_opened(f"open-{name}", f"Open the training set, {name}", pairs, of_all, 100.0))
    builds = [(one("plain", True), one("build", True)) for _ in range(1 if plan.quick else rounds)]
    built = _opened("build", "First build of the pack, cold, beside one plain read", builds, of_all, 0.5)
    rows.append(built)
    if plan.quick:
        for row in rows:
            row["note"] = "measured on the 575 test clips and scaled to the training clips."
    return rows


def _opened(key: str, title: str, pairs: list[tuple[Any, Any]], of_all: float, goal: float) -> dict[str, Any]:
    sides = dict(zip(("plain", "ours"), zip(*pairs, strict=True), strict=True))
    middle = {name: float(np.median([one["seconds"] for one in side])) for name, side in sides.items()}
    return {
        "key": key,
        "title": title,
        "plain": middle["plain"] * of_all,
        "ours": middle["ours"] * of_all if key == "build" else middle["ours"],
        "ratio": asdict(
            Spread.of([a["seconds"] / b["seconds"] * (of_all if key != "build" else 1.0) for a, b in pairs])
        ),
        "goal": goal,
        "processor_ratio": float(np.median([a["processor"] / b["processor"] for a, b in pairs]))
        * (of_all if key != "build" else 1.0),
        "unreclaimable": {
            name: float(np.median([one["added"] for one in side])) * (of_all if name == "plain" else 1.0)
            for name, side in sides.items()
        },
        "load": os.getloadavg()[0],
    }


def small(key: str, plan: Plan) -> list[dict[str, Any]]:
    """Time what is short."""
    title, goal = SMALL[key]
    times = once("small", key, str({"extraction": 2, "bootstrap": 3}.get(key, 5) if plan.quick else 12))
    load = os.getloadavg()[0]
    if key == "checkpoint":
        return [
            {
                "key": f"{key}-{name}",
                "title": f"{title}: {name}",
                "plain": None,
                "ours": float(np.median(each)),
                "ratio": None,
                "load": load,
                "note": f"{1e3 * min(each):.0f} to {1e3 * max(each):.0f} ms; a run saves so seldom that it takes 3 %.",
            }
            for name, each in times.items()
        ]
    plain, ours = times["plain"], times["ours"]
    return [
        {
            "key": key,
            "title": title,
            "plain": float(np.median(plain)),
            "ours": float(np.median(ours)),
            "ratio": asdict(Spread.of([a / b for a, b in zip(plain, ours, strict=True)])),
            "goal": goal,
            "load": load,
        }
    ]


def _pair(key: str, title: str, plain: Taken, ours: Taken) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "plain": plain.per_step,
        "ours": ours.per_step,
        "ratio": asdict(ratios(plain, ours)),
        "processor": {"plain": plain.processor_per_step, "ours": ours.processor_per_step},
        "processor_ratio": plain.processor_per_step / ours.processor_per_step,
        "steps": {name: [len(each) for each in side.rounds] for name, side in (("plain", plain), ("ours", ours))},
        "load": os.getloadavg()[0],
    }
