"""What a terminal shows that is too small for the app."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.widget import Widget

from workbench.tui.owner import app_of

SMALLEST: Final = (60, 15)


class TooSmall(Widget):
    """Says how large the terminal has to be; the styles show it only where it is smaller."""

    def render(self) -> Text:
        """Return the message, in words that fit."""
        width, height = self.app.size
        look = app_of(self).look
        text = f"{width}x{height} is too small. Make the terminal {SMALLEST[0]}x{SMALLEST[1]} or larger. q leaves."
        return Text(look.safe(look.say(text)))
