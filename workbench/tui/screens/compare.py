"""Runs beside each other: curves, values with differences from a baseline, parameters that differ, paired tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from labsteps.catalogue import Catalogue
from labsteps.errors import LabError
from labsteps.greek import figure_in, in_language
from labsteps.results import Curve, Result, Table, from_json, to_json
from workbench.comparing import metrics_table, names_of, overlaid, parameters_table, scores_of
from workbench.plots.window import extent
from workbench.runner.follow import Follower, Snapshot
from workbench.store.errors import StoreError
from workbench.store.marks import read_marks
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.tui.children import ChildError, answer_of, of_session
from workbench.tui.keys import ALONG, VI_ALONG, VI_SCROLL, ZOOM, bindings
from workbench.tui.keys_more import COMPARE
from workbench.tui.look import Look
from workbench.tui.screens.page import PageScreen
from workbench.tui.sight import Sight
from workbench.tui.widgets.lines import LinesView, as_lines, beside, hanging, paragraph

MOST: Final = 8
_CURVE_LINES: Final = (9, 18)
# What stands beside the table of metrics, where the screen is wide enough for it, and how far from it.
_SIDE, _GAP = 60, 4
_TESTS: Final = ("accuracy", "macro_f1", "spearman")


@dataclass(frozen=True, slots=True)
class Compared:
    """Runs as they were read, and which of them the others are compared with.

    Attributes
    ----------
    tests
        By run: the tables of its paired test against the baseline, or why there is none.
    """

    runs: tuple[str, ...]
    parts: tuple[str, ...]
    names: tuple[str, ...]
    snapshots: tuple[Snapshot, ...]
    baseline: int
    pinned: bool
    scores: tuple[str, ...]
    tables: tuple[Table, ...]
    tests: Mapping[str, tuple[Table, ...] | str] = field(default_factory=dict)


class ComparePane(LinesView):
    """Shows the comparison."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ZOOM, ALONG, VI_ALONG, VI_SCROLL)
    HELP = "Runs beside each other. The first, or the pinned one, is what the others are compared with; + goes closer."

    def __init__(self) -> None:
        super().__init__()
        self._compared: Compared | None = None
        self._problem = ""
        self._score = 0
        self._sight: Sight | None = None

    def show(self, compared: Compared | None, problem: str = "") -> None:
        """Show a comparison, or why there is none."""
        self._compared, self._problem = compared, problem
        self.relay()

    def next_score(self) -> None:
        """Draw the next of the numbers that the runs have in common."""
        if self._compared is not None:
            self._score = (self._score + 1) % len(self._compared.scores)
            self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return all of it, one below the other."""
        look = self.look
        if self._compared is None:
            return paragraph(look, self._problem or "Reading the runs …", width, look.bad if self._problem else None)
        score = self._compared.scores[min(self._score, len(self._compared.scores) - 1)]
        curve = overlaid(self._compared.snapshots, self._compared.names, score)
        self._see(curve)
        drawn = [] if self._sight is None else self._sight.draw(width, _CURVE_LINES[height >= 36], look.plot)
        if self._sight is not None and self._sight.turned():
            self.refresh_bindings()
        return comparison_lines(self._compared, curve, drawn, look, width)

    def _see(self, curve: Curve | None) -> None:
        """Draw a curve from now on, and of another one than before the epochs that are in sight."""
        before, told = self._sight, None if curve is None else figure_in(curve, self.look.language)
        if not isinstance(told, Curve):
            self._sight = None
        elif before is None or told != before.figure:
            self._sight = Sight(told)
            if before is not None and isinstance(before.figure, Curve):
                self._sight.window = before.window.over(extent(before.figure), extent(told))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go closer to the curves, and along them, where that shows something else."""
        if action in ("zoom", "whole", "along"):
            return self._sight is not None and self._sight.offers(action, parameters)
        return True

    def action_zoom(self, by: float) -> None:
        """Show more or less of the epochs."""
        if self._sight is not None and self._sight.zoom(by):
            self.relay()

    def action_whole(self) -> None:
        """Show all epochs."""
        if self._sight is not None:
            self._sight.whole()
            self.relay()

    def action_along(self, count: int) -> None:
        """Go to other epochs, a quarter of those in sight further on."""
        if self._sight is not None:
            self._sight.aside(count)
            self.relay()


class CompareScreen(PageScreen):
    """Compares runs of the open session.

    Parameters
    ----------
    runs
        Ids of runs.
    """

    NAME: ClassVar[str] = "Comparison"
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMPARE)

    def __init__(self, runs: Sequence[str]) -> None:
        super().__init__()
        self._runs = tuple(runs)[:MOST]
        self._left_out = max(0, len(runs) - MOST)
        self._baseline: str | None = None

    def body(self) -> ComposeResult:
        """Make the pane."""
        yield ComparePane()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(ComparePane).focus()
        if self._left_out:
            self.bench_app.tell(f"{MOST} runs fit beside each other; {self._left_out} marked later are left out.")
        self._read()

    def action_score(self) -> None:
        """Draw another number over the epochs."""
        self.query_one(ComparePane).next_score()

    def action_baseline(self) -> None:
        """Compare with the next of the runs."""
        if self._baseline in self._runs:
            self._baseline = self._runs[(self._runs.index(self._baseline) + 1) % len(self._runs)]
            self._read()

    @work(exclusive=True, group="compare")
    async def _read(self) -> None:
        session, pane = self.bench_app.bench.session, self.query_one(ComparePane)
        if session is None:
            return
        try:
            lab, language = self.bench_app.bench.lab, self.bench_app.look.language
            compared = await asyncio.to_thread(read_comparison, session, self._runs, self._baseline, lab, language)
        except (LabError, StoreError, ValueError, KeyError) as error:
            pane.show(None, str(error))
            return
        self._baseline = compared.runs[compared.baseline]
        pane.show(compared)
        for run in compared.runs:
            if run == self._baseline:
                continue
            compared = replace(compared, tests={**compared.tests, run: await paired(session, run, self._baseline)})
            pane.show(compared)


