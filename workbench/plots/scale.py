"""Axes: from values to places, and where the ticks stand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from labsteps.results import Axis

Tick = tuple[float, str]
_SMALLEST: Final = 1e-280


class Scale:
    """A linear or logarithmic axis from the least to the greatest of some values.

    Parameters
    ----------
    values
        Finite numbers, at least one; for a logarithmic axis all greater than 0.
    log
        Whether the axis is logarithmic.
    """

    def __init__(self, values: Iterable[float], *, log: bool = False) -> None:
        places = [math.log10(v) for v in values] if log else list(values)
        self.log = log
        self.low, self.high = _apart(min(places), max(places))
        # Halves, because the difference of two huge numbers is not finite.
        self._half = self.low / 2
        self._span = self.high / 2 - self._half

    def fraction(self, value: float) -> float:
        """Return the place of `value` on the axis, 0 at its low end and 1 at its high end."""
        if self.log:
            value = math.log10(value)
        return (value / 2 - self._half) / self._span

    def at(self, fraction: float) -> float:
        """Return the value at a place on a linear axis, which `fraction` would give."""
        return 2 * (self._half + fraction * self._span)

    def ticks(self, axis: Axis, count: int, *, whole: bool = False) -> list[Tick]:
        """Return about `count` ticks as (fraction, text): those that the axis names, or round numbers.

        Parameters
        ----------
        axis
            Its ``ticks`` go before any that would be computed.
        count
            How many there is space for.
        whole
            Whether only whole numbers make sense, as for epochs.
        """
        if axis.ticks:
            named = [(position, text) for position, text in axis.ticks if not self.log or position > 0]
            return [(f, text) for position, text in named if 0 <= (f := self.fraction(position)) <= 1]
        if self.log and self.high - self.low > 0.7:
            return self._decades(count)
        low, high = (10**self.low, 10**self.high) if self.log else (self.low, self.high)
        values, step = _round_numbers(low, high, max(2, count), whole=whole)
        return [(min(max(self.fraction(v), 0.0), 1.0), tick_text(v, step)) for v in values if not self.log or v > 0]

    def _decades(self, count: int) -> list[Tick]:
        first, last = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
        stride = max(1, math.ceil((last - first + 1) / max(2, count)))
        powers = [10.0**p for p in range(first, last + 1, stride) if -300 < p < 308]
        if len(powers) < 3:
            exponents = range(max(-300, first - 1), min(307, last) + 1)
            powers = [m * 10.0**p for p in exponents for m in (1, 2, 5)]
        ticks = [(self.fraction(v), f"{v:g}") for v in powers]
        return [(f, text) for f, text in ticks if -1e-9 <= f <= 1 + 1e-9]


def tick_text(value: float, step: float) -> str:
    """Return a tick's number with as many decimals as its `step` needs."""
    if value == 0:
        return "0"
    if step >= 1e6 or step < 1e-5 or abs(value) >= 1e7:
        return f"{value:g}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{decimals}f}"


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return limits that are far enough apart to divide by their distance."""
    size = max(abs(low), abs(high))
    if high / 2 - low / 2 > max(size * 1e-12, _SMALLEST):
        return low, high
    pad = size * 0.05 if size > _SMALLEST else 0.5
    most = 1.7e308
    return max(low - pad, -most), min(high + pad, most)


def _round_numbers(low: float, high: float, count: int, *, whole: bool) -> tuple[list[float], float]:
    rough = (high / 2 - low / 2) / count * 2
    power = 10.0 ** math.floor(math.log10(rough))
    steps = [m * power for m in (1, 2, 5, 10) if math.isfinite(m * power)]
    step = min(steps, key=lambda s: abs(math.log(s / rough)))
    if whole:
        step = max(1.0, float(round(step)) if step < 1e15 else step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [k * step for k in range(first, min(last, first + 4 * count) + 1)]
    return ([v for v in values if math.isfinite(v)] or [low]), step
