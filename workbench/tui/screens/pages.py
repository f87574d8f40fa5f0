"""The screens beside the lab by their names."""

from __future__ import annotations

from typing import Final

from workbench.tui.screens.log import LogScreen
from workbench.tui.screens.page import PageScreen
from workbench.tui.screens.report import ReportScreen
from workbench.tui.screens.settings import SettingsScreen
from workbench.tui.screens.system import SystemScreen

PAGES: Final[dict[str, type[PageScreen]]] = {
    "system": SystemScreen,
    "log": LogScreen,
    "settings": SettingsScreen,
    "report": ReportScreen,
}
