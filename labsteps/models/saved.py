"""A trained model on disk: weights, and all that is needed to use them without the session.

``model.safetensors`` holds the weights and the normalisation; ``model.json`` the architecture, its settings, the
features it hears and the names of its outputs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from labsteps.errors import DataError
from labsteps.models.cnn import CNN
from labsteps.models.heads import Head, Model
from labsteps.models.lstm import LSTM
from labsteps.models.transformer import AST

FORMAT = 1
WEIGHTS_FILE, DESCRIPTION_FILE = "model.safetensors", "model.json"
BACKBONES: dict[str, Any] = {"ast": AST, "cnn": CNN, "lstm": LSTM}


@dataclass(frozen=True, slots=True)
class Description:
    """What a model is.

    Attributes
    ----------
    architecture
        A key of `BACKBONES`.
    settings
        Keyword arguments of the backbone.
    dropout
        Dropout of the head.
    features
        What it hears: ``mel``, ``chroma`` or ``mel+chroma``.
    beat
        Whether a frame is one beat (else one hop).
    rows
        First and last + 1 of the rows of the fused array that it hears.
    outputs
        Names of classes or axes, in the order of the outputs.
    """

    architecture: str
    settings: Mapping[str, Any]
    dropout: float
    features: str
    beat: bool
    rows: tuple[int, int]
    outputs: tuple[str, ...]


def build(description: Description, mean: Tensor, deviation: Tensor, seed: int) -> Model:
    """Return a fresh model; its first weights follow from `seed` alone."""
    torch.manual_seed(seed)
    backbone = BACKBONES[description.architecture](mean, deviation, **description.settings)
    return Model(backbone, Head(backbone.feature_size, len(description.outputs), description.dropout))


def save_model(folder: Path, description: Description, weights: Mapping[str, Tensor]) -> None:
    """Write the two files of a model into `folder`."""
    save_file(dict(weights), folder / WEIGHTS_FILE)
    text = json.dumps({"format": FORMAT, **asdict(description)}, ensure_ascii=False, indent=1)
    (folder / DESCRIPTION_FILE).write_text(text + "\n", encoding="utf-8")


def load_model(folder: Path) -> tuple[Model, Description]:
    """Return the model that `save_model` wrote, in evaluation mode.

    Raises
    ------
    DataError
        If a file is missing, damaged or of a newer format.
    """
    try:
        data = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        if data.pop("format") > FORMAT:
            raise DataError(f"{folder / DESCRIPTION_FILE} was written by a newer version; update the workbench.")
        description = Description(**{**data, "rows": tuple(data["rows"]), "outputs": tuple(data["outputs"])})
        weights = load_file(folder / WEIGHTS_FILE)
        bands = description.rows[1] - description.rows[0]
        model = build(description, torch.zeros(bands), torch.ones(bands), seed=0)
        model.load_state_dict(weights)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise DataError(f"The model in {folder} cannot be read: {error}. Run its part again.") from error
    return model.eval(), description
