"""What the captures of the app go through, and that taking them leaves the pictured session as it is."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from workbench.store.sessions import Sessions
from workbench.tui import drafts

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(PICTURES))
    import screens as module

    yield module
    for name in ("screens", "scenes", "stage", "window"):
        sys.modules.pop(name, None)


def test_scenes_have_names_of_their_own_and_begin_where_an_earlier_one_ends(screens: ModuleType) -> None:
    names: list[str] = []
    for scenes in screens.SCENES.values():
        leads: dict[str, set[str]] = {}
        for scene in scenes:
            assert not scene.after or scene.after in leads, scene.name
            leads[scene.name] = leads.get(scene.after, set()) | {scene.after}
            # What stands between the two must not have led away.
            seen = list(leads)
            between = seen[seen.index(scene.after) + 1 : -1] if scene.after else []
            assert all(scene.after in leads[one] for one in between), scene.name
        names += leads
    assert len(set(names)) == len(names)


def test_what_scenes_wait_for_are_patterns_and_no_screen_can_be_empty_of_them(screens: ModuleType) -> None:
    for scenes in screens.SCENES.values():
        for scene in scenes:
            waited = [key.partition(":")[2] for key in scene.keys if key[:4] in ("see:", "gone", "to:\\", "to:(")]
            for pattern in (scene.until, *filter(None, waited)):
                assert not re.search(pattern, ""), f"{scene.name}: {pattern!r} is on every screen"


def test_a_scene_that_is_asked_for_brings_those_that_lead_to_it(screens: ModuleType) -> None:
    found = [scene.name for scene in screens.chosen(screens.SCENES["full"], ["parameter-changed"])]
    assert found == ["parameters", "parameters-find", "parameter-edit", "parameter-error", "parameter-changed"]


def test_a_size_is_columns_and_lines(screens: ModuleType) -> None:
    assert screens.columns_and_lines("200x60") == (200, 60)
    with pytest.raises(argparse.ArgumentTypeError, match="wide"):
        screens.columns_and_lines("wide")


def test_the_pictured_session_stays_as_it_is(
    screens: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "sessions"))
    sessions = Sessions(tmp_path / "sessions")
    sessions.create("other")
    session = sessions.create("mine")
    session.create_run({"part": "1α", "parameters": {}})
    drafts.save_drafts(session, {"1α": {}})
    before = {path: path.stat().st_mtime_ns for path in session.folder.rglob("*")}
    with screens.own_view("mine") as places:
        seen = Sessions(Path(places["WORKBENCH_SESSIONS_DIR"]))
        assert sorted(entry.name for entry in seen.entries()) == ["mine", "other"]
        view = seen.open("mine")
        assert [run.id for run in view.runs()] == [run.id for run in session.runs()]
        drafts.save_drafts(view, {"5γ": {"epochs": 2}})
    assert {path: path.stat().st_mtime_ns for path in session.folder.rglob("*")} == before
