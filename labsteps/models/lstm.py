"""The LSTM of step 5, computed densely on padded batches.

``pack_padded_sequence`` cuts a batch into one small product a time step; a dense LSTM over a batch of like lengths
does the same sums several times faster.  What packing gives is kept: the forward direction is read at each clip's
last real step, and the backward direction runs over each clip reversed inside its own length, so that padding never
reaches a result.

References
----------
Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9(8), 1997.
Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 12(10), 2000 (the forget gate).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from labsteps.models.divided import states
from labsteps.models.heads import Standardise, padding_mask


class LSTM(nn.Module):
    """Backbone that reads a clip step by step and gives its last real state, or an attention-weighted mean.

    Parameters
    ----------
    mean, deviation : Tensor [shape=(F,)]
        Statistics of the training part, for `Standardise`.
    hidden_size
        Units of each direction of each layer.
    num_layers
        Layers on top of each other.
    bidirectional
        Whether each layer also reads the clip backwards.
    dropout
        Dropout between layers.
    pooling
        ``last`` (the last real step) or ``attention`` (a learnt weighting over all real steps).
    frame_stride
        Successive frames that are averaged into one step, over the whole clip; the last step of a clip is the mean
        of the frames that are left.  1 takes every frame as it is.

    Attributes
    ----------
    feature_size
        Length of the clip's vector.
    parts
        Threads of a CPU that take a part of a batch each through a layer; set by how a training computes.
    """

    def __init__(
        self,
        mean: Tensor,
        deviation: Tensor,
        *,
        hidden_size: int = 128,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        pooling: str = "last",
        frame_stride: int = 1,
    ) -> None:
        super().__init__()
        if pooling not in ("last", "attention"):
            raise ValueError(f"pooling cannot be {pooling!r}; it is last or attention")
        if frame_stride < 1:
            raise ValueError(f"frame_stride is {frame_stride}; it should be at least 1")
        self.parts = 1
        self.frame_stride = frame_stride
        self.standardise = Standardise(mean, deviation)
        directions = 2 if bidirectional else 1
        sizes = [mean.shape[0], *[hidden_size * directions] * num_layers]
        self.forwards = nn.ModuleList(nn.LSTM(size, hidden_size, batch_first=True) for size in sizes[:-1])
        self.backwards = nn.ModuleList(
            nn.LSTM(size, hidden_size, batch_first=True) for size in (sizes[:-1] if bidirectional else [])
        )
        self.dropout = nn.Dropout(dropout)
        self.feature_size = sizes[-1]
        self.attention = nn.Linear(self.feature_size, 1) if pooling == "attention" else None
        for lstm in [*self.forwards, *self.backwards]:
            _open_forget_gates(lstm)

    def layer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the names of the submodules that learn together when layers are unfrozen, lowest first."""
        directions = ("forwards", "backwards") if self.backwards else ("forwards",)
        layers = [[f"{direction}.{number}" for direction in directions] for number in range(len(self.forwards))]
        if self.attention is not None:
            layers[-1].append("attention")
        return tuple(map(tuple, layers))

    def forward(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        """Return one vector a clip, (B, feature_size), for `x` (B, T, F) and lengths (B,), None where all are T."""
        h = self.standardise(x, padding_mask(lengths, x.shape[1]))  # (B, T, F)
        if self.frame_stride > 1:
            h, lengths = average_frames(h, lengths, self.frame_stride)  # (B, T / stride, F)
        mask = padding_mask(lengths, h.shape[1])
        reversal = _reversal(lengths, h.shape[1]) if self.backwards and lengths is not None else None  # (B T)
        for number, lstm in enumerate(self.forwards):
            if number:
                h = self.dropout(h)
            below, h = h, states(lstm, h, self.parts)  # (B, T, H)
            if not self.backwards:
                continue
            reverse = states(self.backwards[number], _reversed(below, reversal), self.parts)  # (B, T, H)
            if self.attention is None and lstm is self.forwards[-1]:
                return torch.cat((_last_valid(h, lengths), _last_valid(reverse, lengths)), dim=1)  # (B, 2H)
            h = torch.cat((h, _reversed(reverse, reversal)), dim=2)  # (B, T, 2H)
        return _last_valid(h, lengths) if self.attention is None else self._attend(h, mask)

    def _attend(self, h: Tensor, mask: Tensor | None) -> Tensor:
        assert self.attention is not None
        scores = self.attention(h).squeeze(2).float()  # (B, T)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights = scores.softmax(dim=1).unsqueeze(2)  # (B, T, 1)
        pooled: Tensor = (weights * h).sum(dim=1)  # (B, H)
        return pooled


def average_frames(x: Tensor, lengths: Tensor | None, stride: int) -> tuple[Tensor, Tensor | None]:
    """Average each `stride` successive frames of (B, T, F) into one, and return the steps that are then valid.

    Frames beyond a clip's length have to be 0; they count neither in a sum nor in the number that it is divided by.
    """
    batch, frames, rows = x.shape
    steps = -(-frames // stride)
    x = nn.functional.pad(x, (0, 0, 0, steps * stride - frames))
    first = stride * torch.arange(steps, device=x.device)  # (T',)
    left = frames - first if lengths is None else lengths.unsqueeze(1) - first  # (T',) or (B, T')
    mean = x.view(batch, steps, stride, rows).sum(dim=2) / left.clamp(1, stride).unsqueeze(-1)  # (B, T', F)
    return mean, None if lengths is None else (lengths + stride - 1) // stride


def _reversal(lengths: Tensor, frames: int) -> Tensor:
    """Return where each step of (B T, F) comes from when every clip is reversed inside its own length.

    What lies beyond the length stays where it is.
    """
    steps = torch.arange(frames, device=lengths.device)  # (T,)
    index = lengths.unsqueeze(1) - 1 - steps  # (B, T)
    index = torch.where(index >= 0, index, steps)
    return (index + frames * torch.arange(len(lengths), device=lengths.device).unsqueeze(1)).flatten()  # (B T,)


def _reversed(x: Tensor, reversal: Tensor | None) -> Tensor:
    if reversal is None:
        return x.flip(1)
    reverse: Tensor = _Reversed.apply(x, reversal)  # type: ignore[no-untyped-call]  # torch's functions have no types
    return reverse


class _Reversed(torch.autograd.Function):
    """Takes the steps of (B, T, F) in another order that is its own inverse, as whole rows.

    Its gradient is the same once more; torch's own would add single numbers, which took a tenth of a step.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, index: Tensor) -> Tensor:
        ctx.save_for_backward(index)
        return x.reshape(-1, x.shape[2]).index_select(0, index).view(x.shape)  # (B, T, F)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (index,) = ctx.saved_tensors
        return gradient.reshape(-1, gradient.shape[2]).index_select(0, index).view(gradient.shape), None  # (B, T, F)


def _last_valid(h: Tensor, lengths: Tensor | None) -> Tensor:
    """Return the state at each clip's last real step: (B, T, H) → (B, H)."""
    if lengths is None:
        return h[:, -1]
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, h.shape[2])
    return h.gather(1, index).squeeze(1)


def _open_forget_gates(lstm: nn.LSTM) -> None:
    """Start with forget gates open, so that gradients reach far back from the first step on."""
    hidden = lstm.hidden_size
    with torch.no_grad():
        lstm.get_parameter("bias_ih_l0")[hidden : 2 * hidden] = 1.0
        lstm.get_parameter("bias_hh_l0")[hidden : 2 * hidden] = 0.0
