"""Help for where one is: the focused pane's purpose and all keys that work there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.text import Text
from textual.screen import Screen

from workbench.tui.look import Look
from workbench.tui.widgets.lines import hanging, paragraph

AREAS: Final = {
    "steps": "List of steps",
    "parameters": "Parameters",
    "editing": "Field",
    "run": "Run",
    "result": "Result",
    "zoom": "Closer to a figure",
    "map": "Map of tracks",
    "preview": "The report as text",
    "runs": "Runs",
    "compare": "Comparison",
    "log": "Log",
    "settings": "Settings",
    "report": "Report",
    "sections": "Sections of the report",
    "picture": "Figure over the whole terminal",
    "cells": "Cells of the matrix",
    "clips": "Clips",
    "finding": "Finding",
    "list": "List",
    "page": "Screen",
    "answer": "Answer",
    "writing": "Writing",
    "text": "Scrolling",
    "tab": "Tabs",
    "panel": "Panel",
    "data": "Data",
    "sessions": "Sessions",
    "path": "Path",
    "field": "Field",
    "plan": "Plan",
    "reading": "Text to read",
    "inside": "Inside the network",
    "part": "Part",
    "dialog": "Dialog",
    "command": "What a command says",
    "palette": "Palette",
    "app": "Everywhere",
}
_NAMES: Final = {
    **{"question_mark": "?", "greater_than_sign": ">", "less_than_sign": "<", "escape": "esc", "upper_r": "R"},
    **{"plus": "+", "equals_sign": "=", "minus": "-", "slash": "/"},
    **{"pagedown": "page down", "pageup": "page up"},
}
_KEY_CELLS = 22


def key_text(key: str) -> str:
    """Return a key of Textual's as one reads it on a keyboard."""
    return _NAMES.get(key, key)


def help_text(screen: Screen[Any]) -> Callable[[Look, int], Sequence[Text]]:
    """Return a function that writes the help for the present state of a screen."""
    focused = screen.focused
    purpose = str(getattr(focused, "HELP", "") or getattr(screen, "HELP", "") or "")
    groups: dict[str, dict[str, tuple[list[str], str]]] = {area: {} for area in AREAS}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and active.enabled and binding.tooltip:
            entry = groups.setdefault(binding.id.partition(".")[0], {}).setdefault(
                binding.tooltip, ([], binding.tooltip)
            )
            entry[0].append(key_text(binding.key))

    def write(look: Look, width: int) -> Sequence[Text]:
        lines = paragraph(look, purpose, width) if purpose else []
        for area, entries in groups.items():
            if not entries:
                continue
            lines += [Text(end=""), Text(look.safe(look.say(AREAS.get(area, area))), look.accent, end="")]
            for keys, text in entries.values():
                lines += hanging(
                    look, f"{look.fit(', '.join(keys), _KEY_CELLS - 2):<{_KEY_CELLS}}", look.say(text), width
                )
        return [
            *lines,
            Text(end=""),
            *paragraph(look, "ctrl+p finds every action and part by its name.", width, look.quiet),
        ]

    return write
