"""What the steps of an epoch add up to.

A number that is read from a GPU makes the processor wait for it, and the GPU then waits for the next step.  So the
numbers of a step stay where they are until somebody needs the sums: the next event, a checkpoint, the epoch's end.  On
a CPU they are read at once.  They are added in the order of the steps either way, so the sums are the same to the bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from labsteps.errors import TrainingError
from labsteps.training.state import TrainState

MOST_WAITING = 100


@dataclass(slots=True)
class _Batch:
    """One batch: its loss, how many of its clips are right, the losses that the loss is a sum of, and its clips."""

    loss: Tensor
    correct: Tensor
    parts: Tensor
    clips: int


@dataclass(slots=True)
class _Step:
    """One step of the optimizer: its number, its batches, and the norm of their gradient."""

    number: int
    batches: list[_Batch] = field(default_factory=list)
    norm: Tensor | None = None


class StepSums:
    """Adds the numbers of steps to the sums of a state.

    Parameters
    ----------
    state
        Whose sums grow.
    at_once
        Whether to read the numbers of each step when it ends, as is right where reading them costs nothing.
    """

    def __init__(self, state: TrainState, *, at_once: bool) -> None:
        self._state, self._at_once = state, at_once
        self._waiting: list[_Step] = []

    def begin_step(self) -> None:
        """Begin the next step."""
        self._waiting.append(_Step(self._state.step + 1))

    def add_batch(self, loss: Tensor, correct: Tensor, parts: Tensor, clips: int) -> None:
        """Add a batch to the step: scalars, and the losses that the loss is a sum of, shape (parts,)."""
        self._waiting[-1].batches.append(_Batch(loss, correct, parts, clips))

    def end_step(self, norm: Tensor) -> None:
        """End the step with the norm of its gradient.

        Raises
        ------
        TrainingError
            If a loss is not finite; where numbers wait it may be one of an earlier step.
        """
        self._waiting[-1].norm = norm
        if self._at_once or len(self._waiting) >= MOST_WAITING:
            self.collect()

    def collect(self) -> None:
        """Read what waits, and add it up.

        Raises
        ------
        TrainingError
            If a loss is not finite.
        """
        waiting, self._waiting = self._waiting, []
        batches = [batch for step in waiting for batch in step.batches]
        losses, correct = iter(_numbers([b.loss for b in batches])), iter(_numbers([b.correct for b in batches]))
        for step, norm in zip(waiting, _numbers([s.norm for s in waiting if s.norm is not None]), strict=True):
            for batch in step.batches:
                self._add(step.number, batch, next(losses), next(correct))
            self._state.grad_norm_sum += norm * sum(batch.clips for batch in step.batches)

    def _add(self, step: int, batch: _Batch, loss: float, correct: float) -> None:
        state = self._state
        if not math.isfinite(loss):
            raise TrainingError(
                f"The training loss became {loss} at epoch {state.epoch + 1}, step {step}. "
                "Lower learning_rate, or use precision=float32; the checkpoints before it are kept."
            )
        state.clips += batch.clips
        state.loss_sum += loss * batch.clips
        state.correct += int(correct)
        if len(batch.parts):
            before = state.part_sums or [0.0] * len(batch.parts)
            state.part_sums = [s + one * batch.clips for s, one in zip(before, batch.parts.tolist(), strict=True)]


def _numbers(scalars: list[Tensor]) -> list[float]:
    """Return the values of scalars, several of them in one reading."""
    if len(scalars) == 1:
        return [float(scalars[0])]
    values: list[float] = torch.stack(scalars).tolist() if scalars else []
    return values
