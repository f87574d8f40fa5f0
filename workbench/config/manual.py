"""The page ``docs/settings.md``, written from the settings' data."""

from __future__ import annotations

from workbench.config.settings import SETTINGS, Setting

_HEAD = """\
# Settings

Written from the settings' data (`workbench/config/settings.py`) by `make docs`; a test holds it to that.

The command line wins over the environment, that over the session, that over the user's file, that over the default.
`config show` tells for every setting which value counts and where it comes from, `config set NAME VALUE` and
`config unset NAME` change the user's file, with `--in-session` the session's.

The files are TOML: `config.toml` in `$WORKBENCH_CONFIG_DIR`, else `$XDG_CONFIG_HOME/workbench`, else
`~/.config/workbench`; and `config.toml` in the session's folder. What `session.json` has (device, language, seed)
stands there alone. A key that is no setting is named with those that look like it, and the rest counts; so is a
variable that begins like these and is none of them, by `config` and `doctor`. A parameter of parts, such as `epochs`,
`precision` or `threads`, is no setting: it is given with the run ([parts.md](parts.md)), and the refusal says how. A
value that a setting cannot have is refused with file, line and a way out; one of a variable by the commands that use
the setting. `config` and `help` work all the same: `config show` names what is refused, and `config set` or `config
unset` mends a file.

Keys of your own stand in the user's file, in the table `[keys]`: an action and its keys, as in `run.start = "x"` or
`app.system = "f10,ctrl+s"`. An action or a key that there is not is named with those that look like it, and a key that
another action has in the same place is refused; the app does not open then. All actions are in [keys.md](keys.md).

| setting | default | takes | flag | variable | of a session | |
|---|---|---|---|---|---|---|
"""


def settings_page() -> str:
    """Return the reference of all settings in Markdown."""
    return _HEAD + "".join(_row(setting) for setting in SETTINGS)


def _row(setting: Setting) -> str:
    parameter = setting.parameter
    default = str(parameter.default).lower() if isinstance(parameter.default, bool) else str(parameter.default)
    flag = f"`{setting.flag}`" if setting.flag else ""
    cells = (
        f"`{setting.name}`",
        f"`{default}`" if default else "",
        parameter.range_text,
        flag,
        f"`{setting.variable}`",
        "yes" if setting.of_session else "",
        parameter.help.en,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    print(settings_page(), end="")
