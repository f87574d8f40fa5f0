"""How things look here: what the terminal can show, colours, signs and safe text."""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rich.style import Style as RichStyle
from rich.text import Text
from textual.theme import Theme

from labsteps.catalogue import GREEK_LETTERS, LATIN_LETTERS
from workbench import wording
from workbench.greek import say
from workbench.plots.style import Style, style_of
from workbench.plots.text import fit, printable
from workbench.speaking import said
from workbench.store.run import RunState
from workbench.tui.themes import rich_color
from workbench.tui.ways import in_the_app

# Part ids have Latin letters of their own: 7.1γ is 7.1c, not the 7.1g that reads like it.
_LATIN_OF: Final = dict(zip(GREEK_LETTERS, LATIN_LETTERS, strict=True))
_PART_ID: Final = re.compile(rf"(?<=\d)[{GREEK_LETTERS}](?!\w)")
_CURSOR: Final = {True: ("▌", ">"), False: ("▏", "|")}


@dataclass(frozen=True, slots=True)
class Look:
    """What a screen needs to know to write its lines.

    Attributes
    ----------
    plot
        What the terminal can show.
    language
        Language of titles and briefs, ``en`` or ``el``.
    accent, quiet, good, warn, bad
        The styles in use; a state is always told by sign and word too.
    """

    plot: Style = field(default_factory=Style)
    language: str = "en"
    accent: RichStyle = field(default_factory=lambda: _style("#6fb3d2", bold=True))
    quiet: RichStyle = field(default_factory=lambda: RichStyle(dim=True))
    good: RichStyle = field(default_factory=lambda: _style("#86b87a"))
    warn: RichStyle = field(default_factory=lambda: _style("#d9a85b"))
    bad: RichStyle = field(default_factory=lambda: _style("#e07a70"))
    cursor: RichStyle = field(default_factory=lambda: RichStyle(bgcolor="#16324a"))
    cursor_away: RichStyle = field(default_factory=lambda: RichStyle(bgcolor="#262d33"))
    strong: RichStyle = field(default_factory=lambda: RichStyle(bold=True))

    @property
    def ascii_only(self) -> bool:
        """Whether nothing beyond ASCII may be written."""
        return not self.plot.unicode

    def say(self, text: str) -> str:
        """Return words of the app in the language of the screen, with the ways out that the app has."""
        # What a run says in columns is told column by column.
        found = text if "  " in text.strip() else say(text, self.language)
        # Errors and ends of runs are worded with the commands, which have tables of their own.
        return in_the_app(said(text, self.language) if found == text else found, self.language)

    def safe(self, text: str) -> str:
        """Return text as it may be written to this terminal, on one line."""
        if self.ascii_only and not text.isascii():
            text = _PART_ID.sub(lambda found: _LATIN_OF[found.group()], text)
        return printable(text, unicode=self.plot.unicode)

    def fit(self, text: str, width: int) -> str:
        """Return text made safe and cut to a width."""
        return fit(self.safe(text), width, unicode=self.plot.unicode)

    def cursor_sign(self, *, here: bool) -> str:
        """Return the sign beside the chosen line, with the focus on its list or elsewhere."""
        return _CURSOR[here][self.ascii_only]

    def state_style(self, state: RunState | None) -> RichStyle:
        """Return the colour of a state."""
        if state is RunState.FINISHED:
            return self.good
        if state is RunState.FAILED:
            return self.bad
        if state in (RunState.INTERRUPTED, RunState.PAUSED):
            return self.warn
        return self.accent if state is not None and state.live else self.quiet

    def sign(self, state: RunState | None) -> str:
        """Return the sign of a state."""
        return wording.state_sign(state, ascii_only=self.ascii_only)

    def line(self, *pieces: tuple[str, RichStyle] | str) -> Text:
        """Return a line of text from pieces with their styles, made safe."""
        text = Text(end="")
        for piece in pieces:
            if isinstance(piece, str):
                text.append(self.safe(piece))
            else:
                text.append(self.safe(piece[0]), piece[1])
        return text


def look_of(theme: Theme, environ: Mapping[str, str], language: str = "en", palette: str = "magma") -> Look:
    """Return the look of a theme on the terminal that the environment describes, with pictures in a palette."""
    plot = style_of(environ, dark=theme.dark, palette=palette)
    if theme.ansi and plot.depth != "none":
        plot = replace(plot, depth="16")
    plot = replace(plot, language=language)
    if _encoding_is_utf8(environ) != plot.unicode:
        plot = replace(plot, unicode=_encoding_is_utf8(environ))
    if plot.depth == "none":
        plain, bold = RichStyle.null(), RichStyle(bold=True)
        return Look(plot, language, bold, RichStyle(dim=True), plain, plain, bold, RichStyle(reverse=True), bold, bold)
    variables = theme.variables
    return Look(
        plot,
        language,
        accent=_style(theme.accent or theme.primary, bold=True),
        quiet=_style(theme.secondary or "#808080"),
        good=_style(theme.success or "#80a080"),
        warn=_style(theme.warning or "#a0a060"),
        bad=_style(theme.error or "#c06060"),
        # Of the sixteen colours none is sure to be readable below every other, so the chosen line is reversed there.
        cursor=_BACKWARDS if theme.ansi else RichStyle(bgcolor=variables.get("cursor", "#16324a")),
        cursor_away=_UNDERLINED if theme.ansi else RichStyle(bgcolor=variables.get("cursor-away", "#262d33")),
    )


def light_background(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal says that its background is light (``COLORFGBG``)."""
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    return last.isdigit() and int(last) in (7, 15)


def _encoding_is_utf8(environ: Mapping[str, str]) -> bool:
    if any(environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        return style_of(environ).unicode
    # Python takes an unset locale for UTF-8 where the C library lets it.
    return environ is os.environ and "utf" in locale.getpreferredencoding(False).lower()


def _style(color: str, *, bold: bool = False) -> RichStyle:
    return RichStyle(color=rich_color(color), bold=bold or None)


_BACKWARDS: Final = RichStyle(reverse=True)
_UNDERLINED: Final = RichStyle(underline=True)
