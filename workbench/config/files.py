"""The files that settings stand in: TOML, the user's and the session's; a change keeps the rest of a file as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from labsteps.context import ParameterValue
from labsteps.errors import ParameterError
from workbench.config.settings import BY_NAME, SETTINGS, ConfigError, Setting
from workbench.store.atomic import write_file
from workbench.store.errors import storage_error
from workbench.store.folders import make_folder
from workbench.store.locks import locked
from workbench.store.places import config_dir
from workbench.store.session import DEFAULTS, Session

NAME = "config.toml"
KEYS = "keys"
# ``tomllib.TOMLDecodeError`` is one of these too; to import it would cost every command.
_NOT_TOML = (ValueError,)
# The session's own record has these; its file would be a second place for them.
IN_RECORD = frozenset(setting.name for setting in SETTINGS if setting.of_session and setting.name in DEFAULTS)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A key of a file that is no setting, or none that this file can hold."""

    file: Path
    key: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key} is no setting here. {self.hint}"


@dataclass(frozen=True, slots=True)
class Refused:
    """What in a file cannot be: a value that its setting cannot have, or a line that is no TOML (its key is empty)."""

    file: Path
    key: str
    line: int
    problem: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.file}{f', line {self.line}' if self.line else ''}: {self.problem} {self.way_out}"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that was read.

    Attributes
    ----------
    refused
        What cannot be in it; nothing but for those who mend it (`mending`), since others are refused the file.
    keys
        The user's own keys by action, from the table ``[keys]``; what they mean is for the app to say.
    """

    path: Path
    values: Mapping[str, ParameterValue]
    unknown: tuple[Unknown, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


_MENDING: ContextVar[bool] = ContextVar("mending", default=False)


@contextmanager
def mending() -> Iterator[None]:
    """Read files in the block although something in them cannot be: the rest of them counts, and nothing is raised."""
    token = _MENDING.set(True)
    try:
        yield
    finally:
        _MENDING.reset(token)


def is_mending() -> bool:
    """Tell whether what cannot be is passed over; see `mending`."""
    return _MENDING.get()


def user_file() -> Path:
    """Return where the user's settings are."""
    return config_dir() / NAME


def session_file(session: Session) -> Path:
    """Return where a session's settings are, besides those in ``session.json``."""
    return session.folder / NAME


def read_user() -> ConfigFile:
    """Return the user's file, read again when it has changed.

    Raises
    ------
    ConfigError
        If it is not TOML, or a value is not one that its setting can have; the message names file and value.
    StorageError
        If it cannot be read.
    """
    return _read(user_file(), frozenset(BY_NAME), "")


def read_session(session: Session) -> ConfigFile:
    """Return a session's file; see `read_user`."""
    names = frozenset(setting.name for setting in SETTINGS if setting.of_session) - IN_RECORD
    return _read(session_file(session), names, "session")


def _read(path: Path, names: frozenset[str], where: str) -> ConfigFile:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ConfigFile(path, {})
    except OSError as error:
        raise storage_error(path, error) from error
    file = _parsed(path, (found.st_ino, found.st_mtime_ns, found.st_size), names, where)
    if file.refused and not is_mending():
        raise ConfigError("\n".join(map(str, file.refused)))
    return file


@lru_cache(maxsize=8)
def _parsed(path: Path, _signature: tuple[int, ...], names: frozenset[str], where: str) -> ConfigFile:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise storage_error(path, error) from error
    try:
        data = _toml(raw)
    except _NOT_TOML as error:
        way_out = "Mend it with an editor; `config set` and `config unset` mend a setting's own line."
        return ConfigFile(path, {}, refused=(Refused(path, "", 0, f"is not TOML ({error}).", way_out),))
    lines = raw.decode("utf-8-sig").splitlines()
    values: dict[str, ParameterValue] = {}
    unknown: list[Unknown] = []
    refused: list[Refused] = []
    keys: dict[str, str] = {}
    if not where:
        try:
            keys = _keys(data.pop(KEYS, {}))
        except ConfigError as error:
            refused.append(Refused(path, KEYS, 0, str(error), "Mend it with an editor."))
    for key, given in data.items():
        if key not in names:
            unknown.append(Unknown(path, key, _hint(key, given, names, where)))
            continue
        try:
            values[key] = BY_NAME[key].parameter.check(given)
        except ParameterError as error:
            number = next((at for at, line in enumerate(lines, 1) if _line_of(key).match(line)), 0)
            own = " --in-session" if where else ""
            way_out = f"Mend it: config set {key} VALUE{own}, or config unset {key}{own}"
            refused.append(Refused(path, key, number, str(error), way_out))
    return ConfigFile(path, values, tuple(unknown), keys, tuple(refused))


