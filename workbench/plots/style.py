"""What the terminal can show, and the colours that the drawers choose for it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from rich.color import Color, ColorSystem
from rich.style import Style as RichStyle

from labsteps.errors import ParameterError
from workbench.greek import say
from workbench.speaking import language as spoken

Depth = Literal["truecolor", "256", "16", "none"]

_RAMPS: Final[dict[str, tuple[str, ...]]] = {
    "magma": ("000004", "1d1147", "51127c", "832681", "b73779", "e75263", "fc8961", "fec488", "fcfdbf"),
    "viridis": ("440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725"),
    "cividis": ("00224e", "1a386f", "434e6c", "61656f", "7d7c78", "9b9476", "bcae6c", "dec958", "fee838"),
    "grey": ("0a0a0a", "f5f5f5"),
}
_RAMPS_16: Final[dict[str, tuple[str, ...]]] = {
    "magma": ("black", "blue", "magenta", "red", "bright_red", "yellow", "bright_yellow", "bright_white"),
    "viridis": ("black", "blue", "cyan", "green", "bright_green", "bright_yellow"),
    "cividis": ("black", "blue", "bright_black", "white", "yellow", "bright_yellow"),
    "grey": ("black", "bright_black", "white", "bright_white"),
}
# Chosen by hand: the nearest colours of the 256 jump between hues.
_RAMPS_256: Final[dict[str, tuple[int, ...]]] = {
    "magma": (16, 17, 53, 89, 125, 161, 167, 203, 209, 215, 222, 229, 231),
    "viridis": (54, 24, 30, 36, 41, 77, 113, 149, 190, 226),
    "cividis": (17, 59, 101, 143, 179, 185, 220, 227),
    "grey": tuple(range(232, 256)),
}
PALETTES: Final = tuple(_RAMPS)

_SHADES_DARK: Final = ("17293d", "1f4e79", "2f7fb8", "7fc0e8")
_SHADES_LIGHT: Final = ("e6f0f8", "a9cde6", "4a93c9", "0b4f8a")
# Colour and, for the text on it, black or white: from a small share of the row to nearly all of it.
_SHADES_256_DARK: Final = ((236, 231), (24, 231), (31, 16), (74, 16), (117, 16))
_SHADES_256_LIGHT: Final = ((254, 16), (153, 16), (110, 16), (67, 16), (25, 231))
_SHADES_16_DARK: Final = ("blue", "cyan", "white")
_SHADES_16_LIGHT: Final = ("cyan", "blue", "black")

# Okabe and Ito's colours, told apart with every common form of colour blindness, on a light background darker; then
# more, each chosen to be farthest from all before it as a deuteranope, a protanope, a tritanope and others see them
# (Machado et al. 2009, CIEDE2000) among those at 4.5 to 1 against the background, since they colour letters too.
_LINES_DARK: Final = (
    *("56b4e9", "e69f00", "009e73", "cc79a7", "f0e442", "d55e00", "bbbbbb", "4f8fd6"),
    *("d8fcd8", "90fcfc", "90d890", "6c9048"),
)
_LINES_LIGHT: Final = (
    *("0072b2", "bf5400", "007a59", "aa4a86", "000000", "6c2400", "48006c", "244848"),
    *("0000d8", "240024", "482424", "6c2490"),
)
# On white paper, chosen in the same way.
PRINTED: Final = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d31"),
    *("#0000fc", "#482400", "#486cfc", "#000090"),
)
_LINES_16_DARK: Final = ("bright_cyan", "bright_yellow", "bright_green", "bright_magenta", "bright_red", "bright_white")
_LINES_16_LIGHT: Final = ("blue", "red", "green", "magenta", "cyan", "black")

SIGNS: Final = "●○▲△■□◆◇"
ASCII_SIGNS: Final = "ox+*#@%&"
LEVELS: Final = 64
PLAIN: Final = RichStyle.null()


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show.

    Attributes
    ----------
    depth
        Number of colours: ``truecolor``, ``256``, ``16`` or ``none``.
    unicode
        Whether characters beyond ASCII can be shown; without them every character drawn is ASCII.
    dark
        Whether the background is dark.
    palette
        Colours of pictures, one of `PALETTES`.
    language
        Language of what drawings say of themselves, ``en`` or ``el``; empty for that of the command.

    Raises
    ------
    ParameterError
        If the depth or the palette is unknown.
    """

    depth: Depth = "truecolor"
    unicode: bool = True
    dark: bool = True
    palette: str = "magma"
    language: str = ""

    def say(self, text: str) -> str:
        """Return words of a drawing of its own in its language."""
        return say(text, self.language or spoken())

    def __post_init__(self) -> None:
        """Refuse names that the drawers do not know."""
        if self.depth not in get_args(Depth):
            raise ParameterError(f"colour depth {self.depth!r} is unknown; choose one of {', '.join(get_args(Depth))}")
        if self.palette not in _RAMPS:
            raise ParameterError(f"palette {self.palette!r} is unknown; choose one of {', '.join(PALETTES)}")


