"""Change a setting in the user's file or in a session's."""

from __future__ import annotations

from pathlib import Path

from labsteps.context import ParameterValue
from workbench.config.files import IN_RECORD, session_file, user_file, write_setting
from workbench.config.settings import ConfigError, Setting
from workbench.grammar.language import default_language
from workbench.runner.devices import resolve_device
from workbench.store.session import SESSION_FILE, Session


def change(one: Setting, value: ParameterValue | None, session: Session | None = None) -> Path:
    """Set a setting, or take it out when the value is None, and return the file that was written.

    Parameters
    ----------
    session
        Whose setting it is to be; the user's own when None.

    Raises
    ------
    ConfigError
        If it is no setting of a session, or the file cannot be changed.
    DeviceError
        If this machine has no such device.
    StoreError
        If the file system refuses.
    """
    if one.name == "device" and value is not None:
        resolve_device(str(value))
    if session is None:
        write_setting(user_file(), one, value)
        return user_file()
    if not one.of_session:
        raise ConfigError(f"{one.name} is no setting of a session; change it in your own settings.")
    if one.name in IN_RECORD:
        own = one.parameter.default if value is None else value
        session.update(**{one.name: default_language() if one.name == "language" and own == "auto" else own})
        return session.folder / SESSION_FILE
    write_setting(session_file(session), one, value)
    return session_file(session)
