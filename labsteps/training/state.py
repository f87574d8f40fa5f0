"""Where a training run stands, and how that is written to a checkpoint and read back.

Randomness is stateless (each choice follows from seed, epoch and step), so the position and the sums of the epoch
under way are all there is to keep beside weights and optimizer.  A checkpoint holds everything that a resumed run
needs, the best weights too: a damaged one never breaks another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from labsteps.context import Context, SavedState

MODEL_FILE, OPTIMIZER_FILE, BEST_FILE = "model.safetensors", "optimizer.safetensors", "best.safetensors"
_TASK = "task/"  # what the names of a task's own parameters begin with in the files


@dataclass(frozen=True, slots=True)
class Learner:
    """All that learns, with its optimizer.

    Attributes
    ----------
    model
        The model.
    task
        Parameters of the task itself, by name; often none.
    """

    model: nn.Module
    task: Mapping[str, nn.Parameter]
    optimizer: torch.optim.Optimizer

    def parameters(self) -> dict[str, nn.Parameter]:
        """Return every parameter by the name that it has in a checkpoint."""
        return {**dict(self.model.named_parameters()), **{f"{_TASK}{name}": p for name, p in self.task.items()}}

    def weights(self) -> dict[str, Tensor]:
        """Return copies of all weights, the task's too."""
        task = {f"{_TASK}{name}": parameter.detach().to("cpu", copy=True) for name, parameter in self.task.items()}
        return {**plain_weights(self.model), **task}

    def load(self, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Take over what `weights` gave, and return the model's part of it.

        Raises
        ------
        KeyError, RuntimeError
            If a weight is missing or has another shape.
        """
        own = {name: tensor for name, tensor in weights.items() if not name.startswith(_TASK)}
        self.model.load_state_dict(own)
        with torch.no_grad():
            for name, parameter in self.task.items():
                parameter.copy_(weights[f"{_TASK}{name}"])
        return own


@dataclass
class TrainState:
    """Position, sums of the epoch under way, history, and early-stopping state.

    Attributes
    ----------
    step
        Optimizer steps done.
    epoch, batch
        Epochs completed, and batches of the next one that are done.
    epochs, learning_rate
        Targets of the run, which the user may change while it lives.
    loss_sum, grad_norm_sum, correct, clips, part_sums
        Sums over the batches of the epoch under way; the last one of each loss that the loss is a sum of.
    history
        One row an epoch: plain numbers, no times, so that a resumed run repeats it byte for byte.
    best_score, best_epoch, best_step
        The monitored score at its best, and where it was reached; epoch 0 means not yet.
    bad_epochs
        Epochs since then.
    ended
        Why training is over, empty while it is not.
    """

    epochs: int
    learning_rate: float
    step: int = 0
    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    grad_norm_sum: float = 0.0
    correct: int = 0
    clips: int = 0
    part_sums: list[float] = field(default_factory=list)
    history: list[dict[str, float | int | None]] = field(default_factory=list)
    best_score: float | None = None
    best_epoch: int = 0
    best_step: int = 0
    bad_epochs: int = 0
    ended: str = ""

    @property
    def best_row(self) -> Mapping[str, float | int | None]:
        """What was measured at the epoch whose weights are kept: the best one, or the last where none was best."""
        return self.history[self.best_epoch - 1] if self.best_epoch else self.history[-1]

    def told_history(self) -> list[dict[str, float | int | None]]:
        """Return what was told at the end of every epoch, but for its time, and which was best before the best came."""
        return [
            {**row, "epochs": self.epochs, "best_epoch": self.best_epoch if number >= self.best_epoch else None}
            for number, row in enumerate(self.history, 1)
        ]

    def start_epoch(self) -> None:
        """Clear the sums."""
        self.batch, self.loss_sum, self.grad_norm_sum, self.correct, self.clips = 0, 0.0, 0.0, 0, 0
        self.part_sums = []

    def to_json(self) -> bytes:
        """Return the state as JSON; floats come back to the last bit."""
        return (json.dumps(asdict(self)) + "\n").encode()

    @classmethod
    def from_info(cls, info: Mapping[str, Any]) -> TrainState:
        """Return the state stored with a checkpoint.

        Raises
        ------
        ValueError
            If a field is missing.
        """
        stored = info.get("state", {})
        missing = [f.name for f in fields(cls) if f.name not in stored]
        if missing:
            raise ValueError(f"its state lacks {', '.join(missing)}")
        return cls(**{f.name: stored[f.name] for f in fields(cls)})


def save(
    context: Context,
    learner: Learner,
    state: TrainState,
    best: Mapping[str, Tensor],
    arithmetic: Mapping[str, Any],
) -> None:
    """Write a checkpoint of this moment."""

    def write(folder: Path) -> None:
        save_file(learner.weights(), folder / MODEL_FILE)
        save_file(_optimizer_tensors(learner), folder / OPTIMIZER_FILE)
        if best and state.best_step != state.step:
            save_file(dict(best), folder / BEST_FILE)

    info: dict[str, Any] = {"state": asdict(state), "arithmetic": dict(arithmetic)}
    context.profile.of = state.step
    if context.profile.seconds:
        info["profile"] = context.profile.to_json()
    context.save_state(state.step, write, info)


def load(context: Context, learner: Learner) -> tuple[TrainState, dict[str, Tensor]] | None:
    """Bring all that learns to the newest usable checkpoint; return its state and the model's best weights.

    A checkpoint that does not fit the model is passed over like a damaged one, with its reason in an event.
    """
    loaded: list[tuple[TrainState, dict[str, Tensor]]] = []

    def use(saved: SavedState) -> None:
        try:
            state = TrainState.from_info(saved.info)
            weights = learner.load(load_file(saved.folder / MODEL_FILE))
            _load_optimizer(learner, load_file(saved.folder / OPTIMIZER_FILE))
            best: dict[str, Tensor] = {}
            if state.best_epoch:
                best = weights if state.best_step == state.step else load_file(saved.folder / BEST_FILE)
        except (SafetensorError, OSError, RuntimeError, KeyError, TypeError) as error:
            raise ValueError(str(error).splitlines()[0]) from error
        loaded.append((state, best))

    saved = context.load_state(use)
    if saved is None or not loaded:
        return None
    if "profile" in saved.info:
        context.profile.restore(saved.info["profile"])
    return loaded[-1]


def plain_weights(model: nn.Module) -> dict[str, Tensor]:
    """Return the state dict as contiguous tensors on the CPU, independent of the live ones."""
    return {
        name: tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        for name, tensor in model.state_dict().items()
    }


def _optimizer_tensors(learner: Learner) -> dict[str, Tensor]:
    tensors = {}
    for name, parameter in learner.parameters().items():
        for key, value in learner.optimizer.state.get(parameter, {}).items():
            tensors[f"{name}:{key}"] = value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
    return tensors


def _load_optimizer(learner: Learner, tensors: Mapping[str, Tensor]) -> None:
    optimizer = learner.optimizer
    names = {id(parameter): name for name, parameter in learner.parameters().items()}
    state: dict[int, dict[str, Tensor]] = {}
    number = 0
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            prefix = f"{names[id(parameter)]}:"
            entries = {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}
            if entries:
                state[number] = entries
            number += 1
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
