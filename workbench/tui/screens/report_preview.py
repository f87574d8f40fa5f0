"""The report as text, as it would be built now: every section, table and answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from labsteps.errors import LabError
from workbench.report.preview import Piece, draw, from_plain
from workbench.tui.children import answer_of, of_session
from workbench.tui.keys import VI_SCROLL, bindings
from workbench.tui.keys_more import PREVIEW
from workbench.tui.screens.page import PageScreen
from workbench.tui.widgets.lines import paragraph
from workbench.tui.widgets.log import FollowingView


class PreviewView(FollowingView):
    """The text of the report."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)
    HELP = "The report as text, as it would be built now. Figures are named where they will stand."

    def __init__(self) -> None:
        super().__init__()
        self.following = False
        self._pieces: tuple[Piece, ...] | None = None
        self._heads: tuple[tuple[int, Piece], ...] = ()

    def show(self, pieces: Sequence[Piece], step: str) -> None:
        """Show a text from the section of a step on; from where it was with no step."""
        self._pieces, self.following = tuple(pieces), False
        self.relay()
        self.call_after_refresh(self._go_to_step, step)

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the lines."""
        if self._pieces is None:
            return paragraph(self.look, "Reading what the session holds …", width, self.look.quiet)
        found = draw(self._pieces, width, self.look.plot)
        heads: list[tuple[int, Piece]] = []
        for row, (_, piece) in enumerate(found):
            if piece.kind == "heading" and (not heads or heads[-1][1] is not piece):
                heads.append((row, piece))
        self._heads = tuple(heads)
        return [line for line, _ in found]

    def section(self, count: int) -> None:
        """Go to the next heading, or to the one before."""
        here = round(self.scroll_y)
        rows = [row for row, _ in self._heads]
        rows = [row for row in rows if row > here] if count > 0 else [row for row in reversed(rows) if row < here]
        if rows:
            self._go(rows[0])

    def _go_to_step(self, step: str) -> None:
        for row, piece in self._heads:
            if step and piece.step == step:
                self._go(row)
                return

    def _go(self, row: int) -> None:
        self.following = False
        self.scroll_to(y=row, animate=False, force=True)


class ReportPreviewScreen(PageScreen):
    """Shows the report of the open session as text."""

    NAME: ClassVar[str] = "Report"
    BINDINGS: ClassVar[list[BindingType]] = bindings(PREVIEW)

    def __init__(self, step: str = "") -> None:
        super().__init__()
        self._step = step

    def body(self) -> ComposeResult:
        """Make the text."""
        yield PreviewView()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(PreviewView).focus()
        self._read(self._step)

    def action_read(self) -> None:
        """Read the text anew; one stays where one is."""
        self._read("")

    def action_section(self, count: int) -> None:
        """Go to the next section, or to the one before."""
        self.query_one(PreviewView).section(count)

    @work(exclusive=True, group="preview")
    async def _read(self, step: str) -> None:
        bench = self.bench_app.bench
        if bench.session is None:
            return
        try:
            data = await answer_of(["report", "preview", *of_session(bench.session), "--lang", bench.language])
        except LabError as error:
            self.bench_app.tell(str(error), "error")
            return
        self.query_one(PreviewView).show([from_plain(one) for one in data["pieces"]], step)
