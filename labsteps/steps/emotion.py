"""What every part on emotion shares: the data, the held-out tracks, and how a regression is scored on them.

Three sets of labelled tracks, none of which overlap:

held out
    The same for every model, axis, feature and run seed: a function of track ids and ``held_out_seed`` alone.
    Heard once, by finished models.
validation
    Of the rest; picks the best epoch.  Spread evenly over the mean of *all* axes, so it is one for all axes too.
training
    What is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from labsteps.context import Context
from labsteps.data.folders import DataFolder, index_path
from labsteps.data.index import read_affect_index
from labsteps.data.normalise import Normaliser
from labsteps.data.pack import Pack
from labsteps.data.splits import held_out_split, stratified_split, subset
from labsteps.errors import DataError, ParameterError
from labsteps.evaluation import regression
from labsteps.evaluation.correlation import AxisPredictions
from labsteps.results import Result
from labsteps.steps.fitting import OUTPUTS_FILE
from labsteps.steps.opening import SPLIT_FILE, open_packs
from labsteps.training.feed import Clips
from labsteps.training.losses import Regression

FEWEST_TRACKS = 3  # for a rank correlation to be defined
TRACK_PARTS = ("train", "validation", "held_out", "unlabelled")


@dataclass(frozen=True, eq=False)
class EmotionData:
    """Training, validation and held-out tracks of one folder, with the statistics of the training part.

    Attributes
    ----------
    train, validation, test : Clips
        Targets of shape (N, A), float32, in the order of the task's axes; `test` holds the held-out tracks.
    task
        Axes, loss and monitor.
    mean, deviation : torch.Tensor [shape=(F,)]
        Of the training clips' frames; the other tracks are not looked at.
    """

    train: Clips
    validation: Clips
    test: Clips
    task: Regression
    mean: torch.Tensor
    deviation: torch.Tensor

    test_name = "held-out"

    @property
    def start(self) -> torch.Tensor:
        """The training part's means, shape (A,): training begins at the constant prediction."""
        return torch.from_numpy(self.train.targets.mean(axis=0, dtype=np.float64)).float()

    @property
    def score_lines(self) -> Mapping[str, str]:
        """Scores that are drawn over the epochs: name of the line → key of the history."""
        return {"validation Spearman": "validation_spearman"}

    def said(self, outputs: np.ndarray) -> AxisPredictions:
        """Return outputs for the held-out tracks, shape (N, A), beside the truth."""
        true = self.test.targets.astype(np.float64)
        return AxisPredictions(self.test.pack.ids, true, outputs.astype(np.float64), self.task.axes)

    def outputs_csv(self, outputs: np.ndarray) -> bytes:
        """Return track id, truth and prediction of every axis, one line a held-out track."""
        return regression.to_csv(self.said(outputs))

    def score(self, outputs: np.ndarray, *, resamples: int, seed: int) -> Result:
        """Return correlation and errors on the held-out tracks, and truth against prediction."""
        said = self.said(outputs)
        return Result(
            values=regression.evaluate(said, resamples=resamples, seed=seed),
            figures={
                f"truth_{axis}": regression.scatter(said, axis, title=f"Held-out tracks, {axis}")
                for axis in self.task.axes
            },
        )


def held_out_ids(context: Context) -> frozenset[int]:
    """Return the labelled tracks that no model may train, validate or choose on.

    They follow from the ids in the multitask indexes (full and beat together), ``held_out_fraction`` and
    ``held_out_seed``: not from the axis, the features, the model, the values or the run's seed.

    Raises
    ------
    DataError
        If no multitask index is there, or one cannot be read.
    """
    folders = [f for f in (DataFolder.MULTITASK_FULL, DataFolder.MULTITASK_BEAT) if (context.data_root / f).is_dir()]
    if not folders:
        raise DataError(f"{context.data_root}: {DataFolder.MULTITASK_FULL} is missing; no track has emotion values.")
    ids: set[int] = set()
    for folder in folders:
        path = index_path(context.data_root, folder, "train")
        assert path is not None
        index = read_affect_index(path)
        if index.problems:
            problems = [problem.text(context.data_root) for problem in index.problems]
            raise DataError(f"{path}: {len(problems)} problems, the first: {problems[0]}", problems)
        ids.update(row.id for row in index.rows)
    params = context.params
    return choose_held_out(ids, fraction=float(params["held_out_fraction"]), seed=int(params["held_out_seed"]))


def choose_held_out(ids: Sequence[int] | set[int], *, fraction: float, seed: int) -> frozenset[int]:
    """Return about `fraction` of `ids`, whatever their order."""
    ordered = np.array(sorted(ids), np.int64)
    parts = stratified_split(
        ordered, np.zeros(len(ordered), np.int64), fraction=fraction, seed=seed, purpose="held out"
    )
    return frozenset(ordered[parts.taken].tolist())


