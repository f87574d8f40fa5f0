"""How long evaluation, intervals, projections and drawing take, and what bounds each.

Run it with ``python benchmarks/evaluation.py [--rounds N] [NAME …]``.  The sizes are those of the lab: 575 test clips
of ten classes, vectors of 256 numbers, spectrograms of 128 × 1293, curves of 3 × 500 points at 120 × 40 cells.  A line
has the time by the clock and by the processor (median, least and most of the rounds) and the three functions in which
most of it was spent, without what they call, from a profile of one more call.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from networks import PROBLEMS, Instant, load, spread  # isort: skip  (puts us on the path)

import numpy as np
import torch

from labsteps.evaluation import classification, correlation, maps, projections
from labsteps.evaluation.compare import Predictions, compare
from labsteps.results import Axis, Curve, Heatmap, Image, Scatter, Series
from labsteps.training.precision import Arithmetic, has_bf16
from workbench.plots.png import save_png
from workbench.plots.terminal import Style, draw

CLIPS, CLASSES, WIDTH = 575, 10, 256
BANDS, FRAMES = 128, 1293
CELLS = (120, 40)
RESAMPLES = 10_000
Work = Callable[[], object]


def works(folder: Path) -> Iterator[tuple[str, Work]]:
    """Yield everything that is timed, by name."""
    dice = np.random.default_rng(0)
    names = tuple("ABCDEFGHIJ")
    true = dice.integers(0, CLASSES, CLIPS)
    said = np.where(dice.random(CLIPS) < 0.6, true, dice.integers(0, CLASSES, CLIPS))
    other = np.where(dice.random(CLIPS) < 0.5, true, dice.integers(0, CLASSES, CLIPS))
    yield (
        f"scores of a test set, {RESAMPLES} resamples",
        lambda: classification.evaluate(true, said, names, majority=0, resamples=RESAMPLES),
    )
    ids = np.arange(CLIPS)
    pair = [Predictions(ids, true, one, names) for one in (said, other)]
    yield f"two models on the same clips, {RESAMPLES} resamples", lambda: compare(*pair, resamples=RESAMPLES)
    truth, guess = dice.random(CLIPS), dice.random(CLIPS)
    counts = projections.draws(CLIPS, RESAMPLES, 0)
    yield f"Spearman, {RESAMPLES} resamples", lambda: correlation.resampled_spearman(guess, truth, counts)
    points = dice.normal(0, 1, (CLIPS, WIDTH)) + 2.0 * np.eye(CLASSES, WIDTH)[true]
    yield "PCA", lambda: projections.explained(points)
    yield "distances", lambda: projections.distances(points)
    apart = projections.distances(points)
    mapped = projections.distances(points[:, :2])
    yield (
        "silhouettes and k-NN",
        lambda: (
            projections.silhouettes(apart, true),
            projections.neighbours_vote(apart, true, 10),
        ),
    )
    yield "trustworthiness and continuity", lambda: projections.trust_and_continuity(apart, mapped, 10)
    yield f"draws of {RESAMPLES} sets of tracks", lambda: projections.draws(CLIPS, RESAMPLES, 0)
    yield "t-SNE in 2D, perplexity 30", lambda: maps.tsne(points, 2, 30.0, 0)
    yield "UMAP in 2D, 15 neighbours", lambda: maps.umap(points, 2, 15, 0)
    yield from _evaluations()
    yield from _drawings(folder, dice, true, points)


def _evaluations() -> Iterator[tuple[str, Work]]:
    arithmetic = Arithmetic("bf16" if has_bf16("cpu") else "float32", 1)
    for name in ("LSTM beat", "CNN"):
        problem = PROBLEMS[name]
        model = problem.model().eval()
        (x, lengths, _), *_ = problem.batches(1)

        def forward(model: Any = model, x: Any = x, lengths: Any = lengths) -> object:
            with torch.no_grad(), arithmetic.autocast("cpu"):
                return model(x, lengths)

        yield f"a batch of {len(x)} heard by the {name}", forward


def _drawings(
    folder: Path, dice: np.random.Generator, codes: np.ndarray, points: np.ndarray
) -> Iterator[tuple[str, Work]]:
    style = Style()
    values = tuple(map(tuple, dice.uniform(-80, 0, (BANDS, FRAMES)).tolist()))
    picture = Image("Mel spectrogram", Axis("time", "s"), Axis("mel"), Axis("level", "dB"), values, -80.0, 0.0)
    pen = random.Random(0)
    steps = tuple(float(step) for step in range(500))
    lines = tuple(
        Series(name, steps, tuple(2.3 * math.exp(-s / 166) + abs(pen.gauss(0, 0.2)) for s in steps))
        for name in ("train", "validation", "smoothed")
    )
    curve = Curve("Loss", Axis("step"), Axis("loss", "nats"), lines)
    names = tuple("ABCDEFGHIJ")
    counts = tuple(map(tuple, dice.integers(0, 60, (CLASSES, CLASSES)).astype(float).tolist()))
    matrix = Heatmap("Confusion", Axis("predicted"), Axis("true"), names, names, counts, counts=True)
    labels = tuple(names[code] for code in codes)
    x, y = (tuple(map(float, points[:, i])) for i in (0, 1))
    scatter = Scatter("Map", Axis("x"), Axis("y"), x, y, labels, tuple(map(str, range(CLIPS))))
    for name, figure in (("spectrogram", picture), ("curve", curve), ("matrix", matrix), ("map of tracks", scatter)):
        yield f"{name} in the terminal", lambda figure=figure: draw(figure, *CELLS, style=style)  # type: ignore[misc]
    for name, figure in (("spectrogram", picture), ("curve", curve), ("matrix", matrix)):
        yield f"{name} as PNG", lambda figure=figure: save_png(figure, folder / "one.png")  # type: ignore[misc]


def where(work: Work) -> str:
    """Return the functions in which most of the time was spent, with their shares."""
    profile = cProfile.Profile()
    profile.runcall(work)
    stats: Any = pstats.Stats(profile)
    whole = stats.total_tt or 1.0
    longest = sorted(stats.stats.items(), key=lambda one: one[1][2], reverse=True)[:3]
    return ", ".join(f"{_short(place)} {round(100 * times[2] / whole)} %" for place, times in longest)


def _short(place: tuple[str, int, str]) -> str:
    file, _, name = place
    name = name.removeprefix("<built-in method ").removeprefix("<method ").rstrip(">").partition(" of ")[0]
    return name.strip("'<>") if file == "~" else f"{Path(file).stem}.{name}"


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only what has one of these in its name")
    parser.add_argument("--rounds", type=int, default=5)
    return parser


def main() -> None:
    """Read the arguments, measure, print."""
    options = reader().parse_args()
    torch.set_num_threads(1)
    print(load())
    print(f"{'milliseconds: median [least most]':<48}{'wall':>30}{'processor':>30}   mostly in")
    with tempfile.TemporaryDirectory() as scratch:
        for name, work in works(Path(scratch)):
            if options.names and not any(wanted in name for wanted in options.names):
                continue
            work()  # the first call imports and compiles
            times = []
            for _ in range(options.rounds):
                start = Instant.now()
                work()
                times.append(Instant.now().since(start))
            clocks = [spread([1000 * getattr(one, clock) for one in times]) for clock in ("wall", "processor")]
            print(f"{name:<48}{clocks[0]:>30}{clocks[1]:>30}   {where(work)}", flush=True)
    print(load())


if __name__ == "__main__":
    main()
