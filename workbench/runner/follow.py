"""Follow a run from its events: any number of readers, from any moment, at the cost of what is new.

`Follower.poll` folds new events into an immutable `Snapshot`.  A resumed run repeats the epochs after its checkpoint;
the fold replaces what it repeats, so a snapshot always shows one straight history.  Of a run that trains several times
in its sections, a snapshot shows the training that the last events are of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.runner.course import Span
from workbench.runner.remaining import epochs_left, eta_text, others_left, seconds_of_epoch
from workbench.store.control import Requests
from workbench.store.events import Event
from workbench.store.run import RunFolder, RunState, RunStatus

MESSAGES_KEPT = 500
_FRAME = ("seq", "time", "kind", "section")
_OF_A_TRAINING = ("restored", "step", "epoch", "trained")


@dataclass(frozen=True, slots=True)
class Position:
    """Where training stands inside an epoch.

    Attributes
    ----------
    epoch
        The epoch under way, counted from 1.
    train_loss, grad_norm
        Means over the epoch so far.
    """

    step: int
    epoch: int
    epochs: int
    batch: int
    batches: int
    train_loss: float
    grad_norm: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Message:
    """A line for the log: when, how serious (``info``, ``warning``, ``error``), and what."""

    time: float
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a run at one moment.

    Attributes
    ----------
    state, reason
        Where it stands, and why it failed or was interrupted.
    section
        Which of the run's trainings epochs and position are of; empty where there is only one.
    before
        How many of its epochs are of an earlier life of the run, or were not seen from their beginning.
    batch_seconds
        Time of a batch of the epoch under way; 0 while unknown.
    patience
        Epochs without a better score after which the training stops; 0 where it never does.
    others
        How long the trainings after this one take; None where nothing tells.
    training, trainings
        Number of that training among the run's, counted from 1 (0 before the first), and how many there are to be
        (0 while unknown).
    epochs
        One row an epoch: ``epoch``, ``train_loss``, ``validation_loss`` and so on, ``seconds`` among them.
    position
        Inside the epoch under way, where known.
    data
        Numbers of clips and the classes, where known.
    ended
        Why the training came to its end; empty while it trains, or where that is not known.
    phase
        What is being done besides training: text, done, and total (0 where there is nothing to count).
    phase_left
        Estimate of the time that this still takes, in seconds; None while nothing of it was seen to be done.
    asked
        What was asked of the run and has not happened yet: command and time, the oldest first.
    messages
        The last lines of the log.
    seconds
        Time spent working so far, over all lives of the run; waiting is not counted.
    queue
        Runs that go before this one, while it waits.
    saved
        Time of the last checkpoint, 0 where there is none.
    """

    run_id: str
    part: str
    state: RunState
    reason: str = ""
    section: str = ""
    training: int = 0
    trainings: int = 0
    epochs: tuple[Mapping[str, Any], ...] = ()
    position: Position | None = None
    before: int = 0
    batch_seconds: float = 0.0
    patience: int = 0
    others: Span | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    ended: str = ""
    phase: tuple[str, int, int] | None = None
    phase_left: float | None = None
    asked: tuple[tuple[str, float], ...] = ()
    messages: tuple[Message, ...] = ()
    seconds: float = 0.0
    queue: int = 0
    saved: float = 0.0
    events: int = 0

    @property
    def epochs_total(self) -> int:
        """Epochs that the run is to have, 0 while unknown."""
        if self.position is not None:
            return self.position.epochs
        return int(self.epochs[-1].get("epochs", 0)) if self.epochs else 0

    @property
    def epoch(self) -> int:
        """The epoch that goes on, counted from 1; the last one that ended, where none goes on any more."""
        return min(len(self.epochs) + (1 if self.state.live and not self.ended else 0), self.epochs_total)

    @property
    def stopped_early(self) -> bool:
        """Whether the training came to its end before its last epoch."""
        over = bool(self.ended) or self.state is RunState.FINISHED
        return over and 0 < len(self.epochs) < self.epochs_total

    @property
    def trained(self) -> bool:
        """Whether the last of the run's trainings is over and the run goes on: what it does now is its `phase`."""
        return self.state.live and self._all_trained

    @property
    def _all_trained(self) -> bool:
        return bool(self.ended) and self.training >= self.trainings

    @property
    def phase_text(self) -> str:
        """What is being done besides training and how far it is, in words; empty where nothing is."""
        if self.phase is None:
            return ""
        text, done, total = self.phase
        return f"{text}: {done} of {total}" if total else text

    @property
    def progress(self) -> float:
        """Share of what the run trains that is done, 0 … 1; its trainings count alike, where their number is known."""
        if self.state is RunState.FINISHED:
            return 1.0
        if self.trainings < 2:
            return self._training_progress
        return (max(0, self.training - 1) + self._training_progress) / self.trainings

    @property
    def share(self) -> float | None:
        """The progress of a run that trains; None where it does not, or does something else by now."""
        return None if self._all_trained or not self.epochs_total else self.progress

    @property
    def training_word(self) -> str:
        """Which of several trainings is under way, in words: ``training 2 of 6``; empty where there is one."""
        if self.training and self.trainings > 1:
            return f"training {self.training} of {self.trainings}"
        return f"training {self.training}" if self.training > 1 else ""

    @property
    def _training_progress(self) -> float:
        """Share of the training under way that is done."""
        total = self.epochs_total
        if not total or self.ended:
            return 1.0 if self.ended else 0.0
        inside = 0.0
        if self.position is not None and self.position.epoch == len(self.epochs) + 1:
            inside = self.position.batch / max(1, self.position.batches)
        return min(1.0, (len(self.epochs) + inside) / total)

    @property
    def seconds_per_epoch(self) -> float | None:
        """Median time of an epoch in seconds: of all of them, or while the run goes on, of the last 20."""
        return seconds_of_epoch(self.epochs, live=self.state.live, before=self.before)

    @property
    def left(self) -> Span | None:
        """Estimate of the time that training, or what comes after it, still takes, in seconds.

        Its least is where a training stops as early as it can.  None where nothing tells, as while other trainings
        come that may take longer.
        """
        if self.trained:
            return None if self.phase_left is None else Span.exactly(self.phase_left)
        own, last = self.left_of_training, self.training >= self.trainings
        if own is None or last:
            return own
        return None if self.others is None else own + self.others

    @property
    def left_of_training(self) -> Span | None:
        """Estimate of the time that the training under way still takes, in seconds; None where nothing tells."""
        each, total = self.seconds_per_epoch, self.epochs_total
        if each is None and self.position is not None and self.batch_seconds:
            each = self.batch_seconds * self.position.batches
        if each is None or not self.state.live:
            return None
        inside = self._training_progress * total - len(self.epochs)
        epochs = Span.exactly(0.0) if self.ended else epochs_left(self.epochs, total, inside, self.patience)
        return epochs * each

    @property
    def seconds_left(self) -> float | None:
        """The likely one of `left`: a training that can stop early is taken to go on to its last epoch."""
        return None if self.left is None else self.left.likely

    @property
    def eta(self) -> str:
        """What is left in words; empty where nothing tells, and while the run is paused."""
        return "" if self.state is RunState.PAUSED else eta_text(self.left)


