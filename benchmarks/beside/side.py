"""One side of a comparison in a process of its own: it gets ready, then does steps when it is asked to.

``python -m benchmarks.beside.side KEY plain|ours|copy ROOT CACHE CLIPS``, where 0 clips are all.  Commands come as
JSON lines on stdin, answers go to stdout.  Both sides tell a `Meter` when a step begins, and wait there while it is the
other side's turn, so neither is measured while the other computes.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.beside.data_set import SEED
from benchmarks.beside.rows import DATA, TRAININGS, Training

CLIPS_OF_STATISTICS = 64


class Meter:
    """Times steps, and waits at the beginning of one until some are asked for."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self._marks: list[tuple[float, float]] = []
        self._dropped = self._wanted = 0

    def tick(self) -> None:
        """Say that a step begins."""
        if self._dropped:
            self._dropped -= 1
        if not self._wanted:
            say({"ready": True, **self.about, **memory()})
            self._wait()
        elif not self._dropped:
            self._marks.append((time.perf_counter(), time.process_time()))
            if len(self._marks) > self._wanted:
                self._answer()
                self._wait()

    def _answer(self) -> None:
        pairs = list(zip(self._marks, self._marks[1:], strict=False))
        wall, processor = ([after[i] - before[i] for before, after in pairs] for i in (0, 1))
        say({"seconds": wall, "processor": processor, **memory()})

    def _wait(self) -> None:
        line = sys.stdin.readline()
        if not line:
            raise SystemExit
        asked = json.loads(line)
        # Steps right after a pause find their data made and their caches cold: they are done and not told.
        self._wanted, self._dropped = asked["steps"], asked["dropped"]
        self._marks = [] if self._dropped else [(time.perf_counter(), time.process_time())]


def memory() -> dict[str, int]:
    """Return the bytes of this process that cannot be reclaimed, and all that are resident."""
    found = {}
    try:
        for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, _, value = line.partition(":")
            found[name] = int(value.split()[0]) * 1024
    except OSError:
        return {"unreclaimable": 0, "resident": 0}
    return {"unreclaimable": found["Anonymous"], "resident": found["Rss"]}


def say(answer: Mapping[str, Any]) -> None:
    """Send one answer."""
    print(json.dumps(answer), flush=True)


def plain_training(row: Training, root: Path, first: int, meter: Meter) -> None:
    """Train the plain way until nobody asks for more."""
    import torch

    from benchmarks.beside import plain

    clips = plain.PlainClips(root / row.folder / "train", row.crop, first)
    torch.manual_seed(SEED)
    model = plain.model_of(row.network, row.settings, len(clips.classes))
    optimizer, batches = plain.optimizer_of(model), plain.loader(clips, row.batch_size)
    meter.about = {"arithmetic": f"float32, {torch.get_num_threads()} threads", "clips": len(clips)}
    while True:
        for batch in batches:
            meter.tick()
            plain.step(model, optimizer, batch)


def our_training(row: Training, root: Path, cache: Path, meter: Meter) -> None:
    """Train by the workbench's own loop, with its data, its checkpoints and the arithmetic that its probe chooses."""
    import torch

    from labsteps.training.loop import train
    from labsteps.training.losses import Classification

    torch.set_flush_denormal(True)  # as the worker does
    clips, classes, statistics = our_clips(row.folder, root, cache)
    with tempfile.TemporaryDirectory() as place:
        context = BenchContext(Path(place))
        model, arithmetic, settings = ours(row, clips, classes, statistics, context)
        own = {"ast": f", {arithmetic.attention} attention", "lstm": f", {arithmetic.recurrence}"}.get(row.network, "")
        meter.about = {
            "arithmetic": f"{arithmetic.precision}, {arithmetic.threads} threads{own}",
            "precision": arithmetic.precision,
            "clips": len(clips),
        }
        model.register_forward_pre_hook(lambda *_: meter.tick())
        train(model, Classification(classes), clips, None, settings, arithmetic, context)


def ours(
    row: Training, clips: Any, classes: tuple[str, ...], statistics: tuple[Any, Any], context: BenchContext
) -> tuple[Any, Any, Any]:
    """Return our network, the arithmetic that is chosen for it on the context's device, and how it is trained."""
    from labsteps.models.saved import Description, build
    from labsteps.training.loop import Settings
    from labsteps.training.precision import choose

    about = Description(row.network, row.settings, 0.0, "mel", row.folder.endswith("beat"), (0, 128), classes)
    model = build(about, *statistics, SEED)
    frames = int(clips.pack.lengths.max())
    crop = int(getattr(model.backbone, "window_frames", row.crop))
    arithmetic = choose(
        model,
        context.device,
        precision="auto",
        threads=0,
        batch_size=row.batch_size,
        frames=min(crop, frames) if crop else frames,
        rows=128,
        loss=lambda outputs: outputs.square().mean(),
        cache=context.cache,
    )
    return model, arithmetic, Settings(100_000, row.batch_size, 1e-3, SEED, crop_frames=crop)


