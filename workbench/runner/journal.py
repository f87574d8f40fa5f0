"""The log of a session: what its newest runs have said, in the order of time."""

from __future__ import annotations

from typing import Final

from workbench.runner.follow import Follower, Message
from workbench.store.session import Session

RUNS: Final = 12
SERIOUS: Final = ("warning", "error")
_KEPT: Final = 500


class JournalReader:
    """Reads the messages of the newest runs of a session, at the cost of what is new."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._followers: dict[str, Follower] = {}

    def read(self) -> tuple[tuple[str, Message], ...]:
        """Return (part, message) in the order of time.

        Raises
        ------
        StoreError
            If the session cannot be read.
        """
        runs = self._session.runs()[-RUNS:]
        kept = {run.id for run in runs}
        self._followers = {name: one for name, one in self._followers.items() if name in kept}
        found: list[tuple[str, Message]] = []
        for run in runs:
            follower = self._followers.get(run.id)
            if follower is None:
                follower = self._followers[run.id] = Follower(run)
            snapshot = follower.poll() or follower.snapshot
            found += [(snapshot.part, message) for message in snapshot.messages]
        found.sort(key=lambda one: one[1].time)
        return tuple(found[-_KEPT:])
