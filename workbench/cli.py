"""``python -m workbench``: read the command line by the grammar, and do what it says.

Everything beyond reading the command line is imported when a command needs it, so that ``--help`` costs nothing.
"""

from __future__ import annotations

import argparse
import codecs
import errno
import os
import sys
from collections.abc import Collection, Sequence
from itertools import pairwise

from workbench.exits import Exit
from workbench.grammar.errors import CommandError
from workbench.grammar.parser import PROGRAM, Parser
from workbench.grammar.parser import build_parser as parser_of

_NEEDS_STEP = (
    "detach",
    "dry_run",
    "watch",
    "tensorboard",
    "profile",
    "force",
    "with_prerequisites",
    "set",
    "subset",
    "seed",
    "json",
)


# As the ids of parts have them: 5γ is 5c.
_PART_LETTERS = dict(zip("αβγδεζηθι", "abcdefghi", strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _make_streams_safe()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _main(words)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        from workbench.commands.execute import refuse

        return refuse(KeyboardInterrupt("interrupted"), Exit.CTRL_C, as_json="--json" in words)
    except BrokenPipeError:
        # The reader of our output has gone (``| head``); what is left to write must not raise again at exit.
        _discard_output()
        return Exit.DONE
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _discard_output()
        print(f"the output could not be written: {error.strerror}", file=sys.stderr)
        return Exit.FAILED


def build_parser(language: str = "en", words: Collection[str] | None = None) -> Parser:
    """Return the parser of the whole command line, or of what is needed to read some words."""
    return parser_of(language=language, words=words)


def _main(words: list[str]) -> int:
    parser = build_parser(_language(words), words)
    try:
        options = parser.parse_args(words)
        _check(parser, options)
    except CommandError as error:
        from workbench.commands.execute import refuse
        from workbench.grammar.language import default_language
        from workbench.speaking import speaking

        language = _asked_language(words) or default_language()
        with speaking(lambda: language):
            if error.usage:
                print(_usage(language, words) or error.usage, file=sys.stderr)
            return refuse(error, Exit.USAGE, as_json="--json" in words)
    if options.version:
        import labsteps

        print(labsteps.__version__)
        return Exit.DONE
    if not options.command:
        # Without a command: the batch when a step is named, else the app.
        options.handler = "workbench.commands.batch:run_batch" if options.step else "workbench.cli:open_app"
    from workbench.commands.execute import execute

    return execute(options)


def _check(parser: Parser, options: argparse.Namespace) -> None:
    """Refuse flags that do not go together."""
    if options.step is not None and not options.step.strip():
        parser.error("--step is empty; it takes a step or part, as in --step 7.1e. `steps` lists them")
    if options.command and options.step:
        parser.error(f"--step does not go with the command {options.command!r}")
    if options.command not in (None, "run") and options.set:
        parser.error(f"--set does not go with the command {options.command!r}")
    if not options.command and not options.step and not options.version:
        meant = [f"--{name.replace('_', '-')}" for name in _NEEDS_STEP if getattr(options, name, None)]
        if meant:
            parser.error(f"{', '.join(meant)} needs --step ID; `steps` lists them")


def _language(words: list[str]) -> str:
    """Return the language of the help: that of ``--lang``, else that of the settings or the locale."""
    if asked := _asked_language(words):
        return asked
    if not {"-h", "--help"} & set(words):
        return "en"  # nothing is shown in it, and to read the settings would cost every command
    from workbench.grammar.language import default_language

    return default_language()


def _usage(language: str, words: list[str]) -> str:
    """Return how the command is written that cannot be read, in a language."""
    try:
        build_parser(language, words).parse_args(words)
    except CommandError as error:
        return error.usage
    return ""


def _asked_language(words: list[str]) -> str:
    """Return the language that ``--lang`` asks for, empty where it asks for none."""
    given = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    given += [after for word, after in pairwise(words) if word == "--lang"]
    return given[0] if given and given[0] in ("en", "el") else ""


def _make_streams_safe() -> None:
    """Let no closed stream and no narrow encoding break a command that only wants to print."""
    codecs.register_error("nearest", _nearest)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (lives as long as the process)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return letters that a narrow encoding has in the place of those that it has not: ``7.1e`` for ``7.1ε``."""
    from workbench.plots.text import printable

    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = ""
    for at in range(error.start, error.end):
        letter = error.object[at]
        of_a_part = letter in _PART_LETTERS and error.object[at - 1 : at].isdigit()
        found += _PART_LETTERS[letter] if of_a_part else printable(letter, unicode=False)
    return found, error.end


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_app(options: argparse.Namespace) -> int:
    """Open the app, or the prompt in plain lines; without a terminal, print the steps and where to go from there."""
    from workbench.config.resolve import switched_on

    if switched_on("plain", options):
        from workbench.repl.plain import run_plain

        return run_plain(options)
    if not sys.stdout.isatty() or not sys.stdin.isatty() or os.environ.get("TERM", "dumb") in ("dumb", ""):
        from workbench.commands.steps import list_steps

        list_steps(options)
        from workbench.speaking import told

        print(told(f"The app needs a terminal. Run a step with: {PROGRAM} --step ID; or try --plain"), file=sys.stderr)
        return Exit.USAGE
    from workbench.tui.start import run_app

    return run_app(
        getattr(options, "session", None),
        getattr(options, "sessions_dir", None),
        getattr(options, "data", None),
        getattr(options, "device", None),
        getattr(options, "lang", None),
        low_bandwidth=bool(getattr(options, "low_bandwidth", False)),
    )
