"""The keys of the list of runs, and of the screens beside the lab: the same kind of data as in `keys`."""

from __future__ import annotations

from typing import Final

from workbench.tui.keys import Key

RUNS: Final = (
    Key("runs.open", "enter", "ask('open')", "open", "Show the run's result, or where it stands.", display="↵"),
    Key("runs.mark", "space", "ask('mark')", "mark", "Mark the run for a comparison, or take the mark back."),
    Key("runs.compare", "c", "ask('compare')", "compare", "Compare the marked runs, or this one with the baseline."),
    Key("runs.pin", "b", "ask('pin')", "baseline", "Pin the run as the baseline of its part, or let it go."),
    Key("runs.note", "n", "ask('note')", "note", "Write a note on the run.", shown=False),
    Key("runs.tag", "t", "ask('tag')", "tag", "Give the run tags, or take them away.", shown=False),
    Key("runs.delete", "x,delete", "ask('delete')", "delete", "Move the run to the trash; u takes it back."),
    Key(
        "runs.restore",
        "u",
        "screen.restore_run",
        "take back",
        "Take the last deleted run out of the trash.",
        shown=False,
    ),
    Key("runs.down", "down,j", "move(1)", "down", "Next run.", shown=False),
    Key("runs.up", "up,k", "move(-1)", "up", "Run before.", shown=False),
    Key("runs.first", "home,g", "move(-999)", "first", "Newest run.", shown=False),
    Key("runs.last", "end,G", "move(999)", "last", "Oldest run.", shown=False),
)

COMPARE: Final = (
    Key("compare.score", "v", "score", "next curve", "Draw the loss, or the next of the scores, over the epochs."),
    Key("compare.baseline", "b", "baseline", "baseline", "Compare with the next of the runs."),
)
CELLS: Final = (
    Key("cells.clips", "enter", "screen.clips", "clips", "The clips that are counted in the cell.", display="↵"),
    Key("cells.percent", "n", "percent", "percent", "Clips, or percents of the rows."),
    Key("cells.down", "down,j", "step(1, 0)", "down", "The cell below.", shown=False),
    Key("cells.up", "up,k", "step(-1, 0)", "up", "The cell above.", shown=False),
    Key("cells.right", "right,l", "step(0, 1)", "right", "The cell to the right.", shown=False),
    Key("cells.left", "left,h", "step(0, -1)", "left", "The cell to the left.", shown=False),
)
CLIPS: Final = (
    Key("clips.down", "down,j", "move(1)", "down", "Next clip.", shown=False),
    Key("clips.up", "up,k", "move(-1)", "up", "Clip before.", shown=False),
    Key("clips.first", "home,g", "move(-999)", "first", "First clip.", shown=False),
    Key("clips.last", "end,G", "move(999)", "last", "Last clip.", shown=False),
)
PICTURE: Final = (
    Key("picture.switch", "v", "switch", "characters", "The figure in characters, or as a picture."),
    Key("picture.copy", "y", "copy", "copy path", "Copy the path of the figure's PNG file (by OSC 52)."),
    Key("picture.close", "escape", "close", "back", "Back to the result.", display="esc"),
)
LOG: Final = (Key("log.serious", "w", "serious", "warnings", "Show warnings and errors alone, or everything."),)
SETTINGS_KEYS: Final = (
    Key("settings.edit", "enter", "screen.edit", "change", "Change the setting's value.", display="↵"),
    Key("settings.cycle", "space", "screen.cycle", "next choice", "Take the next of a setting's choices."),
    Key(
        "settings.unset", "x", "screen.unset", "take out", "Take the setting out of the file; what is behind it counts."
    ),
    Key("settings.whose", "s", "screen.whose", "session's", "Let changes go to the session's own settings, or mine."),
    Key("settings.down", "down,j", "move(1)", "down", "Next setting.", shown=False),
    Key("settings.up", "up,k", "move(-1)", "up", "Setting before.", shown=False),
    Key("settings.first", "home,g", "move(-999)", "first", "First setting.", shown=False),
    Key("settings.last", "end,G", "move(999)", "last", "Last setting.", shown=False),
)
REPORT: Final = (
    Key("report.build", "b", "build('build')", "build", "Build the report as a PDF, in a process of its own."),
    Key("report.web", "w", "build('web')", "web page", "Build the report as one HTML file."),
    Key("report.preview", "p", "preview", "preview", "Read the report as text, as it would be built."),
    Key("report.check", "r", "check", "check", "Check again what the report lacks."),
    Key("report.copy", "y", "copy", "copy path", "Copy the path of what was built (by OSC 52)."),
)
PREVIEW: Final = (
    Key("preview.next", "n,right_square_bracket", "section(1)", "next section", "Next section.", display="n"),
    Key("preview.before", "N,left_square_bracket", "section(-1)", "before", "Section before.", display="N"),
    Key("preview.check", "r", "read", "read again", "Read the report's text again."),
)
SECTIONS: Final = (
    Key("sections.go", "enter", "screen.go", "go there", "Go to the first part that lacks something.", display="↵"),
    Key("sections.down", "down,j", "move(1)", "down", "Next section.", shown=False),
    Key("sections.up", "up,k", "move(-1)", "up", "Section before.", shown=False),
    Key("sections.first", "home,g", "move(-999)", "first", "First section.", shown=False),
    Key("sections.last", "end,G", "move(999)", "last", "Last section.", shown=False),
)
PATH_FIELD: Final = (Key("path.complete", "tab", "complete", "complete", "Complete the path as far as it is sure."),)
PAGE: Final = (Key("page.back", "escape", "back", "back", "Back to the screen before.", display="esc"),)

MORE_TABLES: Final = (
    RUNS,
    COMPARE,
    LOG,
    SETTINGS_KEYS,
    REPORT,
    PREVIEW,
    SECTIONS,
    CELLS,
    CLIPS,
    PICTURE,
    PATH_FIELD,
    PAGE,
)
