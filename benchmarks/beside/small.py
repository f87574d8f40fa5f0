"""What is short: checkpoints, the bootstrap, a curve, features of a clip; ``python -m benchmarks.beside.small KEY N``.

Each is done the plain way and ours in turn, in one process; one JSON object with the seconds of each is printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

TRACKS, CLASSES, RESAMPLES = 575, 10, 10_000
PLAIN_RESAMPLES = 40
CURVE_POINTS = 500


def in_turn(ways: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Return the seconds of each way; a first time that is not told warms it up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for number in range(repeats):
        for name in list(ways)[:: 1 if number % 2 == 0 else -1]:
            start = time.perf_counter()
            ways[name]()
            times[name].append(time.perf_counter() - start)
    return times


def bootstrap(repeats: int) -> dict[str, Any]:
    """Draw 10,000 resamples of 575 tracks and 10 classes: accuracy, macro and micro F1."""
    from sklearn.metrics import f1_score

    from labsteps.evaluation.classification import averages, confusion_matrix
    from labsteps.evaluation.intervals import bootstrap_confusions, percentile_interval

    dice = np.random.default_rng(0)
    true = dice.integers(0, CLASSES, TRACKS)
    said = np.where(dice.random(TRACKS) < 0.45, true, dice.integers(0, CLASSES, TRACKS))

    def plain() -> None:
        for _ in range(PLAIN_RESAMPLES):
            chosen = dice.integers(0, TRACKS, TRACKS)
            f1_score(true[chosen], said[chosen], average="macro", zero_division=0)

    def ours() -> None:
        scores = averages(bootstrap_confusions(confusion_matrix(true, said, CLASSES), RESAMPLES, 0))
        for each in scores.values():
            percentile_interval(each)

    times = in_turn({"plain": plain, "ours": ours}, repeats)
    times["plain"] = [seconds * RESAMPLES / PLAIN_RESAMPLES for seconds in times["plain"]]
    return times


def curve(repeats: int) -> dict[str, Any]:
    """Draw a curve of 3 × 500 points at 120 × 40 cells, by plotext and by the workbench."""
    from benchmarks.plot_curve import by_plotext, by_workbench, noisy_losses

    figure = noisy_losses(CURVE_POINTS)
    return in_turn({"plain": lambda: by_plotext(figure), "ours": lambda: by_workbench(figure)}, repeats)


def extraction(repeats: int) -> dict[str, Any]:
    """Extract features of clips of 30 s, made by code, by plain librosa and by the workbench, on one core."""
    from benchmarks.extraction import made, ours, plainly

    clips = iter([clip for number in range(repeats + 1) for clip in [made(number)] * 2])
    return in_turn({"plain": lambda: plainly(next(clips)), "ours": lambda: ours(next(clips))}, repeats)


def checkpoints(repeats: int) -> dict[str, Any]:
    """Write and fsync a checkpoint of each network and its optimizer after one step, as a run does."""
    import torch

    from benchmarks.beside.rows import TRAININGS
    from benchmarks.beside.side import BenchContext
    from labsteps.models.saved import Description, build
    from labsteps.training.state import Learner, TrainState, save

    rows = {row.key: row for row in TRAININGS}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as place:
        ways = {}
        for name, key in (("LSTM", "lstm-full"), ("CNN", "cnn-130"), ("AST tiny", "ast-tiny")):
            outputs = tuple(map(str, range(CLASSES)))
            about = Description(rows[key].network, rows[key].settings, 0.0, "mel", False, (0, 128), outputs)
            model = build(about, torch.zeros(128), torch.ones(128), 0)
            optimizer = torch.optim.AdamW(model.parameters(), fused=True)
            sum(parameter.sum() for parameter in model.parameters()).backward()  # type: ignore[union-attr]
            optimizer.step()
            ways[name] = _saver(BenchContext(Path(place) / key), Learner(model, {}, optimizer), TrainState, save)
        return in_turn(ways, repeats)


def _saver(context: Any, learner: Any, state: Any, save: Callable[..., None]) -> Callable[[], None]:
    """Return what saves the next step."""
    now = state(epochs=1, learning_rate=1e-3)

    def once() -> None:
        now.step += 1
        save(context, learner, now, {}, {})

    return once


KEYS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "checkpoint": checkpoints,
    "curve": curve,
    "bootstrap": bootstrap,
    "extraction": extraction,
}

if __name__ == "__main__":
    print(json.dumps(KEYS[sys.argv[1]](int(sys.argv[2]))))
