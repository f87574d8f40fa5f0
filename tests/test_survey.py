"""What `data info` tells of a set: counts, levels, the same recording twice, emotion values."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from data_sets import CLASSES, make_genre_set

from labsteps.data.layout import check
from labsteps.errors import DataError
from labsteps.steps.survey import survey
from workbench.cli import main


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_genre_set(tmp_path / "set", clips_per_class=4, test_per_class=2, multitask_clips=(6, 2))


def arrays(root: Path, split: str = "train") -> list[Path]:
    return sorted((root / "fma_genre_spectrograms" / split).glob("*.npy"))


def test_parts_genres_and_shared_tracks_are_counted(root: Path) -> None:
    found = survey(root)
    parts = {row[0]: row[1] for row in found.tables["parts"].rows}
    assert parts["fma_genre_spectrograms/train"] == 16 and parts["multitask_dataset/test"] == 2
    assert found.values["files"].number == 2 * (16 + 8 + 6 + 2)
    assert {row[0]: row[3:] for row in found.tables["merge"].rows} == dict.fromkeys(CLASSES, (4, 2))
    shared = sum(len(pair.ids) for pair in check(root).shared)
    assert found.values["shared"].number == shared > 0 and found.values["duplicates"].number == 0
    assert "duplicates" not in found.tables


def test_levels_are_those_of_the_files(root: Path) -> None:
    row = next(row for row in survey(root).tables["levels"].rows if row[0] == "genre train")
    levels = {int(path.name.partition(".")[0]): np.load(path)[:128].mean() for path in arrays(root)}
    assert row[1:4] == pytest.approx(np.quantile(list(levels.values()), (0, 0.5, 1)), abs=1e-4)
    assert row[4] == min(levels, key=levels.__getitem__)


def test_one_recording_under_two_ids_is_found(root: Path) -> None:
    first, second, *_ = arrays(root)
    [tested, *_] = arrays(root, "test")
    last = arrays(root)[-1]
    shutil.copyfile(first, second)
    shutil.copyfile(last, tested)
    found = survey(root)
    assert found.values["duplicates"].number == 2
    verdicts = {row[0]: row[2] for row in found.tables["duplicates"].rows}
    assert "a test track is heard in training" in verdicts.values()
    ids = sorted(int(path.name.partition(".")[0]) for path in (first, second))
    assert verdicts[", ".join(map(str, ids))] in ("counted more than once", "with different genres")


def test_every_clip_is_in_one_bar(root: Path) -> None:
    found = survey(root)
    for name in ("lengths", "levels"):
        series = {one.name: sum(n or 0 for n in one.y) for one in found.figures[name].series}  # type: ignore[union-attr]
        assert series["genre train"] == 16 and series["emotion test"] == 2
    assert [row[1] for row in found.tables["emotion"].rows] == [6, 6, 6]


def test_without_reading_the_values_there_are_counts_alone(root: Path) -> None:
    found = survey(root, deep=False)
    assert "levels" not in found.tables and "duplicates" not in found.values and "parts" in found.tables


def test_genres_alone_and_beats_alone_are_sets_too(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "set", clips_per_class=2, test_per_class=1, multitask=False)
    shutil.rmtree(root / "fma_genre_spectrograms")
    found = survey(root)
    assert found.values["shared"].number is None and "emotion" not in found.tables
    assert found.figures["lengths"].x_axis.unit == "beats"  # type: ignore[union-attr]


def test_a_set_that_is_not_whole_is_refused(root: Path) -> None:
    arrays(root)[0].write_bytes(b"")
    with pytest.raises(DataError, match="data check"):
        survey(root)


def test_the_command_prints_tables_and_one_object(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "info", str(root)]) == 0
    shown = capsys.readouterr().out
    assert "Parts of the set" in shown and "Lengths of the clips" in shown and "too little space" not in shown
    assert main(["data", "info", str(root), "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["values"]["duplicates"] == 0 and told["data_root"] == str(root)
    assert main(["data", "info", str(root), "--lang", "el"]) == 0
    assert "Τα μέρη του συνόλου" in capsys.readouterr().out
    assert main(["data", "info", "/nowhere/at/all"]) == 3
