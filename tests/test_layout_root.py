"""A whole data root: what is in it, all that can be wrong with it, its fingerprint and the table of its classes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from data_sets import make_genre_set, write_array, write_genre_index

from labsteps.data.classes import ClassScheme
from labsteps.data.layout import DataFolder, check, fingerprint, open_split
from labsteps.errors import DataError

GENRE = DataFolder.GENRE_FULL


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_genre_set(tmp_path_factory.mktemp("whole") / "data")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_genre_set(tmp_path / "data", ("Jazz", "Rock"), clips_per_class=3, multitask_clips=(4, 2))


# The whole data root


def test_a_whole_data_set_has_no_problem_and_its_counts_are_right(whole: Path) -> None:
    report = check(whole, deep=True)
    assert (report.problems, report.warnings, report.others) == ((), (), ())
    genre = report.folders[0]
    assert genre.splits["train"].genres == {"Blues": 8, "Jazz": 8, "Metal": 8, "Rock": 8}
    assert genre.splits["test"].clips == 12
    assert genre.splits["train"].size == sum(f.stat().st_size for f in (whole / GENRE / "train").iterdir())
    assert 30 <= genre.splits["train"].shortest <= genre.splits["train"].longest <= 40
    assert [len(shared.ids) for shared in report.shared] == [1, 0, 0, 1]


def test_a_split_has_labels_in_the_order_of_its_index(whole: Path) -> None:
    split = open_split(whole, GENRE, "train")
    rows = [line.split("\t") for line in (whole / GENRE / "train_labels.txt").read_text().splitlines()[1:]]
    assert list(zip(split.ids, split.labels, strict=True)) == [(int(n.split(".")[0]), label) for n, label in rows]
    assert all(np.load(p).shape == (140, t) for p, t in zip(split.paths, split.lengths, strict=True))


def test_multitask_tracks_have_values_and_the_unlabelled_ones_come_by_id(whole: Path) -> None:
    train, test = (open_split(whole, DataFolder.MULTITASK_BEAT, name) for name in ("train", "test"))
    assert train.axes == ("valence", "energy", "danceability")
    assert len(train.values) == len(train) == 24
    assert (test.labels, test.values, list(test.ids)) == ((), (), sorted(test.ids))


def test_compressed_arrays_of_the_older_release_are_read(root: Path) -> None:
    for path in list((root / GENRE / "train").iterdir()):
        write_array(path.with_name(path.name + ".gz"), np.load(path))
        path.unlink()
    assert check(root, deep=True).ok
    assert len(open_split(root, GENRE, "train")) == 6


def test_progress_counts_every_file_and_may_stop_the_check(root: Path) -> None:
    seen: list[tuple[int, int]] = []
    check(root, progress=lambda done, total: seen.append((done, total)))
    n_files = sum(len(files) for _, _, files in os.walk(root)) - 6
    assert seen[-1] == (n_files, n_files)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(root, progress=stop)


def break_everything(root: Path) -> dict[str, str]:
    """Break a file of every kind; return what must be named → a word of what must be said."""
    folder = root / GENRE
    rng = np.random.default_rng(1)
    good = rng.normal(size=(140, 3))
    bad = good.copy()
    bad[7, 2] = np.nan
    arrays = {
        1: good[:, :0],
        2: good[:139],
        3: good[0],
        4: good.astype(np.int64),
        5: good.astype(np.float16),
        6: good.astype(complex),
        8: bad,
        9: np.full((140, 2), 1e300),
        10: good[None],
    }
    for clip, array in arrays.items():
        write_array(folder / "train" / f"{clip}.fused.full.npy", array)
    np.save(folder / "train" / "7.fused.full.npy", np.full((140, 2), None), allow_pickle=True)
    write_array(folder / "train" / "11.fused.full.npy", good)
    whole = (folder / "train" / "11.fused.full.npy").read_bytes()
    (folder / "train" / "11.fused.full.npy").write_bytes(whole[:-100])
    (folder / "train" / "12.fused.full.npy").write_bytes(b"")
    (folder / "train" / "13.fused.full.npy").write_bytes(b"not an array at all, but some text")
    (folder / "train" / "14.fused.full.npy").mkdir()
    (folder / "train" / "15.fused.full.npy").write_bytes(whole + b"tail")
    (folder / "train" / "16.fused.full.npy").symlink_to(root / "nowhere")
    os.mkfifo(folder / "train" / "17.fused.full.npy")
    write_array(folder / "train" / "18.fused.full.npy.gz", good)
    packed = (folder / "train" / "18.fused.full.npy.gz").read_bytes()
    (folder / "train" / "18.fused.full.npy.gz").write_bytes(packed[:-200])
    for split, clips in (("train", [*range(1, 19), 30]), ("test", [30, 31])):
        lines = "".join(f"{clip}.fused.full.npy.gz\tRock\n" for clip in clips)
        if split == "train":
            lines += "30\tRock\nabc\tRock\n../31\tRock\n40\t\n41\tRock\n"
        else:
            lines += "32\tPolka\n"
        (folder / f"{split}_labels.txt").write_text("Id\tGenre\n" + lines)
    for split, clip in (("train", 30), ("test", 30), ("test", 31), ("test", 32)):
        write_array(folder / split / f"{clip}.fused.full.npy", good)
    affect = root / DataFolder.MULTITASK_FULL
    (affect / "train_labels.txt").write_text("Id,valence\n1,0.5\n2,1.5\n3,\n4,much\n1,0.5\n")
    write_array(affect / "train" / "1.fused.full.npy", good)
    for path in (affect / "test").iterdir():
        path.unlink()
    (affect / "test").rmdir()
    (root / DataFolder.MULTITASK_BEAT / "train_labels.txt").unlink()
    train, affected = f"{GENRE}/train_labels.txt", f"{affect.name}/train_labels.txt"
    return {
        **{f"train/{clip}.fused": "shape" for clip in (1, 2, 3, 10)},
        **{f"train/{clip}.fused": "float32 and float64" for clip in (4, 5, 6)},
        "train/7.fused": "Python objects",
        **{f"train/{clip}.fused": "not finite" for clip in (8, 9)},
        "train/11.fused": "truncated",
        "train/12.fused": "empty",
        "train/13.fused": "not a .npy file",
        "train/14.fused": "not a regular file",
        "train/15.fused": "after the end",
        "train/16.fused": "missing",
        "train/17.fused": "not a regular file",
        "train/18.fused": "truncated",
        f"{train}, line 21:": "twice",
        f"{train}, line 22:": "whole number",
        f"{train}, line 23:": "path",
        f"{train}, line 24:": "no genre",
        f"{train}, line 25:": "train/41.fused.full.npy is missing",
        f"{GENRE}/test_labels.txt, line 2:": "in the training clips",
        f"{GENRE}/test_labels.txt, line 4:": "class Polka",
        f"{affected}, line 3:": "outside",
        f"{affected}, line 4:": "empty",
        f"{affected}, line 5:": "not a number",
        f"{affected}, line 6:": "twice",
        f"{affect.name}/test:": "missing",
        f"{DataFolder.MULTITASK_BEAT}/train_labels.txt:": "missing",
    }


def test_everything_wrong_is_named_in_one_go(root: Path) -> None:
    expected = break_everything(root)
    texts = [problem.text(root) for problem in check(root, deep=True).problems]
    for name, words in expected.items():
        hits = [text for text in texts if name in text]
        assert len(hits) == 1, (name, hits)
        assert words in hits[0]
    assert len(texts) == len(expected)


def test_without_reading_the_values_only_those_faults_stay_hidden(root: Path) -> None:
    expected = break_everything(root)
    texts = [problem.text(root) for problem in check(root).problems]
    assert len(texts) == len(expected) - 2
    assert not [text for text in texts if "finite" in text]


def test_opening_a_split_names_all_that_it_needs_and_nothing_else(root: Path) -> None:
    expected = break_everything(root)
    with pytest.raises(DataError, match="22 problems") as caught:
        open_split(root, GENRE, "train")
    assert str(root) in str(caught.value)
    needed = [name for name, words in expected.items() if "train/" in name or f"{GENRE}/train" in name]
    hidden = [name for name, words in expected.items() if words == "not finite"]
    named = [name for name in needed if any(name in text for text in caught.value.problems)]
    assert set(named) == set(needed) - set(hidden)
    assert len(caught.value.problems) == len(named) + 1  # and the track that is in the test clips too
    with pytest.raises(DataError) as caught:
        open_split(root, GENRE, "test")
    assert len(caught.value.problems) == 1  # the shared track; whether a class is trained depends on the scheme


def test_what_is_odd_and_harmless_is_a_warning(root: Path) -> None:
    folder = root / GENRE
    some = sorted((folder / "train").iterdir())[0]
    clip = int(some.name.partition(".")[0])
    (folder / "train" / "notes.txt").write_text("x")
    (folder / "train" / "999999.fused.full.npy").write_bytes(some.read_bytes())
    (folder / "train" / f"{clip}.fused.full.npy.gz").write_bytes(b"")
    (folder / "readme").write_text("x")
    (root / "audio").mkdir()
    beat = root / DataFolder.GENRE_BEAT
    index = beat / "train_labels.txt"
    lines = index.read_text().splitlines()
    dropped = int(lines.pop().partition(".")[0])
    index.write_text("\n".join(lines) + "\n")
    (beat / "train" / f"{dropped}.fused.full.npy").unlink()
    for path in sorted((root / DataFolder.MULTITASK_BEAT).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (root / DataFolder.MULTITASK_BEAT).rmdir()
    report = check(root)
    texts = "\n".join(warning.text(root) for warning in report.warnings)
    assert report.ok
    for words in (
        "notes.txt",
        "999999",
        f"{clip}.fused.full.npy.gz",
        "readme",
        f"track {dropped}",
        "multitask_dataset_beat",
    ):
        assert words in texts
    assert len(report.warnings) == 6
    assert report.others == ("audio",)


def test_a_label_that_differs_between_twins_is_a_warning(root: Path) -> None:
    index = root / DataFolder.GENRE_BEAT / "test_labels.txt"
    index.write_text(index.read_text().replace("Jazz", "Rock", 1))
    (warning,) = check(root).warnings
    assert "labelled otherwise" in warning.message
    assert warning.line is not None


def test_whether_a_test_class_is_trained_is_decided_after_the_merge(root: Path) -> None:
    index = root / GENRE / "test_labels.txt"
    index.write_text(index.read_text().replace("Jazz", "Psych-Rock", 1).replace("Jazz", "Old-Time", 1))
    assert not [p for p in check(root).problems if "training clip" in p.message]
    raw = {problem.message for problem in check(root, scheme=ClassScheme({})).problems}
    assert raw == {"class Psych-Rock is in no training clip", "class Old-Time is in no training clip"}


@pytest.mark.parametrize("wrong", ["..", GENRE, f"{GENRE}/train", "../.."])
def test_a_root_one_level_off_is_told_the_right_one(root: Path, wrong: str) -> None:
    with pytest.raises(DataError) as caught:
        check(Path(os.path.normpath(root / wrong)))
    if wrong != "../..":
        assert f"{root} looks like the data root" in str(caught.value)
    assert GENRE in str(caught.value)


def test_a_wrong_root_says_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "holiday pictures").mkdir()
    for call in (check, fingerprint):
        with pytest.raises(DataError, match="holiday pictures"):
            call(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        check(tmp_path / "nothing")
    with pytest.raises(DataError, match="holiday pictures"):
        open_split(tmp_path, GENRE, "train")


def test_a_missing_folder_is_named_when_it_is_needed(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", ("Jazz", "Rock"), clips_per_class=2, beat=False, multitask=False)
    assert check(root).ok
    with pytest.raises(DataError, match="multitask_dataset_beat is missing"):
        open_split(root, DataFolder.MULTITASK_BEAT, "train")


# The fingerprint


def test_the_fingerprint_changes_with_any_file_of_the_set(root: Path) -> None:
    def changed() -> bool:
        before, states["last"] = states["last"], fingerprint(root)
        return before != states["last"]

    states = {"last": fingerprint(root)}
    assert not changed()
    clip = sorted((root / GENRE / "train").iterdir())[0]
    os.utime(clip, ns=(1, 1))
    assert changed()
    clip.write_bytes(clip.read_bytes() + b"x")
    os.utime(clip, ns=(1, 1))
    assert changed()
    clip.rename(clip.with_name("123456.fused.full.npy"))
    assert changed()
    index = root / DataFolder.MULTITASK_FULL / "train_labels.txt"
    stat = index.stat()
    index.write_text(index.read_text().replace("0", "1", 1))
    os.utime(index, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert changed()
    (root / "audio").mkdir()
    assert not changed()


def test_the_fingerprint_can_be_that_of_one_split(root: Path) -> None:
    before = fingerprint(root, [GENRE], ["train"])
    (root / GENRE / "test" / "more.txt").write_text("x")
    assert fingerprint(root, [GENRE], ["train"]) == before
    assert fingerprint(root, [GENRE]) != fingerprint(root, [GENRE], ["train"])


# Classes


def test_the_merge_gives_the_ten_classes_in_alphabetical_order() -> None:
    table = {
        "Blues": ["Blues"],
        "Classical": ["Classical"],
        "Electronic": ["Electronic", "Chiptune"],
        "Folk": ["Folk", "Psych-Folk"],
        "Hip-Hop": ["Hip-Hop"],
        "Jazz": ["Jazz"],
        "Metal": ["Metal", "Punk"],
        "Pop": ["Pop"],
        "Rock": ["Rock", "Psych-Rock", "Post-Rock"],
        "Trip-Hop": ["Trip-Hop"],
    }
    dropped = ["Indie-Rock", "Post-Punk", "Soundtrack", "International", "Old-Time"]
    raw = [*dropped, *(genre for genres in reversed(table.values()) for genre in genres)]
    scheme = ClassScheme()
    classes = scheme.classes(raw)
    assert classes == tuple(table)
    assert scheme.encode(dropped, classes).tolist() == [-1] * 5
    for code, genres in enumerate(table.values()):
        assert set(scheme.encode(genres, classes).tolist()) == {code}
    assert scheme.merge("Polka") == "Polka"


def test_a_class_that_training_lacks_is_named() -> None:
    with pytest.raises(DataError, match="Polka"):
        ClassScheme().encode(["Rock", "Polka"], ("Rock",))


@pytest.mark.parametrize(
    ("name", "text"), [("t.json", '{"Ska": "Rock", "Polka": null}'), ("t.toml", 'Ska = "Rock"\nPolka = ""\n')]
)
def test_another_table_comes_from_a_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    scheme = ClassScheme.from_file(tmp_path / name)
    assert [scheme.merge(raw) for raw in ("Ska", "Polka", "Punk")] == ["Rock", None, "Punk"]


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', "{", '{"a": "b", "b": "c"}', '{"a": "b", "b": null}'])
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "table.json").write_text(text)
    with pytest.raises(DataError):
        ClassScheme.from_file(tmp_path / "table.json")


def test_genres_need_not_be_those_of_the_real_set(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", ("Λαϊκά", "Bossa nova"), clips_per_class=2, beat=False, multitask=False)
    assert check(root).ok
    assert ClassScheme().classes(open_split(root, GENRE, "train").labels) == ("Bossa nova", "Λαϊκά")
    write_genre_index(root / GENRE / "test_labels.txt", [])
    assert not check(root).ok
