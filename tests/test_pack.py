"""One memory-mapped array per split, the same to the last bit as the files it was made from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from data_sets import SimpleCache, make_clip, make_genre_set, write_array, write_genre_index
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.data.classes import ClassScheme
from labsteps.data.clip_files import CHROMA, MEL
from labsteps.data.layout import DataFolder, open_split
from labsteps.data.normalise import Normaliser
from labsteps.data.pack import Pack, open_pack, pack, write_pack
from labsteps.errors import DataError, NoRoomError

GENRE = DataFolder.GENRE_FULL


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_genre_set(tmp_path / "data", {"Rock": 5, "Punk": 4, "Jazz": 3, "Old-Time": 2}, multitask_clips=(6, 3))


@pytest.fixture
def cache(tmp_path: Path) -> SimpleCache:
    return SimpleCache(tmp_path / "cache")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    place = tmp_path_factory.mktemp("packed")
    made = make_genre_set(place / "data", {"Rock": 5}, multitask_clips=(2, 2))
    return pack(made, GENRE, "train", SimpleCache(place / "cache"))


@settings(deadline=None, max_examples=25)
@given(
    lengths=st.lists(st.integers(1, 7), min_size=1, max_size=25),
    dtype=st.sampled_from(["<f4", "<f8", ">f8"]),
    ending=st.sampled_from([".npy", ".npy.gz"]),
    seed=st.integers(0, 99),
)
def test_a_pack_is_bit_for_bit_the_files_in_single_precision(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], dtype: str, ending: str, seed: int
) -> None:
    root = tmp_path_factory.mktemp("any")
    folder = root / GENRE
    (folder / "train").mkdir(parents=True)
    rng = np.random.default_rng(seed)
    ids = rng.permutation(1000)[: len(lengths)].tolist()
    arrays = [(rng.normal(size=(140, n)) * 30).astype(dtype) for n in lengths]
    labels = [("Rock", "Λαϊκά", "Jazz")[i % 3] for i in range(len(ids))]
    for clip, array in zip(ids, arrays, strict=True):
        write_array(folder / "train" / f"{clip}.fused.full{ending}", array)
    write_genre_index(folder / "train_labels.txt", list(zip(ids, labels, strict=True)))
    made = pack(root, GENRE, "train", SimpleCache(root / "cache"))
    assert made.ids.tolist() == ids
    assert made.lengths.tolist() == lengths
    assert made.names() == tuple(labels)
    for index, array in enumerate(arrays):
        assert made.clip(index).tobytes() == array.T.astype("<f4").tobytes()
    open_pack(made.folder, verify=True)


def test_affect_values_and_unlabelled_tracks_are_packed(root: Path, cache: SimpleCache) -> None:
    train = pack(root, DataFolder.MULTITASK_BEAT, "train", cache)
    split = open_split(root, DataFolder.MULTITASK_BEAT, "train")
    assert train.axes == ("valence", "energy", "danceability")
    assert train.values is not None
    assert np.array_equal(train.values, np.array(split.values))
    assert train.labels is None
    test = pack(root, DataFolder.MULTITASK_BEAT, "test", cache)
    assert (test.values, test.labels, len(test)) == (None, None, 3)
    with pytest.raises(DataError, match="no genre"):
        test.names()


def test_a_pack_is_built_once_and_again_after_any_change_of_its_source(root: Path, cache: SimpleCache) -> None:
    first = pack(root, GENRE, "train", cache)
    assert pack(root, GENRE, "train", cache).folder == first.folder
    assert cache.builds == 1
    clip = sorted((root / GENRE / "train").iterdir())[0]
    array = np.load(clip)
    array[5] -= 1.0
    before = clip.stat().st_mtime_ns
    write_array(clip, array)
    os.utime(clip, ns=(before + 1, before + 1))
    second = pack(root, GENRE, "train", cache)
    assert cache.builds == 2
    index = second.ids.tolist().index(int(clip.name.partition(".")[0]))
    assert second.clip(index)[0, 5] == first.clip(index)[0, 5] - 1.0
    (root / GENRE / "test" / "more.txt").write_text("x")
    pack(root, GENRE, "train", cache)
    assert cache.builds == 2


def test_one_pack_serves_every_class_scheme(root: Path, cache: SimpleCache) -> None:
    raw = pack(root, GENRE, "train", cache)
    assert raw.classes == ("Jazz", "Old-Time", "Punk", "Rock")
    assert len(raw) == 14
    merged = raw.with_classes(ClassScheme())
    assert merged.classes == ("Jazz", "Metal", "Rock")
    assert merged.labels is not None
    assert np.bincount(merged.labels).tolist() == [3, 4, 5]
    for index in range(len(merged)):
        same = raw.ids.tolist().index(int(merged.ids[index]))
        assert np.array_equal(merged.clip(index), raw.clip(same))
        assert ClassScheme().merge(raw.names()[same]) == merged.names()[index]
    assert cache.builds == 1


def test_test_clips_are_coded_by_the_training_classes(root: Path, cache: SimpleCache) -> None:
    train = pack(root, GENRE, "train", cache).with_classes(ClassScheme())
    test = pack(root, GENRE, "test", cache)
    kept = test.select(np.flatnonzero([name == "Rock" for name in test.names()]))
    assert kept.with_classes(ClassScheme(), train.classes).labels is not None
    assert set(kept.with_classes(ClassScheme(), train.classes).names()) == {"Rock"}
    with pytest.raises(DataError, match=r"fma_genre_spectrograms/test.*Rock"):
        kept.with_classes(ClassScheme(), ("Jazz", "Metal"))


def test_a_selection_keeps_the_order_that_was_asked_for(root: Path, cache: SimpleCache) -> None:
    whole = pack(root, DataFolder.MULTITASK_FULL, "train", cache)
    some = whole.select([4, 0, 4])
    assert some.ids.tolist() == [whole.ids[4], whole.ids[0], whole.ids[4]]
    assert np.array_equal(some.clip(1), whole.clip(0))
    assert some.values is not None and whole.values is not None
    assert np.array_equal(some.values, whole.values[[4, 0, 4]])
    assert len(whole.select([])) == 0


def test_the_rows_are_mel_and_then_chroma(root: Path, cache: SimpleCache) -> None:
    clip = pack(root, GENRE, "train", cache).clip(0)
    assert clip.shape[1] == 140
    assert -80 <= clip[:, MEL].min() <= clip[:, MEL].max() <= 0
    assert 0 <= clip[:, CHROMA].min() <= clip[:, CHROMA].max() <= 1.01


@pytest.mark.parametrize("rows", [MEL, CHROMA, slice(0, 140)])
def test_the_frames_cannot_be_written_to(root: Path, cache: SimpleCache, rows: slice) -> None:
    with pytest.raises(ValueError, match="read-only"):
        pack(root, GENRE, "train", cache).clip(0, rows)[0, 0] = 1.0


@given(ends=st.tuples(st.integers(0, 140), st.integers(0, 140)).map(sorted))
def test_any_rows_of_a_clip_are_those_of_the_whole(packed: Pack, ends: list[int]) -> None:
    rows = slice(*ends)
    if ends[0] < ends[1]:
        assert np.array_equal(packed.clip(2, rows), packed.clip(2)[:, rows])
    assert sum(columns.shape[1] for columns, _ in packed.columns(rows)) == ends[1] - ends[0]


def test_a_clip_of_mel_or_chroma_rows_is_read_where_it_lies_in_one_piece(packed: Pack) -> None:
    for rows, array in ((MEL, packed.mel), (CHROMA, packed.chroma)):
        clip = packed.clip(1, rows)
        assert np.shares_memory(clip, array)
        assert clip.flags.c_contiguous


def test_malformed_files_are_all_named_and_leave_no_pack(root: Path, cache: SimpleCache) -> None:
    files = sorted((root / GENRE / "train").iterdir())
    for path, value in ((files[1], np.nan), (files[4], np.inf), (files[-1], -np.inf)):
        array = np.load(path)
        array[130, -1] = value
        write_array(path, array)
    with pytest.raises(DataError, match="3 unusable files") as caught:
        pack(root, GENRE, "train", cache)
    assert [text.split(":")[0] for text in sorted(caught.value.problems)] == sorted(
        str(path.relative_to(root)) for path in (files[1], files[4], files[-1])
    )
    files[0].write_bytes(b"")
    files[2].unlink()
    with pytest.raises(DataError) as caught:
        pack(root, GENRE, "train", cache)
    assert len(caught.value.problems) == 2
    assert not [path for path in cache.root.iterdir() if path.name.startswith("pack")]


def test_files_that_change_while_they_are_read_are_noticed(root: Path, cache: SimpleCache) -> None:
    victim = sorted((root / GENRE / "train").iterdir())[0]

    def touch(done: int, total: int) -> None:
        os.utime(victim, ns=(done, done))

    with pytest.raises(DataError, match="changed while they were read"):
        pack(root, GENRE, "train", cache, touch)
    split = open_split(root, GENRE, "train")
    write_array(victim, np.zeros((140, 99)))
    (cache.root / "direct").mkdir(parents=True)
    with pytest.raises(DataError, match=r"changed while it was read") as caught:
        write_pack(cache.root / "direct", split, source="x")
    assert victim.name in caught.value.problems[0]


def test_progress_counts_clips_and_may_stop_the_build(root: Path, cache: SimpleCache) -> None:
    seen: list[tuple[int, int]] = []
    pack(root, GENRE, "train", cache, lambda done, total: seen.append((done, total)))
    assert seen == [(i, 14) for i in range(1, 15)]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(root, GENRE, "test", cache, stop)


def test_a_full_disk_is_told_before_anything_is_read(
    root: Path, cache: SimpleCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("labsteps.data.pack.shutil.disk_usage", lambda _: usage)
    with pytest.raises(NoRoomError, match=rf"^{cache.root}: .* needs 1\d\.\d MB and 0\.0 MB are free; make room"):
        pack(root, GENRE, "train", cache, lambda done, total: pytest.fail("read a clip"))


def damage(made: Pack, name: str, how: str) -> None:
    path = made.folder / name
    data = bytearray(path.read_bytes())
    if how == "missing":
        path.unlink()
        return
    if how == "cut":
        data = data[:-1]
    else:
        data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", ["mel.npy", "chroma.npy", "ids.npy", "lengths.npy", "labels.npy", "pack.json"])
@pytest.mark.parametrize("how", ["missing", "cut", "flipped"])
def test_damage_to_any_file_of_a_pack_is_named(root: Path, cache: SimpleCache, name: str, how: str) -> None:
    made = pack(root, GENRE, "train", cache)
    damage(made, name, how)
    if (name, how) == ("pack.json", "cut"):
        open_pack(made.folder)  # only the line end is gone
        return
    with pytest.raises(DataError, match="built again") as caught:
        open_pack(made.folder, verify=how == "flipped")
    assert str(made.folder) in str(caught.value)


def test_a_pack_of_another_format_is_refused(root: Path, cache: SimpleCache) -> None:
    made = pack(root, GENRE, "train", cache)
    path = made.folder / "pack.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(DataError, match="format"):
        open_pack(made.folder)
    again = pack(root, GENRE, "train", cache)
    assert (again.fingerprint, cache.builds) == (made.fingerprint, 2)


def test_a_new_format_has_its_own_place_beside_packs_of_an_earlier_one(
    root: Path, cache: SimpleCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = pack(root, GENRE, "train", cache)
    monkeypatch.setattr("labsteps.data.pack._FORMAT", 99)
    assert pack(root, GENRE, "train", cache).folder != earlier.folder
    assert cache.builds == 2


# Normalisation


def test_the_training_frames_get_mean_0_and_deviation_1_in_every_row(root: Path, cache: SimpleCache) -> None:
    made = pack(root, GENRE, "train", cache)
    chosen = [0, 3, 5, 8]
    normaliser = Normaliser.fit(made, chosen, slice(0, 140))
    frames = np.concatenate([made.clip(i) for i in chosen])
    assert np.allclose(normaliser.mean, frames.mean(0, dtype=np.float64), atol=1e-9)
    assert np.allclose(normaliser.deviation, frames.std(0, dtype=np.float64), atol=1e-9)
    out = normaliser.apply(frames)
    assert out.dtype == np.float32
    assert np.abs(out.mean(0)).max() < 1e-4
    assert np.abs(out.std(0) - 1).max() < 1e-4


def test_only_the_clips_that_were_named_count_and_not_their_order(root: Path, cache: SimpleCache) -> None:
    made = pack(root, GENRE, "train", cache)
    one, other = (Normaliser.fit(made, order, MEL) for order in ([2, 7, 4], [7, 4, 2]))
    assert one.to_json() == other.to_json()
    assert one.to_json() != Normaliser.fit(made, [2, 7], MEL).to_json()


def test_a_constant_row_is_taken_to_0_and_not_blown_up(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", ("Jazz",), clips_per_class=2, beat=False, multitask=False)
    for path in (root / GENRE / "train").iterdir():
        array = np.load(path)
        array[3] = -79.123456789
        write_array(path, array)
    made = pack(root, GENRE, "train", SimpleCache(tmp_path / "cache"))
    normaliser = Normaliser.fit(made, [0, 1], MEL)
    assert normaliser.deviation[3] == 1.0
    assert not normaliser.apply(np.array(made.clip(0)[:, MEL]))[:, 3].any()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6)), min_size=12, max_size=12))
def test_a_normaliser_survives_json_to_the_last_bit(numbers: list[tuple[float, float]]) -> None:
    mean, deviation = np.array(numbers).T
    stored = json.loads(json.dumps(Normaliser(CHROMA, mean, deviation).to_json()))
    back = Normaliser.from_json(stored)
    assert back.rows == CHROMA
    assert back.mean.tobytes() == mean.tobytes()
    assert back.deviation.tobytes() == deviation.tobytes()


@pytest.mark.parametrize("change", [{"mean": [0.0]}, {"rows": [0]}, {"deviation": [0.0] * 12}, {"mean": "x"}])
def test_stored_numbers_that_do_not_fit_are_refused(change: dict[str, object]) -> None:
    good = Normaliser(CHROMA, np.zeros(12), np.ones(12)).to_json()
    with pytest.raises(DataError, match="stored normalisation"):
        Normaliser.from_json({**good, **change})


def test_nothing_can_be_fitted_on_no_clips(root: Path, cache: SimpleCache) -> None:
    with pytest.raises(DataError, match="empty"):
        Normaliser.fit(pack(root, GENRE, "train", cache), [], MEL)


# The helper that other tests build on


def test_genres_of_the_made_set_can_be_learnt(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", beat=False)
    cache = SimpleCache(tmp_path / "cache")
    train, test = (pack(root, GENRE, name, cache) for name in ("train", "test"))
    means = [np.array([p.clip(i)[:, MEL].mean(0) for i in range(len(p))]) for p in (train, test)]
    assert train.labels is not None and test.labels is not None
    centres = np.array([means[0][train.labels == code].mean(0) for code in range(4)])
    nearest = ((means[1][:, None] - centres) ** 2).sum(2).argmin(1)
    assert (nearest == test.labels).mean() > 0.9


def test_a_track_in_both_sets_has_the_same_array_in_both(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data")
    (clip,) = set(os.listdir(root / GENRE / "train")) & set(os.listdir(root / DataFolder.MULTITASK_FULL / "train"))
    one, other = ((root / f / "train" / clip).read_bytes() for f in (GENRE, DataFolder.MULTITASK_FULL))
    assert one == other


def test_a_made_clip_stays_in_the_range_of_real_ones() -> None:
    clip = make_clip(50, 1, 4, np.random.default_rng(0))
    assert clip.shape == (140, 50)
    assert clip[:128].min() >= -80 and clip[:128].max() <= 0
