"""``data info``: statistics of a data set."""

from __future__ import annotations

import argparse
import json

from labsteps import results
from workbench.commands.narrate import narrator
from workbench.commands.output import language_of, print_contents, wants_json
from workbench.exits import Exit


def run_info(options: argparse.Namespace) -> int:
    """Print what the set holds, as tables and figures."""
    from labsteps.steps.survey import survey

    root = options.root.expanduser().absolute()
    say = narrator(options)
    told = [0]

    def progress(done: int, total: int) -> None:
        tenth = done * 10 // max(1, total)
        if tenth != told[0]:
            told[0] = tenth
            say.line(f"  {done} of {total} clips read")

    say.line(f"reading {root}")
    try:
        found = survey(root, deep=not options.quick, progress=progress)
    finally:
        say.close()
    if wants_json(options):
        report = {"format": 1, "data_root": str(root), **results.to_json(found)}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return Exit.DONE
    print_contents(None, found, language_of(options, None))
    return Exit.DONE
