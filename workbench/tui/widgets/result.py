"""The result of a part: its values, then its tables and figures, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType

from labsteps.catalogue import Part, ValueSpec
from labsteps.context import ParameterValue
from labsteps.other_settings import tells
from labsteps.results import Figure, Heatmap, Panels, Scatter, Table
from labsteps.text import Text as Words
from workbench.greek_screens import page_title
from workbench.plots.text import cells, clip, wrap
from workbench.tui.keys import ALONG, BEGIN, RESULT, ZOOM, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.sight import Sight
from workbench.tui.views import ResultView as View
from workbench.tui.views import Times, baseline_of
from workbench.tui.ways import table_in_the_app
from workbench.tui.widgets.begin import begin_label, begins
from workbench.tui.widgets.lines import LinesView, as_lines, beside, paragraph
from workbench.tui.widgets.parameters import written
from workbench.wording import ago, number, value_text

_NARROWEST_NAME = 16
_ROOM_FOR_FIGURE = 16
_FIRST_TABLE, _FIRST_FIGURE = "per_class", "confusion"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a result: its values, one table, one figure, or where the run's time went."""

    name: str
    content: Table | Figure | Times | None = None

    @property
    def title(self) -> str:
        """What the page is called in the line of pages."""
        return self.name.replace("_", " ")


