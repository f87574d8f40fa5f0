"""How states, times and numbers are written, the same on every screen and in every report."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from labsteps.catalogue import Part
from labsteps.results import Value
from workbench.store.errors import in_bytes
from workbench.store.run import RunState

SIGNS = {
    RunState.FINISHED: ("✓", "v"),
    RunState.RUNNING: ("●", ">"),
    RunState.QUEUED: ("◌", "o"),
    RunState.PAUSED: ("‖", "="),
    RunState.FAILED: ("✗", "x"),
    RunState.INTERRUPTED: ("↻", "r"),
    RunState.WAITING: ("·", "."),
}
NEEDS_YOU = ("!", "!")
NOT_STARTED = ("·", ".")
NOT_BUILT = ("–", "-")
# Where a command that the app starts for one of its pages finds the size of the terminal, as in 80x24.
SIZE_VARIABLE = "WORKBENCH_TERMINAL_SIZE"
# From here on a whole number is read in groups of three.
_MANY = 10_000
# Parts that a sentence names one by one.
_NAMED = 5
# Ends of a time that are this near are told as one.
_NEAR = 1.35


def state_sign(state: RunState | None, *, ascii_only: bool = False) -> str:
    """Return the sign of a state; None means that there is no run yet."""
    signs = NOT_STARTED if state is None else SIGNS[state]
    return signs[1] if ascii_only else signs[0]


def state_word(part: Part, state: RunState | None) -> str:
    """Return the state of a part in a word or two."""
    if not part.built:
        return "not built yet"
    return "not started" if state is None else str(state)


def named(parts: Sequence[str]) -> str:
    """Return a few parts one by one, and of many the first and the last."""
    return ", ".join(parts) if len(parts) <= _NAMED else f"{parts[0]} … {parts[-1]}"


def not_run_told(last: str, left: Sequence[str]) -> str:
    """Return in two sentences that a list of parts has ended before its end, and how it is taken up again.

    Parameters
    ----------
    last
        The part at which it ended.
    left
        The parts of it that were not run.
    """
    what = "1 of its parts was" if len(left) == 1 else f"{len(left)} of its parts were"
    return f"The list ended at {last}; {what} not run: {named(left)}. Asked for again, it goes on with what is left."


def import_told(files: int, read: int, size: int) -> str:
    """Return how far the import of an archive is: files that are there, and bytes read of its size.

    Parameters
    ----------
    files
        How many files are there.
    read, size
        Bytes of the archive.
    """
    if read >= size:
        return f"checking {files} files"
    return f"{files} files, {in_bytes(read)} of {in_bytes(size)} ({read / size:.0%})"


def duration(seconds: float | None) -> str:
    """Return a time span as ``8.1 s``, ``4 min 05 s`` or ``1 h 12 min``."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def between(low: float, likely: float, high: float) -> str:
    """Return a time that is not known exactly: ``4 min 05 s`` where its ends are near, else ``3–5 min``."""
    if high < _NEAR * low or high - low < 2.0:
        return duration(likely)
    (less, unit), (more, other) = _rough(low), _rough(high)
    if (less, unit) == (more, other):
        return duration(likely)
    return f"{less}–{more} {unit}" if unit == other else f"{less} {unit} – {more} {other}"


def _rough(seconds: float) -> tuple[str, str]:
    """Return a time in the unit that it is told in, with two digits at most."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            count = seconds / size
            return (f"{count:.0f}" if count >= 10 or abs(count - round(count)) < 0.05 else f"{count:.1f}"), unit
    return f"{round(seconds):d}" if seconds < 30 else f"{5 * round(seconds / 5):d}", "s"


def ago(then: float, clock: Callable[[], float] = time.time) -> str:
    """Return how long ago a moment was: ``12 s ago``, ``3 min ago``, ``yesterday``."""
    seconds = max(0.0, clock() - then)
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min ago"
    if seconds < 86_400:
        return f"{seconds / 3600:.0f} h ago"
    days = round(seconds / 86_400)
    return "yesterday" if days <= 1 else f"{days} days ago"


def number(value: float | None, digits: int = 3, unit: str = "") -> str:
    """Return a number with so many digits; a score between −1 and 1, which has no unit, without the leading zero.

    One that is not 0 and would be written so is told by what it is below; a large whole one has its thousands apart.
    """
    if value is None:
        return "–"
    if not digits and abs(value) >= _MANY:
        return f"{value:,.0f}"
    if 0 < abs(value) < 0.5 * 10.0**-digits and 0 < digits <= 4:
        return f"<{number(10.0**-digits, digits, unit)}" if value > 0 else f">{number(-(10.0**-digits), digits, unit)}"
    # Of a number with many digits nearly all are zeros where it is tiny.
    text = f"{value:.0e}" if digits > 4 and 0 < abs(value) < 1e-4 else f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if -1 < value < 1 and digits and not unit else text


def value_text(value: Value, digits: int = 3, unit: str = "") -> str:
    """Return a value with its 95 % interval: ``.447 [.407 .487]`` or ``0.20 GB``, or why it is undefined."""
    if value.number is None:
        return f"undefined: {value.reason}"
    text = number(value.number, digits, unit)
    if value.low is not None and value.high is not None:
        text += f" [{number(value.low, digits, unit)} {number(value.high, digits, unit)}]"
    return f"{text} {unit}" if unit else text
