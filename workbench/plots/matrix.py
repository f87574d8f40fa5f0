"""Matrices with numbers in their cells: confusion matrices, and heatmaps of any other number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style as RichStyle
from rich.text import Text

from labsteps.results import Heatmap
from workbench.plots.canvas import Canvas, nothing, too_small
from workbench.plots.matrix_content import BRIEF, Content, Side, blank_of, content_of
from workbench.plots.style import Style, muted, shaded, strong
from workbench.plots.text import abbreviations, cells, clip, fit, printable

_WIDEST_CELL: Final = 11
_NARROWEST: Final = 18
# The chosen cell, by whether the background is dark: a shade reversed would not be readable on every one.
_CHOSEN: Final = RichStyle(reverse=True, bold=True)
_CHOSEN_ON: Final = {
    True: RichStyle(color="#000000", bgcolor="#ffffff", bold=True),
    False: RichStyle(color="#ffffff", bgcolor="#000000", bold=True),
}

_BRIEF_NOTES: Final = {"columns": "col", " of ": "/", "γραμμές": "γρ.", "στήλες": "στ.", " από ": "/"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells stand, and which of them."""

    name: int
    cell: int
    sides: tuple[Side, ...]
    title: bool
    crossed: bool
    columns: range
    rows: range

    @property
    def heads(self) -> int:
        """Number of lines of column names: two, set in turn, where the cells are narrower than a name."""
        return 2 if self.crossed else 1


def draw_matrix(
    figure: Heatmap,
    width: int,
    height: int,
    style: Style,
    *,
    normalise: bool = False,
    first_row: int = 0,
    first_column: int = 0,
    cursor: tuple[int, int] | None = None,
    share: float = 1.0,
) -> Text:
    """Return the matrix in at most `width` x `height` cells.

    Parameters
    ----------
    normalise
        Whether a confusion matrix shows whole percents of each row in place of counts.
    first_row, first_column
        Where the part that is shown begins, when not all fits.
    cursor
        Row and column of a cell to point out.
    share
        How many of the columns that fit are shown, each with more room for its name and numbers; at most as much as
        the longest takes.
    """
    if not figure.rows or not figure.columns:
        return nothing(figure.title, width, height, style)
    content = content_of(figure, style, normalise=normalise, fine=share < 1)
    if all(text == blank_of(style) for row in content.texts for text in row):
        return nothing(figure.title, width, height, style)
    layout = _layout(figure, content, width, height, style, first_row, first_column, share)
    if layout is None:
        return too_small(figure.title, (_NARROWEST, 4), width, height, style)
    canvas = Canvas(width, height, style)
    top = _draw_heads(figure, content, layout, canvas, normalise=normalise)
    for line, row in enumerate(layout.rows):
        _draw_row(figure, content, layout, canvas, top + line, row, cursor)
    _draw_foot(figure, layout, canvas, top + len(layout.rows), normalise=normalise)
    return canvas.text()


def shown_cells(
    figure: Heatmap,
    width: int,
    height: int,
    style: Style,
    *,
    normalise: bool = False,
    first_row: int = 0,
    first_column: int = 0,
    share: float = 1.0,
) -> tuple[range, range]:
    """Return the rows and columns that `draw_matrix` shows with the same arguments, for paging."""
    if not figure.rows or not figure.columns:
        return range(0), range(0)
    content = content_of(figure, style, normalise=normalise, fine=share < 1)
    layout = _layout(figure, content, width, height, style, first_row, first_column, share)
    return (layout.rows, layout.columns) if layout else (range(0), range(0))


def shows_no_more(
    figure: Heatmap, width: int, height: int, style: Style, share: float, smaller: float, *, normalise: bool = False
) -> bool:
    """Tell whether a smaller share of the columns has no more room for their names and numbers."""
    if not figure.rows or not figure.columns:
        return True
    one, other = (
        _layout(figure, content_of(figure, style, normalise=normalise, fine=part < 1), width, height, style, 0, 0, part)
        for part in (share, smaller)
    )
    more_digits = not figure.counts and share >= 1 > smaller
    return one == other and not more_digits


def _layout(
    figure: Heatmap,
    content: Content,
    width: int,
    height: int,
    style: Style,
    first_row: int,
    first_column: int,
    share: float,
) -> Layout | None:
    """Return where everything stands, None where the space is too small."""
    found = _fitting(figure, content, width, style, first_column)
    if found is not None and share < 1:
        found = _closer(figure, content, width, found, share, first_column)
    return _rows(figure, found, height, first_row) if found is not None else None


