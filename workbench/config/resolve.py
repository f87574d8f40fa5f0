"""Which value of a setting counts, and where it comes from."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from labsteps.context import ParameterValue
from labsteps.errors import ParameterError
from workbench.config.files import IN_RECORD, Unknown, is_mending, read_session, read_user
from workbench.config.settings import BY_NAME, PLACES, ConfigError, Setting
from workbench.store.session import SESSION_FILE, Session


class Layer(StrEnum):
    """Where a value can come from, the first wins."""

    COMMAND_LINE = "command line"
    ENVIRONMENT = "environment"
    SESSION = "session"
    USER = "user"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a setting, and where it stands: a flag, a variable or a file."""

    setting: Setting
    value: ParameterValue
    layer: Layer
    where: str = ""


def find(name: str, options: argparse.Namespace | None = None, session: Session | None = None) -> Found:
    """Return the value of a setting that counts.

    Parameters
    ----------
    name
        The setting.
    options
        Of the command line.
    session
        The session, where one is open.

    Raises
    ------
    ConfigError
        If a variable or a file holds a value that the setting cannot have.
    """
    return next(layers(BY_NAME[name], options, session))


def configured(name: str, options: argparse.Namespace | None = None, session: Session | None = None) -> ParameterValue:
    """Return the value of a setting that counts; see `find`."""
    return find(name, options, session).value


def switched_on(name: str, options: argparse.Namespace | None = None, session: Session | None = None) -> bool:
    """Return whether a switch is on; see `find`."""
    return bool(configured(name, options, session))


def layers(
    setting: Setting, options: argparse.Namespace | None = None, session: Session | None = None
) -> Iterator[Found]:
    """Yield the values that are given for a setting, the one that counts first; the default is always the last."""
    given = getattr(options, setting.option, None) if setting.flag and options is not None else None
    # What the configuration itself put into the options is not from the command line.
    if given not in (None, False) and setting.name not in getattr(options, "from_settings", ()):
        yield Found(setting, str(given) if isinstance(given, Path) else given, Layer.COMMAND_LINE, setting.flag)
    text = os.environ.get(setting.variable, "")
    if text and setting.variable not in _FROM_FILE:
        problem = refused_variable(setting)
        if not problem:
            yield Found(setting, setting.parameter.parse(text), Layer.ENVIRONMENT, setting.variable)
        elif not is_mending():
            raise ConfigError(problem)
    if session is not None and setting.of_session:
        yield from _of_session(setting, session)
    user = read_user()
    if setting.name in user.values:
        yield Found(setting, user.values[setting.name], Layer.USER, str(user.path))
    yield Found(setting, setting.parameter.default, Layer.DEFAULT)


def refused_variable(setting: Setting) -> str:
    """Return what is wrong with the environment's value of a setting, and the way out; empty where nothing is."""
    text = os.environ.get(setting.variable, "")
    if not text or setting.variable in _FROM_FILE:
        return ""
    try:
        setting.parameter.parse(text)
    except ParameterError as error:
        return f"{setting.variable}: {error} Set or unset the variable in your shell."
    return ""


def _of_session(setting: Setting, session: Session) -> Iterator[Found]:
    if setting.name in IN_RECORD:
        own = session.settings[setting.name]
        if own != setting.unset:
            yield Found(setting, own, Layer.SESSION, str(session.folder / SESSION_FILE))
        return
    file = read_session(session)
    if setting.name in file.values:
        yield Found(setting, file.values[setting.name], Layer.SESSION, str(file.path))


_FROM_FILE: set[str] = set()


def apply_to_process(options: argparse.Namespace) -> tuple[Unknown, ...]:
    """Let the user's file say which session is meant and where things are kept, for this process and its children.

    Returns
    -------
    tuple
        What the user's file holds that is no setting.

    Raises
    ------
    ConfigError, StoreError
        If the file cannot be used.
    """
    for name in PLACES:
        setting = BY_NAME[name]
        own = read_user().values.get(name)
        if own and not os.environ.get(setting.variable):
            os.environ[setting.variable] = str(Path(str(own)).expanduser().absolute())
            _FROM_FILE.add(setting.variable)
    if getattr(options, "session", None) is None and getattr(options, "prompt", None) is None:
        session = configured("session")
        if session:
            options.session = str(session)
            options.from_settings = (*getattr(options, "from_settings", ()), "session")
    return read_user().unknown
