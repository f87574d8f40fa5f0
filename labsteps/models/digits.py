"""The small CNN of step 7.1α, on pictures of digits.

Twice convolution → ReLU → max pooling, then one linear layer: the layers of LeNet-5's kind in few enough channels to
be looked at one by one.

References
----------
LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from labsteps.data.digits import CLASSES, SIDE

POOL = 2


class DigitNetwork(nn.Module):
    """Maps pictures of digits to one score a digit.

    Parameters
    ----------
    mean, deviation
        Of the pixels (0…1) of the training part; kept with the weights.
    channels
        Channels of the first convolution; the second has twice as many.
    kernel_size
        Side of the kernels; odd.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: float, deviation: float, *, channels: int = 8, kernel_size: int = 5) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor([mean]))
        self.register_buffer("deviation", torch.tensor([deviation]))
        edge = kernel_size // 2
        self.convolution1 = nn.Conv2d(1, channels, kernel_size, padding=edge)
        self.convolution2 = nn.Conv2d(channels, 2 * channels, kernel_size, padding=edge)
        self.output = nn.Linear(2 * channels * (SIDE // POOL**2) ** 2, len(CLASSES))

    def forward(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        """Return the scores, shape (B, 10).

        Parameters
        ----------
        x : Tensor [shape=(B, 28, 28)]
            Pixels in 0…1.
        lengths
            Not looked at; pictures are all of one size.
        """
        x = ((x - self.mean) / self.deviation).unsqueeze(1)  # (B, 1, 28, 28)
        x = nn.functional.max_pool2d(torch.relu(self.convolution1(x)), POOL)  # (B, C, 14, 14)
        x = nn.functional.max_pool2d(torch.relu(self.convolution2(x)), POOL)  # (B, 2C, 7, 7)
        scores: Tensor = self.output(x.flatten(1))  # (B, 10)
        return scores
