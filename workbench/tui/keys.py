"""Every action of the app with its keys, as data: the bindings, the key bar, the help and the palette follow.

Only letters, digits, F1 to F10, arrows and ctrl+letter reach a program on every terminal, and ctrl+h, i, j and m are
other keys there, so no more than these is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """An action and the keys that reach it.

    Attributes
    ----------
    id
        ``area.action``, unique; a key map of the user's own refers to it.
    keys
        Textual's names of the keys, with commas.
    action
        Textual's name of the action.
    label
        Two words at most, the verb first, for the key bar.
    help
        A sentence for the help and the palette.
    shown
        Whether the key bar shows it.
    display
        How the key is written there; by default as it is.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    shown: bool = True
    display: str = ""


# What the key bar shows for a key and for those of other actions with it.
SEVERAL: Final = ("1-7", "e/E")


def bindings(*tables: tuple[Key, ...]) -> list[BindingType]:
    """Return tables of keys as Textual's bindings."""
    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=key.shown,
            key_display=key.display or None,
            tooltip=key.help,
            id=key.id,
        )
        for table in tables
        for key in table
    ]


APP: Final = (
    Key("app.help", "question_mark,f1", "help", "help", "What the keys do where you are.", display="?"),
    Key("app.leave", "q", "leave", "leave", "Leave the workbench; runs go on."),
    Key("app.redraw", "ctrl+l", "redraw", "redraw", "Draw the whole screen anew.", shown=False),
    Key("app.sleep", "ctrl+z", "sleep", "sleep", "Sleep until the shell's fg brings the app back.", shown=False),
    Key("app.colours", "f9", "colours", "colours", "Change between dark and light colours.", shown=False),
    Key("app.sessions", "f2", "sessions", "sessions", "The list of sessions: open another, make a new one.", False),
    Key("app.system", "f3", "page('system')", "system", "The machine: processors, memory, GPUs, disks, queue.", False),
    Key("app.log", "f4", "page('log')", "log", "What all runs of the session have said.", False),
    Key("app.settings", "f5", "page('settings')", "settings", "The settings, and where each comes from.", False),
    Key("app.report", "f6", "page('report')", "report", "The report: what it lacks, and building it.", False),
)

LAB: Final = (
    Key(
        "run.start",
        "r",
        "start(False)",
        "run",
        "Run or resume the part, or the whole step; what is finished is shown, not repeated.",
    ),
    Key("run.stop", "s", "stop", "stop", "Save the run's state and end it; r resumes it."),
    Key("run.pause", "p", "pause", "pause", "Hold the run after the batch, or let it go on."),
    Key("run.repeat", "R", "start(True)", "run again", "Run the part again, even if it is finished.", shown=False),
    Key(
        "run.profile",
        "P",
        "start(False, True)",
        "measure time",
        "Run the part or step and measure where its time goes; the last page of its result tells.",
        shown=False,
    ),
    Key("run.all", "A", "run_all", "run all", "Run the whole lab, after its plan is shown.", shown=False),
    Key("tab.brief", "1", "tab('brief')", "show brief", "Show what the part is.", display="1-7"),
    Key("tab.parameters", "2", "tab('parameters')", "show parameters", "Show and change its settings.", shown=False),
    Key("tab.run", "3", "tab('run')", "show run", "Show the run: curves and progress.", shown=False),
    Key("tab.result", "4", "tab('result')", "show result", "Show values, tables and figures.", shown=False),
    Key("tab.log", "5", "tab('log')", "show log", "Show all messages of the run.", shown=False),
    Key("tab.answer", "6", "tab('answer')", "show answer", "Show the question, and write the answer.", shown=False),
    Key("part.inside", "i", "inside", "look inside", "Look inside the network: layers, epochs, a digit of yours."),
    Key("tab.runs", "7", "tab('runs')", "show runs", "Show all runs of the part.", shown=False),
    Key("panel.full", "f", "full", "full screen", "Give the panel the whole width, or take it back."),
    Key("panel.back", "escape", "back", "back", "Back to the list of steps.", shown=False, display="esc"),
    Key("part.find", "slash", "find_part", "find a part", "Find a step or a part by its number or title.", False, "/"),
    Key("part.suggested", "w", "suggested", "what next", "Go to the part that is best done next.", shown=False),
    Key("data.folder", "d", "data", "data", "Choose the folder of the data set for this session.", shown=False),
)

