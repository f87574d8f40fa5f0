"""The focus across a terminal that was too small for a while: what is hidden loses it, and gets it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from workbench.tui.widgets.toosmall import SMALLEST

if TYPE_CHECKING:
    from textual.app import App


class KeptFocus:
    """Remembers the focused pane of every screen in sight while the terminal is too small to show it.

    Textual takes the focus from what is hidden, and leaves it nowhere when that comes back: the keys would do nothing.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._small = False
        self._kept: WeakKeyDictionary[Screen[Any], Widget] = WeakKeyDictionary()

    def resized(self, size: Size) -> None:
        """Remember or give back, before the screens learn of their new size."""
        was_small, self._small = self._small, size.width < SMALLEST[0] or size.height < SMALLEST[1]
        for screen in self._app.screen_stack:
            if self._small and screen.focused is not None:
                self._kept[screen] = screen.focused
            elif was_small and not self._small:
                # The screen shows its panes again only after it has handled the size and updated its styles.
                self._app.call_next(screen.call_after_refresh, self._give_back, screen)

    def _give_back(self, screen: Screen[Any]) -> None:
        kept = self._kept.pop(screen, None)
        if screen.focused is not None or not screen.is_attached:
            return
        if kept is not None and kept.is_attached and kept.focusable:
            screen.set_focus(kept)
        elif screen.AUTO_FOCUS != "":
            screen.focus_next(screen.AUTO_FOCUS or "*")
