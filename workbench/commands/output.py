"""Results on stdout: tables and figures for people, one JSON object for programs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsteps import results
from labsteps.catalogue import Part
from labsteps.greek import greek, in_language
from labsteps.results import Bars, Figure, Heatmap, Image, Panels, Result, Scatter
from workbench.config import configured
from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.greek import say
from workbench.plots.text import printable, printable_lines
from workbench.speaking import in_words, said
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.wording import duration, value_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from workbench.commands.narrate import Narrator
    from workbench.commands.outcome import Outcome
    from workbench.plots.style import Style
    from workbench.runner.plan import PlannedPart

CURVE_HEIGHT = 16
FIGURE_HEIGHT = 24
IMAGE_HEIGHT = 20
BARS_HEIGHT = 40
BARS_HEADS = 3
AXES_HEIGHT = 4
MATRIX_HEADS = 5
TEXT_WIDTH = 120
PAIR_WIDTHS = (100, 180)
FALLBACK_SIZE = (100, 40)


def wants_json(options: argparse.Namespace) -> bool:
    """Return whether stdout is to be one JSON object."""
    return bool(getattr(options, "json", False))


def language_of(options: argparse.Namespace, session: Session | None) -> str:
    """Return ``en`` or ``el``: the option's, else the session's, else the user's, else the locale's."""
    chosen = str(configured("language", options, session))
    return default_language() if chosen == "auto" else chosen


def print_json(
    session: Session | None,
    outcomes: list[Outcome],
    language: str = "en",
    seconds: float | None = None,
    rest: Sequence[PlannedPart] = (),
) -> None:
    """Print the outcomes as one JSON object; with the time that the command took, a summary of them too.

    Parameters
    ----------
    rest
        What the command was to do and did not reach.
    """
    from workbench.commands.summary import summary_json

    report: dict[str, Any] = {
        "format": 1,
        "session": session.name if session else None,
        "parts": [part_json(outcome, language) for outcome in outcomes],
    }
    if seconds is not None:
        report["summary"] = summary_json(outcomes, rest, seconds)
    print(json.dumps(report, ensure_ascii=False, indent=1), flush=True)


def print_outcome(outcome: Outcome, narrator: Narrator, language: str = "en", *, brief: bool = False) -> None:
    """Print a part's result and its question; what did not come to a result is told on stderr.

    When `brief`, results and questions are left to the summary.
    """
    if not (brief and (outcome.finished or outcome.part.only_asks)):
        _print_outcome(outcome, narrator, language)
    if brief:
        return
    if outcome.answered is not None:
        print_question(outcome.part, outcome.answered, language)


def print_question(part: Part, answered: bool, language: str) -> None:
    """Print a part's question and whether it is answered."""
    from workbench.plots.text import wrap

    assert part.question is not None
    state = say("answered" if answered else "not answered", language)
    head = _in_line(f"{part.id}  {part.title.to(language)}  {state}")
    if in_words():
        print(f"\n{head}\n{part.question.to(language)}\nanswer {part.ascii_id}", flush=True)
        return
    width = min(shutil.get_terminal_size(FALLBACK_SIZE).columns, TEXT_WIDTH)
    print(f"\n{head}")
    for line in wrap(part.question.to(language), width - 2):
        print(f"  {line}")
    print(f"  python -m workbench answer {part.ascii_id}", flush=True)


def _in_line(text: str) -> str:
    """Return columns as they are, or with commas between them where things are told in words."""
    return ", ".join(filter(None, text.split("  "))) if in_words() else text


def _print_outcome(outcome: Outcome, narrator: Narrator, language: str) -> None:
    from workbench.commands.outcome import NOT_BUILT, SKIPPED

    if outcome.part.only_asks and outcome.answered is not None:
        return
    if outcome.run is None or outcome.status != "finished":
        tell = (
            narrator.problem
            if outcome.exit is not Exit.DONE or outcome.status in (SKIPPED, NOT_BUILT)
            else narrator.line
        )
        reason = f": {said(outcome.reason)}" if outcome.reason else ""
        tell(f"{outcome.part.id}  {said(outcome.status)}{reason}")
        if outcome.run is not None and outcome.status == "failed":
            _tell_failure(outcome.run, narrator)
        return
    stored = outcome.run.result()
    assert stored is not None
    print_result(
        outcome.part, results.from_json(stored), outcome.run, _times(outcome, language), language, outcome.seconds
    )
    if outcome.no_profile:
        print(f"\n{say(outcome.no_profile, language)}", flush=True)


def _settings_json(run: RunFolder | None) -> dict[str, Any]:
    record = run.record if run is not None else {}
    return {
        "parameters": record.get("parameters", {}),
        "changed": record.get("changed", {}),
        "seed": record.get("seed"),
        "device": record.get("device"),
    }


def _times(outcome: Outcome, language: str) -> str:
    each = outcome.seconds_per_epoch
    whole = duration(outcome.seconds)
    return whole if each is None else say("{}, {} an epoch", language).format(whole, duration(each))


