"""Features of 30-second clips on one core: librosa called plainly against ours, and ours in one process and in two.

Run it with ``python benchmarks/extraction.py [--audio FOLDER] [--clips N]``.  Without a folder the clips are made by
code.  Both ways get the same waveforms, in turn in one process with one thread; the table shows medians and quartiles
of wall and of processor time (which hardly feels what else the machine does), and the ratio of each clip's pair.  Then
the same clips go through our way in one process, and in two at once: where processor time a clip stays the same, twice
the processes do twice the work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from labsteps.features import numba_cache  # noqa: E402
from workbench.store.places import cache_dir  # noqa: E402

numba_cache.prepare(cache_dir(), print)

import librosa  # noqa: E402
import numpy as np  # noqa: E402

from labsteps.extraction.scan import scan  # noqa: E402
from labsteps.extraction.segments import clips  # noqa: E402
from labsteps.features.fused import fused  # noqa: E402

RATE, SECONDS = 22050, 30.0
Waveform = np.ndarray


def waveforms(folder: Path | None, count: int) -> list[Waveform]:
    if folder is None:
        return [made(number) for number in range(count)]
    files = scan(folder).files
    chosen = files[:: max(1, len(files) // count)][:count]
    return [clips(folder / file, "start", SECONDS)[0][1] for file in chosen]


def made(number: int) -> Waveform:
    """Return three harmonic voices over a beat of noise."""
    dice = np.random.default_rng(number)
    at = np.arange(int(SECONDS * RATE)) / RATE
    voices = sum(np.sin(2 * np.pi * pitch * n * at) / n for pitch in dice.uniform(80, 600, 3) for n in range(1, 6))
    beat = (at % (60 / dice.uniform(70, 150))) < 0.03
    return (0.05 * voices + 0.2 * beat * dice.standard_normal(len(at))).astype(np.float32)


def plainly(y: Waveform) -> tuple[Waveform, Waveform]:
    mel = librosa.feature.melspectrogram(y=y, sr=RATE, n_fft=2048, hop_length=512, n_mels=128)
    chroma = librosa.feature.chroma_cqt(y=y, sr=RATE, hop_length=512)
    _, beats = librosa.beat.beat_track(y=librosa.effects.hpss(y)[1], sr=RATE)
    synced = [librosa.util.sync(one, beats.tolist() or [0], aggregate=np.median) for one in (mel, chroma)]
    full, beat = (
        np.vstack((librosa.power_to_db(one, ref=np.max), other)) for one, other in ((mel, chroma), tuple(synced))
    )
    return full, beat


def ours(y: Waveform) -> tuple[Waveform, Waveform]:
    found = fused(y)
    return found.full, found.beat


def timed(way: Callable[[Waveform], object], y: Waveform) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    way(y)
    return time.perf_counter() - wall, time.process_time() - processor


def spread(values: Sequence[float]) -> str:
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    return f"{middle:8.2f}  [{low:.2f} {high:.2f}]"


def compare(heard: Sequence[Waveform]) -> None:
    apart = 0.0
    for one, other in zip(plainly(heard[0]), ours(heard[0]), strict=True):  # the first call of each compiles
        apart = max(apart, float(np.abs(one - other).max()))
    times: dict[str, list[tuple[float, float]]] = {"librosa": [], "ours": []}
    for number, y in enumerate(heard):
        ways = (("librosa", plainly), ("ours", ours))
        for name, way in ways if number % 2 else ways[::-1]:
            times[name].append(timed(way, y))
    print(f"{len(heard)} clips of {SECONDS:.0f} s, one thread; greatest difference on the first one {apart:.1e}")
    print(f"{'':10}{'wall s a clip':<28}processor s a clip")
    for name, found in times.items():
        print(f"{name:<10}{spread([wall for wall, _ in found]):<28}{spread([processor for _, processor in found])}")
    pairs = list(zip(times["librosa"], times["ours"], strict=True))
    ratios = [[plain[kind] / own[kind] for plain, own in pairs] for kind in (0, 1)]
    print(f"{'ratio':<10}{spread(ratios[0]):<28}{spread(ratios[1])}")


def together(processes: int, options: argparse.Namespace) -> tuple[float, float]:
    """Return wall seconds and mean processor seconds a clip of `processes` at once, each with all of the clips."""
    command = [sys.executable, __file__, "--work", "--clips", str(options.clips)]
    command += ["--audio", str(options.audio)] if options.audio else []
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
    told = [json.loads(one.communicate()[0].splitlines()[-1]) for one in started]
    return max(one["wall"] for one in told), float(np.mean([one["processor"] for one in told]))


def work(heard: Sequence[Waveform]) -> None:
    ours(heard[0])
    times = [timed(ours, y) for y in heard]
    wall, processor = (sum(values) for values in zip(*times, strict=True))
    print(json.dumps({"wall": wall, "processor": processor / len(heard)}))


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audio", type=Path)
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    return parser


def main() -> None:
    options = reader().parse_args()
    heard = waveforms(options.audio, options.clips)
    if options.work:
        return work(heard)
    compare(heard)
    (one, alone), (two, beside) = together(1, options), together(2, options)
    print(f"two processes do {2 * one / two:.2f} times the work of one in the same wall time;")
    cores = len(os.sched_getaffinity(0))
    print(f"processor s a clip: {alone:.2f} alone, {beside:.2f} beside another ({cores} cores here)")
    return None


if __name__ == "__main__":
    main()
