"""Pieces that every model shares: the standardising front end, masks, and the output head."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Standardise(nn.Module):
    """Bring every feature row to mean 0 and deviation 1, by statistics fitted on the training part.

    The statistics are buffers, so that a saved model carries its own normalisation.  Frames beyond a clip's
    length become 0, whatever the padding was.

    Parameters
    ----------
    mean, deviation : Tensor [shape=(F,)]
        One pair for each feature row; deviations are positive.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean.float().clone())
        self.register_buffer("scale", 1.0 / deviation.float())

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the standardised features, shape (B, T, F); `mask` is (B, T) or None when nothing is padded."""
        x = (x - self.mean) * self.scale  # (B, T, F)
        return x if mask is None else x * mask.unsqueeze(-1)


def padding_mask(lengths: Tensor | None, frames: int) -> Tensor | None:
    """Return which frames are real, shape (B, T), or None when all are, as no lengths say.

    It does not look whether all are: on a GPU that would wait for everything before.
    """
    return None if lengths is None else real_frames(lengths, frames)


def real_frames(lengths: Tensor, frames: int) -> Tensor:
    """Return which frames of clips of these lengths are real, shape (B, T)."""
    return torch.arange(frames, device=lengths.device) < lengths.unsqueeze(1)  # (B, T)


class Head(nn.Module):
    """Dropout and a linear layer: class scores, or one number an axis.

    Parameters
    ----------
    feature_size
        Length of the vector that the backbone gives for a clip.
    outputs
        Number of classes or axes.
    dropout
        Probability that a feature is dropped in training.
    """

    def __init__(self, feature_size: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(feature_size, outputs)

    def begin_at(self, values: Tensor) -> None:
        """Give every clip these outputs, shape (outputs,), until something is learnt."""
        with torch.no_grad():
            self.output.weight.zero_()
            self.output.bias.copy_(values)

    def forward(self, features: Tensor) -> Tensor:
        """Return the outputs, shape (B, outputs), for features of shape (B, feature_size).

        The layer computes in float32 whatever the backbone computes in: eight bits of mantissa would make equals of
        tracks that a ranking has to tell apart.
        """
        with torch.autocast(features.device.type, enabled=False):
            outputs: Tensor = self.output(self.dropout(features.float()))
        return outputs


class Model(nn.Module):
    """A backbone that turns a clip into one vector, and a head on it.

    Parameters
    ----------
    backbone
        Maps (B, T, F) features and (B,) lengths, or None where every frame is real, to (B, feature_size); has an
        attribute ``feature_size``.
    head
        Maps (B, feature_size) to (B, outputs).
    """

    def __init__(self, backbone: nn.Module, head: Head) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = head

    def forward(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        """Return the outputs, shape (B, outputs)."""
        outputs: Tensor = self.head(self.backbone(x, lengths))
        return outputs
