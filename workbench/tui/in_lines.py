"""Every action of the app in plain lines: the page ``docs/plain.md``, written from this table."""

from __future__ import annotations

from typing import Final

from workbench.tui.keymap import ALL_TABLES

LOOKS: Final = "a way of looking: lines say all there is"
IN_LINES: Final[dict[str, str]] = {
    "app.help": "`help`, `help COMMAND`, `help 7.1e`",
    "app.leave": "`quit`",
    "app.sleep": "ctrl+z, as in every program of lines",
    "app.colours": LOOKS,
    "app.redraw": LOOKS,
    "app.sessions": "`sessions`",
    "app.system": "`system`, `doctor`",
    "app.log": "`log`",
    "app.settings": "`config show`",
    "app.report": "`report check`",
    "run.start": "`run ID NAME=VALUE …`; `continue ID` for one that was interrupted",
    "run.stop": "`stop`",
    "run.pause": "`pause`, `continue`",
    "run.repeat": "`run ID --force`",
    "run.profile": "`run ID --profile`, then `show ID`",
    "run.all": "`run all --dry-run` for the plan, then `run all --detach`",
    "run.learning_rate": "`change learning_rate=1e-4`",
    "run.checkpoint": "`checkpoint`",
    "run.curves": "`plot ID`, also while it runs",
    "run.smooth": "`plot ID loss --numbers`",
    "run.log_axis": LOOKS,
    "tab.brief": "`help ID`",
    "tab.parameters": "`help ID`, `set`",
    "tab.run": "`follow ID`, `status`",
    "tab.result": "`show ID`",
    "tab.log": "`log ID`, `log ID --worker`",
    "tab.answer": "`answer ID`",
    "tab.runs": "`status`, `export runs ID`",
    "part.inside": "`show 7.1a`; `run 7.1a digit=3 example=2` takes another digit",
    "part.find": "`steps`, `help WORDS`",
    "part.suggested": "`next`",
    "part.next": "`next`",
    "part.begin": "`next`",
    "data.folder": "`sessions new NAME --data ROOT`, `run ID --data ROOT`",
    "steps.open": "`steps`",
    "parameters.edit": "`set ID NAME=VALUE`, or with the run",
    "parameters.cycle": "`set ID NAME=VALUE`",
    "parameters.reset": "`set ID NAME=`",
    "parameters.reset_all": "`set ID NAME=` for each that `set` lists",
    "list.find": LOOKS,
    "result.percent": "`cm ID`: counts and recall",
    "result.map": "`track ID TRACK`, `plot ID FIGURE --numbers`",
    "result.cells": "`cm ID TRUE PREDICTED`",
    "result.picture": "`plot ID FIGURE` names its PNG file",
    "result.copy": "`plot ID FIGURE` names its PNG file",
    "answer.edit": "`answer ID --edit`, `--text TEXT` or `--file FILE`",
    "answer.note": "`answer ID`",
    "writing.theirs": "`answer ID`: the text on disk",
    "writing.mine": "`answer ID --replace --text TEXT`",
    "sessions.open": "`open NAME`",
    "sessions.new": "`sessions new NAME --data ROOT`",
    "sessions.demo": "`data demo`, then `sessions new NAME --data ROOT`; without data the first `run` does both",
    "sessions.import": "`sessions import ARCHIVE`",
    "inside.train": "`run 7.1a`",
    "inside.digit": "`run 7.1a digit=0`, then `show 7.1a`",
    "inside.next": "`run 7.1a digit=7 example=2`, then `show 7.1a`",
    "inside.previous": "`run 7.1a digit=7 example=1`, then `show 7.1a`",
    "inside.layer": "`plot 7.1a`: a figure a layer",
    "inside.epoch": "`plot 7.1a probabilities_over_epochs --numbers`",
    "inside.pen": "a drawing takes eyes; the held-out digits take a number",
    "map.spectrogram": "`track ID TRACK`",
    "map.find": "`track ID TRACK`",
    "map.next": "`track ID TRACK` tells of all maps",
    "map.only": "`plot ID FIGURE --numbers`: the points by class",
    "plan.start": "`run ID … --detach`",
    "plan.help": "`run ID … --dry-run`",
    "runs.open": "`show ID`, `follow RUN`",
    "runs.mark": "`compare RUN RUN`",
    "runs.compare": "`compare RUN RUN`",
    "runs.pin": "`pin RUN`, `pin RUN --remove`",
    "runs.note": "`note RUN TEXT`",
    "runs.tag": "`tag RUN TAG`, `tag RUN TAG --remove`",
    "runs.delete": "`delete RUN`",
    "runs.restore": "`delete --restore RUN`",
    "compare.score": "`plot RUN --numbers` of each",
    "compare.baseline": "`compare RUN RUN`",
    "log.serious": "`log --warnings`",
    "settings.edit": "`config set SETTING VALUE`",
    "settings.cycle": "`config set SETTING VALUE`",
    "settings.unset": "`config unset SETTING`",
    "settings.whose": "`config set SETTING VALUE --in-session`",
    "report.build": "`report build`",
    "report.web": "`report web`",
    "report.preview": "`report preview`",
    "report.check": "`report check`",
    "report.copy": "`report build` names the file",
    "sections.go": "`report check` names the parts",
    "cells.clips": "`cm ID TRUE PREDICTED`",
    "cells.percent": "`cm ID`: counts and recall",
    "picture.switch": LOOKS,
    "path.complete": "paths are typed whole; the prompt (`repl`) completes them",
}
"""The command for each action by its id; moves of a cursor have none, nor have the keys of fields and dialogs."""

_HEAD: Final = """\
# The app in plain lines

Written from `workbench/tui/in_lines.py` and the key map by `make docs`; a test holds it to that.

`python -m workbench --plain` asks for a command, does it, and says where one is when that has changed. It has every
command of the prompt ([commands](commands.md)), no colour, no cursor that moves and no picture: figures and tables are
told in words, line by line, with the path of the PNG file where somebody is to be shown. `--lang el` speaks Greek. The
setting `plain` ([settings](settings.md)) makes every command speak so.

| in the app | in lines | action |
|---|---|---|
"""


def plain_page() -> str:
    """Return the page in Markdown: what each key of the app does, and the command for it."""
    once = {key.id: key for table in ALL_TABLES for key in table}
    rows = (f"| {once[name].help} | {line} | `{name}` |\n" for name, line in IN_LINES.items())
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    print(plain_page(), end="")
