"""What every part that trains does, whatever it learns: build, choose the arithmetic, train, keep, report.

What is learnt comes with the data (`TaskData`): genres (`labsteps.steps.genre`) or emotion (`labsteps.steps.emotion`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from labsteps.context import Context, EarlierRun
from labsteps.errors import DataError
from labsteps.evaluation.compare import Predictions, read_predictions
from labsteps.models.heads import Model
from labsteps.models.pretrained import put_into
from labsteps.models.saved import Description, build, load_model, save_model
from labsteps.models.transformer import AST
from labsteps.results import Axis, Curve, Figure, Heatmap, Result, Series, Value, numbers
from labsteps.steps import taken
from labsteps.steps.opening import read_split
from labsteps.training.feed import Clips
from labsteps.training.inference import evaluate
from labsteps.training.loop import WARMUP_SHARE, Settings, by_heart, train
from labsteps.training.losses import Task
from labsteps.training.precision import Arithmetic, choose
from labsteps.training.state import TrainState

ARITHMETIC_FILE, TRAINING_FILE, OUTPUTS_FILE = "arithmetic.json", "training.json", "test_outputs.csv"
PROBES = "probes"
HARDLY_BEGUN = (
    "That epoch lies in the warm-up of the learning rate, when the network has hardly begun to learn: the score that "
    "chose it may well be chance; other seeds tell."
)
OWN_PARAMETERS = ("resamples", "seeds", "checkpoint_seconds")


class TaskData(Protocol):
    """What a training and its report need to know of the data and of what is to be learnt from them."""

    @property
    def task(self) -> Task:
        """Loss, scores, and the score that picks the best epoch."""
        ...

    @property
    def train(self) -> Clips:
        """Clips that are trained on."""
        ...

    @property
    def validation(self) -> Clips:
        """Clips that pick the best epoch."""
        ...

    @property
    def test(self) -> Clips:
        """Clips that are heard once, by the weights of the best epoch."""
        ...

    @property
    def test_name(self) -> str:
        """What the test clips are called: ``test`` or ``held-out``."""
        ...

    @property
    def mean(self) -> torch.Tensor:
        """Mean of each feature row over the training clips, shape (F,)."""
        ...

    @property
    def deviation(self) -> torch.Tensor:
        """Their deviation, shape (F,)."""
        ...

    @property
    def start(self) -> torch.Tensor | None:
        """Outputs that an untrained model is to give, shape (outputs,); None leaves them to chance."""
        ...

    @property
    def score_lines(self) -> Mapping[str, str]:
        """Scores that are drawn over the epochs: name of the line → key of the history."""
        ...

    def outputs_csv(self, outputs: np.ndarray) -> bytes:
        """Return the outputs for the test clips as a file, one line a clip."""
        ...

    def score(self, outputs: np.ndarray, *, resamples: int, seed: int) -> Result:
        """Return every score of the outputs for the test clips."""
        ...


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained model with how it computes and how its training went."""

    model: Model
    arithmetic: Arithmetic
    state: TrainState


def prepare(
    context: Context,
    data: TaskData,
    description: Description,
    *,
    begin_with: Model | None = None,
    weights_of: EarlierRun | None = None,
) -> tuple[Model, Arithmetic]:
    """Build the model and choose its arithmetic; a run that is resumed keeps the one it began with.

    Parameters
    ----------
    begin_with
        A trained model whose backbone, with its normalisation, is what the new one begins with.
    weights_of
        A run whose published weights the new one begins with, in place of this run's own, where it takes some.
    """
    model = build(description, data.mean, data.deviation, context.seed)
    if begin_with is not None:
        model.backbone.load_state_dict(begin_with.backbone.state_dict())
    elif description.settings.get("imagenet_pretrain"):
        begin_with_published_weights(context, model, weights_of)
    if data.start is not None:
        model.head.begin_at(data.start)
    chosen = context.artifact(ARITHMETIC_FILE)
    if chosen.exists():
        return model, Arithmetic.read(chosen)
    longest = int(data.train.pack.lengths.max())
    crop = crop_frames(context, model)
    arithmetic = choose(
        model,
        context.device,
        precision=str(context.params["precision"]),
        threads=int(context.params["threads"]),
        batch_size=int(context.params["batch_size"]),
        frames=min(crop, longest) if crop else longest,
        rows=len(data.mean),
        loss=lambda outputs: outputs.square().mean(),
        cache=context.cache,
        kept=lambda name, make: context.kept(f"{PROBES}/{name}", make),
        attention=str(context.params.get("attention", "auto")),
        channels_last=bool(context.params.get("channels_last", True)),
        compiler=str(context.params.get("compile", "off")),
        recurrence=str(context.params.get("recurrence", "auto")),
    )
    context.write_artifact(ARITHMETIC_FILE, arithmetic.to_json())
    context.emit("arithmetic", **asdict(arithmetic))
    return model, arithmetic


