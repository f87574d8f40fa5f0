"""Activations and filters as figures: many small pictures beside each other in one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labsteps.digits.activations import Floats
from labsteps.results import Axis, Image, numbers

WIDE = 1.6


def channels_figure(title: str, channels: Floats, value: Axis) -> Image:
    """Return the channels of a layer in a grid, in reading order, on one scale.

    Parameters
    ----------
    title
        Title of the figure.
    channels : np.ndarray [shape=(C, H, W)]
        One picture a channel; row 0 is at the top.
    value
        What the numbers are.
    """
    count, height, width = channels.shape
    across = next(n for n in range(1, count + 1) if n == count or n * width >= WIDE * -(-count // n) * height)
    down = -(-count // across)
    grid = [[channels[r * across + c] if r * across + c < count else None for c in range(across)] for r in range(down)]
    columns = [str(c + 1) for c in range(across)]
    rows = [f"{r * across + 1}…" if across > 1 else str(r + 1) for r in range(down)]
    if count == 1:
        rows, columns = [""], [""]
    return _grid(title, grid, Axis("channel"), columns, Axis("first channel of the row"), rows, value)


def epochs_figure(title: str, epochs: Sequence[int], channels: Sequence[Floats], value: Axis) -> Image:
    """Return the channels of a layer after several epochs: an epoch a row, a channel a column.

    Parameters
    ----------
    title
        Title of the figure.
    epochs
        The epochs.
    channels : sequence of np.ndarray [shape=(C, H, W)]
        What the layer gives after each.
    value
        What the numbers are.
    """
    grid = [list(one) for one in channels]
    columns = [str(c + 1) for c in range(len(grid[0]))]
    return _grid(title, grid, Axis("channel"), columns, Axis("after epoch"), [str(epoch) for epoch in epochs], value)


def _grid(
    title: str,
    cells: Sequence[Sequence[Floats | None]],
    x_axis: Axis,
    columns: Sequence[str],
    y_axis: Axis,
    rows: Sequence[str],
    value: Axis,
) -> Image:
    """Return pictures of one size in a grid, with empty lines between them; `cells` is in reading order."""
    first = cells[0][0]
    assert first is not None
    height, width = first.shape
    sheet = np.full((len(cells) * (height + 1) - 1, len(cells[0]) * (width + 1) - 1), np.nan)
    for r, line in enumerate(cells):
        for c, cell in enumerate(line):
            if cell is not None:
                sheet[r * (height + 1) :, c * (width + 1) :][:height, :width] = cell
    # A figure is about twice as wide as high; room at both sides keeps the pixels of a narrow one near square.
    edge = max(0, round((WIDE * sheet.shape[0] - sheet.shape[1]) / 2))
    sheet = np.pad(sheet, ((0, 0), (edge, edge)), constant_values=np.nan)
    x_ticks = tuple((edge + c * (width + 1) + (width - 1) / 2, text) for c, text in enumerate(columns))
    tops = [len(sheet) - 1 - (r * (height + 1) + (height - 1) / 2) for r in range(len(rows))]
    y_ticks = tuple(zip(tops, rows, strict=True))
    low, high = float(np.nanmin(sheet)), float(np.nanmax(sheet))
    return Image(
        title,
        Axis(x_axis.name, x_axis.unit, x_ticks),
        Axis(y_axis.name, y_axis.unit, y_ticks),
        value,
        tuple(numbers(row) for row in sheet[::-1]),
        low,
        high if high > low else low + 1.0,
    )
