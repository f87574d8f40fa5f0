"""Runs written by hand with the times of their trainings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labsteps.catalogue import catalogue
from labsteps.host import processor
from workbench.runner.jobs import data_fingerprint
from workbench.store.run import RunFolder
from workbench.store.session import Session

LAB = catalogue()
NOW = 1_700_000_000.0


@dataclass(frozen=True)
class Trained:
    """A training that a run had: epochs with their seconds."""

    times: Sequence[float]
    epochs: int = 0
    section: str = ""
    validated: bool = True
    batch: float = 0.0  # seconds, 0 where no batch was seen
    train: int = 170
    over: bool = True


def spent(
    session: Session,
    part_id: str,
    *trainings: Trained,
    settings: Mapping[str, Any] | None = None,
    before: float = 3.0,
    after: float = 5.0,
    finished: bool = True,
    lives: int = 1,
) -> RunFolder:
    """Write a run that began its first training after `before` seconds and ended `after` its last epoch."""
    part = LAB.parts[part_id]
    record = {
        "part": part.id,
        "parameters": part.settings(settings or {}),
        "seed": 0,
        "data": data_fingerprint(session.data_root, part),
        "builds_on": {},
        "device": "cpu",
        "data_root": str(session.data_root),
        "environment": {"processor": processor()},
    }
    run = session.create_run(record)
    with run.take(), run.writer() as events:
        if finished:
            run.write_result({"format": 1})
        events.append("started", pid=1, device="cpu")
    rows: list[dict[str, Any]] = []
    clock = NOW

    def tell(kind: str, **fields: Any) -> None:
        rows.append({"seq": len(rows) + 1, "time": clock, "kind": kind, **fields})

    for life in range(lives):
        tell("started" if not life else "resumed", pid=1, device="cpu", identical=True, differences=[])
        clock += before
        tell("mode", exact=True)
    for one in trainings:
        inside = {"section": one.section} if one.section else {}
        tell("data", **inside, train=one.train, validation=30, test=80)
        tell("arithmetic", **inside, precision="bf16", threads=1)
        for number, seconds in enumerate(one.times, 1):
            began, most = clock, one.epochs or len(one.times)
            for batch in range(4 if one.batch else 0):
                clock = began + one.batch * (batch + 1)
                about = {"train_loss": 1.0, "grad_norm": 1.0, "learning_rate": 1e-3}
                tell("step", **inside, step=1, epoch=number, epochs=most, batch=batch + 1, batches=10, **about)
            clock = began + seconds
            scores = {"validation_loss": 1.0} if one.validated else {}
            tell("epoch", **inside, epoch=number, epochs=most, seconds=seconds, train_loss=1.0, **scores)
        if one.over:
            tell("trained", **inside, epoch=len(one.times), epochs=one.epochs or len(one.times), ended="done")
    clock += after
    tell("finished" if finished else "left", reason="")
    (run.path / "events.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return run
