"""The patches of a transformer over a spectrogram: where they lie, and which of them the network looks at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from labsteps.models.rollout import roll_out
from labsteps.models.transformer import AST, PATCH, SPECIAL, Grid
from labsteps.results import Axis, Column, Image, Table, numbers
from labsteps.steps.clips_view import Clip, Floats, mel_image

PAPER = Grid.of(10, 10, 128, 1024)
_LINE, _REST = 0.15, 0.7  # light of the lines between patches, and of what is not the patch that is shown
_DARKEST = 0.12


def patch_figure(clip: Clip, grid: Grid) -> Image:
    """Return the first window of a clip with the patches on it; one patch is fully lit, to show its size."""
    shown = replace(clip, frames=clip.frames[: grid.frames])
    frames, bands = shown.mel.shape
    light = np.full((bands, frames), _REST)
    row, column = grid.rows // 2, min(grid.columns - 1, max(0, (frames - PATCH) // grid.tstride)) // 2
    first, start = row * grid.fstride, column * grid.tstride
    light[:: grid.fstride, :] = _LINE
    light[:, :: grid.tstride] = _LINE
    light[first : first + PATCH, start : start + PATCH] = 1.0
    image = mel_image(shown)
    title = f"{grid.rows} × {grid.columns} patches of {PATCH} × {PATCH} on the first window, {clip.name}"
    return replace(image, title=title, light=_rows(light))


def attention_figures(clip: Clip, backbone: AST) -> tuple[dict[str, Image], float]:
    """Return where the network looks in a clip, and the least share of it that gets half of the attention.

    Returns
    -------
    dict
        ``attention``: the spectrogram, lit by the attention roll-out, brightest for the highest hundredth of it and in
        proportion below.  ``rollout``: the roll-out by itself, from its least to its highest hundredth.
    float
        0…1.
    """
    x = torch.from_numpy(np.ascontiguousarray(clip.mel))
    weights = roll_out(backbone, x).numpy().astype(np.float64)  # (T, F)
    top = max(float(np.quantile(weights, 0.99)), 1e-12)
    light = np.clip(weights.T / top, 0.0, 1.0)
    image = mel_image(clip)
    lit = replace(
        image,
        title=f"Where the network looks (attention roll-out), {clip.name}",
        light=_rows(_DARKEST + (1.0 - _DARKEST) * light),
    )
    alone = replace(
        image,
        title=f"Attention roll-out, {clip.name}",
        value_axis=Axis("attention", "times the mean"),
        values=_rows(weights.T, digits=4),
        low=float(weights.min()),
        high=top,
    )
    return {"attention": lit, "rollout": alone}, half_share(weights)


def half_share(weights: Floats) -> float:
    """Return the least share of the cells that together have half of the weight, 0…1."""
    falling = np.sort(weights, axis=None)[::-1].cumsum()
    return float((np.searchsorted(falling, falling[-1] / 2) + 1) / falling.size)


def overlap(grid: Grid) -> float:
    """Return the share of a window's cells that lie in two patches or more."""
    up, along = np.zeros(grid.bands, np.int64), np.zeros(grid.frames, np.int64)
    for row in range(grid.rows):
        up[row * grid.fstride :][:PATCH] += 1
    for column in range(grid.columns):
        along[column * grid.tstride :][:PATCH] += 1
    return float((np.outer(up, along) > 1).mean())


def grid_table(grid: Grid) -> Table:
    """Return what a patch grid costs, beside that of the paper."""
    rows = [
        (name, g.fstride, g.tstride, g.rows, g.columns, g.patches, (g.patches + SPECIAL) ** 2)
        for name, g in (("here", grid), ("in the paper", PAPER))
    ]
    columns = (
        Column("grid"),
        *(Column(name, digits=0) for name in ("fstride", "tstride", "rows", "columns", "patches")),
    )
    return Table(
        "Patches of a window",
        (*columns, Column("pairs of tokens", digits=0)),
        tuple(rows),
        f"every token attends to every other one; {SPECIAL} tokens of the network's own stand beside the patches",
    )


def _rows(values: Floats, digits: int = 2) -> tuple[tuple[float | None, ...], ...]:
    return tuple(numbers(row) for row in values.round(digits).tolist())
