"""The settings one by one: what can be done with each, when it counts, and what goes before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui_helpers import screen_text, until, until_text, until_there

from workbench.config.files import read_user, user_file, write_setting
from workbench.config.settings import BY_NAME, SETTINGS, Counts
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.graphics import Graphics
from workbench.tui.pace import LOW_BANDWIDTH, NEAR
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.screens.settings import SettingList, SettingsScreen

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)


async def go_to(pilot: Pilot[Any], name: str) -> SettingList:
    """Open the settings and choose one."""
    if not isinstance(pilot.app.screen, SettingsScreen):
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the settings")
    own = await until_there(pilot, SettingList)
    await until(pilot, lambda: own.count > 0, "the list")
    own.choose([row.setting.name for row in own.rows].index(name))
    await until(pilot, lambda: BY_NAME[name].parameter.help.en[:40] in screen_text(pilot.app), "the details")
    return own


async def change(pilot: Pilot[Any], own: SettingList, key: str, value: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: own.chosen is not None and own.chosen.value == value, f"the value {value}")


async def test_only_what_can_be_done_with_a_setting_is_offered(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await go_to(pilot, "data")
        await until(pilot, lambda: "↵ change" in screen_text(pilot.app), "the keys")
        text = screen_text(pilot.app)
        assert "next choice" not in text and "take out" not in text and "session's" not in text.splitlines()[-1]
        own = await go_to(pilot, "theme")
        await until_text(pilot, "space next choice")
        await change(pilot, own, "space", "dark")
        await until_text(pilot, "x take out")
        await change(pilot, own, "x", "auto")
        await until(pilot, lambda: "take out" not in screen_text(pilot.app), "nothing to take out")
        await go_to(pilot, "tensorboard")
        await until_text(pilot, "s session's")
        await pilot.press("s")
        await until_text(pilot, "s mine")


async def test_a_change_goes_where_the_value_stands_and_counts_at_once(make_app: MakeApp, bench: Bench) -> None:
    bench.session.update(language="en")
    async with make_app().run_test(size=SIZE) as pilot:
        own = await go_to(pilot, "language")
        await until_text(pilot, "the session's own settings")
        await change(pilot, own, "space", "el")
        await until(pilot, lambda: " Ρυθμίσεις " in screen_text(pilot.app).splitlines()[0], "the Greek title")
        assert bench.session.language == "el" and "language" not in read_user().values


async def test_a_change_that_something_goes_before_says_so(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_PALETTE", "grey")
    bench.session.update(language="en")
    async with make_app().run_test(size=SIZE) as pilot:
        own = await go_to(pilot, "palette")
        await pilot.press("space")
        await until_text(pilot, "palette is written, and counts without WORKBENCH_PALETTE")
        assert own.chosen is not None and own.chosen.value == "grey" and read_user().values["palette"] == "magma"
        await go_to(pilot, "language")
        await until(pilot, lambda: "WORKBENCH_PALETTE, which" not in screen_text(pilot.app), "no such words")
        await pilot.press("s", "space")
        await until_text(pilot, "the session has its own")


@pytest.mark.parametrize("one", [one for one in SETTINGS if one.counts is not Counts.AT_ONCE], ids=lambda one: one.name)
async def test_a_setting_says_from_when_on_it_counts(bench: Bench, one: Any) -> None:
    from workbench.tui.look import Look
    from workbench.tui.screens.settings import rows_of, setting_lines

    row = next(row for row in rows_of(None, None) if row.setting is one)
    for language in ("en", "el"):
        look = Look(language=language)
        lines = [line.plain for line in setting_lines(row, look, 78, of_session=False)]
        assert any(look.say(str(one.counts)) in line for line in lines)


async def test_folders_are_told_and_completed_and_a_data_folder_has_to_be_there(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_STATE_DIR", raising=False)
    (tmp_path / "music").mkdir()
    async with make_app().run_test(size=(160, 45)) as pilot:
        await go_to(pilot, "state_dir")
        await until_text(pilot, f"in force     {tmp_path / 'state' / 'workbench'} default")
        await go_to(pilot, "data")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen), "the dialog")
        field = await until_there(pilot, Input)
        field.value = str(tmp_path / "nowhere")
        await pilot.press("enter")
        await until_text(pilot, "There is no folder")
        field.value = str(tmp_path / "mus")
        await pilot.press("tab")
        await until(pilot, lambda: field.value.startswith(str(tmp_path / "music")), "the completed path")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the settings")
        assert str(read_user().values["data"]).startswith(str(tmp_path / "music"))


async def test_mouse_pace_and_pictures_count_at_once(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        app = pilot.app
        said: list[bool] = []
        for name, on in (("_enable_mouse_support", True), ("_disable_mouse_support", False)):
            monkeypatch.setattr(app._driver, name, lambda on=on: said.append(on), raising=False)
        own = await go_to(pilot, "mouse")
        await change(pilot, own, "space", "false")
        await until(pilot, lambda: said == [False], "no mouse")
        await change(pilot, own, "x", "true")
        await until(pilot, lambda: said == [False, True], "the mouse again")
        own = await go_to(pilot, "low_bandwidth")
        assert app.pace is NEAR
        await change(pilot, own, "space", "true")
        await until(pilot, lambda: app.pace is LOW_BANDWIDTH, "the slow pace")
        app.graphics = Graphics(None, (10.0, 20.0), "")
        own = await go_to(pilot, "pictures")
        await change(pilot, own, "space", "kitty")
        await until(pilot, lambda: app.graphics is None, "another look at the terminal")


def test_a_session_that_is_made_in_the_app_has_the_seed_of_the_settings(empty_bench: Bench) -> None:
    write_setting(user_file(), BY_NAME["seed"], 7)
    assert empty_bench.create("other", None, "cpu").seed == 7
