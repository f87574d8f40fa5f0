"""``help`` and ``quit``."""

from __future__ import annotations

import argparse

from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.grammar.parser import build_parser, verb_parser
from workbench.grammar.prompt_state import LeavePrompt, state_of
from workbench.grammar.verbs import GROUPS
from workbench.grammar.words import Way, given


def run_help(options: argparse.Namespace) -> int:
    """Print the list of commands, or all about the one that is named.

    Raises
    ------
    CommandError
        If there is no such command.
    """
    way = Way.COMMAND_LINE if state_of(options) is None else Way.PROMPT
    language = getattr(options, "lang", None) or default_language()
    parser = build_parser(way, language)
    if options.words or way is Way.COMMAND_LINE:
        print(verb_parser(parser, options.words).format_help(), end="")
        return Exit.DONE
    wide = max(len(", ".join(verb.names)) for group in GROUPS for verb in given(group, way))
    for group in GROUPS:
        for verb in given(group, way):
            print(f"  {', '.join(verb.names):<{wide}}  {verb.help.to(language)}")
        print()
    more = "help ΕΝΤΟΛΗ: όλα για μία εντολή" if language == "el" else "help COMMAND: all about one of them"
    print(f"  {more}")
    return Exit.DONE


def leave(options: argparse.Namespace) -> int:
    """Leave the prompt."""
    raise LeavePrompt
