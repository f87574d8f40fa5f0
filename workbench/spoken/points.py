"""Scatters and maps in words: how many points, how far they reach, and where each class has its middle."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean
from typing import Final

from labsteps.results import Axis, Numbers, Panels, Scatter
from workbench.spoken.words import Speech, number

_DIRECTIONS: Final = ("Across: {}, from {} to {}.", "Up: {}, from {} to {}.", "Into the picture: {}, from {} to {}.")


def scatter_lines(scatter: Scatter, speech: Speech, *, numbers: bool = False) -> Iterator[str]:
    """Yield a scatter in lines: extents, each class's middle or how far truth and prediction part, then its points."""
    yield _head(scatter, speech)
    if scatter.identity:
        yield from _apart(scatter, speech)
    else:
        yield from _middles(scatter, speech)
    if numbers:
        yield from _all_points(scatter, speech)


def panels_lines(panels: Panels, speech: Speech) -> Iterator[str]:
    """Yield several maps, a line each."""
    yield speech.say("{}: {} pictures beside each other.", speech.lab(panels.title), len(panels.panels))
    for panel in panels.panels:
        yield _head(panel, speech)


def _axes(scatter: Scatter) -> list[tuple[Axis, Numbers]]:
    axes = [(scatter.x_axis, scatter.x), (scatter.y_axis, scatter.y)]
    return axes if scatter.z_axis is None else [*axes, (scatter.z_axis, scatter.z)]


def _head(scatter: Scatter, speech: Speech) -> str:
    told = [speech.say("{}: {} points.", speech.lab(scatter.title), len(scatter.x))]
    for template, (axis, values) in zip(_DIRECTIONS, _axes(scatter), strict=False):
        known = [value for value in values if value is not None]
        if known:
            told.append(speech.say(template, speech.axis(axis), number(min(known)), number(max(known))))
    return " ".join(told)


def _middles(scatter: Scatter, speech: Speech) -> Iterator[str]:
    for label in sorted(set(scatter.labels)):
        own = [index for index, one in enumerate(scatter.labels) if one == label]
        middle = []
        for _, values in _axes(scatter):
            known = [value for index in own if (value := values[index]) is not None]
            middle.append(number(fmean(known)) if known else "–")
        yield speech.say("{}: {} points, their mean at {}", label or "–", len(own), ", ".join(middle))


def _apart(scatter: Scatter, speech: Speech) -> Iterator[str]:
    """Yield how far both axes, which measure the same, part over the points."""
    pairs = [
        (abs(x - y), name, x, y)
        for name, x, y in zip(scatter.ids, scatter.x, scatter.y, strict=False)
        if x is not None and y is not None
    ]
    if not pairs:
        return
    mean = fmean(pair[0] for pair in pairs)
    _, name, x, y = max(pairs)
    yield speech.say(
        "The two differ by {} on average; most for track {}: {} and {}.", number(mean), name, number(x), number(y)
    )


def _all_points(scatter: Scatter, speech: Speech) -> Iterator[str]:
    for index in sorted(range(len(scatter.ids)), key=lambda one: (scatter.labels[one], scatter.ids[one])):
        at = ", ".join(number(values[index]) for _, values in _axes(scatter))
        note = scatter.notes[index] if index < len(scatter.notes) else ""
        label = f" ({scatter.labels[index]})" if scatter.labels[index] else ""
        yield f"{speech.say('track {}', scatter.ids[index])}{label}: {', '.join(filter(None, (at, speech.lab(note))))}"
