"""The one training function: classification, regression and multitask, with exact resume.

Everything random follows from (seed, epoch) or (seed, step), so a run that is killed and taken up again repeats the
uninterrupted one bit for bit on the same machine.  The loop emits events and obeys requests through its context; it
knows no screen.

References
----------
Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW), and "SGDR", ICLR 2017 (cosine).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice

import numpy as np
import torch
from torch import Tensor, nn

from labsteps.abilities import check_accumulation
from labsteps.context import Context
from labsteps.errors import StopRequestedError
from labsteps.profile import BACKWARD, DATA, EVALUATION, FORWARD, LOOP, OPTIMIZER
from labsteps.training import state as checkpoint
from labsteps.training.feed import Batches, Examples, Planned, Three
from labsteps.training.inference import evaluate
from labsteps.training.losses import Task
from labsteps.training.optimizer import AdamW
from labsteps.training.precision import Arithmetic
from labsteps.training.state import Learner, TrainState
from labsteps.training.sums import StepSums
from labsteps.training.tracing import Tracer, settle_on
from labsteps.training.tuning import FULL, Unfreezing, parameter_groups

EVENT_SECONDS = 1.0
CHECKPOINT_SHARE = 0.03
WARMUP_SHARE = 0.05
FINAL_SHARE = 0.01
TASK_RATE = 10.0  # on the learning rate of a task's own parameters, which have few steps to follow the losses


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes
    ----------
    patience
        Epochs without a better score before stopping; 0 never stops early.
    crop_frames
        Frames of a random crop of each clip; 0 takes whole clips.
    clip_norm
        Largest norm of the gradient; longer ones are scaled down to it.
    checkpoint_seconds
        Time between checkpoints inside an epoch; lengthened when writing one takes long.  0 saves after every batch.
    target_loss
        With ``overfit_batch``: stop when the mean training loss of an epoch is below this.
    overfit_batches
        With ``overfit_batch``: how many batches.
    backbone, unfreeze_every
        What of the model's backbone learns in which epoch; see `labsteps.training.tuning.Unfreezing`.
    backbone_rate
        Factor on the learning rate of the backbone.
    bucketing
        Whether clips of like length come together in a batch, which saves padding.
    accumulate
        Batches whose gradients make one step of the optimizer, as one batch of all their clips would; but batch
        normalisation and a loss that is no mean over clips (ccc) see each batch alone.
    fused
        Whether one kernel updates a whole weight in the optimizer, in place of one for each of its operations.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    weight_decay: float = 1e-4
    patience: int = 0
    crop_frames: int = 0
    clip_norm: float = 5.0
    checkpoint_seconds: float = 30.0
    target_loss: float = 0.05
    overfit_batches: int = 3
    backbone: str = "full"
    unfreeze_every: int = 1
    backbone_rate: float = 1.0
    bucketing: bool = True
    accumulate: int = 1
    fused: bool = True


@dataclass(frozen=True, slots=True)
class Trained:
    """What training left: the state at its end and the weights of the best epoch (in the model too)."""

    state: TrainState
    best: Mapping[str, Tensor]


def train(
    model: nn.Module,
    task: Task,
    train_set: Examples,
    validation_set: Examples | None,
    settings: Settings,
    arithmetic: Arithmetic,
    context: Context,
    *,
    overfit_batch: bool = False,
    each_epoch: Callable[[int, Mapping[str, Tensor]], None] | None = None,
) -> Trained:
    """Train `model`, and leave the weights of its best epoch in it.

    Parameters
    ----------
    model
        Maps (B, T, F) features and (B,) lengths to (B, outputs).
    task
        Loss, scores, and the score that picks the best epoch on the validation set.
    train_set, validation_set
        The validation set stops training early and picks the best epoch; it is never trained on.
    settings, arithmetic
        How to train and compute.
    context
        Where events, checkpoints and requests go.
    overfit_batch
        Train on a few batches only, the same crops each time, until the loss is below ``settings.target_loss``.
        A network that cannot do that has a bug.  No validation, no early stopping, constant learning rate.
    each_epoch
        Called after each epoch with its number, from 1, and the weights; an epoch that a resumed run repeats is told
        again, with the same weights.

    Returns
    -------
    Trained
        History and best weights.

    Raises
    ------
    ParameterError
        If gradients are to be added up in a way that the compiler's has no room for.
    TrainingError
        If the loss is not finite.
    StopRequestedError
        After a stop was asked for and the state is saved.
    """
    training = _Training(model, task, train_set, validation_set, settings, arithmetic, context, overfit_batch)
    training.each_epoch = each_epoch
    return training.run()


class _Training:
    """The parts of one call of `train` that belong together."""

    def __init__(
        self,
        model: nn.Module,
        task: Task,
        train_set: Examples,
        validation_set: Examples | None,
        settings: Settings,
        arithmetic: Arithmetic,
        context: Context,
        overfit_batch: bool,
    ) -> None:
        check_accumulation(settings.accumulate, arithmetic.compile)
        self.model = model.to(context.device)
        self.task, self.settings, self.arithmetic, self.context = task, settings, arithmetic, context
        self.overfit_batch = overfit_batch
        self.feed = train_set.feed(context.device)
        self.validation_set = None if overfit_batch else validation_set
        self.unfreezing = Unfreezing(self.model, settings.backbone, settings.unfreeze_every)
        groups = parameter_groups(self.model, settings.backbone_rate)
        for parameter in task.learnt.values():
            parameter.data = parameter.data.to(context.device)
        if task.learnt:
            groups.append({"params": list(task.learnt.values()), "factor": TASK_RATE, "weight_decay": 0.0})
        self.optimizer = AdamW(
            groups, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=settings.fused
        )
        self.learner = Learner(self.model, task.learnt, self.optimizer)
        self.weights = list(self.model.parameters())
        self.forward: Callable[[Tensor, Tensor | None], Tensor] = arithmetic.compiled(self.model)
        self.profile, self.tracer = context.profile, Tracer(context)
        self.state = TrainState(epochs=settings.epochs, learning_rate=settings.learning_rate)
        self.sums = StepSums(self.state, at_once=context.device == "cpu")
        self.best: dict[str, Tensor] = {}
        self.each_epoch: Callable[[int, Mapping[str, Tensor]], None] | None = None
        self.saved_at = self.told_at = time.monotonic()
        self.save_cost = 0.0

    def run(self) -> Trained:
        self.arithmetic.apply(self.model)
        restored = checkpoint.load(self.context, self.learner)
        if restored is not None:
            self.state, self.best = restored
            self.sums = StepSums(self.state, at_once=self.context.device == "cpu")
            state = self.state
            self.context.emit(
                "restored", step=state.step, epoch=state.epoch, batch=state.batch, history=state.told_history()
            )
        self.profile.settle = partial(settle_on, self.context.device)
        try:
            while not self.state.ended:
                with self.profile.span(LOOP):
                    self._epoch()
        finally:
            self.profile.of = self.state.step
            self.tracer.close()
        self.context.emit("trained", epoch=self.state.epoch, epochs=self.state.epochs, ended=self.state.ended)
        self.unfreezing.finish()
        if self.best:
            self.model.load_state_dict(self.best)
        return Trained(self.state, self.best or checkpoint.plain_weights(self.model))

    def _epoch(self) -> None:
        state, started = self.state, time.monotonic()
        plan = self._plan(state.epoch)
        self.unfreezing.start_epoch(state.epoch)
        with (
            closing(self.profile.over(DATA, self.feed.batches(plan[state.batch :]))) as coming,
            self.tracer.steps_only(),
        ):
            while state.batch < len(plan):
                self._obey()
                self.tracer.before_step()
                self._step(coming, plan)
                self.tracer.after_step()
                self._tell(len(plan))
                self._save_if_due()
        row = self._end_of_epoch(len(plan))
        if self.each_epoch is not None:
            self.each_epoch(state.epoch, checkpoint.plain_weights(self.model))
        self.context.emit("epoch", **row, seconds=round(time.monotonic() - started, 3), epochs=state.epochs)
        self._save_if_due(at_epoch_end=True)

    def _plan(self, epoch: int) -> list[Planned]:
        """Return the batches of an epoch, a pure function of the seed and the epoch."""
        return by_heart(self.feed, self.settings) if self.overfit_batch else planned(self.feed, self.settings, epoch)

    def _step(self, coming: Iterator[Three], plan: Sequence[Planned]) -> None:
        """Take one step of the optimizer, by the mean loss over the clips of the batches that make it.

        A batch is used up before the next one comes: both may lie in the same memory.
        """
        state = self.state
        batches = plan[state.batch : state.batch + self.settings.accumulate]
        clips = sum(len(batch.positions) for batch in batches)
        # Dropout draws from torch's generator; seeding it by the step keeps a resumed run on the same draws.
        seed_torch(step_seed(self.settings.seed, state.step), self.context.device)
        for group in self.optimizer.param_groups:
            group["lr"] = group["factor"] * self._learning_rate(state.batch, len(plan))
        self.optimizer.zero_grad(set_to_none=True)
        self.sums.begin_step()
        for x, lengths, targets in islice(coming, len(batches)):
            with self.profile.span(FORWARD):
                with self.arithmetic.autocast(self.context.device):
                    outputs = self.forward(x, lengths)
                loss = self.task.loss(outputs.float(), targets)
            with self.profile.span(BACKWARD):
                (loss if len(batches) == 1 else loss * (len(targets) / clips)).backward()
            said = outputs.detach().float()
            self.sums.add_batch(
                loss.detach(), self.task.correct(said, targets), self.task.losses(said, targets), len(targets)
            )
        with self.profile.span(OPTIMIZER):
            self.sums.end_step(nn.utils.clip_grad_norm_(self.weights, self.settings.clip_norm, foreach=True))
            self.optimizer.step()
        state.step += 1
        state.batch += len(batches)
        self.profile.count_step()

    def _learning_rate(self, batch: int, batches: int) -> float:
        """Warm-up, then half a cosine down; a pure function of the position."""
        state = self.state
        if self.overfit_batch:
            return state.learning_rate
        done = (state.epoch + batch / batches) / state.epochs
        if done < WARMUP_SHARE:
            first = 1.0 / (batches * state.epochs * WARMUP_SHARE + 1.0)
            return state.learning_rate * max(first, done / WARMUP_SHARE)
        along = min(1.0, (done - WARMUP_SHARE) / (1.0 - WARMUP_SHARE))
        return state.learning_rate * (FINAL_SHARE + (1 - FINAL_SHARE) * 0.5 * (1.0 + math.cos(math.pi * along)))

    def _end_of_epoch(self, batches: int) -> dict[str, float | int | None]:
        """Validate, write the history row, and decide whether to go on."""
        state = self.state
        self.sums.collect()
        row: dict[str, float | int | None] = {
            "epoch": state.epoch + 1,
            "step": state.step,
            "train_loss": state.loss_sum / state.clips,
            "grad_norm": state.grad_norm_sum / state.clips,
            "learning_rate": self._learning_rate(batches - 1, batches),
        }
        if self.task.counts_correct:
            row["train_accuracy"] = state.correct / state.clips
        row.update({f"train_loss/{p}": s / state.clips for p, s in zip(self.task.parts, state.part_sums, strict=True)})
        row.update(self.task.told())
        if self.unfreezing.mode != FULL:
            row["learning_layers"] = self.unfreezing.learning(state.epoch)
        if self.validation_set is not None:
            # With the scores, whose libraries are imported when the first ones are computed.
            with self.profile.span(EVALUATION):
                row.update(self._validate(self.validation_set))
        state.epoch += 1
        state.history.append(row)
        self._judge(row)
        state.start_epoch()
        return {**row, "best_epoch": state.best_epoch}

    def _validate(self, clips: Examples) -> dict[str, float | None]:
        outputs = evaluate(self.model, clips, self.arithmetic, self.context, obey=self._obey)
        said, true = (torch.from_numpy(x).to(self.context.device) for x in (outputs, clips.targets))
        with torch.no_grad():
            loss, each = self.task.loss(said, true), self.task.losses(said, true).tolist()
        scores = self.task.scores(outputs, clips.targets)
        parts = {f"validation_loss/{part}": one for part, one in zip(self.task.parts, each, strict=True)}
        return {"validation_loss": float(loss), **parts, **{f"validation_{name}": v for name, v in scores.items()}}

    def _judge(self, row: Mapping[str, float | int | None]) -> None:
        """Keep the best weights, and end the run when it is time."""
        state, settings = self.state, self.settings
        if self.validation_set is not None:
            score = row.get(f"validation_{self.task.monitor}")
            if score is not None and self._is_better(float(score)):
                state.best_score, state.best_epoch, state.best_step = float(score), state.epoch, state.step
                state.bad_epochs = 0
                self.best = checkpoint.plain_weights(self.model)
            else:
                state.bad_epochs += 1
        train_loss = row["train_loss"]
        assert train_loss is not None
        if self.overfit_batch and train_loss < settings.target_loss:
            state.ended = "target loss reached"
        elif (
            settings.patience and min(state.bad_epochs, state.epoch - self.unfreezing.last_change) >= settings.patience
        ):
            state.ended = f"no better {self.task.monitor_title} on the validation set for {state.bad_epochs} epochs"
        elif state.epoch >= state.epochs:
            state.ended = "all epochs done"

    def _is_better(self, score: float) -> bool:
        best = self.state.best_score
        return best is None or (score > best if self.task.higher_is_better else score < best)

    def _obey(self) -> None:
        """Do what the user asked of the live run; save and leave when it is to stop."""
        while asked := self.context.requests():
            for request in asked:
                value = self._change(request["command"], request.get("value"))
                # What was acknowledged must not be undone by a kill, so the changed state is saved first.
                self._save()
                self.context.emit(
                    "acknowledged",
                    request=request["id"],
                    command=request["command"],
                    value=value,
                    asked=request.get("value"),
                    step=self.state.step,
                )
        if self.context.stop_requested():
            self.tracer.close()  # a checkpoint remembers a trace that is written
            self._save()
            raise StopRequestedError

    def _change(self, command: str, value: float | None) -> float | None:
        """Take over a changed setting and return it as it is now; epochs that are past cannot be taken back."""
        if command == "learning_rate" and value is not None:
            self.state.learning_rate = float(value)
            return self.state.learning_rate
        if command == "epochs" and value is not None:
            self.state.epochs = max(int(value), self.state.epoch + 1)
            return self.state.epochs
        return None

    def _tell(self, batches: int) -> None:
        now = time.monotonic()
        if now - self.told_at >= EVENT_SECONDS:
            self.told_at = now
            self.sums.collect()
            state = self.state
            self.context.emit(
                "step",
                step=state.step,
                epoch=state.epoch + 1,
                epochs=state.epochs,
                batch=state.batch,
                batches=batches,
                train_loss=state.loss_sum / state.clips,
                grad_norm=state.grad_norm_sum / state.clips,
                learning_rate=self.optimizer.param_groups[0]["lr"],
            )

    def _save_if_due(self, *, at_epoch_end: bool = False) -> None:
        """Save by time and at the end of an epoch, but spend no more than `CHECKPOINT_SHARE` on it."""
        shortest = self.save_cost / CHECKPOINT_SHARE if self.settings.checkpoint_seconds else 0.0
        due = shortest if at_epoch_end else max(self.settings.checkpoint_seconds, shortest)
        if time.monotonic() - self.saved_at >= due or self.state.ended:
            self._save()

    def _save(self) -> None:
        start = time.monotonic()
        self.sums.collect()
        checkpoint.save(self.context, self.learner, self.state, self.best, asdict(self.arithmetic))
        self.saved_at = time.monotonic()
        self.save_cost = self.saved_at - start
        self.context.emit("checkpoint", step=self.state.step, seconds=round(self.save_cost, 4))


def planned(feed: Batches, settings: Settings, epoch: int) -> list[Planned]:
    """Return the batches of an epoch, counted from 0."""
    return feed.plan(settings.batch_size, settings.crop_frames, settings.seed, epoch, bucketing=settings.bucketing)


def by_heart(feed: Batches, settings: Settings) -> list[Planned]:
    """Return the batches that ``overfit_batch`` trains on, the same in every epoch."""
    return planned(feed, settings, 0)[: settings.overfit_batches]


def seed_torch(seed: int, device: str) -> None:
    """Seed torch's generators of the CPU and of `device`; `torch.manual_seed` asks every kind of device there is."""
    torch.default_generator.manual_seed(seed)
    if device.startswith("cuda"):
        with torch.cuda.device(device):
            torch.cuda.manual_seed(seed)


def step_seed(seed: int, step: int, rank: int = 0) -> int:
    """Return the seed of all that is random in one step: a 63-bit mix of its arguments."""
    return int(np.random.SeedSequence((seed, step, rank)).generate_state(1, np.uint64)[0] >> np.uint64(1))
