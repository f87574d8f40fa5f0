"""The first line: session, data, device, and the run that goes on."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual.widget import Widget

from workbench.plots.text import cells
from workbench.store.run import RunState
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.views import LabView
from workbench.tui.widgets.lines import two_ends
from workbench.wording import NEEDS_YOU

# Cells of a path that tell its end.
_LEAST_PATH = 8


class LabHeader(Widget):
    """Shows where one is.

    Parameters
    ----------
    title
        Name of the screen, where it is not the lab.
    """

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self._view = LabView()
        self._title = title

    def show(self, view: LabView) -> None:
        """Show a picture of the session."""
        self._view = view
        self.refresh()

    def render(self) -> Text:
        """Return the line."""
        return header_line(self._view, self.size.width, app_of(self).look, self._title)


def header_line(view: LabView, width: int, look: Look, title: str = "") -> Text:
    """Return session, device and data at the left, after the screen's title, and what goes on at the right."""
    right = _now(view, look)
    left = look.line(" ", (view.session or "Lab workbench", look.strong))
    if title:
        left.append(look.safe(f" · {look.say(title)}"), look.accent)
    if not view.session and view.device:
        left.append(look.safe(f" · {view.device}"), look.quiet)
    if view.session:
        gone = f"{NEEDS_YOU[look.ascii_only]} {look.say('data folder not there:')} " if not view.data_there else ""
        # Of device and folder, that the folder is gone is what one has to know.
        beside = width - left.cell_len - right.cell_len - cells(gone) - _LEAST_PATH
        device = f" · {view.device} · " if not gone or cells(view.device) + 6 <= beside else " · "
        left.append(look.safe(device), look.quiet)
        left.append(look.safe(gone), look.warn)
        room = width - left.cell_len - right.cell_len - 2
        where = short_path(view.data_root, room) if view.data_root else look.say("no data yet: press d")
        left.append(look.safe(where), look.quiet if view.data_root else look.warn)
    return two_ends(look, left, right, width)


def _now(view: LabView, look: Look) -> Text:
    """Return the run that goes on, or what a batch runs next, with where the batch is."""
    line = Text(end="", no_wrap=True)
    batch = view.batches[0] if view.batches else None
    of_batch = look.say(f"{batch.at + 1} of {len(batch.parts)}") if batch is not None else ""
    if view.live:
        run = view.live[0]
        more = f" +{len(view.live) - 1}" if len(view.live) > 1 else ""
        state = look.say(str(run.state))
        line.append(look.safe(f"{look.sign(run.state)} {run.part} {state}"), look.state_style(run.state))
        share = f" {run.progress:.0%}" if run.progress is not None else ""
        line.append(look.safe(f"{share}{more} "))
        if of_batch:
            line.append(look.safe(f"· {of_batch} "), look.quiet)
    elif batch is not None:
        line.append(look.safe(f"{look.sign(RunState.QUEUED)} {look.say(f'{batch.part} comes next')} "), look.accent)
        line.append(look.safe(f"· {of_batch} "), look.quiet)
    return line


def short_path(path: str, width: int) -> str:
    """Return a path in at most `width` cells: the home folder as ``~``, and its front left out before its end."""
    home = str(Path.home())
    if home != "/" and path.startswith(home + "/"):
        path = "~" + path[len(home) :]
    if cells(path) <= width:
        return path
    kept = ""
    for name in reversed(Path(path).parts):
        longer = f"/{name}{kept}"
        if cells(longer) + 1 > width:
            break
        kept = longer
    return f"…{kept}" if kept else "…"
