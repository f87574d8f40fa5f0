"""``data fetch``: the lab's data set from Kaggle, or an archive of the Free Music Archive."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from labsteps.data.folders import DataFolder, SplitName
from labsteps.errors import DataError, UsageError
from workbench.commands.narrate import Narrator, narrator
from workbench.commands.output import wants_json
from workbench.commands.telling import Teller
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.store.places import cache_dir

KAGGLE = "kaggle"
# Clips of each part as users of the set have printed them; another release may have others.
CLIPS: Mapping[DataFolder, Mapping[SplitName, int]] = {
    DataFolder.GENRE_FULL: {"train": 3069, "test": 765},
    DataFolder.GENRE_BEAT: {"train": 3069, "test": 765},
    DataFolder.MULTITASK_FULL: {"train": 1122, "test": 375},
    DataFolder.MULTITASK_BEAT: {"train": 1122, "test": 375},
}


def run_fetch(options: argparse.Namespace) -> int:
    """Fetch what is named and print where it is."""
    say = narrator(options)
    out = options.out.expanduser().absolute() if options.out else None
    try:
        return _kaggle(options, out, say) if (options.what or KAGGLE) == KAGGLE else _fma(options, out, say)
    finally:
        say.close()


def _kaggle(options: argparse.Namespace, out: Path | None, say: Narrator) -> int:
    from labsteps.data.layout import check
    from workbench.runner.kaggle import DATA_SET, fetch_kaggle

    if options.source:
        raise UsageError("--from is for fma_small and fma_metadata; Kaggle's set comes from Kaggle.")
    root = fetch_kaggle(say.line, out)
    say.line(f"checking {root}")
    report = check(root)
    if not report.ok:
        lines = [problem.text(root) for problem in report.problems]
        raise DataError(
            f"{root}: {len(lines)} problems with what came from Kaggle; `data check` names them too. Remove the folder "
            "and fetch it again",
            lines,
        )
    clips = {f"{one.folder}/{split}": part.clips for one in report.folders for split, part in one.splits.items()}
    expected = {f"{folder}/{split}": count for folder, parts in CLIPS.items() for split, count in parts.items()}
    others = [
        f"{n} clips in {name} where {expected[name]} were known" for name, n in clips.items() if n != expected[name]
    ]
    missing = [f"missing: {name}" for name in expected if name not in clips]
    for text in (*others, *missing):
        say.line(f"warning: {text}")
    size = sum(part.size for one in report.folders for part in one.splits.values())
    if wants_json(options):
        told = {"data_set": DATA_SET, "data_root": str(root), "bytes": size, "clips": clips}
        print(json.dumps({"format": 1, **told, "warnings": [*others, *missing]}, ensure_ascii=False, indent=1))
        return Exit.DONE
    say.line(f"{sum(clips.values())} clips, {size / 1e9:.1f} GB, nothing wrong with them")
    say.line(f"next: python -m workbench --step 0 --data {root}")
    print(printable(str(root)))
    return Exit.DONE


def _fma(options: argparse.Namespace, out: Path | None, say: Narrator) -> int:
    from workbench.runner.fma import HOME, fetch

    out = out or cache_dir() / "fma"
    fetched = fetch(options.what, out, (options.source or HOME).rstrip("/"), say.line, lambda: Teller(say))
    following = _next(options.what, out)
    if wants_json(options):
        told = {"archive": options.what, "folder": str(fetched.folder), "files": fetched.files, "bytes": fetched.size}
        print(json.dumps({"format": 1, **told, "next": following}, ensure_ascii=False, indent=1))
        return Exit.DONE
    here = "here already: " if fetched.already else ""
    say.line(f"{here}{fetched.files} files, {fetched.size / 1e9:.2f} GB")
    say.line(f"next: {following}")
    print(printable(str(fetched.folder)))
    return Exit.DONE


def _next(what: str, out: Path) -> str:
    """Return the command that comes next: the other half, or the extraction."""
    other = "fma_metadata" if what == "fma_small" else "fma_small"
    if not (out / other).is_dir():
        return f"python -m workbench data fetch {other} --out {out}"
    tables = out / "fma_metadata"
    return (
        f"python -m workbench data extract {out / 'fma_small'} --labels {tables / 'tracks.csv'} "
        f"--affect {tables / 'echonest.csv'} --out ROOT"
    )
