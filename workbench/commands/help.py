"""``help`` and ``quit``."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.grammar.parser import build_parser, verb_parser
from workbench.grammar.prompt_state import LeavePrompt, state_of
from workbench.grammar.verbs import GROUPS
from workbench.grammar.words import Way, given
from workbench.plots.text import printable
from workbench.speaking import UNBROKEN, in_words
from workbench.wording import SIZE_VARIABLE


def run_help(options: argparse.Namespace) -> int:
    """Print the list of commands, or all about the command, part or step that is named.

    Raises
    ------
    CommandError, UnknownPartError
        If there is no such command or part.
    """
    # Where the app shows what a command says, it is written as in the palette.
    here = Way.APP if SIZE_VARIABLE in os.environ else Way.COMMAND_LINE
    way = here if state_of(options) is None else Way.PROMPT
    language = getattr(options, "lang", None) or default_language()
    if options.words and options.words[0][:1].isdigit():
        return _about_parts(options.words, language)
    parser = build_parser(way, language)
    if options.words or way is Way.COMMAND_LINE:
        with _unbroken():
            print(verb_parser(parser, options.words).format_help(), end="")
        return Exit.DONE
    wide = max(len(", ".join(verb.names)) for group in GROUPS for verb in given(group, way))
    for group in GROUPS:
        for verb in given(group, way):
            print(f"  {', '.join(verb.names):<{wide}}  {verb.help.to(language)}")
        print()
    more = Text(
        "help COMMAND: all about one of them; help 9d: the parameters of a part",
        "help ΕΝΤΟΛΗ: όλα για μία εντολή· help 9d: οι παράμετροι ενός μέρους",
    )
    print(f"  {more.to(language)}")
    return Exit.DONE


@contextmanager
def _unbroken() -> Iterator[None]:
    """Let argparse, which asks the environment, break no line of what is read out."""
    before = os.environ.get("COLUMNS")
    if in_words():
        os.environ["COLUMNS"] = str(UNBROKEN)
    try:
        yield
    finally:
        if in_words():
            os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)


def _about_parts(ids: list[str], language: str) -> int:
    """Print what the parts and steps of these ids are, and which parameters they take."""
    from labsteps.catalogue import catalogue
    from labsteps.selection import select
    from workbench.commands.parameters import part_lines

    # What is read out is not broken into lines: its listener's program knows better where.
    width = UNBROKEN if in_words() else min(shutil.get_terminal_size((100, 40)).columns, 120)
    for number, part in enumerate(select(catalogue(), ",".join(ids)).parts):
        if number:
            print()
        for line in part_lines(part, language, width):
            print(printable(line))
    return Exit.DONE


def leave(options: argparse.Namespace) -> int:
    """Leave the prompt."""
    raise LeavePrompt
