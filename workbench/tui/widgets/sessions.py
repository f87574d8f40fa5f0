"""The list of sessions with what can be begun below it, and what the chosen line is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual.binding import BindingType

from workbench.plots.text import cells
from workbench.store.run import RunState
from workbench.store.sessions import SessionEntry
from workbench.tui.keys import SESSION_LIST, bindings
from workbench.tui.look import Look
from workbench.tui.overview import Overview, Standing
from workbench.tui.owner import app_of
from workbench.tui.widgets.lines import ChoiceView, LinesView, hanging, paragraph, two_ends
from workbench.tui.widgets.steps import step_line
from workbench.wording import ago

_HEADS = {"en": 9, "el": 11}
# A blank and the longest age below a year, as "59 min ago" and "πριν 59 λεπτά".
_AGES = {"en": 12, "el": 14}
_BAR = 16
_APART = 4


@dataclass(frozen=True, slots=True)
class Beginning:
    """A line of the list that begins something.

    Attributes
    ----------
    action
        Of the screen.
    key
        That does it from anywhere on the screen.
    title, about
        What it is.
    """

    action: str
    key: str
    title: str
    about: str


BEGINNINGS: Final = (
    Beginning(
        "demo",
        "d",
        "new, on the demo set",
        "Music composed and played by code, in the layout of the lab's data. It is built here in about a minute, once, "
        "and every step of the lab runs on it.",
    ),
    Beginning(
        "new",
        "n",
        "new, on your data",
        "A folder with the lab's data set: fma_genre_spectrograms and its sisters. In the palette (ctrl+p) "
        "`data fetch` downloads it, and `data extract` makes one of your own music.",
    ),
    Beginning(
        "import",
        "i",
        "import a session",
        "An archive (.tar.gz) that was exported here or on another machine, with its runs, results and answers. "
        "It becomes a new session; nothing that is there is touched.",
    ),
)


class SessionList(ChoiceView):
    """The sessions, the one last written to first; then what can be begun."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SESSION_LIST)
    HELP = "The saved sessions. A session holds settings, runs and answers in a folder of plain files."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: list[SessionEntry] | None = None
        self.standings: Mapping[Path, Standing] = {}

    @property
    def count(self) -> int:
        """Number of lines."""
        return 0 if self.entries is None else len(self.entries) + len(BEGINNINGS)

    @property
    def chosen(self) -> SessionEntry | None:
        """The session under the cursor."""
        return self.entries[self.cursor] if self.entries and self.cursor < len(self.entries) else None

    @property
    def beginning(self) -> Beginning | None:
        """What would begin under the cursor."""
        after = self.cursor - len(self.entries or ())
        return BEGINNINGS[after] if self.entries is not None and 0 <= after < len(BEGINNINGS) else None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a line for every session, and for everything that can be begun."""
        look, clock = self.look, app_of(self).clock
        if self.entries is None:
            return []
        lines, age_cells = [], _AGES[look.language] + 1
        short = any(
            2 + cells(look.safe(one.name)) + standing_text(self._standing(one), look).cell_len + age_cells >= width
            for one in self.entries
        )
        for index, entry in enumerate(self.entries):
            left = self._head(index)
            left.append_text(look.line((" " if not entry.problem else "!", look.warn)))
            left.append(look.safe(entry.name))
            age = look.safe(f"{look.say(ago(entry.active, clock))} ")
            right = standing_text(self._standing(entry), look, short=short)
            # The ages are one column, unless the name of the session needs the room.
            padded = f"{age:>{age_cells}}"
            fits = left.cell_len + right.cell_len + len(padded) < width
            right.append(padded if fits else f"  {age}", look.quiet)
            lines.append(two_ends(look, left, right, width))
        for index, one in enumerate(BEGINNINGS, len(self.entries)):
            left = self._head(index)
            left.append_text(look.line((f"+{look.say(one.title)}", look.accent)))
            lines.append(two_ends(look, left, look.line((f"{one.key} ", look.quiet)), width))
        return lines

    def _standing(self, entry: SessionEntry) -> Standing:
        return self.standings.get(entry.folder, Standing())

    def _head(self, index: int) -> Text:
        sign = self.look.cursor_sign(here=self.has_focus) if index == self.cursor else " "
        return self.look.line((sign, self.look.accent))


class SessionDetails(LinesView, can_focus=False):
    """What the chosen session holds, or what the chosen line begins."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Overview | Beginning | None = None
        self._first = False

    def show(self, shown: Overview | Beginning | None, *, first: bool) -> None:
        """Show what a line is about; `first` says that there is no session yet."""
        if (shown, first) != (self._shown, self._first):
            self._shown, self._first = shown, first
            self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the details."""
        look, lines = self.look, []
        if self._first:
            text = "No session yet. A session keeps the runs, results and answers of one pass through the lab."
            lines += [*paragraph(look, text, width), Text(end="")]
        if isinstance(self._shown, Beginning):
            lines += paragraph(look, self._shown.about, width)
            lines += [Text(end=""), *paragraph(look, "Arrows choose, enter begins.", width, look.quiet)]
        elif self._shown is not None:
            lines += overview_lines(self._shown, look, width)
            if len(lines) + 1 + len(self._shown.steps) <= height:
                lines += [Text(end=""), *step_lines(self._shown, look, width)]
        return lines


def standing_text(standing: Standing, look: Look, *, short: bool = False) -> Text:
    """Return where a session stands, in a sign and a word; `short` leaves out how many runs are finished."""
    state = standing.state
    if state is None:
        return look.line((look.say("no runs"), look.quiet))
    word = look.say(str(state))
    if state is RunState.FINISHED and not short:
        word = look.say("1 run finished" if standing.finished == 1 else f"{standing.finished} runs finished")
    elif standing.live:
        word = f"{standing.live} {word}"
    word += f", {standing.queued} {look.say(str(RunState.QUEUED))}" if standing.queued else ""
    return look.line((f"{look.sign(state)} {word}", look.state_style(state)))


def step_lines(shown: Overview, look: Look, width: int) -> list[Text]:
    """Return where the steps of a session stand, one a line, as the list of the lab says it."""
    lines = []
    ends = [look.say(f"{done} of {total}") if total else "" for _, done, total in shown.steps]
    titles = [step_line(step, shown.view, look, short=False)[0] for step, _, _ in shown.steps]
    size = min(width, max((title.cell_len for title in titles), default=0) + _APART + max(map(len, ends), default=0))
    for title, end in zip(titles, ends, strict=True):
        lines.append(two_ends(look, title, look.line((end, look.quiet)), size))
    return lines


def overview_lines(shown: Overview, look: Look, width: int) -> list[Text]:
    """Return what a session holds."""

    def head(word: str) -> str:
        return f"{look.say(word):<{_HEADS[look.language]}}"

    if shown.problem:
        return paragraph(look, shown.problem, width, look.bad)
    lines = hanging(look, head("data"), shown.data or look.say("none yet"), width)
    lines += hanging(look, head("device"), shown.device, width)
    lines += hanging(look, head("seed"), shown.seed, width)
    share = look.say(f"{shown.done} of {shown.total}")
    size = max(0, min(_BAR, width - len(head("parts")) - len(share) - 2))
    full = round(size * shown.done / max(1, shown.total))
    on, off = ("#", ".") if look.ascii_only else ("█", "░")
    bar = look.line((head("parts"), look.quiet), (on * full, look.accent), (off * (size - full), look.quiet))
    bar.append(f" {share}")
    bar.truncate(width)
    lines.append(bar)
    for index, line in enumerate(shown.live or ("nothing runs",)):
        told = "  ".join(look.say(piece) for piece in line.split("  "))
        lines += hanging(look, head("now" if not index else ""), told, width, look.accent if shown.live else look.quiet)
    if shown.interrupted:
        text = look.say(f"{', '.join(shown.interrupted)} interrupted, can be resumed")
        lines += hanging(look, head("waits"), text, width, look.warn)
    for one in shown.ended:
        lines += hanging(look, head("list"), look.say(one.told), width, look.warn)
    if shown.best:
        value, bracket, interval = shown.best.partition(" [")
        fits = len(head("best")) + len(shown.best) <= width
        lines += hanging(look, head("best"), shown.best if fits else value, width)
        if bracket and not fits:  # an interval is not broken in two
            lines += hanging(look, head(""), f"[{interval}", width)
    return [*lines, *hanging(look, head("folder"), shown.folder, width, look.quiet)]