def style_of(environ: Mapping[str, str], *, terminal: bool = True, dark: bool = True, palette: str = "magma") -> Style:
    """Return the style that the environment of a process asks for.

    Parameters
    ----------
    environ
        Environment variables; NO_COLOR, COLORTERM, TERM and the locale's are read.
    terminal
        Whether the output is a terminal; a file gets no colours.
    dark, palette
        As in `Style`.
    """
    term = environ.get("TERM", "")
    depth: Depth = "16"
    if not terminal or environ.get("NO_COLOR") or term in ("", "dumb"):
        depth = "none"
    elif environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        depth = "truecolor"
    elif "256color" in term:
        depth = "256"
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    return Style(depth, "utf8" in locale.lower().replace("-", ""), dark, palette)


def strong() -> RichStyle:
    """Return the style of titles."""
    return _BOLD


def muted(style: Style) -> RichStyle:
    """Return the style of axes, units and notes."""
    return PLAIN if style.depth == "none" else _DIM


@lru_cache(maxsize=256)
def series_style(style: Style, index: int) -> RichStyle:
    """Return the colour of the series or class at `index`."""
    if style.depth == "none":
        return PLAIN
    if style.depth == "16":
        names = _LINES_16_DARK if style.dark else _LINES_16_LIGHT
        return RichStyle(color=Color.parse(names[index % len(names)]))
    codes = _LINES_DARK if style.dark else _LINES_LIGHT
    return RichStyle(color=_color(codes[index % len(codes)], style.depth))


def series_sign(style: Style, index: int) -> str:
    """Return the sign that tells the series at `index` from the others without colour."""
    signs = SIGNS if style.unicode else ASCII_SIGNS
    return signs[index % len(signs)]


@lru_cache(maxsize=64)
def ramp(style: Style) -> tuple[Color, ...]:
    """Return the palette's colours from low to high; empty without colours."""
    if style.depth == "none":
        return ()
    if style.depth == "16":
        return tuple(Color.parse(name) for name in _RAMPS_16[style.palette])
    if style.depth == "256":
        return tuple(Color.from_ansi(index) for index in _RAMPS_256[style.palette])
    return tuple(_color(_between(_RAMPS[style.palette], i / (LEVELS - 1)), style.depth) for i in range(LEVELS))


@lru_cache(maxsize=4096)
def shaded(style: Style, percent: int) -> RichStyle:
    """Return the background of a matrix cell that holds `percent` of its row, with readable text on it."""
    if style.depth == "none" or percent <= 0:
        return PLAIN
    if style.depth == "16":
        names = _SHADES_16_DARK if style.dark else _SHADES_16_LIGHT
        if percent < 10:
            return PLAIN
        name = names[0 if percent < 30 else 1 if percent < 60 else 2]
        text = "bright_white" if name in ("blue", "black") else "black"
        return RichStyle(color=Color.parse(text), bgcolor=Color.parse(name))
    if style.depth == "256":
        pairs = _SHADES_256_DARK if style.dark else _SHADES_256_LIGHT
        back, front = pairs[bisect((10, 30, 50, 70), percent)]
        return RichStyle(color=Color.from_ansi(front), bgcolor=Color.from_ansi(back))
    code = _between(_SHADES_DARK if style.dark else _SHADES_LIGHT, min(percent, 100) / 100)
    text = "000000" if _luminance(code) > _MIDDLE else "ffffff"
    return RichStyle(color=_color(text, style.depth), bgcolor=_color(code, style.depth))


@lru_cache(maxsize=16384)
def two_colours(top: Color | None, bottom: Color | None) -> RichStyle:
    """Return the one style for a pair of colours, so that a picture builds each pair once."""
    return RichStyle(color=top, bgcolor=bottom)


@lru_cache(maxsize=1024)
def _color(code: str, depth: Depth) -> Color:
    color = Color.parse(f"#{code}")
    return color.downgrade(ColorSystem.EIGHT_BIT) if depth == "256" else color


def _between(codes: tuple[str, ...], fraction: float) -> str:
    """Return the colour at `fraction` (0…1) of the way along `codes`."""
    place = fraction * (len(codes) - 1)
    index = min(int(place), len(codes) - 2)
    low, high = bytes.fromhex(codes[index]), bytes.fromhex(codes[index + 1])
    return bytes(round(a + (b - a) * (place - index)) for a, b in zip(low, high, strict=True)).hex()


def _luminance(code: str) -> float:
    """Return the relative luminance (0…1) of a colour, by the sRGB formula."""
    linear = [((c / 255 + 0.055) / 1.055) ** 2.4 if c > 10 else c / 255 / 12.92 for c in bytes.fromhex(code)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Against a colour of this luminance black and white have one contrast, 4.6 to 1: sqrt(1.05 · 0.05) − 0.05.
_MIDDLE: Final = 0.179
_BOLD: Final = RichStyle(bold=True)
_DIM: Final = RichStyle(dim=True)
