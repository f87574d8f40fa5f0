"""Pictures of numbers, such as spectrograms, in words: extents, range, and where they are strongest."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean
from typing import Final

from labsteps.results import Image
from workbench.spoken.words import Speech, number, place

_SLICES: Final = 8


def image_lines(image: Image, speech: Speech, *, numbers: bool = False) -> Iterator[str]:
    """Yield a picture in lines; its numbers are the means of slices from left to right."""
    rows, columns = len(image.values), len(image.values[0]) if image.values else 0
    cells = [
        (value, row, column)
        for row, values in enumerate(image.values)
        for column, value in enumerate(values)
        if value is not None
    ]
    yield speech.say("{}: picture of {} × {} cells.", speech.lab(image.title), columns, rows)
    if not cells:
        return
    across = (place(image.x_axis, 0), place(image.x_axis, columns - 1))
    up = (place(image.y_axis, 0), place(image.y_axis, rows - 1))
    marked = all((*across, *up))
    if marked:
        yield speech.say("Across: {}, marked from {} to {}.", speech.axis(image.x_axis), *across)
        yield speech.say("Up: {}, marked from {} to {}.", speech.axis(image.y_axis), *up)
    values = [value for value, _, _ in cells]
    strongest, row, column = max(cells)
    about = speech.say(
        "{}: from {} to {}, mean {}",
        speech.axis(image.value_axis),
        number(min(values)),
        number(strongest),
        number(fmean(values)),
    )
    if not marked:
        yield f"{about}."
        return
    yield about + speech.say(
        "; highest near {} {}, {} {}.",
        speech.lab(image.x_axis.name),
        speech.place(image.x_axis, column),
        speech.lab(image.y_axis.name),
        speech.place(image.y_axis, row),
    )
    if numbers:
        yield from _slices(image, columns, speech)


def _slices(image: Image, columns: int, speech: Speech) -> Iterator[str]:
    count = min(_SLICES, columns)
    for index in range(count):
        begin, end = index * columns // count, (index + 1) * columns // count
        means = [
            (fmean(known), row)
            for row, values in enumerate(image.values)
            if (known := [value for value in values[begin:end] if value is not None])
        ]
        if means:
            yield speech.say(
                "{} {} to {}: mean {}, highest at {} {}",
                speech.lab(image.x_axis.name),
                place(image.x_axis, begin),
                speech.place(image.x_axis, end - 1),
                number(fmean(mean for mean, _ in means)),
                speech.lab(image.y_axis.name),
                speech.place(image.y_axis, max(means)[1]),
            )