class ResultPane(LinesView):
    """Shows the pages of a result."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ALONG, RESULT, ZOOM, BEGIN)
    HELP = "Values with 95 % intervals, then tables and figures: tab goes through them, f gives them the whole width."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._result: View | None = None
        self._part: Part | None = None
        self._idle = ""
        self._pages: list[Page] = []
        self._page = 0
        self._percent = False
        self._sight: Sight | None = None

    def show(self, result: View | None, part: Part | None, idle: str) -> None:
        """Show a result; `idle` says what to press where there is none."""
        if result is self._result and part is self._part and idle == self._idle:
            return
        keep = self.page.name if self._pages and part is self._part else ""
        self._result, self._part, self._idle = result, part, idle
        self._pages = pages_of(result) if result is not None else []
        names = [page.name for page in self._pages]
        self._turn_to(names.index(keep) if keep in names else first_page(self._pages, result))

    @property
    def page(self) -> Page:
        """The page in sight."""
        return self._pages[self._page]

    @property
    def figure_file(self) -> Path | None:
        """The PNG file of the figure in sight, None where the page is no figure."""
        if self._result is None or not self._pages or not isinstance(self.page.content, Figure):
            return None
        return self._result.folder / "figures" / f"{self.page.name}.png"

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the line of pages and the page in sight."""
        look = self.look
        if self._result is None or self._part is None:
            return paragraph(look, self._idle, width, look.quiet)
        lines = [page_line(self._pages, self._page, look, width), Text(end="")]
        content = self.page.content
        if content is None:
            clock = app_of(self).clock
            lines += value_lines(self._result, self._part, look, width, ago(self._result.finished, clock))
            return [*lines, *self._first_figure(width, height - len(lines) - 1)]
        if isinstance(content, Times):
            return lines + time_lines(content, look, width)
        if self._sight is None:
            assert isinstance(content, Table)
            return lines + table_lines(content, look, width, height - len(lines))
        foot = path_lines(self.figure_file, look, width)
        drawn = self._sight.draw(width, max(4, height - len(lines) - len(foot)), look.plot)
        if self._sight.turned():
            self.refresh_bindings()
        return [*lines, *drawn, *foot]

    def _first_figure(self, width: int, height: int) -> list[Text]:
        """Return the first figure, for below the values where there is room for both."""
        figures = [page.content for page in self._pages if isinstance(page.content, Figure)]
        if not figures or height < _ROOM_FOR_FIGURE:
            return []
        from workbench.plots.terminal import draw

        drawn = draw(figures[0], width, min(height, 24), style=self.look.plot, normalise=self._percent)
        return [Text(end=""), *as_lines(drawn)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something on the page in sight."""
        if action == "begin":
            return not self._pages and begins(self)
        content = self.page.content if self._pages else None
        if action in ("percent", "cells"):
            return isinstance(content, Heatmap) and content.counts
        if action in ("copy", "picture"):
            return isinstance(content, Figure)
        if action == "map":
            return isinstance(content, Scatter | Panels)
        if action in ("zoom", "whole", "aside", "along"):
            # The arrows turn pages until one has gone closer.
            sight = self._sight
            return (
                sight is not None
                and sight.offers(action, parameters)
                and not (action == "along" and sight.window.whole)
            )
        return bool(self._pages) if action == "page" else True

    def key_label(self, action: str) -> str:
        """Return what a key does now."""
        if action == "begin":
            return begin_label(self)
        return "counts" if action == "percent" and self._percent else ""

    def action_page(self, count: int) -> None:
        """Turn to another page, from the last to the first."""
        if self._pages:
            self._turn_to((self._page + count) % len(self._pages))

    async def action_turn(self, count: int) -> None:
        """Turn to another page; beyond the first and the last one lie the neighbouring tabs."""
        if 0 <= self._page + count < len(self._pages):
            self._turn_to(self._page + count)
        else:
            await self.screen.run_action(f"next_tab({count})")

    async def action_begin(self) -> None:
        """Do what comes next with a part that has no result yet."""
        await self.screen.run_action("next")

    def action_percent(self) -> None:
        """Change between clips and percents of rows."""
        self._percent = not self._percent
        if self._sight is not None:
            self._sight.percent = self._percent
        self.relay()
        self.refresh_bindings()

    def action_cells(self) -> None:
        """Go from cell to cell of the matrix over the whole terminal, and to the clips behind one."""
        content = self.page.content if self._pages else None
        if self._result is None or not isinstance(content, Heatmap):
            return
        from workbench.tui.screens.cells import CellsScreen

        root = app_of(self).bench.data_root
        self.app.push_screen(CellsScreen(content, self._result.folder, root, percent=self._percent))

    def action_copy(self) -> None:
        """Copy the path of the PNG file; it stays in sight, since copying may fail on the way."""
        if self.figure_file is not None:
            self.app.copy_to_clipboard(str(self.figure_file))
            app_of(self).tell(f"Copied: {self.figure_file}")

    def action_picture(self) -> None:
        """Give the figure the whole terminal, as a picture where the terminal shows pictures."""
        content = self.page.content if self._pages else None
        if self.figure_file is None or not isinstance(content, Figure):
            return
        from workbench.tui.screens.picture import PictureScreen

        self.app.push_screen(PictureScreen(content, self.figure_file, percent=self._percent))

    def action_map(self) -> None:
        """Give the map in sight the whole terminal; back from it, show the page of the map that was last in sight."""
        from workbench.tui.screens.map import MapScreen, maps_of

        if self._result is None:
            return
        maps = maps_of(self._result.result)
        first = next((i for i, one in enumerate(maps) if one.page == self.page.name), None)
        if first is None:
            return

        def back(page: str | None) -> None:
            names = [one.name for one in self._pages]
            if page in names:
                self._turn_to(names.index(page))

        root = app_of(self).bench.data_root
        self.app.push_screen(MapScreen(maps, first, root), back)

    def action_zoom(self, by: float) -> None:
        """Show more or less of the figure in sight."""
        if self._sight is not None:
            self._sight.zoom(by)
            self.relay()

    def action_whole(self) -> None:
        """Show the whole figure."""
        if self._sight is not None:
            self._sight.whole()
            self.relay()

    def action_aside(self, count: int) -> None:
        """Go along the figure in sight."""
        if self._sight is not None:
            self._sight.aside(count)
            self.relay()

    def action_along(self, count: int) -> None:
        """Go along a figure that one has gone closer to."""
        self.action_aside(count)

    def action_scroll_lines(self, count: int) -> None:
        """Scroll, or go over the lines of a figure that are out of sight."""
        if self._sight is not None and self._sight.can_go_down:
            self._sight.down(count)
            self.relay()
        else:
            super().action_scroll_lines(count)

    def _turn_to(self, page: int) -> None:
        self._page = page
        content = self.page.content if self._pages else None
        self._sight = Sight(content, percent=self._percent) if isinstance(content, Figure) else None
        self.scroll_to(y=0, animate=False)
        self.relay()
        self.refresh_bindings()


def pages_of(result: View) -> list[Page]:
    """Return the pages: the values, then the confusion matrix and the scores per class, then the rest."""
    figures, tables = dict(result.result.figures), dict(result.result.tables)
    pages = [Page("values")]
    if _FIRST_FIGURE in figures:
        pages.append(Page(_FIRST_FIGURE, figures.pop(_FIRST_FIGURE)))
    if _FIRST_TABLE in tables:
        pages.append(Page(_FIRST_TABLE, tables.pop(_FIRST_TABLE)))
    pages += [Page(name, figure) for name, figure in figures.items()]
    taken = {page.name for page in pages}
    pages += [Page(f"{name} (table)" if name in taken else name, table) for name, table in tables.items()]
    return pages + ([Page("time", result.times)] if result.times is not None else [])


def first_page(pages: Sequence[Page], result: View | None) -> int:
    """Return the page that a result opens on: its values, or its first table or figure where it has none."""
    empty = result is not None and not result.result.values
    return 1 if empty and len(pages) > 1 and isinstance(pages[1].content, Table | Figure) else 0


def table_lines(table: Table, look: Look, width: int, height: int) -> list[Text]:
    """Return a table; where some of its columns follow below what is in sight, say so first."""
    from workbench.plots.table import columns_beside
    from workbench.plots.terminal import draw_table

    table = table_in_the_app(table, look.language)
    drawn = as_lines(draw_table(table, width, look.plot))
    fitting, count = columns_beside(table, width, look.plot), len(table.columns)
    if fitting == count or len(drawn) <= height:
        return drawn
    return [*paragraph(look, f"{fitting} of {count} columns; page down for the others", width, look.quiet), *drawn]


def time_lines(times: Times, look: Look, width: int) -> list[Text]:
    """Return where the time of every training of a run went, and what the tables leave out."""
    from workbench.commands.profile_tables import covered_line, profile_tables, trace_line
    from workbench.plots.terminal import draw_table

    lines: list[Text] = []
    for one in times.trainings:
        for table in profile_tables(one, look.language):
            lines += [*as_lines(draw_table(table, width, look.plot)), Text(end="")]
        lines += [*paragraph(look, trace_line(one, look.language), width, look.quiet), Text(end="")]
    return lines + paragraph(look, covered_line(times.trainings, times.seconds, look.language), width, look.quiet)


def page_line(pages: Sequence[Page], chosen: int, look: Look, width: int) -> Text:
    """Return the names of the pages in one line, the chosen one in brackets and always in sight."""
    first = 0
    while first < chosen and _page_cells(pages, first, chosen, look.language) > width - 4:
        first += 1
    line = Text("" if not first else look.safe("… "), look.quiet, end="")
    for index, page in enumerate(pages[first:], first):
        title = page_title(page.title, look.language)
        text = f"[{title}]" if index == chosen else f" {title} "
        room = width - line.cell_len
        if cells(text) > room - (2 if index + 1 < len(pages) else 0):
            line.append(look.safe("…"), look.quiet)
            break
        line.append(look.safe(text), look.accent if index == chosen else look.quiet)
    return line


def value_lines(view: View, part: Part, look: Look, width: int, when: str) -> list[Text]:
    """Return every value with its interval and baseline, the text, and what the run was."""
    values = view.result.values
    specs = [spec for spec in part.values if spec.name in values]
    known = {spec.name for spec in specs}
    # A newer version of the part may report what this catalogue does not describe.
    specs += [ValueSpec(name, Words(name, name)) for name in values if name not in known]
    baselines = {baseline_of(spec.name, values) for spec in specs} - {""}
    shown = [spec for spec in specs if spec.name not in baselines]
    titles = [look.safe(spec.title.to(look.language)) for spec in shown]
    # Sentences about why a value is undefined are wrapped; a number and its interval stay on one line.
    numbers = [spec for spec in shown if values[spec.name].number is not None]
    sizes = [cells(look.safe(value_text(values[spec.name], spec.digits, spec.unit))) for spec in numbers]
    room = width - 2 - max(sizes, default=_NARROWEST_NAME)
    widest = max(_NARROWEST_NAME, min(max(map(cells, titles), default=0), room))
    lines: list[Text] = []
    for spec, title in zip(shown, titles, strict=True):
        lines += _value_lines(view, spec, title, look, width, widest)
    if any(value.low is not None for value in values.values()):
        lines += paragraph(look, look.say("[ ] 95 % interval"), width, look.quiet)
    if lines:
        lines.append(Text(end=""))
    if view.result.text:
        lines += [*paragraph(look, view.result.text, width), Text(end="")]
    # Above it stands which models were trained with others.
    own = settings_text(view.settings, part, of_others=tells(view.result))
    lines += paragraph(look, f"{look.say(when)} · {look.say(own)}", width, look.quiet)
    lines += path_lines(view.folder, look, width)
    return lines


def _value_lines(view: View, spec: ValueSpec, title: str, look: Look, width: int, widest: int) -> list[Text]:
    """Return a value beside its title, and its baseline beside it or below."""
    values = view.result.values
    value = values[spec.name]
    style = look.strong if value.number is not None else look.quiet
    # A second line of a name is set in, so that it is not taken for a name of its own.
    broken = [title] if cells(title) <= widest else wrap(title, widest - 2, unicode=look.plot.unicode)
    names = [Text(f"  {line}" if index else line, end="") for index, line in enumerate(broken)]
    told = paragraph(look, value_text(value, spec.digits, spec.unit), max(10, width - widest - 2), style)
    against = baseline_of(spec.name, values)
    if against:
        baseline = look.safe(number(values[against].number, spec.digits, spec.unit))
        name = look.safe(look.say("majority class"))
        if widest + 2 + told[-1].cell_len + 3 + cells(f"{name} {baseline}") <= width:
            told[-1].append(f"   {name} {baseline}", look.quiet)
        else:
            rows = max(len(names), len(told))
            names += [Text(end="")] * (rows - len(names)) + [
                Text(f"  {look.fit(name, widest - 2)}", look.quiet, end="")
            ]
            told += [Text(end="")] * (rows - len(told)) + [Text(baseline, look.quiet, end="")]
    return beside(Text("\n").join(names), Text("\n").join(told), widest + 2)


def settings_text(settings: Mapping[str, ParameterValue], part: Part, *, of_others: bool = False) -> str:
    """Return in words which parameters of a run are not the defaults.

    Parameters
    ----------
    of_others
        Whether the run tells of trained models that have other settings than the defaults, which these are not.
    """
    changed = [f"{name} {written(value)}" for name, value in changed_settings(settings, part).items()]
    if changed:
        return f"with {', '.join(changed)}"
    return "this part's own settings are the defaults" if of_others else "with default settings"


def changed_settings(settings: Mapping[str, ParameterValue], part: Part) -> dict[str, ParameterValue]:
    """Return the parameters of a run that are not the defaults."""
    defaults = part.defaults()
    return {name: value for name, value in settings.items() if name in defaults and value != defaults[name]}


def path_lines(path: Path | None, look: Look, width: int) -> list[Text]:
    """Return a path in full, broken anywhere, so that it can be read off the screen."""
    rest = "" if path is None else look.safe(str(path))
    lines = []
    while rest and width > 0:
        head = clip(rest, width) or rest[0]
        lines.append(Text(head, look.quiet, end=""))
        rest = rest[len(head) :]
    return lines


def _page_cells(pages: Sequence[Page], first: int, last: int, language: str) -> int:
    return sum(cells(page_title(page.title, language)) + 2 for page in pages[first : last + 1])
