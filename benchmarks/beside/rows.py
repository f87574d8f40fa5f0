"""What is measured, as data: trainings of the lab's networks at the sizes of the design's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.beside.data_set import BEAT, FRAMES, FULL


@dataclass(frozen=True, slots=True)
class Training:
    """One network on one kind of clips.

    Attributes
    ----------
    key
        Short name for the command line.
    title
        What the table calls it.
    folder
        Of the data set.
    network
        ``lstm``, ``cnn`` or ``ast``.
    settings
        Keyword arguments of our backbone.
    batch_size
        Clips of a step.
    crop
        Frames of a clip; 0 takes whole clips.
    goal
        Ratio that the design asks for.
    """

    key: str
    title: str
    folder: str
    network: str
    batch_size: int
    crop: int
    goal: float
    settings: Mapping[str, Any] = field(default_factory=dict)


def _lstm(layers: int, bidirectional: bool) -> dict[str, Any]:
    return {"hidden_size": 128, "num_layers": layers, "bidirectional": bidirectional}


AST_STRIDE = 10
TRAININGS = (
    Training("lstm-full", "LSTM, full mel, 1 layer", FULL, "lstm", 32, 0, 7.0, _lstm(1, False)),
    Training("lstm-full-2x2", "LSTM, full mel, 2 layers, both directions", FULL, "lstm", 32, 0, 9.0, _lstm(2, True)),
    Training("lstm-beat", "LSTM, beat mel, 1 layer", BEAT, "lstm", 32, 0, 5.0, _lstm(1, False)),
    Training("lstm-beat-2x2", "LSTM, beat mel, 2 layers, both directions", BEAT, "lstm", 32, 0, 4.5, _lstm(2, True)),
    Training("cnn-130", "CNN 32-64-128-256, T=130", FULL, "cnn", 32, 130, 3.5, {"channels": 32}),
    Training("cnn-1293", "CNN 32-64-128-256, T=1293", FULL, "cnn", 8, 0, 3.0, {"channels": 32}),
    Training(
        "ast-tiny",
        f"AST tiny, T=1293, stride {AST_STRIDE}",
        FULL,
        "ast",
        2,
        0,
        3.3,
        {"fstride": AST_STRIDE, "tstride": AST_STRIDE, "input_tdim": FRAMES, "model_size": "tiny224"},
    ),
)
DATA = {"data-full": ("Data alone, full mel", FULL), "data-beat": ("Data alone, beat mel", BEAT)}