def read_comparison(
    session: Session, ids: Sequence[str], baseline: str | None, lab: Catalogue, language: str = "en"
) -> Compared:
    """Return what runs have in common and what not; without a `baseline`, the pinned run is it, else the first."""
    runs = [session.run(one) for one in ids]
    pinned = [run.id for run in runs if read_marks(run).pinned]
    chosen = baseline or (pinned[0] if pinned else runs[0].id)
    at = [run.id for run in runs].index(chosen)
    names = names_of(runs)
    snapshots = [_snapshot(run) for run in runs]
    ended = [i for i, run in enumerate(runs) if run.state is RunState.FINISHED]
    tables = [parameters_table(runs, names, lab)]
    if at in ended and len(ended) > 1:
        kept, called = [runs[i] for i in ended], [names[i] for i in ended]
        tables.insert(0, metrics_table(kept, called, ended.index(at), lab, language=language))
    parts = tuple(str(run.record.get("part", "")) for run in runs)
    return Compared(
        tuple(run.id for run in runs),
        parts,
        tuple(names),
        tuple(snapshots),
        at,
        chosen in pinned,
        tuple(scores_of(snapshots)),
        tuple(tables),
    )


async def paired(session: Session, run: str, baseline: str) -> tuple[Table, ...] | str:
    """Return the paired test of a run against the baseline, or why there is none."""
    try:
        data = await answer_of(["compare", run, baseline, *of_session(session)])
    except ChildError as error:
        return str(error)
    found = from_json({**to_json(Result()), "tables": data["tables"]}).tables
    return tuple(found[name] for name in _TESTS if name in found)


def comparison_lines(
    compared: Compared, curve: Curve | None, drawn: Sequence[Text], look: Look, width: int
) -> list[Text]:
    """Return the names, curves and tables of a comparison; `drawn` is the curve as it is in sight."""
    lines: list[Text] = []
    base = compared.names[compared.baseline]
    for name, run, snapshot in zip(compared.names, compared.runs, compared.snapshots, strict=True):
        word = ("pinned baseline" if compared.pinned else "baseline") if name == base else ""
        about = f"{run}  {look.sign(snapshot.state)} {look.say(str(snapshot.state))}  {look.say(word)}"
        lines += hanging(look, f"{look.safe(name):<12}", about, width, look.strong if word else None)
    if curve is not None:
        lines += [Text(end=""), *drawn]
        without = [name for name in compared.names if name not in {one.name for one in curve.series}]
        if without:
            lines += paragraph(look, f"Without this curve: {', '.join(without)}.", width, look.quiet)
    told = in_language(Result(tables={str(i): table for i, table in enumerate(compared.tables)}), look.language)
    blocks = [_table_lines(table, look, width) for table in told.tables.values()]
    side = width - max((line.cell_len for line in blocks[0]), default=0) - _GAP
    beside_it = len(blocks) > 1 and side >= _SIDE
    room = side if beside_it else width
    rest = [
        line for table in list(told.tables.values())[1:] for line in (Text(end=""), *_table_lines(table, look, room))
    ]
    for run, name in zip(compared.runs, compared.names, strict=True):
        if name != base:
            rest += [Text(end=""), *_test_lines(name, base, compared.tests.get(run), look, room)]
    lines.append(Text(end=""))
    if beside_it:
        lines += beside(Text("\n").join(blocks[0]), Text("\n").join(rest[1:]), width - side)
    else:
        lines += [*blocks[0], *rest]
    return lines


def _table_lines(table: Table, look: Look, width: int) -> list[Text]:
    from workbench.plots.terminal import draw_table

    if not table.rows:
        return paragraph(look, f"{table.title}: none", width, look.quiet)
    return as_lines(draw_table(table, width, look.plot))


def _test_lines(name: str, base: str, test: tuple[Table, ...] | str | None, look: Look, width: int) -> list[Text]:
    lines = paragraph(look, f"{name} against {base}, on the test tracks that both have", width, look.strong)
    if test is None:
        return [*lines, *paragraph(look, "Testing …", width, look.quiet)]
    if isinstance(test, str):
        return [*lines, *paragraph(look, test, width, look.quiet)]
    told = in_language(Result(tables={str(i): table for i, table in enumerate(test)}), look.language)
    for table in told.tables.values():
        lines += _table_lines(table, look, width)
    return lines


def _snapshot(run: RunFolder) -> Snapshot:
    follower = Follower(run)
    return follower.poll() or follower.snapshot
