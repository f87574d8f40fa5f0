"""The report: what every step still lacks, and the report built by a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.worker import Worker

from labsteps.catalogue import Step
from labsteps.errors import LabError
from workbench.store.run import RunState
from workbench.tui.children import ChildError, answer_of, lines_of, of_session
from workbench.tui.keys import VI_SCROLL, bindings
from workbench.tui.keys_more import REPORT, SECTIONS
from workbench.tui.look import Look
from workbench.tui.screens.page import PageScreen
from workbench.tui.widgets.lines import ChoiceView, hanging, paragraph, two_ends
from workbench.tui.widgets.log import FollowingView
from workbench.wording import NEEDS_YOU

_KEPT = 400
_PART = 8
_BUILDS = {"build": "PDF", "web": "web page"}


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A step of the report with what it lacks, as (part, kind, text)."""

    step: Step
    findings: tuple[tuple[str, str, str], ...] = ()


class SectionList(ChoiceView):
    """The steps, each with the number of things it lacks."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SECTIONS)
    HELP = "The sections of the report. What a section lacks is told below; enter goes to the first part that lacks it."

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[SectionRow, ...] = ()
        self.idle = "Checking what the report lacks …"

    @property
    def count(self) -> int:
        """Number of sections."""
        return len(self.rows)

    @property
    def chosen(self) -> SectionRow | None:
        """The section under the cursor."""
        return self.rows[self.cursor] if self.cursor < self.count else None

    def show(self, rows: tuple[SectionRow, ...], idle: str) -> None:
        """Show sections, or say why there are none."""
        self.rows, self.idle = rows, idle
        self.relay()
        self.post_message(self.Moved(self, self.cursor))

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every section."""
        look = self.look
        if not self.rows:
            return paragraph(look, self.idle, width, look.quiet)
        lines = []
        for index, row in enumerate(self.rows):
            head = look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
            lacks = len(row.findings)
            sign = (NEEDS_YOU[look.ascii_only], look.warn) if lacks else (look.sign(RunState.FINISHED), look.good)
            name = "" if row.step.id.isalpha() else row.step.id
            left = look.line((head, look.accent), (f"{sign[0]} ", sign[1]), (f"{name:<5}", look.strong))
            left.append(look.safe(row.step.title.to(look.language)))
            word = f"{lacks} missing or doubtful" if lacks else "nothing missing"
            right = look.line((f" {look.say(word)} ", look.warn if lacks else look.good))
            lines.append(two_ends(look, left, right, width))
        return lines


class ReportDetails(FollowingView):
    """What the chosen section lacks, or what the building of the report says."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)
    HELP = "What the section lacks; while the report is built, what is being done."

    def __init__(self) -> None:
        super().__init__()
        self.following = False
        self._row: SectionRow | None = None
        self._said: tuple[str, ...] = ()

    def show(self, row: SectionRow | None) -> None:
        """Show a section."""
        self._row, self._said, self.following = row, (), False
        self.relay()
        self.scroll_to(y=0, animate=False)

    def say(self, lines: Sequence[str]) -> None:
        """Show what is being done."""
        self._said, self.following = tuple(lines), True
        self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the lines."""
        look = self.look
        if self._said:
            return [line for text in self._said for line in paragraph(look, text, width)]
        if self._row is None:
            return []
        if not self._row.findings:
            return paragraph(look, "Nothing is missing here. p shows the text, b builds the report.", width, look.quiet)
        return [line for finding in self._row.findings for line in _finding_lines(finding, look, width)]


