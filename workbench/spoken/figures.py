"""Figures in words and numbers: what a picture is of, how far it reaches, and what one would look for in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from labsteps.results import Bars, Curve, Figure, Heatmap, Image, Panels, Scatter, Series
from workbench.spoken.matrix import heatmap_lines
from workbench.spoken.points import panels_lines, scatter_lines
from workbench.spoken.spectrogram import image_lines
from workbench.spoken.words import Speech, ends, number, place, thinned

MOST_ROWS: Final = 12
_LOWER: Final = ("loss", "error")
_HIGHER: Final = ("accuracy", "f1", "score", "spearman", "correlation", "recall", "precision", "cosine")


def figure_lines(figure: Figure, speech: Speech, *, numbers: bool = False, png: Path | None = None) -> Iterator[str]:
    """Yield a figure in lines.

    Parameters
    ----------
    figure
        The figure as the part made it, in English.
    speech
        The language.
    numbers
        Whether its numbers follow as well, thinned where they are many.
    png
        Where it lies as a picture, for somebody to be shown.
    """
    match figure:
        case Curve():
            yield from curve_lines(figure, speech, numbers=numbers)
        case Bars():
            yield from bars_lines(figure, speech)
        case Heatmap():
            yield from heatmap_lines(figure, speech, numbers=numbers)
        case Scatter():
            yield from scatter_lines(figure, speech, numbers=numbers)
        case Panels():
            yield from panels_lines(figure, speech)
        case Image():
            yield from image_lines(figure, speech, numbers=numbers)
    if png is not None:
        yield speech.say("picture: {}", png)


def curve_lines(curve: Curve, speech: Speech, *, numbers: bool = False) -> Iterator[str]:
    """Yield what a curve is of, and each line's first, best and last value with their places."""
    places = [x for series in curve.series for x, _ in _points(series)]
    first, last = ends(curve.x_axis, places) if places else ("–", "–")
    about = speech.say("{}: curve. Across: {}, from {} to {}.", *_titled(curve, speech), first, last)
    up = "Up: {}, on a logarithmic axis." if curve.log_y else "Up: {}."
    yield f"{about} {speech.say(up, speech.axis(curve.y_axis))}"
    for series in curve.series:
        yield from _series_line(curve, series, speech)
    if numbers:
        yield from _curve_rows(curve, speech)


def bars_lines(bars: Bars, speech: Speech) -> Iterator[str]:
    """Yield what bars are of, then a line a category."""
    yield speech.say(
        "{}: bars. A bar for each of {} ({}). Up: {}.",
        *_titled(bars, speech),
        len(bars.categories),
        speech.axis(bars.y_axis),
    )
    at = {index: dict(_points(series)) for index, series in enumerate(bars.series)}
    for position, category in enumerate(bars.categories):
        told = [
            f"{speech.lab(series.name)} {number(at[index].get(float(position)))}".strip()
            for index, series in enumerate(bars.series)
        ]
        yield f"{speech.below(bars.x_axis.name, category)}: {', '.join(told)}"


def _titled(figure: Curve | Bars, speech: Speech) -> tuple[str, str]:
    return speech.lab(figure.title), speech.axis(figure.x_axis)


def _points(series: Series) -> list[tuple[float, float]]:
    return [(x, y) for x, y in zip(series.x, series.y, strict=False) if x is not None and y is not None]


def _series_line(curve: Curve, series: Series, speech: Speech) -> Iterator[str]:
    points = _points(series)
    name = speech.lab(series.name) or speech.lab(curve.y_axis.name)
    if not points:
        yield speech.say("{}: no value", name)
        return

    def told(what: str, point: tuple[float, float]) -> str:
        return speech.say(what, number(point[1]), speech.lab(curve.x_axis.name), place(curve.x_axis, point[0]))

    low, high = min(points, key=lambda one: one[1]), max(points, key=lambda one: one[1])
    best = _best(curve, series)
    middle = {
        "lower": [told("best {} at {} {}", low)],
        "higher": [told("best {} at {} {}", high)],
        # Where the first or last value is the lowest or highest, nobody needs to hear it twice.
        "": [
            told(what, point)
            for what, point in (("lowest {} at {} {}", low), ("highest {} at {} {}", high))
            if point not in (points[0], points[-1])
        ],
    }[best]
    parts = [told("first {} at {} {}", points[0])]
    if len(points) > 1:
        parts += [*middle, told("last {} at {} {}", points[-1])]
    yield f"{name}: {', '.join(parts)}"


def _best(curve: Curve, series: Series) -> str:
    """Return which direction is better over the epochs, empty where neither is or it is not known."""
    if curve.x_axis.name != "epoch":
        return ""
    words = f"{curve.y_axis.name} {series.name}".casefold()
    if any(word in words for word in _LOWER):
        return "lower"
    return "higher" if any(word in words for word in _HIGHER) else ""


def _curve_rows(curve: Curve, speech: Speech) -> Iterator[str]:
    """Yield the values of all lines at some places along the axis."""
    lines = [(speech.lab(series.name), dict(_points(series))) for series in curve.series]
    places = sorted({x for _, points in lines for x in points})
    for index in thinned(len(places), MOST_ROWS):
        x = places[index]
        told = [f"{name} {number(points[x])}".strip() for name, points in lines if x in points]
        yield f"{speech.lab(curve.x_axis.name)} {place(curve.x_axis, x)}: {', '.join(told)}"