STEPS: Final = (
    Key("steps.open", "enter", "open", "open", "Open the step, or go to the part's panel.", display="↵"),
    Key("steps.down", "down,j", "move(1)", "down", "Next step or part.", shown=False),
    Key("steps.up", "up,k", "move(-1)", "up", "Step or part before.", shown=False),
    Key("steps.expand", "right,l", "expand", "parts", "Show the parts of the step.", shown=False),
    Key("steps.collapse", "left,h", "collapse", "close", "Hide the parts of the step.", shown=False),
    Key("steps.page_down", "pagedown,ctrl+f", "move(10)", "page down", "Ten lines on.", shown=False),
    Key("steps.page_up", "pageup,ctrl+b", "move(-10)", "page up", "Ten lines back.", shown=False),
    Key("steps.first", "home,g", "move(-999)", "first", "First step.", shown=False),
    Key("steps.last", "end,G", "move(999)", "last", "Last step.", shown=False),
)

NEXT: Final = (
    Key(
        "part.next",
        "enter",
        "screen.next",
        "next",
        "Do what comes next with the part: run or resume it, see its result, answer.",
        display="↵",
    ),
)
BEGIN: Final = (
    Key("part.begin", "enter", "begin", "run", "Where nothing is to be seen yet, what enter does in Run.", display="↵"),
)
SCROLL: Final = (
    Key("text.down", "down", "scroll_lines(1)", "down", "Scroll down.", shown=False),
    Key("text.up", "up", "scroll_lines(-1)", "up", "Scroll up.", shown=False),
    Key("text.page_down", "pagedown,ctrl+f,space", "scroll_lines(12)", "page down", "A page down.", shown=False),
    Key("text.page_up", "pageup,ctrl+b", "scroll_lines(-12)", "page up", "A page up.", shown=False),
    Key("text.first", "home,g", "scroll_lines(-99999)", "top", "To the top.", shown=False),
    Key("text.last", "end,G", "scroll_lines(99999)", "end", "To the end.", shown=False),
)
FIND: Final = (Key("list.find", "slash", "find", "find", "Find a line of the list.", shown=False, display="/"),)
VI_SCROLL: Final = (
    Key("text.vi_down", "j", "scroll_lines(1)", "down", "Scroll down.", shown=False),
    Key("text.vi_up", "k", "scroll_lines(-1)", "up", "Scroll up.", shown=False),
)
SIDEWAYS: Final = (
    Key("tab.next", "right", "screen.next_tab(1)", "next tab", "Next tab of the panel.", shown=False),
    Key("tab.previous", "left", "screen.next_tab(-1)", "tab before", "Tab before.", shown=False),
)
VI_SIDEWAYS: Final = (
    Key("tab.vi_next", "l", "screen.next_tab(1)", "next tab", "Next tab of the panel.", shown=False),
    Key("tab.vi_previous", "h", "screen.next_tab(-1)", "tab before", "Tab before.", shown=False),
)

PARAMETERS: Final = (
    Key("parameters.edit", "enter", "edit", "change", "Change the parameter's value.", display="↵"),
    Key("parameters.cycle", "space", "cycle", "next choice", "Take the next of a parameter's choices.", shown=False),
    Key("parameters.reset", "x", "reset", "default", "Give the parameter its default value again."),
    Key("parameters.reset_all", "X", "reset_all", "all defaults", "Give all parameters their defaults again."),
    Key("parameters.down", "down,j", "move(1)", "down", "Next parameter.", shown=False),
    Key("parameters.up", "up,k", "move(-1)", "up", "Parameter before.", shown=False),
    Key("parameters.first", "home,g", "move(-999)", "first", "First parameter.", shown=False),
    Key("parameters.last", "end,G", "move(999)", "last", "Last parameter.", shown=False),
)
EDITING: Final = (
    Key("editing.take", "enter", "submit", "take", "Take the value as it stands in the field.", display="↵"),
    Key("editing.cancel", "escape", "cancel", "keep as it was", "Leave the value as it was.", display="esc"),
    Key("editing.next_choice", "down", "choose(1)", "choices", "Put in the next of the choices.", display="↓"),
    Key("editing.choice_before", "up", "choose(-1)", "choice before", "Put in the choice before.", shown=False),
)

