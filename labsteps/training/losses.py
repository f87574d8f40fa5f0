"""What a model is trained for: a loss, a validation score, and which direction of it is better.

Every loss checks shapes first: (B, 1) against (B,) would broadcast to (B, B) and train the model to the mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from labsteps.evaluation.classification import macro_f1_of
from labsteps.evaluation.correlation import spearman


class Task(Protocol):
    """What the training loop needs to know of a task."""

    @property
    def monitor(self) -> str:
        """The score on the validation set that picks the best epoch."""
        ...

    @property
    def higher_is_better(self) -> bool:
        """Which direction of that score is better."""
        ...

    @property
    def counts_correct(self) -> bool:
        """Whether `correct` means something."""
        ...

    @property
    def aim(self) -> str:
        """What is learnt, in a few words."""
        ...

    @property
    def loss_title(self) -> str:
        """The loss as figures and sentences name it."""
        ...

    @property
    def loss_unit(self) -> str:
        """Unit of the loss; empty where it has none."""
        ...

    @property
    def monitor_title(self) -> str:
        """The score that picks the best epoch as sentences name it."""
        ...

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss of a batch, a scalar."""
        ...

    def correct(self, outputs: Tensor, targets: Tensor) -> int:
        """Return how many clips of a batch are right; 0 where that means nothing (`counts_correct` is false)."""
        ...

    def scores(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, float | None]:
        """Return the scores of a whole set; None where one is undefined."""
        ...


@dataclass(frozen=True)
class Classification:
    """One class a clip, by cross entropy.

    Parameters
    ----------
    classes
        Names in the order of the codes.
    monitor
        The score on the validation set that picks the best epoch.
    """

    classes: tuple[str, ...]
    monitor: str = "macro_f1"
    higher_is_better: bool = True
    counts_correct: bool = True
    loss_title: str = "loss"
    loss_unit: str = "nats"

    @property
    def aim(self) -> str:
        """How many classes are told apart."""
        return f"{len(self.classes)} classes"

    @property
    def monitor_title(self) -> str:
        """The monitored score as sentences name it."""
        return self.monitor.replace("macro_f1", "macro-F1")

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the cross entropy of logits (B, C) and codes (B,), in nats."""
        if outputs.ndim != 2 or outputs.shape != (len(targets), len(self.classes)) or targets.ndim != 1:
            raise ValueError(
                f"classification takes logits (B, {len(self.classes)}) and codes (B,), "
                f"not {tuple(outputs.shape)} and {tuple(targets.shape)}"
            )
        return nn.functional.cross_entropy(outputs, targets)

    def correct(self, outputs: Tensor, targets: Tensor) -> int:
        """Return how many clips have their highest logit at their code."""
        return int((outputs.argmax(dim=1) == targets).sum())

    def scores(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, float | None]:
        """Return accuracy and macro-F1 of logits (N, C) against codes (N,)."""
        predicted = outputs.argmax(axis=1)
        return {
            "accuracy": float((predicted == targets).mean()),
            "macro_f1": macro_f1_of(targets, predicted, len(self.classes)),
        }


def _one_minus_ccc(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return 1 − concordance correlation (Lin, Biometrics 45, 1989, eq. 1) for (B, A), mean over axes."""
    deviation = outputs - outputs.mean(dim=0), targets - targets.mean(dim=0)
    covariance = (deviation[0] * deviation[1]).mean(dim=0)
    spread = deviation[0].square().mean(dim=0) + deviation[1].square().mean(dim=0)
    shift = (outputs.mean(dim=0) - targets.mean(dim=0)).square()
    return (1 - 2 * covariance / (spread + shift).clamp(min=1e-8)).mean()


def _huber(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return Huber's loss (Annals of Mathematical Statistics 35, 1964), quadratic up to `HUBER_DELTA`.

    Values lie in 0 … 1, so with the usual delta of 1 no error would ever reach the linear part.
    """
    return nn.functional.huber_loss(outputs, targets, delta=HUBER_DELTA)


HUBER_DELTA = 0.1
REGRESSION_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mse": nn.functional.mse_loss,
    "l1": nn.functional.l1_loss,
    "huber": _huber,
    "ccc": _one_minus_ccc,
}
LOSS_TITLES = {
    "mse": "mean squared error",
    "l1": "mean absolute error",
    "huber": f"Huber loss, delta {HUBER_DELTA:g}",
    "ccc": "1 − concordance correlation",
}
MONITORS = {"spearman": "Spearman correlation", "loss": "loss"}


@dataclass(frozen=True)
class Regression:
    """One number an axis; with several axes the weighted sum of their losses (multitask learning).

    Parameters
    ----------
    axes
        Names, in the order of the outputs.
    kind
        A key of `REGRESSION_LOSSES`.
    weights
        One weight an axis; empty for 1 each.
    monitor
        A key of `MONITORS`: what on the validation set picks the best epoch.
    """

    axes: tuple[str, ...]
    kind: str = "mse"
    weights: tuple[float, ...] = field(default=())
    monitor: str = "spearman"
    counts_correct: bool = False
    loss_unit: str = ""

    def __post_init__(self) -> None:
        """Refuse a task without axes, an unknown loss or monitor, and weights that do not fit the axes."""
        if not self.axes:
            raise ValueError("regression needs at least one axis")
        if self.kind not in REGRESSION_LOSSES or self.monitor not in MONITORS:
            raise ValueError(f"there is no loss {self.kind!r} or no monitor {self.monitor!r}")
        if self.weights and len(self.weights) != len(self.axes):
            raise ValueError(f"{len(self.weights)} weights for {len(self.axes)} axes")

    @property
    def higher_is_better(self) -> bool:
        """A correlation should be high, a loss low."""
        return self.monitor == "spearman"

    @property
    def aim(self) -> str:
        """The axes."""
        return ", ".join(self.axes)

    @property
    def loss_title(self) -> str:
        """The loss by its full name."""
        return LOSS_TITLES[self.kind]

    @property
    def monitor_title(self) -> str:
        """The monitored score as sentences name it."""
        return MONITORS[self.monitor]

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the weighted sum over axes of the loss of (B, A) outputs against (B, A) targets."""
        if outputs.ndim != 2 or outputs.shape != targets.shape or outputs.shape[1] != len(self.axes):
            raise ValueError(
                f"regression on {len(self.axes)} axes takes outputs and targets of shape (B, {len(self.axes)}), "
                f"not {tuple(outputs.shape)} and {tuple(targets.shape)}"
            )
        measure = REGRESSION_LOSSES[self.kind]
        weights = self.weights or (1.0,) * len(self.axes)
        losses = [w * measure(outputs[:, [i]], targets[:, [i]]) for i, w in enumerate(weights)]
        return torch.stack(losses).sum()

    def correct(self, outputs: Tensor, targets: Tensor) -> int:
        """Return 0: a number is never simply right."""
        return 0

    def scores(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, float | None]:
        """Return the mean Spearman correlation over axes (None if any is undefined) and the mean squared error."""
        each = [spearman(outputs[:, i], targets[:, i]).number for i in range(len(self.axes))]
        defined = [value for value in each if value is not None]
        mean = float(np.mean(defined)) if len(defined) == len(each) else None
        return {"spearman": mean, "mse": float(np.mean((outputs - targets) ** 2))}
