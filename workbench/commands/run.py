"""``run``: the batch in fewer words, ``run 5γ epochs=20`` for ``--step 5γ --set epochs=20``."""

from __future__ import annotations

import argparse

from labsteps.errors import UsageError
from workbench.commands.batch import run_batch


def run_parts(options: argparse.Namespace) -> int:
    """Run the parts and steps among the words, with the parameters among them.

    Raises
    ------
    UsageError
        If no part is named.
    """
    ids = [word for word in options.words if "=" not in word]
    if not ids:
        raise UsageError(f"Name a part or step to run with {' '.join(options.words)}, as in: run 5γ epochs=20")
    options.step = ",".join(ids)
    options.set = [*options.set, *(word for word in options.words if "=" in word)]
    return run_batch(options)
