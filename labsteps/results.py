"""What a part gives back: values, tables, figures and text, as plain data.

The terminal, the PNG files, the report and ``--json`` all draw these objects; a plot is written once, here.
Everything converts to JSON and back without loss.  An undefined number is ``None`` with a reason, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar

Cell = str | int | float | None
Numbers = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a result.

    Attributes
    ----------
    number
        The value, or None where it is undefined.
    low, high
        Ends of its 95 % interval, where one was computed.
    reason
        Why the number is undefined; empty when it is defined.
    """

    number: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Turn a non-finite number into an undefined one, which has to have a reason."""
        if self.number is not None and not math.isfinite(self.number):
            object.__setattr__(self, "number", None)
        if self.number is None and not self.reason:
            object.__setattr__(self, "reason", "not a finite number")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a `Table`: its heading, unit, and how numbers in it are written."""

    name: str
    unit: str = ""
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under named columns; ``None`` is an undefined cell."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a figure: its name, its unit, and named ticks as (position, text)."""

    name: str
    unit: str = ""
    ticks: tuple[tuple[float, str], ...] = ()

    @property
    def label(self) -> str:
        """Name and unit as written beside the axis."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a `Curve`; ``None`` in `y` is a gap."""

    name: str
    x: Numbers
    y: Numbers


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over a common horizontal axis, such as losses over epochs."""

    kind: ClassVar[str] = "curve"
    title: str
    x_axis: Axis
    y_axis: Axis
    series: tuple[Series, ...]
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class Heatmap:
    """A matrix with named rows and columns.

    With ``counts`` true it is a confusion matrix: rows are the true classes, columns the predicted ones,
    both in the order of the class codes, and cells are whole numbers of clips.
    """

    kind: ClassVar[str] = "heatmap"
    title: str
    x_axis: Axis
    y_axis: Axis
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    values: tuple[Numbers, ...]
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Grouped bars: for each category one value of every series (`Series.x` holds the positions)."""

    kind: ClassVar[str] = "bars"
    title: str
    x_axis: Axis
    y_axis: Axis
    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points in the plane or in space, each with a label (its class) and an id (its track).

    Attributes
    ----------
    z_axis, z
        The third direction; None and empty in the plane.
    notes
        What else is known of each point, in a few words; empty where nothing is.
    identity
        Whether both axes measure the same, as truth and prediction do: they are then drawn alike, from 0 to 1 or as
        far as there are points, with the line on which they are equal.
    """

    kind: ClassVar[str] = "scatter"
    title: str
    x_axis: Axis
    y_axis: Axis
    x: Numbers
    y: Numbers
    labels: tuple[str, ...]
    ids: tuple[str, ...]
    z_axis: Axis | None = None
    z: Numbers = ()
    notes: tuple[str, ...] = ()
    identity: bool = False

    @property
    def solid(self) -> bool:
        """Whether the points lie in space."""
        return self.z_axis is not None


@dataclass(frozen=True, slots=True)
class Panels:
    """Scatters of the same points, to be seen side by side, such as maps with other settings.

    Attributes
    ----------
    panels
        In reading order; each has a title of its own.
    columns
        How many stand in a row where there is space.
    """

    kind: ClassVar[str] = "panels"
    title: str
    panels: tuple[Scatter, ...]
    columns: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of numbers, such as a spectrogram; row 0 is at the bottom.

    It has no extents: ticks stand at places counted in columns (x) and rows (y), 0 … n − 1, with fractions, and their
    texts say what is there in the axis's unit.

    Attributes
    ----------
    values
        Rows of numbers, shape (n_rows, n_columns).
    low, high
        The values drawn darkest and brightest.
    value_axis
        What the numbers are, with their unit (``dB``).
    light
        How bright each cell is drawn, 0…1, rows and columns as in `values`; empty where all are fully lit.  Shows
        something else over the picture, such as where a network looks.
    """

    kind: ClassVar[str] = "image"
    title: str
    x_axis: Axis
    y_axis: Axis
    value_axis: Axis
    values: tuple[Numbers, ...]
    low: float
    high: float
    light: tuple[Numbers, ...] = ()


