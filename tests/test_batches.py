"""Batches: every clip once, the same for the same seed and epoch, padded with silence."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from data_sets import SimpleCache, make_genre_set
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.data.batches import (
    bucketed_batches,
    collate,
    crop_offsets,
    iterate,
    permutation,
    random_batches,
    sorted_batches,
)
from labsteps.data.clip_files import CHROMA, MEL
from labsteps.data.layout import DataFolder
from labsteps.data.pack import Pack, pack
from labsteps.errors import DataError, ParameterError

ALL = slice(0, 140)
LENGTHS = st.lists(st.integers(1, 2000), max_size=200)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("batches")
    root = make_genre_set(folder / "data", lengths=(1, 30), beat=False, multitask=False)
    return pack(root, DataFolder.GENRE_FULL, "train", SimpleCache(folder / "cache"))


# Orders


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 40), st.integers(0, 2**40), st.integers(0, 1000))
def test_every_clip_comes_once_and_no_batch_is_too_large(
    lengths: list[int], batch_size: int, seed: int, epoch: int
) -> None:
    for batches in (
        bucketed_batches(lengths, batch_size, seed, epoch),
        random_batches(lengths, batch_size, seed, epoch),
        sorted_batches(lengths, batch_size),
    ):
        assert sorted(i for batch in batches for i in batch.tolist()) == list(range(len(lengths)))
        assert all(1 <= len(batch) <= batch_size for batch in batches)
        assert len(batches) == -(-len(lengths) // batch_size)


def test_an_order_is_that_of_its_seed_and_epoch() -> None:
    lengths = np.arange(1, 300)

    def order(seed: int, epoch: int) -> list[int]:
        return [i for batch in bucketed_batches(lengths, 8, seed, epoch) for i in batch.tolist()]

    assert order(3, 5) == order(3, 5)
    different = [order(3, 5), order(3, 6), order(4, 5), order(5, 3)]
    assert len({tuple(o) for o in different}) == 4
    assert permutation(100, 1, 2).tolist() == permutation(100, 1, 2).tolist() != permutation(100, 2, 1).tolist()
    assert crop_offsets(lengths, 9, 1, 2).tolist() == crop_offsets(lengths, 9, 1, 2).tolist()
    assert crop_offsets(lengths, 9, 1, 2).tolist() != crop_offsets(lengths, 9, 1, 3).tolist()


def test_an_order_does_not_depend_on_global_generators() -> None:
    np.random.seed(0)  # noqa: NPY002
    one = bucketed_batches(range(1, 100), 4, 0, 0)
    np.random.seed(1)  # noqa: NPY002
    assert [b.tolist() for b in one] == [b.tolist() for b in bucketed_batches(range(1, 100), 4, 0, 0)]


def test_bucketing_keeps_padding_small_and_long_and_short_batches_mixed() -> None:
    lengths = np.random.default_rng(0).integers(29, 130, 3000)

    def padding(batches: list[np.ndarray]) -> float:
        return float(sum(len(b) * lengths[b].max() for b in batches) / lengths.sum() - 1.0)

    batches = bucketed_batches(lengths, 32, 0, 0)
    plain = permutation(3000, 0, 0)
    assert padding(batches) < 0.1 * padding([plain[i : i + 32] for i in range(0, 3000, 32)])
    means = np.array([lengths[b].mean() for b in batches])
    assert abs(np.corrcoef(means, np.arange(len(means)))[0, 1]) < 0.3
    first, second = ({frozenset(b.tolist()) for b in bucketed_batches(lengths, 32, 0, e)} for e in (0, 1))
    assert not first & second


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 300), st.integers(0, 99), st.integers(0, 99))
def test_a_crop_lies_inside_its_clip(lengths: list[int], crop: int, seed: int, epoch: int) -> None:
    offsets = crop_offsets(lengths, crop, seed, epoch)
    for offset, length in zip(offsets.tolist(), lengths, strict=True):
        assert 0 <= offset <= max(length - crop, 0)


def test_crops_reach_both_ends_of_a_clip() -> None:
    offsets = crop_offsets([12] * 500, 10, 0, 0)
    assert set(offsets.tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    "call",
    [
        lambda: bucketed_batches([1], 0, 0, 0),
        lambda: sorted_batches([1], 0),
        lambda: crop_offsets([1], 0, 0, 0),
        lambda: permutation(3, -1, 0),
        lambda: permutation(3, 0, -1),
    ],
)
def test_numbers_out_of_range_are_refused(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParameterError):
        call()


# Putting clips together


@settings(deadline=None, max_examples=60)
@given(
    indices=st.lists(st.integers(0, 31), min_size=1, max_size=8),
    rows=st.sampled_from([MEL, CHROMA, ALL, slice(120, 131)]),
    crop=st.one_of(st.none(), st.integers(1, 35)),
    random_offsets=st.booleans(),
    pad_to=st.integers(0, 40),
)
def test_a_batch_is_the_clips_continued_by_silence(
    clips: Pack, indices: list[int], rows: slice, crop: int | None, random_offsets: bool, pad_to: int
) -> None:
    offsets = crop_offsets(clips.lengths, crop or 10, 1, 2) if random_offsets else None
    x, lengths = collate(clips, indices, rows, crop=crop, offsets=offsets, pad_to=pad_to)
    assert x.dtype == np.float32
    assert lengths.dtype == np.int64
    assert x.flags.c_contiguous
    assert x.shape == (len(indices), max(*lengths.tolist(), pad_to), rows.stop - rows.start)
    for index, found, length in zip(indices, x, lengths.tolist(), strict=True):
        begin = 0 if offsets is None else int(offsets[index])
        expected = clips.clip(index)[begin:, rows][:crop]
        assert length == len(expected)
        assert np.array_equal(found[:length], expected)
        for row in range(rows.start, rows.stop):
            assert (found[length:, row - rows.start] == (-80.0 if row < 128 else 0.0)).all()


def test_an_offset_outside_its_clip_is_refused(clips: Pack) -> None:
    with pytest.raises(ParameterError, match="offset"):
        collate(clips, [0], MEL, offsets=clips.lengths)


def test_a_buffer_is_written_into_and_one_too_small_is_refused(clips: Pack) -> None:
    plain, _ = collate(clips, [3, 1], MEL)
    buffer = np.full(plain.size + 5, 7.0, np.float32)
    x, _ = collate(clips, [3, 1], MEL, out=buffer)
    assert np.shares_memory(x, buffer)
    assert np.array_equal(x, plain)
    assert (buffer[plain.size :] == 7.0).all()
    with pytest.raises(DataError, match="larger"):
        collate(clips, [3, 1], MEL, out=np.empty(plain.size - 1, np.float32))


# Going through an epoch


@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("prefetch", [False, True])
def test_an_epoch_is_the_same_with_and_without_prefetch(clips: Pack, prefetch: bool, reuse: bool) -> None:
    batches = bucketed_batches(clips.lengths, 5, 0, 0)
    offsets = crop_offsets(clips.lengths, 7, 0, 0)
    seen = 0
    for expected, batch in zip(
        batches, iterate(clips, batches, ALL, crop=7, offsets=offsets, prefetch=prefetch, reuse=reuse), strict=True
    ):
        x, lengths = collate(clips, expected, ALL, crop=7, offsets=offsets)
        assert np.array_equal(batch.indices, expected)
        assert np.array_equal(batch.x, x)
        assert np.array_equal(batch.lengths, lengths)
        seen += len(expected)
    assert seen == len(clips)


def test_without_reuse_earlier_batches_stay_as_they_were(clips: Pack) -> None:
    batches = sorted_batches(clips.lengths, 4)
    for expected, batch in zip(batches, list(iterate(clips, batches, MEL)), strict=True):
        assert np.array_equal(batch.x, collate(clips, expected, MEL)[0])


def test_a_reused_buffer_is_none_that_is_in_use_or_being_filled(clips: Pack) -> None:
    batches = sorted_batches(clips.lengths, 4)[::-1]  # the largest first, so that no buffer has to grow
    found = [batch.x for batch in iterate(clips, batches, MEL, reuse=True)]
    # While one is used the next two are made, so any three in a row have to lie apart.
    for first, *others in zip(found, found[1:], found[2:], strict=False):
        assert not any(np.shares_memory(first, other) for other in others)
    assert np.shares_memory(found[-1], found[-4])


def test_leaving_an_epoch_early_leaves_no_thread(clips: Pack) -> None:
    epoch = iterate(clips, sorted_batches(clips.lengths, 4), MEL)
    next(epoch)
    assert [t for t in threading.enumerate() if t.name.startswith("batches")]
    epoch.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("batches")]


def test_an_error_on_the_thread_reaches_the_one_who_asks(clips: Pack) -> None:
    epoch = iterate(clips, [np.array([0]), np.array([999])], MEL)
    next(epoch)
    with pytest.raises(IndexError):
        next(epoch)


def test_no_batches_is_an_empty_epoch(clips: Pack) -> None:
    for reuse in (False, True):
        assert list(iterate(clips, [], MEL, reuse=reuse)) == []
