"""The themes: a restrained one, one of the terminal's sixteen colours, one of high contrast; each dark and light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

from workbench.plots.style import style_of

DARK: Final = Theme(
    name="workbench-dark",
    primary="#6fb3d2",
    secondary="#8fa3ad",
    accent="#6fb3d2",
    warning="#d9a85b",
    error="#e07a70",
    success="#86b87a",
    foreground="#d6d9dc",
    background="#15181b",
    surface="#15181b",
    panel="#20262b",
    dark=True,
    variables={"rule": "#3a444c", "cursor": "#16324a", "cursor-away": "#262d33"},
)
LIGHT: Final = Theme(
    name="workbench-light",
    primary="#1f6286",
    secondary="#5a6a74",
    accent="#1f6286",
    warning="#8a5a00",
    error="#a8322a",
    success="#39702e",
    foreground="#1f2427",
    background="#fbfbf9",
    surface="#fbfbf9",
    panel="#eceeee",
    dark=False,
    variables={"rule": "#b9c1c6", "cursor": "#dcebf4", "cursor-away": "#e4e8ea"},
)


def _ansi(*, dark: bool) -> Theme:
    """Return a theme of the terminal's own sixteen colours on its own background."""
    return Theme(
        name="workbench-ansi-dark" if dark else "workbench-ansi-light",
        primary="ansi_cyan" if dark else "ansi_blue",
        secondary="ansi_default",
        accent="ansi_cyan" if dark else "ansi_blue",
        warning="ansi_yellow" if dark else "ansi_magenta",
        error="ansi_bright_red" if dark else "ansi_red",
        success="ansi_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=dark,
        ansi=True,
        variables={
            **BUILTIN_THEMES["ansi-dark" if dark else "ansi-light"].variables,
            **{"rule": "ansi_default", "cursor": "ansi_default", "cursor-away": "ansi_default"},
        },
    )


def _contrast(*, dark: bool) -> Theme:
    """Return a theme whose every colour is at least 7 to 1 against every ground (WCAG 2.2, 1.4.6)."""
    ground, ink = ("#000000", "#ffffff") if dark else ("#ffffff", "#000000")
    return Theme(
        name="workbench-contrast-dark" if dark else "workbench-contrast-light",
        primary="#7fdfff" if dark else "#003b6f",
        secondary="#d8d8d8" if dark else "#333333",
        accent="#7fdfff" if dark else "#003b6f",
        warning="#ffd75f" if dark else "#5c3a00",
        error="#ffa8a0" if dark else "#8a0000",
        success="#9ff59f" if dark else "#064d06",
        foreground=ink,
        background=ground,
        surface=ground,
        panel=ground,
        dark=dark,
        variables={
            "rule": ink,
            "cursor": "#00344b" if dark else "#c4e4ff",
            "cursor-away": "#303030" if dark else "#dddddd",
        },
    )


THEMES: Final = {
    "dark": DARK,
    "light": LIGHT,
    "ansi-dark": _ansi(dark=True),
    "ansi-light": _ansi(dark=False),
    "contrast-dark": _contrast(dark=True),
    "contrast-light": _contrast(dark=False),
}
_OPPOSITE: Final = {"dark": "light", "light": "dark"}


def theme_of(chosen: str, environ: Mapping[str, str], *, light: bool) -> Theme:
    """Return the theme of a choice; ``auto`` takes the terminal's own colours where it has sixteen."""
    if chosen != "auto":
        return THEMES[chosen]
    shade = "light" if light else "dark"
    return THEMES[f"ansi-{shade}" if style_of(environ).depth == "16" else shade]


def other_shade(name: str) -> Theme:
    """Return the light theme for a dark one and the other way round."""
    key = next(key for key, theme in THEMES.items() if theme.name == name)
    head, _, shade = key.rpartition("-")
    return THEMES[f"{head}-{_OPPOSITE[shade]}" if head else _OPPOSITE[shade]]


def rich_color(color: str) -> str:
    """Return a theme's colour as rich names it."""
    return color.removeprefix("ansi_")
