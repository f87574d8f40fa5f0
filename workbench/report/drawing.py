"""A report's figures, redrawn for print from their data; one that has not changed is not drawn again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from labsteps.results import Bars, Curve, Figure, Heatmap, Image, Panels, Scatter, figure_to_json
from workbench.plots.png import save_picture
from workbench.report.document import Block, FigureBlock, Report

FULL_WIDTH, HALF_WIDTH, MATRIX_WIDTH, HEIGHT, PANELS_HEIGHT = 6.4, 3.1, 4.9, 4.2, 7.5
# To be raised when a change of the drawing is to reach figures that were drawn before.
DRAWING: Final = 3
_FEW_BARS: Final = 12


def narrow(figure: Figure) -> bool:
    """Return whether a figure is readable in half the width of a page."""
    if isinstance(figure, Bars):
        return len(figure.categories) * len(figure.series) <= _FEW_BARS
    # A map of classes has their legend beside it, which would leave too little of half a page.
    return isinstance(figure, Curve | Image) or (isinstance(figure, Scatter) and figure.identity)


def in_rows(blocks: Sequence[Block], pictures: Mapping[str, str]) -> Iterator[list[Any]]:
    """Yield blocks in their order, two narrow figures beside each other together; those without a picture are left out.

    Parameters
    ----------
    pictures
        File of each figure that could be drawn, by its stem.
    """
    waiting: list[Block] = []
    for block in blocks:
        if isinstance(block, FigureBlock):
            if block.stem not in pictures:
                continue
            if narrow(block.figure):
                waiting.append(block)
                if len(waiting) > 1:
                    yield waiting
                    waiting = []
                continue
        if waiting:
            yield waiting
            waiting = []
        yield [block]
    if waiting:
        yield waiting


def _height(figure: Figure) -> float:
    return PANELS_HEIGHT if isinstance(figure, Panels) else HEIGHT


def draw_all(
    report: Report,
    folder: Path,
    kinds: Sequence[str],
    say: Callable[[str], None],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, dict[str, str]]:
    """Draw every figure of a report as files of all kinds at once, and remove the pictures that it has no more.

    Parameters
    ----------
    folder
        Where the pictures go; it must be there.
    kinds
        Some of ``svg``, ``pdf`` and ``png``; pictures of other kinds stay as they are.
    say
        Told of every figure that cannot be drawn; the report goes on without it.
    progress
        Told how many figures were drawn or found, and of how many.

    Returns
    -------
    dict
        For each kind the name of the picture's file, by the figure's stem.
    """
    pictures: dict[str, dict[str, str]] = {kind: {} for kind in kinds}
    figures = report.figures
    for done, block in enumerate(figures, 1):
        progress(done, len(figures))
        names = {kind: picture_name(block, kind) for kind in kinds}
        missing = [folder / name for name in names.values() if not (folder / name).exists()]
        try:
            if missing:
                save_picture(block.figure, missing, width=width_of(block.figure), height=_height(block.figure))
        except (ValueError, OSError) as error:
            say(f"{block.stem} could not be drawn: {error}")
        for kind, name in names.items():
            if (folder / name).exists():
                pictures[kind][block.stem] = name
    for kind, named in pictures.items():
        kept = set(named.values())
        for path in folder.glob(f"*.{kind}"):
            if path.name not in kept:
                path.unlink()
    return pictures


def picture_name(block: FigureBlock, kind: str) -> str:
    """Return the name of a figure's picture, which tells what is drawn in it."""
    return f"{block.stem}-{_digest(block.figure)}.{kind}"


def width_of(figure: Figure) -> float:
    """Return how wide a figure is drawn, in inches."""
    if narrow(figure):
        return HALF_WIDTH
    small = isinstance(figure, Heatmap) and len(figure.columns) <= _FEW_BARS
    small = small or (isinstance(figure, Scatter) and not figure.solid)
    return MATRIX_WIDTH if small else FULL_WIDTH


def _digest(figure: Figure) -> str:
    data = json.dumps([DRAWING, figure_to_json(figure)], sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:10]
