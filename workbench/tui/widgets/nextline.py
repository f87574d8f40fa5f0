"""Below the list of steps: how much of the lab is done, and what is best done next."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.widget import Widget

from labsteps.catalogue import Catalogue
from workbench.counting import done_of
from workbench.tui.keys import LAB
from workbench.tui.look import Look
from workbench.tui.nexts import suggested
from workbench.tui.owner import app_of
from workbench.tui.views import LabView

_BAR: Final = 12
_KEY: Final = next(key.keys for key in LAB if key.id == "part.suggested")


class NextLine(Widget):
    """Two lines; a click goes to the part that they name."""

    def __init__(self, lab: Catalogue) -> None:
        super().__init__()
        self._lab = lab
        self._view = LabView()

    def show(self, view: LabView) -> None:
        """Show a picture of the session."""
        before = self._view
        if (view.parts, view.answered, view.read) != (before.parts, before.answered, before.read):
            self._view = view
            self.refresh()

    def render(self) -> Text:
        """Return the lines."""
        look = app_of(self).look
        return Text("\n").join(next_lines(self._lab, self._view, look, self.content_size.width))

    async def on_click(self) -> None:
        """Go to the part."""
        await self.screen.run_action("suggested")


def next_lines(lab: Catalogue, view: LabView, look: Look, width: int) -> list[Text]:
    """Return how much of the lab is done, and the part to do next with the key that goes there."""
    if not view.read:
        return [look.line((look.fit(f" {look.say('reading the session')}", width), look.quiet)), Text(end="")]
    done, total = done_of(lab, [part for part in view.parts if view.has_result(part)], view.answered)
    full = round(_BAR * done / max(1, total))
    on, off = ("#", ".") if look.ascii_only else ("█", "░")
    bar = look.line(" ", (on * full, look.accent), (off * (_BAR - full), look.quiet))
    bar.append(f" {look.say(f'{done} of {total} done')}", look.quiet)
    part = suggested(lab, view)
    line = look.line(" ", (_KEY, look.accent), (f" {look.say('next')} ", look.quiet))
    if part is None:
        line.append(look.safe(look.say("all is done; F6 is the report")))
    else:
        line.append(look.fit(f"{part.id} {part.title.to(look.language)}", max(0, width - line.cell_len)))
    for one in (bar, line):
        one.truncate(width)
    return [bar, line]
