"""Figures and tables drawn as text, for the app, the prompt and the batch.

`draw` never takes more than the space it is given and never fails: what cannot be drawn is said in words.
"""

from __future__ import annotations

from rich.text import Text

from labsteps.results import Bars, Curve, Figure, Heatmap, Panels, Scatter
from workbench.plots.bars import draw_bars
from workbench.plots.curve import draw_curve
from workbench.plots.image import draw_image
from workbench.plots.matrix import draw_matrix, shown_cells, shows_no_more
from workbench.plots.scatter import WHOLE, Camera, draw_panels, draw_scatter
from workbench.plots.style import PALETTES, Style, style_of
from workbench.plots.table import draw_table
from workbench.plots.text import printable
from workbench.plots.window import WHOLE as WHOLE_FIGURE
from workbench.plots.window import Window

__all__ = ["PALETTES", "Style", "draw", "draw_table", "printable", "shown_cells", "shows_no_more", "style_of"]


def draw(
    figure: Figure,
    width: int,
    height: int,
    *,
    style: Style,
    normalise: bool = False,
    first_row: int = 0,
    first_column: int = 0,
    cursor: tuple[int, int] | None = None,
    camera: Camera = WHOLE,
    window: Window = WHOLE_FIGURE,
) -> Text:
    """Return a figure as text.

    Parameters
    ----------
    figure
        What to draw.
    width, height
        The space in cells; the text never takes more.
    style
        What the terminal can show.
    normalise
        Whether a confusion matrix shows percents of its rows in place of counts.
    first_row, first_column
        Where the part of a matrix, of bars or of panels that is shown begins, when not all fits.
    cursor
        Row and column of a matrix cell to point out.
    camera
        Which part of a scatter is seen, and from where.
    window
        Which part of a curve's horizontal axis or of a picture is seen; of a matrix, which share of the columns that
        would be shown, with more room for each.

    Returns
    -------
    rich.text.Text
        At most `height` lines of at most `width` cells.
    """
    if width <= 0 or height <= 0:
        return Text("", end="")
    if isinstance(figure, Curve):
        return draw_curve(figure, width, height, style, window)
    if isinstance(figure, Heatmap):
        return draw_matrix(
            figure,
            width,
            height,
            style,
            normalise=normalise,
            first_row=first_row,
            first_column=first_column,
            cursor=cursor,
            share=window.share,
        )
    if isinstance(figure, Bars):
        return draw_bars(figure, width, height, style, first_row=first_row)
    if isinstance(figure, Scatter):
        return draw_scatter(figure, width, height, style, camera)
    if isinstance(figure, Panels):
        return draw_panels(figure, width, height, style, first_row)
    return draw_image(figure, width, height, style, window)
