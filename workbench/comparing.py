"""Any number of runs beside each other, from what they stored: values, the parameters that differ, and their curves.

The paired tests on test tracks are in `labsteps.evaluation.pairs`, which needs numpy and SciPy; this needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labsteps import results
from labsteps.catalogue import Catalogue, Part
from labsteps.results import Axis, Cell, Column, Curve, Series, Table, numbers
from workbench.plots.run_curves import is_score, score_title
from workbench.runner.follow import Snapshot
from workbench.store.run import RunFolder

LOSS = "validation_loss"
_TRAIN_LOSS = "train_loss"


def part_of(run: RunFolder, lab: Catalogue) -> Part | None:
    """Return the part that a run is of, None where this version does not have it."""
    return lab.parts.get(str(run.record.get("part", "")))


def names_of(runs: Sequence[RunFolder]) -> list[str]:
    """Return what runs are called: their parts, or where several are of one part, the ends of their ids too."""
    parts = [str(run.record.get("part", "")) for run in runs]
    return [part if parts.count(part) == 1 else f"{part} {run.id[-4:]}" for part, run in zip(parts, runs, strict=True)]


def metrics_table(
    runs: Sequence[RunFolder],
    names: Sequence[str],
    baseline: int,
    lab: Catalogue,
    *,
    note: str = "",
    language: str = "en",
) -> Table:
    """Return the values that the baseline and another run both report, with the differences from the baseline.

    Parameters
    ----------
    runs, names
        Finished runs, and what they are called.
    baseline
        Index of the run that is taken away from the others.
    note
        What stands below the table.
    language
        Of the values' titles, which a part has in each.
    """
    values = [results.from_json(run.result() or {}).values for run in runs]
    others = [index for index in range(len(runs)) if index != baseline]
    specs = {spec.name: spec for run in runs if (part := part_of(run, lab)) for spec in part.values}
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys(name for index in others for name in values[index] if name in values[baseline]):
        own = [found[name].number if name in found else None for found in values]
        base = own[baseline]
        differences = [None if base is None or (one := own[i]) is None else one - base for i in others]
        title = specs[name].title.to(language) if name in specs else name
        rows.append((title, *own, *differences))
    heads = ["difference"] if len(others) == 1 else [f"Δ {names[i]}" for i in others]
    columns = (Column("metric"), *map(Column, names), *map(Column, heads))
    return Table("What both report" if len(runs) == 2 else "What they report", columns, tuple(rows), note)


def parameters_table(runs: Sequence[RunFolder], names: Sequence[str], lab: Catalogue) -> Table:
    """Return the settings that are not the same in all runs, and those that only some of them take."""
    settings = [_settings(run, lab) for run in runs]
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys(name for own in settings for name in own):
        own = [settings_of.get(name, "–") for settings_of in settings]
        if any(value != own[0] for value in own):
            rows.append((name, *map(_text, own)))
    columns = (Column("parameter"), *map(Column, names))
    return Table("Parameters that differ", columns, tuple(rows), "a dash where a part does not take it")


def overlaid(snapshots: Sequence[Snapshot], names: Sequence[str], score: str) -> Curve | None:
    """Return one number of the epochs of several runs as lines over each other, or None where none has it."""
    series, keys = [], set()
    for name, snapshot in zip(names, snapshots, strict=True):
        key = _TRAIN_LOSS if score == LOSS and not _has(snapshot, LOSS) else score
        if _has(snapshot, key):
            keys.add(key)
            x = numbers(row["epoch"] for row in snapshot.epochs)
            series.append(Series(name, x, numbers(row.get(key) for row in snapshot.epochs)))
    if not series:
        return None
    both = "Validation loss, training loss where there is none"
    losses = both if len(keys) > 1 else "Validation loss" if LOSS in keys else "Training loss"
    title = losses if score == LOSS else score_title(score)
    return Curve(title, Axis("epoch"), Axis("loss" if score == LOSS else "score"), tuple(series))


def scores_of(snapshots: Sequence[Snapshot]) -> list[str]:
    """Return the numbers that can be drawn over each other: the loss, then the validation scores."""
    keys = dict.fromkeys(key for snapshot in snapshots for row in snapshot.epochs for key in row if is_score(key))
    return [LOSS, *(key for key in keys if key.startswith("validation_"))]


def _has(snapshot: Snapshot, key: str) -> bool:
    return any(row.get(key) is not None for row in snapshot.epochs)


def _settings(run: RunFolder, lab: Catalogue) -> Mapping[str, Any]:
    record, part = run.record, part_of(run, lab)
    defaults = {parameter.name: parameter.default for parameter in part.parameters} if part is not None else {}
    changed = {f"{name} (changed while it ran)": value for name, value in record.get("changed", {}).items()}
    return {**defaults, **record.get("parameters", {}), **changed, "seed": record.get("seed")}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
