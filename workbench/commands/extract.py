"""``data extract``: a folder of audio to a data set in the lab's layout."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from labsteps.errors import UsageError
from labsteps.host import available_threads
from labsteps.parameter import plain_number
from workbench.commands.execute import refuse
from workbench.commands.narrate import Narrator, narrator
from workbench.commands.output import wants_json
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.speaking import told
from workbench.store.places import cache_dir
from workbench.wording import duration

if TYPE_CHECKING:
    from labsteps.extraction.making import Plan, Settings, Summary

TELL_SECONDS = 2.0
REASONS_SHOWN = 20
STOPPED = "stopped; the same command goes on from here"


def run_extract(options: argparse.Namespace) -> int:
    """Extract what is missing, write the index files, and name what was left out; return the exit code."""
    from labsteps.errors import StopRequestedError
    from labsteps.extraction.labels import affect_values, folder_labels, table_labels
    from labsteps.extraction.making import finish, prepare

    audio, out = _absolute(options.audio), _absolute(options.out)
    settings = settings_of(options)
    lookup = table_labels(_absolute(options.labels)) if options.labels else folder_labels
    affect = affect_values(_absolute(options.affect)) if options.affect else None
    say = narrator(options)
    plan = prepare(audio, out, lookup, settings, replace=options.replace)
    if plan.removed:
        say.line(f"removed of an earlier extraction: {plan.removed} arrays")
    for warning in plan.warnings:
        say.line(f"warning: {warning}")
    shard = f", shard {settings.shard} of {settings.shards}" if settings.shards > 1 else ""
    say.line(f"tracks: {len(plan.mine)}{shard}; files that cannot be used: {len(plan.rejected)}")
    asked: list[int] = []
    try:
        with _stops(asked):
            _work(plan, audio, out, settings, options, say, lambda: bool(asked))
    except StopRequestedError:
        code = Exit.CTRL_C if asked[:1] == [signal.SIGINT] else Exit.INTERRUPTED
        return refuse(StopRequestedError(STOPPED), code, as_json=wants_json(options))
    finally:
        say.close()
    return _tell(finish(plan, out, affect), out, options)


def settings_of(options: argparse.Namespace) -> Settings:
    """Return what the flags ask for.

    Raises
    ------
    UsageError
        If one is out of range.
    """
    from labsteps.extraction.bulk import Recipe
    from labsteps.extraction.making import Settings

    number, slash, count = (options.shard or "1/1").partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise UsageError(f"--shard {options.shard} is not of the form i/n with i from 1 to n")
    seconds, share = (
        number_of("seconds", options.seconds, 1.0, 600.0),
        number_of("test-share", options.test_share, 0.0, 0.9),
    )
    return Settings(Recipe(options.clips, seconds), share, options.seed, int(number), int(count))


def _work(
    plan: Plan,
    audio: Path,
    out: Path,
    settings: Settings,
    options: argparse.Namespace,
    say: Narrator,
    stop: Callable[[], bool],
) -> None:
    from labsteps.extraction.making import run

    jobs = options.jobs or available_threads()
    limit = number_of("timeout", options.timeout, 1.0, 86_400.0)
    started = told = time.monotonic()
    done = 0
    entries = run(plan, audio, out, settings, jobs=jobs, cache_folder=cache_dir(), limit=limit, stop=stop)
    for done, entry in enumerate(entries, 1):
        if entry.reason:
            say.problem(f"left out: {entry.file}: {entry.reason}")
        now = time.monotonic()
        if now - told >= TELL_SECONDS:
            told = now
            each = (now - started) / done
            say.line(f"  tracks done: {done}, {each:.2f} s each, {entry.file}")
    there = f"; there already: {len(plan.mine) - done}" if done < len(plan.mine) and not stop() else ""
    say.line(f"tracks extracted in {duration(time.monotonic() - started)}: {done}{there}")


@contextmanager
def _stops(asked: list[int]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the work after the tracks that are under way; `asked` gets the first one's number."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def ask(number: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(summary: Summary, out: Path, options: argparse.Namespace) -> int:
    if getattr(options, "json", False):
        report = {"format": 1, "data_root": str(out), **asdict(summary)}
        print(json.dumps(report, ensure_ascii=True, indent=1))
        return Exit.DONE
    for one in summary.rejected[:REASONS_SHOWN]:
        print(told(f"  left out: {one.file}: {one.reason}"), file=sys.stderr)
    if len(summary.rejected) > REASONS_SHOWN:
        more = len(summary.rejected) - REASONS_SHOWN
        print(told(f"  and {more} more: {out / 'extraction' / 'rejected.csv'}"), file=sys.stderr)
    emotion = f", {summary.affect} with emotion values" if summary.affect else ""
    state = "complete" if summary.complete else "not complete: other shards have work left"
    left = len(summary.rejected)
    print(told(f"{summary.clips} clips of {summary.tracks} tracks{emotion}, {left} files left out, {state}"))
    print(printable(str(out)))
    return Exit.DONE


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def number_of(name: str, text: str, low: float, high: float) -> float:
    """Return the number that a flag was given.

    Raises
    ------
    UsageError
        If it is none, or out of range.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise UsageError(
            f"--{name} cannot be {text!r}: it takes a number from {plain_number(low)} to {plain_number(high)}"
        )
    return value
