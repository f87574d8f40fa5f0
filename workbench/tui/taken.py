"""Settings that the app takes when it starts, and anew when they change: palette, mouse, pace and pictures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.config import Layer, configured, find
from workbench.config.resolve import switched_on
from workbench.tui.pace import pace_of

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


class Taken:
    """The values that count now.

    What a flag of the command line said at the start stays until the setting is changed.

    Attributes
    ----------
    palette
        Colours of pictures.
    """

    def __init__(self) -> None:
        self.palette = str(configured("palette"))
        self._mouse, self._low, self._pictures = self._now()

    def take_in(self, app: WorkbenchApp) -> None:
        """Let values that have changed count.

        Raises
        ------
        ConfigError
            If one of them cannot be used.
        """
        self.palette = str(configured("palette"))
        mouse, low, pictures = self._now()
        if mouse != self._mouse:
            app.outside.report_mouse(wanted=mouse)
        if low != self._low:
            app.pace = pace_of(os.environ, low_bandwidth=low)
        if pictures != self._pictures:
            # How pictures reach the terminal is found out anew when the next one is asked for.
            app.graphics = None
        self._mouse, self._low, self._pictures = mouse, low, pictures

    @staticmethod
    def _now() -> tuple[bool, bool, str]:
        return mouse_wanted(os.environ), switched_on("low_bandwidth"), str(configured("pictures"))


def mouse_wanted(environ: Mapping[str, str]) -> bool:
    """Return the setting; without one the mouse is off in GNU screen, which keeps esc back while it reports a mouse."""
    found = find("mouse")
    in_screen = bool(environ.get("STY")) or environ.get("TERM", "").startswith("screen")
    return bool(found.value) and not (found.layer is Layer.DEFAULT and in_screen and not environ.get("TMUX"))