def _keys(table: object) -> dict[str, str]:
    """Return the table of keys, as action → keys.  TOML reads ``run.start = "x"`` as a table in a table."""
    found: dict[str, str] = {}
    for area, inner in table.items() if isinstance(table, dict) else ():
        actions = {f"{area}.{name}": keys for name, keys in inner.items()} if isinstance(inner, dict) else {area: inner}
        for action, keys in actions.items():
            if not isinstance(keys, str):
                raise ConfigError(f'[keys] {action} cannot be {keys!r}; it takes text such as "x" or "f7,ctrl+x".')
            found[action] = keys
    if not isinstance(table, dict):
        raise ConfigError(f"keys cannot be {table!r}; it is a table: [keys].")
    return found


def _toml(raw: bytes) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(raw.decode("utf-8-sig"))


def _hint(key: str, given: object, names: frozenset[str], where: str) -> str:
    if where and key in IN_RECORD:
        return f"The session keeps it in session.json: config set {key} VALUE --in-session"
    if where and key in BY_NAME:
        return "It is a setting of the user's file alone."
    from workbench.config.pointers import hint_for_setting  # with the catalogue, for what is unknown alone

    return hint_for_setting(key, _typed(given), sorted(names))


def _typed(given: object) -> str:
    """Return a value of a file as it is typed elsewhere, empty where it is no single value."""
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given) if isinstance(given, int | float | str) else ""


def write_setting(path: Path, setting: Setting, value: ParameterValue | None) -> None:
    """Set a setting in a file, or take it out when the value is None; comments and other lines stay.

    A line of the setting that is no TOML is mended so.  Others that write the same file meanwhile wait.

    Raises
    ------
    BusyError
        If another process keeps the file to itself for long.
    ConfigError
        If the file is not TOML, or is written in a way that cannot be changed by line.
    StorageError
        If the file system refuses.
    """
    make_folder(path.parent)
    with locked(path.with_suffix(".lock")):
        _write_setting(path, setting, value)


def _write_setting(path: Path, setting: Setting, value: ParameterValue | None) -> None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        text = ""
    except OSError as error:
        raise storage_error(path, error) from error
    changed = _changed(text, setting.name, None if value is None else f"{setting.name} = {_written(value)}")
    try:
        now = _toml(changed.encode())
    except _NOT_TOML as error:
        raise ConfigError(f"{path}: is not TOML ({error}); mend it with an editor") from error
    try:
        before = _toml(text.encode())
    except _NOT_TOML:
        same = now.get(setting.name) == value
    else:
        before.pop(setting.name, None)
        same = now == (before if value is None else {**before, setting.name: value})
    if not same:
        raise ConfigError(f"{path}: {setting.name} is written there in a way that only an editor can change.")
    write_file(path, changed.encode("utf-8"))


def _changed(text: str, name: str, line: str | None) -> str:
    """Return a file's text with the line of a key replaced, added before the first table, or taken out."""
    lines = text.splitlines()
    first_table = next((i for i, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    places = [i for i in range(first_table) if _line_of(name).match(lines[i])]
    new = [] if line is None else [line]
    if places:
        lines[places[0] : places[0] + 1] = new
    else:
        lines[first_table:first_table] = new
    return "\n".join(lines) + "\n" if lines else ""


def _line_of(name: str) -> re.Pattern[str]:
    """Return what the line of a key begins with."""
    return re.compile(rf"\s*(?:{re.escape(name)}|\"{re.escape(name)}\")\s*=")


def _written(value: ParameterValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else repr(value)
