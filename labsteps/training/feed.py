"""Batches of clips as tensors on the device.

The frames stay in the memory-mapped pack.  The next batches are put together on a thread while the model works, until
an epoch has brought the frames into the system's file cache, if that can hold them; for a GPU that thread puts them
into page-locked memory, and they are copied while the batch before is used.  On a GPU whose free memory holds all of
them twice over, the frames are copied there once and batches are cut on the device.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from labsteps.data.batches import (
    Batch,
    ahead,
    bucketed_batches,
    crop_offsets,
    iterate,
    permutation,
    random_batches,
    sorted_batches,
)
from labsteps.data.clip_files import N_ROWS, quietest
from labsteps.data.digits import Digits
from labsteps.data.pack import Pack

Three = tuple[Tensor, Tensor | None, Tensor]
Way = Literal["auto", "whole", "sent", "copied"]
CLIPS_AT_ONCE = 64


class Batches(Protocol):
    """Examples as batches of tensors on a device, in an order that is a function of seed and epoch."""

    def plan(
        self, batch_size: int, crop_frames: int, seed: int, epoch: int, *, bucketing: bool = True
    ) -> list[Planned]:
        """Return the batches of a training epoch, with clips of like length together or any."""
        ...

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return the batches of an evaluation, every example whole."""
        ...

    def batches(self, plan: Sequence[Planned]) -> Iterator[Three]:
        """Yield inputs, lengths and targets of each planned batch; they hold until the next one is asked for.

        Lengths are None where no example is padded, so that a model need not ask the device for it.
        """
        ...


class Examples(Protocol):
    """What the training loop learns from."""

    @property
    def targets(self) -> np.ndarray:
        """Class codes, or one value an axis."""
        ...

    def __len__(self) -> int: ...

    def feed(self, device: str) -> Batches:
        """Return the examples as batches on a device."""
        ...


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips of a pack with what is to be learnt from them.

    Attributes
    ----------
    pack
        The clips, in order.
    rows
        Which feature rows a model hears.
    targets : np.ndarray [shape=(N,), dtype=int64] or [shape=(N, A), dtype=float32]
        Class codes, or one value an axis.
    """

    pack: Pack
    rows: slice
    targets: np.ndarray
    _feeds: dict[str, Feed] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.pack)

    def feed(self, device: str) -> Batches:
        """Return the clips as batches on a device, the same object each time: what lies on a GPU is copied once."""
        if device not in self._feeds:
            self._feeds[device] = Feed(self, device)
        return self._feeds[device]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Digits to be learnt; small enough to lie on the device whole."""

    digits: Digits

    def __len__(self) -> int:
        return len(self.digits)

    @property
    def targets(self) -> np.ndarray:
        """What each is, 0 to 9."""
        return self.digits.labels

    def feed(self, device: str) -> Batches:
        """Return the pictures as batches on a device."""
        return PictureFeed(self, device)


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One batch to come: positions of its clips, and the crop of each (None takes whole clips)."""

    positions: np.ndarray
    offsets: np.ndarray | None
    crop: int | None


class Feed:
    """Turns plans into batches on a device.

    Parameters
    ----------
    clips
        Where the clips are.
    device
        Where the tensors go.
    way
        The frames lie on the device ``whole``, or batches are ``sent`` ahead from page-locked memory, or they are
        ``copied`` when they are used, which is what the others are measured beside; ``auto`` takes the first of them
        that there is room for on a GPU, and batches from the pack on a CPU.
    """

    def __init__(self, clips: Clips, device: str, way: Way = "auto") -> None:
        self.clips, self.device, self._way = clips, torch.device(device), way
        whole = way == "whole" or (way == "auto" and self.device.type == "cuda" and self._fits())
        self._resident = self._load_whole() if whole else None
        self._cached = False

    def plan(
        self, batch_size: int, crop_frames: int, seed: int, epoch: int, *, bucketing: bool = True
    ) -> list[Planned]:
        """Return the batches of a training epoch: like lengths together or any, crops anywhere in the clip."""
        lengths = self.clips.pack.lengths
        crop = crop_frames or None
        heard = np.minimum(lengths, crop) if crop else lengths
        offsets = crop_offsets(lengths, crop, seed, epoch) if crop else None
        batches = bucketed_batches if bucketing else random_batches
        return [Planned(batch, offsets, crop) for batch in batches(heard, batch_size, seed, epoch)]

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return batches of whole clips, shortest first, for evaluation."""
        return [Planned(batch, None, None) for batch in sorted_batches(self.clips.pack.lengths, batch_size)]

    def batches(self, plan: Sequence[Planned]) -> Iterator[Three]:
        """Yield features (B, T, F) float32, lengths (B,) int64 or None, and targets of each planned batch.

        The features hold until the next batch is asked for.
        """
        if not plan:
            return
        if self._resident is not None:
            yield from (self._cut(batch) for batch in plan)
            return
        on_gpu = self.device.type == "cuda"
        source = iterate(
            self.clips.pack,
            [batch.positions for batch in plan],
            self.clips.rows,
            crop=plan[0].crop,
            offsets=plan[0].offsets,
            prefetch=not on_gpu and not self._cached,
            reuse=True,
        )
        tensors = map(self._tensors, source)
        if not on_gpu:
            yield from tensors
        elif self._way == "copied":
            yield from map(self._copied, tensors)
        else:
            yield from self._sent(ahead(map(_pinned, tensors)))
        self._cached = self._bytes() < physical_memory() // 2  # so that nothing waits for the disk now

    def _bytes(self) -> int:
        return int(self.clips.pack.lengths.sum()) * len(range(N_ROWS)[self.clips.rows]) * 4

    def _tensors(self, batch: Batch) -> Three:
        targets = torch.from_numpy(self.clips.targets[batch.indices])
        padded = int(batch.lengths.min()) < batch.x.shape[1]
        return torch.from_numpy(batch.x), torch.from_numpy(batch.lengths) if padded else None, targets

    def _copied(self, batch: Three) -> Three:
        x, lengths, targets = batch
        return x.to(self.device), None if lengths is None else lengths.to(self.device), targets.to(self.device)

    def _sent(self, source: Iterator[Three]) -> Iterator[Three]:
        """Copy page-locked batches to the device on a stream of its own, each while the one before is used."""
        stream, waiting = torch.cuda.Stream(self.device), deque[tuple[Three, torch.cuda.Event]]()

        def arrived() -> Three:
            batch, copied = waiting.popleft()
            current = torch.cuda.current_stream(self.device)
            current.wait_event(copied)
            for tensor in batch:
                if tensor is not None:  # made on the other stream, so its memory must not go back there early
                    tensor.record_stream(current)
            return batch

        def send(tensor: Tensor) -> Tensor:
            return tensor.to(self.device, non_blocking=True)

        for x, lengths, targets in source:
            with torch.cuda.stream(stream):
                sent = (send(x), None if lengths is None else send(lengths), send(targets))
            waiting.append((sent, stream.record_event()))
            if len(waiting) > 1:
                yield arrived()
        while waiting:
            yield arrived()

    def _fits(self) -> bool:
        return self._bytes() < torch.cuda.mem_get_info(self.device)[0] // 2

    def _load_whole(self) -> _Whole:
        pack = self.clips.pack
        starts = np.concatenate(([0], np.cumsum(pack.lengths)))
        frames = torch.empty((int(starts[-1]), len(range(N_ROWS)[self.clips.rows])), device=self.device)
        # Some clips at a time, so that the machine's own memory never holds all of them.
        for first in range(0, len(pack), CLIPS_AT_ONCE):
            some = range(first, min(first + CLIPS_AT_ONCE, len(pack)))
            together = np.concatenate([pack.clip(i, self.clips.rows) for i in some])
            frames[starts[first] : starts[some.stop]] = torch.from_numpy(together).to(self.device)
        targets, silence = (
            torch.from_numpy(x).to(self.device) for x in (self.clips.targets, quietest(self.clips.rows))
        )
        return _Whole(frames, targets, silence, starts[:-1])

    def _cut(self, batch: Planned) -> Three:
        assert self._resident is not None
        frames, targets, silence, starts = self._resident
        pack = self.clips.pack
        begin = batch.offsets[batch.positions] if batch.offsets is not None else np.zeros_like(batch.positions)
        taken = pack.lengths[batch.positions] - begin
        taken = np.minimum(taken, batch.crop) if batch.crop else taken
        longest = int(taken.max())
        told = torch.from_numpy(np.stack((batch.positions, starts[batch.positions] + begin, taken)))
        positions, first, lengths = _without_waiting(told, self.device)  # (B,) each
        steps = torch.arange(longest, device=self.device)
        index = (first.unsqueeze(1) + steps).clamp(max=len(frames) - 1)  # (B, T)
        x = frames[index]  # (B, T, F)
        if int(taken.min()) == longest:
            return x, None, targets[positions]
        return torch.where((steps < lengths.unsqueeze(1)).unsqueeze(2), x, silence), lengths, targets[positions]


