"""The answer to a question: what there is to read about it, and an editor that saves by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar, Final

from rich.style import Style as RichStyle
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from labsteps.catalogue import Part
from workbench.store.errors import StoreError
from workbench.store.session import Session
from workbench.tui.answers import AnswerView, Draft
from workbench.tui.keys import WRITING, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.widgets.lines import paragraph
from workbench.tui.widgets.question import QuestionContent, QuestionView
from workbench.tui.widgets.result import path_lines
from workbench.tui.widgets.typed import InOrder
from workbench.wording import ago

SAVE_AFTER: Final = 1.0
_WIDE: Final = 44


class AnswerEditor(InOrder, TextArea):
    """Where the answer is written."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(WRITING)
    HELP = "Write the answer. It is saved a second after the last change, and when you leave with esc."

    class Left(Message):
        """The editor was left."""

    class Chosen(Message):
        """One of two texts was chosen."""

        def __init__(self, mine: bool) -> None:
            super().__init__()
            self.mine = mine

    conflict = False

    def get_line(self, line_index: int) -> Text:
        """Return a line with a sign in the place of every character that the terminal would obey or cannot show."""
        look = app_of(self).look
        return Text(_shown(self.document.get_line(line_index), look), end="", no_wrap=True)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Stay where it is while the cursor is beyond the end of the text.

        Textual scrolls in the middle of an undo that makes the text short enough to need no scroll bar, before the
        cursor is put back into it, and fails at a line that is no more.
        """
        if self.cursor_location[0] >= self.document.line_count:
            return Offset(0, 0)
        return super().scroll_cursor_visible(center, animate)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the choice between two texts only where there are two."""
        return self.conflict if action in ("theirs", "mine") else True

    def action_leave_editor(self) -> None:
        """Go back to the question."""
        self.post_message(self.Left())

    def action_theirs(self) -> None:
        """Take the text on disk."""
        self.post_message(self.Chosen(mine=False))

    def action_mine(self) -> None:
        """Keep the text in the editor."""
        self.post_message(self.Chosen(mine=True))

    def invite(self, *, here: bool) -> None:
        """Say in an empty editor what to do: `here` tells whether what is typed goes into it."""
        look = app_of(self).look
        text = "Write the answer here; it is saved by itself." if here else "No answer yet. Enter begins to write."
        self.placeholder = look.safe(look.say(text))

    def on_focus(self) -> None:
        """Say that what is typed goes here."""
        if self.placeholder:
            self.invite(here=True)

    def on_blur(self) -> None:
        """Save, wherever the focus went."""
        if self.placeholder:
            self.invite(here=False)
        self.post_message(self.Left())


