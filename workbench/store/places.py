"""Where the workbench keeps what, on this machine and for this user.

Each place can be set by an environment variable of its own, then by the XDG base directory variables
(https://specifications.freedesktop.org/basedir-spec/latest/), then lies under the home folder.  Without a usable home
folder, all of them lie in a folder of this user under the system's temporary one, and `notice` says so.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from workbench.store.errors import StorageError

_HOME_PARTS = {"config": ".config", "cache": ".cache", "state": ".local/state"}
_XDG_VARIABLES = {"config": "XDG_CONFIG_HOME", "cache": "XDG_CACHE_HOME", "state": "XDG_STATE_HOME"}


def config_dir() -> Path:
    """Return the folder of settings that the user may edit: $WORKBENCH_CONFIG_DIR or $XDG_CONFIG_HOME/workbench."""
    return _place("config")


def cache_dir() -> Path:
    """Return the folder of what can be made again: $WORKBENCH_CACHE_DIR or $XDG_CACHE_HOME/workbench."""
    return _place("cache")


def state_dir() -> Path:
    """Return the folder of what should be kept: $WORKBENCH_STATE_DIR or $XDG_STATE_HOME/workbench."""
    return _place("state")


def weights_dir() -> Path:
    """Return the folder of the published weights that were imported or fetched, inside the state folder."""
    return state_dir() / "weights"


def default_sessions_dir() -> Path:
    """Return where sessions are saved.

    $WORKBENCH_SESSIONS_DIR, else ``sessions`` of the checkout that the program runs from, else the state folder.
    """
    chosen = os.environ.get("WORKBENCH_SESSIONS_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "sessions").is_dir() and _is_ours(checkout / "pyproject.toml"):
        return checkout / "sessions"
    return state_dir() / "sessions"


def notice() -> str:
    """Return a sentence for the user when the home folder cannot be used, else an empty string."""
    places = [_place(kind) for kind in _HOME_PARTS]
    temporary = _temporary_name()
    if not any(place.is_relative_to(temporary) for place in places):
        return ""
    return (
        f"There is no home folder to write to, so files are kept in {temporary}, which may be emptied at a restart; "
        "set HOME, WORKBENCH_STATE_DIR or --sessions-dir to keep them"
    )


def _place(kind: str) -> Path:
    chosen = os.environ.get(f"WORKBENCH_{kind.upper()}_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    shared = os.environ.get(_XDG_VARIABLES[kind], "")
    if os.path.isabs(shared) and _usable(Path(shared)):  # the specification has relative ones ignored
        return Path(shared) / "workbench"
    home = _home()
    if home is not None:
        return home / _HOME_PARTS[kind] / "workbench"
    return _temporary() / kind


def _home() -> Path | None:
    home = os.path.expanduser("~")
    return Path(home) if os.path.isabs(home) and home != "/" and _usable(Path(home)) else None


def _usable(folder: Path) -> bool:
    """Tell whether a folder can be written to, or made."""
    for place in (folder, *folder.parents):
        if place.exists():
            return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False


def _temporary_name() -> Path:
    return Path(os.environ.get("TMPDIR") or "/tmp") / f"workbench-{os.getuid()}"


def _temporary() -> Path:
    """Return a folder under the temporary one that is this user's alone.

    Raises
    ------
    StorageError
        If somebody else has taken its name.
    """
    folder = _temporary_name()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise StorageError(
            f"{folder}: {error.strerror}; set HOME to a folder that can be written to", folder
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        text = f"{folder}: belongs to somebody else or can be written to by others; set HOME or WORKBENCH_STATE_DIR"
        raise StorageError(text, folder)
    return folder


def _is_ours(project: Path) -> bool:
    try:
        text = project.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # no checkout, then
        return False
    return re.search(r'^name = "lab-workbench"$', text, re.MULTILINE) is not None
