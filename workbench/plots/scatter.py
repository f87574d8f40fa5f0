"""Points in the plane, told apart by a letter and a colour a class."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from rich.text import Text

from labsteps.results import Scatter
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.plane import SMALLEST, Entry, open_plane
from workbench.plots.scale import Scale
from workbench.plots.style import Style, series_style
from workbench.plots.text import finite


def draw_scatter(figure: Scatter, width: int, height: int, style: Style) -> Text:
    """Return the points drawn in at most `width` x `height` cells; a cell shows the class with most points in it."""
    points = [
        (x, y, label or "")
        for raw_x, raw_y, label in zip_longest(figure.x, figure.y, figure.labels[: len(figure.x)], fillvalue=None)
        if (x := finite(raw_x)) is not None and (y := finite(raw_y)) is not None
    ]
    if not points:
        return nothing(figure.title, width, height, style)
    classes = sorted({label for _, _, label in points})
    signs = dict(zip(classes, class_letters(classes, style), strict=True))
    styles = {label: series_style(style, index) for index, label in enumerate(classes)}
    scales = Scale(x for x, _, _ in points), Scale(y for _, y, _ in points)
    legend = [Entry(signs[label], label, styles[label]) for label in classes if label]
    canvas = Canvas(width, height, style)
    plane = open_plane(figure.title, (figure.x_axis, figure.y_axis), scales, legend, canvas, whole=False)
    if plane is None:
        return too_small(figure.title, SMALLEST, width, height, style)
    inside: dict[tuple[int, int], Counter[str]] = {}
    for x, y, label in points:
        column = round(scales[0].fraction(x) * (plane.width - 1))
        row = plane.height - 1 - round(scales[1].fraction(y) * (plane.height - 1))
        inside.setdefault((row, column), Counter())[label] += 1
    for (row, column), counts in inside.items():
        label = max(counts, key=lambda name: counts[name])
        canvas.set(plane.top + row, plane.left + column, signs[label], styles[label])
    return canvas.text()


def class_letters(names: Sequence[str], style: Style) -> list[str]:
    """Return one ASCII letter a class, its initial where that is free; more than 62 classes share ``*``."""
    letters: list[str] = []
    used: set[str] = set()
    for name in names:
        wanted = [ch for ch in name.upper() + name.lower() if ch in string.ascii_letters]
        free = (ch for ch in [*wanted, *string.ascii_uppercase, *string.ascii_lowercase, *string.digits])
        blank = "•" if style.unicode else "*"
        letter = next((ch for ch in free if ch not in used), "*") if name else blank
        used.add(letter)
        letters.append(letter)
    return letters
