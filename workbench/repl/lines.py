"""Columns as sentences: what commands print side by side, for somebody who hears or logs one line after the other."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from workbench.wording import NEEDS_YOU, NOT_BUILT, NOT_STARTED, SIGNS

# A state is always told by a word too.
_SIGNS = (*SIGNS.values(), NEEDS_YOU, NOT_STARTED, NOT_BUILT, ("▸", ">"), ("→", ">"), ("│", "|"))
_SIGN, _ASCII_SIGN = (re.compile(rf"[{re.escape(''.join(signs[way] for signs in _SIGNS))}] ") for way in (0, 1))
# Below this the terminal is none that tells its width.
_NARROWEST = 20
_GAP = re.compile(r" {2,}")
_RULE = re.compile(r"^[ ─━╸-]+$")


def in_line(text: str, *, unicode: bool = True) -> str:
    """Return a line whose columns stand apart as one with commas between them, without signs and rules."""
    inner = text.strip()
    if not inner or _RULE.match(inner):
        return ""
    if sign := (_SIGN if unicode else _ASCII_SIGN).match(inner):
        inner = inner[sign.end() :].lstrip()
    return _GAP.sub(lambda gap: " " if inner[gap.start() - 1] in ",;:" else ", ", inner)


def at_spaces(text: str, out: TextIO) -> str:
    """Return a line broken at spaces to the width of the terminal that it goes to; as it is to anything else."""
    if not out.isatty():
        return text
    try:
        columns = os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):
        return text
    if columns < _NARROWEST or len(text) <= columns:
        return text
    return textwrap.fill(text, columns, break_long_words=False, break_on_hyphens=False)


class Lines:
    """A stream that turns columns into sentences on their way to another stream."""

    def __init__(self, below: TextIO) -> None:
        self.below, self._begun = below, ""

    def write(self, text: str) -> int:
        """Write whole lines; what has no end yet waits for it."""
        *whole, self._begun = (self._begun + text).split("\n")
        for line in whole:
            told = in_line(line, unicode="utf" in (self.below.encoding or "").lower())
            # A rule is left out with its line.
            if told or not line.strip():
                self.below.write(f"{at_spaces(told, self.below)}\n")
        return len(text)

    def flush(self) -> None:
        """Write what waits, as it is: a question, whose answer follows on the line."""
        self.below.write(self._begun)
        self._begun = ""
        self.below.flush()

    def isatty(self) -> bool:
        """Tell whether the stream below is a terminal."""
        return self.below.isatty()

    def fileno(self) -> int:
        """Return the number of the file below."""
        return self.below.fileno()

    def __getattr__(self, name: str) -> Any:
        """Return what else is asked for from the stream below."""
        return getattr(self.below, name)


def _below(stream: TextIO) -> TextIO:
    """Return the stream that lines of a block around this one go to, else the stream itself."""
    if not isinstance(stream, Lines):
        return stream
    stream.flush()
    return stream.below


@contextmanager
def in_lines(*, results: bool = True) -> Iterator[None]:
    """Let what is printed in the block come in sentences; results on standard output only where `results` is true."""
    out, err = sys.stdout, sys.stderr
    below = [_below(stream) for stream in (out, err)]
    sys.stdout = cast(TextIO, Lines(below[0])) if results else below[0]
    sys.stderr = cast(TextIO, Lines(below[1]))
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = out, err
