"""What leaving the app is not to lose, kept in the session: changed parameters, the place, a note being typed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

from labsteps.catalogue import Catalogue
from labsteps.context import ParameterValue
from labsteps.errors import LabError
from workbench.store.errors import StoreError
from workbench.store.records import read_json, write_json
from workbench.store.session import Session

FILE: Final = "parameters.json"
PLACE_FILE: Final = "place.json"
NOTE_FILE: Final = "note.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is in a session: the part or step in sight, its tab, and whether the keys go to the panel."""

    target: str = ""
    tab: str = "brief"
    in_panel: bool = False


NOWHERE: Final = Place()


class NoteDraft:
    """A note on a run that is being typed, so that a lost connection does not take it along.

    Parameters
    ----------
    session, run_id
        The run that it is on.
    """

    def __init__(self, session: Session, run_id: str) -> None:
        self._path, self._run_id = session.folder / NOTE_FILE, run_id
        self._lock, self._over = threading.Lock(), False

    def read(self) -> str | None:
        """Return what was typed when the app ended, None where nothing was left of a note on this run."""
        try:
            kept = read_json(self._path)
        except StoreError:  # no dialog was left open, or the file is damaged: the note itself counts
            return None
        text = kept.get("text") if isinstance(kept, dict) and kept.get("run") == self._run_id else None
        return text if isinstance(text, str) else None

    def keep(self, text: str) -> None:
        """Keep what stands in the field, unless the dialog has been closed.

        Raises
        ------
        StorageError
            If the file system refuses.
        """
        with self._lock:
            if not self._over:
                write_json(self._path, {"run": self._run_id, "text": text})

    def forget(self) -> None:
        """Keep nothing any more, as the note is written or given up."""
        with self._lock:
            self._over = True
            with suppress(OSError):  # it would be offered again, no more
                self._path.unlink()


Drafts = Mapping[str, Mapping[str, ParameterValue]]
NOTHING: Final[Drafts] = {}


def load_drafts(session: Session, lab: Catalogue) -> dict[str, dict[str, ParameterValue]]:
    """Return the changed parameters by part; what this version's catalogue does not take is left out."""
    try:
        kept = read_json(session.folder / FILE)
    except StoreError:  # none were changed, or the file is damaged: the defaults count, and the screen shows them
        return {}
    found: dict[str, dict[str, ParameterValue]] = {}
    for part, values in kept.items() if isinstance(kept, dict) else ():
        if part in lab.parts and isinstance(values, dict):
            for name, value in values.items():
                try:
                    found.setdefault(part, {})[name] = lab.parts[part].parameter(name).check(value)
                except LabError:
                    continue
    return found


def save_drafts(session: Session, drafts: Drafts) -> None:
    """Keep the changed parameters.

    Raises
    ------
    StorageError
        If the file system refuses.
    """
    write_json(session.folder / FILE, {part: dict(values) for part, values in drafts.items() if values})


def load_place(session: Session, lab: Catalogue) -> Place:
    """Return the place where one was last; `NOWHERE` where that is not known."""
    try:
        kept = read_json(session.folder / PLACE_FILE)
    except StoreError:  # nobody was here yet, or the file is damaged: one begins where the newest run is
        return NOWHERE
    kept = kept if isinstance(kept, dict) else {}
    target, tab = kept.get("target"), kept.get("tab")
    known = target in lab.parts or any(step.id == target for step in lab)
    return Place(str(target), tab, kept.get("in_panel") is True) if known and isinstance(tab, str) else NOWHERE


def save_place(session: Session, place: Place) -> None:
    """Keep where one is.

    Raises
    ------
    StorageError
        If the file system refuses.
    """
    write_json(session.folder / PLACE_FILE, asdict(place))
