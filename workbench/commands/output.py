"""Results on stdout: tables and figures for people, one JSON object for programs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from labsteps import results
from labsteps.catalogue import Part
from labsteps.results import Result
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.wording import duration, value_text

if TYPE_CHECKING:
    from workbench.commands.batch import Outcome
    from workbench.commands.narrate import Narrator

CURVE_HEIGHT = 16
FIGURE_HEIGHT = 24
FALLBACK_SIZE = (100, 40)


def wants_json(options: argparse.Namespace) -> bool:
    """Return whether stdout is to be one JSON object."""
    return bool(getattr(options, "json", False))


def print_json(session: Session | None, outcomes: list[Outcome]) -> None:
    """Print the outcomes as one JSON object."""
    report = {
        "format": 1,
        "session": session.name if session else None,
        "parts": [_part_json(outcome) for outcome in outcomes],
    }
    print(json.dumps(report, ensure_ascii=False, indent=1), flush=True)


def print_outcome(outcome: Outcome, say: Narrator) -> None:
    """Print a part's result; what did not come to one is told on stderr."""
    if outcome.run is None or outcome.status != "finished":
        say.line(f"{outcome.part.id}  {outcome.status}{': ' if outcome.reason else ''}{outcome.reason}")
        if outcome.run is not None and outcome.status == "failed":
            _tell_failure(outcome.run, say)
        return
    stored = outcome.run.result()
    assert stored is not None
    print_result(outcome.part, results.from_json(stored), outcome.run, _times(outcome))


def _times(outcome: Outcome) -> str:
    each = outcome.seconds_per_epoch
    return duration(outcome.seconds) + (f", {duration(each)} an epoch" if each is not None else "")


def print_result(part: Part, result: Result, run: RunFolder, times: str) -> None:
    """Print values, then figures and tables in their order, as wide as the terminal."""
    from rich.console import Console

    from workbench.plots.terminal import draw, draw_table, style_of

    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size(FALLBACK_SIZE).columns, 120)
    style = style_of(os.environ, terminal=terminal)
    console = Console(width=width, highlight=False, markup=False, no_color=style.depth == "none", soft_wrap=True)
    console.print(f"\n{part.id}  {part.title}  finished in {times}")
    console.print(f"run {run.id}\n")
    _print_values(part, result, console)
    if result.text:
        console.print(f"\n{result.text}", soft_wrap=False)
    shown = {**result.figures}
    confusion = shown.pop("confusion", None)
    drawn = [draw(figure, width, CURVE_HEIGHT, style=style) for figure in shown.values()]
    drawn += [draw_table(table, width, style) for table in result.tables.values()]
    if confusion is not None:
        drawn += [draw(confusion, width, FIGURE_HEIGHT, style=style, normalise=percent) for percent in (False, True)]
    for text in drawn:
        text.rstrip()
        console.print()
        console.print(text)
    if result.figures:
        console.print(f"\nfigures as PNG in {run.path / 'figures'}", soft_wrap=True)


def _print_values(part: Part, result: Result, console: Any) -> None:
    specs = {spec.name: spec for spec in part.values}
    names = [name for name in specs if name in result.values] + [n for n in result.values if n not in specs]
    titles = {name: str(specs[name].title) if name in specs else name for name in names}
    wide = max((len(title) for title in titles.values()), default=0)
    for name in names:
        spec = specs.get(name)
        text = value_text(result.values[name], spec.digits if spec else 3, spec.unit if spec else "")
        console.print(f"  {titles[name]:<{wide}}  {text}")


def _tell_failure(run: RunFolder, say: Narrator) -> None:
    failure = run.failure() or {}
    for problem in failure.get("problems", []):
        say.line(f"    {problem}")
    if failure.get("kind") in ("crash", "error"):
        for line in failure.get("log", [])[-8:]:
            say.line(f"    {line}")
        say.line(f"  whole log: {run.log_file}")


def _part_json(outcome: Outcome) -> dict[str, Any]:
    report: dict[str, Any] = {
        "part": outcome.part.id,
        "title": outcome.part.title.en,
        "run": outcome.run.id if outcome.run else None,
        "status": outcome.status,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
        "seconds_per_epoch": outcome.seconds_per_epoch,
        "values": {},
        "intervals": {},
        "undefined": {},
        "tables": {},
        "figures": [],
        "text": "",
    }
    if outcome.run is None or outcome.status != "finished":
        return report
    stored = outcome.run.result()
    assert stored is not None
    result = results.from_json(stored)
    figures = [outcome.run.path / "figures" / f"{name}.png" for name in result.figures]
    plain = results.to_json(result)
    report.update({name: plain[name] for name in ("values", "intervals", "undefined", "text")})
    report["tables"] = {name: asdict(table) for name, table in result.tables.items()}
    report["figures"] = [str(path) for path in figures if path.exists()]
    return report
