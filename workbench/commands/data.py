"""``data``: the demo set, and the check of a data set."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from labsteps.errors import DataError, StopRequestedError, UsageError
from workbench.commands.execute import refuse
from workbench.commands.extract import STOPPED
from workbench.commands.following import Terminated, terminable
from workbench.commands.narrate import narrator
from workbench.commands.output import wants_json
from workbench.config import configured
from workbench.exits import Exit
from workbench.speaking import said, told
from workbench.store.errors import ExistsError, StorageError
from workbench.store.folders import make_folder, publish_folder
from workbench.store.locks import locked
from workbench.store.places import cache_dir
from workbench.wording import duration

DEMO_VERSION = 1
_TOLD_EVERY = 5.0


def run_data(options: argparse.Namespace) -> int:
    """Run ``data demo`` or ``data check``."""
    if options.verb == "check":
        return _check(options)
    try:
        with terminable():
            root = build_demo(narrator(options).line, root=options.out, seed=options.seed)
    except Terminated:
        return refuse(StopRequestedError(STOPPED), Exit.INTERRUPTED, as_json=wants_json(options))
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, "data_root": str(root)}, ensure_ascii=False))
    else:
        print(root)
    return Exit.DONE


def demo_root(seed: int = 0) -> Path:
    """Return where the demo set lies once it is built."""
    return cache_dir() / f"demo-{DEMO_VERSION}-seed{seed}"


def build_demo(say: Callable[[str], None], *, root: Path | None = None, seed: int = 0) -> Path:
    """Build the demo set if it is not there, and return its root; it appears whole or not at all.

    Raises
    ------
    DataError
        If something else is in its place.
    """
    target = root.expanduser().absolute() if root else demo_root(seed)
    if (target / "pieces.csv").exists():
        return target
    if target.exists() and any(target.iterdir()):
        raise DataError(f"{target} is not empty and not a demo set; choose another folder with --out.")
    try:
        make_folder(target.parent)
    except StorageError as error:
        text = f"{error}; name another place by --out, or by WORKBENCH_CACHE_DIR"
        raise StorageError(text, target.parent) from error
    waited = False

    def waits() -> None:
        nonlocal waited
        if not waited:
            waited = True
            say("another process builds the demo set; waiting for it")

    with locked(target.parent / f".{target.name}.lock", timeout=None, check=waits):
        if (target / "pieces.csv").exists():
            return target
        say(f"building the demo set in {target} (about a minute, once)")
        try:
            publish_folder(target, lambda folder: _compose(folder, seed, say, target.parent / f".{target.name}.pieces"))
        except ExistsError as error:
            raise DataError(f"{target} is in the way: {error}") from error
    return target


def _compose(folder: Path, seed: int, say: Callable[[str], None], keep_in: Path) -> None:
    from labsteps.data.demo import build

    build(folder, seed=seed, cache_folder=cache_dir(), progress=teller(say), keep_in=keep_in)


def teller(say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> Callable[[int, int, str], None]:
    """Return what tells of a build as it goes on: what precedes the pieces at once, then every few seconds their count.

    The time that is left is that of the pieces alone: what is compiled before them is compiled once, and pieces that an
    earlier build has left take none.
    """
    start = begun = heard = clock()
    kept: int | None = None

    def progress(done: int, total: int, what: str) -> None:
        nonlocal begun, heard, kept
        now = clock()
        if kept is None:
            kept = done if done > 1 else 0
        if done <= kept:
            begun = now
            say(f"  {what}")
        elif done in (kept + 1, total) or now - heard >= _TOLD_EVERY:
            heard = now
            left = (now - begun) / (done - kept) * (total - done)
            so_far = f"  {done}/{total} pieces; {duration(now - start)} so far"
            say(so_far if done in (kept + 1, total) else f"{so_far}, about {duration(left)} left")

    return progress


def _root(options: argparse.Namespace) -> Path:
    """Return the folder to check: the one named, else that of the settings, else that of the last session."""
    from workbench.commands.choose import find_session

    session = None if options.root or configured("data") else find_session(options)
    root = options.root or configured("data") or (session.data_root if session is not None else None)
    if not root:
        raise UsageError("There is no data set to check yet. Name its folder: data check ROOT")
    return Path(str(root)).expanduser().absolute()


def _check(options: argparse.Namespace) -> int:
    from labsteps.data.layout import check

    root = _root(options)
    report = check(root, deep=not options.quick)
    if getattr(options, "json", False):
        found = asdict(report)
        print(json.dumps({"format": 1, "ok": report.ok, **found}, default=str, ensure_ascii=False, indent=1))
        return Exit.DONE if report.ok else Exit.DATA
    for folder in report.folders:
        for split, part in folder.splits.items():
            shape = f"{part.shortest}–{part.longest} {said('frames')}" if part.clips else ""
            print(f"{folder.folder}/{split:<5}  {part.clips:>6} {said('clips')}  {part.size / 1e6:>9.1f} MB  {shape}")
    for name, problems in (("warning", report.warnings), ("problem", report.problems)):
        for problem in problems:
            print(f"{said(name)}: {told(problem.text(root))}")
    shared = sum(len(pair.ids) for pair in report.shared)
    print(told(f"{len(report.problems)} problems, {len(report.warnings)} warnings, {shared} tracks in both sets"))
    if not report.ok:
        print(told("mend what is named and check again"), file=sys.stderr)
    return Exit.DONE if report.ok else Exit.DATA