class ReportScreen(PageScreen):
    """Checks and builds the report of the open session."""

    NAME: ClassVar[str] = "Report"
    BINDINGS: ClassVar[list[BindingType]] = bindings(REPORT)

    def __init__(self) -> None:
        super().__init__()
        self._building: Worker[None] | None = None
        self._file = ""

    def body(self) -> ComposeResult:
        """Make the list, and the details below it."""
        with Vertical():
            yield SectionList()
            yield ReportDetails()

    def on_mount(self) -> None:
        """Begin to check."""
        self.query_one(SectionList).focus()
        self._check()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the path where there is one, and to build where there is a session."""
        if action in ("build", "check"):
            return self.is_mounted and self.bench_app.bench.session is not None
        return bool(self._file) if action == "copy" else True

    @on(ChoiceView.Moved)
    def _moved(self) -> None:
        if not self._builds:
            self.query_one(ReportDetails).show(self.query_one(SectionList).chosen)

    def action_check(self) -> None:
        """Check anew."""
        self._check()

    def action_go(self) -> None:
        """Go to the first part of the section that lacks something."""
        row = self.query_one(SectionList).chosen
        if row is None:
            return
        part = row.findings[0][0] if row.findings else row.step.parts[0].id
        app = self.bench_app
        self.dismiss(None)
        app.call_later(app.go_to, part)

    def action_preview(self) -> None:
        """Read the report as text, from the chosen section on."""
        from workbench.tui.screens.report_preview import ReportPreviewScreen

        row = self.query_one(SectionList).chosen
        if self.bench_app.bench.session is not None:
            self.app.push_screen(ReportPreviewScreen(row.step.id if row is not None else ""))

    def action_build(self, what: str) -> None:
        """Build the report, unless it is being built."""
        if not self._builds:
            self._building = self._build(what)
            self.refresh_bindings()

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "stop building" if action == "back" and self._builds else ""

    def action_back(self) -> None:
        """Leave off building; else go back to the screen below."""
        if self._builds and self._building is not None:
            self._building.cancel()
        else:
            super().action_back()

    @property
    def _builds(self) -> bool:
        return self._building is not None and not self._building.is_finished

    def action_copy(self) -> None:
        """Copy the path of what was built; it stays in sight."""
        self.app.copy_to_clipboard(self._file)
        self.bench_app.tell(f"Copied: {self._file}")

    @work(exclusive=True, group="check")
    async def _check(self) -> None:
        bench = self.bench_app.bench
        if bench.session is None:
            self.query_one(SectionList).show((), "No session is open. F2 lists the sessions.")
            return
        try:
            data = await answer_of(["report", "check", *of_session(bench.session), "--lang", bench.language])
        except LabError as error:
            self.query_one(SectionList).show((), f"{error}\nr checks again.")
            return
        found = []
        for one in data["findings"]:
            part, text = str(one["part"]), str(one["text"])
            if part in bench.lab.parts:
                title = bench.lab.parts[part].title
                text = text.replace(f"{title.en}: ", f"{title.to(bench.language)}: ", 1)
            found.append((part, str(one["kind"]), text))
        rows = []
        for step in bench.lab:
            ids = {part.id for part in step.parts}
            rows.append(SectionRow(step, tuple(one for one in found if one[0] in ids)))
        self.query_one(SectionList).show(tuple(rows), "")

    @work(exclusive=True, group="build")
    async def _build(self, what: str) -> None:
        bench, details = self.bench_app.bench, self.query_one(ReportDetails)
        if bench.session is None:
            return
        said: list[str] = []
        details.say([f"Building the {_BUILDS[what]} …"])
        try:
            async for line in lines_of(["report", what, *of_session(bench.session), "--lang", bench.language]):
                said.append(line)
                del said[:-_KEPT]
                details.say([f"Building the {_BUILDS[what]} …", *said])
                if line.startswith("/"):
                    self._file = self._file if self._file in said else line
        except ChildError as error:
            details.say([*said, str(error)])
            self.bench_app.tell("The report was not built; the reason is below the list.", "error")
            return
        except asyncio.CancelledError:
            if self.app.is_running:
                self.bench_app.tell("The building of the report was stopped; nothing half made is left of it.")
            raise
        details.say(said)
        self.refresh_bindings()
        self.bench_app.tell(f"Built: {self._file}")


def _finding_lines(finding: tuple[str, str, str], look: Look, width: int) -> list[Text]:
    part, kind, text = finding
    return hanging(look, f"{look.safe(part):<{_PART}}", f"{look.say(kind)}: {look.say(text)}", width)
