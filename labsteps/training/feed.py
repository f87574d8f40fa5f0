"""Batches of clips as tensors on the device.

The frames stay in the memory-mapped pack and the next batch is put together on a thread while the model works;
on a GPU whose memory holds them twice over, the frames are copied there once and batches are cut on the device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from labsteps.data.batches import bucketed_batches, crop_offsets, iterate, permutation, sorted_batches
from labsteps.data.clip_files import quietest
from labsteps.data.digits import Digits
from labsteps.data.pack import Pack


class Batches(Protocol):
    """Examples as batches of tensors on a device, in an order that is a function of seed and epoch."""

    def plan(self, batch_size: int, crop_frames: int, seed: int, epoch: int) -> list[Planned]:
        """Return the batches of a training epoch."""
        ...

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return the batches of an evaluation, every example whole."""
        ...

    def batches(self, plan: Sequence[Planned]) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield inputs, lengths and targets of each planned batch."""
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

    def __len__(self) -> int:
        return len(self.pack)

    def feed(self, device: str) -> Batches:
        """Return the clips as batches on a device."""
        return Feed(self, device)


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
    """

    def __init__(self, clips: Clips, device: str) -> None:
        self.clips, self.device = clips, torch.device(device)
        self._resident = self._load_whole() if self.device.type == "cuda" and self._fits() else None

    def plan(self, batch_size: int, crop_frames: int, seed: int, epoch: int) -> list[Planned]:
        """Return the batches of a training epoch: like lengths together, crops anywhere in the clip."""
        lengths = self.clips.pack.lengths
        crop = crop_frames or None
        heard = np.minimum(lengths, crop) if crop else lengths
        offsets = crop_offsets(lengths, crop, seed, epoch) if crop else None
        return [Planned(batch, offsets, crop) for batch in bucketed_batches(heard, batch_size, seed, epoch)]

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return batches of whole clips, shortest first, for evaluation."""
        return [Planned(batch, None, None) for batch in sorted_batches(self.clips.pack.lengths, batch_size)]

    def batches(self, plan: Sequence[Planned]) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield features (B, T, F) float32, lengths (B,) int64 and targets of each planned batch."""
        if not plan:
            return
        if self._resident is not None:
            yield from (self._cut(batch) for batch in plan)
            return
        source = iterate(
            self.clips.pack,
            [batch.positions for batch in plan],
            self.clips.rows,
            crop=plan[0].crop,
            offsets=plan[0].offsets,
            reuse=True,
        )
        for indices, x, lengths in source:
            targets = torch.from_numpy(self.clips.targets[indices])
            yield self._send(torch.from_numpy(x)), self._send(torch.from_numpy(lengths)), self._send(targets)

    def _send(self, tensor: Tensor) -> Tensor:
        if self.device.type != "cuda":
            return tensor
        return tensor.pin_memory().to(self.device, non_blocking=True)

    def _fits(self) -> bool:
        width = len(range(*self.clips.rows.indices(self.clips.pack.frames.shape[1])))
        needed = int(self.clips.pack.lengths.sum()) * width * 4
        return needed < torch.cuda.mem_get_info(self.device)[0] // 2

    def _load_whole(self) -> tuple[Tensor, Tensor]:
        """Return this set's frames one clip after the other on the device, and where each clip begins."""
        pack = self.clips.pack
        frames = np.concatenate([pack.clip(i)[:, self.clips.rows] for i in range(len(pack))])
        starts = np.concatenate(([0], np.cumsum(pack.lengths)[:-1]))
        return torch.from_numpy(frames).to(self.device), torch.from_numpy(starts).to(self.device)

    def _cut(self, batch: Planned) -> tuple[Tensor, Tensor, Tensor]:
        assert self._resident is not None
        frames, starts = self._resident
        pack = self.clips.pack
        begin = batch.offsets[batch.positions] if batch.offsets is not None else np.zeros_like(batch.positions)
        taken = pack.lengths[batch.positions] - begin
        taken = np.minimum(taken, batch.crop) if batch.crop else taken
        lengths = torch.from_numpy(taken).to(self.device)
        first = starts[torch.from_numpy(batch.positions).to(self.device)] + torch.from_numpy(begin).to(self.device)
        steps = torch.arange(int(taken.max()), device=self.device)
        index = (first.unsqueeze(1) + steps).clamp(max=len(frames) - 1)  # (B, T)
        silence = torch.from_numpy(quietest(self.clips.rows)).to(self.device)
        x = torch.where((steps < lengths.unsqueeze(1)).unsqueeze(2), frames[index], silence)  # (B, T, F)
        targets = torch.from_numpy(self.clips.targets[batch.positions]).to(self.device)
        return x, lengths, targets


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

    def plan(self, batch_size: int, crop_frames: int, seed: int, epoch: int) -> list[Planned]:
        """Return the batches of a training epoch, in random order; pictures are never cropped."""
        return _cut(permutation(len(self.images), seed, epoch), batch_size)

    def plan_in_order_of_length(self, batch_size: int) -> list[Planned]:
        """Return batches in the order of the pictures, which are all of one size."""
        return _cut(np.arange(len(self.images)), batch_size)

    def batches(self, plan: Sequence[Planned]) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield pixels (B, 28, 28) float32 in 0…1, lengths (B,) int64 and digits (B,) int64 of each planned batch."""
        for batch in plan:
            chosen = torch.from_numpy(batch.positions).to(self.images.device)
            x = self.images[chosen].float() / 255
            yield x, torch.full_like(chosen, x.shape[1]), self.targets[chosen]


def _cut(order: np.ndarray, batch_size: int) -> list[Planned]:
    return [Planned(order[begin : begin + batch_size], None, None) for begin in range(0, len(order), batch_size)]
