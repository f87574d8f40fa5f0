"""What settings there are, as data: the command line, ``config show``, the documentation and completion follow.

A parameter of a part is none of them: it belongs to a run, and is given with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from labsteps.context import ParameterValue
from labsteps.errors import UsageError
from labsteps.parameter import Parameter, shortened
from labsteps.text import Text


class ConfigError(UsageError):
    """A setting that there is not, or a value that it cannot have."""


class Counts(StrEnum):
    """From when on a change counts, for the app that is open."""

    AT_ONCE = "at once"
    START = "when the workbench starts next"
    SESSIONS = "for sessions made from now on"
    RUNS = "for runs that end from now on"
    COMMANDS = "for commands; the app does it anyway"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting.

    Attributes
    ----------
    parameter
        Its name, default, range and help.
    variable
        The environment variable.
    flag
        The flag of the command line, empty where there is none.
    of_session
        Whether a session can have its own: in ``session.json`` where that has a member of the setting's name, else in
        the session's ``config.toml``.
    unset
        Value of the session's that stands for "not chosen".
    counts
        From when on a change counts, where the app is open.
    folder
        Whether the value is a folder.
    """

    parameter: Parameter
    variable: str
    flag: str = ""
    of_session: bool = False
    unset: ParameterValue | None = None
    counts: Counts = Counts.AT_ONCE
    folder: bool = False

    @property
    def name(self) -> str:
        """The name in a file."""
        return self.parameter.name

    @property
    def option(self) -> str:
        """Attribute of the options of the command line."""
        return self.flag.removeprefix("--").replace("-", "_")


def _switch(
    name: str, english: str, greek: str, *, of_session: bool = False, counts: Counts = Counts.AT_ONCE
) -> Setting:
    parameter = Parameter(name, False, Text(english, greek))
    flag = f"--{name.replace('_', '-')}"
    return Setting(parameter, f"WORKBENCH_{name.upper()}", flag, of_session, counts=counts)


def _folder(name: str, english: str, greek: str, flag: str = "", counts: Counts = Counts.START) -> Setting:
    variable = f"WORKBENCH_{name.upper()}"
    return Setting(Parameter(name, "", Text(english, greek)), variable, flag, counts=counts, folder=True)


DEVICE = Setting(
    Parameter("device", "auto", Text("device of the runs: auto, cpu, cuda:0 …", "συσκευή: auto, cpu, cuda:0 …")),
    "WORKBENCH_DEVICE",
    "--device",
    of_session=True,
    unset="auto",
)
LANGUAGE = Setting(
    Parameter(
        "language",
        "auto",
        Text(
            "language of titles, questions and notes; auto = that of the locale",
            "γλώσσα τίτλων, ερωτήσεων και σημειώσεων· auto = του locale",
        ),
        choices=("auto", "en", "el"),
    ),
    "WORKBENCH_LANGUAGE",
    "--lang",
    of_session=True,
    unset="auto",
)
SEED = Setting(
    Parameter(
        "seed",
        0,
        Text(
            "seed of new sessions; a session's own counts for its runs",
            "seed νέων συνεδριών· κάθε συνεδρία έχει το δικό της για τις εκτελέσεις",
        ),
        0,
        2**31 - 1,
    ),
    "WORKBENCH_SEED",
    "--seed",
    of_session=True,
    counts=Counts.SESSIONS,
)

DATA = _folder(
    "data", "data folder of new sessions; empty = the demo set", "δεδομένα νέων συνεδριών", "--data", Counts.SESSIONS
)

SETTINGS: tuple[Setting, ...] = (
    Setting(
        Parameter("session", "", Text("session to open; empty = the last one", "συνεδρία· κενό = η τελευταία")),
        "WORKBENCH_SESSION",
        "--session",
        counts=Counts.START,
    ),
    DATA,
    DEVICE,
    LANGUAGE,
    SEED,
    _switch(
        "with_prerequisites",
        "run first what a part builds on",
        "πρώτα όσα χρειάζεται ένα μέρος",
        of_session=True,
        counts=Counts.COMMANDS,
    ),
    _switch("watch", "draw the curve while a run goes on", "σχεδίαση της καμπύλης όσο τρέχει", counts=Counts.COMMANDS),
    _switch(
        "quiet",
        "no narration on stderr, only what went wrong",
        "χωρίς αφήγηση στο stderr, μόνο ό,τι πήγε στραβά",
        counts=Counts.COMMANDS,
    ),
    _switch(
        "tensorboard",
        "write TensorBoard event files beside each run that ends",
        "αρχεία TensorBoard δίπλα σε κάθε εκτέλεση που τελειώνει",
        of_session=True,
        counts=Counts.RUNS,
    ),
    Setting(
        Parameter(
            "theme",
            "auto",
            Text("colours of the app; auto = by the terminal", "χρώματα της εφαρμογής· auto = από το τερματικό"),
            choices=("auto", "dark", "light", "ansi-dark", "ansi-light", "contrast-dark", "contrast-light"),
        ),
        "WORKBENCH_THEME",
    ),
    Setting(
        Parameter(
            "palette",
            "magma",
            Text("colours of spectrograms", "χρώματα των φασματογραφημάτων"),
            choices=("magma", "viridis", "cividis", "grey"),
        ),
        "WORKBENCH_PALETTE",
    ),
    Setting(
        Parameter("mouse", True, Text("let the app use the mouse", "χρήση του ποντικιού στην εφαρμογή")),
        "WORKBENCH_MOUSE",
    ),
    Setting(
        Parameter(
            "pictures",
            "auto",
            Text(
                "how v shows a figure as a picture; auto = as the terminal says",
                "πώς δείχνει το v ένα διάγραμμα ως εικόνα· auto = ό,τι λέει το τερματικό",
            ),
            choices=("auto", "kitty", "sixel", "off"),
        ),
        "WORKBENCH_PICTURES",
    ),
    _switch(
        "low_bandwidth",
        "draw the app seldom, for a slow connection",
        "σπάνια σχεδίαση της εφαρμογής, για αργή σύνδεση",
    ),
    _switch(
        "plain",
        "the prompt in plain lines in place of the app, for screen readers and logs",
        "απλές γραμμές αντί για την εφαρμογή, για αναγνώστες οθόνης και αρχεία",
        counts=Counts.START,
    ),
    _folder("sessions_dir", "folder of the saved sessions", "φάκελος των συνεδριών", "--sessions-dir"),
    _folder("cache_dir", "folder of what can be made again", "φάκελος όσων ξαναφτιάχνονται"),
    _folder("state_dir", "folder of what should be kept", "φάκελος όσων πρέπει να μείνουν"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
PLACES = ("sessions_dir", "cache_dir", "state_dir")


def setting(name: str, value: str = "") -> Setting:
    """Return the setting of a name.

    Parameters
    ----------
    value
        What it is to be, for the message where there is none.

    Raises
    ------
    ConfigError
        If there is none; with names that look alike, or how to give what is a parameter of parts.
    """
    found = BY_NAME.get(name.strip().replace("-", "_"))
    if found is None:
        from workbench.config.pointers import hint_for_setting  # with the catalogue, for what is refused alone

        raise ConfigError(f"There is no setting {shortened(name)!r}. {hint_for_setting(name, value)}")
    return found
