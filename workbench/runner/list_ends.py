"""Lists of parts that ended early while nobody looked: what is still to be run of each, why, and how to go on.

A list is a batch (`workbench.store.batches`).  Of what it left, that counts no more which was taken up since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from labsteps.catalogue import Catalogue, Part
from labsteps.context import ParameterValue
from labsteps.errors import LabError
from labsteps.selection import select
from workbench.store.ended import EndedBatch, ended_batches
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.wording import named

KILLED = "its process was killed, or power was lost"
ASKED = "it was asked to end"
# Letters of a command that is told rather than spoken of.
_TYPED = 24
# Values of its own that are named.
_VALUES = 3

Runs = Mapping[str, Sequence[tuple[RunFolder, RunState]]]


@dataclass(frozen=True, slots=True)
class ListEnd:
    """A list of parts that ended early.

    Attributes
    ----------
    batch
        What is kept of it.
    last
        The part at which it ended.
    left
        Ids of what it did not run and nobody ran since.
    words
        What the command ``run`` takes for these, and for the one at which it ended where that was interrupted; empty
        where it would be long, and where the list had values of its own.
    """

    batch: EndedBatch
    last: str
    left: tuple[str, ...]
    words: str

    @property
    def reason(self) -> str:
        """Why it ended, in words."""
        return self.batch.reason or KILLED

    @property
    def told(self) -> str:
        """Which list it is, why it ended, what it left, and how it is taken up again: sentences."""
        if self.batch.given:
            more = ", …" if len(self.batch.given) > _VALUES else ""
            values = ", ".join(self.batch.given[:_VALUES]) + more
            on = f"Asked for again with its values ({values}), it goes on with what is left"
        elif self.words:
            on = f"`run {self.words}` runs what is left"
        else:
            on = "Asked for again, it goes on with what is left"
        return f"The list {named(self.batch.parts)} ended at {self.last}: {self.reason}. {self.lacking} {on}."

    @property
    def lacking(self) -> str:
        """What it left, in a sentence."""
        return f"Not run: {named(self.left)}."


def list_ends(session: Session, runs: Runs, lab: Catalogue) -> tuple[ListEnd, ...]:
    """Return the lists of a session that ended early and left what is still to be run, the oldest first.

    Parameters
    ----------
    session
        The session.
    runs
        By part, its runs and where they stand, the oldest first.
    lab
        The catalogue.
    """
    found: list[ListEnd] = []
    for batch in ended_batches(session.folder):
        left = tuple(part for part in _left(batch, runs) if not _taken_up(batch, runs.get(part, ())))
        if left:
            came_to = [part for part in batch.parts[: batch.at + 1] if part not in left]
            last = came_to[-1] if came_to else batch.parts[0]
            interrupted = [state for _, state in runs.get(last, ())][-1:] == [RunState.INTERRUPTED]
            again = (last, *left) if interrupted and last not in left else left
            # What the same list, asked for again, has left once more is told by that one.
            found = [one for one in found if not set(one.left) <= set(left)]
            found.append(ListEnd(batch, last, left, "" if batch.given else _words(again, lab)))
    return tuple(found)


def own_values(parts: Sequence[Part], settings: Callable[[Part], Mapping[str, ParameterValue]]) -> list[str]:
    """Return the values of parts that are not their defaults, as ``5ε:epochs=400``."""
    return [
        f"{part.id}:{name}={value}"
        for part in parts
        for name, value in settings(part).items()
        if value != part.defaults().get(name)
    ]


def runs_by_part(session: Session) -> dict[str, list[tuple[RunFolder, RunState]]]:
    """Return the runs of a session by their parts, without those that cannot be read."""
    found: dict[str, list[tuple[RunFolder, RunState]]] = {}
    for run in session.runs():
        try:
            found.setdefault(str(run.record.get("part", "")), []).append((run, run.state))
        except StoreError:  # other lines name it
            continue
    return found


def _left(batch: EndedBatch, runs: Runs) -> Sequence[str]:
    if batch.left is not None:
        return batch.left
    # What it ran when it was killed is left too where that had not begun.
    begun = any(state is not RunState.WAITING for _, state in runs.get(batch.parts[batch.at], ()))
    return batch.parts[batch.at + 1 if begun else batch.at :]


def _taken_up(batch: EndedBatch, runs: Sequence[tuple[RunFolder, RunState]]) -> bool:
    """Tell whether a part was run since a list ended."""
    return any(state.live or run.last_heard > batch.when for run, state in runs)


def _words(parts: Sequence[str], lab: Catalogue) -> str:
    """Return the parts as somebody types them: each, or the first and the last where that means the same."""
    for words in (",".join(parts), f"{parts[0]}-{parts[-1]}"):
        try:
            meant = [part.id for part in select(lab, words).parts if part.built]
        except LabError:
            continue
        if len(words) <= _TYPED and meant == list(parts):
            return words
    return ""
