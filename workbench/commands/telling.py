"""What a command tells of a long transfer."""

from __future__ import annotations

from workbench.commands.narrate import Narrator

_STEP = 100_000_000


class Teller:
    """Tells each tenth of a download, or each 100 MB where its size is unknown.

    Parameters
    ----------
    say
        Where it is told.
    """

    def __init__(self, say: Narrator) -> None:
        self._say, self._told = say, 0

    def __call__(self, have: int, total: int | None) -> None:
        """Take the bytes that are here, and how many there will be."""
        step = (total or 10 * _STEP) / 10
        if have // step > self._told:
            self._told = int(have // step)
            self._say.line(f"  {have / 1e6:.1f}{f' of {total / 1e6:.1f}' if total else ''} MB")
