"""The prompt itself: a line editor with completion, history, suggestions and a bottom line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from workbench.commands.lookup import SessionLookup
from workbench.exits import Exit
from workbench.grammar.complete import complete
from workbench.grammar.prompt_state import LeavePrompt
from workbench.plots.text import printable
from workbench.repl.bottom import BottomLine, cut, unicode_terminal
from workbench.repl.history import KeptHistory
from workbench.repl.shell import Shell
from workbench.speaking import told
from workbench.store.errors import StoreError
from workbench.store.places import notice
from workbench.store.session import Session

PROMPT = "lab> "
MENU_LINES = 8
STYLE = Style.from_dict(
    {
        "bottom-toolbar": "noreverse bg:#303030 #d0d0d0",
        "completion-menu": "bg:#303030 #d0d0d0",
        "completion-menu.completion.current": "bg:#5f87af #ffffff",
        "completion-menu.meta.completion": "bg:#3a3a3a #a8a8a8",
        "completion-menu.meta.completion.current": "bg:#5f87af #ffffff",
        "auto-suggestion": "#808080",
        "prompt": "bold",
    }
)


class GrammarCompleter(Completer):
    """Completes by the grammar."""

    def __init__(self, lookup: SessionLookup) -> None:
        self._lookup = lookup

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what can stand at the cursor."""
        before = document.text_before_cursor
        for found in complete(before, self._lookup):
            one = found.candidate
            yield Completion(
                found.text,
                start_position=found.start - len(before),
                display=printable(one.text),
                display_meta=printable(one.about),
            )


def ask(shell: Shell, language: str) -> int:
    """Ask for lines and do them until the user leaves; return the exit code."""
    history = KeptHistory()
    lookup = SessionLookup(shell.sessions, lambda: shell.state.session, language)
    session: PromptSession[str] = PromptSession(
        FormattedText([("class:prompt", PROMPT)]),
        completer=GrammarCompleter(lookup),
        complete_in_thread=True,
        complete_while_typing=True,
        auto_suggest=AutoSuggestFromHistory(),
        history=history,
        search_ignore_case=True,
        enable_open_in_editor=True,
        key_bindings=_keys(),
        reserve_space_for_menu=MENU_LINES,
        style=STYLE,
        color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
    )
    bottom = BottomLine(shell, session.app.invalidate)
    session.bottom_toolbar = lambda: FormattedText([("", cut(bottom.text, session.app.output.get_size().columns))])
    _greet(shell, history)
    bottom.start()
    try:
        _loop(shell, session, bottom)
    finally:
        bottom.stop()
    _say_what_goes_on(shell)
    return Exit.DONE


def _loop(shell: Shell, session: PromptSession[str], bottom: BottomLine) -> None:
    while True:
        bottom.look_again()
        try:
            line = session.prompt()
        except KeyboardInterrupt:
            continue  # Ctrl-C takes back what was typed
        except EOFError:
            return
        try:
            shell.do(line)
        except LeavePrompt:
            return


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("f1")
    def _(event: KeyPressEvent) -> None:
        """Show all about the command that is being typed, or the list of commands."""
        buffer = event.current_buffer
        first = buffer.text.split(maxsplit=1)[:1]
        buffer.text = " ".join(["help", *first]) if first != ["help"] else buffer.text
        buffer.validate_and_handle()

    return keys


def _greet(shell: Shell, history: KeptHistory) -> None:
    """Say how to begin, and what is not as it should be."""
    dash = "·" if unicode_terminal() else "-"
    keys = told("tab completes, ctrl-r searches, help or F1 explains, quit or ctrl-d leaves", shell.language())
    print(f"Lab workbench {dash} {keys}")
    for problem in (notice(), history.problem):
        if problem:
            print(told(problem, shell.language()), file=sys.stderr)


def _say_what_goes_on(shell: Shell) -> None:
    folder = shell.state.session
    if folder is None:
        return
    try:
        live = [str(run.record.get("part", run.id)) for run in Session(folder).live_runs()]
    except StoreError as error:
        print(told(str(error), shell.language()), file=sys.stderr)
        return
    if live:
        text = f"{', '.join(live)} {'goes' if len(live) == 1 else 'go'} on; `follow` or the app shows it"
        print(told(text, shell.language()))
