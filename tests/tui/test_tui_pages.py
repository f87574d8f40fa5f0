"""The screens beside the lab: the machine, the log, the settings, the report."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tui_helpers import finished, screen_text, until, until_text, until_there

from workbench.config.files import user_file
from workbench.machine import Disk, Gpu, Machine, MachineReader, parse_gpus
from workbench.nvml import GpuProcess
from workbench.runner.queue import DeviceTicket, tickets_of
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.children import ChildError
from workbench.tui.screens import report
from workbench.tui.screens.lab import LabScreen
from workbench.tui.screens.log import LogScreen
from workbench.tui.screens.settings import SettingList, SettingsScreen
from workbench.tui.screens.system import SystemScreen
from workbench.tui.themes import LIGHT
from workbench.tui.widgets.header import LabHeader

MakeApp = Callable[[], WorkbenchApp]
SIZE = (80, 24)
MACHINE = Machine(
    "a processor", 2, 0.5, (1.0, 2.0, 3.0), 4e9, 16e9,
    (Gpu("cuda:0", "NVIDIA H100", 0.93, 40e9, 80e9, 61.0, (GpuProcess(77, "python", 2e9), GpuProcess(78, "", None))),),
    (Disk("cache", "/cache", 1e9, 10e9),),
    (("cpu", ("a-run", "b-run")), ("cuda:0", ())),
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBENCH_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("WORKBENCH_THEME", raising=False)


async def test_the_machine_is_shown_with_its_gpus_disks_and_queue(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MachineReader, "read", lambda _: MACHINE)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f3")
        await until_text(pilot, "NVIDIA H100, 61 °C")
        text = screen_text(pilot.app)
        assert "50%" in text and "93%" in text and "40.0 GB of 80.0 GB in use" in text
        assert "process 77 python, 2.0 GB" in text and "process 78\n" in text
        assert "1.0 GB of 10.0 GB free, little space /cache" in text
        assert "cpu: a-run" in text and "1. then b-run" in text and "cuda:0: nothing runs" in text
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


def test_what_the_driver_does_not_tell_is_unknown_and_not_zero() -> None:
    found = parse_gpus("0, NVIDIA A, 12, 1024, 2048, 40\n1, NVIDIA B, [N/A], [N/A], [N/A], [N/A]\nnonsense\n")
    assert found[0] == Gpu("cuda:0", "NVIDIA A", 0.12, 2.0**30, 2.0**31, 40.0)
    assert found[1] == Gpu("cuda:1", "NVIDIA B")
    assert len(found) == 2


def test_the_processors_share_comes_from_two_looks(tmp_path: Path) -> None:
    reader = MachineReader({"cache": tmp_path / "not" / "there"})
    first, second = reader.read(), reader.read()
    assert first.busy is None
    assert second.busy is None or 0.0 <= second.busy <= 1.0
    assert first.disks[0].free > 0 and first.total and first.used and first.used < first.total


def test_the_queue_tells_who_has_the_device_and_who_waits() -> None:
    assert tickets_of("cpu") == ()
    with DeviceTicket("cpu", "one"), DeviceTicket("cpu", "two"):
        assert tickets_of("cpu") == ("one", "two")
    assert tickets_of("cpu") == ()


async def test_the_log_has_the_messages_of_all_runs_and_of_the_serious_ones(make_app: MakeApp, bench: Bench) -> None:
    finished(bench.session)
    with bench.session.create_run({"part": "7.1δ", "parameters": {}, "seed": 0, "data": ""}).writer() as events:
        events.append("warning", text="a strange clip")
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await until_text(pilot, "a strange clip")
        assert "epoch 3/3" in screen_text(pilot.app)
        await pilot.press("w")
        await until(pilot, lambda: "epoch 3/3" not in screen_text(pilot.app), "the warnings alone")
        assert "7.1δ" in screen_text(pilot.app)


async def test_a_setting_is_changed_by_its_choices_counts_at_once_and_is_taken_out(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the settings")
        settings = await until_there(pilot, SettingList)
        await until(pilot, lambda: settings.count > 0, "the list")
        settings.choose([row.setting.name for row in settings.rows].index("theme"))
        await pilot.press("space", "space")
        await until(pilot, lambda: settings.chosen is not None and settings.chosen.value == "light", "another theme")
        await until(pilot, lambda: pilot.app.theme == LIGHT.name, "other colours")
        assert 'theme = "light"' in user_file().read_text()
        assert "light user: /" in " ".join(screen_text(pilot.app).split())
        await pilot.press("x")
        await until(pilot, lambda: settings.chosen is not None and settings.chosen.value == "auto", "the default")


async def test_a_value_that_a_setting_cannot_have_is_refused_in_the_dialog(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the settings")
        settings = await until_there(pilot, SettingList)
        await until(pilot, lambda: settings.count > 0, "the list")
        settings.choose([row.setting.name for row in settings.rows].index("seed"))
        await pilot.press("enter", *"x", "enter")
        await until_text(pilot, "seed cannot be")


async def test_a_session_has_settings_of_its_own(make_app: MakeApp, bench: Bench) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the settings")
        settings = await until_there(pilot, SettingList)
        await until(pilot, lambda: settings.count > 0, "the list")
        settings.choose([row.setting.name for row in settings.rows].index("tensorboard"))
        await pilot.press("s", "space")
        await until_text(pilot, "the session's own settings")
        await until(pilot, lambda: (bench.session.folder / "config.toml").exists(), "the session's file")
    assert not user_file().exists()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let the report's commands answer at once, and return what was asked."""
    asked: list[list[str]] = []

    async def answer(words: list[str]) -> object:
        asked.append(list(words))
        return {"findings": [{"part": "7.1γ", "kind": "not answered", "text": "Four operations"}]}

    async def say(words: list[str]) -> AsyncIterator[str]:
        asked.append(list(words))
        for line in ("gathering results and answers", "/reports/report.pdf", "/reports/report.typ"):
            yield line

    monkeypatch.setattr(report, "answer_of", answer)
    monkeypatch.setattr(report, "lines_of", say)
    return asked


