"""What the batch tells while it works: bars on a terminal, plain lines elsewhere, always on stderr."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from workbench.config.resolve import switched_on
from workbench.plots.text import printable
from workbench.runner.jobs import Found, Job
from workbench.store.run import RunFolder
from workbench.wording import duration

if TYPE_CHECKING:
    from workbench.runner.follow import Message, Snapshot

_FOUND = {
    Found.FINISHED: "finished already; --force runs it again",
    Found.LIVE: "going on already; following",
    Found.RESUMABLE: "taken up again where it was interrupted",
    Found.NEW: "new run",
}


class Narrator:
    """Plain lines: what a log file or a screen reader can use.

    Attributes
    ----------
    language
        Language of titles; empty for that of each session.
    """

    def __init__(self) -> None:
        self.language = ""
        self._told: dict[str, Message] = {}

    def line(self, text: str) -> None:
        """Say one line."""
        print(printable(text), file=sys.stderr, flush=True)

    def part(self, job: Job, run: RunFolder, found: Found) -> None:
        """Say which part comes now and which run it is."""
        self.line(
            f"{job.part.id}  {job.part.title.to(self.language or job.session.language)}  [{_FOUND[found]}: {run.id}]"
        )

    def snapshot(self, snapshot: Snapshot) -> None:
        """Say what is new in a snapshot."""
        messages, last = snapshot.messages, self._told.get(snapshot.run_id)
        known = next((n for n in range(len(messages), 0, -1) if messages[n - 1] is last), 0)
        for message in messages[known:]:
            self.line(f"  {message.text}")
        if messages:
            self._told[snapshot.run_id] = messages[-1]

    def close(self) -> None:
        """End what is drawn."""


class Silent(Narrator):
    """Says nothing."""

    def line(self, text: str) -> None:
        """Say nothing."""


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
        self._task: Any = None

    def line(self, text: str) -> None:
        """Say one line above the bar."""
        self._console.print(printable(text), markup=False, highlight=False)

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
            self._progress.update(self._task, completed=done / max(1, total), what=what, left="")
        else:
            total = snapshot.epochs_total
            what = f"epoch {min(len(snapshot.epochs) + 1, total)}/{total}" if total else "starting"
            what = f"{snapshot.section}  {what}" if snapshot.section else what
            left = snapshot.seconds_left
            text = f"{duration(left)} left" if left else ""
            self._progress.update(self._task, completed=snapshot.progress, what=what, left=text)
        return None

    def close(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._progress.stop()


def narrator(options: argparse.Namespace) -> Narrator:
    """Return the narrator that suits the options and stderr."""
    if switched_on("quiet", options):
        return Silent()
    return Bars() if sys.stderr.isatty() else Narrator()