Figure = Curve | Heatmap | Bars | Scatter | Panels | Image
_FIGURES: dict[str, type[Figure]] = {cls.kind: cls for cls in (Curve, Heatmap, Bars, Scatter, Panels, Image)}


@dataclass(frozen=True, slots=True)
class Result:
    """What a part gives back.

    Attributes
    ----------
    values
        Name → number, for instance ``test/macro_f1``.
    tables, figures
        By a short name that is also used for file names.
    text
        Plain sentences: a verdict, or what was noticed.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    text: str = ""


def figure_to_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as plain dicts, lists, strings and numbers."""
    plain = {"kind": figure.kind, **asdict(figure)}
    if isinstance(figure, Panels):
        plain["panels"] = [figure_to_json(panel) for panel in figure.panels]
    return plain


def figure_from_json(data: Mapping[str, Any]) -> Figure:
    """Return the figure that `figure_to_json` wrote.

    Raises
    ------
    ValueError
        If the kind of figure is not known to this version.
    """
    cls = _FIGURES.get(str(data.get("kind")))
    if cls is None:
        raise ValueError(f"figure of unknown kind {data.get('kind')!r}; written by a newer version?")
    # A field with a default may be missing in what an earlier version wrote.
    values = {f.name: data[f.name] for f in fields(cls) if f.default is MISSING or f.name in data}
    for name, value in values.items():
        if name == "panels":
            values[name] = tuple(figure_from_json(panel) for panel in value)
        elif name.endswith("axis") and value is not None:
            values[name] = Axis(value["name"], value["unit"], tuple((float(x), str(t)) for x, t in value["ticks"]))
        elif name == "series":
            values[name] = tuple(Series(s["name"], tuple(s["x"]), tuple(s["y"])) for s in value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            values[name] = tuple(tuple(v) if isinstance(v, list | tuple) else v for v in value)
    return cls(**values)


def to_json(result: Result) -> dict[str, Any]:
    """Return a result as plain data, in the form that ``result.json`` and ``--json`` share.

    ``values`` maps names to numbers or null; ``intervals`` and ``undefined`` hold, for the names that
    have one, the 95 % interval and the reason why the number is undefined.
    """
    return {
        "values": {name: value.number for name, value in result.values.items()},
        "intervals": {
            name: [value.low, value.high]
            for name, value in result.values.items()
            if value.low is not None and value.high is not None
        },
        "undefined": {name: value.reason for name, value in result.values.items() if value.number is None},
        "tables": {name: asdict(table) for name, table in result.tables.items()},
        "figures": {name: figure_to_json(figure) for name, figure in result.figures.items()},
        "text": result.text,
    }


def from_json(data: Mapping[str, Any]) -> Result:
    """Return the result that `to_json` wrote."""
    intervals, undefined = data["intervals"], data["undefined"]
    return Result(
        values={
            name: Value(number, low, high, undefined.get(name, ""))
            for name, number in data["values"].items()
            for low, high in [_interval(intervals, name)]
        },
        tables={name: _table_from_json(table) for name, table in data["tables"].items()},
        figures={name: figure_from_json(figure) for name, figure in data["figures"].items()},
        text=data["text"],
    )


def _interval(intervals: Mapping[str, Sequence[float]], name: str) -> tuple[float | None, float | None]:
    low, high = intervals.get(name, (None, None))
    return low, high


def _table_from_json(data: Mapping[str, Any]) -> Table:
    columns = tuple(Column(c["name"], c["unit"], c["digits"]) for c in data["columns"])
    return Table(data["title"], columns, tuple(tuple(row) for row in data["rows"]), data["note"])


def numbers(values: Iterable[Any]) -> Numbers:
    """Return `values` as floats, with None for what is missing or not finite."""
    return tuple(float(v) if v is not None and math.isfinite(v) else None for v in values)
