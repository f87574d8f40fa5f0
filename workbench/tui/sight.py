"""What of a figure is in sight in a pane, and what the keys for going closer and along it do."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from labsteps.results import Bars, Curve, Figure, Heatmap, Image, Panels
from workbench.plots.style import Style
from workbench.plots.window import WHOLE, Window, closest
from workbench.tui.widgets.lines import as_lines

# A press along goes so far, of what is in sight.
_STEP: Final = 0.25


class Sight:
    """The part of a figure that a pane shows.

    Parameters
    ----------
    figure
        What is drawn.

    Attributes
    ----------
    percent
        Whether a confusion matrix is in percents of its rows.
    row, column
        The first ones in sight of a matrix, bars or panels.
    """

    def __init__(self, figure: Figure, *, percent: bool = False) -> None:
        self.figure, self.percent = figure, percent
        self.window = WHOLE
        self.row = self.column = 0
        self._space: tuple[int, int, Style] = (0, 0, Style())
        self._offered = (False, True, False)

    def draw(self, width: int, height: int, style: Style, cursor: tuple[int, int] | None = None) -> list[Text]:
        """Return the lines of what is in sight, in a space that is kept for the keys."""
        from workbench.plots.terminal import draw

        self._space = (width, height, style)
        return as_lines(
            draw(
                self.figure,
                width,
                height,
                style=style,
                normalise=self.percent,
                first_row=self.row,
                first_column=self.column,
                cursor=cursor,
                window=self.window,
            )
        )

    def offers(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Tell whether an action of the keys for going closer and along does something now; any other does."""
        if action == "zoom":
            return self.can_go_closer if parameters[:1] < (1.0,) else not self.window.whole
        if action == "whole":
            return not self.window.whole
        return self.can_go_aside if action in ("aside", "along") else True

    def turned(self) -> bool:
        """Tell whether other keys do something than at the last time that this was asked."""
        before, self._offered = self._offered, (self.can_go_closer, self.window.whole, self.can_go_aside)
        return before != self._offered

    # Closer and farther

    @property
    def can_go_closer(self) -> bool:
        """Whether closer shows more than now."""
        return self._zoomed(0.5) != self.window

    def zoom(self, by: float) -> bool:
        """Show `by` times as much, and tell whether that is another picture."""
        before, self.window = self.window, self._zoomed(by)
        self._keep_inside()
        return self.window != before

    def whole(self) -> None:
        """Show the whole figure."""
        self.window = WHOLE
        self._keep_inside()

    def _zoomed(self, by: float) -> Window:
        window = self.window.zoomed(by, closest(self.figure))
        if isinstance(self.figure, Heatmap) and by < 1:
            from workbench.plots.terminal import shows_no_more

            # Where every name and number is whole, it stays as it is.
            shares = self.window.share, window.share
            return self.window if shows_no_more(self.figure, *self._space, *shares, normalise=self.percent) else window
        return window

    # Along

    @property
    def can_go_aside(self) -> bool:
        """Whether something at the left or right is out of sight."""
        if isinstance(self.figure, Heatmap):
            return len(self._shown(self.window)[1]) < len(self.figure.columns)
        return isinstance(self.figure, Curve | Image) and not self.window.whole

    def aside(self, count: int) -> None:
        """Go so many steps to the right: a quarter of what is in sight, or a column of a matrix."""
        if isinstance(self.figure, Heatmap):
            columns = self._shown(self.window)[1]
            self.column = max(0, min(len(self.figure.columns) - len(columns), columns.start + count))
        else:
            self.window = self.window.panned(count * _STEP, 0.0)

    @property
    def can_go_down(self) -> bool:
        """Whether the keys for scrolling go over the figure, not over the pane."""
        return isinstance(self.figure, Heatmap | Bars | Panels) or (
            isinstance(self.figure, Image) and not self.window.whole
        )

    def down(self, count: int) -> None:
        """Go so many lines down: rows of a matrix, bars, rows of panels, or quarters of what is in sight."""
        if isinstance(self.figure, Heatmap):
            rows = self._shown(self.window)[0]
            self.row = max(0, min(len(self.figure.rows) - len(rows), rows.start + count))
        elif isinstance(self.figure, Bars):
            self.row = max(0, min(len(self.figure.categories) - 1, self.row + count))
        elif isinstance(self.figure, Panels):
            from workbench.plots.scatter import panel_rows

            self.row = max(0, min(panel_rows(self.figure, self._space[0]) - 1, self.row + count))
        else:
            self.window = self.window.panned(0.0, -count * _STEP)

    def bring(self, row: int, column: int) -> None:
        """Bring a cell of a matrix into sight."""
        # The first try may change which rows and columns there is room for.
        for _ in range(2):
            rows, columns = self._shown(self.window)
            self.row, self.column = _first(rows, row), _first(columns, column)

    def _shown(self, window: Window) -> tuple[range, range]:
        from workbench.plots.terminal import shown_cells

        if not isinstance(self.figure, Heatmap):
            return range(0), range(0)
        width, height, style = self._space
        return shown_cells(
            self.figure,
            width,
            height,
            style,
            normalise=self.percent,
            first_row=self.row,
            first_column=self.column,
            share=window.share,
        )

    def _keep_inside(self) -> None:
        if isinstance(self.figure, Heatmap):
            rows, columns = self._shown(self.window)
            self.row, self.column = rows.start, columns.start


def _first(shown: range, place: int) -> int:
    """Return where the part in sight begins so that a place is inside it."""
    if place < shown.start:
        return place
    return place - len(shown) + 1 if place >= shown.stop else shown.start
