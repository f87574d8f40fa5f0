"""What enter does in a pane that has nothing to show yet: the same as in the pane of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from workbench.tui.nexts import Next

if TYPE_CHECKING:
    from workbench.tui.widgets.panel import PartPanel


def begins(pane: Widget) -> bool:
    """Tell whether there is something to do with the part of an empty pane."""
    panel = _panel_of(pane)
    return panel is not None and panel.next not in (Next.NOTHING, Next.RESULT)


def begin_label(pane: Widget) -> str:
    """Return what the key bar calls it."""
    panel = _panel_of(pane)
    return str(panel.next) if panel is not None else ""


def _panel_of(pane: Widget) -> PartPanel | None:
    from workbench.tui.widgets.panel import PartPanel

    return next((one for one in pane.ancestors if isinstance(one, PartPanel)), None)
