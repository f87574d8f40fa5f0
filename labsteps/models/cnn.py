"""The 2D CNN of step 7.1: a spectrogram as a one-channel image.

Each of the four layers is 2D convolution → batch normalisation → ReLU → max pooling, in this order.

References
----------
Ioffe and Szegedy, "Batch normalization", ICML 2015, algorithm 1.
Hamel et al., "Temporal pooling and multiscale learning for automatic annotation and ranking of music audio",
ISMIR 2011, section 4 (mean and maximum over time together).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from labsteps.models.heads import Standardise, padding_mask, real_frames

LAYERS = 4
POOL = 2


@dataclass(frozen=True, slots=True)
class LayerShape:
    """What one layer does to an image: its output's shape, its parameters, and what one output cell sees.

    Attributes
    ----------
    shape
        Channels, mel bands, frames.
    parameters
        Learnt numbers of the convolution and the normalisation.
    receptive_field
        Side of the square of input cells that reach one output cell.
    """

    name: str
    shape: tuple[int, int, int]
    parameters: int
    receptive_field: int


class Layer(nn.Module):
    """Convolution, batch normalisation, ReLU, max pooling."""

    def __init__(self, inputs: int, outputs: int, kernel_size: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel_size, padding=kernel_size // 2, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs)
        self.pooling = nn.MaxPool2d(POOL)

    def forward(self, x: Tensor) -> Tensor:
        """Halve both sides of the image: (B, C, F, T) → (B, C', F/2, T/2)."""
        x = self.convolution(x)  # (B, C', F, T)
        x = torch.relu_(self.normalisation(x))
        pooled: Tensor = self.pooling(x)  # (B, C', F/2, T/2)
        return pooled


class CNN(nn.Module):
    """Backbone of four `Layer` s; mean and maximum over what is left give the clip's vector.

    The result for a clip does not depend on how much padding stands behind it.

    Parameters
    ----------
    mean, deviation : Tensor [shape=(F,)]
        Statistics of the training part, for `Standardise`.
    channels
        Channels of the first layer; each next layer has twice as many.
    kernel_size
        Side of the kernels; odd.

    Attributes
    ----------
    feature_size
        Length of the clip's vector: twice the channels of the last layer.
    channels_last
        Whether the channels of a cell lie beside each other in memory, which the convolutions of a CPU and of bf16 on
        a GPU are faster with.
    """

    def __init__(self, mean: Tensor, deviation: Tensor, *, channels: int = 32, kernel_size: int = 3) -> None:
        super().__init__()
        self.standardise = Standardise(mean, deviation)
        sizes = [1, *(channels * 2**i for i in range(LAYERS))]
        self.layers = nn.ModuleList(Layer(a, b, kernel_size) for a, b in pairwise(sizes))
        self.feature_size = 2 * sizes[-1]
        self.channels_last = True

    def layer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the names of the submodules that learn together when layers are unfrozen, lowest first."""
        return tuple((f"layers.{number}",) for number in range(len(self.layers)))

    def forward(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        """Return one vector a clip.

        Parameters
        ----------
        x : Tensor [shape=(B, T, F)]
            Features as they are on disk (dB for mel).
        lengths : Tensor [shape=(B,), dtype=int64] or None
            Frames of each clip that are real; None where all are.
        """
        smallest = POOL**LAYERS  # the side of an image of which pooling leaves one cell
        if x.shape[1] < smallest:
            lengths = torch.full((len(x),), x.shape[1], device=x.device) if lengths is None else lengths
            x = nn.functional.pad(x, (0, 0, 0, smallest - x.shape[1]))
        mask = padding_mask(lengths, x.shape[1])
        image = self.standardise(x, mask).transpose(1, 2).unsqueeze(1)  # (B, 1, F, T)
        if image.shape[2] < smallest:
            image = nn.functional.pad(image, (0, 0, 0, smallest - image.shape[2]))
        image = image.contiguous(memory_format=torch.channels_last if self.channels_last else torch.contiguous_format)
        for layer in self.layers:
            image = layer(image)  # (B, C, F/2, T/2)
            if lengths is not None:
                lengths = torch.div(lengths, POOL, rounding_mode="floor").clamp(min=1)
                image = image * real_frames(lengths, image.shape[3])[:, None, None, :]
        return _pool(image, lengths)


def _pool(image: Tensor, lengths: Tensor | None) -> Tensor:
    """Mean and maximum over bands and real frames: (B, C, F, T) → (B, 2C)."""
    bands, frames = image.shape[2:]
    cells = bands * frames if lengths is None else (lengths.clamp(max=frames) * bands).unsqueeze(1)  # (B, 1)
    mean = image.float().sum(dim=(2, 3)) / cells  # (B, C)
    # After ReLU nothing is negative, so the zeros of masked frames never win.
    maximum = image.amax(dim=(2, 3)).float()  # (B, C)
    return torch.cat((mean, maximum), dim=1)  # (B, 2C)


def layer_shapes(backbone: CNN, bands: int, frames: int) -> list[LayerShape]:
    """Return what each layer makes of an image of `bands` × `frames`."""
    rows, field, jump = [], 1, 1
    for number, layer in enumerate(backbone.layers, 1):
        assert isinstance(layer, Layer)
        bands, frames = bands // POOL, frames // POOL
        field += (layer.convolution.kernel_size[0] - 1) * jump
        field += (POOL - 1) * jump
        jump *= POOL
        learnt = sum(p.numel() for p in layer.parameters())
        rows.append(LayerShape(f"layer {number}", (layer.convolution.out_channels, bands, frames), learnt, field))
    return rows