def begin_with_published_weights(context: Context, model: Model, run: EarlierRun | None = None) -> None:
    """Put the published weights that the run was begun with into a model's backbone, and tell what was done.

    Raises
    ------
    DataError
        If they are not there any more, or do not fit.
    """
    assert isinstance(model.backbone, AST)
    told = put_into(model.backbone, context.pretrained(run))
    context.emit("pretrained", **told)


def crop_frames(context: Context, model: Model) -> int:
    """Return the frames of a training crop, 0 for whole clips: those of a model's window where it has one."""
    return int(getattr(model.backbone, "window_frames", context.params.get("crop_frames", 0)))


def settings_of(context: Context, **more: Any) -> Settings:
    """Return the training settings among the part's parameters, replaced by `more` where that has them."""
    names = Settings.__dataclass_fields__
    given = {name: value for name, value in context.params.items() if name in names}
    return Settings(**{**given, **more}, seed=context.seed)  # the catalogue has checked types and ranges


def fit(
    context: Context,
    data: TaskData,
    description: Description,
    *,
    begin_with: Model | None = None,
    weights_of: EarlierRun | None = None,
) -> Fitted:
    """Train a model, and keep it with all that is needed to use it; what it begins with is said as in `prepare`.

    Where an equal earlier run has trained the very same model, that is taken.
    """
    recipe = taken.recipe(
        context,
        description,
        (data.train, data.validation),
        (data.mean, data.deviation, data.start),
        begin_with,
        without=OWN_PARAMETERS,
    )
    # Which published weights another run began with is not in the recipe.
    own_weights = weights_of is None or not description.settings.get("imagenet_pretrain")
    if own_weights and taken.take(context, recipe, ARITHMETIC_FILE, TRAINING_FILE):
        return _taken(context)
    model, arithmetic = prepare(context, data, description, begin_with=begin_with, weights_of=weights_of)
    heard = f"{'beat ' if description.beat else ''}{description.features}"
    doing = f"training on {heard}, {description.architecture} for {data.task.aim}, seed {context.seed}"
    context.emit("phase", text=doing, done=0, total=len(data.train))
    settings = settings_of(context, crop_frames=crop_frames(context, model))
    trained = train(model, data.task, data.train, data.validation, settings, arithmetic, context)
    context.save_model(lambda folder: save_model(folder, description, trained.best))
    context.write_artifact(TRAINING_FILE, trained.state.to_json())
    context.write_artifact(taken.RECIPE_FILE, recipe)
    return Fitted(model, arithmetic, trained.state)


def _taken(context: Context) -> Fitted:
    folder = context.artifact(TRAINING_FILE).parent
    model, _ = load_model(folder / taken.MODEL)
    arithmetic = Arithmetic.read(folder / ARITHMETIC_FILE)
    arithmetic.apply(model)
    return Fitted(model.to(context.device), arithmetic, read_state(folder))


def fitted_earlier(context: Context, part: str) -> tuple[Fitted, EarlierRun] | None:
    """Return the model that another part trained with the very settings of this one, or None."""
    same = {name: value for name, value in context.params.items() if name not in OWN_PARAMETERS}
    source = context.earlier(part, parameters=same, seed=context.seed)
    return None if source is None else (read_fitted(context, source), source)


def read_fitted(context: Context, source: EarlierRun) -> Fitted:
    """Return the model of a finished run, ready to be used on this run's device."""
    context.emit("uses", part=source.part, run=source.run_id)
    model, _ = load_model(source.folder / "checkpoints" / "best")
    arithmetic = Arithmetic.read(source.folder / ARITHMETIC_FILE)
    arithmetic.apply(model)
    return Fitted(model.to(context.device), arithmetic, read_state(source.folder))


def read_state(folder: Path) -> TrainState:
    """Return how a finished training went, from the file that `fit` wrote into its folder.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    path = folder / TRAINING_FILE
    try:
        return TrainState(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path} cannot be read: {error!r}. Run its part again with --force.") from error


def clips_seen(folder: Path) -> int:
    """Return how many clips a finished training heard, each as often as it did: the measure of its compute.

    Raises
    ------
    DataError
        If its files are missing or damaged.
    """
    return len(read_split(folder)["train"]) * read_state(folder).epoch


def overfit(context: Context, data: TaskData, description: Description, **more: Any) -> Result:
    """Learn a few batches by heart, and give a verdict; `more` are settings that stand in for the part's own."""
    model, arithmetic = prepare(context, data, replace(description, dropout=0.0))
    settings = settings_of(context, **{"crop_frames": crop_frames(context, model), **more})
    trained = train(model, data.task, data.train, None, settings, arithmetic, context, overfit_batch=True)
    last = trained.state.history[-1]
    loss = last["train_loss"]
    assert loss is not None
    passed = loss < settings.target_loss
    # Not every batch is full: the clips that are left over at the end of an order make a smaller one.
    clips = sum(len(batch.positions) for batch in by_heart(data.train.feed(context.device), settings))
    accuracy = {"train/accuracy": Value(last["train_accuracy"])} if data.task.counts_correct else {}
    return Result(
        values={
            "train/loss": Value(loss),
            **accuracy,
            "epochs_run": Value(trained.state.epoch),
            "passed": Value(1.0 if passed else 0.0),
        },
        figures={"loss": loss_curves(trained.state, data.task, title=f"Overfit check on {clips} clips")},
        text=_verdict(passed, loss, settings.target_loss, trained.state.epoch),
    )


