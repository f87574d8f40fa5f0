"""A line or command line that is no command."""

from __future__ import annotations

from labsteps.errors import UsageError


class CommandError(UsageError):
    """Words that are no command.

    Attributes
    ----------
    usage
        How the command is written, or empty where no command was recognised.
    """

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.usage = usage