class Follower:
    """Reads a run's events as they come.

    Parameters
    ----------
    run
        The run; it may not have started yet, and may end or be resumed while it is followed.
    """

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._reader = run.reader()
        self._section = ""
        self._trainings: dict[str, list[Mapping[str, Any]]] = {"": []}
        self._begun: list[str] = []
        self._before: dict[str, int] = {}
        self._pace_from: tuple[str, int, int, float] = ("", 0, 0, 0.0)
        self._announced = 0
        self._messages: list[Message] = []
        self._life_began = 0.0
        self._paused_at = self._paused = 0.0
        self._phase = ""
        self._phase_from = ("", 0.0, 0)
        self._requests = Requests(run.path)
        self._answered: set[int] = set()
        self._stopping: tuple[tuple[str, float], ...] = ()
        given = run.record.get("parameters", {})
        self._seeds = int(given.get("seeds", 1))
        patience = int(given.get("patience", 0))
        self._snapshot = Snapshot(run.id, str(run.record.get("part", "")), RunState.WAITING, patience=patience)

    @property
    def snapshot(self) -> Snapshot:
        """The last snapshot."""
        return self._snapshot

    def poll(self) -> Snapshot | None:
        """Return a new snapshot, or None when nothing has changed."""
        status = self.run.status()
        events = self._reader.poll()
        snapshot = self._snapshot
        changed: dict[str, Any] = {"seconds": snapshot.seconds} if events else {}
        # Of the many positions inside an epoch only the last is shown; folding the others would cost for nothing.
        last_step = next((event for event in reversed(events) if event["kind"] == "step"), None)
        for event in events:
            if event["kind"] == "step":
                self._begin_pace(event)
            if event["kind"] != "step" or event is last_step:
                self._fold(event, changed)
        if events:
            changed["events"] = snapshot.events + len(events)
            changed["section"] = self._section
            if self._begun:
                changed["training"] = self._begun.index(self._section) + 1
            changed["trainings"] = max(self._announced, len(self._begun)) if self._announced else 0
            changed["epochs"] = tuple(self._trainings[self._section])
            changed["before"] = self._before.get(self._section, 0)
            if self._begun and self._announced > len(self._begun):
                changed["others"] = others_left(self._trainings, self._begun, self._announced, self._seeds)
            changed["messages"] = tuple(self._messages)
        if RunStatus(snapshot.state, snapshot.reason) != status:
            changed["state"], changed["reason"] = status.state, status.reason
        asked = self._open_requests() if status.state.live else ()
        if asked != snapshot.asked:
            changed["asked"] = asked
        if not changed:
            return None
        self._snapshot = replace(snapshot, **changed)
        return self._snapshot

    def _open_requests(self) -> tuple[tuple[str, float], ...]:
        """Return what was asked and not answered, and a stop that was answered, until the run has left."""
        waiting = (one for one in self._requests.look() if one["id"] not in self._answered)
        return (*self._stopping, *((str(one["command"]), float(one.get("time", 0.0))) for one in waiting))

    def _fold(self, event: Event, changes: dict[str, Any]) -> None:
        """Put what an event changes into `changes`."""
        kind, when = str(event["kind"]), float(event["time"])
        section = str(event.get("section", ""))
        if kind in _OF_A_TRAINING and section != self._section:
            self._section = section
            changes.update(position=None, ended="")
        epochs = self._trainings.setdefault(self._section, [])
        if kind in _OF_A_TRAINING and section not in self._begun:
            self._begun.append(section)
        if kind in ("started", "resumed"):
            self._life_began, self._paused_at = when - changes["seconds"], 0.0
            self._stopping, self._phase_from, self._pace_from = (), ("", 0.0, 0), ("", 0, 0, 0.0)
            changes.update(phase=None, phase_left=None, queue=0)
        elif self._life_began and kind not in ("queued", "left"):
            # What is told while it is paused, and that it goes on, comes after work that ended with the pause.
            worked = min(when, self._paused_at or when) - self._life_began
            changes["seconds"] = max(changes["seconds"], worked)
        if kind == "step":
            changes["position"] = Position(**{name: event[name] for name in Position.__dataclass_fields__})
            changes.update(phase=None, phase_left=None, ended="", batch_seconds=self._pace(event))
        elif kind == "restored":
            changes["ended"] = ""
            self._before[section] = int(event["epoch"]) + (1 if event.get("batch") else 0)
        elif kind == "epoch":
            del epochs[int(event["epoch"]) - 1 :]
            if "seconds" in event:
                event = {**event, "seconds": max(0.0, event["seconds"] - self._paused)}
            epochs.append({k: v for k, v in event.items() if k not in _FRAME})
            self._paused = 0.0
            changes.update(phase=None, phase_left=None, ended="")
        elif kind == "trained":
            changes.update(phase=None, phase_left=None, position=None, ended=str(event["ended"]))
        elif kind == "acknowledged":
            self._note_answer(event, when)
        elif kind == "queued":
            changes["queue"] = int(event["before"])
        elif kind == "trainings" and not section:  # a section tells of its own share
            self._announced = int(event["total"])
        elif kind == "data":
            changes["data"] = {k: v for k, v in event.items() if k not in _FRAME}
        elif kind == "packing":
            place = f"packing {event['folder']}/{event['split']}"
            changes.update(self._of_phase(place, int(event["done"]), int(event["total"]), when))
        elif kind == "phase":
            changes.update(self._of_phase(str(event["text"]), int(event["done"]), int(event["total"]), when))
        elif kind == "checkpoint":
            changes["saved"] = when
        elif kind == "paused":
            self._paused_at = when
        elif kind == "continued" and self._paused_at:
            self._paused += when - self._paused_at
            self._life_began += when - self._paused_at
            self._paused_at = 0.0
            self._phase_from, self._pace_from = ("", 0.0, 0), ("", 0, 0, 0.0)
        text = describe(event)
        if kind in ("packing", "phase") and changes["phase"][0] != self._phase:
            self._phase = changes["phase"][0]
            total = changes["phase"][2]
            text = f"{self._phase} ({total})" if total else self._phase
        if text is not None:
            level = "warning" if kind in ("warning", "left") else "error" if kind == "failed" else "info"
            self._messages.append(Message(when, level, text))
            del self._messages[:-MESSAGES_KEPT]

    def _begin_pace(self, event: Event) -> None:
        """Note the first batch that was seen of an epoch."""
        if self._pace_from[:2] != (str(event.get("section", "")), int(event["epoch"])):
            where = str(event.get("section", "")), int(event["epoch"])
            self._pace_from = (*where, int(event["batch"]), float(event["time"]))

    def _pace(self, event: Event) -> float:
        """Return the seconds of a batch of the epoch under way, 0 while only one was seen."""
        _, _, batch, when = self._pace_from
        done = int(event["batch"]) - batch
        return (float(event["time"]) - when) / done if done > 0 else 0.0

    def _note_answer(self, event: Event, when: float) -> None:
        number = event.get("request")
        if isinstance(number, int):
            self._answered.add(number)
        if event["command"] == "stop" and not event.get("finishing"):
            self._stopping = (("stop", when),)

    def _of_phase(self, text: str, done: int, total: int, when: float) -> dict[str, Any]:
        """Return what an event of a phase changes: how far it is, and how long it still takes at its pace so far."""
        began, first = self._phase_from[1:]
        if text != self._phase_from[0] or done < first:
            self._phase_from, began, first = (text, when, done), when, done
        left = (when - began) * (total - done) / (done - first) if done > first else None
        return {"phase": (text, done, total), "phase_left": left}


