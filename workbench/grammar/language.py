"""The language of a user without a session: that of the settings, else that of the locale."""

from __future__ import annotations

import os


def default_language() -> str:
    """Return ``el`` where the settings or else the locale are Greek, else ``en``."""
    chosen = _of_settings() if _may_be_set() else "auto"
    if chosen != "auto":
        return chosen
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "el" if locale.startswith("el") else "en"


def _may_be_set() -> bool:
    """Tell at once whether settings can name a language: to read them costs as much as all of ``--help``."""
    from workbench.store.errors import StoreError
    from workbench.store.places import config_dir

    try:
        return "WORKBENCH_LANGUAGE" in os.environ or config_dir().exists()
    except (OSError, StoreError):
        return True


def _of_settings() -> str:
    from labsteps.errors import LabError
    from workbench.config import configured
    from workbench.store.errors import StoreError

    try:
        return str(configured("language"))
    except (LabError, StoreError):  # the command itself says what is wrong with the settings
        return "auto"
