"""Step 0: the data folder as it lies on disk, whether it is whole, and the devices of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from labsteps.context import Context
from labsteps.data.folders import DataFolder
from labsteps.data.layout import DataReport, Problem, check
from labsteps.errors import DataError, StopRequestedError
from labsteps.gpus import models, visible
from labsteps.host import available_threads, memory, processor
from labsteps.results import Axis, Bars, Cell, Column, Figure, Result, Series, Table, Value

SOURCE = "Kaggle, geoparslp/patreco3-multitask-affective-music"
_DATA_VALUES = ("clips", "size", "problems", "warnings", "shared")
_ENTRIES_SHOWN = 30
_PROBLEMS_SHOWN = 100
_QUERY = "index,name,memory.total,memory.used,utilization.gpu"


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device with what it has and what of it is in use; None where the machine does not tell.

    Attributes
    ----------
    memory, used
        In GB.
    busy
        Part of its time that it works, in percent.
    """

    name: str
    model: str
    threads: int | None
    memory: float | None
    used: float | None
    busy: float | None


_UNTOLD = DeviceState("", "NVIDIA GPU", None, None, None, None)


def data_and_device(context: Context) -> Result:
    """0: the tree of the data root, its check, and the devices."""

    def progress(done: int, total: int) -> None:
        if context.stop_requested():
            raise StopRequestedError
        if done % 512 == 0 or done == total:
            context.emit("phase", text="checking the data", done=done, total=total)

    machine = devices()
    tables = {"devices": _device_table(machine, context.device), "sources": _ways()}
    try:
        report = check(context.data_root, progress=progress)
    except DataError as error:  # without data this part tells what is missing and where to get it
        values = {name: Value(None, reason="there are no data") for name in _DATA_VALUES}
        return Result({**values, "devices": Value(len(machine))}, tables, text=f"There are no data: {error}.")
    found = {"tree": _tree(context.data_root), "splits": _splits(report)}
    for name, what in (("problems", report.problems), ("warnings", report.warnings)):
        if what:
            found[name] = _findings(name, what, context.data_root)
    return Result(
        values={**_data_values(report), "devices": Value(len(machine))},
        tables={**found, **tables},
        figures=_genre_figure(report),
        text=_verdict(report, context.device),
    )


def _data_values(report: DataReport) -> dict[str, Value]:
    splits = [split for folder in report.folders for split in folder.splits.values()]
    shared = {track for pair in report.shared for track in pair.ids}
    numbers = (
        sum(split.clips for split in splits),
        sum(split.size for split in splits) / 1e9,
        len(report.problems),
        len(report.warnings),
        len(shared),
    )
    return {name: Value(number) for name, number in zip(_DATA_VALUES, numbers, strict=True)}


def _verdict(report: DataReport, device: str) -> str:
    if report.problems:
        first = f"The data set is not whole: {len(report.problems)} problems, listed below. Mend them and run 0 again."
    elif report.warnings:
        first = f"The data set can be used; {len(report.warnings)} things about it are odd and harmless, listed below."
    else:
        first = "The data set is whole: every index was read, every file was opened."
    return f"{first}\nThis run was given {device}; step 0 with --device NAME chooses the device of later runs."


def _tree(root: Path) -> Table:
    """Return what lies in the root and one folder deeper, as ``os.listdir`` shows it, with counts and sizes."""
    rows: list[tuple[Cell, ...]] = []
    for name in _listing(root):
        path = root / name
        rows.append(_entry(name, path))
        if path.is_dir() and name in set(DataFolder):
            rows += [_entry(f"  {inner}", path / inner) for inner in _listing(path)]
    return Table(f"{root}", (Column("entry"), Column("files", digits=0), Column("size", "MB")), tuple(rows))


def _listing(folder: Path) -> list[str]:
    names = sorted(os.listdir(folder))
    if len(names) <= _ENTRIES_SHOWN:
        return names
    return [*names[:_ENTRIES_SHOWN], f"… and {len(names) - _ENTRIES_SHOWN} more"]


def _entry(shown: str, path: Path) -> tuple[Cell, ...]:
    if path.is_dir():
        sizes = list(_sizes(path))
        return (f"{shown}/", len(sizes), round(sum(sizes) / 1e6, 3))
    return (shown, None, round(path.stat().st_size / 1e6, 3) if path.is_file() else None)


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the size of every file below a folder; one that cannot be looked at counts as empty."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            yield path.lstat().st_size if path.is_file() else 0