RUN: Final = (
    Key("run.learning_rate", "l", "screen.learning_rate", "learning rate", "Change the live run's peak learning rate."),
    Key("run.curves", "v", "curves", "scores", "Draw loss, scores, learning rate, gradient norm or time of an epoch."),
    Key("run.smooth", "m", "smooth", "smooth", "Smooth the curves, or draw them as they were measured."),
    Key("run.checkpoint", "k", "screen.checkpoint", "save", "Save a checkpoint of the live run now."),
    Key("run.log_axis", "a", "log_axis", "log axis", "Draw the vertical axis logarithmically, or not.", shown=False),
)

# What goes closer to a figure, wherever one is; the arrows go along it once it is not whole any more.
ZOOM: Final = (
    Key("zoom.closer", "plus,equals_sign", "zoom(0.5)", "closer", "Half as much of the figure, closer.", display="+"),
    Key("zoom.farther", "minus", "zoom(2.0)", "farther", "Twice as much of the figure, farther.", display="-"),
    Key("zoom.whole", "0", "whole", "whole figure", "The whole figure again.", shown=False),
)
ALONG: Final = (
    Key("zoom.right", "right", "along(1)", "right", "Along the figure to the right.", shown=False),
    Key("zoom.left", "left", "along(-1)", "left", "Along the figure to the left.", shown=False),
)
VI_ALONG: Final = (
    Key("zoom.vi_right", "l", "along(1)", "right", "Along the figure to the right.", shown=False),
    Key("zoom.vi_left", "h", "along(-1)", "left", "Along the figure to the left.", shown=False),
)

RESULT: Final = (
    Key("result.next", "tab", "page(1)", "next", "Next table or figure."),
    Key("result.previous", "shift+tab", "page(-1)", "before", "Table or figure before.", shown=False),
    Key("result.forward", "right,l", "turn(1)", "next", "Next table or figure; past the last, the next tab.", False),
    Key(
        "result.back", "left,h", "turn(-1)", "before", "Table or figure before; past the first, the tab before.", False
    ),
    Key("result.percent", "n", "percent", "percent", "A confusion matrix in clips, or in percents of its rows."),
    Key("result.map", "enter", "map", "tracks", "The map over the whole terminal: zoom, pick a track.", display="↵"),
    Key(
        "result.cells",
        "enter",
        "cells",
        "clips behind",
        "Go from cell to cell of a matrix, to the clips behind.",
        True,
        "↵",
    ),
    Key("result.picture", "v", "picture", "picture", "The figure over the whole terminal, as a picture where it can."),
    Key("result.copy", "y", "copy", "copy path", "Copy the path of the figure's PNG file (by OSC 52)."),
    Key("result.right", "greater_than_sign", "aside(1)", "right", "What is out of sight to the right.", shown=False),
    Key("result.left", "less_than_sign", "aside(-1)", "left", "What is out of sight to the left.", False),
)

