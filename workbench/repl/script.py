"""Lines that come from a file, a pipe or ``-c``."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from workbench.exits import Exit
from workbench.grammar.line import LONGEST
from workbench.grammar.prompt_state import LeavePrompt
from workbench.plots.text import fit
from workbench.repl.shell import Shell
from workbench.speaking import told

MOST_BYTES = 4 * LONGEST


def run_script(shell: Shell, lines: Iterable[str], *, keep_going: bool = False, numbered: bool = True) -> int:
    """Do lines in order and return the exit code of the first that failed, or 0.

    Parameters
    ----------
    shell
        Where they are done.
    lines
        The lines.
    keep_going
        Whether the lines after one that failed are done too; Ctrl-C ends the script all the same.
    numbered
        Whether a failure names its line.
    """
    first = Exit.DONE.value
    for number, line in enumerate(lines, 1):
        try:
            code = shell.do(line)
        except LeavePrompt:
            break
        if code == Exit.DONE:
            continue
        first = first or code
        if numbered:
            text = f"line {number} ended with code {code}: {fit(line.strip(), 80)}"
            print(told(text, shell.language()), file=sys.stderr)
        if not keep_going or code == Exit.CTRL_C:
            break
    return first


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a stream; of one that is far too long only so much that it is refused."""
    while raw := stream.readline(MOST_BYTES):
        while not raw.endswith(b"\n") and (rest := stream.readline(MOST_BYTES)):
            raw = raw[:MOST_BYTES] + rest[-1:]
        # What is not UTF-8 stays recognisable as such, so that the line is refused and the others are not.
        yield raw.decode("utf-8-sig", errors="surrogateescape").rstrip("\r\n")


def lines_of_text(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of several texts."""
    for text in texts:
        yield from io.StringIO(text).read().splitlines() or [""]
