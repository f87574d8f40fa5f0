"""The language of a user without a session: that of the locale."""

from __future__ import annotations

import os


def default_language() -> str:
    """Return ``el`` where the locale is Greek, else ``en``."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "el" if locale.startswith("el") else "en"
