"""Start the app: look at the terminal and the settings first, then at the screen."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Final

from labsteps.errors import UsageError
from workbench.config.files import read_user
from workbench.config.resolve import switched_on
from workbench.speaking import told
from workbench.store.errors import StoreError
from workbench.tui.bench import Bench, open_bench
from workbench.tui.pace import pace_of
from workbench.tui.taken import mouse_wanted

# Terminals of 24-bit colour that do not say so in their names.
_TRUE_COLOUR: Final = ("xterm-kitty", "xterm-ghostty", "foot", "foot-extra", "alacritty", "wezterm")


class NoTerminalError(UsageError):
    """Standard output is no terminal that can show a full screen."""


def run_app(
    session_name: str | None = None,
    sessions_dir: Path | None = None,
    data_root: Path | None = None,
    device: str | None = None,
    language: str | None = None,
    *,
    low_bandwidth: bool = False,
) -> int:
    """Run the app until the user leaves it.

    Parameters
    ----------
    session_name
        The session to open; made where there is none of this name. By default the last one.
    sessions_dir
        Where sessions are kept.
    data_root
        Folder of the data set.
    device
        ``auto``, ``cpu``, ``cuda:0`` and so on, for the runs that are started here.
    language
        ``en`` or ``el``; the session's when None.
    low_bandwidth
        Whether to draw seldom, for a slow connection.

    Returns
    -------
    int
        0, or 128 and the number of the signal that ended it.

    Raises
    ------
    NoTerminalError
        If a standard stream is no terminal, or one that cannot place text.
    ConfigError
        If the settings cannot be used; the message names file and value.
    DataError, DeviceError, StoreError
        If the folder, the device or the session cannot be used; the screen was not touched then.
    """
    # Textual reads from standard input and draws on standard error.
    terminals = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if not terminals or os.environ.get("TERM", "") in ("", "dumb"):
        raise NoTerminalError("The app needs a terminal. Run a step with: python -m workbench --step ID")
    if os.environ.get("NO_COLOR") == "":
        # An empty variable means nothing by the convention, and no colours to Textual.
        del os.environ["NO_COLOR"]
    if not os.environ.get("COLORTERM") and os.environ["TERM"] in _TRUE_COLOUR:
        # ssh hands TERM on, and not what else told of colours.
        os.environ["COLORTERM"] = "truecolor"
    # What is made until the first picture stays, and to look through it for garbage takes time, then and at every look.
    gc.disable()
    pace = pace_of(os.environ, low_bandwidth=low_bandwidth or switched_on("low_bandwidth"))
    # Textual reads this when it is imported, so nothing of it may have been imported before.
    os.environ.setdefault("TEXTUAL_FPS", str(pace.frames))
    from workbench.tui.app import WorkbenchApp
    from workbench.tui.keymap import keymap

    user = read_user()
    keys = keymap(user.keys, user.path)
    app = WorkbenchApp(open_bench(session_name, sessions_dir, data_root, device, language), pace, keys)
    app.run(mouse=mouse_wanted(os.environ))
    code = app.return_code or 0
    if code == 0:
        for line in app.bench.last_words:
            print(told(line, app.bench.language), file=sys.stderr)
        say_what_goes_on(app.bench)
    return code


def say_what_goes_on(bench: Bench) -> None:
    """Print which runs go on, on the normal screen."""
    if bench.session is None:
        return
    try:
        name = bench.session.name
        live = [str(run.record.get("part", run.id)) for run in bench.session.live_runs()]
    except StoreError as error:
        print(told(str(error), bench.language), file=sys.stderr)
        return
    if live:
        verb = "goes on" if len(live) == 1 else "go on"
        print(told(f"{', '.join(live)} {verb} in session {name}; python -m workbench to see it", bench.language))
