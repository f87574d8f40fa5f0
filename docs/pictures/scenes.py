"""What `screens.py` goes through: each screen, tab, dialog and state of the app, and the keys that lead there.

A key is one letter, a key as tmux names it, or a word with a colon: ``see:`` and ``gone:`` wait for a pattern on the
screen, ``type:`` types, ``to:`` presses tab until a pattern is there, ``size:`` makes the terminal that large,
``cli:`` does a command on the session meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# What the app opens on: the session that is given, the ones that `stage.py` makes beside it, and a place without any.
FULL, STATES, EMPTY, BROKEN, GONE, FIRST = "full", "states", "empty", "broken", "gone", "first"
_LAB: Final = ("Escape", "Escape", "Escape")


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to take.

    Attributes
    ----------
    name
        Name of the picture.
    keys
        What is pressed for it.
    until
        A pattern that is on the screen when the keys have worked, and not before.
    after
        The scene that the keys begin from; empty where they lead there from anywhere.
    """

    name: str
    keys: Sequence[str]
    until: str
    after: str = ""


def part(name: str, *keys: str) -> tuple[str, ...]:
    """Return the keys that go to a part from anywhere in the lab, and then press others."""
    return (*_LAB, "/", "see:find:", f"type:{name}", "Enter", "gone:find:", *keys)


def figure(name: str, page: str) -> tuple[str, ...]:
    """Return the keys that go to a page of a part's result."""
    return part(name, "4", r"see:\[\w", f"to:\\[{page}")


