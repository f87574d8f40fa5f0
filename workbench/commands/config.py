"""``config``: which settings count and where each comes from; set one, or take it back."""

from __future__ import annotations

import argparse
import json
from typing import Any

from workbench.commands.choose import find_session, open_existing
from workbench.config.change import change
from workbench.config.files import Refused, Unknown, read_session, read_user, session_file, user_file
from workbench.config.pointers import unknown_variables
from workbench.config.resolve import Found, Layer, find, layers, refused_variable
from workbench.config.settings import SETTINGS, ConfigError, Setting, setting
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.speaking import language, said, told
from workbench.store.session import Session


def run_config(options: argparse.Namespace) -> int:
    """Run one verb of ``config``.

    Raises
    ------
    ConfigError
        If there is no such setting, or it cannot have the value.
    """
    if options.verb in ("set", "unset"):
        return _change(options)
    return _show(options)


def _show(options: argparse.Namespace) -> int:
    session = find_session(options)
    named = getattr(options, "name", None)
    shown = [setting(named)] if named else list(SETTINGS)
    if getattr(options, "json", False):
        print(json.dumps(_as_json(shown, options, session), ensure_ascii=False, indent=1))
        return Exit.DONE
    for one in shown:
        found = list(layers(one, options, session))
        print(_line(found[0]))
        if named:
            takes = one.parameter.range_in(language())
            print(printable(f"  {one.parameter.help.to(language())} ({takes}); {_ways(one)}"))
            for other in found[1:]:
                print(told(f"  behind it: {_text(other.value)}  {said(_source(other))}"))
    if not named:
        for line in _files(session):
            print(printable(line))
        for one_unknown in (*unknown_variables(), *_unknown(session)):
            print(told(f"unknown: {one_unknown}"))
    for _, problem in _refused_variables(shown):
        print(told(f"refused: {problem}"))
    if not named:
        for one_refused in _refused(session):
            print(told(f"refused: {one_refused}"))
    return Exit.DONE


def _change(options: argparse.Namespace) -> int:
    one = setting(options.name, str(getattr(options, "value", "")))
    value = None
    if options.verb == "set":
        value = one.parameter.parse(options.value)
    if options.in_session and not one.of_session:
        raise ConfigError(f"{one.name} is no setting of a session; leave --in-session out.")
    session = open_existing(options) if options.in_session else find_session(options)
    where = str(change(one, value, session if options.in_session else None))
    counts = find(one.name, None, session)
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, "file": where, "setting": _setting_json(one, None, session)}, indent=1))
        return Exit.DONE
    done = f"{one.name} = {_text(value)}" if value is not None else f"{one.name} is taken out"
    print(told(f"{done} in {where}"))
    if value is not None and counts.value != value:
        print(told(f"but {_text(counts.value)} counts: {_source(counts)}"))
    return Exit.DONE


def _line(found: Found) -> str:
    return printable(f"{found.setting.name:<19}  {_text(found.value):<23}  {said(_source(found))}")


def _source(found: Found) -> str:
    return str(found.layer) if found.layer is Layer.DEFAULT else f"{found.layer}: {found.where}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value != "" else "–"


def _ways(one: Setting) -> str:
    return ", ".join(filter(None, [one.flag, one.variable, "config.toml"]))


def _files(session: Session | None) -> list[str]:
    files = {"user's file": user_file()}
    if session is not None:
        files["session's file"] = session_file(session)
    missing = f" {said('(not there)')}"
    return ["", *(f"{said(name):<18}{file}{'' if file.exists() else missing}" for name, file in files.items())]


def _unknown(session: Session | None) -> list[Unknown]:
    return [*read_user().unknown, *(read_session(session).unknown if session is not None else ())]


def _refused(session: Session | None) -> list[Refused]:
    """Return what in the files cannot be; other commands do nothing while it is there."""
    return [*read_user().refused, *(read_session(session).refused if session is not None else ())]


def _refused_variables(shown: list[Setting]) -> list[tuple[Setting, str]]:
    return [(one, problem) for one in shown if (problem := refused_variable(one))]


def _as_json(shown: list[Setting], options: argparse.Namespace, session: Session | None) -> dict[str, Any]:
    return {
        "format": 1,
        "session": session.name if session is not None else None,
        "files": {
            "user": str(user_file()),
            "session": str(session_file(session)) if session is not None else None,
        },
        "settings": [_setting_json(one, options, session) for one in shown],
        "unknown": [
            *({"file": "", "key": one.name, "hint": one.hint} for one in unknown_variables()),
            *({"file": str(one.file), "key": one.key, "hint": one.hint} for one in _unknown(session)),
        ],
        "refused": [
            *({"file": "", "key": one.variable, "problem": problem} for one, problem in _refused_variables(shown)),
            *({"file": str(one.file), "key": one.key, "problem": str(one)} for one in _refused(session)),
        ],
    }


def _setting_json(one: Setting, options: argparse.Namespace | None, session: Session | None) -> dict[str, Any]:
    found = list(layers(one, options, session))
    return {
        "name": one.name,
        "value": found[0].value,
        "source": str(found[0].layer),
        "where": found[0].where,
        "default": one.parameter.default,
        "takes": one.parameter.range_text,
        "help": one.parameter.help.en,
        "help_el": one.parameter.help.el,
        "variable": one.variable,
        "flag": one.flag,
        "of_session": one.of_session,
        "behind": [{"value": other.value, "source": str(other.layer), "where": other.where} for other in found[1:]],
    }
