"""Do what a command says: find its function, call it, and turn what a user can mend into a message and an exit code."""

from __future__ import annotations

import argparse
import codecs
import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module

from workbench.exits import Exit


def execute(options: argparse.Namespace) -> int:
    """Run the function of a command and return the exit code.

    Parameters
    ----------
    options
        What `workbench.grammar.parser` read; ``handler`` names the function.

    Raises
    ------
    BrokenPipeError
        If the reader of our output has gone.
    """
    from workbench.speaking import speaking

    with speaking(lambda: _language(options), lambda: _plain(options)):
        return _execute(options)


def _execute(options: argparse.Namespace) -> int:
    try:
        with _mending_if(options.command in _MEND), for_programs() if _as_json(options) else nullcontext():
            _use_settings(options)
            module, _, name = options.handler.partition(":")
            code: int = getattr(import_module(module), name)(options)
    except SystemExit as left:
        # rich leaves with code 1 where the reader of our output has gone, as if the command had failed.
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise
    except Exception as error:  # those that users can do something about; the rest goes on
        if isinstance(error, FileNotFoundError) and _folder_is_gone():
            from labsteps.errors import UsageError

            error = UsageError("The folder that this was started in is not there any more; go to another one first.")
        found = exit_code_of(error)
        if found is None:
            raise
        return refuse(error, found, as_json=_as_json(options))
    return code


def _folder_is_gone() -> bool:
    """Return whether the working folder was removed, so that no path can begin there."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _language(options: argparse.Namespace) -> str:
    """Return the language of a command: that of its flag, its session or the user; never fail for it."""
    from labsteps.errors import LabError
    from workbench.commands.choose import find_session
    from workbench.commands.output import language_of
    from workbench.grammar.language import default_language
    from workbench.store.errors import StoreError

    try:
        return language_of(options, find_session(options))
    except (LabError, StoreError, OSError):  # what is wrong there is told by the command that needs it
        return getattr(options, "lang", None) or default_language()


def _plain(options: argparse.Namespace) -> bool:
    """Return whether what is printed is for a screen reader or a log; never fail for it."""
    from labsteps.errors import LabError
    from workbench.config.resolve import switched_on
    from workbench.store.errors import StoreError

    try:
        return switched_on("plain", options)
    except (LabError, StoreError, OSError):
        return False


def _mending_if(mends: bool) -> AbstractContextManager[None]:
    """Let commands that mend the settings, or tell how, work while something in the settings cannot be."""
    from workbench.config.files import mending

    return mending() if mends else nullcontext()


def _use_settings(options: argparse.Namespace) -> None:
    """Let the user's settings count, and name what in their file is no setting."""
    from workbench.config.resolve import apply_to_process
    from workbench.speaking import told

    for unknown in apply_to_process(options):
        if options.command != "config" and unknown not in _TOLD:
            _TOLD.add(unknown)
            print(told(f"warning: {unknown}"), file=sys.stderr)


_TOLD: set[object] = set()
_MEND = ("config", "help", "completion")


def exit_code_of(error: Exception) -> Exit | None:
    """Return the exit code of an error that is the user's to mend, None for one that is ours."""
    from labsteps.errors import DataError, LabError, UsageError
    from workbench.store.errors import StoreError

    if isinstance(error, UsageError):
        return Exit.USAGE
    if isinstance(error, DataError):
        return Exit.DATA
    if isinstance(error, StoreError):
        return Exit.SESSION
    return Exit.FAILED if isinstance(error, LabError) else None


def refuse(error: BaseException, code: Exit, *, as_json: bool) -> int:
    """Tell an error on stderr, and on stdout for programs; return its exit code."""
    from workbench.speaking import told

    message, problems = str(error), list(getattr(error, "problems", ()))
    lines = message.splitlines() or [type(error).__name__]
    for line in [*lines, *(f"  {problem}" for problem in problems if problem not in message)]:
        print(told(line), file=sys.stderr)
    if as_json:
        report = {"kind": type(error).__name__, "message": message, "problems": problems, "exit": int(code)}
        with for_programs():
            print(json.dumps({"format": 1, "error": report}, ensure_ascii=False))
    return code


def _as_json(options: argparse.Namespace) -> bool:
    return bool(getattr(options, "json", False))


@contextmanager
def for_programs() -> Iterator[None]:
    r"""Let letters that the encoding of stdout does not have be written as ``\u2026`` in the block, as JSON has them.

    The nearest letters, which people get, would be other text to a program, and a quotation mark among them would end a
    string.
    """
    codecs.register_error("in_json", _in_json)
    stream, before = sys.stdout, getattr(sys.stdout, "errors", None)
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        yield
        return
    reconfigure(errors="in_json")
    try:
        yield
    finally:
        reconfigure(errors=before)


def _in_json(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
