"""Whether bf16 learns what float32 learns: the same trainings with both, over several seeds.

Run it with ``python benchmarks/precision_parity.py [--seeds N] [--epochs N] [--data ROOT] [NETWORK …]``, by default on
the demo set.  A seed decides the split, the first weights, the order and the dropout, and both arithmetics get the
same, so that their scores can be compared in pairs.  A network is evaluated as it was trained, on the test set, by the
weights of its best epoch.  The interval of the mean difference is Student's, over the seeds: what it leaves open is how
much better or worse bf16 may be for another seed's sake, not for another test set's.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks import load  # isort: skip  (puts us on the path)

import torch
from scipy.stats import t as student

from labsteps.catalogue import catalogue
from labsteps.evaluation.classification import macro_f1_of
from labsteps.models.saved import Description, build
from labsteps.steps.genre import FEATURE_KINDS, genre_data
from labsteps.training.inference import evaluate
from labsteps.training.loop import Settings, train
from labsteps.training.precision import Arithmetic, has_bf16
from workbench.runner.context import RunContext
from workbench.store.session import Session
from workbench.store.sessions import Sessions

ARITHMETICS = ("float32", "bf16")
SCORES = ("accuracy", "macro-F1", "cross entropy")


@dataclass(frozen=True)
class Network:
    """A network as it is trained here."""

    architecture: str
    settings: Mapping[str, Any]
    features: str
    crop_frames: int
    learning_rate: float = 1e-3


NETWORKS = {
    "CNN": Network("cnn", {"channels": 16}, "mel", 128),
    "LSTM beat": Network("lstm", {"hidden_size": 64, "bidirectional": True, "pooling": "attention"}, "beat mel", 0),
    "AST": Network("ast", {"model_size": "tiny224", "input_tdim": 128, "fstride": 16, "tstride": 16}, "mel", 128, 3e-4),
}


def scores(
    network: Network, precision: str, seed: int, epochs: int, session: Session
) -> tuple[dict[str, float], float]:
    """Train once, and return the scores on the test set and the seconds that training took."""
    kind = FEATURE_KINDS[network.features]
    record = {"part": "7.1β", "seed": seed, "device": "cpu", "parameters": {}, "data_root": str(session.data_root)}
    run = session.create_run(record)
    with run.take(), run.writer() as events:
        context = RunContext(run, session, catalogue(), events, str)
        data = genre_data(context, kind.rows, beat=kind.beat)
        rows = kind.rows.indices(140)
        about = Description(
            network.architecture, network.settings, 0.2, kind.name, kind.beat, (rows[0], rows[1]), data.classes
        )
        model = build(about, data.mean, data.deviation, seed)
        settings = Settings(epochs, 16, network.learning_rate, seed, crop_frames=network.crop_frames)
        arithmetic = Arithmetic(precision, 1)
        start = time.perf_counter()
        train(model, data.task, data.train, data.validation, settings, arithmetic, context)
        seconds = time.perf_counter() - start
        outputs = evaluate(model, data.test, arithmetic, context)
    said, true = torch.from_numpy(outputs), torch.from_numpy(data.test.targets)
    predicted = outputs.argmax(axis=1)
    found = {
        "accuracy": float((predicted == data.test.targets).mean()),
        "macro-F1": float(macro_f1_of(data.test.targets, predicted, len(data.classes)) or 0.0),
        "cross entropy": float(data.task.loss(said, true)),
    }
    return found, seconds


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of differences, by Student's t."""
    half = float(student.ppf(0.975, len(differences) - 1)) * statistics.stdev(differences) / math.sqrt(len(differences))
    mean = statistics.fmean(differences)
    return mean - half, mean + half


def compare(name: str, seeds: int, epochs: int, session: Session) -> None:
    """Train with each seed and each arithmetic, in turn, and print a line a score."""
    found: dict[str, list[dict[str, float]]] = {precision: [] for precision in ARITHMETICS}
    taken: dict[str, list[float]] = {precision: [] for precision in ARITHMETICS}
    for seed in range(seeds):
        for precision in ARITHMETICS:
            values, seconds = scores(NETWORKS[name], precision, seed, epochs, session)
            found[precision].append(values)
            taken[precision].append(seconds)
            told = ", ".join(f"{key} {value:.4f}" for key, value in values.items())
            print(f"  {name}, seed {seed}, {precision}: {told}, {seconds:.1f} s", file=sys.stderr, flush=True)
    for score in SCORES:
        each = {precision: [values[score] for values in found[precision]] for precision in ARITHMETICS}
        differences = [b - a for a, b in zip(each["float32"], each["bf16"], strict=True)]
        low, high = interval(differences)
        cells = [f"{statistics.fmean(each[p]):.4f} ± {statistics.stdev(each[p]):.4f}" for p in ARITHMETICS]
        print(
            f"{name + ', ' + score:<28}{cells[0]:>20}{cells[1]:>20}{statistics.fmean(differences):>+12.4f}"
            f"   [{low:+.4f} {high:+.4f}]",
            flush=True,
        )
    ratios = [a / b for a, b in zip(taken["float32"], taken["bf16"], strict=True)]
    print(f"{name + ', times as fast':<28}{statistics.median(ratios):>40.2f}   [{min(ratios):.2f} {max(ratios):.2f}]")


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"{', '.join(NETWORKS)}; all by default")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--data", type=Path)
    return parser


def main() -> None:
    """Read the arguments, train, print."""
    options = reader().parse_args()
    if unknown := [name for name in options.networks if name not in NETWORKS]:
        reader().error(f"no network {unknown[0]!r}: there are {', '.join(NETWORKS)}")
    if not has_bf16("cpu"):
        print("This processor has no bf16 of its own: the numbers stand, the times say nothing.", file=sys.stderr)
    torch.set_flush_denormal(True)
    data = options.data
    if data is None:
        made = [sys.executable, "-m", "workbench", "data", "demo"]
        data = Path(subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip())
    print(f"{options.seeds} seeds, {options.epochs} epochs; {load()}")
    print(f"{'test set: mean ± deviation':<28}{'float32':>20}{'bf16':>20}{'difference':>12}   95 % interval")
    with tempfile.TemporaryDirectory() as scratch:
        session = Sessions(Path(scratch)).create("parity", data_root=str(data))
        for name in options.networks or NETWORKS:
            compare(name, options.seeds, options.epochs, session)


if __name__ == "__main__":
    main()
