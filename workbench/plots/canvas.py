"""A rectangle of terminal cells that nothing can be drawn outside of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.style import Style as RichStyle
from rich.text import Span, Text

from workbench.plots.style import PLAIN, Style, muted
from workbench.plots.text import fit, printable, wrap


class Canvas:
    """Cells with a character and a style each; what falls outside is cut off.

    Parameters
    ----------
    width, height
        Size in cells; less than 0 counts as 0.
    style
        What the terminal can show.
    """

    def __init__(self, width: int, height: int, style: Style) -> None:
        self.width, self.height, self.style = max(0, width), max(0, height), style
        self.rows = [[" "] * self.width for _ in range(self.height)]
        self.styles = [[PLAIN] * self.width for _ in range(self.height)]

    def put(self, row: int, column: int, text: str, style: RichStyle = PLAIN, *, width: int | None = None) -> int:
        """Write `text`, made printable and cut to `width` cells, and return the column after it."""
        if width is None:
            text = printable(text, unicode=self.style.unicode)
        else:
            text = fit(text, width, unicode=self.style.unicode)
        for ch in text:
            size = 1 if ch.isascii() else cell_len(ch)
            if size:
                self.set(row, column, ch, style, size)
            elif 0 <= row < self.height and 0 < column <= self.width:
                self.rows[row][column - (1 if self.rows[row][column - 1] or column == 1 else 2)] += ch
            column += size
        return column

    def put_right(self, row: int, end: int, text: str, style: RichStyle = PLAIN) -> None:
        """Write `text` so that its last cell is the one before column `end`."""
        text = printable(text, unicode=self.style.unicode)
        self.put(row, end - cell_len(text), text, style)

    def set(self, row: int, column: int, ch: str, style: RichStyle = PLAIN, size: int = 1) -> None:
        """Set one cell, or two for a wide character; half of a wide character is never left standing."""
        if not (0 <= row < self.height and column >= 0 and column + size <= self.width):
            return
        line = self.rows[row]
        if not line[column] and column:
            line[column - 1] = " "
        if column + size < self.width and not line[column + size]:
            line[column + size] = " "
        line[column] = ch
        self.styles[row][column] = style
        if size == 2:
            line[column + 1] = ""
            self.styles[row][column + 1] = style

    def set_some(self, row: int, column: int, cells: Sequence[tuple[str, RichStyle] | None]) -> None:
        """Set cells of a row from a column on, each to a narrow character; None leaves a cell as it is."""
        if not 0 <= row < self.height:
            return
        first, stop = max(0, -column), min(len(cells), self.width - column)
        chars, styles = self.rows[row], self.styles[row]
        wide = "" in chars
        for place, cell in enumerate(cells[first:stop], column + first):
            if cell is None:
                continue
            if wide:
                self.set(row, place, *cell)
            else:
                chars[place], styles[place] = cell

    def fill(self, row: int, start: int, end: int, style: RichStyle) -> None:
        """Give the cells from `start` up to `end` of a row a style, and leave their characters."""
        if 0 <= row < self.height:
            for column in range(max(0, start), min(end, self.width)):
                self.styles[row][column] = style

    def paste(self, row: int, column: int, other: Canvas) -> None:
        """Put another canvas with its top left cell there; what does not fit is cut off."""
        for index in range(max(0, -row), min(other.height, self.height - row)):
            width = min(other.width, self.width - column)
            self.rows[row + index][column : column + width] = other.rows[index][:width]
            self.styles[row + index][column : column + width] = other.styles[index][:width]

    def text(self) -> Text:
        """Return the cells as lines of text, without blank ends of lines."""
        parts: list[str] = []
        spans: list[Span] = []
        place = 0
        for row, (chars, styles) in enumerate(zip(self.rows, self.styles, strict=True)):
            if row:
                parts.append("\n")
                place += 1
            end = self.width
            while end and chars[end - 1] == " " and styles[end - 1] is PLAIN:
                end -= 1
            column = 0
            # Styles are shared objects, and comparing them by value costs more than the rest of this function.
            for _, group in groupby(styles[:end], key=id):
                style = styles[column]
                stop = column + sum(1 for _ in group)
                run = "".join(chars[column:stop])
                column = stop
                parts.append(run)
                if style is not PLAIN:
                    spans.append(Span(place, place + len(run), style))
                place += len(run)
        return Text("".join(parts), spans=spans, no_wrap=True, overflow="crop", end="")


def words(message: str, width: int, height: int, style: Style) -> Text:
    """Return a sentence in place of a figure, cut to the space that there is."""
    canvas = Canvas(width, height, style)
    lines = wrap(message, canvas.width, unicode=style.unicode) if canvas.width else []
    for row, line in enumerate(lines[: canvas.height]):
        canvas.put(row, 0, line, muted(style))
    return canvas.text()


def nothing(title: str, width: int, height: int, style: Style) -> Text:
    """Return the sentence for a figure without values."""
    return words(style.say(f"{title or 'Figure'}: nothing to draw, there are no values yet"), width, height, style)


def too_small(title: str, needed: tuple[int, int], width: int, height: int, style: Style) -> Text:
    """Return the sentence for a figure that the space (columns, rows) cannot hold."""
    message = f"{title or 'Figure'}: too little space to draw; {needed[0]} columns and {needed[1]} rows are needed"
    return words(style.say(message), width, height, style)
