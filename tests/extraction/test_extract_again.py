"""A folder that an extraction was made into before: what comes of it is one data set, never a mixture of two."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labsteps.data.layout import check
from labsteps.errors import DataError, LeftoverError, StopRequestedError
from labsteps.extraction import bulk
from labsteps.extraction.bulk import Recipe
from labsteps.extraction.labels import Lookup, TrackInfo, folder_labels
from labsteps.extraction.making import Plan, Settings, Summary, finish, prepare, run
from workbench.cli import main

HALF = Settings(test_share=0.5)
Rated = Callable[[str], tuple[float, ...] | None]


class TellingGuard:
    """A guard whose arrays hold the number that stands in the audio file."""

    def __init__(self, cache: Path) -> None:
        pass

    def call(self, task: Mapping[str, Any], limit: float) -> dict[str, Any]:
        number = float(Path(task["path"]).read_text())
        ids = [100 * task["id"] + at for at in range(int(number))] if task["several"] else [task["id"]]
        for one in ids:
            for folder in ("full", "beat"):
                np.save(Path(task[folder]) / f"{one}.fused.full.npy", np.full((140, 60), number))
            if number > 9:
                return {"rejected": "silent"}
        return {"done": [{"id": one, "start": 0.0, "frames": 60, "beats": 60} for one in ids]}


@pytest.fixture(autouse=True)
def _no_audio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "Guard", TellingGuard)
    monkeypatch.setattr(bulk, "_own", threading.local())


def music(folder: Path, **numbers: int) -> Path:
    """Make two classes of tracks, each of which sounds like its number."""
    for name, number in numbers.items():
        path = folder / ("Rock" if name.startswith("r") else "Jazz") / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(number))
    return folder


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    return music(tmp_path / "music", r1=1, r2=2, j1=3, j2=4)


def extract(
    audio: Path, out: Path, settings: Settings = HALF, *, labels: Lookup = folder_labels, rated: Rated | None = None,
    replace: bool = False, stop: Callable[[], bool] = lambda: False,
) -> tuple[Plan, Summary]:  # fmt: skip
    plan = prepare(audio, out, labels, settings, replace=replace)
    list(run(plan, audio, out, settings, jobs=1, cache_folder=out, limit=9.0, stop=stop))
    return plan, finish(plan, out, rated)


def content(out: Path) -> dict[str, bytes]:
    """Return what a reader of the set would see."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parent.name != "extraction"
    }


def whole(out: Path) -> bool:
    """Tell whether the set has all that its indexes list, and nothing beside."""
    report = check(out)
    extra = [one for one in report.warnings if "extra file" in one.message]
    return not report.problems and not extra


