"""The Audio Spectrogram Transformer of step 7.2: a spectrogram as overlapping patches that attend to each other.

Its parameters have the names of the DeiT and AST family (``v.cls_token``, ``v.blocks.0.attn.qkv.weight``,
``mlp_head.0.weight`` …), so that published weights fit; `labsteps.models.pretrained` brings them in.

A clip longer than a window is heard in several windows that together cover all of it, and their vectors are averaged.
What stands behind a clip's last real frame never reaches its vector.

References
----------
Gong, Chung and Glass, "AST: Audio Spectrogram Transformer", Interspeech 2021, arXiv 2104.01778, section 2.
Touvron et al., "Training data-efficient image transformers and distillation through attention", ICML 2021 (DeiT).
Koutini et al., "Efficient training of audio transformers with patchout", Interspeech 2022, arXiv 2110.05069.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from labsteps.errors import ParameterError
from labsteps.models.heads import Standardise, padding_mask

PATCH = 16
SPECIAL = 2  # the class token and the distillation token stand before the patches
INPUT_DEVIATION = 0.5  # of a spectrogram as the published weights know it (section 3.1 of the paper)
NORM_EPS = 1e-6  # of the vision transformer that the family is built on
TOKENS_AT_ONCE = 2**15  # of an evaluation pass, so that many windows of a large model fit into memory
KERNELS = ("sdpa", "plain")
BLOCK_GROUPS = 4  # of the blocks, that learn together when layers are unfrozen one after the other


@dataclass(frozen=True, slots=True)
class Size:
    """One member of the family.

    Attributes
    ----------
    width
        Length of a token.
    depth
        Blocks on top of each other.
    heads
        Attention heads of a block.
    side
        Patches on each side of the pictures that its published weights were trained on.
    """

    width: int
    depth: int
    heads: int
    side: int


SIZES = {
    "tiny224": Size(192, 12, 3, 14),
    "small224": Size(384, 12, 6, 14),
    "base224": Size(768, 12, 12, 14),
    "base384": Size(768, 12, 12, 24),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the patches of a window lie.

    Attributes
    ----------
    fstride, tstride
        Bands and frames from one patch to the next; below 16 the patches overlap.
    rows, columns
        Patches over frequency and over time.
    """

    fstride: int
    tstride: int
    rows: int
    columns: int

    @classmethod
    def of(cls, fstride: int, tstride: int, bands: int, frames: int) -> Grid:
        """Return the patches that fit into a window of `bands` × `frames`."""
        return cls(fstride, tstride, (bands - PATCH) // fstride + 1, (frames - PATCH) // tstride + 1)

    @classmethod
    def for_features(cls, features: int, frames: int, fstride: int, tstride: int, input_fdim: int = 0) -> Grid:
        """Return the patches of a window of so many frames over so many feature rows; the rest as in `AST`.

        Raises
        ------
        ParameterError
            If a size does not fit.
        """
        if frames < PATCH:
            raise ParameterError(f"input_tdim is {frames}; a patch is {PATCH} frames long, so it takes at least that.")
        if not 1 <= fstride <= PATCH or not 1 <= tstride <= PATCH:
            raise ParameterError(
                f"fstride is {fstride} and tstride {tstride}; both go from 1 to {PATCH}, so that no cell is skipped."
            )
        return cls.of(fstride, tstride, _bands(features, fstride, input_fdim), frames)

    @property
    def patches(self) -> int:
        """Patches of a window."""
        return self.rows * self.columns

    @property
    def bands(self) -> int:
        """Bands that the patches cover."""
        return (self.rows - 1) * self.fstride + PATCH

    @property
    def frames(self) -> int:
        """Frames that the patches cover."""
        return self.frames_of(self.columns)

    def frames_of(self, columns: int) -> int:
        """Return the frames that the first `columns` columns of patches cover."""
        return (columns - 1) * self.tstride + PATCH

    def columns_of(self, frames: Tensor) -> Tensor:
        """Return how many columns it takes to cover so many frames, at least one."""
        more = torch.div(frames - PATCH + self.tstride - 1, self.tstride, rounding_mode="floor")
        return 1 + more.clamp(0, self.columns - 1)


class Windows(NamedTuple):
    """Pieces of clips that together cover all of each.

    Attributes
    ----------
    x : Tensor [shape=(N, W, F)]
        Zeros beyond the frames that are real.
    sizes : Tensor [shape=(N,), dtype=int64] or None
        Real frames of each piece; None where all are.
    counts : Tensor [shape=(B,), dtype=int64]
        Pieces of each clip; the pieces stand clip by clip.
    starts : Tensor [shape=(N,), dtype=int64]
        Frame of the clip at which each piece begins.
    """

    x: Tensor
    sizes: Tensor | None
    counts: Tensor
    starts: Tensor


class Attention(nn.Module):
    """Every token takes a weighted mean over all tokens that are not masked."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.kernel = heads, KERNELS[0]
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the tokens' means, shape (N, P, D); `mask` is (N, 1, 1, P), true where a token counts."""
        q, k, v = self._split(x)  # (N, h, P, d)
        if self.kernel == "plain":
            mixed = _weights(q, k, mask) @ v  # (N, h, P, d)
        else:
            mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        joined: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))  # (N, P, D)
        return joined

    def weights(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the weights of the means, shape (N, h, P, P), rows summing to 1."""
        q, k, _ = self._split(x)
        return _weights(q, k, mask)

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # (3, N, h, P, d)
        return parts[0], parts[1], parts[2]


def _weights(q: Tensor, k: Tensor, mask: Tensor | None) -> Tensor:
    scores = (q / math.sqrt(q.shape[3])) @ k.transpose(2, 3)  # (N, h, P, P)
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(dim=3).to(q.dtype)


class _Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc2(functional.gelu(self.fc1(x)))
        return out


class Block(nn.Module):
    """Attention and a two-layer network, each added to what comes in, each on normalised tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=NORM_EPS)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=NORM_EPS)
        self.mlp = _Mlp(width)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the tokens after the block, shape (N, P, D)."""
        x = x + self.attn(self.norm1(x), mask)
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


class _PatchEmbed(nn.Module):
    """Holds the projection of a patch; it is applied as a product, since cut patches may be left out before it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(1, width, PATCH)

    def forward(self, patches: Tensor) -> Tensor:
        """Return the tokens (N, P, D) of patches (N, P, 256)."""
        return functional.linear(patches, self.proj.weight.flatten(1), self.proj.bias)


