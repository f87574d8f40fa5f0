"""Time to draw a curve of 3 x 500 points at 120 x 40 cells: plotext alone against the workbench's drawer.

Run it with ``python benchmarks/plot_curve.py [repeats]``.  Both make a rich ``Text`` from the same points,
in turn in one process; the table shows median, quartiles and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import plotext
from rich.text import Text

from labsteps.results import Axis, Curve, Series
from workbench.plots.terminal import Style, draw

WIDTH, HEIGHT = 120, 40


def noisy_losses(points: int) -> Curve:
    dice = random.Random(0)
    steps = tuple(float(step) for step in range(1, points + 1))
    names = ("train", "validation", "smoothed")
    series = [
        Series(name, steps, tuple(2.3 * math.exp(-3 * s / points) + 0.2 * i + abs(dice.gauss(0, 0.2)) for s in steps))
        for i, name in enumerate(names)
    ]
    return Curve("Loss", Axis("step"), Axis("loss", "nats"), tuple(series))


def by_plotext(figure: Curve) -> Text:
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(WIDTH, HEIGHT)
    for series in figure.series:
        plotext.plot(list(series.x), list(series.y), marker="braille", label=series.name)
    plotext.xlabel(figure.x_axis.label)
    plotext.ylabel(figure.y_axis.label)
    return Text.from_ansi(plotext.build())


def by_workbench(figure: Curve) -> Text:
    return draw(figure, WIDTH, HEIGHT, style=Style())


def milliseconds(draws: Callable[[Curve], Text], figure: Curve) -> float:
    start = time.perf_counter()
    draws(figure)
    return 1000 * (time.perf_counter() - start)


def row(name: str, times: Sequence[float], base: float) -> str:
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{name:<22}{middle:>8.1f} ms   [{low:.1f} {high:.1f}]{base / middle:>9.1f} x"


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("repeats", nargs="?", type=int, default=30, help="times that each curve is drawn")
    repeats = reader.parse_args().repeats
    for points in (500, 10_000):
        figure = noisy_losses(points)
        by_plotext(figure), by_workbench(figure)
        times: dict[str, list[float]] = {"plotext": [], "workbench": []}
        for _ in range(repeats if points == 500 else max(3, repeats // 5)):
            times["plotext"].append(milliseconds(by_plotext, figure))
            times["workbench"].append(milliseconds(by_workbench, figure))
        print(f"3 x {points} points, {WIDTH} x {HEIGHT} cells: median [quartiles], against plotext alone")
        for name, taken in times.items():
            print(row(name, taken, statistics.median(times["plotext"])))


if __name__ == "__main__":
    main()
