"""What the observer tells the app."""

from __future__ import annotations

from textual.message import Message

from workbench.tui.views import LabView


class LabChanged(Message):
    """There is a new picture of the session; a later one makes it needless."""

    def __init__(self, view: LabView) -> None:
        super().__init__()
        self.view = view

    def can_replace(self, message: Message) -> bool:
        """Let a newer picture take the place of one that waits."""
        return isinstance(message, LabChanged)
