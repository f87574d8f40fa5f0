"""Pictures of the screens beside the lab's panes, of dialogs and of the start, at both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from tui_digits import keep
from tui_helpers import (
    CLASSES,
    SIZES,
    finished,
    press_there,
    result,
    until,
    until_highlighted,
    until_text,
    view_of_live_run,
    view_of_result,
)
from tui_helpers import record as record_of

from labsteps.catalogue import catalogue
from labsteps.results import Axis, Column, Image, Result, Scatter, Table
from workbench import clips as tested
from workbench.config.resolve import Found, Layer
from workbench.config.settings import SETTINGS
from workbench.machine import Disk, Gpu, Machine, MachineReader
from workbench.report.preview import Piece, to_plain
from workbench.store.marks import Marks
from workbench.store.run import RunState
from workbench.store.sessions import SessionEntry, Sessions
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.children import ChildError
from workbench.tui.history import RunRow
from workbench.tui.overview import Overview, Standing
from workbench.tui.screens import cells, command, compare, log, report, report_preview, sessions, settings
from workbench.tui.screens.cells import CellsScreen, ClipsScreen
from workbench.tui.screens.command import CommandScreen
from workbench.tui.screens.compare import CompareScreen, read_comparison
from workbench.tui.screens.dialogs import DemoScreen
from workbench.tui.screens.inside import InsideScreen
from workbench.tui.screens.map import MapScreen, maps_of
from workbench.tui.screens.picture import PictureScreen
from workbench.tui.screens.report_preview import ReportPreviewScreen
from workbench.tui.screens.sessions import SessionsScreen
from workbench.tui.views import LabView

Compare = Callable[..., bool]
Still = Callable[[LabView], WorkbenchApp]
at_both_sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
HOME = Path("/home/user/sessions")
RUN = "20260101-120000000-7.1e-000"


def showing(*keys: str, until: str, first: Callable[[], Screen[Any]] | None = None) -> Callable[[Pilot[Any]], Any]:
    """Return what opens a screen, presses keys and waits for a text."""

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        if first is not None:
            await pilot.app.push_screen(first())
        await press_there(pilot, *keys)
        await until_text(pilot, until)
        await pilot.pause(0.1)

    return show


@at_both_sizes
def test_runs(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    rows = (
        RunRow(f"{RUN}3", "7.1ε", RunState.RUNNING, 999_990.0, "", {"epochs": 20}),
        RunRow(f"{RUN}2", "7.1ε", RunState.INTERRUPTED, 990_000.0, "", {"epochs": 20, "mode": "fast"}),
        RunRow(f"{RUN}1", "7.1ε", RunState.FINISHED, 900_000.0, ".447", {}, Marks("the first one", ("base",), True)),
    )
    view = replace(view_of_live_run(), history=rows)
    assert snap_compare(still(view), terminal_size=size, run_before=showing("7", "end", "space", until="pinned"))


@at_both_sizes
def test_start(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"thesis-run": 30.0, "demo": 90_000.0, "ablation-lstm": 200_000.0, "older": 900_000.0}
    entries = [SessionEntry(name, HOME / name, 1_000_000.0 - age, 0.0, "") for name, age in names.items()]
    entries[3] = entries[3]._replace(problem="/home/user/sessions/older/session.json: damaged; restore it from a copy")
    standings = (Standing(RunState.RUNNING, 2, 9), Standing(RunState.FINISHED, 0, 31), Standing(RunState.INTERRUPTED))
    monkeypatch.setattr(Bench, "entries", lambda _: entries)
    by_folder = dict(zip([entry.folder for entry in entries], standings, strict=False))
    monkeypatch.setattr(sessions, "standing_of", lambda entry: by_folder.get(entry.folder, Standing()))
    shown = Overview(
        data="/data/patreco3", device="auto", seed="0", folder=str(HOME / "thesis-run"), done=31, total=52,
        live=("7.2β running  epoch 4/15  ETA 1 h 12 min", "then 8γ, 6 to run in this batch"), interrupted=("5ζ",),
        best="7.1ε  accuracy .447 [.407 .487]", steps=tuple((step, 1, len(step.parts)) for step in catalogue()),
    )  # fmt: skip
    monkeypatch.setattr(sessions, "overview_of", lambda *_: shown)
    app = still(view_of_live_run())
    assert snap_compare(app, terminal_size=size, run_before=showing("f2", until="2 running"))


@at_both_sizes
def test_import(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bench, "entries", lambda _: [])

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen), "the start")
        await until_text(pilot, "No session yet.")
        await pilot.press("i", *"nowhere.tgz", "enter", "enter")
        await until_text(pilot, "no such file")
        await pilot.pause(0.1)

    monkeypatch.setattr(Path, "absolute", lambda self: Path("/home/user") / self)
    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=show)


@at_both_sizes
def test_comparison(
    snap_compare: Compare, still: Still, bench: Bench, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "names_of", lambda _: ["7.1ε 0001", "7.1ε 0002"])
    made = [finished(bench.session).id, finished(bench.session, epochs=3, mode="fast").id]
    compared = replace(read_comparison(bench.session, made, None, bench.lab), runs=(f"{RUN}1", f"{RUN}2"))
    columns = (Column("measure"), Column("difference"), Column("95 %"), Column("p"))
    tested = Table("accuracy", columns, (("accuracy", 0.085, "[.041 .129]", 0.0007),))

    async def paired(*_: object) -> tuple[Table, ...]:
        return (tested,)

    monkeypatch.setattr(compare, "read_comparison", lambda *_: compared)
    monkeypatch.setattr(compare, "paired", paired)

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        await pilot.app.push_screen(CompareScreen(compared.runs))
        pane = pilot.app.screen.query_one(compare.ComparePane)
        # The paired test makes the page longer, so its end is known after it.
        await until(pilot, lambda: pane._compared is not None and bool(pane._compared.tests), "the paired test")
        await pilot.press("end")
        await until_text(pilot, "differ")
        await pilot.pause(0.1)

    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=show)


@at_both_sizes
def test_machine(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    gpus = (Gpu("cuda:0", "NVIDIA H100", 0.93, 40e9, 80e9, 61.0), Gpu("cuda:1", "NVIDIA H100"))
    disks = (Disk("sessions", "/home/user/sessions", 1e9, 10e9), Disk("cache", "/scratch/cache", 400e9, 900e9))
    queues = (("cpu", (f"{RUN}1",)), ("cuda:0", (f"{RUN}2", f"{RUN}3")))
    machine = Machine("a processor", 16, 0.5, (1.0, 2.0, 3.0), 4e9, 16e9, gpus, disks, queues)
    monkeypatch.setattr(MachineReader, "read", lambda _: machine)
    shown = showing("f3", until="NVIDIA H100, 61")
    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_session_log(
    snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of_live_run()
    said = tuple(("7.1ε", message) for message in view.snapshot.messages)
    monkeypatch.setattr(log.JournalReader, "read", lambda _: said)
    assert snap_compare(still(view), terminal_size=size, run_before=showing("f4", until="message 9"))


@at_both_sizes
def test_settings(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("session", "data", "device", "language", "seed", "theme", "palette", "mouse")
    rows = tuple(
        settings.SettingRow(one, (Found(one, one.parameter.default, Layer.DEFAULT),))
        for one in SETTINGS
        if one.name in names
    )
    mine = Found(rows[4].setting, 7, Layer.USER, "/home/user/.config/workbench/config.toml:3")
    rows = (*rows[:4], replace(rows[4], found=(mine, *rows[4].found)), *rows[5:])
    monkeypatch.setattr(settings, "rows_of", lambda *_: rows)
    monkeypatch.setattr(settings, "user_file", lambda: Path("/home/user/.config/workbench/config.toml"))

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        await pilot.press("f5")
        await until_text(pilot, "palette")
        await pilot.press("home", *["down"] * 4)
        await until_text(pilot, "config.toml:3")
        await pilot.pause(0.1)

    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=show)


@at_both_sizes
def test_report(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(_words: Sequence[str]) -> object:
        lacks = ("7.1γ", "not answered", "Four operations"), ("7.1ε", "part of the data", "200 clips of 2325")
        return {"findings": [dict(zip(("part", "kind", "text"), one, strict=True)) for one in lacks]}

    monkeypatch.setattr(report, "answer_of", answer)

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        await pilot.press("f6")
        await until_text(pilot, "2 missing or doubtful")
        await pilot.press("down")
        await until_text(pilot, "200 clips")
        await pilot.pause(0.1)

    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=show)


@at_both_sizes
def test_cells(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    matrix = result().figures["confusion"]
    first = lambda: CellsScreen(matrix, HOME, None, percent=False)  # noqa: E731
    shown = showing("down", "right", "right", until="taken for", first=first)
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_clips(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    values = tuple(tuple(float(row + column) for column in range(40)) for row in range(30))
    picture = Image("Mel spectrogram", Axis("time", unit="s"), Axis("band"), Axis("level", "dB"), values, 0.0, 68.0)
    monkeypatch.setattr(cells, "picture_of", lambda *_: picture)
    clips = tuple(tested.TestedClip(str(1000 + n), "Blues", "Jazz", 0.2, 0.7 - n / 10) for n in range(4))
    first = lambda: ClipsScreen(clips, None)  # noqa: E731
    shown = showing("down", until="Mel spectrogram", first=first)
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_map(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    places = tuple(float(i) for i in range(10))
    ids = tuple(str(100 + i) for i in range(10))
    flat = Scatter("PCA in 2D", Axis("PC 1"), Axis("PC 2"), places, tuple(p % 3 for p in places), CLASSES, ids)
    first = lambda: MapScreen(maps_of(Result(figures={"cnn": flat})), 0, None)  # noqa: E731
    # Beside a wide map stands what the picked track sounds like, which is read meanwhile.
    told = "track 1" if size == SIZES["80x24"] else "no data folder"
    shown = showing("right", "right", until=told, first=first)
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_inside(snap_compare: Compare, tmp_path: Path, data_root: Path, size: tuple[int, int]) -> None:
    bench = Bench(Sessions(tmp_path / "sessions"))
    bench.create("demo", data_root, "cpu")
    keep(bench.session.create_run(record_of(bench.session, "7.1α")), 4)
    part = catalogue().parts["7.1α"]

    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "done")  # once the session was read
        await pilot.app.push_screen(InsideScreen(part))
        await until_text(pilot, "epoch 3 of 3")
        # Numbers of whole pixels alone, which no processor adds up in another order.
        await pilot.press("4")
        await until_text(pilot, "held-out 4")
        await pilot.pause(0.1)

    assert snap_compare(WorkbenchApp(bench), terminal_size=size, run_before=show)


@at_both_sizes
def test_figure_over_the_whole_terminal(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    file = HOME / "demo" / "runs" / f"{RUN}1" / "figures" / "confusion.png"
    first = lambda: PictureScreen(result().figures["confusion"], file)  # noqa: E731
    shown = showing(until="There is no PNG", first=first)
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_report_as_text(
    snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = (
        Piece("title", "Laboratory exercise 2"),
        Piece("quiet", "Maria (031)"),
        Piece("heading", "Step 7.1: 2D CNN", 1, "7.1"),
        Piece("question", "Question 7.1γ: what do the four operations do?"),
        Piece("text", "A convolution looks for the same small pattern everywhere. " * 3),
        Piece("facts", rows=(("accuracy", ".447 [.407 .487]"), ("best epoch", "3"))),
        Piece("table", table=result().tables["per_class"]),
    )

    async def answer(_words: Sequence[str]) -> object:
        return {"pieces": [to_plain(one) for one in pieces]}

    monkeypatch.setattr(report_preview, "answer_of", answer)
    shown = showing("down", until="small pattern", first=lambda: ReportPreviewScreen("7.1"))
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_command(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def lines(_words: Sequence[str], **_: str) -> AsyncIterator[str]:
        yield "! 5γ has no result yet; run it first."
        raise ChildError("It ended with code 3.", 3)

    monkeypatch.setattr(command, "lines_of", lines)
    shown = showing(until="ended with code 3", first=lambda: CommandScreen("compare 7.1ε 5γ", ("compare",)))
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_demo_set(snap_compare: Compare, still: Still, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DemoScreen, "_build", lambda _: None)
    monkeypatch.setattr("workbench.tui.screens.dialogs.duration", lambda _: "1 min 5 s")
    shown = showing(until="1 min 5 s so far", first=DemoScreen)
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


@at_both_sizes
def test_plan(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    assert snap_compare(still(LabView()), terminal_size=size, run_before=showing("A", until="to run"))


@at_both_sizes
def test_help(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=showing("3", "f1", until="esc close"))


@at_both_sizes
def test_palette(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    shown = showing("3", "ctrl+p", *"learn", until="peak learning rate")

    async def show(pilot: Pilot[Any]) -> None:
        await shown(pilot)
        await until_highlighted(pilot, "")
        await pilot.pause(0.1)

    assert snap_compare(still(view_of_live_run()), terminal_size=size, run_before=show)


@at_both_sizes
def test_find(snap_compare: Compare, still: Still, size: tuple[int, int]) -> None:
    shown = showing("slash", *"valence", until="8β Valence")
    assert snap_compare(still(view_of_result()), terminal_size=size, run_before=shown)


def test_too_small(snap_compare: Compare, still: Still) -> None:
    async def show(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "too small")
        await pilot.pause(0.1)

    assert snap_compare(still(view_of_result()), terminal_size=(50, 12), run_before=show)
