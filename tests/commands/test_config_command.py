"""Settings: where a value comes from, what wins, and what a file may hold."""

from __future__ import annotations

import argparse
import os
import threading
import time
from pathlib import Path

import pytest
from commands.command_tools import ROOT, workbench

from workbench.cli import main
from workbench.config import Layer, configured, files, find
from workbench.config.files import read_user, session_file, user_file, write_setting
from workbench.config.manual import settings_page
from workbench.config.resolve import apply_to_process
from workbench.config.settings import SETTINGS, ConfigError, setting
from workbench.store.atomic import write_file
from workbench.store.session import Session
from workbench.store.sessions import Sessions


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("one")


def write_user(text: str) -> None:
    user_file().parent.mkdir(parents=True, exist_ok=True)
    user_file().write_text(text)


def test_the_command_line_wins_then_environment_session_user_and_default(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = argparse.Namespace(tensorboard=True)
    write_user("tensorboard = true\n")
    session_file(session).write_text("tensorboard = false\n")
    monkeypatch.setenv("WORKBENCH_TENSORBOARD", "yes")
    order = []
    for undo in (
        lambda: setattr(options, "tensorboard", False),
        lambda: monkeypatch.delenv("WORKBENCH_TENSORBOARD"),
        lambda: session_file(session).unlink(),
        lambda: user_file().unlink(),
        lambda: None,
    ):
        found = find("tensorboard", options, session)
        order.append((found.layer, found.value))
        undo()
    assert order == [
        (Layer.COMMAND_LINE, True),
        (Layer.ENVIRONMENT, True),
        (Layer.SESSION, False),
        (Layer.USER, True),
        (Layer.DEFAULT, False),
    ]


def test_a_session_without_a_device_of_its_own_takes_the_users(session: Session) -> None:
    write_user('device = "cpu"\n')
    assert find("device", None, session).layer is Layer.USER
    session.update(device="cuda:0")
    assert (find("device", None, session).value, find("device", None, session).layer) == ("cuda:0", Layer.SESSION)


def test_every_setting_has_a_variable_of_its_own_and_a_default_that_it_can_have() -> None:
    assert len({one.variable for one in SETTINGS}) == len({one.name for one in SETTINGS}) == len(SETTINGS)
    for one in SETTINGS:
        assert one.parameter.check(one.parameter.default) == one.parameter.default
        assert one.parameter.help.en != one.parameter.help.el


def test_the_page_of_settings_is_what_the_data_say() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page(), "run: make docs"


def test_unknown_keys_are_named_with_near_ones_and_the_rest_counts(session: Session) -> None:
    write_user("devise = 'cpu'\nquiet = true\n[table]\nx = 1\n")
    assert next((one.key, one.hint) for one in read_user().unknown) == ("devise", "Did you mean device?")
    assert configured("quiet") is True
    done = workbench("steps")
    assert done.code == 0
    assert "warning" in done.err and "devise is no setting here. Did you mean device?" in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [("device = ", "is not TOML"), ("quiet = 1", "quiet cannot be 1"), ("seed = -4", "seed cannot be -4")],
)
def test_a_value_that_cannot_be_is_refused_with_the_files_name(text: str, said: str) -> None:
    write_user(text)
    with pytest.raises(ConfigError, match=said) as refused:
        configured("device"), configured("quiet"), configured("seed")
    assert str(user_file()) in str(refused.value)
    done = workbench("steps")
    assert done.code == 2 and said in done.err and "Traceback" not in done.err