MAP: Final = (
    Key("map.spectrogram", "enter", "hear", "spectrogram", "The spectrogram of the picked track.", display="↵"),
    Key("map.closer", "plus,equals_sign,i", "zoom(1)", "closer", "Go closer to the picked track.", display="+"),
    Key("map.farther", "minus,o", "zoom(-1)", "farther", "Go farther away.", display="-"),
    Key("map.next", "tab", "map(1)", "next map", "The next map, with the same track picked."),
    Key("map.previous", "shift+tab", "map(-1)", "map before", "The map before.", shown=False),
    Key("map.only", "c", "only", "one class", "One class in colour and the others as dots; then the next; then all."),
    Key("map.turn", "d", "turn(1)", "turn", "Turn points in space to the right."),
    Key("map.turn_back", "a", "turn(-1)", "turn back", "Turn points in space to the left.", shown=False),
    Key("map.tilt", "w", "tilt(1)", "tilt", "Tilt points in space towards you."),
    Key("map.tilt_back", "s", "tilt(-1)", "tilt back", "Tilt points in space away from you.", shown=False),
    Key("map.whole", "0", "whole", "whole", "The whole map, from where it was seen at first."),
    Key("map.find", "slash", "find", "find", "Pick a track by its id.", display="/"),
    Key("map.right", "right,l", "pick(1, 0)", "right", "Pick the nearest track to the right.", shown=False),
    Key("map.left", "left,h", "pick(-1, 0)", "left", "Pick the nearest track to the left.", shown=False),
    Key("map.up", "up,k", "pick(0, 1)", "up", "Pick the nearest track above.", shown=False),
    Key("map.down", "down,j", "pick(0, -1)", "down", "Pick the nearest track below.", shown=False),
    Key("map.pan_right", "L", "pan(1, 0)", "pan right", "See a quarter more at the right.", shown=False),
    Key("map.pan_left", "H", "pan(-1, 0)", "pan left", "See a quarter more at the left.", shown=False),
    Key("map.pan_up", "K", "pan(0, 1)", "pan up", "See a quarter more above.", shown=False),
    Key("map.pan_down", "J", "pan(0, -1)", "pan down", "See a quarter more below.", shown=False),
)
LEAVE_MAP: Final = (Key("reading.close", "escape", "close", "back", "Back to the result.", display="esc"),)

ANSWER: Final = (
    Key("answer.edit", "enter,e", "edit", "write", "Write the answer; esc leaves the editor.", display="↵"),
    Key("answer.note", "o", "note", "note", "Show or hide the reference note; it never counts as the answer."),
)
# What a text editor has on ctrl+letters stays as it is, so the choice between two texts takes letters that are free.
WRITING: Final = (
    Key("writing.leave", "escape", "leave_editor", "done", "Save the answer and leave the editor.", display="esc"),
    Key("writing.theirs", "ctrl+t", "theirs", "take theirs", "Take the text on disk; ctrl+z brings yours back."),
    Key("writing.mine", "ctrl+o", "mine", "keep mine", "Put your text in the place of the one on disk."),
)

SESSIONS: Final = (
    Key("sessions.open", "enter", "open", "open", "Open the session.", display="↵"),
    Key("sessions.new", "n", "new", "new", "Make a session on a data folder of yours."),
    Key("sessions.demo", "d", "demo", "demo set", "Build the demo set if it is not there, and a session on it."),
    Key("sessions.import", "i", "import", "import", "Make a session of an archive that was exported."),
    Key("sessions.back", "escape", "back", "back", "Back to the lab.", shown=False, display="esc"),
)

SESSION_LIST: Final = (
    Key("sessions.down", "down,j", "move(1)", "down", "Next line.", shown=False),
    Key("sessions.up", "up,k", "move(-1)", "up", "Line before.", shown=False),
    Key("sessions.first", "home,g", "move(-999)", "first", "First session.", shown=False),
    Key("sessions.last", "end,G", "move(999)", "last", "Last line.", shown=False),
)