def _fitting(figure: Heatmap, content: Content, width: int, style: Style, first_column: int) -> Layout | None:
    """Return the richest layout that fits: what goes first is width of cells and recall, what goes last is cells."""
    count = len(content.columns)
    if width < _NARROWEST:
        return None
    digits = content.digits(style)
    heading = max(map(cells, abbreviations(content.columns)))
    normal, tight = max(heading, digits) + 1, max(digits + 1, 3)
    full = max(cells(fit(name, 24)) for name in (*content.names, figure.y_axis.name))
    brief = min(full, BRIEF)
    both = tuple(side for side in (content.clips, content.recall) if side)
    narrow = tuple(Side("rec", _narrow(s.texts)) if s is content.recall else s for s in both)
    clips = (content.clips,) if content.clips else ()
    options = [
        (full + 1, normal, both), (full + 1, normal, narrow), (full + 1, tight, narrow), (full, tight, narrow),
        (full, tight, clips), (brief, tight, narrow), (full, tight, ()), (brief, tight, ()),
    ]  # fmt: skip
    # Without colour a bracket stands after the last digit, which needs a cell of its own.
    spare = int(style.depth == "none")
    options += [(brief - spare, tight, ())]
    for name, cell, sides in options:
        used = name + count * cell + (sum(side.width for side in sides) or spare)
        if used <= width:
            # What is too little for the next richer layout gives the names letters first.
            more = min(max(0, full - name), width - used)
            name, used = name + more, used + more
            widest = max(cell, min(_WIDEST_CELL, max(map(cells, content.columns)) + 1))
            cell = min(cell + (width - used) // count, widest)
            return Layout(name, cell, sides, True, cell <= heading, range(count), range(0))
    for name, cell, sides in ((min(full, 13), tight, narrow), (brief, tight, ())):
        fitting = (width - name - sum(side.width for side in sides) - 1) // cell
        if fitting >= 3 or (not sides and fitting >= 1):
            start = max(0, min(first_column, count - fitting))
            shown = range(start, min(count, start + fitting))
            return Layout(name, cell, sides, True, cell <= heading, shown, range(0))
    return None


def _closer(figure: Heatmap, content: Content, width: int, whole: Layout, share: float, first_column: int) -> Layout:
    """Return a layout of a share of the columns that fit, with names and numbers as whole as there is room for.

    The names of rows and what stands at their ends stay where they are.
    """
    names = max(cells(name) for name in (*content.names, printable(figure.y_axis.label)))
    name = max(whole.name, min(names + 1, width // 3))
    both = tuple(side for side in (content.clips, content.recall) if side)
    widest = max(cells(text) for texts in (content.columns, *content.texts) for text in texts) + 1
    sides = both if name + widest + sum(side.width for side in both) + 1 <= width else whole.sides
    room = width - name - sum(side.width for side in sides) - 1
    if room < whole.cell:
        return whole
    cell = min(room, max(whole.cell, min(widest, room // max(1, int(len(whole.columns) * share)))))
    shown = max(1, min(len(content.columns), room // cell))
    start = max(0, min(first_column, len(content.columns) - shown))
    return Layout(name, cell, sides, True, cell < widest, range(start, start + shown), range(0))


def _narrow(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("1.0" if text.startswith("1.") else text for text in texts)


def _rows(figure: Heatmap, layout: Layout, height: int, first_row: int) -> Layout | None:
    """Return the layout with the rows that fit in `height`; the title goes before a row does."""
    count = len(figure.rows)
    cut_columns = len(layout.columns) < len(figure.columns)
    for title in (True, False):
        fitting = height - int(title) - 1 - layout.heads
        fitting -= 1 if cut_columns or fitting < count else 0
        if fitting >= count or (not title and fitting >= 1):
            break
    else:
        return None
    start = max(0, min(first_row, count - fitting))
    rows = range(start, min(count, start + fitting))
    return Layout(layout.name, layout.cell, layout.sides, title, layout.crossed, layout.columns, rows)


def _draw_heads(figure: Heatmap, content: Content, layout: Layout, canvas: Canvas, *, normalise: bool) -> int:
    """Write title, axis names and column names, and return the line after them."""
    quiet = muted(canvas.style)
    line = 0
    if layout.title:
        column = canvas.put(0, 0, figure.title, strong(), width=canvas.width)
        if figure.counts and normalise:
            canvas.put(0, column, f"{'  ' if figure.title else ''}{canvas.style.say('% of row')}", quiet)
        line = 1
    canvas.put(line, layout.name, figure.x_axis.label, quiet, width=canvas.width - layout.name)
    line += layout.heads
    canvas.put(line, 0, figure.y_axis.label, quiet, width=layout.name)
    letters = layout.cell - 1 if not layout.crossed else max(3, 2 * layout.cell - 1)
    short = _column_names(content.columns, letters)
    brief = abbreviations(content.columns)
    for place, index in enumerate(layout.columns):
        end = layout.name + (place + 1) * layout.cell
        # The first name may reach over the row names, up to the axis' name there.
        free = letters if place else end - cells(fit(figure.y_axis.label, layout.name)) - 1
        text = short[index] if cells(short[index]) <= min(letters, free) else clip(brief[index], free)
        above = layout.crossed and (len(layout.columns) - 1 - place) % 2
        canvas.put_right(line - (1 if above else 0), end, text)
    end = layout.name + len(layout.columns) * layout.cell
    for side in layout.sides:
        end += side.width
        canvas.put_right(line, end, side.heading, quiet)
    return line + 1


def _column_names(names: tuple[str, ...], letters: int) -> list[str]:
    """Return column names of at most `letters` cells where that can be: whole where they fit, else abbreviated."""
    brief = abbreviations(names)
    # Four letters make other words of some names (Blue, Meta), so it is three or at least five.
    longer = abbreviations(names, letters) if letters > 4 else brief
    short = longer if max(map(cells, longer)) <= letters else brief
    mixed = [name if cells(name) <= letters else s for name, s in zip(names, short, strict=True)]
    return mixed if len(set(mixed)) == len(mixed) else short


def _draw_row(
    figure: Heatmap,
    content: Content,
    layout: Layout,
    canvas: Canvas,
    line: int,
    row: int,
    cursor: tuple[int, int] | None,
) -> None:
    style = canvas.style
    name = content.names[row]
    if cells(name) > layout.name:
        name = abbreviations(content.names, layout.name)[row] if layout.name > BRIEF else content.brief[row]
    canvas.put(line, 0, name, width=layout.name)
    diagonal = figure.counts and figure.rows == figure.columns
    ends = {index: layout.name + (place + 1) * layout.cell for place, index in enumerate(layout.columns)}
    for index, end in ends.items():
        text, percent = content.text(row, index, layout.cell, style), content.percents[row][index]
        look = shaded(style, percent)
        if diagonal and index == row and not (style.depth == "16" and look.bgcolor):
            # Of the sixteen colours, bold black is grey on many terminals.
            look += strong()
        elif percent <= 0:
            look = muted(style)
        if cursor == (row, index):
            look = _CHOSEN if style.depth in ("16", "none") else _CHOSEN_ON[style.dark]
        canvas.fill(line, end - layout.cell, end, look)
        canvas.put_right(line, end, text, look)
    for place, signs in ((row if diagonal and style.depth == "none" else -1, "[]"), _pointed(cursor, row)):
        if place in ends:
            before = ends[place] - cells(content.texts[row][place]) - 1
            canvas.put(line, before, signs[0], canvas.styles[line][before])
            canvas.put(line, ends[place], signs[1], canvas.styles[line][before])
    end = layout.name + len(layout.columns) * layout.cell
    for side in layout.sides:
        end += side.width
        canvas.put_right(line, end, side.texts[row])


def _pointed(cursor: tuple[int, int] | None, row: int) -> tuple[int, str]:
    return (cursor[1], "><") if cursor and cursor[0] == row else (-1, "")


def _draw_foot(figure: Heatmap, layout: Layout, canvas: Canvas, line: int, *, normalise: bool) -> None:
    dash = "–" if canvas.style.unicode else "-"
    parts = []
    for shown, names, what in ((layout.rows, figure.rows, "rows"), (layout.columns, figure.columns, "columns")):
        if len(shown) < len(names):
            parts.append(canvas.style.say(f"{what} {shown.start + 1}{dash}{shown.stop} of {len(names)}"))
    if parts:
        note = ", ".join(parts)
        if cells(note) > canvas.width:
            note = ", ".join(_brief(part) for part in parts)
        canvas.put(canvas.height - 1, 0, note, muted(canvas.style), width=canvas.width)
    elif figure.counts and line < canvas.height:
        what = "% of row" if normalise else "clips"
        how = "[diagonal]: right" if canvas.style.depth == "none" else "shade: share of row"
        note = canvas.style.say(f"cells: {what} · {how}")
        canvas.put(line, 0, note, muted(canvas.style), width=canvas.width)


def _brief(note: str) -> str:
    for long, short in _BRIEF_NOTES.items():
        note = note.replace(long, short)
    return note
