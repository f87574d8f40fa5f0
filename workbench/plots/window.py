"""The part of a figure that is in sight: how close one is to it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labsteps.results import Curve, Figure, Heatmap, Image
from workbench.plots.text import finite

# The smallest share of a figure that is shown, and how many steps between points, rows or columns it keeps.
_SMALLEST: Final = 1 / 64
_STEPS: Final = 2
_PIXELS: Final = 8


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a figure.

    Attributes
    ----------
    left, bottom
        Where it begins, as shares of the whole figure, 0 at the left and at the bottom.
    share
        How much of the width, and of the height where the figure has one to go along, it shows; 1 is the whole.
    """

    left: float = 0.0
    bottom: float = 0.0
    share: float = 1.0

    @property
    def whole(self) -> bool:
        """Whether nothing is out of sight."""
        return self.share >= 1.0

    @property
    def at_end(self) -> bool:
        """Whether the right end of the figure is in sight."""
        return self.left + self.share > 1.0 - 1e-9

    def zoomed(self, by: float, closest: float, *, keep_end: bool = False) -> Window:
        """Return the window that shows `by` times as much, around its middle.

        Parameters
        ----------
        by
            Below 1 goes closer.
        closest
            The smallest share.
        keep_end
            Whether the right end stays in sight where it is, as for a curve that grows there.
        """
        share = min(1.0, max(closest, self.share * by))
        more = self.share - share
        return _inside(self.left + (more if keep_end and self.at_end else more / 2), self.bottom + more / 2, share)

    def panned(self, right: float, up: float) -> Window:
        """Return the window moved by parts of what it shows."""
        return _inside(self.left + right * self.share, self.bottom + up * self.share, self.share)

    def over(self, before: tuple[float, float], now: tuple[float, float]) -> Window:
        """Return the window on the same stretch of an axis whose ends have moved; one at its end goes along with that.

        Parameters
        ----------
        before, now
            Least and greatest value of the axis.
        """
        span_before, span = before[1] - before[0], now[1] - now[0]
        if self.whole or span_before <= 0 or span <= 0:
            return self
        share = min(1.0, self.share * span_before / span)
        left = 1.0 - share if self.at_end else (before[0] + self.left * span_before - now[0]) / span
        return _inside(left, self.bottom, share)


WHOLE: Final = Window()


def closest(figure: Figure) -> float:
    """Return the smallest share of a figure that has more to show than the next larger one; 1 where it is no help.

    A curve keeps two steps between its points in sight, and a picture eight pixels of its longer side; the cells of a
    matrix stop growing when they hold the longest name.
    """
    if isinstance(figure, Curve):
        steps = max((sum(finite(x) is not None for x in one.x) for one in figure.series), default=0) - 1
        return 1.0 if steps <= _STEPS else max(_SMALLEST, _STEPS / steps)
    if isinstance(figure, Image):
        size = max(len(figure.values), *(len(row) for row in figure.values[:1]), 1)
        return 1.0 if size <= _PIXELS else max(_SMALLEST, _PIXELS / size)
    return 1 / max(1, len(figure.columns)) if isinstance(figure, Heatmap) else 1.0


def extent(figure: Curve) -> tuple[float, float]:
    """Return the least and the greatest value of a curve's horizontal axis, twice 0 where it has no points."""
    known = [x for one in figure.series for raw in one.x if (x := finite(raw)) is not None]
    return (min(known), max(known)) if known else (0.0, 0.0)


def _inside(left: float, bottom: float, share: float) -> Window:
    most = 1.0 - share
    return Window(min(most, max(0.0, left)), min(most, max(0.0, bottom)), share)