def print_result(
    part: Part, result: Result, run: RunFolder, times: str, language: str, seconds: float | None = None
) -> None:
    """Print values, then figures and tables in their order, as wide as the terminal."""
    # The title, put in by itself, is not to be taken for a phrase.
    done = say("{} finished in {}", language).format(f"{part.id}  {part.title.to(language)} ", times)
    print(f"\n{_in_line(done)}\n{say(f'run {run.id}', language)}")
    changed = ", ".join(f"{name} {value:g}" for name, value in run.record.get("changed", {}).items())
    print(f"{say('changed while it ran: {}', language).format(changed)}\n" if changed else "")
    print_contents(part, result, language, run.path / "figures")
    if result.figures:
        print(f"\n{say('figures as PNG in {}', language).format(run.path / 'figures')}")
    told = computed_lines(run, language)
    if told:
        print("\n".join(told if result.figures else ["", *told]))
    print_profiles(run, language, seconds)
    sys.stdout.flush()


def print_profiles(run: RunFolder, language: str, seconds: float | None) -> None:
    """Print where the time of a run's trainings went, where that was measured; of how many seconds, where known."""
    from workbench.commands.profile_tables import covered_line, profile_tables, trace_line
    from workbench.runner.profiles import profiles

    found = profiles(run)
    for profiled in found:
        tables = {table.title: table for table in profile_tables(profiled, language)}
        print_contents(None, Result(tables=tables), language)
        print(f"\n{printable(trace_line(profiled, language))}")
    if found and seconds is not None:
        print(f"\n{covered_line(found, seconds, language)}")


def computed_lines(run: RunFolder, language: str) -> list[str]:
    """Return in lines with what a run computed, by section where they differ, and what weights it began from."""
    from workbench.runner.computed import begun_from, computed

    device = str(run.record.get("device", ""))
    told: dict[str, list[str]] = {}
    for one in computed(run):
        on = say(f"{one.threads} threads" if one.threads != 1 else "1 thread", language) if device == "cpu" else device
        told.setdefault(say(f"computed in {one.precision} on {on}", language), []).append(one.section)
    lines = [
        line if len(told) == 1 else f"{', '.join(filter(None, sections)) or run.id}: {line}"
        for line, sections in told.items()
    ]
    begun = begun_from(run)
    if begun is not None:
        name = begun.name or "?"
        lines.append(say(f"began from published weights: {name}", language) + f"  {begun.sha256[:12]}".rstrip())
    return [printable(line) for line in lines]


def print_contents(part: Part | None, result: Result, language: str, pictures: Path | None = None) -> None:
    """Print what a result holds: values (titled and rounded as the part says), text, figures, tables.

    Where things are told in words, a figure's file among `pictures` is named.
    """
    if in_words():
        from workbench.spoken.result import result_lines

        for line in result_lines(part, result, language, pictures):
            print(printable(line))
        return
    from rich.console import Console

    from workbench.plots.terminal import draw, draw_table, style_of

    result = in_language(result, language)
    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size(FALLBACK_SIZE).columns
    width = min(columns, TEXT_WIDTH)
    style = style_of(os.environ, terminal=terminal)
    console = Console(width=width, highlight=False, markup=False, no_color=style.depth == "none", soft_wrap=True)
    _print_values(part, result, console, language)
    if result.text:
        lines = printable_lines(result.text)
        console.print(f"\n{lines}" if result.values else lines, soft_wrap=False)
    shown = {**result.figures}
    confusion = shown.pop("confusion", None)
    drawn = draw_figures(list(shown.values()), columns, style)
    drawn += [draw_table(table, width, style) for table in result.tables.values()]
    if confusion is not None:
        drawn += [draw(confusion, width, FIGURE_HEIGHT, style=style, normalise=percent) for percent in (False, True)]
    for text in drawn:
        text.rstrip()
        console.print()
        console.print(text)


def draw_figures(figures: list[Figure], columns: int, style: Style) -> list[Text]:
    """Return figures as text, one below the other; two pictures or two matrices stand side by side where both fit.

    Parameters
    ----------
    figures
        What to draw, in order.
    columns
        Width of the terminal; figures but pairs of pictures take `TEXT_WIDTH` at most.
    style
        What the terminal can show.
    """
    from workbench.plots.terminal import draw

    drawn: list[Text] = []
    waiting = list(figures)
    while waiting:
        figure = waiting.pop(0)
        height = _height(figure)
        half = (min(columns, PAIR_WIDTHS[1]) - 2) // 2
        if waiting and columns >= PAIR_WIDTHS[0] and _pair(figure, waiting[0], half, style):
            height = max(height, _height(waiting[0]))
            left, right = (draw(one, half, height, style=style) for one in (figure, waiting.pop(0)))
            drawn.append(side_by_side(left, right, half + 2))
        else:
            drawn.append(draw(figure, min(columns, TEXT_WIDTH), height, style=style))
    return drawn


