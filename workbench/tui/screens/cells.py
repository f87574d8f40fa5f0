"""A confusion matrix over the whole terminal: a cursor over its cells, and the clips behind the chosen one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from labsteps.errors import LabError
from labsteps.greek import figure_in
from labsteps.results import Heatmap, Image
from workbench.clips import TestedClip, clips_behind
from workbench.tracks import picture_of
from workbench.tui.keys import ZOOM, bindings
from workbench.tui.keys_more import CELLS, CLIPS
from workbench.tui.look import Look
from workbench.tui.screens.page import PageScreen
from workbench.tui.sight import Sight
from workbench.tui.widgets.lines import ChoiceView, LinesView, as_lines, paragraph, two_ends
from workbench.wording import number

_KEPT = 16


class MatrixPane(LinesView):
    """Shows the matrix with a cursor on one of its cells."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(CELLS, ZOOM)
    HELP = "Arrows go from cell to cell; enter shows the clips counted there; + gives names more room."

    def __init__(self, figure: Heatmap, *, percent: bool) -> None:
        super().__init__()
        self._figure = figure
        self._sight = Sight(figure, percent=percent)
        self.cell = (0, 0)

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the matrix, and in words what the chosen cell counts."""
        told = paragraph(self.look, self.told(), width, self.look.accent)
        drawn = self._sight.draw(width, max(4, height - len(told) - 1), self.look.plot, self.cell)
        if self._sight.turned():
            self.refresh_bindings()
        return [*drawn, Text(end=""), *told]

    def told(self) -> str:
        """Return in words what the chosen cell counts."""
        row, column = self.cell
        count = self._figure.values[row][column]
        true, predicted = self._figure.rows[row], self._figure.columns[column]
        return f"{number(count, 0)} of {true}, taken for {predicted}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go closer and farther where that shows something else."""
        return self._sight.offers(action, parameters)

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        return "counts" if action == "percent" and self._sight.percent else ""

    def action_step(self, down: int, right: int) -> None:
        """Go to another cell, and bring it into sight."""
        row = max(0, min(len(self._figure.rows) - 1, self.cell[0] + down))
        column = max(0, min(len(self._figure.columns) - 1, self.cell[1] + right))
        self.cell = (row, column)
        self._relay_at_cell()

    def action_percent(self) -> None:
        """Change between clips and percents of rows."""
        self._sight.percent = not self._sight.percent
        self._relay_at_cell()

    def action_zoom(self, by: float) -> None:
        """Give each cell more room for its name, or less."""
        self._sight.zoom(by)
        self._relay_at_cell()

    def action_whole(self) -> None:
        """Show as many cells as there is room for."""
        self._sight.whole()
        self._relay_at_cell()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the chosen cell in sight."""
        super().on_resize(event)
        self._relay_at_cell()

    def _relay_at_cell(self) -> None:
        self._sight.bring(*self.cell)
        self.relay()


class CellsScreen(PageScreen):
    """Shows a run's confusion matrix.

    Parameters
    ----------
    figure
        The matrix.
    run_folder
        Of the run.
    root
        The data set, for spectrograms.
    percent
        Whether to begin with percents.
    """

    NAME: ClassVar[str] = "Confusion matrix"

    def __init__(self, figure: Heatmap, run_folder: Path, root: Path | None, *, percent: bool) -> None:
        super().__init__()
        self._figure, self._folder, self._root, self._percent = figure, run_folder, root, percent

    def body(self) -> ComposeResult:
        """Make the pane."""
        yield MatrixPane(self._figure, percent=self._percent)

    def on_mount(self) -> None:
        """Give the matrix the keys."""
        self.query_one(MatrixPane).focus()

    def action_clips(self) -> None:
        """Show the clips behind the chosen cell."""
        row, column = self.query_one(MatrixPane).cell
        count = self._figure.values[row][column]
        if not count:
            self.bench_app.tell("No clip is counted there.")
            return
        true, predicted = self._figure.rows[row], self._figure.columns[column]
        try:
            clips = clips_behind(self._folder, true, predicted)
        except LabError as error:
            self.bench_app.tell(str(error), "error")
            return
        if len(clips) != count:
            # A matrix over several runs, or of another model than the one whose outputs lie there.
            self.bench_app.tell(
                f"The cell counts {number(count, 0)} clips and the run has kept {len(clips)} of that kind: "
                "this matrix is not of the run's own test alone.",
                "warning",
            )
            return
        self.app.push_screen(ClipsScreen(clips, self._root))


class ClipList(ChoiceView):
    """The clips, the one first of which the model was surest."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(CLIPS)
    HELP = "The clips behind a cell, with the probability that the model gave its answer. / finds one by its id."

    def __init__(self, clips: Sequence[TestedClip]) -> None:
        super().__init__()
        self.clips = tuple(clips)

    @property
    def count(self) -> int:
        """Number of clips."""
        return len(self.clips)

    @property
    def chosen(self) -> TestedClip:
        """The clip under the cursor."""
        return self.clips[self.cursor]

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every clip."""
        look = self.look
        lines = []
        for index, clip in enumerate(self.clips):
            head = look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
            left = look.line((head, look.accent), clip.id)
            lines.append(two_ends(look, left, look.line(f"{number(clip.of_predicted)} "), width))
        return lines


class ClipPane(LinesView, can_focus=False):
    """The spectrogram of the chosen clip."""

    def __init__(self) -> None:
        super().__init__()
        self._clip: TestedClip | None = None
        self._picture: Image | str = ""

    def show(self, clip: TestedClip, picture: Image | str) -> None:
        """Show a clip's spectrogram, or why there is none."""
        self._clip, self._picture = clip, picture
        self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the picture and what the model said."""
        if self._clip is None:
            return []
        return clip_lines(self._clip, self._picture, self.look, width, height)


class ClipsScreen(PageScreen):
    """Shows clips and their spectrograms.

    Parameters
    ----------
    clips
        At least one.
    root
        The data set.
    """

    NAME: ClassVar[str] = "Clips"

    def __init__(self, clips: Sequence[TestedClip], root: Path | None) -> None:
        super().__init__()
        self._clips, self._root = tuple(clips), root
        self._pictures: dict[str, Image | str] = {}

    def body(self) -> ComposeResult:
        """Make the list, and the spectrogram beside it."""
        with Horizontal(id="clips"):
            yield ClipList(self._clips)
            yield ClipPane()

    def on_mount(self) -> None:
        """Show the first clip."""
        self.query_one(ClipList).focus()
        self._show()

    @on(ChoiceView.Moved)
    def _moved(self) -> None:
        self._show()

    @work(exclusive=True, group="clip")
    async def _show(self) -> None:
        clip, pane = self.query_one(ClipList).chosen, self.query_one(ClipPane)
        if clip.id not in self._pictures:
            pane.show(clip, "Reading the clip …")
            picture = await asyncio.to_thread(picture_of, self._root, clip.id, clip.true)
            while len(self._pictures) >= _KEPT:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[clip.id] = picture
        pane.show(clip, self._pictures[clip.id])


def clip_lines(clip: TestedClip, picture: Image | str, look: Look, width: int, height: int) -> list[Text]:
    """Return a clip's spectrogram, and below it what the model said."""
    from workbench.plots.terminal import draw

    said = f"it is {clip.true} ({number(clip.of_true)}), taken for {clip.predicted} ({number(clip.of_predicted)})"
    told = paragraph(look, said, width, look.accent)
    if isinstance(picture, str):
        return [*told, Text(end=""), *paragraph(look, picture, width, look.quiet)]
    drawn = draw(figure_in(picture, look.language), width, max(4, height - len(told) - 1), style=look.plot)
    return [*as_lines(drawn), *told]
