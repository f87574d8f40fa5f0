"""Curves in braille: lines over a common horizontal axis."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from rich.text import Text

from labsteps.results import Curve, Series
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.plane import SMALLEST, Entry, Plane, open_plane
from workbench.plots.scale import Scale
from workbench.plots.style import Style, muted, series_sign, series_style
from workbench.plots.text import cells, finite
from workbench.plots.window import WHOLE, Window

Point = tuple[float, float]
Dot = tuple[int, int]

# Dots of a braille cell from bottom to top, left and right half.
_LEFT: Final = (0x40, 0x04, 0x02, 0x01)
_RIGHT: Final = (0x80, 0x20, 0x10, 0x08)
_LEFT_BITS: Final = tuple(sum(bit for i, bit in enumerate(_LEFT) if value >> i & 1) for value in range(16))
_RIGHT_BITS: Final = tuple(sum(bit for i, bit in enumerate(_RIGHT) if value >> i & 1) for value in range(16))
_SIGN_EVERY: Final = 18


def draw_curve(figure: Curve, width: int, height: int, style: Style, window: Window = WHOLE) -> Text:
    """Return the curve drawn in at most `width` x `height` cells.

    Each line has a colour and a sign; the sign stands on every point where there are few, else here and there.  Of a
    part of the horizontal axis the vertical one shows what lies there.
    """
    lines = [_segments(series, log=figure.log_y) for series in figure.series]
    points = [point for segments in lines for segment in segments for point in segment]
    if not points:
        return nothing(figure.title, width, height, style)
    whole = all(x.is_integer() for x, _ in points)
    across = Scale(x for x, _ in points)
    measured = lines
    if not window.whole:
        across = Scale((across.at(window.left), across.at(window.left + window.share)))
        whole = whole and across.high - across.low >= 1
        measured = [[_inside(segment, across) for segment in segments] for segments in lines]
        lines = [
            [piece for segment in segments for piece in _clipped(segment, across, log=figure.log_y)]
            for segments in lines
        ]
        points = [point for segments in lines for segment in segments for point in segment] or points
    scales = across, Scale((y for _, y in points), log=figure.log_y)
    legend = [Entry(series_sign(style, i), s.name, series_style(style, i)) for i, s in enumerate(figure.series)]
    canvas = Canvas(width, height, style)
    plane = open_plane(
        figure.title, (figure.x_axis, figure.y_axis), scales, legend if _named(legend) else [], canvas, whole=whole
    )
    if plane is None:
        return too_small(figure.title, SMALLEST, width, height, style)
    fine = (2, 4) if style.unicode else (1, 1)
    size = plane.width * fine[0], plane.height * fine[1]
    dots, marks = (
        [[reduce_points(_dots(segment, scales, *size)) for segment in segments if segment] for segments in which]
        for which in (lines, measured)
    )
    if style.unicode:
        _draw_braille(plane, dots, style)
    else:
        _draw_signs(plane, dots, style)
    _mark(plane, marks, fine, style)
    _tell_hidden(figure, canvas, plane)
    return canvas.text()


def reduce_points(dots: list[Dot]) -> list[Dot]:
    """Return the path with at most the first, lowest, highest and last point of each visit to a column.

    Drawn, the path covers the same dots as before.
    """
    kept: list[Dot] = []
    start = 0
    for index in range(1, len(dots) + 1):
        if index < len(dots) and dots[index][0] == dots[start][0]:
            continue
        visit = dots[start:index]
        if len(visit) > 4:
            inner = (min(visit, key=lambda dot: dot[1]), max(visit, key=lambda dot: dot[1]))
            visit = [visit[0], *inner, visit[-1]]
        kept += visit
        start = index
    return kept


def _named(legend: list[Entry]) -> bool:
    return len(legend) > 1 or any(entry.name for entry in legend)


def _segments(series: Series, *, log: bool) -> list[list[Point]]:
    """Return the runs of points between gaps; on a logarithmic axis what is not positive is a gap."""
    segments: list[list[Point]] = [[]]
    for raw_x, raw_y in zip(series.x, series.y, strict=False):
        x, y = finite(raw_x), finite(raw_y)
        if x is not None and y is not None and (y > 0 or not log):
            segments[-1].append((x, y))
        elif segments[-1]:
            segments.append([])
    return [segment for segment in segments if segment]


def _inside(segment: list[Point], across: Scale) -> list[Point]:
    """Return the points of a line that lie in sight."""
    return [point for point in segment if across.low <= point[0] <= across.high]


def _clipped(segment: list[Point], across: Scale, *, log: bool) -> list[list[Point]]:
    """Return the pieces of a line that lie in sight; where it leaves sight it ends at the edge, between two points."""
    if len(segment) == 1:
        return [inside] if (inside := _inside(segment, across)) else []
    pieces: list[list[Point]] = []
    for one, other in pairwise(segment):
        begin, end = _cut(one, other, across, log=log), _cut(other, one, across, log=log)
        if begin is None or end is None:
            continue
        if pieces and pieces[-1][-1] == begin:
            pieces[-1].append(end)
        else:
            pieces.append([begin, end])
    return pieces


def _cut(one: Point, other: Point, across: Scale, *, log: bool) -> Point | None:
    """Return the first point in sight on the way from one point to another, None where no part of it is in sight."""
    (x, y), (to_x, to_y) = one, other
    edge = min(max(x, across.low), across.high)
    if edge == x:
        return one
    if not min(x, to_x) <= edge <= max(x, to_x):
        return None
    # Halves and weights, because the difference of two huge numbers is not finite.
    part = (edge / 2 - x / 2) / (to_x / 2 - x / 2)
    if log:
        return edge, 10 ** min(308.0, (1 - part) * math.log10(y) + part * math.log10(to_y))
    return edge, (1 - part) * y + part * to_y


def _dots(segment: list[Point], scales: tuple[Scale, Scale], columns: int, rows: int) -> list[Dot]:
    across, up = scales[0].fraction, scales[1].fraction
    return [(round(across(x) * (columns - 1)), round(up(y) * (rows - 1))) for x, y in segment]


def _columns(dots: list[list[Dot]], count: int) -> list[int]:
    """Return the dots of a line's segments as one number a column, bit 0 at the bottom."""
    columns = [0] * count
    for segment in dots:
        x, y = segment[0]
        columns[x] |= 1 << y
        for to_x, to_y in segment[1:]:
            steps = abs(to_x - x)
            if not steps:
                low, high = (y, to_y) if y < to_y else (to_y, y)
                columns[x] |= ((1 << (high - low + 1)) - 1) << low
            else:
                direction = 1 if to_x > x else -1
                slope = (to_y - y) / steps
                before = y
                for step in range(steps + 1):
                    # Each column is filled up to half-way to the next, so that steep lines have no holes.
                    after = to_y if step == steps else round(y + slope * (step + 0.5))
                    low, high = (before, after) if before < after else (after, before)
                    columns[x + direction * step] |= ((1 << (high - low + 1)) - 1) << low
                    before = after
            x, y = to_x, to_y
    return columns


