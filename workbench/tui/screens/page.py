"""What the screens beside the lab have in common: header, one body, what the app says, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from workbench.tui.keys import bindings
from workbench.tui.keys_more import PAGE
from workbench.tui.owner import app_of
from workbench.tui.screens.once import LeftOnce
from workbench.tui.views import LabView
from workbench.tui.widgets.header import LabHeader
from workbench.tui.widgets.keybar import KeyBar
from workbench.tui.widgets.lines import LinesView
from workbench.tui.widgets.notice import Notice
from workbench.tui.widgets.toosmall import TooSmall

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


class PageScreen(LeftOnce, Screen[None]):
    """A screen over the lab; a subclass gives its body."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PAGE)
    NAME: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        """Make header, body and key bar."""
        yield LabHeader(self.NAME)
        yield from self.body()
        yield Notice()
        yield KeyBar()
        yield TooSmall()

    def body(self) -> ComposeResult:
        """Make what is between the header and the keys."""
        raise NotImplementedError

    @property
    def bench_app(self) -> WorkbenchApp:
        """The app, by its own type."""
        return app_of(self)

    def on_screen_resume(self) -> None:
        """Show in the header what is known."""
        self.show_view(self.bench_app.view)

    def show_view(self, view: LabView) -> None:
        """Show what goes on in the open session."""
        self.query_one(LabHeader).show(view)

    def relay(self) -> None:
        """Draw everything anew, after colours or language have changed."""
        self.query_one(LabHeader).refresh()
        for pane in self.query(LinesView):
            pane.relay()

    def action_back(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)
