"""Where a name belongs that was given in the wrong place: a parameter as a setting, a setting as a parameter.

A parameter belongs to a run and is given with it; a setting is of the user or the session and counts for all runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labsteps.catalogue import Part, catalogue
from labsteps.near import nearest
from labsteps.parameter import shortened
from workbench.config.settings import BY_NAME, SETTINGS, Setting
from workbench.grammar.aliases import ALIASES

PREFIX = "WORKBENCH_"
# Variables that are no settings: where the settings lie, and what one process of ours tells another.
OTHERS = ("CONFIG_DIR", "RUNTIME_DIR", "TERMINAL_SIZE", "RUN_PROFILE", "FAILPOINT")
OF_SESSION = ("seed", "language", "device")


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A variable of the environment that looks like one of ours and counts for nothing."""

    name: str
    hint: str

    def __str__(self) -> str:
        return f"the variable {self.name} counts for nothing. {self.hint}"


def hint_for_setting(name: str, value: str = "", names: Iterable[str] = tuple(BY_NAME)) -> str:
    """Return what to do with a name that is no setting: where it belongs, or which was meant.

    Parameters
    ----------
    name
        What was taken for a setting.
    value
        What it was to be; empty where that is not known.
    names
        The settings that there are to choose from.
    """
    names, asked = list(names), _spelled(name)
    takers = _takers()
    full = ALIASES.get(asked, asked)
    if full in takers:
        return _is_parameter(full, value, takers[full])
    flag = _of_flag(asked)
    if flag is not None:
        return f"Did you mean {flag.name}?"
    meant = nearest(asked, [*names, *(one for one in takers if one not in names)])
    if not meant:
        return f"Settings are {', '.join(names)}."
    told = f"Did you mean {' or '.join(meant)}?"
    first = next((one for one in meant if one not in names), "")
    return f"{told} {_is_parameter(first, value, takers[first])}" if first else told


def hint_for_parameter(name: str, value: str = "", meant: Sequence[str] = ()) -> str:
    """Return what to do with a name that is a setting and no parameter; empty where it is none.

    Parameters
    ----------
    name
        What was taken for a parameter: the name of a setting, or its flag.
    value
        What it was to be; empty where that is not known.
    meant
        Parameters that look like it; a setting that only looks like it has to be nearer than these.
    """
    asked = _spelled(name)
    found = BY_NAME.get(asked) or _of_flag(asked)
    if found is not None:
        return _is_setting(found, value)
    near = next(iter(nearest(asked, [*meant, *BY_NAME])), "")
    if near not in BY_NAME or asked in _takers():  # other parts know it
        return ""
    return f"Did you mean {near}? {_is_setting(BY_NAME[near], value)}"


def unknown_variables() -> tuple[UnknownVariable, ...]:
    """Return the variables of the environment that begin like ours and that nothing here reads."""
    known = {one.variable for one in SETTINGS} | {PREFIX + one for one in OTHERS}
    return tuple(
        UnknownVariable(name, _hint_for_variable(name, os.environ[name]))
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    )


def _hint_for_variable(name: str, value: str) -> str:
    asked = name.removeprefix(PREFIX).lower()
    takers = _takers()
    if asked in takers:
        return _is_parameter(asked, value, takers[asked])
    flag = _of_flag(asked)
    meant = [flag.name] if flag is not None else nearest(asked, [*BY_NAME, *takers])
    if not meant:
        return "docs/settings.md lists the variables that there are."
    variables = [BY_NAME[one].variable for one in meant if one in BY_NAME]
    if variables:
        return f"Did you mean {' or '.join(variables)}?"
    return f"Did you mean {meant[0]}? {_is_parameter(meant[0], value, takers[meant[0]])}"


def _is_parameter(name: str, value: str, part: Part) -> str:
    given = f"{name}={_typed(value)}"
    return (
        f"It is a parameter of parts, given with the run: `run {part.ascii_id} {given}`, or --set {given}. "
        f"`help {part.ascii_id}` lists what it takes."
    )


def _is_setting(one: Setting, value: str) -> str:
    if one.name in OF_SESSION:
        return f"It is a setting of the session: `set {one.name}={_typed(value)}`."
    return f"It is a setting: `config set {one.name} {_typed(value)}`."


def _typed(value: str) -> str:
    return shortened(value.strip()) or "VALUE"


def _of_flag(option: str) -> Setting | None:
    return next((one for one in SETTINGS if one.option and one.option == option), None)


def _spelled(name: str) -> str:
    return name.strip().removeprefix("--").replace("-", "_").casefold()


def _takers() -> dict[str, Part]:
    """Return by parameter the first part that takes it."""
    found: dict[str, Part] = {}
    for part in catalogue().parts.values():
        for parameter in part.parameters:
            found.setdefault(parameter.name, part)
    return found