def _splits(report: DataReport) -> Table:
    rows = tuple(
        (f"{folder.folder}/{name}", split.clips, len(split.genres) or None, split.shortest, split.longest)
        for folder in report.folders
        for name, split in folder.splits.items()
    )
    columns = ("clips", "genres", "fewest frames", "most frames")
    shared = ", ".join(
        f"{len(pair.ids)} in genre {pair.genre_split} and multitask {pair.multitask_split}"
        for pair in report.shared
        if pair.ids
    )
    note = f"Tracks in both sets: {shared}." if shared else ""
    return Table("Splits", (Column("split"), *(Column(name, digits=0) for name in columns)), rows, note)


def _findings(name: str, found: tuple[Problem, ...], root: Path) -> Table:
    rows = tuple((problem.text(root),) for problem in found[:_PROBLEMS_SHOWN])
    note = f"And {len(found) - len(rows)} more; `data check` lists all." if len(found) > len(rows) else ""
    return Table(f"{name.capitalize()}: {len(found)}", (Column("what"),), rows, note)


def _genre_figure(report: DataReport) -> dict[str, Figure]:
    """Return the clips of each raw genre as bars, where the genre folder is there."""
    folder = next(f for f in report.folders if f.folder is DataFolder.GENRE_FULL)
    names = sorted({name for split in folder.splits.values() for name in split.genres})
    if not names:
        return {}
    places = tuple(float(place) for place in range(len(names)))
    series = tuple(
        Series(str(split), places, tuple(float(found.genres.get(name, 0)) for name in names))
        for split, found in folder.splits.items()
    )
    return {"genres": Bars("Clips of each genre, as listed", Axis("genre"), Axis("clips"), tuple(names), series)}


def _ways() -> Table:
    rows = (
        ("download it (needs a Kaggle account)", "python -m workbench data fetch"),
        ("use a folder that is there already", "python -m workbench --step 0 --data ROOT"),
        ("build the demo set, music made by code", "python -m workbench data demo"),
    )
    note = f"Where the data set comes from: {SOURCE}. ROOT is the folder that holds {DataFolder.GENRE_FULL}."
    return Table("Ways to data", (Column("way"), Column("command")), rows, note)


def _device_table(found: list[DeviceState], current: str) -> Table:
    rows = tuple(
        (d.name, d.model, d.threads, d.memory, d.used, d.busy, "yes" if d.name == current else "") for d in found
    )
    columns = (
        Column("device"),
        Column("model"),
        Column("threads", digits=0),
        Column("memory", "GB", digits=1),
        Column("in use", "GB", digits=1),
        Column("busy", "%", digits=0),
        Column("chosen"),
    )
    note = "A dash stands for what the machine does not tell." if any(None in row for row in rows) else ""
    return Table("Devices", columns, rows, note)


def devices() -> list[DeviceState]:
    """Return the processor and every GPU that the NVIDIA driver shows, told without importing torch."""
    return [_processor(), *_gpus()]


def _processor() -> DeviceState:
    threads = available_threads()
    used, total = (None if size is None else size / 1e9 for size in memory())
    return DeviceState(
        name="cpu",
        model=processor(),
        threads=threads,
        memory=total,
        used=used,
        busy=min(100.0, 100.0 * os.getloadavg()[0] / threads),
    )


def _gpus() -> list[DeviceState]:
    """Ask ``nvidia-smi``; without it, the driver's folder tells the names alone."""
    program = shutil.which("nvidia-smi")
    if program is not None:
        command = [program, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return _gpu_names()
        if done.returncode == 0:
            return read_gpus(done.stdout)
    return _gpu_names()


def read_gpus(listing: str) -> list[DeviceState]:
    """Return the GPUs of a listing of ``nvidia-smi`` with the columns of a query, one line a GPU, by torch's names."""
    found = {}
    for line in listing.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != len(_QUERY.split(",")):
            continue
        total, used, busy = (float(cell) if cell.replace(".", "", 1).isdigit() else None for cell in cells[2:])
        memory = [None if amount is None else amount * 2**20 / 1e9 for amount in (total, used)]
        found[cells[0]] = DeviceState("", cells[1], None, memory[0], memory[1], busy)
    return [replace(found.get(one, _UNTOLD), name=f"cuda:{n}") for n, one in enumerate(visible(len(found)))]


def _gpu_names() -> list[DeviceState]:
    names = models()
    known = [names[int(one)] if one.isdecimal() else _UNTOLD.model for one in visible(len(names))]
    return [replace(_UNTOLD, name=f"cuda:{number}", model=name) for number, name in enumerate(known)]
