"""``plot`` and ``cm``: figures of a run drawn in the terminal."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping

from labsteps import results
from labsteps.catalogue import catalogue
from labsteps.errors import UsageError
from labsteps.greek import figure_in
from labsteps.near import did_you_mean
from labsteps.results import Figure, Heatmap
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.control import find_run, part_of
from workbench.exits import Exit
from workbench.plots.run_curves import loss_figure, score_figure, task_loss_figure
from workbench.plots.text import printable
from workbench.runner.follow import Follower
from workbench.runner.naming import run_named
from workbench.speaking import in_words, language, said, told
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder
from workbench.store.session import Session


def run_plot(options: argparse.Namespace) -> int:
    """Draw the figures that are named, or all of them.

    Raises
    ------
    UsageError
        If no run that is meant has such a figure.
    """
    session = open_existing(options)
    return _draw(options, *_first_with(session, options.run, list(options.figures)))


def run_matrix(options: argparse.Namespace) -> int:
    """Draw the confusion matrices of a run.

    Raises
    ------
    UsageError
        If no run that is meant has one.
    """
    session = open_existing(options)
    for run in runs_meant(session, options.run):
        found = {name: figure for name, figure in figures_of(run).items() if _is_confusion(figure)}
        if found and options.classes:
            return _clips_behind(options, run, found)
        if found:
            return _draw(options, run, found, percent=options.percent)
    raise UsageError(f"No run of {options.run} has a confusion matrix; the parts that test a classifier have one.")


def _clips_behind(options: argparse.Namespace, run: RunFolder, matrices: Mapping[str, Figure]) -> int:
    """Print the clips that a cell of a confusion matrix counts, the surest first."""
    from workbench.clips import clips_behind

    known = list(dict.fromkeys(name for one in matrices.values() if isinstance(one, Heatmap) for name in one.rows))
    spelled = {name.casefold(): name for name in known}
    if len(options.classes) != 2:
        raise UsageError(f"A cell has two classes, a true one and a predicted one; there are {', '.join(known)}.")
    for name in options.classes:
        if name.casefold() not in spelled:
            there = f"There is no class {name!r}; there are {', '.join(known)}."
            raise UsageError(f"{there} {did_you_mean(name, known)}".rstrip())
    true, predicted = (spelled[name.casefold()] for name in options.classes)
    found = clips_behind(run.path, true, predicted)
    if output.wants_json(options):
        clips = [{"track": c.id, "p_true": c.of_true, "p_predicted": c.of_predicted} for c in found]
        about = {"format": 1, "run": run.id, "part": part_of(run), "true": true, "predicted": predicted}
        print(json.dumps({**about, "clips": clips}, ensure_ascii=False, indent=1))
        return Exit.DONE
    print(told(f"{part_of(run)}: {true} taken for {predicted}, {len(found)} clips"))
    for clip in found:
        sure = "" if clip.of_predicted is None else f"  {predicted} {clip.of_predicted:.2f}"
        other = "" if clip.of_true is None or true == predicted else f"  {true} {clip.of_true:.2f}"
        print(printable(f"{said(f'track {clip.id}')}{sure}{other}"))
    return Exit.DONE


def runs_meant(session: Session, name: str) -> Iterator[RunFolder]:
    """Yield the runs that a part, a step or an id can mean: the one that goes on first, then the newest.

    Raises
    ------
    MissingError
        If there is none.
    """
    if (named := run_named(session, name)) is not None:
        yield named
        return
    first = find_run(session, name)
    yield first
    wanted = {part.id for part in catalogue().resolve(name).parts}
    yield from (run for run in reversed(session.runs()) if part_of(run) in wanted and run.id != first.id)


def figures_of(run: RunFolder) -> dict[str, Figure]:
    """Return the figures of a finished run, or the curves so far of another, by name."""
    try:
        stored = run.result()
    except StoreError:
        stored = None
    if stored is not None:
        return dict(results.from_json(stored).figures)
    follower = Follower(run)
    snapshot = follower.poll() or follower.snapshot
    curves: dict[str, Figure] = {"loss": loss_figure(snapshot)} if snapshot.epochs else {}
    more = {"scores": score_figure(snapshot), "task_losses": task_loss_figure(snapshot)}
    return {**curves, **{name: curve for name, curve in more.items() if curve is not None}}


def _first_with(session: Session, name: str, wanted: list[str]) -> tuple[RunFolder, dict[str, Figure]]:
    """Return the first run that has figures of all these names, with them; without names, the first with any."""
    known: list[str] = []
    for run in runs_meant(session, name):
        found = figures_of(run)
        known += found
        if found and all(one in found for one in wanted):
            return run, {one: found[one] for one in wanted or found}
    if not known:
        raise UsageError(f"No run of {name} has a figure yet.")
    missing = next((one for one in wanted if one not in known), wanted[0])
    names = list(dict.fromkeys(known))
    hint = did_you_mean(missing, names) or f"It has {', '.join(names)}."
    raise UsageError(f"{name} has no figure {missing!r}. {hint}")


def _is_confusion(figure: Figure) -> bool:
    return isinstance(figure, Heatmap) and figure.counts


def _tell(run: RunFolder, figures: Mapping[str, Figure], *, numbers: bool) -> int:
    """Print figures in words, with their numbers where these are asked for."""
    from workbench.spoken.result import named_figure_lines
    from workbench.spoken.words import Speech

    print(f"{part_of(run)}, {told(f'run {run.id}')}, {told(str(run.state))}")
    for name, figure in figures.items():
        print()
        for line in named_figure_lines(name, figure, Speech(language()), run.path / "figures", numbers=numbers):
            print(printable(line))
    return Exit.DONE


def _draw(options: argparse.Namespace, run: RunFolder, figures: Mapping[str, Figure], *, percent: bool = False) -> int:
    if output.wants_json(options):
        plain = {name: results.figure_to_json(figure) for name, figure in figures.items()}
        report = {"format": 1, "run": run.id, "part": part_of(run), "figures": plain}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return Exit.DONE
    if options.numbers or in_words():
        return _tell(run, figures, numbers=options.numbers)
    from rich.console import Console

    from workbench.plots.terminal import draw, style_of

    columns = shutil.get_terminal_size(output.FALLBACK_SIZE).columns
    width = min(columns, output.TEXT_WIDTH)
    style = style_of(os.environ, terminal=sys.stdout.isatty())
    console = Console(width=width, highlight=False, markup=False, no_color=style.depth == "none", soft_wrap=True)
    console.print(f"{part_of(run)}  {told(f'run {run.id}')}  {told(str(run.state))}")
    figures = {name: figure_in(figure, language()) for name, figure in figures.items()}
    if percent:
        drawn = [draw(one, width, output.FIGURE_HEIGHT, style=style, normalise=True) for one in figures.values()]
    else:
        drawn = output.draw_figures(list(figures.values()), columns, style)
    for text in drawn:
        text.rstrip()
        console.print()
        console.print(text)
    return Exit.DONE
