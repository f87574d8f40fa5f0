"""The run of a part: its curves while they grow, its progress, and what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.binding import BindingType

from labsteps.greek import figure_in
from labsteps.results import Curve
from workbench.plots.run_curves import (
    LOSSES,
    is_score,
    loss_figure,
    score_figure,
    score_title,
    smoothed,
    task_loss_figure,
    training_figure,
)
from workbench.plots.window import WHOLE, closest, extent
from workbench.runner.coming import begins_told, lacks_others
from workbench.runner.estimate import Estimate
from workbench.runner.follow import Message as RunMessage
from workbench.runner.follow import Snapshot
from workbench.runner.remaining import eta_text
from workbench.store.run import RunState
from workbench.tui.keys import ALONG, NEXT, RUN, SIDEWAYS, ZOOM, bindings
from workbench.tui.look import Look
from workbench.tui.nexts import TAKES_UP, Next
from workbench.tui.owner import app_of
from workbench.tui.views import LabView
from workbench.tui.waiting import asked_text
from workbench.tui.widgets.lines import LinesView, as_lines, beside, packed, paragraph
from workbench.wording import ago, duration, number

_SIDE_BY_SIDE: Final = 96
_MESSAGES: Final = 3
# A title, a legend of two lines and the axes leave six rows of it to the curves; messages are in the log too.
_TALL: Final = 12
# Numbers of an epoch, beside which the figures' legends are long.
_MANY_NUMBERS: Final = 14
_BAR, _LEAST_BAR = 24, 8
KINDS: Final = {
    "loss": "loss",
    "scores": "scores",
    "task_losses": "axis losses",
    "learning_rate": "rate curve",
    "grad_norm": "gradient",
    "seconds": "epoch time",
}


class RunView(LinesView):
    """Shows a run; curves are drawn anew at most twice a second, and only when there is something new."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(NEXT, ZOOM, RUN, ALONG, SIDEWAYS)
    HELP = "The run: curves over the epochs, where it stands, and its last messages. It goes on without this screen."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = LabView()
        self._problem = ""
        self._kind = "loss"
        self._smooth = self._log = False
        self._window, self._closest = WHOLE, 1.0
        self._ends, self._of_curve = (0.0, 0.0), ("", "")
        self._drawn: tuple[object, Text] = (None, Text())
        self._drawn_at = 0.0
        self._idle = "Nothing has run here yet."
        self._next = Next.NOTHING

    def show(self, view: LabView, problem: str, idle: str, enter: Next) -> None:
        """Show a picture of the session.

        Parameters
        ----------
        view
            The picture.
        problem
            Why the last try to start failed, or empty.
        idle
            What to press where nothing has run.
        enter
            What the enter key does.
        """
        offered, old, self._view = self._offered, self._view, view
        if (enter, self._offered) != (self._next, offered):
            self._next = enter
            if self.has_focus:
                self.refresh_bindings()
        if (old.snapshot, old.selected, self._problem, self._idle) != (view.snapshot, view.selected, problem, idle):
            self._problem, self._idle = problem, idle
            self.relay()

    def tick(self) -> None:
        """Bring the ages up to date while the run goes on."""
        if self._view.snapshot is not None and self._view.snapshot.state.live:
            self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return curves, progress and messages, for the height that there is."""
        look, snapshot = self.look, self._view.snapshot
        lines = paragraph(look, self._problem, width, look.bad) if self._problem else []
        if snapshot is None:
            return [*lines, *paragraph(look, self._idle, width, look.quiet)]
        foresight = app_of(self).foresight
        counted, rests = foresight.counted(snapshot)
        begins = begins_told(foresight.beginning(snapshot), app_of(self).clock())
        ahead = [*coming_told(counted, rests), *([begins] if begins else [])]
        lines += status_lines(counted, look, width, app_of(self).clock, ahead)
        if snapshot.state in (RunState.INTERRUPTED, RunState.FAILED) and self._view.finished(snapshot.part):
            lines += paragraph(look, "The part is finished by another run; 4 shows its result.", width, look.quiet)
        room = height - len(lines)
        # A long legend is worth more than messages that the log has too.
        kept = 1 if snapshot.epochs and len(snapshot.epochs[-1]) > _MANY_NUMBERS else _MESSAGES
        if snapshot.state is RunState.FAILED:
            lines += [Text(end=""), *failure_lines(snapshot, self._view.log, look, width)]
            room = 0
        if self._has_curves:
            side_by_side = width >= _SIDE_BY_SIDE
            most = 22 if side_by_side else 15
            tall = max(7, min(_TALL, room), min(most, room - kept - 1)) if room else 8
            lines = [*self._curves(snapshot, width, tall, both=side_by_side), *lines]
            room, kept = room - tall, 1
        if room > 1:
            lines.append(Text(end=""))
            lines += message_lines(snapshot.messages, look, width, max(kept, room - 1))
        return lines

    @property
    def _has_curves(self) -> bool:
        snapshot = self._view.snapshot
        return snapshot is not None and len(snapshot.epochs) + len(self._view.within) > 1

    @property
    def _offered(self) -> tuple[bool, tuple[str, ...]]:
        """What the offered keys depend on: whether there are curves, and what an epoch tells."""
        snapshot = self._view.snapshot
        return self._has_curves, tuple(snapshot.epochs[-1]) if snapshot is not None and snapshot.epochs else ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of the curves where there are curves."""
        if action == "curves":
            return self._has_curves and len(self._kinds()) > 1
        if action in ("smooth", "log_axis"):
            return self._has_curves
        if action in ("zoom", "whole", "along"):
            closer = action == "zoom" and parameters[:1] < (1.0,)
            return self._has_curves and (self._window.share > self._closest if closer else not self._window.whole)
        return True

    def key_label(self, action: str) -> str | None:
        """Return what a key does now; None leaves it out of the key bar."""
        if action == "screen.next":
            # The pane says that r takes the run up, which stands on the last line then.
            return None if self._next is Next.FOLLOW or self._next in TAKES_UP else str(self._next) or None
        if action == "curves":
            return KINDS[self._kind_after()]
        if action == "smooth":
            snapshot = self._view.snapshot
            live = snapshot is not None and snapshot.state.live
            # Holding a live run has its place before this where there is room for one of them.
            return "as measured" if self._smooth else None if live and self.app.size.width < _SIDE_BY_SIDE else ""
        return "linear axis" if action == "log_axis" and self._log else ""

    def action_curves(self) -> None:
        """Draw the next of the numbers: loss, scores, learning rate, gradient norm, time."""
        self._kind = self._kind_after()
        self._draw_anew()

    def action_smooth(self) -> None:
        """Smooth the curves, or draw them as they were measured."""
        self._smooth = not self._smooth
        self._draw_anew()

    def action_log_axis(self) -> None:
        """Draw the vertical axis logarithmically, or not."""
        self._log = not self._log
        self._draw_anew()

    def action_zoom(self, by: float) -> None:
        """Show more or less of the epochs; the newest ones stay in sight, and go on coming in."""
        self._window = self._window.zoomed(by, self._closest, keep_end=True)
        self._draw_anew()

    def action_whole(self) -> None:
        """Show all epochs."""
        self._window = WHOLE
        self._draw_anew()

    def action_along(self, count: int) -> None:
        """Go to other epochs, a quarter of those in sight further on."""
        self._window = self._window.panned(count / 4, 0.0)
        self._draw_anew()

    def _draw_anew(self) -> None:
        self._drawn = (None, Text())
        self.relay()
        self.refresh_bindings()

    def _kinds(self) -> list[str]:
        """Return what there is to draw of the run."""
        snapshot = self._view.snapshot
        return ["loss"] if snapshot is None else [kind for kind in KINDS if kind == "loss" or self._of(kind, snapshot)]

    def _kind_after(self) -> str:
        kinds = self._kinds()
        now = self._kind if self._kind in kinds else "loss"
        return kinds[(kinds.index(now) + 1) % len(kinds)]

    def _of(self, kind: str, snapshot: Snapshot) -> Curve | None:
        if kind == "loss":
            return loss_figure(snapshot, self._view.within)
        if kind == "task_losses":
            return task_loss_figure(snapshot)
        return score_figure(snapshot) if kind == "scores" else training_figure(snapshot, kind)

    def _curves(self, snapshot: Snapshot, width: int, height: int, *, both: bool) -> list[Text]:
        """Return the curves, drawn anew only when they changed and the last drawing is old enough."""
        shape = (snapshot.run_id, width, height, self._kind, self._smooth, self._log, both)
        content = (*shape, snapshot.section, len(snapshot.epochs), self._view.within[-1:], snapshot.state.live)
        now = time.monotonic()
        drawn = self._drawn[0]
        same_shape = isinstance(drawn, tuple) and drawn[: len(shape)] == shape
        too_soon = same_shape and now - self._drawn_at < app_of(self).pace.plot
        if drawn != content and not too_soon:
            self._drawn = (content, Text("\n").join(self._draw(snapshot, width, height, both)))
            self._drawn_at = now
        return as_lines(self._drawn[1])

    def _draw(self, snapshot: Snapshot, width: int, height: int, both: bool) -> list[Text]:
        from workbench.plots.terminal import draw

        style = self.look.plot
        kinds = [self._kind if self._kind in self._kinds() else "loss"]
        if both and kinds != ["scores"]:  # they stand beside the losses first, and then have all of the width
            kinds.append("scores" if kinds == ["loss"] else "loss")
        curves = [curve for kind in kinds if (curve := self._of(kind, snapshot)) is not None]
        self._keep_in_sight(snapshot, curves[0])
        windows = [self._window.over(self._ends, extent(curve)) for curve in curves]
        drawn = [figure_in(self._as_asked(curve), self.look.language) for curve in curves]
        if len(drawn) > 1:
            half = (width - 2) // 2
            left, right = (
                draw(curve, half, height, style=style, window=window)
                for curve, window in zip(drawn, windows, strict=True)
            )
            return beside(left, right, half + 2)
        return as_lines(draw(drawn[0], width, height, style=style, window=windows[0]))

    def _keep_in_sight(self, snapshot: Snapshot, curve: Curve) -> None:
        """Keep the epochs in sight that were chosen while the curve grows; another run's are seen whole."""
        of_curve, ends = (snapshot.run_id, snapshot.section), extent(curve)
        self._window = self._window.over(self._ends, ends) if of_curve == self._of_curve else WHOLE
        self._of_curve, self._ends = of_curve, ends
        before, self._closest = self._closest, closest(curve)
        if before != self._closest and self.has_focus:
            self.refresh_bindings()

    def _as_asked(self, curve: Curve) -> Curve:
        curve = smoothed(curve) if self._smooth else curve
        return replace(curve, log_y=True) if self._log else curve


