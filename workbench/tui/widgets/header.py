"""The first line: session, data, device, and the run that goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.widget import Widget

from workbench.plots.text import cells
from workbench.tui.look import Look
from workbench.tui.views import LabView
from workbench.tui.widgets.lines import two_ends

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


class LabHeader(Widget):
    """Shows where one is."""

    def __init__(self) -> None:
        super().__init__()
        self._view = LabView()

    def show(self, view: LabView) -> None:
        """Show a picture of the session."""
        self._view = view
        self.refresh()

    def render(self) -> Text:
        """Return the line."""
        return header_line(self._view, self.size.width, cast("WorkbenchApp", self.app).look)


def header_line(view: LabView, width: int, look: Look) -> Text:
    """Return session, device and data at the left and what goes on at the right."""
    right = Text(end="", no_wrap=True)
    if view.live:
        run = view.live[0]
        more = f" +{len(view.live) - 1}" if len(view.live) > 1 else ""
        right.append(look.safe(f"{look.sign(run.state)} {run.part} {run.state}"), look.state_style(run.state))
        right.append(look.safe(f" {run.progress:.0%}{more} "))
    left = look.line(" ", (view.session or "Lab workbench", look.strong))
    if view.session:
        left.append(look.safe(f" · {view.device} · "), look.quiet)
        room = width - left.cell_len - right.cell_len - 2
        where = short_path(view.data_root, room) if view.data_root else "no data yet: press d"
        left.append(look.safe(where), look.quiet if view.data_root else look.warn)
    return two_ends(look, left, right, width)


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
