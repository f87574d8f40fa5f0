"""What a part or a step is, what it needs, and which key comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style as RichStyle
from rich.text import Text
from textual.binding import BindingType

from labsteps.catalogue import Catalogue, Kind, Part, Step
from workbench.store.run import RunState
from workbench.tui.keys import NEXT, SIDEWAYS, VI_SCROLL, VI_SIDEWAYS, bindings
from workbench.tui.look import Look
from workbench.tui.nexts import Next
from workbench.tui.standing import has_inside, standing_of_run
from workbench.tui.views import LabView
from workbench.tui.widgets.lines import LinesView, hanging, paragraph, two_ends
from workbench.tui.widgets.result import changed_settings
from workbench.tui.widgets.steps import part_line
from workbench.wording import duration

if TYPE_CHECKING:
    from workbench.tui.foresight import Ahead

_KINDS = {Kind.VIEW: "shows", Kind.RUN: "runs", Kind.QUESTION: "asks"}
# How many of the values that a part reports are named: where there is room all, as far as they are read at a glance.
_TITLES, _MANY_TITLES, _ROOMY = 6, 24, 90
_HEADS = {"en": 9, "el": 11}


@dataclass(frozen=True, slots=True)
class BriefContent:
    """What the pane is made of.

    Attributes
    ----------
    problem
        Why the last try to run the part failed, or empty.
    changed
        How many parameters are not at their defaults.
    needs
        Ids of the parts that it builds on, with its present parameters.
    next
        What enter does.
    unfolded
        Whether the list shows the parts of the step.
    ahead
        How long its next run takes.
    """

    target: Part | Step
    view: LabView
    lab: Catalogue
    problem: str = ""
    changed: int = 0
    needs: tuple[str, ...] = ()
    next: Next = Next.NOTHING
    unfolded: bool = False
    ahead: Ahead | None = None


class BriefView(LinesView):
    """Shows what the chosen part is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(NEXT, SIDEWAYS, VI_SIDEWAYS, VI_SCROLL)
    HELP = "What the part is, what it needs and whether that is there, and the key to press next."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._content: BriefContent | None = None

    def show(self, content: BriefContent) -> None:
        """Show a part or a step."""
        if content != self._content:
            moved = self._content is None or content.target is not self._content.target
            other = self._content is None or content.next is not self._content.next
            self._content = content
            self.relay()
            if other and self.has_focus:
                self.refresh_bindings()
            if moved:
                self.scroll_to(y=0, animate=False)

    def key_label(self, action: str) -> str | None:
        """Return what enter does now."""
        if action != "screen.next":
            return ""
        return str(self._content.next) or None if self._content is not None else None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the text."""
        if self._content is None:
            return []
        if isinstance(self._content.target, Step):
            return step_brief(self._content.target, self._content.view, self.look, width, self._content.unfolded)
        return part_brief(self._content, self._content.target, self.look, width)


def step_brief(step: Step, view: LabView, look: Look, width: int, unfolded: bool = False) -> list[Text]:
    """Return the parts of a step with their states."""
    lines = [two_ends(look, *part_line(part, view, look, wide=True), width) for part in step.parts]
    lines.append(Text(end=""))
    if step.built:
        how = "Go down to one of its parts." if unfolded else "Open the step with enter, and choose a part."
        lines += paragraph(look, how, width)
    else:
        lines += paragraph(look, "No part of this step is built yet in this version.", width, look.quiet)
    return lines


def part_brief(content: BriefContent, part: Part, look: Look, width: int) -> list[Text]:
    """Return what a part is and needs, and what to press."""
    view = content.view
    lines = paragraph(look, part.brief.to(look.language), width)
    lines.append(Text(end=""))
    # Where the data are gone, the sentence below says so and what to press.
    if content.problem and not view.missing:
        lines += [*paragraph(look, content.problem, width, look.bad), Text(end="")]
    for text, style in next_step(part, view, look, content.needs):
        lines += paragraph(look, text, width, style)
    lines.append(Text(end=""))
    if content.ahead is not None and (told := content.ahead.told(look)):
        lines += hanging(look, _head("time", look), told, width)
    kinds = ", ".join(look.say(word) for kind, word in _KINDS.items() if kind in part.kinds)
    lines += hanging(look, _head("kind", look), kinds, width)
    lines += _data_lines(part, view, look, width)
    lines += _needs_lines(content, look, width)
    if part.values:
        lines += hanging(
            look, _head("reports", look), reported(part, look, _MANY_TITLES if width >= _ROOMY else _TITLES), width
        )
    if part.parameters:
        changed = f"{content.changed} changed" if content.changed else "all at their defaults"
        told = f"{len(part.parameters)}, {_whose(part, content)}{changed} (press 2)"
        lines += hanging(look, _head("settings", look), look.say(told), width)
    return lines


def _whose(part: Part, content: BriefContent) -> str:
    """Return words that tell the settings of a run to come from those of the run in sight, where these may differ."""
    own = content.view.parts.get(part.id)
    run = next((row for row in content.view.history if own is not None and row.run_id == own.run_id), None)
    return "for a new run " if run is not None and (content.changed or changed_settings(run.settings, part)) else ""


def reported(part: Part, look: Look, most: int = _TITLES) -> str:
    """Return the titles of what a part reports, `most` of them; of a value for several models, the first."""
    own = [spec for spec in part.values if not spec.name.startswith("majority/")]
    told = [spec for spec in own if spec.better] or own
    names = [spec.title.to(look.language) for spec in told]
    # Where every value is one model's, what they have in common says more than nothing.
    alone = [name for name in names if ": " not in name] or [name.partition(": ")[2] for name in names]
    titles = list(dict.fromkeys(alone))[:most]
    more = len(told) - len(titles)
    return " · ".join(titles) + (look.say(f" and {more} more") if more else "")


def _head(word: str, look: Look) -> str:
    """Return the word that a line of facts begins with, as wide as the widest one of the language."""
    return f"{look.say(word):<{_HEADS[look.language]}}"


def next_step(part: Part, view: LabView, look: Look, needs: Sequence[str]) -> list[tuple[str, RichStyle | None]]:
    """Return the sentences that say what to do now with a part that `needs` others, with their styles."""
    found: list[tuple[str, RichStyle | None]] = []
    if not view.read:
        return [("Reading where it stands in the session.", look.quiet)]
    if not part.built and not part.asks:
        found.append(("This part is not built yet: this version describes it and cannot run it.", look.warn))
    if part.question is not None:
        found.append((part.question.to(look.language), look.strong))
        found.append((_answer_sentence(part, view), None))
    elif Kind.QUESTION in part.kinds:
        found.append(("It asks for a written answer; answering in the workbench comes in a later version.", look.quiet))
    if not part.built:
        return found
    if view.missing and not view.data_root:
        found.append(("There is no data yet. Press d to choose a folder, or F2 for a session on the demo set.", None))
        return found
    if view.missing:
        found.append((f"Its data are not in {view.data_root}. Press d to choose another folder.", look.warn))
        return found
    if part.fresh and not view.data_there:
        found.append((f"The data folder {view.data_root} is not there. Press d to choose another one.", look.warn))
    lacking = [need for need in needs if not view.has_result(need)]
    if lacking and not view.finished(part.id):
        found.append((f"Run {', '.join(lacking)} first. Press r to see the plan and start it.", look.warn))
        return found
    found.append((_key_sentence(part, view), None))
    if view.finished(part.id) and view.history and view.history[0].state is RunState.INTERRUPTED:
        found.append(("A later run of it was interrupted. Press 3 to see how far it came, and r there.", look.warn))
    if view.state_of(part.id) is None and not any(view.has_result(one) for one in view.parts):
        anywhere = "Any part can be the first: / finds one by its number or title, as /7.1 does the CNN."
        found.append((anywhere, look.quiet))
    return found


def _answer_sentence(part: Part, view: LabView) -> str:
    if part.id in view.answered:
        return "It is answered. Press 6 to read or change your answer."
    lacking = [one for one in part.evidence if not view.has_result(one)]
    after = f" {', '.join(lacking)} would give evidence for it." if lacking else ""
    return f"It asks for a written answer. Press 6 to answer.{after}"


def _key_sentence(part: Part, view: LabView) -> str:
    state = view.state_of(part.id)
    if state is None:
        settings = ", or 2 to change its settings first" if part.parameters else ""
        return f"Press r to run it (enter in this panel too){settings}."
    if state is RunState.QUEUED:
        return "It waits for its turn on the device. Press 3 to follow it."
    if state is RunState.PAUSED:
        return "It is paused. Press p to let it go on, 3 to follow it."
    if state.live:
        return "It goes on now. Press 3 to follow it."
    if state is RunState.FINISHED:
        inside = "i to look inside the network, " if has_inside(part) else ""
        return f"It is finished. Press 4 for the result, {inside}R to run it again."
    if state is RunState.FAILED:
        return "It failed. Press 3 to see why, r to try again."
    if state is RunState.INTERRUPTED:
        done = view.snapshot.seconds if view.snapshot is not None else 0.0
        after = f" after {duration(done)}" if done else ""
        return f"It was interrupted{after}. Press r to resume it where it was saved."
    return "It waits to be started. Press r to start it."


def _data_lines(part: Part, view: LabView, look: Look, width: int) -> list[Text]:
    if not part.data:
        return []
    from workbench.runner.jobs import FOLDER_OF_DATA

    lines: list[Text] = []
    for index, name in enumerate(part.data):
        folder = str(FOLDER_OF_DATA[name])
        there = folder not in view.missing
        word, style = ("there", look.good) if there else ("missing", look.warn)
        head = look.line((_head("data" if not index else "", look), look.quiet), folder)
        lines.append(two_ends(look, head, look.line((look.say(word), style)), width))
    return lines


def _needs_lines(content: BriefContent, look: Look, width: int) -> list[Text]:
    lines: list[Text] = []
    for index, need in enumerate(content.needs):
        needed = content.lab.parts[need]
        there = standing_of_run(needed, content.view, look)
        head = look.line((_head("needs" if not index else "", look), look.quiet), f"{need} ")
        head.append(look.safe(needed.title.to(look.language)))
        lines.append(two_ends(look, head, look.line((f"{there.sign} {there.word}", there.style)), width))
    return lines