def coming_told(snapshot: Snapshot, rests: Estimate | None) -> list[str]:
    """Return what the time that is left rests on besides the run itself, or that only a part of it is known."""
    more, own = snapshot.trainings - snapshot.training, eta_text(snapshot.left_of_training)
    if rests is not None:
        return [f"{more} {'training' if more == 1 else 'trainings'} to come, {rests.detail}"]
    if not lacks_others(snapshot) or not own or snapshot.state is RunState.PAUSED:
        return []
    return [f"this training {own}, and {more} more of which no time is known"]


def status_lines(
    snapshot: Snapshot, look: Look, width: int, clock: Callable[[], float], ahead: Sequence[str] = ()
) -> list[Text]:
    """Return where a run stands: state, epoch, rate, time, best so far, the last checkpoint, and what is `ahead`."""
    state = snapshot.state
    share = f" {snapshot.share:.0%}" if state is not RunState.FINISHED and snapshot.share is not None else ""
    first = look.line((f"{look.sign(state)} {look.say(str(state))}{share}", look.state_style(state)))
    lines = packed([first, *(look.line(look.say(text)) for text in _where(snapshot))], width)
    if snapshot.reason and state is RunState.INTERRUPTED:
        lines += paragraph(look, f"{look.say(snapshot.reason)}; r resumes it", width, look.quiet)
    if state is RunState.RUNNING and not (snapshot.epochs or snapshot.position or snapshot.phase):
        lines += paragraph(look, "It gets ready: libraries and data are loaded, which takes seconds.", width)
    if snapshot.stopped_early:
        lines += paragraph(look, f"stopped early: {snapshot.ended}" if snapshot.ended else "stopped early", width)
    for command, when in snapshot.asked if state.live else ():
        lines += paragraph(look, asked_text(snapshot, command, ago(when, clock)), width, look.warn)
    if snapshot.phase is not None and state.live:
        lines += phase_lines(snapshot, look, width)
    lines += packed([look.line(look.say(text)) for text in _speed(snapshot)], width)
    for text in ahead:
        lines += paragraph(look, text, width)
    lines += packed([look.line(look.say(text)) for text in _scores(snapshot)], width)
    saved = f"saved {ago(snapshot.saved, clock)} · " if snapshot.saved and state.live else ""
    if state is RunState.PAUSED:
        lines += paragraph(look, f"{saved}p lets it go on", width, look.warn)
    elif state.live:
        lines += paragraph(look, f"{saved}goes on if you disconnect", width, look.quiet)
    return lines


