"""The plain way that ours is measured beside, written anew from a description of the course's helper.

Every file is read as float64 into a list, a clip is padded when it is asked for, torch's `DataLoader` makes batches of
it in random order, recurrent layers run over packed sequences, all in float32, with Adam.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.data import DataLoader, Dataset

from labsteps.models.transformer import AST

MEL_ROWS = 128


class PlainClips(Dataset[tuple[np.ndarray, int, int]]):
    """All clips of a split in memory, each continued by zeros up to the longest when it is asked for.

    Parameters
    ----------
    folder
        The split's folder, its index beside it.
    max_length
        Frames that are kept of a clip; 0 keeps all.
    first
        Only so many clips; 0 takes all.
    """

    def __init__(self, folder: Path, max_length: int = 0, first: int = 0) -> None:
        rows = (folder.parent / f"{folder.name}_labels.txt").read_text(encoding="utf-8").splitlines()[1:]
        rows = rows[:first] if first else rows
        names = [row.split("\t")[1] for row in rows]
        self.classes = sorted(set(names))
        self.labels = [self.classes.index(name) for name in names]
        self.clips = [read(folder / f"{row.split('.')[0]}.fused.full.npy") for row in rows]
        self.lengths = [len(clip) for clip in self.clips]
        self.max_length = max_length or max(self.lengths)

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> tuple[np.ndarray, int, int]:
        clip = self.clips[index][: self.max_length]
        missing = self.max_length - len(clip)
        if missing:
            clip = np.vstack((clip, np.zeros((missing, clip.shape[1]))))
        return clip, self.labels[index], min(self.lengths[index], self.max_length)


def read(file: Path) -> np.ndarray:
    """Return the mel frames of a clip, (T, 128) float64: a view of all that the file holds."""
    found: np.ndarray = np.load(file)
    return found[:MEL_ROWS].T


def loader(clips: PlainClips, batch_size: int = 32) -> DataLoader[tuple[np.ndarray, int, int]]:
    """Return the clips in batches, in random order."""
    return DataLoader(clips, batch_size=batch_size, shuffle=True)


class PlainLSTM(nn.Module):
    """Packed LSTM, the last real step of each clip, a linear layer."""

    def __init__(self, outputs: int, hidden: int = 128, layers: int = 1, bidirectional: bool = False) -> None:
        super().__init__()
        self.lstm = nn.LSTM(MEL_ROWS, hidden, layers, batch_first=True, bidirectional=bidirectional)
        self.hidden, self.bidirectional = hidden, bidirectional
        self.output = nn.Linear(hidden * (2 if bidirectional else 1), outputs)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return the scores, shape (B, outputs), for (B, T, 128) and (B,) lengths."""
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)  # (B, T, H)
        last = h[torch.arange(len(h), device=h.device), lengths - 1]
        if self.bidirectional:
            last = torch.cat((last[:, : self.hidden], h[:, 0, self.hidden :]), dim=1)
        scores: Tensor = self.output(last)
        return scores


class PlainCNN(nn.Module):
    """Four times convolution, batch normalisation, ReLU, pooling; the mean over what is left; a linear layer."""

    def __init__(self, outputs: int, channels: int = 32) -> None:
        super().__init__()
        sizes = [1, *(channels * 2**n for n in range(4))]
        layers: list[nn.Module] = []
        for inputs, wider in pairwise(sizes):
            layers += [nn.Conv2d(inputs, wider, 3, padding=1), nn.BatchNorm2d(wider), nn.ReLU(), nn.MaxPool2d(2)]
        self.layers = nn.Sequential(*layers)
        self.output = nn.Linear(sizes[-1], outputs)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return the scores, shape (B, outputs), for (B, T, 128)."""
        scores: Tensor = self.output(self.layers(x.unsqueeze(1)).mean(dim=(2, 3)))
        return scores


class PlainAST(nn.Module):
    """The transformer with attention as two products and a softmax between them, over the whole clip."""

    def __init__(self, outputs: int, frames: int, stride: int) -> None:
        super().__init__()
        nothing = torch.zeros(MEL_ROWS)
        self.backbone = AST(
            nothing, nothing + 1.0, fstride=stride, tstride=stride, input_tdim=frames, model_size="tiny224"
        )
        for block in self.backbone.v.blocks:
            block.attn.kernel = "plain"
        self.output = nn.Linear(self.backbone.feature_size, outputs)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return the scores, shape (B, outputs), for (B, T, 128)."""
        kept = self.backbone.window_frames
        scores: Tensor = self.output(self.backbone(x[:, :kept], lengths.clamp(max=kept)))
        return scores


def model_of(network: str, about: Mapping[str, Any], outputs: int) -> nn.Module:
    """Return the network of the same size as ours of these settings."""
    if network == "lstm":
        return PlainLSTM(outputs, about["hidden_size"], about["num_layers"], about["bidirectional"])
    if network == "cnn":
        return PlainCNN(outputs, about["channels"])
    return PlainAST(outputs, about["input_tdim"], about["fstride"])


def optimizer_of(model: nn.Module, rate: float = 1e-3) -> torch.optim.Optimizer:
    """Return Adam for a model."""
    return torch.optim.Adam(model.parameters(), lr=rate)


def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Sequence[Tensor], device: str = "cpu") -> float:
    """Do one step of training on a device, where the model is, and return its loss."""
    x, labels, lengths = batch
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x.float().to(device), lengths.to(device)), labels.to(device))
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, batches: Iterable[Sequence[Tensor]]) -> float:
    """Train for an epoch and return the mean loss."""
    losses = [step(model, optimizer, batch) for batch in batches]
    return float(np.mean(losses))


def accuracy(model: nn.Module, clips: PlainClips) -> float:
    """Return the share of clips whose class is found."""
    model.eval()
    with torch.no_grad():
        right = [
            int((model(x.float(), lengths).argmax(dim=1) == labels).sum())
            for x, labels, lengths in DataLoader(clips, batch_size=32)
        ]
    return sum(right) / len(clips)
