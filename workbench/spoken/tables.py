"""Tables and values in lines that can be read out: each number with the name of its column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from labsteps.catalogue import Part
from labsteps.results import Cell, Result, Table, Value
from workbench.spoken.words import Speech, decimal

LONG_NOTE: Final = 160


def table_lines(table: Table, speech: Speech) -> Iterator[str]:
    """Yield what a table is, then a line a row."""
    yield speech.say("{}: table, rows {}, columns {}.", speech.lab(table.title), len(table.rows), len(table.columns))
    names = [
        f"{speech.lab(column.name)} ({speech.lab(column.unit)})" if column.unit else speech.lab(column.name)
        for column in table.columns
    ]
    for row in table.rows:
        cells = [speech.cell(cell, column) for cell, column in zip(row, table.columns, strict=False)]
        told = [f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=False)]
        if told:
            yield ": ".join(filter(None, (told[0], ", ".join(_with_intervals(table, row, told)[1:]))))
    yield from note_lines(table.note, speech)


def note_lines(note: str, speech: Speech) -> Iterator[str]:
    """Yield what a table's note says, a line each."""
    whole = speech.lab(note)
    if whole != note or (speech.language == "en" and len(note) < LONG_NOTE):
        yield from filter(None, [whole])
        return
    yield from map(speech.lab, filter(None, note.split("; ")))


def _with_intervals(table: Table, row: Sequence[Cell], told: Sequence[str]) -> list[str]:
    """Return the cells of a row with both ends of an interval in one, and without an interval that is undefined."""
    joined: list[str] = []
    for index, text in enumerate(told):
        name, before = table.columns[index].name, table.columns[index - 1].name if index else ""
        if (before, name) == ("from", "to"):
            joined[-1] = f"{joined[-1]} {text}" if row[index] is not None else ""
        else:
            joined.append(text)
    return [joined[0], *filter(None, joined[1:])]


def value_lines(part: Part | None, result: Result, speech: Speech) -> Iterator[str]:
    """Yield a line a value, titled and rounded as its part says, with its interval or why it is undefined."""
    specs = {spec.name: spec for spec in part.values} if part is not None else {}
    names = [name for name in specs if name in result.values] + [name for name in result.values if name not in specs]
    for name in names:
        value, spec = result.values[name], specs.get(name)
        whole = value.number is not None and float(value.number).is_integer()
        digits = spec.digits if spec is not None else 0 if whole else 3
        title = spec.title.to(speech.language) if spec is not None else name
        yield f"{title}: {value_text(value, digits, spec.unit if spec is not None else '', speech)}"


def value_text(value: Value, digits: int, unit: str, speech: Speech) -> str:
    """Return a value with its unit and interval, or why it is undefined."""
    if value.number is None:
        return speech.say("undefined: {}", speech.lab(value.reason))
    text = f"{decimal(value.number, digits)} {unit}".strip()
    if value.low is None or value.high is None:
        return text
    return speech.say("{}, 95 % interval from {} to {}", text, decimal(value.low, digits), decimal(value.high, digits))