def emotion_data(
    context: Context, axes: Sequence[str], rows: slice, *, beat: bool = False, task: Regression | None = None
) -> EmotionData:
    """Open the labelled tracks and split them; the split is written beside the run as ``split.json``.

    Parameters
    ----------
    context
        Its parameters ``held_out_fraction``, ``held_out_seed``, ``validation_fraction``, ``subset``, ``loss`` and
        ``monitor`` count.
    axes
        What is to be learnt, by name.
    rows
        Rows of a clip that the model hears.
    beat
        Whether from the beat-synchronous folder.
    task
        In place of the one that the parameters describe.

    Raises
    ------
    DataError
        With everything that is wrong with the data, or if an axis is not in the index.
    """
    params = context.params
    where = context.data_root / _folder(beat)
    labelled = open_packs(context, _folder(beat), ("train",))[0]
    columns = axis_columns(labelled, axes, where)
    train, validation, test = _split(context, labelled, where)
    split = {
        name: labelled.ids[positions].tolist()
        for name, positions in (("train", train), ("validation", validation), ("held_out", test))
    }
    context.write_artifact(SPLIT_FILE, (json.dumps(split) + "\n").encode())
    normaliser = Normaliser.fit(labelled, train, rows)
    found = task or Regression(
        tuple(axes), str(params.get("loss", "mse")), monitor=str(params.get("monitor", "spearman"))
    )
    data = EmotionData(
        train=_clips(labelled, train, rows, columns),
        validation=_clips(labelled, validation, rows, columns),
        test=_clips(labelled, test, rows, columns),
        task=found,
        mean=torch.from_numpy(normaliser.mean).float(),
        deviation=torch.from_numpy(normaliser.deviation).float(),
    )
    context.emit("data", train=len(train), validation=len(validation), test=len(test), classes=list(found.axes))
    return data


def emotion_parts(context: Context, *, beat: bool = False) -> dict[str, frozenset[int]]:
    """Return the ids of the training, validation, held-out and unlabelled tracks, by the names of `TRACK_PARTS`.

    They are those that `emotion_data` takes with the same parameters, whatever it learns and hears.
    """
    labelled, unlabelled = open_packs(context, _folder(beat))
    parts = _split(context, labelled, context.data_root / _folder(beat))
    ids = [*(labelled.ids[part] for part in parts), unlabelled.ids]
    return {name: frozenset(part.tolist()) for name, part in zip(TRACK_PARTS, ids, strict=True)}


def _folder(beat: bool) -> DataFolder:
    return DataFolder.MULTITASK_BEAT if beat else DataFolder.MULTITASK_FULL


def _split(context: Context, labelled: Pack, where: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the positions of the training, validation and held-out tracks."""
    params = context.params
    held_out = held_out_ids(context)
    taken = np.isin(labelled.ids, np.fromiter(held_out, np.int64, len(held_out)))
    rest = np.flatnonzero(~taken)
    test = np.flatnonzero(taken)[np.argsort(labelled.ids[taken], kind="stable")]
    assert labelled.values is not None
    try:
        parts = held_out_split(
            labelled.ids[rest],
            labelled.values[rest],
            fraction=float(params.get("validation_fraction", 0.15)),
            seed=context.seed,
            purpose="validation",
        )
    except ParameterError as error:
        raise DataError(f"{where}: cannot be split: {error}") from error
    train, validation = rest[parts.kept], rest[parts.taken]
    wanted = int(params.get("subset", 0))
    if 0 < wanted < len(train):
        train = subset(labelled.ids, np.zeros(len(labelled), np.int64), train, n=wanted, seed=context.seed)
    for name, positions in (("training", train), ("validation", validation), ("held-out", test)):
        if len(positions) < FEWEST_TRACKS:
            raise DataError(
                f"{where}: has {len(labelled)} labelled tracks, which leaves {len(positions)} for the {name} part; "
                f"it needs at least {FEWEST_TRACKS}."
            )
    return train, validation, test


def axis_names(context: Context, *, beat: bool = False) -> tuple[str, ...]:
    """Return the names of the axes, as the index has them."""
    return open_packs(context, _folder(beat), ("train",))[0].axes


def axis_columns(labelled: Pack, axes: Sequence[str], where: Path) -> list[int]:
    """Return the columns of `axes`; the first is 0, which is a column like any other.

    Raises
    ------
    DataError
        If there is no axis, or one is not in the index.
    """
    strangers = [axis for axis in axes if axis not in labelled.axes]
    if strangers or not axes:
        raise DataError(
            f"{where}: has no axis {', '.join(strangers) or 'asked for'}; its index has {', '.join(labelled.axes)}."
        )
    return [labelled.axes.index(axis) for axis in axes]


def read_held_out(folder: Path) -> AxisPredictions:
    """Return what a finished regression said of the held-out tracks, from the file in its folder.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    return regression.read_csv(folder / OUTPUTS_FILE)


def _clips(labelled: Pack, positions: np.ndarray, rows: slice, columns: list[int]) -> Clips:
    chosen = labelled.select(positions)
    assert chosen.values is not None
    return Clips(chosen, rows, chosen.values[:, columns].astype(np.float32))