@pytest.mark.parametrize(
    "text", ['quiet = true\ntheme = "drak"\n', "quiet = true\ntheme = drak\n", "quiet = true\ntheme = [\n"]
)
@pytest.mark.parametrize("mend", [["set", "theme", "dark"], ["unset", "theme"]])
def test_a_broken_file_can_be_looked_at_and_mended_by_command(
    text: str, mend: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_user(text)
    assert main(["steps"]) == 2
    assert str(user_file()) in capsys.readouterr().err
    for words in (["help"], ["help", "steps"], ["config"], ["config", "show", "theme"]):
        assert main(words) == 0, words
    assert f"refused: {user_file()}" in capsys.readouterr().out
    assert main(["config", *mend]) == 0
    assert main(["steps"]) == 0
    assert configured("quiet") is True
    assert configured("theme") == ("dark" if mend[0] == "set" else "auto")


def test_a_value_that_cannot_be_is_told_with_its_line_and_the_way_out() -> None:
    write_user('# mine\nquiet = true\ntheme = "drak"\n')
    with pytest.raises(ConfigError, match=r"line 3: theme cannot be 'drak'.*config set theme VALUE, or config unset"):
        configured("quiet")


def test_setting_one_keeps_comments_and_other_lines() -> None:
    write_user("# mine\nquiet = true # always\n\n[later]\nx = 1\n")
    write_setting(user_file(), setting("seed"), 7)
    write_setting(user_file(), setting("quiet"), False)
    assert user_file().read_text() == "# mine\nquiet = false\n\nseed = 7\n[later]\nx = 1\n"
    write_setting(user_file(), setting("seed"), None)
    assert configured("seed") == 0
    write_setting(user_file(), setting("data"), 'a "b"\\\n\x1b\x7fç')
    assert configured("data") == 'a "b"\\\n\x1b\x7fç'


def test_settings_that_several_set_at_once_are_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(2)

    def slowly(path: Path, data: bytes) -> None:
        time.sleep(0.1)  # the other one reads meanwhile, where it may
        write_file(path, data)

    def one(name: str) -> None:
        together.wait()
        write_setting(user_file(), setting(name), True)

    monkeypatch.setattr(files, "write_file", slowly)
    threads = [threading.Thread(target=one, args=(name,)) for name in ("quiet", "watch")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (configured("quiet"), configured("watch")) == (True, True)


def test_what_cannot_be_changed_by_line_is_left_to_an_editor() -> None:
    write_user('data = """\nquiet = true\n"""\nquiet = false\n')
    before = user_file().read_text()
    with pytest.raises(ConfigError, match="only an editor"):
        write_setting(user_file(), setting("quiet"), True)
    assert user_file().read_text() == before


def test_places_of_the_users_file_hold_for_the_processes_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_CACHE_DIR")
    write_user(f"cache_dir = '{tmp_path / 'kept'}'\nsession = 'mine'\n")
    options = argparse.Namespace()
    apply_to_process(options)
    assert os.environ["WORKBENCH_CACHE_DIR"] == str(tmp_path / "kept")
    assert options.session == "mine"
    assert find("session", options).layer is Layer.USER
    assert find("cache_dir").layer is Layer.USER


def test_the_command_shows_sets_and_takes_back(session: Session) -> None:
    assert workbench("config", "set", "lang", "el").code == 2
    assert workbench("config", "set", "language", "el").code == 0
    shown = {one["name"]: one for one in workbench("config", "--json").json["settings"]}
    # The session was made in English; its own counts, and the user's is behind it.
    assert (shown["language"]["value"], shown["language"]["source"]) == ("en", "session")
    assert [one["value"] for one in shown["language"]["behind"]] == ["el", "auto"]
    assert workbench("config", "set", "language", "el", "--in-session").code == 0
    assert session.language == "el"
    assert workbench("config", "set", "tensorboard", "true", "--in-session").code == 0
    assert session_file(session).read_text() == "tensorboard = true\n"
    refused = workbench("config", "set", "theme", "dark", "--in-session", "--lang", "en")
    assert refused.code == 2 and "no setting of a session" in refused.err
    one = workbench("config", "show", "tensorboard", "--lang", "en")
    assert f"session: {session_file(session)}" in one.out
    assert workbench("config", "unset", "tensorboard", "--in-session").code == 0
    assert session_file(session).read_text() == ""
    near = workbench("config", "set", "divice", "cpu", "--lang", "en")
    assert near.code == 2 and "Did you mean device?" in near.err


def test_a_variable_that_cannot_be_is_shown_beside_what_counts_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SEED", "abc")
    done = workbench("config", "show")
    assert done.code == 0 and "refused: WORKBENCH_SEED: seed cannot be 'abc'" in done.out
    [refused] = workbench("config", "show", "--json").json["refused"]
    assert (refused["file"], refused["key"]) == ("", "WORKBENCH_SEED")


def test_names_of_settings_are_shown_in_greek_as_they_are_typed() -> None:
    done = workbench("--lang", "el", "config", "show")
    assert [line.split()[0] for line in done.out.splitlines()[: len(SETTINGS)]] == [one.name for one in SETTINGS]


def test_open_remembers_its_session_and_tells_that_a_setting_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = Sessions(tmp_path / "sessions")
    sessions.create("one")
    sessions.create("two")
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "sessions"))
    monkeypatch.setenv("WORKBENCH_SESSION", "two")
    assert main(["open", "one"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["but two counts: environment: WORKBENCH_SESSION"]
    assert sessions.last() == "one"
    monkeypatch.setenv("WORKBENCH_SESSION", "one")
    assert main(["open", "one"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_one_setting_is_told_of_in_the_language_of_the_session(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_user('language = "el"\n')
    session.update(language="en")
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "sessions"))
    assert main(["config", "show", "theme"]) == 0
    assert setting("theme").parameter.help.en in capsys.readouterr().out
