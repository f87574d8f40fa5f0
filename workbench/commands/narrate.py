"""What the batch tells while it works: bars on a terminal, plain lines elsewhere, always on stderr."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.config.resolve import switched_on
from workbench.plots.text import printable
from workbench.runner.jobs import Found, Job
from workbench.speaking import in_words, said, told
from workbench.store.run import RunFolder
from workbench.wording import duration

if TYPE_CHECKING:
    from rich.console import Group
    from rich.progress import TaskID
    from rich.text import Text

    from workbench.runner.follow import Message, Snapshot

_FOUND = {
    Found.FINISHED: "finished already; --force runs it again",
    Found.LIVE: "going on already; following",
    Found.RESUMABLE: "taken up again where it was interrupted",
    Found.NEW: "new run",
}


# A log without a line for so long leaves its reader in doubt whether anything goes on.
SILENT_SECONDS = 60.0
MOST_EARLIER = 5
WATCH_SECONDS = 0.5
WATCH_SIZE = (100, 18)


class Narrator:
    """Plain lines: what a log file or a screen reader can use; one a minute at least while something goes on.

    Parameters
    ----------
    clock
        Tells seconds.

    Attributes
    ----------
    language
        Language of titles; empty for that of each session.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.language = ""
        self._told: dict[str, Message] = {}
        self._clock = clock
        self._told_at = clock()
        self._said_once: set[str] = set()

    def line(self, text: str) -> None:
        """Say one line."""
        print(told(text), file=sys.stderr, flush=True)

    def once(self, text: str) -> None:
        """Say one line, unless it has been said before."""
        if text not in self._said_once:
            self._said_once.add(text)
            self.line(text)

    def problem(self, text: str) -> None:
        """Say what failed, was refused or skipped, and why: this is said also where nothing else is."""
        self.line(text)

    def part(self, job: Job, run: RunFolder, found: Found) -> None:
        """Say which part comes now and which run it is."""
        title = job.part.title.to(self.language or job.session.language)
        self.line(f"{job.part.id}  {title}  [{said(_FOUND[found])}: {run.id}]")

    def snapshot(self, snapshot: Snapshot) -> None:
        """Say what is new in a snapshot."""
        messages, last = snapshot.messages, self._told.get(snapshot.run_id)
        known = next((n for n in range(len(messages), 0, -1) if messages[n - 1] is last), 0)
        if last is None and in_words() and len(messages) > MOST_EARLIER:
            # Somebody who joins a run wants to hear where it is, not all that it has been.
            known = len(messages) - MOST_EARLIER
            self.line(f"  earlier lines left out, `log` has them: {known}")
        for message in messages[known:]:
            self.line(f"  {message.text}")
        if messages:
            self._told[snapshot.run_id] = messages[-1]
        now = self._clock()
        if len(messages) > known:
            self._told_at = now
        elif now - self._told_at >= SILENT_SECONDS and snapshot.state.live:
            self._told_at = now
            self._still(snapshot)

    def _still(self, snapshot: Snapshot) -> None:
        self.line(f"  {standing(snapshot)}")

    def close(self) -> None:
        """End what is drawn."""


class Silent(Narrator):
    """Says only what went wrong, a line each."""

    def line(self, text: str) -> None:
        """Say nothing."""

    def problem(self, text: str) -> None:
        """Say the first line of what went wrong."""
        super().line(text.partition("\n")[0])


class Bars(Narrator):
    """The same lines, with a bar below them that shows how far the run is."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("  {task.fields[what]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[left]}"),
            console=self._console,
            transient=True,
            refresh_per_second=4,
        )
        self._task: TaskID | None = None

    def line(self, text: str) -> None:
        """Say one line above the bar."""
        self._console.print(told(text), markup=False, highlight=False)

    def _still(self, snapshot: Snapshot) -> None:
        """Say nothing: the bar moves."""

    def snapshot(self, snapshot: Snapshot) -> None:
        """Say what is new, and move the bar."""
        super().snapshot(snapshot)
        if not snapshot.state.live:
            return self.close()
        if self._task is None:
            self._progress.start()
            self._task = self._progress.add_task("run", total=1.0, what="", left="")
        if snapshot.phase is not None:
            what, done, total = snapshot.phase
            left = said(f"{duration(snapshot.phase_left)} left") if snapshot.phase_left else ""
            self._progress.update(self._task, completed=done / max(1, total), what=said(what), left=left)
        else:
            total = snapshot.epochs_total
            what = said(f"epoch {snapshot.epoch}/{total}" if total else "starting")
            what = "  ".join(filter(None, (snapshot.training_word, snapshot.section, what)))
            left = said(f"{snapshot.eta} left") if snapshot.eta else ""
            self._progress.update(self._task, completed=snapshot.progress, what=what, left=left)
        return None

    def close(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._progress.stop()


class Watch(Narrator):
    """The same lines, with the curve of the run below them while it goes on."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.live import Live

        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._drawn_at = 0.0
        self._epochs = -1

    def line(self, text: str) -> None:
        """Say one line above the curve."""
        self._console.print(told(text), markup=False, highlight=False)

    def snapshot(self, snapshot: Snapshot) -> None:
        """Say what is new, and draw the curve: at once after an epoch, else twice a second at most."""
        super().snapshot(snapshot)
        if not snapshot.state.live:
            return self.close()
        now = self._clock()
        if now - self._drawn_at >= WATCH_SECONDS or len(snapshot.epochs) != self._epochs:
            self._drawn_at, self._epochs = now, len(snapshot.epochs)
            self._live.start()
            self._live.update(self._picture(snapshot), refresh=True)
        return None

    def _still(self, snapshot: Snapshot) -> None:
        """Say nothing: the picture changes."""

    def _picture(self, snapshot: Snapshot) -> Text | Group:
        from rich.console import Group
        from rich.text import Text

        from workbench.plots.run_curves import loss_figure
        from workbench.plots.terminal import draw, style_of

        columns, lines = shutil.get_terminal_size(WATCH_SIZE)
        head = Text(f"  {printable(snapshot.part)}  {standing(snapshot)}", no_wrap=True, overflow="ellipsis")
        if not snapshot.epochs:
            return head
        style = style_of(os.environ, terminal=True)
        size = (min(columns, WATCH_SIZE[0]), max(5, min(lines - 4, WATCH_SIZE[1])))
        return Group(head, draw(loss_figure(snapshot), *size, style=style))

    def close(self) -> None:
        """Take the picture away."""
        self._live.stop()


def standing(snapshot: Snapshot) -> str:
    """Return in a line where a run stands: epoch, batch, share, and the time that is left."""
    if snapshot.phase is not None:
        return said(snapshot.phase_text)
    parts = [text for text in (snapshot.training_word, snapshot.section) if text]
    total = snapshot.epochs_total
    position = snapshot.position
    epoch = f"epoch {snapshot.epoch}/{total}" if total else str(snapshot.state)
    parts.append(said(epoch))
    if position is not None and position.epoch == len(snapshot.epochs) + 1:
        parts.append(said(f"batch {position.batch}/{position.batches}  loss {position.train_loss:.4f}"))
    if snapshot.share is not None:
        parts.append(f"{snapshot.share:.0%}")
    if snapshot.eta:
        parts.append(said(f"{snapshot.eta} left"))
    return "  ".join(parts)


def narrator(options: argparse.Namespace) -> Narrator:
    """Return the narrator that suits the options and stderr."""
    if switched_on("quiet", options):
        return Silent()
    if in_words() or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return Narrator()
    return Watch() if switched_on("watch", options) else Bars()
