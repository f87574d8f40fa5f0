"""``predict``: genre and emotion of audio files by the models of a session, or by model files."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsteps.errors import DataError
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.extract import number_of
from workbench.commands.narrate import narrator
from workbench.commands.overwriting import own_target
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.speaking import field, language, said
from workbench.store.atomic import write_file
from workbench.store.places import cache_dir

if TYPE_CHECKING:
    from labsteps.prediction import Prediction, Predictor
    from workbench.runner.trained import Trained

MODEL_ENDING = ".safetensors"
LIKELY_SHOWN = 3
TIMELINE_HEIGHT = 16
COLUMNS = ("file", "model", "start_s", "output", "value")
_KIND = "table of `predict`"


@dataclass(frozen=True, eq=False)
class Told:
    """What is said of one file; `error` where nothing could be."""

    file: str
    predictions: tuple[Prediction, ...] = ()
    error: str = ""


def run_predict(options: argparse.Namespace) -> int:
    """Print what the models say of each file; return 3 when any of the files could not be heard."""
    from labsteps.prediction import LONGEST_WINDOW, SHORTEST_WINDOW

    seconds = number_of("seconds", options.seconds, SHORTEST_WINDOW, LONGEST_WINDOW)
    limit = number_of("timeout", options.timeout, 1.0, 86_400.0)
    begin = ",".join(COLUMNS).encode()
    table = own_target(options.csv, "--csv", _KIND, lambda head: head.startswith(begin)) if options.csv else None
    say = narrator(options)
    predictors = predictors_of(options, say.line)
    for one in predictors:
        say.line(f"{'genre' if one.tells_genre else ', '.join(one.outputs)} by {one.source}")
    told = []
    for one_told in _predictions(options.files, predictors, seconds, limit):
        told.append(one_told)
        if one_told.error:
            say.problem(one_told.error)
        elif not output.wants_json(options):
            _print(one_told, seconds, options)
    say.close()
    if table is not None:
        write_file(table, _csv(told))
        say.line(f"written: {table}")
    if output.wants_json(options):
        print(json.dumps(_json(told, predictors), ensure_ascii=False, indent=1))
    return Exit.DATA if any(one.error for one in told) else Exit.DONE


def predictors_of(options: argparse.Namespace, say: Callable[[str], None]) -> list[Predictor]:
    """Return the models that the options name, or the best of the session for genre and for each axis.

    Parameters
    ----------
    options
        Of the command line.
    say
        Told which of several models of a part is taken.

    Raises
    ------
    UsageError, PrerequisiteError, DataError
        If there are none, or one cannot be read.
    """
    from labsteps.models.saved import load_model, load_packed
    from labsteps.prediction import Predictor
    from workbench.runner.trained import best_models, choice_told, find_models

    if not options.model:
        chosen = best_models(open_existing(options))
        return [
            Predictor(_chosen_title(one, wanted), *load_model(one.folder), wanted) for one, wanted in chosen.items()
        ]
    predictors = []
    for name in options.model:
        file = Path(name).expanduser()
        if name.endswith(MODEL_ENDING) or file.is_file():
            predictors.append(Predictor(str(file), *load_packed(file)))
        else:
            found = find_models(open_existing(options), name)
            if told := choice_told(found):
                say(told)
            predictors.append(Predictor(found[0].title, *load_model(found[0].folder)))
    return predictors


def _chosen_title(one: Trained, wanted: Sequence[str]) -> str:
    told = one.told_score(wanted)
    return f"{one.name} (run {one.run}{f', {told}' if told else ''})"


def _predictions(files: Sequence[str], predictors: Sequence[Predictor], seconds: float, limit: float) -> Iterator[Told]:
    from labsteps.extraction.guard import Guard
    from labsteps.prediction import hear, predict

    guard = Guard(cache_dir())
    try:
        for name in files:
            try:
                heard = hear(Path(name).expanduser().absolute(), guard, seconds=seconds, limit=limit)
            except DataError as error:
                yield Told(name, error=str(error))
                continue
            yield Told(name, tuple(predict(heard, one) for one in predictors))
    finally:
        guard.close()


def _print(told: Told, seconds: float, options: argparse.Namespace) -> None:
    from workbench.plots.terminal import draw, style_of

    print(f"\n{printable(told.file)}")
    for one in told.predictions:
        if one.genre:
            likely = sorted(one.whole.items(), key=lambda pair: -pair[1])[:LIKELY_SHOWN]
            told_likely = "   ".join(f"{printable(name)} {value:.2f}" for name, value in likely)
            print(f"  {field('genre', 12)} {told_likely}   {printable(said(f'by {one.source}'))}")
        else:
            for axis, value in one.whole.items():
                print(f"  {printable(axis):<12} {value:.2f}   {printable(said(f'by {one.source}'))}")
    windows = len(told.predictions[0].starts) if told.predictions else 0
    print(said(f"  {windows} {'window' if windows == 1 else 'windows'}"), flush=True)
    if windows > 1 and (options.timeline or len(options.files) == 1):
        from labsteps.greek import figure_in
        from labsteps.prediction import timeline

        style = style_of(os.environ, terminal=sys.stdout.isatty())
        width = min(shutil.get_terminal_size((100, 40)).columns, output.TEXT_WIDTH)
        from rich.console import Console

        console = Console(width=width, highlight=False, markup=False, no_color=style.depth == "none", soft_wrap=True)
        for figure in timeline(told.predictions, seconds):
            console.print()
            console.print(draw(figure_in(figure, language()), width, TIMELINE_HEIGHT, style=style))


def _json(told: Sequence[Told], predictors: Sequence[Predictor]) -> dict[str, Any]:
    return {
        "format": 1,
        "models": [
            {
                "source": one.source,
                "tells": "genre" if one.tells_genre else "emotion",
                "outputs": one.outputs,
            }
            for one in predictors
        ],
        "files": [
            {
                "file": one.file,
                "error": one.error or None,
                "predictions": [
                    {
                        "model": spoken.source,
                        "tells": "genre" if spoken.genre else "emotion",
                        "values": spoken.whole,
                        "windows": [
                            {"start": start, "values": dict(zip(spoken.outputs, row.tolist(), strict=True))}
                            for start, row in zip(spoken.starts, spoken.windows, strict=True)
                        ],
                    }
                    for spoken in one.predictions
                ],
            }
            for one in told
        ],
    }


def _csv(told: Sequence[Told]) -> bytes:
    """Return one line a file, model and window, and one with an empty start for the whole track."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in told:
        for spoken in one.predictions:
            rows = [("", spoken.whole.values()), *zip(spoken.starts, spoken.windows.tolist(), strict=True)]
            for start, values in rows:
                writer.writerows(
                    [one.file, spoken.source, start, name, f"{value:.6f}"]
                    for name, value in zip(spoken.outputs, values, strict=True)
                )
    return text.getvalue().encode("utf-8", "backslashreplace")