def _draw_braille(plane: Plane, lines: list[list[list[Dot]]], style: Style) -> None:
    bits = [[0] * plane.width for _ in range(plane.height)]
    owner = [[0] * plane.width for _ in range(plane.height)]
    for index, segments in enumerate(lines):
        columns = _columns(segments, plane.width * 2)
        for column in range(plane.width):
            left, right = columns[2 * column], columns[2 * column + 1]
            both = left | right
            row = plane.height - 1
            while both:
                if both & 15:
                    bits[row][column] |= _LEFT_BITS[left & 15] | _RIGHT_BITS[right & 15]
                    owner[row][column] = index
                both, left, right, row = both >> 4, left >> 4, right >> 4, row - 1
    styles = [series_style(style, i) for i in range(len(lines))]
    for row in range(plane.height):
        for column, value in enumerate(bits[row]):
            if value:
                plane.canvas.set(plane.top + row, plane.left + column, chr(0x2800 + value), styles[owner[row][column]])


def _draw_signs(plane: Plane, lines: list[list[list[Dot]]], style: Style) -> None:
    """Draw lines of ASCII signs, one a cell."""
    for index, segments in enumerate(lines):
        sign, color = series_sign(style, index), series_style(style, index)
        for column, bits in enumerate(_columns(segments, plane.width)):
            for up in range(plane.height):
                if bits >> up & 1:
                    plane.canvas.set(plane.top + plane.height - 1 - up, plane.left + column, sign, color)


def _mark(plane: Plane, lines: list[list[list[Dot]]], fine: tuple[int, int], style: Style) -> None:
    """Set each line's sign on its points, so that lines are told apart without colour."""
    for index, segments in enumerate(lines):
        few = sum(len(segment) for segment in segments) * 3 <= plane.width
        apart = 0 if few else _SIGN_EVERY
        following = 0 if few else (index * _SIGN_EVERY) // max(1, len(lines)) + 2
        for segment in segments:
            for x, y in segment:
                column = x // fine[0]
                if column >= following or few or (len(segment) == 1 and len(segments) == 1):
                    row = plane.top + plane.height - 1 - y // fine[1]
                    plane.canvas.set(row, plane.left + column, series_sign(style, index), series_style(style, index))
                    following = column + apart


def _tell_hidden(figure: Curve, canvas: Canvas, plane: Plane) -> None:
    """Say how many values a logarithmic axis cannot show."""
    if not figure.log_y:
        return
    values = [finite(y) for series in figure.series for y in series.y]
    hidden = sum(1 for y in values if y is not None and y <= 0)
    if hidden:
        note = canvas.style.say(f"{hidden} not above 0, not drawn")
        canvas.put(plane.top, plane.left + plane.width - cells(note), note, muted(canvas.style))
