"""One line of the prompt or of a script, from text to exit code; and what is kept between two lines."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.commands.execute import execute, exit_code_of, refuse
from workbench.exits import Exit
from workbench.grammar.errors import CommandError
from workbench.grammar.line import words_of
from workbench.grammar.parser import build_parser
from workbench.grammar.prompt_state import LeavePrompt, PromptState
from workbench.grammar.verbs import find_verb
from workbench.grammar.words import Way
from workbench.plots.text import printable
from workbench.speaking import said, speaking, told
from workbench.store.errors import SessionNotFoundError, StoreError
from workbench.store.places import state_dir
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry, Sessions

ERRORS_FILE = "errors.log"
_KEYS = {"?": "help", "q": "quit"}  # the app's keys, for fingers that know them


class Shell:
    """Reads and does lines in one session.

    Parameters
    ----------
    sessions
        Where sessions are kept.
    name
        The session to begin with; made by the first run where there is none of this name. By default the last one.
    language
        Of the help, and of what is told where no session says another; ``en`` or ``el``.
    asked
        Whether the user asked for that language here, which counts more than that of a session.
    as_json
        Whether every command that can print JSON does.
    given
        Flags that were given where it was opened, such as the data, by name; they count until a session is open, in
        commands that take them.

    Attributes
    ----------
    state
        What is kept between two lines.
    """

    def __init__(
        self,
        sessions: Sessions,
        name: str | None,
        language: str,
        *,
        asked: bool = False,
        as_json: bool = False,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.sessions = sessions
        self._as_json = as_json
        self._given = dict(given or {})
        self.state = PromptState()
        self._wanted = name
        self._language, self._asked = language, asked
        self._parser = build_parser(Way.PROMPT, language)
        self._enter()

    def do(self, line: str) -> int:
        """Do a line and return its exit code; what goes wrong is told, never raised.

        Raises
        ------
        LeavePrompt
            If the line says so.
        BrokenPipeError
            If the reader of our output has gone.
        """
        with speaking(self.language):
            return self._done(line)

    def _done(self, line: str) -> int:
        try:
            return self._do(line)
        except (LeavePrompt, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            print(said("interrupted"), file=sys.stderr)
            return Exit.CTRL_C
        except SystemExit as left:  # argparse leaves after --help
            return int(left.code or 0)
        except Exception as error:  # also a fault of ours is told in a line, and the prompt goes on
            code = exit_code_of(error)
            if code is not None:
                return refuse(error, code, as_json=self._as_json)
            return _tell_ours(error)

    def _do(self, line: str) -> int:
        words: list[str] = []
        try:
            words = words_of(line)
            if not words:
                return Exit.DONE
            if len(words) == 1:
                words = [_KEYS.get(words[0], words[0])]
            options = self._parser.parse_args(words)
        except CommandError as error:
            if error.usage:
                print(printable(" ".join(error.usage.split())), file=sys.stderr)
            return refuse(error, Exit.USAGE, as_json=self._as_json or "--json" in words)
        self._complete(options, words)
        code = execute(options)
        sys.stdout.flush()
        if self.state.session is None:
            self._enter()
        return code

    def _complete(self, options: argparse.Namespace, words: list[str]) -> None:
        """Give a command what it does not say itself: the place of the sessions, the session, the language."""
        options.prompt = self.state
        if not hasattr(options, "sessions_dir"):
            options.sessions_dir = self.sessions.folder
        if not hasattr(options, "session"):
            name = self.session_name()
            if name is not None:
                options.session = name
        if (self._asked or options.command == "help") and not hasattr(options, "lang"):
            options.lang = self._language
        if self._as_json and self._takes(words, "json"):
            options.json = True
        for flag, value in self._given.items():
            if self.state.session is None and getattr(options, flag, None) is None and self._takes(words, flag):
                setattr(options, flag, value)

    def _takes(self, words: list[str], flag: str) -> bool:
        verb, _ = find_verb(words, Way.PROMPT)
        return verb is not None and any(argument.name == flag for argument in verb.arguments)

    def language(self) -> str:
        """Return the language of what is told now: the one that was asked for, else that of the session."""
        folder = self.state.session
        if self._asked or folder is None:
            return self._language
        try:
            return Session(folder).language
        except StoreError:
            return self._language

    def session_name(self) -> str | None:
        """Return the name of the session that is open, by its folder's where it cannot be read; None without one."""
        folder = self.state.session
        if folder is not None and not folder.is_dir():
            folder = self.state.session = None
        if folder is None:
            return self._wanted
        try:
            return Session(folder).name
        except StoreError:
            return folder.name

    def _enter(self) -> None:
        """Open the session that was asked for, the last one on the data that were given, or the last one of all."""
        name, data = self._wanted, self._given.get("data")
        for entry in self.sessions.entries():
            asked = name in (entry.name, entry.folder.name) if name is not None else _is_on(entry, data)
            if asked:
                self.state.session = entry.folder
                return
        if name is None and data is None:
            try:
                self.state.session = self.sessions.last_folder()
            except SessionNotFoundError:
                self.state.session = None


def _is_on(entry: SessionEntry, data: Path | None) -> bool:
    if data is None or entry.problem:
        return False
    try:
        return Session(entry.folder).data_root == data.expanduser().absolute()
    except StoreError:
        return False


def _tell_ours(error: Exception) -> int:
    """Say that something is wrong with the program, and keep the details for a report of it."""
    print(told(f"This is a fault of the workbench: {type(error).__name__}: {error}"), file=sys.stderr)
    try:
        file: Path = state_dir() / ERRORS_FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n{traceback.format_exc()}\n")
    except (OSError, StoreError) as refused:
        print(told(f"Its details could not be kept: {refused}"), file=sys.stderr)
    else:
        print(told(f"Its details are in {file}; runs are not touched by it."), file=sys.stderr)
    return Exit.FAILED
