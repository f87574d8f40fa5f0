"""What a terminal is sent of a change: it shows the same as a picture sent whole, and few bytes for few cells."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from workbench.tui.tight import TightUpdate, terminal_text

WIDTH = 12
CONSOLE = Console(color_system="truecolor")
_SEQUENCE = re.compile(r"\x1b\[(?P<numbers>[0-9;]*)(?P<end>[mH])|(?P<text>[^\x1b])", re.DOTALL)
_COLOURS = ("#000000", "#5fd75f", "red", "color(200)")
styles = st.builds(
    Style,
    color=st.sampled_from([None, *_COLOURS]),
    bgcolor=st.sampled_from([None, *_COLOURS]),
    bold=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
)
lines = st.lists(st.tuples(st.sampled_from(["▀", " ", "a", "漢", "bc"]), styles), min_size=1, max_size=8)


class Terminal:
    """Cells with their letter and colours, as a terminal keeps them."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, tuple[object, ...]]] = {}
        self.row = self.column = 0
        self.front: tuple[str, ...] = ()
        self.back: tuple[str, ...] = ()
        self.attributes: frozenset[str] = frozenset()

    def take(self, written: str) -> None:
        """Obey what was written."""
        assert "".join(found.group() for found in _SEQUENCE.finditer(written)) == written
        for found in _SEQUENCE.finditer(written):
            if found["text"]:
                self._put(found["text"])
            elif found["end"] == "H":
                self.row, self.column = (int(number) - 1 for number in found["numbers"].split(";"))
            else:
                self._colour(found["numbers"].split(";"))

    def _put(self, letter: str) -> None:
        # The colour of a blank's letter is not seen unless the cell is reversed.
        front = () if letter == " " and "7" not in self.attributes else self.front
        self.cells[self.row, self.column] = letter, (front, self.back, self.attributes)
        self.column += 2 if letter == "漢" else 1

    def _colour(self, numbers: list[str]) -> None:
        while numbers:
            number = numbers.pop(0)
            if number in ("38", "48"):
                count = 4 if numbers[0] == "2" else 2
                taken, numbers = tuple(numbers[:count]), numbers[count:]
                self.front, self.back = (taken, self.back) if number == "38" else (self.front, taken)
            elif number in ("", "0"):
                self.front, self.back, self.attributes = (), (), frozenset()
            elif number in ("1", "7"):
                self.attributes |= {number}
            elif number == "39" or number.startswith("3"):
                self.front = () if number == "39" else (number,)
            else:
                self.back = () if number == "49" else (number,)


def strip_of(pieces: list[tuple[str, Style]]) -> Strip:
    """Return pieces as a line of a fixed width."""
    return Strip([Segment(text, style) for text, style in pieces]).adjust_cell_length(WIDTH)


def shown(written: str) -> dict[tuple[int, int], tuple[str, tuple[object, ...]]]:
    terminal = Terminal()
    terminal.take(written)
    assert terminal.front == terminal.back == () and not terminal.attributes
    return terminal.cells


@settings(deadline=None, max_examples=150)
@given(lines)
def test_a_line_looks_as_if_every_piece_were_coloured_by_itself(pieces: list[tuple[str, Style]]) -> None:
    strip = strip_of(pieces)
    assert shown(terminal_text(strip, ColorSystem.TRUECOLOR)) == shown(strip.render(CONSOLE))


@settings(deadline=None, max_examples=150)
@given(lines, st.integers(0, WIDTH - 1), st.integers(1, WIDTH))
def test_of_a_change_the_cells_in_it_are_sent_and_no_others(
    pieces: list[tuple[str, Style]], start: int, length: int
) -> None:
    strip, stop = strip_of(pieces), min(WIDTH, start + length)
    sent = shown(TightUpdate([{0: strip}], [(0, start, stop)], [[WIDTH]]).render_segments(CONSOLE))
    assert {column for _, column in sent} <= set(range(start, stop))
    whole = shown(strip.render(CONSOLE))
    halves = {column for (_, column), (letter, _) in whole.items() if letter == "漢"}
    cut = {start - 1, stop - 1} & halves
    for place, cell in sent.items():
        assert place[1] - 1 in cut or place[1] in cut or whole[place] == cell


def test_a_line_of_several_widgets_is_sent_where_it_changed() -> None:
    left, right = strip_of([("abc", Style())]), strip_of([("xyz", Style(bold=True))])
    update = TightUpdate([{0: left, WIDTH: right, 2 * WIDTH: None}], [(0, 1, WIDTH + 2)], [[WIDTH, 2 * WIDTH, 30]])
    sent = shown(update.render_segments(CONSOLE))
    letters = "".join(sent[0, column][0] for column in range(1, WIDTH + 2))
    assert letters == f"{'bc':<{WIDTH - 1}}xy" and len(sent) == WIDTH + 1


def test_one_cell_of_a_picture_costs_few_bytes_wherever_it_is() -> None:
    cells = [("▀", Style(color=Color.from_rgb(i, i, i), bgcolor=Color.from_rgb(i, 0, i))) for i in range(1, WIDTH + 1)]
    chops, spans, ends = [{0: strip_of(cells)}], [(0, WIDTH - 1, WIDTH)], [[WIDTH]]
    tight = TightUpdate(chops, spans, ends).render_segments(CONSOLE)
    assert len(tight) <= 45 < len(ChopsUpdate(chops, spans, ends).render_segments(CONSOLE))