def phase_lines(snapshot: Snapshot, look: Look, width: int) -> list[Text]:
    """Return what is done besides training: how far it is and how long it takes, where there is something to count."""
    assert snapshot.phase is not None
    text, done, total = snapshot.phase
    told = look.line(look.say(text))
    if total:
        told.append(look.safe(f": {look.say(f'{done} of {total}')}"))
    pieces = [told]
    if snapshot.phase_left and snapshot.state is not RunState.PAUSED:
        pieces.append(look.line(look.say(f"ETA {duration(snapshot.phase_left)}")))
    room = width - sum(piece.cell_len + 2 for piece in pieces)
    if total and room >= _LEAST_BAR:
        size = min(_BAR, room)
        full = round(size * done / total)
        on, off = ("#", ".") if look.ascii_only else ("█", "░")
        pieces.insert(1, look.line((on * full, look.accent), (off * (size - full), look.quiet)))
    return packed(pieces, width)


def _where(snapshot: Snapshot) -> list[str]:
    if snapshot.state is RunState.QUEUED:
        return [f"{snapshot.queue} before it on this device"]
    parts = [text for text in (snapshot.training_word, snapshot.section) if text]
    if snapshot.epochs_total:
        parts.append(f"epoch {snapshot.epoch}/{snapshot.epochs_total}")
    position = snapshot.position
    if position is not None and snapshot.state.live and position.epoch == len(snapshot.epochs) + 1:
        parts += [f"batch {position.batch}/{position.batches}", f"step {position.step}"]
    return parts


