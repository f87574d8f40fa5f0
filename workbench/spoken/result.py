"""A whole result in lines: values, text, figures and tables, each with what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labsteps.catalogue import Part
from labsteps.results import Bars, Curve, Figure, Result
from workbench.spoken.figures import figure_lines
from workbench.spoken.tables import table_lines, value_lines
from workbench.spoken.words import Speech


def result_lines(part: Part | None, result: Result, language: str, pictures: Path | None = None) -> Iterator[str]:
    """Yield a result in lines, an empty one before each of its pieces.

    Parameters
    ----------
    part
        Which titles and rounds the values; None where there is no part.
    result
        As the part made it, in English.
    language
        ``en`` or ``el``.
    pictures
        Folder of the figures as PNG.
    """
    speech = Speech(language)
    yield from value_lines(part, result, speech)
    if result.text:
        yield ""
        yield from map(speech.lab, result.text.split("\n"))
    for name, figure in result.figures.items():
        yield ""
        yield from named_figure_lines(name, figure, speech, pictures)
    for table in result.tables.values():
        yield ""
        yield from table_lines(table, speech)


def named_figure_lines(
    name: str, figure: Figure, speech: Speech, pictures: Path | None = None, *, numbers: bool = False
) -> Iterator[str]:
    """Yield a figure in lines with its name; of one that numbers alone do not tell, where it is as a picture."""
    png = None if pictures is None or isinstance(figure, Curve | Bars) else pictures / f"{name}.png"
    lines = figure_lines(figure, speech, numbers=numbers, png=png if png is not None and png.is_file() else None)
    yield f"{speech.say('Figure {}', name)}. {next(lines)}"
    yield from lines
