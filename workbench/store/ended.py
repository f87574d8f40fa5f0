"""Batches that ended before their last part: what they left and why, for somebody who was away then.

What a batch wrote of itself stays where it was stopped; of one that was killed nothing but its lock file is left, which
nobody holds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.store.batches import ENDED, FOLDER, left_behind, records_in
from workbench.store.errors import storage_errors
from workbench.store.records import write_json
from workbench.store.run_lock import holder


@dataclass(frozen=True, slots=True)
class EndedBatch:
    """A batch that ended early.

    Attributes
    ----------
    path
        Its file.
    parts, at
        Ids of what it was to run, in order, and the index of the one that it had come to.
    left
        Ids of what it did not run; None where it was killed and could not say.
    reason
        Why it ended, in words; empty where it could not say.
    when
        When it ended, in seconds since 1970; of one that was killed, when it was last heard of.
    told
        Whether the user was told.
    given
        Values of its own, as `BatchRecord` has them.
    """

    path: Path
    parts: tuple[str, ...]
    at: int
    left: tuple[str, ...] | None
    reason: str
    when: float
    told: bool
    given: tuple[str, ...] = ()


def ended_batches(folder: Path) -> tuple[EndedBatch, ...]:
    """Return the batches of a session that ended early, the oldest first."""
    place = folder / FOLDER
    killed = [path for path in records_in(place, ".lock") if left_behind(path)]
    found = [_read(path) for path in sorted([*records_in(place, ENDED), *killed])]
    return tuple(one for one in found if one is not None)


def mark_told(batch: EndedBatch) -> None:
    """Keep that the user was told of a batch.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    content = holder(batch.path)
    if content is None:  # a batch that was begun since has put it in order
        return
    write_json(batch.path.with_suffix(ENDED), {**content, "ended": batch.when, "told": True})
    if batch.path.suffix != ENDED:
        with storage_errors(batch.path):
            batch.path.unlink(missing_ok=True)


def _read(path: Path) -> EndedBatch | None:
    content = holder(path)
    if content is None:
        return None
    parts, at, left, given = (content.get(name) for name in ("parts", "at", "left", "given"))
    if not isinstance(parts, list) or not parts or not isinstance(at, int):
        return None
    return EndedBatch(
        path,
        tuple(map(str, parts)),
        max(0, min(at, len(parts) - 1)),
        tuple(map(str, left)) if isinstance(left, list) else None,
        str(content.get("reason", "")),
        _when(path, content),
        content.get("told") is True,
        tuple(map(str, given)) if isinstance(given, list) else (),
    )


def _when(path: Path, content: dict[str, Any]) -> float:
    told = content.get("ended")
    if isinstance(told, int | float):
        return float(told)
    try:
        return path.stat().st_mtime
    except OSError:  # taken away meanwhile
        return time.time()
