"""A line of the prompt or of a script, split into words as a shell would, without what a shell expands."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.grammar.errors import CommandError

LONGEST = 65_536
_QUOTES = "'\""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line.

    Attributes
    ----------
    text
        Without quotation marks and backslashes.
    start, end
        Where it stands in the line, its marks included.
    quote
        The mark that is still open at its end, or empty.
    """

    text: str
    start: int
    end: int
    quote: str = ""


def words_of(line: str) -> list[str]:
    """Return the words of a line; ``#`` begins a comment.

    Raises
    ------
    CommandError
        If the line is too long, holds control characters or half a character, or leaves a quotation mark open.
    """
    check(line)
    words = scan(line)
    if words and words[-1].quote:
        mark = words[-1]
        raise CommandError(
            f"The quotation mark {mark.quote} of word {len(words)} is not closed. "
            f"Close it, or write \\{mark.quote} for the mark itself."
        )
    return [word.text for word in words]


def check(line: str) -> None:
    """Refuse a line that cannot be meant.

    Raises
    ------
    CommandError
        Names what is wrong with it, and where.
    """
    if len(line) > LONGEST:
        raise CommandError(f"The line is too long: a command has at most {LONGEST:,} characters.")
    for column, letter in enumerate(line, 1):
        if (
            letter != "\t" and not letter.isprintable() and not letter.isspace()
        ) or letter in "\r\v\f\x1c\x1d\x1e\x1f\x85":
            what = "what is not UTF-8 text" if "\ud800" <= letter <= "\udfff" else f"the control character {letter!r}"
            raise CommandError(f"Column {column} of the line holds {what}; take it out.")


def scan(line: str) -> list[Word]:
    """Return the words of a line with their places; what is left open is kept as it is."""
    words: list[Word] = []
    text, start, quote, escaped = "", -1, "", False
    for index, letter in enumerate(line):
        if escaped:
            # Inside double quotes a backslash takes away the meaning of the mark and of itself alone.
            text += letter if not quote or letter in '"\\' else f"\\{letter}"
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
            start = index if start < 0 else start
        elif quote:
            quote, text = ("", text) if letter == quote else (quote, text + letter)
        elif letter.isspace():
            if start >= 0:
                words.append(Word(text, start, index))
            text, start = "", -1
        elif letter == "#" and start < 0:
            return words
        elif letter in _QUOTES:
            quote = letter
            start = index if start < 0 else start
        else:
            text += letter
            start = index if start < 0 else start
    if escaped:
        text += "\\"
    return [*words, Word(text, start, len(line), quote)] if start >= 0 else words


def quoted(text: str) -> str:
    """Return a word as it is written in a line."""
    if text and not any(letter.isspace() or letter in "'\"\\" for letter in text) and not text.startswith("#"):
        return text
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