def describe(event: Event) -> str | None:
    """Return an event as a line of the log, or None for one that has no line of its own."""
    kind = event["kind"]
    if kind == "started":
        return f"started on {event['device']}"
    if kind == "resumed":
        changed = event.get("differences") or []
        return f"resumed, not bit-identical: {'; '.join(changed)}" if changed else "resumed"
    if kind == "restored":
        return f"taken up at epoch {int(event['epoch']) + 1}, step {event['step']}"
    if kind == "trained":
        section = f"{event['section']}  " if event.get("section") else ""
        return f"{section}training ended after epoch {event['epoch']} of {event['epochs']}: {event['ended']}"
    if kind == "queued":
        return f"waiting for the device, {event['before']} before this run"
    if kind == "data":
        return f"{event['train']} training, {event['validation']} validation, {event['test']} test clips"
    if kind == "arithmetic":
        return f"computes in {event['precision']} with {event['threads']} thread{'s' if event['threads'] != 1 else ''}"
    if kind == "epoch":
        return _describe_epoch(event)
    if kind == "uses":
        return f"takes the model of {event['part']} (run {event['run']})"
    if kind == "acknowledged":
        value = "" if event.get("value") is None else f" {event['value']}"
        return f"asked: {event['command']}{value}"
    if kind in ("paused", "continued"):
        return str(kind)
    if kind == "warning":
        return str(event["text"])
    if kind in ("left", "failed"):
        return f"{kind}: {event['reason']}"
    if kind == "finished":
        return "finished"
    return None


def _describe_epoch(event: Event) -> str:
    names = {
        "train_loss": "loss",
        "validation_loss": "val loss",
        "validation_accuracy": "val acc",
        "validation_macro_f1": "val macro-F1",
        "validation_spearman": "val Spearman",
    }
    parts = [event["section"]] if event.get("section") else []
    parts.append(f"epoch {event['epoch']}/{event['epochs']}")
    parts += [f"{title} {_four(event[name])}" for name, title in names.items() if event.get(name) is not None]
    if "seconds" in event:
        parts.append(f"{float(event['seconds']):.1f} s")
    if event.get("best_epoch") == event["epoch"]:
        parts.append("best")
    return "  ".join(parts)


def _four(value: float) -> str:
    """Return a loss or a score with four digits, and of a tiny loss that it is not 0, in as many letters."""
    return "<.0001" if 0 < value < 5e-5 else f"{value:.4f}"
