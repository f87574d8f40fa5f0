"""Figures that the tests of drawing share: a confusion matrix of ten genres, curves and a picture."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from labsteps.results import (
    Axis,
    Curve,
    Heatmap,
    Image,
    Series,
)
from workbench.plots.terminal import Style

GENRES = ("Blues", "Classical", "Electronic", "Folk", "Hip-Hop", "Jazz", "Metal", "Pop", "Rock", "Trip-Hop")
RAW = (
    *(
        "Blues",
        "Chiptune",
        "Classical",
        "Electronic",
        "Folk",
        "Hip-Hop",
        "Indie-Rock",
        "International",
        "Jazz",
        "Metal",
    ),
    *(
        "Old-Time",
        "Pop",
        "Post-Punk",
        "Post-Rock",
        "Psych-Folk",
        "Psych-Rock",
        "Punk",
        "Rock",
        "Soundtrack",
        "Trip-Hop",
    ),
)
TEST_CLIPS = (40, 40, 80, 80, 40, 40, 78, 40, 103, 34)
PLAIN = Style("none")
ASCII = Style("none", unicode=False)
# What a value of a figure may be, whatever a run writes.
numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-1, 1),
    st.integers(-5, 500),
    st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308, 1.0, 1.0 + 2**-52, 10**400]),
)


def confusion(names=GENRES, clips=TEST_CLIPS):
    """Return a confusion matrix with half of each class, rounded up, right and the rest spread over the next ones."""
    rows = []
    for index, count in enumerate(clips):
        row = [0] * len(names)
        row[index] = math.ceil(count / 2)
        for step in range(count - row[index]):
            row[(index + 1 + step % 4) % len(names)] += 1
        rows.append(tuple(row))
    return Heatmap("Confusion", Axis("predicted"), Axis("true"), tuple(names), tuple(names), tuple(rows), counts=True)


def curve(*lines, log_y=False, names=("train", "validation", "third", "fourth")):
    series = tuple(Series(name, tuple(range(1, len(y) + 1)), tuple(y)) for name, y in zip(names, lines, strict=False))
    return Curve("Loss", Axis("epoch"), Axis("loss", "nats"), series, log_y)


def picture(values, low=-80.0, high=0.0):
    rows = tuple(tuple(row) for row in values)
    return Image("Mel", Axis("time", "s"), Axis("band", "Hz"), Axis("level", "dB"), rows, low, high)


def lines_of(text):
    return text.plain.split("\n")
