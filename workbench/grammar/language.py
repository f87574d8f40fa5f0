"""The language of a user without a session: that of the settings, else that of the locale."""

from __future__ import annotations

import os


def default_language() -> str:
    """Return ``el`` where the settings or else the locale are Greek, else ``en``."""
    from labsteps.errors import LabError
    from workbench.config import configured
    from workbench.store.errors import StoreError

    try:
        chosen = str(configured("language"))
    except (LabError, StoreError):  # the command itself says what is wrong with the settings
        chosen = "auto"
    if chosen != "auto":
        return chosen
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "el" if locale.startswith("el") else "en"
