"""``repl``: the prompt on a terminal, else a script from standard input or from ``-c``."""

from __future__ import annotations

import argparse
import sys

from labsteps.errors import UsageError
from workbench.commands.choose import sessions_of
from workbench.grammar.language import default_language
from workbench.repl.script import lines_of, lines_of_text, run_script
from workbench.repl.shell import Shell


def run_repl(options: argparse.Namespace) -> int:
    """Do the lines that ``-c`` or standard input gives, or ask for them.

    Raises
    ------
    UsageError
        If there is nothing to read from.
    """
    asked = getattr(options, "lang", None)
    language = asked or default_language()
    as_json = bool(getattr(options, "json", False))
    shell = Shell(
        sessions_of(options), getattr(options, "session", None), language, asked=asked is not None, as_json=as_json
    )
    if options.commands:
        lines = list(lines_of_text(options.commands))
        return run_script(shell, lines, keep_going=options.keep_going, numbered=len(lines) > 1)
    if sys.stdin is None:
        raise UsageError("Standard input is closed, so there is nothing to do. Give a command: repl -c 'show 6'")
    if sys.stdin.isatty() and sys.stdout.isatty():
        if as_json:
            raise UsageError("--json needs -c or commands on stdin; at the prompt, give it to a command: show 6 --json")
        from workbench.repl.terminal import ask

        return ask(shell, language)
    return run_script(shell, lines_of(sys.stdin.buffer), keep_going=options.keep_going)
