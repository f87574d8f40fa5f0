"""``export``: runs and metrics as CSV or JSON, and as TensorBoard's event files."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labsteps.catalogue import catalogue
from labsteps.errors import UsageError
from labsteps.selection import select
from workbench.commands.choose import open_existing
from workbench.commands.output import wants_json
from workbench.commands.overwriting import own_target
from workbench.exits import Exit
from workbench.export.columns import RunColumn, chosen, columns_of, is_column
from workbench.export.tables import METRIC_COLUMNS, RunRow, metrics_table, moment, readable_runs, run_row
from workbench.plots.text import printable
from workbench.speaking import told
from workbench.store.atomic import write_file
from workbench.store.run import RunFolder
from workbench.store.session import Session

_JSON_BEGINS = b'{\n "format": 1,\n "session": '
Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def run_export(options: argparse.Namespace) -> int:
    """Run one verb of ``export``.

    Raises
    ------
    UsageError
        If no run has a column that is asked for.
    """
    session = open_existing(options)
    problems: list[str] = []
    if options.verb != "tensorboard" and options.out is not None:
        options.out = own_target(options.out, "--out", "table of `export`", _is_ours)
    parts = [part.id for part in select(catalogue(), options.part).parts] if options.part else None
    runs = readable_runs(session, parts, problems)
    if options.verb == "tensorboard":
        _tensorboard(options, session, runs)
    elif options.verb == "runs":
        if _in_json(options) and (options.columns or options.long):
            raise UsageError("JSON has every column; --columns and --long are for CSV.")
        rows = [run_row(run) for run in runs]
        _give(
            options,
            _report(session, "runs", [{**asdict(row), "created": moment(row.created)} for row in rows]),
            lambda: _table(rows, _columns(options, rows)),
        )
    else:
        table = [row for run in runs for row in metrics_table(run)]
        listed = [dict(zip(METRIC_COLUMNS, row, strict=True)) for row in table]
        _give(options, _report(session, "metrics", listed), lambda: (METRIC_COLUMNS, table))
    for problem in problems:
        print(told(f"left out: {problem}"), file=sys.stderr)
    return Exit.DONE


def _in_json(options: argparse.Namespace) -> bool:
    """Return whether what is written is JSON: as ``--format`` says, else for programs."""
    return bool((options.form or ("json" if wants_json(options) else "csv")) == "json")


def _give(options: argparse.Namespace, report: dict[str, Any], table: Callable[[], Table]) -> None:
    """Write the rows in the format that is asked for; with ``--json`` programs get theirs on stdout all the same."""
    as_json = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    if _in_json(options):
        _write(options.out, as_json)
    elif wants_json(options) and options.out is None:
        raise UsageError("--json prints JSON, so a table goes to a file: --format csv --out FILE.")
    else:
        _write_csv(options.out, *table())
    if wants_json(options) and options.out is not None:
        _write(None, as_json)


def _table(rows: Sequence[RunRow], columns: Sequence[RunColumn]) -> Table:
    return [one.name for one in columns], [[one.of(row) for one in columns] for row in rows]


def _columns(options: argparse.Namespace, rows: Sequence[RunRow]) -> list[RunColumn]:
    """Return the columns that are asked for; without a word those that tell runs apart and how well they did."""
    columns = columns_of(rows, catalogue())
    if options.columns:
        return chosen(columns, [name.strip() for name in options.columns.split(",") if name.strip()])
    return [one for one in columns if one.short or options.long]


def _is_ours(head: bytes) -> bool:
    """Return whether a file that begins so is a table of runs or of metrics, in CSV or JSON."""
    line, whole, _ = head.partition(b"\n")
    names = line.decode(errors="replace").split(",")
    whole_names = names if whole or len(names) == 1 else names[:-1]
    return head.startswith(_JSON_BEGINS) or all(name in METRIC_COLUMNS or is_column(name) for name in whole_names)


def _report(session: Session, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"format": 1, "session": session.name, name: rows}


def _tensorboard(options: argparse.Namespace, session: Session, runs: Iterable[RunFolder]) -> None:
    from workbench.export.tensorboard import folder_of, write_run

    folder = options.out.expanduser().absolute() if options.out is not None else folder_of(session)
    files = [file for run in runs for file in write_run(run, folder)]
    if wants_json(options):
        report = {"format": 1, "session": session.name, "folder": str(folder), "files": [str(file) for file in files]}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    print(told(f"{len(files)} event files in {folder}; tensorboard --logdir {folder}"))


def _write_csv(out: Path | None, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # A terminal must not obey what a data set calls its classes; a file keeps the names as they are.
    shown = out is None and sys.stdout.isatty()
    for row in rows:
        writer.writerow([printable(cell) if shown and isinstance(cell, str) else cell for cell in row])
    _write(out, text.getvalue())


def _write(out: Path | None, text: str) -> None:
    if out is None:
        print(text, end="", flush=True)
        return
    write_file(out, text.encode("utf-8"))
    print(told(f"wrote {out}"), file=sys.stderr)
