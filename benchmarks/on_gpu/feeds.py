"""What it gains that frames lie on the GPU, or that batches are sent ahead: three feeds in turn, the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.beside.drive import Spread
from benchmarks.beside.rows import Training
from benchmarks.on_gpu.plan import Plan, Row, scratch
from benchmarks.on_gpu.steps import WARM, OurTraining, Some, count_of
from labsteps.training.feed import Feed, Way
from labsteps.training.precision import set_mode

TRAININGS = ("lstm-beat", "lstm-full", "cnn-130")
WAYS: tuple[Way, ...] = ("copied", "sent", "whole")
SAYS: Mapping[Way, str] = {"copied": "copied when used", "sent": "sent ahead", "whole": "whole on the GPU"}
PAIRS: tuple[tuple[Way, Way], ...] = (("copied", "sent"), ("copied", "whole"), ("sent", "whole"))


def measure(key: str, plan: Plan) -> list[Row]:
    """Return what each way gains over each slower one: batches thrown away, and a training with them."""
    row = plan.training(key)
    clips, _, _ = plan.clips(row.folder)
    set_mode(plan.device, exact=False)
    feeds: dict[Way, Feed] = {way: Feed(clips, plan.device, way) for way in WAYS}
    found = compared(f"{row.title}: batches alone", alone(row, feeds, plan))
    with scratch() as folder:
        trainings = {way: OurTraining(row, plan, Path(folder), feed) for way, feed in feeds.items()}
        counts = {way: count_of(one.run(WARM), plan, len(clips), row.batch_size) for way, one in trainings.items()}
        times: dict[Way, list[float]] = {way: [] for way in WAYS}
        for _ in range(plan.rounds):
            for way, one in trainings.items():
                times[way].append(one.run(counts[way]))
    return found + compared(f"{row.title}: a training", times)


def alone(row: Training, feeds: Mapping[Way, Feed], plan: Plan) -> dict[Way, list[float]]:
    """Return the seconds that a batch takes which nothing is done with."""
    times: dict[Way, list[float]] = {way: [] for way in feeds}
    counts = dict.fromkeys(feeds, WARM)
    for number in range(plan.rounds + 1):
        for way, feed in feeds.items():
            some = Some(feed, counts[way])
            for _ in some.batches(some.plan(row.batch_size, row.crop, 0, 0)):
                pass
            if number:
                times[way].append(some.step_seconds)
            else:  # the first round warms up, and tells how many batches a round has
                counts[way] = count_of(some.step_seconds, plan, len(some), row.batch_size)
    return times


def compared(title: str, times: Mapping[Way, list[float]]) -> list[Row]:
    """Return a row for each pair of ways."""
    return [
        {
            "title": f"{title}, {SAYS[fast]} over {SAYS[slow]}",
            "without": Spread.of(times[slow]).median,
            "with": Spread.of(times[fast]).median,
            "ratio": asdict(Spread.of([a / b for a, b in zip(times[slow], times[fast], strict=True)])),
        }
        for slow, fast in PAIRS
    ]