def _speed(snapshot: Snapshot) -> list[str]:
    parts = []
    if snapshot.seconds_per_epoch is not None:
        parts.append(f"{snapshot.seconds_per_epoch:.1f} s/epoch")
    if snapshot.eta and not snapshot.trained:
        parts.append(f"ETA {snapshot.eta}")
    rate, norm = _now(snapshot, "learning_rate"), _now(snapshot, "grad_norm")
    if rate is not None:
        parts.append(f"lr {rate:.2g}")
    if norm is not None:
        parts.append(f"gradient {norm:.2g}")
    return parts


def _scores(snapshot: Snapshot) -> list[str]:
    """Return the monitored score of the last epoch, and of the best one."""
    if not snapshot.epochs:
        return []
    last = snapshot.epochs[-1]
    names = [key for key in last if is_score(key) and key.startswith("validation_")]
    name = next((n for n in names if n.endswith(("macro_f1", "spearman"))), names[0] if names else "")
    if not name or last.get(name) is None:
        return [f"{title} loss {number(last[key], 4)}" for title, key in LOSSES.items() if last.get(key) is not None]
    best = int(last.get("best_epoch") or 0)
    parts = [f"{score_title(name)} {number(last[name])}"]
    if 0 < best <= len(snapshot.epochs):
        parts.append(f"best {number(snapshot.epochs[best - 1].get(name))} (epoch {best})")
    return parts


def _now(snapshot: Snapshot, name: str) -> float | None:
    if snapshot.state.live and snapshot.position is not None:
        return float(getattr(snapshot.position, name))
    row: Mapping[str, Any] = snapshot.epochs[-1] if snapshot.epochs else {}
    return None if row.get(name) is None else float(row[name])


def message_lines(messages: Sequence[RunMessage], look: Look, width: int, count: int) -> list[Text]:
    """Return the last messages of a run that fit on so many lines; only the newest may be cut."""
    lines: list[Text] = []
    for message in reversed(messages[-count:]):
        block = message_block(message, look, width)
        if lines and len(block) + len(lines) > count:
            break
        lines = block + lines
    if len(lines) > count:
        lines = lines[:count]
        lines[-1].append("..." if look.ascii_only else "…")
        lines[-1].truncate(width, overflow="crop" if look.ascii_only else "ellipsis")
    return lines


def message_block(message: RunMessage, look: Look, width: int) -> list[Text]:
    """Return one message, wrapped beside its time of day."""
    style = {"warning": look.warn, "error": look.bad}.get(message.level)
    at = time.strftime("%H:%M:%S", time.localtime(message.time))
    body = paragraph(look, message.text, max(10, width - 9), style)
    first = look.line((f"{at} ", look.quiet))
    first.append_text(body[0])
    return [first, *(Text(" " * 9, end="").append_text(line) for line in body[1:])]


def failure_lines(snapshot: Snapshot, log: Sequence[str], look: Look, width: int) -> list[Text]:
    """Return why a run failed, what is left and what to press, and the end of its output."""
    lines = paragraph(look, snapshot.reason or "It failed without a message.", width, look.bad)
    left = "What was saved is whole" if snapshot.saved else "No checkpoint was saved"
    lines += paragraph(look, f"{left}. Press r to try again; 5 shows the whole log.", width)
    # What the program itself calls the same error is in the log, which 5 shows.
    further = [line for line in log if not (snapshot.reason and line.endswith(snapshot.reason.splitlines()[-1]))]
    if further:
        lines.append(Text(end=""))
        for line in further[-6:]:
            lines.append(Text(look.fit(line, width), look.quiet, end=""))
    return lines