def our_clips(folder: str, root: Path, cache: Path) -> tuple[Any, tuple[str, ...], tuple[Any, Any]]:
    """Return the training clips' mel rows, the classes, and mean and deviation of each row."""
    import numpy as np
    import torch

    from labsteps.data.classes import ClassScheme
    from labsteps.data.folders import DataFolder
    from labsteps.data.normalise import Normaliser
    from labsteps.data.pack import MEL, pack
    from labsteps.training.feed import Clips
    from workbench.store.folder_cache import FolderCache

    packed = pack(root, DataFolder(folder), "train", FolderCache(cache)).with_classes(ClassScheme())
    assert packed.labels is not None
    fitted = Normaliser.fit(packed, np.arange(min(CLIPS_OF_STATISTICS, len(packed))), MEL)
    statistics = torch.from_numpy(fitted.mean).float(), torch.from_numpy(fitted.deviation).float()
    return Clips(packed, MEL, packed.labels), packed.classes, statistics


class BenchContext:
    """What the training loop is given: checkpoints are real, nobody asks for anything."""

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        from labsteps.profile import Profile
        from workbench.store.checkpoints import CheckpointStore
        from workbench.store.folder_cache import FolderCache

        self.device, self.profile = device, Profile(on=False)
        self.cache = FolderCache(folder / "cache")
        self._checkpoints = CheckpointStore(folder / "checkpoints")

    def emit(self, kind: str, **fields: Any) -> None:
        """Take an event."""

    def stop_requested(self) -> bool:
        """Return False."""
        return False

    def requests(self) -> Sequence[Mapping[str, Any]]:
        """Return nothing."""
        return []

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        """Write a checkpoint as a run does."""
        self._checkpoints.save(step, write, info)

    def load_state(self, usable: Callable[[Any], None] | None = None) -> None:
        """Return nothing."""


def data_alone(side: str, folder: str, root: Path, cache: Path, first: int, meter: Meter) -> None:
    """Make the batches of epochs one after the other and throw them away."""
    batches = {"plain": partial(_plain_batches, first), "ours": _our_batches, "copy": partial(_copies, meter)}
    for _ in batches[side](folder, root, cache):
        meter.tick()


def _plain_batches(first: int, folder: str, root: Path, _cache: Path) -> Iterator[object]:
    from benchmarks.beside import plain

    batches = plain.loader(plain.PlainClips(root / folder / "train", first=first))
    while True:
        yield from batches


def _our_batches(folder: str, root: Path, cache: Path) -> Iterator[object]:
    clips, _, _ = our_clips(folder, root, cache)
    feed, epoch = clips.feed("cpu"), 0
    while True:
        yield from feed.batches(feed.plan(32, 0, SEED, epoch))
        epoch += 1


def _copies(meter: Meter, folder: str, root: Path, cache: Path) -> Iterator[object]:
    """Copy the bytes of each clip's mel rows from where they lie to one buffer: what memory alone allows."""
    import numpy as np

    clips, _, _ = our_clips(folder, root, cache)
    mel, starts, sizes = clips.pack.mel.reshape(-1), clips.pack.starts * 128, clips.pack.lengths * 128
    meter.about = {"bytes": 4.0 * float(sizes.sum())}
    feed, epoch = clips.feed("cpu"), 0
    buffer = np.empty(32 * int(sizes.max()), np.float32)
    while True:
        for batch in feed.plan(32, 0, SEED, epoch):
            place = 0
            for start, size in zip(starts[batch.positions].tolist(), sizes[batch.positions].tolist(), strict=True):
                buffer[place : place + size] = mel[start : start + size]
                place += size
            yield None
        epoch += 1


def main(key: str, side: str, root: Path, cache: Path, first: int) -> None:
    meter = Meter()
    if key in DATA:
        return data_alone(side, DATA[key][1], root, cache, first, meter)
    row = next(row for row in TRAININGS if row.key == key)
    if side == "plain":
        return plain_training(row, root, first, meter)
    return our_training(row, root, cache, meter)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
