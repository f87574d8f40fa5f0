"""A trained model on disk: weights, and all that is needed to use them without the session.

``model.safetensors`` holds the weights and the normalisation; ``model.json`` the architecture, its settings, the
features it hears and the names of its outputs.  One file can hold both: the description is then in the metadata of the
safetensors file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save, save_file
from torch import Tensor

from labsteps.errors import DataError
from labsteps.models.cnn import CNN
from labsteps.models.heads import Head, Model
from labsteps.models.lstm import LSTM
from labsteps.models.transformer import AST

FORMAT = 1
WEIGHTS_FILE, DESCRIPTION_FILE = "model.safetensors", "model.json"
_DESCRIPTION_KEY = "lab_model"
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
    """Return a fresh model; its first weights follow from `seed` alone.

    Parameters
    ----------
    description
        What it is made of.
    mean, deviation : Tensor [shape=(F,)]
        Of each feature row, over the training part.
    seed
        Of torch's generator, which is set to it.
    """
    torch.manual_seed(seed)
    backbone = BACKBONES[description.architecture](mean, deviation, **description.settings)
    return Model(backbone, Head(backbone.feature_size, len(description.outputs), description.dropout))


def save_model(folder: Path, description: Description, weights: Mapping[str, Tensor]) -> None:
    """Write the two files of a model into `folder`."""
    save_file(dict(weights), folder / WEIGHTS_FILE)
    text = json.dumps({"format": FORMAT, **asdict(description)}, ensure_ascii=False, indent=1)
    (folder / DESCRIPTION_FILE).write_text(text + "\n", encoding="utf-8")


def packed(folder: Path) -> bytes:
    """Return the model that `save_model` wrote as the contents of one file.

    Raises
    ------
    DataError
        As `load_model`.
    """
    model, description = load_model(folder)
    text = json.dumps({"format": FORMAT, **asdict(description)}, ensure_ascii=False)
    return save(dict(model.state_dict()), {_DESCRIPTION_KEY: text})


def load_packed(file: Path) -> tuple[Model, Description]:
    """Return the model in a file that `packed` made, in evaluation mode.

    Raises
    ------
    DataError
        As `load_model`.
    """
    try:
        with safe_open(file, "pt") as opened:
            text = (opened.metadata() or {}).get(_DESCRIPTION_KEY)
        if text is None:
            raise DataError(f"{file}: holds no model of the lab; `models export` writes one")
        return _restored(json.loads(text), load_file(file), file)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise DataError(f"{file}: no model can be read from it: {error}") from error


def load_model(folder: Path) -> tuple[Model, Description]:
    """Return the model that `save_model` wrote, in evaluation mode.

    Raises
    ------
    DataError
        If a file is missing, damaged or of a newer format.
    """
    try:
        data = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        return _restored(data, load_file(folder / WEIGHTS_FILE), folder / DESCRIPTION_FILE)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise DataError(f"The model in {folder} cannot be read: {error}. Run its part again.") from error


def _restored(data: dict[str, Any], weights: Mapping[str, Tensor], where: Path) -> tuple[Model, Description]:
    description = _described(data, where)
    bands = description.rows[1] - description.rows[0]
    model = build(description, torch.zeros(bands), torch.ones(bands), seed=0)
    model.load_state_dict(weights)
    return model.eval(), description


def _described(data: dict[str, Any], where: Path) -> Description:
    if data.pop("format") > FORMAT:
        raise DataError(f"{where} was written by a newer version; update the workbench.")
    return Description(**{**data, "rows": tuple(data["rows"]), "outputs": tuple(data["outputs"])})
