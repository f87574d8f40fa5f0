"""``open``, ``set`` and ``device``: which session, and with which settings."""

from __future__ import annotations

import argparse
import json
from typing import Any

from labsteps.abilities import check
from labsteps.catalogue import Catalogue, Part, catalogue, unknown_parameter
from labsteps.context import ParameterValue
from labsteps.errors import DeviceError, ParameterError, UsageError
from labsteps.near import did_you_mean, nearest
from workbench.commands.choose import open_existing, sessions_of
from workbench.config import configured
from workbench.config.pointers import hint_for_parameter
from workbench.config.resolve import find
from workbench.exits import Exit
from workbench.grammar.aliases import spelled_out
from workbench.grammar.prompt_state import PromptState, state_of
from workbench.runner.devices import devices, resolve_device
from workbench.speaking import told
from workbench.store.session import Session

LANGUAGES = ("en", "el")
OF_SESSION = ("seed", "language", "device")
MOST_SEEDS = 2**31


def run_open(options: argparse.Namespace) -> int:
    """Open a session, so that it is the last one; the prompt goes over to it."""
    session = sessions_of(options).open(options.name)
    state = state_of(options)
    if state is not None and state.session != session.folder:
        state.session = session.folder
        state.drafts.clear()
    about = {"session": session.name, "folder": str(session.folder), "data_root": str(session.data_root or "")}
    lines = [f"session {session.name}, data {session.data_root or 'not chosen yet'}"]
    counts = find("session")
    if state is None and counts.value and counts.value not in (session.name, session.folder.name):
        lines.append(f"but {counts.value} counts: {counts.layer}: {counts.where}")
    return _tell(options, about, lines)


def run_device(options: argparse.Namespace) -> int:
    """List the devices, or choose the one of the session.

    Raises
    ------
    DeviceError
        If this machine has no such device.
    """
    session = open_existing(options)
    if options.chosen is not None:
        resolve_device(options.chosen)
        session.update(device=options.chosen)
    here = devices()
    now = resolve_device(session.device)
    rows = [{"device": one.name, "title": one.title, "used": one.name == now} for one in here]
    lines = [f"{'▸' if row['used'] else ' '} {row['device']:<8} {row['title']}" for row in rows]
    lines.append(f"session {session.name} is on {session.device}{'' if session.device == now else f', here {now}'}")
    return _tell(options, {"session": session.name, "chosen": session.device, "devices": rows}, lines)


def run_set(options: argparse.Namespace) -> int:
    """Set parameters for the runs to come, or settings of the session; without words, list both.

    Raises
    ------
    UsageError, ParameterError
        If a word is neither, or a value is out of range; nothing is changed then.
    """
    state = state_of(options)
    lab = catalogue()
    parts = [part for word in options.words if "=" not in word for part in lab.resolve(word).parts]
    assignments = [spelled_out(word) for word in options.words if "=" in word]
    if parts and not assignments:
        raise UsageError(f"What of {', '.join(part.id for part in parts[:6])} is to be set? As in: set 5γ epochs=20")
    of_session = [text for text in assignments if not parts and _name(text) in OF_SESSION]
    changes = dict(_session_setting(text) for text in of_session)
    drafts = _drafts(lab, parts, [text for text in assignments if text not in of_session], state)
    session = open_existing(options) if changes or state is None else _session_or_none(options)
    _check_here(drafts, str(changes.get("device") or configured("device", options, session)))
    if changes and session is not None:
        session.update(**changes)
    if state is not None:
        for part, name, value in drafts:
            state.keep(part, name, value)
    return _show(options, session, state)


def _drafts(
    lab: Catalogue, parts: list[Part], assignments: list[str], state: PromptState | None
) -> list[tuple[str, str, ParameterValue | None]]:
    """Return (part, name, value) of every assignment; part ``""`` stands for all, and None takes a value back."""
    found: list[tuple[str, str, ParameterValue | None]] = []
    for text in assignments:
        name, _, value = text.partition("=")
        name = name.strip().replace("-", "_")
        among = parts or list(lab.parts.values())
        takers = [part for part in among if any(one.name == name for one in part.parameters)]
        if not takers:
            raise ParameterError(
                unknown_parameter(parts, name, value, hint_for_parameter) if parts else _unknown(name, value, lab)
            )
        if state is None:
            raise UsageError(
                f"{name} is given with the run: run {takers[0].ascii_id} {text}. `set` keeps it at the prompt."
            )
        own = takers if parts else takers[:1]
        for part in own:
            read = part.parameter(name).parse(value) if value.strip() else None
            found.append((part.id if parts else "", name, read))
    return found


def _check_here(drafts: list[tuple[str, str, ParameterValue | None]], device: str) -> None:
    """Refuse what this machine cannot compute with; a device that is not there is told by the run."""
    try:
        here = resolve_device(device)
    except DeviceError:
        return
    for _, name, value in drafts:
        if value is not None:
            check({name: value}, here)


def _unknown(name: str, value: str, lab: Catalogue) -> str:
    """Return the sentence that says that nothing of this name can be set, and what was probably meant."""
    names = [*OF_SESSION, *dict.fromkeys(one.name for part in lab.parts.values() for one in part.parameters)]
    meant = nearest(name, names)
    hint = hint_for_parameter(name, value, meant) or did_you_mean(name, names) or "`help set` tells more."
    return f"No part has a parameter {name!r}. {hint}"


def _session_setting(text: str) -> tuple[str, Any]:
    name, value = _name(text), text.partition("=")[2].strip()
    if name == "seed":
        if not value.isdecimal() or int(value) >= MOST_SEEDS:
            raise ParameterError(f"seed cannot be {value!r}: it takes a whole number from 0 to {MOST_SEEDS - 1}.")
        return name, int(value)
    if name == "device":
        resolve_device(value)
        return name, value
    if value not in LANGUAGES:
        raise ParameterError(f"language cannot be {value!r}: it takes {' or '.join(LANGUAGES)}.")
    return name, value


def _name(text: str) -> str:
    return text.partition("=")[0].strip()


def _session_or_none(options: argparse.Namespace) -> Session | None:
    return open_existing(options) if sessions_of(options).last() is not None else None


def _show(options: argparse.Namespace, session: Session | None, state: PromptState | None) -> int:
    settings = {} if session is None else {name: session.settings[name] for name in OF_SESSION}
    drafts = {} if state is None else state.drafts
    lines = [f"session {session.name}: " + ", ".join(f"{n} {v}" for n, v in settings.items())] if session else []
    for part, own in drafts.items():
        lines.append(f"{part or 'every part'}: " + ", ".join(f"{name} {_text(value)}" for name, value in own.items()))
    if state is not None and not drafts:
        lines.append("no parameters are set; every part runs with its defaults")
    about = {"session": session.name if session else None, "settings": settings, "parameters": drafts}
    return _tell(options, about, lines)


def _text(value: ParameterValue) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tell(options: argparse.Namespace, data: dict[str, Any], lines: list[str]) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, **data}, ensure_ascii=False))
        return Exit.DONE
    for line in lines:
        print(told(line))
    return Exit.DONE
