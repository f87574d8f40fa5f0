"""The folder of a session's data set, asked of the user."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsteps.errors import UsageError
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.widgets.field import Completed, Field

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


def ask_data(app: WorkbenchApp) -> None:
    """Ask for the data folder of the session."""
    if app.bench.session is None:
        return
    where = str(app.bench.data_root or "")
    text = "the folder that holds fma_genre_spectrograms and its sisters"

    def done(changed: bool | None) -> None:
        if changed:
            app.look_again()
            app.tell("The data folder is chosen.")

    def accept(folder: str) -> None:
        if not folder:
            raise UsageError(f"Give a folder: {text}.")
        app.bench.use_data(Path(folder))

    fields = [Field("data folder", where, text, Completed.FOLDERS)]
    app.push_screen(AskScreen("Data of this session", fields, accept), done)
