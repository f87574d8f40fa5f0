"""A session with results and answers written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labsteps.catalogue import catalogue
from labsteps.results import Axis, Bars, Column, Curve, Heatmap, Image, Result, Scatter, Series, Table, Value, to_json
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions

CLASSES = ("Blues", "Jazz", "Rock")


def session_at(root: Path) -> Session:
    return Sessions(root / "sessions").create("mine")


def finish(session: Session, part_id: str, result: Result, *, seed: int = 0, **more: Any) -> RunFolder:
    """Put a finished run of a part into a session, as a worker leaves it."""
    part = catalogue().parts[part_id]
    parameters = {**part.defaults(), **more.pop("parameters", {})}
    record = {
        "part": part_id,
        "parameters": parameters,
        "seed": seed,
        "data": "",
        "device": "cpu",
        "environment": {"python": "3.11", "torch": "2.13.0"},
        **more,
    }
    run = session.create_run(record)
    with run.writer() as events:
        events.append("started", pid=1, device="cpu")
        events.append("finished", seconds=61.0)
    run.write_result({"format": 1, "part": part_id, "run": run.id, **to_json(result)})
    return run


def genre_result(accuracy: float = 0.5) -> Result:
    points = tuple(float(i) for i in range(3))
    return Result(
        values={
            "test/accuracy": Value(accuracy, accuracy - 0.1, accuracy + 0.1),
            "test/macro_f1": Value(None, reason="no clip of one class"),
            "majority/accuracy": Value(0.25),
            "majority/macro_f1": Value(0.1),
        },
        tables={
            "classes": Table("Scores per class", (Column("class"), Column("F1")), (("Blues", 0.5), ("Jazz", None)))
        },
        figures={
            "loss": Curve("Loss", Axis("epoch"), Axis("loss", "nats"), (Series("train", points, (2.0, 1.0, 0.5)),)),
            "confusion": Heatmap(
                "Confusion", Axis("predicted"), Axis("true"), CLASSES, CLASSES, ((3.0, 1.0, 0.0),) * 3, counts=True
            ),
            "bars": Bars("Bars", Axis("class"), Axis("clips"), CLASSES, (Series("train", points, points),)),
            "scatter": Scatter("Points", Axis("x"), Axis("y"), points, points, CLASSES, ("1", "2", "3")),
            "picture": Image(
                "Spectrogram",
                Axis("time", "s"),
                Axis("mel", "Hz"),
                Axis("level", "dB"),
                ((-80.0, 0.0),) * 2,
                -80.0,
                0.0,
            ),
        },
        text="Best epoch 2 of 3.",
    )
