"""What a model is trained for: a loss, a validation score, and which direction of it is better.

Every loss checks shapes first: (B, 1) against (B,) would broadcast to (B, B) and train the model to the mean.

References
----------
Lin, "A concordance correlation coefficient to evaluate reproducibility", Biometrics 45, 1989.
Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to weigh losses for scene geometry and semantics",
CVPR 2018, section 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
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

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the losses that the loss is a sum of; empty where it is one."""
        ...

    @property
    def learnt(self) -> Mapping[str, nn.Parameter]:
        """What of the task itself is learnt with the model, by name."""
        ...

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss of a batch, a scalar."""
        ...

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the losses that `parts` names, unweighted, shape (len(parts),)."""
        ...

    def told(self) -> dict[str, float]:
        """Return what of the task changes as it learns, for the history."""
        ...

    def correct(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return how many clips of a batch are right, a scalar; 0 where it means nothing (see `counts_correct`)."""
        ...

    def scores(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, float | None]:
        """Return the scores of a whole set; None where one is undefined."""
        ...


GENRE_MONITORS = {"macro_f1": "macro-F1", "accuracy": "accuracy", "loss": "loss"}


@dataclass(frozen=True)
class Classification:
    """One class a clip, by cross entropy.

    Parameters
    ----------
    classes
        Names in the order of the codes.
    monitor
        A key of `GENRE_MONITORS`: what on the validation set picks the best epoch.
    """

    classes: tuple[str, ...]
    monitor: str = "macro_f1"
    counts_correct: bool = True
    loss_title: str = "loss"
    loss_unit: str = "nats"
    parts: tuple[str, ...] = ()
    learnt: Mapping[str, nn.Parameter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an unknown monitor."""
        if self.monitor not in GENRE_MONITORS:
            raise ValueError(f"monitor cannot be {self.monitor!r}; it is {', '.join(GENRE_MONITORS)}")

    @property
    def higher_is_better(self) -> bool:
        """A score should be high, a loss low."""
        return self.monitor != "loss"

    @property
    def aim(self) -> str:
        """How many classes are told apart."""
        return f"{len(self.classes)} classes"

    @property
    def monitor_title(self) -> str:
        """The monitored score as sentences name it."""
        return GENRE_MONITORS[self.monitor]

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return nothing: the loss is one."""
        return outputs.new_empty(0)

    def told(self) -> dict[str, float]:
        """Return nothing: a classification has nothing that changes."""
        return {}

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the cross entropy of logits (B, C) and codes (B,), in nats."""
        if outputs.ndim != 2 or outputs.shape != (len(targets), len(self.classes)) or targets.ndim != 1:
            raise ValueError(
                f"classification takes logits (B, {len(self.classes)}) and codes (B,), "
                f"not {tuple(outputs.shape)} and {tuple(targets.shape)}"
            )
        return nn.functional.cross_entropy(outputs, targets)

    def correct(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return how many clips have their highest logit at their code."""
        return (outputs.argmax(dim=1) == targets).sum()

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


class MultitaskLoss(nn.Module):
    """Logits and targets of several axes in, the weighted sum of their losses out.

    With fixed weights w the sum is Σ wᵢ Lᵢ.  With learnt ones each axis has an uncertainty σᵢ of its own, the standard
    deviation of what the model cannot predict of it, and the sum is the negative log likelihood of Kendall et al. for
    regression (their equation 7, up to a constant): Σ Lᵢ / (2 σᵢ²) + log σᵢ.  It is least at σᵢ² = Lᵢ, so an axis
    counts the less the more uncertain it is; the logarithm keeps σ from growing without end, and makes the sum
    negative where losses are small.  What is learnt is sᵢ = log σᵢ², which keeps σᵢ² positive.

    Parameters
    ----------
    axes
        Names, in the order of the columns.
    kind
        A key of `REGRESSION_LOSSES`.  The likelihood is that of ``mse``; the others are weighed by the same rule.
    weights
        One weight an axis, the first ones where they are learnt; 1 each when empty.
    learnt
        Whether the weights 1 / (2 σᵢ²) are learnt.
    """

    def __init__(
        self, axes: Sequence[str], kind: str = "mse", weights: Sequence[float] = (), *, learnt: bool = False
    ) -> None:
        super().__init__()
        if kind not in REGRESSION_LOSSES:
            raise ValueError(f"loss cannot be {kind!r}; it is {', '.join(REGRESSION_LOSSES)}")
        given = tuple(weights) or (1.0,) * len(axes)
        if len(given) != len(axes):
            raise ValueError(f"{len(given)} weights for {len(axes)} axes ({', '.join(axes)})")
        if not all(math.isfinite(w) and (w > 0 if learnt else w >= 0) for w in given) or not any(given):
            raise ValueError(f"weights {', '.join(f'{w:g}' for w in given)}: should be positive numbers")
        self.axes, self.kind = tuple(axes), kind
        self.fixed = given
        self._factors = torch.tensor(given)
        first = torch.tensor([-math.log(2.0 * w) for w in given]) if learnt else None
        self.log_variances = None if first is None else nn.Parameter(first)

    @property
    def learnt(self) -> Mapping[str, nn.Parameter]:
        """The logarithms of σᵢ², by name; empty where the weights are fixed."""
        return {} if self.log_variances is None else {"log_variances": self.log_variances}

    def weights(self) -> dict[str, float]:
        """Return axis → the factor on its loss as it is now."""
        if self.log_variances is None:
            return dict(zip(self.axes, self.fixed, strict=True))
        return dict(zip(self.axes, (0.5 * torch.exp(-self.log_variances.detach())).tolist(), strict=True))

    def each(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the unweighted loss of each axis, shape (A,), for logits and targets of shape (B, A)."""
        if logits.ndim != 2 or logits.shape != targets.shape or logits.shape[1] != len(self.axes):
            raise ValueError(
                f"regression on {len(self.axes)} axes takes outputs and targets of shape (B, {len(self.axes)}), "
                f"not {tuple(logits.shape)} and {tuple(targets.shape)}"
            )
        measure = REGRESSION_LOSSES[self.kind]
        return torch.stack([measure(logits[:, [i]], targets[:, [i]]) for i in range(len(self.axes))])  # (A,)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the weighted sum, a scalar."""
        losses = self.each(logits, targets)  # (A,)
        if self.log_variances is None:
            # Copied once: a GPU would be waited for at each copy.
            self._factors = self._factors.to(losses.device)
            return (losses * self._factors).sum()
        return (0.5 * torch.exp(-self.log_variances) * losses + 0.5 * self.log_variances).sum()


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
    learn_weights
        Whether the weights are learnt; `weights` are then where they begin.

    Attributes
    ----------
    criterion
        The loss.
    """

    axes: tuple[str, ...]
    kind: str = "mse"
    weights: tuple[float, ...] = field(default=())
    monitor: str = "spearman"
    counts_correct: bool = False
    loss_unit: str = ""
    learn_weights: bool = False
    criterion: MultitaskLoss = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the loss; refuse a task without axes, an unknown loss or monitor, and weights that do not fit."""
        if not self.axes:
            raise ValueError("regression needs at least one axis")
        if self.monitor not in MONITORS:
            raise ValueError(f"monitor cannot be {self.monitor!r}; it is {', '.join(MONITORS)}")
        criterion = MultitaskLoss(self.axes, self.kind, self.weights, learnt=self.learn_weights)
        object.__setattr__(self, "criterion", criterion)

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
        return f"weighted sum of losses ({LOSS_TITLES[self.kind]})" if self.parts else LOSS_TITLES[self.kind]

    @property
    def monitor_title(self) -> str:
        """The monitored score as sentences name it."""
        return MONITORS[self.monitor]

    @property
    def parts(self) -> tuple[str, ...]:
        """The axes, where there are several."""
        return self.axes if len(self.axes) > 1 else ()

    @property
    def learnt(self) -> Mapping[str, nn.Parameter]:
        """The uncertainties of the axes, where the weights are learnt."""
        return self.criterion.learnt

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the weighted sum over axes of the loss of (B, A) outputs against (B, A) targets."""
        total: Tensor = self.criterion(outputs, targets)
        return total

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the unweighted loss of each axis, where there are several."""
        return self.criterion.each(outputs, targets) if self.parts else outputs.new_empty(0)

    def told(self) -> dict[str, float]:
        """Return the weight of each axis, where they are learnt."""
        return {f"weight/{axis}": w for axis, w in self.criterion.weights().items()} if self.learn_weights else {}

    def correct(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return 0: a number is never simply right."""
        return outputs.new_zeros(())

    def scores(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, float | None]:
        """Return the mean Spearman correlation over axes (None if any is undefined) and the mean squared error."""
        each = [spearman(outputs[:, i], targets[:, i]).number for i in range(len(self.axes))]
        defined = [value for value in each if value is not None]
        mean = float(np.mean(defined)) if len(defined) == len(each) else None
        scores = {"spearman": mean, "mse": float(np.mean((outputs - targets) ** 2))}
        return scores | {f"spearman/{axis}": value for axis, value in zip(self.parts, each, strict=False)}
