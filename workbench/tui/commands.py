"""Commands of the grammar, done in the app: those that the app has a way of its own for, and all others as they are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from labsteps.abilities import check
from labsteps.catalogue import Part, parse_changes
from labsteps.context import ParameterValue
from labsteps.errors import UsageError
from labsteps.selection import select
from workbench.config.pointers import hint_for_parameter
from workbench.grammar.aliases import spelled_out
from workbench.grammar.line import words_of
from workbench.grammar.parser import Parser, build_parser
from workbench.grammar.verbs import find_verb
from workbench.grammar.words import Way

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

_TABS = {"show": "result", "plot": "result", "cm": "result", "answer": "answer", "follow": "run"}


def parser_of_the_app(language: str) -> Parser:
    """Return the parser of what can be typed into the palette."""
    return build_parser(Way.APP, language)


def do_command(app: WorkbenchApp, parser: Parser, line: str) -> None:
    """Do a command.

    Raises
    ------
    UsageError, StoreError
        If it is none, or cannot be done.
    """
    words = words_of(line)
    if "-h" in words or "--help" in words:
        words = ["help", *(word for word in words if word not in ("-h", "--help"))]
    options = parser.parse_args(words)
    command = options.command
    if command == "quit":
        app.run_worker(app.action_leave(), group="leave")
    elif command == "help" and not options.words:
        app.action_help()
    elif (command == "sessions" and options.verb == "list") or command == "open":
        _sessions(app, options)
    elif command in _TABS and _goes_to_part(app, options):
        app.show_tab(_TABS[command])
    elif command == "set" and any("=" in word for word in options.words) and _keep(app, options.words):
        app.tell("The parameters are set.")
    elif command == "run" and (part := _single(app, options)) is not None:
        given = _given(app, (part,), options.words)
        app.go_to(part.id)
        app.start(part, force=options.force, profile=options.profile, given=given)
    elif command == "run" and (selection := _several(app, options)) is not None:
        parts, title = selection
        given = _given(app, parts, options.words)
        app.offer(parts, title, force=options.force, profile=options.profile, given=given)
    else:
        app.show_command(line, [*words, *_context(app, options)])


def _sessions(app: WorkbenchApp, options: argparse.Namespace) -> None:
    if options.command == "open":
        app.open_session(options.name)
    else:
        app.action_sessions()


def _goes_to_part(app: WorkbenchApp, options: argparse.Namespace) -> bool:
    """Go to the part that a command names, if it names one as the app shows it."""
    name = getattr(options, "part", None) or getattr(options, "run", None)
    if name is None or getattr(options, "text", None) is not None or getattr(options, "file", None) is not None:
        return False
    try:
        parts = app.bench.lab.resolve(name).parts
    except UsageError:
        return False  # a run's id: the command knows it
    view = app.view
    chosen = next((part for part in reversed(parts) if view.state_of(part.id) is not None), parts[0])
    app.go_to(chosen.id)
    return True


def _single(app: WorkbenchApp, options: argparse.Namespace) -> Part | None:
    """Return the part to run where it is one alone, with nothing said that the app's own way does not know."""
    ids = [word for word in options.words if "=" not in word]
    if len(ids) != 1 or not _own_way(options) or any("," in one or "-" in one for one in ids):
        return None
    parts = app.bench.lab.resolve(ids[0]).parts
    return parts[0] if len(parts) == 1 and parts[0].built else None


def _several(app: WorkbenchApp, options: argparse.Namespace) -> tuple[tuple[Part, ...], str] | None:
    """Return the parts whose plan is to be shown before they run, and its title."""
    lab = app.bench.lab
    ids = [word for word in options.words if "=" not in word]
    if not ids or not _own_way(options):
        return None
    parts = select(lab, ",".join(ids)).parts
    step = next((one for one in lab if one.parts == parts), None)
    return parts, f"Step {step.id}, {step.title.to(app.look.language)}" if step is not None else f"Run {' '.join(ids)}"


def _own_way(options: argparse.Namespace) -> bool:
    """Tell whether a command to run says nothing that the app's own way of starting runs does not know."""
    flags = (options.set, options.with_prerequisites, options.dry_run, options.detach, options.tensorboard)
    return not any(flags) and options.seed is None and options.subset is None


def _keep(app: WorkbenchApp, words: Sequence[str]) -> bool:
    """Keep the parameters among the words for the parts among them, as the Parameters tab would."""
    bench = app.bench
    ids = [word for word in words if "=" not in word]
    parts = select(bench.lab, ",".join(ids)).parts if ids else ()
    if not parts:
        return False
    changes = _given(app, parts, words)
    for part in parts:
        for name, value in changes[part.id].items():
            bench.change(part, name, value)
    app.parameters_changed()
    return True


def _given(app: WorkbenchApp, parts: Sequence[Part], words: Sequence[str]) -> dict[str, dict[str, ParameterValue]]:
    """Return the parameters among the words, by part, that this machine can compute with."""
    changes = parse_changes(parts, [spelled_out(word) for word in words if "=" in word], hint_for_parameter)
    device = app.view.computes_on
    for part in parts:
        for name, value in changes[part.id].items() if device else ():
            check({name: value}, device)
    return changes


def _context(app: WorkbenchApp, options: argparse.Namespace) -> list[str]:
    """Return the flags that let a command work where the app does."""
    bench = app.bench
    verb, _ = find_verb([options.command, *filter(None, [getattr(options, "verb", None)])], Way.APP)
    taken = {argument.name for argument in verb.flags} if verb is not None else set()
    more = []
    if "sessions_dir" in taken and not hasattr(options, "sessions_dir"):
        more += ["--sessions-dir", str(bench.sessions.folder)]
    if "session" in taken and not hasattr(options, "session") and bench.session is not None:
        more += ["--session", bench.session.name]
    if (options.command == "help" or bench.asked_language) and "lang" in taken and not getattr(options, "lang", None):
        more += ["--lang", bench.language]
    if options.command == "run" and not options.detach:
        more.append("--detach")
    if getattr(options, "root", "") is None and bench.data_root is not None:
        more.append(str(bench.data_root))
    return more