class Transformer(nn.Module):
    """The vision transformer inside: its parameters carry the names of the DeiT family."""

    def __init__(self, size: Size, patches: int) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, size.width))
        self.dist_token = nn.Parameter(torch.zeros(1, 1, size.width))
        self.pos_embed = nn.Parameter(torch.zeros(1, SPECIAL + patches, size.width))
        self.patch_embed = _PatchEmbed(size.width)
        self.blocks = nn.ModuleList(Block(size.width, size.heads) for _ in range(size.depth))
        self.norm = nn.LayerNorm(size.width, eps=NORM_EPS)


class AST(nn.Module):
    """Backbone that cuts a spectrogram into patches, lets them attend to each other, and reads two tokens of its own.

    Parameters
    ----------
    mean, deviation : Tensor [shape=(F,)]
        Statistics of the training part, for `Standardise`.
    fstride, tstride
        Bands and frames from one 16 × 16 patch to the next; 10 overlaps them by 6 as in the paper, 16 not at all.
    input_fdim
        Bands of a window, at least F; what F lacks is filled with the mean.  0 takes the fewest that let the patches
        reach every band.
    input_tdim
        Frames of a window.  Training hears crops of this length, evaluation as many windows as a clip takes.
    model_size
        A key of `SIZES`.
    imagenet_pretrain
        Whether the first weights come from a published model.  The constructor reads no file, so that a saved model
        can be built again without them; see `labsteps.models.pretrained.put_into`.
    feature_size
        Length of the clip's vector, which ``mlp_head`` makes of the two tokens.
    patch_out
        Share of the patches left out in training, others at each step.

    Attributes
    ----------
    grid
        Where the patches lie.
    window_frames
        Frames of a window that the patches cover; the length of a training crop.

    Raises
    ------
    ParameterError
        If a size does not fit.
    """

    def __init__(
        self,
        mean: Tensor,
        deviation: Tensor,
        *,
        fstride: int = 10,
        tstride: int = 10,
        input_fdim: int = 0,
        input_tdim: int = 1024,
        model_size: str = "base384",
        imagenet_pretrain: bool = False,
        feature_size: int = 192,
        patch_out: float = 0.0,
    ) -> None:
        super().__init__()
        if not 0.0 <= patch_out < 1.0:
            raise ParameterError(f"patch_out is {patch_out}; it is a share from 0 up to, but not including, 1.")
        if model_size not in SIZES:
            raise ParameterError(f"model_size cannot be {model_size!r}; it is one of {', '.join(SIZES)}.")
        self.grid = Grid.for_features(mean.shape[0], input_tdim, fstride, tstride, input_fdim)
        self.window_frames = self.grid.frames
        self.size = SIZES[model_size]
        self.imagenet_pretrain, self.patch_out, self.feature_size = imagenet_pretrain, patch_out, feature_size
        self.standardise = Standardise(mean, deviation)
        self.v = Transformer(self.size, self.grid.patches)
        self.mlp_head = nn.Sequential(nn.LayerNorm(self.size.width), nn.Linear(self.size.width, feature_size))
        self.apply(_first_weights)
        for token in (self.v.cls_token, self.v.dist_token, self.v.pos_embed):
            nn.init.trunc_normal_(token, std=0.02)

    def layer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the names of what learns together when layers are unfrozen, lowest first: input, then the blocks."""
        size = -(-self.size.depth // BLOCK_GROUPS)
        blocks = [f"v.blocks.{number}" for number in range(self.size.depth)]
        groups = [tuple(blocks[first : first + size]) for first in range(0, len(blocks), size)]
        start = ("v.cls_token", "v.dist_token", "v.pos_embed", "v.patch_embed")
        return (start, *groups[:-1], (*groups[-1], "v.norm", "mlp_head"))

    def forward(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        """Return one vector a clip, shape (B, feature_size).

        Parameters
        ----------
        x : Tensor [shape=(B, T, F)]
            Features as they are on disk (dB for mel).
        lengths : Tensor [shape=(B,), dtype=int64] or None
            Frames of each clip that are real; None where all are.
        """
        windows = self.windows(x, lengths)
        at_once = len(windows.x) if self.training else max(1, TOKENS_AT_ONCE // (SPECIAL + self.grid.patches))
        parts = windows.x.split(at_once)
        sizes = [None] * len(parts) if windows.sizes is None else windows.sizes.split(at_once)
        pieces = [self._encode(some, real) for some, real in zip(parts, sizes, strict=True)]
        vectors = pieces[0] if len(pieces) == 1 else torch.cat(pieces)  # (N, feature_size)
        if len(vectors) == len(x):
            return vectors
        return torch.stack([some.float().mean(dim=0) for some in vectors.split(windows.counts.tolist())])

    def windows(self, x: Tensor, lengths: Tensor | None) -> Windows:
        """Cut standardised clips into windows that cover all of each and lie at even distances."""
        x = self.standardise(x, padding_mask(lengths, x.shape[1])) * INPUT_DEVIATION  # (B, T, F)
        span = self.window_frames
        if x.shape[1] <= span:
            one = torch.ones(len(x), dtype=torch.int64, device=x.device)
            return Windows(x, lengths, one, torch.zeros_like(one))
        if lengths is None:
            lengths = torch.full((len(x),), x.shape[1], device=x.device)
        counts = torch.div(lengths + span - 1, span, rounding_mode="floor").clamp(min=1)  # (B,)
        owner = torch.repeat_interleave(counts)  # (N,)
        place = torch.arange(len(owner), device=x.device) - (counts.cumsum(0) - counts)[owner]
        room = (lengths - span).clamp(min=0)[owner]
        starts = torch.div(place * room, (counts - 1).clamp(min=1)[owner], rounding_mode="floor")
        sizes = lengths[owner].clamp(max=span)
        steps = torch.arange(int(sizes.max()), device=x.device)  # (W,)
        index = (starts.unsqueeze(1) + steps).clamp(max=x.shape[1] - 1)  # (N, W)
        real = (steps < sizes.unsqueeze(1)).unsqueeze(2)
        return Windows(x[owner.unsqueeze(1), index] * real, sizes, counts, starts)

    def _encode(self, x: Tensor, sizes: Tensor | None) -> Tensor:
        """Return the vector of each window: (N, W, F) → (N, feature_size)."""
        tokens, mask = self.tokens(x, sizes)
        for block in self.v.blocks:
            tokens = block(tokens, mask)  # (N, P, D)
        ends = self.v.norm(tokens[:, :SPECIAL])  # (N, 2, D)
        vector: Tensor = self.mlp_head(ends.mean(dim=1))  # (N, feature_size)
        return vector

    def tokens(self, x: Tensor, sizes: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return the tokens of windows before the first block, (N, P, D), and which count, (N, 1, 1, P) or None.

        Columns of patches that are behind every window's last real frame are left away.
        """
        grid = self.grid
        needed = grid.columns_of(torch.tensor([x.shape[1]]) if sizes is None else sizes)  # (N,)
        columns = int(needed.max())
        x = functional.pad(x, (0, grid.bands - x.shape[2]))[:, : grid.frames_of(columns)]
        x = functional.pad(x, (0, 0, 0, grid.frames_of(columns) - x.shape[1]))  # (N, W, bands)
        cut = x.unfold(1, PATCH, grid.tstride).unfold(2, PATCH, grid.fstride)  # (N, columns, rows, 16, 16), time first
        patches = cut.permute(0, 2, 1, 4, 3).flatten(3).flatten(1, 2)  # (N, rows × columns, 256)
        positions = self.v.pos_embed[:, SPECIAL:].unflatten(1, (grid.rows, grid.columns))[:, :, :columns].flatten(1, 2)
        valid = None
        if sizes is not None and int(needed.min()) < columns:
            valid = torch.arange(columns, device=x.device) < needed.unsqueeze(1)  # (N, columns)
            valid = valid.unsqueeze(1).expand(-1, grid.rows, -1).flatten(1)  # (N, rows × columns)
        if self.training and self.patch_out:
            patches, positions, valid = _leave_out(patches, positions, valid, self.patch_out)
        tokens = self.v.patch_embed(patches) + positions  # (N, P - 2, D)
        special = torch.cat((self.v.cls_token, self.v.dist_token), dim=1) + self.v.pos_embed[:, :SPECIAL]
        tokens = torch.cat((special.expand(len(x), -1, -1).to(tokens.dtype), tokens), dim=1)  # (N, P, D)
        if valid is None:
            return tokens, None
        return tokens, functional.pad(valid, (SPECIAL, 0), value=True)[:, None, None, :]


def _leave_out(
    patches: Tensor, positions: Tensor, valid: Tensor | None, share: float
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Keep a random part of each window's patches, real ones before padding, in the order they had."""
    count, total = patches.shape[:2]
    kept = max(1, round(total * (1.0 - share)))
    order = torch.rand(count, total, device=patches.device)
    if valid is not None:
        order = order + (~valid).float()
    index = order.argsort(dim=1)[:, :kept].sort(dim=1).values  # (N, kept)
    patches = patches.gather(1, index.unsqueeze(2).expand(-1, -1, patches.shape[2]))
    return patches, positions[0][index], None if valid is None else valid.gather(1, index)


def _bands(features: int, fstride: int, input_fdim: int) -> int:
    """Return the bands of a window for so many feature rows."""
    if input_fdim and input_fdim < max(features, PATCH):
        raise ParameterError(
            f"input_fdim is {input_fdim}, and the features have {features} rows; it takes at least "
            f"{max(features, PATCH)}, or 0 to follow the features."
        )
    return input_fdim or PATCH + max(0, -(-(features - PATCH) // max(1, fstride))) * fstride


def _first_weights(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