SCENES: Final[dict[str, tuple[Scene, ...]]] = {
    FULL: (
        Scene("start", ("F2", "see:import a session", "Home"), r"seed +\d"),
        Scene("start-new", ("End",), r"archive|data set|code"),
        Scene("start-find", ("/", "see:find:", "type:al"), r"find: al"),
        Scene("new-session", ("Escape", "n"), r"New session", "start-find"),
        Scene(
            "new-session-error",
            ("type:mine", "Enter", "C-u", "type:/nowhere", "Enter"),
            r"/nowhere.*[.:]",
            "new-session",
        ),
        Scene("import", ("Escape", "F2", "i"), r"tab completes"),
        Scene("import-error", ("type:/nowhere.tar.gz", "Enter", "Enter"), r"nowhere.tar.gz'? |no file|not a", "import"),
        Scene("step", (*_LAB, "Home", "Down", "1"), r"of \d+ finished"),
        Scene("step-plan", ("r",), r"to run|Nothing|finished", "step"),
        Scene("brief", part("7.1e", "1"), r"finished. Press"),
        Scene("brief-full", ("f",), r"both panes", "brief"),
        Scene("parameters", part("7.1e", "2"), r"epochs"),
        Scene("parameters-find", ("/", "type:drop"), r"find: drop", "parameters"),
        Scene("parameter-edit", ("Enter", "gone:find:", "Enter"), r"↵ take|Enter take|take", "parameters-find"),
        Scene("parameter-error", ("C-u", "type:7", "Enter"), r"cannot be|takes a", "parameter-edit"),
        Scene("parameter-changed", ("C-u", "type:0.5", "Enter", "gone:take"), r"\*", "parameter-error"),
        Scene("brief-changed", ("1",), r"changed", "parameter-changed"),
        Scene("parameter-reset", ("2", "x", "see:dropout +0.2"), r"dropout", "brief-changed"),
        Scene("parameters-many", part("8b", "2", "End"), r"epochs|default"),
        Scene("parameters-few", part("1b", "2"), r"default"),
        Scene("parameters-none", part("4b", "2"), r"4β"),
        Scene("run", part("7.1b", "3"), r"smooth"),
        Scene("run-rates", ("v", "v"), r"rate", "run"),
        Scene("run-gradient", ("v",), r"[Gg]radient", "run-rates"),
        Scene("run-seconds", ("v",), r"time|seconds", "run-gradient"),
        Scene("run-smooth", ("v", "m", "a"), r"as measured", "run-seconds"),
        Scene("run-closer", ("m", "a", "+"), r"farther", "run-smooth"),
        Scene("run-axes", (*part("8d", "3"), "see:smooth"), r"loss"),
        Scene("run-untrained", part("1c", "3"), r"finished"),
        Scene("values", (*part("7.1e", "4"), r"to:\[values\]"), r"majority class"),
        Scene("matrix", (r"to:\[confusion",), r"predicted", "values"),
        Scene("matrix-percent", ("n",), r"counts", "matrix"),
        Scene("cells", ("n", "Enter"), r"taken for", "matrix-percent"),
        Scene("clips", ("Enter",), r"it is", "cells"),
        Scene("clips-find", ("/", "type:1"), r"find: 1", "clips"),
        Scene("values-few", ("Escape", "Escape", *part("Data and dev", "4")), r"clips listed|size of"),
        Scene("values-affect", (*part("8b", "4"), r"to:\[values\]"), r"Spearman|RMSE|MSE|value"),
        Scene(
            "table",
            (
                "Escape",
                "Escape",
                *figure("7.1e", "per class"),
            ),
            r"precision",
        ),
        Scene("whole-matrix", (*figure("7.1e", "confusion"), "v"), r"back"),
        Scene("whole-curve", (*figure("7.1e", "loss"), "v"), r"closer"),
        Scene("curve-closer", ("Escape", "v", "+", "+"), r"closer", "whole-curve"),
        Scene("bars", figure("4c", "before"), r"y copy"),
        Scene("whole-bars", ("v",), r"characters|picture", "bars"),
        Scene("whole-scores", (*figure("6a", "scores"), "v"), r"back"),
        Scene("wide-table", figure("6a", "models"), r"y copy|next"),
        Scene("image", figure("1c", "mel first"), r"y copy"),
        Scene("whole-image", ("v",), r"back", "image"),
        Scene("scatter", figure("8b", "truth cnn"), r"y copy"),
        Scene("whole-scatter", ("v",), r"back", "scatter"),
        Scene("panels", figure("11b", "planes"), r"y copy"),
        Scene("whole-panels", ("v",), r"back", "panels"),
        Scene("map", (*part("11c", "4", r"see:\[\w"), "to:(↵|nter) tracks", "Enter"), r"map 1 of"),
        Scene("map-picked", ("Right", "Up", "c", "+"), r"nearest here", "map"),
        Scene("map-find", ("/",), r"Find a track", "map-picked"),
        Scene("map-find-error", ("C-u", "type:nobody", "Enter"), r"nobody.*[.:]", "map-find"),
        Scene("map-spectrogram", ("Escape", "gone:Find a track", "Enter"), r"Hz|mel|bin", "map-find-error"),
        Scene("map-turned", (*figure("11b", "cnn 3d"), "Enter", "see:map \\d", "d", "w"), r"PC 3|turn"),
        Scene("log-of-run", part("7.1b", "5"), r"worker.log"),
        Scene("log-of-run-find", ("/", "type:epoch 3"), r"find: epoch", "log-of-run"),
        Scene("runs", part("7.1e", "7"), r"settings"),
        Scene("runs-note", ("n",), r"note", "runs"),
        Scene("runs-tags", ("Escape", "t"), r"Tags", "runs-note"),
        Scene("runs-marked", ("Escape", " "), r"marked", "runs-tags"),
        Scene(
            "compare",
            (*part("5c", "7", "see:settings"), " ", "c", "see:against|differ"),
            r"metric|value",
            "runs-marked",
        ),
        Scene("compare-end", ("End", "see:Pairs on", "End"), r"McNemar", "compare"),
        Scene("compare-score", ("Home", "v"), r"next curve", "compare"),
        Scene("answer", part("1d", "6", "see:write"), r"o note"),
        Scene("answer-note", ("o",), r"hide note", "answer"),
        Scene("answer-evidence", part("6g", "6", "see:write"), r"Evidence|o note"),
        Scene("answer-editor", part("1d", "6", "see:write", "Enter", "see:done"), r"esc done"),
        Scene("answer-only", part("6e", "1"), r"to answer"),
        Scene("answer-runs", part("2a", "6", "see:write"), r"Evidence|No numbers|note"),
        Scene("data", (*part("7.1e"), "d"), r"Data of this session"),
        Scene("data-error", ("C-u", "type:/nowhere", "Enter"), r"/nowhere .*|no folder", "data"),
        Scene("finished", part("5a", "r"), r"finished with these settings"),
        Scene("plan", (*_LAB, "A"), r"to run"),
        Scene("inside", part("7.1a", "i"), r"ReLU|filters|scores \d"),
        Scene("inside-layer", ("3", "Tab", "Tab"), r"convolution 2|says 3", "inside"),
        Scene("inside-drawn", ("c", " ", "Right", "Right", "Right", "Down", "Down", "Down"), r"pen", "inside-layer"),
        Scene("inside-epoch", ("E",), r"epoch", "inside-drawn"),
        Scene("machine", (*_LAB, "F3"), r"memory"),
        Scene("log", ("F4",), r"\d\d:\d\d"),
        Scene("log-find", ("/", "type:val"), r"find: val", "log"),
        Scene("log-warnings", ("Escape", "w"), r"all messages", "log-find"),
        Scene("settings", ("F5",), r"theme"),
        Scene("settings-find", ("/", "type:pal"), r"find: pal", "settings"),
        Scene("settings-edit", ("Enter", "gone:find:", "Enter"), r"cancel", "settings-find"),
        Scene("settings-error", ("C-u", "type:x", "Enter"), r"cannot be|takes", "settings-edit"),
        Scene("settings-of-session", (*_LAB, "F5", "see:theme", "Home", "Down", "Down", "s"), r"s mine"),
        Scene("report", (*_LAB, "F6"), r"missing|lacks|Nothing"),
        Scene("report-preview", ("p",), r"next section", "report"),
        Scene("help", (*_LAB, "?"), r"Everywhere|List of steps|ctrl"),
        Scene("help-panel", (*part("7.1e", "7", "see:settings"), "?"), r"Every run of"),
        Scene("help-run", (*part("7.1b", "3", "see:smooth"), "?"), r"curves over"),
        Scene(
            "help-map",
            (*part("11c", "4", r"see:\[\w"), "to:(↵|nter) tracks", "Enter", "see:map 1 of", "?"),
            r"Pick the nearest",
        ),
        Scene("palette", (*_LAB, "C-p"), r"Search"),
        Scene("palette-typed", ("type:compare", "see:Compare the"), r"Compare the marked", "palette"),
        Scene("palette-nothing", ("type:zzz",), r"Nothing of this name", "palette-typed"),
        Scene(
            "command",
            ("Escape", "Escape", "C-p", "type:doctor", "see:octor", "Enter"),
            r"torch|ython",
            "palette-nothing",
        ),
        Scene("find", (*_LAB, "/", "type:mel"), r"find: mel"),
        Scene("find-nothing", ("type:zz",), r"not there", "find"),
        Scene("smallest", (*part("7.1e", "4"), "size:60x15"), r"7.1"),
        Scene("too-small", ("size:59x14",), r"too small", "smallest"),
    ),
    STATES: (
        Scene("states", (*_LAB, "Home"), r"running"),
        Scene("start-states", ("F2",), r"running"),
        Scene("live-brief", part("5d", "1"), r"goes on|Press 3"),
        Scene("live", part("5d", "3"), r"val macro|epoch"),
        Scene("live-scores", ("v",), r"v rate curve", "live"),
        Scene("live-rate", ("l",), r"Peak learning", "live-scores"),
        Scene("live-rate-error", ("type:fast", "Enter"), r"cannot be", "live-rate"),
        Scene("live-result", part("5d", "4"), r"follow it"),
        Scene("live-runs", part("5d", "7"), r"settings"),
        Scene("paused", part("5d", "3", "see:p pause", "p", "see:p go on"), r"p lets it"),
        Scene("going-on", ("p",), r"p pause", "paused"),
        Scene("queued", part("5e", "3"), r"queued|turn"),
        Scene("queued-brief", ("1",), r"queued|turn", "queued"),
        Scene("interrupted", part("5c", "3"), r"interrupted"),
        Scene("interrupted-brief", ("1",), r"resume", "interrupted"),
        Scene("run-pinned", (*part("5a", "7", "see:settings"), "b"), r"It is the baseline"),
        Scene("run-unpinned", ("b",), r"no baseline", "run-pinned"),
        Scene("run-deleted", ("x",), r"in the trash", "run-unpinned"),
        Scene("run-restored", ("u",), r"is back", "run-deleted"),
        Scene("compare-alone", (" ", "gone:is back", " ", "c"), r"nothing to compare", "run-restored"),
        Scene("log-states", (*_LAB, "F4"), r"\d\d:\d\d"),
        Scene("machine-queue", (*_LAB, "F3"), r"memory"),
    ),
    EMPTY: (
        Scene("empty", (*_LAB, "Home"), r"next"),
        Scene("empty-brief", part("7.1e", "1"), r"Press|builds on"),
        Scene("empty-run", ("3",), r"Nothing has run"),
        Scene("empty-result", ("4",), r"no result"),
        Scene("empty-log", ("5",), r"no messages"),
        Scene("empty-runs", ("7",), r"no runs"),
        Scene("empty-answer", part("7.1a", "6", "see:write"), r"No answer|No numbers"),
        Scene("answer-typed", ("Enter", "see:done", "type:A first line."), r"· saved", "empty-answer"),
        Scene(
            "answer-twice",
            ("type: Mine.", "cli:answer 7.1a --replace --text Another."),
            r"take theirs|keep mine",
            "answer-typed",
        ),
        Scene("answer-chosen", ("C-t",), r"Another[.]", "answer-twice"),
        Scene("answer-written", ("Escape", "see:↵ write|Enter write|write"), r"saved .*ago", "answer-chosen"),
        Scene("empty-builds-on", (*part("11c"), "r"), r"to run|builds on"),
        Scene("empty-session-log", (*_LAB, "F4"), r"No run"),
        Scene("empty-report", ("F6",), r"missing|lacks"),
        Scene("report-built", ("w", "see:Built"), r"Built: ", "empty-report"),
        Scene("empty-inside", part("7.1a", "i"), r"train"),
        Scene("empty-start", ("Escape", "F2", "see:import a session"), r"seed +\d"),
    ),
    BROKEN: (
        Scene("failed", part("1b", "r", "see:Starting|taken up|running"), r"1\S* failed[.]"),
        Scene("failed-brief", ("1",), r"try again", "failed"),
        Scene("failed-log", ("5",), r"worker"),
        Scene("failed-runs", ("7",), r"settings"),
        Scene("failed-log-of-session", (*_LAB, "F4", "w"), r"all messages"),
    ),
    GONE: (
        Scene("no-data", (*_LAB, "Home"), r"folder not there"),
        Scene("no-data-brief", part("1b", "1"), r"not there|missing|Press d"),
        Scene("no-data-error", ("r",), r"! "),
    ),
    FIRST: (
        Scene("first", (), r"demo"),
        Scene("first-demo", ("d",), r"[1-9][.]\d s so far"),
        Scene("first-left", ("Escape",), r"d demo", "first-demo"),
    ),
}
