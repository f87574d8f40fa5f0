"""A part's parameters: value, default, range and help, and a field to change one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from labsteps.abilities import check
from labsteps.catalogue import Part
from labsteps.context import ParameterValue
from labsteps.errors import ParameterError
from labsteps.parameter import Parameter
from workbench.tui.keys import EDITING, PARAMETERS, SIDEWAYS, VI_SIDEWAYS, bindings
from workbench.tui.look import Look
from workbench.tui.owner import app_of
from workbench.tui.ways import in_the_app
from workbench.tui.widgets.field import StillInput
from workbench.tui.widgets.lines import ChoiceView, paragraph

if TYPE_CHECKING:
    from workbench.tui.foresight import Ahead

_WIDE = 90


class ParameterList(ChoiceView):
    """The parameters, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PARAMETERS, SIDEWAYS, VI_SIDEWAYS)
    HELP = "The part's settings. Changed ones carry a star; the next run takes them. They are kept with the session."
    first_line = 1
    head_stays = True

    class Changed(Message):
        """A parameter, or all of them, got another value."""

        def __init__(self, name: str, value: ParameterValue | None) -> None:
            super().__init__()
            self.name, self.value = name, value

    class PassedOver(Message):
        """A choice was passed over that this machine cannot compute with; without a text, none was."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.part: Part | None = None
        self.device = ""
        # Called and not told of: the next key is for the field already.
        self.edit: Callable[[], None] | None = None
        self.values: Mapping[str, ParameterValue] = {}

    @property
    def count(self) -> int:
        """Number of parameters."""
        return len(self.part.parameters) if self.part is not None else 0

    @property
    def chosen(self) -> Parameter | None:
        """The parameter under the cursor."""
        return self.part.parameters[self.cursor] if self.part is not None and self.cursor < self.count else None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return a heading and a line for every parameter."""
        if self.part is None:
            return []
        if not self.part.parameters:
            return paragraph(self.look, f"{self.part.id} has no settings.", width, self.look.quiet)
        return parameter_lines(self.part, self.values, self.look, width, self.cursor, here=self.has_focus)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to change settings where there are some."""
        return self.count > 0 if action in ("edit", "cycle", "reset", "reset_all") else True

    def action_edit(self) -> None:
        """Ask for another value."""
        if self.chosen is not None and self.edit is not None:
            self.edit()

    def action_cycle(self) -> None:
        """Take the next choice of the parameter that this machine can compute with, where it has choices."""
        parameter = self.chosen
        choices = choices_of(parameter) if parameter is not None else ()
        if parameter is None or not choices:
            return
        now, passed = choices.index(written(self.values[parameter.name])), ""
        for choice in (*choices[now + 1 :], *choices[:now]):
            value = parameter.parse(choice)
            refused = refusal(parameter.name, value, self.device)
            if not refused:
                self.post_message(self.Changed(parameter.name, value))
                break
            passed = passed or refused
        self.post_message(self.PassedOver(passed))

    def action_reset(self) -> None:
        """Go back to the default."""
        if self.chosen is not None:
            self.post_message(self.Changed(self.chosen.name, self.chosen.default))

    def action_reset_all(self) -> None:
        """Go back to all defaults."""
        if self.count:
            self.post_message(self.Changed("", None))


class ValueField(StillInput):
    """Where a value is typed; ↑ and ↓ go through the choices of a parameter that has some."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(EDITING)
    HELP = "Type a value and press enter, or esc to leave it as it was. For choices, ↑ and ↓ go through them."

    class Cancelled(Message):
        """The value stays as it was."""

    choices: tuple[str, ...] = ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the choices only where there are some."""
        return bool(self.choices) if action == "choose" else True

    def action_cancel(self) -> None:
        """Leave the value."""
        self.post_message(self.Cancelled())

    def action_choose(self, count: int) -> None:
        """Put in another of the choices."""
        if self.choices:
            now = self.choices.index(self.value) if self.value in self.choices else -count
            self.value = self.choices[(now + count) % len(self.choices)]
            self.cursor_position = len(self.value)


class ParametersView(Vertical):
    """The list, what the chosen parameter means, and the field."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._editing = False
        self._time = ""

    def compose(self) -> ComposeResult:
        """Make the list, the help below it and the field."""
        yield ParameterList(id="parameter-list")
        yield Static(id="parameter-time", markup=False)
        yield Static(id="parameter-help", markup=False)
        with Vertical(id="parameter-edit"):
            yield Static(id="parameter-name", markup=False)
            yield ValueField(id="parameter-field", compact=True)
        yield Static(id="parameter-problem", markup=False)

    @property
    def _look(self) -> Look:
        return app_of(self).look

    @property
    def _list(self) -> ParameterList:
        return self.query_one(ParameterList)

    def show(
        self, part: Part | None, values: Mapping[str, ParameterValue], device: str, ahead: Ahead | None = None
    ) -> None:
        """Show the parameters of a part and how long it takes, and refuse what this machine cannot compute with."""
        own = self._list
        own.device = device
        self._show_time("" if ahead is None else ahead.told(self._look))
        if own.part is part and own.values == values:
            return
        if own.part is not part:
            own.cursor = 0
            own.scroll_to(y=0, animate=False)
            self._close(refocus=False)
        own.part, own.values = part, dict(values)
        own.relay()
        self._show_help()

    def focus_pane(self) -> None:
        """Give the list the focus."""
        self._list.focus()

    @on(ChoiceView.Moved)
    def _moved(self, event: ChoiceView.Moved) -> None:
        event.stop()
        self._show_help()
        self._show_problem("")

    @on(ParameterList.PassedOver)
    def _passed_over(self, event: ParameterList.PassedOver) -> None:
        event.stop()
        self._show_problem(event.text)

    def on_mount(self) -> None:
        """Let the list open the field."""
        self._list.edit = self._begin

    def _begin(self) -> None:
        parameter = self._list.chosen
        if parameter is None:
            return
        self._editing = True
        self.add_class("-editing")
        self.query_one("#parameter-name", Static).update(f"{parameter.name} = ")
        field = self.query_one(ValueField)
        field.choices = choices_of(parameter)
        self.refresh_bindings()
        field.value = written(self._list.values[parameter.name])
        field.cursor_position = len(field.value)
        self._show_problem("")
        # At once, so that the next key comes here; `focus` waits for the app.
        self.screen.set_focus(field)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        parameter = self._list.chosen
        if parameter is None:
            return
        try:
            value = parameter.parse(event.value)
        except ParameterError as error:
            self._show_problem(str(error))
            return
        if refused := refusal(parameter.name, value, self._list.device):
            self._show_problem(refused)
            return
        self._close()
        self.post_message(ParameterList.Changed(parameter.name, value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_problem("")

    @on(ValueField.Cancelled)
    def _cancelled(self, event: ValueField.Cancelled) -> None:
        event.stop()
        self._close()

    def _close(self, *, refocus: bool = True) -> None:
        if self._editing:
            self._editing = False
            self.remove_class("-editing")
            self._show_problem("")
            if refocus:
                self.screen.set_focus(self._list)

    def _show_problem(self, text: str) -> None:
        problem = self.query_one("#parameter-problem", Static)
        problem.display = bool(text)
        problem.update(Text(self._look.safe(self._look.say(text)), self._look.bad))

    def _show_time(self, text: str) -> None:
        if text != self._time:
            self._time = text
            time, look = self.query_one("#parameter-time", Static), self._look
            time.display = bool(text)
            time.update(Text.assemble((f"{look.say('time')}  ", look.quiet), look.safe(text)))

    def _show_help(self) -> None:
        parameter = self._list.chosen
        text = "" if parameter is None else help_of(parameter, self._look)
        self.query_one("#parameter-help", Static).update(Text(text, self._look.quiet))


def refusal(name: str, value: ParameterValue, device: str) -> str:
    """Return why a device of this machine cannot compute with a value; empty where it can, or none is known."""
    try:
        if device:
            check({name: value}, device)
    except ParameterError as error:
        return str(error)
    return ""


def parameter_lines(
    part: Part, values: Mapping[str, ParameterValue], look: Look, width: int, cursor: int, *, here: bool
) -> list[Text]:
    """Return the heading and a line for every parameter.

    Ranges, then units, then defaults are left out where the width does not hold them; the help below has them all.
    """
    names = max(len(p.name) for p in part.parameters)
    size = max(7, *(len(written(value)) for p in part.parameters for value in (p.default, values[p.name])))
    units = [look.safe(look.say(p.unit)) for p in part.parameters]
    unit_size = max(4, *map(len, units))
    words = [look.say(word) for word in ("name", "value", "unit", "default")]
    size = max(size, len(words[1]), len(words[3]))
    least = 2 + names + 1 + size
    wide, with_default = width >= _WIDE, least + 1 + size <= width
    with_unit = least + 1 + unit_size + (1 + size if with_default else 0) <= width
    head = f"  {words[0]:<{names}} {words[1]:>{size}}"
    head += f" {words[2]:<{unit_size}}" if with_unit else ""
    head += f" {words[3]:>{size}}" if with_default else ""
    head += f"  {look.say('range')}" if wide else ""
    lines = [Text(look.fit(head, width), look.quiet, end="")]
    for index, parameter in enumerate(part.parameters):
        value = values[parameter.name]
        changed = value != parameter.default
        line = look.line((look.cursor_sign(here=here) if index == cursor else " ", look.accent))
        line.append("*" if changed else " ", look.accent)
        line.append(f"{parameter.name:<{names}} ")
        line.append(f"{written(value):>{size}}", look.accent if changed else look.strong)
        if with_unit:
            line.append(f" {units[index]:<{unit_size}}", look.quiet)
        if with_default:
            line.append(f" {written(parameter.default):>{size}}", look.quiet)
        if wide:
            line.append(look.safe(f"  {parameter.range_in(look.language)}"), look.quiet)
        line.truncate(width, overflow="crop" if look.ascii_only else "ellipsis")
        lines.append(line)
    return lines


def help_of(parameter: Parameter, look: Look) -> str:
    """Return what a parameter means and which values it takes."""
    default = look.say(f"default {written(parameter.default)}")
    unit = f", {look.say(parameter.unit)}" if parameter.unit else ""
    meaning = in_the_app(parameter.help.to(look.language), look.language)
    stop = "·" if look.language == "el" else ";"
    text = f"{meaning} ({parameter.range_in(look.language)}{unit}{stop} {default})"
    if not parameter.affects_result:
        text += look.say("; does not change the result")
    return look.safe(text)


def written(value: ParameterValue) -> str:
    """Return a value as it can be typed again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def choices_of(parameter: Parameter) -> tuple[str, ...]:
    """Return the words that a parameter takes, empty where it takes numbers or any text."""
    return ("true", "false") if isinstance(parameter.default, bool) else parameter.choices
