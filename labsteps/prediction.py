"""Genre and emotion of audio files by trained models, over the whole track in windows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from labsteps.errors import DataError
from labsteps.extraction.guard import Guard
from labsteps.extraction.labels import AXES
from labsteps.models.heads import Model
from labsteps.models.saved import Description
from labsteps.results import Axis, Curve, Image, Series, numbers

SHORTEST_WINDOW, LONGEST_WINDOW = 2.0, 120.0


@dataclass(frozen=True, eq=False)
class Predictor:
    """A trained model with where it comes from.

    Attributes
    ----------
    source
        As a user is told: a part and run, or a file.
    chosen
        The outputs that it is asked for; all of them where empty.
    """

    source: str
    model: Model
    description: Description
    chosen: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it tells, in the order of the model's outputs."""
        return tuple(one for one in self.description.outputs if not self.chosen or one in self.chosen)

    @property
    def tells_genre(self) -> bool:
        """Whether its outputs are classes; they are axes of emotion otherwise."""
        return not set(self.description.outputs) <= set(AXES)


@dataclass(frozen=True, eq=False)
class Heard:
    """The windows of a track, analysed.

    Attributes
    ----------
    starts
        Where each begins, in seconds.
    full, beat
        Features of each, (140, T) by frames and by beats.
    """

    starts: tuple[float, ...]
    full: tuple[np.ndarray, ...]
    beat: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Prediction:
    """What one model says of a track.

    Attributes
    ----------
    outputs
        Classes or axes.
    windows : np.ndarray [shape=(W, outputs), dtype=float32]
        Probabilities, or values in 0…1, of each window.
    """

    source: str
    genre: bool
    outputs: tuple[str, ...]
    starts: tuple[float, ...]
    windows: np.ndarray

    @property
    def whole(self) -> Mapping[str, float]:
        """The mean over the windows, by class or axis."""
        return dict(zip(self.outputs, self.windows.mean(axis=0).tolist(), strict=True))


def hear(path: Path, guard: Guard, *, seconds: float, limit: float) -> Heard:
    """Return the windows of a track; the last one ends where the track does.

    Parameters
    ----------
    guard
        Whose child reads the file, so that nothing in it can harm this process.
    seconds
        Length of a window.
    limit
        Seconds after which the file is given up.

    Raises
    ------
    DataError
        If the file cannot be read, is silent or too short.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file" if not path.exists() else f"{path}: not a regular file")
    with tempfile.TemporaryDirectory() as folder:
        full, beat = Path(folder) / "full", Path(folder) / "beat"
        full.mkdir()
        beat.mkdir()
        task = {"path": str(path), "id": 0, "several": True, "choice": "cover", "seconds": seconds}
        answer = guard.call({**task, "full": str(full), "beat": str(beat)}, limit)
        if "done" not in answer:
            raise DataError(f"{path}: {answer.get('rejected') or answer.get('failed')}")
        made = answer["done"]
        read = [[np.load(place / f"{one['id']}.fused.full.npy") for one in made] for place in (full, beat)]
    return Heard(tuple(float(one["start"]) for one in made), tuple(read[0]), tuple(read[1]))


def predict(heard: Heard, predictor: Predictor) -> Prediction:
    """Return what a model says of each window of a track."""
    description = predictor.description
    arrays = heard.beat if description.beat else heard.full
    rows = slice(*description.rows)
    with torch.no_grad():
        outputs = [_output(predictor.model, array[rows]) for array in arrays]
    stacked = torch.stack(outputs)  # (W, outputs)
    told = stacked.softmax(dim=1) if predictor.tells_genre else stacked.clamp(0.0, 1.0)
    told = told[:, [description.outputs.index(one) for one in predictor.outputs]]
    return Prediction(
        predictor.source, predictor.tells_genre, predictor.outputs, heard.starts, told.numpy().astype(np.float32)
    )


def _output(model: Model, features: np.ndarray) -> torch.Tensor:
    x = torch.from_numpy(np.ascontiguousarray(features.T, dtype=np.float32)).unsqueeze(0)  # (1, T, F)
    output: torch.Tensor = model(x, torch.tensor([x.shape[1]]))[0].float()
    return output


def timeline(predictions: Sequence[Prediction], seconds: float) -> Iterator[Image | Curve]:
    """Yield what is said of a track over its time: classes as a picture, axes of emotion as curves."""
    for one in predictions:
        if one.genre:
            yield _genre_picture(one)
    lines = [
        Series(axis, numbers(start + seconds / 2 for start in one.starts), numbers(one.windows[:, place]))
        for one in predictions
        if not one.genre
        for place, axis in enumerate(one.outputs)
    ]
    if lines:
        yield Curve("Emotion over the track", Axis("time", "s"), Axis("value"), tuple(lines))


def _genre_picture(one: Prediction) -> Image:
    order = np.argsort(one.windows.mean(axis=0), kind="stable")
    ticks = tuple((float(row), one.outputs[column]) for row, column in enumerate(order.tolist()))
    steps = max(1, -(-len(one.starts) // 8))
    times = tuple((float(i), f"{one.starts[i]:.0f}") for i in range(0, len(one.starts), steps))
    return Image(
        "Genre over the track",
        Axis("window begins at", "s", times),
        Axis("class", "", ticks),
        Axis("probability"),
        tuple(numbers(one.windows[:, column]) for column in order.tolist()),
        0.0,
        1.0,
    )
