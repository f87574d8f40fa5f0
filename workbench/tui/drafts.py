"""Parameters that were changed and not run yet, kept in the session, so that leaving the app loses none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from labsteps.catalogue import Catalogue
from labsteps.context import ParameterValue
from labsteps.errors import LabError
from workbench.store.errors import StoreError
from workbench.store.records import read_json, write_json
from workbench.store.session import Session

FILE: Final = "parameters.json"
Drafts = Mapping[str, Mapping[str, ParameterValue]]


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
