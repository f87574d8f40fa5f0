"""What every genre part shares: the data, their splits, and how a classifier is scored on the test set."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from labsteps.context import Context
from labsteps.data.classes import ClassScheme
from labsteps.data.clip_files import CHROMA, MEL
from labsteps.data.folders import DataFolder
from labsteps.data.normalise import Normaliser
from labsteps.data.pack import Pack
from labsteps.data.splits import stratified_split, subset
from labsteps.errors import DataError
from labsteps.evaluation import classification
from labsteps.results import Result
from labsteps.steps.opening import SPLIT_FILE, open_packs
from labsteps.training.feed import Clips
from labsteps.training.losses import Classification


@dataclass(frozen=True, slots=True)
class FeatureKind:
    """What of a clip a model hears.

    Attributes
    ----------
    name
        As the lab calls it.
    rows
        Rows of a clip.
    beat
        Whether the clips are beat-synchronous: one frame a beat.
    """

    name: str
    rows: slice
    beat: bool

    @property
    def slug(self) -> str:
        """The name as it can stand in a file name or the name of a value: ``beat_mel_chroma``."""
        return self.name.replace(" ", "_").replace("+", "_")


MEL_AND_CHROMA = slice(MEL.start, CHROMA.stop)
FEATURE_KINDS = {
    kind.name: kind
    for kind in (
        FeatureKind("mel", MEL, False),
        FeatureKind("beat mel", MEL, True),
        FeatureKind("chroma", CHROMA, False),
        FeatureKind("beat chroma", CHROMA, True),
        FeatureKind("mel+chroma", MEL_AND_CHROMA, False),
        FeatureKind("beat mel+chroma", MEL_AND_CHROMA, True),
    )
}


@dataclass(frozen=True, eq=False)
class GenreData:
    """Training, validation and test clips of one folder, with the statistics of the training part.

    Attributes
    ----------
    classes
        Names in the order of the codes.
    mean, deviation : torch.Tensor [shape=(F,)]
        Of the training clips' frames; validation and test clips are not looked at.
    monitor
        The score on the validation set that picks the best epoch.
    """

    train: Clips
    validation: Clips
    test: Clips
    classes: tuple[str, ...]
    mean: torch.Tensor
    deviation: torch.Tensor
    monitor: str = "macro_f1"

    test_name = "test"
    start = None

    @property
    def train_codes(self) -> np.ndarray:
        """Class codes of the training clips."""
        return self.train.targets

    @property
    def task(self) -> Classification:
        """One class a clip; the monitored score on the validation set picks the best epoch."""
        return Classification(self.classes, self.monitor)

    @property
    def score_lines(self) -> Mapping[str, str]:
        """Scores that are drawn over the epochs: name of the line → key of the history."""
        return {
            "train accuracy": "train_accuracy",
            "validation accuracy": "validation_accuracy",
            "validation macro-F1": "validation_macro_f1",
        }

    def outputs_csv(self, outputs: np.ndarray) -> bytes:
        """Return track id, true and predicted class and the probability of each class, one line a clip."""
        probabilities = torch.from_numpy(outputs).softmax(dim=1).numpy()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["id", "true", "predicted", *self.classes])
        # By the outputs, as in `score`: two of them that differ can round to one probability.
        predicted = outputs.argmax(axis=1)
        for track, true, said, row in zip(self.test.pack.ids, self.test.targets, predicted, probabilities, strict=True):
            writer.writerow([track, self.classes[true], self.classes[said], *(f"{p:.6f}" for p in row)])
        return text.getvalue().encode()

    def score(self, outputs: np.ndarray, *, resamples: int, seed: int) -> Result:
        """Return every score on the test set, beside the majority class of the training part."""
        return classification.evaluate(
            self.test.targets,
            outputs.argmax(axis=1),
            self.classes,
            majority=classification.majority_code(self.train_codes),
            resamples=resamples,
            seed=seed,
        )


def genre_data(
    context: Context,
    rows: slice,
    *,
    beat: bool = False,
    without: frozenset[int] = frozenset(),
    monitor: str = "macro_f1",
) -> GenreData:
    """Open the genre data, merge its classes, and split it.

    The split is a function of track ids, classes and seed, so every part of a session validates on the same
    tracks; it is written beside the run as ``split.json``.

    Parameters
    ----------
    rows
        Rows of a clip that the model hears.
    beat
        Whether from the beat-synchronous folder.
    without
        Ids of tracks that are neither to train nor to validate.
    monitor
        The score on the validation set that picks the best epoch.

    Raises
    ------
    DataError
        With everything that is wrong with the data.
    """
    folder = DataFolder.GENRE_BEAT if beat else DataFolder.GENRE_FULL
    raw, raw_test = open_packs(context, folder)
    train = raw.with_classes(ClassScheme())
    if len(train.classes) < 2:
        raise DataError(
            f"{context.data_root / folder}: has {len(train.classes)} class; telling genres apart needs two."
        )
    test = raw_test.with_classes(ClassScheme(), train.classes)
    train = train.select(np.flatnonzero(~np.isin(train.ids, np.fromiter(without, np.int64, len(without)))))
    chosen, validating = _split(context, train, context.data_root / folder)
    normaliser = Normaliser.fit(train, chosen, rows)
    data = GenreData(
        train=_clips(train.select(chosen), rows),
        validation=_clips(train.select(validating), rows),
        test=_clips(test, rows),
        classes=train.classes,
        mean=torch.from_numpy(normaliser.mean).float(),
        deviation=torch.from_numpy(normaliser.deviation).float(),
        monitor=monitor,
    )
    context.emit(
        "data",
        train=len(data.train),
        validation=len(data.validation),
        test=len(data.test),
        classes=list(data.classes),
    )
    return data


def _split(context: Context, known: Pack, where: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the clips that train and of those that validate, and write down which tracks they are."""
    assert known.labels is not None
    for code in np.flatnonzero(np.bincount(known.labels, minlength=len(known.classes)) == 0):
        context.emit("warning", text=f"No clip of {known.classes[code]} is left to train on.")
    parts = stratified_split(
        known.ids, known.labels, fraction=float(context.params.get("validation_fraction", 0.15)), seed=context.seed
    )
    if single := [known.classes[code] for code in np.flatnonzero(np.bincount(known.labels) == 1)]:
        context.emit("warning", text=f"only one clip each, kept for training: {', '.join(single)}")
    chosen = parts.kept
    wanted = int(context.params.get("subset", 0))
    if 0 < wanted < len(chosen):
        chosen = subset(known.ids, known.labels, chosen, n=wanted, seed=context.seed)
    if not len(parts.taken):
        raise DataError(f"{where}: too few clips for a validation part; every class has only one.")
    split = {"train": known.ids[chosen].tolist(), "validation": known.ids[parts.taken].tolist()}
    context.write_artifact(SPLIT_FILE, (json.dumps(split) + "\n").encode())
    return chosen, parts.taken


def genre_test(context: Context, rows: slice, classes: Sequence[str], *, beat: bool = False) -> Clips:
    """Open the test clips alone, coded by the classes of a model that was trained on the same data.

    Raises
    ------
    DataError
        With everything that is wrong with the data.
    """
    (raw,) = open_packs(context, DataFolder.GENRE_BEAT if beat else DataFolder.GENRE_FULL, ("test",))
    return _clips(raw.with_classes(ClassScheme(), classes), rows)


def _clips(chosen: Pack, rows: slice) -> Clips:
    assert chosen.labels is not None
    return Clips(chosen, rows, chosen.labels)
