"""The line of tabs of the part's panel."""

from __future__ import annotations

from typing import Final

from rich.style import Style as RichStyle
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.plots.text import cells
from workbench.tui.look import Look
from workbench.tui.owner import app_of

TABS: Final = {
    "brief": "Brief",
    "parameters": "Parameters",
    "run": "Run",
    "result": "Result",
    "log": "Log",
    "answer": "Answer",
    "runs": "Runs",
}
_REVERSE: Final = RichStyle(reverse=True)


class TabLine(Widget):
    """Shows the tabs; the chosen one is marked, stronger while the focus is in its pane."""

    chosen = reactive("brief")
    here = reactive(False)
    shown: reactive[tuple[str, ...]] = reactive(tuple(TABS))

    class Clicked(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    def render(self) -> Text:
        """Return the line."""
        look = app_of(self).look
        return tab_line(self.shown, self.chosen, self.size.width, look, here=self.here)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the pointer."""
        look = app_of(self).look
        left = 0
        for tab in self.shown:
            right = left + cells(look.say(TABS[tab])) + 2 + _gap(self.shown, self.size.width, look)
            if left <= event.x < right:
                self.post_message(self.Clicked(tab))
            left = right


def tab_line(shown: tuple[str, ...], chosen: str, width: int, look: Look, *, here: bool) -> Text:
    """Return the tabs; the chosen one stands between marks, and in reverse while the focus is in its pane."""
    line = Text(end="", no_wrap=True)
    gap = _gap(shown, width, look)
    marks = ("[", "]") if look.ascii_only or not here else ("▐", "▌")
    left, right = marks
    before = ""
    for tab in shown:
        name = look.safe(look.say(TABS[tab]))
        # Where there is no room for a blank on both sides, two tabs share the one between them.
        shared = gap < 0 and before == chosen
        if tab == chosen:
            line.append(left, look.accent)
            line.append(name, look.accent + _REVERSE if here else look.accent)
        else:
            line.append(right if shared else " ", look.accent if shared else look.quiet)
            line.append(name, look.quiet)
        if gap >= 0:
            line.append(right if tab == chosen else " ", look.accent)
            line.append(" " * gap)
        before = tab
    if gap < 0 and before == chosen:
        line.append(right, look.accent)
    line.truncate(width)
    return line


def _gap(shown: tuple[str, ...], width: int, look: Look) -> int:
    """Return how many cells are between tabs: 1, 0, or -1 where even their blanks would not all fit."""
    names = sum(cells(look.say(TABS[tab])) for tab in shown)
    return next((gap for gap in (1, 0) if names + (2 + gap) * len(shown) - gap <= width), -1)