class _Whole(NamedTuple):
    """A set on a device: its frames (T of all clips, F), one clip after the other, and where each clip begins (N,)."""

    frames: Tensor
    targets: Tensor
    silence: Tensor
    starts: np.ndarray


def _without_waiting(tensor: Tensor, device: torch.device) -> Tensor:
    """Copy to a device; to a GPU from page-locked memory, since a copy from any other waits for all it was given."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def physical_memory() -> int:
    """Return the bytes of memory that this machine has, 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _pinned(batch: Three) -> Three:
    """Return a batch in page-locked memory, from where a GPU takes it without waiting."""
    x, lengths, targets = batch
    return x.pin_memory(), None if lengths is None else lengths.pin_memory(), targets.pin_memory()


class PictureFeed:
    """Turns plans into batches of pictures on a device.

    Parameters
    ----------
    pictures
        The pictures.
    device
        Where the tensors go.
    """

    def __init__(self, pictures: Pictures, device: str) -> None:
        self.images = torch.from_numpy(np.ascontiguousarray(pictures.digits.images)).to(device)
        self.targets = torch.from_numpy(pictures.targets).to(device)

    def plan(
        self, batch_size: int, crop_frames: int, seed: int, epoch: int, *, bucketing: bool = True
    ) -> list[Planned]:
        """Return the batches of a training epoch, in random order; pictures are never cropped, and of one size."""
        return _cut(permutation(len(self.images), seed, epoch), batch_size)

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return batches in the order of the pictures, which are all of one size."""
        return _cut(np.arange(len(self.images)), batch_size)

    def batches(self, plan: Sequence[Planned]) -> Iterator[Three]:
        """Yield pixels (B, 28, 28) float32 in 0…1, None and digits (B,) int64 of each planned batch."""
        for batch in plan:
            chosen = _without_waiting(torch.from_numpy(batch.positions), self.images.device)
            x = self.images[chosen].float() / 255
            yield x, None, self.targets[chosen]


def _cut(order: np.ndarray, batch_size: int) -> list[Planned]:
    return [Planned(order[begin : begin + batch_size], None, None) for begin in range(0, len(order), batch_size)]
