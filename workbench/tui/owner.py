"""The app that a screen, a widget or a list of commands belongs to, by its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from textual.app import App

    from workbench.tui.app import WorkbenchApp


class _Owned(Protocol):
    @property
    def app(self) -> App[Any]: ...


def app_of(owned: _Owned) -> WorkbenchApp:
    """Return the app that a part of its screens belongs to, which Textual knows as any app."""
    return cast("WorkbenchApp", owned.app)
