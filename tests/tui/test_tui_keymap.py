"""Keys of the user's own, the themes, and how often the app draws."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.color import Color
from tui_helpers import until, until_text

from workbench.config.files import read_user, user_file, write_setting
from workbench.config.settings import BY_NAME, ConfigError
from workbench.plots.style import Depth, Style, series_style, shaded
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.keymap import ALL_TABLES, keymap
from workbench.tui.keys_manual import keys_page
from workbench.tui.look import look_of
from workbench.tui.pace import LOW_BANDWIDTH, NEAR, OVER_NETWORK, pace_of
from workbench.tui.screens.help import AREAS
from workbench.tui.screens.system import SystemScreen
from workbench.tui.themes import THEMES, other_shade, theme_of


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBENCH_CONFIG_DIR", str(tmp_path / "config"))


def write(text: str) -> None:
    user_file().parent.mkdir(parents=True, exist_ok=True)
    user_file().write_text(text)


def test_the_table_of_keys_is_read_and_kept_when_a_setting_changes() -> None:
    write('theme = "dark"\n\n[keys]\nrun.start = "x"\n"app.system" = "f10,ctrl+s"\n')
    assert read_user().keys == {"run.start": "x", "app.system": "f10,ctrl+s"}
    assert read_user().unknown == ()
    write_setting(user_file(), BY_NAME["theme"], "light")
    assert read_user().keys == {"run.start": "x", "app.system": "f10,ctrl+s"}


def test_keys_that_are_no_text_are_refused_with_the_file_and_the_action() -> None:
    write("[keys]\nrun.start = 3\n")
    with pytest.raises(ConfigError, match=r"config.toml: \[keys\] run.start cannot be 3"):
        read_user()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"run.strat": "x"}, "no action 'run.strat'; did you mean run.start"),
        ({"run.start": "ctrl+shift+alt+x"}, "no key 'ctrl\\+shift\\+alt\\+x' on every terminal"),
        ({"run.start": "pagedwon"}, "did you mean pagedown"),
        ({"run.start": "s"}, "s cannot be both run.start and run.stop"),
        ({"steps.open": "q"}, "q cannot be both app.leave and steps.open"),
    ],
)
def test_what_cannot_be_a_key_map_is_refused_with_what_was_probably_meant(asked: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        keymap(asked, "config.toml")


def test_two_actions_can_change_places() -> None:
    assert keymap({"run.start": "s", "run.stop": "r"}, "") == {"run.start": "s", "run.stop": "r"}
    assert keymap({"app.help": "?, F1", "data.folder": "D"}, "")["app.help"] == "question_mark,f1"


async def test_a_key_of_ones_own_does_the_action_and_the_old_one_does_not(bench: Bench) -> None:
    app = WorkbenchApp(bench, keymap=keymap({"app.system": "f10"}, ""))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_text(pilot, "Press r")
        await pilot.press("f3")
        assert not isinstance(app.screen, SystemScreen)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SystemScreen), "the machine")


def test_over_a_network_and_on_a_slow_link_the_app_draws_less() -> None:
    assert pace_of({}, low_bandwidth=False) is NEAR
    assert pace_of({"SSH_TTY": "/dev/pts/1"}, low_bandwidth=False) is OVER_NETWORK
    assert pace_of({}, low_bandwidth=True) is LOW_BANDWIDTH
    assert LOW_BANDWIDTH.frames < OVER_NETWORK.frames < NEAR.frames


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""

    def luminance(color: str) -> float:
        parts = [channel / 255 for channel in Color.parse(color).rgb]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("name", "least"), [("dark", 4.5), ("light", 4.5), ("contrast-dark", 7), ("contrast-light", 7)]
)
def test_every_colour_can_be_read_on_its_background(name: str, least: float) -> None:
    theme = THEMES[name]
    grounds = (theme.background, theme.panel, theme.variables["cursor"], theme.variables["cursor-away"])
    for color in (theme.foreground, theme.accent, theme.warning, theme.error, theme.success, theme.secondary):
        for ground in grounds:
            assert contrast(str(color), str(ground)) >= least, (color, ground, name)
    shown = Style(dark=theme.dark)
    for index in range(12):
        color = series_style(shown, index).color
        assert color is not None and contrast(color.get_truecolor().hex, str(theme.background)) >= 4.5, (index, name)


@pytest.mark.parametrize("depth", ["truecolor", "256"])
@pytest.mark.parametrize("dark", [True, False])
def test_the_counts_of_a_matrix_can_be_read_on_every_shade(depth: Depth, dark: bool) -> None:
    for percent in range(1, 101):
        cell = shaded(Style(depth, dark=dark), percent)
        assert cell.color is not None and cell.bgcolor is not None
        assert contrast(cell.color.get_truecolor().hex, cell.bgcolor.get_truecolor().hex) >= 4.5, percent


# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113: severity 1.0, on linear RGB.
SEEN_BY = {
    "others": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "a protanope": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "a deuteranope": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "a tritanope": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def lab_of(color: str, eyes: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """Return a colour in CIELAB (D65) as eyes see it."""
    parts = [channel / 255 for channel in Color.parse(color).rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    r, g, b = (min(1.0, max(0.0, sum(w * v for w, v in zip(row, linear, strict=True)))) for row in eyes)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("eyes", SEEN_BY.values(), ids=SEEN_BY)
@pytest.mark.parametrize("dark", [True, False])
def test_no_two_series_look_alike_to_anybody(dark: bool, eyes: tuple[tuple[float, ...], ...]) -> None:
    colors = [style.color for index in range(12) if (style := series_style(Style(dark=dark), index)).color is not None]
    seen = [lab_of(color.get_truecolor().hex, eyes) for color in colors]
    assert len(seen) == 12
    assert min(math.dist(one, other) for one, other in itertools.combinations(seen, 2)) >= 10


def test_a_terminal_of_sixteen_colours_gets_its_own_and_others_the_chosen_shade() -> None:
    assert theme_of("auto", {"TERM": "linux"}, light=False).ansi
    assert theme_of("auto", {"TERM": "xterm-256color"}, light=True) is THEMES["light"]
    assert theme_of("contrast-dark", {"TERM": "linux"}, light=True) is THEMES["contrast-dark"]
    for theme in THEMES.values():
        assert other_shade(theme.name).dark is not theme.dark
        assert other_shade(other_shade(theme.name).name) is theme


def test_themes_of_sixteen_colours_name_no_others() -> None:
    look = look_of(THEMES["ansi-dark"], {"TERM": "xterm-256color", "LANG": "C.UTF-8"})
    assert look.plot.depth == "16"
    for style in (look.accent, look.good, look.warn, look.bad, look.quiet):
        assert style.color is None or (style.color.number or 0) < 16


async def test_every_theme_shows_the_lab(make_app: Callable[[], WorkbenchApp], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THEMES:
        monkeypatch.setenv("WORKBENCH_THEME", name)
        async with make_app().run_test(size=(80, 24)) as pilot:
            await until_text(pilot, "Press r to run it")
            assert pilot.app.theme == THEMES[name].name


def test_the_page_of_keys_is_written_from_the_key_map() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert page == keys_page(), "run: make docs"
    assert not [key.id for table in ALL_TABLES for key in table if f"`{key.id}`" not in page]


def test_every_place_of_the_key_map_has_a_title_in_the_help() -> None:
    places = {key.id.partition(".")[0] for table in ALL_TABLES for key in table}
    assert places <= set(AREAS)
