"""Where things are kept, with and without a home folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.store import places
from workbench.store.errors import StorageError

VARIABLES = [
    *(f"WORKBENCH_{kind}_DIR" for kind in ("CONFIG", "CACHE", "STATE", "SESSIONS")),
    *("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return home


def test_places_lie_under_the_home_folder(home: Path) -> None:
    assert places.config_dir() == home / ".config" / "workbench"
    assert places.cache_dir() == home / ".cache" / "workbench"
    assert places.state_dir() == home / ".local" / "state" / "workbench"
    assert places.notice() == ""


def test_the_desktops_variables_and_our_own_go_first(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert places.cache_dir() == tmp_path / "caches" / "workbench"
    assert places.state_dir() == home / ".local" / "state" / "workbench"
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(tmp_path / "mine"))
    assert places.cache_dir() == tmp_path / "mine"
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", "~/mine")
    assert places.cache_dir() == home / "mine"


@pytest.mark.parametrize("value", ["/nonexistent-file/home", "/", "file"])
def test_without_a_usable_home_a_temporary_folder_is_used_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a home should be")
    monkeypatch.setenv("HOME", "/" if value == "/" else str(blocked / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked / "state"))
    temporary = tmp_path / f"workbench-{os.getuid()}"
    assert places.state_dir() == temporary / "state"
    assert places.default_sessions_dir().is_absolute()
    assert str(temporary) in places.notice()
    assert "WORKBENCH_STATE_DIR" in places.notice()


def test_a_temporary_folder_that_others_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/")
    folder = tmp_path / f"workbench-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StorageError, match=r"can be written to by others.*HOME"):
        places.state_dir()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="belongs to somebody else"):
        places.state_dir()


def test_sessions_lie_where_they_are_told_or_in_the_checkout_or_in_the_state(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "__file__", str(tmp_path / "checkout" / "workbench" / "store" / "places.py"))
    state = home / ".local" / "state" / "workbench" / "sessions"
    assert places.default_sessions_dir() == state
    (tmp_path / "checkout" / "sessions").mkdir(parents=True)
    assert places.default_sessions_dir() == state
    (tmp_path / "checkout" / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert places.default_sessions_dir() == state
    (tmp_path / "checkout" / "pyproject.toml").write_text('[project]\nname = "lab-workbench"\n')
    assert places.default_sessions_dir() == tmp_path / "checkout" / "sessions"
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "told"))
    assert places.default_sessions_dir() == tmp_path / "told"
