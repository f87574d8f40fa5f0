"""Lists of parts that ended early: each is told once, also to somebody who comes back, and is in F2 from then on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.runner.list_ends import ListEnd
from workbench.store.ended import mark_told
from workbench.store.errors import StoreError
from workbench.tui.views import LabView
from workbench.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


class EndedLists:
    """Tells of the lists of the open session.

    Parameters
    ----------
    app
        The app.
    """

    def __init__(self, app: WorkbenchApp) -> None:
        self._app = app
        self._told: set[Path] = set()

    async def tell(self, view: LabView) -> None:
        """Tell what the lists in a picture have left of which nobody was told, and keep that they were told."""
        new = [one for one in view.ended if not one.batch.told and one.batch.path.with_suffix("") not in self._told]
        if not new or view.batches or not any(screen.query(Notice) for screen in self._app.screen_stack):
            return
        self._app.tell("\n".join(one.told for one in new), "warning", lambda now: not now.batches)
        self._told.update(one.batch.path.with_suffix("") for one in new)
        await asyncio.to_thread(_mark, new)


def _mark(lists: list[ListEnd]) -> None:
    for one in lists:
        try:
            mark_told(one.batch)
        except StoreError:  # a session that may only be read tells it again the next time
            continue