_TAKE: Final = "Take a held-out digit; the same key again takes the next one of it."
INSIDE: Final = (
    Key("inside.train", "r", "train", "train", "Train the network; it goes on if you leave."),
    *(
        Key("inside.digit" if n == 0 else f"inside.digit_{n}", f"{n}", f"digit({n})", "digit", _TAKE, n == 0, "0-9")
        for n in range(10)
    ),
    Key("inside.pen", "space", "pen", "pen", "Put the pen down where it is, or lift it; moving draws meanwhile."),
    Key("inside.layer", "tab", "layer(1)", "layer", "Next layer; the filters come first, the scores last."),
    Key("inside.layer_before", "shift+tab", "layer(-1)", "layer before", "Layer before.", shown=False),
    Key("inside.epoch", "e", "epoch(1)", "epoch", "The weights one epoch later.", display="e/E"),
    Key("inside.epoch_before", "E", "epoch(-1)", "epoch before", "The weights one epoch earlier.", shown=False),
    Key("inside.clear", "c", "clear", "clear", "Take an empty sheet to draw on.", shown=False),
    Key("inside.rubber", "x", "rubber", "rubber", "Put the rubber down, or lift it.", shown=False),
    Key("inside.centre", "m", "centre", "centre", "Shift the ink to the middle, as in MNIST.", shown=False),
    Key("inside.next", "n", "example(1)", "next example", "Next held-out digit of the same class.", shown=False),
    Key("inside.previous", "N", "example(-1)", "example before", "Held-out digit before.", shown=False),
    Key("inside.up", "up,k", "move(-1, 0)", "up", "Move the pen up.", shown=False),
    Key("inside.down", "down,j", "move(1, 0)", "down", "Move the pen down.", shown=False),
    Key("inside.left", "left,h", "move(0, -1)", "left", "Move the pen left.", shown=False),
    Key("inside.right", "right,l", "move(0, 1)", "right", "Move the pen right.", shown=False),
    Key("inside.back", "escape", "back", "back", "Back to the lab.", display="esc"),
)

# On the field itself, which would otherwise take up and down for scrolling.
FIELD: Final = (
    Key("field.take", "enter", "submit", "take", "Take what stands in the field.", display="↵"),
    Key("dialog.next", "down", "app.focus_next", "next field", "Next field.", shown=False),
    Key("dialog.previous", "up", "app.focus_previous", "field before", "Field before.", shown=False),
)
_HELP: Final = "question_mark,f1", "app.help", "help", "What the keys do where you are."
DIALOG: Final = (
    Key("dialog.help", *_HELP, display="?"),
    Key("dialog.cancel", "escape", "cancel", "cancel", "Close without a change.", display="esc"),
)
PLAN: Final = (
    Key("plan.start", "enter", "accept", "start", "Start what the plan says, one after the other.", display="↵"),
    Key("plan.help", *_HELP, display="?"),
    Key("plan.cancel", "escape", "cancel", "cancel", "Close without starting anything.", display="esc"),
)
# Help is closed by the keys that open it.
READING: Final = (Key("reading.close", "escape,q,enter,question_mark,f1", "close", "close", "Close.", display="esc"),)
COMMAND: Final = (
    Key("command.help", *_HELP, display="?"),
    Key("command.close", "escape,q,enter", "close", "close", "Close.", display="esc"),
)
FINDING: Final = (
    Key("finding.take", "enter", "submit", "stay here", "Stay on the line that was found.", display="↵"),
    Key("finding.next", "down", "screen.next(1)", "next", "Go on to the next line that has the text.", display="↓"),
    Key("finding.before", "up", "screen.next(-1)", "line before", "Go back to the line before that has it.", False),
    Key("finding.help", "f1", *_HELP[1:]),
    Key("finding.leave", "escape", "screen.leave", "cancel", "Go back to where one was.", display="esc"),
)
PALETTE: Final = (Key("palette.help", *_HELP, display="?"),)

TABLES: Final = (
    *(
        APP,
        LAB,
        STEPS,
        NEXT,
        BEGIN,
        SCROLL,
        FIND,
        VI_SCROLL,
        SIDEWAYS,
        VI_SIDEWAYS,
        PARAMETERS,
        EDITING,
        RUN,
        ZOOM,
        ALONG,
        VI_ALONG,
        RESULT,
        ANSWER,
        WRITING,
    ),
    *(SESSIONS, SESSION_LIST, INSIDE, MAP, LEAVE_MAP),
    *(FIELD, DIALOG, PLAN, READING, COMMAND, FINDING, PALETTE),
)