def _pair(left: Figure, right: Figure, width: int, style: Style) -> bool:
    """Tell whether two figures can stand side by side, each `width` wide, with nothing left out."""
    from workbench.plots.terminal import shown_cells

    if isinstance(left, Image) and isinstance(right, Image):
        return True
    if not (isinstance(left, Heatmap) and isinstance(right, Heatmap)):
        return False
    return all(
        shown_cells(one, width, _height(one), style) == (range(len(one.rows)), range(len(one.columns)))
        for one in (left, right)
    )


def side_by_side(left: Text, right: Text, offset: int) -> Text:
    """Return two texts as one, the lines of `right` beginning at column `offset`."""
    from itertools import zip_longest

    from rich.text import Text

    rows = []
    for one, other in zip_longest(left.split(allow_blank=True), right.split(allow_blank=True), fillvalue=Text("")):
        rows.append(Text.assemble(one, " " * max(0, offset - one.cell_len), other))
    joined = Text("\n", end="").join(rows)
    joined.no_wrap, joined.overflow = True, "ignore"
    return joined


def _height(figure: Figure) -> int:
    if isinstance(figure, Image):
        return min(IMAGE_HEIGHT, max(len(figure.values) + AXES_HEIGHT, CURVE_HEIGHT))
    if isinstance(figure, Heatmap):
        return max(CURVE_HEIGHT, len(figure.rows) + MATRIX_HEADS)
    if isinstance(figure, Panels):
        from workbench.plots.scatter import panel_rows

        return FIGURE_HEIGHT // 2 * panel_rows(figure, TEXT_WIDTH) + AXES_HEIGHT
    if isinstance(figure, Scatter):
        return FIGURE_HEIGHT
    return min(BARS_HEIGHT, len(figure.categories) + BARS_HEADS) if isinstance(figure, Bars) else CURVE_HEIGHT


def _print_values(part: Part | None, result: Result, console: Console, language: str) -> None:
    specs = {spec.name: spec for spec in part.values} if part is not None else {}
    names = [name for name in specs if name in result.values] + [n for n in result.values if n not in specs]
    own = {name: greek(name) if language == "el" else name for name in names}
    titles = {name: specs[name].title.to(language) if name in specs else own[name] for name in names}
    wide = max((len(title) for title in titles.values()), default=0)
    for name in names:
        spec = specs.get(name)
        number = result.values[name].number
        digits = 0 if number is not None and float(number).is_integer() else 3
        value = result.values[name]
        text = value_text(value, spec.digits if spec else digits, spec.unit if spec else "")
        if value.number is None:
            text = say("undefined: {}", language).format(greek(value.reason) if language == "el" else value.reason)
        console.print(printable(f"  {titles[name]:<{wide}}  {text}"))


def _tell_failure(run: RunFolder, narrator: Narrator) -> None:
    failure = run.failure() or {}
    for problem in failure.get("problems", []):
        narrator.line(f"    {problem}")
    if failure.get("kind") in ("crash", "error"):
        for line in failure.get("log", [])[-8:]:
            narrator.line(f"    {line}")
        narrator.line(f"  whole log: {run.log_file}")


def part_json(outcome: Outcome, language: str) -> dict[str, Any]:
    """Return a part's outcome as plain data."""
    from workbench.runner.computed import begun_from, computed
    from workbench.runner.profiles import profiles

    report: dict[str, Any] = {
        "part": outcome.part.id,
        "title": outcome.part.title.to(language),
        "run": outcome.run.id if outcome.run else None,
        "status": outcome.status,
        "reason": outcome.reason,
        "reused": outcome.reused,
        "seconds": round(outcome.seconds, 3),
        "seconds_per_epoch": outcome.seconds_per_epoch,
        **_settings_json(outcome.run),
        "arithmetic": [],
        "weights": None,
        "profile": [],
        "profile_reason": outcome.no_profile,
        "values": {},
        "intervals": {},
        "undefined": {},
        "tables": {},
        "figures": [],
        "text": "",
    }
    if outcome.part.question is not None and outcome.answered is not None:
        report["question"] = outcome.part.question.to(language)
        report["answered"] = outcome.answered
    if outcome.run is None or outcome.status != "finished":
        return report
    stored = outcome.run.result()
    assert stored is not None
    result = results.from_json(stored)
    begun = begun_from(outcome.run)
    report["arithmetic"] = [one.to_json() for one in computed(outcome.run)]
    report["weights"] = None if begun is None else begun.to_json()
    report["profile"] = [profiled.to_json() for profiled in profiles(outcome.run)]
    folder = outcome.run.path / "figures"
    figures = [folder / f"{name}.png" for name in result.figures]
    figures += sorted(path for path in _pictures(folder) if path not in figures)
    plain = results.to_json(result)
    report.update({name: plain[name] for name in ("values", "intervals", "undefined", "text")})
    report["tables"] = {name: asdict(table) for name, table in result.tables.items()}
    report["figures"] = [str(path) for path in figures if path.exists()]
    return report


def _pictures(folder: Path) -> list[Path]:
    """Return the PNG files that a part has written, those beside its figures included."""
    return list(folder.glob("[!.]*.png"))