def test_the_same_audio_goes_on_and_new_tracks_come_in(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    with pytest.raises(StopRequestedError):
        extract(audio, out, stop=lambda: True)
    extract(audio, out)
    music(audio, r3=5)
    plan, summary = extract(audio, out)
    assert summary.complete and summary.clips == 5 and plan.removed == 0 and whole(out)


def test_other_music_of_the_same_names_is_not_taken_for_what_was_heard(audio: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "set", music(tmp_path / "other", r1=5, r2=6, j1=7, j2=8)
    extract(audio, out)
    before = content(out)
    with pytest.raises(LeftoverError, match=r"--replace") as refused:
        extract(other, out)
    assert refused.value.problems == (
        "tracks whose files were altered since: 4 (Jazz/j1.wav, Jazz/j2.wav, Rock/r1.wav, …)",
    )
    assert content(out) == before
    plan, summary = extract(other, out, replace=True)
    extract(other, tmp_path / "new")
    assert content(out) == content(tmp_path / "new") and summary.removed == plan.removed == 8


def test_clips_of_music_that_is_gone_are_refused_or_removed(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    plan, _ = extract(audio, out, rated=lambda file: (0.1, 0.2, 0.3))
    gone = next(track.file for track in plan.tracks if track.split == "test")
    (audio / gone).unlink()
    with pytest.raises(LeftoverError) as refused:
        extract(audio, out)
    assert refused.value.problems == (f"tracks whose files are not there any more, or have no label: 1 ({gone})",)
    _, summary = extract(audio, out, rated=lambda file: (0.1, 0.2, 0.3), replace=True)
    assert summary.clips == summary.affect == 3 and whole(out)
    assert len(list(out.rglob("*.npy"))) == 12


def test_no_set_of_two_extractions_can_be_read_in_between(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    extract(audio, out, rated=lambda file: (0.1, 0.2, 0.3))
    music(audio, r1=7)
    with pytest.raises(StopRequestedError):
        extract(audio, out, replace=True, stop=lambda: True)
    assert not list(out.rglob("*_labels.txt")) and not list(out.glob("multitask*/*/*.npy"))
    _, summary = extract(audio, out)  # what had to go has gone
    assert summary.complete and whole(out) and not list(out.glob("multitask*"))


def test_other_settings_begin_anew_where_that_is_asked_for(audio: Path, tmp_path: Path) -> None:
    out, several = tmp_path / "set", Settings(Recipe(choice="several"), test_share=0.5, seed=3)
    _, summary = extract(audio, out, several)
    assert summary.clips == 10
    with pytest.raises(LeftoverError, match=r"--clips several → start, --seed 3 → 0"):
        extract(audio, out)
    _, summary = extract(audio, out, replace=True)
    extract(audio, tmp_path / "new")
    assert summary.clips == 4 and summary.removed == 20 and content(out) == content(tmp_path / "new")


@pytest.mark.parametrize("name", ["77.fused.full.npy", "77.full.fused.npy.gz"])
def test_what_no_extraction_has_made_is_named_and_stays(audio: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "set"
    extract(audio, out)
    mine = out / "fma_genre_spectrograms/test" / name
    mine.write_bytes(b"mine")
    for replace in (False, True):
        with pytest.raises(DataError, match=rf"extraction: 1 \(fma_genre_spectrograms/test/{name}\); move them away"):
            extract(audio, out, replace=replace)
    assert mine.read_bytes() == b"mine"


def test_corrected_labels_come_into_the_index_and_are_told(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    extract(audio, out)

    def corrected(file: str) -> TrackInfo | None:
        return TrackInfo("Rock") if file == "Jazz/j1.wav" else folder_labels(file)

    plan, _ = extract(audio, out, labels=corrected)
    assert "tracks with another label than before: 1, Jazz/j1.wav for one ('Jazz' → 'Rock')" in plan.warnings
    index = "".join(path.read_text() for path in out.glob("fma_genre_spectrograms/*_labels.txt"))
    assert index.count("Rock") == 3 and index.count("Jazz") == 1


def test_a_track_that_its_table_puts_into_the_other_part_is_not_in_both(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    plan, _ = extract(audio, out)
    [tested] = [track.file for track in plan.tracks if track.split == "test" and track.label == "Rock"]

    def told(file: str) -> TrackInfo | None:
        return TrackInfo("Rock", split="train") if file == tested else folder_labels(file)

    with pytest.raises(LeftoverError) as refused:
        extract(audio, out, labels=told)
    assert refused.value.problems == (f"tracks that labels or artists put into the other part now: 1 ({tested})",)
    extract(audio, out, labels=told, replace=True)
    assert len(list(out.glob("fma_genre_spectrograms/train/*.npy"))) == 3
    assert len(list(out.glob("fma_genre_spectrograms/test/*.npy"))) == 1


def test_only_tracks_that_have_values_now_are_in_the_multitask_set(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    extract(audio, out, rated=lambda file: (0.1, 0.2, 0.3))
    _, summary = extract(audio, out, rated=lambda file: (0.4, 0.5, 0.6) if "Rock" in file else None)
    assert summary.affect == 2 and whole(out)
    assert len(list(out.glob("multitask_dataset/*/*.npy"))) == 2
    assert "0.1" not in (out / "multitask_dataset/train_labels.txt").read_text()
    _, summary = extract(audio, out, rated=lambda file: None)
    assert summary.affect == 0 and not list(out.glob("multitask*"))


def test_an_array_that_is_made_anew_is_made_anew_in_both_folders(
    audio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    out = tmp_path / "set"
    for number in (1, 6):
        music(audio, r1=number)
        extract(audio, out, rated=lambda file: (0.1, 0.2, 0.3), replace=True)
    for path in out.glob("multitask*/*/*.npy"):
        genre = path.parts[-3].replace("multitask_dataset", "fma_genre_spectrograms")
        assert path.read_bytes() == (out / genre / path.parts[-2] / path.name).read_bytes()


def test_the_first_clips_of_a_track_that_was_given_up_do_not_stay(audio: Path, tmp_path: Path) -> None:
    music(audio, r3=12)
    _, summary = extract(audio, tmp_path / "set", Settings(Recipe(choice="several"), test_share=0.5))
    assert summary.complete and len(summary.rejected) == 1 and whole(tmp_path / "set")


def test_a_file_that_was_left_out_is_heard_again_when_it_was_mended(audio: Path, tmp_path: Path) -> None:
    music(audio, r3=12)
    _, before = extract(audio, tmp_path / "set")
    music(audio, r3=5)
    _, after = extract(audio, tmp_path / "set")
    assert (before.clips, len(before.rejected), after.clips, after.rejected) == (4, 1, 5, ())


def test_a_shard_does_not_take_what_another_has_yet_to_make_for_done(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    shards = [Settings(test_share=0.5, shard=number, shards=2) for number in (1, 2)]
    assert [extract(audio, out, one)[1].complete for one in shards] == [False, True]
    for path in audio.rglob("*.wav"):
        path.write_text("9")
    assert [extract(audio, out, one, replace=True)[1].complete for one in shards] == [False, True]
    assert all((np.load(path) == 9).all() for path in out.rglob("*.npy"))


def test_the_command_says_what_is_left_over_and_removes_it_when_told(
    audio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "set"
    words = ["data", "extract", str(audio), "--out", str(out), "--jobs", "1"]
    assert main(words) == 0
    shutil.rmtree(audio / "Jazz")
    assert main([*words, "--lang", "el"]) == 2
    told = capsys.readouterr().err
    assert "έχει δείγματα που αυτή η εξαγωγή δεν θα έφτιαχνε" in told
    assert "κομμάτια που τα αρχεία τους δεν υπάρχουν πια ή δεν έχουν label: 2 (Jazz/j1.wav, Jazz/j2.wav)" in told
    assert main([*words, "--replace"]) == 0
    assert "removed of an earlier extraction: 4 arrays" in capsys.readouterr().err


def later(path: Path) -> None:
    """Give a file another time of change, as a copy has."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**12))


def test_a_copy_of_the_audio_is_the_same_audio(audio: Path, tmp_path: Path) -> None:
    out, copied = tmp_path / "set", tmp_path / "scratch"
    extract(audio, out)
    before = content(out)
    shutil.copytree(audio, copied)
    for path in copied.rglob("*.wav"):
        later(path)
    journal = next((out / "extraction").glob("journal-*"))
    lines = journal.read_bytes()
    _, summary = extract(copied, out)
    assert summary.complete and content(out) == before
    assert journal.read_bytes() == lines  # nothing was heard again


def test_altered_audio_of_the_same_size_is_told_from_a_copy(audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    extract(audio, out)
    (audio / "Rock" / "r1.wav").write_text("5")
    later(audio / "Rock" / "r1.wav")
    later(audio / "Rock" / "r2.wav")
    with pytest.raises(LeftoverError) as refused:
        extract(audio, out)
    assert refused.value.problems == ("tracks whose files were altered since: 1 (Rock/r1.wav)",)
    assert extract(audio, out, replace=True)[1].removed == 2


@pytest.mark.parametrize("blocks", [1, 5, 40, 200])
def test_the_first_and_the_last_block_of_a_track_count_for_its_digest(tmp_path: Path, blocks: int) -> None:
    song = bytes(2**16 * blocks - 7)
    digests = set()
    for place in (None, 0, len(song) - 1):
        path = tmp_path / "song.wav"
        path.write_bytes(song if place is None else song[:place] + b"x" + song[place + 1 :])
        digests.add(bulk._digest(path))
    assert len(digests) == 3