def report(context: Context, data: TaskData, fitted: Fitted, resamples: int) -> Result:
    """Score the best epoch's weights on the test set, once."""
    name, state = f"{data.test_name} set", fitted.state
    doing = f"hearing the {name}"
    context.emit("phase", text=doing, done=0, total=len(data.test))
    outputs = evaluate(fitted.model, data.test, fitted.arithmetic, context, name=name, doing=doing)
    context.write_artifact(OUTPUTS_FILE, data.outputs_csv(outputs))
    context.emit("phase", text=f"computing the scores of the {name}", done=0, total=0)
    result = data.score(outputs, resamples=resamples, seed=context.seed)
    values = {
        **result.values,
        **_validation_values(state),
        "best_epoch": Value(state.best_epoch),
        "epochs_run": Value(state.epoch),
    }
    figures: dict[str, Figure] = {
        "loss": loss_curves(state, data.task, title="Loss over the epochs"),
        "scores": score_curves(state, data.score_lines),
        **{name: _told_apart(figure, context.part, fitted.model) for name, figure in result.figures.items()},
    }
    chosen = f"Best epoch {state.best_epoch} of {state.epoch} by {data.task.monitor_title}"
    if not state.best_epoch:
        chosen = f"No epoch of {state.epoch} had a {data.task.monitor_title}, so the last one stands,"
    text = (
        f"{chosen} on the {len(data.validation)} validation clips; training ended: {state.ended}. "
        f"The {len(data.test)} {data.test_name} clips were heard once, whole, by those weights."
    )
    text += f"\n{HARDLY_BEGUN}" if hardly_begun(state) else ""
    return replace(result, values=values, figures=figures, text=text)


def hardly_begun(state: TrainState) -> bool:
    """Tell whether the best epoch is one of the warm-up's, of a training that went on after it.

    A score of few validation clips moves by chance as much as an untrained network is below a trained one.
    """
    return 0 < state.best_epoch <= math.ceil(WARMUP_SHARE * state.epochs) and state.epoch > state.best_epoch


def _told_apart(figure: Figure, part: str, model: Model) -> Figure:
    """Return a confusion matrix titled by part and network, since several are looked at side by side."""
    if not (isinstance(figure, Heatmap) and figure.counts):
        return figure
    return replace(figure, title=f"{figure.title}, {part} {type(model.backbone).__name__}")


def loss_curves(state: TrainState, task: Task, *, title: str) -> Curve:
    """Return training and validation loss over epochs as a figure."""
    lines = {"train": "train_loss", "validation": "validation_loss"}
    return _curves(state, title, Axis(task.loss_title, task.loss_unit), lines)


def score_curves(state: TrainState, lines: Mapping[str, str]) -> Curve:
    """Return scores over epochs as a figure: name of the line → key of the history."""
    shown = [name for name, key in lines.items() if any(key in row for row in state.history)]
    title = " and ".join(dict.fromkeys(name.removeprefix("train ").removeprefix("validation ") for name in shown))
    return _curves(state, f"{title[:1].upper()}{title[1:]} over the epochs", Axis("score"), lines)


def _curves(state: TrainState, title: str, axis: Axis, lines: Mapping[str, str]) -> Curve:
    epochs = numbers(row["epoch"] for row in state.history)
    series = tuple(
        Series(line, epochs, numbers(row.get(key) for row in state.history))
        for line, key in lines.items()
        if any(key in row for row in state.history)
    )
    return Curve(title, Axis("epoch"), axis, series)


def read_outputs(folder: Path) -> Predictions:
    """Return what a finished training said of its test set, from the file that `report` wrote into `folder`.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    return read_predictions(folder / OUTPUTS_FILE)


def _validation_values(state: TrainState) -> dict[str, Value]:
    """Return what the validation set said of the weights that are kept."""
    row = state.best_row
    scores = {key.replace("_", "/", 1): score for key, score in row.items() if key.startswith("validation_")}
    return {
        name: Value(score, reason="" if score is not None else "the validation set did not define it")
        for name, score in scores.items()
    }


def _verdict(passed: bool, loss: float, target: float, epochs: int) -> str:
    if passed:
        return f"Passed: the training loss fell to {loss:.4f}, below {target:g}, after {epochs} epochs."
    return (
        f"Failed: the training loss stands at {loss:.4f} after {epochs} epochs, above {target:g}. Look at the "
        "learning rate (too high when the curve jumps, too low when it crawls), at dead or constant inputs "
        "(step 0 checks the data), and at more epochs."
    )
