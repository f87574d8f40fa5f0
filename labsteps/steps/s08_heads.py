"""Step 8α: the networks under a regression head, and every loss worked out on a few tracks."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from labsteps.context import Context
from labsteps.data.batches import collate
from labsteps.evaluation.correlation import spearman
from labsteps.models.heads import Model
from labsteps.models.saved import build
from labsteps.results import Axis, Cell, Column, Curve, Result, Series, Table, Value, numbers
from labsteps.steps.affect_models import NETWORKS, own_parameters
from labsteps.steps.emotion import EmotionData, emotion_data
from labsteps.training.losses import LOSS_TITLES, REGRESSION_LOSSES, Regression

TRACKS_SHOWN = 4
CURVE_POINTS = 101
CHANGES: tuple[tuple[Cell, ...], ...] = (
    ("outputs", "a score a class", "a number an axis"),
    ("target", "class code", "values in 0…1"),
    ("loss takes", "(B, C) and (B,)", "(B, A) and (B, A) only"),
    ("loss", "cross entropy", "MSE, L1, Huber or 1 − CCC"),
    ("begins at", "near equal chances", "the training mean, exactly"),
    ("best epoch by", "macro-F1", "Spearman or loss"),
    ("main score", "accuracy, macro-F1", "Spearman; MSE, MAE beside it"),
    ("to beat", "most frequent class", "constant mean, ridge"),
)


def show_models(context: Context) -> Result:
    """8α: shapes and parameters of the networks, a worked example of the losses, and what has changed."""
    axis = str(context.params["axis"])
    values: dict[str, Value] = {}
    shapes: list[tuple[Cell, ...]] = []
    examples: list[tuple[str, np.ndarray, np.ndarray]] = []
    tracks: list[int] = []
    for name, network in NETWORKS.items():
        params = own_parameters(context.params, name)
        kind = network.kind(params)
        data = emotion_data(context.section(name, params=params), (axis,), kind.rows, beat=kind.beat)
        positions = _shown(data)
        frames, lengths = (torch.from_numpy(part) for part in collate(data.train.pack, positions, data.train.rows))
        targets = data.train.targets[positions]
        model = build(network.describe(params, (axis,)), data.mean, data.deviation, context.seed).eval()
        with torch.no_grad():
            vectors, said = model.backbone(frames, lengths), model(frames, lengths)
            model.head.begin_at(data.start)
            constant = model(frames, lengths)
        tracks = data.train.pack.ids[positions].tolist()
        if not examples:
            examples.append(("constant mean", constant.numpy(), targets))
        examples.append((f"untrained {network.title}", said.numpy(), targets))
        shapes.append(_shape_row(network.title, kind.name, frames, vectors, said, model))
        values |= {
            f"{name}/parameters": Value(_size(model)),
            f"{name}/head_parameters": Value(_size(model.head)),
        }
    return Result(
        values=values,
        tables={
            "shapes": _shape_table(shapes),
            "losses": _loss_table(examples),
            "example": _example_table(axis, tracks, examples),
            "changes": _changes_table(),
        },
        figures={"losses": _loss_curves()},
        text=_text(axis, examples[1]),
    )


def _shown(data: EmotionData) -> np.ndarray:
    """Return positions of a few training tracks, from the lowest to the highest value."""
    order = np.argsort(data.train.targets[:, 0], kind="stable")
    shown = min(TRACKS_SHOWN, len(order))
    positions: np.ndarray = order[np.linspace(0, len(order) - 1, shown).round().astype(int)]
    return positions


def _size(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def _shape_row(title: str, heard: str, frames: Tensor, vectors: Tensor, said: Tensor, model: Model) -> tuple[Cell, ...]:
    shapes = (str(tuple(tensor.shape)) for tensor in (frames, vectors, said))
    return (f"{title}, {heard}", *shapes, _size(model.backbone), _size(model.head))


def _shape_table(rows: list[tuple[Cell, ...]]) -> Table:
    columns = (
        Column("model"),
        Column("(B, T, F)"),
        Column("(B, D)"),
        Column("(B, A)"),
        Column("backbone", digits=0),
        Column("head", digits=0),
    )
    note = (
        "the head has D + 1 parameters an output: C times as many for C classes; the backbone is that of steps 5 to 7"
    )
    return Table("Networks with a regression head", columns, tuple(rows), note)


def _loss_table(examples: list[tuple[str, np.ndarray, np.ndarray]]) -> Table:
    """Return every loss of every example, and what squared error says when shapes are let to broadcast."""
    rows: list[tuple[Cell, ...]] = []
    for name, said, targets in examples:
        outputs, truth = torch.from_numpy(said), torch.from_numpy(targets)
        losses = [float(Regression(("x",), kind).loss(outputs, truth)) for kind in REGRESSION_LOSSES]
        broadcast = float((outputs - truth[:, 0]).square().mean())  # (B, 1) less (B,) is (B, B)
        rows.append((name, *losses, broadcast, spearman(said[:, 0], targets[:, 0]).number))
    columns = (
        Column("prediction"),
        *(Column(kind.upper() if kind != "huber" else "Huber", digits=4) for kind in REGRESSION_LOSSES),
        Column("MSE, broadcast", digits=4),
        Column("Spearman"),
    )
    names = "; ".join(f"{kind}: {title}" for kind, title in LOSS_TITLES.items())
    note = (
        f"untrained: with a random head; {names}; broadcast: what (B, 1) less (B,) gives, every prediction against "
        "every truth, smallest for the constant mean; a constant has no order, so its correlation is undefined"
    )
    return Table("The losses of these predictions", columns, tuple(rows), note)


def _example_table(axis: str, tracks: list[int], examples: list[tuple[str, np.ndarray, np.ndarray]]) -> Table:
    columns = (Column("track"), Column(f"true {axis}"), *(Column(name) for name, _, _ in examples))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (str(track), float(examples[0][2][i, 0]), *(float(said[i, 0]) for _, said, _ in examples))
        for i, track in enumerate(tracks)
    )
    return Table("Training tracks, from the lowest value to the highest, and predictions for them", columns, rows)


def _changes_table() -> Table:
    columns = (Column("what"), Column("classification"), Column("regression"))
    return Table("What changes against classification", columns, CHANGES)


def _loss_curves() -> Curve:
    errors = np.linspace(-1.0, 1.0, CURVE_POINTS)
    series = []
    for kind in ("mse", "l1", "huber"):
        losses = [
            float(REGRESSION_LOSSES[kind](torch.tensor([[error]]), torch.zeros(1, 1, dtype=torch.float64)))
            for error in errors
        ]
        series.append(Series(LOSS_TITLES[kind], numbers(errors), numbers(losses)))
    return Curve("Loss of one error", Axis("prediction less truth"), Axis("loss"), tuple(series))


def _text(axis: str, example: tuple[str, np.ndarray, np.ndarray]) -> str:
    name, said, targets = example
    terms = " + ".join(f"({p:.3f} − {t:.3f})²" for p, t in zip(said[:, 0], targets[:, 0], strict=True))
    value = float(((said - targets) ** 2).mean())
    return (
        f"Only the head and the loss differ from the classifiers: one output for {axis} in place of one a class. "
        f"Squared error by hand, {name} with a random head: ({terms}) / {len(said)} = {value:.4f}. Each loss takes "
        "outputs and targets of one and the same shape (B, A) and refuses any other, for (B, 1) against (B,) would be "
        "broadcast to (B, B) and teach the network the mean. The head begins with weights 0 and the training part's "
        "mean as its bias, so that training starts from the constant prediction."
    )
