"""Lines become words: quotes, comments, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.grammar.errors import CommandError
from workbench.grammar.line import LONGEST, quoted, scan, words_of


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run 5γ  epochs=20", ["run", "5γ", "epochs=20"]),
        ("", []),
        ("   # a comment", []),
        ("show 6 # the table", ["show", "6"]),
        ("note a#b", ["note", "a#b"]),
        ("note 'it is # here'", ["note", "it is # here"]),
        ('note "a \\"b\\" c"', ["note", 'a "b" c']),
        ('note "C:\\new"', ["note", "C:\\new"]),
        ("note it\\'s", ["note", "it's"]),
        ("note ''", ["note", ""]),
        ("open my\\ session", ["open", "my session"]),
        ("tag\t5γ\tx", ["tag", "5γ", "x"]),
        ("note a'b c'd", ["note", "ab cd"]),
        ("note end\\", ["note", "end\\"]),
    ],
)
def test_a_line_is_split_as_a_shell_would(line: str, words: list[str]) -> None:
    assert words_of(line) == words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("note 'open", "quotation mark ' of word 2 is not closed"),
        ('note "it', 'write \\" for the mark itself'),
        ("note it's bad", "is not closed"),
        ("show \x1b[2J6", "Column 6 of the line holds the control character '\\x1b'"),
        ("show\x006", "'\\x00'"),
        ("show 6\r", "'\\r'"),
        ("show \u202e6", "'\\u202e'"),
        ("show \udcff", "not UTF-8 text"),
        ("x" * (LONGEST + 1), "too long: a command has at most 65,536 characters"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_in_one_sentence(line: str, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        words_of(line)
    assert said in str(refused.value)
    assert str(refused.value).isprintable()


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), max_size=5))
def test_words_that_are_quoted_come_back_as_they_were(words: list[str]) -> None:
    assert words_of(" ".join(map(quoted, words))) == words


@given(st.text(max_size=60))
def test_any_text_has_words_in_their_places(text: str) -> None:
    last = 0
    for word in scan(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end
