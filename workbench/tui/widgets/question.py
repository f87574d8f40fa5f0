"""A question with its evidence and its reference note, as lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.console import Console
from rich.text import Text
from textual.binding import BindingType
from textual.message import Message

from labsteps.catalogue import Catalogue, Part
from labsteps.greek import in_language
from labsteps.results import Result, Table
from workbench.plots.text import cells, wrap
from workbench.tui.answers import AnswerView, Evidence
from workbench.tui.keys import ANSWER, SIDEWAYS, VI_SCROLL, VI_SIDEWAYS, bindings
from workbench.tui.look import Look
from workbench.tui.widgets.lines import LinesView, as_lines, hanging, packed, paragraph
from workbench.wording import value_text

_FIGURE_LINES = 14
_LONGEST_TABLE = 14
_LIST_ITEM: Final = re.compile(r"(?:-|\d+\.) +")
_EMPHASIS: Final = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`")


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """What the pane is made of.

    Attributes
    ----------
    part
        The part that asks.
    theirs
        What somebody else saved while an answer was written here, None where nobody did.
    with_note
        Whether the reference note is shown.
    """

    part: Part
    view: AnswerView
    lab: Catalogue
    theirs: str | None = None
    with_note: bool = False


class QuestionView(LinesView):
    """Shows the question, what has been measured about it, and the reference note on demand."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ANSWER, SIDEWAYS, VI_SIDEWAYS, VI_SCROLL)
    HELP = "The question, what your runs say about it, and o for a reference note. Enter writes the answer."

    class Note(Message):
        """The note is to be shown, or hidden."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._content: QuestionContent | None = None
        # Called and not told of: the next key is for the editor already.
        self.edit: Callable[[], None] | None = None

    def show(self, content: QuestionContent | None) -> None:
        """Show a question."""
        before, self._content = self._content, content
        if content == before:
            return
        self.relay()
        moved = before is None or content is None or before.part is not content.part
        if moved or (content is not None and before is not None and content.theirs != before.theirs):
            self.scroll_to(y=0, animate=False)

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the text."""
        return [] if self._content is None else question_lines(self._content, self.look, width)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the note where there is one."""
        if action == "note":
            return self._content is not None and self._content.view.note is not None
        return True

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "hide note" if action == "note" and self._content is not None and self._content.with_note else ""

    def action_edit(self) -> None:
        """Go to the editor."""
        if self.edit is not None:
            self.edit()

    def action_note(self) -> None:
        """Show or hide the reference note."""
        self.post_message(self.Note())


def question_lines(content: QuestionContent, look: Look, width: int) -> list[Text]:
    """Return the text on disk where it is not the one that is written here, the question, the note, the evidence."""
    view, part = content.view, content.part
    lines: list[Text] = []
    if content.theirs is not None:
        lines += paragraph(look, "The answer on disk, which somebody else has saved:", width, look.warn)
        lines += [*paragraph(look, content.theirs.strip() or "(empty)", width), Text(end="")]
    if part.question is not None:
        lines += paragraph(look, part.question.to(look.language), width, look.strong)
    if view.note is not None and content.with_note:
        lines += [Text(end=""), *paragraph(look, "Reference note. It never counts as your answer.", width, look.accent)]
        lines += note_lines(view.note, look, width)
    elif view.note is not None:
        lines += paragraph(look, "o shows a reference note.", width, look.quiet)
    for one in view.evidence:
        lines += [Text(end=""), *evidence_lines(one, content, look, width)]
    if view.drawn is not None:
        lines += drawn_lines(view.drawn, look, width)
    return lines


def evidence_lines(evidence: Evidence, content: QuestionContent, look: Look, width: int) -> list[Text]:
    """Return what a part has measured, or what to run for it."""
    part = content.lab.parts[evidence.part]
    title = part.title.to(look.language)
    lines = hanging(look, f"{look.say(f'Evidence of {part.id}')}  ", title, width, look.quiet)
    if evidence.result is None:
        if not part.built:
            text = f"{part.id} is not built yet in this version."
        else:
            own = part is content.part
            text = "No numbers yet; its run gives them (r)." if own else f"Run {part.id} first, for its numbers here."
        return [*lines, *paragraph(look, text, width, look.warn)]
    if not evidence.current:
        lines += paragraph(look, "From other data than those the session has now.", width, look.warn)
    lines += _value_lines(part, evidence.result, look, width)
    if evidence.result.text:
        lines += paragraph(look, evidence.result.text, width)
    for table in evidence.result.tables.values():
        if len(table.rows) <= _LONGEST_TABLE:
            lines += [Text(end=""), *_table(table, look, width)]
    return lines


def drawn_lines(drawn: Result, look: Look, width: int) -> list[Text]:
    """Return the figures and tables that need no data."""
    from workbench.plots.terminal import draw

    drawn = in_language(drawn, look.language)
    lines: list[Text] = []
    for figure in drawn.figures.values():
        lines += [Text(end=""), *as_lines(draw(figure, width, _FIGURE_LINES, style=look.plot))]
    for table in drawn.tables.values():
        lines += [Text(end=""), *_table(table, look, width)]
    return lines


def note_lines(note: str, look: Look, width: int) -> list[Text]:
    """Return a note in Markdown as lines: paragraphs, lists, and words that are set off."""
    lines: list[Text] = []
    for block in re.split(r"\n\s*\n", note.strip()):
        rows = block.split("\n")
        for row in rows if any(_LIST_ITEM.match(row) for row in rows) else [" ".join(rows)]:
            item = _LIST_ITEM.match(row)
            head = item.group() if item is not None else ""
            for index, piece in enumerate(_wrapped(row[len(head) :], look, width - len(head))):
                line = Text(head if index == 0 else " " * len(head), end="")
                lines.append(line.append_text(piece))
        lines.append(Text(end=""))
    return lines[:-1]


def _wrapped(text: str, look: Look, width: int) -> list[Text]:
    line = Text(end="")
    last = 0
    for found in _EMPHASIS.finditer(text):
        line.append(look.safe(text[last : found.start()]))
        line.append(look.safe(next(word for word in found.groups() if word)), look.strong)
        last = found.end()
    line.append(look.safe(text[last:]))
    pieces = list(line.wrap(Console(width=width), max(8, width)))
    for piece in pieces:
        piece.rstrip()
        piece.end = ""
    return pieces


def _value_lines(part: Part, result: Result, look: Look, width: int) -> list[Text]:
    """Return every value with its title: several on a line, and one on as many as its title takes."""
    specs = {spec.name: spec for spec in part.values}
    lines: list[Text] = []
    pieces: list[Text] = []
    for name, value in result.values.items():
        spec = specs.get(name)
        text = value_text(value, spec.digits if spec else 3, spec.unit if spec else "")
        title = look.safe(spec.title.to(look.language) if spec is not None else name)
        if cells(f"{title} {text}") <= width:
            pieces.append(look.line((f"{title} ", look.quiet), text))
            continue
        # What tells two values apart is often the end of their titles.
        *first, last = wrap(title, max(8, width - cells(text) - 3), unicode=look.plot.unicode)
        lines += packed(pieces, width, "   ")
        pieces = []
        lines += [look.line((line, look.quiet)) for line in first]
        lines.append(look.line((f"  {last} " if first else f"{last} ", look.quiet), text))
    return lines + packed(pieces, width, "   ")


def _table(table: Table, look: Look, width: int) -> list[Text]:
    from workbench.plots.terminal import draw_table

    return as_lines(draw_table(table, width, look.plot))
