"""Cost of an epoch of data and memory as the data set grows: ``python benchmarks/scale.py [--largest SHARE]``.

Packs of up to 100,000 clips of beats and 20,000 whole clips lie in the cache folder as sparse files: they have the size
of real ones (4.4 and 14.5 GB) and take no disk.  Their clips are read from one region of the file again and again, so
that neither the disk nor the system's file cache is measured; ``--region 0`` reads each clip where it lies.  Each size
is read in a process of its own, in the batches of three epochs, by the feed that trainings use.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.beside.data_set import BEAT, FULL, LONGEST, ROWS, SHORTEST
from benchmarks.beside.side import memory
from labsteps.data.pack import CHROMA, MEL, open_pack
from labsteps.training.feed import Clips
from workbench.store.places import cache_dir

SIZES = {BEAT: (12_500, 25_000, 50_000, 100_000), FULL: (2_500, 5_000, 10_000, 20_000)}
FRAMES = {BEAT: (SHORTEST, LONGEST), FULL: (1291, 1293)}
BATCH = 32
EPOCHS = 3
REGION = 2**28  # bytes, more than any processor's caches
LOOKS = 64  # batches between two looks at the memory


def sparse_pack(folder: Path, kind: str, clips: int) -> Path:
    """Write a pack whose frames are a hole in a file, and return its folder."""
    low, high = FRAMES[kind]
    dice = np.random.default_rng(clips)
    lengths = dice.integers(low, high + 1, clips)
    folder.mkdir()
    columns = {"ids": np.arange(clips), "lengths": lengths, "labels": dice.integers(0, 10, clips)}
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column.astype(np.int64))
    widths = {"mel": len(range(ROWS)[MEL]), "chroma": len(range(ROWS)[CHROMA])}
    for name, width in widths.items():
        shape = (int(lengths.sum()), width)
        with (folder / f"{name}.npy").open("wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
            file.truncate(file.tell() + 4 * shape[0] * shape[1])
    files = {f"{name}.npy": {"size": (folder / f"{name}.npy").stat().st_size} for name in [*columns, *widths]}
    manifest = {"format": 2, "folder": kind, "split": "train", "fingerprint": "none", "axes": [], "files": files}
    genres = [f"genre {number}" for number in range(10)]
    (folder / "pack.json").write_text(json.dumps({**manifest, "genres": genres}), encoding="utf-8")
    return folder


def read(folder: Path, region: int) -> dict[str, float]:
    """Go through epochs of a pack; return the last one's seconds and the most memory that could not be reclaimed."""
    before = memory()["unreclaimable"]
    pack = open_pack(folder)
    assert pack.labels is not None
    if region:
        pack = replace(
            pack, starts=pack.starts % max(1, region // (4 * len(range(ROWS)[MEL])) - int(pack.lengths.max()))
        )
    feed, most, times = Clips(pack, MEL, pack.labels).feed("cpu"), 0, []
    for epoch in range(EPOCHS):
        start, worked = time.perf_counter(), time.process_time()
        plan = feed.plan(BATCH, 0, 0, epoch)
        planned = time.perf_counter() - start
        for number, _ in enumerate(feed.batches(plan)):
            if number % LOOKS == 0:
                most = max(most, memory()["unreclaimable"] - before)
        times.append((time.perf_counter() - start, time.process_time() - worked, planned))
    size = int(pack.lengths.sum()) * len(range(ROWS)[MEL]) * 4
    wall, processor, planned = times[-1]
    return {"wall": wall, "processor": processor, "plan": planned, "bytes": size, "unreclaimable": most}


def reader() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=float, default=1.0, help="share of the sizes, for a short try")
    parser.add_argument("--region", type=int, default=REGION, help="bytes that are read again and again; 0 = all")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    return parser


def main() -> None:
    asked = reader().parse_args()
    if asked.read:
        print(json.dumps(read(asked.read, asked.region)))
        return
    print(f"load {os.getloadavg()[0]:.1f}; the third epoch of each size, batches of {BATCH}, mel rows")
    print("| kind | clips | GB | epoch, s | processor s | order and plan, s | µs a clip | GB/s | held, MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    cache_dir().mkdir(parents=True, exist_ok=True)
    for kind, sizes in SIZES.items():
        for clips in (int(asked.largest * size) for size in sizes):
            with tempfile.TemporaryDirectory(dir=cache_dir()) as place:
                folder = sparse_pack(Path(place) / "pack", kind, clips)
                command = [sys.executable, __file__, "--read", str(folder), "--region", str(asked.region)]
                told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            name, wall = "beats" if kind == BEAT else "whole", told["wall"]
            print(
                f"| {name} | {clips:,} | {told['bytes'] / 1e9:.2f} | {wall:.2f} | {told['processor']:.2f} | "
                f"{told['plan']:.3f} | {1e6 * told['processor'] / clips:.1f} | {told['bytes'] / wall / 1e9:.1f} | "
                f"{told['unreclaimable'] / 1e6:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
