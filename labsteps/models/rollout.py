"""Attention roll-out: how much of what a transformer's own tokens read comes from where.

Reference
---------
Abnar and Zuidema, "Quantifying attention flow in transformers", ACL 2020, arXiv 2005.00928, section 3.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from labsteps.models.transformer import AST, PATCH, SPECIAL, Block


@torch.no_grad()
def roll_out(backbone: AST, x: Tensor) -> Tensor:
    """Return how much each cell of one clip counts for its vector.

    The attention of each block, averaged over heads, is averaged with the identity, since each block adds to what
    came in; the products of these over the blocks tell what share of the two own tokens goes back to each patch.

    Parameters
    ----------
    backbone
        In evaluation mode.
    x : Tensor [shape=(T, F)]
        A clip's features as they are on disk.

    Returns
    -------
    Tensor [shape=(T, F)]
        Mean share of the patches that a cell lies in, 1 where every patch counts alike.
    """
    frames, bands = x.shape
    windows = backbone.windows(x.unsqueeze(0), torch.tensor([frames], device=x.device))
    tokens, mask = backbone.tokens(windows.x, windows.sizes)
    joint = torch.eye(tokens.shape[1], device=x.device).expand(len(tokens), -1, -1)  # (N, P, P)
    for block in backbone.v.blocks:
        assert isinstance(block, Block)
        weights = block.attn.weights(block.norm1(tokens), mask).float().mean(dim=1)  # (N, P, P)
        joint = (0.5 * weights + 0.5 * torch.eye(tokens.shape[1], device=x.device)) @ joint
        tokens = block(tokens, mask)
    shares = joint[:, :SPECIAL, SPECIAL:].mean(dim=1)  # (N, P - 2)
    shares = shares / shares.mean(dim=1, keepdim=True)
    return _on_the_clip(backbone, shares, windows.starts, frames, bands)


def _on_the_clip(backbone: AST, shares: Tensor, starts: Tensor, frames: int, bands: int) -> Tensor:
    """Spread the shares of the patches over the cells they cover: (N, P) → (T, F)."""
    grid = backbone.grid
    columns = shares.shape[1] // grid.rows
    size, stride = (grid.bands, grid.frames_of(columns)), (grid.fstride, grid.tstride)
    cells = shares.unsqueeze(1).expand(-1, PATCH * PATCH, -1)  # (N, 256, P)
    spread = functional.fold(cells, size, PATCH, stride=stride).squeeze(1)  # (N, bands, W)
    covers = functional.fold(torch.ones_like(cells), size, PATCH, stride=stride).squeeze(1)
    total = spread.new_zeros(max(frames, int(starts.max()) + size[1]), grid.bands)  # (T, bands)
    count = torch.zeros_like(total)
    for start, one, cover in zip(starts.tolist(), spread, covers, strict=True):
        total[start : start + size[1]] += one.T
        count[start : start + size[1]] += cover.T
    return (total / count.clamp(min=1.0))[:frames, :bands]