class AnswerPane(Container):
    """Question and editor; texts that are not saved yet are kept for as long as the app is open."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._part: Part | None = None
        self._view: AnswerView | None = None
        self._drafts: dict[tuple[Path, str], Draft] = {}
        self._draft: Draft | None = None
        self._with_note = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Make the question and the editor."""
        yield QuestionView(id="question")
        with Vertical(id="answer-side"):
            yield Static(id="answer-state", markup=False)
            yield AnswerEditor(id="answer-editor", compact=True, highlight_cursor_line=False)
            yield Static(id="answer-file", markup=False)

    def on_mount(self) -> None:
        """Keep the cursor still: nothing moves without reason."""
        self.query_one(QuestionView).edit = self._edit
        self._editor.cursor_blink = False
        self.set_interval(1.0, self._show_state)

    @property
    def _look(self) -> Look:
        return app_of(self).look

    @property
    def _editor(self) -> AnswerEditor:
        return self.query_one(AnswerEditor)

    @property
    def _whole(self) -> bool:
        """Whether it has all of its parts, which go one after the other where the screen is left."""
        parts = ("#question", "#answer-side", "#answer-state", "#answer-editor", "#answer-file")
        return all(self.query(part) for part in parts)

    # What comes in

    def show(self, part: Part | None, view: AnswerView | None, session: Session | None) -> None:
        """Show the question of a part; nothing that is being written is lost by it."""
        if part is None or not part.asks:
            self._turn_to(None)
            self._part, self._view = part, None
            return
        if part is not self._part:
            self._with_note = False
        self._part, self._view = part, view
        if view is None or session is None or view.file != session.answer_file(part.id):
            self._turn_to(None)
        else:
            key = (session.folder, part.id)
            draft = self._drafts.setdefault(key, Draft(session, view))
            changed = draft.follow(view)
            if draft is not self._draft:
                self._turn_to(draft)
            elif changed:
                self._put(draft.text)
        self._show_all()

    def _turn_to(self, draft: Draft | None) -> None:
        if draft is self._draft:
            return
        self.save()
        self._draft = draft
        self._editor.load_text(draft.text if draft is not None else "")
        self._editor.move_cursor(self._editor.document.end)
        self._settle()

    def _put(self, text: str) -> None:
        """Put a text into the editor as a change that can be taken back."""
        editor = self._editor
        editor.replace(text, editor.document.start, editor.document.end, maintain_selection_offset=False)
        self._settle()

    def _settle(self) -> None:
        """Count as unchanged what the editor makes of the text on disk, such as one kind of line break."""
        draft = self._draft
        if draft is not None and not draft.dirty:
            draft.text = draft.base = self._editor.text

    # Writing

    def focus_pane(self) -> None:
        """Give the question the focus."""
        self.query_one(QuestionView).focus()

    def _edit(self) -> None:
        if not self._editor.read_only:
            # At once, so that the next key comes here; `focus` waits for the app.
            self.screen.set_focus(self._editor)

    @on(QuestionView.Note)
    def _note(self, event: QuestionView.Note) -> None:
        event.stop()
        self._with_note = not self._with_note
        self._show_all()

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        draft = self._draft
        if draft is None or draft.text == self._editor.text:
            return
        draft.text = self._editor.text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self.save)
        self._show_state()

    @on(AnswerEditor.Left)
    def _left(self, event: AnswerEditor.Left) -> None:
        event.stop()
        self.save()
        if self._editor.has_focus:
            self.focus_pane()

    @on(AnswerEditor.Chosen)
    def _chosen(self, event: AnswerEditor.Chosen) -> None:
        event.stop()
        draft = self._draft
        if draft is None or draft.theirs is None:
            return
        if event.mine:
            draft.keep_mine()
            self.save()
        else:
            self._put(draft.take_theirs())
        self._show_all()

    def save(self) -> None:
        """Save what is not on disk yet, in a thread."""
        draft = self._draft
        if draft is not None and draft.dirty and draft.theirs is None:
            self._save(draft)

    @work(group="answer")
    async def _save(self, draft: Draft) -> None:
        await asyncio.to_thread(draft.save)
        if not self._whole:  # the screen was left meanwhile; what could not be saved is rescued there
            return
        app_of(self).look_again()
        if draft is self._draft:
            self._show_all()
        elif draft.theirs is not None or draft.problem:
            why = draft.problem or "It was changed elsewhere while you wrote."
            app_of(self).tell(f"Your answer to {draft.part} is not saved. {why}", "error")

    def on_unmount(self) -> None:
        """Save all that is not on disk, before the app is gone."""
        bench = app_of(self).bench
        for draft in self._drafts.values():
            try:
                path = draft.rescue()
            except StoreError as error:
                # The text itself too: what stands in the terminal can be copied from there.
                bench.last_words += [f"Your answer to {draft.part} could not be saved: {error}", draft.text]
                continue
            if path is not None:
                why = draft.problem or "it was changed elsewhere meanwhile"
                bench.last_words.append(f"Your answer to {draft.part} is in {path}: {why}")

    # What is shown

    def _show_all(self) -> None:
        part, view, draft = self._part, self._view, self._draft
        question, editor = self.query_one(QuestionView), self._editor
        editor.read_only = view is None or bool(view.problem) or draft is None
        if part is None or view is None:
            editor.placeholder = ""  # whether there is an answer is not known yet
            question.show(None)
            return
        if not editor.placeholder:
            editor.invite(here=editor.has_focus)
        bench = app_of(self).bench
        theirs = draft.theirs[0] if draft is not None and draft.theirs is not None else None
        question.show(QuestionContent(part, view, bench.lab, theirs, self._with_note))
        if editor.conflict != (theirs is not None):
            editor.conflict = theirs is not None
        self.refresh_bindings()
        self._show_state()

    def _show_state(self) -> None:
        if not self._whole:  # the screen is being left
            return
        view = self._view
        if view is None or not self.display:
            return
        width = self.query_one("#answer-side").content_size.width
        clock = app_of(self).clock
        text = Text("\n").join(state_lines(self._draft, view.problem, self._look, max(20, width - 1), clock()))
        self.query_one("#answer-state", Static).update(text)
        place = Text("\n").join(file_lines(view, self._look, max(20, width - 1)))
        self.query_one("#answer-file", Static).update(place)

    def relay(self) -> None:
        """Draw everything anew, after the colours have changed."""
        self._editor.notify_style_update()
        self._show_state()

    def on_resize(self) -> None:
        """Break state and path for the new width."""
        self._show_state()

    def on_show(self) -> None:
        """Say how long ago it was saved, when the pane comes into sight."""
        self._show_state()


