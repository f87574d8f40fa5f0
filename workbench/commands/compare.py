"""``compare``: two runs on the same test tracks."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsteps import results
from labsteps.catalogue import Part, catalogue
from labsteps.errors import PrerequisiteError, UsageError
from labsteps.results import Result
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.control import find_run, part_of
from workbench.commands.figures import runs_meant
from workbench.comparing import metrics_table, names_of, parameters_table
from workbench.exits import Exit
from workbench.speaking import field, said
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

if TYPE_CHECKING:
    from labsteps.evaluation.pairs import Said

OUTPUTS_FILE = "test_outputs.csv"
MOST_RESAMPLES = 1_000_000


def run_compare(options: argparse.Namespace) -> int:
    """Compare two runs: a paired test, all metrics that both report, and the parameters that differ.

    Raises
    ------
    PrerequisiteError
        If one of them has no run with predictions.
    UsageError
        If both are the same run, or were not tested on the same tracks.
    """
    if not 1 <= options.resamples <= MOST_RESAMPLES:
        raise UsageError(f"--resamples cannot be {options.resamples}: it takes a number from 1 to {MOST_RESAMPLES}.")
    session = open_existing(options)
    first, second = (_tested(session, name) for name in (options.first, options.second))
    if first.id == second.id:
        raise UsageError(f"{options.first} and {options.second} are one run, {first.id}; name another one.")
    as_json, language = output.wants_json(options), output.language_of(options, session)
    titles = "en" if as_json else language
    result = compare_runs(first, second, resamples=options.resamples, seed=session.seed, language=titles)
    if as_json:
        about = {"format": 1, "session": session.name, "first": _about(first), "second": _about(second)}
        plain = results.to_json(result)
        print(json.dumps({**about, "tables": plain["tables"], "text": plain["text"]}, ensure_ascii=False, indent=1))
        return Exit.DONE
    for word, run in (("first", first), ("second", second)):
        print(f"{field(word, 9)}{part_of(run):<6} {_part(run).title.to(language)}  {said(f'run {run.id}')}")
    print()
    output.print_contents(_part(first), result, language)
    sys.stdout.flush()
    return Exit.DONE


def compare_runs(first: RunFolder, second: RunFolder, *, resamples: int, seed: int, language: str = "en") -> Result:
    """Return what differs between two finished runs, as tables; titles of values in ``en`` or ``el``.

    Raises
    ------
    UsageError
        If no track is in both test sets, or the classes or axes differ.
    """
    from labsteps.evaluation.pairs import pair_tables, read_said
    from labsteps.steps.opening import SPLIT_FILE, read_split

    runs = (first, second)
    names = names_of(runs)
    a, b = (
        {f"{name}{section}": read_said(path) for section, path in outputs_of(run).items()}
        for name, run in zip(names, runs, strict=True)
    )
    heard = {
        f"{name}{section}": frozenset(read_split(path.parent)["train"])
        for name, run in zip(names, runs, strict=True)
        for section, path in outputs_of(run).items()
        if (path.parent / SPLIT_FILE).exists()
    }
    tables = pair_tables(a, b, resamples=resamples, seed=seed, trained_on=heard)
    note = "difference: first minus second; a dash where undefined"
    metrics = metrics_table(runs, names, 1, catalogue(), note=note, language=language)
    parameters = parameters_table(runs, names, catalogue())
    tables |= {name: table for name, table in (("metrics", metrics), ("parameters", parameters)) if table.rows}
    return Result(tables=tables, text=_warning(first, second, a, b))


def _tested(session: Session, name: str) -> RunFolder:
    """Return the newest finished run with predictions of test tracks that a part, a step or an id means."""
    for run in runs_meant(session, name):
        if run.state is RunState.FINISHED and outputs_of(run):
            return run
    part = part_of(find_run(session, name))
    raise PrerequisiteError(
        f"{name} has no finished run with predictions of a test set. Parts that train and test a model have one: "
        f"run {part} first, or name another."
    )


def outputs_of(run: RunFolder) -> dict[str, Path]:
    """Return the files of predictions by the section of the run that they belong to, ``""`` for the run itself."""
    own = run.path / OUTPUTS_FILE
    if own.exists():
        return {"": own}
    return {f" {path.parent.name}": path for path in sorted(run.path.glob(f"*/{OUTPUTS_FILE}"))}


def _warning(first: RunFolder, second: RunFolder, a: dict[str, Said], b: dict[str, Said]) -> str:
    """Say what makes the comparison less than it seems."""
    lines = []
    if any(
        len(x.ids) != len(y.ids) or set(x.ids.tolist()) != set(y.ids.tolist()) for x in a.values() for y in b.values()
    ):
        lines.append("The two were not tested on all the same tracks; the paired tests are on those that both have.")
    if first.record.get("seed") == second.record.get("seed"):
        return "\n".join(lines)
    return "\n".join([*lines, "The two have different seeds, so part of the difference is chance in training."])


def _about(run: RunFolder) -> dict[str, Any]:
    return {"run": run.id, "part": part_of(run), "seed": run.record.get("seed"), "parameters": run.record["parameters"]}


def _part(run: RunFolder) -> Part:
    try:
        return catalogue().parts[part_of(run)]
    except (KeyError, StoreError):
        raise UsageError(f"Run {run.id} is of a part that this version does not have.") from None
