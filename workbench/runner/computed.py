"""How a run computed and what it began from, as its folder tells: what ``auto`` came to, and published weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from labsteps.errors import DataError
from labsteps.models.weights_info import read_info
from workbench.runner.weights import SUFFIX
from workbench.store.places import weights_dir
from workbench.store.run import RunFolder

_FILE = "arithmetic.json"


@dataclass(frozen=True, slots=True)
class Computed:
    """With what one of a run's trainings computed.

    Attributes
    ----------
    section
        Which of several trainings; empty for the run's own.
    precision
        ``float32`` or ``bf16``.
    threads
        CPU threads.
    attention
        How a transformer computes its attention; other networks have none.
    recurrence
        Whether threads share the products of a recurrent network or divide its batches; other networks have none.
    """

    section: str
    precision: str
    threads: int
    attention: str
    recurrence: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class BegunFrom:
    """Published weights that a run began from.

    Attributes
    ----------
    sha256
        Of the file that is kept of them; empty where the run took them from another run.
    name
        Of the file that they came in; empty where nothing tells it any more.
    """

    sha256: str
    name: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def computed(run: RunFolder) -> tuple[Computed, ...]:
    """Return with what a run's trainings computed, none for a run that trained nothing; damaged files are left out."""
    found = []
    for file in sorted(run.path.rglob(_FILE)):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            inside = file.parent.relative_to(run.path).as_posix()
            section = "" if inside == "." else inside
            ways = str(told["attention"]), str(told.get("recurrence", "shared"))
            found.append(Computed(section, str(told["precision"]), int(told["threads"]), *ways))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def begun_from(run: RunFolder) -> BegunFrom | None:
    """Return the published weights that a run began from, or None."""
    digest = str(run.record.get("weights", ""))
    told = next((str(event["name"]) for event in run.events() if event["kind"] == "pretrained"), "")
    if digest and not told:
        try:
            told = read_info(weights_dir() / f"{digest}{SUFFIX}").name
        except DataError:  # they may be gone by now
            told = ""
    return BegunFrom(digest, told) if digest or told else None