def state_lines(draft: Draft | None, problem: str, look: Look, width: int, now: float) -> list[Text]:
    """Return how the answer stands: saved and when, not saved and why, or which of two texts is to be chosen."""
    if problem or draft is None:
        return paragraph(look, problem, width, look.bad)
    if draft.theirs is not None:
        text = "! Changed elsewhere; nothing is overwritten. ctrl+t takes theirs, ctrl+o keeps yours."
        # Apart from the text below, which begins in the same column.
        return [*paragraph(look, text, width, look.warn + RichStyle(bold=True)), Text(" ", end="")]
    if draft.problem and draft.dirty:
        return paragraph(look, f"! Not saved: {_why(draft, look)}", width, look.bad)
    count = len(draft.text.split())
    words = "1 word" if count == 1 else f"{count} words"
    if draft.dirty:
        saved = "not saved yet"
    else:
        saved = f"{look.say('saved')} {look.say(ago(draft.saved, lambda: now))}" if draft.saved else "nothing saved"
    # On one line at every width, so that the text below stays where it is.
    told = " · ".join(map(look.say, (words, saved)))
    whole = f"{look.say('Your answer')} · {told}"
    return paragraph(look, whole if width >= max(_WIDE, len(whole)) else told, width, look.quiet)


def _why(draft: Draft, look: Look) -> str:
    """Return why an answer is not saved, with what is to be done before any file: there is room for few lines."""
    told = look.say(draft.problem)
    file, colon, why = told.partition(": ")
    if not colon or not file.startswith(str(draft.session.folder)):
        return told
    return why if file == str(draft.session.answer_file(draft.part)) else f"{why} ({file})"


def file_lines(view: AnswerView, look: Look, width: int) -> list[Text]:
    """Return where the answer is on disk, above it the newest text that could not take its place."""
    lines = []
    for path in view.beside[-1:]:
        name = path.name if path.parent == view.file.parent else path
        lines = paragraph(look, f"! A text that found no place is in {name} (delete it when done)", width, look.warn)
    return [*lines, *path_lines(view.file, look, width)]


def _shown(line: str, look: Look) -> str:
    if line.isascii() and line.isprintable():
        return line
    # A sign a character, so that the cursor stays where it is in the text.
    return "".join(one if one == "\t" else _one_sign(one, look) for one in line)


def _one_sign(character: str, look: Look) -> str:
    safe = look.safe(character)
    return safe if len(safe) == 1 else "?"
