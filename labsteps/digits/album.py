"""What a run of 7.1α keeps, for whoever wants to look inside: held-out digits, and the weights after every epoch.

``digits/held_out.safetensors`` holds some held-out digits of each class; ``digits/epoch-003.safetensors`` the weights
after the third epoch, and number 0 those before training.  Small files, written as the run goes on, so that a screen
can follow it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from labsteps.data.digits import CLASSES, SIDE, Digits
from labsteps.digits.activations import Activations, Floats
from labsteps.digits.network import forward
from labsteps.errors import DataError

FOLDER = "digits"
HELD_OUT_FILE = f"{FOLDER}/held_out.safetensors"
TRAINING_FILE = "training.json"
A_CLASS = 100
_EPOCH = "epoch-"
_LEARNT = ("convolution1", "convolution2", "output")
_WEIGHTS = {"mean", "deviation"} | {f"{layer}.{kind}" for layer in _LEARNT for kind in ("weight", "bias")}


@dataclass(frozen=True, eq=False)
class Album:
    """The digits to look at and the weights of each epoch, in order, that before training first.

    Attributes
    ----------
    digits
        Held-out digits, ordered by class.
    epochs
        State dicts; the index is the number of epochs trained.
    best
        The epoch that did best on the validation digits, None while training goes on.
    """

    digits: Digits
    epochs: tuple[Mapping[str, Floats], ...]
    best: int | None = None

    def of_class(self, digit: int) -> np.ndarray:
        """Return the positions of the digits of one class."""
        return np.flatnonzero(self.digits.labels == digit)

    def seen(self, epoch: int, image: npt.NDArray[np.uint8]) -> Activations:
        """Return what the network makes of a picture, shape (28, 28), after so many epochs."""
        return forward(self.epochs[epoch], image)


def epoch_file(epoch: int) -> str:
    """Return the name of the artifact with the weights after so many epochs."""
    return f"{FOLDER}/{_EPOCH}{epoch:03d}.safetensors"


def pack_weights(weights: Mapping[str, np.ndarray]) -> bytes:
    """Return a state dict as bytes."""
    return save({name: np.ascontiguousarray(array, np.float32) for name, array in weights.items()})


def pack_digits(digits: Digits) -> bytes:
    """Return at most `A_CLASS` digits of each class as bytes, ordered by class."""
    chosen = np.concatenate([np.flatnonzero(digits.labels == code)[:A_CLASS] for code in range(len(CLASSES))])
    kept = digits.select(chosen)
    return save({"images": np.ascontiguousarray(kept.images), "labels": kept.labels})


def open_album(run: Path) -> Album | None:
    """Return what a run has kept so far, or None while there is nothing to look at.

    Parameters
    ----------
    run
        The run's folder.

    Raises
    ------
    DataError
        If a file is damaged.
    """
    files = epoch_files(run)
    if not files or not (run / HELD_OUT_FILE).exists():
        return None
    stored = _read(run / HELD_OUT_FILE, {"images", "labels"})
    images, labels = stored["images"], stored["labels"]
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1] or not len(labels):
        raise DataError(
            f"{run / HELD_OUT_FILE}: shapes {images.shape} and {labels.shape} are no digits. Run 7.1α again."
        )
    return Album(Digits(images, labels), tuple(_read(file, _WEIGHTS) for file in files), _best(run, len(files)))


def epoch_files(run: Path) -> list[Path]:
    """Return the weights that a run has kept so far, epoch 0 first, up to the first one that is missing."""
    found: list[Path] = []
    while (file := run / epoch_file(len(found))).exists():
        found.append(file)
    return found


def _best(run: Path, epochs: int) -> int | None:
    file = run / TRAINING_FILE
    try:
        best = json.loads(file.read_text(encoding="utf-8"))["best_epoch"] if file.exists() else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file} cannot be read: {error!r}. Run 7.1α again.") from error
    return best if isinstance(best, int) and 0 <= best < epochs else None


def _read(path: Path, names: set[str]) -> dict[str, np.ndarray]:
    try:
        stored = load(path.read_bytes())
    except (OSError, SafetensorError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}. Run 7.1α again.") from error
    if set(stored) != names:
        raise DataError(f"{path} holds {', '.join(sorted(stored))}, not {', '.join(sorted(names))}. Run 7.1α again.")
    return stored
