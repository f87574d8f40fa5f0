"""Where and how long it is measured, and the data that is measured with."""

from __future__ import annotations

import copy
import gc
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.beside import plain
from benchmarks.beside.data_set import BEAT
from benchmarks.beside.rows import TRAININGS, Training
from benchmarks.beside.side import BenchContext, our_clips
from labsteps.training.feed import Clips

Row = dict[str, Any]


@dataclass(eq=False)
class Plan:
    """What the measurements share.

    Attributes
    ----------
    device
        ``cuda:N``; ``cpu`` is for trying the benchmark out, with next to no work in it.
    quick
        Whether few rounds are enough.
    root, cache
        The data set, and where its packs are kept.
    frames
        Of its whole clips.
    """

    device: str
    quick: bool
    root: Path
    cache: Path
    frames: int
    _kept: dict[object, Any] = field(default_factory=dict)
    _contexts: Iterator[int] = field(default_factory=itertools.count)

    @property
    def small(self) -> bool:
        """Whether networks and clips are tiny, so that a CPU is soon done."""
        return self.device == "cpu"

    @property
    def rounds(self) -> int:
        """Turns of each side."""
        return 2 if self.small else 3 if self.quick else 5

    @property
    def seconds(self) -> float:
        """Seconds that a side has in each round, about."""
        return 0.0 if self.small else 0.5 if self.quick else 1.5

    def training(self, key: str) -> Training:
        """Return a training of the table, tiny where everything is."""
        row = next(row for row in TRAININGS if row.key == key)
        if not self.small:
            return row
        settings: Mapping[str, Mapping[str, Any]] = {
            "lstm": {"hidden_size": 4},
            "cnn": {"channels": 2},
            "ast": {"input_tdim": self.frames, "fstride": 16, "tstride": 16},
        }
        crop = 0 if row.folder == BEAT else min(row.crop or self.frames, 32)
        return replace(row, batch_size=2, crop=crop, settings={**row.settings, **settings[row.network]})

    def clips(self, folder: str) -> tuple[Clips, tuple[str, ...], tuple[Any, Any]]:
        """Return the training clips, the classes, and mean and deviation of each row; the same each time."""
        found: tuple[Clips, tuple[str, ...], tuple[Any, Any]] = self._once(
            folder, lambda: our_clips(folder, self.root, self.cache)
        )
        return found

    def plain_clips(self, row: Training) -> plain.PlainClips:
        """Return the same clips the plain way, each file read once."""
        whole = self._once((row.folder, "plain"), lambda: plain.PlainClips(self.root / row.folder / "train"))
        cropped = copy.copy(whole)
        cropped.max_length = row.crop or whole.max_length
        cropped.lengths = [min(length, cropped.max_length) for length in whole.lengths]
        return cropped

    def context(self, scratch: Path) -> BenchContext:
        """Return a new context for the training loop."""
        return BenchContext(scratch / str(next(self._contexts)), self.device)

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def attempt(section: str, title: str, work: Callable[[], Sequence[Row]]) -> list[Row]:
    """Return what was measured, or a row that says why it could not be."""
    try:
        return [{"section": section, **row} for row in work()]
    except Exception as error:  # a setting that fails must not cost the others
        told = (str(error).strip() or repr(error)).splitlines()[0]
        return [{"section": section, "title": title, "error": f"{type(error).__name__}: {told}"}]
    finally:
        clear()


def clear() -> None:
    """Let go what a measurement left: its memory on the GPU, and what the compiler has made."""
    compiler = sys.modules.get("torch._dynamo")  # as an attribute of torch it would be loaded
    if compiler is not None:
        with suppress(Exception):  # it runs after failures, and what fails here must not cost the other rows
            compiler.reset()
    gc.collect()
    if torch.cuda.is_available():
        with suppress(RuntimeError):  # after a fault of the GPU nothing works any more; the rows after it say so
            torch.cuda.empty_cache()


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for checkpoints."""
    return tempfile.TemporaryDirectory(prefix="bench-gpu-")