async def test_the_report_tells_what_each_section_lacks_and_goes_there(
    make_app: MakeApp, checked: list[list[str]]
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "1 missing or doubtful")
        await pilot.press("down")
        await until_text(pilot, "not answered: Four operations")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")
        await until_text(pilot, "7.1γ Four operations")


async def test_the_report_is_built_by_a_command_and_its_path_is_shown(
    make_app: MakeApp, bench: Bench, checked: list[list[str]]
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "1 missing or doubtful")
        await pilot.press("b")
        await until_text(pilot, "Built: /reports/report.pdf")
        shown = screen_text(pilot.app)
        assert "gathering results" in shown and "Building the" not in shown
        assert checked[-1][:2] == ["report", "build"] and bench.session.name in checked[-1]


async def test_the_report_is_built_as_a_web_page_its_path_copied_and_it_is_checked_again(
    make_app: MakeApp, checked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(WorkbenchApp, "copy_to_clipboard", lambda _, text: copied.append(text))
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "1 missing or doubtful")
        await pilot.press("y")
        assert copied == []
        await pilot.press("w")
        await until_text(pilot, "Built: /reports/report.pdf")
        assert checked[-1][:2] == ["report", "web"]
        await pilot.press("y")
        await until_text(pilot, "Copied: /reports/report.pdf")
        assert copied == ["/reports/report.pdf"]
        asked = len(checked)
        await pilot.press("r")
        await until(pilot, lambda: [words[:2] for words in checked[asked:]] == [["report", "check"]], "another check")


async def test_a_report_that_cannot_be_built_says_why(
    make_app: MakeApp, checked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(words: list[str]) -> AsyncIterator[str]:
        yield "report.typ was edited since it was written."
        raise ChildError("It ended with code 2.")

    monkeypatch.setattr(report, "lines_of", refuse)
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await until_text(pilot, "1 missing or doubtful")
        await pilot.press("b")
        await until_text(pilot, "was edited since it was written")
        await until_text(pilot, "The report was not built")


async def test_one_screen_beside_the_lab_takes_the_place_of_another(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, SystemScreen), "the machine")
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen), "the log")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabScreen), "the lab")


async def test_settings_may_change_while_a_page_is_being_opened(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        opened = app.push_screen(LogScreen())
        assert isinstance(app.screen, LogScreen) and not app.screen.children
        app.settings_changed()
        await opened
        await until(pilot, lambda: bool(app.screen.query(LabHeader)), "the page")
