"""What a user calls a run: its id, or so much of the id's beginning or end that no other run can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from labsteps.catalogue import catalogue
from labsteps.errors import UnknownPartError, UsageError
from workbench.store.names import part_slug
from workbench.store.run import RunFolder
from workbench.store.session import Session

SHORTEST: Final = 4
_MOST: Final = 8


def run_named(session: Session, name: str) -> RunFolder | None:
    """Return the run that a name means, None where it means none, or a part; see `id_meant`.

    Raises
    ------
    UsageError
        If several runs can be meant.
    """
    found = id_meant(name, [run.id for run in session.runs()])
    return None if found is None else session.run(found)


def id_meant(name: str, ids: Sequence[str]) -> str | None:
    """Return the id of a run that a name means, None where it means none.

    The id itself counts first, then a part's or a step's, which means no run here, then the beginning or the end of an
    id, at least `SHORTEST` signs of it.  As the end of one counts what comparisons call a run too: ``7.1ε 2c43``.

    Raises
    ------
    UsageError
        If several ids begin or end so; the message names them.
    """
    if name in ids:
        return name
    try:
        catalogue().resolve(name)
    except UnknownPartError:
        found = ids_like(name, ids)
    else:
        return None
    if len(found) > 1:
        newest = ", ".join(found[: -_MOST - 1 : -1])
        raise UsageError(f"{name} can be {len(found)} runs; give more of the id of one, as of {newest}.")
    return found[0] if found else None


def ids_like(name: str, ids: Sequence[str]) -> list[str]:
    """Return the ids that begin or end with a name."""
    wanted = part_slug(name)
    if len(wanted) < SHORTEST:
        return []
    return [one for one in ids if one.startswith(wanted) or one.endswith(wanted)]
