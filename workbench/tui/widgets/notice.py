"""The line above the keys in which the app says what happened."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from workbench.tui.owner import app_of
from workbench.tui.views import LabView
from workbench.tui.waiting import Holds

SECONDS: Final = {"information": 8.0, "waiting": 60.0, "warning": 20.0, "error": 60.0}


class Notice(Static):
    """Says something for a while; it takes no place while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.text = ""
        self._timer: Timer | None = None
        self._holds: Holds | None = None
        self.display = False

    def say(self, text: str, severity: str = "information", holds: Holds | None = None) -> None:
        """Show a text in place of the one before, for as long as it `holds` in the pictures of the session."""
        self._holds = holds
        look = app_of(self).look
        style = {"error": look.bad, "warning": look.warn}.get(severity, look.accent)
        head = "! " if severity in ("warning", "error") else ""
        self.text = text
        lines = [look.safe(look.say(line)) for line in text.splitlines()]
        self.update(Text(head + "\n".join(lines), style))
        self.display = True
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SECONDS[severity], self.clear)

    def look(self, view: LabView) -> None:
        """Say nothing any more where what was said does not hold in a new picture of the session."""
        if self._holds is not None and not self._holds(view):
            self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self._holds = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.text = ""
        self.display = False
